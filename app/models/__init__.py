"""All tables; importing this package makes the metadata complete."""

from app.models import (
    advancement,
    claims,
    classifications,
    credentials,
    guide,
    institutions,
    occupations,
    programs,
    releases,
    snapshots,
    sources,
    statistics,
    work_settings,
)

__all__ = [
    "advancement",
    "claims",
    "classifications",
    "credentials",
    "guide",
    "institutions",
    "occupations",
    "programs",
    "releases",
    "snapshots",
    "sources",
    "statistics",
    "work_settings",
]
