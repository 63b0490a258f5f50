"""Texts that may tell who wrote them."""

import re

MOST_DIGITS = 6
"""Digits of a text that can be no telephone number: a code of a school or field has as many."""

_ADDRESS = re.compile(
    r"@|://|www\.|[^\W\d_]{2,}\.[a-z]{2,}\b"  # mail, web, a host
    r"|\b\d+\s+(?:[\w.]+\s+){1,3}"
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct)\b"
    r"|\b(?:calle|avenida)\s[^,]*\d",
    re.IGNORECASE,
)


def may_tell_a_person(text: str) -> bool:
    """Return whether a text has an address (mail, web, street) or as many digits as a telephone.

    >>> may_tell_a_person("ada@example.org"), may_tell_a_person("call 555 010 0123")
    (True, True)
    >>> may_tell_a_person("12 Main Street"), may_tell_a_person("st. louis 51.0713")
    (True, False)
    """
    return sum(letter.isdigit() for letter in text) > MOST_DIGITS or bool(_ADDRESS.search(text))
