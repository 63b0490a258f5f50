"""A reader on a page of the site: the language shown, and what every link takes along."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from pydantic import BaseModel

from app.domain.vocabulary import REGIONS, STATE_NAMES, StateCode
from app.schemas.site import MOST_CHOSEN, VisitQuery
from app.search.places import reader_of
from app.site.languages import SOURCE, Language, language, name_of

Visit = TypeVar("Visit", bound=VisitQuery)

Pair = tuple[str, str]
"""Name and value of a parameter; a name may come again."""

CARRIED = ("lang", "program", "weights", "near", "home_state", "residency", "answers")
"""Parameters that every link takes along, in this order."""

LANGUAGES = {code: name_of(code) for code in REGIONS}
"""Language -> its own name."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A program in the reader's list; ``label`` is its slug where nobody knows it any more."""

    slug: str
    label: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class PageContext:
    """One page as one reader asks for it.

    ``own`` are the parameters of this page, ``carried`` those that go along to the next; ``home``
    is the code of the state whose prices are the reader's.
    """

    lang: str
    home: str | None
    path: str
    base: str
    own: Sequence[Pair]
    carried: Sequence[Pair]
    chosen: Sequence[Chosen]
    release: int
    as_of: date

    @property
    def speech(self) -> Language:
        """The language of the page."""
        return language(self.lang)

    @property
    def slugs(self) -> list[str]:
        """The programs chosen, in their order."""
        return [one.slug for one in self.chosen]

    @property
    def is_full(self) -> bool:
        """Whether no further program can be chosen."""
        return len(self.chosen) >= MOST_CHOSEN

    @property
    def place(self) -> str | None:
        """Where the reader lives, as it was told; None: it was not."""
        told = dict(self.carried)
        return told.get("near") or STATE_NAMES.get(self.home or "")

    @property
    def place_named(self) -> str | None:
        """The same in the language of the page."""
        return self.place and self.speech.say(self.place)

    @property
    def residency(self) -> str | None:
        """Whose prices were asked for outright; None: those of the reader's home."""
        return dict(self.carried).get("residency")

    def is_under(self, *paths: str) -> bool:
        """Return whether this page lies below one of some addresses."""
        return any(self.path.startswith(f"{path.rstrip('/')}/") for path in paths if path != "/")

    def kept(self, *without: str) -> list[Pair]:
        """Return what a form sends to ask for this page again, but for fields it shows itself."""
        return [pair for pair in (*self.own, *self.carried) if pair[0] not in without]

    def to(self, path: str, *more: Pair) -> str:
        """Return the address of another page, with what goes along."""
        return to_address(path, [*more, *self.carried])

    def moved(self, path: str) -> str:
        """Return where this page has moved to, with all that it was asked."""
        return to_address(path, [*self.own, *self.carried])

    def canonical(self, path: str | None = None, *more: Pair) -> str:
        """Return the lasting address of this page, without what a reader takes along."""
        lang = [("lang", self.lang)] if self.lang != SOURCE else []
        return self.base + to_address(self.path if path is None else path, [*lang, *more])

    def to_credential(self, code: str) -> str:
        """Return the address of the page of a credential."""
        return self.to(credential_path(code))

    def several(self, name: str, values: Iterable[str]) -> str:
        """Return the address of this page with other values of one parameter."""
        return self.here(*((name, value) for value in values), without=(name,))

    def here(self, *more: Pair, without: Iterable[str] = ()) -> str:
        """Return the address of this page with parameters added, and others left out."""
        left_out = set(without)
        kept = [pair for pair in (*self.own, *self.carried) if pair[0] not in left_out]
        return to_address(self.path, [*kept, *more])

    def without_value(self, name: str, value: str) -> str:
        """Return the address of this page with one value of a parameter left out.

        The page of a list goes with it, for it was one of another list.
        """
        kept = [
            pair
            for pair in (*self.own, *self.carried)
            if pair != (name, value) and pair[0] != "cursor"
        ]
        return to_address(self.path, kept)

    def mended(self, wrong: Iterable[str]) -> str:
        """Return the address of this page without parameters that are wrong in it."""
        left_out = set(wrong)
        return to_address(
            self.path, [*(pair for pair in self.own if pair[0] not in left_out), *self.carried]
        )

    def speaking(self, code: str) -> str:
        """Return the address of this page in another language."""
        return self.here(("lang", code), without=("lang",))

    def with_program(self, slug: str) -> str:
        """Return the address of this page with one more program chosen."""
        return self.here(("program", slug))

    def without_program(self, slug: str) -> str:
        """Return the address of this page with a program, and what was answered of it, put back."""
        kept = [
            (name, value)
            for name, value in (*self.own, *self.carried)
            if (name, value) != ("program", slug)
            and not (name == "answers" and value.startswith(f"{slug}:"))
        ]
        return to_address(self.path, kept)

    def instead_of(self, slug: str, other: str) -> str:
        """Return the address of this page with a program in the place of another."""
        kept = [
            (name, other if (name, value) == ("program", slug) else value)
            for name, value in (*self.own, *self.carried)
            if not (name == "answers" and value.startswith(f"{slug}:"))
        ]
        return to_address(self.path, kept)

    def without_programs(self) -> str:
        """Return the address of this page with no program chosen."""
        return self.here(without=("program", "answers"))

    def hidden(self, *without: str) -> list[Pair]:
        """Return what a form has to send along, but for fields that it shows itself."""
        return [pair for pair in self.carried if pair[0] not in without]


def credential_path(code: str) -> str:
    """Return where the page of a credential is."""
    return f"/credentials/{quote(code, safe='')}"


def with_home(query: Visit) -> Visit:
    """Return what a reader takes along with the state of home told, where a place tells it.

    Raises:
        InvalidRequestError: No such place is known.
    """
    home = reader_of(query, query.near).home_state
    return query.model_copy(update={"home_state": home and StateCode(home)})


def to_pairs(asked: BaseModel, *names: str) -> list[Pair]:
    """Return those of some parameters that a question gives, each with one value."""
    values = asked.model_dump(mode="json", include=set(names), exclude_none=True)
    return [(name, values[name]) for name in names if name in values]


def in_order(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters in the order of addresses: what is carried along, then a page's own."""
    carried = [name for name in CARRIED if name in values]
    return {name: values[name] for name in dict.fromkeys([*carried, *values])}


def to_address(path: str, pairs: Sequence[Pair]) -> str:
    """Return a path with parameters; what need not be escaped in a query is not."""
    return f"{path}?{urlencode(pairs, safe=':,')}" if pairs else path
