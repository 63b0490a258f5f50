"""Pages on credentials, work settings and roles: what their addresses may ask for."""

from datetime import date
from typing import Annotated

from pydantic import Field

from app.domain.credentials.eligibility import Education
from app.schemas.advancement import Credits, Years
from app.schemas.credentials import CredentialQuery
from app.schemas.pages import IsoDate, Text
from app.schemas.site import PlaceVisitQuery, VisitQuery

Held = Annotated[
    list[Annotated[Text, Field(min_length=1, max_length=100)]],
    Field(max_length=30, description="Codes of credentials held"),
]


class CredentialsPageQuery(VisitQuery, CredentialQuery):
    """Query string of the list of credentials: that of GET /v1/credentials."""

    def search(self) -> CredentialQuery:
        """Return the search."""
        return CredentialQuery.model_validate(
            self.model_dump(include=set(CredentialQuery.model_fields), exclude_unset=True)
        )


class CredentialPageQuery(PlaceVisitQuery):
    """Query string of a credential's page: what somebody tells who wants to sit the exam."""

    studied: Text | None = Field(
        default=None, max_length=200, description="Slug of the program completed or meant to be"
    )
    education: Education | None = Field(default=None, description="Highest education completed")
    holds: Held = Field(default_factory=list)
    experience_years: Years | None = Field(
        default=None, description="Years in the field that a way to the exam asks for"
    )

    @property
    def tells(self) -> bool:
        """Whether anything is told."""
        return bool(self.studied or self.education or self.holds) or (
            self.experience_years is not None
        )


class CredentialsCompareQuery(PlaceVisitQuery):
    """Query string of the page of credentials side by side."""

    credential: Held = Field(default_factory=list, description="Codes of credentials to compare")


class RenewalPageQuery(VisitQuery):
    """Query string of the renewal plan."""

    held: Held = Field(default_factory=list)
    passed: Text | None = Field(
        default=None, max_length=100, description="Credential whose day of the exam is told"
    )
    passed_on: IsoDate | None = Field(
        default=None,
        ge=date(1930, 1, 1),
        le=date(2100, 1, 1),
        description="Day the exam of `passed` was passed",
    )


class AdvancementPlanPageQuery(VisitQuery):
    """Query string of the way to a role."""

    target: Text | None = Field(
        default=None, max_length=80, description="Role or credential aimed at"
    )
    education: Education | None = Field(default=None, description="Highest education completed")
    education_field: Text | None = Field(
        default=None, max_length=200, description="Field of that education"
    )
    credits_earned: Credits | None = Field(
        default=None, description="Semester credits earned so far"
    )
    credits_transferred: Credits | None = Field(
        default=None, description="Semester credits that the next school counts"
    )
    held: Held = Field(default_factory=list)
    role: list[Annotated[Text, Field(max_length=80)]] = Field(
        default_factory=list, max_length=20, description="Roles held, today or before"
    )
    skill: list[Text] = Field(default_factory=list, max_length=60, description="Skills you have")
    experience_years: Years | None = Field(
        default=None, description="Years of health information work in all"
    )
    next_program: Text | None = Field(
        default=None, max_length=200, description="Slug of a program you mean to take"
    )


class FitPageQuery(VisitQuery):
    """Query string of the statements on fit."""

    agree: list[Annotated[Text, Field(max_length=100)]] = Field(
        default_factory=list, max_length=100, description="Keys of statements that are true of you"
    )
