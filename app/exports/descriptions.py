"""What software is told of the files: as a data package, CSV on the Web, Datasette, JSON Schema."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.exports.collections import CATALOGUE, TABLES, model_of
from app.exports.forms import DATABASE, UNKNOWN
from app.exports.release_tables import Column, Kind, ReleaseTable, schema_of
from app.schemas.exports import ExportFile, ExportList
from app.store.records import BOOKKEEPING, KEYS, collections

TITLE = "hit-compare: US health information programs"
LICENCES = "Each source has its own license: see the table sources."

WRITTEN = {
    Kind.LIST: "Values with ; between them.",
    Kind.PAIRS: "Name:value with ; between them.",
    Kind.JSON: "A text of JSON.",
}
"""Kind of a column -> how its cells are written."""

PACKAGE_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    Kind.DATE: {"type": "date"},
    Kind.MOMENT: {"type": "datetime", "format": "any"},
    Kind.LIST: {"type": "string"},
    Kind.PAIRS: {"type": "string"},
    Kind.JSON: {"type": "string"},
}
"""Kind of a column -> its type in a data package (specs.frictionlessdata.io, version 1)."""


def to_data_package(listed: ExportList, base: str) -> dict[str, Any]:
    """Return all tables as a data package of their CSV files, which lie beside it."""
    made = {one.name: one for one in listed.items}
    return {
        "name": DATABASE,
        "title": TITLE,
        "description": UNKNOWN,
        "homepage": base,
        "version": str(listed.release),
        "created": listed.published_at.isoformat(),
        "profile": "tabular-data-package",
        "resources": [_resource(table, made[f"{name}.csv"]) for name, table in TABLES.items()],
    }


def _resource(table: ReleaseTable, file: ExportFile) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.links:
        schema["foreignKeys"] = [
            {"fields": column, "reference": {"resource": other, "fields": theirs}}
            for column, (other, theirs) in table.links.items()
        ]
    told: dict[str, Any] = {
        "name": table.name,
        "path": file.name,
        "profile": "tabular-data-resource",
        "description": table.what,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }
    if file.size_bytes is not None:
        told |= {"bytes": file.size_bytes, "hash": f"sha256:{file.sha256}"}
    return told


def _field(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, **PACKAGE_TYPES[column.kind]}
    if described := _described(column):
        told["description"] = described
    if column.is_required:
        told["constraints"] = {"required": True}
    return told


def _described(column: Column) -> str:
    return f"{column.description} {WRITTEN.get(column.kind, '')}".strip()


CSVW_TYPES: dict[Kind, Any] = {
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: {"base": "boolean", "format": "true|false"},
    Kind.DATE: "date",
    Kind.MOMENT: "dateTime",
    Kind.LIST: "string",
    Kind.PAIRS: "string",
    Kind.JSON: "string",
}
"""Kind of a column -> its type in CSV on the Web (W3C, Metadata Vocabulary for Tabular Data)."""


def to_csv_metadata(listed: ExportList, base: str) -> dict[str, Any]:
    """Return all tables as a group of CSV on the Web."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": TITLE,
        "dc:description": UNKNOWN,
        "dc:modified": listed.published_at.isoformat(),
        "tables": [
            {
                "url": f"{base}/v1/export/{table.name}.csv",
                "dc:description": table.what,
                "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
                "tableSchema": _csv_schema(table, base),
            }
            for table in TABLES.values()
        ],
    }


def _csv_schema(table: ReleaseTable, base: str) -> dict[str, Any]:
    told: dict[str, Any] = {"columns": [_csv_column(column) for column in table.columns]}
    if table.key:
        told["primaryKey"] = list(table.key)
    if table.links:
        told["foreignKeys"] = [
            {
                "columnReference": column,
                "reference": {
                    "resource": f"{base}/v1/export/{other}.csv",
                    "columnReference": theirs,
                },
            }
            for column, (other, theirs) in table.links.items()
        ]
    return told


def _csv_column(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "datatype": CSVW_TYPES[column.kind],
    }
    if described := _described(column):
        told["dc:description"] = described
    if column.kind is Kind.LIST:
        told["separator"] = ";"
    if column.is_required:
        told["required"] = True
    return told


def to_datasette(listed: ExportList, base: str) -> dict[str, Any]:
    """Return what Datasette shows beside the database: titles, columns, where it comes from."""
    return {
        "title": TITLE,
        "description": UNKNOWN,
        "source": f"hit-compare, release {listed.release}",
        "source_url": base,
        "license": LICENCES,
        "databases": {
            DATABASE: {
                "tables": {
                    name: {
                        "description": table.what,
                        "columns": {
                            one.name: one.description for one in table.columns if one.description
                        },
                    }
                    for name, table in TABLES.items()
                }
            }
        },
    }


@lru_cache(maxsize=1)
def schemas() -> Mapping[str, dict[str, Any]]:
    """Return the name of every collection and table -> the JSON Schema of one of its lines."""
    records = {name: _record_schema(name) for name in collections()}
    every = {
        "title": CATALOGUE,
        "description": "A record of any collection.",
        "oneOf": list(records.values()),
    }
    found = {**records, **{name: schema_of(one.model) for name, one in TABLES.items()}}
    found[CATALOGUE] = every
    return {
        name: {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        for name, schema in found.items()
    }


def _record_schema(collection: str) -> dict[str, Any]:
    """Return the shape of a record as the catalogue and the feed of changes have it."""
    model = model_of(collection)
    told = model.model_json_schema()
    fields = {
        KEYS[name][1] if name in KEYS else name: _key_schema(field) if name in KEYS else field
        for name, field in told["properties"].items()
        if name not in BOOKKEEPING
    }
    record = {
        "type": "object",
        "description": told.get("description", ""),
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
    return {
        "title": collection,
        "type": "object",
        "properties": {
            "collection": {"const": collection},
            "key": {"type": "string"},
            "record": record,
        },
        "required": ["collection", "key", "record"],
    }


def _key_schema(field: Mapping[str, Any]) -> dict[str, Any]:
    kinds: list[dict[str, str]] = [{"type": "string"}]
    if any(one.get("type") == "null" for one in field.get("anyOf", [])):
        kinds.append({"type": "null"})
    return {"anyOf": kinds, "description": "Slug of the program, or unitid or slug of the school"}
