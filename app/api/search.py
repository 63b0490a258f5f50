"""GET /v1/search and /v1/suggest."""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response

from app.clock import today
from app.http.answers import send_json
from app.http.dependencies import SessionDep
from app.http.lists import ListReaders, ListRoute
from app.queries.everything import search_everything
from app.schemas.search import SearchAnswer, SearchQuery
from app.schemas.suggestions import SuggestionQuery, Suggestions
from app.search.index import Index
from app.search.suggesting import suggest

router = APIRouter(prefix="/search", tags=["Find a program"])
suggestions = APIRouter(prefix="/suggest", tags=["Find a program"], route_class=ListRoute)


@router.get(
    "",
    summary="Search in everything: programs, schools, credentials, roles, guide, figures",
    description="Finds whatever answers a text, such as *RHIA salary*: programs, schools, "
    "credentials, roles, sections of the guide and figures.\n\n"
    "What the text is about comes first, a few of each kind, each with why it is there; "
    "`understood` tells how the words were read, as in /v1/programs.",
)
def search_all(session: SessionDep, query: Annotated[SearchQuery, Query()]) -> SearchAnswer:
    return search_everything(session, query)


@suggestions.get(
    "",
    summary="Complete what somebody is typing: schools, fields, places, credentials",
    description="Completes what somebody types into a search box, such as the first "
    "letters of a school, of a city or of a field.\n\n"
    "The likeliest come first, each with what it stands for and how many programs that finds; "
    "errors of typing are looked past only where nothing begins so.",
    response_model=Suggestions,
)
async def list_suggestions(
    request: Request, query: Annotated[SuggestionQuery, Query()]
) -> Response:
    readers: ListReaders = request.app.state.list_readers
    await readers.take_turn()
    if (index := readers.kept(request)) and "lexicon" in vars(index):
        return send_json(_suggested(index, query))
    return await run_sync(_compute, readers, request, query, limiter=readers.threads)


def _compute(readers: ListReaders, request: Request, query: SuggestionQuery) -> Response:
    return readers.read(request, lambda _, index: send_json(_suggested(index, query)))


def _suggested(index: Index, query: SuggestionQuery) -> Suggestions:
    items, is_mended = suggest(index, query)
    return Suggestions(
        items=items,
        is_mended=is_mended,
        release=index.release,
        as_of=today(),
        sources=index.sources,
    )
