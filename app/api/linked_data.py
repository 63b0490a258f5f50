"""Programs, credentials and schools as JSON-LD: by Accept, by address, and whole collections."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app.api.downloads import send_collection, send_rows
from app.api.exports import download_response
from app.clock import today
from app.domain.text.negotiation import choose_media_type
from app.errors import NotAcceptableError
from app.exports.collections import LINKED, find_institutions, find_programs
from app.exports.linked_credentials import to_credential
from app.exports.linked_data import Node, Site, document
from app.exports.linked_institutions import to_institution
from app.exports.linked_programs import to_program
from app.http.answers import send_json
from app.http.dependencies import NO_PARAMETERS, Code, SessionDep, Slug, Unitid
from app.http.html import base_of
from app.queries import credentials, details, institutions, linked_data
from app.queries.dossiers import get_dossier
from app.schemas.institutions import InstitutionFilters
from app.schemas.pages import DayQuery, Stamp
from app.schemas.programs import ProgramFilters

router = APIRouter()

OFFERED = ("application/json", LINKED)

Read = TypeVar("Read", bound=Stamp)


NODE = {
    "type": "object",
    "required": ["@context"],
    "properties": {"@context": {"type": "object", "description": "What the other names mean"}},
    "additionalProperties": True,
}


def _described(what: str) -> dict[int | str, Any]:
    return {200: {"description": what, "content": {LINKED: {"schema": NODE}}}}


BESIDE = _described("As JSON, or as JSON-LD where Accept prefers it")
"""What a negotiated address answers beside its JSON."""
ALONE = _described("One node in terms of schema.org and CTDL; what is unknown is left out")
GRAPH = download_response(
    LINKED, "One document: `@context`, and a `@graph` with a node a line", NODE
)


def negotiated(
    request: Request, session: Session, read: Read, to_node: Callable[[Read, Site], Node]
) -> Response:
    """Return a record as it is, or as linked data where the Accept header prefers them.

    Raises:
        NotAcceptableError: It allows neither.
    """
    wanted = choose_media_type(request.headers.get("accept"), OFFERED)
    if wanted is None:
        raise NotAcceptableError(list(OFFERED))
    if wanted == LINKED:
        return _linked(request, session, read, to_node, {"Vary": "Accept"})
    return send_json(read, {"Vary": "Accept"})


def _linked(
    request: Request,
    session: Session,
    read: Read,
    to_node: Callable[[Read, Site], Node],
    headers: dict[str, str] | None = None,
) -> Response:
    site = Site(base_of(request), linked_data.load_references(session, read.as_of))
    return Response(document(to_node(read, site)), headers=headers, media_type=LINKED)


@router.get(
    "/programs/{slug}.jsonld",
    summary="Show one program as linked data in terms of schema.org and CTDL",
    description="Shows one program in the words that search engines and credential "
    "registries read.\n\n"
    "A counselor is better served by *Show everything known on one program*.",
    tags=["Find a program"],
    response_class=Response,
    responses=ALONE,
    include_in_schema=False,  # the record answers so by Accept
)
def get_program_as_linked_data(
    request: Request,
    session: SessionDep,
    slug: Slug,
    query: Annotated[DayQuery, Query()],
) -> Response:
    read = details.get_details(get_dossier(session, slug, query.as_of or today()))
    return _linked(request, session, read, to_program)


@router.get(
    "/credentials/{code}.jsonld",
    summary="Show one credential as linked data in terms of schema.org and CTDL",
    description="Shows one credential in the words that search engines and credential "
    "registries read.\n\n"
    "A counselor is better served by *Show one credential*.",
    tags=["Look up a credential"],
    response_class=Response,
    responses=ALONE,
    include_in_schema=False,  # the record answers so by Accept
)
def get_credential_as_linked_data(
    request: Request,
    session: SessionDep,
    code: Code,
    query: Annotated[DayQuery, Query()],
) -> Response:
    read = credentials.get_credential(session, code, query.as_of or today())
    return _linked(request, session, read, to_credential)


@router.get(
    "/institutions/{unitid}.jsonld",
    summary="Show one school as linked data in terms of schema.org and CTDL",
    description="Shows one school in the words that search engines and credential "
    "registries read.\n\n"
    "A counselor is better served by *Show one school*.",
    tags=["Find a program"],
    response_class=Response,
    responses=ALONE,
    include_in_schema=False,  # the record answers so by Accept
)
def get_institution_as_linked_data(
    request: Request,
    session: SessionDep,
    unitid: Unitid,
    query: Annotated[DayQuery, Query()],
) -> Response:
    read = institutions.get_institution(session, unitid, query.as_of or today())
    return _linked(request, session, read, to_institution)


@router.get(
    "/export/programs.jsonld",
    summary="Take away every program that filters let through, as linked data",
    description="Gives every program that matches in the words that search engines and "
    "registries read; the example takes those of Vermont.\n\n"
    "Without a filter it is some 43 MB.",
    tags=["Data and method"],
    response_class=Response,
    responses=GRAPH,
)
async def export_programs_as_linked_data(
    request: Request, query: Annotated[ProgramFilters, Query()]
) -> Response:
    return await send_rows(request, "programs.jsonld", query, partial(find_programs, filters=query))


@router.get(
    "/export/credentials.jsonld",
    summary="Take away every credential as linked data",
    description="Gives every credential in the words that search engines and credential "
    "registries read.",
    tags=["Data and method"],
    response_class=Response,
    responses=GRAPH,
    dependencies=[NO_PARAMETERS],
)
async def export_credentials_as_linked_data(request: Request) -> Response:
    return await send_collection(request, "credentials.jsonld")


@router.get(
    "/export/institutions.jsonld",
    summary="Take away every school that filters let through, as linked data",
    description="Gives every school that matches in the words that search engines and "
    "registries read; the example takes those of Vermont.",
    tags=["Data and method"],
    response_class=Response,
    responses=GRAPH,
)
async def export_institutions_as_linked_data(
    request: Request, query: Annotated[InstitutionFilters, Query()]
) -> Response:
    return await send_rows(
        request, "institutions.jsonld", query, partial(find_institutions, filters=query)
    )
