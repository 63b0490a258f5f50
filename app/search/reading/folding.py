"""Cut a text into folded tokens: what people type, and the surfaces that it is looked up in.

Lower case, no accents, "&" is "and", "m.h.a." is "mha", "bachelor's" is "bachelor", "$5,000" is
"$5000". A hyphen is a blank, and the token before it says that it was there.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST_LETTERS = 400
"""Letters of a text that are read; the search takes at most half as many."""

MOST_TOKENS = 100
"""Tokens of a text that are read: a text of 200 letters has no more."""


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word with where it stands in the text, and how it was typed."""

    text: str
    start: int
    end: int
    is_capital: bool = False
    """All its letters are capitals, as in "RHIT" or "OR"."""
    is_hyphened: bool = False
    """A hyphen joins it to the next token."""


_TOKEN = re.compile(
    r"""
      (?P<money>\$\s?\d[\d,]*(?:\.\d+)?(?:\s?k)?\b)
    | (?P<code>\b\d\d-\d{4}(?:\.\d\d)?\b | \b\d{5}-\d{4}\b)    # SOC, ZIP+4
    | (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)? | \d+\.\d+)
    | (?P<dotted>\b[a-z]{1,2}(?:\.[a-z]{1,2})+\b\.?)           # m.h.a., u.s., ph.d.
    | (?P<and>& | (?<=\s)\+(?=\s))
    | (?P<article>\b[dlo](?='[^\W_]{3}))                        # d'Alene, O'Fallon
    | (?P<word>[^\W_]+(?:'[^\W_]+)*)
    """,
    re.VERBOSE,
)
_HYPHEN = re.compile(r"[-\u2010-\u2015/'\u2019]")


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text in order, of a long one the first."""
    return tuple(_tokens_of(text[:MOST_LETTERS]))[:MOST_TOKENS]


def _tokens_of(text: str) -> Iterator[Token]:
    plain, places = _plain(text)
    for match in _TOKEN.finditer(plain):
        start, end = places[match.start()], places[match.end() - 1] + 1
        typed = text[start:end]
        folded = _folded(match)
        if folded:
            is_capital = typed == typed.upper() != typed.lower()
            is_hyphened = bool(_HYPHEN.match(text, end)) and text[end + 1 : end + 2].isalnum()
            yield Token(folded, start, end, is_capital, is_hyphened)


def _folded(match: re.Match[str]) -> str:
    found = match.group()
    if match["and"]:
        return "and"
    if match["money"] or match["number"]:
        return re.sub(r"[,\s]", "", found)
    if match["dotted"]:
        return found.replace(".", "")
    if match["word"]:
        return re.sub(r"'s$", "", found).replace("'", "")
    return found


def _plain(text: str) -> tuple[str, list[int]]:
    """Return a text in lower case without accents, and for each letter the place that it is from.

    Apostrophes of all kinds are "'"; letters of other scripts stay, other signs are blanks.
    """
    letters, places = [], []
    for place, letter in enumerate(text):
        for part in _plain_letter(letter):
            letters.append(part)
            places.append(place)
    return "".join(letters), places


@lru_cache(maxsize=1000)
def _plain_letter(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    if letter in "\u2018\u2019\u02bc\u00b4":
        return "'"
    if unicodedata.combining(letter):
        return ""
    if parts := unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode().lower():
        return parts
    return letter.lower() if letter.isalnum() else " "


def fold_surface(text: str) -> str:
    """Return the tokens of a surface, parted by blanks."""
    if _SIMPLE.fullmatch(text):  # quicker, for the lexicon folds some hundred thousand names
        return " ".join(text.lower().translate(_SIGNS).split())
    return " ".join(token.text for token in tokens_of(text))


_SIMPLE = re.compile(rf"[A-Za-z &,()/-]{{0,{MOST_TOKENS}}}")
_SIGNS = str.maketrans({"&": " and ", ",": " ", "(": " ", ")": " ", "/": " ", "-": " "})
_SINGLE_LETTERS = re.compile(r"\b([a-z]) (?=[a-z]\b)")


def spellings_of(text: str) -> tuple[str, ...]:
    """Return the folded forms of a surface: hyphens and apostrophes as blanks and as nothing.

    Single letters in a row are joined as well: "A T Still" is "a t still" and "at still".
    """
    forms = [fold_surface(text)]
    if "-" in text:
        forms.append(fold_surface(re.sub(r"(?<=\w)-(?=\w)", "", text)))
    if "'" in text:
        forms.append(fold_surface(text.replace("'", "")))
    joined = [_SINGLE_LETTERS.sub(r"\1", form) for form in forms]
    return tuple(form for form in dict.fromkeys((*forms, *joined)) if form)


@lru_cache(maxsize=20_000)
def singulars_of(word: str) -> tuple[str, ...]:
    """Return what a word may be the plural of, English and Spanish."""
    if len(word) < 4 or not word.isalpha() or not word.endswith("s") or word.endswith("ss"):
        return ()
    if word.endswith("ies"):
        return word[:-1], f"{word[:-3]}y"
    return (word[:-1], word[:-2]) if word.endswith("es") else (word[:-1],)


@lru_cache(maxsize=20_000)
def forms_of(word: str) -> tuple[str, ...]:
    """Return other regular forms of a word, singular and plural, English and Spanish.

    None of a word of up to three letters or with a digit. They need not be words.
    """
    if len(word) < 4 or not word.isalpha():
        return ()
    plural_of_y = (f"{word[:-1]}ies",) if word.endswith("y") else ()
    return (f"{word}s", f"{word}es", *plural_of_y, *singulars_of(word))


@lru_cache(maxsize=20_000)
def spanish_forms_of(word: str) -> tuple[str, ...]:
    """Return the other gender of a Spanish word, in the singular and the plural."""
    if len(word) < 5 or not word.isalpha():
        return ()
    plural = "s" if word.endswith("s") else ""
    stem = word.removesuffix("s")
    if stem[-1] not in "oa":
        return ()
    other = stem[:-1] + ("a" if stem[-1] == "o" else "o")
    return (other + plural, other if plural else f"{other}s")
