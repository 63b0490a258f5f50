"""Why a part of the whole cost is missing, what a line rests on, and what was assumed."""

from typing import Any

import pytest

from app.domain.claims import CostClaim, OfferingClaim, ProgramFacts
from app.domain.cost.total_cost import TotalCost, find_total_cost
from app.domain.vocabulary import CostComponent, Pace
from tests.domain.facts import TODAY, evidence, price

PAGE_OF_LENGTH = "https://school.example/length"
SIXTY_CREDITS = OfferingClaim(
    **evidence(source_url=PAGE_OF_LENGTH, credits=60, credit_unit="semester")
)
USUAL_LENGTH, CREDITS_A_YEAR = "usual length", "credits make"
PART_TIME, NO_CREDITS, YEARS_ADDED = (
    "At 6 credits a term",
    "usual 60 to 75 semester credits",
    "different years",
)


def total_of(*costs: CostClaim, is_told: bool = False, pace: Pace = Pace.FULL) -> TotalCost:
    facts = ProgramFacts(
        award_level="associate",
        cip_code="51.0707",
        costs=list(costs),
        offerings=[SIXTY_CREDITS] if is_told else [],
    )
    return find_total_cost(
        facts, None, residency="in_state", pace=pace, today=TODAY, credits_per_term=6
    )


def not_applicable(component: str) -> CostClaim:
    return price(component, None, value_status="not_applicable", unit=None)


def test_a_part_that_does_not_apply_says_nothing_of_another() -> None:
    total = total_of(price("tuition", 3000), not_applicable("technology"))

    reasons = {part.component: part.reason for part in total.missing}
    assert reasons[CostComponent.TECHNOLOGY].startswith("The survey reports")
    assert reasons[CostComponent.BOOKS].startswith("No source in the catalog tells the")


def test_only_a_price_that_is_multiplied_rests_on_the_length() -> None:
    total = total_of(price("tuition", 3000), price("technology", 200, unit="program"), is_told=True)

    pages = {line.component: [claim.source_url for claim in line.claims] for line in total.lines}
    assert PAGE_OF_LENGTH in pages[CostComponent.TUITION]
    assert PAGE_OF_LENGTH not in pages[CostComponent.TECHNOLOGY]


@pytest.mark.parametrize(
    ("prices", "more", "assumed"),
    [
        ([price("tuition", 9000, unit="program")], {}, []),
        ([price("tuition", 3000)], {}, [USUAL_LENGTH]),
        ([price("tuition", 3000)], {"is_told": True}, [CREDITS_A_YEAR]),
        ([price("tuition", 1500, unit="semester")], {"is_told": True}, [CREDITS_A_YEAR]),
        (
            [price("fees", 100, unit="semester")],
            {"is_told": True, "pace": Pace.PART},
            [CREDITS_A_YEAR, PART_TIME],
        ),
        ([price("tuition", 150, unit="credit")], {"is_told": True}, []),
        ([price("tuition", 150, unit="credit")], {"is_told": True, "pace": Pace.PART}, []),
        ([price("tuition", 150, unit="credit")], {}, [NO_CREDITS]),
        (
            [
                price("tuition", 9000, unit="program"),
                price("books", 100, unit="program", as_of="2025-11-01"),
            ],
            {},
            [YEARS_ADDED],
        ),
    ],
)
def test_nothing_is_assumed_but_what_the_sum_needs(
    prices: list[CostClaim], more: dict[str, Any], assumed: list[str]
) -> None:
    texts = [assumption.text for assumption in total_of(*prices, **more).assumptions]

    assert len(texts) == len(assumed)
    assert all(part in text for part, text in zip(assumed, texts, strict=True))
