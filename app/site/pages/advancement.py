"""Roles as pages: the picture of who leads where, one role, and the way to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.credentials.advancement import Stage
from app.schemas.advancement import (
    PathAnswer,
    PathRead,
    RequirementRead,
    RoleGraph,
    RoleStepRead,
    WorkRead,
)
from app.schemas.timeline import MonthsRead
from app.site import words
from app.site.pages.credentials import Link, address_of
from app.site.pages.role_graph import PATH
from app.site.pages.visits import Visit
from app.site.pages.work_settings import added_fields
from app.site.writing import Phrase, Said, Writer

SHOWN_TASKS = 6
SHOWN_TECHNOLOGY = 8


@dataclass(frozen=True, slots=True)
class Card:
    """A role in the list."""

    slug: str
    label: Phrase
    address: str
    summary: Phrase | None
    best_for: Phrase | None
    education: Phrase | None
    credentials: Sequence[Link] | None
    added: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """What employers look for in a role."""

    kind: str
    text: Phrase
    credentials: Sequence[Link]
    ask: Phrase
    whom: str
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Move:
    """A step between two roles."""

    label: Phrase
    address: str
    reason: Phrase
    experience: Phrase | None
    months: str
    is_same_occupation: bool
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Work:
    """What is done in the occupation nearest to the role."""

    title: Phrase
    tasks: Sequence[Phrase]
    technology: Sequence[Phrase]
    attribution: Phrase | None
    record: str


class AdvancementPage:
    """Puts roles and the ways between them into words for one visit."""

    def __init__(self, visit: Visit, write: Writer) -> None:
        self._visit = visit
        self._write = write
        self._say = write.speech.say

    def cards(self, roles: Iterable[PathRead], stage: Stage) -> list[Card]:
        """Return the roles of one stage."""
        return [self.card(role) for role in roles if role.stage == stage]

    def card(self, role: PathRead) -> Card:
        """Return a role in short."""
        return Card(
            slug=role.slug,
            label=self._write.english(role.label, "name"),
            address=self.address(role.slug),
            summary=self.phrase(role.summary),
            best_for=self.phrase(role.best_for),
            education=self.phrase(role.education),
            credentials=None if role.credentials is None else self.credentials(role.credentials),
            added=added_fields(self._write, role.filled),
        )

    def address(self, slug: str) -> str:
        """Return the address of a role."""
        return self._visit.to(f"{PATH}/{slug}")

    def credentials(self, codes: Iterable[str]) -> list[Link]:
        """Return the pages of credentials."""
        return [Link(Phrase(code), self._visit.to(address_of(code))) for code in codes]

    def phrase(self, text: str | None) -> Phrase | None:
        """Return a text of the catalogue where there is one."""
        return self._write.english(text) if text else None

    def edges(self, graph: RoleGraph) -> list[tuple[Link, list[Link]]]:
        """Return each role that leads somewhere, with the roles it leads to."""
        labels = {role.slug: role.label for role in graph.roles}
        following: dict[str, list[str]] = {}
        for step in graph.steps:
            following.setdefault(step.sending_role, []).append(step.receiving_role)
        return [
            (self.link(slug, labels), [self.link(other, labels) for other in following[slug]])
            for slug in labels
            if slug in following
        ]

    def link(self, slug: str, labels: Mapping[str, str]) -> Link:
        """Return a role by its name."""
        return Link(self._write.english(labels.get(slug, slug), "name"), self.address(slug))

    def requirements(self, found: Iterable[RequirementRead]) -> list[Requirement]:
        """Return what employers look for, each with who says so."""
        return [
            Requirement(
                kind=self._say(words.STEP_KINDS[one.kind]),
                text=self._write.english(one.text),
                credentials=self.credentials(one.any_of or ()),
                ask=self._write.told(one.ask),
                whom=self._say(one.whom),
                said=self._write.said([one.evidence]),
            )
            for one in found
        ]

    def moves(
        self, steps: Iterable[RoleStepRead], labels: Mapping[str, str], *, forward: bool
    ) -> list[Move]:
        """Return the steps to a role, or from it."""
        return [
            Move(
                label=self._write.english(
                    labels[step.receiving_role if forward else step.sending_role], "name"
                ),
                address=self.address(step.receiving_role if forward else step.sending_role),
                reason=self._write.english(step.reason),
                experience=self.phrase(step.experience),
                months=self.months(step.months),
                is_same_occupation=step.is_same_occupation,
                said=self._write.said([step.evidence]),
            )
            for step in steps
        ]

    def ways(self, path: PathAnswer, labels: Mapping[str, str]) -> list[list[Link]]:
        """Return every chain of roles from a first job to the role."""
        return [[self.link(slug, labels) for slug in way] for way in path.ways if len(way) > 1]

    def work(self, work: WorkRead | None) -> Work | None:
        """Return what is done in the occupation nearest to the role."""
        if work is None:
            return None
        return Work(
            title=self._write.english(work.title, "name"),
            tasks=[self._write.english(one.task) for one in (work.tasks or ())[:SHOWN_TASKS]],
            technology=[
                self._write.english(one.name, "name")
                for one in (work.technology or ())[:SHOWN_TECHNOLOGY]
            ],
            attribution=self.phrase(work.attribution),
            record=work.url,
        )

    def said(self, role: PathRead) -> list[Said]:
        """Return the source of a role."""
        return [self._write.named(role.source, None)]

    def months(self, months: MonthsRead) -> str:
        """Return a length, or that nobody knows it."""
        if months.low is None and months.high is None:
            return self._say(words.NOT_KNOWN)
        number, count = self._write.speech.number, self._write.speech.say_count
        if months.low == months.high and months.low is not None:
            return count("%(n)s month", "%(n)s months", months.low)
        if months.low is None:
            return self._say("at most %(high)s months", high=number(months.high or 0))
        if months.high is None:
            return self._say("%(low)s months or more", low=number(months.low))
        return self._say(
            "%(low)s to %(high)s months", low=number(months.low), high=number(months.high)
        )
