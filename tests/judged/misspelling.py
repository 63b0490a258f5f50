"""Typing errors as hands make them: a key beside, two swapped, one dropped, one pressed twice."""

from random import Random

KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
"""Rows of letters of the keyboard that is usual in the country."""

SHORTEST, LONG = 5, 8
"""Letters of a word that may have an error; and of one that may have two."""


def _beside() -> dict[str, str]:
    """Return letter -> those on keys that touch its own; each row stands half a key to the left."""
    beside: dict[str, str] = {}
    for at, row in enumerate(KEYS):
        for place, letter in enumerate(row):
            near = [row[p] for p in (place - 1, place + 1) if 0 <= p < len(row)]
            for other, places in ((at - 1, (place, place + 1)), (at + 1, (place - 1, place))):
                if 0 <= other < len(KEYS):
                    near += [KEYS[other][p] for p in places if 0 <= p < len(KEYS[other])]
            beside[letter] = "".join(near)
    return beside


BESIDE = _beside()


def misspell(word: str, random: Random) -> str:
    """Return a word of lower-case letters with one error, or two in a long one; never as it was.

    The first letter stays, unless it is swapped.
    """
    while True:
        errors = random.randint(1, 2) if len(word) >= LONG else 1
        wrong = word
        for _ in range(errors):
            wrong = _with_error(wrong, random)
        if 1 <= edits_between(word, wrong) <= errors:
            return wrong


def _with_error(word: str, random: Random) -> str:
    at = random.randrange(1, len(word))
    match random.choice(("beside", "swap", "drop", "double")):
        case "beside":
            return word[:at] + random.choice(BESIDE.get(word[at], word[at])) + word[at + 1 :]
        case "swap":
            return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        case "drop":
            return word[:at] + word[at + 1 :]
        case _:
            return word[:at] + word[at] + word[at:]


def edits_between(one: str, other: str) -> int:
    """Return the fewest letters to add, drop, change or swap with a neighbor between two words."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            best = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
