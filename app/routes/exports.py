"""GET /v1/export/{collection}.ndjson: whole collections, streamed."""

import hashlib
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Path, Request
from sqlalchemy import Engine
from starlette.responses import StreamingResponse

from app.database import read_snapshot
from app.errors import NotFoundError
from app.queries.records import collections, export_lines
from app.queries.releases import find_release
from app.routes.session import NO_PARAMETERS
from app.schemas.pages import Text

router = APIRouter(prefix="/export", tags=["Data and method"], dependencies=[NO_PARAMETERS])

CATALOGUE = "catalogue"
"""The name for all collections together."""

BYTES_A_PART = 64 * 1024


@router.get(
    "/{collection}.ndjson",
    summary="Take a whole collection away, or the catalogue: one record a line",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "A line a record, by collection and key; the last line has the sha256 "
            "of all lines before it",
            "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
        }
    },
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
    return StreamingResponse(
        _stream(request.app.state.engine, wanted),
        media_type="application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="{collection}.ndjson"'},
    )


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
