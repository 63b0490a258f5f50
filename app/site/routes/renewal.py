"""GET /renewal: what it takes to keep the credentials somebody holds."""

from functools import partial
from typing import Annotated

from fastapi import Query, Request, Response

from app.clock import today
from app.http.dependencies import SessionDep
from app.http.faults import rename_faults
from app.queries.credentials import search_credentials
from app.queries.renewal import plan_renewals
from app.schemas.credentials import CredentialQuery
from app.schemas.renewal import HeldCredential, RenewalRequest
from app.schemas.site_field import RenewalPageQuery
from app.site.pages.renewal import fee_sentence, part_sentence
from app.site.routes.page import SitePage, site_router

router = site_router()


@router.get("/renewal")
def show_renewal(
    request: Request, session: SessionDep, query: Annotated[RenewalPageQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    asked = _asked(query)
    plan = None
    if asked:
        with rename_faults(credentials="passed" if not query.held else "held"):
            plan = plan_renewals(session, RenewalRequest(credentials=asked), today())
    held = {one.code for line in plan.lines for one in line.credentials} if plan else set()
    return page.show(
        "renewal",
        query=query,
        held=sorted(held),
        credentials=search_credentials(session, CredentialQuery()).items,
        plan=plan,
        fee_sentence=partial(fee_sentence, page.write),
        part_sentence=partial(part_sentence, page.write),
    )


def _asked(query: RenewalPageQuery) -> list[str | HeldCredential]:
    """Return the credentials held; one whose exam was passed is held too."""
    asked: list[str | HeldCredential] = [code for code in query.held if code != query.passed]
    if query.passed:
        asked.append(HeldCredential(code=query.passed, certified_on=query.passed_on))
    return asked
