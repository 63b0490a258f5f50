"""Check the hand files of the lexicon: each line can be read, and what it stands for exists."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel import Locale
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.domain.areas import FIPS
from app.domain.guide import SECTIONS
from app.domain.text.identifiers import to_host
from app.errors import ImportFileError
from app.schemas.programs import ProgramQuery
from app.search.first import ABOUT_THINGS, ACCREDITORS, PAGES
from app.search.lexicon import METRO
from app.search.reading.folding import spellings_of
from app.search.reading.hand_files import FILES, HandFileError, HandLine, read_lines, unknown
from app.search.reading.spans import (
    AreaTarget,
    CredentialTarget,
    FieldTarget,
    FilterTarget,
    Kind,
    NoteTarget,
    SchoolTarget,
)
from app.search.said import UNTOLD
from app.search.text import FILTER_OF
from app.search.usual import USUAL_PROGRAMS
from app.store.known_codes import KnownCodes, load_known_codes
from app.store.tables.areas import Area
from app.store.tables.guide import GuideEntry
from app.store.tables.institutions import Institution
from app.store.tables.programs import ProgramSummary

OURS = frozenset({"US", "AS", "GU", "MP", "PR", "UM", "VI"})
"""Territories of ISO 3166 that are no other country."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a column of a line of a file, or what to look at."""

    file: str
    line: int
    column: str
    problem: str


