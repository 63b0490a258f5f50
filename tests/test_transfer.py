"""How many credits count in a program and what is left; what an accreditor makes a school show."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.claims import OutcomeClaim, ProgramFacts, TransferClaim, known_on
from app.domain.transfer import Transfer, agreements_between, find_transfer
from tests.making import TODAY, accredited, add_program, evidence, publish

credit_counts = st.floats(0, 200)


def said(kind: str = "credits_accepted", as_of: str | None = "2025", **told: Any) -> TransferClaim:
    return TransferClaim(**{**evidence(), "as_of": as_of}, kind=kind, **told)


def found(
    *claims: TransferClaim,
    agreements: tuple[TransferClaim, ...] = (),
    brought: float | None = 45,
    needed: float | None = 60,
) -> Transfer:
    facts = known_on(ProgramFacts("associate", "51.0707", transfer=[*claims]), TODAY)
    return find_transfer(
        facts, agreements, sender="Pine College", credits_=brought, needed=needed, today=TODAY
    )


@pytest.mark.parametrize(
    ("claims", "high", "is_known"),
    [
        ((), 45, False),
        ((said("policy"),), 45, False),
        ((said(credits_max=30),), 30, True),
        ((said(credits_max=30, as_of="2010"),), 45, False),  # past its time
        ((said(is_offered=False),), 0, True),
        ((said(note="at least 50 percent must be taken at the college"),), 30, True),
        ((said(note="40 percent maximum"),), 24, True),
        ((said(note="at least 36 hours at the receiving university"),), 24, True),
        ((said(note="half of the major"),), 45, False),
    ],
)
def test_limits_bound_what_counts(
    claims: tuple[TransferClaim, ...], high: float, is_known: bool
) -> None:
    transfer = found(*claims)

    assert (transfer.counted_low, transfer.counted_high) == (0, high)
    assert transfer.is_known is is_known
    assert transfer.left is not None
    assert (transfer.left.low, transfer.left.high) == (60 - high, 60)


def test_an_agreement_may_name_the_least() -> None:
    agreed = said(
        "articulation",
        receiving_institution="Oak University",
        note="at least 30 hours transfer, GPA 2.0",
    )
    other = said("articulation", receiving_institution="Elm University")

    agreements = agreements_between(
        [agreed, other], [], sender="Pine College", receiver="The Oak University"
    )
    transfer = found(agreements=tuple(agreements))

    assert agreements == [agreed]
    assert (transfer.counted_low, transfer.counted_high) == (30, 45)


def test_what_nothing_bounds_is_open() -> None:
    transfer = found(brought=None, needed=None)

    assert (transfer.counted_low, transfer.counted_high, transfer.left) == (0, None, None)


@given(credit_counts, credit_counts, st.none() | credit_counts, st.sampled_from([36, 60, 120]))
def test_more_credits_never_count_for_less(
    some: float, more: float, limit: float | None, needed: float
) -> None:
    fewer, further = sorted((some, more))
    claims = () if limit is None else (said(credits_max=limit),)
    one = found(*claims, brought=fewer, needed=needed)
    other = found(*claims, brought=further, needed=needed)

    assert one.counted_high is not None
    assert other.counted_high is not None
    assert one.counted_low <= one.counted_high <= other.counted_high <= needed


def get(client: TestClient, slug: str, **params: Any) -> dict[str, Any]:
    answer = client.get(f"/v1/programs/{slug}/transfer", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_program_says_what_counts_what_is_left_and_what_to_ask(
    seeded_client: TestClient,
) -> None:
    bounded = get(seeded_client, "mohawk-valley-community-college-510707-associate", credits=50)
    agreed = get(
        seeded_client,
        "east-carolina-university-510706-bachelor",
        **{"credits": 64, "from": "pitt-community-college-510707-associate"},
    )
    unbounded = get(seeded_client, "macomb-community-college-510707-associate", credits=20)

    assert bounded["is_known"]
    assert bounded["counted"] == {"low": 0.0, "high": 45.0}
    assert bounded["left"] == {"low": 15.0, "high": 60.0}
    assert bounded["months_left"] == {"low": 6.0, "high": 24.0}  # of 24 stated
    assert agreed["brought_from"] == "Pitt Community College"
    assert "articulation" in {ground["topic"] for ground in agreed["grounds"]}
    assert not unbounded["is_known"]
    assert unbounded["counted"] == {"low": 0.0, "high": 20.0}
    for read in (bounded, agreed, unbounded):
        assert all(question["whom"] for question in read["questions"])
        cited = {e["source"] for ground in read["grounds"] for e in ground["evidence"]}
        assert cited <= set(read["sources"])


@pytest.mark.parametrize("params", [{"credits": -1}, {"credits": "many"}, {"brought_from": "x"}])
def test_what_does_not_fit_is_refused(seeded_client: TestClient, params: dict[str, Any]) -> None:
    slug = "macomb-community-college-510707-associate"

    assert seeded_client.get(f"/v1/programs/{slug}/transfer", params=params).status_code == 422
    assert seeded_client.get("/v1/programs/no-such/transfer").status_code == 404


def test_what_an_accreditor_makes_a_school_show_is_checked(
    client: TestClient, session: Session
) -> None:
    def rate(metric: str, as_of: str) -> OutcomeClaim:
        return OutcomeClaim(
            **{**evidence(), "as_of": as_of}, metric=metric, value=80, unit="percent"
        )

    shown = [rate("graduation_rate", "2025"), rate("employment_rate", "2012")]
    add_program(session, "bound", claims=[accredited(), *shown])
    add_program(session, "free", claims=[accredited("candidacy"), *shown])
    publish(session)

    def duties(slug: str) -> dict[str, str]:
        extras = client.get(f"/v1/programs/{slug}/checklist").json()["extras"]
        return {duty["key"]: duty["shown"] for duty in extras["disclosures"]}

    assert duties("bound") == {
        "next_review": "not_known",
        "graduation_rate": "shown",
        "employment_rate": "stale",
        "one_more": "not_known",
    }
    assert duties("free") == {}
