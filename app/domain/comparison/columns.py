"""One program in a comparison, and how what is known of it becomes the cells of a row.

A function that makes cells is of the type ``Cells``. It returns what is known, the leading value
first, and nothing where nothing is known.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, TypeVar

from app.domain.checklist.reading import is_stale, leading_first
from app.domain.checklist.results import CheckResult
from app.domain.checklist.scoring import Score
from app.domain.claims import LISTS, OutcomeClaim, ProgramClaim
from app.domain.comparison.cells import Cell, ComparableTerms, Range, Value
from app.domain.dossier import Dossier, ProgramRecord, SchoolRecord, made_once
from app.domain.evidence import CURATED_PROGRAMS, Subject
from app.domain.vocabulary import CellStatus, Level, Residency, Section, in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClaim(ProgramClaim):
    """That a source lists the program or the school at all, under this name and place."""

    subject: ClassVar[Subject] = Subject.OFFERING


Claim = TypeVar("Claim", bound=ProgramClaim)


@dataclass(frozen=True, eq=False)
class Column:
    """One program as a comparison shows it to the reader of its dossier, under some weights."""

    dossier: Dossier
    weights: Mapping[str, float] | None
    _leading: dict[type[ProgramClaim], list[Any]] = field(default_factory=dict, init=False)
    _cells: dict[tuple[Section, str], Sequence[Cell]] = field(default_factory=dict, init=False)
    shown: dict[int, Any] = field(default_factory=dict, init=False)
    """Identity of a cell of this column -> the cell as it is served."""

    def cells(self, section: Section, key: str, make: "Cells") -> Sequence[Cell]:
        """Return the cells of a row, made once."""
        found = self._cells.get((section, key))
        if found is None:
            found = self._cells[section, key] = make(self)
        return found

    @property
    def residency(self) -> Residency:
        """Whose prices the reader pays at this school."""
        return self.dossier.same_as(self.dossier.residency)

    def claims(self, kind: type[Claim]) -> list[Claim]:
        """Return the claims of a kind, the leading one first."""
        if kind not in self._leading:
            known = getattr(self.dossier.known, LISTS[kind])
            self._leading[kind] = leading_first(known, self.dossier.day)
        return self._leading[kind]

    def is_stale(self, claim: ProgramClaim) -> bool:
        """Return whether a claim is past its shelf life."""
        return is_stale(claim, self.dossier.day)

    def counting(self, claims: list[Claim]) -> tuple[list[Claim], CellStatus]:
        """Return the claims that still count, or stale ones where there are no others."""
        fresh = [claim for claim in claims if not self.is_stale(claim)]
        return fresh or claims, CellStatus.KNOWN if fresh else CellStatus.STALE

    @cached_property
    def results(self) -> dict[str, CheckResult]:
        """Check key -> result."""
        return {result.key: result for result in self.dossier.results}

    @cached_property
    def outcomes(self) -> dict[tuple[str, str | None], list[OutcomeClaim]]:
        """What is measured, and of which credential -> its claims, the leading one first."""
        found: dict[tuple[str, str | None], list[OutcomeClaim]] = {}
        for claim in self.claims(OutcomeClaim):
            found.setdefault((claim.metric, claim.credential_code), []).append(claim)
        return found

    @property
    def scored(self) -> Score:
        """The score under the weights."""
        return self.dossier.score(self.weights)

    @cached_property
    def program_record(self) -> RecordClaim:
        """That a source lists the program; its page is that of a survey if it is joined to one."""
        program = self.dossier.program
        url = None if program.is_named_by_page else program.url
        return self.record(program.source, None, url=url)

    @cached_property
    def name_record(self) -> RecordClaim:
        """Who calls the program what it is called: the page of the school, or who lists it."""
        program = self.dossier.program
        if not program.is_named_by_page:
            return self.program_record
        return self.record(CURATED_PROGRAMS, None, url=program.url)

    @cached_property
    def school_record(self) -> RecordClaim:
        """That a directory lists its school."""
        school = self.dossier.school
        return self.record(school.source, school.as_of, level=Level.INSTITUTION)

    def record(
        self, source: str, as_of: str | None, *, level: str = Level.PROGRAM, url: str | None = None
    ) -> RecordClaim:
        """Return that a source lists the program, or its school."""
        listed = self.dossier.shared.sources[source]
        return RecordClaim(
            level=level,
            source=source,
            basis=listed.basis,
            source_url=url or listed.url,
            as_of=as_of,
        )


Cells = Callable[[Column], Sequence[Cell]]


def column_of(dossier: Dossier, weights: Mapping[str, float] | None) -> Column:
    """Return a program as a comparison shows it; under the weights of the rubric, made once."""
    return Column(dossier, weights) if weights else _usual_column(dossier)


@made_once
def _usual_column(dossier: Dossier) -> Column:
    return Column(dossier, None)


class Shown(NamedTuple):
    """What a claim says: a value, the same in words, and on which terms it stands."""

    value: Value
    display: str
    terms: ComparableTerms = ComparableTerms()


def to_cell(column: Column, claim: ProgramClaim, shown: Shown) -> Cell:
    """Return a claim as a cell; past its shelf life it is shown and does not count."""
    status = CellStatus.STALE if column.is_stale(claim) else CellStatus.KNOWN
    return Cell(shown.value, shown.display, status, (claim,), shown.terms)


def first_known(*makers: Cells) -> Cells:
    """Make the cells of the first maker that knows something."""
    return lambda column: next((found for make in makers if (found := make(column))), ())


# records


def of_program(
    value: Callable[[ProgramRecord], str | None], show: Callable[[str], str] = str
) -> Cells:
    """Make cells of a field of the program's record."""

    def cells(column: Column) -> list[Cell]:
        return _recorded(value(column.dossier.program), show, column.program_record)

    return cells


