"""The career guide: its sections and entries."""

from sqlmodel import Session, col, func, select

from app.domain.guide import SECTIONS
from app.domain.text.identifiers import to_slug
from app.domain.vocabulary import in_words
from app.errors import NotFoundError
from app.queries.kept import kept
from app.schemas.guide import FitSide, FitStatement, GuideEntryRead, GuideSection
from app.store.tables.advancement import AdvancementPath
from app.store.tables.credentials import Credential
from app.store.tables.guide import GuideEntry
from app.store.tables.statistics import ArticleReference, Statistic
from app.store.tables.work_settings import WorkSetting

FIT = "fit"
"""Section of statements that describe whom the field suits, or not."""


def list_sections(session: Session) -> list[GuideSection]:
    """Return every section with its number of entries, in reading order.

    Those without a title of ours come last.
    """
    statement = (
        select(GuideEntry.section, func.count())
        .where(col(GuideEntry.retired_at).is_(None))
        .group_by(col(GuideEntry.section))
    )
    counts = dict(session.exec(statement).all())
    ordered = [*(key for key in SECTIONS if key in counts), *sorted(counts.keys() - SECTIONS)]
    return [
        GuideSection(
            section=key,
            position=position,
            title=SECTIONS[key][0] if key in SECTIONS else in_words(key),
            summary=SECTIONS[key][1] if key in SECTIONS else None,
            entries=counts[key],
            url=f"/v1/guide/{key}",
        )
        for position, key in enumerate(ordered, start=1)
    ]


@kept(most=20)
def list_entries(session: Session, section: str) -> list[GuideEntryRead]:
    """Return the entries of a section in their order.

    Raises:
        NotFoundError: There is no such section.
    """
    found = session.exec(
        select(GuideEntry)
        .where(GuideEntry.section == section, col(GuideEntry.retired_at).is_(None))
        .order_by(col(GuideEntry.position), col(GuideEntry.slug))
    )
    entries = [_to_read(entry) for entry in found]
    if not entries:
        sections = session.exec(select(GuideEntry.section).distinct())
        raise NotFoundError("guide section", section, known=list(sections))
    return entries


def get_entry(session: Session, section: str, slug: str) -> GuideEntryRead:
    """Return one entry; hyphens, underscores and case of its slug do not matter.

    Raises:
        NotFoundError: There is no such section, or no such entry in it.
    """
    entries = {to_slug(entry.slug): entry for entry in list_entries(session, section)}
    if to_slug(slug) not in entries:
        known = [entry.slug for entry in entries.values()]
        raise NotFoundError(f"entry of {section}", slug, known=known)
    return entries[to_slug(slug)]


def _to_read(entry: GuideEntry) -> GuideEntryRead:
    return GuideEntryRead(
        **entry.facts,
        **entry.model_dump(exclude={"facts", "retired_at"}),
        statements=_statements(entry) if entry.section == FIT else None,
    )


def _statements(entry: GuideEntry) -> list[FitStatement]:
    return [
        FitStatement(key=f"{entry.slug}.{side}", side=side, text=entry.facts[side])
        for side in FitSide
        if entry.facts.get(side)
    ]


def linked_slugs(session: Session) -> dict[str, set[str]]:
    """Return collection -> the keys that an entry of the guide can link to."""
    return {
        "advancement-paths": set(session.exec(select(AdvancementPath.slug))),
        "work-settings": set(session.exec(select(WorkSetting.slug))),
        "statistics": set(session.exec(select(Statistic.slug))),
        "credentials": set(session.exec(select(Credential.code))),
        "references": set(session.exec(select(ArticleReference.slug))),
    }


def link_labels(session: Session) -> dict[tuple[str, str], str]:
    """Return collection, or section of the guide, and key -> the name of what a link leads to.

    What is retired is left out.
    """
    listed = session.exec(
        select(GuideEntry.section, GuideEntry.slug, GuideEntry.label).where(
            col(GuideEntry.retired_at).is_(None)
        )
    )
    labels = {(section, slug): label for section, slug, label in listed}
    named = {
        "advancement-paths": select(AdvancementPath.slug, AdvancementPath.label).where(
            col(AdvancementPath.retired_at).is_(None)
        ),
        "work-settings": select(WorkSetting.slug, WorkSetting.label).where(
            col(WorkSetting.retired_at).is_(None)
        ),
        "credentials": select(Credential.code, Credential.name).where(
            col(Credential.retired_at).is_(None)
        ),
        "statistics": select(Statistic.slug, Statistic.label),
    }
    for collection, statement in named.items():
        labels |= {(collection, key): name for key, name in session.exec(statement)}
    return labels
