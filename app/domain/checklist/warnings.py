"""The common mistakes in choosing a program, made checkable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.claims import AccreditationClaim, ProgramClaim, ProgramFacts
from app.domain.dossier import Dossier
from app.domain.evidence import Age, Subject, age_of, to_span
from app.domain.messages import N_, Key, Message
from app.domain.vocabulary import (
    AccreditationStatus,
    Basis,
    Finding,
    OutcomeMetric,
    ProgramStatus,
    SchoolStatus,
    Topic,
)

DATED_AFTER_YEARS = 3
"""Academic years after which the newest price is called dated, though it still counts."""


class WarningCode(StrEnum):
    """Every warning there is; codes never change their meaning."""

    CHEAP_BUT_UNVERIFIED = "cheap_but_unverified"
    FAST_BUT_UNVERIFIED = "fast_but_unverified"
    TRANSFER_OVERLOOKED = "transfer_overlooked"
    DATED_PRICES = "dated_prices"
    PRIVACY_NOT_COVERED = "privacy_not_covered"
    CODING_ONLY_CURRICULUM = "coding_only_curriculum"
    CLOSED_OR_PAUSED = "closed_or_paused"
    NO_OUTCOMES_PUBLISHED = "no_outcomes_published"
    NOT_IN_TITLE_IV = "not_in_title_iv"
    HEIGHTENED_CASH_MONITORING = "heightened_cash_monitoring"


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning with a stable code; ``message`` is one or two plain sentences.

    ``evidence`` are claims that it rests on, beside those of the checks.
    """

    code: WarningCode
    message: Message
    evidence: Sequence[ProgramClaim] = ()


def find_warnings(dossier: Dossier) -> list[Caution]:
    """Return warnings on a program, each resting on something known.

    Only ``cheap_but_unverified`` and ``fast_but_unverified`` also fire where accreditation is
    unknown; their text then says "not verified", never "not accredited". They compare programs of
    one kind, and are left out where nobody accredits them.
    """
    found: list[Caution] = []
    findings, price, peers = dossier.findings, dossier.price, dossier.peers
    months = dossier.months[0] if dossier.months else None
    state = _unverified(dossier)
    if state and price and peers.price_cents is not None and price.cents <= peers.price_cents:
        found.append(
            Caution(
                WarningCode.CHEAP_BUT_UNVERIFIED,
                Message(
                    "The price is in the lowest fifth for its level and field, and %(state)s. "
                    "Compare accreditation, curriculum and practicum support before the price "
                    "decides.",
                    state=state,
                ),
            )
        )
    if state and months and peers.months is not None and months <= peers.months:
        found.append(
            Caution(
                WarningCode.FAST_BUT_UNVERIFIED,
                Message(
                    "The length is in the shortest fifth for its level and field, and %(state)s.",
                    state=state,
                ),
            )
        )
    transfer = ("transfer_policy", "articulation", "credits_accepted", "prior_learning")
    if any(findings.get(key) is Finding.NOT_MET for key in transfer):
        found.append(
            Caution(
                WarningCode.TRANSFER_OVERLOOKED,
                Message(
                    "At least one way to carry credits in or on is known to be closed. Ask how "
                    "these credits count toward a higher degree before enrolling."
                ),
            )
        )
    found += _price_warnings(dossier.facts, dossier.day)
    found += _curriculum_warnings(dossier.facts, dossier.day)
    found += _state_warnings(dossier)
    return found


def _unverified(dossier: Dossier) -> Message | None:
    """Return what is wanting in what is known of the program's accreditation; None: nothing is.

    Where it is not known who would accredit it, nothing is missed.
    """
    result = dossier.result("program_accredited")
    if result is None or result.finding in {Finding.MET, Finding.NOT_APPLICABLE}:
        return None
    if result.finding is Finding.NOT_MET:
        return Message("the program is known not to be accredited")
    claims = [claim for claim in result.evidence if isinstance(claim, AccreditationClaim)]
    if result.finding is Finding.UNKNOWN or not claims:
        return Message("its accreditation is not verified") if dossier.accreditors else None
    if claims[0].status == AccreditationStatus.CANDIDACY:
        return Message("the program is only a candidate for accreditation")
    if claims[0].as_of is None:
        return Message("its accreditation is stated only on an undated page")
    return Message("its accreditation was last stated in %(as_of)s", as_of=claims[0].as_of)


def _price_warnings(facts: ProgramFacts, today: date) -> list[Caution]:
    spans = [
        span.last
        for claim in facts.costs
        if claim.amount_low_cents is not None and (span := to_span(claim.as_of))
    ]
    if not spans:
        return []
    newest = max(spans)
    this_year = today.year if today.month >= 7 else today.year - 1
    of_year = newest.year - 1 if newest.month <= 6 else newest.year
    if this_year - of_year <= DATED_AFTER_YEARS:
        return []
    return [
        Caution(
            WarningCode.DATED_PRICES,
            Message(
                "The newest price known is of %(year)s. Ask for this year's.",
                year=f"{of_year}-{(of_year + 1) % 100:02d}",
            ),
        )
    ]


