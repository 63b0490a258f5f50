"""Statements of a source against what is stored: seen before, changed, gone."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from app.domain.claims import CostClaim, PracticumClaim
from app.domain.vocabulary import CostComponent
from app.store.rows import ClaimTarget, reconcile_claims
from tests.making import NOW, SCHOOL, add_program, evidence, price


@pytest.fixture
def about(session: Session) -> ClaimTarget:
    return ClaimTarget(program_id=add_program(session, "him").id)


def test_an_object_with_its_keys_in_another_order_is_the_same_statement(
    session: Session, about: ClaimTarget
) -> None:
    first = PracticumClaim(components=[{"label": "PPE", "hours": 40}], **evidence())
    reconcile_claims(session, PracticumClaim, SCHOOL, [(about, first)], now=NOW)

    turned = replace(first, components=[{"hours": 40, "label": "PPE"}])
    tally = reconcile_claims(session, PracticumClaim, SCHOOL, [(about, turned)], now=NOW)

    assert (tally.has_changes, tally.unchanged) == (False, 1)


def test_a_list_of_keys_is_the_same_statement_once_stored(
    session: Session, about: ClaimTarget
) -> None:
    claim = price("total", 900, contains=[CostComponent.TUITION, CostComponent.FEES])
    reconcile_claims(session, CostClaim, SCHOOL, [(about, claim)], now=NOW)
    session.expire_all()

    tally = reconcile_claims(session, CostClaim, SCHOOL, [(about, claim)], now=NOW)

    assert (tally.has_changes, tally.unchanged) == (False, 1)


def test_changed_new_and_gone_statements_are_counted_apart(
    session: Session, about: ClaimTarget
) -> None:
    before = [price("tuition", 900), price("fees", 10)]
    reconcile_claims(session, CostClaim, SCHOOL, [(about, c) for c in before], now=NOW)

    after = [price("tuition", 950), price("books", 300)]
    tally = reconcile_claims(session, CostClaim, SCHOOL, [(about, c) for c in after], now=NOW)

    assert (tally.changed, tally.added, tally.retired, tally.unchanged) == (1, 1, 1, 0)
