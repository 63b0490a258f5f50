"""The tools of assistants: each a few arguments, and the short answers of the interface to them.

What a tool answers is what ``view=brief`` answers at the address it asks; nothing is made here.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.assistants.asking import Interface, RefusedError, to_path
from app.domain.credentials.eligibility import Education
from app.domain.messages import Message
from app.domain.vocabulary import Finding, Pace
from app.errors import hinting, nearest
from app.http.faults import Contract, to_faults
from app.schemas.filters import AwardLevelFilter

BRIEF = {"view": "brief"}

Text = Annotated[str, Field(max_length=200)]
Program = Annotated[
    str,
    Field(max_length=300, description="Slug, page address, or school and field in words"),
]
Home = Annotated[
    str | None,
    Field(max_length=60, description="State where the student lives: sets the price"),
]
Held = Annotated[list[Text], Field(max_length=20, description="Credentials held, such as RHIT")]
Credential = Annotated[str, Field(max_length=100, description="Code or name, such as RHIT")]


class Arguments(BaseModel):
    """What a tool is given."""

    model_config = ConfigDict(extra="forbid")


class SearchArguments(Arguments):
    """What programs to look for."""

    q: Annotated[str | None, Field(max_length=200, description="Words: field, school, place")] = (
        None
    )
    state: Annotated[str | None, Field(max_length=60, description="Of the school")] = None
    near: Annotated[str | None, Field(max_length=60, description="ZIP code or city")] = None
    award: AwardLevelFilter | None = None
    credential: Annotated[
        str | None, Field(max_length=100, description="Exam the program says it prepares for")
    ] = None
    online: bool = False
    accredited: bool = False
    max_cost: Annotated[
        float | None, Field(ge=0, description="Whole cost to the credential, dollars")
    ] = None
    home_state: Home = None
    limit: Annotated[int, Field(ge=1, le=10)] = 5


class ProgramArguments(Arguments):
    """A program, and what its school was heard to answer."""

    program: Program
    home_state: Home = None
    answers: Annotated[
        dict[str, Finding],
        Field(
            max_length=40,
            description="Check (see the resource rubric) -> finding, as the school answered: "
            "scores again",
        ),
    ] = {}


class CompareArguments(Arguments):
    """Programs to compare."""

    programs: Annotated[list[Program], Field(min_length=2, max_length=4)]
    weights: Annotated[
        dict[str, float],
        Field(
            max_length=10,
            description="accreditation, cost_transparency, transfer_credits, practicum_access -> "
            "weight",
        ),
    ] = {}
    home_state: Home = None


class EligibilityArguments(Arguments):
    """Who wants to sit which exam."""

    credential: Credential
    program: Program | None = None
    education: Education | None = None
    holds: Held = []
    experience_years: Annotated[float | None, Field(ge=0, le=60)] = None


class CostArguments(Arguments):
    """Whose cost and time of which program."""

    program: Program
    credential: Credential | None = None
    pace: Pace = Pace.FULL
    credits_per_term: Annotated[int | None, Field(ge=1, le=30, description="Part time")] = None
    credits_transferred: Annotated[int, Field(ge=0, le=300)] = 0
    home_state: Home = None


class CredentialArguments(Arguments):
    """One credential to know of, or several to renew."""

    credential: Credential | None = None
    renew: Held = []
    passed_on: Annotated[
        dict[str, date],
        Field(max_length=20, description="With renew: code -> day the exam was passed"),
    ] = {}

    @model_validator(mode="after")
    def _one_of_both(self) -> "CredentialArguments":
        if bool(self.credential) == bool(self.renew):
            raise ValueError("give either credential, or renew with what is held")
        return self


class CareerArguments(Arguments):
    """A role or credential to reach, and what one brings."""

    target: Annotated[
        str, Field(max_length=100, description="Role such as coding auditor, or a credential")
    ]
    holds: Held = []
    education: Education | None = None
    roles: Annotated[list[Text], Field(max_length=10, description="Roles held so far")] = []
    experience_years: Annotated[float | None, Field(ge=0, le=60)] = None
    state: Annotated[str | None, Field(max_length=60, description="For pay there")] = None


async def search_programs(ask: Interface, told: SearchArguments) -> Any:
    """Find programs."""
    return await ask.get(
        "/v1/programs",
        {
            **told.model_dump(
                mode="json",
                include={"q", "state", "near", "credential", "home_state", "limit"},
            ),
            "award_level": told.award,
            "delivery": "online" if told.online else None,
            "accreditation": "accredited" if told.accredited else None,
            "max_total_cost_usd": told.max_cost,
            **BRIEF,
        },
    )


async def get_program(ask: Interface, told: ProgramArguments) -> Any:
    """Tell of a program; with answers score it again."""
    slug = await ask.find_program(told.program)
    if told.answers:
        scored = {"program": slug, "answers": told.answers, "home_state": told.home_state}
        return await ask.post("/v1/checklists", {**scored, **BRIEF})
    path = to_path("/v1/programs/{}", slug)
    return await ask.get(path, {"home_state": told.home_state, **BRIEF})


async def compare_programs(ask: Interface, told: CompareArguments) -> Any:
    """Put programs side by side."""
    slugs = [await ask.find_program(one) for one in told.programs]
    weights = ",".join(f"{name}:{weight:g}" for name, weight in told.weights.items())
    asked = {"program": slugs, "weights": weights or None, "home_state": told.home_state}
    return await ask.get("/v1/comparison", {**asked, **BRIEF})


async def check_eligibility(ask: Interface, told: EligibilityArguments) -> Any:
    """Tell whether an exam is open."""
    asked = told.model_dump(mode="json", exclude={"program"})
    if told.program:
        asked["program"] = await ask.find_program(told.program)
    return await ask.get("/v1/eligibility", {**asked, **BRIEF})


async def total_cost_and_time(ask: Interface, told: CostArguments) -> Any:
    """Tell the whole cost and the months of a program."""
    slug = await ask.find_program(told.program)
    pace = told.model_dump(mode="json", include={"pace", "credits_per_term"})
    of_cost = {**pace, "credential": told.credential, "home_state": told.home_state, **BRIEF}
    of_time = {**pace, "program": slug, "credits_transferred": told.credits_transferred, **BRIEF}
    cost = await ask.get(to_path("/v1/programs/{}/total-cost", slug), of_cost)
    return {"cost": cost, "time": await ask.get("/v1/timeline", of_time)}


async def get_credential(ask: Interface, told: CredentialArguments) -> Any:
    """Tell of a credential, or plan the renewal of several."""
    if told.credential:
        return await ask.get(to_path("/v1/credentials/{}", told.credential), BRIEF)
    days = {code.upper(): str(day) for code, day in told.passed_on.items()}
    held = [
        {"code": code, "certified_on": days[code.upper()]} if code.upper() in days else code
        for code in told.renew
    ]
    return await ask.post("/v1/renewal-plans", {"credentials": held, **BRIEF})


async def plan_career(ask: Interface, told: CareerArguments) -> Any:
    """Tell what a role pays and asks for, or plan the way to it from what is held."""
    brings = told.model_dump(mode="json", include={"education", "roles", "experience_years"})
    if not told.holds and not any(brings.values()):
        try:
            path = to_path("/v1/advancement-paths/{}", told.target)
            return await ask.get(path, {"state": told.state, **BRIEF})
        except RefusedError:  # it may be a credential
            pass
    asked = {"target": told.target, "credentials": told.holds, **brings}
    return await ask.get("/v1/advancement-plans", {**asked, **BRIEF})


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as an assistant is told of it."""

    title: str
    description: str
    arguments: type[Arguments]
    answer: Callable[[Interface, Any], Awaitable[Any]]


