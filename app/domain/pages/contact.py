"""Whom a page names to ask about a program: a role or office, its mailbox and its number.

Nobody is named: a mailbox that may be a person's is left out, a number is kept only where it stands
for an office, and of the sentence only words that cannot be a name.
"""

import re
from collections.abc import Iterator

from app.domain.claims import OfferingClaim
from app.domain.pages.about import Reader
from app.domain.pages.page import Block, Sentence, Stated, sentences_of, stated
from app.domain.pages.patterns import choices, first, pattern, trust
from app.domain.text.contacts import (
    TAKEN_OUT,
    WORDS_OF_OFFICES,
    is_mail_of_office,
    mails_in,
    phones_in,
    without_contacts,
)
from app.domain.text.identifiers import domain_of, fold, to_host
from app.domain.vocabulary import ContactRole

_ROLES = choices("contact.roles", ContactRole)
_ASKS = pattern("contact", "asks")
_NOT_ON_PROGRAM = pattern("contact", "not_on_program")
_NAME = pattern("contact", "name")
_KNOWN = pattern("contact", "known_words")
_REPEATED = re.compile(rf"{re.escape(TAKEN_OUT)}(?:[ ,.]*{re.escape(TAKEN_OUT)})+")

OFFICES = frozenset({ContactRole.PROGRAM, ContactRole.DEPARTMENT, ContactRole.ADMISSIONS})
"""Those whose number is of no single person."""

MOST_WORDS = 60
"""Words of a block that is read as one: who, and how to reach them, on lines of their own."""


def contacts_in(reader: Reader) -> Iterator[Stated]:
    """Yield how a page says that a role or office is reached about the program."""
    own_words = frozenset(fold(f"{reader.subject.name} {reader.subject.institution}").split())
    for block in reader.page.blocks:
        for sentence in _pieces(block):
            text = _with_addresses(sentence)
            mails, phones = mails_in(text), phones_in(text)
            heads = block.headings[-1:]
            if (
                not (mails or phones)
                or any(map(_NOT_ON_PROGRAM.search, (text, *heads)))
                or not reader.speaks_of_it(sentence)
            ):
                continue
            role = first(_ROLES, sentence.text) or next(
                (found for head in heads if (found := first(_ROLES, head))), None
            )
            if role is None and any(map(_ASKS.search, (sentence.text, *heads))):
                role = ContactRole.PROGRAM
            if role is None:
                continue
            bare = without_contacts(sentence.text)
            said = _without_names(bare, own_words)
            ours = [mail for mail in mails if _is_own(mail, reader.page.url)]
            mail = ours[0] if len(mails) == 1 and ours else None
            is_of_office = role in OFFICES and said == bare and len(mails) <= 1
            phone = phones[0] if len(phones) == 1 and is_of_office else None
            if mail or phone:
                yield stated(
                    OfferingClaim,
                    "contact.said",
                    trust("contact.said"),
                    _REPEATED.sub(TAKEN_OUT, said),
                    tuple(_without_names(head, own_words) for head in block.headings),
                    contact_role=str(role),
                    contact_mail=mail,
                    contact_phone=phone,
                )


def _pieces(block: Block) -> Iterator[Sentence]:
    """Yield what is read as one: a short block that names one address, else its sentences."""
    whole = Sentence(block.text, block)
    is_short = len(block.text.split()) <= MOST_WORDS
    if is_short and len(mails_in(_with_addresses(whole))) <= 1 and len(phones_in(block.text)) <= 1:
        yield whole
    else:
        yield from sentences_of(block)


def _with_addresses(sentence: Sentence) -> str:
    """Return a text with the addresses that its links lead to."""
    led = (
        address.removeprefix("mailto:").partition("?")[0]
        for said, address in sentence.block.links
        if address.startswith("mailto:") and said and said in sentence.text
    )
    return " ".join((sentence.text, *led))


def _is_own(mail: str, url: str) -> bool:
    """Return whether a mailbox is of an office, at the domain of the page's own school."""
    return is_mail_of_office(mail) and domain_of(mail.partition("@")[2]) == domain_of(to_host(url))


def _without_names(text: str, own_words: frozenset[str]) -> str:
    """Return a text without what can be somebody's name: capitals that are no word known here."""

    def kept(found: re.Match[str]) -> str:
        is_known = fold(found[0]) in own_words | WORDS_OF_OFFICES or _KNOWN.fullmatch(found[0])
        return found[0] if is_known else TAKEN_OUT

    return _NAME.sub(kept, text)
