"""Count what the catalogue knows, field by field, by the columns of its tables."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app.clock import moment
from app.domain.checklist.rubric import Rubric
from app.domain.claims import OfferingClaim
from app.domain.completeness import FillRate
from app.domain.credentials.cells import EXPECTED_FIELDS
from app.domain.vocabulary import CredentialStatus, Finding, ValueStatus
from app.queries.credentials import ISSUER_WIDE
from app.queries.releases import find_release, stamp
from app.schemas.completeness import (
    Collection,
    CompletenessRead,
    CriterionCoverage,
    EmptyField,
    FieldCount,
    FindingCount,
    ReadingRead,
    StateReading,
)
from app.store.records import KEYS, current, inner_table, record_columns
from app.store.tables.claims import TABLES
from app.store.tables.credentials import Credential, CredentialClaim
from app.store.tables.fields import EvidenceColumns
from app.store.tables.institutions import Institution
from app.store.tables.programs import COMPLETION, Program, ProgramSummary, ProgramTag
from app.store.tables.reading import FoundFact, PageVisit, ProgramReading

PROGRAM_FIELDS = ("cip_code", "award_level", "award_as_stated", "campus", "url")
SUMMARY_FIELDS = {
    "price": col(ProgramSummary.tuition_and_fees_cents),
    "months": col(ProgramSummary.months_low),
    "completions": col(ProgramSummary.completions),
    "total_cost": col(ProgramSummary.total_cost_low_cents),
    "net_price": col(ProgramSummary.net_price_cents),
    "field_earnings_1_year": col(ProgramSummary.field_earnings_1_year_usd),
    "field_earnings_4_years": col(ProgramSummary.field_earnings_4_years_usd),
    "field_debt": col(ProgramSummary.field_debt_usd),
}
"""Field of a list item -> the column of its summary that is null where it is unknown."""

INSTITUTION_FIELDS = (
    "unitid",
    "opeid",
    "address",
    "city",
    "zip_code",
    "latitude",
    "longitude",
    "control",
    "level",
    "locale_code",
    "website",
    "admissions_url",
    "financial_aid_url",
    "net_price_url",
    "is_active",
)
CLAIMS = {
    "program": tuple(TABLES.values()),
    "institution": tuple(table for kind, table in TABLES.items() if kind.is_of_schools),
}
"""What is spoken of -> the kinds of claims that can speak of it."""

MEANINGS = {
    "programs": "Listed programs, by the fields of a list item and of the record",
    "program_claims": "Listed programs with a current claim of this kind on the program itself",
    "institutions": "Schools that offer a listed program",
    "institution_claims": "The same schools, with a current claim of this kind on the school",
    "credentials": "Credentials on offer, by the cells that each of them is asked for",
}
"""Collection -> what is counted in it."""

NOT_TOLD = {
    ("program", "campus"): "Federal files count a program once for its school (UNITID), and no "
    "page read so far tells the campuses of a program apart.",
    ("accreditation_claim", "campus"): "No source read so far names the campus that an "
    "accreditation covers.",
    ("accreditation_claim", "ended_on"): "Of the federal database only accreditations that had not "
    "ended are read.",
    ("offering_claim", "starts_on"): "No source read so far tells when a program begins or takes "
    "students in: ask the school.",
    ("outcome_claim", "credential_code"): "No pass rate read so far names the credential whose "
    "exam it is of.",
    ("transfer_claim", "sending_program"): "Agreements read so far name the program that receives, "
    "not the one that sends.",
}
"""Collection and field -> why nothing fills it."""

NOBODY_TELLS = "No source read so far tells it."

NOT_KEPT = (("offering_claim", "starts_on"),)
"""What people ask for and no source tells, so that there is no column of it."""

CHECKED_OF_LATE = timedelta(days=365)
FACT, VISIT, PROGRAM = inner_table(FoundFact), inner_table(PageVisit), inner_table(Program)
INSTITUTION, OFFERING = inner_table(Institution), inner_table(TABLES[OfferingClaim])


def get_completeness(
    session: Session, rubric: Rubric, state: str | None = None
) -> CompletenessRead:
    """Return how much is known of every field, and by the stored scores of every criterion.

    ``state``: of the programs and schools of this state only; credentials are of none.
    """
    by_collection: dict[str, list[FieldCount]] = defaultdict(list)
    for key, rate in fill_rates(session, state).items():
        collection, _, field = key.partition(".")
        share = None if rate.share is None else round(rate.share, 4)
        by_collection[collection].append(
            FieldCount(field=field, known=rate.known, total=rate.total, share=share)
        )
    release = find_release(session)
    of_credentials = session.execute(sa.select(col(CredentialClaim.source)).distinct()).scalars()
    return CompletenessRead(
        collections=[
            Collection(name=name, meaning=MEANINGS[name], total=fields[0].total, fields=fields)
            for name, fields in by_collection.items()
        ],
        empty_fields=_empty_fields(session),
        rubric=rubric.version,
        criteria=_criteria(session, rubric, state),
        program_accredited=_findings(session, state),
        reading=_reading(session, moment(), state),
        **stamp(session, {*(release.program_sources if release else []), *of_credentials}),
    )


def _listed(column: Any, state: str | None) -> sa.Select[Any]:
    """Return a column of the listed programs, of one state where one is named."""
    found = sa.select(column).where(col(Program.retired_at).is_(None))
    return found if state is None else found.where(col(Program.institution_id).in_(_schools(state)))


def _schools(state: str) -> sa.Select[Any]:
    return sa.select(col(Institution.id)).where(col(Institution.state) == state)


def _in_state(state: str | None) -> sa.ColumnElement[bool]:
    """Return the condition that a summary is of a program of the state."""
    return sa.true() if state is None else col(ProgramSummary.state) == state


def _reading(session: Session, now: datetime, state: str | None) -> ReadingRead:
    """Return for how many programs pages were read, schools answered, and facts checked of late.

    Pages that say so still, and facts that an editor decided on, count as checked.
    """
    accepted = FACT.c.state == "accepted"
    since = now - CHECKED_OF_LATE
    which = {
        "read": sa.select(col(ProgramReading.program_id)).where(
            col(ProgramReading.pages) > col(ProgramReading.refused)
        ),
        "answered": sa.select(FACT.c.program_id).where(accepted, FACT.c.origin == "school"),
        "checked": sa.union(
            sa.select(FACT.c.program_id).where(accepted, FACT.c.decided_at >= since),
            sa.select(VISIT.c.program_id).where(
                VISIT.c.checked_at >= since, VISIT.c.program_id.is_not(None)
            ),
        ),
    }
    counts: dict[str, dict[str, int]] = {}
    for name, programs in which.items():
        of_state = (
            sa.select(INSTITUTION.c.state, sa.func.count())
            .select_from(PROGRAM)
            .join(INSTITUTION, INSTITUTION.c.id == PROGRAM.c.institution_id)
            .where(PROGRAM.c.id.in_(programs), PROGRAM.c.retired_at.is_(None))
            .group_by(INSTITUTION.c.state)
        )
        for code, count in session.execute(of_state):
            if state in (None, code):
                counts.setdefault(code, dict.fromkeys(which, 0))[name] = count
    states = [StateReading(state=code, **found) for code, found in sorted(counts.items())]
    total = {name: sum(getattr(one, name) for one in states) for name in which}
    return ReadingRead(**total, states=states)


def fill_rates(session: Session, state: str | None = None) -> dict[str, FillRate]:
    """Return "collection.field" -> how many records know it; a handful of counting statements.

    With a state only programs and schools of it are counted, and no credentials.

    Summaries are counted as they are stored, so after a change they must be rebuilt first. A
    claim is current until another supersedes it, however old: its shelf life has no say here.
    """
    return {
        **_of_programs(session, state),
        **_of_claims(session, "program", state),
        **_of_institutions(session, state),
        **_of_claims(session, "institution", state),
        **(_of_credentials(session) if state is None else {}),
    }


def count_statements(session: Session) -> dict[ValueStatus, int]:
    """Return why a value is there or not -> current claims on programs and schools."""
    counts = dict.fromkeys(ValueStatus, 0)
    for table in TABLES.values():
        status = col(table.value_status)
        current = sa.select(status, sa.func.count()).where(col(table.superseded_at).is_(None))
        for key, count in session.execute(current.group_by(status)):
            counts[ValueStatus(key)] += count
    return counts


def _of_programs(session: Session, state: str | None) -> dict[str, FillRate]:
    own = [col(getattr(Program, name)) for name in PROGRAM_FIELDS]
    listed = _listed(col(Program.id), state)
    total, *counts = _count(session, own, col(Program.id).in_(listed))
    _, *stored = _count(session, SUMMARY_FIELDS.values(), _in_state(state))
    told = sa.select(sa.func.count(sa.distinct(col(ProgramTag.program_id)))).where(
        col(ProgramTag.kind).in_(("delivery", COMPLETION))
    )
    if state is not None:
        told = told.where(col(ProgramTag.program_id).in_(listed))
    known = dict(zip((*PROGRAM_FIELDS, *SUMMARY_FIELDS), (*counts, *stored), strict=True))
    known["delivery"] = session.execute(told).scalar_one()
    known["contact"] = session.execute(
        sa.select(sa.func.count(sa.distinct(OFFERING.c.program_id))).where(
            OFFERING.c.superseded_at.is_(None),
            sa.or_(OFFERING.c.contact_mail.is_not(None), OFFERING.c.contact_phone.is_not(None)),
            OFFERING.c.program_id.in_(listed),
        )
    ).scalar_one()
    return {f"programs.{name}": FillRate(count, total) for name, count in known.items()}


def _of_institutions(session: Session, state: str | None) -> dict[str, FillRate]:
    columns = [col(getattr(Institution, name)) for name in INSTITUTION_FIELDS]
    schools = _listed(col(Program.institution_id), state)
    total, *counts = _count(session, columns, col(Institution.id).in_(schools))
    known = zip(INSTITUTION_FIELDS, counts, strict=True)
    return {f"institutions.{name}": FillRate(count, total) for name, count in known}


def _of_claims(session: Session, about: str, state: str | None) -> dict[str, FillRate]:
    """Count the programs, or institutions, with a current claim of each kind."""
    of_all, *known = session.execute(_counting_claims(about, state)).one()
    names = [str(table.__tablename__).removesuffix("_claim") for table in CLAIMS[about]]
    return {
        f"{about}_claims.{name}": FillRate(count, of_all)
        for name, count in zip(names, known, strict=True)
    }


@cache
def _counting_claims(about: str, state: str | None) -> sa.Select[Any]:
    those = _listed(col(Program.id if about == "program" else Program.institution_id), state)
    counts = []
    for table in CLAIMS[about]:
        key = getattr(table, f"{about}_id")
        counts.append(
            sa.select(sa.func.count(sa.distinct(key)))
            .where(col(table.superseded_at).is_(None), key.in_(those))
            .scalar_subquery()
        )
    whole = those.distinct().subquery()
    total = sa.select(sa.func.count()).select_from(whole).scalar_subquery()
    return sa.select(total, *counts)


def _of_credentials(session: Session) -> dict[str, FillRate]:
    """Count the credentials on offer of which an expected cell is filled.

    A number for all exams of the issuer fills the cell of each of its credentials.
    """
    on_offer = col(Credential.status) == CredentialStatus.OFFERED
    total = session.execute(sa.select(sa.func.count()).where(on_offer)).scalar_one()
    claim = CredentialClaim
    speaks_of_it = sa.or_(
        col(claim.credential_code) == col(Credential.code),
        sa.and_(
            col(claim.credential_code) == sa.literal(ISSUER_WIDE) + col(Credential.issuer),
            col(claim.value_low).is_not(None),
        ),
    )
    filled = sa.select(col(claim.field), sa.func.count(sa.distinct(col(Credential.code)))).join(
        Credential, speaks_of_it
    )
    counts = dict(
        session.execute(
            filled.where(
                on_offer,
                col(claim.superseded_at).is_(None),
                col(claim.is_contradicted).is_(False),
            ).group_by(col(claim.field))
        ).all()
    )
    return {f"credentials.{f}": FillRate(counts.get(f, 0), total) for f in EXPECTED_FIELDS}


def _count(
    session: Session, columns: Iterable[Any], where: sa.ColumnElement[bool]
) -> tuple[int, ...]:
    """Return the number of rows, then for each column how many are not null."""
    counted = [sa.func.count(column) for column in columns]
    return tuple(session.execute(sa.select(sa.func.count(), *counted).where(where)).one())


def _empty_fields(session: Session) -> list[EmptyField]:
    """Return the fields that are null in every current record, and those not even kept."""
    found = set(NOT_KEPT)
    models: list[type[SQLModel]] = [Program, *TABLES.values()]
    for table in map(inner_table, models):
        evidence = EvidenceColumns.model_fields.keys() | KEYS.keys()
        columns = [c for c in record_columns(table) if c.nullable and c.name not in evidence]
        total, *counts = _count(session, columns, current(table))
        known = zip(columns, counts, strict=True)
        found |= {(table.name, c.name) for c, count in known if total and not count}
    return [
        EmptyField(collection=table, field=name, reason=NOT_TOLD.get((table, name), NOBODY_TELLS))
        for table, name in sorted(found)
    ]


def _criteria(session: Session, rubric: Rubric, state: str | None) -> list[CriterionCoverage]:
    found = []
    for criterion in rubric.criteria:
        column = getattr(ProgramSummary, f"{criterion.key}_coverage")
        counted = sa.select(sa.func.count(column), sa.func.avg(column)).where(_in_state(state))
        applies, mean = session.execute(counted).one()
        found.append(
            CriterionCoverage(
                key=criterion.key,
                label=criterion.label,
                programs=applies,
                mean_coverage=None if mean is None else round(mean, 4),
            )
        )
    return found


def _findings(session: Session, state: str | None) -> list[FindingCount]:
    column = col(ProgramSummary.accreditation)
    counted = sa.select(column, sa.func.count()).where(_in_state(state)).group_by(column)
    counts = dict(session.execute(counted).all())
    return [FindingCount(finding=finding, programs=counts.get(finding, 0)) for finding in Finding]
