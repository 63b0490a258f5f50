"""GET /v1/lookup."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.http.dependencies import SessionDep
from app.queries import lookup
from app.schemas.lookup import LookupAnswer, LookupQuery

router = APIRouter(prefix="/lookup", tags=["Data and method"])


@router.get(
    "",
    summary="Find the record of an identifier: school, field, occupation, credential",
    description="Finds what a number or code stands for: a school, a field of study, an "
    "occupation or a credential.\n\n"
    "It takes one of [UNITID](/docs/glossary#unitid), [OPEID](/docs/glossary#opeid), "
    "[CIP](/docs/glossary#cip), [SOC](/docs/glossary#soc) or a credential's code; "
    "`CTR`, for example, is today called ODS.",
)
def look_up_identifier(session: SessionDep, query: Annotated[LookupQuery, Query()]) -> LookupAnswer:
    return lookup.look_up(session, query)
