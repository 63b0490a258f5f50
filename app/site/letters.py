"""The open questions of a program as a letter to its school: to print, or as a mail to send."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.domain.dossier import Dossier
from app.schemas.checklists import QuestionRead
from app.site.languages import Language
from app.site.writing import Writer


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in one language; ``questions`` are parted by whom they are for."""

    language: str
    subject: str
    greeting: str
    opening: str
    questions: tuple[tuple[str, tuple[str, ...]], ...]
    closing: str

    @property
    def text(self) -> str:
        """The letter as plain text; questions are numbered through."""
        lines = [self.greeting, "", self.opening]
        number = 0
        for whom, asked in self.questions:
            lines += ["", f"{whom}:"]
            for ask in asked:
                number += 1
                lines.append(f"{number}. {ask}")
        return "\n".join([*lines, "", self.closing, ""])

    @property
    def mailto(self) -> str:
        """An address that opens it in the reader's own mail program; to whom is left open."""
        return f"mailto:?subject={quote(self.subject)}&body={quote(self.text, safe='')}"


def write_letter(
    write: Writer, dossier: Dossier, asked: Sequence[QuestionRead], base: str
) -> Letter:
    """Return the letter that asks a school what is not known of a program.

    ``base`` is the address of this service, where the school can answer for everybody.
    """
    speech: Language = write.speech
    by_whom: dict[str, list[str]] = {}
    for one in asked:
        whom = write.told(one.whom).text
        by_whom.setdefault(whom[:1].upper() + whom[1:], []).append(write.told(one.ask).text)
    name = dossier.program.name
    award = dossier.program.award_as_stated
    named = f"{name} ({award})" if award else name
    return Letter(
        language=speech.code,
        subject=speech.say("Questions about %(program)s", program=named),
        greeting=speech.say("Dear admissions team of %(school)s,", school=dossier.school.name),
        opening=speech.say(
            "I am thinking of enrolling in %(program)s. I could not find answers to these "
            "questions on public pages. Could you answer them, or name the page that does?",
            program=named,
        ),
        questions=tuple((whom, tuple(found)) for whom, found in by_whom.items()),
        closing=speech.say(
            "You can also answer for everybody, at %(address)s. Thank you.",
            address=f"{base}/corrections?collection=program&key={dossier.program.slug}",
        ),
    )
