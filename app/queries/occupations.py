"""Occupations: find, list."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from app.domain.occupations import ADVANCEMENT_SOCS, SUCCESSORS, base_onet_code
from app.domain.vocabulary import TaskType
from app.errors import InvalidRequestError, NotFoundError
from app.queries import classifications, statistics
from app.queries.kept import kept
from app.queries.releases import stamp
from app.schemas.occupations import (
    CipRef,
    OccupationAnswer,
    OccupationItem,
    OccupationQuery,
    RelatedRead,
    SpecialtyRef,
    TaskRead,
    TechnologyRead,
)
from app.schemas.pages import Page
from app.store.paging import SortKey, fetch_page
from app.store.tables.classifications import CipSoc
from app.store.tables.occupations import (
    Occupation,
    OccupationTask,
    OccupationTechnology,
    RelatedOccupation,
)
from app.store.tables.sources import Source


def soc_codes_in_scope(session: Session, cip_prefixes: tuple[str, ...]) -> frozenset[str]:
    """Return the SOC codes the catalogue follows: where its programs lead, and what lies beyond."""
    return ADVANCEMENT_SOCS | classifications.soc_codes_of(session, cip_prefixes)


def onet_codes(session: Session) -> set[str]:
    """Return the O*NET-SOC codes of the catalogue."""
    return set(session.scalars(select(col(Occupation.onet_code))))


def find_occupation(session: Session, code: str) -> Occupation | None:
    """Return the occupation of a SOC code, or a specialty of it by O*NET-SOC code, or None."""
    return session.get(Occupation, code if "." in code else base_onet_code(code))


def list_occupations(session: Session, query: OccupationQuery) -> Page[OccupationItem]:
    """Return one page of whole occupations, by SOC code.

    Raises:
        InvalidRequestError: A code asked for is no field of study.
    """
    _refuse_unknown_fields(session, query.cip_code)
    statement = _matching(select(Occupation), query)
    rows, following = fetch_page(
        session,
        statement,
        [SortKey(col(Occupation.soc_code))],
        limit=query.limit,
        cursor=query.cursor,
        query=query.model_dump_json(exclude={"limit", "cursor"}),
    )
    total = session.scalars(_matching(select(func.count()).select_from(Occupation), query)).one()
    found: list[Occupation] = [row[0] for row in rows]
    return Page(
        items=_to_items(session, found),
        total=total,
        next=following,
        **stamp(session, [occupation.source for occupation in found]),
    )


def _refuse_unknown_fields(session: Session, codes: list[str]) -> None:
    titles = classifications.cip_titles(session) if codes else {}
    errors = [
        NotFoundError("field of study", code, known=[c for c in titles if c[:5] == code[:5]])
        for code in codes
        if code not in titles
    ]
    if errors:
        raise InvalidRequestError([error.in_parameter("cip_code") for error in errors])


def _matching(statement: Select[Any], query: OccupationQuery) -> Select[Any]:
    statement = statement.where(_is_whole())
    if query.cip_code:
        reached = select(col(CipSoc.soc_code)).where(col(CipSoc.cip_code).in_(query.cip_code))
        statement = statement.where(col(Occupation.soc_code).in_(reached))
    return statement


def _is_whole() -> Any:
    return col(Occupation.onet_code) == col(Occupation.soc_code) + ".00"


def _to_items(session: Session, found: list[Occupation]) -> list[OccupationItem]:
    soc_codes = [occupation.soc_code for occupation in found]
    specialties = _specialties(session, soc_codes)
    reached_from = classifications.cips_of_soc(session, soc_codes)
    return [
        OccupationItem(
            soc_code=occupation.soc_code,
            onet_code=occupation.onet_code,
            title=occupation.title,
            url=f"/v1/occupations/{occupation.soc_code}",
            specialties=specialties.get(occupation.soc_code, []),
            fields_of_study=[
                CipRef(cip_code=code, title=title, url=f"/v1/programs?cip_code={code}")
                for code, title in reached_from.get(occupation.soc_code, [])
            ],
        )
        for occupation in found
    ]


def _specialties(session: Session, soc_codes: list[str]) -> dict[str, list[SpecialtyRef]]:
    statement = (
        select(col(Occupation.soc_code), col(Occupation.onet_code), col(Occupation.title))
        .where(col(Occupation.soc_code).in_(soc_codes), ~_is_whole())
        .order_by(col(Occupation.onet_code))
    )
    found: dict[str, list[SpecialtyRef]] = {}
    for soc_code, onet_code, title in session.execute(statement):
        found.setdefault(soc_code, []).append(
            SpecialtyRef(onet_code=onet_code, title=title, url=f"/v1/occupations/{onet_code}")
        )
    return found


def get_occupation(session: Session, code: str) -> OccupationAnswer:
    """Return one occupation by SOC code, or a specialty of it by O*NET-SOC code.

    Raises:
        NotFoundError: The catalogue follows no such occupation.
    """
    occupation = find_occupation(session, code)
    if occupation is None:
        became = " and ".join(SUCCESSORS.get(code, ()))
        raise NotFoundError(
            "occupation",
            code,
            known=[*onet_codes(session), *classifications.occupation_titles(session)],
            more=f"It was replaced by {became}." if became else "",
        )
    onet_code = occupation.onet_code
    tasks = _tasks(session, onet_code)
    technology = _technology(session, onet_code)
    related = _related(session, onet_code)
    figures = statistics.official_statistics(session, occupation.soc_code)
    sources = {
        occupation.source,
        *(row.source for rows in (tasks, technology, related) for row in rows),
        *(figure.evidence.source for figure in figures),
    }
    attributions = session.scalars(
        select(col(Source.attribution))
        .where(col(Source.key).in_(sources), col(Source.attribution).is_not(None))
        .distinct()
    )
    [item] = _to_items(session, [occupation])
    return OccupationAnswer(
        **dict(item),
        tasks=[TaskRead.model_validate(task) for task in tasks] or None,
        technology=[TechnologyRead.model_validate(row) for row in technology] or None,
        related=_to_related(session, related) or None,
        wages=[figure for figure in figures if statistics.is_surveyed(figure)],
        outlook=[figure for figure in figures if not statistics.is_surveyed(figure)],
        conflicts=statistics.conflicts_about(session, occupation.soc_code),
        attribution=" ".join(sorted(text for text in attributions if text)) or None,
        **stamp(session, sources),
    )


def _tasks(session: Session, onet_code: str) -> list[OccupationTask]:
    """Return tasks, core ones first."""
    statement = select(OccupationTask).where(col(OccupationTask.onet_code) == onet_code)
    found = session.scalars(statement.order_by(col(OccupationTask.task_id)))
    return sorted(found, key=lambda task: task.task_type == TaskType.SUPPLEMENTAL)


def _technology(session: Session, onet_code: str) -> list[OccupationTechnology]:
    """Return technology, what employers ask for most first."""
    statement = (
        select(OccupationTechnology)
        .where(col(OccupationTechnology.onet_code) == onet_code)
        .order_by(
            col(OccupationTechnology.is_in_demand).desc(),
            col(OccupationTechnology.is_hot).desc(),
            col(OccupationTechnology.name),
            col(OccupationTechnology.commodity_code),
        )
    )
    return list(session.scalars(statement))


def _related(session: Session, onet_code: str) -> list[RelatedOccupation]:
    statement = select(RelatedOccupation).where(col(RelatedOccupation.onet_code) == onet_code)
    return list(session.scalars(statement.order_by(col(RelatedOccupation.rank))))


def _to_related(session: Session, rows: list[RelatedOccupation]) -> list[RelatedRead]:
    known = onet_codes(session)
    return [
        RelatedRead(
            onet_code=row.related_code,
            title=row.related_title,
            tier=row.tier,
            rank=row.rank,
            url=f"/v1/occupations/{row.related_code}" if row.related_code in known else None,
            source=row.source,
        )
        for row in rows
    ]


@kept(most=500)
def relation_between(session: Session, soc_code: str, other: str) -> RelatedRead | None:
    """Return how O*NET relates a second occupation to a first; None: not among its related."""
    row = session.get(RelatedOccupation, (base_onet_code(soc_code), base_onet_code(other)))
    return None if row is None else _to_related(session, [row])[0]
