"""Whether a school operates: one answer, whatever sources say, and it never contradicts itself."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.claims import OfferingClaim, StatusClaim
from app.domain.evidence import Subject, order_claims
from app.domain.operation import Operation, operation_of, program_status
from app.domain.vocabulary import GONE, Basis, EnrollmentStatus, Level, SchoolStatus
from tests.domain.facts import GOVERNMENT, TODAY, evidence

NO_ENTRY = SimpleNamespace(is_active=None, closed_on=None, source=GOVERNMENT, as_of="2024-25")


def says(status: str, as_of: str | None = "2024-25", **fields: Any) -> StatusClaim:
    said = evidence(Level.INSTITUTION, source=GOVERNMENT, basis=Basis.GOVERNMENT_DATA, as_of=as_of)
    return StatusClaim(status=status, **said | fields)


def stands(*claims: StatusClaim, entry: Any = NO_ENTRY, day: date = TODAY) -> Operation:
    known = order_claims(claims, Subject.STATUS, day)
    return operation_of(known, entry, Basis.GOVERNMENT_DATA, day)


@pytest.mark.parametrize(
    ("claims", "status", "closed_on"),
    [
        ([], None, None),
        ([says("open")], "open", None),
        ([says("open", "2019-20")], None, None),  # too old to tell of today
        ([says("open"), says("closed", "2023-24")], "closed", None),  # a directory lags behind
        ([says("closed"), says("merged", "2023-24", successor_unitid=1)], "merged", None),
        (
            [
                says("closed", closed_on="2024-07-30"),
                says("merged", "2023-24", successor_unitid=1),
            ],
            "closed",
            "2024-07-30",
        ),
        ([says("closed", closed_on="2027-05-31")], "closing", "2027-05-31"),
        ([says("closing", closed_on="2025-05")], "closed", "2025-05"),
        ([says("closing")], "closing", None),
        ([says("closed", closed_on="in spring")], "closed", "in spring"),
        ([says("closed", "2027-28")], None, None),  # not yet said
    ],
)
def test_what_sources_say_together(
    claims: list[StatusClaim], status: str | None, closed_on: str | None
) -> None:
    school = stands(*claims)

    assert (school.status, school.closed_on) == (status, closed_on)


@pytest.mark.parametrize(
    ("is_active", "closed_on", "status"),
    [
        (True, None, "open"),
        (False, None, "not_operating"),
        (True, "2024-07-30", "closed"),
        (None, None, None),
    ],
)
def test_the_entry_of_the_directory_speaks_where_no_source_does(
    is_active: bool | None, closed_on: str | None, status: str | None
) -> None:
    entry = SimpleNamespace(**vars(NO_ENTRY) | {"is_active": is_active, "closed_on": closed_on})

    assert stands(entry=entry).status == status
    assert stands(says("merged"), entry=entry).status == "merged"


days = st.dates(date(2015, 1, 1), date(2035, 1, 1))
dates = st.none() | days.map(date.isoformat) | st.sampled_from(["2024", "2024-05", "in spring"])
claims = st.builds(
    says,
    st.sampled_from([*SchoolStatus]),
    st.none() | st.sampled_from(["2019-20", "2023-24", "2024-25", "2026-01-15", "2030"]),
    closed_on=dates,
    successor_unitid=st.none() | st.just(100_001),
)
entries = st.builds(
    SimpleNamespace,
    is_active=st.sampled_from([None, True, False]),
    closed_on=dates,
    source=st.just(GOVERNMENT),
    as_of=st.just("2024-25"),
)


@given(st.lists(claims, max_size=4), entries, days)
def test_a_school_never_contradicts_itself(said: list[StatusClaim], entry: Any, day: date) -> None:
    school = stands(*said, entry=entry, day=day)

    assert (school.is_active is None) == (school.status is None)
    assert school.is_active is not (school.status in GONE - {SchoolStatus.CLOSING}) or (
        school.status is None
    )
    if school.closed_on is not None:
        assert school.status in GONE
    assert bool(school.claims) == (school.status is not None)


@given(
    st.lists(claims, max_size=3),
    st.lists(st.sampled_from([None, *EnrollmentStatus]), max_size=2),
    days,
)
def test_no_program_is_more_open_than_its_school(
    said: list[StatusClaim], stated: list[str | None], day: date
) -> None:
    school = stands(*said, day=day)
    offerings = [OfferingClaim(enrollment_status=one, **evidence()) for one in stated]

    status, because = program_status(school, offerings)

    assert bool(because) == (status is not None)
    if school.is_gone:
        assert status == school.status
