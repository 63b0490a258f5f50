"""Credentials side by side: what leads of each field, who may sit, programs and pay."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from app.domain.credentials.cells import FIELD_LABELS
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.queries.areas import (
    notes_on_roles,
    occupations_of_credential,
    pay_beside_country,
    sources_of_pay,
)
from app.queries.credential_programs import list_credential_programs
from app.queries.credentials import get_credential, leading_cells
from app.queries.releases import stamp
from app.schemas.areas import PlaceQuery
from app.schemas.credentials import (
    MAX_CREDENTIALS,
    MIN_CREDENTIALS,
    ComparedCredential,
    CredentialComparison,
    CredentialRead,
    CredentialRow,
)
from app.schemas.programs import ProgramQuery

FIELDS = (
    *("exam_fee", "retake_fee", "membership_fee"),
    *("exam_items", "exam_minutes", "pass_mark", "first_time_pass_rate"),
    *("renewal_cycle_months", "ceu_per_cycle", "renewal_fee"),
)
"""Fields that are compared, in this order."""


def compare_credentials(
    session: Session, codes: Sequence[str], place: PlaceQuery, today: date
) -> CredentialComparison:
    """Return credentials side by side, in the order asked for.

    Raises:
        InvalidRequestError: Too few or too many, one asked for twice, or one that nobody knows.
    """
    credentials = _find(session, codes, today)
    compared = [_compared(session, one, place, today) for one in credentials]
    sources = {source for one in credentials for source in one.sources}
    return CredentialComparison(
        credentials=compared,
        rows=[
            CredentialRow(
                field=field,
                label=FIELD_LABELS[field],
                values=[leading_cells(one, field) for one in credentials],
            )
            for field in FIELDS
        ],
        **stamp(session, sources.union(*(sources_of_pay(one.pay) for one in compared)), today),
    )


def _find(session: Session, codes: Sequence[str], today: date) -> list[CredentialRead]:
    found: dict[str, CredentialRead] = {}
    faults = []
    for code in codes:
        try:
            one = get_credential(session, code, today)
        except NotFoundError as error:
            faults.append(error.in_parameter("credential"))
            continue
        if one.code in found:
            words = f"{code!r} is asked for twice: it is {one.code}."
            faults.append(Fault(words, parameter="credential", value=code))
        found[one.code] = one
    if not faults and not MIN_CREDENTIALS <= len(codes) <= MAX_CREDENTIALS:
        words = f"Compare {MIN_CREDENTIALS} to {MAX_CREDENTIALS} credentials, not {len(codes)}."
        faults.append(Fault(words, parameter="credential"))
    if faults:
        raise InvalidRequestError(faults)
    return list(found.values())


def _compared(
    session: Session, one: CredentialRead, place: PlaceQuery, today: date
) -> ComparedCredential:
    first = ProgramQuery(limit=1)
    occupations = occupations_of_credential(session, one.code)
    return ComparedCredential(
        **one.model_dump(include=set(ComparedCredential.model_fields) - {"eligibility", "pay"}),
        eligibility=one.eligibility,
        programs=list_credential_programs(session, one.code, first, None, today).total,
        pay=pay_beside_country(session, place, occupations, [notes_on_roles(occupations)]),
    )
