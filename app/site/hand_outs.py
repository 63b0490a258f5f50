"""Snapshots as hand-outs for people, in every language: HTML to print, Markdown to paste."""

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
from app.domain.comparison.cells import UNDATED
from app.domain.messages import Message
from app.domain.reader import whose_price
from app.domain.text.addresses import to_web_address
from app.domain.vocabulary import REGIONS, STATE_NAMES, Finding, Level, Residency, Section
from app.queries.rubrics import published_rubrics
from app.queries.school_questions import FIRST_ASKED
from app.schemas.checklists import ChecklistRead, CheckRead
from app.schemas.comparison import ComparisonRead, RankRead, RowRead, StabilityRead, ValueRead
from app.schemas.snapshots import SnapshotRead
from app.site.languages import SOURCE, language
from app.site.rows import RowWriter
from app.site.words import FINDINGS, GATES, RESIDENCIES, SECTIONS, VERDICTS
from app.site.writing import SHOWN_EVIDENCE, Citation, Phrase, Writer

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

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~&])")
_LIST_MARK = re.compile(r"^(?:([-+])|(\d+)([.)]))(?=\s)")


class Plain(str):
    """Text that is Markdown already and is not escaped again."""

    __slots__ = ()


def to_html(snapshot: SnapshotRead, *, lang: str = SOURCE, base: str | None = None) -> str:
    """Return a snapshot as a page that prints as a hand-out; ``base`` is where the service is."""
    template = language(lang).templates.get_template("snapshot.html")
    address = None if base is None else short_address(base, snapshot.hash, lang)
    drawn = to_picture(address) if address else None
    return template.render(
        _values(snapshot, lang), web=to_web_address, base=base or "", address=address, drawn=drawn
    )


def short_address(base: str, key: str, lang: str) -> str:
    """Return an address of a snapshot that can be typed; ``base`` is that of the service."""
    return f"{base}/s/{key[:SHORT]}{'' if lang == SOURCE else f'?lang={lang}'}"


def page_address(key: str, lang: str) -> str:
    """Return where the hand-out of a snapshot is."""
    return f"/v1/snapshots/{key}?format=html{'' if lang == SOURCE else f'&lang={lang}'}"


SHORT = 12
"""Digits of a hash that name a snapshot: of a million, two begin alike once in 500 catalogues."""


def to_picture(address: str) -> str:
    """Return an address as a QR code: an SVG that a page holds in itself."""
    drawn = segno.make_qr(address, error="m")
    return drawn.svg_inline(scale=2, border=2, svgclass="qr", lineclass=None, omitsize=True)


def to_markdown(snapshot: SnapshotRead, *, lang: str = SOURCE) -> str:
    """Return a snapshot as Markdown, with no more than two line ends in a row."""
    template = _markdown(lang).get_template("snapshot.md")
    text = template.render(_values(snapshot, lang), link=_to_link, plain=_from_macro)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@lru_cache(maxsize=len(REGIONS))
def _markdown(lang: str) -> Environment:
    """Return the templates, with every expression escaped for Markdown."""
    templates = language(lang).templates
    return templates.overlay(autoescape=False, finalize=escape_markdown)