@dataclass(slots=True)
class LexiconCheck:
    """What a check found: lines by file, what has to be mended, what to look at."""

    lines: dict[str, int] = field(default_factory=dict)
    errors: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What lines may stand for."""

    codes: KnownCodes
    fields: frozenset[str]
    """CIP codes of listed programs."""
    counties: frozenset[str]
    """Counties that have a school."""
    metros: frozenset[str]
    hosts: frozenset[str]
    """Last two labels of the web hosts of schools."""
    pages: frozenset[str]
    countries: frozenset[str]


def load_catalogue(session: Session) -> Catalogue:
    """Return what lines may stand for in the catalogue of a session."""
    codes = load_known_codes(session)
    schools = session.exec(
        select(Institution.county_code, Institution.cbsa_code, Institution.website)
    ).all()
    areas = session.exec(select(Area.code).where(col(Area.kind) == METRO)).all()
    entries = session.exec(select(GuideEntry.section, GuideEntry.slug)).all()
    fields = session.exec(select(ProgramSummary.cip_code).distinct()).all()
    hosts = (to_host(website).split(".") for _, _, website in schools if website)
    territories = map(str, Locale("en").territories)
    return Catalogue(
        codes=codes,
        fields=frozenset(filter(None, fields)),
        counties=frozenset(filter(None, (county for county, _, _ in schools))),
        metros=frozenset(filter(None, (*areas, *(metro for _, metro, _ in schools)))),
        hosts=frozenset(".".join(labels[-2:]) for labels in hosts),
        pages=frozenset(
            (
                *(ACCREDITORS, *ABOUT_THINGS, *PAGES),
                *(f"path:{slug}" for slug in codes.paths),
                *(f"guide:{section}" for section in SECTIONS),
                *(f"guide:{section}/{slug}" for section, slug in entries),
            )
        ),
        countries=frozenset(code for code in territories if code.isalpha()) - OURS,
    )


def check_lexicon(engine: Engine, folder: Path) -> LexiconCheck:
    """Return what is wrong with the hand files of a folder, by the catalogue of a database.

    Remarks are for whoever reviews: words that mean several things, and places without a school.

    Raises:
        ImportFileError: There is no hand file in the folder.
    """
    paths = sorted(folder.glob("*.csv"))
    if not any(path.name in FILES for path in paths):
        raise ImportFileError([f"{folder} has no file of the lexicon: {', '.join(FILES)}."])
    done = LexiconCheck()
    for path in paths:
        if path.name not in (*FILES, USUAL_PROGRAMS):
            done.errors.append(Remark(path.name, 0, "name", unknown(path.name, FILES)))
    with Session(engine) as session:
        catalogue = load_catalogue(session)
    lines, counts = [], Counter[str]()
    for line in read_lines(folder):
        if isinstance(line, HandFileError):
            counts[line.file] += 1
            done.errors.append(Remark(line.file, line.line, line.column, line.problem))
        else:
            counts[line.path.name] += 1
            done.errors += [_remark(line, "target", fault) for fault in _faults(line, catalogue)]
            lines.append(line)
    done.lines = dict(counts)
    done.errors += _repeated(lines)
    done.errors += _faults_of_usual(folder / USUAL_PROGRAMS, catalogue)
    done.remarks += _without_schools(lines, catalogue)
    done.remarks += _ambiguous(lines)
    return done


def _remark(line: HandLine, column: str, problem: str) -> Remark:
    return Remark(line.path.name, line.number, column, problem)


def _faults(line: HandLine, known: Catalogue) -> Iterator[str]:
    """Yield what a line stands for that is not there."""
    match line.meaning:
        case FieldTarget(strong, weak):
            yield from _unknown((*strong, *weak), known.codes.cip_codes)
        case SchoolTarget(unitids):
            yield from _unknown(map(str, unitids), [str(one) for one in known.codes.schools])
        case AreaTarget(counties=counties, metros=metros):
            yield from _unknown(metros, known.metros)
            yield from (f"{code!r} is in no state" for code in counties if code[:2] not in FIPS)
        case CredentialTarget(code):
            yield from _unknown([code], known.codes.credentials.keys)
        case FilterTarget():
            yield from _refused(line.meaning)
        case NoteTarget(key) if line.kind is Kind.PAGE:
            yield from _unknown([key], known.pages)
        case NoteTarget(key) if line.kind is Kind.UNTOLD:
            yield from _unknown([key], UNTOLD)
        case NoteTarget(key):
            yield from _held(key, known)
    if line.host:
        yield from _unknown([line.host], known.hosts)


def _unknown(values: Iterable[str], known: Collection[str]) -> Iterator[str]:
    yield from (unknown(value, known) for value in values if value not in known)


def _refused(target: FilterTarget) -> Iterator[str]:
    """Yield what a search says to a parameter."""
    name = FILTER_OF.get(target.parameter, target.parameter)
    is_many = isinstance(
        ProgramQuery.model_fields[name].get_default(call_default_factory=True), list
    )
    for value in target.values:
        try:
            ProgramQuery.model_validate({name: [value] if is_many else value})
        except ValidationError as error:
            for fault in error.errors():
                if fault["loc"][:1] == (name,):  # the others are about what stands beside it
                    known = re.findall(r"'([^']+)'", fault.get("ctx", {}).get("expected", ""))
                    yield unknown(value, known) if known else f"{value!r}: {fault['msg']}"


def _held(key: str, known: Catalogue) -> Iterator[str]:
    """Yield why a key of something that is not held is none."""
    what, _, code = key.partition(":")
    match what:
        case "cip":
            yield from _unknown([code], known.codes.cip_codes)
            if code in known.fields:
                yield f"{code!r} is held: programs of the catalogue have it"
        case "country":
            yield from _unknown([code], known.countries)
        case "credential":
            if code in known.codes.credentials.keys:
                yield f"{code!r} is held: it is a credential of the catalogue"
        case _:
            yield unknown(what, ("cip", "country", "credential"))


def _repeated(lines: Iterable[HandLine]) -> Iterator[Remark]:
    """Yield lines that say what an earlier one does."""
    first: dict[tuple[str, object, object], HandLine] = {}
    for line in lines:
        meaning = line.meaning if line.kind else line.target
        if isinstance(meaning, AreaTarget):
            meaning = line.target
        keys = [(text, line.kind, line.host or meaning) for text in spellings_of(line.surface)]
        if earlier := first.get(keys[0]):
            told = (
                f"{line.surface!r} stands in line {earlier.number} of {earlier.path.name} already"
            )
            yield _remark(line, "surface", told)
        for key in keys:
            first.setdefault(key, line)


def _faults_of_usual(path: Path, known: Catalogue) -> Iterator[Remark]:
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            columns = {
                "credential": _unknown([row["credential"]], known.codes.credentials.keys),
                "cip_codes": _unknown(row["cip_codes"].split(), known.codes.cip_codes),
                "award_level": _refused(
                    FilterTarget("award_level", tuple(row["award_level"].split()))
                ),
            }
            for column, faults in columns.items():
                yield from (Remark(path.name, reader.line_num, column, fault) for fault in faults)


def _without_schools(lines: Iterable[HandLine], known: Catalogue) -> Iterator[Remark]:
    for line in lines:
        match line.meaning:
            case AreaTarget(counties=counties) if counties and known.counties.isdisjoint(counties):
                yield _remark(line, "target", f"no school is in {line.surface!r}")


def _ambiguous(lines: Iterable[HandLine]) -> Iterator[Remark]:
    """Yield surfaces of several kinds, or of several targets in one kind."""
    by_text: dict[str, list[HandLine]] = defaultdict(list)
    for line in lines:
        if line.kind is not None:
            for text in spellings_of(line.surface):
                by_text[text].append(line)
    for text, meant in by_text.items():
        [first, *others] = {(line.kind, line.target): line for line in reversed(meant)}.values()
        if others:
            told = ", ".join(map(_meaning, reversed(others)))
            yield _remark(first, "surface", f"{text!r} is {_meaning(first)}; also {told}")


def _meaning(line: HandLine) -> str:
    told = f"{line.kind} {line.target}".strip()
    return f"{told} ({line.path.name}, line {line.number})"
