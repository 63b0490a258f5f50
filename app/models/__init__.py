"""All tables; importing this package makes the metadata complete."""

from app.models import (
    advancement,
    changes,
    claims,
    classifications,
    corrections,
    credentials,
    guide,
    institutions,
    keys,
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
    "changes",
    "claims",
    "classifications",
    "corrections",
    "credentials",
    "guide",
    "institutions",
    "keys",
    "occupations",
    "programs",
    "releases",
    "snapshots",
    "sources",
    "statistics",
    "work_settings",
]
