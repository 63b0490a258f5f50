"""Credentials as pages: the list by level, and all that is claimed of one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.domain.vocabulary import CredentialLevel, CredentialStatus
from app.schemas.credentials import (
    CellRead,
    CredentialItem,
    CredentialProgramPage,
    CredentialRead,
    EligibilityRules,
    RouteRead,
    StatementRead,
)
from app.site import words
from app.site.pages.visits import Visit
from app.site.writing import Fact, Phrase, Said, Writer

PATH = "/credentials"

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "fees": ("exam_fee", "retake_fee", "membership_fee", "refund_rule"),
    "exam": (
        "exam_items",
        "exam_minutes",
        "pass_mark",
        "domains",
        "books",
        "sitting",
        "exam_host",
        "exam_windows",
        "early_testing",
        "authorization_rule",
        "schedule_window_days",
        "reschedule_rule",
        "extension_rule",
        "transcript_rule",
        "retest_wait_days",
    ),
    "renewal": (
        "renewal_cycle_months",
        "ceu_per_cycle",
        "renewal_fee",
        "ceu_domain_share",
        "ceu_source_share",
        "ceu_multiple_credentials",
        "renewal_rule",
        "grace_period",
    ),
    "people": ("first_time_pass_rate", "first_time_testers", "certified_count"),
    "more": (
        "eligibility",
        "eligibility_route",
        "apprentice_status",
        "offered",
        "replaces",
        "name",
    ),
}
"""Section of the page -> the fields in it, in their order."""


SHOWN_FEES = 2
"""Fees that the list shows of a credential."""

GLANCE = (
    "exam_fee",
    "exam_minutes",
    "first_time_pass_rate",
    "renewal_cycle_months",
    "ceu_per_cycle",
    "renewal_fee",
)
"""Fields that a reader looks for first."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A credential in the list."""

    code: str
    name: str
    focus: str
    issuer: str
    address: str
    summary: Phrase
    needs: Phrase | None
    more_ways: str
    fee: Phrase | None
    otherwise: str
    said: Sequence[Said]
    status: str | None
    former_names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Group:
    """Credentials of one level."""

    key: str
    heading: str
    items: Sequence[Listed]


@dataclass(frozen=True, slots=True)
class Statement:
    """What else is said of a cell, by whom."""

    value: Phrase
    speaker: str
    said: Sequence[Said]
    note: Phrase | None
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with what leads in it, what agrees, what conflicts, and what to ask."""

    fact: Fact
    note: Phrase | None
    agreeing: Sequence[Statement]
    conflicts: Sequence[Statement]
    question: Phrase | None
    whom: str | None
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Year:
    """Figures of one year; ``share`` is that of the people who passed, 0 to 100."""

    year: str
    note: str
    share: float | None
    passed: str
    testers: str
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to the exam."""

    text: Phrase
    note: Phrase | None
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Link:
    """Another page."""

    label: Phrase
    address: str


@dataclass(frozen=True, slots=True)
class Leading:
    """A program that says it prepares for the credential."""

    slug: str
    label: str
    name: str
    school: str
    place: str
    said: Sequence[Said]


