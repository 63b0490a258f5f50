"""GET /v1/export/{collection}.ndjson: whole collections, streamed."""

import hashlib
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import Engine
from starlette.responses import StreamingResponse

from app.database import read_snapshot
from app.errors import NotFoundError
from app.exports.programs import stream_csv, stream_ndjson
from app.queries.places import point_of
from app.queries.records import collections, export_lines
from app.queries.releases import find_release
from app.routes.session import NO_PARAMETERS
from app.schemas.pages import Text
from app.schemas.programs import ProgramFilters

router = APIRouter(prefix="/export", tags=["Data and method"])

CATALOGUE = "catalogue"
"""The name for all collections together."""

BYTES_A_PART = 64 * 1024


def _described(media_type: str, what: str) -> dict[int | str, Any]:
    return {
        200: {"description": what, "content": {media_type: {"schema": {"type": "string"}}}},
    }


NDJSON = "application/x-ndjson"
CSV = "text/csv"
ORDER = "By school, name and slug"


@router.get(
    "/programs.ndjson",
    summary="Take away every program that filters let through, as lists serve it, a line each",
    description="Gives every program that matches as one file for software, a line "
    "each; the example takes those of Ohio.",
    response_class=StreamingResponse,
    responses=_described(NDJSON, f"{ORDER}; the last line has release, rows and sha256"),
)
def export_programs_ndjson(
    request: Request, query: Annotated[ProgramFilters, Query()]
) -> StreamingResponse:
    check_place(query)
    return _attached(stream_ndjson(request.app.state.engine, query), NDJSON, "programs.ndjson")


@router.get(
    "/programs.csv",
    summary="Take away every program that filters let through, as a table; empty is unknown",
    description="Gives every program that matches as a table for a spreadsheet; the "
    "example takes those of Ohio.\n\n"
    "An empty cell is unknown. The [quick start](/docs/quick-start#spreadsheet) shows "
    "how to open it in Excel, LibreOffice and Google Sheets.",
    response_class=StreamingResponse,
    responses=_described(CSV, f"{ORDER}; the last line, a comment, has the same"),
)
def export_programs_csv(
    request: Request, query: Annotated[ProgramFilters, Query()]
) -> StreamingResponse:
    check_place(query)
    return _attached(stream_csv(request.app.state.engine, query), CSV, "programs.csv")


def check_place(query: ProgramFilters) -> None:
    """Refuse a place that is not known before anything is sent."""
    if query.near:
        point_of(query.near)


def _attached(content: Iterator[bytes], media_type: str, name: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(content, media_type=media_type, headers=headers)


@router.get(
    "/{collection}.ndjson",
    summary="Take a whole collection away, or the catalogue: one record a line",
    description="Gives one whole collection as a file, such as the work settings, for "
    "those who keep a copy.\n\n"
    "`catalogue` is all of them, some 100,000 lines.",
    response_class=StreamingResponse,
    responses=_described(
        NDJSON, "By collection and key; the last line has the sha256 of all lines before it"
    ),
    dependencies=[NO_PARAMETERS],
)
def export_collection(
    request: Request,
    collection: Annotated[
        Text,
        Path(
            max_length=50,
            description="Collection, or `catalogue` for all of them",
            examples=["work_setting"],
        ),
    ],
) -> StreamingResponse:
    names = [*collections(), CATALOGUE]
    if collection not in names:
        raise NotFoundError("collection", collection, known=names)
    wanted = None if collection == CATALOGUE else [collection]
    return _attached(_stream(request.app.state.engine, wanted), NDJSON, f"{collection}.ndjson")


def _stream(engine: Engine, wanted: list[str] | None) -> Iterator[bytes]:
    digest = hashlib.sha256()
    with read_snapshot(engine) as session:
        release = find_release(session)
        number = release.number if release else 0
        part = bytearray()
        for line in export_lines(session, wanted):
            part += line.encode() + b"\n"
            if len(part) >= BYTES_A_PART:
                digest.update(part)
                yield bytes(part)
                part.clear()
    digest.update(part)
    trailer = f'{{"release":{number},"sha256":"{digest.hexdigest()}"}}\n'
    yield bytes(part) + trailer.encode()
