"""The session every route asks for, and the path types they share."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlmodel import Session

from app.database import MAX_OVERFLOW, POOL_SIZE
from app.schemas.pages import QueryModel


def get_session(request: Request) -> Iterator[Session]:
    """Open a session for one request."""
    with Session(request.app.state.engine) as session:
        yield session


SessionDep = Annotated[
    Session,
    # one limit for all routes: more waiting requests than connections would deadlock the pool
    Depends(get_session, max_concurrency=POOL_SIZE + MAX_OVERFLOW),
]


def take_no_parameters(_query: Annotated[QueryModel, Query()]) -> None:
    """Refuse any query string, as a misspelt or misplaced parameter would else go unnoticed."""


NO_PARAMETERS = Depends(take_no_parameters)
