"""GET /v1/work-settings."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.clock import today
from app.http.dependencies import SessionDep
from app.http.lists import part_of
from app.queries import areas, work_settings
from app.queries.releases import stamp
from app.schemas.areas import PlaceQuery
from app.schemas.pages import PartParams, Text
from app.schemas.work_settings import WorkSettingAnswer, WorkSettingReadPage

router = APIRouter(prefix="/work-settings", tags=["Where it leads"])


@router.get(
    "",
    summary="List where people of the field work",
    description="Shows the six kinds of places where people of this field work, from "
    "hospitals to insurance companies.",
)
def list_work_settings(
    request: Request,
    response: Response,
    session: SessionDep,
    query: Annotated[PartParams, Query()],
) -> WorkSettingReadPage:
    settings = work_settings.list_settings(session, today())
    sources = {source for setting in settings for source in setting.source_keys()}
    page = WorkSettingReadPage(
        items=settings,
        total=len(settings),
        shares_known=work_settings.shares_known(settings),
        **stamp(session, sources),
    )
    return part_of(page, query, request, response)


@router.get(
    "/{slug}",
    summary="Show one work setting: focus, fit, roles, share of employment",
    description="Describes one kind of workplace, such as hospitals: what the work is "
    "about, whom it suits and which roles there are.",
)
def get_work_setting(
    session: SessionDep,
    slug: Annotated[Text, Path(max_length=60, description="Setting", examples=["hospital"])],
    query: Annotated[PlaceQuery, Query()],
) -> WorkSettingAnswer:
    setting = work_settings.get_setting(session, slug, today())
    codes = [occupation.soc_code for role in setting.roles for occupation in role.occupations]
    pay = areas.pay_asked(session, query, codes)
    sources = setting.source_keys() | areas.sources_of_pay(pay)
    return WorkSettingAnswer(**setting.model_dump(), pay=pay, **stamp(session, sources))
