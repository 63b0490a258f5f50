"""The session every route asks for, and the path types they share."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from sqlmodel import Session

from app.clock import moment
from app.domain.keys import Scope
from app.http.auth import check_key
from app.ledger.drafts import apply_draft, draft_session
from app.queries.kept import READING
from app.queries.rubrics import current_rubric
from app.schemas.pages import QueryModel, Text
from app.store.replicas import Database


def database_of(request: Request) -> Database:
    """Return the database that a request reads, as ``ReadElsewhere`` chose it."""
    chosen: Database = request.state.database
    return chosen


def get_session(request: Request) -> Iterator[Session]:
    """Open a session for one request; for the draft, one that sees what is proposed.

    Raises:
        UnauthorizedError: The draft is asked for without a key.
        ForbiddenError: The key may not read drafts.
    """
    if not getattr(request.state, "draft", False):
        with Session(database_of(request).snapshots, info=dict(READING)) as session:
            yield session
        return
    check_key(request, Scope.READ_DRAFTS)
    with draft_session(request.app.state.engine) as session:
        apply_draft(session, current_rubric(), moment())
        yield session


SessionDep = Annotated[
    Session,
    # closed before the answer is sent: who reads slowly holds no connection
    Depends(get_session, scope="function"),
]


def take_no_parameters(_query: Annotated[QueryModel, Query()]) -> None:
    """Refuse any query string, as a misspelt or misplaced parameter would else go unnoticed."""


NO_PARAMETERS = Depends(take_no_parameters)

Slug = Annotated[
    Text,
    Path(
        max_length=200,
        description="Address of the program, as in `slug` of the list",
        examples=["sinclair-community-college-510707-associate"],
    ),
]

Code = Annotated[
    Text,
    Path(
        max_length=100,
        description="Code in any case; former names and apprentice codes are understood",
        examples=["RHIT"],
    ),
]

Unitid = Annotated[
    Text,
    Path(
        max_length=150,
        description="UNITID of IPEDS; the slug for a school that has none",
        examples=["202222"],
    ),
]
