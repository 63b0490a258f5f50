"""The facts that decide between programs, side by side: what a comparison opens with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.messages import N_
from app.domain.vocabulary import Finding, Section
from app.site import words
from app.site.pages.deciding import Deciding, Told
from app.site.rows import Line
from app.site.words import Words
from app.site.writing import Citation, Phrase, Writer

Lines = Mapping[tuple[Section, str], Line]
"""Section and key of a row -> the row."""

LABELS: Words = {
    "cost": N_("Cost in all, for you"),
    "accredited": N_("Accredited"),
    "leads_to": N_("Exam it leads to"),
    "format": N_("Online"),
    "length": N_("Length at full time"),
    "transfer": N_("Transfer credits"),
    "practicum": N_("Practicum"),
}
"""What decides -> what its row is called, in the order of the table."""

ICONS = {"cost": "cost", "length": "clock"}
"""What is no yes or no -> the symbol that stands for it where it is known."""


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


def deciding_rows(
    write: Writer, lines: Lines, programs: Mapping[str, Deciding]
) -> list[DecidingRow]:
    """Return the rows in their order; ``programs`` is program -> what decides about it."""
    rows = [
        DecidingRow(
            key,
            write.speech.say(label),
            [
                _cell(write, key, slug, deciding.tell(key), is_best=_is_best(lines, key, at))
                for at, (slug, deciding) in enumerate(programs.items())
            ],
        )
        for key, label in LABELS.items()
    ]
    return [*rows, _graduates(write, lines[Section.OUTCOMES, "completions"], list(programs))]


def _is_best(lines: Lines, key: str, at: int) -> bool:
    row = BEST_BY.get(key)
    return row is not None and lines[row].cells[at].is_best


BEST_BY = {"cost": (Section.COST, "total_cost"), "length": (Section.LENGTH, "months")}
"""What decides -> the row of the comparison that says which one is best."""


def _cell(write: Writer, key: str, slug: str, told: Told, *, is_best: bool) -> DecidingCell:
    is_known = told.text is not None
    return DecidingCell(
        program=slug,
        finding=told.finding,
        icon=ICONS[key] if is_known and key in ICONS else told.icon or told.finding,
        value=told.text or Phrase(write.speech.say(words.NOT_KNOWN)),
        notes=_notes(key, told),
        said=told.said,
        is_best=is_best,
    )


def _notes(key: str, told: Told) -> Sequence[Phrase]:
    """Return what limits a fact; what its row says already is left out."""
    if key == "length":
        return ()
    if key == "accredited":
        return [*(Phrase(term.words) for term in told.terms), *told.notes]
    return told.notes


def _graduates(write: Writer, line: Line, programs: Sequence[str]) -> DecidingRow:
    cells = [
        DecidingCell(
            program=slug,
            finding=Finding.MET if cell.is_known else Finding.UNKNOWN,
            icon="people" if cell.is_known else "unknown",
            value=cell.value if cell.is_known else Phrase(write.speech.say(words.NOT_KNOWN)),
            notes=cell.notes,
            said=cell.said or (line.said if cell.is_known else ()),
            is_best=cell.is_best,
        )
        for slug, cell in zip(programs, line.cells, strict=True)
    ]
    return DecidingRow("graduates", write.speech.say("Graduates per year"), cells)
