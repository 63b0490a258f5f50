"""GET /v1/changes: what changed since a release, now or as soon as something does."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import Engine
from starlette.responses import Response

from app.domain.text.cursors import decode_cursor, encode_cursor
from app.errors import Fault, InvalidRequestError, StartOverError, UnavailableError
from app.http.dependencies import database_of
from app.http.lists import link_pages
from app.queries.releases import find_release
from app.schemas.changes import ChangeItem, ChangesQuery, ChangesRead, CollectionName
from app.store.changes import FeedPosition, read_feed
from app.store.database import read_snapshot

router = APIRouter(prefix="/changes", tags=["Data and method"])


@router.get(
    "",
    summary="Follow the catalogue: what changed since the release you hold",
    description="Tells what changed since a [release](/docs/glossary#release) that "
    "somebody holds, for sites that keep a copy in step.\n\n"
    "Whoever holds a release that is not there any more, as after a restored backup, is told to "
    "start over: status 410, [start-over](/problems/start-over).",
    response_model=ChangesRead,
)
def list_changes(request: Request, query: Annotated[ChangesQuery, Query()]) -> Response:
    # a layer has waited already, where that was asked for; text of megabytes is made here, in a
    # thread, as the framework would make it on the event loop
    page = _read(database_of(request).engine, query, request.app.state.engine)
    headers = {"Cache-Control": "no-cache"}
    response = Response(page.model_dump_json(), headers=headers, media_type="application/json")
    link_pages(request, response, page.next)
    return response


def _read(engine: Engine, query: ChangesQuery, primary: Engine) -> ChangesRead:
    about = f"changes since {query.since}"
    if query.collection:
        about += f" in {','.join(sorted(query.collection))}"
    with read_snapshot(engine) as session:
        release = find_release(session)
        newest = release.number if release else 0
        if query.since > newest:
            raise _why_ahead(primary, query.since)
        position = _to_position(query.cursor, about)
        items, following = read_feed(
            session, query.since, position, query.limit, set(map(str, query.collection))
        )
    return ChangesRead(
        items=[
            ChangeItem(
                release=item.release,
                op="delete" if item.record is None else "upsert",
                collection=CollectionName(item.collection),
                key=item.key,
                record=item.record,
            )
            for item in items
        ],
        since=query.since,
        release=newest,
        next=following and encode_cursor([following.as_text()], about),
    )


def _why_ahead(primary: Engine, since: int) -> StartOverError | UnavailableError:
    """Return why a release that somebody holds is not here: not yet, or not any more."""
    with read_snapshot(primary) as session:
        release = find_release(session)
    newest = release.number if release else 0
    if since <= newest:
        return UnavailableError("This server has not read the newest release yet. Ask again soon.")
    return StartOverError(f"There is no release {since} here; the newest is {newest}.")


def _to_position(cursor: str | None, about: str) -> FeedPosition | None:
    if cursor is None:
        return None
    try:
        return FeedPosition.from_text(str(decode_cursor(cursor, about, 1)[0]))
    except ValueError as error:
        words = f"cursor: {error}."
        raise InvalidRequestError([Fault(words, parameter="cursor", value=cursor)]) from error
