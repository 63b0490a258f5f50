"""The career guide, written by editors as JSON."""

from collections import Counter

from pydantic import Field, TypeAdapter

from app.errors import ImportFileError
from app.importers.article import describe_article
from app.importers.authored import read_entries
from app.importers.job import Importer, Job
from app.importers.reading import MAX_COMPLAINTS
from app.models.sources import Source
from app.queries.guide import upsert_entries
from app.queries.imports import Tally
from app.schemas.guide import GuideFacts


class AuthoredEntry(GuideFacts):
    """An entry of guide.json."""

    section: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    slug: str = Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")
    position: int = Field(ge=1)
    kind: str | None = None
    label: str = Field(min_length=2)
    filled: list[str]


ENTRIES = TypeAdapter(list[AuthoredEntry])
OWN = {"section", "slug", "position", "kind", "label", "filled"}


def run(job: Job, source: Source) -> Tally:
    """Bring every entry in step.

    Raises:
        ImportFileError: The file cannot be read, two entries share an address, or an entry
            calls a field our own that it does not have.
    """
    entries: list[AuthoredEntry] = read_entries(job.file, ENTRIES)
    if faults := _faults(entries):
        raise ImportFileError([f"{job.file.path.name}, {f}" for f in faults[:MAX_COMPLAINTS]])
    tally = upsert_entries(
        job.session,
        [
            {
                **entry.model_dump(include=OWN),
                "facts": entry.model_dump(exclude=OWN, exclude_none=True),
                "source": source.key,
                "basis": str(source.basis),
            }
            for entry in entries
        ],
    )
    tally.rows_read = len(entries)
    return tally


def _faults(entries: list[AuthoredEntry]) -> list[str]:
    addresses = Counter(f"{entry.section}/{entry.slug}" for entry in entries)
    shared = [f"{name}: stands there {n} times." for name, n in addresses.items() if n > 1]
    return shared + [
        f"{entry.section}/{entry.slug}: filled names {name!r}, which the entry does not have."
        for entry in entries
        for name in entry.filled
        if name not in entry.model_fields_set
    ]


IMPORTER = Importer(
    key="guide",
    title="Career guide (authored)",
    pattern=r"guide",
    order=70,
    describe=describe_article,
    run=run,
    suffix="json",
)
