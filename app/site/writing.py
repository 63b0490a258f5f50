"""Facts in words: scores, checks, prices and credentials as lines that a page only has to set.

Words that exist in English only are marked as English, for those who hear the page read in
another language.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from app.domain.checklist.accreditation import FEDERAL_AID
from app.domain.comparison.costs import usd_per
from app.domain.credentials.cells import BY_YEAR, FIELD_LABELS, figure_of, is_figure
from app.domain.credentials.outlines import Domain
from app.domain.messages import N_, parts_of
from app.domain.text.addresses import to_web_address
from app.domain.vocabulary import (
    AccreditationStatus,
    Basis,
    CellStatus,
    CredentialStatus,
    Finding,
    Section,
    in_words,
)
from app.queries.credentials import leading_cells
from app.schemas.checklists import (
    ChecklistRead,
    CheckRead,
    CriterionRead,
    PeerRankRead,
    ScoreRead,
    SummaryScore,
)
from app.schemas.comparison import ComparisonRead, RangeRead, RowRead, ValueRead
from app.schemas.credentials import CellRead, CredentialRead, DomainRead, RouteRead, StatementRead
from app.schemas.pages import Evidence
from app.schemas.timeline import MonthsRead
from app.site import words
from app.site.languages import NAMED, SOURCE, Language, capitalized, is_outline

SHOWN_EVIDENCE = 2
"""Sources named beside a value, on pages, cards and hand-outs."""

Sources = Mapping[str, tuple[str, str | None]]
"""Key of a source -> its title and address."""

ENTERED = re.compile(r"entered (fall )?(\d{4})")
COHORTS = (
    N_("full-time"),
    N_("part-time"),
    N_("bachelor seekers"),
    N_("degree or certificate seekers"),
)
"""Parts of what importers name the students that a figure is of."""

PRICES = {usd_per(unit): pattern for unit, pattern in words.PRICE_UNITS.items()}
"""Unit of a price as a comparison names it -> the price in that unit."""

Kind = Literal["title", "name", "stated"]
"""What may be English on every page: a title, a name, what a source or an editor states."""

Rows = Mapping[tuple[Section, str], tuple[str, ValueRead]]
"""Section and key of a row -> its label, and what is known of one program there."""

COMPLETION_ONLINE = (Section.PLACE_AND_DELIVERY, "completion_online")

CARD_ROWS = frozenset(
    {
        (Section.AWARD, "award_level"),
        (Section.PLACE_AND_DELIVERY, "place"),
        (Section.PLACE_AND_DELIVERY, "delivery"),
        COMPLETION_ONLINE,
        (Section.LENGTH, "months"),
        (Section.COST, "tuition_and_fees"),
        (Section.ACCREDITATION, "program_accreditation"),
        (Section.ACCREDITATION, "institution_accreditation"),
        (Section.PRACTICUM, "practicum"),
        (Section.CREDENTIALS, "prepares_for"),
        (Section.OUTCOMES, "completions"),
    }
)
"""Rows of a comparison that are shown of one program alone, on its card and its page."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to show; ``lang`` and ``kind`` where they are not in the language of the page."""

    text: str
    lang: str | None = None
    kind: str | None = None

    def __html__(self) -> str:
        """Return the words as templates set them."""
        if self.lang is None:
            return escape(self.text)
        return Markup('<span lang="{}" data-words="{}">{}</span>').format(
            self.lang, self.kind, self.text
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """Who says a fact, where, as of when, and in which words of their own."""

    sayer: str
    name: Phrase
    url: str | None
    as_of: str
    is_stale: bool
    stated: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a card; ``finding`` gives it a mark, ``value`` says so where nothing is known.

    ``codes`` are the credentials that the value names.
    """

    label: str
    value: Phrase
    is_known: bool
    said: Sequence[Citation] = ()
    notes: Sequence[Phrase] = ()
    finding: str | None = None
    codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class BarPart:
    """A part of a score: its key, its name, where it begins and how many points of 100 it has."""

    key: str
    name: str
    start: float
    points: float
    shown: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A score from 0 to 100 in four parts that fill it, and the same in words.

    ``met`` is the low end of the score and ``likely`` what it is with what is said at its word.
    """

    met: float
    likely: float
    interval: str
    parts: Sequence[BarPart]
    coverage: str

    @property
    def alternative(self) -> str:
        """All that the drawing shows."""
        parts = ", ".join(f"{part.name} {part.shown}" for part in self.parts)
        return f"{self.interval}: {parts}. {self.coverage}"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check of a checklist."""

    key: str
    label: str
    finding: str
    words: str
    reason: Phrase | None
    question: str | None
    whom: str | None
    said: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion with its checks; without a bar where none of them applies."""

    label: str
    bar: Bar | None
    checks: Sequence[CheckLine]


@dataclass(frozen=True, slots=True)
class ProgramSide:
    """A program as a card or as one column of a comparison."""

    slug: str
    name: str
    school: str
    place: str
    award: str
    bar: Bar
    summary: Phrase | None
    peers: str | None
    facts: Sequence[Fact]
    cautions: Sequence[Phrase]
    criteria: Sequence[Criterion]
    rank: str
    record: str


def _untold(criterion: CriterionRead) -> float:
    """Return of how much of a criterion nobody tells, in points of 100."""
    applying = [one for one in criterion.checks if one.finding is not Finding.NOT_APPLICABLE]
    untold = sum(one.max_points for one in applying if one.finding is Finding.UNKNOWN)
    return 100 * untold / sum(one.max_points for one in applying) if untold else 0.0


def added_fields(write: "Writer", filled: Iterable[str]) -> str:
    """Return the fields that were added to what the career guide says, each once."""
    return ", ".join(dict.fromkeys(write.word(words.FILLED, name).text for name in filled))


class Writer:
    """Puts facts into the words of one language."""

    def __init__(self, speech: Language, sources: Sources) -> None:
        self.speech = speech
        self.sources = sources
        self._known: dict[tuple[str | bool | None, ...], Citation] = {}

    def english(self, text: str, kind: Kind) -> Phrase:
        """Return words that nobody translates, such as the title of a source."""
        if self.speech.code == SOURCE:
            return Phrase(text)
        return Phrase(text, SOURCE, kind)

    def told(self, text: str, kind: Kind = "stated") -> Phrase:
        """Return a text of ours in the language of the page.

        What the catalogue of messages does not know, such as a text of an editor, stays English.
        """
        said = self.speech.tell(text)
        return self.english(text, kind) if said is None else Phrase(said)

    def cohort(self, cohort: str) -> list[Phrase]:
        """Return of whom a figure is, part by part; a year of entry in words."""
        parts = [cohort] if self.speech.tell(cohort) else cohort.split(", ")
        return [self._entered(part) or self.told(part) for part in parts]

    def _entered(self, part: str) -> Phrase | None:
        match = ENTERED.fullmatch(part)
        if match is None:
            return None
        pattern = N_("entered in fall %(year)s") if match[1] else N_("entered in %(year)s")
        return Phrase(self.speech.say(pattern, year=match[2]))

    def word(self, known: words.Words, key: str) -> Phrase:
        """Return the word for a key of a closed list; a key without one as it is."""
        if key in known:
            return Phrase(self.speech.say(known[key]))
        return self.told(in_words(key))

    def listed(self, known: words.Words, keys: Iterable[str]) -> str:
        """Return the words for keys of a closed list, one after the other."""
        return capitalized(", ".join(self.word(known, key).text for key in keys))

    def choices(self, known: words.Words, keys: Iterable[str]) -> list[tuple[str, str]]:
        """Return keys of a closed list with their words, for a form to choose from."""
        return [(str(key), capitalized(self.word(known, key).text)) for key in keys]

    def named(self, source: str, as_of: str | None) -> Citation:
        """Return a source by its key, where nothing more is told of who says a fact."""
        title, url = self.sources.get(source, (source, None))
        return Citation(
            sayer=self.speech.say("Source"),
            name=self.english(title, "title"),
            url=to_web_address(url),
            as_of=as_of or self.speech.say("undated"),
            is_stale=False,
        )

    def by(self, source: str, basis: str, as_of: str | None = None) -> Citation:
        """Return who says something of which no page is known."""
        return self._said(
            Evidence(
                source=source,
                source_url=None,
                as_of=as_of,
                basis=basis,
                as_stated=None,
                stale=False,
            )
        )

    def said(self, evidence: Iterable[Evidence]) -> list[Citation]:
        """Return the first sayers of a fact, each once."""
        found: dict[tuple[str, str], Citation] = {}
        for one in evidence:
            key = (one.source, one.source_url, one.as_of, one.basis, one.stale, one.as_stated)
            if (said := self._known.get(key)) is None:
                said = self._known[key] = self._said(one)
            found.setdefault((said.name.text, said.as_of), said)
        return list(found.values())[:SHOWN_EVIDENCE]

    def _said(self, evidence: Evidence) -> Citation:
        title, source_url = self.sources.get(evidence.source, (evidence.source, None))
        url = to_web_address(evidence.source_url)
        host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
        # a page is known by whose it is, a public file by its title
        name = self.english(title, "title")
        if host and evidence.basis != Basis.GOVERNMENT_DATA:
            name = Phrase(host)
        return Citation(
            sayer=self.word(words.SAYERS, evidence.basis).text,
            name=name,
            url=url or to_web_address(source_url),
            as_of=evidence.as_of or self.speech.say("undated"),
            is_stale=evidence.stale,
            stated=evidence.as_stated,
        )

    def checklist_bar(self, checklist: ChecklistRead) -> Bar:
        """Return the score of a checklist as a bar."""
        untold = math.fsum(one.weight * _untold(one) for one in checklist.criteria)
        return self.bar(checklist.score, untold)

    def bar(self, score: ScoreRead | SummaryScore, untold: float | None = None) -> Bar:
        """Return a score as a bar: met, known in part, open, not met.

        ``untold`` are the points of which nobody tells; without it they follow from the share
        that is known.
        """
        low, likely, high = score.low, score.likely, score.high
        if untold is None:
            untold = 100 * (1 - score.coverage) - (likely - low)
        still_open = round(min(max(untold, 0.0), high - low), 1)
        points = (low, round(high - low - still_open, 1), still_open, round(100 - high, 1))
        starts = accumulate(points, initial=0.0)
        return Bar(
            met=low,
            likely=likely,
            interval=self._interval(low, likely, high),
            parts=[
                BarPart(
                    key=key,
                    name=self.speech.say(name),
                    start=round(start, 1),
                    points=share,
                    shown=self.speech.number(share),
                )
                for (key, name), share, start in zip(
                    words.SCORE_PARTS.items(), points, starts, strict=False
                )
            ],
            coverage=self.speech.say(
                "%(share)s of the checklist is known", share=self.speech.percent(score.coverage)
            ),
        )

    def _interval(self, low: float, likely: float, high: float) -> str:
        say, number = self.speech.say, self.speech.number
        if low == high:
            return say("%(low)s of 100", low=number(low))
        if likely == low:
            return say("%(low)s to %(high)s of 100", low=number(low), high=number(high))
        return say(
            "%(low)s to %(high)s of 100, %(likely)s if what is said holds",
            low=number(low),
            high=number(high),
            likely=number(likely),
        )

    def peers(self, place: PeerRankRead | None) -> str | None:
        """Return the place of a score among programs of its kind; None: it is not told."""
        if place is None:
            return None
        return self.speech.say(
            "Number %(rank)s of %(of)s by score in its kind: %(kind)s",
            rank=self.speech.number(place.rank),
            of=self.speech.number(place.of),
            kind=self.told(place.kind).text,
        )

    def criterion(self, criterion: CriterionRead, checklist: ChecklistRead) -> Criterion:
        """Return a criterion of a checklist with its checks."""
        whom = {question.check: question.whom for question in checklist.questions}
        return Criterion(
            label=self.speech.say(criterion.label),
            bar=self.bar(criterion.score, _untold(criterion)) if criterion.score else None,
            checks=[self._check(check, whom.get(check.key)) for check in criterion.checks],
        )

    def _check(self, check: CheckRead, whom: str | None) -> CheckLine:
        say = self.speech.say
        return CheckLine(
            key=check.key,
            label=say(check.label),
            finding=check.finding,
            words=say(words.FINDINGS[check.finding]),
            reason=self.told(check.reason)
            if check.evidence or check.finding is Finding.NOT_APPLICABLE
            else None,
            question=(self.speech.tell(check.question) or check.question)
            if check.question
            else None,
            whom=say(whom) if whom else None,
            said=self.said(check.evidence),
        )

    def cautions(self, checklist: ChecklistRead) -> list[Phrase]:
        """Return what to watch out for: gates first."""
        return [
            *(self.told(gate.message) for gate in checklist.gate_notices),
            *(self.told(caution.message) for caution in checklist.warnings),
        ]

    def sides(self, comparison: ComparisonRead) -> list[ProgramSide]:
        """Return the programs of a comparison, in its order; all tell the same facts."""
        ranks = {rank.program: rank for rank in comparison.ranks}
        tells_online = any(
            value.value is not None
            for row in comparison.rows
            if (row.section, row.key) == COMPLETION_ONLINE
            for value in row.values
        )
        sides = []
        for at, checklist in enumerate(comparison.checklists):
            rows = {(row.section, row.key): (row.label, row.values[at]) for row in comparison.rows}
            rank = ranks[comparison.programs[at]]
            place = self._rank(rank.best, rank.worst, len(comparison.programs))
            sides.append(self.side(rows, checklist, place, tells_online=tells_online))
        return sides

    def side(
        self, rows: Rows, checklist: ChecklistRead, rank: str = "", *, tells_online: bool = False
    ) -> ProgramSide:
        """Return one program, of which the rows of ``CARD_ROWS`` are known.

        ``tells_online``: whether it is told how much can be done online where nobody knows it.
        """
        slug = checklist.program or ""
        tells_online = tells_online or rows[COMPLETION_ONLINE][1].value is not None
        award = rows[Section.AWARD, "award_level"][1].value
        return ProgramSide(
            slug=slug,
            name=checklist.name or "",
            school=checklist.institution or "",
            place=str(rows[Section.PLACE_AND_DELIVERY, "place"][1].value or ""),
            award=self.word(words.AWARDS, str(award)).text
            if award
            else self.speech.say("Degree or certificate not known"),
            bar=self.checklist_bar(checklist),
            summary=self.told(checklist.summary) if checklist.summary else None,
            peers=self.peers(checklist.peers),
            facts=self._facts(rows, checklist, tells_online=tells_online),
            cautions=self.cautions(checklist),
            criteria=[self.criterion(one, checklist) for one in checklist.criteria],
            rank=rank,
            record=f"/programs/{quote(slug)}?lang={self.speech.code}",
        )

    def _rank(self, best: int, worst: int, of: int) -> str:
        if best == worst:
            return self.speech.say("Rank %(place)s of %(of)s", place=best, of=of)
        return self.speech.say(
            "Rank %(best)s to %(worst)s of %(of)s: the missing answers decide",
            best=best,
            worst=worst,
            of=of,
        )

    def _facts(self, rows: Rows, checklist: ChecklistRead, *, tells_online: bool) -> list[Fact]:
        checks = {check.key: check for one in checklist.criteria for check in one.checks}
        return [
            self._price(*rows[Section.COST, "tuition_and_fees"]),
            self._program_accreditation(
                *rows[Section.ACCREDITATION, "program_accreditation"], checks["program_accredited"]
            ),
            self._school_accreditation(
                *rows[Section.ACCREDITATION, "institution_accreditation"],
                checks["institution_accredited"],
            ),
            self._fact(*rows[Section.LENGTH, "months"], self.months),
            self._fact(
                *rows[Section.PLACE_AND_DELIVERY, "delivery"],
                lambda value: self.listed(words.DELIVERIES, value),
            ),
            *([self._online(*rows[COMPLETION_ONLINE])] if tells_online else []),
            self._fact(
                *rows[Section.PRACTICUM, "practicum"],
                lambda value: self.word(words.AVAILABILITIES, value).text,
            ),
            self._prepares_for(*rows[Section.CREDENTIALS, "prepares_for"]),
            self._completions(*rows[Section.OUTCOMES, "completions"]),
        ]

    def _fact(self, label: str, value: ValueRead, to_words: Any) -> Fact:
        """Return a line with a value where there is one, and with the reason where there is none.

        ``to_words`` puts a value that is not None into words.
        """
        if value.value is None or value.value == []:
            shown = self.word(words.CELLS, value.status).text
        else:
            shown = to_words(value.value)
        return Fact(
            label=self.speech.say(label),
            value=Phrase(shown),
            is_known=value.status is CellStatus.KNOWN,
            said=self.said(value.evidence),
        )

    def _online(self, label: str, value: ValueRead) -> Fact:
        return self._fact(label, value, lambda one: self.word(words.ONLINE_ANSWERS, one).text)

    def _prepares_for(self, label: str, value: ValueRead) -> Fact:
        fact = self._fact(label, value, ", ".join)
        codes = value.value if isinstance(value.value, list) else []
        return replace(fact, codes=codes)

    def amount(self, value: float | RangeRead) -> str:
        """Return dollars, or a range of them."""
        if isinstance(value, RangeRead):
            return self.between(value.low, value.high)
        return self.speech.dollars(value)

    def between(self, low: float | None, high: float | None) -> str:
        """Return dollars from low to high; None: that end is not known."""
        say, dollars = self.speech.say, self.speech.dollars
        if low is None and high is None:
            return say(words.NOT_KNOWN)
        if low is None:
            return say("at most %(high)s", high=dollars(high or 0))
        if high is None:
            return say("%(low)s or more", low=dollars(low))
        if low == high:
            return dollars(low)
        return say("%(low)s to %(high)s", low=dollars(low), high=dollars(high))

    def _in_unit(self, amount: float | RangeRead, unit: str | None) -> str:
        """Return a price with the time or the part that it pays for; ``unit`` as in the terms."""
        pattern = PRICES.get(unit or "", "%(amount)s")
        return self.speech.say(pattern, amount=self.amount(amount))

    def _price(self, label: str, value: ValueRead) -> Fact:
        """Return tuition and fees, with the year and for whom they hold."""
        terms = value.terms
        fact = self._fact(label, value, lambda amount: self._in_unit(amount, terms.unit))
        notes = []
        if value.value is not None:
            notes.append(Phrase(terms.year or self.speech.say("undated")))
            if terms.level:
                notes.append(self.word(words.LEVELS, terms.level))
            if terms.for_whom:
                notes.append(self.told(terms.for_whom))
        return replace(fact, notes=notes)

    def _program_accreditation(self, label: str, row: ValueRead, check: CheckRead) -> Fact:
        stated = row.value if isinstance(row.value, str) else None
        is_told = stated == AccreditationStatus.ACCREDITED or check.finding in (
            Finding.MET,
            Finding.NOT_APPLICABLE,
        )
        notes = [self.word(words.STATUSES, stated)] if stated and not is_told else []
        return self._accreditation(label, check, notes)

    def _school_accreditation(self, label: str, row: ValueRead, check: CheckRead) -> Fact:
        is_named = isinstance(row.value, str) and row.display != FEDERAL_AID
        notes = [self.english(str(row.value), "name")] if is_named else []
        return self._accreditation(label, check, notes)

    def _accreditation(self, label: str, check: CheckRead, notes: Sequence[Phrase]) -> Fact:
        return Fact(
            label=self.speech.say(label),
            value=self.word(words.ACCREDITED, check.finding),
            is_known=check.finding != Finding.UNKNOWN,
            said=self.said(check.evidence),
            notes=notes,
            finding=check.finding,
        )

    def months(self, value: float | RangeRead | MonthsRead) -> str:
        """Return a number of months, or a range of them; an end that is None is not known."""
        say, number = self.speech.say, self.speech.number
        if isinstance(value, RangeRead | MonthsRead):
            low, high = value.low, value.high
        else:
            low = high = value
        if low is None and high is None:
            return say(words.NOT_KNOWN)
        if low is None:
            return say("at most %(high)s months", high=number(high or 0))
        if high is None:
            return say("%(low)s months or more", low=number(low))
        if low == high:
            return self.speech.say_count("%(n)s month", "%(n)s months", low)
        return say("%(low)s to %(high)s months", low=number(low), high=number(high))

    def _completions(self, label: str, value: ValueRead) -> Fact:
        fact = self._fact(
            label, value, lambda n: self.speech.say_count("%(n)s graduate", "%(n)s graduates", n)
        )
        notes = [Phrase(value.terms.year)] if value.terms.year else []
        return replace(fact, notes=notes)

    def verdicts(self, comparison: ComparisonRead) -> list[str]:
        """Return what the prices and scores side by side say, in sentences."""
        names = {
            checklist.program or "": f"{checklist.institution}: {checklist.name}"
            for checklist in comparison.checklists
        }
        rows = {(row.section.value, row.key): row for row in comparison.rows}
        together = rows["cost", "tuition_and_fees"]
        price = self._price_verdict(
            rows.get(("cost", "tuition_and_fees_same_terms"), together), names
        )
        return [price, self.headline(comparison, names)]

    def headline(self, comparison: ComparisonRead, names: Mapping[str, str]) -> str:
        """Return how far there is an order, in a sentence."""
        say, ranks = self.speech.say, comparison.ranks
        first = [names[rank.program] for rank in ranks if rank.worst == 1]
        if len(first) == 1:
            return say(
                "%(name)s is first under these weights, whatever the missing answers are.",
                name=first[0],
            )
        if all((rank.best, rank.worst) == (1, len(ranks)) for rank in ranks):
            return say("Too close to call: the missing answers decide who comes first.")
        return say("Some ranks are sure, others depend on answers still missing.")

    def dominance(self, comparison: ComparisonRead, names: Mapping[str, str]) -> list[str]:
        """Return which programs score at least as much as which others under every weighting."""
        say = self.speech.say
        sentences = [
            say(
                "%(one)s certainly scores at least as much as %(other)s, whatever the weights.",
                one=names[pair.program],
                other=names[pair.over],
            )
            for pair in comparison.dominance
        ]
        return sentences or [say("No program is certainly above another under every weighting.")]

    def _price_verdict(self, row: RowRead, names: Mapping[str, str]) -> str:
        say = self.speech.say
        if any(value.status is not CellStatus.KNOWN for value in row.values):
            return say("The prices do not compare: not all of them are known.")
        if reasons := self.differences(row):
            listed = "; ".join(reason.text for reason in reasons)
            return say("The prices do not compare: %(reasons)s.", reasons=listed)
        if row.best:
            cheapest = ", ".join(names[slug] for slug in row.best)
            return say("Lowest price: %(names)s.", names=cheapest)
        return say("The prices are the same.")

    def differences(self, row: RowRead) -> list[Phrase]:
        """Return in what the values of a row differ so that they do not compare."""
        known = words.DIFFERENCES
        return [self.word(known, part) for part in parts_of(row.reason) if part in known]

    def kind_of(self, credential: CredentialRead) -> str:
        """Return level and focus of a credential."""
        level = self.word(words.CREDENTIAL_LEVELS, credential.level).text
        focus = self.word(words.CREDENTIAL_FOCUSES, credential.focus).text
        return capitalized(f"{level}, {focus}")

    def way(self, route: RouteRead) -> tuple[Phrase, list[Citation]]:
        """Return a way to an exam, and who says so."""
        return self.told(route.text), self.said([route.evidence])

    def credential_facts(
        self, credential: CredentialRead, fields: Iterable[str] = words.CARD_FIELDS
    ) -> list[Fact]:
        """Return the fields of a credential that a card shows; the issuer's rules fill in."""
        facts = []
        for name in fields:
            cells = leading_cells(credential, name)
            facts += [self.cell(cell) for cell in cells]
            if not cells and credential.status == CredentialStatus.OFFERED:
                label = self.speech.say(FIELD_LABELS[name])
                facts.append(Fact(label, Phrase(self.speech.say(words.NOT_KNOWN)), is_known=False))
        return facts

    def cell(self, cell: CellRead) -> Fact:
        """Return what leads in a cell of a credential, and how many say otherwise."""
        say = self.speech.say
        label = self.speech.say(FIELD_LABELS[cell.field])
        if cell.qualifier:
            label = f"{label}: {self.word(words.QUALIFIERS, cell.qualifier).text}"
        notes = []
        if cell.current is None:
            value = Phrase(say(words.NOT_KNOWN))
        else:
            value = self.stated(cell.field, cell.current)
            if cell.year and cell.field in BY_YEAR:
                notes.append(Phrase(str(cell.year)))
            if cell.current.n:
                notes.append(
                    Phrase(self.speech.say_count("%(n)s person", "%(n)s people", cell.current.n))
                )
        if cell.conflicts:
            others = self.speech.say_count(
                "%(n)s other source says otherwise",
                "%(n)s other sources say otherwise",
                len(cell.conflicts),
            )
            notes.append(Phrase(others))
        return Fact(
            label=label,
            value=value,
            is_known=cell.current is not None,
            # what stands as stated beside a fact of a credential is how its day is told
            said=[
                replace(one, stated=None)
                for one in self.said([cell.current.evidence] if cell.current else [])
            ],
            notes=notes,
        )

    def weight(self, domain: DomainRead, unit: str | None) -> str:
        """Return the weight of a domain of an exam, or the least and the most."""
        figure = figure_of(Domain(domain.name, domain.low, domain.high))
        return f"{figure} %" if unit == "percent" else figure

    def stated(self, field: str, statement: StatementRead) -> Phrase:
        """Return what is stated of a field: its number where that says it all, else its words."""
        number = statement.value_low
        if field in NAMED or is_outline(field, statement.value_text):
            return self.english(statement.value_text, "name")
        is_whole = field in words.NUMBERED or is_figure(statement.value_text)
        if number is None or number != statement.value_high or not is_whole:
            return self.told(statement.value_text)
        speech = self.speech
        match statement.unit:
            case "USD":
                return Phrase(speech.dollars(number))
            case "percent":
                return Phrase(speech.points(number))
            case "items":
                return Phrase(speech.say_count("%(n)s question", "%(n)s questions", number))
            case "minutes":
                return Phrase(speech.say_count("%(n)s minute", "%(n)s minutes", number))
            case "days":
                return Phrase(speech.say_count("%(n)s day", "%(n)s days", number))
            case "months":
                return Phrase(speech.say_count("every %(n)s month", "every %(n)s months", number))
            case "units":
                return Phrase(speech.say_count("%(n)s unit", "%(n)s units", number))
            case "persons":
                return Phrase(speech.say_count("%(n)s person", "%(n)s people", number))
            case _:
                return self.told(statement.value_text)
