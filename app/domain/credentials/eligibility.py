"""May graduates of a program sit an exam: the rules of a credential, evaluated step by step.

Rules are data. Where they hold a decision order its first matching line answers; else each route
is weighed, condition by condition. A rule or a fact past its shelf life settles nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.accreditors import Coverage, Remits, claims_of, coverage_of, remits_for
from app.domain.checklist.accreditation import has_ended
from app.domain.checklist.accreditors import CAHIIM, OFFICE_CIP, SPEAKING
from app.domain.checklist.reading import is_stale
from app.domain.claims import ABSENT, AccreditationClaim, ProgramFacts
from app.domain.evidence import Age, Subject, age_of, order_claims
from app.domain.messages import N_, Listing, Message, either, first_word, word
from app.domain.vocabulary import (
    BELOW_ASSOCIATE,
    CERTIFICATE,
    AccreditationStatus,
    AwardLevel,
    Finding,
)


class Answer(StrEnum):
    """Whether the exam is open to somebody."""

    YES = "yes"
    NO = "no"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"


class AccreditationState(StrEnum):
    """What the program's accreditation is worth for an exam."""

    COUNTS = "counts"
    CANDIDACY = "candidacy"
    ABSENT = "absent"
    IN_DOUBT = "in_doubt"
    UNDATED = "undated"
    STALE = "stale"
    UNKNOWN = "unknown"
    OUT_OF_SCOPE = "out_of_scope"
    OTHER_FIELD = "other_field"


class AwardFit(StrEnum):
    """Whether a route names the program's award level."""

    LISTED = "listed"
    IN_CONFLICT = "in_conflict"
    NOT_LISTED = "not_listed"
    UNKNOWN = "unknown"


class AwardKind(StrEnum):
    """Awards that the decision order tells apart."""

    CODING_OR_BILLING_CERTIFICATE = "coding_or_billing_certificate"
    OTHER = "other"


class Education(StrEnum):
    """Highest education completed, least first."""

    LESS_THAN_HIGH_SCHOOL = "less_than_high_school"
    HIGH_SCHOOL = "high_school"
    SOME_COLLEGE = "some_college"
    CERTIFICATE = "certificate"
    ASSOCIATE = "associate"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORATE = "doctorate"


EDUCATION_ORDER = list(Education)
EDUCATION_OF_AWARD: dict[str, Education] = {
    AwardLevel.ASSOCIATE: Education.ASSOCIATE,
    AwardLevel.BACHELOR: Education.BACHELOR,
    AwardLevel.POSTBACCALAUREATE_CERTIFICATE: Education.BACHELOR,
    AwardLevel.MASTER: Education.MASTER,
    AwardLevel.POSTMASTER_CERTIFICATE: Education.MASTER,
    AwardLevel.DOCTORATE_RESEARCH: Education.DOCTORATE,
    AwardLevel.DOCTORATE_PROFESSIONAL: Education.DOCTORATE,
    AwardLevel.DOCTORATE_OTHER: Education.DOCTORATE,
}
"""Award -> the education that its graduates have at least."""

FULL_TIME_HOURS_A_YEAR = 1950
"""Hours of a working year, the measure NCRA uses for one year of registry work."""


@dataclass(frozen=True, slots=True)
class StatusRule:
    """One accreditation status for one exam; ``counts`` as told or by default, None untold."""

    counts: str | None
    question: str | None


