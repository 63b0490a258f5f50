"""The career guide, written by editors as JSON."""

from pydantic import Field, TypeAdapter

from app.importers.article import describe_article
from app.importers.authored import read_entries
from app.importers.job import Importer, Job
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
    """Bring every entry in step."""
    entries: list[AuthoredEntry] = read_entries(job.file, ENTRIES)
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


IMPORTER = Importer(
    key="guide",
    title="Career guide (authored)",
    pattern=r"guide",
    order=70,
    describe=describe_article,
    run=run,
    suffix="json",
)
