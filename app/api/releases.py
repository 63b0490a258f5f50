"""GET /v1/releases: published states and what each changed."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.api.downloads import find_hash
from app.errors import ConflictError, NotFoundError
from app.exports.collections import CATALOGUE
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.lists import link_pages
from app.queries import releases
from app.schemas.pages import Page
from app.schemas.releases import DigestRead, ReleaseItem, ReleaseQuery, ReleaseRead

router = APIRouter(prefix="/releases", tags=["Data and method"])


@router.get(
    "",
    summary="List published states of the catalogue, the newest first",
    description="Lists the dates on which the catalogue was published anew, and what "
    "each time changed.\n\n"
    "See [release](/docs/glossary#release).",
)
def list_releases(
    request: Request,
    response: Response,
    session: SessionDep,
    query: Annotated[ReleaseQuery, Query()],
) -> Page[ReleaseItem]:
    page = releases.list_releases(session, query)
    link_pages(request, response, page.next)
    return page


Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number", examples=[1])]


@router.get(
    "/{number}",
    summary="Show one release with its report: rows, known shares of fields, rank moves",
    description="Shows what changed with one publication of the catalogue.",
    dependencies=[NO_PARAMETERS],
)
def get_release(session: SessionDep, number: Number) -> ReleaseRead:
    return releases.get_release(session, number)


@router.get(
    "/{number}/digest",
    summary="Prove a copy: the sha256 of the newest release's export",
    description="Proves that a copy of the whole catalogue is complete and unchanged, "
    "for those who keep one.",
    dependencies=[NO_PARAMETERS],
)
async def get_release_digest(request: Request, number: Number) -> DigestRead:
    newest, sha256 = await find_hash(request, f"{CATALOGUE}.ndjson")
    if number > newest:
        raise NotFoundError("release", str(number))
    if number < newest:
        raise ConflictError(f"Release {number} is not the newest any more.")
    return DigestRead(release=number, sha256=sha256)
