"""Read dates as pages print them into the spellings that evidence is dated by."""

import re
from urllib.parse import unquote, urlsplit

from app.domain.evidence import to_span

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONGEST_EDITION_YEARS = 5

_YEAR = r"(?:19|20)\d\d"
_MONTH = rf"(?P<month_name>{'|'.join(MONTHS)})[a-z]*\.?"
_SPELLINGS = tuple(
    re.compile(rf"\D*?{core}\D*", re.IGNORECASE)
    for core in (
        rf"(?P<year>{_YEAR})-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-2]\d|3[01])",
        rf"(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[0-2]?\d)/(?P<year>{_YEAR})",
        rf"(?P<day>3[01]|[0-2]?\d)(?:st|nd|rd|th)? {_MONTH},? (?P<year>{_YEAR})",
        rf"{_MONTH} (?P<day>3[01]|[0-2]?\d)(?:st|nd|rd|th)?,? (?P<year>{_YEAR})",
        rf"(?P<year>{_YEAR}) ?(?:[-/–—]| to ) ?(?P<end>{_YEAR})",
        rf"(?P<year>{_YEAR}) ?[/–—] ?(?P<end>\d\d)",
        rf"(?P<year>{_YEAR})-(?P<second>\d\d)",
        rf"{_MONTH},? (?P<year>{_YEAR})",
        rf"(?P<year>{_YEAR})",
    )
)
_IN_PATH = re.compile(rf"(?<![\w-])({_YEAR})-({_YEAR}|\d\d)(?!\d)")


def parse_as_of(text: str) -> str | None:
    """Return a date, month, year or academic year as evidence is dated by; None: no year in it.

    ``"as of 2024-06-12"`` -> ``"2024-06-12"``, ``"2025-2026 catalog"`` -> ``"2025-26"``,
    ``"Fall 2015"`` -> ``"2015"``. An edition for several years ("2024-2026 bulletin") is dated
    by the first of them, so that it is never taken for newer than it is.

    Raises:
        ValueError: Digits that are no such date, or years out of order.
    """
    if not re.search(r"\d", text):
        return None
    for spelling in _SPELLINGS:
        if match := spelling.fullmatch(text.strip()):
            as_of = _to_as_of(text, match.groupdict())
            to_span(as_of)  # refuses 30 February
            return as_of
    raise ValueError(f"{text!r} is not a date, a month, a year or an academic year")


def _to_as_of(text: str, parts: dict[str, str | None]) -> str:
    year = int(parts["year"] or 0)
    if parts.get("end"):
        return _academic_year(text, year, str(parts["end"]))
    if second := parts.get("second"):
        is_month = 1 <= int(second) <= 12 and int(second) != (year + 1) % 100
        return f"{year}-{second}" if is_month else _academic_year(text, year, second)
    month = parts.get("month")
    if name := parts.get("month_name"):
        month = str(MONTHS.index(name.lower()) + 1)
    if month is None:
        return str(year)
    day = parts.get("day")
    return f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")


def _academic_year(text: str, first: int, end: str) -> str:
    last = int(end) if len(end) == 4 else first - first % 100 + int(end)
    if last < first and len(end) == 2:
        last += 100
    if not first < last <= first + LONGEST_EDITION_YEARS:
        raise ValueError(f"the years of {text!r} are not those of one edition")
    if first % 100 == 99:
        return str(first)  # "1999-00" would read as a month that does not exist
    return f"{first}-{(first + 1) % 100:02d}"


def year_in_path(url: str) -> str | None:
    """Return the academic year that the path of an address names, "…/2023-2024/…" -> "2023-24"."""
    match = _IN_PATH.search(unquote(urlsplit(url).path))
    if match is None:
        return None
    first, end = int(match[1]), match[2]
    if len(end) == 2 and (int(end) <= 12 or int(end) != (first + 1) % 100):
        return None  # may be a month
    try:
        return _academic_year(match[0], first, end)
    except ValueError:
        return None
