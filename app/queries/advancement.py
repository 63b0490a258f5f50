"""Roles to grow into: the graph of them, with official wages and outlook."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from sqlmodel import Session, col, select

from app.domain.advancement.roles import Kind, Requirement, Role, Stage
from app.domain.text.names import Names
from app.errors import NotFoundError
from app.queries.kept import kept
from app.queries.occupations import (
    find_occupation,
    get_occupation,
    relation_between,
)
from app.queries.releases import stamp
from app.queries.statistics import (
    conflicts_about,
    find_statistics,
    is_surveyed,
    list_statistics,
    official_statistics,
)
from app.schemas.advancement import (
    FigureRead,
    OccupationFigures,
    PathAnswer,
    PathOccupation,
    PathRead,
    RequirementRead,
    RoleGraph,
    RoleStepRead,
    WorkRead,
)
from app.schemas.occupations import OccupationAnswer
from app.schemas.pages import Evidence
from app.schemas.statistics import StatisticRead
from app.schemas.timeline import MonthsRead
from app.store.tables.advancement import AdvancementPath, AdvancementStep


def role_slugs(session: Session) -> set[str]:
    """Return the slug of every role."""
    return set(session.exec(select(AdvancementPath.slug)))


@kept(most=4)
def list_paths(session: Session, *, stages: tuple[Stage, ...] = tuple(Stage)) -> list[PathRead]:
    """Return the roles of some stages, in their order."""
    found = [path for path in _listed_paths(session) if path.stage in stages]
    slugs = [r["statistic"] for path in found for r in path.requirements if r.get("statistic")]
    figures = {figure.slug: figure for figure in find_statistics(session, slugs)}
    return [
        PathRead(
            **path.model_dump(exclude={"retired_at", "requirements"}),
            requirements=[_to_requirement(r, figures) for r in path.requirements],
        )
        for path in found
    ]


def _listed_paths(session: Session) -> list[AdvancementPath]:
    listed = select(AdvancementPath).where(col(AdvancementPath.retired_at).is_(None))
    return list(session.exec(listed.order_by(col(AdvancementPath.position))))


def _to_requirement(
    said: Mapping[str, Any], figures: Mapping[str, StatisticRead]
) -> RequirementRead:
    figure = figures.get(said.get("statistic") or "")
    evidence = (
        figure.evidence
        if figure
        else own_evidence(said.get("source") or "hit-compare", said["basis"])
    )
    told = {k: v for k, v in said.items() if k in RequirementRead.model_fields}
    return RequirementRead(**told, evidence=evidence)


def own_evidence(source: str, basis: str) -> Evidence:
    """Return the evidence of what an editor wrote down, which has no page and no date."""
    return Evidence(
        source=source, source_url=None, as_of=None, basis=basis, as_stated=None, stale=False
    )


def find_role(roles: Sequence[PathRead], name: str) -> PathRead:
    """Return a role by its slug or by another name it goes by.

    Raises:
        NotFoundError: No role has this slug or name.
    """
    by_slug = {role.slug: role for role in roles}
    names = role_names(roles)
    found = names.find(name)
    if found is None:
        raise NotFoundError("advancement path", name, names=names)
    return by_slug[found]


def role_names(roles: Sequence[PathRead]) -> Names:
    """Return the slugs of roles by every name they go by."""
    names = (
        ((role.slug, role.slug) for role in roles),
        ((role.slug, name) for role in roles for name in (role.label, *role.aliases)),
    )
    return Names((), chain(*names))


def get_path(session: Session, slug: str, today: date) -> PathAnswer:
    """Return one role, also by another name it goes by, with the ways to it.

    Raises:
        NotFoundError: No role has this slug or name.
    """
    roles = list_paths(session)
    path = find_role(roles, slug)
    graph = list_steps(session, roles)
    main = path.soc_codes[0].code if path.soc_codes else None
    official = official_statistics(session, main) if main else []
    stated = list_statistics(session, path.statistics)
    code = path.onet_code or main
    is_known = code is not None and find_occupation(session, code) is not None
    work = get_occupation(session, code) if code and is_known else None
    near = [step for step in graph if path.slug in {step.sending_role, step.receiving_role}]
    sources = {
        path.source,
        *(figure.evidence.source for figure in [*official, *stated]),
        *(requirement.evidence.source for requirement in path.requirements),
        *(step.evidence.source for step in near),
        *(step.related.source for step in near if step.related),
        *(work.sources if work else ()),
    }
    return PathAnswer(
        **path.model_dump(),
        wages_and_outlook=official,
        occupations=[_to_figures(session, soc, soc.code == main) for soc in path.soc_codes],
        work=_to_work(code, work) if code and work else None,
        comes_from=[step for step in near if step.receiving_role == path.slug],
        leads_to=[step for step in near if step.sending_role == path.slug],
        ways=ways_to(path.slug, roles, graph),
        stated=stated,
        conflicts=conflicts_about(session, main) if main else [],
        **stamp(session, sources, today),
    )


def _to_figures(session: Session, soc: PathOccupation, is_main: bool) -> OccupationFigures:
    figures = official_statistics(session, soc.code)
    return OccupationFigures(
        **soc.model_dump(),
        is_main=is_main,
        wages=[_to_figure(figure) for figure in figures if is_surveyed(figure)],
        outlook=[_to_figure(figure) for figure in figures if not is_surveyed(figure)],
        url=f"/v1/occupations/{soc.code}" if find_occupation(session, soc.code) else None,
    )


def _to_figure(figure: StatisticRead) -> FigureRead:
    return FigureRead(
        slug=figure.slug,
        measure=figure.measure,
        value=figure.value_low,
        value_text=figure.value_text,
        unit=figure.unit,
        period=figure.period,
        horizon=figure.horizon,
        population=figure.population,
        evidence=figure.evidence,
    )


def _to_work(code: str, found: OccupationAnswer) -> WorkRead:
    asked = [t for t in found.technology or [] if t.is_hot or t.is_in_demand]
    return WorkRead(
        onet_code=found.onet_code,
        title=found.title,
        tasks=found.tasks,
        technology=None if found.technology is None else asked,
        technology_total=len(found.technology or []),
        related=found.related,
        attribution=found.attribution,
        url=f"/v1/occupations/{code}",
    )


def list_steps(session: Session, roles: Sequence[PathRead]) -> list[RoleStepRead]:
    """Return the steps between roles that are listed, in the order of the roles."""
    by_slug = {role.slug: role for role in roles}
    listed = select(AdvancementStep).where(col(AdvancementStep.retired_at).is_(None))
    found = [
        step
        for step in session.exec(listed)
        if step.sending_role in by_slug and step.receiving_role in by_slug
    ]
    found.sort(key=lambda s: (by_slug[s.sending_role].position, by_slug[s.receiving_role].position))
    return [
        _to_step(session, step, by_slug[step.sending_role], by_slug[step.receiving_role])
        for step in found
    ]


def _to_step(
    session: Session, step: AdvancementStep, sending: PathRead, receiving: PathRead
) -> RoleStepRead:
    ends = [role.soc_codes[0].code if role.soc_codes else None for role in (sending, receiving)]
    one, other = ends
    is_same = one is not None and one == other
    return RoleStepRead(
        **step.model_dump(include={"sending_role", "receiving_role", "reason", "experience"}),
        months=MonthsRead(low=step.months_low, high=step.months_high),
        related=relation_between(session, one, other) if one and other and not is_same else None,
        is_same_occupation=is_same,
        evidence=own_evidence(step.source, step.basis),
    )


def get_graph(session: Session, today: date) -> RoleGraph:
    """Return every role and every step between two of them."""
    roles = list_paths(session)
    steps = list_steps(session, roles)
    sources = {role.source for role in roles} | {step.evidence.source for step in steps}
    sources |= {step.related.source for step in steps if step.related}
    sources |= {r.evidence.source for role in roles for r in role.requirements}
    return RoleGraph(roles=roles, steps=steps, **stamp(session, sources, today))


def ways_to(slug: str, roles: Sequence[PathRead], steps: Sequence[RoleStepRead]) -> list[list[str]]:
    """Return every chain of roles from a first job to one role, shortest first."""
    entries = {role.slug for role in roles if role.stage is Stage.ENTRY}
    before: dict[str, list[str]] = {}
    for step in steps:
        before.setdefault(step.receiving_role, []).append(step.sending_role)
    found, open_ways = [], [[slug]]
    while open_ways:
        way = open_ways.pop()
        if way[0] in entries:
            found.append(way)
        open_ways += [[b, *way] for b in before.get(way[0], []) if b not in way]
    return sorted(found, key=lambda way: (len(way), way))


def to_roles(roles: Sequence[PathRead], steps: Sequence[RoleStepRead]) -> dict[str, Role]:
    """Return slug -> role as the planner sees it."""
    before: dict[str, list[str]] = {}
    for step in steps:
        before.setdefault(step.receiving_role, []).append(step.sending_role)
    return {
        role.slug: Role(
            slug=role.slug,
            is_entry=role.stage is Stage.ENTRY,
            requirements=tuple(
                Requirement(
                    kind=Kind(r.kind),
                    at=at,
                    any_of=None if r.any_of is None else tuple(r.any_of),
                    at_least=r.at_least,
                    years_below=r.years_below,
                )
                for at, r in enumerate(role.requirements)
            ),
            comes_from=tuple(before.get(role.slug, ())),
            skills=None if role.skills_to_build is None else tuple(role.skills_to_build),
        )
        for role in roles
    }