def name_of_program(column: Column) -> list[Cell]:
    """Return the name of a program, by the page or the survey that it is taken from."""
    return _recorded(column.dossier.program.name, str, column.name_record)


def of_school(
    value: Callable[[SchoolRecord], str | None], show: Callable[[str], str] = str
) -> Cells:
    """Make cells of a field of the school's record."""

    def cells(column: Column) -> list[Cell]:
        return _recorded(value(column.dossier.school), show, column.school_record)

    return cells


def _recorded(value: str | None, show: Callable[[str], str], record: RecordClaim) -> list[Cell]:
    return [] if value is None else [Cell(value, show(value), CellStatus.KNOWN, (record,))]


# statements: one claim leads


def stated(kind: type[Claim], show: Callable[[Claim], Shown | None]) -> Cells:
    """Make cells of what the leading claim of a kind says, among those that ``show`` shows."""

    def cells(column: Column) -> list[Cell]:
        for claim in column.claims(kind):
            if (shown := show(claim)) is not None:
                return [to_cell(column, claim, shown)]
        return []

    return cells


def word(key: str | None, prefix: str = "") -> Shown | None:
    """Show a key of a closed list, if there is one."""
    return Shown(key, f"{prefix}{in_words(key)}") if key else None


def yes_or_no(answer: bool | None, *, level: str | None = None) -> Shown | None:
    """Show whether something is so, if that is known."""
    if answer is None:
        return None
    return Shown(answer, "yes" if answer else "no, as stated", ComparableTerms(level=level))


def quantity(low: float | None, high: float | None, unit: str) -> Shown | None:
    """Show one number, or from low to high, if one of them is known."""
    if low is None:
        return None if high is None else Shown(Range(None, high), f"at most {high:g} {unit}")
    if high is None:
        return Shown(Range(low, None), f"{low:g} {unit} or more")
    if low == high:
        return Shown(low, f"{low:g} {unit}")
    return Shown(Range(low, high), f"{low:g} to {high:g} {unit}")


def listing(names: Iterable[str]) -> Shown | None:
    """Show names one after the other, if there are any."""
    found = tuple(names)
    return Shown(found, ", ".join(found)) if found else None


# lists: all claims that still count add to them, stale ones where there are no others


def listed(kind: type[Claim], name: Callable[[Claim], str | None]) -> Cells:
    """Make cells of all that claims of a kind name."""

    def cells(column: Column) -> list[Cell]:
        claims, status = column.counting([c for c in column.claims(kind) if name(c)])
        found = tuple(sorted({str(name(claim)) for claim in claims}))
        return [Cell(found, ", ".join(map(in_words, found)), status, (c,)) for c in claims[:1]]

    return cells
