"""GET /v1/guide."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.domain.guide import LEFT_OUT
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.lists import part_of
from app.queries import guide
from app.queries.releases import stamp
from app.schemas.guide import GuideEntryAnswer, GuideEntryRead, GuideSectionPage
from app.schemas.pages import Page, PartParams, Text

router = APIRouter(prefix="/guide", tags=["Where it leads"])

Section = Annotated[
    Text, Path(max_length=60, description="Section of the guide", examples=["questions"])
]


@router.get(
    "",
    summary="List the sections of the career guide",
    description="Lists the chapters of the career guide in the order in which they are read, from "
    "duties and skills to questions a student should ask.",
)
def list_guide_sections(
    request: Request,
    response: Response,
    session: SessionDep,
    query: Annotated[PartParams, Query()],
) -> GuideSectionPage:
    sections = guide.list_sections(session)
    page = GuideSectionPage(
        items=sections,
        left_out=list(LEFT_OUT),
        total=len(sections),
        **stamp(session, ["source-article"] if sections else []),
    )
    return part_of(page, query, request, response)


@router.get(
    "/{section}",
    summary="Show a section of the career guide: duties, skills, questions, mistakes …",
    description="Shows one chapter of the career guide, such as the questions to ask a "
    "school before enrolling.",
)
def list_guide_entries(
    request: Request,
    response: Response,
    session: SessionDep,
    section: Section,
    query: Annotated[PartParams, Query()],
) -> Page[GuideEntryRead]:
    entries = guide.list_entries(session, section)
    sources = {entry.source for entry in entries}
    page: Page[GuideEntryRead] = Page(items=entries, total=len(entries), **stamp(session, sources))
    return part_of(page, query, request, response)


@router.get(
    "/{section}/{slug}",
    summary="Show one entry of the career guide",
    description="Shows one entry of the career guide, such as the question whether a "
    "school publishes its costs.",
    dependencies=[NO_PARAMETERS],
)
def get_guide_entry(
    session: SessionDep,
    section: Section,
    slug: Annotated[Text, Path(max_length=80, description="Entry", examples=["publishes_costs"])],
) -> GuideEntryAnswer:
    entry = guide.get_entry(session, section, slug)
    return GuideEntryAnswer(**entry.model_dump(), **stamp(session, [entry.source]))
