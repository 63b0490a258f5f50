"""One program on one day: what follows from the claims on it, each made once, when asked for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any, TypeVar

from app.domain.accreditors import Remits, accreditors_among
from app.domain.checklist.results import CheckResult, answered, findings_of, said_in
from app.domain.checklist.rubric import Rubric
from app.domain.checklist.rules import find_all, find_one
from app.domain.checklist.scoring import Score, score
from app.domain.claims import (
    CostClaim,
    KnownFacts,
    OfferingClaim,
    OutcomeClaim,
    ProgramClaim,
    ProgramFacts,
    ServiceClaim,
    known_on,
)
from app.domain.cost.net_price import find_net_price
from app.domain.cost.prices import (
    HeadlinePrice,
    headline_price,
    residencies_apart,
    whole_program_price,
)
from app.domain.cost.total_cost import (
    Course,
    Target,
    TotalCost,
    find_course,
    find_total_cost,
    year_cents,
)
from app.domain.credentials.eligibility import Candidate
from app.domain.credentials.leads_to import (
    LeadsTo,
    Opening,
    RaisedGate,
    find_opening,
    raised_gates,
)
from app.domain.credentials.timeline import PART_TIME_CREDITS
from app.domain.evidence import Age
from app.domain.field_outcomes import FieldOutcome, key_of, leading_of, reported_by
from app.domain.online import OnlineCompletion, find_online_completion
from app.domain.operation import Operation, operation_of, program_status
from app.domain.peers import CLOSED_TO_NEW, Board, PeerRank, kind_of, place_of, rank_in
from app.domain.reader import Reader, residency_for
from app.domain.shared_facts import CredentialRecord, Peers, SharedFacts
from app.domain.text.identifiers import fold
from app.domain.vocabulary import (
    Control,
    Delivery,
    Finding,
    MatchQuality,
    Pace,
    ProgramStatus,
    Residency,
    ServiceKind,
)

Claim = TypeVar("Claim", bound=ProgramClaim)
Made = TypeVar("Made")

MOST_VARIANTS = 16
"""Scores and totals that a dossier keeps; callers choose the weights and terms they are made by."""


@dataclass(frozen=True, slots=True)
class ProgramRecord:
    """A program as the catalogue lists it, without what is claimed about it."""

    id: int
    slug: str
    institution_id: int
    name: str
    cip_code: str | None
    award_level: str | None
    award_group: str | None
    award_as_stated: str | None
    campus: str | None
    url: str | None
    match_quality: str | None
    match_reason: str | None
    source: str
    retired_at: datetime | None
    retired_reason: str | None
    moved_to: str | None
    updated_at: datetime

    @property
    def is_named_by_page(self) -> bool:
        """Whether its name is that of a page of the school, joined to a program of a survey."""
        return self.match_quality in (MatchQuality.EXACT, MatchQuality.LIKELY)

    @property
    def award(self) -> str | None:
        """The award as closely as it is known."""
        return self.award_level or self.award_group or self.award_as_stated


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    """A school as its directory has it."""

    id: int
    slug: str
    unitid: int | None
    opeid: str | None
    name: str
    aliases: list[str]
    former_names: list[dict[str, str]] | None
    system_name: str | None
    address: str | None
    city: str | None
    state: str
    zip_code: str | None
    county_code: str | None
    county_name: str | None
    cbsa_code: str | None
    cbsa_kind: str | None
    latitude: float | None
    longitude: float | None
    control: str | None
    level: str | None
    website: str | None
    admissions_url: str | None
    financial_aid_url: str | None
    net_price_url: str | None
    is_active: bool | None
    closed_on: str | None
    source: str
    as_of: str | None

    @property
    def is_private(self) -> bool:
        """Whether no state or district runs it."""
        return self.control in (Control.PRIVATE_NONPROFIT, Control.PRIVATE_FOR_PROFIT)


@dataclass(frozen=True, slots=True)
class YearOfAwards:
    """How many finished a program in an academic year."""

    academic_year: str
    count: int
    source: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Dossier:
    """What is known of one program on one day, and under the answers of one reader.

    ``completions`` come newest year first. ``release`` is the state of the catalogue that all of
    it was read from. ``remits`` tell who accredits what. ``answers`` are what the reader found
    out: check -> finding. Prices and totals are those that ``reader`` pays.
    """

    program: ProgramRecord
    school: SchoolRecord
    cip_title: str | None
    completions: Sequence[YearOfAwards]
    facts: ProgramFacts
    shared: SharedFacts
    rubric: Rubric
    day: date
    release: int
    remits: Remits = ()
    answers: Mapping[str, Finding] = field(default_factory=dict)
    reader: Reader = field(default_factory=Reader)
    _scores: dict[tuple[tuple[str, float], ...], Score] = field(default_factory=dict, init=False)
    _prices: dict[Residency, HeadlinePrice | None] = field(default_factory=dict)
    _totals: dict[tuple[object, ...], TotalCost] = field(default_factory=dict)
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False)

    def under(self, answers: Mapping[str, Finding] | None) -> "Dossier":
        """Return the same program under the answers of a reader."""
        return replace(self, answers=answers) if answers else self

    def asked_by(self, reader: Reader) -> "Dossier":
        """Return the same program as a reader asks for it."""
        return replace(self, reader=reader) if reader != self.reader else self

    def by(self, rubric: Rubric) -> "Dossier":
        """Return the same program as a version of the rubric reads it."""
        return self if rubric == self.rubric else replace(self, rubric=rubric)

    @cached_property
    def known(self) -> KnownFacts:
        """The claims known on the day, each kind in the order in which they lead."""
        return known_on(self.facts, self.day)

    @cached_property
    def _found(self) -> list[CheckResult]:
        """What the catalogue knows of each check of the rubric, in its order."""
        return find_all(self.known, self.rubric, self.day, self.remits)

    @cached_property
    def results(self) -> list[CheckResult]:
        """What was found out about each check of the rubric, in its order."""
        return answered(self._found, self.answers)

    def result(self, check: str) -> CheckResult | None:
        """Return what was found out about a check, the reader's answer before all; None: not asked.

        A version of the rubric asks what it asks.
        """
        return next((result for result in self.results if result.key == check), None)

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """Check -> finding."""
        return findings_of(self.results)

    def find(self, check: str) -> CheckResult:
        """Return the result of one check as the catalogue has it, whether the rubric asks it."""
        for result in self._found:
            if result.key == check:
                return result
        return find_one(self.known, check, self.rubric.policy, self.day, self.remits)

    def score(self, weights: Mapping[str, float] | None = None) -> Score:
        """Return the score under some weights; None: those of the rubric."""
        used = self.rubric.default_weights if weights is None else weights
        key = tuple(used.items())
        found = self._scores.get(key)
        if found is None:
            said = said_in(self.results)
            found = score(self.rubric, self.findings, used, said=said)
            _keep(self._scores, key, found)
        return found

    @cached_property
    def residency(self) -> Residency:
        """As whom the reader pays at this school."""
        return residency_for(self.reader, self.school.state)

    @cached_property
    def residencies_apart(self) -> frozenset[Residency]:
        """The residencies that pay other prices than residents of the state."""
        return residencies_apart(self.facts, is_private=self.school.is_private)

    def same_as(self, residency: Residency) -> Residency:
        """Return a residency that pays the same: that of residents where there is no other price.

        Those of the district may still be counted among the residents of the state.
        """
        return residency if residency in self.residencies_apart else Residency.IN_STATE

    def charged_as(self, residency: Residency) -> Residency | None:
        """Return for whom the prices hold that a residency pays.

        ``ANY``: for everybody. None: nobody tells.
        """
        if self.residencies_apart:
            return self.same_as(residency) if residency is Residency.IN_DISTRICT else residency
        is_told = self.school.is_private or any(claim.residency for claim in self.facts.costs)
        return Residency.ANY if is_told else None

    def price_holds_for(self, residency: Residency) -> str | None:
        """Return for whom the price holds that is shown first to a residency, as ``charged_as``."""
        price = self.price_for(residency)
        if price and self.residencies_apart and price.residency in (None, Residency.ANY):
            return price.residency
        return self.charged_as(residency)

    def price_for(self, residency: Residency) -> HeadlinePrice | None:
        """Return the price to show first to a residency; None: no fresh sum is known for it."""
        same = self.same_as(residency)
        if same not in self._prices:
            self._prices[same] = headline_price(self.facts, self.day, same)
        return self._prices[same]

    @property
    def price(self) -> HeadlinePrice | None:
        """The price to show first; None where no fresh sum of tuition and fees is known."""
        return self.price_for(self.residency)

    def year_cents(self, residency: Residency) -> int | None:
        """Return what an academic year costs at most by the price to show first, in cents."""
        price = self.price_for(residency)
        return None if price is None else year_cents(price, self._course)

    @cached_property
    def _course(self) -> Course:
        return find_course(self.facts, Pace.FULL, self.day)

    def counting(self, claims: Iterable[Claim]) -> list[Claim]:
        """Return the claims that are not past their shelf life on the day."""
        return [claim for claim in claims if claim.age_on(self.day) is not Age.STALE]

    @cached_property
    def offerings(self) -> list[OfferingClaim]:
        """Claims on how the program is offered that still count, the leading one first."""
        return self.counting(self.known.offerings)

    @cached_property
    def contact(self) -> OfferingClaim | None:
        """Who tells how an office or role is reached that answers questions; None: nobody."""
        told = [claim for claim in self.offerings if claim.has_contact]
        return next((claim for claim in told if claim.contact_mail), next(iter(told), None))

    @cached_property
    def operation(self) -> Operation:
        """How its school stands."""
        basis = self.shared.sources[self.school.source].basis
        return operation_of(self.known.statuses, self.school, basis, self.day)

    @cached_property
    def status(self) -> tuple[ProgramStatus | None, Sequence[ProgramClaim]]:
        """Whether it takes students, and the claims that say so; None: nobody tells."""
        return program_status(self.operation, self.offerings)

    @cached_property
    def _taught(self) -> tuple[frozenset[str], Sequence[ProgramClaim]]:
        """How it is taught, and the statements that say so.

        A school that says all its programs are at a distance makes each of them online.
        """
        told = [claim for claim in self.offerings if claim.delivery]
        if told:
            return frozenset(mode for claim in told for mode in claim.delivery), told
        if (school := self._distance_only) and school.is_offered:
            return frozenset({Delivery.ONLINE}), [school]
        return frozenset(), []

    @cached_property
    def online_completion(self) -> OnlineCompletion | None:
        """Whether it can be completed at a distance, by the newest survey that tells."""
        modes, told = self._taught
        return find_online_completion(self.known.online_completions, modes, told, self.day)

    @cached_property
    def delivery(self) -> list[str] | None:
        """Delivery modes; None where no source tells.

        It is not online where a newer survey says that none can be completed so.
        """
        modes, _ = self._taught
        survey = self.online_completion
        if survey and survey.leads and not survey.is_possible:
            modes -= {Delivery.ONLINE}
        return sorted(modes) or None

    @cached_property
    def is_distance_only(self) -> bool | None:
        """Whether its school teaches at a distance only; None: nobody tells."""
        told = self._distance_only
        return told.is_offered if told else None

    @cached_property
    def _distance_only(self) -> ServiceClaim | None:
        """Who says whether the school teaches at a distance only."""
        asked = ServiceKind.ALL_PROGRAMS_DISTANCE
        return next((claim for claim in self.known.services if claim.service == asked), None)

    @cached_property
    def whole_price(self) -> CostClaim | None:
        """A price of the program that holds more than tuition and fees."""
        return whole_program_price(self.known, self.day)

    @cached_property
    def net_price(self) -> OutcomeClaim | None:
        """What aided students of the school pay on average; no price of the program."""
        return find_net_price(self.known, self.day)

    @cached_property
    def field_outcome(self) -> FieldOutcome | None:
        """What graduates of its field and level at the school earn and owe; None: nobody tells."""
        claim = leading_of(self.known.field_outcomes)
        if claim is None:
            return None
        reporter = reported_by(self.school.opeid, self.school.slug)
        key = key_of((reporter, claim.cip_family, claim.credential_level))
        return FieldOutcome(claim, reporter, self.shared.field_programs.get(key, 1))

    @cached_property
    def months(self) -> tuple[float, float] | None:
        """The least and the most months stated, or None."""
        for claim in self.offerings:
            if claim.months_low is not None:
                high = claim.months_high if claim.months_high is not None else claim.months_low
                return claim.months_low, high
        return None

    @property
    def prepares_for(self) -> list[str]:
        """The credentials that the program names, as they are called there."""
        return sorted({claim.credential_code for claim in self.facts.preparation})

    @cached_property
    def credentials(self) -> list[str]:
        """Codes of the credentials that the program names, those its award opens first."""
        codes = {
            self.shared.codes.get(fold(claim.credential_code)) for claim in self.known.preparation
        }
        known = self.shared.credentials
        award = self.facts.award_level
        return sorted(
            (code for code in codes if code), key=lambda c: (award not in known[c].opened_by, c)
        )

    def credential(self, code: str | None = None) -> CredentialRecord | None:
        """Return the credential of a code; None: the first one named, if one is."""
        code = code or next(iter(self.credentials), None)
        return self.shared.credentials[code] if code else None

    @property
    def accreditors(self) -> tuple[str, ...]:
        """Short names of those who accredit, or may, programs of its field and award."""
        facts = self.facts
        remits = accreditors_among(self.remits, facts.cip_code, facts.award_level, self.day)
        return tuple(dict.fromkeys(remit.body for remit in remits))

    @property
    def candidate(self) -> Candidate:
        """Its graduates, as the rules of exams see them."""
        return Candidate(self.facts, remits=self.remits, answers=self.answers)

    @cached_property
    def opening(self) -> Opening | None:
        """Whether it leads to the credential that fits its award; None: no rules are known."""
        return find_opening(self.shared.exams, self.facts.award_level, self.candidate, self.day)

    @property
    def leads_to(self) -> dict[str, LeadsTo]:
        """The credential that fits its award -> whether its graduates may sit the exam."""
        return {self.opening.credential: self.opening.leads_to} if self.opening else {}

    @cached_property
    def gates(self) -> list[RaisedGate]:
        """What no points outweigh: that it is known not to lead to the credential of its award."""
        return raised_gates(self.rubric, self.findings, self.opening)

    @property
    def target(self) -> Target | None:
        """The credential that the total is counted to; None where the program names none."""
        credential = self.credential()
        return credential.target if credential else None

    def total(
        self,
        *,
        residency: Residency | None = None,
        pace: Pace = Pace.FULL,
        credits_per_term: int = PART_TIME_CREDITS,
        credential: str | None = None,
    ) -> TotalCost:
        """Return the whole cost to a credential, by default the reader's to the first one named."""
        aim = self.credential(credential)
        same = self.same_as(residency or self.residency)
        key = (same, pace, credits_per_term, aim.target.code if aim else None)
        found = self._totals.get(key)
        if found is None:
            found = find_total_cost(
                self.facts,
                aim.target if aim else None,
                residency=same,
                pace=pace,
                today=self.day,
                credits_per_term=credits_per_term,
                course=self._course if pace is Pace.FULL else None,
            )
            _keep(self._totals, key, found)
        return found

    def total_for(self, residency: Residency) -> TotalCost | None:
        """Return the whole cost for a residency at full time; None where no tuition is known."""
        total = self.total(residency=residency)
        return total if total.is_known else None

    @property
    def kind(self) -> str | None:
        """The kind it is compared within; None: not known, or no new student should choose it."""
        if self.program.retired_at is not None or self.status[0] in CLOSED_TO_NEW:
            return None
        return kind_of(self.program.cip_code, self.program.award_level)

    @property
    def peer_rank(self) -> PeerRank | None:
        """Its place by score among programs of its kind, as it would be on the day."""
        return self.rank_on(self.shared.boards)

    def rank_on(self, boards: Mapping[str, Board]) -> PeerRank | None:
        """Return its place by score on the board of its kind; None: there is none."""
        kind = self.kind
        board = boards.get(kind) if kind else None
        if kind is None or not board:
            return None
        return rank_in(board, place_of(self.score().whole), kind, self.cip_title)

    @property
    def peers(self) -> Peers:
        """Bounds of the lowest fifth among programs of its kind, by the reader's prices."""
        return self.shared.peers.of(self.kind, self.price, self.residency)


def _keep(kept: dict[Any, Made], key: object, made: Made) -> None:
    if len(kept) >= MOST_VARIANTS:
        kept.clear()
    kept[key] = made


def made_once(make: Callable[[Dossier], Made]) -> Callable[[Dossier], Made]:
    """Make what follows from a dossier alone once for it; nobody changes what is made."""

    @wraps(make)
    def find(dossier: Dossier) -> Made:
        made: Made | None = dossier._made.get(make)
        if made is None:
            made = dossier._made[make] = make(dossier)
        return made

    return find
