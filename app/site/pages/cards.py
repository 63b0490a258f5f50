"""Programs as small cards on pages of other subjects."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.schemas.comparison import RangeRead
from app.schemas.programs import ProgramSummary
from app.site import words
from app.site.pages.chips import Chip, Strip, chips, strip
from app.site.writing import Fact, Phrase, Writer


@dataclass(frozen=True, slots=True)
class ProgramCard:
    """A program in short: enough to choose it, or to open its page."""

    slug: str
    name: str
    label: str
    school: str
    place: str
    award: str
    chips: Sequence[Chip]
    strip: Strip


def program_card(writer: Writer, item: ProgramSummary) -> ProgramCard:
    """Return an item of a list as a card."""
    school = item.institution
    return ProgramCard(
        slug=item.slug,
        name=item.name,
        label=f"{school.name}: {item.name}",
        school=school.name,
        place=", ".join(part for part in (school.city, school.state) if part),
        award=award_of(writer, item),
        chips=chips(writer, item),
        strip=strip(writer, item),
    )


def award_of(writer: Writer, item: ProgramSummary) -> str:
    """Return what the school confers, as the closed list or the school words it."""
    if item.award_level:
        return writer.word(words.AWARDS, item.award_level).text
    return item.award_as_stated or writer.speech.say("Degree or certificate not known")


def not_known(writer: Writer, label: str) -> Fact:
    """Return a line of which nothing is known."""
    return Fact(label, Phrase(writer.speech.say(words.NOT_KNOWN)), is_known=False)


def to_range(low: float | None, high: float | None) -> float | RangeRead:
    """Return one number where both ends are the same, else the range."""
    return low if low is not None and low == high else RangeRead(low=low, high=high)
