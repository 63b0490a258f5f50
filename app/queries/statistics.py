"""Statistics: search, compare."""

from itertools import combinations
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session, col

from app.clock import today
from app.domain import statistics as domain
from app.domain.evidence import Subject
from app.domain.vocabulary import Basis, Method
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.queries import area_wages
from app.queries.classifications import known_soc_codes
from app.queries.releases import stamp
from app.schemas.pages import Evidence, aging, hash_of
from app.schemas.statistics import (
    BesideRead,
    ConflictRead,
    PairRead,
    ReasonRead,
    ReferenceRead,
    StatedFigure,
    StatisticAnswer,
    StatisticComparison,
    StatisticPage,
    StatisticQuery,
    StatisticRead,
)
from app.store.paging import SortKey, fetch_page
from app.store.tables.statistics import ArticleReference, StatementConflict, Statistic


def reference_dates(session: Session) -> dict[str, str | None]:
    """Return slug -> date of publication of every reference."""
    statement = select(col(ArticleReference.slug), col(ArticleReference.published))
    return {slug: published for slug, published in session.execute(statement)}


_WITH_REFERENCE: Select[*tuple[Any, ...]] = select(Statistic, ArticleReference).join(
    ArticleReference, col(ArticleReference.slug) == col(Statistic.reference), isouter=True
)


def search_statistics(session: Session, query: StatisticQuery) -> StatisticPage:
    """Return one page of figures, by slug; those of areas by area, occupation, year and measure.

    Raises:
        InvalidRequestError: Nobody knows an occupation or area asked for, or no figure comes from
            the source.
    """
    _refuse_unknown(session, query)
    if query.area or query.area_kind or query.near:
        return area_wages.search_wages(session, query)
    where = _conditions(query)
    rows, following = fetch_page(
        session,
        _WITH_REFERENCE.where(*where),
        [SortKey(col(Statistic.slug))],
        limit=query.limit,
        cursor=query.cursor,
        query=query.model_dump_json(exclude={"limit", "cursor"}),
    )
    total = session.scalars(select(func.count()).select_from(Statistic).where(*where)).one()
    items = [to_read(statistic, reference) for statistic, reference, *_ in rows]
    return StatisticPage(
        items=items,
        total=total,
        next=following,
        **stamp(session, [item.evidence.source for item in items]),
    )


def _refuse_unknown(session: Session, query: StatisticQuery) -> None:
    """Find fault with occupations that nobody knows, and sources that no figure comes from."""
    asked: list[tuple[str, str, list[str], set[str]]] = []
    for parameter, codes in (("soc_code", query.soc_code), ("soc", query.soc)):
        if codes:
            asked.append((parameter, "occupation", codes, known_soc_codes(session)))
    if query.source is not None:
        sources = set(session.scalars(select(col(Statistic.source)).distinct()))
        sources |= area_wages.sources_of_wages(session)
        asked.append(("source", "source of statistics", [query.source], sources))
    faults = [
        NotFoundError(kind, value, known=sorted(known)).in_parameter(parameter)
        for parameter, kind, values, known in asked
        for value in values
        if value not in known
    ]
    if faults:
        raise InvalidRequestError(faults)