def status_rules(statuses: Iterable[Mapping[str, Any]], code: str) -> dict[str, StatusRule]:
    """Return accreditation status -> what it is worth for the exam of a credential."""
    return {
        row["status"]: StatusRule(
            counts=told["value"] if (told := row["counts_to_sit"].get(code)) else None,
            question=row["question"],
        )
        for row in statuses
    }


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who asks: graduates of a program, or somebody with this education and experience.

    None is not told, which is never a no. ``remits`` tell which programs an accreditor accepts at
    all. ``answers`` are what a reader found out about checks on the program's accreditation.
    """

    facts: ProgramFacts | None = None
    education: Education | None = None
    holds: frozenset[str] | None = None
    experience_years: float | None = None
    college_credits: float | None = None
    remits: Remits = ()
    answers: Mapping[str, Finding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What would change the answer, and whom to ask."""

    text: Message
    whom: str | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """One condition of a route with its answer and what it rests on."""

    kind: str
    answer: Answer
    text: Message
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """One route: all its conditions must hold."""

    route: str
    answer: Answer
    conditions: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A program as the decision order sees it.

    ``may_cover``: what is known does not name award and campus both, and nothing speaks against
    it. Where the program has a campus of its own, an accreditation that names none may be that of
    another campus.
    """

    award: AwardKind
    accreditation: AccreditationState
    award_fits: AwardFit
    covers: Coverage
    may_cover: bool = False
    claim: AccreditationClaim | None = None
    question: str | None = None


@dataclass(slots=True)
class Decision:
    """The answer, the rule that gave it, and what would change it.

    ``rule`` is ``decision`` and the line's number, ``route`` and its name, or what ended it.
    """

    answer: Answer
    rule: str
    reason: Message
    routes: list[RouteAnswer] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    instead: str | None = None
    standing: Standing | None = None


def find_eligibility(
    rules: Mapping[str, Any],
    statuses: Mapping[str, StatusRule],
    candidate: Candidate,
    today: date,
) -> Decision:
    """Return whether an exam is open to a candidate on a day.

    Args:
        rules: Eligibility of one credential: ``any_of`` routes, ``decision_order``, ``closed``,
            ``unknown`` with its ``question``.
        statuses: Accreditation status -> what it is worth for this exam.
        candidate: Graduates of a program, or a person.
        today: The day to judge age by.
    """
    routes = [weigh_route(route, statuses, candidate, today) for route in rules.get("any_of", [])]
    if rules.get("closed"):
        reason = Message("The exam is not offered to anybody any more.")
        return Decision(Answer.NO, "closed", reason, routes)
    if rules.get("unknown"):
        reason = Message("No source that may be relied on tells to whom the exam is open.")
        changes = (
            [Change(Message(str(rules["question"])), "issuer")] if rules.get("question") else []
        )
        return Decision(Answer.UNKNOWN, "not_told", reason, routes, changes)
    if rules.get("decision_order"):
        decision = _decide_by_order(rules, statuses, candidate, today, routes)
    else:
        decision = _decide_by_routes(rules, routes)
    return _if_rules_hold(decision, rules, today)


def _if_rules_hold(decision: Decision, rules: Mapping[str, Any], today: date) -> Decision:
    """Return the decision, unknown where every rule it can rest on is past its shelf life."""
    deciding = [route for route in rules["any_of"] if route.get("decides")]
    resting = [r for r in deciding if decision.rule == f"route {r['route']}"] or deciding
    if decision.answer is Answer.UNKNOWN or any(
        age_of_rule(route, today) is not Age.STALE for route in resting
    ):
        return decision
    newest = max(str(route["as_of"]) for route in resting)
    decision.reason = Message(
        "By the rules as last seen in %(as_of)s the answer was %(answer)s; they are too old to "
        "count.",
        as_of=newest,
        answer=word(decision.answer),
    )
    decision.changes = [
        Change(Message("Which routes to the exam does the issuer accept today?"), "issuer"),
        *decision.changes,
    ]
    decision.answer = Answer.UNKNOWN
    return decision


def age_of_rule(route: Mapping[str, Any], today: date) -> Age:
    """Return the best age among those who state a route: fresh, then undated, then stale."""
    ages = {
        age_of(said["as_of"], Subject.CREDENTIAL, today) for said in (route, *route.get("also", []))
    }
    return next(age for age in (Age.FRESH, Age.UNDATED, Age.STALE, Age.FUTURE) if age in ages)


NAME_A_PROGRAM = Change(Message("Name the program that you completed or mean to attend."))
DOES_IT_HOLD = Change(Message("Does this route hold today?"), "issuer")


def _decide_by_order(
    rules: Mapping[str, Any],
    statuses: Mapping[str, StatusRule],
    candidate: Candidate,
    today: date,
    routes: list[RouteAnswer],
) -> Decision:
    if candidate.facts is None:
        return Decision(
            Answer.UNKNOWN,
            "no_program",
            Message("The exam is open to graduates of certain programs, and no program is named."),
            routes,
            [NAME_A_PROGRAM],
        )
    standing = find_standing(rules, statuses, candidate.facts, candidate, today)
    at, line = _matching_line(rules, standing)
    answer, rule, reason = Answer(line["answer"]), f"decision {at}", Message(str(line["text"]))
    if answer is Answer.UNKNOWN and standing.accreditation is AccreditationState.OUT_OF_SCOPE:
        answer, rule, reason = Answer.NO, "accreditor_scope", OUT_OF_SCOPE
    elif answer is Answer.UNKNOWN and standing.accreditation is AccreditationState.OTHER_FIELD:
        reason = OTHER_FIELD
    elif answer is Answer.YES and standing.may_cover:
        reason = IF_COVERED
    elif answer is Answer.YES and standing.claim and not standing.claim.campus:
        reason = NO_CAMPUS_NAMED
    return Decision(
        answer=answer,
        rule=rule,
        reason=reason,
        routes=routes,
        changes=_changes_of(answer, standing, rules),
        instead=line.get("answer_instead"),
        standing=standing,
    )


def _matching_line(rules: Mapping[str, Any], standing: Standing) -> tuple[int, Mapping[str, Any]]:
    """Return the first line of a decision order that a program matches, and its number from 1."""
    if standing.may_cover:
        standing = replace(standing, covers=Coverage.SAME)
    for at, line in enumerate(rules["decision_order"], start=1):
        if all(getattr(standing, key) in values for key, values in line["when"].items()):
            return at, line
    raise ValueError("a decision order must end in a line that always matches")


OUT_OF_SCOPE = Message(
    "This exam asks for a program that CAHIIM accredits, and CAHIIM accredits none of this field "
    "and level."
)
OTHER_FIELD = Message(
    "CAHIIM accredits the program as one of another field than health information management, "
    "which this exam asks for."
)
IF_COVERED = Message(
    "Yes, if the accreditation covers your campus and your degree: what is known does not name "
    "both."
)
NO_CAMPUS_NAMED = Message("The program is accredited at this level; no campus is named.")


def find_standing(
    rules: Mapping[str, Any],
    statuses: Mapping[str, StatusRule],
    facts: ProgramFacts,
    candidate: Candidate,
    today: date,
) -> Standing:
    """Return a program as the decision order of an exam sees it on a day.

    What the candidate found out about its accreditation takes the place of what is claimed.
    """
    claims = order_claims(
        claims_of(facts.accreditation, CAHIIM, candidate.remits), Subject.ACCREDITATION, today
    )
    # a dated statement outweighs an undated one of a better-placed sayer
    claims.sort(key=lambda c: (is_stale(c, today), c.age_on(today) is Age.UNDATED))
    is_coding = _is_certificate(facts.award_level) and facts.cip_code in OFFICE_CIP
    claim = claims[0] if claims else None
    state, question = _state_of(claim, statuses, today)
    if is_out_of_scope(CAHIIM, claims, facts, candidate.remits, today):
        state, question = AccreditationState.OUT_OF_SCOPE, None
    covers = coverage_of(claim, facts) if claim else Coverage.NOT_STATED
    told = TOLD_STATES.get(candidate.answers.get("program_accredited", Finding.UNKNOWN))
    if told is not None:
        state, question = told, None
    if state is AccreditationState.COUNTS and _is_of_other_field(facts, candidate.remits, today):
        state = AccreditationState.OTHER_FIELD
    told_covers = candidate.answers.get("covers_campus_and_level", Finding.UNKNOWN)
    covers = TOLD_COVERAGE.get(told_covers, covers)
    names_campus = facts.campus is None or (claim is not None and claim.campus is not None)
    return Standing(
        award=AwardKind.CODING_OR_BILLING_CERTIFICATE if is_coding else AwardKind.OTHER,
        accreditation=state,
        award_fits=_fit_of(rules, facts.award_level),
        covers=covers,
        may_cover=covers is Coverage.NOT_STATED and names_campus,
        claim=claim,
        question=question,
    )


TOLD_STATES: Mapping[Finding, AccreditationState] = {
    Finding.MET: AccreditationState.COUNTS,
    Finding.PARTLY_MET: AccreditationState.CANDIDACY,
    Finding.NOT_MET: AccreditationState.ABSENT,
    Finding.NOT_APPLICABLE: AccreditationState.OUT_OF_SCOPE,
}
"""What a reader found out about a program's accreditation -> what that is worth."""

