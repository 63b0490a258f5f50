"""What is wrong with what was typed into a form, in the words of its labels."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.messages import Listing, Message, parts_of
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
    first, *rest = parts_of(fault.detail) or [""]
    if isinstance(first, Message) and first.params.get("what") == fault.parameter:
        label = write.speech.say(label_of(fault.parameter or ""))
        said = Message(first.pattern, **first.params | {"what": label})
        return write.told(Listing(" ", [said, *rest]))
    return write.told(fault.detail)


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
