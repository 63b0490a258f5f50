"""What answers a text beside programs: a credential, a school, a page of the guide, figures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from app.domain.accreditors import load_remits
from app.domain.guide import SECTIONS
from app.domain.messages import N_, Listing, Message
from app.search.index import Index
from app.search.reading.spans import Kind, NoteTarget, Span
from app.search.text import Nothing, TextMatches
from app.settings import get_settings

ACCREDITORS = "accreditors"
"""Key of the page of who accredits what."""

MOST_FIRST = 3
"""Results told before programs."""

LEAST_SHARE = 0.5
"""Share of the words of a text, its fillers left out, that a credential or a school must have."""


@dataclass(frozen=True, slots=True)
class FirstResult:
    """Something that answers a text, and is no program; ``page`` is where people read it."""

    kind: str
    key: str
    title: str
    text: str
    href: str
    page: str

    def to_wire(self) -> dict[str, Any]:
        """Return it as it goes over the wire."""
        return {name: getattr(self, name) for name in self.__slots__}


class KnownPage(NamedTuple):
    """A page that answers a question."""

    kind: str
    title: str
    text: str
    href: str
    page: str


def first_results(text: TextMatches) -> list[FirstResult]:
    """Return what answers a text beside programs, the best first; mostly nothing does.

    A question is answered by its page. Credentials and schools are told where they are at least
    half of the text, or all that can be told.
    """
    pages = {
        (result.kind, result.key): result
        for span in text.reading.spans
        for result in _pages(span, text)
    }
    named = [
        *(span for span, _ in text.credentials),
        *(span for span, _ in text.schools),
    ]
    if _share(named, text) >= LEAST_SHARE or text.nothing is Nothing.SCHOOL:
        cards = [*_credentials(text), *_schools(text)]
    else:
        cards = []
    return [*pages.values(), *cards][:MOST_FIRST]


def _share(spans: list[Span], text: TextMatches) -> float:
    """Return the share of a text that some spans have; words of a question count for none."""
    asking = (Kind.FILLER, Kind.PAGE)
    every = [span for span in text.reading.spans if span.meaning.kind not in asking]
    whole = sum(span.end - span.start for span in every) + len(text.reading.left)
    return sum(span.end - span.start for span in spans) / whole if whole else 0.0


def _credentials(text: TextMatches) -> Iterator[FirstResult]:
    for _, target in text.credentials:
        if card := credential_card(text.index, target.code):
            yield card


def credential_card(index: Index, code: str) -> FirstResult | None:
    """Return a credential as a result; None: none has the code."""
    told = index.known.credential_titles.get(code)
    if told is None:
        return None
    key = quote(code, safe="")
    return FirstResult(
        kind="credential",
        key=code,
        title=f"{code}: {told.title}",
        text=told.text,
        href=f"/v1/credentials/{key}",
        page=f"/credentials/{key}",
    )


def _schools(text: TextMatches) -> Iterator[FirstResult]:
    """Yield the schools named; of a name of many, as of a system, those with the most programs."""
    for _, target in text.schools:
        counts = {unitid: len(text.index["unitid"].get(unitid)) for unitid in target.unitids}
        if target.is_system:
            counts = {unitid: count for unitid, count in counts.items() if count}
        for unitid in sorted(counts, key=lambda one: -counts[one])[:MOST_FIRST]:
            if card := school_card(text.index, unitid):
                yield card


def school_card(index: Index, unitid: int) -> FirstResult | None:
    """Return a school as a result; None: none has the key."""
    school = index.known.schools.get(unitid)
    if school is None:
        return None
    count = str(len(index["unitid"].get(unitid)))
    return FirstResult(
        kind="institution",
        key=str(unitid),
        title=school.name,
        text=Message(
            "%(place)s. Programs in this catalog: %(n)s.", place=school.place, n=str(count)
        ),
        href=f"/v1/institutions/{unitid}",
        page=f"/institutions/{unitid}",
    )


def _pages(span: Span, text: TextMatches) -> Iterator[FirstResult]:
    """Yield the page that a question is answered by."""
    for surface in (span.meaning, *span.others):
        target = surface.target
        if surface.kind is Kind.PAGE and isinstance(target, NoteTarget):
            yield from _answers(target.key, text)
            return


def _answers(key: str, text: TextMatches) -> Iterator[FirstResult]:
    if key == ACCREDITORS:
        codes = {code for _, field in text.fields for code in field.strong}
        yield from _accreditors(frozenset(codes))
        return
    if key in ABOUT_THINGS and text.credentials:
        return
    key = ABOUT_THINGS.get(key, key)
    kind, _, name = key.partition(":")
    if kind == "path" and (path := text.index.known.paths.get(name)):
        href = f"/advancement-paths/{name}"
        yield FirstResult("advancement_path", name, path.title, path.text, f"/v1{href}", href)
    elif kind == "guide":
        section, _, entry = name.partition("/")
        title, line = SECTIONS[section]
        href = f"/guide/{section}"
        api, page = (f"/v1{href}/{entry}", f"{href}#{entry}") if entry else (f"/v1{href}", href)
        yield FirstResult("guide", name, Message(title), Message(line), api, page)
    elif known := PAGES.get(key):
        yield FirstResult(
            known.kind, name or key, Message(known.title), Message(known.text), *known[3:]
        )


@lru_cache(maxsize=128)
def _accreditors(cip_codes: frozenset[str]) -> tuple[FirstResult, ...]:
    """Return who accredits programs in some fields, by default in any, and what else they do."""
    fields: dict[tuple[str, str], list[str]] = {}
    reached: dict[str, set[str]] = {}
    for remit in load_remits(get_settings().seed_dir / "accreditors.json"):
        if remit.kind == "accreditation":
            of_body = fields.setdefault((remit.body, remit.name), [])
            of_body += [remit.field] if remit.field not in of_body else []
            reached.setdefault(remit.body, set()).update(remit.cip_codes)
    return tuple(
        FirstResult(
            kind="accreditor",
            key=body,
            title=f"{body}: {name}",
            text=Message("It accredits programs in %(fields)s.", fields=Listing(", ", told)),
            href="/v1/accreditors",
            page="/method#criteria",
        )
        for (body, name), told in fields.items()
        if not cip_codes or cip_codes & reached[body]
    )


ABOUT_THINGS: Mapping[str, str] = {
    "definition": "guide:overview",
    "difference": "guide:education-options",
}
"""Question about the things named beside it -> the page that answers where none is a credential."""

PAGES: Mapping[str, KnownPage] = {
    "figure:wages": KnownPage(
        "figure",
        N_("What the work pays"),
        N_("Wages by occupation, state and area, from federal surveys."),
        "/v1/statistics",
        "/statistics#pay",
    ),
    "figure:outlook": KnownPage(
        "figure",
        N_("How many jobs there will be"),
        N_("The federal projection of jobs by occupation."),
        "/v1/statistics",
        "/statistics#growth",
    ),
    "timeline": KnownPage(
        "guide",
        N_("How long it takes"),
        N_("Months to a first job, by degree and pace."),
        "/v1/timeline",
        "/guide/timeline",
    ),
    "advancement": KnownPage(
        "advancement_path",
        N_("Roles to grow into"),
        N_("What each role asks for, and the steps between them."),
        "/v1/advancement-paths",
        "/advancement-paths",
    ),
    "credentials": KnownPage(
        "guide",
        N_("Credentials of the field"),
        N_("Who may take each exam, and what it asks, costs and renews."),
        "/v1/credentials",
        "/credentials",
    ),
    "renewal": KnownPage(
        "guide",
        N_("Keeping a credential"),
        N_("How many hours of further education, and how often."),
        "/v1/credentials",
        "/renewal",
    ),
    "fit": KnownPage(
        "guide",
        N_("Is it for you?"),
        N_("Signs that the work suits you, and signs that it does not."),
        "/v1/guide/fit",
        "/fit",
    ),
    "work-settings": KnownPage(
        "guide",
        N_("Where people work"),
        N_("Six kinds of workplaces: their focus, roles and share of jobs."),
        "/v1/work-settings",
        "/work-settings",
    ),
    "setting:remote-or-hybrid": KnownPage(
        "guide",
        N_("Working from home"),
        N_("What remote work in the field is like, and whom it suits."),
        "/v1/work-settings/remote-or-hybrid",
        "/work-settings/remote-or-hybrid",
    ),
    "method": KnownPage(
        "guide",
        N_("How the score is made"),
        N_("What is checked, which sources count, and what a score says."),
        "/v1/rubrics",
        "/method",
    ),
    "data": KnownPage(
        "guide",
        N_("Where the facts come from"),
        N_("Every source, and what is known and what is missing."),
        "/v1/sources",
        "/data",
    ),
    "corrections": KnownPage(
        "guide",
        N_("Report a wrong fact"),
        N_("Say what is wrong, and which page has it right."),
        "/v1/corrections",
        "/corrections",
    ),
}
"""Key of a page -> what it is; sections of the guide and roles have their own keys."""
