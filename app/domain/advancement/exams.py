"""Whether the exam of a credential is open, by its rules, to whoever holds what is held by then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.accreditors import RemitKind, Remits
from app.domain.advancement.held import Held
from app.domain.advancement.levels import level_of_award
from app.domain.advancement.roles import Role
from app.domain.checklist.accreditors import CAHIIM
from app.domain.claims import AccreditationClaim, ProgramFacts
from app.domain.credentials.eligibility import (
    EDUCATION_ORDER,
    HIM,
    Answer,
    Candidate,
    Decision,
    Education,
    StatusRule,
    find_eligibility,
)
from app.domain.credentials.timeline import Length
from app.domain.messages import Message, word
from app.domain.vocabulary import AccreditationScope, AccreditationStatus, Basis


@dataclass(frozen=True, slots=True)
class Award:
    """An award that a plan comes to: who must accredit the program, and its field, if any."""

    level: str
    accredited_by: str | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class World:
    """The graph and the rules a plan is made from.

    ``rules`` and ``statuses`` are those of ``find_eligibility`` by credential. ``planned`` is a
    program the caller means to take, ``planned_length`` its length. ``entry_exams`` are
    credentials to begin with. ``remits`` tell what accrediting bodies accredit.
    ``ahead`` are higher awards that the plan comes to later.
    """

    roles: Mapping[str, Role]
    rules: Mapping[str, Mapping[str, Any]]
    statuses: Mapping[str, Mapping[str, StatusRule]]
    today: date
    planned: ProgramFacts | None = None
    planned_length: Length | None = None
    prefer: frozenset[str] = frozenset()
    entry_exams: frozenset[str] = frozenset()
    remits: Remits = ()
    ahead: tuple["Award", ...] = ()


SUBJECTS: Mapping[str, str] = {"HIM": HIM}
"""Field as the routes of exams name it -> as the remits of accreditors do."""


def fields_accredited(
    world: World,
    body: str | None,
    awards: Iterable[str],
    subject: str | None,
    *,
    surely: bool = False,
) -> frozenset[str]:
    """Return the CIP codes in which a body accredits, or may, programs of one of some awards.

    None: it is not known. ``subject`` is the field that a route asks for; ``surely`` leaves out
    those in which it may, if there are others.
    """
    levels = list(awards)
    found = [
        remit
        for remit in world.remits
        if remit.body == body
        and remit.kind is RemitKind.ACCREDITATION
        and remit.field == SUBJECTS.get(subject or "", remit.field)
        and any(remit.covers_award(award, world.today) for award in levels)
    ]
    sure = [remit for remit in found if remit.is_certain] if surely else []
    return frozenset(code for remit in sure or found for code in remit.cip_codes)


def body_of(condition: Mapping[str, Any]) -> str | None:
    """Return who must accredit a program that a route asks for."""
    return condition.get("accredited_by") or (CAHIIM if condition.get("cahiim") else None)


OWN_PROGRAM = "plan"
"""Source of the accreditation of a program that a step asks for, or a credential shows."""


def is_own(program: ProgramFacts) -> bool:
    """Return whether a program is one that a step asks for, or a credential shows."""
    return any(claim.source == OWN_PROGRAM for claim in program.accreditation)


def ideal_program(award: str, body: str | None, today: date) -> ProgramFacts:
    """Return a program as a step asks for it: of this award, and accredited where that counts."""
    facts = ProgramFacts(award_level=award, cip_code=None)
    if body == CAHIIM:
        facts.accreditation.append(
            AccreditationClaim(
                level="program",
                source=OWN_PROGRAM,
                basis=Basis.EDITORIAL,
                as_of=today.isoformat(),
                scope=AccreditationScope.PROGRAM,
                accreditor=CAHIIM,
                status=AccreditationStatus.CONTINUING,
                award_level=award,
            )
        )
    return facts


def decide(world: World, code: str, held: Held) -> Decision:
    """Return whether an exam is open to whoever holds this, by the rules of eligibility.

    The best answer of the programs completed counts. Years count in the field that the rules
    name; where they name several, the least.
    """
    rules = world.rules[code]
    fields = fields_of(rules)
    told = [held.years_in.get(name) for name in fields]
    years = [year for year in told if year is not None]
    unnamed: tuple[ProgramFacts | None, ...] = ()
    if held.may_have_more or not held.programs:
        unnamed = (None,)
    decisions = [
        find_eligibility(
            rules,
            world.statuses.get(code, {}),
            Candidate(
                facts=facts,
                remits=world.remits,
                education=_attained(held),
                holds=held.credentials,
                experience_years=min(years) if fields and len(years) == len(fields) else None,
                college_credits=held.credits_earned,
            ),
            world.today,
        )
        for facts in (*held.programs, *unnamed)
    ]
    order = [Answer.YES, Answer.UNKNOWN, Answer.NOT_YET, Answer.NO]
    best = min(decisions, key=lambda decision: order.index(decision.answer))
    claim = best.standing.claim if best.standing else None
    if best.answer is Answer.YES and claim is not None and claim.source == OWN_PROGRAM:
        best.reason = Message(
            "Open to graduates of a program of level %(level)s that %(body)s accredits.",
            level=word(claim.award_level),
            body=claim.accreditor,
        )
    return best


def _attained(held: Held) -> Education | None:
    awarded = [Education(level) for level in map(level_of_award, held.awards) if level]
    told = [held.education, held.least, *awarded]
    return max((e for e in told if e), key=EDUCATION_ORDER.index, default=None)


def fields_of(rules: Mapping[str, Any]) -> list[str]:
    """Return the fields of work in which the routes of an exam ask for years."""
    found = [
        condition["field"]
        for route in rules.get("any_of", [])
        for condition in route["all_of"]
        if condition["kind"] in {"experience_years", "experience_hours"}
    ]
    return list(dict.fromkeys(found))


def route_of(decision: Decision) -> str | None:
    """Return the route by which a decision opens an exam; None where no route decides."""
    kind, _, name = decision.rule.partition(" ")
    return name if kind == "route" else None
