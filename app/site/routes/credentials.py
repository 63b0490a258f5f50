"""GET /credentials and /credentials/{code}: credentials, and whether one may sit the exam."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Query, Request, Response

from app.clock import today
from app.domain.credentials.eligibility import Education
from app.domain.vocabulary import CredentialFocus, CredentialLevel, CredentialStatus
from app.http.dependencies import Code, SessionDep
from app.queries.advancement import list_paths
from app.queries.credential_programs import list_credential_programs
from app.queries.credentials import (
    get_credential,
    list_cells,
    list_eligibility,
    search_credentials,
)
from app.queries.eligibility import get_eligibility
from app.queries.work_settings import list_settings
from app.schemas.credentials import CredentialQuery
from app.schemas.eligibility import EligibilityQuery
from app.schemas.programs import ProgramQuery
from app.schemas.site_field import CredentialPageQuery, CredentialsPageQuery
from app.site import words
from app.site.pages.credentials import CredentialsPage, Leading
from app.site.pages.eligibility import to_verdict
from app.site.pages.visits import Chosen
from app.site.routes.forms import asked_as
from app.site.routes.page import oembed_of_page, show, site_router, visit_of, writer_of

router = site_router()

SHOWN_PROGRAMS = 5


@router.get("/credentials")
def show_credentials(
    request: Request, session: SessionDep, query: Annotated[CredentialsPageQuery, Query()]
) -> Response:
    visit = visit_of(request, session, query)
    write = writer_of(session, visit)
    every = search_credentials(session, CredentialQuery()).items
    found = search_credentials(session, query.search()).items
    groups = CredentialsPage(visit, write).groups(
        found, list_cells(session, "exam_fee", today()), list_eligibility(session, today())
    )
    return show(
        request,
        visit,
        "credentials",
        query=query,
        groups=groups,
        total=len(found),
        choices={
            "level": write.choices(words.CREDENTIAL_LEVELS, CredentialLevel),
            "focus": write.choices(words.CREDENTIAL_FOCUSES, CredentialFocus),
            "issuer": [(one, one) for one in sorted({item.issuer for item in every})],
            "status": write.choices(words.CREDENTIAL_STATUSES, CredentialStatus),
        },
    )


@router.get("/credentials/{code}")
def show_credential(
    request: Request,
    session: SessionDep,
    code: Code,
    query: Annotated[CredentialPageQuery, Query()],
) -> Response:
    credential = get_credential(session, code, today())
    visit = visit_of(request, session, query)
    write = writer_of(session, visit)
    page = CredentialsPage(visit, write)
    verdict = None
    if query.tells:
        asked = EligibilityQuery(
            credential=credential.code,
            program=query.studied,
            education=query.education,
            holds=query.holds,
            experience_years=query.experience_years,
        )
        with asked_as(program="studied"):
            verdict = to_verdict(visit, write, get_eligibility(session, asked, today()))
    programs = list_credential_programs(
        session, credential.code, ProgramQuery(limit=SHOWN_PROGRAMS), None, today()
    )
    leading = page.programs(programs)
    own = credential.code
    return show(
        request,
        visit,
        "credential",
        oembed=oembed_of_page(visit, "lang"),
        credential=credential,
        page=page,
        kind=write.kind_of(credential),
        status=write.word(words.CREDENTIAL_STATUSES, credential.status).text,
        is_offered=credential.status == CredentialStatus.OFFERED,
        summary=write.english(credential.summary),
        query=query,
        verdict=verdict,
        leading=leading,
        total_leading=programs.total,
        studies=_studies(visit.chosen, leading, query.studied),
        educations=write.choices(words.EDUCATIONS, Education),
        codes=[one.code for one in search_credentials(session, CredentialQuery()).items],
        settings=page.named(
            "work-settings",
            [
                (setting.slug, setting.label)
                for setting in list_settings(session, today())
                if own in (setting.credentials or ())
            ],
        ),
        roles=page.named(
            "advancement-paths",
            [
                (role.slug, role.label)
                for role in list_paths(session)
                if own in (role.credentials or ())
            ],
        ),
    )


def _studies(
    chosen: Iterable[Chosen], leading: Iterable[Leading], asked: str | None
) -> list[tuple[str, str]]:
    """Return programs to choose from: the reader's list, and those that lead to the exam."""
    found = {one.slug: one.label for one in leading}
    found |= {one.slug: one.label for one in chosen if one.is_known}
    if asked:
        found.setdefault(asked, asked)
    return sorted(found.items(), key=lambda pair: pair[1])
