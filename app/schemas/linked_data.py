"""What linked data tell beside the records themselves."""

from pydantic import BaseModel, Field

from app.schemas.pages import Evidence


class OccupationRef(BaseModel):
    """An occupation that a field of study leads to, by the federal crosswalk."""

    soc_code: str
    title: str
    evidence: Evidence


class References(BaseModel):
    """What records refer to by name."""

    publishers: dict[str, str] = Field(description="Key of a source -> who publishes it")
    credentials: dict[str, str] = Field(description="Code or other name as stated -> code")
    occupations: dict[str, list[OccupationRef]] = Field(description="CIP code -> where it leads")
