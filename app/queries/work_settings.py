"""Where people of the field work."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.domain.evidence import Age, Subject, age_of
from app.domain.identifiers import to_slug
from app.domain.vocabulary import Basis
from app.errors import NotFoundError
from app.models.work_settings import WorkSetting
from app.queries.imports import Tally, upsert_rows
from app.schemas.pages import Evidence
from app.schemas.work_settings import EmploymentShare, WorkSettingRead


def upsert_settings(session: Session, rows: Iterable[dict[str, Any]]) -> Tally:
    """Add or change work settings by slug."""
    return upsert_rows(session, WorkSetting, ("slug",), rows)


def list_settings(session: Session, today: date) -> list[WorkSettingRead]:
    """Return every work setting, in its order."""
    listed = select(WorkSetting).where(col(WorkSetting.retired_at).is_(None))
    found = session.exec(listed.order_by(col(WorkSetting.position)))
    return [
        WorkSettingRead(
            **setting.model_dump(exclude={"employment", "retired_at"}),
            employment=[_to_share(share, today) for share in setting.employment],
        )
        for setting in found
    ]


def _to_share(share: dict[str, Any], today: date) -> EmploymentShare:
    evidence = Evidence(
        source=share["source"],
        source_url=share["source_url"],
        as_of=share["period"],
        basis=Basis.GOVERNMENT_DATA,
        as_stated=None,
        stale=age_of(share["period"], Subject.OUTCOME, today) is Age.STALE,
    )
    told = {k: v for k, v in share.items() if k not in {"source", "source_url"}}
    return EmploymentShare(**told, evidence=evidence)


def get_setting(session: Session, slug: str, today: date) -> WorkSettingRead:
    """Return one work setting; hyphens, underscores and case do not matter.

    Raises:
        NotFoundError: There is no such setting.
    """
    settings = {setting.slug: setting for setting in list_settings(session, today)}
    if to_slug(slug) not in settings:
        raise NotFoundError("work setting", slug, known=list(settings))
    return settings[to_slug(slug)]
