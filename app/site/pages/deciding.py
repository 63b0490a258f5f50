"""What decides about a program, told in one way: on its page, and beside others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from app.domain.checklist.accreditation import FEDERAL_AID
from app.domain.claims import (
    LISTS,
    AccreditationClaim,
    FieldOutcomeClaim,
    PracticumClaim,
    ProgramClaim,
    TransferClaim,
)
from app.domain.credentials.eligibility import Answer as Eligible
from app.domain.credentials.leads_to import LeadsTo
from app.domain.dossier import Dossier
from app.domain.field_outcomes import FIGURES, NO_FIGURE, population_of
from app.domain.vocabulary import Delivery, Finding, Section, TransferKind
from app.queries.details import to_reads
from app.queries.summaries import to_field_outcome, to_online_completion
from app.schemas.checklists import ChecklistRead, CheckRead
from app.schemas.claims import LEADING, ClaimRead, Standing
from app.schemas.comparison import RangeRead, ValueRead
from app.schemas.eligibility import EligibilityRead
from app.schemas.total_cost import TotalCostRead
from app.site import words
from app.site.glossary import TERM_OF
from app.site.languages import capitalized
from app.site.pages.chips import class_format
from app.site.pages.claims import ClaimWriter
from app.site.writing import Citation, Phrase, Rows, Writer

Claim = TypeVar("Claim", bound=ProgramClaim)

ON_TO_MORE = (TransferKind.ARTICULATION, TransferKind.STACKABLE)
INTO_IT = (TransferKind.CREDITS_ACCEPTED, TransferKind.POLICY, TransferKind.PRIOR_LEARNING)

EARNINGS = ("earnings_4_years_usd", "earnings_5_years_usd", "earnings_1_year_usd")
"""Figures that tell what graduates earn, the one to show first."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A term with its meaning; ``id`` is unique on the page."""

    id: str
    words: str
    meaning: Phrase


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a fact that decides; ``text`` is None where nothing is known.

    ``icon`` is the name of a symbol, that of the finding where it is None.
    """

    finding: Finding
    text: Phrase | None
    notes: Sequence[Phrase] = ()
    said: Sequence[Citation] = ()
    terms: Sequence[Explained] = ()
    icon: str | None = None


def explained(writer: Writer, key: str, shown: str) -> Explained:
    """Return a term of the glossary under the words in which it is shown."""
    return Explained(key, shown, writer.told(TERM_OF[key].text))


UNTOLD = Told(Finding.UNKNOWN, None)


class Deciding:
    """Tells what decides about one program, from all that is known of it."""

    def __init__(
        self,
        writer: Writer,
        dossier: Dossier,
        rows: Rows,
        checklist: ChecklistRead,
        cost: TotalCostRead,
        exams: Sequence[EligibilityRead],
    ) -> None:
        """Take what a reader asks for; the checklist has what the reader was told."""
        self._write = writer
        self._say = writer.speech.say
        self._claims = ClaimWriter(writer)
        self._dossier = dossier
        self._rows = rows
        self._checks = {one.key: one for part in checklist.criteria for one in part.checks}
        self._cost = cost
        self._exams = {exam.credential: exam for exam in exams}
        self._tell = {
            "accredited": self._accredited,
            "leads_to": self._leads_to,
            "cost": self._total,
            "length": self._length,
            "format": self._format,
            "practicum": self._practicum,
            "transfer": self._transfer,
            "earnings": self._earnings,
        }

    def tell(self, key: str) -> Told:
        """Return what is told of one of the facts that decide."""
        return self._tell[key]()

    def _leading(self, kind: type[Claim], *more: Standing) -> list[ClaimRead[Claim]]:
        """Return the claims of a kind that lead, and those that stand otherwise asked for."""
        claims = getattr(self._dossier.facts, LISTS[kind])
        standings = (*LEADING, *more)
        return [one for one in to_reads(claims, self._dossier.day) if one.standing in standings]

    def _check(self, key: str) -> CheckRead | None:
        return self._checks.get(key)

    def _row(self, section: Section, key: str) -> ValueRead:
        return self._rows[section, key][1]

    def _accredited(self) -> Told:
        check = self._check("program_accredited")
        finding = check.finding if check else Finding.UNKNOWN
        leading = [
            one.stated for one in self._leading(AccreditationClaim) if one.stated.scope == "program"
        ]
        terms, notes = [], []
        if finding in (Finding.UNKNOWN, Finding.NOT_APPLICABLE):
            if (school := self._school_accredited()) is not None:
                notes.append(school)
        else:
            for claim in leading[:1]:
                term = TERM_OF.get(claim.accreditor.lower())
                if term:
                    terms.append(explained(self._write, term.key, claim.accreditor))
                else:
                    notes.append(Phrase(claim.accreditor))
                if claim.through_year:
                    notes.append(Phrase(self._say("through %(year)s", year=claim.through_year)))
        return Told(
            finding,
            None
            if finding is Finding.UNKNOWN
            else self._write.word(words.CHIPS_OF_ACCREDITATION, finding),
            notes,
            self._write.said(check.evidence if check else []),
            terms,
        )

    def _school_accredited(self) -> Phrase | None:
        """Return that the school as a whole is accredited, where that is known."""
        check = self._check("institution_accredited")
        if check is None or check.finding is not Finding.MET:
            return None
        value = self._row(Section.ACCREDITATION, "institution_accreditation")
        if isinstance(value.value, str) and value.display != FEDERAL_AID:
            return Phrase(self._say("The school is accredited: %(body)s", body=value.value))
        return Phrase(self._say("The school is accredited"))

    def _leads_to(self) -> Told:
        """Return the exam that is open to graduates; else that of the award, open or not."""
        told = dict(self._dossier.leads_to)
        for code, opening in self._exams.items():
            if opening.answer is Eligible.YES:
                told.setdefault(code, LeadsTo.YES)
        codes = sorted(told, key=lambda code: told[code] is not LeadsTo.YES)
        notes = [self._opening(code, told[code]) for code in codes[1:]]
        named = [
            code
            for code in self._dossier.prepares_for
            if told.get(code, LeadsTo.NOT_KNOWN) is LeadsTo.NOT_KNOWN
        ]
        if named:
            said = self._say("School says it prepares for: %(names)s", names=", ".join(named))
            notes.append(Phrase(said))
        if not codes:
            value = self._row(Section.CREDENTIALS, "prepares_for")
            said_by = self._write.said(value.evidence)
            return Told(Finding.UNCONFIRMED, notes[0], said=said_by) if notes else UNTOLD
        code, exam = codes[0], self._exams.get(codes[0])
        finding = Finding(words.LEADS_TO_MARKS[told[code]])
        text = None if finding is Finding.UNKNOWN else self._opening(code, told[code])
        if exam is None:
            return Told(finding, text, notes)
        standing = exam.standing.evidence if exam.standing else []
        routes = [route.evidence for route in exam.routes if route.decides]
        name = self._write.told(exam.credential_name, "name")
        said_by = self._write.said([*standing, *routes])
        return Told(finding, text, notes, said_by, [Explained("exam", code, name)])

    def _opening(self, code: str, answer: LeadsTo) -> Phrase:
        return Phrase(self._say(words.CHIPS_OF_LEADS_TO[answer], credential=code))

    def _total(self) -> Told:
        cost, total = self._cost, self._cost.total
        if total.low_usd is None:
            return UNTOLD
        notes = [self._write.told(cost.for_whom)]
        if cost.missing:
            parts = ", ".join(
                self._write.word(words.COST_PARTS, part.component).text.lower()
                for part in cost.missing
            )
            notes.append(Phrase(self._say("On top: %(parts)s, price not known", parts=parts)))
        return Told(
            Finding.PARTLY_KNOWN if cost.missing else Finding.MET,
            Phrase(self._write.between(_whole(total.low_usd), _whole(total.high_usd))),
            notes,
            self._write.said(one for part in cost.components for one in part.evidence),
        )

    def _length(self) -> Told:
        months = self._dossier.months
        if months is None:
            return UNTOLD
        value = self._row(Section.LENGTH, "months")
        return Told(
            Finding.MET,
            Phrase(self._write.months(RangeRead(low=months[0], high=months[1]))),
            [Phrase(self._say("At full time"))],
            self._write.said(value.evidence),
        )

    def _format(self) -> Told:
        delivery = [Delivery(mode) for mode in self._dossier.delivery or ()]
        chip = class_format(self._write, delivery, to_online_completion(self._dossier))
        key = "delivery" if delivery else "completion_online"
        said = self._write.said(self._row(Section.PLACE_AND_DELIVERY, key).evidence)
        if chip.finding is Finding.UNKNOWN:
            return replace(UNTOLD, said=said)
        notes = [] if delivery or not chip.note else [Phrase(capitalized(chip.note))]
        return Told(chip.finding, chip.text, notes, said, icon=chip.icon)

    def _practicum(self) -> Told:
        check = self._check("practicum_offered")
        told = self._leading(PracticumClaim, "agreeing")
        finding = check.finding if check else Finding.UNKNOWN
        stated = next((one.stated.availability for one in told if one.stated.availability), None)
        if finding is Finding.UNKNOWN:
            return UNTOLD
        if stated is None:
            return Told(finding, self._write.word(words.FINDINGS, finding))
        text = self._write.word(words.AVAILABILITIES, stated)
        if finding is Finding.NOT_MET:
            return Told(finding, text, said=self._write.said(check.evidence if check else []))
        hours = next(filter(None, (self._claims.hours(one.stated) for one in told)), None)
        arranged = [is_so for one in told if (is_so := one.stated.is_site_arranged) is not None]
        if hours:
            text = Phrase(f"{text.text}, {hours}")
        who = capitalized(self._claims.site(arranged[0])) if arranged else None
        unconfirmed = self._write.word(words.FINDINGS, Finding.UNCONFIRMED)
        notes = [
            *([unconfirmed] if finding is Finding.UNCONFIRMED else []),
            *([] if hours else [Phrase(self._say("Hours not known"))]),
            Phrase(who or self._say("Who finds the site is not known")),
        ]
        return Told(finding, text, notes, self._write.said(one.evidence for one in told))

    def _transfer(self) -> Told:
        leading = self._leading(TransferClaim)
        offered = {one.stated.topic: one for one in leading if one.stated.is_offered}
        check = self._check("articulation")
        finding = check.finding if check else Finding.UNKNOWN
        on_to_more = [offered[kind] for kind in ON_TO_MORE if kind in offered]
        into_it = [offered[kind] for kind in INTO_IT if kind in offered]
        shown = [*on_to_more, *into_it] or list(offered.values())
        if finding is Finding.UNKNOWN:
            if not shown:
                return UNTOLD
            finding = Finding.PARTLY_KNOWN
        if not shown:
            text, notes = self._write.word(words.FINDINGS, finding), []
        else:
            first, *rest = [self._write.word(words.TRANSFERS, one.stated.topic) for one in shown]
            school = shown[0].stated.receiving_institution
            text = first
            notes = [*([Phrase(school)] if school else []), *rest[:1]]
        if not on_to_more and finding is not Finding.NOT_MET:
            notes.append(Phrase(self._say("Agreement with another school: not known")))
        evidence = [one.evidence for one in shown] or (check.evidence if check else [])
        return Told(finding, text, notes, self._write.said(evidence))

    def _earnings(self) -> Told:
        field = to_field_outcome(self._dossier)
        leading = self._leading(FieldOutcomeClaim)
        if field is None or not leading:
            return UNTOLD
        said = self._write.said(one.evidence for one in leading)
        name = next((name for name in EARNINGS if getattr(field, name) is not None), None)
        if name is None:
            why = NO_FIGURE.get(field.statuses.get(EARNINGS[0], ""))
            notes = [Phrase(capitalized(self._say(why)))] if why else []
            return replace(UNTOLD, notes=notes, said=said)
        amount = self._write.speech.dollars(getattr(field, name))
        notes = [Phrase(self._say(FIGURES[name]))]
        if not field.is_only_program:
            notes.append(Phrase(self._say("Not of this program alone")))
        finding = Finding.MET if field.is_only_program else Finding.PARTLY_KNOWN
        of_whom = self._write.told(population_of(leading[0].stated)).text
        return Told(
            Finding.UNCONFIRMED if field.is_stale else finding,
            Phrase(self._say("%(amount)s a year", amount=amount)),
            notes,
            said,
            [replace(explained(self._write, "cip", capitalized(of_whom)), id="of-whom")],
        )


def _whole(amount: float | None) -> float | None:
    return None if amount is None else round(amount)
