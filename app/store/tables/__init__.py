"""All tables; importing this package makes the metadata complete."""

from sqlmodel import SQLModel

# tables are filled by the database, which checks nothing by them: what would check is made when
# one is first used for that, and not for each of them at every start
SQLModel.model_config["defer_build"] = True

from app.store.tables import (  # noqa: E402
    advancement,
    areas,
    changes,
    claims,
    classifications,
    corrections,
    credentials,
    facts,
    guide,
    institutions,
    keys,
    missed_texts,
    occupations,
    programs,
    reading,
    releases,
    search,
    shared_facts,
    snapshots,
    sources,
    statistics,
    webhooks,
    work_settings,
)

__all__ = [
    "advancement",
    "areas",
    "changes",
    "claims",
    "classifications",
    "corrections",
    "credentials",
    "facts",
    "guide",
    "institutions",
    "keys",
    "missed_texts",
    "occupations",
    "programs",
    "reading",
    "releases",
    "search",
    "shared_facts",
    "snapshots",
    "sources",
    "statistics",
    "webhooks",
    "work_settings",
]