def _curriculum_warnings(facts: ProgramFacts, today: date) -> list[Caution]:
    fresh = [
        c for c in facts.topics if age_of(c.as_of, Subject.TOPIC, today) in (Age.FRESH, Age.UNDATED)
    ]
    said = {claim.topic: claim.is_covered for claim in reversed(fresh)}
    seven = {topic for topic in Topic if topic is not Topic.DATA_ANALYTICS}
    found = []
    if said.get(Topic.PRIVACY_COMPLIANCE) is False:
        found.append(
            Caution(
                WarningCode.PRIVACY_NOT_COVERED,
                Message(
                    "The curriculum is stated not to cover privacy and compliance, which every "
                    "employer in the field expects."
                ),
            )
        )
    if seven <= said.keys():
        covered = {topic for topic in seven if said[topic]}
        if covered and covered <= {Topic.CODING_SYSTEMS, Topic.MEDICAL_TERMINOLOGY}:
            found.append(
                Caution(
                    WarningCode.CODING_ONLY_CURRICULUM,
                    Message(
                        "Of the seven topics to ask for, only coding and terminology are covered."
                    ),
                )
            )
    return found


WHO_SAYS: dict[str, Message] = {
    Basis.GOVERNMENT_DATA: Message("federal data"),
    Basis.STATED_BY_INSTITUTION: Message("a page of the school"),
    Basis.THIRD_PARTY: Message("a report"),
}


def _said_by(claim: ProgramClaim) -> Message:
    """Say who tells, and of when."""
    who = WHO_SAYS.get(claim.basis, Message("another source"))
    if claim.as_of is None:
        return Message("%(who)s, undated", who=who)
    return Message("%(who)s of %(when)s", who=who, when=claim.as_of)


def _closed(dossier: Dossier) -> list[Caution]:
    school, code = dossier.operation, WarningCode.CLOSED_OR_PAUSED
    if school.is_gone and school.status is not None:
        said = {"source": _said_by(school.claims[0]), "day": school.closed_on}
        pattern = ENDS[school.status, school.closed_on is not None]
        if school.status is SchoolStatus.MERGED:
            said["school"] = school.successor_name or Message("another school")
        return [Caution(code, Message(pattern, **said), school.claims)]
    status, claims = dossier.status
    if status not in {ProgramStatus.PAUSED, ProgramStatus.DISCONTINUED} or status is None:
        return []
    pattern = N_(
        "The program is %(status)s, according to %(source)s. Ask whether new students are taken."
    )
    return [Caution(code, Message(pattern, status=Key(status), source=_said_by(claims[0])), claims)]


CLOSED_ON = N_("The school closed on %(day)s, according to %(source)s.")
ENDS: Mapping[tuple[SchoolStatus, bool], str] = {
    (SchoolStatus.CLOSED, False): N_("The school has closed, according to %(source)s."),
    (SchoolStatus.CLOSED, True): CLOSED_ON,
    (SchoolStatus.CLOSING, False): N_("The school is closing, according to %(source)s."),
    (SchoolStatus.CLOSING, True): N_("The school will close on %(day)s, according to %(source)s."),
    (SchoolStatus.NOT_OPERATING, False): N_(
        "The school is not active in the federal directory any more, according to %(source)s."
    ),
    (SchoolStatus.NOT_OPERATING, True): CLOSED_ON,
    **dict.fromkeys(
        ((SchoolStatus.MERGED, False), (SchoolStatus.MERGED, True)),
        N_("The school is merged into %(school)s, according to %(source)s."),
    ),
}
"""How a school ended, and whether the day is known -> what to say."""


def _federal(dossier: Dossier) -> list[Caution]:
    """Return what the Department of Education does with the school as a whole."""
    found = []
    for claim in dossier.known.accreditation:
        if claim.status in FEDERAL_AID:
            pattern = FEDERAL_AID[claim.status]
            if pattern is not None:
                more = Message(claim.note or "That does not say whether it is accredited.")
                message = Message(pattern, source=_said_by(claim), more=more)
                found.append(Caution(WarningCode.NOT_IN_TITLE_IV, message, [claim]))
            break
    watched = [c for c in dossier.known.statuses if c.is_cash_monitored is not None][:1]
    if watched and watched[0].is_cash_monitored:
        message = Message(
            "The Department of Education watches the cash of the school (heightened cash "
            "monitoring 2), according to %(source)s: federal aid reaches it late, after a check.",
            source=_said_by(watched[0]),
        )
        found.append(Caution(WarningCode.HEIGHTENED_CASH_MONITORING, message, watched))
    return found


FEDERAL_AID: Mapping[str, str | None] = {
    AccreditationStatus.TITLE_IV: None,
    AccreditationStatus.NOT_TITLE_IV: N_(
        "The school does not take part in federal student aid, according to %(source)s. %(more)s"
    ),
    AccreditationStatus.TITLE_IV_DEFERMENT: N_(
        "The school takes part in federal student aid for deferment only, according to %(source)s. "
        "%(more)s"
    ),
}
"""What a source says of federal student aid -> what to say of it; None where it is given."""


def _state_warnings(dossier: Dossier) -> list[Caution]:
    found = [*_closed(dossier), *_federal(dossier)]
    employment = (OutcomeMetric.EMPLOYMENT_RATE, OutcomeMetric.PLACEMENT_RATE)
    if not any(
        c.metric in employment and c.value is not None and c.as_of is not None
        for c in dossier.facts.outcomes
    ):
        found.append(
            Caution(
                WarningCode.NO_OUTCOMES_PUBLISHED,
                Message(
                    "No dated employment rate of this program is in the catalog. A certificate "
                    "or degree alone promises no job: ask for the rate and how it was counted."
                ),
            )
        )
    return found
