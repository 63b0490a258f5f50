"""GET /v1/statistics, one statistic, and the comparison of several."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.lists import link_pages
from app.queries import statistics
from app.schemas.pages import Text
from app.schemas.statistics import (
    ComparisonQuery,
    StatisticAnswer,
    StatisticComparison,
    StatisticPage,
    StatisticQuery,
)

router = APIRouter(prefix="/statistics", tags=["Where it leads"])


@router.get(
    "",
    summary="List figures on pay, employment and growth",
    description="Lists the figures on pay, employment and growth that are quoted in "
    "this field, each with its source and year.\n\n"
    "With `area`, `area_kind` or `near` they are what occupations pay in a state, a metropolitan "
    "or a nonmetropolitan area.",
)
def list_statistics(
    request: Request,
    response: Response,
    session: SessionDep,
    query: Annotated[StatisticQuery, Query()],
) -> StatisticPage:
    page = statistics.search_statistics(session, query)
    link_pages(request, response, page.next)
    return page


@router.get(
    "/comparison",
    summary="Judge whether two to four figures compare, and if not, why",
    description="Tells whether two figures on pay or growth can be compared at all, and "
    "if not, why.",
)
def compare_statistics(
    session: SessionDep, query: Annotated[ComparisonQuery, Query()]
) -> StatisticComparison:
    return statistics.compare_statistics(session, query.id)


@router.get(
    "/{slug}",
    summary="Show one figure with its evidence and contradicting statements",
    description="Shows one figure, such as the median pay of medical records "
    "specialists, with its source and what speaks against it.",
    dependencies=[NO_PARAMETERS],
)
def get_statistic(
    session: SessionDep,
    slug: Annotated[
        Text,
        Path(
            max_length=100,
            description="Address of the figure, as in `slug` of the list",
            examples=["oews_2025_05_29_2072_annual_median"],
        ),
    ],
) -> StatisticAnswer:
    return statistics.get_statistic(session, slug)
