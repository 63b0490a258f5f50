"""Claims as lines that a page only has to set: what is said, who says it, and as of when."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.claims import (
    AccreditationClaim,
    CostClaim,
    FieldOutcomeClaim,
    OfferingClaim,
    OnlineCompletionClaim,
    OutcomeClaim,
    PracticumClaim,
    PreparationClaim,
    ProgramClaim,
    ServiceClaim,
    StatusClaim,
    TopicClaim,
    TransferClaim,
)
from app.domain.field_outcomes import FIGURES, NO_FIGURE, figures_of, population_of, status_of
from app.domain.vocabulary import Finding, Level
from app.schemas.claims import ClaimRead
from app.site import words
from app.site.pages.cards import not_known, to_range
from app.site.writing import Fact, Phrase, Writer

DOLLARS, PERCENT = "USD", "percent"


class ClaimWriter:
    """Puts claims into words; a claim without a value says why it has none."""

    def __init__(self, writer: Writer) -> None:
        self._write = writer
        self._say = writer.speech.say

    def facts(self, claims: Iterable[ClaimRead[ProgramClaim]]) -> list[Fact]:
        """Return claims as lines, in their order."""
        return [self.fact(claim) for claim in claims]

    def fact(self, read: ClaimRead[ProgramClaim]) -> Fact:
        """Return a claim as a line.

        Raises:
            TypeError: No page tells of claims of its kind.
        """
        match read.stated:
            case OutcomeClaim() as claim:
                return self._outcome(read, claim)
            case CostClaim() as claim:
                return self._cost(read, claim)
            case AccreditationClaim() as claim:
                return self._accreditation(read, claim)
            case TransferClaim() as claim:
                return self._transfer(read, claim)
            case PracticumClaim() as claim:
                return self._practicum(read, claim)
            case TopicClaim() as claim:
                return self._yes_or_no(
                    read,
                    self._write.word(words.TOPICS, claim.topic).text,
                    claim.is_covered,
                    yes=self._say("Covered"),
                    no=self._say("Not covered"),
                )
            case ServiceClaim() as claim:
                return self._yes_or_no(
                    read,
                    self._write.word(words.SERVICES, claim.service).text,
                    claim.is_offered,
                    yes=self._say("Yes"),
                    no=self._say("No"),
                )
            case OfferingClaim() as claim if claim.has_contact:
                return self._contact(read, claim)
            case OfferingClaim() as claim:
                return self._offering(read, claim)
            case FieldOutcomeClaim() as claim:
                return self._figure(read, claim, next(iter(figures_of(claim))))
            case OnlineCompletionClaim() as claim:
                value = self._write.word(words.ONLINE_ANSWERS, claim.completion_online)
                return self._line(read, self._say(words.CLAIMS[claim.kind_name]), value)
            case StatusClaim() as claim:
                return self._status(read, claim)
            case PreparationClaim() as claim:
                label = self._say(words.CLAIMS[claim.kind_name])
                return self._line(read, label, Phrase(claim.credential_code))
            case other:
                raise TypeError(f"no page tells of a {type(other).__name__}")

    def _line(
        self,
        read: ClaimRead[ProgramClaim],
        label: str,
        value: Phrase | None,
        notes: Sequence[Phrase] = (),
    ) -> Fact:
        more = [self._write.told(read.note)] if read.note else []
        status = read.value_status
        missing = Phrase(self._say(words.CELLS.get(status, words.NOT_KNOWN)))
        return Fact(
            label=label,
            value=value or missing,
            is_known=value is not None,
            said=self._write.said([read.evidence]),
            notes=[*notes, *more],
        )

    def _yes_or_no(
        self, read: ClaimRead[ProgramClaim], label: str, is_so: bool | None, *, yes: str, no: str
    ) -> Fact:
        value = None if is_so is None else Phrase(yes if is_so else no)
        fact = self._line(read, label, value)
        finding = {True: Finding.MET, False: Finding.NOT_MET, None: Finding.UNKNOWN}[is_so]
        return Fact(fact.label, fact.value, fact.is_known, fact.said, fact.notes, finding)

    def _outcome(self, read: ClaimRead[ProgramClaim], claim: OutcomeClaim) -> Fact:
        value = None
        if claim.value is not None:
            value = Phrase(self._measure(claim.value, claim.unit))
        notes = [Phrase(claim.credential_code)] if claim.credential_code else []
        if claim.person_count is not None:
            notes.append(Phrase(self._counted(claim.reached_count, claim.person_count)))
        notes += self._write.cohort(claim.cohort) if claim.cohort else []
        notes += [self._write.told(claim.definition)] if claim.definition else []
        label = self._write.word(words.METRICS, claim.metric).text
        return self._line(read, label, value, notes)

    def _counted(self, reached: int | None, persons: int) -> str:
        if reached is None:
            return self._write.speech.say_count("of %(n)s person", "of %(n)s people", persons)
        number = self._write.speech.number
        return self._say("%(n)s of %(all)s", n=number(reached), all=number(persons))

    def field_outcomes(self, reads: Iterable[ClaimRead[ProgramClaim]]) -> list[Fact]:
        """Return a line for each figure of some fields and levels."""
        pairs = ((read, read.stated) for read in reads)
        return [
            fact
            for read, claim in pairs
            if isinstance(claim, FieldOutcomeClaim)
            for fact in self.figures(read, claim)
        ]

    def figures(self, read: ClaimRead[ProgramClaim], claim: FieldOutcomeClaim) -> list[Fact]:
        """Return a line for each figure of a field and level, with a number or without one."""
        return [self._figure(read, claim, figure) for figure in figures_of(claim)]

    def _figure(self, read: ClaimRead[ProgramClaim], claim: FieldOutcomeClaim, figure: str) -> Fact:
        amount = getattr(claim, figure)
        number = None if amount is None else self._write.speech.dollars(amount)
        status = status_of(claim, figure)
        return Fact(
            label=self._say(FIGURES[figure]),
            value=Phrase(number or self._say(NO_FIGURE[status])),
            is_known=number is not None,
            said=self._write.said([read.evidence]),
            notes=[self._write.told(population_of(claim))],
        )

    def _measure(self, value: float, unit: str) -> str:
        speech = self._write.speech
        if unit == DOLLARS:
            return speech.say("%(amount)s a year", amount=speech.dollars(value))
        if unit == PERCENT:
            return speech.say("%(number)s%%", number=speech.number(value))
        return speech.number(value)

    def _cost(self, read: ClaimRead[ProgramClaim], claim: CostClaim) -> Fact:
        label = claim.label or self._write.word(words.COST_PARTS, claim.component).text
        value = None
        if claim.amount_low_usd is not None:
            value = Phrase(self.price(claim))
        notes = []
        if claim.residency and claim.residency in words.RESIDENCIES:
            notes.append(self._write.word(words.RESIDENCIES, claim.residency))
        if claim.level == Level.INSTITUTION:
            notes.append(self._write.word(words.LEVELS, claim.level))
        if claim.cip_code:
            notes.append(Phrase(claim.cip_code))
        return self._line(read, label, value, notes)

    def price(self, claim: CostClaim) -> str:
        """Return an amount with what it is charged for."""
        amount = self._write.amount(to_range(claim.amount_low_usd, claim.amount_high_usd))
        pattern = words.AMOUNTS.get(claim.unit or "", "%(amount)s")
        return self._say(pattern, amount=amount)

    def _accreditation(self, read: ClaimRead[ProgramClaim], claim: AccreditationClaim) -> Fact:
        notes = []
        if claim.began_on:
            notes.append(Phrase(self._say("since %(day)s", day=claim.began_on)))
        if claim.accreditor_id:
            notes.append(Phrase(self._say("entry %(number)s", number=claim.accreditor_id)))
        if claim.awarded_on:
            notes.append(Phrase(self._say("awarded %(day)s", day=claim.awarded_on)))
        if claim.effective_on:
            notes.append(Phrase(self._say("effective %(day)s", day=claim.effective_on)))
        ends = filter(None, (claim.ended_on, claim.expires_on))
        notes += [Phrase(self._say("until %(day)s", day=day)) for day in ends]
        if claim.through_year:
            notes.append(Phrase(self._say("through %(year)s", year=claim.through_year)))
        if claim.next_review:
            notes.append(Phrase(self._say("next review %(day)s", day=claim.next_review)))
        notes += [self._write.told(part) for part in (*claim.covered_campuses, *claim.forms)]
        status = self._write.word(words.STATUSES, claim.status)
        value = replace(status, text=status.text[:1].upper() + status.text[1:])
        return self._line(read, claim.accreditor, value, notes)

    def _transfer(self, read: ClaimRead[ProgramClaim], claim: TransferClaim) -> Fact:
        parts = (claim.sending_program, claim.receiving_institution, claim.receiving_program)
        notes = [self._write.told(part) for part in parts if part]
        if claim.credits_max is not None:
            most = self._write.speech.say_count(
                "at most %(n)s credit", "at most %(n)s credits", claim.credits_max
            )
            notes.append(Phrase(most))
        label = self._write.word(words.TRANSFERS, claim.topic).text
        fact = self._yes_or_no(
            read, label, claim.is_offered, yes=self._say("Yes"), no=self._say("No")
        )
        return Fact(
            fact.label, fact.value, fact.is_known, fact.said, [*notes, *fact.notes], fact.finding
        )

    def _practicum(self, read: ClaimRead[ProgramClaim], claim: PracticumClaim) -> Fact:
        notes = []
        if (hours := self.hours(claim)) is not None:
            notes.append(Phrase(hours))
        if claim.format:
            notes.append(self._write.word(words.PRACTICUM_FORMATS, claim.format))
        if claim.is_site_arranged is not None:
            notes.append(Phrase(self.site(claim.is_site_arranged)))
        notes += [self._write.word(words.PRACTICUM_SITES, site) for site in claim.sites]
        if claim.required_in:
            notes.append(Phrase(self.required_in(claim)))
        notes += [self._write.told(label) for label in claim.labels]
        value = None
        if claim.availability:
            value = self._write.word(words.AVAILABILITIES, claim.availability)
        return self._line(read, self._say("Practicum"), value, notes)

    def hours(self, claim: PracticumClaim) -> str | None:
        """Return the hours of a practicum; None where they are not stated."""
        low, high = claim.hours_low, claim.hours_high
        if low is None:
            return None
        if high == low:
            return self._write.speech.say_count("%(n)s hour", "%(n)s hours", low)
        number = self._write.speech.number
        if high is None:
            return self._say("%(low)s hours or more", low=number(low))
        return self._say("%(low)s to %(high)s hours", low=number(low), high=number(high))

    def required_in(self, claim: PracticumClaim) -> str:
        """Return which forms or tracks alone require a practicum."""
        return self._say("required only in: %(forms)s", forms=", ".join(claim.required_in))

    def site(self, is_arranged: bool) -> str:
        """Return who finds the practicum site."""
        if is_arranged:
            return self._say("the school arranges the site")
        return self._say("the student finds the site")

    def _status(self, read: ClaimRead[ProgramClaim], claim: StatusClaim) -> Fact:
        notes = []
        if claim.closed_on:
            notes.append(Phrase(self._say("since %(day)s", day=claim.closed_on)))
        if claim.successor_name:
            notes.append(Phrase(claim.successor_name))
        if claim.is_cash_monitored:
            notes.append(self._write.word(words.WARNINGS, "heightened_cash_monitoring"))
        value = self._write.word(words.OPERATIONS, claim.status)
        return self._line(read, self._say(words.CLAIMS[claim.kind_name]), value, notes)

    def _offering(self, read: ClaimRead[ProgramClaim], claim: OfferingClaim) -> Fact:
        notes = []
        if claim.enrollment_status:
            notes.append(self._write.word(words.ENROLLMENTS, claim.enrollment_status))
        if claim.months_low is not None:
            notes.append(Phrase(self._write.months(to_range(claim.months_low, claim.months_high))))
        if claim.credits is not None:
            counted = self._write.speech.say_count("%(n)s credit", "%(n)s credits", claim.credits)
            notes.append(Phrase(counted))
        elif claim.credits_low is not None or claim.credits_high is not None:
            notes.append(Phrase(self._credits(claim.credits_low, claim.credits_high)))
        value = None
        if claim.delivery:
            value = Phrase(self._write.listed(words.DELIVERIES, claim.delivery))
        elif notes:
            value, *notes = notes
        return self._line(read, self._say(words.CLAIMS[claim.kind_name]), value, notes)

    def _contact(self, read: ClaimRead[ProgramClaim], claim: OfferingClaim) -> Fact:
        """Return how a role or office is reached that answers questions on a program."""
        role = claim.contact_role
        label = self._write.word(words.CONTACTS, role).text if role else self._say("Whom to ask")
        value, *notes = [
            Phrase(one) for one in (claim.contact_mail, claim.contact_phone) if one is not None
        ]
        return self._line(read, label, value, notes)

    def _credits(self, low: float | None, high: float | None) -> str:
        number = self._write.speech.number
        if low is None:
            return self._write.speech.say_count(
                "at most %(n)s credit", "at most %(n)s credits", high or 0
            )
        if high is None:
            return self._say("%(low)s credits or more", low=number(low))
        return self._say("%(low)s to %(high)s credits", low=number(low), high=number(high))

    def unknown(self, label: str) -> Fact:
        """Return a line of which no claim tells."""
        return not_known(self._write, label)
