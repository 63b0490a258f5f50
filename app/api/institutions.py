"""GET /v1/institutions."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.linked_data import BESIDE, negotiated
from app.clock import today
from app.exports.linked_institutions import to_institution
from app.http.dependencies import SessionDep, Unitid
from app.http.lists import link_pages
from app.queries import directory, institutions
from app.schemas.institutions import (
    InstitutionPage,
    InstitutionQuery,
    InstitutionRead,
    InstitutionRecordQuery,
)
from app.search.places import reader_of

router = APIRouter(prefix="/institutions", tags=["Find a program"])


@router.get(
    "",
    summary="Search the schools that offer a program of the catalogue",
    description="Finds the schools that offer such programs, for example those within "
    "50 miles of a ZIP code.\n\n"
    "`has_programs=any` finds every school of the federal directory, also those that report no "
    "program in the fields of the catalogue.",
)
def list_institutions(
    request: Request,
    response: Response,
    session: SessionDep,
    query: Annotated[InstitutionQuery, Query()],
) -> InstitutionPage:
    page = directory.list_schools(session, query)
    link_pages(request, response, page.next)
    return page


@router.get(
    "/{unitid}",
    summary="Show one school with its programs, place and control",
    description="Shows one school, such as Columbus State Community College, with its "
    "place, its accreditation and its programs.\n\n"
    "Schools go by their [UNITID](/docs/glossary#unitid).",
    response_model=InstitutionRead,
    responses=BESIDE,
)
def get_institution(
    request: Request,
    session: SessionDep,
    unitid: Unitid,
    query: Annotated[InstitutionRecordQuery, Query()],
) -> Response:
    reader = reader_of(query, query.near)
    read = institutions.get_institution(session, unitid, query.as_of or today(), reader)
    return negotiated(request, session, read, to_institution)
