"""GET /v1/lookup."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.queries import lookup
from app.routes.session import SessionDep
from app.schemas.lookup import LookupAnswer, LookupQuery

router = APIRouter(prefix="/lookup", tags=["Data and method"])


@router.get("", summary="Find the record of an identifier: school, field, occupation, credential")
def look_up_identifier(session: SessionDep, query: Annotated[LookupQuery, Query()]) -> LookupAnswer:
    return lookup.look_up(session, query)