def _values(snapshot: SnapshotRead, lang: str) -> dict[str, Any]:
    """Return what both templates show."""
    titles = {one.key: (one.title, one.url) for one in snapshot.source_list}
    comparison, write = snapshot.comparison, RowWriter(language(lang), titles)
    by_slug = {str(checklist.program): checklist for checklist in comparison.checklists}
    schools = Counter(one.institution for one in by_slug.values())
    names = {
        slug: f"{one.institution} ({one.name})"
        if schools[one.institution] > 1
        else str(one.institution)
        for slug, one in by_slug.items()
    }
    sections: dict[str, list[Row]] = defaultdict(list)
    for row in comparison.rows:
        sections[write.speech.say(SECTIONS[row.section])].append(_row(write, row))
    rows = {(row.section, row.key): row for row in comparison.rows}
    key_rows = [rows[key] for key in AT_A_GLANCE if key in rows and _is_telling(rows, key)]
    criteria = [one for checklist in comparison.checklists for one in checklist.criteria]
    return {
        "hash": snapshot.hash,
        "lang": lang,
        "comparison": comparison,
        "sources": snapshot.source_list,
        "by_slug": by_slug,
        "bars": {slug: write.checklist_bar(one) for slug, one in by_slug.items()},
        "names": names,
        "whose": {slug: _told(write, whom) for slug, whom in comparison.for_whom.items()},
        "residency": write.word(RESIDENCIES, str(comparison.residency)).text,
        "ranks": {rank.program: _rank(write, rank) for rank in comparison.ranks},
        "order": write.dominance(comparison, names),
        "pairs": [
            _pair(write, pair, names)
            for pair in comparison.stability
            if _is_told(pair, comparison.programs)
        ],
        "sections": sections,
        "key_rows": [_row(write, row) for row in key_rows],
        "key_sources": {
            evidence.source
            for row in key_rows
            for value in row.values
            for evidence in value.evidence[:SHOWN_EVIDENCE]
        },
        "labels": {one.key: write.told(one.label).text for one in criteria}
        | {check.key: write.told(check.label).text for one in criteria for check in one.checks},
        "accredited": {
            slug: _finding(write, check.finding)
            for slug, checklist in by_slug.items()
            for one in checklist.criteria
            for check in one.checks
            if check.key == "program_accredited" and check.finding is not Finding.MET
        },
        "questions": _questions(write, comparison),
        "asked": {slug: _of_program(write, comparison, one) for slug, one in by_slug.items()},
        "told": {
            slug: [(check, _finding(write, finding)) for check, finding in answers.items()]
            for slug, answers in comparison.answers.items()
        },
        "first_asked": FIRST_ASKED,
        "headline": write.headline(comparison, names),
        "cautions": _cautions(write, comparison),
        "note": _told(write, comparison.note),
        "share": write.speech.percent,
    }


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row says of one program, with who says it."""

    program: str
    value: Phrase
    status: str
    notes: Sequence[Phrase]
    said: Sequence[Citation]
    is_known: bool
    is_best: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the comparison in words."""

    key: str
    label: str
    cells: Sequence[Cell]
    verdict: str


def _row(write: RowWriter, row: RowRead) -> Row:
    reasons = "; ".join(reason.text for reason in write.differences(row))
    verdict = write.word(VERDICTS, row.verdict).text
    return Row(
        key=row.key,
        label=_label(write, row),
        cells=[_cell(write, row, value) for value in row.values],
        verdict=f"{verdict}: {reasons}" if reasons else verdict,
    )


def _label(write: RowWriter, row: RowRead) -> str:
    if not row.key.endswith("_same_terms"):
        return write.label(row)
    label = Message(row.label.partition(", ")[0])
    return write.told(Message("%(label)s, on the same terms", label=label)).text


def _cell(write: RowWriter, row: RowRead, value: ValueRead) -> Cell:
    terms, notes = value.terms, []
    dates = [one.as_of for one in value.evidence[:1]]
    if value.value is not None and terms.year not in (None, UNDATED, *dates):
        notes.append(Phrase(str(terms.year)))
    if value.value is not None and terms.level == Level.INSTITUTION:
        notes.append(Phrase(write.speech.say("of the whole school")))
    if terms.population:
        notes += write.cohort(terms.population)
    return Cell(
        program=value.program,
        value=write.value(row, value),
        status=value.status,
        notes=notes,
        said=write.said(value.evidence),
        is_known=value.value is not None,
        is_best=value.program in row.best,
    )


def _told(write: Writer, text: str) -> str:
    """Return a text of ours in the language of a writer; for whom prices hold is made again."""
    return write.told(PRICES_FOR.get(text, text)).text


