"""Areas that wages are surveyed for: their codes, and what is printed where no number stands."""

import re
from dataclasses import dataclass

from app.domain.messages import N_
from app.domain.vocabulary import AreaKind, Measure

FIPS: dict[str, str] = dict(
    pair.split(":")
    for pair in (
        "01:AL 02:AK 04:AZ 05:AR 06:CA 08:CO 09:CT 10:DE 11:DC 12:FL 13:GA 15:HI 16:ID 17:IL "
        "18:IN 19:IA 20:KS 21:KY 22:LA 23:ME 24:MD 25:MA 26:MI 27:MN 28:MS 29:MO 30:MT 31:NE "
        "32:NV 33:NH 34:NJ 35:NM 36:NY 37:NC 38:ND 39:OH 40:OK 41:OR 42:PA 44:RI 45:SC 46:SD "
        "47:TN 48:TX 49:UT 50:VT 51:VA 53:WA 54:WV 55:WI 56:WY 60:AS 66:GU 69:MP 72:PR 78:VI"
    ).split()
)
"""FIPS 5-2 code of a state or territory -> its USPS code."""

NATIONAL = "US"
"""Code of the whole country, which is no area of the catalogue."""

AREA_SURVEY = "bls-oews-areas-{year}-05"
"""Key of the source of the wages of a year."""


@dataclass(frozen=True, slots=True)
class WageMeasure:
    """What is published of an occupation in an area: its unit, and what it is called."""

    unit: str
    name: str


WAGE_MEASURES: dict[Measure, WageMeasure] = {
    Measure.ANNUAL_MEAN: WageMeasure("USD per year", N_("Mean annual wage")),
    Measure.ANNUAL_MEDIAN: WageMeasure("USD per year", N_("Median annual wage")),
    Measure.ANNUAL_P10: WageMeasure("USD per year", N_("10th percentile of annual wages")),
    Measure.ANNUAL_P25: WageMeasure("USD per year", N_("25th percentile of annual wages")),
    Measure.ANNUAL_P75: WageMeasure("USD per year", N_("75th percentile of annual wages")),
    Measure.ANNUAL_P90: WageMeasure("USD per year", N_("90th percentile of annual wages")),
    Measure.EMPLOYMENT: WageMeasure("jobs", N_("Employment")),
    Measure.JOBS_PER_1000: WageMeasure("jobs per 1000 jobs", N_("Jobs of a thousand in the area")),
    Measure.LOCATION_QUOTIENT: WageMeasure(
        "ratio", N_("Share of jobs against the whole country (location quotient)")
    ),
}
"""Measures of the survey of areas, by their keys; each is a column of the table of wages."""

NATIONAL_MEASURES = tuple(
    measure for measure in WAGE_MEASURES if measure.startswith(("annual", "employment"))
)
"""Those that the survey of the whole country tells as well."""

TOP_WAGES = ((2022, 239_200), (2016, 208_000))
"""Editions of the survey of employers from a May on -> the wage at and above which it prints a mark
in place of the number: its technical notes."""


def wage_slug(year: int, soc_code: str, measure: Measure, *, area: str | None = None) -> str:
    """Return the address of the figure of an occupation; without an area, of the whole country."""
    place = f"{area.lower()}_" if area else ""
    return f"oews_{year}_05_{place}{soc_code.replace('-', '_')}_{measure}"


@dataclass(frozen=True, slots=True)
class AreaCode:
    """Which area a row is about: by its USPS code, CBSA or BLS code of a nonmetropolitan area."""

    code: str
    kind: AreaKind | None
    state: str | None
    """The state of a state or of a nonmetropolitan area; ``kind`` is None for the country."""


def parse_area(text: str) -> AreaCode:
    """Return the area of a code as its publisher or a person writes it.

    The survey of employers prints "39" or "3900000" for Ohio, "18140" or "0018140" for a
    metropolitan area, "3900001" for a nonmetropolitan one, "99" or "0000000" for the country.

    Raises:
        ValueError: No code of an area.
    """
    bare = text.strip().strip('"').strip()
    if not re.fullmatch(r"[0-9]{1,7}", bare):
        raise ValueError("not the code of an area")
    if bare == "99" or not bare.strip("0"):
        return AreaCode(NATIONAL, None, None)
    if len(bare) <= 2:
        bare = f"{bare.zfill(2)}00000"
    digits = bare.zfill(7)
    if digits.startswith("00"):
        return AreaCode(digits[2:], AreaKind.METRO, None)
    if digits[:2] not in FIPS:
        raise ValueError("not the code of an area")
    state = FIPS[digits[:2]]
    if digits.endswith("00000"):
        return AreaCode(state, AreaKind.STATE, state)
    return AreaCode(digits, AreaKind.NONMETRO, state)


def states_of(area: AreaCode, title: str) -> list[str]:
    """Return the states that an area lies in; a metropolitan one names them in its title.

    >>> states_of(parse_area("17140"), "Cincinnati, OH-KY-IN")
    ['OH', 'KY', 'IN']
    """
    if area.state is not None:
        return [area.state]
    named = title.rpartition(",")[2].split("-")
    return [code.strip() for code in named if code.strip() in set(FIPS.values())]


def top_wage(year: int) -> int | None:
    """Return the wage from which an edition prints a mark; None for one that is not known."""
    return next((wage for first, wage in TOP_WAGES if year >= first), None)
