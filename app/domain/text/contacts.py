"""How to reach people: taken out of what is quoted, for a fact needs no name, mail or number.

How to reach an office, or whoever has a role, is a fact by itself: its mailbox and its number.
"""

import re
from collections.abc import Iterator

TAKEN_OUT = "[…]"
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w$.,-])(?:\+?1[\s.-]?)?(?:\((?P<area>\d{3})\)\s?|(?P<area_bare>\d{3})[\s.-])"
    r"(?P<exchange>\d{3})[\s.-](?P<line>\d{4})(?:\s?(?:x|ext\.?)\s?(?P<extension>\d+))?(?![\w-])"
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


WORDS_OF_OFFICES = frozenset(
    "him hit himt hims hi hia hsa hca hcad mha ehr coding health healthcare care medical "
    "allied information informatics info billing technology tech management administration "
    "admin science sciences services professions data analytics records degree degrees "
    "program programs prog dept department division school office team director coordinator "
    "chair advisor advising advisement adviser dean admissions admission admit enroll "
    "enrollment apply applications recruitment outreach contact ask questions inquiry "
    "inquiries help online distance grad graduate ug undergrad undergraduate certificate "
    "continuing workforce education ed and of students student admisiones programa salud "
    "informatica facturacion codificacion oficina".split()
)
"""Words of which the mailboxes of offices, roles and programs are named."""

_NAMES_OF_PEOPLE = frozenset({"dean", "chair", "care", "ed", "of", "and", "ask"})
"""Such words that by themselves can be somebody's name, or name no office."""

_MAILBOX = re.compile(f"(?:(?:{'|'.join(sorted(WORDS_OF_OFFICES, key=len, reverse=True))})[._-]?)+")
_WORD = re.compile(r"[._-]")


def is_mail_of_office(address: str) -> bool:
    """Return whether an address is of a role or office; one that may be a person's is not.

    Its mailbox is named of words for offices, fields and roles alone.

    >>> is_mail_of_office("program-director@x.edu"), is_mail_of_office("d.example@x.edu")
    (True, False)
    """
    mailbox, _, host = address.partition("@")
    return (
        _MAIL.fullmatch(address) is not None
        and bool(host)
        and _MAILBOX.fullmatch(mailbox.lower()) is not None
        and not _NAMES_OF_PEOPLE.issuperset(_WORD.split(mailbox.lower()))
    )


def mails_in(text: str) -> list[str]:
    """Return the mail addresses of a text in lower case, each once."""
    return list(dict.fromkeys(found.lower().rstrip(".") for found in _MAIL.findall(text)))


def phones_in(text: str) -> list[str]:
    """Return the telephone numbers of a text as they are kept, each once.

    >>> phones_in("Call (555) 010-0142 x3.")
    ['555-010-0142 ext. 3']
    """
    return list(dict.fromkeys(_phones(text)))


def _phones(text: str) -> Iterator[str]:
    for found in _PHONE.finditer(text):
        area = found["area"] or found["area_bare"]
        extension = f" ext. {found['extension']}" if found["extension"] else ""
        yield f"{area}-{found['exchange']}-{found['line']}{extension}"


def is_phone(text: str) -> bool:
    """Return whether a text is a telephone number as it is kept."""
    return phones_in(text) == [text]
