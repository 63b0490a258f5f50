"""Numbers that pages write in words."""

import re

_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_SPANISH = "un dos tres cuatro cinco seis siete ocho nueve diez once doce".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: number for number, word in enumerate(_ONES, 1)} | {
    word: number for number, word in zip(range(20, 100, 10), _TENS, strict=True)
}
_NUMBER = re.compile(
    rf"(?i)\b(?:(?P<tens>{'|'.join(_TENS)})(?:[ -](?P<ones>{'|'.join(_ONES[:9])}))?"
    rf"|(?P<teens>{'|'.join(_ONES[9:])}))\b"
)


_HUNDREDS = re.compile(
    rf"(?i)\b(?P<hundreds>an?|{'|'.join(_ONES[:9])})[ -]hundred"
    r"(?:(?: and)?[ -](?P<rest>\d{1,2}))?\b"
)


def _of_hundreds(found: re.Match[str]) -> str:
    return str(100 * _VALUES.get(found["hundreds"].lower(), 1) + int(found["rest"] or 0))


def in_figures(text: str) -> str:
    """Return a text with the numbers from ten to nine hundred in figures.

    >>> in_figures("Sixty-two credits in two years")
    '62 credits in two years'
    >>> in_figures("one hundred twenty hours")
    '120 hours'
    """
    told = _NUMBER.sub(
        lambda found: str(sum(_VALUES[word.lower()] for word in found.groups() if word)), text
    )
    return _HUNDREDS.sub(_of_hundreds, told)


_ALL = (
    _VALUES
    | {word: number for number, word in enumerate(_SPANISH, 1)}
    | {"a": 1, "una": 1, "uno": 1}
)


def value_of(text: str) -> float:
    """Return the number that figures, or a word below a hundred, mean.

    >>> value_of("1,100"), value_of("nine")
    (1100.0, 9)
    """
    return _ALL.get(text.lower()) or float(text.replace(",", ""))
