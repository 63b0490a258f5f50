"""Read the hand files of the lexicon: ``seed/lexicon/``, whose README tells the format."""

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from app.domain.vocabulary import STATE_NAMES, AwardLevel
from app.errors import nearest
from app.search.reading.cities import MILES, city_lines
from app.search.reading.folding import fold_surface, spellings_of
from app.search.reading.spans import (
    AreaTarget,
    CredentialTarget,
    FieldTarget,
    FilterTarget,
    Kind,
    NoteTarget,
    SchoolTarget,
    Surface,
    Target,
)

MOST_LISTED = 20
"""Known values that are all told where one is unknown."""

COLUMNS = ("surface", "target", "weight", "language", "source", "checked_on")
LANGUAGES = ("en", "es", "any")

FILTERS = {
    "delivery": Kind.DELIVERY,
    "control": Kind.CONTROL,
    "accreditation": Kind.ACCREDITATION,
    "transfer": Kind.TRANSFER,
    "practicum": Kind.PRACTICUM,
    "max_tuition_usd": Kind.PRICE,
    "max_total_cost_usd": Kind.PRICE,
    "max_months": Kind.LENGTH,
    "sort": Kind.SORT,
}
"""Parameter of the search -> kind of the words that stand for it."""


class HandFileError(ValueError):
    """A line of a hand file cannot be read; ``line`` is its number, 1 of the header."""

    def __init__(self, path: Path, line: int, column: str, problem: str) -> None:
        super().__init__(f"{path.name}, line {line}, {column}: {problem}")
        self.file, self.line, self.column, self.problem = path.name, line, column, problem


def unknown(value: str, known: Collection[str], fault: str = "is not known") -> str:
    """Return that a value is none of the known ones, with the nearest or, of few, all."""
    if near := nearest(value, known):
        return f"{value!r} {fault}. Did you mean {near!r}?"
    listed = f" Known are {', '.join(known)}." if len(known) <= MOST_LISTED else ""
    return f"{value!r} {fault}.{listed}"


@dataclass(frozen=True)
class HandRows:
    """What the hand files say: surfaces, and other words for short ones.

    Those of systems that are told by their web host wait for the directory: ``hosts`` has each
    with the host. ``accented`` has folded texts of surfaces that are written with accents, each as
    it is written.
    """

    surfaces: list[Surface] = field(default_factory=list)
    hosts: list[tuple[Surface, str]] = field(default_factory=list)
    abbreviations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    accented: dict[str, str] = field(default_factory=dict)

    @cached_property
    def not_schools(self) -> frozenset[str]:
        """Texts that stand for something other than a school; asked for when all are read."""
        return frozenset(one.text for one in self.surfaces if one.kind != Kind.SCHOOL)


def read_hand_files(folder: Path) -> HandRows:
    """Return what the files of a folder say; a file that is not there says nothing.

    Raises:
        HandFileError: A line that cannot be read.
    """
    rows = HandRows()
    for line in read_lines(folder):
        if isinstance(line, HandFileError):
            raise line
        _add(rows, line)
    return rows


@dataclass(frozen=True, slots=True)
class HandLine:
    """A line that can be read: ``kind`` and ``meaning`` are what ``target`` stands for.

    An abbreviation has no kind; a system that is told by its web host (``host``) has no meaning.
    """

    path: Path
    number: int
    surface: str
    target: str
    weight: float
    language: str
    source: str
    kind: Kind | None = None
    meaning: Target = None
    host: str | None = None

    def error(self, column: str, problem: str) -> HandFileError:
        """Return what is wrong with a column of the line."""
        return HandFileError(self.path, self.number, column, problem)


def read_lines(folder: Path) -> Iterator[HandLine | HandFileError]:
    """Yield every line of the files of a folder, or what is wrong with it."""
    for name in FILES:
        path = folder / name
        if not path.exists():
            continue
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                yield HandFileError(path, 1, "header", f"the columns are {', '.join(COLUMNS)}")
                continue
            for row in reader:
                try:
                    yield _with_meaning(_to_line(path, reader.line_num, row))
                except HandFileError as error:
                    yield error


def _to_line(path: Path, number: int, row: dict[str, str]) -> HandLine:
    if None in row or None in row.values():
        raise HandFileError(path, number, "line", f"has not {len(COLUMNS)} cells")
    if not fold_surface(row["surface"]):
        raise HandFileError(path, number, "surface", "has no letter")
    try:
        weight = float(row["weight"])
    except ValueError:
        weight = -1.0
    if not 0 < weight <= 1:
        raise HandFileError(path, number, "weight", f"{row['weight']!r} is not above 0 and up to 1")
    if row["language"] not in LANGUAGES:
        raise HandFileError(
            path,
            number,
            "language",
            unknown(row["language"], LANGUAGES, f"is none of {', '.join(LANGUAGES)}"),
        )
    if not row["source"]:
        raise HandFileError(path, number, "source", "is empty")
    try:
        date.fromisoformat(row["checked_on"])
    except ValueError:
        problem = f"{row['checked_on']!r} is no day as 2026-11-30"
        raise HandFileError(path, number, "checked_on", problem) from None
    return HandLine(
        path,
        number,
        row["surface"],
        row["target"].strip(),
        weight,
        row["language"],
        row["source"],
    )


