"""Texts drawn by a seed: templates filled from the catalogue's rows, with what they look for.

What must be found is reckoned from the rows, so another seed asks other things of the same kinds.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import NamedTuple, TypeVar

from app.domain.text.identifiers import fold
from app.domain.vocabulary import STATE_NAMES
from app.search.zip_codes import zip_points
from tests.judged.misspelling import SHORTEST, edits_between, misspell
from tests.judged.rows import CITY_MILES, Catalogue, School, Slugs
from tests.judged.templates import (
    AFTER,
    AWARDS,
    AWARDS_IN_SPANISH,
    BEFORE,
    ELSEWHERE,
    FIELDS_IN_SPANISH,
    LANDSCAPES,
    METRO_WORDS,
    PERSONS,
    QUESTIONS,
    QUESTIONS_IN_SPANISH,
    REGIONS,
    SCHOOL_KINDS,
    STATES_IN_SPANISH,
    SYLLABLES,
    lexicon,
)
from tests.judged.texts import Text

EACH = 16
"""Texts of a kind."""

EDGE_MILES = 4.0
"""How far the middles of a city may lie apart by several tables."""

FAR_MILES = 60.0
"""How far from a city is looked where nothing is nearer."""

NOTHING: Slugs = frozenset()

One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Field:
    """Words for a field of study: the programs surely meant, and those that may be."""

    words: str
    sure: Slugs
    possible: Slugs


class Place(NamedTuple):
    """Words for a place: the programs in it, and those at its edge."""

    words: str
    inside: Slugs
    edge: Slugs = NOTHING


class Drawing:
    """Draws texts of every kind over a catalogue."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self._catalogue = catalogue
        self._random = Random(seed)

    def texts(self) -> Iterator[Text]:
        """Yield the texts of all kinds, no text twice."""
        kinds: list[Callable[[], Text | None]] = [
            *(self._city, self._far_city, self._city_of_state, self._state),
            *(self._zip, self._county, self._region, self._field, self._award),
            *(self._school, self._alias, self._web_host, self._former_name),
            *(self._credential, self._code, self._misspelling, self._form),
            *(self._question, self._spanish, self._none, self._unknown_school, self._refuse),
        ]
        for draw in kinds:
            drawn: dict[str, Text] = {}
            for _ in range(EACH * 40):
                text = draw()
                if text is not None and len(text.text) <= 200:
                    drawn.setdefault(text.text, text)
                if len(drawn) == EACH:
                    break
            yield from drawn.values()

    # What templates are filled with.

    @cached_property
    def _fields(self) -> list[Field]:
        """Words for fields: parts of their titles, and everyday words of the lexicon."""
        everyday = (self._field_of(*one) for one in self._lexicon_fields("en"))
        named = {field.words: field for field in (*self._titles, *everyday) if field.sure}
        return [field for _, field in sorted(named.items())]

    @cached_property
    def _titles(self) -> list[Field]:
        """The parts of titles that stand alone; what the lexicon says of one goes before."""
        found: dict[str, Field] = {}
        everyday = {one[0]: self._field_of(*one) for one in self._lexicon_fields("en")}
        held = {row.cip for row in self._catalogue.rows}
        titles = {code: f" {fold(title)} " for code, title in self._catalogue.titles.items()}
        for code in sorted(held - {""}):
            for part in _parts_of(self._catalogue.titles[code]):
                named = {c for c, other in titles.items() if f" {part} " in other}
                if named <= held:  # else it is as well the name of what is not held
                    found[part] = everyday.get(part) or self._field_of(part, named)
        return [field for _, field in sorted(found.items()) if field.sure]

    def _field_of(self, words: str, codes: Iterable[str], possible: Iterable[str] = ()) -> Field:
        sure = self._catalogue.having("cip", codes)
        return Field(words, sure, self._catalogue.having("cip", possible) - sure)

    @staticmethod
    def _lexicon_fields(language: str) -> Iterator[tuple[str, list[str], list[str]]]:
        for row in lexicon("fields"):
            if row["language"] == language and "@" not in row["target"]:
                sure, _, possible = row["target"].partition("|")
                if len(row["surface"].split()) > 1 or len(row["surface"]) > SHORTEST:
                    yield row["surface"], sure.split(), possible.split()

    @cached_property
    def _fields_in_spanish(self) -> list[Field]:
        found = [self._field_of(words, codes) for words, codes in FIELDS_IN_SPANISH.items()]
        found += [self._field_of(*one) for one in self._lexicon_fields("es")]
        return [field for field in found if field.sure]

    @cached_property
    def _cities(self) -> list[tuple[str, str]]:
        """The cities with programs whose names are those of no state."""
        names = {fold(name) for name in STATE_NAMES.values()}
        held = {(row.school.city, row.school.state) for row in self._catalogue.rows}
        return sorted(c for c in held if c in self._catalogue.cities and fold(c[0]) not in names)

    @cached_property
    def _held_schools(self) -> list[School]:
        held = {row.school.unitid for row in self._catalogue.rows}
        return [school for unitid, school in self._catalogue.schools.items() if unitid in held]

    @cached_property
    def _named_once(self) -> dict[str, School | None]:
        """Name, alias or web host, folded -> the one school that goes by it; None: several do."""
        found: dict[str, School | None] = {}
        for school in self._catalogue.schools.values():
            for name in {fold(one) for one in (school.name, *aliases_of(school), school.site)}:
                found[name] = None if name in found else school
        return found

    # Kinds.

    def _city(self) -> Text | None:
        city, state = self._pick(self._cities)
        if len(self._catalogue.states_of_city[fold(city)]) > 1:
            return None
        return self._at("city", self._around(city, state, city))

    def _city_of_state(self) -> Text | None:
        city, state = self._pick(self._cities)
        words = self._pick((f"{city} {state}", f"{city}, {state}", f"{city} {STATE_NAMES[state]}"))
        return self._at("city of a state", self._around(city, state, words))

    def _far_city(self) -> Text | None:
        """Nothing is near: what is farther off is shown, and it is told."""
        city, state = self._pick(self._cities)
        field = self._some_field()
        center = self._catalogue.cities[city, state]
        nearest = self._catalogue.nearest(center, field.sure | field.possible)
        if nearest is None or not CITY_MILES + EDGE_MILES < nearest < FAR_MILES - EDGE_MILES:
            return None
        edge = self._catalogue.within(center, FAR_MILES + EDGE_MILES)
        place = Place(f"{city} {state}", self._catalogue.within(center, nearest + 1), edge)
        return self._at("far city", place, field)

    def _state(self) -> Text | None:
        state = self._pick(sorted({row.school.state for row in self._catalogue.rows}))
        name = STATE_NAMES[state]
        words = self._pick((name, name.lower(), f"in {name}", state))
        place = Place(words, self._catalogue.having("state", [state]))
        return self._at("state", place, template="{field} {place}" if words == state else "")

    def _zip(self) -> Text | None:
        school = self._pick(self._held_schools)
        code = school.zip_code[:5]
        center = zip_points().get(code) if re.fullmatch(r"\d{5}", code) else None
        if center is None:
            return None
        words = self._pick((code, f"near {code}", f"{code}-{self._random.randint(1000, 9999)}"))
        inside = self._catalogue.within(center, CITY_MILES - EDGE_MILES)
        edge = self._catalogue.within(center, CITY_MILES + EDGE_MILES)
        return self._at("ZIP", Place(words, inside, edge))

    def _county(self) -> Text | None:
        school = self._pick(self._held_schools)
        if not school.county or not school.county_code:
            return None
        inside = self._catalogue.having("county", [school.county_code])
        same = {s.state for s in self._catalogue.schools.values() if s.county == school.county}
        words = school.county if len(same) == 1 else f"{school.county} {STATE_NAMES[school.state]}"
        return self._at("county", Place(words, inside))

    def _region(self) -> Text | None:
        """A region of states, a metro by its city, or a region that the lexicon has."""
        match self._random.randrange(3):
            case 0:
                name, states = self._pick(sorted(REGIONS.items()))
                inside = self._catalogue.having("state", states.split())
                return self._at("region", Place(name, inside))
            case 1:
                return self._at("region", self._metro())
            case _:
                place = self._area(self._pick(lexicon("areas")))
                return self._at("region", place) if place else None

    def _metro(self) -> Place:
        city, state = self._pick(self._cities)
        is_one = len(self._catalogue.states_of_city[fold(city)]) == 1
        words = self._pick(METRO_WORDS).format(city if is_one else f"{city} {state}")
        center = self._catalogue.cities[city, state]
        metros = {
            school.metro
            for school in self._held_schools
            if (school.city, school.state) == (city, state) and school.metro
        }
        inside = self._catalogue.having("metro", metros)
        around = self._catalogue.within(center, CITY_MILES - EDGE_MILES)
        wide = self._catalogue.within(center, FAR_MILES) | inside
        return Place(words, around & inside if metros else around, wide)

    def _area(self, row: dict[str, str]) -> Place | None:
        """Return a region of the lexicon, reckoned here."""
        if row["language"] not in ("en", "any"):
            return None
        kind, _, rest = row["target"].partition(":")
        values = rest.split()
        match kind:
            case "states" if ":" not in rest:
                return Place(row["surface"], self._catalogue.having("state", values))
            case "counties":
                return Place(row["surface"], self._catalogue.having("county", values))
            case "metros":
                return Place(row["surface"], self._catalogue.having("metro", values))
            case "point":
                latitude, longitude = map(float, values[0].split(","))
                miles = float(values[1])
                center = (latitude, longitude)
                inside = self._catalogue.within(center, miles - 1)
                return Place(row["surface"], inside, self._catalogue.within(center, miles + 1))
            case _:
                return None

    def _field(self) -> Text | None:
        field = self._some_field()
        text = self._padded(field.words)
        return Text(text, "field", field.sure, field.possible, roles={field.words: "field"})

    def _award(self) -> Text | None:
        field = self._some_field()
        award = self._pick(sorted(AWARDS))
        words = self._pick(AWARDS[award])
        wanted = field.sure & self._catalogue.of_award([award])
        if not wanted:
            return None
        text = self._pick((f"{field.words} {words}", f"{words} in {field.words}"))
        either = field.possible & self._catalogue.of_award([award])
        return Text(text, "award", wanted, either, roles={field.words: "field", words: "award"})

    def _school(self) -> Text | None:
        school = self._pick(self._held_schools)
        name = self._pick((school.name, school.name.lower(), school.name.replace("-", " ")))
        return self._named("school", name, school)

    def _alias(self) -> Text | None:
        school = self._pick([school for school in self._held_schools if aliases_of(school)])
        alias = self._pick(aliases_of(school))
        is_clear = 3 <= len(fold(alias)) <= 60 and fold(alias) not in self._meant
        if not is_clear or self._named_once[fold(alias)] is None:
            return None
        return self._named("alias", alias, school)

    @cached_property
    def _meant(self) -> set[str]:
        """Names of cities, states and fields: who types one alone does not mean a school."""
        names = {fold(city) for city, _ in self._catalogue.cities}
        names |= {fold(name) for name in STATE_NAMES.values()} | {c.lower() for c in STATE_NAMES}
        credentials = {fold(code) for code in self._catalogue.credentials}
        return names | credentials | {field.words for field in self._fields} | self._catalogue.words

    def _web_host(self) -> Text | None:
        school = self._pick(self._held_schools)
        site = fold(school.site)
        if len(site) < 3 or self._named_once[site] is None or site in self._meant:
            return None
        return self._named("web host", school.site, school)

    def _former_name(self) -> Text | None:
        """A name that the lexicon has as a former one, or that of a school that was merged."""
        former = [
            (row["surface"], int(unitid))
            for row in lexicon("schools")
            if "former" in row["source"] and not row["target"].startswith("system")
            for unitid in row["target"].split()[:1]
        ]
        merged = [
            (name, int(unitid))
            for name, successors in sorted(self._catalogue.successors.items())
            for unitid in successors
        ]
        held = {school.unitid: school for school in self._held_schools}
        names = [(name, held[unitid]) for name, unitid in (*former, *merged) if unitid in held]
        return self._named("former name", *self._pick(names)) if names else None

    def _named(self, kind: str, name: str, school: School) -> Text:
        """Return a text with the name of a school, alone or with a field that it has."""
        wanted = self._catalogue.having("unitid", [str(school.unitid)])
        if fold(name) == fold(school.name):  # schools of one name are all right
            wanted = self._catalogue.having(
                "school", [s.name for s in self._held_schools if fold(s.name) == fold(name)]
            )
        inside = [field for field in self._fields if field.sure & wanted]
        if not inside or self._random.random() < 0.5:
            return Text(name, kind, wanted, roles={name: "school"})
        field = self._pick(inside)
        text = self._pick((f"{name} {field.words}", f"{field.words} at {name}"))
        roles = {name: "school", field.words: "field"}
        return Text(text, kind, field.sure & wanted, wanted - field.sure, roles=roles)

    def _credential(self) -> Text | None:
        code, (name, others) = self._pick(sorted(self._catalogue.credentials.items()))
        words = self._pick((code, name, *others))
        text = self._pick(("{}", "{} certification", "how do I become a {}", "what is {}"))
        return Text(text.format(words), "credential", card=code, roles={words: "credential"})

    def _code(self) -> Text | None:
        match self._random.randrange(3):
            case 0:
                words, wanted = self._cip()
            case 1:
                held = sorted(self._catalogue.occupations)
                soc = self._pick(held)
                words = self._pick((soc, f"SOC {soc}"))
                wanted = self._catalogue.having("cip", self._catalogue.occupations[soc])
            case _:
                school = self._pick(self._held_schools)
                spellings = [str(school.unitid), f"unitid {school.unitid}"]
                if school.opeid:
                    spellings += [school.opeid, f"OPEID {school.opeid}"]
                    if school.opeid.endswith("00"):
                        spellings.append(school.opeid[:6])
                words = self._pick(spellings)
                wanted = self._catalogue.having("unitid", [str(school.unitid)])
                return Text(words, "code", wanted, roles={words: "school"})
        state = self._pick(sorted(STATE_NAMES))
        inside = wanted & self._catalogue.having("state", [state])
        if not inside:
            return Text(words, "code", wanted, roles={words: "field"})
        text = f"{words} {self._pick((state, STATE_NAMES[state]))}"
        return Text(text, "code", inside, roles={words: "field"})

    def _cip(self) -> tuple[str, Slugs]:
        cip = self._pick(sorted({row.cip for row in self._catalogue.rows if row.cip}))
        words = self._pick((cip, cip.replace(".", ""), f"CIP {cip}", f"cip {cip.replace('.', '')}"))
        return words, self._catalogue.having("cip", [cip])

    def _misspelling(self) -> Text | None:
        """A text of another kind with a typing error in one word or two."""
        draw = self._pick((self._city, self._state, self._field, self._school, self._award))
        right = draw()
        if right is None:
            return None
        words = right.text.split(" ")
        known = self._known
        plain = [
            at
            for at, word in enumerate(words)
            if re.fullmatch(r"[A-Za-z]+", word)
            and len(word) >= SHORTEST
            and any(fold(word) in fold(role).split() for role in right.roles)
        ]
        if not plain:
            return None
        roles = dict(right.roles)
        for at in self._random.sample(plain, min(len(plain), self._random.randint(1, 2))):
            wrong = misspell(words[at].lower(), self._random)
            if wrong in known:  # another word, which nobody can tell from the one meant
                return None
            roles = {_replaced(role, words[at], wrong): what for role, what in roles.items()}
            words[at] = wrong
        return Text(" ".join(words), "misspelling", right.wanted, right.either, roles=roles)

    @cached_property
    def _known(self) -> frozenset[str]:
        """Every word that stands in the catalogue or in a template."""
        templates = fold(" ".join((*QUESTIONS, *BEFORE, *AFTER))).split()
        fields = {word for field in self._fields for word in field.words.split()}
        return self._catalogue.words | fields | frozenset(templates)

    def _form(self) -> Text | None:
        """A text of field and state in another shape: capitals, a hyphen, a plural, an "&"."""
        right = self._state()
        if right is None:
            return None
        [words] = [role for role, what in right.roles.items() if what == "field"]
        shapes = [words.upper(), words.replace(" ", "-"), words.replace(" and ", " & ")]
        if words.endswith(PERSONS):
            shapes.append(f"{words}s")
        other = self._pick([shape for shape in shapes if shape != words])
        text = right.text.replace(words, other)
        return Text(text, "form", right.wanted, right.either, roles={other: "field"})

    def _question(self) -> Text | None:
        city, state = self._pick(self._cities)
        words = self._pick((f"{city} {STATE_NAMES[state]}", f"{city}, {state}"))
        if len(self._catalogue.states_of_city[fold(city)]) == 1:
            words = self._pick((city, words))
        field = self._some_field()
        place = self._around(city, state, words)
        return self._at("question", place, field, self._pick(QUESTIONS))

    def _spanish(self) -> Text | None:
        few = self._fields_in_spanish[: len(FIELDS_IN_SPANISH)]
        field = self._pick(few if self._random.random() < 0.5 else self._fields_in_spanish)
        state = self._pick(sorted(STATES_IN_SPANISH))
        wanted = self._catalogue.having("state", [state])
        template = self._pick(QUESTIONS_IN_SPANISH)
        if self._random.random() < 0.3:
            award = self._pick(sorted(AWARDS_IN_SPANISH))
            wanted &= self._catalogue.of_award([award])
            template = f"{AWARDS_IN_SPANISH[award]} en {{field}} {{place}}"
        return self._at("Spanish", Place(STATES_IN_SPANISH[state], wanted), field, template)

    def _none(self) -> Text | None:
        """A name that nobody has: nothing is right but to say so."""
        name = "".join(self._random.sample(SYLLABLES, 3)).capitalize()
        alike = (word for word in self._known if abs(len(word) - len(name)) <= 2)
        if any(word[0] == fold(name[0]) and edits_between(fold(name), word) <= 2 for word in alike):
            return None
        field = self._some_field().words
        text = self._pick(
            (
                f"{field} {name}",
                f"{field} in {name}",
                f"{name} University",
                f"{name} Community College {field}",
                f"colleges in {name}",
            )
        )
        return Text(text, "none", roles={name: "unknown"})

    def _unknown_school(self) -> Text | None:
        """The name of a school that nobody has, of words that others have in their names."""
        city, _ = self._pick(self._cities)
        words = {*fold(city).split(), fold(landscape := self._pick(LANDSCAPES))}
        names = (
            name
            for school in self._catalogue.schools.values()
            for name in (school.name, *aliases_of(school))
        )
        if any(words <= {*fold(name).split()} for name in names):
            return None
        name = f"{city} {landscape} {self._pick(SCHOOL_KINDS)}"
        field = self._some_field().words
        text = self._pick(("{name}", "{name} {field}", "{field} at {name}", "{name} {field}"))
        text = text.format(name=self._pick((name, name, name.lower())), field=field)
        return Text(text, "unknown school", roles={name: "unknown"})

    def _refuse(self) -> Text | None:
        """A field that is not held, by its title: nothing is right but to say so."""
        title = self._pick(self._foreign_titles)
        state = self._pick(sorted(STATE_NAMES.values()))
        text = self._pick((title, f"{title} {state}", f"{title} programs in {state}"))
        return Text(text, "refuse", roles={title: "foreign"})

    @cached_property
    def _foreign_titles(self) -> list[str]:
        held = {row.cip for row in self._catalogue.rows}
        series = {code[:5] for code in held}
        words = {word for field in self._fields for word in field.words.split()}
        return sorted(
            title.lower()
            for code, title in self._catalogue.titles.items()
            if code[:2] in ELSEWHERE
            and code[:5] not in series
            and re.fullmatch(r"[A-Za-z]+( [A-Za-z]+){0,2}", title)
            and not set(fold(title).split()) <= words
            and title != "Reserved"
        )

    # Filling.

    def _around(self, city: str, state: str, words: str) -> Place:
        center = self._catalogue.cities[city, state]
        edge = self._catalogue.within(center, CITY_MILES + EDGE_MILES)
        return Place(words, self._catalogue.within(center, CITY_MILES - EDGE_MILES), edge)

    def _at(
        self, kind: str, place: Place, field: Field | None = None, template: str = ""
    ) -> Text | None:
        """Return a text with a field and a place, if a program has both."""
        field = field or self._some_field()
        wanted = field.sure & place.inside
        if not wanted:
            return None
        either = (field.sure | field.possible) & (place.inside | place.edge)
        roles = {place.words: "place", field.words: "field"}
        if not template:
            template = self._pick(("{field} {place}", "{place} {field}"))
            template = self._padded(template)
        text = template.format(field=field.words, place=place.words)
        return Text(text, kind, wanted, either - wanted, roles=roles)

    def _padded(self, words: str) -> str:
        return f"{self._pick(BEFORE)}{words}{self._pick(AFTER)}"

    def _some_field(self) -> Field:
        return self._pick(self._titles if self._random.random() < 0.5 else self._fields)

    def _pick(self, among: Sequence[One]) -> One:
        return self._random.choice(among)


def aliases_of(school: School) -> list[str]:
    """Return the other names of a school; the directory has several in one at times."""
    listed = (re.split(r" *[;|,] *|  +", several) for several in school.aliases)
    return [alias for several in listed for alias in several if alias]


def _parts_of(title: str) -> Iterator[str]:
    """Yield the parts of the title of a field that stand alone, folded: of two words or more."""
    for part in re.split(r"[/,]", title):
        if len(words := fold(part).split()) > 1 and "other" not in words:
            yield " ".join(words)


def _replaced(role: str, word: str, other: str) -> str:
    return " ".join(other if one == word else one for one in role.split(" "))
