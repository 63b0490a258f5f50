"""What a page states of credits that come in and go on."""

import re
from collections.abc import Iterator
from typing import Any

from app.domain.claims import TransferClaim
from app.domain.pages.about import Reader, is_in_general, levels_named
from app.domain.pages.page import Block, Sentence, Stated, sentences_of, stated
from app.domain.pages.patterns import pattern, trust
from app.domain.vocabulary import BELOW_ASSOCIATE, AwardLevel, Level, TransferKind

_POLICY = pattern("transfer", "policy")
_AGREED = pattern("transfer", "agreed")
_RECEIVING = pattern("transfer", "receiving")
_SCHOOL = pattern("transfer", "school")
_IS_SCHOOL = pattern("transfer", "is_school")
_AGREEMENT = pattern("transfer", "agreement")
_LIMIT = pattern("transfer", "limit")
_LIMIT_SHARE = pattern("transfer", "limit_share")
_PRIOR = pattern("transfer", "prior")
_DENIED = pattern("transfer", "denied")
_STACKABLE = pattern("transfer", "stackable")
_OWN_CREDITS = pattern("transfer", "own_credits")
_NEXT_AWARD = pattern("transfer", "next_award")
CERTIFICATES = BELOW_ASSOCIATE | {AwardLevel.POSTBACCALAUREATE_CERTIFICATE}
_TRANSFER = pattern("transfer", "transfer")
_COMES_FROM = pattern("transfer", "comes_from")
_FROM_OTHERS = pattern("transfer", "from_others")
_RULE = pattern("transfer", "rule")
_OF_PROGRAMS = pattern("offering", "of_programs")
_NEAR_FIELD = pattern("transfer", "near_field")
"""What a program that graduates go on to is on."""


def transfer_in(reader: Reader) -> Iterator[Stated]:
    """Yield the transfer policy, agreements with named schools, limits and prior learning.

    What is denied beside prior learning that counts is denied for a part.
    """
    found = [(one, one.claim) for one in _all_in(reader) if isinstance(one.claim, TransferClaim)]
    counts = any(
        claim.is_offered and claim.kind == TransferKind.PRIOR_LEARNING for _, claim in found
    )
    for one, claim in found:
        is_of_part = counts and not claim.is_offered
        if not (is_of_part and claim.kind == TransferKind.PRIOR_LEARNING):
            yield one


def _all_in(reader: Reader) -> Iterator[Stated]:
    is_agreed = False
    for block in reader.page.blocks:
        yield from _policy(reader, block)
        if block.cells and (is_agreed or any(map(_AGREED.search, block.heads))):
            yield from _partner(reader, block)
        elif not block.cells:
            is_agreed = any(
                _AGREED.search(one.text) and reader.speaks_of_it(one, any_award=True)
                for one in sentences_of(block)
            )
        for sentence in sentences_of(block):
            text = sentence.text
            about = f"{text} {sentence.context}"
            is_stacked = _STACKABLE.search(text) or _OWN_CREDITS.search(text)
            if is_stacked and _is_on_own_credits(reader, sentence):
                yield _propose(
                    block, text, trust("transfer"), Level.PROGRAM, TransferKind.STACKABLE
                )
                continue
            if reader.lexicon.other.search(text) or reader.is_under_other(block):
                continue
            is_listed = not block.cells and any(map(_AGREED.search, block.headings))
            if (is_listed or _AGREEMENT.search(text)) and reader.speaks_of_it(
                sentence, any_award=True
            ):
                for school in _schools_in(text, reader):
                    yield _propose(
                        block,
                        text,
                        trust("transfer"),
                        Level.PROGRAM,
                        TransferKind.ARTICULATION,
                        receiving_institution=school,
                    )
            if _TRANSFER.search(about) and (limit := _LIMIT.search(text)):
                most = float(limit["credits"] or limit["of"])
                yield _propose(
                    block,
                    text,
                    trust("transfer"),
                    Level.INSTITUTION,
                    TransferKind.CREDITS_ACCEPTED,
                    is_offered=most > 0,
                    credits_max=most,
                )
            elif _TRANSFER.search(about) and _LIMIT_SHARE.search(text):
                yield _propose(
                    block,
                    text,
                    trust("transfer.share"),
                    Level.INSTITUTION,
                    TransferKind.CREDITS_ACCEPTED,
                )
            if _PRIOR.search(text):
                yield _propose(
                    block,
                    text,
                    trust("transfer"),
                    Level.INSTITUTION,
                    TransferKind.PRIOR_LEARNING,
                    is_offered=not _DENIED.search(text),
                )
            if _STACKABLE.search(text) and reader.speaks_of_it(sentence, any_award=True):
                yield _propose(
                    block, text, trust("transfer"), Level.PROGRAM, TransferKind.STACKABLE
                )