def _conditions(query: StatisticQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if codes := [*query.soc_code, *query.soc]:
        conditions.append(col(Statistic.soc_code).in_(codes))
    if query.measure:
        conditions.append(col(Statistic.measure).in_([str(m) for m in query.measure]))
    if query.source is not None:
        conditions.append(col(Statistic.source) == query.source)
    if query.superseded is not None:
        newer = col(Statistic.superseded_by)
        conditions.append(newer.is_not(None) if query.superseded else newer.is_(None))
    return conditions


def get_statistic(session: Session, slug: str) -> StatisticAnswer:
    """Return one figure with the contradicting statements on its occupation.

    Raises:
        NotFoundError: No statistic has this slug.
    """
    [read] = list_statistics(session, [slug])
    near = dict.fromkeys([*([read.superseded_by] if read.superseded_by else []), *read.see_also])
    found = {figure.slug: figure for figure in find_statistics(session, list(near))}
    beside = [_beside(read, found[slug]) for slug in near if slug in found]
    return StatisticAnswer(
        **dict(read),
        beside=beside,
        conflicts=conflicts_about(session, read.soc_code) if read.soc_code else [],
        **stamp(session, [f.evidence.source for f in [read, *found.values()]]),
    )


def _beside(read: StatisticRead, other: StatisticRead) -> BesideRead:
    reasons = domain.compare(_to_figure(read), _to_figure(other))
    return BesideRead(
        statistic=other,
        is_newer_edition=other.slug == read.superseded_by,
        comparable=not reasons,
        reasons=[ReasonRead(code=r.code, detail=r.detail) for r in reasons],
    )


def compare_statistics(session: Session, slugs: list[str]) -> StatisticComparison:
    """Return figures side by side, in the order asked for, with every pair judged.

    Raises:
        InvalidRequestError: A slug stands there twice.
        NotFoundError: No statistic has one of these slugs.
    """
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise InvalidRequestError(
            [Fault(f"{s!r} is given twice.", parameter="id", value=s) for s in twice]
        )
    reads = list_statistics(session, slugs)
    pairs = []
    for a, b in combinations(reads, 2):
        reasons = domain.compare(_to_figure(a), _to_figure(b))
        pairs.append(
            PairRead(
                a=a.slug,
                b=b.slug,
                comparable=not reasons,
                reasons=[ReasonRead(code=r.code, detail=r.detail) for r in reasons],
            )
        )
    return StatisticComparison(
        statistics=reads,
        pairs=pairs,
        superseded=[read.slug for read in reads if read.superseded_by],
        **stamp(session, [read.evidence.source for read in reads]),
    )


def list_statistics(session: Session, slugs: list[str]) -> list[StatisticRead]:
    """Return figures by slug, in the order given.

    Raises:
        NotFoundError: A slug is not known.
    """
    found = {figure.slug: figure for figure in find_statistics(session, slugs)}
    for slug in slugs:
        if slug not in found:
            known = session.scalars(select(col(Statistic.slug)))
            raise NotFoundError("statistic", slug, known=list(known))
    return [found[slug] for slug in slugs]


def all_statistics(session: Session) -> list[StatisticRead]:
    """Return every figure but those of areas, by slug."""
    rows = session.execute(_WITH_REFERENCE.order_by(col(Statistic.slug)))
    return [to_read(statistic, reference) for statistic, reference in rows]


def find_statistics(session: Session, slugs: list[str]) -> list[StatisticRead]:
    """Return those of some figures that there are, in no order."""
    rows = session.execute(_WITH_REFERENCE.where(col(Statistic.slug).in_(slugs)))
    found = [to_read(statistic, reference) for statistic, reference in rows]
    return [*found, *area_wages.find_wages(session, slugs)]


def official_statistics(session: Session, *soc_codes: str) -> list[StatisticRead]:
    """Return the newest official figures on some occupations, by slug."""
    statement = _WITH_REFERENCE.where(
        col(Statistic.soc_code).in_(soc_codes),
        col(Statistic.basis) == Basis.GOVERNMENT_DATA,
        col(Statistic.superseded_by).is_(None),
    ).order_by(col(Statistic.slug))
    return [to_read(statistic, reference) for statistic, reference in session.execute(statement)]


def quoted_statistics(session: Session) -> list[StatisticRead]:
    """Return the figures that are no official ones but quoted by somebody, by slug."""
    statement = _WITH_REFERENCE.where(col(Statistic.basis) != Basis.GOVERNMENT_DATA).order_by(
        col(Statistic.slug)
    )
    return [to_read(statistic, reference) for statistic, reference in session.execute(statement)]


def is_surveyed(figure: StatisticRead) -> bool:
    """Return whether a figure describes jobs as they are, not as projected."""
    return figure.method == Method.EMPLOYER_SURVEY


def conflicts_about(session: Session, soc_code: str) -> list[ConflictRead]:
    """Return contradicted statements where either side speaks of one occupation."""
    conflicts = session.scalars(select(StatementConflict).order_by(col(StatementConflict.slug)))
    return [
        ConflictRead(
            slug=conflict.slug,
            statement=conflict.statement,
            sayer=conflict.sayer,
            basis=conflict.basis,
            soc_code=conflict.soc_code,
            as_of=conflict.as_of,
            conflicts_with=[StatedFigure(**said) for said in conflict.conflicts_with],
        )
        for conflict in conflicts
        if soc_code in {conflict.soc_code, *(said["soc_code"] for said in conflict.conflicts_with)}
    ]


def to_read(statistic: Statistic, reference: ArticleReference | None) -> StatisticRead:
    """Return a figure as it goes over the wire."""
    own = statistic.model_dump(exclude={"reference"})
    return StatisticRead(
        **{name: value for name, value in own.items() if name in StatisticRead.model_fields},
        reference=ReferenceRead.model_validate(reference) if reference else None,
        evidence=Evidence(
            source=statistic.source,
            source_url=statistic.source_url,
            as_of=statistic.as_of,
            basis=statistic.basis,
            as_stated=statistic.as_stated,
            words_sha256=hash_of(statistic.as_stated),
            **aging(statistic.as_of, Subject.OUTCOME, today()),
        ),
    )


def _to_figure(read: StatisticRead) -> domain.Figure:
    return domain.Figure(
        slug=read.slug,
        measure=read.measure,
        method=read.method,
        population=read.population,
        soc_code=read.soc_code,
        soc_edition=read.soc_edition,
        unit=read.unit,
        period=read.period,
        horizon=read.horizon,
        area=read.area.title if read.area else None,
        has_value=read.value_low is not None or read.value_text is not None,
    )
