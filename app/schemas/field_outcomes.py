"""What graduates of a field and level at a school earn and owe, over the wire."""

from pydantic import BaseModel, Field

from app.domain.vocabulary import FieldLevel, FigureStatus
from app.schemas.messages import Sentence


class FieldOutcomeBrief(BaseModel):
    """Median earnings and debt of all programs of a field and level at the school together.

    Never figures of this program alone, and no part of any score.
    """

    cip_family: str = Field(description="Field of four digits", examples=["51.07"])
    credential_level: FieldLevel
    award_levels: list[str] = Field(description="The awards that are counted together")
    programs: int = Field(
        description="Listed programs that it counts together, those of branches under the same "
        "federal aid number among them"
    )
    is_only_program: bool = Field(
        description="Whether no other listed program is counted in it; graduates of programs that "
        "are not on offer any more may be"
    )
    holds_for: Sentence
    earnings_1_year_usd: float | None
    earnings_4_years_usd: float | None
    earnings_5_years_usd: float | None
    debt_usd: float | None = Field(description="Federal student debt at graduation")
    statuses: dict[str, FigureStatus] = Field(
        description="Figure -> why it is there or not; `withheld_or_not_reported`: the source "
        "leaves it empty and does not say which of the two"
    )
    graduates: int | None = Field(
        description="Awards of these programs in a year, by the source; null: not told"
    )
    as_of: str | None = Field(examples=["2026-06-10"])
    source: str
    is_stale: bool = Field(description="Past its shelf life")
