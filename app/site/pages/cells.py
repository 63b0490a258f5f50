"""Values of an answer in words: what stands in a cell of a table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.domain.reader import whose_price
from app.domain.vocabulary import CellStatus, Delivery, Finding
from app.schemas.comparison import RangeRead, RowRead
from app.schemas.credentials import CellRead, StatementRead
from app.schemas.online import OnlineCompletion
from app.schemas.pages import Evidence
from app.site import words
from app.site.pages import chips, wages
from app.site.pages.chips import Chip
from app.site.rows import RowWriter
from app.site.writing import Citation, Phrase, Writer

Shown = Phrase | Chip | Sequence[Citation] | None
"""What is shown: words, words with a mark, or who says so; None: not known."""

Show = Callable[[Writer, Any], Shown]
"""Puts a value that is known into words."""


def part(value: Any, path: str) -> Any:
    """Return what stands at a path in an answer, or None where something on the way is not there.

    A part of a list is told by its place, or by the key or name of the entry.

    >>> part({"parts": [{"key": "a", "of": [1, 2]}]}, "parts.a.of.1")
    2
    """
    for name in path.split(".") if path else ():
        if value is None:
            return None
        value = _entry(value, name) if isinstance(value, list | tuple) else _field(value, name)
    return value


def _entry(entries: Sequence[Any], name: str) -> Any:
    if name.isdigit():
        return entries[int(name)] if int(name) < len(entries) else None
    return next(
        (one for one in entries if name in (_field(one, "key"), _field(one, "name"))),
        None,
    )


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def name(_write: Writer, value: Any) -> Phrase:
    """Return a name or a code, the same in every language."""
    return Phrase(str(value))


def english_name(write: Writer, value: Any) -> Phrase:
    """Return a name that is English everywhere, such as the title of an occupation."""
    return write.english(str(value), "name")


def told(write: Writer, value: Any) -> Phrase:
    """Return a sentence of ours in the language of the page."""
    phrase = write.told(value)
    return Phrase(phrase.text[:1].upper() + phrase.text[1:], phrase.lang, phrase.kind)


def stated(write: Writer, value: Any) -> Phrase:
    """Return words of a source as they are."""
    return write.told(str(value))


def word(known: words.Words) -> Show:
    """Return what puts a key of a closed list into words."""

    def show(write: Writer, value: Any) -> Phrase:
        text = write.word(known, str(value)).text
        return Phrase(text[:1].upper() + text[1:])

    return show


def finding(known: words.Words, marks: Mapping[Any, Finding] | None = None) -> Show:
    """Return what puts a finding, or an answer that stands for one, into words with a mark."""

    def show(write: Writer, value: Any) -> Chip:
        found = marks[value] if marks else Finding(value)
        return Chip("finding", found, found, write.word(known, str(value)))

    return show


def dollars(write: Writer, value: float) -> Phrase:
    """Return an amount."""
    return Phrase(write.speech.dollars(value))


def amounts(write: Writer, value: Any) -> Phrase | None:
    """Return an amount from low to high; None: neither is known."""
    low, high = _field(value, "low_usd"), _field(value, "high_usd")
    return None if low is None and high is None else Phrase(write.between(low, high))


def whole_cost(write: Writer, value: Any) -> Phrase | None:
    """Return a total, and that it is a least one where parts of it have no price."""
    amount = amounts(write, value)
    if amount is None or _field(value, "is_complete"):
        return amount
    return Phrase(write.speech.say("At least %(amount)s", amount=amount.text))


def for_whom(write: Writer, program: Any) -> Phrase:
    """Return for whom the total of a program holds."""
    residency, state = part(program, "total_cost.residency"), part(program, "institution.state")
    return write.told(whose_price(residency, state))


def months(write: Writer, value: Any) -> Phrase | None:
    """Return a length from low to high; None: neither is known."""
    low, high = _field(value, "low"), _field(value, "high")
    return (
        None
        if low is None and high is None
        else Phrase(write.months(RangeRead(low=low, high=high)))
    )


def credits_between(write: Writer, value: Any) -> Phrase:
    """Return a number of credits from low to high."""
    say, number = write.speech.say, write.speech.number
    low, high = _field(value, "low"), _field(value, "high")
    if high is None:
        return Phrase(say("%(low)s or more", low=number(low)))
    if low == high:
        return Phrase(number(low))
    return Phrase(say("%(low)s to %(high)s", low=number(low), high=number(high)))


def number(write: Writer, value: float) -> Phrase:
    """Return a number."""
    return Phrase(write.speech.number(value))


def share(write: Writer, value: float) -> Phrase:
    """Return a share of 0 to 1 as percent."""
    return Phrase(write.speech.percent(value))


def day(_write: Writer, value: Any) -> Phrase:
    """Return the day of a moment."""
    return Phrase(str(value)[:10])


def place(_write: Writer, school: Any) -> Phrase:
    """Return city and state of a school."""
    city, state = _field(school, "city"), _field(school, "state")
    return Phrase(", ".join(filter(None, (city, state))))


def citations(write: Writer, value: Any) -> Sequence[Citation] | None:
    """Return who says so, by one piece of evidence or several."""
    several = value if isinstance(value, list | tuple) else [value]
    return write.said(several) or None


def accredited(write: Writer, program: Any) -> Chip:
    """Return whether a program is accredited, as its card says it."""
    return chips.accredited(write, Finding(_field(program, "accreditation")))


def class_format(write: Writer, program: Any) -> Chip:
    """Return whether classes are online, as the card of a program says it."""
    delivery, survey = _field(program, "delivery"), _field(program, "completion_online")
    return chips.class_format(
        write,
        [Delivery(one) for one in delivery] if delivery else None,
        OnlineCompletion.model_validate(survey) if survey else None,
    )


def leads_to(write: Writer, answers: Any) -> Chip | None:
    """Return to which exam a program leads."""
    shown = [
        Chip(
            "leads_to",
            Finding(words.LEADS_TO_MARKS[answer]),
            words.LEADS_TO_MARKS[answer],
            Phrase(f"{code}: {write.word(words.LEADS_TO, answer).text}"),
        )
        for code, answer in answers.items()
    ]
    return shown[0] if shown else None


def fact_label(write: Writer, row: Any) -> Phrase:
    """Return what a fact of a credential is called, with for whom it holds."""
    label, qualifier = write.told(_field(row, "label")).text, _field(row, "qualifier")
    if qualifier:
        label = f"{label}: {write.word(words.QUALIFIERS, qualifier).text}"
    return Phrase(label)


def fact(write: Writer, row: Any) -> Phrase | None:
    """Return what is stated of a credential."""
    if not _field(row, "value_text"):
        return None
    names = ("value_text", "value_low", "value_high", "unit")
    statement = StatementRead.model_construct(**{one: _field(row, one) for one in names})
    return write.stated(_field(row, "field"), statement)


def fact_source(write: Writer, row: Any) -> Sequence[Citation] | None:
    """Return who states a fact of a credential."""
    if not _field(row, "source"):
        return None
    names = ("source", "source_url", "as_of", "basis", "as_stated", "stale")
    return write.said([Evidence(**{one: _field(row, one) for one in names})])


def leading(write: Writer, known: Sequence[CellRead]) -> Phrase | None:
    """Return what leads in some cells of a credential, each with for whom it holds."""
    lines = []
    for cell in known:
        if cell.current is not None:
            value = write.cell(cell).value.text
            whom = write.word(words.QUALIFIERS, cell.qualifier).text if cell.qualifier else ""
            lines.append(f"{value} ({whom})" if whom else value)
    return Phrase("; ".join(lines)) if lines else None


def figure(write: Writer, statistic: Any) -> Phrase | None:
    """Return a figure with its unit."""
    return wages.amount_of(write, statistic)


def compared_label(write: Writer, row: RowRead) -> Phrase:
    """Return what a row of a comparison is called."""
    return Phrase(RowWriter(write.speech, write.sources).label(row))


def compared(at: int) -> Show:
    """Return what puts a row of a comparison into words, as it is of one of the programs."""

    def show(write: Writer, row: RowRead) -> Phrase | None:
        value = row.values[at]
        if value.status is not CellStatus.KNOWN:
            return None
        return RowWriter(write.speech, write.sources).value(row, value)

    return show
