"""Texts of others: mend what is certainly a wrong encoding, find what must not be printed."""

import re
import unicodedata

_C1 = re.compile("[\x80-\x9f]")
_UTF8_AS_LATIN1 = re.compile(
    "[\xc2\xc3][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
"""UTF-8 read as Latin-1. Of two bytes only the letters of Latin-1 itself, for other pairs may as
well be a letter and a quotation mark of Windows-1252."""

_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Controls, formats, unassigned, private, surrogates, separators of lines (Unicode categories)."""


def mend_text(text: str) -> str:
    r"""Return a text with the bytes of Windows-1252 that were taken for Latin-1 set right.

    U+0080 to U+009F print nothing and stand in a text for no other reason than that: byte 0x93 is
    a quotation mark there. The two-byte end of a line becomes one.

    >>> ascii(mend_text("Ohio\x92s")), ascii(mend_text("2019\xe2\x80\x932020"))
    ("'Ohio\\u2019s'", "'2019\\u20132020'")
    """
    if _C1.search(text):
        text = _UTF8_AS_LATIN1.sub(_as_utf8, text)
        text = _C1.sub(_as_windows_1252, text)
    return text.replace("\r\n", "\n")


def _as_utf8(match: re.Match[str]) -> str:
    try:
        return match[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _as_windows_1252(match: re.Match[str]) -> str:
    try:
        return match[0].encode("latin-1").decode("windows-1252")
    except UnicodeDecodeError:  # 0x81, 0x8D, 0x8F, 0x90 and 0x9D are nothing there either
        return match[0]


def find_hidden(text: str) -> str | None:
    r"""Return which character is the first that must not be printed, and where, or None.

    Ends of lines and tabs may be. Format characters (a right-to-left override, a zero-width space,
    a byte-order mark inside a text) can make words read otherwise than they are.

    >>> find_hidden("a\u202eb")
    'U+202E at character 2 is a control character, not accepted'
    """
    if text.isprintable():
        return None
    for place, letter in enumerate(text, start=1):
        if letter not in "\n\t" and unicodedata.category(letter) in _HIDDEN:
            code = f"U+{ord(letter):04X}"
            return f"{code} at character {place} is a control character, not accepted"
    return None


def require_visible(text: str) -> str:
    """Return a text in which nothing is hidden.

    Raises:
        ValueError: It holds such a character; says which and where.
    """
    if hidden := find_hidden(text):
        raise ValueError(hidden)
    return text
