"""Figures and contradicted statements of the article, written down by editors as JSON."""

from pydantic import TypeAdapter

from app.domain.vocabulary import Basis, Measure, Method, ValueStatus
from app.errors import ImportFileError
from app.importers.authored.entries import Authored, authored_importer, read_entries
from app.importers.job import Job
from app.queries.statistics import reference_dates
from app.store.rows import Tally
from app.store.tables.sources import Source
from app.store.tables.statistics import ArticleReference, StatementConflict, Statistic


class AuthoredReference(Authored):
    """An entry of references.json."""

    slug: str
    publisher: str
    title: str
    published: str | None
    retrieved: str | None
    used_by: list[str]


class AuthoredStatistic(Authored):
    """An entry of statistics.json."""

    slug: str
    label: str
    measure: Measure
    method: Method
    value_low: float | None
    value_high: float | None
    exclusive: bool
    unit: str | None
    soc_code: str | None
    soc_edition: str | None
    population: str
    period: str | None
    horizon: str | None
    source_as_given: str | None
    reference: str | None
    basis: Basis
    as_stated: str | None = None
    warnings: list[str]
    superseded_by: str | None
    see_also: list[str]


class AuthoredStatement(Authored):
    """A statement and who makes it."""

    statement: str
    sayer: str
    basis: Basis
    soc_code: str | None
    as_of: str | None


class AuthoredConflict(AuthoredStatement):
    """An entry of claims.json."""

    slug: str
    conflicts_with: list[AuthoredStatement]


REFERENCE_LIST = TypeAdapter(list[AuthoredReference])
STATISTIC_LIST = TypeAdapter(list[AuthoredStatistic])
CONFLICT_LIST = TypeAdapter(list[AuthoredConflict])


def import_references(job: Job, source: Source) -> Tally:
    """Import the article's reference list."""
    entries = read_entries(job.file, REFERENCE_LIST)
    rows = [{**e.model_dump(exclude={"used_by"}), "source": source.key} for e in entries]
    return job.upsert(ArticleReference, ("slug",), rows)


def import_statistics(job: Job, source: Source) -> Tally:
    """Import the article's figures, dated by the publication each refers to.

    Raises:
        ImportFileError: A figure names a reference that is not known.
    """
    entries: list[AuthoredStatistic] = read_entries(job.file, STATISTIC_LIST)
    published = reference_dates(job.session)
    if unknown := [e for e in entries if e.reference and e.reference not in published]:
        raise ImportFileError(
            [
                f"{job.file.path.name}, {entry.slug}: the reference {entry.reference!r} is not "
                "known; import references.json first."
                for entry in unknown
            ]
        )
    rows = [
        {
            **entry.model_dump(mode="json", exclude={"exclusive", "source_as_given"}),
            "is_exclusive": entry.exclusive,
            "attributed_to": entry.source_as_given,
            "value_status": str(
                ValueStatus.PUBLISHED_WITHOUT_AMOUNT
                if entry.value_low is None
                else ValueStatus.REPORTED
            ),
            "as_of": published[entry.reference] if entry.reference else None,
            "source": source.key,
        }
        for entry in entries
    ]
    return job.upsert(Statistic, ("slug",), rows)


def import_claims(job: Job, source: Source) -> Tally:
    """Import statements of the article that others contradict."""
    entries = read_entries(job.file, CONFLICT_LIST)
    rows = [{**entry.model_dump(mode="json"), "source": source.key} for entry in entries]
    return job.upsert(StatementConflict, ("slug",), rows)


REFERENCES = authored_importer(
    "authored-references", "references", "References of the article", 45, import_references
)
STATISTICS = authored_importer(
    "authored-statistics", "statistics", "Figures of the article", 46, import_statistics
)
CLAIMS = authored_importer(
    "authored-claims", "claims", "Contradicted statements of the article", 46, import_claims
)