class CredentialsPage:
    """Puts credentials into words for one visit."""

    def __init__(self, visit: Visit, write: Writer) -> None:
        self._visit = visit
        self._write = write
        self._say = write.speech.say

    def groups(
        self,
        items: Iterable[CredentialItem],
        fees: Mapping[str, Sequence[CellRead]],
        rules: Mapping[str, EligibilityRules],
    ) -> list[Group]:
        """Return credentials by level, those that can be earned before the others."""
        groups = []
        found = list(items)
        for level in CredentialLevel:
            of_level = [one for one in found if one.level == level]
            of_level.sort(key=lambda one: one.status != CredentialStatus.OFFERED)
            if of_level:
                listed = [
                    self._listed(one, fees.get(one.code, ()), rules.get(one.code))
                    for one in of_level
                ]
                groups.append(Group(level, self._say(words.LEVEL_HEADINGS[level]), listed))
        return groups

    def _listed(
        self, one: CredentialItem, fees: Sequence[CellRead], rules: EligibilityRules | None
    ) -> Listed:
        is_offered = one.status == CredentialStatus.OFFERED
        needs, more = self._needs(rules)
        known = [cell for cell in fees if cell.current]
        return Listed(
            code=one.code,
            name=one.name,
            focus=self._write.word(words.CREDENTIAL_FOCUSES, one.focus).text,
            issuer=one.issuer_name,
            address=self._visit.to(address_of(one.code)),
            summary=self._write.english(one.summary),
            needs=needs if is_offered else None,
            more_ways=more if is_offered else "",
            fee=self._fee(known) if is_offered else None,
            otherwise=self._otherwise(known),
            said=self._write.said(
                [cell.current.evidence for cell in known[:SHOWN_FEES] if cell.current]
            ),
            status=None if is_offered else self._say(words.CREDENTIAL_STATUSES[one.status]),
            former_names=one.former_names,
        )

    def _needs(self, rules: EligibilityRules | None) -> tuple[Phrase, str]:
        """Return the first way to an exam, and that there are others."""
        ways = [route for route in rules.any_of if route.decides] if rules else []
        if not ways:
            return Phrase(self._say(words.NOT_KNOWN)), ""
        others = self._write.speech.say_count(
            "or %(n)s other way", "or %(n)s other ways", len(ways) - 1
        )
        return self._write.english(ways[0].text), others if len(ways) > 1 else ""

    def _fee(self, known: Sequence[CellRead]) -> Phrase:
        if not known:
            return Phrase(self._say(words.NOT_KNOWN))
        parts = []
        for cell in known[:SHOWN_FEES]:
            if cell.current:
                value = self._write.stated(cell.field, cell.current).text
                whom = self._write.word(words.QUALIFIERS, cell.qualifier or "").text
                parts.append(f"{value} ({whom})" if whom else value)
        return Phrase(", ".join(parts))

    def told(self, text: str) -> Phrase:
        """Return a text of ours."""
        return self._write.told(text)

    def _otherwise(self, known: Sequence[CellRead]) -> str:
        others = sum(len(cell.conflicts) for cell in known[:SHOWN_FEES])
        said = self._write.speech.say_count(
            "%(n)s other source says otherwise", "%(n)s other sources say otherwise", others
        )
        return said if others else ""

    def glance(self, credential: CredentialRead) -> list[Fact]:
        """Return the fields that a reader looks for first."""
        return self._write.credential_facts(credential, GLANCE)

    def ways(self, routes: Iterable[RouteRead]) -> list[Way]:
        """Return ways to an exam, each with who says so."""
        return [
            Way(
                self._write.english(route.text),
                self._write.english(route.note) if route.note else None,
                self._write.said([route.evidence, *route.agreeing]),
            )
            for route in routes
        ]

    def sections(self, credential: CredentialRead) -> list[tuple[str, str, list[Cell]]]:
        """Return key, heading and cells of each section that has some."""
        headings = {
            "fees": self._say("Fees, and who says so"),
            "exam": self._say("The exam, and who says so"),
            "renewal": self._say("Renewal, and who says so"),
            "people": self._say("Figures on people, and who gives them"),
            "more": self._say("What else is said"),
        }
        told = {cell.field for cell in credential.cells if cell.current}
        both = [(cell, False) for cell in credential.cells] + [
            # a rule of the issuer fills in only where nothing is known of this exam
            (cell, True)
            for cell in credential.issuer_rules
            if cell.field not in told
        ]
        filled = {cell.field for cell, is_shared in both if is_shared and cell.current}
        sections = []
        for key, fields in SECTIONS.items():
            cells = [
                self._cell(cell, is_shared)
                for field in fields
                for cell, is_shared in both
                if cell.field == field and not (self._is_empty(cell) and field in filled)
            ]
            if cells:
                sections.append((key, headings[key], cells))
        return sections

    def _is_empty(self, cell: CellRead) -> bool:
        return cell.current is None and not cell.conflicts

    def _cell(self, cell: CellRead, is_shared: bool) -> Cell:
        current = cell.current
        return Cell(
            fact=self._write.cell(cell),
            note=self._write.english(current.note) if current and current.note else None,
            agreeing=[self._statement(cell.field, one) for one in cell.agreeing],
            conflicts=[self._statement(cell.field, one) for one in cell.conflicts],
            question=self._write.told(cell.question) if cell.question else None,
            whom=cell.whom,
            is_shared=is_shared,
        )

    def _statement(self, field: str, one: StatementRead) -> Statement:
        return Statement(
            value=self._write.stated(field, one),
            speaker=self._write.word(words.SPEAKERS, one.sayer).text,
            said=self._write.said([one.evidence]),
            note=self._write.english(one.note) if one.note else None,
            is_replaced=one.is_contradicted,
        )

    def years(self, credential: CredentialRead) -> list[Year]:
        """Return how many passed at the first try, by year, newest first."""
        testers = {
            (cell.year, cell.qualifier): cell.current.n
            for cell in credential.cells
            if cell.field == "first_time_testers" and cell.current
        }
        years = []
        for cell in credential.cells:
            current = cell.current
            if cell.field != "first_time_pass_rate" or not current or not cell.year:
                continue
            n = current.n or testers.get((cell.year, cell.qualifier))
            years.append(
                Year(
                    year=str(cell.year),
                    note=self._write.word(words.QUALIFIERS, cell.qualifier or "").text,
                    share=current.value_low,
                    passed=self._write.stated(cell.field, current).text,
                    testers=self._write.speech.say_count("of %(n)s person", "of %(n)s people", n)
                    if n
                    else self._say("of how many people is not known"),
                    said=self._write.said([current.evidence]),
                )
            )
        return sorted(years, key=lambda one: one.year, reverse=True)

    def links(self, codes: Iterable[str]) -> list[Link]:
        """Return the pages of credentials by code."""
        return [Link(Phrase(code), self._visit.to(address_of(code))) for code in codes]

    def named(self, folder: str, labels: Iterable[tuple[str, str]]) -> list[Link]:
        """Return pages of a folder; ``labels`` are slugs with their names."""
        return [
            Link(self._write.english(label, "name"), self._visit.to(f"/{folder}/{slug}"))
            for slug, label in labels
        ]

    def programs(self, page: CredentialProgramPage) -> list[Leading]:
        """Return programs that say they prepare for the credential."""
        leading = []
        for item in page.items:
            program: dict[str, Any] = item.program.model_dump()
            school = program["institution"]
            place = ", ".join(part for part in (school["city"], school["state"]) if part)
            leading.append(
                Leading(
                    slug=program["slug"],
                    label=f"{school['name']}: {program['name']}",
                    name=program["name"],
                    school=school["name"],
                    place=place,
                    said=self._write.said(item.evidence),
                )
            )
        return leading


def address_of(code: str) -> str:
    """Return the address of the page of a credential."""
    return f"{PATH}/{quote(code, safe='')}"
