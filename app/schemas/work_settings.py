"""Work settings over the wire."""

from pydantic import BaseModel, Field

from app.schemas.pages import Evidence, Stamp


class EmploymentShare(BaseModel):
    """How many of one occupation work in the setting, in one edition; never mix editions."""

    soc_code: str = Field(examples=["29-9021"])
    soc_edition: str
    population: str
    employed: int
    in_setting: int
    share_pct: float = Field(ge=0, le=100, description="Our division of the two counts")
    period: str
    note: str
    evidence: Evidence


class WorkSettingRead(BaseModel):
    """A kind of workplace; `filled` names the fields that hit-compare added to the source."""

    slug: str = Field(examples=["hospital"])
    position: int
    label: str
    label_in_prose: str | None
    label_in_table: str | None
    named_in: list[str]
    typical_focus: str | None
    good_fit_if: str | None
    also: list[str]
    roles: list[str]
    employment: list[EmploymentShare] = Field(
        description="Counts by occupation and edition; empty: no source tells"
    )
    filled: list[str]
    basis: str
    source: str

    def source_keys(self) -> set[str]:
        """Return the keys of the sources that the setting draws on."""
        return {self.source, *(share.evidence.source for share in self.employment)}


class WorkSettingAnswer(WorkSettingRead, Stamp):
    """One work setting with its stamp."""