TOOLS: Mapping[str, Tool] = {
    "search_programs": Tool(
        "Find programs",
        "Find US health information programs (medical records, coding, health information "
        "management, informatics) by words, place, award, price. Says how words were read.",
        SearchArguments,
        search_programs,
    ),
    "get_program": Tool(
        "Show a program",
        "What decides about one program: score, exam it opens, whole cost, accreditation, "
        "practicum, transfer, outcomes, and the five questions to ask its school first.",
        ProgramArguments,
        get_program,
    ),
    "compare_programs": Tool(
        "Compare programs",
        "Two to four programs side by side: verdict of each fact, how sure the order is.",
        CompareArguments,
        compare_programs,
    ),
    "check_eligibility": Tool(
        "May one sit an exam?",
        "Whether an exam is open to graduates of a program or to somebody with some education: "
        "the rule that decided, and what would change the answer.",
        EligibilityArguments,
        check_eligibility,
    ),
    "total_cost_and_time": Tool(
        "Whole cost and time",
        "Cost of a program up to the credential, low to high, with what is not priced; months to "
        "a first post at a pace.",
        CostArguments,
        total_cost_and_time,
    ),
    "get_credential": Tool(
        "Show or renew credentials",
        "With `credential`: who may sit its exam, fees, pass mark, renewal. With `renew`: units, "
        "dates and fees to keep what is held; conflicts are named.",
        CredentialArguments,
        get_credential,
    ),
    "plan_career": Tool(
        "Pay, outlook and way to a role",
        "Pay, outlook and demands of a role; with what one brings (credentials, education, "
        "roles, years) the steps to it, with months and cost.",
        CareerArguments,
        plan_career,
    ),
}

