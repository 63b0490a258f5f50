"""What is wrong with what was typed into a form, in the words of its labels."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.domain.messages import N_, Listing, Message
from app.errors import Fault
from app.schemas.filters import label_of
from app.site import words
from app.site.writing import Phrase, Writer


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was typed into a field, and what is wrong with it."""

    typed: str
    said: Phrase


def wrong_fields(write: Writer, faults: Iterable[Fault]) -> Mapping[str, Wrong]:
    """Return field -> the first thing that is wrong with what was typed into it."""
    fields: dict[str, Wrong] = {}
    for fault in faults:
        if fault.parameter:
            fields.setdefault(fault.parameter, Wrong(fault.value or "", _said(write, fault)))
    return fields


def _said(write: Writer, fault: Fault) -> Phrase:
    if fault.parameter == "near" and fault.value:
        return write.told(_no_place(fault))
    label = Message(label_of(fault.parameter or ""))
    if fault.value and isinstance(fault.detail, Message):
        patterns = set(_patterns(fault.detail))
        if patterns & NO_CHOICE:
            pattern = N_("“%(value)s” is no choice for “%(what)s”.")
            return write.told(_hinting(Message(pattern, value=fault.value, what=label), fault))
        if patterns & NOTHING_CALLED_SO:
            said = Message("Nothing is known as “%(key)s”.", key=fault.value)
            return write.told(_hinting(said, fault))
    return write.told(by_label(fault.detail, label, fault.parameter or ""))


NO_CHOICE = frozenset(
    {"must be %(choices)s", "must be one of %(n)s values listed in '/docs/interface'"}
)
"""Ends of sentences that list keys, which say nothing to people."""

NOTHING_CALLED_SO = frozenset({"No %(kind)s is known as %(key)s."})
"""Beginnings of sentences that go on with keys."""


CHOICES: Mapping[str, words.Words] = {
    "award_level": words.AWARDS,
    "control": words.CONTROLS,
    "delivery": words.DELIVERIES,
    "residency": words.RESIDENCIES,
    "sort": words.SORTS,
    "state": words.STATES,
}
"""What is chosen from a list -> its choices in words."""


def _hinting(said: Message, fault: Fault) -> Message:
    """Return what is wrong, and the nearest right choice, in words; keys are told to nobody."""
    near = fault.suggestion or ""
    known = CHOICES.get(fault.parameter or "", {}).get(near)
    if not near or (known is None and re.fullmatch("[a-z]+([-_][a-z0-9]+)+", near)):
        return said
    meant = Message(known) if known else near
    return Listing(" ", [said, Message("Did you mean “%(near)s”?", near=meant)])


def _patterns(message: Message) -> Iterator[str]:
    """Yield the patterns of a message and of all that it is made of."""
    yield message.pattern
    for part in message.params.values():
        if isinstance(part, Message):
            yield from _patterns(part)


def by_label(detail: object, label: Message, name: str | None = None) -> str:
    """Return what is wrong with a field under its label instead of its name.

    ``name`` is the one that gives way; None: whatever stands there.
    """
    if isinstance(detail, Listing):
        parts = [by_label(part, label, name) for part in detail.params.values()]
        return Listing(detail.pattern, parts)
    if not isinstance(detail, Message):
        return str(detail)
    is_meant = "what" in detail.params and name in (None, detail.params["what"])
    return Message(detail.pattern, **detail.params | {"what": label}) if is_meant else detail


def _no_place(fault: Fault) -> Message:
    place = str(fault.value)
    if re.fullmatch(r"[\d -]+", place):
        return Message("We know no ZIP code %(code)s.", code=place)
    if fault.suggestion:
        return Message(
            "There are several places called %(place)s. Name the state too, as in “%(example)s”.",
            place=place,
            example=fault.suggestion,
        )
    return Message(
        "We know no place called %(place)s. Try a ZIP code, a city with its state, or a state.",
        place=place,
    )
