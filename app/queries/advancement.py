"""Roles to grow into, with official wages and outlook."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.domain.identifiers import to_slug
from app.errors import NotFoundError
from app.models.advancement import AdvancementPath
from app.queries.imports import Tally, upsert_rows
from app.queries.releases import stamp
from app.queries.statistics import conflicts_about, list_statistics, official_statistics
from app.schemas.advancement import PathAnswer, PathRead


def upsert_paths(session: Session, rows: Iterable[dict[str, Any]]) -> Tally:
    """Add or change paths by slug."""
    return upsert_rows(session, AdvancementPath, ("slug",), rows)


def list_paths(session: Session) -> list[PathRead]:
    """Return every path, in its order."""
    listed = select(AdvancementPath).where(col(AdvancementPath.retired_at).is_(None))
    found = session.exec(listed.order_by(col(AdvancementPath.position)))
    return [PathRead(**path.model_dump(exclude={"retired_at"})) for path in found]


def get_path(session: Session, slug: str, today: date) -> PathAnswer:
    """Return one path, also by another name it goes by.

    Raises:
        NotFoundError: No path has this slug or name.
    """
    paths = list_paths(session)
    by_name = {to_slug(name): path for path in paths for name in (path.label, *path.aliases)}
    path = {**by_name, **{path.slug: path for path in paths}}.get(to_slug(slug))
    if path is None:
        raise NotFoundError("advancement path", slug, known=[p.slug for p in paths])
    main = path.soc_codes[0].code if path.soc_codes else None
    official = official_statistics(session, main) if main else []
    stated = list_statistics(session, path.statistics)
    sources = {figure.evidence.source for figure in [*official, *stated]}
    return PathAnswer(
        **path.model_dump(),
        wages_and_outlook=official,
        stated=stated,
        conflicts=conflicts_about(session, main) if main else [],
        **stamp(session, {path.source} | sources, today),
    )
