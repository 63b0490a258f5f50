"""The catalogue as a data set, as search engines for data read it."""

from collections.abc import Iterable

from app.exports.collections import CATALOGUE, CSV, SQLITE, files
from app.exports.linked_data import SCHEMA_ORG, Node, known
from app.store.tables.releases import Release


def to_dataset(release: Release | None, base: str, sources: Iterable[str]) -> Node:
    """Return the catalogue with its files: tables, the database, all of it; of a release, if any.

    ``sources`` are addresses of what it rests on.
    """
    told = [
        (name, one)
        for name, one in files().items()
        if one.media_type in (CSV, SQLITE) or name.startswith(CATALOGUE)
    ]
    return known(
        {
            "@context": SCHEMA_ORG,
            "@id": f"{base}/data#dataset",
            "@type": "Dataset",
            "name": "hit-compare: US health information programs, schools and credentials",
            "description": "Every US program in health information, medical records, medical "
            "coding and health informatics, with accreditation, prices, length, delivery, "
            "transfer and outcomes as far as sources tell them; credentials, work settings, "
            "advancement paths and wages. Each fact has its source and date.",
            "url": f"{base}/data",
            "creator": {"@type": "Organization", "name": "hit-compare", "url": f"{base}/"},
            "isAccessibleForFree": True,
            "keywords": [
                "health information management",
                "health information technology",
                "medical coding",
                "higher education",
                "accreditation",
                "tuition",
            ],
            "spatialCoverage": {"@type": "Country", "name": "United States"},
            "version": str(release.number) if release else None,
            "dateModified": release.published_at.date().isoformat() if release else None,
            "isBasedOn": list(sources),
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": name,
                    "description": one.what,
                    "encodingFormat": one.media_type.partition(";")[0],
                    "contentUrl": f"{base}/v1/export/{name}",
                }
                for name, one in told
            ],
        }
    )
