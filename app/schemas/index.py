"""What there is to ask, over the wire."""

from pydantic import BaseModel, Field


class ResourceRead(BaseModel):
    """An address of the interface that needs nothing filled in."""

    path: str = Field(examples=["/v1/programs"])
    summary: str = Field(examples=["List the field's credentials by issuer, level and focus"])
    tag: str = Field(description="The group it stands in at /docs/interface")


class IndexRead(BaseModel):
    """Where the interface begins: its resources, and where they are described."""

    resources: list[ResourceRead]
    openapi: str = Field(description="Every operation as OpenAPI 3.1", examples=["/openapi.json"])
    docs: str = Field(description="Questions as forms, for people", examples=["/docs"])
    glossary: str = Field(description="What the words mean", examples=["/docs/glossary"])
    assistants: str = Field(
        description="Tools of assistants, by the Model Context Protocol", examples=["/mcp"]
    )
    llms: str = Field(description="The same for assistants, as text", examples=["/llms.txt"])
    catalog: str = Field(
        description="The same for machines (RFC 9727)", examples=["/.well-known/api-catalog"]
    )
