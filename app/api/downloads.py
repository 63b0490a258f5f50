"""Whole collections and parts of them as downloads: with tags, hashes, ranges and codings.

All that can be refused is refused before the first byte. Whoever reads slowly holds an open file,
no thread and no connection to the database.
"""

import base64
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import closing
from email.utils import format_datetime
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from anyio import CapacityLimiter, fail_after, sleep
from anyio.to_thread import run_sync
from fastapi import Request, Response
from pydantic import BaseModel
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.domain.reader import ANYBODY, Reader
from app.domain.text.byte_ranges import Slice, UnsatisfiableError, parse_range
from app.domain.text.conditional import may_send_range
from app.domain.text.negotiation import choose_coding
from app.errors import UnavailableError
from app.exports.collections import files
from app.exports.release_files import (
    CODINGS,
    QUICK,
    Edition,
    Made,
    Parts,
    encode,
    few_rows,
    find_coded,
    find_edition,
    find_file,
    make_coded,
    make_file,
    newest_edition,
    read_slices,
    rows_for_reader,
)
from app.exports.release_tables import Numbers
from app.http.dependencies import database_of
from app.http.html import base_of, conditional_response
from app.http.problems import kind_for_status, problem_response
from app.schemas.exports import ExportFile, ExportList
from app.settings import get_settings
from app.store.database import read_snapshot
from app.store.outages import OUTAGES

log = logging.getLogger(__name__)

SECONDS_TO_WAIT = 25
"""How long a caller waits for a file that is being made."""

FEW = 300
"""Rows that are made for a caller alone while the whole file is not there."""

READERS = CapacityLimiter(2)
"""Threads that read files and questions for downloads: a part takes one for a moment only."""

MAKERS = CapacityLimiter(2)
"""Threads that make files; they and the readers have a connection each at most."""

Found = TypeVar("Found")


