"""The eight facts that decide between programs, side by side: what a comparison opens with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.claims import AccreditationClaim
from app.domain.dossier import Dossier
from app.domain.vocabulary import Delivery, Finding, Section
from app.queries.summaries import to_online_completion
from app.site import words
from app.site.pages.chips import Chip, accredited, class_format, leading
from app.site.rows import Cell, Line
from app.site.writing import Citation, Phrase, Writer

Lines = Mapping[tuple[Section, str], Line]
"""Section and key of a row -> the row."""


@dataclass(frozen=True, slots=True)
class DecidingCell:
    """A deciding fact of one program; ``icon`` names a symbol."""

    program: str
    finding: Finding
    icon: str
    value: Phrase
    notes: Sequence[Phrase]
    said: Sequence[Citation]
    is_best: bool = False


@dataclass(frozen=True, slots=True)
class DecidingRow:
    """A deciding fact of all programs compared."""

    key: str
    label: str
    cells: Sequence[DecidingCell]

    @property
    def differs(self) -> bool:
        """Whether what is known of the programs is not the same."""
        return len({(cell.value.text, cell.finding) for cell in self.cells}) > 1


class DecidingFacts:
    """Puts the deciding facts of some programs into words."""

    def __init__(
        self,
        write: Writer,
        lines: Lines,
        findings: Mapping[str, Mapping[str, Finding]],
        dossiers: Mapping[str, Dossier],
    ) -> None:
        """Take the rows of a comparison, and program -> check -> finding with what was told."""
        self._write = write
        self._lines = lines
        self._findings = findings
        self._dossiers = dossiers

    def rows(self) -> list[DecidingRow]:
        """Return the rows in their order."""
        say = self._write.speech.say
        made = {
            "cost": (say("Cost in all, for you"), self._cost),
            "accredited": (say("Accredited"), self._accredited),
            "exam": (say("Exam it leads to"), self._exam),
            "format": (say("Online"), self._format),
            "length": (say("Length at full time"), self._length),
            "transfer": (say("Transfer credits"), self._transfer),
            "practicum": (say("Practicum"), self._practicum),
            "graduates": (say("Graduates per year"), self._graduates),
        }
        return [
            DecidingRow(key, label, [make(slug, at) for at, slug in enumerate(self._dossiers)])
            for key, (label, make) in made.items()
        ]

    def _cell(self, section: Section, key: str, at: int) -> Cell:
        return self._lines[section, key].cells[at]

    def _said(self, section: Section, key: str, at: int) -> Sequence[Citation]:
        line = self._lines[section, key]
        return line.cells[at].said or (line.said if line.cells[at].is_known else ())

    def _of_row(self, section: Section, key: str, slug: str, at: int, *, icon: str) -> DecidingCell:
        """Return what a row says, or that nothing is known."""
        cell = self._cell(section, key, at)
        return DecidingCell(
            program=slug,
            finding=Finding.MET if cell.is_known else Finding.UNKNOWN,
            icon=icon if cell.is_known else "unknown",
            value=cell.value if cell.is_known else self._not_known(),
            notes=cell.notes,
            said=self._said(section, key, at),
            is_best=cell.is_best,
        )

    def _of_chip(
        self, chip: Chip, slug: str, notes: Sequence[Phrase], said: Sequence[Citation]
    ) -> DecidingCell:
        return DecidingCell(slug, chip.finding, chip.icon, chip.text, notes, said)

    def _not_known(self) -> Phrase:
        return Phrase(self._write.speech.say(words.NOT_KNOWN))

    def _cost(self, slug: str, at: int) -> DecidingCell:
        return self._of_row(Section.COST, "total_cost", slug, at, icon="cost")

    def _accredited(self, slug: str, at: int) -> DecidingCell:
        section, key = Section.ACCREDITATION, "program_accreditation"
        chip = accredited(self._write, self._findings[slug]["program_accredited"])
        grounds = self._dossiers[slug].find("program_accredited").evidence
        bodies = dict.fromkeys(
            claim.accreditor for claim in grounds if isinstance(claim, AccreditationClaim)
        )
        notes = [Phrase(body) for body in bodies]
        return self._of_chip(chip, slug, notes, self._said(section, key, at))

    def _exam(self, slug: str, at: int) -> DecidingCell:
        say = self._write.speech.say
        section, key = Section.CREDENTIALS, "prepares_for"
        cell = self._cell(section, key, at)
        chips = leading(self._write, self._dossiers[slug].leads_to)
        told = (
            [Phrase(say("School says it prepares for: %(names)s", names=cell.value.text))]
            if cell.is_known
            else []
        )
        said = self._said(section, key, at)
        if chips:
            return self._of_chip(chips[0], slug, told, said)
        if told:
            return DecidingCell(slug, Finding.UNCONFIRMED, "unconfirmed", told[0], [], said)
        return DecidingCell(slug, Finding.UNKNOWN, "unknown", self._not_known(), [], [])

    def _format(self, slug: str, at: int) -> DecidingCell:
        dossier = self._dossiers[slug]
        delivery = [Delivery(one) for one in dossier.delivery] if dossier.delivery else None
        chip = class_format(self._write, delivery, to_online_completion(dossier))
        keys = ("delivery", "completion_online")
        said = (self._said(Section.PLACE_AND_DELIVERY, key, at) for key in keys)
        return self._of_chip(chip, slug, [], next(filter(None, said), ()))

    def _length(self, slug: str, at: int) -> DecidingCell:
        return self._of_row(Section.LENGTH, "months", slug, at, icon="clock")

    def _transfer(self, slug: str, at: int) -> DecidingCell:
        told = list(self._told(TRANSFER, at))
        finding = self._findings[slug]["transfer_policy"]
        if not told:
            return DecidingCell(slug, Finding.UNKNOWN, "unknown", self._not_known(), [], [])
        (value, said), *more = told
        if finding is Finding.UNKNOWN:
            finding = Finding.PARTLY_KNOWN
        return DecidingCell(slug, finding, finding, value, [one for one, _ in more], said)

    def _told(
        self, keys: Sequence[tuple[Section, str]], at: int
    ) -> Iterator[tuple[Phrase, Sequence[Citation]]]:
        """Yield what some rows tell: a plain yes by the name of its row, anything else as it is."""
        yes = self._write.speech.say("Yes")
        for section, key in keys:
            cell = self._cell(section, key, at)
            if cell.is_known:
                is_yes = cell.value.text == yes
                label = self._lines[section, key].label
                value = Phrase(label) if is_yes else Phrase(f"{label}: {cell.value.text}")
                yield value, self._said(section, key, at)

    def _practicum(self, slug: str, at: int) -> DecidingCell:
        section = Section.PRACTICUM
        cell = self._cell(section, "practicum", at)
        finding = self._findings[slug]["practicum_offered"]
        more = [one for one, _ in self._told(PRACTICUM, at)]
        value = cell.value if cell.is_known else self._not_known()
        return DecidingCell(
            slug, finding, finding, value, more, self._said(section, "practicum", at)
        )

    def _graduates(self, slug: str, at: int) -> DecidingCell:
        return self._of_row(Section.OUTCOMES, "completions", slug, at, icon="people")


TRANSFER = [
    (Section.TRANSFER, key)
    for key in ("credits_accepted", "transfer_policy", "articulation", "prior_learning")
]
PRACTICUM = [
    (Section.PRACTICUM, key) for key in ("practicum_hours", "practicum_format", "site_arranged")
]
"""Rows that tell more of a deciding fact, what decides most first."""
