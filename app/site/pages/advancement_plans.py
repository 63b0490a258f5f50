"""The way to a role in words: steps in order, what they take, and what nobody tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.credentials.advancement import Kind
from app.schemas.advancement import PlanCost, PlanRead, PlanStep
from app.site import words
from app.site.pages.advancement import AdvancementPage
from app.site.pages.credentials import Link, address_of
from app.site.pages.eligibility import MARKS
from app.site.pages.visits import Visit
from app.site.writing import Fact, Phrase, Said, Writer


@dataclass(frozen=True, slots=True)
class Gap:
    """What nobody tells, and what to ask."""

    reason: Phrase
    ask: Phrase | None
    whom: str | None


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of a plan."""

    position: int
    kind: str
    label: Phrase
    address: str | None
    mark: str
    answer: str
    reason: Phrase
    may_be_met: bool
    months: str
    cost: str | None
    costs: Sequence[tuple[Phrase, str, Sequence[Said]]]
    gaps: Sequence[Gap]
    assumptions: Sequence[Phrase]
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Option:
    """A credential that a role on the way takes, and how its exam stands today."""

    code: Link
    mark: str
    answer: str
    reason: Phrase
    is_held: bool
    is_planned: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The way to a role."""

    target: Phrase
    address: str
    is_reachable: bool
    roles: Sequence[Link]
    steps: Sequence[PlannedStep]
    sums: Sequence[Fact]
    blockers: Sequence[Gap]
    open: Sequence[Gap]
    options: Sequence[Option]
    assumptions: Sequence[Phrase]


class AdvancementPlanPage:
    """Puts plans into words for one visit."""

    def __init__(self, visit: Visit, write: Writer) -> None:
        self._visit = visit
        self._write = write
        self._say = write.speech.say
        self._page = AdvancementPage(visit, write)

    def _cost(self, cost: PlanCost) -> str:
        say, dollars = self._say, self._write.speech.dollars
        if cost.low_usd is None and cost.high_usd is None:
            return say(words.NOT_KNOWN)
        if cost.low_usd is not None and cost.low_usd == cost.high_usd:
            shown = dollars(cost.low_usd)
        elif cost.low_usd is None:
            shown = say("at most %(high)s", high=dollars(cost.high_usd or 0))
        elif cost.high_usd is None:
            shown = say("%(low)s or more", low=dollars(cost.low_usd))
        else:
            shown = say(
                "%(low)s to %(high)s", low=dollars(cost.low_usd), high=dollars(cost.high_usd)
            )
        return shown if cost.is_complete else say("%(amount)s and what is not known", amount=shown)

    def plan(self, plan: PlanRead, labels: Mapping[str, str]) -> Plan:
        """Return a plan in words."""
        english, told = self._write.english, self._write.told
        months = self._page.months(plan.months)
        if plan.months_is_open and months != self._say(words.NOT_KNOWN):
            months = self._say("%(amount)s and what is not known", amount=months)
        return Plan(
            target=english(plan.target_label, "name"),
            address=self._page.address(plan.target),
            is_reachable=plan.is_reachable,
            roles=[self._page.link(slug, labels) for slug in plan.roles],
            steps=[self._step(step) for step in plan.steps],
            sums=[
                self._sum(self._say("Time in all"), months),
                self._sum(self._say("Cost in all"), self._cost(plan.cost)),
            ],
            blockers=[
                Gap(told(one.reason), told(one.ask), self._say(one.whom)) for one in plan.blocked_by
            ],
            open=[self._gap(one.text, one.ask, one.whom) for one in plan.open],
            options=[
                Option(
                    code=Link(Phrase(one.credential), self._visit.to(address_of(one.credential))),
                    mark=MARKS[one.answer],
                    answer=self._say(words.ANSWERS[one.answer]),
                    reason=told(one.reason),
                    is_held=one.is_held,
                    is_planned=one.is_planned,
                )
                for one in plan.options
            ],
            assumptions=[told(one.text) for one in plan.assumptions],
        )

    def _sum(self, label: str, shown: str) -> Fact:
        return Fact(label, Phrase(shown), shown != self._say(words.NOT_KNOWN))

    def _step(self, step: PlanStep) -> PlannedStep:
        told = self._write.told
        address = None
        if step.kind is Kind.CREDENTIAL:
            address = self._visit.to(address_of(step.key))
        elif step.kind is Kind.ROLE:
            address = self._page.address(step.key)
        elif step.program:
            address = self._visit.to(f"/programs/{step.program}")
        return PlannedStep(
            position=step.position,
            kind=self._say(words.STEP_KINDS[step.kind]),
            label=told(step.label),
            address=address,
            mark=MARKS[step.answer],
            answer=self._say(words.ANSWERS[step.answer]),
            reason=told(step.reason),
            may_be_met=step.may_be_met,
            months=self._page.months(step.months),
            cost=self._cost(step.cost) if step.cost else None,
            costs=[
                (
                    told(part.reason),
                    self._cost(
                        PlanCost(low_usd=part.low_usd, high_usd=part.high_usd, is_complete=True)
                    ),
                    self._write.said(part.evidence),
                )
                for part in step.cost_parts
            ],
            gaps=[self._gap(one.reason, one.ask, one.whom) for one in step.missing],
            assumptions=[told(one.text) for one in step.assumptions],
            said=self._write.said(step.evidence),
        )

    def _gap(self, reason: str, ask: str | None, whom: str | None) -> Gap:
        return Gap(
            self._write.told(reason),
            self._write.told(ask) if ask else None,
            self._say(whom) if whom else None,
        )
