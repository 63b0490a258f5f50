"""Work settings over the wire."""

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.areas import PayRead
from app.schemas.messages import Sentence
from app.schemas.pages import Evidence, Page, Stamp


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


class RemoteShare(BaseModel):
    """Which share of one occupation works away from the site, in one edition."""

    soc_code: str
    soc_edition: str
    population: str
    share_pct: float = Field(ge=0, le=100)
    period: str
    note: str | None
    evidence: Evidence


class SettingRoleFacts(BaseModel):
    """A role typical of a setting, as an editor writes it."""

    model_config = ConfigDict(extra="forbid")

    label: str
    soc_codes: list[str] = Field(description="SOC 2018")
    path: str | None = Field(description="Slug of /v1/advancement-paths; null: none of them")
    note: str | None


class OccupationRef(BaseModel):
    """An occupation a role is counted in."""

    soc_code: str = Field(examples=["29-2072"])
    title: str | None = Field(description="null: not an occupation of the catalogue")
    url: str | None


class SettingRole(SettingRoleFacts):
    """A role typical of the setting, with its occupations and its place in the graph of roles."""

    occupations: list[OccupationRef]
    path_url: str | None


class SettingQuestion(BaseModel):
    """What no source tells of the setting, what to ask and whom."""

    field: str
    reason: Sentence
    ask: Sentence
    whom: str


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
    roles: list[SettingRole]
    credentials: list[str] | None = Field(
        description="Codes of /v1/credentials valued there; null: unknown"
    )
    employment: list[EmploymentShare] = Field(
        description="Counts by occupation and edition; empty: no source tells"
    )
    remote: list[RemoteShare] = Field(
        description="Shares of remote work by occupation and edition; empty: no source tells"
    )
    unknown: list[SettingQuestion]
    filled: list[str]
    basis: str
    source: str

    def source_keys(self) -> set[str]:
        """Return the keys of the sources that the setting draws on."""
        shares: list[EmploymentShare | RemoteShare] = [*self.employment, *self.remote]
        return {self.source, *(share.evidence.source for share in shares)}


class WorkSettingAnswer(WorkSettingRead, Stamp):
    """One work setting with its stamp."""

    pay: PayRead | None = Field(
        default=None,
        description="What the occupations of `roles` pay in the place asked for by `state` or "
        "`near`, in all settings together; null: none is asked for",
    )


class SharesKnown(BaseModel):
    """Of which settings shares of employment are known, and of whom and when they are."""

    settings: int = Field(description="Settings with a share")
    of: int
    occupations: list[str] = Field(description="SOC codes that the shares are of")
    periods: list[str]
    note: Sentence


class WorkSettingReadPage(Page[WorkSettingRead]):
    """Every work setting."""

    shares_known: SharesKnown
