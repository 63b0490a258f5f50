"""Programs as small cards on pages of other subjects."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.messages import Message
from app.domain.reader import whose_price
from app.domain.vocabulary import Finding, Residency
from app.schemas.comparison import RangeRead
from app.schemas.programs import ProgramSummary
from app.site import words
from app.site.pages.chips import Chip, Strip, chips, strip
from app.site.writing import Bar, Fact, Phrase, Writer


@dataclass(frozen=True, slots=True)
class ProgramCard:
    """A program in short: enough to choose it, or to open its page."""

    slug: str
    name: str
    label: str
    school: str
    place: str
    award: str
    bar: Bar
    peers: str | None
    facts: Sequence[Fact]
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
        bar=writer.bar(item.score),
        peers=writer.peers(item.peers),
        facts=[_accreditation(writer, item), price_of(writer, item), length_of(writer, item)],
        chips=chips(writer, item),
        strip=strip(writer, item),
    )


def award_of(writer: Writer, item: ProgramSummary) -> str:
    """Return what the school confers, as the closed list or the school words it."""
    if item.award_level:
        return writer.word(words.AWARDS, item.award_level).text
    return item.award_as_stated or writer.speech.say("Award not known")


def not_known(writer: Writer, label: str) -> Fact:
    """Return a line of which nothing is known."""
    return Fact(label, Phrase(writer.speech.say(words.NOT_KNOWN)), is_known=False)


def to_range(low: float | None, high: float | None) -> float | RangeRead:
    """Return one number where both ends are the same, else the range."""
    return low if low is not None and low == high else RangeRead(low=low, high=high)


def _accreditation(writer: Writer, item: ProgramSummary) -> Fact:
    return Fact(
        label=writer.speech.say("Program accreditation"),
        value=writer.word(words.ACCREDITED, item.accreditation),
        is_known=item.accreditation is not Finding.UNKNOWN,
        finding=item.accreditation,
    )


def price_of(writer: Writer, item: ProgramSummary) -> Fact:
    """Return tuition and fees, with the year and for whom they hold."""
    label, price = writer.speech.say("Tuition and fees"), item.price
    if price is None:
        return not_known(writer, label)
    pattern = words.AMOUNTS.get(price.basis, "%(amount)s")
    amount = writer.speech.say(pattern, amount=writer.speech.dollars(price.tuition_and_fees_usd))
    notes = [writer.word(words.LEVELS, price.level)]
    notes += [for_whom(writer, item, price.residency), *others_pay(writer, item)]
    said = [writer.named(price.source, price.academic_year)]
    return Fact(label, Phrase(amount), is_known=True, said=said, notes=notes)


def for_whom(writer: Writer, item: ProgramSummary, residency: str | None) -> Phrase:
    """Return for whom a price of a program holds."""
    return writer.told(whose_price(residency, item.institution.state))


def others_pay(writer: Writer, item: ProgramSummary) -> list[Phrase]:
    """Return what those pay for whom the price does not hold, where that is told beside it."""
    price = item.price
    if price is None:
        return []
    told = {
        Residency.IN_DISTRICT: price.in_district_usd,
        Residency.IN_STATE: price.in_state_usd,
        Residency.OUT_OF_STATE: price.out_of_state_usd,
    }
    return [
        writer.told(
            Message(
                "%(amount)s %(for_whom)s",
                amount=writer.speech.dollars(amount),
                for_whom=whose_price(residency, item.institution.state),
            )
        )
        for residency, amount in told.items()
        if amount is not None and residency != price.residency
    ]


def length_of(writer: Writer, item: ProgramSummary) -> Fact:
    """Return how long it takes at full time."""
    label = writer.speech.say("Length")
    if item.months is None:
        return not_known(writer, label)
    months = writer.months(to_range(item.months.low, item.months.high))
    return Fact(label, Phrase(months), is_known=True)
