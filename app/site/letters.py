"""The open questions of a program as a letter to its school: to print, or as a mail to send."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.domain.dossier import Dossier
from app.domain.vocabulary import REGIONS
from app.schemas.checklists import QuestionRead
from app.site.languages import Language, capitalized, language
from app.site.writing import Sources, Writer

MOST_MAILTO = 1_900
"""Characters of an address that mail programs take; what is longer some of them cut or refuse."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in one language; ``questions`` are parted by whom they are for, after the first."""

    language: str
    subject: str
    greeting: str
    opening: str
    questions: tuple[tuple[str, tuple[str, ...]], ...]
    more: str
    """Where the questions stand that a mail has no room for."""
    closing: str
    to: str | None = None
    """Mailbox of the role or office that answers for the program; None: none is known."""

    @property
    def text(self) -> str:
        """The letter as plain text; questions are numbered through."""
        return self._with_questions(self.count)

    @property
    def count(self) -> int:
        """How many questions it asks."""
        return sum(len(asked) for _, asked in self.questions)

    @property
    def mailto(self) -> str:
        """An address that opens it in the reader's own mail program.

        Without a mailbox of the program, to whom is left open.
        It has as many questions as mail programs take, and then names where the others stand.
        """
        to = quote(self.to or "", safe="@")
        for most in range(self.count, -1, -1):
            body = quote(self._with_questions(most), safe="")
            address = f"mailto:{to}?subject={quote(self.subject)}&body={body}"
            if len(address) <= MOST_MAILTO:
                break
        return address

    def _with_questions(self, most: int) -> str:
        lines = [self.greeting, "", self.opening]
        number = 0
        for whom, asked in self.questions:
            shown = asked[: max(most - number, 0)]
            lines += ["", f"{whom}:"] if shown else []
            for ask in shown:
                number += 1
                lines.append(f"{number}. {ask}")
        if number < self.count:
            lines += ["", self.more]
        return "\n".join([*lines, "", self.closing, ""])


def write_letter(
    write: Writer,
    dossier: Dossier,
    asked: Sequence[QuestionRead],
    base: str,
    answer_at: str | None = None,
    first: int = 0,
) -> Letter:
    """Return the letter that asks a school what is not known of a program.

    Args:
        write: In a language.
        dossier: The program.
        asked: What is asked, the questions that can settle most first.
        base: The address of this service.
        answer_at: Where the school can answer for everybody; by default where all can report.
        first: How many questions stand on top, whomever they are for, since they decide.
    """
    speech: Language = write.speech
    groups: dict[str, list[str]] = {}
    for one in asked[:first]:
        ask = f"{write.told(one.ask).text} ({write.told(one.whom).text})"
        groups.setdefault(speech.say("What decides for me"), []).append(ask)
    for one in asked[first:]:
        whom = capitalized(write.told(one.whom).text)
        groups.setdefault(whom, []).append(write.told(one.ask).text)
    name = dossier.program.name
    award = dossier.program.award_as_stated
    named = f"{name} ({award})" if award else name
    contact = dossier.contact
    return Letter(
        to=contact.contact_mail if contact else None,
        language=speech.code,
        subject=speech.say("Questions about %(program)s", program=named),
        greeting=speech.say("Dear admissions team of %(school)s,", school=dossier.school.name),
        opening=speech.say(
            "I am thinking of enrolling in %(program)s. I could not find answers to these "
            "questions on public pages. Could you answer them, or name the page that does?",
            program=named,
        ),
        questions=tuple((whom, tuple(found)) for whom, found in groups.items()),
        more=speech.say(
            "All questions are at %(address)s.",
            address=f"{base}/programs/{dossier.program.slug}/letter?lang={speech.code}",
        ),
        closing=speech.say(
            "You can also answer for everybody, at %(address)s. Thank you.",
            address=answer_at
            or f"{base}/corrections?collection=program&key={dossier.program.slug}",
        ),
    )


def letters_to(
    sources: Sources,
    dossier: Dossier,
    asked: Sequence[QuestionRead],
    base: str,
    answer_at: str,
) -> list[Letter]:
    """Return the letter to a school that names its own address for answers, in every language."""
    return [
        write_letter(Writer(language(code), sources), dossier, asked, base, answer_at)
        for code in REGIONS
    ]
