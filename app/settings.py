"""The environment, read once: every setting of the service and its default."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """Settings by environment variable; the field name in upper case is the variable."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore")

    database_url: str = Field(
        default=f"sqlite:///{ROOT / 'var' / 'catalogue.db'}",
        description="SQLAlchemy address; sqlite:///file or postgresql+psycopg://user@host/name",
    )
    seed_dir: Path = Field(default=ROOT / "seed", description="Folder of the seed")
    max_body_bytes: int = Field(default=65_536, ge=1_024, description="Larger bodies get a 413")
    allowed_hosts: list[str] = Field(
        default=["*"], description='Host names answered, as JSON; ["*"] answers any'
    )
    cache_seconds: int = Field(
        default=60, ge=0, description="max-age of public answers, in seconds"
    )


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings of this process; later changes of the environment are not seen."""
    return Settings()
