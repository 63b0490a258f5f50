"""Agencies that accredit whole schools: one name for each, however federal files print it."""

from functools import cache

from app.domain.text.identifiers import fold
from app.domain.text.names import SMALL_WORDS

AGENCIES: dict[str, tuple[str, ...]] = {
    "Southern Association of Colleges and Schools, Commission on Colleges": (),
    "New England Commission of Higher Education": (),
    "Western Association of Schools and Colleges, Accrediting Commission for Community and Junior "
    "Colleges": (),
    "WASC Senior College and University Commission": (
        "Western Association of Schools and Colleges Senior Colleges and University Commission",
    ),
    "Accrediting Council for Continuing Education and Training": (
        "Accrediting Council for Continuing Education & Training",
    ),
    "Oklahoma Board of Career and Technology Education": (
        "Oklahoma State Board of Career and Technology Education",
    ),
    "Middle States Commission on Secondary Schools": (
        "Middle States Commission on Secondary Education",
    ),
    "Association for Biblical Higher Education, Commission on Accreditation": (
        "Association for Biblical Higher Education",
    ),
    "Transnational Association of Christian Colleges and Schools, Accreditation Commission": (
        "Transnational Association of Christian Colleges and Schools",
    ),
    "Accreditation Commission for Education in Nursing": (
        "Accreditation Commission for Education in Nursing, Inc. – May 6, 2013  Formerly: National "
        "League for Nursing Accrediting Commission",
    ),
    "National Accrediting Commission of Career Arts and Sciences": (
        "National Accrediting Commission of Career Arts and Sciences, Inc.",
    ),
    "Pennsylvania State Board of Career and Technical Education, Bureau of Career and Technical "
    "Education": (
        "Pennsylvania State Board of Vocational Education",
        "Pennsylvania State Board of Vocational Education, Bureau of Career and Technical "
        "Education",
    ),
    "New York State Board of Regents, and the Commissioner of Education": (
        "New York State Board of Regents",
    ),
    "American Osteopathic Association, Commission on Osteopathic College Accreditation": (
        "American Osteopathic Association",
    ),
}
"""Name -> others for the same agency, as DAPIP (November 2020) and College Scorecard (2023-24)
print them. What differs in punctuation or small words alone needs no line of its own."""


def agency_name(printed: str) -> str:
    """Return the one name of an agency; that of an unknown one as it is printed."""
    return _known().get(_key(printed), printed)


@cache
def _known() -> dict[str, str]:
    return {_key(other): name for name, others in AGENCIES.items() for other in (name, *others)}


def _key(name: str) -> str:
    return " ".join(word for word in fold(name).split() if word not in SMALL_WORDS)
