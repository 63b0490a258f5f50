"""From what somebody holds to a role: ordered steps, each allowed when it comes.

Roles form a graph; each has requirements, met when the role comes and not before. Whether an
exam is open is decided by the rules of its credential, asked anew at every step for what the plan
has reached by then. What nobody tells never refuses a step: it flags it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date
from enum import StrEnum
from math import inf
from typing import Any

from app.domain.accreditors import RemitKind, Remits
from app.domain.checklist.rules import CAHIIM
from app.domain.claims import AccreditationClaim, ProgramFacts
from app.domain.credentials.eligibility import (
    EDUCATION_OF_AWARD,
    EDUCATION_ORDER,
    FULL_TIME_HOURS_A_YEAR,
    HIM,
    Answer,
    Candidate,
    Change,
    Decision,
    Education,
    StatusRule,
    find_eligibility,
    weigh_route,
)
from app.domain.credentials.timeline import (
    NO_CREDITS,
    Assumption,
    Credits,
    Length,
    Months,
    coursework_months,
    length_of,
)
from app.domain.messages import N_, Listing, Message, first_word, word
from app.domain.text.identifiers import fold
from app.domain.vocabulary import (
    BELOW_ASSOCIATE,
    CERTIFICATE,
    AccreditationScope,
    AccreditationStatus,
    AwardLevel,
    Basis,
)

LEVELS: tuple[str, ...] = tuple(Education)
"""Education that a role may ask for, least first."""

RANKS = {level: rank for rank, level in enumerate(LEVELS)}

ENTRY_OF_AWARD: dict[str, str] = {
    AwardLevel.POSTBACCALAUREATE_CERTIFICATE: Education.BACHELOR,
    AwardLevel.MASTER: Education.BACHELOR,
    AwardLevel.DOCTORATE_OTHER: Education.MASTER,
}
"""Award -> what one must hold to begin; every other award takes a high school diploma."""

AWARD_OF_LEVEL: dict[str, str] = {
    CERTIFICATE: AwardLevel.CERTIFICATE_UNDER_1_YEAR,
    Education.ASSOCIATE: AwardLevel.ASSOCIATE,
    Education.BACHELOR: AwardLevel.BACHELOR,
    Education.MASTER: AwardLevel.MASTER,
    Education.DOCTORATE: AwardLevel.DOCTORATE_OTHER,
}
"""Education -> the shortest usual award that gives it."""

MOST_CREDITS: dict[str, float] = {
    Education.SOME_COLLEGE: inf,
    Education.CERTIFICATE: 30,
    Education.ASSOCIATE: 60,
    Education.BACHELOR: 120,
    Education.MASTER: 120,
    Education.DOCTORATE: 120,
}
"""Education -> undergraduate semester credits that it brings at most; how many count is the
affair of the next school. The usual sizes of awards; ours."""

UNDERGRADUATE = frozenset({AwardLevel.ASSOCIATE, AwardLevel.BACHELOR})
"""Awards into which such credits may be brought."""

OWN_FIELDS = ("51.07", "51.2706")
"""CIP codes, or how they begin, of which employers of these roles speak."""

MONTHS_A_YEAR = 12

NO_MONTHS = Months(None, None)
"""Nobody knows how long."""


class Stage(StrEnum):
    """Where on the way a role stands."""

    ENTRY = "entry"
    MIDDLE = "middle"
    TARGET = "target"


class Kind(StrEnum):
    """What a role asks for, and so what a step brings."""

    CREDENTIAL = "credential"
    EDUCATION = "education"
    EXPERIENCE = "experience"
    SKILLS = "skills"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a role asks for: one of several credentials, a level of education, or years.

    ``any_of`` None and years without a bound are unknown. ``at`` is its place in the role's list.
    """

    kind: Kind
    at: int
    any_of: tuple[str, ...] | None = None
    at_least: str | None = None
    years_below: float | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the graph, and the roles that lead to it."""

    slug: str
    is_entry: bool
    requirements: tuple[Requirement, ...] = ()
    comes_from: tuple[str, ...] = ()
    skills: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody holds; None is not told, which is never a no but is not counted either.

    ``awards`` are award levels, ``programs`` completed programs, ``years_in`` years by field of
    work, ``experience_years`` years of health information work in all; ``skills`` are folded.
    ``least`` is the education that credentials held show, and ``fields`` the CIP codes that the
    highest education told may be in. ``credits_earned`` are semester credits in all,
    ``credits_counted`` those that the next school counts.
    """

    education: Education | None = None
    awards: frozenset[str] = frozenset()
    programs: tuple[ProgramFacts, ...] = ()
    credentials: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    experience_years: float | None = None
    years_in: Mapping[str, float] = dataclass_field(default_factory=dict)
    skills: frozenset[str] = frozenset()
    least: Education | None = None
    fields: frozenset[str] = frozenset()
    credits_earned: float | None = None
    credits_counted: float | None = None

    @property
    def level(self) -> str | None:
        """The highest education told or shown, also by an award; None: nothing is."""
        return _highest([self.education, self.level_in_field])

    @property
    def level_in_field(self) -> str | None:
        """The highest education without that which is told to be in another field."""
        named = [level_of_award(program.award_level) for program in self.programs]
        told = None if self.is_elsewhere else self.education
        return _highest([told, self.least, *map(level_of_award, self.awards), *named])

    @property
    def is_elsewhere(self) -> bool:
        """Whether the highest education told is in a field that has nothing to do with this."""
        return bool(self.fields) and not any(code.startswith(OWN_FIELDS) for code in self.fields)

    def may_be_among(self, codes: Iterable[str]) -> bool:
        """Return whether the highest education told may be in one of these fields."""
        return not self.fields or any(code.startswith(tuple(self.fields)) for code in codes)

    @property
    def may_have_more(self) -> bool:
        """Whether the education told is more than the programs named have given."""
        named = (level_of_award(program.award_level) for program in self.programs)
        ranks = [RANKS[level] for level in named if level]
        level = self.level_in_field
        return level is not None and RANKS[level] > max(ranks, default=-1)

    def has_all_of(self, other: "Held") -> bool:
        """Return whether nothing is held there that is not held here."""
        years, others = self.experience_years or 0, other.experience_years or 0
        return (
            self.credentials >= other.credentials
            and self.roles >= other.roles
            and self.awards >= other.awards
            and self.skills >= other.skills
            and (other.level is None or self.reaches(other.level))
            and years >= others
            and all(self.years_in.get(k, 0) >= v for k, v in other.years_in.items())
            and all(program in self.programs for program in other.programs)
        )

    def reaches(self, level: str) -> bool:
        """Return whether the education told is at least a level."""
        return self.level is not None and RANKS[self.level] >= RANKS[level]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan and what it rests on.

    ``answer`` yes: allowed when it comes; unknown: nobody who may be relied on tells, and
    ``changes`` say what to ask. ``may_be_met`` marks what the caller did not tell. ``role`` is
    the role it is for, None where a credential is the aim; ``credential`` and ``route`` the
    exam's rule that asks for it, ``subject`` the field it asks for. ``credits`` are those that may
    count, of ``credits_needed``.
    """

    kind: Kind
    key: str
    role: str | None
    answer: Answer
    reason: Message
    months: Months = NO_MONTHS
    assumptions: tuple[Assumption, ...] = ()
    changes: tuple[Change, ...] = ()
    requirement: Requirement | None = None
    credential: str | None = None
    route: str | None = None
    may_be_met: bool = False
    award_level: str | None = None
    accredited_by: str | None = None
    subject: str | None = None
    program: ProgramFacts | None = None
    is_planned_program: bool = False
    years: float | None = None
    gained: float = 0.0
    credits: Credits = NO_CREDITS
    credits_needed: float | None = None
    items: tuple[str, ...] = ()

    def apply(self, held: Held) -> Held:
        """Return what is held once the step is done."""
        match self.kind:
            case Kind.CREDENTIAL:
                return replace(held, credentials=held.credentials | {self.key})
            case Kind.ROLE:
                return replace(held, roles=held.roles | {self.key})
            case Kind.SKILLS:
                return replace(held, skills=held.skills | {fold(skill) for skill in self.items})
            case Kind.EXPERIENCE:
                return self._worked(held)
            case Kind.EDUCATION:
                return self._studied(held)

    def _worked(self, held: Held) -> Held:
        years = float(self.years or 0)
        if self.key == ANY_FIELD:
            return replace(held, experience_years=max(held.experience_years or 0, years))
        told = held.experience_years or 0
        years_in = {**held.years_in, self.key: max(held.years_in.get(self.key, 0), years)}
        return replace(held, years_in=years_in, experience_years=told + self.gained)

    def _studied(self, held: Held) -> Held:
        awards = held.awards | ({self.award_level} if self.award_level else set())
        programs = (*held.programs, self.program) if self.program else held.programs
        education = held.education
        gained = Education.HIGH_SCHOOL
        if self.award_level:
            gained = EDUCATION_OF_AWARD.get(self.award_level, gained)
        if education is None or _is_less(education, gained):
            education = gained
        return replace(
            held,
            awards=awards,
            programs=programs,
            education=education,
            credits_earned=None,
            credits_counted=None,
        )


ANY_FIELD = Message("health information")
"""Experience in the field as a whole."""


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


@dataclass(frozen=True, slots=True)
class Shown:
    """Education that a credential held shows: the least that any route to it asks for.

    ``accredited_by`` where the one way is a program that somebody accredits; ``is_least`` where
    routes differ, so that there may be more. ``told`` is the lower education that was told.
    """

    credential: str
    education: Education
    accredited_by: str | None
    is_least: bool
    told: Education | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """A requirement of a role that nobody can call met or missing, and why."""

    role: str
    kind: Kind
    requirement: Requirement | None
    reason: Message


@dataclass(frozen=True, slots=True)
class Blocker:
    """A requirement that no step can meet, and why; None: the credential aimed at."""

    role: str | None
    requirement: Requirement | None
    reason: Message


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in order; none where something blocks the way."""

    steps: tuple[Step, ...]
    held: Held
    open: tuple[Open, ...]
    blocked_by: tuple[Blocker, ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """Steps so far, and what is held after them."""

    held: Held
    steps: tuple[Step, ...] = ()

    def then(self, step: Step) -> "Trail":
        """Return the trail one step further."""
        return Trail(step.apply(self.held), (*self.steps, step))


Part = Callable[[Held], list[Trail]]
"""Ways to bring about one thing from what is held; none: it cannot be brought about."""


def level_of_award(award_level: str | None) -> str | None:
    """Return the education that an award gives; None where the award is not known."""
    if award_level is None:
        return None
    return EDUCATION_OF_AWARD.get(award_level, CERTIFICATE)


def _highest(levels: Iterable[str | None]) -> str | None:
    return max((level for level in levels if level), key=RANKS.__getitem__, default=None)


def shown_by(
    rules: Mapping[str, Mapping[str, Any]], held: Held, today: date
) -> tuple[Held, list[Shown]]:
    """Return what is held with the education that credentials show, and which shows what.

    Args:
        rules: Credential -> its rules, of every credential held.
        held: As it was told.
        today: The day from which a program of the plan's own is dated.
    """
    found = [shown for code in sorted(held.credentials) if (shown := _shown_by(code, rules[code]))]
    told = held.education
    for one in found:
        least = held.least
        if least is None or _is_less(least, one.education):
            held = replace(held, least=one.education)
        if one.accredited_by and not one.is_least:
            program = _ideal_program(AWARD_OF_LEVEL[one.education], one.accredited_by, today)
            held = replace(held, programs=(*held.programs, program))
    if told is None:
        return held, found
    return held, [
        replace(one, told=told) if _is_less(told, one.education) else one for one in found
    ]


def _shown_by(code: str, rules: Mapping[str, Any]) -> Shown | None:
    """Return the education that whoever holds a credential has; None where its rules tell none.

    A program abroad that the issuer recognises stands for the home program it equals.
    """
    asked: set[int] = set()
    least: list[int] = []
    bodies: set[str | None] = set()
    for route in rules.get("any_of", []):
        is_abroad = any(c["kind"] == "completed_foreign_program" for c in route["all_of"])
        if is_abroad or not route.get("decides"):
            continue
        of_route = [ranks for c in route["all_of"] if (ranks := _ranks_asked(c))]
        if not of_route:
            return None
        asked |= {rank for ranks in of_route for rank in ranks}
        least.append(max(min(ranks) for ranks in of_route))
        programs = [c for c in route["all_of"] if c["kind"] == "completed_program"]
        bodies |= {_body_of(condition) for condition in programs} or {None}
    if not least:
        return None
    return Shown(
        credential=code,
        education=Education(LEVELS[min(least)]),
        accredited_by=bodies.pop() if len(bodies) == 1 else None,
        is_least=len(asked) > 1,
    )


def _ranks_asked(condition: Mapping[str, Any]) -> list[int]:
    """Return the education of which a condition asks one, as ranks; none where it asks for none."""
    match condition["kind"]:
        case "education":
            return [RANKS[condition["at_least"]]]
        case "education_or_credits":
            return [RANKS[Education.SOME_COLLEGE]]
        case "completed_program":
            levels = map(level_of_award, condition["award_levels"])
            return [RANKS[level] for level in levels if level]
        case _:
            return []


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


def _body_of(condition: Mapping[str, Any]) -> str | None:
    """Return who must accredit a program that a route asks for."""
    return condition.get("accredited_by") or (CAHIIM if condition.get("cahiim") else None)


def _is_less(one: Education, other: Education) -> bool:
    return EDUCATION_ORDER.index(one) < EDUCATION_ORDER.index(other)


def find_plan(world: World, target: str, held: Held) -> Plan:
    """Return the shortest of the plans from what is held to a role.

    Among those of one length one through the planned program leads, then one with the fewest
    open questions, then the fewest unknown lengths, then the fewest months. Who holds more never
    needs a longer plan.

    Args:
        world: Roles and rules; every role named in it is there.
        target: Slug of the role.
        held: What is held today.
    """
    role = world.roles[target]
    world = replace(world, ahead=_awards_ahead(world, role))
    trails = _to_role(world, role, held, frozenset(), is_target=True)
    if not trails:
        return Plan((), held, (), tuple(_blockers(world, role, held, set())))
    best = min(trails, key=lambda trail: _weight(trail.steps))
    taken_up = [step.key for step in best.steps if step.kind is Kind.ROLE]
    named = dict.fromkeys([*taken_up, target])
    left = [item for slug in named for item in _open_of(world.roles[slug], best.held)]
    if role.skills is None:
        why = Message("Which skills employers ask for is not known.")
        left.append(Open(target, Kind.SKILLS, None, why))
    steps = _told_apart(_exams_first(world, best.steps, held), held)
    return Plan(steps, best.held, tuple(left), ())


def find_credential_plan(world: World, code: str, held: Held) -> Plan:
    """Return the shortest of the plans from what is held to a credential, see ``find_plan``."""
    trails = Asking(world, None).to_credential(held, code, frozenset())
    if not trails:
        reason = decide(world, code, held).reason
        return Plan((), held, (), (Blocker(None, None, reason),))
    best = min(trails, key=lambda trail: _weight(trail.steps))
    return Plan(_told_apart(best.steps, held), best.held, (), ())


def _told_apart(steps: Sequence[Step], held: Held) -> tuple[Step, ...]:
    """Return steps of which those of education may be met where nobody told any."""
    named = [p for p in held.programs if not _is_own(p)]
    is_told = held.education is not None or bool(held.awards) or bool(named)
    return tuple(
        replace(step, may_be_met=not is_told) if step.kind is Kind.EDUCATION else step
        for step in steps
    )


WORK = frozenset({Kind.ROLE, Kind.EXPERIENCE})


def _exams_first(world: World, steps: Sequence[Step], held: Held) -> tuple[Step, ...]:
    """Return steps with exams before work that they do not need: employers look for them then.

    An exam comes first that is there to begin with, or that graduates of a program may sit.
    """
    ordered: list[Step] = []
    for step in steps:
        at = len(ordered)
        if step.kind is Kind.CREDENTIAL and _is_for_beginners(world, step):
            while (
                at
                and ordered[at - 1].kind in WORK
                and _is_open(world, step.key, held, ordered, at - 1)
            ):
                at -= 1
        ordered.insert(at, step)
    return tuple(ordered)


def _is_for_beginners(world: World, step: Step) -> bool:
    routes = world.rules[step.key].get("any_of", [])
    asked = [[c["kind"] for c in route["all_of"]] for route in routes if route.get("decides")]
    return step.key in world.entry_exams or ["completed_program"] in asked


def _is_open(world: World, code: str, held: Held, steps: Sequence[Step], at: int) -> bool:
    """Return whether an exam is open to whoever has done the first of some steps."""
    for step in steps[:at]:
        held = step.apply(held)
    return decide(world, code, held).answer is Answer.YES


def _awards_ahead(world: World, role: Role) -> tuple[Award, ...]:
    """Return the awards open after high school that a role and its exams ask for.

    One in a program that somebody accredits stands for the same award in any.
    """
    found: dict[Award, None] = {}
    for requirement in role.requirements:
        codes = requirement.any_of or ()
        for code in [c for c in codes if c in world.prefer] or codes:
            for route in world.rules[code].get("any_of", []):
                for condition in route["all_of"] if route.get("decides") else ():
                    if condition["kind"] == "completed_program":
                        for level in condition["award_levels"]:
                            award = AWARD_OF_LEVEL.get(level, level)
                            found[Award(award, _body_of(condition), condition["field"])] = None
        if requirement.at_least in AWARD_OF_LEVEL:
            found[Award(AWARD_OF_LEVEL[requirement.at_least])] = None
    accredited = {award.level for award in found if award.accredited_by}
    return tuple(
        award
        for award in found
        if award.level not in ENTRY_OF_AWARD
        and (award.accredited_by or award.level not in accredited)
    )


def _weight(steps: Sequence[Step]) -> tuple[int, int, int, int, float]:
    return (
        len(steps),
        -sum(step.is_planned_program for step in steps),
        sum(step.answer is not Answer.YES for step in steps),
        sum(step.months.high is None for step in steps),
        sum(step.months.high or 0 for step in steps),
    )


def meets(requirement: Requirement, held: Held) -> tuple[Answer, Message]:
    """Return whether a requirement is met by what is held, and why; unknown: it stays open."""
    match requirement.kind:
        case Kind.CREDENTIAL:
            if requirement.any_of is None:
                why = Message("Which credential employers look for is not known.")
                return Answer.UNKNOWN, why
            has = sorted(held.credentials & set(requirement.any_of))
            if has:
                return Answer.YES, Message("Holds %(codes)s.", codes=", ".join(has))
            codes = ", ".join(requirement.any_of)
            return Answer.NO, Message("Holds none of %(codes)s.", codes=codes)
        case Kind.EDUCATION:
            needed = requirement.at_least or Education.HIGH_SCHOOL
            own = held.level_in_field
            if own is not None and RANKS[own] >= RANKS[needed]:
                return Answer.YES, Message("%(level)s is enough.", level=first_word(own))
            if held.reaches(needed):
                why = Message(
                    "%(level)s in another field: whether it is enough is not known.",
                    level=first_word(held.level),
                )
                return Answer.UNKNOWN, why
            return Answer.NO, Message("Asks for at least %(needed)s.", needed=word(needed))
        case _:
            return _meets_years(requirement.years_below, held.experience_years)


def _meets_years(below: float | None, told: float | None) -> tuple[Answer, Message]:
    if below is None:
        return Answer.UNKNOWN, Message("How many years employers ask for is not known.")
    if told is not None and told >= below:
        return Answer.YES, Message("%(n)s years are enough.", n=f"{told:g}")
    if told:
        said = Message(
            "Less than %(below)s years are asked for; whether %(n)s are enough is not known.",
            below=f"{below:g}",
            n=f"{told:g}",
        )
        return Answer.UNKNOWN, said
    return Answer.NO, Message("Some years are asked for, less than %(below)s.", below=f"{below:g}")


def _open_of(role: Role, held: Held) -> list[Open]:
    found = [(requirement, *meets(requirement, held)) for requirement in role.requirements]
    return [
        Open(role.slug, requirement.kind, requirement, why)
        for requirement, answer, why in found
        if answer is not Answer.YES
    ]


def _in_order(held: Held, parts: Iterable[Part]) -> list[Trail]:
    """Return the ways worth keeping to bring about several things one after another."""
    trails = [Trail(held)]
    for part in parts:
        trails = _worth_keeping(
            Trail(following.held, (*trail.steps, *following.steps))
            for trail in trails
            for following in part(trail.held)
        )
    return trails


def _worth_keeping(trails: Iterable[Trail]) -> list[Trail]:
    """Return trails, lightest first, without those that bring nothing a lighter one does not."""
    kept: list[Trail] = []
    for trail in sorted(trails, key=lambda trail: _weight(trail.steps)):
        if not any(lighter.held.has_all_of(trail.held) for lighter in kept):
            kept.append(trail)
    return kept


def _to_role(
    world: World, role: Role, held: Held, pending: frozenset[str], *, is_target: bool = False
) -> list[Trail]:
    """Return the ways into a role; one that was held before needs no more, save the target."""
    if role.slug in pending:
        return []
    if role.slug in held.roles and not is_target:
        return [Trail(held)]
    trails = []
    for before in _to_one_before(world, role, held, pending | {role.slug}):
        for order in ORDERS:
            asked = sorted(role.requirements, key=lambda r: (order.index(r.kind), r.at))
            parts: list[Part] = [_requirement_part(world, role, r) for r in asked]
            if is_target and role.skills:
                parts.append(_skills_part(role, role.skills))
            for trail in _in_order(before.held, parts):
                whole = Trail(trail.held, (*before.steps, *trail.steps))
                trails.append(
                    whole if role.slug in held.roles else whole.then(_role_step(role, is_target))
                )
    return _worth_keeping(trails)


ORDERS = (
    (Kind.EDUCATION, Kind.EXPERIENCE, Kind.CREDENTIAL),
    (Kind.CREDENTIAL, Kind.EDUCATION, Kind.EXPERIENCE),
)
"""A degree may open an exam sooner, or an exam bring its degree with it: both are tried."""


def _to_one_before(world: World, role: Role, held: Held, pending: frozenset[str]) -> list[Trail]:
    """Return the ways to have held a role that leads to this one."""
    if role.is_entry or not role.comes_from or role.slug in held.roles:
        return [Trail(held)]
    if held.roles & set(role.comes_from):
        return [Trail(held)]
    return _worth_keeping(
        trail
        for slug in role.comes_from
        for trail in _to_role(world, world.roles[slug], held, pending)
    )


def _role_step(role: Role, is_target: bool) -> Step:
    why = Message("Open to whoever meets what was listed before; employers decide.")
    step = Step(Kind.ROLE, role.slug, role.slug, Answer.YES, why, may_be_met=not is_target)
    if role.is_entry or role.comes_from:
        return step
    ask = Change(Message("From which roles do people come into this one?"), "employers")
    why = Message("No role that leads to it is known.")
    return replace(step, answer=Answer.UNKNOWN, reason=why, changes=(ask,))


def _skills_part(role: Role, skills: tuple[str, ...]) -> Part:
    def part(held: Held) -> list[Trail]:
        left = tuple(skill for skill in skills if fold(skill) not in held.skills)
        if not left:
            return [Trail(held)]
        why = Message("Nobody's permission is needed; employers ask to be shown them.")
        step = Step(Kind.SKILLS, role.slug, role.slug, Answer.YES, why, may_be_met=True, items=left)
        return [Trail(held).then(step)]

    return part


def _requirement_part(world: World, role: Role, requirement: Requirement) -> Part:
    def part(held: Held) -> list[Trail]:
        answer, _ = meets(requirement, held)
        if answer is not Answer.NO:
            return [Trail(held)]
        asking = Asking(world, role.slug, requirement)
        if requirement.kind is Kind.EDUCATION:
            return asking.to_level(held, requirement.at_least or Education.HIGH_SCHOOL)
        if requirement.kind is Kind.EXPERIENCE:
            return asking.to_years(held, ANY_FIELD, requirement.years_below or 0, is_below=True)
        options = requirement.any_of or ()
        wanted = [code for code in options if code in world.prefer] or options
        return _worth_keeping(
            trail for code in wanted for trail in asking.to_credential(held, code, frozenset())
        )

    return part


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a step: a requirement of a role, and within it a route to an exam."""

    world: World
    role: str | None
    requirement: Requirement | None = None
    credential: str | None = None
    route: str | None = None

    def to_credential(self, held: Held, code: str, pending: frozenset[str]) -> list[Trail]:
        """Return every way to a credential; none: the exam is closed, or cannot be opened."""
        if code in held.credentials:
            return [Trail(held)]
        if code in pending:
            return []
        now = decide(self.world, code, held)
        if now.rule in {"closed", "not_told"} or now.answer is Answer.YES:
            return self._sit(Trail(held), code, _route_of(now))
        rules = self.world.rules[code]
        return [
            done
            for route in rules["any_of"]
            if route.get("decides")
            for trail in self._open_route(held, code, route, pending | {code})
            for done in self._sit(trail, code, route["route"])
        ]

    def _sit(self, trail: Trail, code: str, route: str | None) -> list[Trail]:
        """Return the trail with the exam at its end, if it is not refused by then."""
        decision = decide(self.world, code, trail.held)
        if decision.answer not in {Answer.YES, Answer.UNKNOWN}:
            return []
        step = Step(
            Kind.CREDENTIAL,
            code,
            self.role,
            decision.answer,
            decision.reason,
            changes=tuple(decision.changes) if decision.answer is Answer.UNKNOWN else (),
            requirement=self.requirement,
            credential=self.credential,
            route=route,
        )
        return [trail.then(step)]

    def _open_route(
        self, held: Held, code: str, route: Mapping[str, Any], pending: frozenset[str]
    ) -> list[Trail]:
        """Return every way to meet what a route asks for, as far as steps can."""
        inner = replace(self, credential=code, route=route["route"])

        def part_of(condition: Mapping[str, Any]) -> Part:
            return lambda held: inner.to_condition(held, condition, route, pending)

        return _in_order(held, map(part_of, route["all_of"]))

    def to_condition(
        self,
        held: Held,
        condition: Mapping[str, Any],
        route: Mapping[str, Any],
        pending: frozenset[str],
    ) -> list[Trail]:
        """Return every way to meet one condition; what no step can settle is left as it is."""
        match condition["kind"]:
            case "education_or_credits" if (held.credits_earned or 0) >= condition[
                "or_college_credits"
            ]:
                return [Trail(held)]
            case "education" | "education_or_credits":
                return self.to_level(held, condition["at_least"])
            case "experience_years":
                return self.to_years(held, condition["field"], condition["at_least"])
            case "experience_hours":
                years = condition["at_least"] / FULL_TIME_HOURS_A_YEAR
                return self.to_years(held, condition["field"], years)
            case "holds":
                return _worth_keeping(
                    trail
                    for code in condition["any"]
                    for trail in self.to_credential(held, code, pending)
                )
            case "completed_program":
                return self._to_program(held, condition, route)
            case "completed_foreign_program":
                return []  # nobody is sent abroad
            case _:
                return [Trail(held)]

    def _to_program(
        self, held: Held, condition: Mapping[str, Any], route: Mapping[str, Any]
    ) -> list[Trail]:
        levels = condition["award_levels"]
        if self._may_have(held, condition, route):
            return [Trail(held)]
        planned = self.world.planned
        body = _body_of(condition)
        trails = []
        for level in levels:
            award = AWARD_OF_LEVEL.get(level, level)
            facts = _ideal_program(award, body, self.world.today)
            trails += self._study(held, award, facts, body, subject=condition["field"])
        if planned is not None and planned.award_level and _is_among(planned.award_level, levels):
            trails += self._study(held, planned.award_level, planned, body, is_planned=True)
        return trails

    def _may_have(self, held: Held, condition: Mapping[str, Any], route: Mapping[str, Any]) -> bool:
        """Return whether a program completed does, or may do, for a route.

        Education told beyond the programs named may have been one.
        """
        own, levels = held.level_in_field, condition["award_levels"]
        codes = fields_accredited(self.world, _body_of(condition), levels, condition["field"])
        reached = [
            level
            for level in levels
            if own is not None and RANKS[own] >= RANKS[level_of_award(level) or CERTIFICATE]
        ]
        if reached and held.may_have_more and (not codes or held.may_be_among(codes)):
            return True
        statuses = self.world.statuses.get(self.credential or "", {})
        alone = {**route, "all_of": [condition]}
        return any(
            weigh_route(alone, statuses, candidate, self.world.today).answer
            in {Answer.YES, Answer.UNKNOWN}
            for program in held.programs
            for candidate in [Candidate(program, remits=self.world.remits)]
        )

    def to_level(self, held: Held, level: str) -> list[Trail]:
        """Return every way to a level of education, also by a higher award the plan comes to."""
        if held.reaches(level):
            return [Trail(held)]
        if level not in AWARD_OF_LEVEL:
            return [Trail(held).then(self._diploma(held))]
        trails = self._study(held, AWARD_OF_LEVEL[level], None, None)
        plainly = replace(self, world=replace(self.world, ahead=()))
        for ahead in self.world.ahead:
            if RANKS[level_of_award(ahead.level) or level] > RANKS[level]:
                body = ahead.accredited_by
                facts = _ideal_program(ahead.level, body, self.world.today) if body else None
                trails += plainly._study(held, ahead.level, facts, body, subject=ahead.subject)
        planned = self.world.planned
        gives = level_of_award(planned.award_level) if planned else None
        if planned and planned.award_level and gives and RANKS[gives] >= RANKS[level]:
            trails += self._study(held, planned.award_level, planned, None, is_planned=True)
        return trails

    def _diploma(self, held: Held) -> Step:
        return Step(
            Kind.EDUCATION,
            Education.HIGH_SCHOOL,
            self.role,
            Answer.YES,
            Message("A high school diploma or its equivalent comes before what follows."),
            requirement=self.requirement,
            credential=self.credential,
            route=self.route,
            may_be_met=held.level is None,
        )

    def _study(
        self,
        held: Held,
        award: str,
        facts: ProgramFacts | None,
        accredited_by: str | None,
        *,
        subject: str | None = None,
        is_planned: bool = False,
    ) -> list[Trail]:
        """Return the trails that end with an award, with what one must hold to begin first."""
        entry = ENTRY_OF_AWARD.get(award, Education.HIGH_SCHOOL)
        is_told = held.level is not None
        if held.reaches(entry) or (entry == Education.HIGH_SCHOOL and not is_told):
            before = [Trail(held)]
        else:
            before = self.to_level(held, entry)
        trails = []
        for trail in before:
            length = (self.world.planned_length if is_planned else None) or length_of(award)
            credits_ = _credits_into(award, trail.held, length.credits)
            months, assumptions = coursework_months(
                length, credits_per_term=None, transferred=credits_
            )
            trails.append(
                trail.then(
                    Step(
                        Kind.EDUCATION,
                        level_of_award(award) or award,
                        self.role,
                        Answer.YES,
                        Message(
                            "Open after %(level)s or more; the school decides.", level=word(entry)
                        ),
                        months=months,
                        assumptions=tuple(assumptions),
                        requirement=self.requirement,
                        credential=self.credential,
                        route=self.route,
                        may_be_met=held.level is None,
                        award_level=award,
                        accredited_by=accredited_by,
                        subject=subject,
                        program=facts,
                        is_planned_program=is_planned,
                        credits=credits_,
                        credits_needed=length.credits if credits_.high else None,
                    )
                )
            )
        return trails

    def to_years(
        self, held: Held, what: str, years: float, *, is_below: bool = False
    ) -> list[Trail]:
        """Return the way to years of work in a field; ``is_below``: fewer may do."""
        told = held.experience_years if what == ANY_FIELD else held.years_in.get(what)
        if told is not None and told >= years:
            return [Trail(held)]
        more = years - (told or 0)
        months = round(more * MONTHS_A_YEAR, 1)
        is_certain = told is not None and not is_below
        pattern = N_("%(n)s years of %(work)s are asked for.")
        if is_below:
            pattern = N_("Less than %(n)s years of %(work)s are asked for.")
        step = Step(
            Kind.EXPERIENCE,
            what,
            self.role,
            Answer.YES,
            Message(pattern, n=f"{years:g}", work=Message(what)),
            months=Months(months if is_certain else None, months),
            requirement=self.requirement,
            credential=self.credential,
            route=self.route,
            may_be_met=told is None,
            years=years,
            gained=more,
        )
        return [Trail(held).then(step)]


def _credits_into(award: str, held: Held, needed: float | None) -> Credits:
    """Return the credits that may count towards an award: those told, or what is held brings."""
    if held.credits_counted is not None:
        return Credits(held.credits_counted, held.credits_counted)
    if award not in UNDERGRADUATE or needed is None:
        return NO_CREDITS
    if held.credits_earned is not None:
        return Credits(0, held.credits_earned)
    return Credits(0, MOST_CREDITS.get(held.level or "", 0))


def _is_among(award: str, levels: Iterable[str]) -> bool:
    return award in levels or (award in BELOW_ASSOCIATE and CERTIFICATE in levels)


def _is_own(program: ProgramFacts) -> bool:
    return any(claim.source == OWN_PROGRAM for claim in program.accreditation)


OWN_PROGRAM = "plan"
"""Source of the accreditation of a program that a step asks for, or a credential shows."""


def _ideal_program(award: str, body: str | None, today: date) -> ProgramFacts:
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


def _route_of(decision: Decision) -> str | None:
    kind, _, name = decision.rule.partition(" ")
    return name if kind == "route" else None


def _blockers(world: World, role: Role, held: Held, seen: set[str]) -> list[Blocker]:
    """Return the requirements on the way to a role that no step can meet."""
    if role.slug in seen:
        return []
    seen.add(role.slug)
    found = []
    for requirement in role.requirements:
        if not _requirement_part(world, role, requirement)(held):
            codes = requirement.any_of or ()
            reasons = [Listing(": ", (code, decide(world, code, held).reason)) for code in codes]
            found.append(Blocker(role.slug, requirement, Listing(" ", reasons)))
    if not _to_one_before(world, role, held, frozenset({role.slug})):
        for slug in role.comes_from:
            found += _blockers(world, world.roles[slug], held, seen)
    return found