TOLD_COVERAGE: Mapping[Finding, Coverage] = {
    Finding.MET: Coverage.SAME,
    Finding.NOT_MET: Coverage.OTHER_CAMPUS,
}
"""What a reader found out about what an accreditation covers -> whether it is this program."""


def is_out_of_scope(
    body: str,
    claims: Iterable[AccreditationClaim],
    facts: ProgramFacts,
    remits: Remits,
    today: date,
) -> bool:
    """Return whether a body grants nothing to programs of this field and award.

    Who says that it accredits the program, or does not, speaks of a program within its scope,
    whatever code the school reports it under.
    """
    if not remits or facts.cip_code is None or facts.award_level is None:
        return False
    if any(claim.status in SPEAKING for claim in claims):
        return False
    reaching = remits_for(remits, facts.cip_code, facts.award_level, today)
    return all(remit.body != body for remit in reaching)


HIM = "health information management"
"""The field that the routes to these exams ask for, as the remits of its accreditor name it."""


def _is_of_other_field(facts: ProgramFacts, remits: Remits, today: date) -> bool:
    reaching = remits_for(remits, facts.cip_code, facts.award_level, today)
    fields = {remit.field for remit in reaching if remit.body == CAHIIM}
    return bool(fields) and HIM not in fields


def _is_certificate(award_level: str | None) -> bool:
    return award_level == CERTIFICATE or award_level in BELOW_ASSOCIATE


