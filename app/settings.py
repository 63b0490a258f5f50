"""The environment, read once: every setting of the service and its default."""

import sys
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent
IS_INSTALLED = (PACKAGE / "shipped").is_dir()
"""Whether this is the wheel, which has seed and migrations inside; else they lie beside it."""
SHIPPED = PACKAGE / "shipped" if IS_INSTALLED else ROOT
MIGRATIONS = SHIPPED / "migrations"
VAR = (Path.cwd() if IS_INSTALLED else ROOT) / "var"
"""Folder of what the service writes, where no setting names another."""

RATE = r"^[1-9]\d{0,8}/(second|minute|hour|day)$"


class Settings(BaseSettings):
    """Settings by environment variable; the field name in upper case is the variable."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore")

    database_url: str = Field(
        default=f"sqlite:///{VAR / 'catalogue.db'}",
        description="SQLAlchemy address; sqlite:///file or postgresql+psycopg://user@host/name",
    )
    database_read_url: str = Field(
        default="",
        description="Replicas of it that are read, with blanks between their addresses. What is "
        "written, and what must be seen at once, goes to DATABASE_URL",
    )
    statement_seconds: float = Field(
        default=10,
        ge=0,
        le=86_400,
        description="Longest that a statement of a request may take on PostgreSQL; 0: no limit. "
        "Imports, releases and migrations have none",
    )
    seed_dir: Path = Field(default=SHIPPED / "seed", description="Folder of the seed")
    refused_hosts: list[str] = Field(
        default=[],
        description="Hosts of copied or hijacked pages, as JSON: facts of curated files that rest "
        "on them are refused",
    )
    max_body_bytes: int = Field(default=65_536, ge=1_024, description="Larger bodies get a 413")
    allowed_hosts: list[str] = Field(
        default=["*"], description='Host names answered, as JSON; ["*"] answers any'
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/\s?#]+$",
        description="Address of the service in all that others copy: pages, cards, linked data; a "
        "scheme and a host, without a path, for pages link from the root. Default: the one it was "
        "asked by. With https:// browsers are asked to keep to it",
    )
    security_contact: str = Field(
        default="https://github.com/hit-compare/hit-compare/security/advisories/new",
        pattern=r"^(https://|mailto:)[\x21-\x7e]{3,200}$",
        description="Where weaknesses are reported, for /.well-known/security.txt: an address "
        "with https:// or mailto:",
    )
    corrections: str = Field(
        default="10/hour",
        pattern=RATE,
        description="Reports of wrong facts that one address may send",
    )
    corrections_per_day: int = Field(
        default=2_000, ge=1, description="Reports taken in a day from everybody together"
    )
    snapshots: str = Field(
        default="60/hour", pattern=RATE, description="New snapshots that one address may keep"
    )
    snapshots_per_day: int = Field(
        default=2_000, ge=1, description="New snapshots kept in a day for everybody together"
    )
    spool_dir: Path = Field(
        default=VAR / "imports",
        description="Folder of files uploaded for import; shared by the workers of one machine",
    )
    publishers_file: Path = Field(
        default=SHIPPED / "seed" / "publishers.json",
        description="Where public files are published, and when; hit-compare refresh reads it",
    )
    refresh_dir: Path = Field(
        default=VAR / "refresh", description="Folder of the files that hit-compare refresh fetched"
    )
    refresh_contact: str | None = Field(
        default=None,
        pattern=r"^[\x21-\x7e]{3,200}$",
        description="Mail or web address that refresh tells publishers; some answer nobody without",
    )
    export_dir: Path = Field(
        default=VAR / "exports",
        description="Folder of whole collections, made once a release; shared by the workers of "
        "one machine",
    )
    accel_redirect: str | None = Field(
        default=None,
        pattern=r"^/[^\s?#]*[^/\s?#]$",
        description="Address under which the proxy in front (nginx) sends the files of EXPORT_DIR "
        "itself, told by X-Accel-Redirect; default: this service sends them",
    )
    max_upload_bytes: int = Field(
        default=300_000_000, ge=1_024, description="Larger uploads get a 413"
    )
    max_upload_plain_bytes: int = Field(
        default=2_000_000_000, ge=1_024, description="Most bytes an upload may unpack to"
    )
    max_upload_rows: int = Field(default=20_000_000, ge=1, description="Most lines of an upload")
    keep_missed_texts: bool = Field(
        default=False,
        description="Keep for 30 days, in folded words and without who typed them, the texts that "
        "searches find nothing for; hit-compare propose-words reads them",
    )
    webhook_hosts: list[str] = Field(
        default=[],
        description="Private hosts that webhooks may call, as JSON, each as it stands in their "
        "address: names, with the port where there is one. All others have to be public, and https",
    )
    cache_seconds: int = Field(
        default=60, ge=0, description="max-age of public answers, in seconds"
    )
    cache_bytes: int = Field(
        default=64_000_000, ge=0, description="Memory for answers of each server process"
    )
    cache_look_seconds: float = Field(
        default=0.2, ge=0, le=1, description="How long a release may go unnoticed by a process"
    )
    reader_agent: str = Field(
        default="hit-compare-reader (+https://github.com/hit-compare/hit-compare)",
        min_length=3,
        pattern=r"^[\x20-\x7e]+$",
        description="How `hit-compare read` introduces itself to schools' sites; name a contact",
    )
    key_pepper: SecretStr = Field(
        default=SecretStr(""),
        description="Mixed into the stored hashes of keys; another value voids every key",
    )
    key_failures_per_minute: int = Field(
        default=10,
        ge=1,
        description="Wrong keys an address may send in a minute; further wrong ones get a 429",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Lets /metrics answer other machines that send it as Authorization: Bearer; "
        "without it only this machine is answered",
    )
    rate_limit_per_address: str | None = Field(
        default=None,
        pattern=RATE,
        description="Requests of one client address, e.g. 600/minute; IPv6 by /64 network. Behind "
        "a proxy it is the address the server takes from X-Forwarded-For, which it does for "
        "the proxies named in FORWARDED_ALLOW_IPS only",
    )
    rate_limit_per_key: str | None = Field(
        default=None,
        pattern=RATE,
        description="Requests with one key from all addresses, counted beside the address",
    )
    forwarded_allow_ips: str | None = Field(
        default=None,
        description="Proxies whose X-Forwarded-For is believed: addresses and networks, with "
        "commas. By default those of this machine while nobody else can connect, and none where "
        "--host opens the server to others",
    )
    rate_limit_storage: str = Field(
        default="memory://",
        pattern=r"^(memory|rediss?|redis\+unix)://",
        description="memory:// counts in each server process; redis://host:6379 in one place",
    )


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings of this process; later changes of the environment are not seen.

    Raises:
        SystemExit: A variable cannot be used: names it, and says what it takes.
    """
    try:
        return Settings()
    except ValidationError as error:
        sys.exit("\n".join(map(_explain, error.errors())))


def _explain(fault: ErrorDetails) -> str:
    name = str(fault["loc"][0])
    description = Settings.model_fields[name].description or ""
    return f"{name.upper()} cannot be {fault['input']!r}: {fault['msg']}. It is: {description}."
