"""Read the JSON that editors write by hand: strict shapes, all faults named, no sales language."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from app.domain.independence import find_sales_language
from app.domain.vocabulary import Basis
from app.errors import ImportFileError
from app.importers.job import Importer, Job
from app.importers.odd_cells import MAX_COMPLAINTS
from app.importers.reading import CheckedFile
from app.store.rows import Tally
from app.store.tables.sources import Source

ARTICLE = Source(
    key="source-article",
    title="A publisher's career guide on becoming a health information technician",
    publisher="Not named",
    licence="Facts only, retold in our own words",
    edition="Undated; its references were retrieved in March and April 2025",
    basis=Basis.EDITORIAL,
)
"""One career guide, whose facts are retold."""

OWN = Source(
    key="hit-compare",
    title="Compiled by hit-compare from the pages each entry names",
    publisher="hit-compare",
    licence="Apache-2.0",
    basis=Basis.EDITORIAL,
)
"""What the project itself compiles and fills in."""


def authored_importer(
    key: str,
    pattern: str,
    title: str,
    order: int,
    run: Callable[[Job, Source], Tally],
    *,
    source: Source = ARTICLE,
    suffix: str = "json",
) -> Importer:
    """Return the importer of a file that editors write, or that comes with theirs."""
    return Importer(
        key=key, title=title, pattern=pattern, order=order, source=source, run=run, suffix=suffix
    )


class Authored(BaseModel):
    """An entry of an authored file; a misspelt key is refused."""

    model_config = ConfigDict(extra="forbid")


def read_object(file: CheckedFile, parts: Sequence[str]) -> dict[str, Any]:
    """Return the JSON object in a file, which has exactly these parts.

    Raises:
        ImportFileError: Not JSON, not an object, or other parts.
    """
    with file.open() as text:
        try:
            content = json.load(text)
        except ValueError as error:
            raise ImportFileError([f"{file.path.name}: not JSON: {error}."]) from error
    if not isinstance(content, dict) or set(content) != set(parts):
        raise ImportFileError(
            [f"{file.path.name}: the object must have exactly the parts {', '.join(parts)}."]
        )
    return content


def read_entries(file: CheckedFile, entries: TypeAdapter[list[Any]]) -> list[Any]:
    """Return the entries of a JSON file.

    Raises:
        ImportFileError: Not JSON, entries that do not fit, or sales language in one; each
            named by its place.
    """
    with file.open() as text:
        content = text.read()
    try:
        found = entries.validate_json(content)
    except ValidationError as error:
        raise ImportFileError(
            [
                f"{file.path.name}, at {'.'.join(map(str, fault['loc'])) or 'the top'}: "
                f"{fault['msg']}."
                for fault in error.errors()[:MAX_COMPLAINTS]
            ]
        ) from error
    complaints = [
        f"{file.path.name}, at {place}: {text!r} holds sales language, {phrase!r}."
        for at, entry in enumerate(found)
        for place, text in texts_in(entry.model_dump(mode="json"), str(at))
        if (phrase := find_sales_language(text))
    ]
    if complaints:
        raise ImportFileError(complaints[:MAX_COMPLAINTS])
    return found


def texts_in(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield place and text of every text inside a value."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_in(inner, f"{place}.{key}")
    elif isinstance(value, Sequence):
        for at, inner in enumerate(value):
            yield from texts_in(inner, f"{place}.{at}")
