"""Snapshots as hand-outs for people, in English: HTML to print, Markdown to paste."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import segno
from jinja2 import Environment

from app.domain.checklist.scoring import points_at_stake_together
from app.domain.text.addresses import to_web_address
from app.domain.vocabulary import Finding, Section, Verdict, in_words
from app.queries.rubrics import published_rubrics
from app.queries.school_questions import FIRST_ASKED
from app.schemas.checklists import CheckRead
from app.schemas.comparison import ComparisonRead, RowRead, StabilityRead
from app.schemas.snapshots import SnapshotRead
from app.site.languages import SOURCE, language
from app.site.words import SECTIONS
from app.site.writing import SHOWN_EVIDENCE, Writer

AT_A_GLANCE = (
    (Section.COST, "total_cost"),
    (Section.COST, "tuition_and_fees"),
    (Section.ACCREDITATION, "program_accreditation"),
    (Section.ACCREDITATION, "institution_accreditation"),
    (Section.CREDENTIALS, "prepares_for"),
    (Section.PLACE_AND_DELIVERY, "delivery"),
    (Section.PLACE_AND_DELIVERY, "completion_online"),
    (Section.LENGTH, "months"),
    (Section.TRANSFER, "credits_accepted"),
    (Section.PRACTICUM, "practicum"),
    (Section.OUTCOMES, "completions"),
)
"""Rows that stand on the sheet that is printed, in this order: what decides."""

VERDICTS = {
    Verdict.SAME: "same",
    Verdict.DIFFERS: "differs",
    Verdict.UNKNOWN: "open",
    Verdict.NOT_COMPARABLE: "does not compare",
}
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~&])")
_LIST_MARK = re.compile(r"^(?:([-+])|(\d+)([.)]))(?=\s)")


class Plain(str):
    """Text that is Markdown already and is not escaped again."""

    __slots__ = ()


def to_html(snapshot: SnapshotRead, *, base: str | None = None) -> str:
    """Return a snapshot as a page that prints as a hand-out; ``base`` is where the service is."""
    template = language(SOURCE).templates.get_template("snapshot.html")
    address = None if base is None else short_address(base, snapshot.hash)
    drawn = to_picture(address) if address else None
    return template.render(
        _values(snapshot), web=to_web_address, base=base or "", address=address, drawn=drawn
    )


def short_address(base: str, key: str) -> str:
    """Return an address of a snapshot that can be typed; ``base`` is that of the service."""
    return f"{base}/s/{key[:SHORT]}"


SHORT = 12
"""Digits of a hash that name a snapshot: of a million, two begin alike once in 500 catalogues."""


def to_picture(address: str) -> str:
    """Return an address as a QR code: an SVG that a page holds in itself."""
    drawn = segno.make_qr(address, error="m")
    return drawn.svg_inline(scale=2, border=2, svgclass="qr", lineclass=None, omitsize=True)


def to_markdown(snapshot: SnapshotRead) -> str:
    """Return a snapshot as Markdown, with no more than two line ends in a row."""
    template = _markdown().get_template("snapshot.md")
    text = template.render(_values(snapshot), link=_to_link, plain=_from_macro)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@lru_cache(maxsize=1)
def _markdown() -> Environment:
    """Return the templates, with every expression escaped for Markdown."""
    templates = language(SOURCE).templates
    return templates.overlay(autoescape=False, finalize=escape_markdown)


def _values(snapshot: SnapshotRead) -> dict[str, Any]:
    """Return what both templates show."""
    titles = {one.key: (one.title, one.url) for one in snapshot.source_list}
    comparison, writer = snapshot.comparison, Writer(language(SOURCE), titles)
    by_slug = {str(checklist.program): checklist for checklist in comparison.checklists}
    schools = Counter(one.institution for one in by_slug.values())
    names = {
        slug: f"{one.institution} ({one.name})"
        if schools[one.institution] > 1
        else str(one.institution)
        for slug, one in by_slug.items()
    }
    sections: dict[str, list[RowRead]] = defaultdict(list)
    for row in comparison.rows:
        sections[SECTIONS[row.section]].append(row)
    rows = {(row.section, row.key): row for row in comparison.rows}
    key_rows = [rows[key] for key in AT_A_GLANCE if key in rows and _is_telling(rows, key)]
    criteria = [one for checklist in comparison.checklists for one in checklist.criteria]
    return {
        "hash": snapshot.hash,
        "comparison": comparison,
        "sources": snapshot.source_list,
        "by_slug": by_slug,
        "bars": {slug: writer.checklist_bar(one) for slug, one in by_slug.items()},
        "names": names,
        "ranks": {rank.program: rank for rank in comparison.ranks},
        "pairs": [pair for pair in comparison.stability if _is_told(pair, comparison.programs)],
        "sections": sections,
        "key_rows": key_rows,
        "key_sources": {
            evidence.source
            for row in key_rows
            for value in row.values
            for evidence in value.evidence[:SHOWN_EVIDENCE]
        },
        "labels": {one.key: one.label for one in criteria}
        | {check.key: check.label for one in criteria for check in one.checks},
        "said": writer.said,
        "accredited": {
            slug: _finding(check.finding)
            for slug, checklist in by_slug.items()
            for one in checklist.criteria
            for check in one.checks
            if check.key == "program_accredited" and check.finding is not Finding.MET
        },
        "questions": _questions(comparison),
        "first_asked": FIRST_ASKED,
        "headline": writer.headline(comparison, names),
        "cautions": _cautions(comparison),
        "verdicts": VERDICTS,
        "share": _percent,
        "with_names": lambda reason: _with_names(reason, names),
    }


RowKey = tuple[Section, str]


def _is_telling(rows: Mapping[RowKey, RowRead], key: RowKey) -> bool:
    """Return whether a row stands on the sheet: some only where another leaves a gap."""
    other = rows.get(FALLBACKS[key]) if key in FALLBACKS else None
    return other is None or any(value.value is None for value in other.values)


FALLBACKS: Mapping[RowKey, RowKey] = {
    (Section.PLACE_AND_DELIVERY, "completion_online"): (Section.PLACE_AND_DELIVERY, "delivery"),
    (Section.COST, "tuition_and_fees"): (Section.COST, "total_cost"),
}
"""Row -> the row that says more, beside which it is not needed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One school's place beside a question: room to write, or what is known."""

    is_open: bool
    told: str
    known: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is open for some program, or was answered by the caller."""

    key: str
    ask: str
    whom: str
    replies: Sequence[Reply]


def _questions(comparison: ComparisonRead) -> list[Question]:
    """Return what is asked, that on which most points of all programs hang first."""
    findings = [
        {check.key: check.finding for part in one.criteria for check in part.checks}
        for one in comparison.checklists
    ]
    rubric = published_rubrics()[comparison.rubric]
    stakes = points_at_stake_together(rubric, findings, comparison.weights)
    return sorted(_asked(comparison), key=lambda question: -stakes[question.key])


def _asked(comparison: ComparisonRead) -> Iterator[Question]:
    checks: dict[str, list[CheckRead]] = defaultdict(list)
    for checklist in comparison.checklists:
        for criterion in checklist.criteria:
            for check in criterion.checks:
                checks[check.key].append(check)
    whom = {
        one.check: one.whom for checklist in comparison.checklists for one in checklist.questions
    }
    for key, of_programs in checks.items():
        if key in whom:
            answers = [comparison.answers.get(slug, {}).get(key) for slug in comparison.programs]
            yield Question(
                key=key,
                ask=" ".join(
                    dict.fromkeys(check.question for check in of_programs if check.question)
                ),
                whom=whom[key],
                replies=[
                    Reply(check.question is not None, _finding(answer), _finding(check.finding))
                    for check, answer in zip(of_programs, answers, strict=True)
                ],
            )


def _finding(finding: Finding | None) -> str:
    """Return a finding as words; none for one that says nothing."""
    return "" if finding is Finding.UNKNOWN else in_words(finding)


def _cautions(comparison: ComparisonRead) -> dict[str, list[str]]:
    """Return every gate and warning -> the programs that it is raised for."""
    found: dict[str, list[str]] = defaultdict(list)
    for checklist in comparison.checklists:
        told = {str(notice.code): notice.message for notice in checklist.gate_notices}
        raised = [told.get(gate, in_words(gate)) for gate in checklist.gates]
        for caution in raised + [warning.message for warning in checklist.warnings]:
            found[caution].append(str(checklist.program))
    return found


def _is_told(pair: StabilityRead, order: Sequence[str]) -> bool:
    """Whether a pair and not its opposite is told: the one that holds more often than not."""
    if pair.share is None:
        return False
    share = Fraction(pair.share)
    if pair.always_tied or share == Fraction(1, 2):
        return order.index(pair.program) < order.index(pair.over)
    return share > Fraction(1, 2)


def _with_names(reason: str, names: Mapping[str, str]) -> str:
    """Return a reason with the names of programs in the place of their slugs."""
    longest_first = sorted(names, key=len, reverse=True)
    slug = re.compile("|".join(rf"(?<![\w-]){re.escape(key)}(?![\w-])" for key in longest_first))
    return slug.sub(lambda found: names[found[0]], reason)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


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