def _fit_of(rules: Mapping[str, Any], award_level: str | None) -> AwardFit:
    if award_level is None:
        return AwardFit.UNKNOWN
    naming = [
        bool(route.get("decides"))
        for route in rules["any_of"]
        for condition in route["all_of"]
        if award_level in condition.get("award_levels", [])
    ]
    if not naming:
        return AwardFit.NOT_LISTED
    return AwardFit.LISTED if any(naming) else AwardFit.IN_CONFLICT


def _state_of(
    claim: AccreditationClaim | None, statuses: Mapping[str, StatusRule], today: date
) -> tuple[AccreditationState, str | None]:
    """Return what a claim is worth for an exam, with the question its status leaves open."""
    if claim is None:
        return AccreditationState.UNKNOWN, None
    if is_stale(claim, today):
        return AccreditationState.STALE, None
    if claim.age_on(today) is Age.UNDATED:
        return AccreditationState.UNDATED, None
    if claim.status in ABSENT:
        rule = statuses.get(claim.status)
        return AccreditationState.ABSENT, rule.question if rule else None
    if has_ended(claim, today):
        return AccreditationState.ABSENT, None
    if claim.status == AccreditationStatus.CANDIDACY:
        return AccreditationState.CANDIDACY, statuses[claim.status].question
    held = HELD.get(claim.status, (claim.status,))
    told = [statuses[status] for status in held if status in statuses]
    if told and all(rule.counts == Answer.YES for rule in told):
        return AccreditationState.COUNTS, None
    return AccreditationState.IN_DOUBT, next((rule.question for rule in told), None)


HELD: dict[str, tuple[str, ...]] = {
    AccreditationStatus.ACCREDITED: (AccreditationStatus.INITIAL, AccreditationStatus.CONTINUING)
}
"""A page that only says "accredited" means one of these; it counts where all of them do."""