def _is_on_own_credits(reader: Reader, sentence: Sentence) -> bool:
    """Return whether a sentence on a certificate's own page, or one that names it, tells of its
    credits; its heading may name the award that comes next.
    """
    text, heads = sentence.text, sentence.block.headings
    level = reader.subject.award_level
    if level not in CERTIFICATES or is_in_general(text) or reader.lexicon.other.search(text):
        return False
    if reader.names_field(text) and level in levels_named(text):
        return not reader.is_under_other(sentence.block)
    is_next = bool(heads) and _NEXT_AWARD.search(heads[-1])
    return reader.is_about and bool(is_next) and not reader.is_under_other(Block("", heads[:-1]))


def _policy(reader: Reader, block: Block) -> Iterator[Stated]:
    """Yield where the rules of transfer stand: a link to them, or a sentence that gives one."""
    for words, url in block.links:
        if _POLICY.search(words):
            yield _propose(
                block,
                words,
                trust("transfer.policy_link"),
                Level.INSTITUTION,
                TransferKind.POLICY,
                source_url=url,
            )
            return
    for sentence in sentences_of(block):
        text = f"{sentence.context} {sentence.text}"
        if (
            _FROM_OTHERS.search(text)
            and _RULE.search(sentence.text)
            and not reader.lexicon.other.search(text)
            and not _AGREED.search(text)
            and not _schools_in(sentence.text, reader)
        ):
            yield _propose(
                block,
                sentence.text,
                trust("transfer.policy_said"),
                Level.INSTITUTION,
                TransferKind.POLICY,
            )
            return


def _partner(reader: Reader, block: Block) -> Iterator[Stated]:
    """Yield the school of a row under words on agreements, where a column is one of schools.

    The row names the program that one goes on to, so its headings tell whose agreements they are.
    """
    if reader.is_under_other(block) or not (
        reader.is_about or any(map(reader.names_field, block.heads))
    ):
        return
    for column, cell in block.cells:
        if _RECEIVING.search(column) and cell and cell != reader.subject.institution:
            if any(
                _OF_PROGRAMS.search(other) and not _NEAR_FIELD.search(name)
                for other, name in block.cells
                if other is not column
            ):
                return  # for students of other programs
            yield _propose(
                block,
                block.text,
                trust("transfer"),
                Level.PROGRAM,
                TransferKind.ARTICULATION,
                receiving_institution=cell,
            )
            return


def _schools_in(text: str, reader: Reader) -> list[str]:
    """Return the schools that a sentence on agreements names, but for the page's own.

    A school that students come from is none that they go on to.
    """
    found: dict[str, None] = {}
    for match in _SCHOOL.finditer(text):
        name = match["school"].rstrip(".,’'")
        name = re.sub(r"^(?:Graduates|Students|Alumni) of (?:the )?", "", name)
        owner = re.split(r"['’]s?(?: |$)", name)[
            0
        ]  # "Hill University's BS", not "St. Mary's College"
        name = owner if _IS_SCHOOL.search(owner) else name
        if (
            _IS_SCHOOL.search(name)
            and " " in name.removeprefix("The ")
            and not _COMES_FROM.search(text[: match.start()])
            and not reader.is_own_school(name)
        ):
            found[name] = None
    return list(found)


def _propose(
    block: Block,
    text: str,
    confidence: float,
    level: Level,
    kind: TransferKind,
    *,
    is_offered: bool = True,
    **fields: Any,
) -> Stated:
    return stated(
        TransferClaim,
        f"transfer.{kind}",
        confidence,
        text,
        block.headings,
        level=level,
        kind=kind,
        is_offered=is_offered,
        **fields,
    )