def _with_meaning(line: HandLine) -> HandLine:
    if line.path.name == ABBREVIATIONS:
        if not fold_surface(line.target):
            raise line.error("target", "has no letter")
        return line
    kind, parse = _FILES[line.path.name]
    if match := re.fullmatch(r"system host:(\S+)", line.target):
        if kind is not Kind.SCHOOL:
            raise line.error("target", "only schools have a host")
        return replace(line, kind=kind, host=match[1])
    try:
        target = parse(line.target)
    except ValueError as error:
        raise line.error("target", str(error)) from error
    if kind is None and isinstance(target, FilterTarget):
        kind = FILTERS[target.parameter]
    if isinstance(target, AreaTarget) and not target.name:
        target = replace(target, name=_name_of(target, line.surface))
    return replace(line, kind=kind, meaning=target)


def _add(rows: HandRows, line: HandLine) -> None:
    if line.kind is None:
        word = fold_surface(line.surface)
        known = rows.abbreviations.get(word, ())
        rows.abbreviations[word] = (*known, fold_surface(line.target))
    elif line.host:
        surface = _to_surface(line.surface, line.kind, None, line)
        rows.hosts.append((surface, line.host))
    else:
        texts = spellings_of(line.surface)
        rows.surfaces.extend(_to_surface(text, line.kind, line.meaning, line) for text in texts)
        if not line.surface.isascii():
            rows.accented[texts[0]] = line.surface


LONGEST_INITIALS = 3
"""Letters of a region that goes by initials: "NYC", "DFW"."""


def _name_of(area: AreaTarget, surface: str) -> str:
    if len(area.states) == 1 and (area.south_of, area.north_of) == (None, None):
        return STATE_NAMES[area.states[0]]
    return surface.title() if " " in surface or len(surface) > LONGEST_INITIALS else surface.upper()


def _to_surface(text: str, kind: Kind, target: Target, line: HandLine) -> Surface:
    return Surface(fold_surface(text), kind, target, line.weight, line.language, line.source)


def _field(text: str) -> Target:
    codes, _, groups = text.partition("@")
    strong, _, weak = codes.partition("|")
    for code in (*strong.split(), *weak.split()):
        if not re.fullmatch(r"\d\d\.\d{4}", code):
            raise ValueError(f"{code!r} is no CIP code as 51.0713")
    if not codes.strip(" |"):
        raise ValueError("names no CIP code")
    return FieldTarget(tuple(strong.split()), tuple(weak.split()), _award_groups(groups.split()))


CERTIFICATE = "certificate"
AWARD_LEVELS = tuple(level.value for level in AwardLevel)
DOCTORATES = tuple(level.value for level in AwardLevel if level.value.startswith("doctorate"))


