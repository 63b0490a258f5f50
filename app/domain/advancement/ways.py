"""Every way to a credential, a level of education or years of work from what is held.

What nobody tells never refuses a step: it flags it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from app.domain.advancement.exams import (
    World,
    body_of,
    decide,
    fields_accredited,
    ideal_program,
    route_of,
)
from app.domain.advancement.held import Held
from app.domain.advancement.levels import (
    AWARD_OF_LEVEL,
    ENTRY_OF_AWARD,
    RANKS,
    is_among,
    level_of_award,
)
from app.domain.advancement.roles import ANY_FIELD, Kind, Requirement
from app.domain.advancement.steps import Step
from app.domain.claims import ProgramFacts
from app.domain.credentials.eligibility import (
    FULL_TIME_HOURS_A_YEAR,
    Answer,
    Candidate,
    Education,
    weigh_route,
)
from app.domain.credentials.timeline import (
    NO_CREDITS,
    Credits,
    Months,
    coursework_months,
    length_of,
)
from app.domain.messages import N_, Message, word
from app.domain.vocabulary import CERTIFICATE, AwardLevel

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

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class PartialPlan:
    """Steps so far, and what is held after them."""

    held: Held
    steps: tuple[Step, ...] = ()

    def with_step(self, step: Step) -> "PartialPlan":
        """Return the plan with one more step at its end."""
        return PartialPlan(step.apply(self.held), (*self.steps, step))


Part = Callable[[Held], list[PartialPlan]]
"""Ways to bring about one thing from what is held; none: it cannot be brought about."""


def in_order(held: Held, parts: Iterable[Part]) -> list[PartialPlan]:
    """Return the ways worth keeping to bring about several things one after another."""
    ways = [PartialPlan(held)]
    for part in parts:
        ways = drop_dominated(
            PartialPlan(following.held, (*way.steps, *following.steps))
            for way in ways
            for following in part(way.held)
        )
    return ways


def drop_dominated(ways: Iterable[PartialPlan]) -> list[PartialPlan]:
    """Return ways, lightest first, without those that bring nothing a lighter one does not."""
    kept: list[PartialPlan] = []
    for way in sorted(ways, key=lambda way: weigh(way.steps)):
        if not any(lighter.held.has_all_of(way.held) for lighter in kept):
            kept.append(way)
    return kept


def weigh(steps: Sequence[Step]) -> tuple[int, int, int, int, float]:
    """Return what steps cost, to compare: their number, planned ones, open ones, and months."""
    return (
        len(steps),
        -sum(step.is_planned_program for step in steps),
        sum(step.answer is not Answer.YES for step in steps),
        sum(step.months.high is None for step in steps),
        sum(step.months.high or 0 for step in steps),
    )


@dataclass(frozen=True, slots=True)
class StepPurpose:
    """What a step serves: a requirement of a role, and within it a route to an exam."""

    world: World
    role: str | None
    requirement: Requirement | None = None
    credential: str | None = None
    route: str | None = None

    def to_credential(self, held: Held, code: str, pending: frozenset[str]) -> list[PartialPlan]:
        """Return every way to a credential; none: the exam is closed, or cannot be opened."""
        if code in held.credentials:
            return [PartialPlan(held)]
        if code in pending:
            return []
        now = decide(self.world, code, held)
        if now.rule in {"closed", "not_told"} or now.answer is Answer.YES:
            return self._sit(PartialPlan(held), code, route_of(now))
        rules = self.world.rules[code]
        return [
            done
            for route in rules["any_of"]
            if route.get("decides")
            for way in self._open_route(held, code, route, pending | {code})
            for done in self._sit(way, code, route["route"])
        ]

    def _sit(self, way: PartialPlan, code: str, route: str | None) -> list[PartialPlan]:
        """Return the way with the exam at its end, if it is not refused by then."""
        decision = decide(self.world, code, way.held)
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
        return [way.with_step(step)]

    def _open_route(
        self, held: Held, code: str, route: Mapping[str, Any], pending: frozenset[str]
    ) -> list[PartialPlan]:
        """Return every way to meet what a route asks for, as far as steps can."""
        inner = replace(self, credential=code, route=route["route"])

        def part_of(condition: Mapping[str, Any]) -> Part:
            return lambda held: inner.to_condition(held, condition, route, pending)

        return in_order(held, map(part_of, route["all_of"]))

    def to_condition(
        self,
        held: Held,
        condition: Mapping[str, Any],
        route: Mapping[str, Any],
        pending: frozenset[str],
    ) -> list[PartialPlan]:
        """Return every way to meet one condition; what no step can settle is left as it is."""
        match condition["kind"]:
            case "education_or_credits" if (held.credits_earned or 0) >= condition[
                "or_college_credits"
            ]:
                return [PartialPlan(held)]
            case "education" | "education_or_credits":
                return self.to_level(held, condition["at_least"])
            case "experience_years":
                return self.to_years(held, condition["field"], condition["at_least"])
            case "experience_hours":
                years = condition["at_least"] / FULL_TIME_HOURS_A_YEAR
                return self.to_years(held, condition["field"], years)
            case "holds":
                return drop_dominated(
                    way
                    for code in condition["any"]
                    for way in self.to_credential(held, code, pending)
                )
            case "completed_program":
                return self._to_program(held, condition, route)
            case "completed_foreign_program":
                return []  # nobody is sent abroad
            case _:
                return [PartialPlan(held)]

    def _to_program(
        self, held: Held, condition: Mapping[str, Any], route: Mapping[str, Any]
    ) -> list[PartialPlan]:
        levels = condition["award_levels"]
        if self._may_have(held, condition, route):
            return [PartialPlan(held)]
        planned = self.world.planned
        body = body_of(condition)
        ways = []
        for level in levels:
            award = AWARD_OF_LEVEL.get(level, level)
            facts = ideal_program(award, body, self.world.today)
            ways += self._study(held, award, facts, body, subject=condition["field"])
        if planned is not None and planned.award_level and is_among(planned.award_level, levels):
            ways += self._study(held, planned.award_level, planned, body, is_planned=True)
        return ways

    def _may_have(self, held: Held, condition: Mapping[str, Any], route: Mapping[str, Any]) -> bool:
        """Return whether a program completed does, or may do, for a route.

        Education told beyond the programs named may have been one.
        """
        own, levels = held.level_in_field, condition["award_levels"]
        codes = fields_accredited(self.world, body_of(condition), levels, condition["field"])
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

    def to_level(self, held: Held, level: str) -> list[PartialPlan]:
        """Return every way to a level of education, also by a higher award the plan comes to."""
        if held.reaches(level):
            return [PartialPlan(held)]
        if level not in AWARD_OF_LEVEL:
            return [PartialPlan(held).with_step(self._diploma(held))]
        ways = self._study(held, AWARD_OF_LEVEL[level], None, None)
        plainly = replace(self, world=replace(self.world, ahead=()))
        for ahead in self.world.ahead:
            if RANKS[level_of_award(ahead.level) or level] > RANKS[level]:
                body = ahead.accredited_by
                facts = ideal_program(ahead.level, body, self.world.today) if body else None
                ways += plainly._study(held, ahead.level, facts, body, subject=ahead.subject)
        planned = self.world.planned
        gives = level_of_award(planned.award_level) if planned else None
        if planned and planned.award_level and gives and RANKS[gives] >= RANKS[level]:
            ways += self._study(held, planned.award_level, planned, None, is_planned=True)
        return ways

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
    ) -> list[PartialPlan]:
        """Return the ways that end with an award, with what one must hold to begin first."""
        entry = ENTRY_OF_AWARD.get(award, Education.HIGH_SCHOOL)
        is_told = held.level is not None
        if held.reaches(entry) or (entry == Education.HIGH_SCHOOL and not is_told):
            before = [PartialPlan(held)]
        else:
            before = self.to_level(held, entry)
        ways = []
        for way in before:
            length = (self.world.planned_length if is_planned else None) or length_of(award)
            credits_ = _credits_into(award, way.held, length.credits)
            months, assumptions = coursework_months(
                length, credits_per_term=None, transferred=credits_
            )
            ways.append(
                way.with_step(
                    Step(
                        Kind.EDUCATION,
                        level_of_award(award) or award,
                        self.role,
                        Answer.YES,
                        Message(
                            "Open after %(level)s or more; the school decides.",
                            level=word(entry),
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
        return ways

    def to_years(
        self, held: Held, what: str, years: float, *, is_below: bool = False
    ) -> list[PartialPlan]:
        """Return the way to years of work in a field; ``is_below``: fewer may do."""
        told = held.experience_years if what == ANY_FIELD else held.years_in.get(what)
        if told is not None and told >= years:
            return [PartialPlan(held)]
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
        return [PartialPlan(held).with_step(step)]


def _credits_into(award: str, held: Held, needed: float | None) -> Credits:
    """Return the credits that may count towards an award: those told, or what is held brings."""
    if held.credits_counted is not None:
        return Credits(held.credits_counted, held.credits_counted)
    if award not in UNDERGRADUATE or needed is None:
        return NO_CREDITS
    if held.credits_earned is not None:
        return Credits(0, held.credits_earned)
    return Credits(0, MOST_CREDITS.get(held.level or "", 0))
