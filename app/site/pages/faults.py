"""What is wrong with what was typed into a form, in the words of its labels."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.messages import Listing, Message
from app.errors import Fault
from app.schemas.filters import label_of
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
    name = fault.parameter or ""
    return write.told(by_label(fault.detail, Message(label_of(name)), name))


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
