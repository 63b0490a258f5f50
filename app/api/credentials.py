"""GET /v1/credentials, one credential, the programs that lead to it; GET /v1/accreditors."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.linked_data import BESIDE, negotiated
from app.api.rubrics import weights_of
from app.clock import today
from app.domain.text.negotiation import choose_media_type
from app.errors import NotAcceptableError
from app.exports.collections import CSV
from app.exports.credentials import to_table
from app.exports.linked_credentials import to_credential
from app.http.answers import send_json
from app.http.dependencies import NO_PARAMETERS, Code, SessionDep
from app.http.html import base_of
from app.http.lists import link_pages, part_of
from app.queries import accreditors, areas, credential_programs, credentials
from app.queries.briefs.credentials import brief_credential
from app.queries.credential_comparison import compare_credentials
from app.queries.credential_facts import get_fact_sheet
from app.schemas.accreditors import AccreditorsRead
from app.schemas.credentials import (
    CredentialComparison,
    CredentialComparisonQuery,
    CredentialDayQuery,
    CredentialItem,
    CredentialListQuery,
    CredentialProgramPage,
    CredentialRead,
    FactSheet,
    FactsQuery,
    View,
)
from app.schemas.pages import Page
from app.schemas.programs import ProgramQuery

router = APIRouter(tags=["Look up a credential"])

SHEET = {"text/csv": {"schema": {"type": "string"}}}
"""A fact sheet as a table."""


@router.get(
    "/credentials",
    summary="List the field's credentials by issuer, level and focus",
    description="Lists the credentials of the field, such as RHIT, CCS and CPC, with "
    "who issues them and what they are about.\n\n"
    "A [credential](/docs/glossary#credential) comes from a certifier, an "
    "[award](/docs/glossary#award) from a school.",
)
def list_credentials(
    request: Request,
    response: Response,
    session: SessionDep,
    query: Annotated[CredentialListQuery, Query()],
) -> Page[CredentialItem]:
    found = credentials.search_credentials(session, query)
    return part_of(found, query, request, response)


@router.get(
    "/credentials/comparison",
    summary="Compare 2 to 6 credentials: who may sit, cost, exam, renewal, programs, pay near you",
    description="Puts credentials such as RHIT, CCS and CPC side by side, field by field, each "
    "cell with who says so.\n\n"
    "It tells what the work that names them pays in the country and, with `home_state`, `near` or "
    "`state`, where the reader lives. As a table: /v1/export/credential-comparison.csv.",
)
def compare_credentials_side_by_side(
    session: SessionDep, query: Annotated[CredentialComparisonQuery, Query()]
) -> CredentialComparison:
    day = query.as_of or today()
    return compare_credentials(session, query.credential, query, day)


@router.get(
    "/credentials/{code}",
    summary="Show one credential: eligibility, exam, fees, renewal, each cell with who says so",
    description="Tells what it takes to earn and keep a credential such as RHIT: who "
    "may sit the exam, what it costs and how it is renewed.\n\n"
    "The ways in are its [eligibility routes](/docs/glossary#eligibility-route). `view=facts` "
    "answers with the flat sheet of /v1/credentials/{code}/facts.",
    response_model=CredentialRead,
    responses=BESIDE,
)
def get_credential(
    request: Request,
    session: SessionDep,
    code: Code,
    query: Annotated[CredentialDayQuery, Query()],
) -> Response:
    day = query.as_of or today()
    if query.view is View.FACTS:
        sheet = get_fact_sheet(session, code, day, query.field, query.standing)
        return _send_sheet(request, sheet)
    read = credentials.get_credential(session, code, day)
    if query.view is View.BRIEF:
        return send_json(brief_credential(session, read, base_of(request)))
    read.pay = areas.pay_of_credential(session, read.code, query)
    read.sources = sorted({*read.sources, *areas.sources_of_pay(read.pay)})
    return negotiated(request, session, read, to_credential)


@router.get(
    "/credentials/{code}/facts",
    summary="Show one credential as a flat sheet: a row a fact, with who says so",
    description="Tells of a credential such as RHIT in rows that a site of your own can show: one "
    "a fact, with who says so, as of when and whether it leads, and what nobody tells.\n\n"
    "As a table by `Accept: text/csv`.",
    response_model=FactSheet,
    responses={
        200: {"description": "As JSON, or as CSV where Accept prefers it", "content": SHEET}
    },
)
def get_credential_facts(
    request: Request,
    session: SessionDep,
    code: Code,
    query: Annotated[FactsQuery, Query()],
) -> Response:
    day = query.as_of or today()
    return _send_sheet(request, get_fact_sheet(session, code, day, query.field, query.standing))


def _send_sheet(request: Request, sheet: FactSheet) -> Response:
    """Return a sheet as JSON, or as a table where the Accept header prefers one.

    Raises:
        NotAcceptableError: It allows neither.
    """
    offered = ("application/json", "text/csv")
    wanted = choose_media_type(request.headers.get("accept"), offered)
    if wanted is None:
        raise NotAcceptableError(list(offered))
    headers = {"Vary": "Accept"}
    if wanted == "text/csv":
        headers["Content-Disposition"] = f'attachment; filename="{sheet.code}.csv"'
        return Response(to_table(sheet.rows), headers=headers, media_type=CSV)
    return send_json(sheet, headers)


@router.get(
    "/credentials/{code}/programs",
    summary="List programs that say they prepare for a credential, as searched for",
    description="Finds the programs that say they prepare for a credential, such as "
    "those for RHIT in one state.\n\n"
    "A program that is not listed may prepare for it all the same: nobody has said so.",
    response_model_exclude_unset=True,
)
def list_credential_programs(
    request: Request,
    response: Response,
    session: SessionDep,
    code: Code,
    query: Annotated[ProgramQuery, Query()],
) -> CredentialProgramPage:
    weights = weights_of(query.weights)
    page = credential_programs.list_credential_programs(session, code, query, weights, today())
    link_pages(request, response, page.next)
    return page


@router.get(
    "/accreditors",
    summary="Show who accredits which field and award, and what a status means",
    description="Tells which body accredits, certifies or approves programs of which field and "
    "award, since when and by which page, and what each status means for a student.\n\n"
    "See [accreditation](/docs/glossary#accreditation) and "
    "[candidacy](/docs/glossary#candidacy).",
    dependencies=[NO_PARAMETERS],
)
def list_accreditors(session: SessionDep) -> AccreditorsRead:
    return accreditors.get_accreditors(session, today())
