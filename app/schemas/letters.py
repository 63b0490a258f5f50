"""Letters to schools over the wire."""

from pydantic import Field

from app.schemas.embeds import LanguageCode
from app.schemas.pages import QueryModel, Stamp


class LetterQuery(QueryModel):
    """Query string of GET /v1/programs/{slug}/letter."""

    lang: LanguageCode = Field(default="en", description="Language", examples=["es"])


class LetterRead(Stamp):
    """The open questions of a program as a letter."""

    program: str
    language: str
    subject: str
    to: str | None = Field(
        description="Mailbox of the role or office that answers for the program; null: none known"
    )
    text: str = Field(description="Plain text, the questions numbered by what they can settle")
    mailto: str = Field(description="Opens it in a mail program, to ``to``")
    questions: int = Field(description="How many are asked")
