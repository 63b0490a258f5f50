"""Nearest alternatives over the wire."""

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.messages import Sentence
from app.schemas.pages import Page
from app.schemas.programs import ProgramSummary
from app.schemas.reader import ReaderQuery


class SimilarQuery(ReaderQuery):
    """Query string of GET /v1/programs/{slug}/similar."""

    limit: int = Field(default=5, ge=1, le=20, description="Alternatives at most", examples=[5])


class AspectRead(BaseModel):
    """One respect in which an alternative is better or worse."""

    model_config = ConfigDict(from_attributes=True)

    key: str = Field(
        description="price, accreditation, verified, practicum, delivery or distance",
        examples=["price"],
    )
    detail: Sentence = Field(examples=["$1,200 less a year: $3,600 against $4,800."])


class SimilarItem(ProgramSummary):
    """An alternative, as it stands in lists, and how it compares."""

    same_field: bool = Field(description="The same CIP code; else only its series")
    same_award: bool = Field(description="The same award level; else a neighbouring one")
    distance_miles: float | None = Field(
        description="Between the two schools, also for an online program; null: not known"
    )
    online: bool = Field(description="Known to be offered online, so that distance is no matter")
    better: list[AspectRead] = Field(
        description="In which respects it is better, by facts known of both on the same terms. "
        "`verified` is how much can be checked before enrolling, not quality"
    )
    worse: list[AspectRead]


class SimilarItemPage(Page[SimilarItem]):
    """The nearest alternatives."""