RENAMED = {"max_total_cost_usd": "max_cost", "award_level": "award", "credentials": "holds"}
"""What the interface calls a parameter -> what tools call it."""

UNTOLD = ("title", "default", "maxLength", "maxItems", "maxProperties")
"""Keywords that a tool holds to and no assistant needs to read."""


def input_schema(arguments: type[Arguments]) -> dict[str, Any]:
    """Return the JSON Schema of what a tool takes, without what no assistant needs to read."""
    schema = arguments.model_json_schema()
    shared = schema.pop("$defs", {})
    told: dict[str, Any] = _plain(schema, shared)
    told.pop("description", None)
    return told


def _plain(schema: Any, shared: Mapping[str, Any]) -> Any:
    """Return a schema with its references filled in, and without null: that is to leave it out."""
    if isinstance(schema, list):
        return [_plain(one, shared) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        named = shared[schema["$ref"].rpartition("/")[2]]
        kept = {key: named[key] for key in ("type", "enum") if key in named}
        return {**kept, **{key: schema[key] for key in ("description",) if key in schema}}
    choices = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(choices) == 1:
        rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
        return _plain({**choices[0], **rest}, shared)
    return {
        key: {name: _plain(one, shared) for name, one in value.items()}
        if key == "properties"
        else _plain(value, shared)
        for key, value in schema.items()
        if key not in UNTOLD and not (key == "additionalProperties" and value is False)
    }


async def call(ask: Interface, name: str, given: Mapping[str, Any]) -> str:
    """Return the answer of a tool as JSON.

    Raises:
        RefusedError: There is no such tool, it does not take what is given, or what is asked
            cannot be answered.
    """
    tool = TOOLS.get(name)
    if tool is None:
        absent = Message("There is no tool %(name)s.", name=repr(name[:60]))
        raise RefusedError(hinting(absent, nearest(name, TOOLS) or "search_programs"))
    try:
        told = tool.arguments.model_validate(given)
    except ValidationError as error:
        errors = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        faults = to_faults(errors, dict(given), Contract.of_body(tool.arguments))
        said = " ".join(fault.detail for fault in faults)
        raise RefusedError(said.replace("The body is refused: ", "")) from error
    try:
        answer = await tool.answer(ask, told)
    except RefusedError as error:
        said = str(error)
        for ours, theirs in RENAMED.items():
            said = said.replace(ours, theirs)
        raise RefusedError(said) from error
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
