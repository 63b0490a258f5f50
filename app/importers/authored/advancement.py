"""Roles and the steps between them, written by editors as JSON."""

from collections import Counter

from pydantic import Field, TypeAdapter

from app.domain.advancement.roles import Stage
from app.domain.vocabulary import AwardLevel
from app.errors import ImportFileError
from app.importers.authored.entries import OWN, Authored, authored_importer, read_entries
from app.importers.job import Job
from app.queries.advancement import role_slugs
from app.schemas.advancement import RequirementFacts
from app.store.rows import Tally, upsert_source
from app.store.tables.advancement import AdvancementPath, AdvancementStep
from app.store.tables.sources import Source


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
    stage: Stage
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
    requirements: list[RequirementFacts]
    statistics: list[str]
    specialisations: list[str]
    filled: list[str]


class AuthoredStep(Authored):
    """An entry of advancement_steps.json; ``named``: the article says so."""

    sending_role: str
    receiving_role: str
    reason: str
    experience: str | None
    months_low: float | None
    months_high: float | None
    named: bool


PATHS = TypeAdapter(list[AuthoredPath])
STEPS = TypeAdapter(list[AuthoredStep])


def import_paths(job: Job, source: Source) -> Tally:
    """Add or update every path."""
    entries: list[AuthoredPath] = read_entries(job.file, PATHS)
    upsert_source(job.session, OWN)
    rows = [
        {
            **entry.model_dump(mode="json"),
            "source": source.key if entry.named_in else OWN.key,
            "basis": source.basis,
        }
        for entry in entries
    ]
    return job.upsert(AdvancementPath, ("slug",), rows)


def import_steps(job: Job, source: Source) -> Tally:
    """Add or update every step between two roles.

    Raises:
        ImportFileError: A step names a role that is not known, or stands there twice.
    """
    entries: list[AuthoredStep] = read_entries(job.file, STEPS)
    known = role_slugs(job.session)
    ends = Counter((entry.sending_role, entry.receiving_role) for entry in entries)
    complaints = [
        f"{job.file.path.name}: no role is known as {slug!r}; import the paths first."
        for slug in sorted({slug for pair in ends for slug in pair} - known)
    ]
    complaints += [
        f"{job.file.path.name}, {' to '.join(pair)}: stands there {count} times."
        for pair, count in ends.items()
        if count > 1
    ]
    if complaints:
        raise ImportFileError(complaints)
    upsert_source(job.session, OWN)
    rows = [
        {
            **entry.model_dump(exclude={"named"}),
            "source": source.key if entry.named else OWN.key,
            "basis": source.basis,
        }
        for entry in entries
    ]
    return job.upsert(AdvancementStep, ("sending_role", "receiving_role"), rows)


PATHS_IMPORTER = authored_importer(
    "advancement-paths", "advancement_paths", "Advancement paths (authored)", 70, import_paths
)
STEPS_IMPORTER = authored_importer(
    "advancement-steps", "advancement_steps", "Steps between roles (authored)", 71, import_steps
)