PRICES_FOR = {
    str(whose): whose
    for residency in (*Residency, None)
    for state in STATE_NAMES
    for whose in [whose_price(residency, state)]
}
"""For whom prices hold as a snapshot has it, in English -> the message it was."""


def _rank(write: Writer, rank: RankRead) -> str:
    say = write.speech.say
    if rank.best == rank.worst:
        return str(rank.best)
    return say("between %(best)s and %(worst)s", best=rank.best, worst=rank.worst)


def _pair(write: Writer, pair: StabilityRead, names: Mapping[str, str]) -> str:
    """Return of which of two programs more is verified, and under how many weightings."""
    say, share = write.speech.say, write.speech.percent
    one, other = names[pair.program], names[pair.over]
    if pair.always_tied:
        return say(
            "As much is verified of %(one)s as of %(other)s on every criterion.",
            one=one,
            other=other,
        )
    return say(
        "More is verified of %(one)s than of %(other)s under %(share)s of all weightings, with "
        "what is not known counted as 0 for both. Once the missing answers are in, it can be "
        "anything from %(least)s to %(most)s.",
        one=one,
        other=other,
        share=share(pair.share_decimal or 0),
        least=share(pair.share_worst_case_decimal or 0),
        most=share(pair.share_best_case_decimal or 0),
    )


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


def _questions(write: Writer, comparison: ComparisonRead) -> list[Question]:
    """Return what is asked, that on which most points of all programs hang first."""
    findings = [
        {check.key: check.finding for part in one.criteria for check in part.checks}
        for one in comparison.checklists
    ]
    rubric = published_rubrics()[comparison.rubric]
    stakes = points_at_stake_together(rubric, findings, comparison.weights)
    return sorted(_asked(write, comparison), key=lambda question: -stakes[question.key])


def _asked(write: Writer, comparison: ComparisonRead) -> Iterator[Question]:
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
            asks = [
                _ask(write, comparison.rubric, key, one.question)
                for one in of_programs
                if one.question
            ]
            yield Question(
                key=key,
                ask=" ".join(dict.fromkeys(asks)),
                whom=_told(write, whom[key]),
                replies=[
                    Reply(
                        check.question is not None,
                        _finding(write, answer),
                        _finding(write, check.finding),
                    )
                    for check, answer in zip(of_programs, answers, strict=True)
                ],
            )


def _of_program(
    write: Writer, comparison: ComparisonRead, checklist: ChecklistRead
) -> list[tuple[str, str]]:
    """Return what is asked of one program, and whom."""
    return [
        (_ask(write, comparison.rubric, one.check, one.ask), _told(write, one.whom))
        for one in checklist.questions
    ]


def _ask(write: Writer, version: str, check: str, stored: str) -> str:
    """Return a question in the language of a writer.

    What is known so far is told with it in the language that it was stored in, and in no other.
    """
    said = write.speech.tell(stored)
    if said is None and (rubric := published_rubrics().get(version)):
        known = rubric.find_check(check)
        said = write.speech.tell(known.question) if known else None
    return said or stored


def _finding(write: Writer, finding: Finding | None) -> str:
    """Return a finding as words; none for one that says nothing."""
    return "" if finding in (None, Finding.UNKNOWN) else write.word(FINDINGS, str(finding)).text


def _cautions(write: Writer, comparison: ComparisonRead) -> dict[str, list[str]]:
    """Return every gate and warning -> the programs that it is raised for."""
    found: dict[str, list[str]] = defaultdict(list)
    for checklist in comparison.checklists:
        told = {str(notice.code): _told(write, notice.message) for notice in checklist.gate_notices}
        raised = [told.get(gate) or write.word(GATES, gate).text for gate in checklist.gates]
        for caution in raised + [_told(write, one.message) for one in checklist.warnings]:
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


def escape_markdown(value: object) -> str:
    """Return text that stands in Markdown as it is: one line, no markup, no table bars."""
    if isinstance(value, Plain):
        return value
    if isinstance(value, Phrase):
        value = value.text
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
