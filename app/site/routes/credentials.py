"""GET /credentials and /credentials/{code}: credentials, and whether one may sit the exam."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import Query, Request, Response

from app.clock import today
from app.domain.credentials.eligibility import Education
from app.domain.vocabulary import CredentialFocus, CredentialLevel, CredentialStatus
from app.exports.linked_credentials import to_credential
from app.http.dependencies import Code, SessionDep
from app.http.faults import rename_faults
from app.queries.advancement import list_paths
from app.queries.areas import pay_of_credential
from app.queries.credential_comparison import compare_credentials
from app.queries.credential_programs import list_credential_programs
from app.queries.credentials import (
    get_credential,
    list_cells,
    list_eligibility,
    list_issuers,
    search_credentials,
)
from app.queries.eligibility import get_eligibility
from app.queries.work_settings import list_settings
from app.schemas.credentials import (
    MAX_CREDENTIALS,
    MIN_CREDENTIALS,
    CredentialProgram,
    CredentialQuery,
)
from app.schemas.eligibility import EligibilityQuery
from app.schemas.programs import ProgramItem, ProgramQuery
from app.schemas.site_field import (
    CredentialPageQuery,
    CredentialsCompareQuery,
    CredentialsPageQuery,
)
from app.site import words
from app.site.pages.credential_table import SETS, CredentialTable
from app.site.pages.credentials import GLANCE, decided_by, pass_rates, sections_of
from app.site.pages.pay import pay_table
from app.site.pages.visits import Chosen, credential_path, to_address, to_pairs
from app.site.routes.page import SitePage, site_router
from app.store.credential_names import load_credential_names

router = site_router()

SHOWN_PROGRAMS = 5


@router.get("/credentials")
def show_credentials(
    request: Request, session: SessionDep, query: Annotated[CredentialsPageQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    write = page.write
    return page.show(
        "credentials",
        query=query,
        found=search_credentials(session, query.search()).items,
        fees=list_cells(session, "exam_fee", today()),
        rules=list_eligibility(session, today()),
        choices={
            "level": write.choices(words.CREDENTIAL_LEVELS, CredentialLevel),
            "focus": write.choices(words.CREDENTIAL_FOCUSES, CredentialFocus),
            "issuer": [(issuer, issuer) for issuer in list_issuers(session)],
            "status": write.choices(words.CREDENTIAL_STATUSES, CredentialStatus),
        },
    )


@router.get("/credentials/compare")
def show_comparison(
    request: Request, session: SessionDep, query: Annotated[CredentialsCompareQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    names = load_credential_names(session)
    asked = dict.fromkeys(names.find(code) or "" for code in query.credential)
    codes = [code for code in asked if code][:MAX_CREDENTIALS]
    offered = CredentialQuery(status=[CredentialStatus.OFFERED])
    place = query.asked_place()
    taken = [
        *(("credential", code) for code in codes),
        *to_pairs(place, "state", "near", "home_state"),
    ]
    now = None
    if len(codes) >= MIN_CREDENTIALS:
        now = compare_credentials(session, codes, place, today())
    return page.show(
        "credentials_compare",
        query=query,
        codes=codes,
        unknown=[code for code in query.credential if names.find(code) is None],
        offered=search_credentials(session, offered).items,
        sets=SETS,
        table=CredentialTable(page.write, page.visit, now) if now else None,
        json_address=to_address("/v1/credentials/comparison", taken),
        csv_address=to_address("/v1/export/credential-comparison.csv", taken),
        xlsx_address=to_address("/v1/export/credential-comparison.xlsx", taken),
    )


@router.get("/credentials/{code}")
def show_credential(
    request: Request,
    session: SessionDep,
    code: Code,
    query: Annotated[CredentialPageQuery, Query()],
) -> Response:
    credential = get_credential(session, code, today())
    page = SitePage(request, session, query)
    verdict = None
    if query.tells:
        asked = EligibilityQuery(
            credential=credential.code,
            program=query.studied,
            education=query.education,
            holds=query.holds,
            experience_years=query.experience_years,
        )
        with rename_faults(program="studied"):
            verdict = get_eligibility(session, asked, today())
    programs = list_credential_programs(
        session, credential.code, ProgramQuery(limit=SHOWN_PROGRAMS), None, today()
    )
    own = credential.code
    pay = pay_of_credential(session, own, query.asked_place())
    return page.show(
        "credential",
        pay=pay_table(page.write, page.visit, pay) if pay else None,
        oembed=page.oembed("lang"),
        canonical=page.visit.canonical(credential_path(own)),
        linked=page.linked(credential, to_credential, credential_path(own)),
        credential=credential,
        query=query,
        verdict=verdict,
        decided_by=partial(decided_by, page.write),
        glance=page.write.credential_facts(credential, GLANCE),
        rates=pass_rates(credential),
        sections=sections_of(credential),
        programs=programs,
        studies=_studies(page.visit.chosen, programs.items, query.studied),
        educations=page.write.choices(words.EDUCATIONS, Education),
        codes=[one.code for one in search_credentials(session, CredentialQuery()).items],
        settings=[
            setting
            for setting in list_settings(session, today())
            if own in (setting.credentials or ())
        ],
        roles=[role for role in list_paths(session) if own in (role.credentials or ())],
    )


def _studies(
    chosen: Sequence[Chosen], leading: Sequence[CredentialProgram], asked: str | None
) -> list[tuple[str, str]]:
    """Return programs to choose from: the reader's list, and those that lead to the exam."""
    found = {
        program.slug: f"{program.institution.name}: {program.name}"
        for one in leading
        if isinstance(program := one.program, ProgramItem)
    }
    found |= {one.slug: one.label for one in chosen if one.is_known}
    if asked:
        found.setdefault(asked, asked)
    return sorted(found.items(), key=lambda pair: pair[1])
