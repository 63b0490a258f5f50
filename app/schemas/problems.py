"""Problem documents over the wire (RFC 9457), and the catalogue of their types."""

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.pages import sent_always


class FaultRead(BaseModel):
    """One thing wrong with a request; names either a place in the body or a parameter."""

    model_config = ConfigDict(json_schema_extra=sent_always())

    pointer: str | None = Field(
        default=None, description="JSON pointer into the body", examples=["#/award_level"]
    )
    parameter: str | None = Field(
        default=None, description="Name of a query, path or header parameter", examples=["sate"]
    )
    detail: str = Field(
        description="What is wrong, in a sentence", examples=["There is no parameter 'sate'."]
    )
    value: str | None = Field(
        default=None, description="The value refused, shortened", examples=["OH"]
    )
    suggestion: str | None = Field(
        default=None, description="The nearest valid name or value", examples=["state"]
    )


class Problem(BaseModel):
    """What went wrong, as RFC 9457 writes it; every 4xx and 5xx answer is one."""

    type: str = Field(
        description="Address of the kind of problem; stable, safe to switch on",
        examples=["/problems/invalid-request"],
    )
    title: str = Field(description="The kind in words", examples=["Invalid request"])
    status: int = Field(description="The HTTP status", ge=400, le=599, examples=[422])
    detail: str = Field(
        description="This occurrence in words, for people",
        examples=["There is no parameter 'sate'. Did you mean 'state'?"],
    )
    instance: str = Field(description="Path of the request", examples=["/v1/programs"])
    request_id: str = Field(
        description="Also in X-Request-ID; quote it when you report the problem",
        examples=["b1946ac92492d2347c6235b4d2611184"],
    )
    errors: list[FaultRead] = Field(
        default_factory=list, description="Every fault found, for requests with several"
    )


class ProblemExampleRead(BaseModel):
    """A request that is refused, and the answer to it."""

    asked: str = Field(
        description="The request: method and address, headers, and after an empty line the body",
        examples=["GET /v1/programs?sate=OH"],
    )
    answer: Problem


class ProblemKindRead(BaseModel):
    """One kind of problem the service can answer with."""

    type: str = Field(description="The `type` of such problems, and the address of this text")
    slug: str = Field(examples=["invalid-request"])
    status: int = Field(description="The HTTP status", examples=[422])
    title: str = Field(examples=["Invalid request"])
    meaning: str = Field(description="What it means")
    advice: str = Field(description="What to do about it")
    example: ProblemExampleRead


class ProblemKinds(BaseModel):
    """Every kind of problem the service can answer with."""

    items: list[ProblemKindRead]
