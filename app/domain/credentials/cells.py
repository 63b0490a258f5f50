"""Which claim on a credential leads, and which hosts may speak of one."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlsplit

from app.domain.credentials.outlines import Domain, first_difference
from app.domain.evidence import RANKS, Age, Subject, age_of, order_claims
from app.domain.messages import Listing, Message
from app.domain.vocabulary import Basis, CredentialStatus, SayerKind

FIELD_LABELS = {
    "eligibility": Message("Eligibility"),
    "eligibility_route": Message("Eligibility route"),
    "early_testing": Message("Testing before graduation"),
    "exam_fee": Message("Exam fee"),
    "membership_fee": Message("Membership"),
    "retake_fee": Message("Fee to retake"),
    "exam_items": Message("Exam items"),
    "exam_minutes": Message("Exam time"),
    "books": Message("Books in the exam"),
    "pass_mark": Message("Pass mark"),
    "retest_wait_days": Message("Wait before a retake"),
    "schedule_window_days": Message("Time to take the exam after approval"),
    "extension_rule": Message("Extension"),
    "reschedule_rule": Message("Rescheduling"),
    "refund_rule": Message("Refund"),
    "transcript_rule": Message("Transcripts"),
    "authorization_rule": Message("Authorization to test"),
    "ceu_per_cycle": Message("Continuing education a cycle"),
    "renewal_cycle_months": Message("Renewal cycle"),
    "renewal_fee": Message("Renewal fee"),
    "renewal_rule": Message("Renewal rule"),
    "ceu_domain_share": Message("Units from the field's domains"),
    "ceu_source_share": Message("Units from the issuer"),
    "ceu_multiple_credentials": Message("Units for several credentials"),
    "grace_period": Message("Grace period"),
    "reinstatement_rule": Message("Reinstatement"),
    "first_time_pass_rate": Message("First-time pass rate"),
    "pass_rate": Message("Pass rate, first tries not told apart"),
    "first_time_testers": Message("First-time testers"),
    "certified_count": Message("Holders"),
    "domains": Message("Exam domains"),
    "sitting": Message("Sittings"),
    "exam_windows": Message("Exam windows"),
    "exam_host": Message("Exam host"),
    "apprentice_status": Message("Apprentice status"),
    "offered": Message("Still offered"),
    "replaces": Message("Replaces"),
    "name": Message("Name"),
    "page_url": Message("Page of the issuer"),
}
"""Field of a claim -> label; the closed list of fields."""

DOMAIN_WEIGHT = "domain_weight"
"""The field of a row on one domain of an outline."""

BY_YEAR = frozenset({"first_time_pass_rate", "pass_rate", "first_time_testers", "certified_count"})
"""Fields of which every year is a fact of its own; elsewhere the year only dates a rule."""

EXPECTED_FIELDS = (
    "eligibility",
    "exam_fee",
    "exam_items",
    "exam_minutes",
    "pass_mark",
    "retest_wait_days",
    "ceu_per_cycle",
    "renewal_cycle_months",
    "renewal_fee",
    "first_time_pass_rate",
    "domains",
    "page_url",
)
"""Fields every credential that may be on offer is asked for; an absent one is unknown."""


RENEWAL_FIELDS = frozenset(
    {
        *("membership_fee", "ceu_per_cycle", "renewal_cycle_months", "renewal_fee"),
        *("renewal_rule", "ceu_domain_share", "ceu_source_share", "ceu_multiple_credentials"),
        "grace_period",
    }
)
"""Fields that matter to whoever renews a credential."""


def basis_of(sayer: SayerKind) -> Basis:
    """Return on whose word the claims of a sayer rest."""
    is_issuer = sayer in (SayerKind.ISSUER, SayerKind.ISSUER_TEST_HOST)
    return Basis.STATED_BY_ISSUER if is_issuer else Basis.THIRD_PARTY


@dataclass(frozen=True, slots=True)
class Cell:
    """One statement on a credential, with what decides its standing.

    ``words`` are folded; ``basis`` is a ``SayerKind``; ``domains`` are those of an exam's outline.
    """

    key: int
    field: str
    qualifier: str | None
    year: int | None
    low: float | None
    high: float | None
    unit: str | None
    words: str
    basis: str
    as_of: str | None
    is_contradicted: bool
    domains: tuple[Domain, ...] = ()


def group_cells(
    cells: Iterable[Cell], today: date
) -> dict[tuple[str, str | None, int | None], list[Cell]]:
    """Return (field, qualifier, year) -> statements that answer the same question, ordered."""
    groups: dict[tuple[str, str | None, int | None], list[Cell]] = {}
    for cell in cells:
        year = cell.year if cell.field in BY_YEAR else None
        groups.setdefault((cell.field, cell.qualifier, year), []).append(cell)
    fields = list(FIELD_LABELS)
    ordered = sorted(
        groups, key=lambda g: (fields.index(g[0]), g[1] is not None, g[1] or "", -(g[2] or 0))
    )
    known = {group: order_claims(groups[group], Subject.CREDENTIAL, today) for group in ordered}
    return {group: found for group, found in known.items() if found}


def asked_fields(
    status: str, has_unknown: Iterable[str], issuer_wide: Iterable[Cell]
) -> Collection[str]:
    """Return the fields to serve as unknown where no statement on the credential fills them.

    Nothing is asked of an exam that is not offered any more, nor what a number for all exams of the
    issuer tells.
    """
    told = {c.field for c in issuer_wide if c.low is not None and not c.is_contradicted}
    expected = () if status == CredentialStatus.RETIRED else EXPECTED_FIELDS
    return dict.fromkeys([*(f for f in expected if f not in told), *has_unknown])


def asks_for_today(field: str, leading: Iterable[Cell], today: date) -> bool:
    """Return whether figures of past years leave open what a field of years is today."""
    ages = [age_of(cell.as_of, Subject.CREDENTIAL, today) for cell in leading]
    return field in BY_YEAR and all(age is Age.STALE for age in ages)


Entry = TypeVar("Entry")

BEST_SAYER: dict[str, SayerKind] = {
    "issuer": SayerKind.ISSUER,
    "accreditor": SayerKind.ISSUER,
    "issuer_test_host": SayerKind.ISSUER_TEST_HOST,
    "copy_of_issuer": SayerKind.COPY_OF_ISSUER,
    "dated_third_party": SayerKind.THIRD_PARTY,
    "undated_third_party_or_aggregator": SayerKind.THIRD_PARTY,
}
"""What a host is listed as -> the best place its claims may take; others state no exam facts."""


def may_speak_as(listed_as: str, sayer: SayerKind) -> bool:
    """Return whether a host may have a claim entered under a sayer, its own rank or a lower one."""
    best = BEST_SAYER.get(listed_as)
    return best is not None and RANKS[best] <= RANKS[sayer]


def find_asserter(url: str, hosts: Mapping[str, Entry]) -> Entry | None:
    """Return what is known of an address: the entry of its longest host, or None.

    A host with a path ("github.com/one/two") matches only addresses below that path.
    """
    parts = urlsplit(url)
    labels = (parts.hostname or "").removeprefix("www.").split(".")
    names = [".".join(labels[at:]) for at in range(len(labels))]
    steps = [step for step in parts.path.split("/") if step]
    paths = ["/".join(["", *steps[:count]]) for count in range(len(steps), -1, -1)]
    return next((hosts[n + p] for n in names for p in paths if n + p in hosts), None)


def differs(one: Cell, other: Cell) -> bool:
    """Return whether two statements say different things.

    Numbers decide where both have them, and of outlines the weights of their domains. Words say
    the same where most words of the shorter statement stand in the longer one, for everybody words
    a rule his own way.
    """
    if one.low is not None and other.low is not None:
        return (one.low, one.high, one.unit) != (other.low, other.high, other.unit)
    if first_difference(one.domains, other.domains):
        return True
    if ASKS_NOTHING.search(one.words) and ASKS_NOTHING.search(other.words):
        return False
    words, others = set(one.words.split()), set(other.words.split())
    return len(words & others) < SAME_WORDS * min(len(words), len(others))


SAME_WORDS = 0.6

ASKS_NOTHING = re.compile(r"\b(?:no|nothing) (?:prerequisites?|requirements?|required|proof)\b")
"""Folded words that say that nothing is required, whatever else is advised."""

SAYERS: dict[str, Message] = {
    SayerKind.ISSUER: Message("the issuer's own page"),
    SayerKind.ISSUER_TEST_HOST: Message("a test page of the issuer"),
    SayerKind.COPY_OF_ISSUER: Message("a copy of the issuer's page"),
}
"""Who is nearer to the issuer than third parties."""


def remark_on(leader: Cell, others: Iterable[Cell], issuer: str) -> Message | None:
    """Return what must be said beside a cell whose sayers differ; None where they agree.

    A leading statement may be newer than what the issuer, or a copy of its page, says; then both
    are named. Else figures of sayers alike are.
    """
    against = [c for c in others if not c.is_contradicted and differs(c, leader)]
    nearer = [c for c in against if RANKS[c.basis] < RANKS[leader.basis] and c.basis in SAYERS]
    if nearer:
        one = min(nearer, key=lambda cell: RANKS[cell.basis])
        if leader.low is not None and one.low is not None:
            return Message(
                "%(first)s or %(other)s: %(who)s says the second (%(as_of)s), which is older but "
                "nearer to the issuer. Ask %(issuer)s.",
                first=figure_of(leader),
                other=figure_of(one),
                who=SAYERS[SayerKind(one.basis)],
                as_of=_day(one),
                issuer=issuer,
            )
        return Message(
            "What %(who)s says (%(as_of)s) is older and differs. Ask %(issuer)s.",
            who=SAYERS[SayerKind(one.basis)],
            as_of=_day(one),
            issuer=issuer,
        )
    for one in against:
        if weights := first_difference(leader.domains, one.domains):
            return Message(
                "%(domain)s: %(first)s (%(as_of)s) or %(other)s (%(other_as_of)s). Two outlines of "
                "the exam are told of: ask %(issuer)s which one holds.",
                domain=weights[0].name,
                first=figure_of(weights[0]),
                as_of=_day(leader),
                other=figure_of(weights[1]),
                other_as_of=_day(one),
                issuer=issuer,
            )
    figures = [figure_of(c) for c in (leader, *against) if c.low is not None]
    if against and len(set(figures)) < 2:
        return Message(
            "Somebody else says it otherwise (%(as_of)s). Ask %(issuer)s.",
            as_of=_day(against[0]),
            issuer=issuer,
        )
    if not against:
        return None
    return Message(
        "Sayers differ: %(figures)s. Ask %(issuer)s.",
        figures=Listing(", ", dict.fromkeys(figures)),
        issuer=issuer,
    )


def remark_on_silence(sayer: SayerKind, as_of: str | None, issuer: str) -> Message:
    """Return what is said where somebody states that the issuer publishes no such figure.

    Only the issuer's word settles it.
    """
    if basis_of(sayer) is Basis.STATED_BY_ISSUER:
        return Message(
            "%(issuer)s says that it publishes none (%(as_of)s).",
            issuer=issuer,
            as_of=as_of or UNDATED,
        )
    return Message(
        "A third party says that %(issuer)s publishes none (%(as_of)s); no page of %(issuer)s was "
        "seen that says so. Ask %(issuer)s.",
        issuer=issuer,
        as_of=as_of or UNDATED,
    )


UNDATED = Message("undated")


def _day(cell: Cell) -> str | Message:
    return cell.as_of or UNDATED


def figure_of(told: Cell | Domain) -> str:
    """Return the figure of a cell that has one, with its unit, or the weight of a domain."""
    low, high = f"{told.low:g}", f"{told.high:g}" if told.high is not None else ""
    span = low if high in {"", low} else f"{low}-{high}"
    unit = told.unit if isinstance(told, Cell) else None
    return f"{span} {unit}" if unit else span


def words_of(text: str, unit: str | None, qualifier: str | None) -> str:
    """Return a value in the one shape of its field: a bare figure with its unit and for whom.

    >>> words_of("299", "USD", "member"), words_of("62 percent", "percent", None)
    ('299 USD for members', '62 percent')
    """
    if unit not in UNITS or not re.fullmatch(r"\d+(\.\d+)?(-\d+(\.\d+)?)?", text):
        return text
    return f"{text} {unit}{FOR_WHOM.get(qualifier or '', '') if unit == 'USD' else ''}"


def is_figure(text: str) -> bool:
    """Return whether a value is a number with its unit and no more, as ``words_of`` writes it."""
    number, _, rest = text.partition(" ")
    unit = rest.split(" ", 1)[0]
    is_bare = rest == unit or any(rest == f"{unit}{words}" for words in FOR_WHOM.values())
    return re.fullmatch(r"\d+(\.\d+)?", number) is not None and unit in UNITS and is_bare


UNITS = frozenset({"USD", "percent", "items", "minutes", "days", "units", "persons", "months"})

FOR_WHOM = {
    "member": " for members",
    "non_member": " for non-members",
    "student": " for students",
    "one_attempt": " for one attempt",
    "two_attempts": " for two attempts",
}
"""Qualifier of a fee -> the words that say so."""
