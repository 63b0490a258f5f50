"""Where people of the field work."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, select

from app.domain.identifiers import to_slug
from app.errors import NotFoundError
from app.models.work_settings import WorkSetting
from app.queries.imports import Tally, upsert_rows
from app.schemas.work_settings import WorkSettingRead


def upsert_settings(session: Session, rows: Iterable[dict[str, Any]]) -> Tally:
    """Add or change work settings by slug."""
    return upsert_rows(session, WorkSetting, ("slug",), rows)


def list_settings(session: Session) -> list[WorkSettingRead]:
    """Return every work setting, in its order."""
    found = session.exec(select(WorkSetting).order_by(col(WorkSetting.position)))
    return [WorkSettingRead(**setting.model_dump()) for setting in found]


def get_setting(session: Session, slug: str) -> WorkSettingRead:
    """Return one work setting; hyphens, underscores and case do not matter.

    Raises:
        NotFoundError: There is no such setting.
    """
    settings = {setting.slug: setting for setting in list_settings(session)}
    if to_slug(slug) not in settings:
        raise NotFoundError("work setting", slug, known=list(settings))
    return settings[to_slug(slug)]
