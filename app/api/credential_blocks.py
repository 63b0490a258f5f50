"""GET /v1/credentials/{code}/block: a credential in words, for pages of other sites."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.clock import today
from app.http.dependencies import Code, SessionDep
from app.http.html import base_of
from app.queries.credentials import get_credential
from app.queries.sources import list_titles
from app.schemas.embeds import BlockQuery, BlockRead
from app.site.credential_blocks import credential_block

router = APIRouter(tags=["Put it on your site"])


@router.get(
    "/credentials/{code}/block",
    summary="Show a credential in words, to set into your own pages",
    description="Gives exam, fees and renewal of a credential in words, in English or Spanish, "
    "with sources and date: a site fetches it each night and sets it as it likes.\n\n"
    "The same as a piece of HTML is at `/embed/credential/{code}/block`.",
)
def get_block(
    request: Request, session: SessionDep, code: Code, query: Annotated[BlockQuery, Query()]
) -> BlockRead:
    credential = get_credential(session, code, query.as_of or today())
    return credential_block(query.lang, base_of(request), list_titles(session), credential)
