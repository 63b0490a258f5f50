"""How to reach people: taken out of what is quoted, for a fact needs no name, mail or number."""

import re

TAKEN_OUT = "[…]"
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w$.,-])(?:\+?1[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}[\s.-])\d{3}[\s.-]\d{4}(?:\s?(?:x|ext\.?)\s?\d+)?"
    r"(?![\w-])"
)
_NAME = r"[A-Z][a-z'’-]+(?: [A-Z]\.)?(?: [A-Z][a-z'’-]+){1,2}"
_LETTERS = (
    r"(?:, (?:RHIA|RHIT|CCS(?:-P)?|CPC|CHDA|FAHIMA|Ph\.?D|Ed\.?D|M\.?[AS]|MBA|MHA|MSN?|BS|RN)\b\.?)"
)
_PERSON = re.compile(
    r"\b(?P<role>(?i:director|coordinator|chair|advisor|dean|instructor))"
    rf"(?P<mark>: |, | (?=(?:Dr|Mr|Ms|Mrs|Prof)\.? )| (?={_NAME}{_LETTERS}))"
    rf"(?:(?:Dr|Mr|Ms|Mrs|Prof)\.? )?{_NAME}{_LETTERS}*"
)
"""Somebody named with a role: after a mark, with a title, or with letters after the name."""


def without_contacts(text: str) -> str:
    """Return a text without mail addresses, telephone numbers, and the names of who has a role.

    >>> without_contacts("Program director: Dana Example, RHIA, dana@x.example")
    'Program director: […], […]'
    """
    text = _PERSON.sub(lambda found: f"{found['role']}{found['mark']}{TAKEN_OUT}", text)
    return _PHONE.sub(TAKEN_OUT, _MAIL.sub(TAKEN_OUT, text))
