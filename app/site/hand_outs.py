"""Snapshots as hand-outs for people: HTML to print, Markdown to paste."""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.text.addresses import is_address
from app.settings import PACKAGE

TEMPLATES = PACKAGE / "site" / "templates"

Document = Mapping[str, Any]
"""A snapshot as read from its JSON."""

SECTION_TITLES = {
    "award": "Award",
    "place_and_delivery": "Place and delivery",
    "length": "Length",
    "cost": "Cost",
    "accreditation": "Accreditation",
    "transfer": "Transfer of credits",
    "practicum": "Practicum",
    "credentials": "Credentials and curriculum",
    "outcomes": "Outcomes",
    "checklist": "Checklist",
}
SHOWN_EVIDENCE = 2
VERDICT_WORDS = {
    "same": "same",
    "differs": "differs",
    "unknown": "open",
    "not_comparable": "does not compare",
}
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~&])")
_LIST_MARK = re.compile(r"^(?:([-+])|(\d+)([.)]))(?=\s)")


class Plain(str):
    """Text that is Markdown already and is not escaped again."""

    __slots__ = ()


def to_html(document: Document, *, address: str | None = None) -> str:
    """Return a snapshot as a page that prints as a hand-out; ``address`` is where it is kept."""
    return _html().get_template("snapshot.html").render(_view(document), address=address)


def to_markdown(document: Document) -> str:
    """Return a snapshot as Markdown, with no more than two line ends in a row."""
    text = _markdown().get_template("snapshot.md").render(_view(document))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@lru_cache(maxsize=1)
def _html() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"points": _points, "score_detail": _detail}
    environment.filters |= {"share": _percent, "web": to_web_address}
    return environment


@lru_cache(maxsize=1)
def _markdown() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - Markdown: finalize escapes every expression
        finalize=escape_markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"score": in_words, "share": _percent, "link": _to_link}
    environment.globals["plain"] = _from_macro
    return environment


def _view(document: Document) -> dict[str, Any]:
    """Return what both templates need, looked up once."""
    comparison = document["comparison"]
    sections: dict[str, list[Any]] = {}
    for row in comparison["rows"]:
        sections.setdefault(row["section"], []).append(row)
    by_slug = {checklist["program"]: checklist for checklist in comparison["checklists"]}
    key_rows = [
        row
        for row in comparison["rows"]
        if (row["section"], row["key"])
        in {
            ("length", "months"),
            ("cost", "tuition_and_fees"),
            ("cost", "total_cost"),
            ("accreditation", "program_accreditation"),
            ("accreditation", "institution_accreditation"),
            ("practicum", "practicum"),
        }
    ]
    names = {slug: f"{one['institution']} ({one['name']})" for slug, one in by_slug.items()}
    return {
        "names": names,
        "pairs": [
            pair
            for pair in comparison["stability"]
            if pair["share"] is not None and _reads_first(pair, comparison["programs"])
        ],
        "reasons": {
            f"{row['section']}.{row['key']}": _with_names(row["reason"], names)
            for row in comparison["rows"]
        },
        "questions": _questions(comparison),
        "cautions": _cautions(comparison),
        "key_sources": {
            evidence["source"]
            for row in key_rows
            for value in row["values"]
            for evidence in value["evidence"][:SHOWN_EVIDENCE]
        },
        "hash": document["hash"],
        "comparison": comparison,
        "by_slug": by_slug,
        "ranks": {rank["program"]: rank for rank in comparison["ranks"]},
        "sections": [(SECTION_TITLES[key], rows) for key, rows in sections.items()],
        "key_rows": key_rows,
        "labels": {
            criterion["key"]: criterion["label"]
            for checklist in comparison["checklists"]
            for criterion in checklist["criteria"]
        },
        "check_labels": {
            check["key"]: check["label"]
            for checklist in comparison["checklists"]
            for criterion in checklist["criteria"]
            for check in criterion["checks"]
        },
        "verdict_words": VERDICT_WORDS,
        "sources": document["source_list"],
    }