def _award_groups(names: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        if name == "doctorate":
            found += DOCTORATES
        elif name == CERTIFICATE or name in AWARD_LEVELS:
            found.append(name)
        else:
            raise ValueError(
                unknown(name, ("doctorate", CERTIFICATE, *AWARD_LEVELS), "is no award")
            )
    return tuple(found)


def _award(text: str) -> Target:
    values = _some(_award_groups(text.split()))
    is_level = any(value.startswith(f"{CERTIFICATE}_") for value in values)
    return FilterTarget("award_level" if is_level else "award_group", values)


def _some(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise ValueError("is empty")
    return values


def _school(text: str) -> Target:
    words = text.split()
    is_system = words[:1] == ["system"]
    numbers = words[is_system:]
    for number in numbers:
        if not re.fullmatch(r"[1-9]\d{5}", number):
            raise ValueError(f"{number!r} is no UNITID of six digits")
    return SchoolTarget(tuple(int(number) for number in _some(tuple(numbers))), is_system)


def _credential(text: str) -> Target:
    if not re.fullmatch(r"[A-Z][A-Z0-9-]+", text):
        raise ValueError(f"{text!r} is no code of a credential")
    return CredentialTarget(text)


def _filter(text: str) -> Target:
    parameter, equals, values = text.partition("=")
    if parameter not in FILTERS or not equals:
        raise ValueError(f"{text!r} is no parameter=value: {unknown(parameter, FILTERS)}")
    return FilterTarget(parameter, _some(tuple(values.split())))


def _note(text: str) -> Target:
    return NoteTarget(_some((text,) if text else ())[0])


def _nothing(text: str) -> Target:
    if text:
        raise ValueError("a filler stands for nothing")
    return None


SHAPES = ("city", "state", "states", "counties", "metros", "point")
"""How a cell tells an area."""


def _states(words: Iterable[str]) -> tuple[str, ...]:
    for state in words:
        if state not in STATE_NAMES:
            raise ValueError(unknown(state, STATE_NAMES, "is no state"))
    return tuple(words)


def _area(text: str) -> Target:
    """Return the place that a cell tells; one that is no city goes by its surface."""
    shape, _, rest = text.partition(":")
    words = rest.split()
    if shape == "city":
        return _city(rest)
    if shape == "point" and (match := re.fullmatch(r"([\d.-]+),([\d.-]+) ([\d.]+)", rest)):
        center = (float(match[1]), float(match[2]))
        return AreaTarget("", center=center, miles=float(match[3]))
    if shape in ("counties", "metros") and all(re.fullmatch(r"\d{5}", one) for one in words):
        codes = _some(tuple(words))
        is_metro = shape == "metros"
        return AreaTarget("", metros=codes) if is_metro else AreaTarget("", counties=codes)
    if shape in ("state", "states"):
        cuts: dict[str, float | None] = {"south": None, "north": None}
        while words and (match := re.fullmatch(r"(south|north):([\d.]+)", words[-1])):
            cuts[match[1]] = float(match[2])
            words.pop()
        states = _some(_states(words))
        return AreaTarget("", states=states, south_of=cuts["south"], north_of=cuts["north"])
    why = "" if shape in SHAPES else f": {unknown(shape, SHAPES)}"
    raise ValueError(f"{text!r} is no area{why}")


def _city(text: str) -> Target:
    name, _, rest = text.rpartition(" ")
    if rest not in STATE_NAMES:
        raise ValueError(f"{text!r} is no city and state as Philadelphia PA")
    for folded in spellings_of(name):
        if line := _city_lines().get((folded, rest)):
            latitude, longitude, _, _, written = line.split("\t")[2:]
            return AreaTarget(
                f"{written}, {rest}",
                center=(float(latitude), float(longitude)),
                miles=MILES,
                city=written,
                state=rest,
            )
    names = [name for name, state in _city_lines() if state == rest]
    raise ValueError(f"no city is known as {text!r}: {unknown(fold_surface(name), names)}")


@lru_cache(maxsize=1)
def _city_lines() -> Mapping[tuple[str, str], str]:
    lines = {}
    for line in city_lines():
        name, state, _ = line.split("\t", 2)
        lines[(name, state)] = line
    return lines


_FILES: dict[str, tuple[Kind | None, Callable[[str], Target]]] = {
    "fields.csv": (Kind.FIELD, _field),
    "awards.csv": (Kind.AWARD, _award),
    "schools.csv": (Kind.SCHOOL, _school),
    "areas.csv": (Kind.AREA, _area),
    "credentials.csv": (Kind.CREDENTIAL, _credential),
    "filters.csv": (None, _filter),
    "pages.csv": (Kind.PAGE, _note),
    "untold.csv": (Kind.UNTOLD, _note),
    "foreign.csv": (Kind.FOREIGN, _note),
    "fillers.csv": (Kind.FILLER, _nothing),
}
"""File -> the kind of its surfaces, by their parameter if none, and what reads its targets."""

ABBREVIATIONS = "abbreviations.csv"

FILES = (*_FILES, ABBREVIATIONS)
"""Names of the files."""


def file_of(kind: Kind) -> str:
    """Return the name of the file that surfaces of a kind stand in."""
    named = (name for name, (own, _) in _FILES.items() if own is kind)
    return next(named, "filters.csv")


def target_text(target: Target) -> str:
    """Return a target as a cell of a hand file, which reads as the same."""
    match target:
        case FieldTarget(strong, weak, groups):
            codes = " ".join(strong) + (f"|{' '.join(weak)}" if weak else "")
            return f"{codes}@{' '.join(groups)}" if groups else codes
        case SchoolTarget(unitids, is_system):
            return " ".join((*(["system"] if is_system else []), *map(str, unitids)))
        case CredentialTarget(code):
            return code
        case FilterTarget("award_group" | "award_level", values):
            return " ".join(values)
        case FilterTarget(parameter, values):
            return f"{parameter}={' '.join(values)}"
        case NoteTarget(key):
            return key
        case AreaTarget():
            return _area_text(target)
    return ""


def _area_text(area: AreaTarget) -> str:
    if area.city:
        return f"city:{area.city} {area.state}"
    if area.center:
        latitude, longitude = area.center
        return f"point:{latitude},{longitude} {area.miles:g}"
    for shape, codes in (("counties", area.counties), ("metros", area.metros)):
        if codes:
            return f"{shape}:{' '.join(codes)}"
    cuts = [f"south:{area.south_of:g}"] if area.south_of is not None else []
    cuts += [f"north:{area.north_of:g}"] if area.north_of is not None else []
    is_one = len(area.states) == 1 and not cuts
    return f"{'state' if is_one else 'states'}:{' '.join((*area.states, *cuts))}"
