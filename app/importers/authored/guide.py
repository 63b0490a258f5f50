"""The career guide, written by editors as JSON."""

from collections import Counter
from collections.abc import Mapping

from pydantic import Field, TypeAdapter

from app.domain.checklist.warnings import WarningCode
from app.domain.credentials.leads_to import GateCode
from app.domain.vocabulary import ServiceKind, Topic
from app.errors import ImportFileError, nearest
from app.importers.authored.entries import authored_importer, read_entries
from app.importers.job import Job
from app.importers.odd_cells import MAX_COMPLAINTS
from app.queries.guide import linked_slugs
from app.queries.rubrics import current_rubric
from app.schemas.guide import GuideFacts
from app.store.rows import Tally
from app.store.tables.guide import GuideEntry
from app.store.tables.sources import Source


class AuthoredEntry(GuideFacts):
    """An entry of guide.json."""

    section: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    slug: str = Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")
    position: int = Field(ge=1)
    kind: str | None = None
    label: str = Field(min_length=2)
    filled: list[str]


ENTRIES = TypeAdapter(list[AuthoredEntry])
UNSCORED = {*Topic, *ServiceKind, "certification_alignment", "employer_recognition"}
"""What is told beside the score."""

COLUMNS = {"section", "slug", "position", "kind", "label", "filled"}


def import_guide(job: Job, source: Source) -> Tally:
    """Add or update every entry.

    Raises:
        ImportFileError: The file cannot be read, two entries share an address, an entry calls
            a field our own that it does not have, or it links to what does not exist.
    """
    entries: list[AuthoredEntry] = read_entries(job.file, ENTRIES)
    faults = [*_faults(entries), *_link_faults(entries, linked_slugs(job.session))]
    if faults:
        raise ImportFileError([f"{job.file.path.name}, {f}" for f in faults[:MAX_COMPLAINTS]])
    rows = [
        {
            **entry.model_dump(include=COLUMNS),
            "facts": entry.model_dump(exclude=COLUMNS, exclude_none=True),
            "source": source.key,
            "basis": source.basis,
        }
        for entry in entries
    ]
    return job.upsert(GuideEntry, ("section", "slug"), rows)


def _faults(entries: list[AuthoredEntry]) -> list[str]:
    addresses = Counter(f"{entry.section}/{entry.slug}" for entry in entries)
    shared = [f"{name}: stands there {n} times." for name, n in addresses.items() if n > 1]
    return shared + [
        f"{entry.section}/{entry.slug}: filled names {name!r}, which the entry does not have."
        for entry in entries
        for name in entry.filled
        if name not in entry.model_fields_set
    ]


def _link_faults(entries: list[AuthoredEntry], slugs: Mapping[str, set[str]]) -> list[str]:
    """Return a fault for every link that leads nowhere, with the nearest that does not."""
    rubric = current_rubric()
    sections = {entry.section for entry in entries}
    known = {
        "checks": set(rubric.check_keys),
        "criteria": {criterion.key for criterion in rubric.criteria},
        "unscored": UNSCORED,
        "warning_codes": {*WarningCode},
        "gate_codes": {*GateCode},
        "skills": {entry.slug for entry in entries if entry.section == "skills"},
        "paths": slugs["advancement-paths"],
        "statistics": slugs["statistics"],
        "credentials": slugs["credentials"],
        "references": slugs["references"],
        "topics": {*sections, *slugs},
        "link_to": {
            *(f"{entry.section}/{entry.slug}" for entry in entries),
            *(f"{name}/{slug}" for name, found in slugs.items() for slug in found),
        },
    }
    return [
        f"{entry.section}/{entry.slug}: {field} names {name!r}, which does not exist."
        + (f" Did you mean {near!r}?" if (near := nearest(name, targets)) else "")
        for entry in entries
        for field, targets in known.items()
        for name in getattr(entry, field) or []
        if name not in targets
    ]


# after paths and settings, which it links to
IMPORTER = authored_importer("guide", "guide", "Career guide (authored)", 71, import_guide)
