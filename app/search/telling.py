"""All that is told of a text beside the programs it finds, and how it goes over the wire."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app.schemas.programs import ProgramQuery
from app.search.first import FirstResult, first_results
from app.search.said import Alternative, GivenUp, Params, Told, Understanding
from app.search.text import Nothing, TextMatches


@dataclass(frozen=True, slots=True)
class TextTold:
    """What is told of a text: how it was read, what was given up, and what answers beside programs.

    ``nothing`` is why nothing meets all of it, and ``rest`` how many programs meet what is left.
    """

    understood: Sequence[Understanding]
    choices: Sequence[Alternative]
    given_up: Sequence[GivenUp]
    first: Sequence[FirstResult]
    nothing: str | None
    nearest: Sequence[Alternative]
    rest: int

    def to_wire(self, query: ProgramQuery, path: str) -> dict[str, Any]:
        """Return it as it goes over the wire; ``path`` is where ``query`` is asked."""
        given = query.model_dump(mode="json", exclude_unset=True, exclude_none=True)

        def to(text: str | None, params: Params) -> str:
            return _address(path, {**given, **params, "q": text})

        def wire(one: Alternative) -> dict[str, Any]:
            return {"words": one.words, "said": one.said, "href": to(one.text, one.query)}

        more: dict[str, Any] = {
            "understood": [
                {
                    "words": one.words,
                    "read_as": one.read_as,
                    "because": one.because,
                    "kind": one.kind,
                    "used": one.used,
                    "query": one.query,
                    "without": to(one.rest, {}),
                    "said": one.said,
                }
                for one in self.understood
            ]
        }
        if self.choices:
            more["choices"] = [wire(one) for one in self.choices]
        if self.given_up:
            more["loosened"] = [{"step": one.step, "said": one.said} for one in self.given_up]
        if self.first:
            more["first"] = [one.to_wire() for one in self.first]
        if self.nothing:
            nearest = [wire(one) for one in self.nearest]
            more["beyond"] = {
                "said": self.nothing,
                "nearest": nearest,
                "total": self.rest,
            }
        return more


def tell(text: TextMatches, given_up: Sequence[str], *, rest: int, is_first: bool) -> TextTold:
    """Return what is told of a text; what answers beside programs on the first page only."""
    told = Told(text, given_up)
    return TextTold(
        understood=told.understood(),
        choices=told.choices(),
        given_up=told.losses(),
        first=first_results(text) if is_first else [],
        nothing=told.nothing() if text.nothing else None,
        nearest=told.nearest() if text.nothing is Nothing.UNKNOWN_NAME else [],
        rest=rest,
    )


def _address(path: str, asked: Mapping[str, Any]) -> str:
    """Return where a search is asked for by its parameters; those that are None are left out."""
    pairs = [
        (name, one)
        for name, value in asked.items()
        if value is not None and name != "cursor"
        for one in (value if isinstance(value, (list, tuple)) else [value])
    ]
    return f"{path}?{urlencode(pairs, safe=':,')}" if pairs else path
