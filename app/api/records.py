"""What editors read and write: the records of every collection, as the draft has them."""

from typing import Annotated

from fastapi import APIRouter, Body, Header, Path, Query, Request, Response

from app.clock import moment
from app.domain.keys import Actor, Scope
from app.http.auth import require
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.lists import link_pages
from app.ledger import drafts
from app.ledger.drafts import Proposal
from app.queries import collections
from app.schemas.drafts import EditAnswer, EditRead
from app.schemas.pages import Text
from app.schemas.records import (
    CollectionsRead,
    HistoryQuery,
    HistoryRead,
    RecordPage,
    RecordRead,
    RecordsQuery,
    RetireRequest,
    WriteRequest,
)
from app.store.changes import Author
from app.store.database import write_session

router = APIRouter(prefix="/admin", tags=["Keep it true"])

Collection = Annotated[Text, Path(max_length=50, description="Collection", examples=["program"])]
Claims = Annotated[Text, Path(max_length=50, description="Collection", examples=["cost_claim"])]
New = Annotated[Text, Path(max_length=50, description="Collection", examples=["practicum_claim"])]
Key = Annotated[
    Text,
    Path(
        max_length=300,
        description="Key, as in the feed of changes",
        examples=["sinclair-community-college-510707-associate"],
    ),
]
MISSING = {
    "values": {
        "program": "sinclair-community-college-510707-associate",
        "availability": "required",
        "hours_low": 120,
        "hours_high": 120,
        "source_url": "https://www.sinclair.edu/program/hit",
        "as_of": "2026-11",
        "basis": "stated_by_institution",
    },
    "why": "The page of the program tells it.",
}
"""An example of a record that is missing."""

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=200,
        description="The etag of the record as you read it; 428 without, 412 when it changed",
        examples=['"9d2ec3d7f85e2b04ea275393ced8f7ab"'],
    ),
]
Reader = Annotated[Actor, require(Scope.READ_DRAFTS)]
Writer = Annotated[Actor, require(Scope.WRITE_FACTS)]


@router.get(
    "/collections",
    summary="List collections with the shape of their records",
    description="Tells an editor which kinds of records there are, and which columns "
    "each of them has.",
    dependencies=[NO_PARAMETERS],
)
def list_collections(_actor: Reader) -> CollectionsRead:
    return collections.list_collections()


@router.get(
    "/records/{collection}",
    summary="List the records of a collection, as published",
    description="Lists the published records of one kind, such as the statements about "
    "costs, for an editor to work on.",
)
def list_records(
    request: Request,
    response: Response,
    session: SessionDep,
    collection: Claims,
    query: Annotated[RecordsQuery, Query()],
    _actor: Reader,
) -> RecordPage:
    page = drafts.list_records(session, collection, query)
    link_pages(request, response, page.next)
    return page


@router.post(
    "/records/{collection}",
    summary="Propose a new record",
    description="Lets an editor propose a record that is missing; nobody sees it until "
    "it is published.",
    status_code=201,
    dependencies=[NO_PARAMETERS],
)
def create_record(
    request: Request,
    response: Response,
    collection: New,
    body: Annotated[WriteRequest, Body(examples=[MISSING])],
    actor: Writer,
) -> EditAnswer:
    proposal = Proposal("create", collection, None, body.values)
    return _propose(request, response, proposal, Author(actor.name, body.why), None)


@router.get(
    "/records/{collection}/{key:path}/history",
    summary="Read who changed a record, when, why, and what it said before",
    description="Tells an editor who changed a record, when and why, and what it said before.",
)
def get_history(
    session: SessionDep,
    collection: Collection,
    key: Key,
    query: Annotated[HistoryQuery, Query()],
    _actor: Reader,
) -> HistoryRead:
    return drafts.get_history(session, collection, key, query.field)


@router.post(
    "/records/{collection}/{key:path}/retire",
    summary="Propose to take a record out; its address and history stay",
    description="Lets an editor propose to take out a record, such as a program that "
    "closed; its address and its history stay.",
    dependencies=[NO_PARAMETERS],
)
def retire_record(
    request: Request,
    response: Response,
    collection: Collection,
    key: Key,
    body: RetireRequest,
    actor: Writer,
    if_match: IfMatch = None,
) -> EditAnswer:
    proposal = Proposal("retire", collection, key, {})
    return _propose(request, response, proposal, Author(actor.name, body.why), if_match)


@router.get(
    "/records/{collection}/{key:path}",
    summary="Read one record as the draft has it, with the etag that a change needs",
    description="Shows an editor one record as it stands in the draft, with the tag "
    "that a change has to name.",
    dependencies=[NO_PARAMETERS],
)
def get_record(
    request: Request, response: Response, collection: Collection, key: Key, _actor: Reader
) -> RecordRead:
    with drafts.draft_session(request.app.state.engine) as session:
        found = drafts.read_in_draft(session, collection, key, moment())
    response.headers["ETag"] = found.etag
    return found


@router.patch(
    "/records/{collection}/{key:path}",
    summary="Propose other values for some columns of a record",
    description="Lets an editor propose other values for a record; nobody sees them "
    "until they are published.",
    dependencies=[NO_PARAMETERS],
)
def change_record(
    request: Request,
    response: Response,
    collection: Collection,
    key: Key,
    body: WriteRequest,
    actor: Writer,
    if_match: IfMatch = None,
) -> EditAnswer:
    proposal = Proposal("change", collection, key, body.values)
    return _propose(request, response, proposal, Author(actor.name, body.why), if_match)


def _propose(
    request: Request, response: Response, proposal: Proposal, author: Author, if_match: str | None
) -> EditAnswer:
    with write_session(request.app.state.engine) as session:
        edit, record = drafts.propose(session, proposal, author, if_match=if_match, now=moment())
        answer = EditAnswer(edit=EditRead.model_validate(edit), record=record)
    response.headers["ETag"] = record.etag
    return answer
