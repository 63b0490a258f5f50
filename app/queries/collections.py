"""The collections of the catalogue, and the shape of what editors write into them."""

from app.schemas.records import CLAIMS, WRITABLE, CollectionRead, CollectionsRead, values_model
from app.store.records import collections


def list_collections() -> CollectionsRead:
    """Return every collection, by name, with the shape of what editors write."""
    items = [
        CollectionRead(
            collection=name,
            is_writable=name in WRITABLE,
            is_evidence=name in CLAIMS,
            record_schema=values_model(name).model_json_schema() if name in WRITABLE else None,
        )
        for name in sorted(collections())
    ]
    return CollectionsRead(items=items)
