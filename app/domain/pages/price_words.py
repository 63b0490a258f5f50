"""What the words around a price tell: what it pays for, for how much of a program, for whom, when.

Only words that are known count. A word that is not may tell of another price, as "deposit",
"average" or "members" do, so that words which hold one are not clear, and nothing is proposed.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from app.domain.pages.numbers import in_figures
from app.domain.pages.patterns import Key, choices, pattern
from app.domain.text.identifiers import fold
from app.domain.vocabulary import CostComponent, CostUnit, Residency

_COMPONENTS = choices("costs.components", CostComponent)
_UNITS = choices("costs.units", CostUnit)
_RESIDENCIES = choices("costs.residencies", Residency)
_YEAR = pattern("costs", "year")
_PLAIN = pattern("costs", "plain")
_PLACE = pattern("costs", "of_place")
MONEY = pattern("costs", "money")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Told:
    """What words tell of a price; ``is_clear``: each is known, and no two of them differ."""

    component: CostComponent | None = None
    unit: CostUnit | None = None
    residency: Residency | None = None
    year: str | None = None
    is_clear: bool = True

    @property
    def is_silent(self) -> bool:
        """Whether they tell nothing but, it may be, a year."""
        return (self.component, self.unit, self.residency) == (None, None, None)

    def over(self, other: "Told") -> "Told":
        """Return it with what it leaves open as words farther from the price tell it."""
        return Told(
            self.component or other.component,
            self.unit or other.unit,
            self.residency or other.residency,
            self.year or other.year,
            self.is_clear,
        )

    def beside(self, other: "Told") -> "Told":
        """Return what two words as near to the price tell together: not clear if they differ.

        The total of what the other names is that of its own.
        """
        if other.component is CostComponent.TOTAL and self.component is not None:
            other = replace(other, component=None)
        if self.component is CostComponent.TOTAL and other.component is not None:
            return replace(self, component=None).beside(other)
        pairs = (
            (self.component, other.component),
            (self.unit, other.unit),
            (self.residency, other.residency),
            (self.year, other.year),
        )
        differ = any(one and two and one != two for one, two in pairs)
        return replace(self.over(other), is_clear=self.is_clear and other.is_clear and not differ)


@lru_cache(maxsize=20_000)
def told_by(text: str, own: str = "") -> Told:
    """Return what the words around a price tell; ``own``: words of the program's own name.

    >>> told_by("Tuition per credit, in-district")
    Told(component=<CostComponent.TUITION: 'tuition'>, unit=<CostUnit.CREDIT: 'credit'>, \
residency=<Residency.IN_DISTRICT: 'in_district'>, year=None, is_clear=True)
    """
    bare = _PLACE.sub(" ", in_figures(MONEY.sub(" ", text)))
    years = academic_years(bare)
    bare = _YEAR.sub(" ", bare)
    residencies, rest = _named(_RESIDENCIES, bare)
    components, _ = _named(_COMPONENTS, rest)
    units, rest = _named(_UNITS, rest)
    _, rest = _named(_COMPONENTS, rest)
    if len(components) > 1:
        components.discard(CostComponent.TOTAL)
    known = fold(own).split()
    words = [fold(word) for word in _LETTERS.findall(_PLAIN.sub(" ", rest))]
    several = any(len(keys) > 1 for keys in (years, residencies, units, components))
    return Told(
        _only(components),
        _only(units),
        _only(residencies),
        next(iter(years), None) if len(years) == 1 else None,
        not several and all(len(word) < 2 or word in known for word in words),
    )


def _named(found: tuple[tuple[Key, re.Pattern[str]], ...], text: str) -> tuple[set[Key], str]:
    """Return what a text names of a list, the first first, and the text without it."""
    keys = set()
    for key, words in found:
        if words.search(text):
            keys.add(key)
            text = words.sub(" ", text)
    return keys, text


def _only(keys: set[Key]) -> Key | None:
    return next(iter(keys)) if len(keys) == 1 else None


def academic_years(text: str) -> set[str]:
    """Return the academic years that a text names, as "2025-26"."""
    return {
        f"{found['first']}-{found['end'][-2:]}"
        for found in _YEAR.finditer(text)
        if int(found["end"][-2:]) == (int(found["first"]) + 1) % 100
    }


def academic_year(text: str) -> str | None:
    """Return the academic year of a text that names one only."""
    years = academic_years(text)
    return years.pop() if len(years) == 1 else None
