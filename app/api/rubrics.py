"""GET /v1/rubrics; and the rubric and weights other routes score by."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from app.domain.checklist.rubric import Rubric
from app.domain.checklist.scoring import normalise_weights, parse_weights
from app.domain.text.json_text import escape_part
from app.domain.vocabulary import Finding
from app.errors import Fault, InvalidRequestError, NotFoundError, nearest
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.lists import part_of
from app.queries.releases import stamp
from app.queries.rubrics import current_rubric, published_rubrics
from app.schemas.checklists import RubricAnswer, RubricRead
from app.schemas.pages import Page, PartParams, Text

router = APIRouter(prefix="/rubrics", tags=["Score it"])


def weights_of(text: str | None) -> dict[str, float] | None:
    """Return the shares in a `weights` parameter; None where none is given.

    Raises:
        InvalidRequestError: The weights make no sense.
    """
    if text is None:
        return None
    try:
        return parse_weights(text, current_rubric())
    except ValueError as error:
        raise InvalidRequestError(
            [Fault(f"{error}.", parameter="weights", value=text[:100])]
        ) from error


def weights_in_body(given: dict[str, float] | None) -> dict[str, float] | None:
    """Return the shares of `weights` in a body; None where none is given.

    Raises:
        InvalidRequestError: The weights make no sense.
    """
    if given is None:
        return None
    try:
        return normalise_weights(given, current_rubric())
    except ValueError as error:
        raise InvalidRequestError([Fault(f"{error}.", pointer="#/weights")]) from error


def weights_or_faults(
    faults: list[Fault], weigh: Callable[[], dict[str, float] | None]
) -> dict[str, float] | None:
    """Return weights, or add the reason to ``faults`` and return None where they are not valid."""
    try:
        return weigh()
    except InvalidRequestError as error:
        faults += error.faults
        return None


def rubric_or_faults(
    faults: list[Fault],
    version: str | None,
    *,
    parameter: str | None = None,
    pointer: str | None = None,
) -> Rubric:
    """Return the version of the rubric asked for, by default the newest.

    Where there is none such, the reason is added to ``faults``.
    """
    published = published_rubrics()
    if version is not None and version not in published:
        words = f"No rubric is known as {version!r}; they are {', '.join(published)}."
        near = nearest(version, published)
        faults.append(
            Fault(words, parameter=parameter, pointer=pointer, value=version, suggestion=near)
        )
    return published.get(version or "") or current_rubric()


def answer_faults(answers: Mapping[str, Finding], rubric: Rubric, pointer: str) -> list[Fault]:
    """Return a fault for every check, or finding, that the rubric does not have.

    ``pointer`` leads to the answers in the body.
    """
    findings = {*rubric.possible, Finding.NOT_APPLICABLE}
    unknown = [
        Fault(
            f"{str(finding)!r} is not a finding of rubric {rubric.version}.",
            pointer=f"{pointer}/{escape_part(key)}",
            value=finding,
        )
        for key, finding in answers.items()
        if finding not in findings
    ]
    return unknown + [
        Fault(
            f"{key!r} is not a check.",
            pointer=f"{pointer}/{escape_part(key)}",
            value=key,
            suggestion=nearest(key, rubric.check_keys),
        )
        for key in answers
        if rubric.find_check(key) is None
    ]


@router.get(
    "",
    summary="List every version of the rubric: criteria, checks, points and reasons",
    description="Shows how programs are scored: each criterion, each check, its points "
    "and the reason for it.\n\n"
    "A version of the [rubric](/docs/glossary#rubric) never changes once it is "
    "published.",
)
def list_rubrics(
    request: Request,
    response: Response,
    session: SessionDep,
    query: Annotated[PartParams, Query()],
) -> Page[RubricRead]:
    items = [RubricRead.model_validate(r) for r in reversed(published_rubrics().values())]
    page: Page[RubricRead] = Page(items=items, total=len(items), **stamp(session, []))
    return part_of(page, query, request, response)


@router.get(
    "/{version}",
    summary="Show one version of the rubric",
    description="Shows one version of the rules that programs are scored by, so that an "
    "older score can still be understood.",
    dependencies=[NO_PARAMETERS],
)
def get_rubric(
    session: SessionDep,
    version: Annotated[
        Text, Path(examples=["2026.1"], max_length=20, description="Version of the rubric")
    ],
) -> RubricAnswer:
    rubric = published_rubrics().get(version)
    if rubric is None:
        raise NotFoundError("rubric", version, known=list(published_rubrics()))
    return RubricAnswer(**RubricRead.model_validate(rubric).model_dump(), **stamp(session, []))
