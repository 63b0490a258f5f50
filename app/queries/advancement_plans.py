"""Plans: what is held and the rules are loaded, the domain plans, and each step is told in full."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from statistics import quantiles
from typing import Any, TypeVar
from urllib.parse import urlencode

from sqlmodel import Session

from app.domain.advancement.exams import World, decide, fields_accredited, fields_of
from app.domain.advancement.held import Held
from app.domain.advancement.plans import find_credential_plan, find_plan
from app.domain.advancement.roles import Kind
from app.domain.advancement.shown import Shown, shown_by
from app.domain.advancement.steps import Blocker, Plan, Step, UndecidedRequirement
from app.domain.claims import to_usd
from app.domain.cost.total_cost import (
    EXAM,
    MEMBERSHIP,
    TotalCost,
    find_credential_cost,
    find_total_cost,
)
from app.domain.credentials.eligibility import Answer, Change, StatusRule
from app.domain.credentials.timeline import LEAST_SHARE, Months
from app.domain.messages import N_, Listing, Message, state_name, word
from app.domain.reader import Reader, residency_for
from app.domain.shared_facts import SharedFacts
from app.domain.text.identifiers import fold, to_slug
from app.domain.text.json_text import escape_part
from app.domain.vocabulary import CERTIFICATE, AwardLevel, Basis, Pace, Residency
from app.errors import Fault, InvalidRequestError, NotFoundError, nearest
from app.queries.accreditors import published_remits
from app.queries.advancement import (
    find_role,
    list_paths,
    list_steps,
    own_evidence,
    role_names,
    to_roles,
)
from app.queries.claims import load_facts
from app.queries.classifications import find_fields
from app.queries.credentials import resolve_code, to_eligibility
from app.queries.eligibility import load_exams
from app.queries.programs import get_program
from app.queries.releases import stamp
from app.queries.rubrics import current_rubric
from app.queries.shared_facts import load_shared_facts
from app.queries.timeline import length_of_program
from app.queries.total_cost import to_line, to_missing
from app.schemas.advancement import (
    PathRead,
    PlanBlocker,
    PlanCost,
    PlanCredits,
    PlanMissing,
    PlanOpen,
    PlanOption,
    PlanPrices,
    PlanRead,
    PlanRequest,
    PlanStep,
    RequirementRead,
    RoleStepRead,
    ShownEducation,
)
from app.schemas.eligibility import WouldChange
from app.schemas.pages import Evidence
from app.schemas.programs import ProgramFilters
from app.schemas.timeline import AssumptionRead, MonthsRead
from app.schemas.total_cost import CostLineRead
from app.search.index import index_of
from app.search.places import reader_of
from app.search.programs import Matches
from app.store.credential_names import load_credential_names
from app.store.tables.credentials import Credential
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program

Found = TypeVar("Found")

AWARD_WORDS: dict[str, Message] = {
    CERTIFICATE: Message("a certificate"),
    AwardLevel.CERTIFICATE_UNDER_1_YEAR: Message("a certificate"),
    AwardLevel.ASSOCIATE: Message("an associate degree"),
    AwardLevel.BACHELOR: Message("a bachelor's degree"),
    AwardLevel.MASTER: Message("a master's degree"),
}

OWN = "hit-compare"
"""Source of what the project itself fills in."""

SEARCHED = frozenset({*AWARD_WORDS, AwardLevel.POSTBACCALAUREATE_CERTIFICATE})
"""Awards whose programs the catalogue lists."""

FIELDS_SEARCHED = "51.07"
"""CIP series whose programs are listed where nobody must accredit them."""

FEWEST_PRICED = 4
"""Priced programs below which quarters of them say nothing."""

COUNTED = PlanMissing(
    what="credits",
    reason=Message(
        "The school decides how many of your credits count, so the length is not known."
    ),
    ask=Message("How many of my credits count toward this degree, and which?"),
    whom="school",
)

LENGTH_QUESTIONS: dict[Kind, tuple[Message, str]] = {
    Kind.CREDENTIAL: (Message("How long do people prepare for this exam?"), "program director"),
    Kind.EDUCATION: (Message("How long does the program take at my pace?"), N_("school")),
    Kind.EXPERIENCE: (
        Message("How many years, and in which posts, do you ask for?"),
        N_("employers"),
    ),
    Kind.SKILLS: (
        Message("Which of these skills must be shown, and how are they learned?"),
        "employers",
    ),
    Kind.ROLE: (Message("How long do people stay in this role before the next?"), "employers"),
}

NO_CREDENTIAL = PlanMissing(
    what="cost", reason=Message("Nothing is known of this credential."), ask=None, whom=None
)

ASSUMPTIONS = (
    Message("Steps are counted one after another; study, work and exams can overlap."),
    Message(
        "Time spent in a role counts toward the years that a later step asks for, so such years "
        "are not added twice where no length is known for the role."
    ),
)


def make_plan(session: Session, request: PlanRequest, today: date) -> PlanRead:
    """Return the steps from what is held to a role on a day; nothing is stored.

    Raises:
        InvalidRequestError: The body names something that is not known.
    """
    context = _load_context(session, request, today)
    if context.is_for_role:
        plan = find_plan(context.world, context.target, context.held)
    else:
        plan = find_credential_plan(context.world, context.target, context.held)
    steps: list[PlanStep] = []
    for step in plan.steps:
        steps.append(context.to_step(step, len(steps) + 1))
    return context.to_answer(plan, steps)


@dataclass(slots=True)
class PlanContext:
    """One request with all that it names, loaded."""

    session: Session
    request: PlanRequest
    today: date
    target: str
    target_label: str
    is_for_role: bool
    held: Held
    shown: list[Shown]
    world: World
    paths: dict[str, PathRead]
    edges: Sequence[RoleStepRead]
    credentials: dict[str, Credential]
    planned: Program | None
    planned_state: str
    """State of the school of ``planned``; empty where none is."""
    reader: Reader
    shared: SharedFacts
    roles_taken: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    """Issuers whose dues a step of the plan has counted."""
    sources: set[str] = field(default_factory=set)

    def requirement_of(self, step: Step) -> RequirementRead | None:
        """Return the requirement of a role that a step is for."""
        if step.requirement is None or step.role is None:
            return None
        return self.paths[step.role].requirements[step.requirement.at]

    def to_step(self, step: Step, position: int) -> PlanStep:
        """Return one step with its words, price, evidence and open questions."""
        parts, missing, cost = self._price(step)
        missing += self._open_questions(step)
        evidence = self._evidence(step)
        prices = self._prices_of(step) if cost and cost.low_usd is None else None
        self.sources |= {e.source for e in evidence}
        self.sources |= {e.source for part in parts for e in part.evidence}
        return PlanStep(
            position=position,
            kind=step.kind,
            key=step.key,
            label=self._label(step),
            role=step.role,
            credential=step.credential,
            route=step.route,
            answer=step.answer,
            reason=step.reason,
            may_be_met=step.may_be_met,
            award_level=step.award_level,
            accredited_by=step.accredited_by,
            program=self.planned.slug if self.planned and step.is_planned_program else None,
            years=step.years,
            skills=list(step.items),
            months=MonthsRead(low=step.months.low, high=step.months.high),
            credits=to_credits(step),
            cost=cost,
            cost_parts=parts,
            prices=prices,
            missing=missing,
            assumptions=[AssumptionRead(text=a.text, basis=a.basis) for a in step.assumptions],
            evidence=evidence,
            url=self._url(step),
        )

    def _label(self, step: Step) -> Message:
        match step.kind:
            case Kind.CREDENTIAL:
                credential = self.credentials.get(step.key)
                names = [step.key, *([credential.name] if credential else [])]
                return Message("Take the exam for %(credential)s", credential=", ".join(names))
            case Kind.ROLE:
                pattern = N_("Work in the role: %(role)s")
                if self.is_end(step):
                    pattern = N_("Take up the role: %(role)s")
                return Message(pattern, role=Message(self.paths[step.key].label))
            case Kind.SKILLS:
                return Message(
                    "Build the skills: %(skills)s", skills=Listing(", ", map(Message, step.items))
                )
            case Kind.EXPERIENCE:
                pattern = N_("Work %(n)s more years in %(work)s")
                if step.months.low is None:
                    pattern = N_("Work up to %(n)s more years in %(work)s")
                return Message(pattern, n=f"{step.gained:g}", work=Message(step.key))
            case Kind.EDUCATION:
                if step.award_level is None:
                    return Message("Earn a high school diploma or its equivalent")
                award = AWARD_WORDS.get(step.award_level, word(step.award_level))
                if not step.accredited_by:
                    return Message("Earn %(award)s", award=award)
                return Message(
                    "Earn %(award)s in a program that %(body)s accredits",
                    award=award,
                    body=step.accredited_by,
                )

    def _price(self, step: Step) -> tuple[list[CostLineRead], list[PlanMissing], PlanCost | None]:
        if step.kind is Kind.CREDENTIAL:
            credential = self.credentials.get(step.key)
            if credential is None:
                return [], [NO_CREDENTIAL], PlanCost(low_usd=None, high_usd=None, is_complete=False)
            target = self.shared.credentials[step.key].target
            is_member = credential.issuer in self.members
            if target.is_membership_required:
                self.members.add(credential.issuer)
                target = replace(target, is_membership_required=not is_member)
            total = find_credential_cost(target, self.today)
            if is_member:
                total.missing = [p for p in total.missing if p.component != MEMBERSHIP]
            return self._told(total, credential)
        if step.kind is not Kind.EDUCATION:
            return [], [], None
        if step.is_planned_program and step.program is not None:
            total = find_total_cost(
                step.program,
                None,
                residency=residency_for(self.reader, self.planned_state),
                pace=Pace.FULL,
                today=self.today,
            )
            total.missing = [part for part in total.missing if part.component != EXAM]
            return self._told(total, None)
        missing = PlanMissing(
            what="cost",
            reason=Message("The price depends on the school."),
            ask=Message("What does the whole program cost, with fees, books and technology?"),
            whom="school",
        )
        return [], [missing], PlanCost(low_usd=None, high_usd=None, is_complete=False)

    def _prices_of(self, step: Step) -> PlanPrices | None:
        """Return what the programs that a step may be cost the reader; None: too few are priced."""
        if step.kind is not Kind.EDUCATION or step.award_level not in SEARCHED:
            return None
        index = index_of(self.session)
        try:
            matches = Matches(index, self._programs_for(step))
        except InvalidRequestError:  # a field of study that no listed program has
            return None
        found = matches.found
        priced = [
            low
            for low, programs in matches.numbers.ordered("total_cost", found, descending=False)
            if low is not None
            for _ in programs & found
        ]
        if len(priced) < FEWEST_PRICED:
            return None
        low, _, high = quantiles(priced, n=4, method="inclusive")
        self.sources |= {*index.sources}
        return PlanPrices(
            programs=len(found),
            priced=len(priced),
            low_usd=round(low / 100),
            high_usd=round(high / 100),
            for_whom=self._for_whom(),
        )

    def _for_whom(self) -> Message:
        """Return in words as whom the reader pays at schools of any state."""
        if self.reader.residency is None and self.reader.home_state is not None:
            state = state_name(self.reader.home_state)
            return Message("for people who live in %(state)s", state=state)
        match residency_for(self.reader, ""):
            case Residency.OUT_OF_STATE:
                return Message("for people from outside the state of each school")
            case Residency.IN_DISTRICT:
                return Message("for residents of the district of each school")
            case _:
                return Message("for residents of the state of each school")

    def _told(
        self, total: TotalCost, credential: Credential | None
    ) -> tuple[list[CostLineRead], list[PlanMissing], PlanCost]:
        lines = [to_line(line, self.today) for line in total.lines]
        rubric = current_rubric()
        parts = [
            to_missing(
                part,
                self.shared.credentials[credential.code] if credential else None,
                rubric,
                self.today,
            )
            for part in total.missing
        ]
        missing = [
            PlanMissing(what=part.component, reason=part.reason, ask=part.ask, whom=part.whom)
            for part in parts
        ]
        cost = PlanCost(
            low_usd=to_usd(total.low_cents) if total.is_known else None,
            high_usd=to_usd(total.high_cents) if total.is_known else None,
            is_complete=total.is_complete,
        )
        return lines, missing, cost

    def _open_questions(self, step: Step) -> list[PlanMissing]:
        """Return what a step leaves open beside its price: its length, and whether it is open."""
        exam = step.key if step.kind is Kind.CREDENTIAL else step.credential
        found = [
            PlanMissing(
                what=str(step.kind), reason=step.reason, ask=c.text, whom=self._whom(c, exam)
            )
            for c in step.changes
        ]
        if step.credits.low != step.credits.high:
            found.append(COUNTED)
        if step.answer is Answer.UNKNOWN and not found:
            found.append(PlanMissing(what=str(step.kind), reason=step.reason, ask=None, whom=None))
        if step.months.high is None and not self.is_end(step):
            ask, whom = LENGTH_QUESTIONS[step.kind]
            reason = Message("No source says how long it takes.")
            found.append(PlanMissing(what="months", reason=reason, ask=ask, whom=whom))
        return found

    def _whom(self, change: Change, exam: str | None) -> str | None:
        """Return whom to ask, the issuer by its name."""
        credential = self.credentials.get(exam or "")
        return credential.issuer if change.whom == "issuer" and credential else change.whom

    def is_end(self, step: Step) -> bool:
        """Return whether a step is the role aimed at, which lasts."""
        return step.kind is Kind.ROLE and step.key == self.target

    def _evidence(self, step: Step) -> list[Evidence]:
        exam = step.key if step.kind is Kind.CREDENTIAL else step.credential
        found: list[Evidence] = []
        if exam is not None:
            shown = to_eligibility(self.world.rules[exam], self.today)
            found += [route.evidence for route in shown.any_of if route.route == step.route]
        if step.kind is Kind.ROLE:
            found += [
                edge.evidence
                for edge in self.edges
                if edge.receiving_role == step.key and edge.sending_role in self.roles_taken
            ]
            self.roles_taken.add(step.key)
        elif (requirement := self.requirement_of(step)) is not None:
            found.append(requirement.evidence)
        path = self.paths.get(step.role or "")
        if path is None:
            return found or [own_evidence(OWN, Basis.EDITORIAL)]
        is_ours = step.kind is Kind.SKILLS and "skills_to_build" in path.filled
        return found or [own_evidence(OWN if is_ours else path.source, path.basis)]

    def _url(self, step: Step) -> str | None:
        match step.kind:
            case Kind.CREDENTIAL:
                return f"/v1/credentials/{step.key}"
            case Kind.ROLE | Kind.SKILLS:
                return f"/v1/advancement-paths/{step.key}"
            case Kind.EDUCATION if self.planned and step.is_planned_program:
                return f"/v1/programs/{self.planned.slug}"
            case Kind.EDUCATION if step.award_level in SEARCHED:
                return f"/v1/programs?{self.search_of(step)}"
            case _:
                return None

    def _programs_for(self, step: Step) -> ProgramFilters:
        """Return the search for programs that may be what a step of education asks for."""
        award = CERTIFICATE if step.key == CERTIFICATE else step.award_level
        body, level = step.accredited_by, str(step.award_level)
        fields = fields_accredited(self.world, body, [level], step.subject, surely=True)
        if not fields and step.subject:
            fields = find_fields(self.session, step.subject)
        return ProgramFilters.model_validate(
            {
                "award_level": [str(award)],
                "cip_code": sorted(fields) or [FIELDS_SEARCHED],
                "home_state": self.reader.home_state,
                "residency": self.reader.residency,
            }
        )

    def search_of(self, step: Step) -> str:
        """Return the query string of that search."""
        asked = self._programs_for(step)
        return urlencode(asked.model_dump(mode="json", include={*asked.given()}), doseq=True)

    def to_answer(self, plan: Plan, steps: list[PlanStep]) -> PlanRead:
        """Return the whole plan with its sums and what stays open."""
        months, is_open = _sum_months([s.months for s in plan.steps if not self.is_end(s)])
        roles = [step.key for step in plan.steps if step.kind is Kind.ROLE]
        through = list(dict.fromkeys([*roles, *([self.target] if self.is_for_role else [])]))
        costs = [step.cost for step in steps if step.cost]
        cost = _sum_cost(costs)
        unpriced = [s for s in steps if s.cost and s.cost.low_usd is None]
        missing: dict[str, PlanMissing] = {}
        for shown in self.shown:
            if (part := _question_about(shown, self.request)) is not None:
                missing[part.model_dump_json()] = part
        for step in steps:
            for part in step.missing:
                label = part.model_copy(update={"reason": Listing(": ", (step.label, part.reason))})
                missing.setdefault(label.model_dump_json(), label)
        if self.is_for_role:
            self.sources.add(self.paths[self.target].source)
        else:
            self.sources.add(self.credentials[self.target].source)
        return PlanRead(
            target=self.target,
            target_kind="role" if self.is_for_role else "credential",
            target_label=self.target_label,
            is_reachable=not plan.blocked_by,
            roles=through,
            shown=[_to_shown(one) for one in self.shown],
            steps=steps,
            blocked_by=[self._to_blocker(blocker) for blocker in plan.blocked_by],
            open=[self._to_open(item) for item in plan.open],
            options=self._options(through, plan),
            months=MonthsRead(low=months.low, high=months.high),
            months_is_open=is_open,
            cost=cost,
            cost_text=_cost_text(cost, unpriced) if costs else None,
            not_priced=[step.label for step in unpriced],
            missing=list(missing.values()),
            assumptions=[AssumptionRead(text=text, basis="editorial") for text in ASSUMPTIONS]
            if steps
            else [],
            target_url=self.target_url,
            **stamp(self.session, self.sources, self.today),
        )

    @property
    def target_url(self) -> str:
        """The address of the role or credential aimed at."""
        kind = "advancement-paths" if self.is_for_role else "credentials"
        return f"/v1/{kind}/{self.target}"

    def _to_blocker(self, blocker: Blocker) -> PlanBlocker:
        if blocker.role is None or blocker.requirement is None:
            return PlanBlocker(
                role=None,
                kind=Kind.CREDENTIAL,
                text=self.target_label,
                reason=blocker.reason,
                ask=Message("Who may take this exam today?"),
                whom=self.credentials[self.target].issuer,
            )
        said = self.paths[blocker.role].requirements[blocker.requirement.at]
        return PlanBlocker(
            role=blocker.role,
            kind=blocker.requirement.kind,
            text=said.text,
            reason=blocker.reason,
            ask=said.ask,
            whom=said.whom,
        )

    def _to_open(self, item: UndecidedRequirement) -> PlanOpen:
        said = None
        if item.requirement is not None:
            said = self.paths[item.role].requirements[item.requirement.at]
        return PlanOpen(
            role=item.role,
            kind=item.kind,
            text=said.text if said else Message("Skills of the role"),
            reason=item.reason,
            ask=said.ask if said else Message("Which skills do you look for?"),
            whom=said.whom if said else "employers",
        )

    def _options(self, roles: Iterable[str], plan: Plan) -> list[PlanOption]:
        sat = {step.key: step for step in plan.steps if step.kind is Kind.CREDENTIAL}
        found = []
        for slug in roles:
            for requirement in self.world.roles[slug].requirements:
                for code in requirement.any_of or ():
                    decision = decide(self.world, code, self.held)
                    step = sat.get(code)
                    answer, reason, changes = decision.answer, decision.reason, decision.changes
                    if step is not None:
                        answer, reason, changes = step.answer, step.reason, [*step.changes]
                    elif code in self.held.credentials:
                        answer, reason, changes = Answer.YES, Message("You hold it."), []
                    found.append(
                        PlanOption(
                            role=slug,
                            credential=code,
                            is_held=code in self.held.credentials,
                            is_planned=step is not None,
                            answer=answer,
                            answer_today=decision.answer,
                            reason=reason,
                            what_would_change=[
                                WouldChange(text=c.text, whom=self._whom(c, code)) for c in changes
                            ],
                            url=f"/v1/eligibility?credential={code}",
                        )
                    )
        return found


def _sum_months(steps: Sequence[Months]) -> tuple[Months, bool]:
    """Return the sum of what is known, None where nothing is, and whether a step is unknown."""
    lows = [step.low for step in steps if step.low is not None]
    highs = [step.high for step in steps if step.high is not None]
    is_open = any(step.low is None or step.high is None for step in steps)
    return Months(
        round(sum(lows), 1) if lows else None, round(sum(highs), 1) if highs else None
    ), is_open


def _sum_cost(costs: Sequence[PlanCost]) -> PlanCost:
    known = [cost for cost in costs if cost.low_usd is not None]
    lows = [cost.low_usd or 0 for cost in known]
    highs = [cost.high_usd for cost in known]
    is_open = None in [cost.low_usd for cost in costs] or None in highs
    return PlanCost(
        low_usd=round(sum(lows), 2) if known else None,
        high_usd=None if is_open else round(sum(high or 0 for high in highs), 2),
        is_complete=all(cost.is_complete for cost in costs),
    )


def _cost_text(cost: PlanCost, unpriced: Sequence[PlanStep]) -> Message:
    left_out = Listing("; ", map(_left_out, unpriced))
    if cost.low_usd is None:
        return Message("Not known: %(steps)s.", steps=left_out)
    low = f"${cost.low_usd:,.0f}"
    if unpriced:
        return Message("At least %(low)s, plus %(steps)s.", low=low, steps=left_out)
    if not cost.is_complete or cost.high_usd is None:
        return Message("At least %(low)s; parts that nobody prices come on top.", low=low)
    return Message("%(low)s to %(high)s.", low=low, high=f"${cost.high_usd:,.0f}")


def _left_out(step: PlanStep) -> Message:
    """Return a step that no sum counts, with what it may cost."""
    if step.prices is None:
        return Message("%(step)s, whose price is not counted", step=_named(step))
    return Message(
        "%(award)s: half of our %(n)s priced programs cost %(low)s to %(high)s %(for_whom)s",
        award=_named(step),
        n=f"{step.prices.priced:,}",
        low=f"${step.prices.low_usd:,}",
        high=f"${step.prices.high_usd:,}",
        for_whom=step.prices.for_whom,
    )


def _named(step: PlanStep) -> Message:
    if step.kind is Kind.CREDENTIAL:
        return Message("the exam for %(credential)s", credential=step.key)
    if step.award_level is None:
        return Message("a high school diploma or its equivalent")
    return AWARD_WORDS.get(step.award_level, word(step.award_level))


def to_credits(step: Step) -> PlanCredits | None:
    """Return the credits brought into a step; None where there are none."""
    if step.kind is not Kind.EDUCATION or not step.credits.high:
        return None
    most = (1 - LEAST_SHARE) * step.credits_needed if step.credits_needed else step.credits.high
    return PlanCredits(
        needed=step.credits_needed,
        counted_low=min(step.credits.low, most),
        counted_high=min(step.credits.high, most),
    )


def _to_shown(shown: Shown) -> ShownEducation:
    level = AWARD_WORDS.get(shown.education, word(shown.education))
    text = Message(
        "%(code)s takes at least %(level)s, so it is counted as there.",
        code=shown.credential,
        level=level,
    )
    if shown.accredited_by:
        text = Message(
            "%(code)s takes at least %(level)s in a program that %(body)s accredits, or one "
            "abroad that equals it, so it is counted as there.",
            code=shown.credential,
            level=level,
            body=shown.accredited_by,
        )
    return ShownEducation(
        credential=shown.credential,
        education=shown.education,
        accredited_by=shown.accredited_by,
        text=text,
    )


def _question_about(shown: Shown, request: PlanRequest) -> PlanMissing | None:
    """Return what is to be told of education that a credential shows; None where all is clear."""
    if shown.told is not None:
        reason = Message(
            "You told %(told)s, and %(code)s takes at least %(level)s; the higher is counted.",
            told=word(shown.told),
            code=shown.credential,
            level=word(shown.education),
        )
    elif shown.is_least and request.education is None:
        reason = Message(
            "Routes to %(code)s differ, so you may have more than is counted.",
            code=shown.credential,
        )
    else:
        return None
    ask = Message("Which is the highest education you have completed, and in which field?")
    return PlanMissing(what="education", reason=reason, ask=ask, whom=None)


def _load_context(session: Session, request: PlanRequest, today: date) -> PlanContext:
    """Load all that a request names.

    Raises:
        InvalidRequestError: Something in it is not known; every fault is named.
    """
    paths = list_paths(session)
    edges = list_steps(session, paths)
    roles = to_roles(paths, edges)
    asked = Asked()

    def to_role(name: str) -> PathRead:
        return find_role(paths, name)

    def to_code(code: str) -> str:
        return resolve_code(session, code)[0].code

    def to_program(slug: str) -> Program:
        return get_program(session, slug)[0]

    def to_planned(slug: str) -> tuple[Program, Institution]:
        return get_program(session, slug)

    target = asked.one("#/target", request.target, partial(_find_target, session, paths))
    held_roles = asked.many("#/roles", request.roles, to_role)
    codes = asked.many("#/credentials", request.credentials, to_code)
    prefer = asked.many("#/prefer", request.prefer, to_code)
    completed = asked.many("#/programs", request.programs, to_program)
    found = None
    if request.next_program is not None:
        found = asked.one("#/next_program", request.next_program, to_planned)
    planned, school = found or (None, None)
    fields = None
    if request.education_field is not None:
        look_up = partial(find_fields, session)
        fields = asked.one("#/education_field", request.education_field, look_up)
    named = {c for role in roles.values() for r in role.requirements for c in r.any_of or ()}
    named |= {*codes, *([target.code] if isinstance(target, Credential) else [])}
    credentials, rules, statuses = _load_rules(session, named)
    years_in = asked.years(request.experience_in, [f for r in rules.values() for f in fields_of(r)])
    if target is not None:
        known = target.skills_to_build or [] if isinstance(target, PathRead) else []
        asked.skills(request.skills, known)
    if asked.faults or target is None:
        raise InvalidRequestError(asked.faults)
    programs = list({program.id: program for program in completed}.values())
    facts = load_facts(session, [*programs, *([planned] if planned else [])])
    planned_facts = facts[int(planned.id or 0)] if planned else None
    held = Held(
        education=request.education,
        awards=frozenset(str(award.value) for award in request.awards),
        programs=tuple(facts[int(program.id or 0)] for program in programs),
        credentials=frozenset(codes),
        roles=frozenset(role.slug for role in held_roles),
        experience_years=request.experience_years,
        years_in=years_in,
        skills=frozenset(map(fold, request.skills)),
        fields=fields or frozenset(),
        credits_earned=request.credits_earned,
        credits_counted=request.credits_transferred,
    )
    held, shown = shown_by(rules, held, today)
    length = length_of_program(planned_facts, today) if planned_facts else None
    return PlanContext(
        session=session,
        request=request,
        today=today,
        target=target.slug if isinstance(target, PathRead) else target.code,
        target_label=target.label if isinstance(target, PathRead) else target.name,
        is_for_role=isinstance(target, PathRead),
        held=held,
        shown=shown,
        world=World(
            roles=roles,
            rules=rules,
            statuses=statuses,
            today=today,
            planned=planned_facts,
            planned_length=length[0] if length else None,
            remits=published_remits(),
            prefer=frozenset(prefer),
            entry_exams=frozenset(c for c, one in credentials.items() if one.level == "entry"),
        ),
        paths={path.slug: path for path in paths},
        edges=edges,
        credentials=credentials,
        planned=planned,
        planned_state=school.state if school else "",
        reader=reader_of(request),
        shared=load_shared_facts(session)[0],
        roles_taken=set(held.roles),
        sources=set(length[1]) if length else set(),
    )


def _find_target(session: Session, paths: Sequence[PathRead], name: str) -> PathRead | Credential:
    """Return the role or credential that a name stands for.

    Raises:
        NotFoundError: Neither is known under it; the nearest of both is suggested.
    """
    by_slug = {path.slug: path for path in paths}
    if (found := role_names(paths).find(name)) is not None:
        return by_slug[found]
    credentials = load_credential_names(session)
    if (code := credentials.find(name)) is not None:
        return session.get_one(Credential, code)
    raise NotFoundError(
        "advancement path or credential", name, names=role_names(paths) | credentials
    )


@dataclass(slots=True)
class Asked:
    """What a body names, looked up; what is not known is collected as faults."""

    faults: list[Fault] = field(default_factory=list)

    def one(self, pointer: str, value: str, look_up: Callable[[str], Found]) -> Found | None:
        """Return what a value names; None, and a fault, where it names nothing."""
        try:
            return look_up(value)
        except NotFoundError as error:
            self._refuse(error.detail, pointer, value, error.suggestion)
            return None

    def many(
        self, pointer: str, values: Sequence[str], look_up: Callable[[str], Found]
    ) -> list[Found]:
        """Return what each of several values names."""
        found = [self.one(f"{pointer}/{at}", v, look_up) for at, v in enumerate(values)]
        return [each for each in found if each is not None]

    def years(self, told: Mapping[str, float], fields: Iterable[str]) -> dict[str, float]:
        """Return years by field of work, in the words of the rules."""
        known = {to_slug(name): name for name in fields}
        listed = sorted(known.values())
        years_in = {}
        for name, years in told.items():
            if to_slug(name) in known:
                years_in[known[to_slug(name)]] = years
            else:
                words = f"No exam asks for years of {name!r}, but of {'; '.join(listed)}."
                pointer = f"#/experience_in/{escape_part(name)}"
                near = (f for f in listed if fold(name) and fold(name) in fold(f))
                self._refuse(words, pointer, name, next(near, nearest(name, listed)))
        return years_in

    def skills(self, told: Sequence[str], known: Sequence[str]) -> None:
        """Find fault with skills that a role does not ask for."""
        folded = {fold(skill) for skill in known}
        for at, skill in enumerate(told):
            if fold(skill) not in folded:
                words = f"{skill!r} is not among the skills that the role asks for."
                self._refuse(words, f"#/skills/{at}", skill, nearest(skill, known))

    def _refuse(self, detail: str, pointer: str, value: str, near: str | None) -> None:
        self.faults.append(Fault(detail, pointer=pointer, value=value, suggestion=near))


def _load_rules(
    session: Session, codes: Iterable[str]
) -> tuple[dict[str, Credential], dict[str, dict[str, Any]], dict[str, dict[str, StatusRule]]]:
    """Return credentials, rules and statuses by code: of these and of all that opens them."""
    credentials: dict[str, Credential] = {}
    rules: dict[str, dict[str, Any]] = {}
    statuses: dict[str, dict[str, StatusRule]] = {}
    left = sorted(codes)
    exams = load_exams(session)
    while left:
        code = left.pop()
        if code in rules:
            continue
        rules[code] = exams.rules_of(code)
        statuses[code] = exams.statuses_of(code)
        if code in exams.credentials:
            credentials[code] = exams.credentials[code]
        left += [
            held
            for route in rules[code].get("any_of", [])
            for condition in route["all_of"]
            if condition["kind"] == "holds"
            for held in condition["any"]
        ]
    return credentials, rules, statuses
