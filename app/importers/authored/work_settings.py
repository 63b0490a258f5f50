"""Work settings, written by editors as JSON."""

from pydantic import Field, TypeAdapter, field_validator

from app.domain.independence import is_affiliate_url
from app.domain.vocabulary import Basis
from app.importers.authored.entries import Authored, authored_importer, read_entries
from app.importers.job import Job
from app.schemas.work_settings import SettingRoleFacts
from app.store.rows import Tally, upsert_source
from app.store.tables.sources import Source
from app.store.tables.work_settings import WorkSetting


def refuse_affiliate(url: str) -> str:
    """Validate an address: return it unchanged unless it is an affiliate link.

    Raises:
        ValueError: It pays whoever links to it.
    """
    if is_affiliate_url(url):
        raise ValueError(f"{url!r} is an affiliate link")
    return url


class AuthoredShare(Authored):
    """A count of one occupation in the setting."""

    soc_code: str = Field(pattern=r"^\d\d-\d{4}$")
    soc_edition: str
    population: str
    employed: int = Field(gt=0)
    in_setting: int = Field(ge=0)
    share_pct: float = Field(ge=0, le=100)
    period: str
    source_url: str = Field(pattern=r"^https?://")
    note: str

    _is_independent = field_validator("source_url")(refuse_affiliate)


class AuthoredRemoteShare(Authored):
    """A share of one occupation that works away from the site."""

    soc_code: str = Field(pattern=r"^\d\d-\d{4}$")
    soc_edition: str
    population: str
    share_pct: float = Field(ge=0, le=100)
    period: str
    source_url: str = Field(pattern=r"^https?://")
    source: str
    basis: Basis
    note: str | None

    _is_independent = field_validator("source_url")(refuse_affiliate)


class AuthoredSetting(Authored):
    """An entry of work_settings.json."""

    slug: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    position: int = Field(ge=1)
    label: str
    label_in_prose: str | None
    label_in_table: str | None
    named_in: list[str]
    typical_focus: str | None
    good_fit_if: str | None
    also: list[str]
    roles: list[SettingRoleFacts]
    credentials: list[str] | None
    employment: list[AuthoredShare]
    remote: list[AuthoredRemoteShare]
    filled: list[str]


SETTINGS = TypeAdapter(list[AuthoredSetting])


def survey_source(period: str) -> Source:
    """Return the source of counts by industry in one month of the employer survey."""
    return Source(
        key=f"oews-profile-{period}",
        title=f"Occupational employment profile with industries, {period}",
        publisher="Bureau of Labor Statistics, US Department of Labor",
        licence="US federal work, public domain in the United States",
        edition=period,
        url="https://www.bls.gov/oes/",
        basis=Basis.GOVERNMENT_DATA,
    )


def import_settings(job: Job, source: Source) -> Tally:
    """Add or update every setting, and the surveys its counts come from."""
    entries: list[AuthoredSetting] = read_entries(job.file, SETTINGS)
    rows = []
    for entry in entries:
        row = {**entry.model_dump(mode="json"), "source": source.key, "basis": source.basis}
        for share in row["employment"]:
            survey = survey_source(share["period"])
            upsert_source(job.session, survey)
            share["source"] = survey.key
        rows.append(row)
    return job.upsert(WorkSetting, ("slug",), rows)


IMPORTER = authored_importer(
    "work-settings", "work_settings", "Work settings (authored)", 70, import_settings
)
