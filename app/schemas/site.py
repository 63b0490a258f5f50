"""Pages for people: what an address of the site may ask for, and what it carries along."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from app.domain.vocabulary import STATE_NAMES, Delivery, Pace, Residency
from app.schemas.areas import PlaceQuery
from app.schemas.embeds import LanguageCode
from app.schemas.pages import Text, printable
from app.schemas.programs import FacetName, ProgramQuery, ProgramSearch
from app.schemas.reader import NearText, ReaderParams, State, state_meant
from app.schemas.statistics import SocCode
from app.schemas.total_cost import TotalCostQuery

MOST_CHOSEN = 8

ChosenSlug = Annotated[Text, Field(max_length=200)]
Answers = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=1_000,
        pattern=r"^[^:]+:[a-z_]+\.[a-z_]+(,[a-z_]+\.[a-z_]+)*$",
    ),
    AfterValidator(printable),
]
"""What a school answered, in an address: ``SLUG:CHECK.FINDING,CHECK.FINDING``."""


class VisitQuery(ReaderParams):
    """What a reader takes along from page to page; a field left empty in a form is not given.

    ``any`` is no residency that anybody has: it is as if none were given.
    """

    lang: LanguageCode | None = Field(
        default=None, description="Language; default the first one the browser wants"
    )
    near: NearText | None = Field(
        default=None,
        description="ZIP code or city where the reader lives; prices are those of its state where "
        "`home_state` is not told. A state named here is taken as `home_state`",
    )
    program: list[ChosenSlug] = Field(
        default_factory=list,
        max_length=MOST_CHOSEN,
        description="Programs chosen to be compared, in the order they were chosen",
    )
    weights: str | None = Field(default=None, max_length=300, description="Criterion weights")
    answers: list[Answers] = Field(
        default_factory=list,
        max_length=MOST_CHOSEN,
        description="What schools answered, one text a program",
    )

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: Any) -> Any:
        """Leave out what a form sends for a field that nobody filled in."""
        if not isinstance(given, Mapping):
            return given
        kept = {}
        for name, value in given.items():
            filled = [one for one in value if one != ""] if isinstance(value, list) else value
            if filled not in ("", []) and (name, filled) != ("residency", Residency.ANY):
                kept[name] = filled
        state = state_meant(kept.get("near"))
        if state in STATE_NAMES:
            del kept["near"]
            kept["home_state"] = state
        return kept

    @model_validator(mode="after")
    def _chosen_once(self) -> "VisitQuery":
        """Choose a program once, however often an address names it."""
        self.program = list(dict.fromkeys(self.program))
        return self


class PlaceVisitQuery(VisitQuery, PlaceQuery):
    """Query string of a page that tells pay in a place."""

    def asked_place(self) -> PlaceQuery:
        """Return the place asked for, and where the reader lives."""
        return PlaceQuery(state=self.state, near=self.near, home_state=self.home_state)


class CareerOrder(StrEnum):
    """By what a table of pay is sorted: by name, or the most first."""

    NAME = "name"
    PAY = "pay"
    JOBS = "jobs"


class CareersPageQuery(PlaceVisitQuery):
    """Query string of the page of careers."""

    soc: SocCode | None = Field(default=None, description="Occupation told state by state")
    sort: CareerOrder = Field(default=CareerOrder.PAY, description="Order of the occupations")
    sort_states: CareerOrder = Field(default=CareerOrder.PAY, description="Order of the states")


class StatisticsPageQuery(PlaceVisitQuery):
    """Query string of the page of figures; pay by state has moved to the page of careers."""

    soc: SocCode | None = Field(default=None, description="Occupation told state by state")


class Purpose(StrEnum):
    """What a reader looks for, as the start page asks it."""

    RHIT = "rhit"
    CODING = "coding"
    DEGREE = "degree"
    UNSURE = "unsure"


class Attendance(StrEnum):
    """How a reader wants to attend, as the start page asks it."""

    BOTH = "both"
    NEAR = "near"
    ONLINE = "online"


class SearchPageQuery(VisitQuery, ProgramSearch):
    """Query string of the search page: that of GET /v1/programs, and what is taken along.

    ``what``, ``how`` and ``was`` are sent by forms; the address they lead to has none of them.
    """

    view: Literal["map"] | None = Field(default=None, description="A map in place of the list")
    what: Purpose | None = Field(default=None, exclude=True, description="What for; start page")
    how: Attendance | None = Field(default=None, exclude=True, description="How; start page")
    was: State | None = Field(
        default=None, exclude=True, description="State that the field of the place was filled with"
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_dependent_fields(cls, given: Any) -> Any:
        """Drop form fields that depend on a place or on words that were cleared."""
        if not isinstance(given, Mapping):
            return given
        kept = dict(given)
        has_place = kept.get("near") and state_meant(kept["near"]) not in STATE_NAMES
        if not has_place:
            kept.pop("within_miles", None)
            kept.pop("include_online", None)
        for is_given, key in ((has_place, "distance"), (kept.get("q"), "relevance")):
            if not is_given and isinstance(kept.get("sort"), list):
                kept["sort"] = [one for one in kept["sort"] if one.lstrip("-") != key]
        return kept if kept.get("how") else cls._look_in_state(kept)

    @classmethod
    def _look_in_state(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Look in the state that stands in the field of the place, and not in the one before."""
        near, was = state_meant(given.get("near")), state_meant(given.get("was"))
        states = [one for one in given.get("state") or () if one and (one != was or one == near)]
        is_new = near in STATE_NAMES and near != was and not states
        if is_new and cls._is_asked(given) and Delivery.ONLINE not in given.get("delivery", ()):
            states = [near]
        return given | {"state": states} if states or "state" in given else given

    @classmethod
    def _is_asked(cls, given: Mapping[str, Any]) -> bool:
        own = ({*ProgramSearch.model_fields} | {"view"}) - {*VisitQuery.model_fields, "limit"}
        return any(given.get(name) not in (None, "", [], [""]) for name in own)

    @property
    def is_asked(self) -> bool:
        """Whether anything is looked for; where a reader lives is no question yet."""
        return self._is_asked({name: getattr(self, name) for name in self.model_fields_set})

    @property
    def usual(self) -> str:
        """The order of a search that asks for none."""
        return "relevance" if self.q else "distance" if self.near else "institution"

    def search(self) -> ProgramQuery:
        """Return the search, with counts of every closed-list filter."""
        given = self.model_dump(include=set(ProgramSearch.model_fields), exclude_unset=True)
        return ProgramQuery.model_validate(given | {"facets": list(FacetName)})


class CompareQuery(VisitQuery):
    """Query string of the page that compares the programs chosen."""

    sent: bool = Field(default=False, description="Answers were just sent to the editors")
    rows: Literal["all", "differ"] = Field(
        default="all", description="Every row, or only those in which the programs differ"
    )


class ProgramVisitQuery(VisitQuery):
    """Query string of the page of a program."""

    pace: Pace = Field(default=Pace.FULL, description="How fast one studies")
    credential: Text | None = Field(
        default=None, max_length=100, description="Credential whose exam ends the way"
    )

    def cost(self) -> TotalCostQuery:
        """Return what is asked of the total cost."""
        return TotalCostQuery(pace=self.pace, credential=self.credential)


class EditorsVisit(VisitQuery):
    """Query string of the page of facts that wait for an editor."""

    about: Text | None = Field(default=None, max_length=200, description="Only this program")
