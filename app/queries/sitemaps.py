"""Addresses of pages, for those who collect what there is to read."""

from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from app.store.tables.advancement import AdvancementPath
from app.store.tables.credentials import Credential
from app.store.tables.guide import GuideEntry
from app.store.tables.institutions import Institution
from app.store.tables.programs import ProgramSummary
from app.store.tables.work_settings import WorkSetting

MOST = 45_000
"""Addresses of one part; a file of them may hold 50,000 (sitemaps.org)."""

_OFFERING = col(Institution.id).in_(select(ProgramSummary.institution_id))


def list_keys(session: Session) -> dict[str, Sequence[str]]:
    """Return folder -> keys of its pages, of those that are few."""
    return {
        "guide": session.exec(
            select(GuideEntry.section)
            .where(col(GuideEntry.retired_at).is_(None))
            .distinct()
            .order_by(GuideEntry.section)
        ).all(),
        "credentials": session.exec(
            select(Credential.code)
            .where(col(Credential.retired_at).is_(None))
            .order_by(Credential.code)
        ).all(),
        "work-settings": session.exec(
            select(WorkSetting.slug)
            .where(col(WorkSetting.retired_at).is_(None))
            .order_by(WorkSetting.slug)
        ).all(),
        "advancement-paths": session.exec(
            select(AdvancementPath.slug)
            .where(col(AdvancementPath.retired_at).is_(None))
            .order_by(AdvancementPath.slug)
        ).all(),
    }


def count_parts(session: Session) -> dict[str, int]:
    """Return folder -> parts, of those that are many: programs, and the schools that offer them."""
    programs = session.exec(select(func.count()).select_from(ProgramSummary)).one()
    schools = session.exec(select(func.count()).select_from(Institution).where(_OFFERING)).one()
    return {"programs": -(-programs // MOST), "institutions": -(-schools // MOST)}


def list_part(session: Session, folder: str, part: int) -> Sequence[str]:
    """Return the keys of one part of a folder of ``count_parts``, the first part being 1."""
    offset = (part - 1) * MOST
    if folder == "programs":
        slugs = select(ProgramSummary.slug).order_by(ProgramSummary.slug)
        return session.exec(slugs.offset(offset).limit(MOST)).all()
    schools = select(Institution.unitid, Institution.slug).where(_OFFERING)
    found = session.exec(schools.order_by(Institution.slug).offset(offset).limit(MOST))
    return [slug if unitid is None else str(unitid) for unitid, slug in found]
