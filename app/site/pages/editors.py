"""What waits for an editor, as a page sets it, and what an editor types read back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args, get_origin

from app.domain.claims import Declared, ProgramClaim, own_fields
from app.queries.found_facts import KINDS, WaitingFact
from app.schemas.claims import to_read
from app.site.pages.claims import ClaimWriter
from app.site.writing import Fact, Writer
from app.store.tables.reading import FoundFact

ALWAYS = ("as_of", "source_url", "note")
"""Columns of the evidence that an editor may mend; the others follow from the page."""

_CENTS, _USD = "_cents", "_usd"


@dataclass(frozen=True, slots=True)
class Input:
    """A column of a fact as a field of a form; ``choices`` None: it is typed."""

    name: str
    label: str
    text: str
    choices: tuple[str, ...] | None = None


class Desk:
    """Puts facts into words, and into fields."""

    def __init__(self, write: Writer, today: date) -> None:
        self._claims, self._today = ClaimWriter(write), today

    def line(self, claim: ProgramClaim) -> Fact:
        """Return what a claim states."""
        return self._claims.fact(to_read(claim, "current", self._today))

    def waiting_line(self, waiting: WaitingFact) -> Fact | None:
        """Return what a fact would state; None where an editor has to add to it first."""
        return self.line(waiting.claim) if waiting.claim else None

    def inputs(self, fact: FoundFact) -> list[Input]:
        """Return the columns of a fact, those it tells first; lists are not typed."""
        own = [_input(one, fact.record) for one in _typed_fields(fact.collection)]
        told = [one for one in own if one.name in fact.record]
        shared = [Input(name, name, str(fact.record.get(name) or "")) for name in ALWAYS]
        return [*told, *shared, *(one for one in own if one not in told)]


def _typed_fields(collection: str) -> Iterable[Declared]:
    return (one for one in own_fields(KINDS[collection]) if get_origin(one.type) is not list)


def _input(one: Declared, record: Mapping[str, Any]) -> Input:
    value = record.get(one.name)
    if one.name.endswith(_CENTS):
        dollars = "" if value in (None, "") else f"{value / 100:.2f}"
        return Input(one.name, one.name.replace(_CENTS, _USD), dollars)
    choices = tuple(map(str, one.column.one_of)) if one.column.one_of else None
    if bool in _types(one):
        choices = ("true", "false")
    return Input(one.name, one.name, _text(value), choices)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _types(one: Declared) -> tuple[Any, ...]:
    return get_args(one.type) or (one.type,)


def changes_of(fact: FoundFact, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the columns that were typed otherwise than they stand; what cannot be read as typed.

    ``typed`` is column -> text of its field; an empty one takes the value away.
    """
    fields = {one.name: one for one in _typed_fields(fact.collection)}
    changes: dict[str, Any] = {}
    for name, raw in typed.items():
        text = raw.strip()
        if name in ALWAYS:
            was: Any = fact.record.get(name)
            value: Any = text or None
        elif name in fields:
            one = fields[name]
            if text == _input(one, fact.record).text:
                continue
            was, value = fact.record.get(name), _value(one, text)
        else:
            continue
        if value != was and (value, was) != (None, ""):
            changes[name] = value
    return changes


def _value(one: Declared, text: str) -> Any:
    """Return a text as the type of its column; as it is where it is none of it."""
    types = _types(one)
    if not text:
        return None
    if bool in types:
        return {"true": True, "false": False}.get(text.lower(), text)
    if int not in types and float not in types:
        return text
    try:
        number = float(text.replace(",", "").removeprefix("$"))
    except ValueError:
        return text
    if one.name.endswith(_CENTS):
        return round(number * 100)
    return int(number) if int in types and number.is_integer() else number