def _changes_of(answer: Answer, standing: Standing, rules: Mapping[str, Any]) -> list[Change]:
    levels = either(
        word(level)
        for level in dict.fromkeys(
            level
            for route in rules["any_of"]
            if route.get("decides")
            for condition in route["all_of"]
            for level in condition.get("award_levels", [])
        )
    )
    would = Change(
        Message(
            "A program that CAHIIM accredits at its own campus, of level %(levels)s, would do.",
            levels=levels,
        )
    )
    asked = [Change(Message(standing.question), "issuer")] if standing.question else []
    claim = standing.claim
    letter = Message(
        "Ask for CAHIIM's current award letter for this program, award level and campus: does it "
        "name all three, and until when?"
    )
    if answer is Answer.YES:
        change = Change(Message("A change of the program's accreditation before graduation."))
        return [Change(letter, "program director"), change] if standing.may_cover else [change]
    if answer is Answer.NOT_YET:
        text = Message("CAHIIM accredits the program before graduation.")
        return [Change(text, "CAHIIM"), *asked]
    if answer is Answer.NO:
        if claim is not None and standing.covers is Coverage.OTHER_CAMPUS:
            text = Message("The program at the campus %(name)s would do.", name=repr(claim.campus))
            would = Change(text)
        elif claim is not None and standing.covers is Coverage.OTHER_AWARD:
            text = Message(
                "The accreditation is for the level %(level)s.", level=word(claim.award_level)
            )
            would = Change(Listing(" ", (text, would.text)))
        elif standing.accreditation is AccreditationState.OUT_OF_SCOPE:
            asked = [Change(REPORTED_OTHERWISE, "program director")]
        return [would, *asked]
    if standing.accreditation is AccreditationState.OTHER_FIELD:
        return [Change(WHICH_FIELD, "program director")]
    return [Change(letter, "program director"), *asked]


REPORTED_OTHERWISE = Message(
    "A page that says that CAHIIM accredits this program: a school may report it under another "
    "field."
)
WHICH_FIELD = Message(
    "Does CAHIIM accredit this program as one in health information management, or in another "
    "field only?"
)


def _decide_by_routes(rules: Mapping[str, Any], routes: list[RouteAnswer]) -> Decision:
    """Return the best answer of the routes that decide; one that does not keeps a no open."""
    by_name = {route["route"]: bool(route.get("decides")) for route in rules["any_of"]}
    deciding = [route for route in routes if by_name[route.route]]
    for answer in (Answer.YES, Answer.UNKNOWN, Answer.NOT_YET):
        if found := [route for route in deciding if route.answer is answer]:
            best = found[0]
            reason = _reason_of(best)
            changes = _route_changes(found if answer is not Answer.YES else [best])
            return Decision(answer, f"route {best.route}", reason, routes, changes)
    doubtful = [r for r in routes if not by_name[r.route] and r.answer is not Answer.NO]
    if doubtful:
        reason = Message(
            "Only route %(route)s could open the exam, and it is in conflict.",
            route=doubtful[0].route,
        )
        return Decision(
            Answer.UNKNOWN,
            f"route {doubtful[0].route}",
            reason,
            routes,
            [DOES_IT_HOLD],
        )
    reason = Message("No route is met: each fails in at least one condition.")
    return Decision(Answer.NO, "no_route", reason, routes, _route_changes(deciding))


def _reason_of(route: RouteAnswer) -> Message:
    return Listing(" ", (condition.text for condition in route.conditions))


def _route_changes(routes: Iterable[RouteAnswer]) -> list[Change]:
    changes = [c.change for route in routes for c in route.conditions if c.change]
    return list(dict.fromkeys(changes))


def weigh_route(
    route: Mapping[str, Any],
    statuses: Mapping[str, StatusRule],
    candidate: Candidate,
    today: date,
) -> RouteAnswer:
    """Return the answer of one route: no if a condition fails, else unknown if one is open."""
    weighed = tuple(
        _weigh(condition, route, statuses, candidate, today) for condition in route["all_of"]
    )
    return RouteAnswer(route["route"], combine([w.answer for w in weighed]), weighed)


