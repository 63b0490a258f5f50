"""What decides about a program, in a few words each: chips, and a strip of one mark a check.

Lists, the head of a comparison, cards and hand-outs all show these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from app.domain.credentials.leads_to import LeadsTo
from app.domain.reader import whose_price
from app.domain.vocabulary import Delivery, Finding, OnlineAnswer
from app.queries.rubrics import current_rubric
from app.schemas.comparison import RangeRead
from app.schemas.online import OnlineCompletion
from app.schemas.programs import ProgramSummary
from app.site import words
from app.site.writing import Phrase, Writer


@dataclass(frozen=True, slots=True)
class Chip:
    """One deciding fact: a finding for its icon and color, a few words, and more in a tooltip.

    ``key`` is ``accredited``, ``format``, ``length``, ``cost`` or ``leads_to``. ``icon`` is the
    name of a symbol, of the finding where the fact can be met.
    """

    key: str
    finding: Finding
    icon: str
    text: Phrase
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A check in a strip: its key, what it is called, and its finding in both."""

    check: str
    finding: Finding
    title: str


@dataclass(frozen=True, slots=True)
class Strip:
    """How many checks are answered, and a mark for each."""

    said: str
    marks: Sequence[Mark]


def chips(write: Writer, item: ProgramSummary) -> list[Chip]:
    """Return the facts that decide, in the order of lists."""
    return [
        accredited(write, item.accreditation),
        class_format(write, item.delivery, item.completion_online),
        _length(write, item),
        _cost(write, item),
        *leading(write, item.leads_to),
    ]


def strip(write: Writer, item: ProgramSummary) -> Strip:
    """Return the checks of a program as marks, in the order of the checklist."""
    findings = {check: finding for finding, checks in item.findings.items() for check in checks}
    return strip_of(write, findings, item.score.answered, item.score.of)


def strip_of(write: Writer, findings: Mapping[str, Finding], answered: int, of: int) -> Strip:
    """Return checks with their findings as marks, and how many of those that apply are answered."""
    say, number = write.speech.say, write.speech.number
    return Strip(
        said=say("%(answered)s of %(of)s answered", answered=number(answered), of=number(of)),
        marks=[
            Mark(
                check=key,
                finding=findings[key],
                title=f"{say(label)}: {say(words.FINDINGS[findings[key]])}",
            )
            for key, label in _checks().items()
            if key in findings
        ],
    )


@cache
def _checks() -> dict[str, str]:
    return {
        check.key: check.label
        for criterion in current_rubric().criteria
        for check in criterion.checks
    }


def accredited(write: Writer, finding: Finding) -> Chip:
    """Return whether a program is accredited, as the checklist finds."""
    return Chip(
        "accredited",
        finding,
        finding,
        write.word(words.CHIPS_OF_ACCREDITATION, finding),
        write.word(words.ACCREDITED, finding).text,
    )


def class_format(
    write: Writer, delivery: Sequence[Delivery] | None, survey: OnlineCompletion | None
) -> Chip:
    """Return whether classes are online; what nobody tells is neither yes nor no."""
    if delivery:
        online = Delivery.ONLINE in delivery
        part = online or Delivery.HYBRID in delivery
        finding = Finding.MET if online else Finding.PARTLY_MET if part else Finding.NOT_MET
        icon = finding if part else "place"
        text = Phrase(write.listed(words.DELIVERIES, delivery))
    elif survey is not None:
        finding = icon = Finding.UNCONFIRMED if survey.is_stale else SURVEYED[survey.answer]
        text = write.word(words.CHIPS_OF_SURVEY, survey.answer)
        if survey.is_stale:
            text = Phrase(f"{text.text}, {survey.as_of}")
    else:
        finding = icon = Finding.UNKNOWN
        text = Phrase(write.speech.say("Online or not: not known"))
    note = write.word(words.ONLINE_ANSWERS, survey.answer).text if survey else ""
    return Chip("format", finding, icon, text, note)


SURVEYED = {
    OnlineAnswer.ALL: Finding.MET,
    OnlineAnswer.SOME: Finding.PARTLY_MET,
    OnlineAnswer.NONE: Finding.NOT_MET,
}
"""What a survey says on completing programs of a field and award online -> its mark."""


def _length(write: Writer, item: ProgramSummary) -> Chip:
    say, months = write.speech.say, item.months
    if months is None:
        return Chip("length", Finding.UNKNOWN, "unknown", Phrase(say("Length not known")))
    length = write.months(RangeRead(low=months.low, high=months.high))
    text = say("About %(months)s", months=length)
    return Chip("length", Finding.MET, "clock", Phrase(text), say("At full time"))


def _cost(write: Writer, item: ProgramSummary) -> Chip:
    say, total, price = write.speech.say, item.total_cost, item.price
    if total is not None:
        said = (
            say("%(amount)s in all", amount=write.between(total.low_usd, total.high_usd))
            if total.is_complete
            else say("At least %(amount)s in all", amount=write.speech.dollars(total.low_usd))
        )
        finding = Finding.MET if total.is_complete else Finding.PARTLY_KNOWN
        return Chip("cost", finding, "cost", Phrase(said), _for_whom(write, item, total.residency))
    if price is not None:
        pattern = words.AMOUNTS.get(price.basis, "%(amount)s")
        amount = say(pattern, amount=write.speech.dollars(price.tuition_and_fees_usd))
        return Chip(
            "cost",
            Finding.PARTLY_KNOWN,
            "cost",
            Phrase(say("Tuition %(amount)s", amount=amount)),
            _for_whom(write, item, price.residency),
        )
    return Chip("cost", Finding.UNKNOWN, "unknown", Phrase(say("Cost not known")))


def _for_whom(write: Writer, item: ProgramSummary, residency: str | None) -> str:
    return write.told(whose_price(residency, item.institution.state)).text


def leading(write: Writer, leads_to: Mapping[str, LeadsTo]) -> list[Chip]:
    """Return to which exams a program leads."""
    return [
        Chip(
            "leads_to",
            Finding(words.LEADS_TO_MARKS[answer]),
            words.LEADS_TO_MARKS[answer],
            Phrase(write.speech.say(words.CHIPS_OF_LEADS_TO[answer], credential=code)),
        )
        for code, answer in leads_to.items()
    ]
