"""IPEDS IC: credit for earlier learning, services, distance study, payment plans."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.claims import CostClaim, ProgramClaim, ServiceClaim, TransferClaim
from app.domain.messages import N_
from app.domain.vocabulary import CostComponent, ServiceKind, TransferKind
from app.importers.ipeds.rows import import_measures, ipeds_source, to_claim
from app.importers.job import Importer
from app.importers.reading import IPEDS_MISSING, Column, Row
from app.store.tables.sources import Source

BOXES = {"1": True, "0": None}  # IC dictionaries 2022-23 and 2024-25: 1 yes, 0 "implied no"
ANSWERS = {"1": True, "2": False}  # IC dictionaries 2022-23 and 2024-25, DISTNCED: 2 no


def parse_box(text: str) -> bool | None:
    """Return True for a box that is ticked; a box left unticked says nothing, so None.

    Raises:
        KeyError: An unknown code.
    """
    bare = text.strip()
    return None if bare in IPEDS_MISSING else BOXES[bare]


def parse_answer(text: str) -> bool | None:
    """Return a yes or no that was given as such, or None.

    Raises:
        KeyError: An unknown code.
    """
    bare = text.strip()
    return None if bare in IPEDS_MISSING else ANSWERS[bare]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of IC and the claim that its answer makes; it comes and goes between editions."""

    printed: str
    kind: type[ProgramClaim]
    fields: dict[str, Any]
    parse: Callable[[str], bool | None] = parse_box

    @property
    def columns(self) -> tuple[Column]:
        """The columns to read."""
        return (Column(self.printed, self.printed, self.parse, required=False),)

    def claims(self, row: Row, source: Source) -> Iterator[ProgramClaim]:
        """Yield what the answer says, if there is one."""
        answer = row[self.printed]
        if isinstance(answer, bool):
            offered: dict[str, Any] = {} if self.kind is CostClaim else {"is_offered": answer}
            yield to_claim(self.kind, source, **self.fields, **offered)


def _transfer(printed: str, kind: TransferKind, note: str | None = None) -> Question:
    return Question(printed, TransferClaim, {"kind": kind, "note": note})


def _service(
    printed: str, kind: ServiceKind, parse: Callable[[str], bool | None] = parse_box
) -> Question:
    return Question(printed, ServiceClaim, {"service": kind}, parse)


NONE_NOTE = N_(
    "The institution answered that it accepts none of the kinds of earlier credit that the survey "
    "lists; transfer from other schools is not among them."
)
QUESTIONS = (  # IC dictionaries 2022-23 and 2024-25
    _transfer("CREDITS2", TransferKind.PRIOR_LEARNING, N_("Credit for life experience.")),
    _transfer("CREDITS3", TransferKind.ADVANCED_PLACEMENT),
    _transfer("CREDITS4", TransferKind.NO_PRIOR_CREDIT, NONE_NOTE),
    _service("STUSRV3", ServiceKind.EMPLOYMENT_SERVICES),
    _service("STUSRV4", ServiceKind.PLACEMENT_SERVICES),
    _service("DISTCRS", ServiceKind.DISTANCE_COURSES),
    _service("DISTPGS", ServiceKind.DISTANCE_PROGRAMS),
    _service("DISTNCED", ServiceKind.ALL_PROGRAMS_DISTANCE, parse_answer),
    # IC dictionary 2022-23; moved to the Cost survey in 2024
    Question("TUITPL3", CostClaim, {"component": CostComponent.PAYMENT_PLAN}),
)

IMPORTER = Importer(
    key="ipeds-characteristics",
    title="IPEDS institutional characteristics (IC)",
    pattern=r"ic(?P<year>\d{4})",
    order=35,
    source=ipeds_source(
        key="ipeds-ic{year}",
        title="IPEDS institutional characteristics, IC{year}",
        edition="{academic_year}",  # IC2024 was collected for 2024-25
    ),
    run=lambda job, source: import_measures(job, source, QUESTIONS),
)