class PartsResponse(StreamingResponse):
    """Sends parts that a thread reads one at a time, as the caller takes them."""

    def __init__(
        self, parts: Parts, status_code: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(self._read(parts), status_code, headers)
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them, and let go of their file also where the caller leaves."""
        with closing(self._parts):
            await super().__call__(scope, receive, send)

    @staticmethod
    async def _read(parts: Parts) -> AsyncIterator[bytes]:
        while part := await _run(next, parts, b""):
            yield part


async def send_collection(request: Request, name: str) -> Response:
    """Return a whole collection, or the part of it or the word on it that is asked for.

    Raises:
        UnavailableError: It is still being made.
    """
    return await _send_whole(request, await _newest(request), name)


async def send_rows(
    request: Request,
    name: str,
    query: BaseModel,
    find: Callable[[Session], Numbers | None],
    reader: Reader = ANYBODY,
) -> Response:
    """Return the rows of a collection that a question lets through, in the order of the whole.

    Args:
        request: Whose headers count.
        name: Of the file.
        query: The question, which the entity tag is made of.
        find: Returns the numbers of the rows; None: all of them.
        reader: Whose prices are in the rows.

    Raises:
        InvalidRequestError: The question cannot be answered.
        UnavailableError: The whole file, which these are taken from, is still being made.
    """
    engine = database_of(request).engine
    if not query.model_fields_set:
        return await send_collection(request, name)

    def look() -> tuple[Edition, Numbers | None]:
        with read_snapshot(engine) as session:
            return find_edition(engine, session), find(session)

    edition, numbers = await _run(look)
    if numbers is None:
        return await _send_whole(request, edition, name)
    base = _base(request, name)
    etag = edition.tag(name, base, query.model_dump_json(exclude_unset=True))
    headers = _headers(name, edition, etag)
    if refusal := _conditional(request, edition, name, etag, headers):
        return refusal
    coding = _coding(request, name)
    if coding:
        headers["Content-Encoding"] = coding
    is_lines = files()[name].write is None
    if is_lines and not reader.pays_as_resident:
        parts: Parts = rows_for_reader(engine, edition, name, reader, numbers)
        if coding:
            parts = encode(parts, coding, QUICK)
        return PartsResponse(parts, headers=headers)
    if not is_lines or (len(numbers) <= FEW and not await _run(find_file, edition, name, base)):
        content = await _run(few_rows, engine, edition, name, base, numbers, reader)
        if content is None:  # a release came meanwhile: its rows may be others
            return await send_rows(request, name, query, find, reader)
        parts = (part for part in [content])
        size = len(content)
    else:
        made = await _made(request, edition, name, base)
        if made is None:
            return await send_rows(request, name, query, find)
        size = await _run(lambda: sum(end - start for start, end in made.slices(numbers)))
        parts = read_slices(made.path, made.slices(numbers))
    if coding:
        parts = encode(parts, coding, QUICK)
    else:
        headers["Content-Length"] = str(size)
    return PartsResponse(parts, headers=headers)


async def send_hash(request: Request, name: str) -> Response:
    """Return the hash of a whole collection as ``sha256sum --check`` reads it."""
    edition = await _newest(request)
    made = await _made(request, edition, name, _base(request, name))
    if made is None:
        return await send_hash(request, name)
    etag = f'"{made.sha256[:32]}-hash"'
    headers = {"ETag": etag, "Last-Modified": _date(edition, name)}
    if refusal := _conditional(request, edition, name, etag, headers):
        return refusal
    return Response(f"{made.sha256}  {name}\n", headers=headers, media_type="text/plain")


async def list_files(request: Request) -> ExportList:
    """Return every file of the newest release, by name, with what is known of those made."""
    edition = await _newest(request)
    made = {
        name: await _run(find_file, edition, name, _base(request, name)) for name in sorted(files())
    }
    return ExportList(
        release=edition.release,
        published_at=edition.published_at,
        items=[_to_item(edition, name, found) for name, found in made.items()],
    )


def _to_item(edition: Edition, name: str, found: Made | None) -> ExportFile:
    told = files()[name]
    collection, _, form = name.partition(".")
    has_lines = f"{collection}.ndjson" in files() and not told.is_linked
    return ExportFile(
        name=name,
        collection=collection,
        form=form,
        url=f"/v1/export/{name}",
        sha256_url=f"/v1/export/{name}.sha256",
        schema_url=f"/v1/export/{collection}.schema.json" if has_lines else None,
        media_type=told.media_type,
        description=told.what,
        takes_filters=told.is_filtered,
        changed_at=edition.changed_at(name),
        size_bytes=found.size if found else None,
        rows=found.rows if found else None,
        sha256=found.sha256 if found else None,
    )


async def find_hash(request: Request, name: str) -> tuple[int, str]:
    """Return the newest release, and the hash of a whole collection of it."""
    while True:
        edition = await _newest(request)
        if made := await _made(request, edition, name, _base(request, name)):
            return edition.release, made.sha256


async def _newest(request: Request) -> Edition:
    """Return the newest release; while the database is away, the last one known."""
    state = request.app.state
    try:
        found = await _run(newest_edition, database_of(request).engine)
    except OUTAGES:
        last: tuple[Engine, Edition] | None = getattr(state, "last_edition", None)
        if last is None or last[0] is not state.engine:
            raise
        log.warning("the newest release could not be looked up", exc_info=True)
        return last[1]
    state.last_edition = state.engine, found
    return found


async def _send_whole(request: Request, edition: Edition, name: str) -> Response:
    made = await _made(request, edition, name, _base(request, name))
    if made is None:
        return await send_collection(request, name)
    coding = _coding(request, name)
    etag = f'"{made.sha256[:32]}{f"-{coding}" if coding else ""}"'
    headers = _headers(name, edition, etag)
    if refusal := _conditional(request, edition, name, etag, headers):
        return refusal
    if coding:
        whole = made
        made = await _wait(lambda: find_coded(whole, coding), lambda: make_coded(whole, coding))
        headers["Content-Encoding"] = coding
    digest = base64.b64encode(bytes.fromhex(made.sha256)).decode()
    headers |= {"Accept-Ranges": "bytes", "Repr-Digest": f"sha-256=:{digest}:"}
    if prefix := get_settings().accel_redirect:
        path = made.path.relative_to(get_settings().export_dir)
        headers["X-Accel-Redirect"] = f"{prefix}/{quote(str(path))}"
        return Response(headers=headers)
    part: Slice | None = None
    if may_send_range(
        request.headers.get("if-range"), etag=etag, last_modified=edition.changed_at(name)
    ):
        try:
            part = parse_range(request.headers.get("range"), made.size)
        except UnsatisfiableError:
            return problem_response(
                request.scope,
                kind_for_status(416),
                "Nothing of the range asked for is there; "
                "Content-Range tells how long the file is.",
                headers={"Content-Range": f"bytes */{made.size}"},
            )
    start, end = part or (0, made.size)
    headers["Content-Length"] = str(end - start)
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{made.size}"
    parts = read_slices(made.path, [(start, end)])
    return PartsResponse(parts, 206 if part else 200, headers)


def _headers(name: str, edition: Edition, etag: str) -> dict[str, str]:
    return {
        "Content-Type": files()[name].media_type,
        "Content-Disposition": f'attachment; filename="{name}"',
        "ETag": etag,
        "Last-Modified": _date(edition, name),
    }


def _date(edition: Edition, name: str) -> str:
    return format_datetime(edition.changed_at(name), usegmt=True)


def _base(request: Request, name: str) -> str | None:
    return base_of(request) if files()[name].is_linked else None


def _coding(request: Request, name: str) -> str | None:
    if files()[name].is_packed:
        return None
    return choose_coding(", ".join(request.headers.getlist("accept-encoding")), list(CODINGS))


def _conditional(
    request: Request, edition: Edition, name: str, etag: str, headers: dict[str, str]
) -> Response | None:
    kept = {key: headers[key] for key in ("ETag", "Last-Modified")}
    return conditional_response(request, etag, kept, edition.changed_at(name))


async def _made(request: Request, edition: Edition, name: str, base: str | None) -> Made | None:
    """Return the file of a release, made if it is missing; None if a newer release came."""
    engine = database_of(request).engine
    made = await _wait(
        partial(find_file, edition, name, base), partial(make_file, engine, name, base)
    )
    return made if made.path == edition.place(name, base) else None


async def _wait(find: Callable[[], Made | None], make: Callable[[], Made | None]) -> Made:
    """Return what is there, else make it, or wait until whoever makes it is done.

    The making goes on if its caller leaves or has waited too long: others will ask again.

    Raises:
        UnavailableError: It takes too long, or cannot be made.
    """
    try:
        with fail_after(SECONDS_TO_WAIT):
            while True:
                if made := await _run(find):
                    return made
                if made := await run_sync(make, abandon_on_cancel=True, limiter=MAKERS):
                    return made
                await sleep(0.1)
    except TimeoutError as error:
        raise UnavailableError(
            "This file is being made, once a release. Ask again soon."
        ) from error
    except OSError as error:
        log.exception("a file of the release cannot be made")
        raise UnavailableError("This file cannot be made at the moment.") from error


async def _run(function: Callable[..., Found], *arguments: object) -> Found:
    return await run_sync(function, *arguments, limiter=READERS)
