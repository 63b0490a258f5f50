"""IPEDS IC: credit for earlier learning, services, distance study, payment plans."""

import re

from app.domain.claims import CostClaim, ServiceClaim, TransferClaim
from app.domain.vocabulary import CostComponent, Level, ServiceKind, TransferKind
from app.errors import ImportFileError
from app.importers.ipeds.rows import ipeds_source, offering_rows
from app.importers.job import Importer, Job, academic_year
from app.importers.reading import IPEDS_MISSING, Column, find_absent
from app.store.rows import About, Tally, reconcile_claims
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


NONE_NOTE = (
    "The institution answered that it accepts none of the kinds of earlier credit that the survey "
    "lists; transfer from other schools is not among them."
)
TRANSFERS = {  # IC dictionaries 2022-23 and 2024-25
    "CREDITS2": (TransferKind.PRIOR_LEARNING, "Credit for life experience."),
    "CREDITS3": (TransferKind.ADVANCED_PLACEMENT, None),
    "CREDITS4": (TransferKind.NO_PRIOR_CREDIT, NONE_NOTE),
}
SERVICES = {  # the same
    "STUSRV3": ServiceKind.EMPLOYMENT_SERVICES,
    "STUSRV4": ServiceKind.PLACEMENT_SERVICES,
    "DISTCRS": ServiceKind.DISTANCE_COURSES,
    "DISTPGS": ServiceKind.DISTANCE_PROGRAMS,
    "DISTNCED": ServiceKind.ALL_PROGRAMS_DISTANCE,
}
PAYMENT_PLAN = "TUITPL3"  # IC dictionary 2022-23; moved to the Cost survey in 2024

COLUMNS = (
    *(Column(name, name, parse_box, required=False) for name in TRANSFERS),
    *(
        Column(name, name, parse_answer if name == "DISTNCED" else parse_box, required=False)
        for name in SERVICES
    ),
    Column(PAYMENT_PLAN, PAYMENT_PLAN, parse_box, required=False),
)


def describe(match: re.Match[str]) -> Source:
    """Return the source of one edition; IC2024 was collected for 2024-25."""
    year = int(match["year"])
    return ipeds_source(
        f"ipeds-ic{year}", f"IPEDS institutional characteristics, IC{year}", academic_year(year)
    )


def run(job: Job, source: Source) -> Tally:
    """Bring in what an institution says of itself; columns come and go between editions.

    Raises:
        ImportFileError: The file has none of the columns.
    """
    tally = Tally()
    if absent := find_absent(job.file, COLUMNS):
        if len(absent) == len(COLUMNS):
            raise ImportFileError(
                [f"{job.file.path.name}, line 1: none of the columns {', '.join(absent)}."]
            )
        tally.reasons.append(f"not in this edition: {', '.join(absent)}")
    transfers: list[tuple[About, TransferClaim]] = []
    services: list[tuple[About, ServiceClaim]] = []
    plans: list[tuple[About, CostClaim]] = []
    for institution, row in offering_rows(job, COLUMNS, tally):
        about = About(institution_id=institution)
        transfers += [(about, _transfer(name, source)) for name in TRANSFERS if row[name] is True]
        services += [
            (about, _service(name, source, is_offered=row[name] is True))
            for name in SERVICES
            if isinstance(row[name], bool)
        ]
        if row[PAYMENT_PLAN] is True:
            plans.append((about, _payment_plan(source)))
    tally.add(reconcile_claims(job.session, TransferClaim, source.key, transfers, now=job.now))
    tally.add(reconcile_claims(job.session, ServiceClaim, source.key, services, now=job.now))
    tally.add(reconcile_claims(job.session, CostClaim, source.key, plans, now=job.now))
    return tally


def _transfer(name: str, source: Source) -> TransferClaim:
    kind, note = TRANSFERS[name]
    return TransferClaim(
        level=Level.INSTITUTION,
        source=source.key,
        basis=source.basis,
        as_of=source.edition,
        note=note,
        kind=kind,
        is_offered=True,
    )


def _service(name: str, source: Source, *, is_offered: bool) -> ServiceClaim:
    return ServiceClaim(
        level=Level.INSTITUTION,
        source=source.key,
        basis=source.basis,
        as_of=source.edition,
        service=SERVICES[name],
        is_offered=is_offered,
    )


def _payment_plan(source: Source) -> CostClaim:
    return CostClaim(
        level=Level.INSTITUTION,
        source=source.key,
        basis=source.basis,
        as_of=source.edition,
        component=CostComponent.PAYMENT_PLAN,
    )


IMPORTER = Importer(
    key="ipeds-characteristics",
    title="IPEDS institutional characteristics (IC)",
    pattern=r"ic(?P<year>\d{4})",
    order=35,
    describe=describe,
    run=run,
)