def _questions(comparison: Document) -> list[dict[str, Any]]:
    """Return what is open for some program or was told by the caller, question by question."""
    checks: dict[str, dict[str, Any]] = {}
    for checklist in comparison["checklists"]:
        for criterion in checklist["criteria"]:
            for check in criterion["checks"]:
                checks.setdefault(check["key"], {})[checklist["program"]] = check
    whom = {
        question["check"]: question["whom"]
        for checklist in comparison["checklists"]
        for question in checklist["questions"]
    }
    told = comparison["answers"]
    return [
        {
            "ask": next(check["question"] for check in by_slug.values() if check["question"]),
            "whom": whom[key],
            "replies": [
                {
                    "is_open": by_slug[slug]["question"] is not None,
                    "told": in_words_of(told.get(slug, {}).get(key)),
                    "known": in_words_of(by_slug[slug]["finding"]),
                }
                for slug in comparison["programs"]
            ],
        }
        for key, by_slug in checks.items()
        if key in whom
    ]


def _cautions(comparison: Document) -> list[dict[str, Any]]:
    """Return every gate and warning once, with the programs that it is raised for."""
    found: dict[str, list[str]] = {}
    for checklist in comparison["checklists"]:
        said = [gate.replace("_", " ") for gate in checklist["gates"]]
        said += [warning["message"] for warning in checklist["warnings"]]
        for words in said:
            found.setdefault(words, []).append(checklist["program"])
    return [{"words": words, "programs": programs} for words, programs in found.items()]


def in_words_of(finding: str | None) -> str:
    """Return a finding as words; none for one that says nothing."""
    return "" if finding in (None, "unknown") else str(finding).replace("_", " ")


def _reads_first(pair: Document, order: list[str]) -> bool:
    """Whether a pair and not its opposite is told: the one that holds more often than not."""
    share = Fraction(pair["share"])
    if pair["always_tied"] or share == Fraction(1, 2):
        return order.index(pair["program"]) < order.index(pair["over"])
    return share > Fraction(1, 2)


def _with_names(reason: str | None, names: Mapping[str, str]) -> str | None:
    """Return a reason with the names of programs in the place of their slugs."""
    if reason is None:
        return None
    longest_first = sorted(names, key=len, reverse=True)
    slug = re.compile("|".join(rf"(?<![\w-]){re.escape(key)}(?![\w-])" for key in longest_first))
    return slug.sub(lambda found: names[found[0]], reason)


def in_words(score: Mapping[str, float]) -> str:
    """Return a score interval as a sentence part that says what is open."""
    return f"{_points(score)}{_detail(score)}"


def _points(score: Mapping[str, float]) -> str:
    low, high = score["low"], score["high"]
    return f"{low:g} of 100 points" if low == high else f"{low:g} to {high:g} of 100 points"


def _detail(score: Mapping[str, float]) -> str:
    low, high, coverage = score["low"], score["high"], score["coverage"]
    if low == high:
        return "; nothing is open"
    return (
        f": {low:g} are verified, {high - low:.3g} rest on open questions; "
        f"{coverage:.0%} of the weight is known"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def to_web_address(address: str | None) -> str | None:
    """Return an address that is safe to link to; None for any other."""
    return address if address and is_address(address) else None


def escape_markdown(value: object) -> str:
    """Return text that stands in Markdown as it is: one line, no markup, no table bars."""
    if isinstance(value, Plain):
        return value
    line = _MARKUP.sub(r"\\\1", " ".join(str(value).split()))
    return _LIST_MARK.sub(lambda mark: f"{mark[2] or ''}\\{mark[3] or mark[1]}", line)


def _to_link(address: str | None, text: str) -> Plain:
    web = to_web_address(address)
    words = escape_markdown(text)
    if web is None:
        return Plain(words)
    return Plain(f"[{words}](<{quote(web, safe=':/?#@!$&,;=%+~')}>)")


def _from_macro(text: str) -> Plain:
    """Return what a macro made, whose expressions are escaped already."""
    return Plain(text.strip())
