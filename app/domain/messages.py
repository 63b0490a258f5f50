"""What people read: an English pattern with parameters, said in another language at the edge.

The pattern is the key of the message in the catalogues of ``app/site/locale``; ``make messages``
collects every ``Message("…")`` and ``N_("…")``.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache, reduce

from app.domain.vocabulary import STATE_NAMES, in_words


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools know
    """Return a text as it is, marked to be translated where it is shown."""
    return text


class Message(str):
    """A text of ours: it is its English, and knows what it is made of.

    >>> Message("At most %(n)s credits are accepted.", n="30")
    'At most 30 credits are accepted.'

    A parameter that is a message is translated with it; others, such as names, dates and
    figures, are the same in every language.
    """

    __slots__ = ("params", "pattern")

    pattern: str
    params: dict[str, object]

    def __new__(cls, pattern: str, /, **params: object) -> "Message":
        """Fill in an English pattern; without parameters it is the text itself."""
        if isinstance(pattern, Message) and not params:
            return pattern
        message = super().__new__(cls, pattern % params if params else pattern)
        message.pattern, message.params = pattern, params
        return message

    def translate_by(self, translate: Callable[[str], str]) -> str:
        """Return the message in the language of a function that translates patterns."""
        said = translate(self.pattern)
        if not self.params:
            return said
        return said % {name: _translated(value, translate) for name, value in self.params.items()}


class Listing(Message):
    """Messages, names or figures one after the other, with the same mark or space between them."""

    __slots__ = ()

    def __new__(cls, mark: str, parts: Iterable[object]) -> "Listing":
        """Set parts beside each other."""
        params = {str(at): part for at, part in enumerate(parts)}
        listing = str.__new__(cls, mark.join(map(str, params.values())))
        listing.pattern, listing.params = mark, params
        return listing

    def translate_by(self, translate: Callable[[str], str]) -> str:
        """Return the parts in another language; the mark is the same in all."""
        return self.pattern.join(str(_translated(v, translate)) for v in self.params.values())


class Key(Message):
    """A key of a closed list that English gives as it is, and other languages in words."""

    __slots__ = ()

    def __new__(cls, key: str) -> "Key":
        """Take a key."""
        message = str.__new__(cls, key)
        message.pattern, message.params = in_words(key), {}
        return message


def _translated(value: object, translate: Callable[[str], str]) -> object:
    return value.translate_by(translate) if isinstance(value, Message) else value


def parts_of(text: str | None) -> list[str]:
    """Return what a listing is made of; any other text is one part, and None has none."""
    if isinstance(text, Listing):
        return [part for part in text.params.values() if isinstance(part, str)]
    return [text] if text else []


def either(parts: Iterable[str]) -> str:
    """Return several things of which one will do."""
    several = list(parts) or [""]
    return reduce(lambda one, other: Message("%(one)s or %(other)s", one=one, other=other), several)


@lru_cache(maxsize=1024)
def word(key: str | None) -> Message:
    """Return a key of a closed list as words within a sentence."""
    return Message(in_words(key))


@lru_cache(maxsize=128)
def state_name(code: str) -> str:
    """Return the name of a state by its USPS code; a code that is none as it is."""
    return Message(STATE_NAMES[code]) if code in STATE_NAMES else code


def first_word(key: str | None) -> Message:
    """Return a key of a closed list as the words that begin a sentence."""
    return Message(in_words(key).capitalize())