def combine(answers: Sequence[Answer]) -> Answer:
    """Return the answer of conditions that must all hold."""
    order = (Answer.NO, Answer.UNKNOWN, Answer.NOT_YET)
    return next((answer for answer in order if answer in answers), Answer.YES)


def _weigh(
    condition: Mapping[str, Any],
    route: Mapping[str, Any],
    statuses: Mapping[str, StatusRule],
    candidate: Candidate,
    today: date,
) -> Weighed:
    kind = str(condition["kind"])
    match kind:
        case "completed_program":
            return _weigh_program(condition, route, statuses, candidate, today)
        case "completed_foreign_program":
            return _weigh_foreign(kind, candidate)
        case "education" | "education_or_credits":
            return _weigh_education(condition, candidate)
        case "experience_years":
            return _weigh_experience(kind, condition["at_least"], condition["field"], candidate)
        case "experience_hours":
            years = condition["at_least"] / FULL_TIME_HOURS_A_YEAR
            return _weigh_experience(kind, years, condition["field"], candidate)
        case "holds":
            return _weigh_held(condition, candidate)
        case "membership":
            text = Message(
                "%(issuer)s membership must be current when you take the exam.",
                issuer=condition["issuer"],
            )
            return Weighed(kind, Answer.YES, text)
        case _:
            text = Message("%(condition)s: you did not say.", condition=first_word(kind))
            whole = Message(
                "Meet the condition in full: %(route)s", route=Message(str(route["text"]))
            )
            change = Change(whole)
            return Weighed(kind, Answer.UNKNOWN, text, change)


def _weigh_program(
    condition: Mapping[str, Any],
    route: Mapping[str, Any],
    statuses: Mapping[str, StatusRule],
    candidate: Candidate,
    today: date,
) -> Weighed:
    kind = str(condition["kind"])
    facts = candidate.facts
    if facts is None:
        return Weighed(kind, Answer.UNKNOWN, Message("No program is named."), NAME_A_PROGRAM)
    levels = condition["award_levels"]
    level = CERTIFICATE if _is_certificate(facts.award_level) else facts.award_level
    if level is not None and not {level, facts.award_level} & set(levels):
        text = Message(
            "The program's level, %(level)s, is not one of this route.", level=word(level)
        )
        change = Change(Message("A program of level %(levels)s.", levels=either(map(word, levels))))
        return Weighed(kind, Answer.NO, text, change)
    if "accredited_by" in condition:
        body = condition["accredited_by"]
        ask = Message("Does %(body)s accredit this program today?", body=body)
        text = Message("Whether %(body)s accredits it is not known.", body=body)
        return Weighed(kind, Answer.UNKNOWN, text, Change(ask, "program director"))
    if condition.get("cahiim") is None:
        text = Message("The program's field and its school's accreditation are not settled here.")
        return Weighed(kind, Answer.UNKNOWN, text, DOES_IT_HOLD)
    standing = find_standing({"any_of": [route]}, statuses, facts, candidate, today)
    answer = ANSWER_OF_STATE.get(standing.accreditation, Answer.UNKNOWN)
    text = Message("The program's accreditation: %(state)s.", state=word(standing.accreditation))
    if standing.accreditation is AccreditationState.OUT_OF_SCOPE:
        text = OUT_OF_SCOPE
    elif standing.accreditation is AccreditationState.OTHER_FIELD:
        text = OTHER_FIELD
    if standing.award is AwardKind.CODING_OR_BILLING_CERTIFICATE:
        answer = Answer.NO
    elif answer is Answer.YES and standing.may_cover:
        text = IF_COVERED
    elif answer is Answer.YES and standing.covers is not Coverage.SAME:
        is_other = standing.covers is not Coverage.NOT_STATED
        answer = Answer.NO if is_other else Answer.UNKNOWN
    changes = [] if answer is Answer.YES else _changes_of(answer, standing, {"any_of": [route]})
    return Weighed(kind, answer, text, changes[0] if changes else None)


