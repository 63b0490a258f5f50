"""GET /method: how the score is made, with one program worked out; older versions beside it."""

from typing import Annotated

from fastapi import Path, Query, Request, Response
from sqlmodel import Session

from app.api.rubrics import weights_of
from app.clock import today
from app.domain import independence
from app.errors import NotFoundError
from app.http.dependencies import SessionDep
from app.queries.checklists import build_checklist
from app.queries.dossiers import get_dossier
from app.queries.rubrics import current_rubric, published_rubrics
from app.queries.summaries import find_best_known
from app.schemas.checklists import ChecklistRead
from app.schemas.pages import Text
from app.schemas.site import VisitQuery
from app.site.pages.method import RANKED, order_view, shelf_lives
from app.site.routes.page import SitePage, site_router

router = site_router()


@router.get("/method")
def show_method(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    weights = weights_of(query.weights)
    page = SitePage(request, session, query)
    chosen = [one.slug for one in page.visit.chosen if one.is_known]
    slug = chosen[0] if chosen else find_best_known(session)
    rubric = current_rubric()
    return page.show(
        "method",
        rubric=rubric,
        checklist=_find_checklist(session, slug, weights) if slug else None,
        is_own_example=bool(chosen),
        ranks=RANKED,
        shelf_lives=shelf_lives(),
        order=order_view(page.write, rubric),
        refused_phrases=len(independence.REFUSED_PHRASES) + len(independence.REFUSED_TITLES),
        refused_hosts=len(independence.AFFILIATE_HOSTS),
        published=published_rubrics(),
    )


def _find_checklist(session: Session, slug: str, weights: dict[str, float] | None) -> ChecklistRead:
    return build_checklist(get_dossier(session, slug, today()), weights)


@router.get("/method/{version}")
def show_rubric_version(
    request: Request,
    session: SessionDep,
    version: Annotated[Text, Path(max_length=20)],
    query: Annotated[VisitQuery, Query()],
) -> Response:
    published = published_rubrics()
    if version not in published:
        raise NotFoundError("rubric", version, known=list(published))
    page = SitePage(request, session, query)
    return page.show("method_version", rubric=published[version], published=published)
