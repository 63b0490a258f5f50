"""Careers: the field's occupations with their pay, their roles and what these ask for."""

from sqlmodel import Session

from app.domain.messages import Message
from app.domain.occupations import ADVANCEMENT_SOCS
from app.domain.vocabulary import AreaKind, Measure
from app.errors import InvalidRequestError, NotFoundError
from app.queries.advancement import list_paths
from app.queries.areas import COUNTRY, get_pay, place_meant, surveyed_occupations, titles_of
from app.queries.places import areas_by_code
from app.queries.releases import stamp
from app.queries.statistics import official_statistics
from app.schemas.advancement import PathRead
from app.schemas.areas import OccupationPay, PayRead
from app.schemas.careers import CareerRead, CareerRole, CareersQuery, CareersRead
from app.schemas.statistics import StatisticRead

BY_ROLE = Message(
    "Credentials are those that the roles of an occupation name; no survey tells what employers "
    "ask for."
)


def get_careers(session: Session, query: CareersQuery) -> CareersRead:
    """Return the field's occupations in the country and a place; or one of them state by state.

    Raises:
        InvalidRequestError: Nobody surveys the occupation, or knows the place.
    """
    place = place_meant(session, query)
    if query.soc_code is None:
        codes = sorted(ADVANCEMENT_SOCS & set(surveyed_occupations(session)))
        pay = get_pay(session, codes, place, *query.states, beside=[COUNTRY])
    else:
        codes = [_surveyed(session, query.soc_code)]
        states = [area for area in areas_by_code(session).values() if area.kind == AreaKind.STATE]
        pay = get_pay(session, codes, place, beside=[COUNTRY, *states])
    careers = _careers(session, codes, pay)
    said = [one.evidence for career in careers for one in career.pay if one.evidence]
    told = [one for career in careers for one in (career.education, career.growth) if one]
    prices = [level.evidence for level in pay.price_levels]
    sources = {one.source for one in (*said, *prices, *(figure.evidence for figure in told))}
    return CareersRead(
        place=place,
        areas=pay.areas,
        careers=careers,
        price_levels=pay.price_levels,
        notes=[BY_ROLE, *pay.notes],
        **stamp(session, sources),
    )


def _surveyed(session: Session, soc_code: str) -> str:
    known = surveyed_occupations(session)
    if soc_code not in known:
        unknown = NotFoundError("occupation", soc_code, known=known)
        raise InvalidRequestError([unknown.in_parameter("soc_code")])
    return soc_code


def _careers(session: Session, codes: list[str], pay: PayRead) -> list[CareerRead]:
    paths, titles = list_paths(session), titles_of(session)
    figures = {
        (figure.soc_code, figure.measure): figure for figure in official_statistics(session, *codes)
    }
    by_code: dict[str, list[OccupationPay]] = {code: [] for code in codes}
    for one in pay.occupations:
        by_code[one.soc_code].append(one)
    found = [_career(code, titles.get(code, code), by_code[code], paths, figures) for code in codes]
    return sorted(found, key=lambda career: -(career.pay[0].annual_median or 0))


def _career(
    code: str,
    title: str,
    pay: list[OccupationPay],
    paths: list[PathRead],
    figures: dict[tuple[str | None, Measure], StatisticRead],
) -> CareerRead:
    roles = [path for path in paths if code in {soc.code for soc in path.soc_codes}]
    named = dict.fromkeys(credential for path in roles for credential in path.credentials or ())
    return CareerRead(
        soc_code=code,
        title=title,
        url=f"/v1/occupations/{code}",
        pay=pay,
        roles=[
            CareerRole(slug=path.slug, label=path.label, url=f"/v1/advancement-paths/{path.slug}")
            for path in roles
        ],
        credentials=list(named),
        education=figures.get((code, Measure.TYPICAL_EDUCATION)),
        growth=figures.get((code, Measure.EMPLOYMENT_CHANGE_PCT)),
    )