ANSWER_OF_STATE = {
    AccreditationState.COUNTS: Answer.YES,
    AccreditationState.ABSENT: Answer.NO,
    AccreditationState.OUT_OF_SCOPE: Answer.NO,
    AccreditationState.CANDIDACY: Answer.NOT_YET,
}


def _weigh_foreign(kind: str, candidate: Candidate) -> Weighed:
    if candidate.facts is None:
        text = Message("You did not say whether you completed a foreign program.")
        return Weighed(kind, Answer.UNKNOWN, text)
    return Weighed(kind, Answer.NO, Message("The program is a US program."))


def _weigh_education(condition: Mapping[str, Any], candidate: Candidate) -> Weighed:
    kind = str(condition["kind"])
    needed = Education(condition["at_least"])
    level = candidate.facts.award_level if candidate.facts else None
    attained = [e for e in (candidate.education, EDUCATION_OF_AWARD.get(level or "")) if e]
    change = Change(Message("Education of at least %(needed)s.", needed=word(needed)))
    if not attained:
        return Weighed(
            kind, Answer.UNKNOWN, Message("You did not say what education you have."), change
        )
    best = max(attained, key=EDUCATION_ORDER.index)
    if EDUCATION_ORDER.index(best) >= EDUCATION_ORDER.index(needed):
        text = Message(
            "%(best)s is at least %(needed)s.", best=first_word(best), needed=word(needed)
        )
        return Weighed(kind, Answer.YES, text)
    if "or_college_credits" in condition:
        credits_ = condition["or_college_credits"]
        told = candidate.college_credits
        if told is not None and told >= credits_:
            return Weighed(
                kind, Answer.YES, Message("%(n)s college credits are enough.", n=f"{told:g}")
            )
        text = Message(
            "%(best)s alone is not enough; you did not say how many college credits you have.",
            best=first_word(best),
        )
        would = Message(
            "%(needed)s or %(n)s college credits.", needed=first_word(needed), n=credits_
        )
        return Weighed(kind, Answer.UNKNOWN, text, Change(would))
    text = Message("%(best)s is less than %(needed)s.", best=first_word(best), needed=word(needed))
    return Weighed(kind, Answer.NO, text, change)


def _weigh_experience(kind: str, needed: float, what: str, candidate: Candidate) -> Weighed:
    years = candidate.experience_years
    work = Message(what)
    pattern = N_("At least %(n)s years of %(work)s.")
    if needed == 1:
        pattern = N_("At least %(n)s year of %(work)s.")
    change = Change(Message(pattern, n=f"{needed:g}", work=work))
    if years is None:
        text = Message("You did not say how many years of %(work)s you have.", work=work)
        return Weighed(kind, Answer.UNKNOWN, text, change)
    told = f"{years:g}"
    if years >= needed:
        text = Message("%(n)s years of %(work)s are enough.", n=told, work=work)
        return Weighed(kind, Answer.YES, text)
    text = Message("%(n)s of %(of)s years of %(work)s.", n=told, of=f"{needed:g}", work=work)
    return Weighed(kind, Answer.NOT_YET, text, change)


def _weigh_held(condition: Mapping[str, Any], candidate: Candidate) -> Weighed:
    kind = str(condition["kind"])
    wanted = condition["any"]
    change = Change(Message("Hold %(codes)s.", codes=either(wanted)))
    if candidate.holds is None:
        return Weighed(
            kind, Answer.UNKNOWN, Message("You did not say which credentials you hold."), change
        )
    if held := sorted(candidate.holds & set(wanted)):
        return Weighed(kind, Answer.YES, Message("Holds %(codes)s.", codes=", ".join(held)))
    if instead := condition.get("or_else"):
        text = Message(
            "Holds none of %(codes)s; whether there is %(other)s is not told.",
            codes=", ".join(wanted),
            other=Message(instead),
        )
        return Weighed(kind, Answer.UNKNOWN, text, change)
    text = Message("Holds none of %(codes)s.", codes=", ".join(wanted))
    return Weighed(kind, Answer.NO, text, change)
