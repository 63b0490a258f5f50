"""Advancement paths, written by editors as JSON."""

from pydantic import Field, TypeAdapter

from app.domain.vocabulary import AwardLevel
from app.importers.article import describe_article
from app.importers.authored import Authored, describe_own, read_entries
from app.importers.job import Importer, Job
from app.models.sources import Source
from app.queries.advancement import upsert_paths
from app.queries.imports import Tally, upsert_source


class AuthoredSoc(Authored):
    """An occupation a path leads to."""

    code: str = Field(pattern=r"^\d\d-\d{4}$")
    title: str
    note: str | None


class AuthoredPath(Authored):
    """An entry of advancement_paths.json."""

    slug: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    position: int = Field(ge=1)
    label: str
    aliases: list[str]
    named_in: list[str]
    summary: str | None
    best_for: str | None
    skills_to_build: list[str] | None
    credentials: list[str] | None
    education: str | None
    education_levels: list[AwardLevel]
    soc_codes: list[AuthoredSoc]
    onet_code: str | None
    statistics: list[str]
    specialisations: list[str]
    filled: list[str]


PATHS = TypeAdapter(list[AuthoredPath])


def run(job: Job, source: Source) -> Tally:
    """Bring every path in step."""
    entries: list[AuthoredPath] = read_entries(job.file, PATHS)
    own = describe_own(job.match)
    upsert_source(job.session, own)
    rows = [
        {
            **entry.model_dump(mode="json"),
            "source": source.key if entry.named_in else own.key,
            "basis": str(source.basis),
        }
        for entry in entries
    ]
    tally = upsert_paths(job.session, rows)
    tally.rows_read = len(rows)
    return tally


IMPORTER = Importer(
    key="advancement-paths",
    title="Advancement paths (authored)",
    pattern=r"advancement_paths",
    order=70,
    describe=describe_article,
    run=run,
    suffix="json",
)
