"""The shortest plan from what somebody holds to a role or a credential: ordered steps.

Each step is allowed when it comes. Whether an exam is open is decided by the rules of its
credential, asked anew at every step for what the plan has reached by then.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.domain.advancement.exams import Award, World, body_of, decide, is_own
from app.domain.advancement.held import Held
from app.domain.advancement.levels import AWARD_OF_LEVEL, ENTRY_OF_AWARD, RANKS
from app.domain.advancement.roles import ANY_FIELD, Kind, Requirement, Role
from app.domain.advancement.steps import Blocker, Plan, Step, UndecidedRequirement
from app.domain.advancement.ways import (
    Part,
    PartialPlan,
    StepPurpose,
    drop_dominated,
    in_order,
    weigh,
)
from app.domain.credentials.eligibility import Answer, Change, Education
from app.domain.messages import Listing, Message, first_word, word
from app.domain.text.identifiers import fold


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
    ways = _to_role(world, role, held, frozenset(), is_target=True)
    if not ways:
        return Plan((), held, (), tuple(_blockers(world, role, held, set())))
    best = min(ways, key=lambda way: weigh(way.steps))
    taken_up = [step.key for step in best.steps if step.kind is Kind.ROLE]
    named = dict.fromkeys([*taken_up, target])
    left = [item for slug in named for item in _undecided_of(world.roles[slug], best.held)]
    if role.skills is None:
        why = Message("Which skills employers ask for is not known.")
        left.append(UndecidedRequirement(target, Kind.SKILLS, None, why))
    steps = _told_apart(_exams_first(world, best.steps, held), held)
    return Plan(steps, best.held, tuple(left), ())


def find_credential_plan(world: World, code: str, held: Held) -> Plan:
    """Return the shortest of the plans from what is held to a credential, see ``find_plan``."""
    ways = StepPurpose(world, None).to_credential(held, code, frozenset())
    if not ways:
        reason = decide(world, code, held).reason
        return Plan((), held, (), (Blocker(None, None, reason),))
    best = min(ways, key=lambda way: weigh(way.steps))
    return Plan(_told_apart(best.steps, held), best.held, (), ())


def _told_apart(steps: Sequence[Step], held: Held) -> tuple[Step, ...]:
    """Return steps of which those of education may be met where nobody told any."""
    named = [p for p in held.programs if not is_own(p)]
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
                            found[Award(award, body_of(condition), condition["field"])] = None
        if requirement.at_least in AWARD_OF_LEVEL:
            found[Award(AWARD_OF_LEVEL[requirement.at_least])] = None
    accredited = {award.level for award in found if award.accredited_by}
    return tuple(
        award
        for award in found
        if award.level not in ENTRY_OF_AWARD
        and (award.accredited_by or award.level not in accredited)
    )


def _to_role(
    world: World, role: Role, held: Held, pending: frozenset[str], *, is_target: bool = False
) -> list[PartialPlan]:
    """Return the ways into a role; one that was held before needs no more, save the target."""
    if role.slug in pending:
        return []
    if role.slug in held.roles and not is_target:
        return [PartialPlan(held)]
    ways = []
    for before in _to_one_before(world, role, held, pending | {role.slug}):
        for order in ORDERS:
            asked = sorted(role.requirements, key=lambda r: (order.index(r.kind), r.at))
            parts: list[Part] = [_requirement_part(world, role, r) for r in asked]
            if is_target and role.skills:
                parts.append(_skills_part(role, role.skills))
            for way in in_order(before.held, parts):
                whole = PartialPlan(way.held, (*before.steps, *way.steps))
                ways.append(
                    whole
                    if role.slug in held.roles
                    else whole.with_step(_role_step(role, is_target))
                )
    return drop_dominated(ways)


ORDERS = (
    (Kind.EDUCATION, Kind.EXPERIENCE, Kind.CREDENTIAL),
    (Kind.CREDENTIAL, Kind.EDUCATION, Kind.EXPERIENCE),
)
"""A degree may open an exam sooner, or an exam bring its degree with it: both are tried."""


def _to_one_before(
    world: World, role: Role, held: Held, pending: frozenset[str]
) -> list[PartialPlan]:
    """Return the ways to have held a role that leads to this one."""
    if role.is_entry or not role.comes_from or role.slug in held.roles:
        return [PartialPlan(held)]
    if held.roles & set(role.comes_from):
        return [PartialPlan(held)]
    return drop_dominated(
        way for slug in role.comes_from for way in _to_role(world, world.roles[slug], held, pending)
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
    def part(held: Held) -> list[PartialPlan]:
        left = tuple(skill for skill in skills if fold(skill) not in held.skills)
        if not left:
            return [PartialPlan(held)]
        why = Message("Nobody's permission is needed; employers ask to be shown them.")
        step = Step(Kind.SKILLS, role.slug, role.slug, Answer.YES, why, may_be_met=True, items=left)
        return [PartialPlan(held).with_step(step)]

    return part


def _requirement_part(world: World, role: Role, requirement: Requirement) -> Part:
    def part(held: Held) -> list[PartialPlan]:
        answer, _ = meets(requirement, held)
        if answer is not Answer.NO:
            return [PartialPlan(held)]
        purpose = StepPurpose(world, role.slug, requirement)
        if requirement.kind is Kind.EDUCATION:
            return purpose.to_level(held, requirement.at_least or Education.HIGH_SCHOOL)
        if requirement.kind is Kind.EXPERIENCE:
            return purpose.to_years(held, ANY_FIELD, requirement.years_below or 0, is_below=True)
        options = requirement.any_of or ()
        wanted = [code for code in options if code in world.prefer] or options
        return drop_dominated(
            way for code in wanted for way in purpose.to_credential(held, code, frozenset())
        )

    return part


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


def _undecided_of(role: Role, held: Held) -> list[UndecidedRequirement]:
    found = [(requirement, *meets(requirement, held)) for requirement in role.requirements]
    return [
        UndecidedRequirement(role.slug, requirement.kind, requirement, why)
        for requirement, answer, why in found
        if answer is not Answer.YES
    ]


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
