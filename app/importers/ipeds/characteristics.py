"""IPEDS IC: credit for earlier learning, services, distance study, payment plans."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.domain.claims import CostClaim, ProgramClaim, ServiceClaim, TransferClaim
from app.domain.messages import N_
from app.domain.vocabulary import CostComponent, ServiceKind, TransferKind
from app.importers.editions import Question
from app.importers.ipeds.rows import import_measures, ipeds_source, to_claim
from app.importers.job import Importer
from app.importers.reading import IPEDS_MISSING, Column, Row, bare_code
from app.store.tables.sources import Source

BOXES = {"1": True, "0": False}  # IC dictionaries 2022-23 and 2024-25: 1 yes, 0 "implied no"
ANSWERS = {"1": True, "2": False}  # IC dictionaries 2022-23 and 2024-25, DISTNCED: 2 no


def parse_cell(text: str, codes: Mapping[str, bool]) -> bool | None:
    """Return whether a box is ticked, or a yes or no was given; None: not asked, or no answer.

    Raises:
        KeyError: An unknown code.
    """
    bare = bare_code(text)
    return None if bare in IPEDS_MISSING else codes[bare]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of IC and the claim that its answer makes; it comes and goes between editions.

    A box left empty makes no claim, for it is no explicit no; but it settles the question, so that
    the tick of an older edition does not count any more.
    """

    printed: str
    kind: type[ProgramClaim]
    fields: dict[str, Any]
    codes: Mapping[str, bool]

    @property
    def columns(self) -> tuple[Column]:
        """The columns to read."""
        parse = partial(parse_cell, codes=self.codes)
        return (Column(self.printed, self.printed, parse, required=False, spares_row=True),)

    @property
    def question(self) -> Question:
        """What the claim speaks of."""
        return (self.kind, *(self.fields.get(name) for name in self.kind.identity))

    def claims(self, row: Row, source: Source) -> Iterator[ProgramClaim]:
        """Yield what the answer says, if it says something."""
        answer = row[self.printed]
        if answer is True or (answer is False and self.codes is ANSWERS):
            offered: dict[str, Any] = {} if self.kind is CostClaim else {"is_offered": answer}
            yield to_claim(self.kind, source, **self.fields, **offered)


def _transfer(printed: str, kind: TransferKind, note: str | None = None) -> Asked:
    return Asked(printed, TransferClaim, {"kind": kind, "note": note}, BOXES)


def _service(printed: str, kind: ServiceKind, codes: Mapping[str, bool] = BOXES) -> Asked:
    return Asked(printed, ServiceClaim, {"service": kind}, codes)


NONE_NOTE = N_(
    "The institution answered that it accepts none of the kinds of earlier credit that the survey "
    "lists; transfer from other schools is not among them."
)
PAYMENT_PLAN = Asked("TUITPL3", CostClaim, {"component": CostComponent.PAYMENT_PLAN}, BOXES)
"""Of IC until 2023-24, of the Cost survey since (IC dictionary 2022-23, COST1 2024-25)."""

QUESTIONS = (  # IC dictionaries 2022-23 and 2024-25
    _transfer("CREDITS2", TransferKind.PRIOR_LEARNING, N_("Credit for life experience.")),
    _transfer("CREDITS3", TransferKind.ADVANCED_PLACEMENT),
    _transfer("CREDITS4", TransferKind.NO_PRIOR_CREDIT, NONE_NOTE),
    _service("STUSRV3", ServiceKind.EMPLOYMENT_SERVICES),
    _service("STUSRV4", ServiceKind.PLACEMENT_SERVICES),
    _service("DISTCRS", ServiceKind.DISTANCE_COURSES),
    _service("DISTPGS", ServiceKind.DISTANCE_PROGRAMS),
    _service("DISTNCED", ServiceKind.ALL_PROGRAMS_DISTANCE, ANSWERS),
    PAYMENT_PLAN,
)


def answered(row: Row) -> list[Question]:
    """Return the questions of the edition, if the school answers any of them."""
    cells = {one.question: row[one.printed] for one in QUESTIONS}
    if not any(isinstance(cell, bool) for cell in cells.values()):
        return []
    return [question for question, cell in cells.items() if cell != ""]  # no such column


IMPORTER = Importer(
    key="ipeds-characteristics",
    title="IPEDS institutional characteristics (IC)",
    pattern=r"ic(?P<year>\d{4})",
    known_by=("CREDITS3", "STUSRV3"),
    order=35,
    source=ipeds_source(
        key="ipeds-ic{year}",
        title="IPEDS institutional characteristics, IC{year}",
        edition="{academic_year}",  # IC2024 was collected for 2024-25
    ),
    kin=("ipeds-cost1-{year}",),
    run=lambda job, source: import_measures(job, source, QUESTIONS, asked=answered),
)
