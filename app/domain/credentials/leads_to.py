"""Which credential a program leads to, by the rules of its exam, and what follows if to none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.domain.checklist.rubric import Rubric
from app.domain.credentials.eligibility import (
    Answer,
    Candidate,
    Decision,
    StatusRule,
    find_eligibility,
)
from app.domain.messages import Message
from app.domain.vocabulary import BELOW_ASSOCIATE, CERTIFICATE, GRADUATE, AwardLevel, Finding

RHIT, RHIA = "RHIT", "RHIA"

FITTING: Mapping[str, str] = {
    **dict.fromkeys((CERTIFICATE, *sorted(BELOW_ASSOCIATE), AwardLevel.ASSOCIATE), RHIT),
    **dict.fromkeys((AwardLevel.BACHELOR, *sorted(GRADUATE)), RHIA),
}
"""Award -> the credential that its graduates ask about first, whatever the program says of it."""

LED_TO = tuple(dict.fromkeys(FITTING.values()))
"""Credentials of which every program of a fitting award is judged."""


NOWHERE = "none"
"""Stands in searches for the credential of a program that is known not to lead to one."""


class LeadsTo(StrEnum):
    """Whether a program's graduates may sit an exam."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


class GateCode(StrEnum):
    """Consequences that no points outweigh; codes never change their meaning."""

    NOT_ELIGIBLE_RHIT = "not_eligible_rhit"
    NOT_ELIGIBLE_RHIA = "not_eligible_rhia"


GATES: Mapping[str, GateCode] = {
    RHIT: GateCode.NOT_ELIGIBLE_RHIT,
    RHIA: GateCode.NOT_ELIGIBLE_RHIA,
}
"""Credential -> what a program bears that is known not to lead to it."""


@dataclass(frozen=True, slots=True)
class ExamRules:
    """Who may sit an exam, and what accreditation statuses are worth for it."""

    rules: Mapping[str, Any]
    statuses: Mapping[str, StatusRule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a program leads to a credential, by the line or route that decided."""

    credential: str
    decision: Decision

    @property
    def leads_to(self) -> LeadsTo:
        """Whether it does; a candidate for accreditation may lead there by the end of a course."""
        match self.decision.answer:
            case Answer.YES:
                return LeadsTo.YES
            case Answer.NO:
                return LeadsTo.NO
            case _:
                return LeadsTo.NOT_KNOWN


@dataclass(frozen=True, slots=True)
class RaisedGate:
    """A gate with its sentence."""

    code: GateCode
    message: Message

    @property
    def credential(self) -> str:
        """The credential that it speaks of."""
        return next(code for code, gate in GATES.items() if gate is self.code)


def find_opening(
    exams: Mapping[str, ExamRules], award_level: str | None, candidate: Candidate, day: date
) -> Opening | None:
    """Return whether graduates may sit the exam that fits their award; None: no rules are known."""
    code = FITTING.get(award_level or "", RHIT)
    exam = exams.get(code)
    if exam is None:
        return None
    return Opening(code, find_eligibility(exam.rules, exam.statuses, candidate, day))


def raised_gates(
    rubric: Rubric, findings: Mapping[str, Finding], opening: Opening | None
) -> list[RaisedGate]:
    """Return what no points outweigh: that a program is known not to lead to a credential.

    A version of the rubric that names gates of its own raises those by its findings.
    """
    if rubric.gates:
        raised = [gate for gate in rubric.gates if findings.get(gate.check) == gate.finding]
        return [RaisedGate(GateCode(gate.key), Message(gate.reason)) for gate in raised]
    if opening is None or opening.leads_to is not LeadsTo.NO:
        return []
    message = Message(
        "Graduates cannot take the %(credential)s exam, whatever the points. %(reason)s",
        credential=opening.credential,
        reason=opening.decision.reason,
    )
    return [RaisedGate(GATES[opening.credential], message)]
