"""The whole cost: parts add up, none is counted twice, a missing one is listed and never 0."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.claims import CostClaim, OfferingClaim, PreparationClaim, ProgramFacts
from app.domain.cost.total_cost import CredentialFee, Target, TotalCost, find_total_cost
from app.domain.vocabulary import Pace
from tests.making import TODAY, add_program, evidence, price, publish
from tests.test_completeness import add_cell, add_credential

EVERYBODY = {"residency": "any"}
SCHOOL = {**evidence("institution"), **EVERYBODY}
ONCE = {"unit": "program", **EVERYBODY}


def offering(**fields: Any) -> OfferingClaim:
    return OfferingClaim(**{**evidence(), **fields})


def fee(dollars: float, **fields: Any) -> CredentialFee:
    cents = round(dollars * 100)
    return CredentialFee(
        **{
            **evidence(level="credential"),
            "field": "exam_fee",
            "qualifier": "member",
            "amount_low_cents": cents,
            "amount_high_cents": cents,
            **fields,
        }
    )


def target(*fees: CredentialFee, is_membership_required: bool = False) -> Target:
    return Target("RHIT", fees, is_membership_required)


def total_of(
    *costs: CostClaim,
    offerings: tuple[OfferingClaim, ...] = (),
    to: Target | None = None,
    level: str = "associate",
    **asked: Any,
) -> TotalCost:
    facts = ProgramFacts(
        award_level=level, cip_code="51.0707", costs=list(costs), offerings=list(offerings)
    )
    return find_total_cost(
        facts, to, **{"residency": "in_state", "pace": Pace.FULL, "today": TODAY, **asked}
    )


def dollars(total: TotalCost) -> tuple[float, float | None]:
    return total.low_cents / 100, None if total.high_cents is None else total.high_cents / 100


def missing(total: TotalCost) -> list[str]:
    return [part.component for part in total.missing]


def test_a_price_of_a_year_is_paid_for_the_usual_years_and_says_so() -> None:
    total = total_of(price("tuition", 3000), price("fees", 500), price("books", 400))

    # an associate degree: 60 to 75 credits, so 2 to 2.5 years of 3000 + 500 + 400
    assert dollars(total) == (7800, 9750)
    assert total.is_length_assumed
    assert all(line.is_nominal for line in total.lines)
    assert "usual length" in total.assumptions[0].text
    assert missing(total) == ["technology", "exam"]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"months_low": 9, "months_high": 9}, (3000, 3000)),  # nine months are one academic year
        (
            {"months_low": 18, "months_high": 18},
            (5000, 6000),
        ),  # 1 + 6/9; six quarters: 18/9
        ({"months_low": 21, "months_high": 24}, (6000, 8000)),  # two years; 24 of 9 months
        ({"months_low": 18, "credits": 60}, (6000, 6000)),  # credits beat months
        ({"credits": 45, "credit_unit": "semester"}, (4500, 4500)),  # 45 of 30 a year
        ({"credits": 90, "credit_unit": "quarter"}, (6000, 6000)),  # 90 of 45 a year
        ({"credits": 900, "credit_unit": "clock_hour"}, (6000, 7500)),  # no credits: 2 to 2.5 years
        ({"months_low": 12, "as_of": "2015"}, (6000, 7500)),  # too old to count
    ],
)
def test_the_stated_length_decides_how_many_years(
    stated: dict[str, Any], expected: tuple[float, float]
) -> None:
    total = total_of(price("tuition", 3000), offerings=(offering(**stated),))

    assert dollars(total) == expected
    assert total.is_length_assumed == (expected == (6000, 7500))


def test_a_price_of_a_credit_is_paid_for_the_stated_or_the_usual_credits() -> None:
    a_credit = price("tuition", 100, unit="credit")
    without = total_of(a_credit)
    told = total_of(a_credit, offerings=(offering(credits=67, credit_unit="semester"),))

    assert dollars(without) == (6000, 7500)  # 60 to 75 credits
    assert any("usual 60 to 75 semester credits" in a.text for a in without.assumptions)
    assert dollars(told) == (6700, 6700)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("semester", (4000, 5000)),  # two a year, 2 to 2.5 years
        ("quarter", (6000, 8000)),  # three a year, begun ones count
        ("program", (1000, 1000)),
        ("term", (4000, 8000)),  # two or three a year
    ],
)
def test_each_unit_is_paid_as_often_as_it_comes(
    unit: str, expected: tuple[float, float | None]
) -> None:
    assert dollars(total_of(price("tuition", 1000, unit=unit))) == expected


@pytest.mark.parametrize(
    ("level", "unit"),
    [
        ("associate", "course"),  # of an award whose years are usual, and its courses are not
        ("certificate_under_12_weeks", "year"),  # defined by its longest length only
        ("certificate_under_12_weeks", "credit"),
        ("postbaccalaureate_certificate", "credit"),
        ("doctorate_research", "year"),
        ("doctorate_research", "semester"),
    ],
)
def test_without_a_length_there_is_no_total_and_the_price_of_one_is_named(
    level: str, unit: str
) -> None:
    total = total_of(price("tuition", 1000, unit=unit), to=target(fee(299)), level=level)

    assert not total.is_known
    assert missing(total)[0] == "tuition"
    assert total.missing[0].reason.startswith(f"$1,000 for one {unit} (2026-01-15)")


def test_a_price_of_the_field_whose_award_is_not_stated_is_named_and_not_counted() -> None:
    of_field = price(
        "tuition_and_fees",
        14_460,
        contains=["tuition", "fees"],
        cip_code="51.0707",
        label="9 months, 35 credit hours",
        **evidence("institution"),
        **ONCE,
    )
    total = total_of(of_field)

    assert not total.is_known
    assert total.missing[0].reason == (
        "$14,460, with tuition, fees in it, for one program of this field at the school "
        "(9 months, 35 credit hours; 2026-01-15): its award is not stated, so it is not counted."
    )
    assert total.missing[0].claims == (of_field,)


def test_a_price_of_the_whole_program_needs_no_length() -> None:
    total = total_of(
        price("tuition", 9000, unit="program"), price("books", 700), level="doctorate_research"
    )

    assert total.is_known
    assert dollars(total) == (9000, 9000)
    assert missing(total) == ["fees", "books", "technology", "exam"]


def test_a_fee_paid_nobody_knows_how_often_comes_on_top_of_those_counted() -> None:
    total = total_of(
        price("tuition", 1000, unit="program"),
        price("fees", 50, unit="program"),
        price("fees", 12, unit="course", label="lab fee"),
    )

    assert dollars(total) == (1050, 1050)
    assert [part.reason for part in total.missing if part.component == "fees"] == [
        "lab fee: $12 for one course (2026-01-15); how many the program takes is not known, so it "
        "is not counted."
    ]
    assert not total.is_complete


def test_part_time_students_do_not_pay_the_price_of_a_full_time_year() -> None:
    total = total_of(price("tuition", 3000), price("books", 400), pace=Pace.PART)

    assert missing(total) == ["tuition", "fees", "technology", "exam"]
    assert "full-time year" in total.missing[0].reason
    assert dollars(total) == (800, 1000)  # books are bought once, whatever the pace


def test_part_time_terms_last_until_the_credits_are_earned() -> None:
    total = total_of(
        price("tuition", 100, unit="credit"),
        price("fees", 50, unit="semester"),
        offerings=(offering(credits=60, credit_unit="semester"),),
        pace=Pace.PART,
        credits_per_term=8,
    )

    assert dollars(total) == (6400, 6400)  # 6000, and 8 terms (60 / 8, begun ones count) of 50


def test_what_a_sum_contains_is_not_added_again() -> None:
    total = total_of(
        price("tuition_and_fees", 4000, contains=["tuition", "fees"]),
        price("fees", 900, **evidence("institution")),
        price("fees", 20, unit="program", contained_in="fees", label="insurance"),
    )

    assert dollars(total) == (8000, 10_000)
    assert {left.claim.amount_low_cents for left in total.left_out} == {90_000}
    assert "fees" not in missing(total)


def test_a_programs_own_fees_come_on_top_of_a_whole_schools_tuition() -> None:
    total = total_of(
        price("tuition_and_fees", 4000, contains=["tuition", "fees"], **evidence("institution")),
        price("fees", 55, label="background check", **ONCE),
    )

    assert dollars(total) == (8055, 10_055)


def test_fees_that_may_be_the_same_money_count_once_at_the_low_end() -> None:
    total = total_of(
        price("tuition", 1000, unit="program"),
        price("fees", 100, unit="semester", label="student fee"),
        price("fees", 300, **evidence("institution")),
    )

    # low: the larger, 2 * 300; high: both, 2.5 * 300 + 5 * 100
    assert dollars(total) == (1600, 2250)


def test_the_programs_own_price_leads_and_a_stale_one_counts_for_nothing() -> None:
    own, wide = price("tuition", 5000), price("tuition", 3000, **evidence("institution"))
    old = price("tuition", 5000, as_of="2015-16")

    assert dollars(total_of(wide, own)) == (10000, 12_500)
    assert dollars(total_of(wide, old)) == (6000, 7500)
    assert total_of(old).missing[0].reason == "What is known is too old to count (2015-16)."


def test_a_price_for_other_residents_is_not_theirs() -> None:
    outside = price("tuition", 9000, residency="out_of_state")

    assert "out of state" in total_of(outside).missing[0].reason
    assert dollars(total_of(outside, residency="out_of_state")) == (18000, 22_500)


def test_alternatives_of_one_page_make_a_range() -> None:
    total = total_of(
        price("tuition", 100, unit="credit", label="with certificate of residence"),
        price("tuition", 150, unit="credit", label="without"),
        offerings=(offering(credits=60, credit_unit="semester"),),
    )

    assert dollars(total) == (6000, 9000)


def test_the_exam_runs_from_the_least_to_the_most_that_anybody_states() -> None:
    said = target(
        fee(229),
        fee(219, **evidence(level="credential", basis="third_party")),
        fee(299, qualifier="non_member"),
        fee(999, as_of="2010"),
        fee(150, field="membership_fee"),
    )
    total = total_of(price("tuition", 1000, unit="program"), to=said)
    required = total_of(
        price("tuition", 1000, unit="program"), to=replace(said, is_membership_required=True)
    )

    assert dollars(total) == (1219, 1299)
    assert [left.component for left in total.left_out] == ["membership"]
    assert dollars(required) == (1369, 1449)


def test_a_fee_nobody_states_is_missing() -> None:
    none, old = target(is_membership_required=True), target(fee(300, as_of="2010"))

    assert missing(total_of(to=none))[-3:] == ["exam", "membership", "renewal"]
    assert total_of(to=old).missing[-2].reason == "What is known is too old to count."


def test_a_members_price_of_the_exam_asks_for_what_a_membership_costs() -> None:
    member, everybody = target(fee(229)), target(fee(299, qualifier=None))
    priced = target(fee(229), fee(150, field="membership_fee"))

    assert missing(total_of(to=member))[-2:] == ["membership", "renewal"]
    assert "membership" not in missing(total_of(to=everybody))
    assert "membership" not in missing(total_of(to=priced))
    assert [left.component for left in total_of(to=priced).left_out] == ["membership"]


def test_the_first_renewal_is_named_and_not_part_of_the_way_to_the_credential() -> None:
    known = target(fee(229), fee(218, field="renewal_fee", qualifier="non_member"))
    total = total_of(price("tuition", 1000, unit="program"), to=known)

    assert dollars(total) == (1229, 1229)
    assert [(left.component, left.claim.amount_low_cents) for left in total.left_out] == [
        ("renewal", 21_800)
    ]
    assert "renewal" not in missing(total)


UNITS = ["program", "year", "semester", "quarter", "credit", "course", "month"]
amounts = st.integers(0, 50_000)


@st.composite
def prices(draw: st.DrawFn, component: str, **fields: Any) -> CostClaim:
    low = draw(amounts)
    high = draw(st.one_of(st.none(), st.integers(low, 60_000)))
    level = draw(st.sampled_from(["program", "institution"]))
    return price(
        component,
        0,
        **{
            **evidence(level),
            "unit": draw(st.sampled_from(UNITS)),
            "residency": draw(st.sampled_from(["any", "in_state"])),
            **fields,
            "amount_low_cents": low * 100,
            "amount_high_cents": None if high is None else high * 100,
        },
    )


@st.composite
def known(draw: st.DrawFn) -> list[CostClaim]:
    parts = [draw(prices("tuition"))] if draw(st.booleans()) else []
    labels = draw(st.lists(st.sampled_from(["a", "b", "c"]), unique=True))
    return [*parts, *(draw(prices("fees", label=label)) for label in labels)]


@given(
    known(),
    st.one_of(prices("books"), prices("technology"), prices("fees", label="new"), st.none()),
    st.sampled_from(list(Pace)),
    st.sampled_from([None, 45.0, 67.5]),
)
def test_adding_a_part_never_lowers_the_total(
    costs: list[CostClaim], added: CostClaim | None, pace: Pace, credits_: float | None
) -> None:
    stated = (offering(credits=credits_, credit_unit="semester"),) if credits_ else ()
    before = total_of(*costs, offerings=stated, pace=pace)
    after = total_of(*costs, *([added] if added else []), offerings=stated, pace=pace, to=target())
    paid = total_of(
        *costs, *([added] if added else []), offerings=stated, pace=pace, to=target(fee(229))
    )

    for lesser, greater in ((before, after), (after, paid)):
        assert lesser.low_cents <= greater.low_cents
        assert greater.high_cents is None or (
            lesser.high_cents is not None and lesser.high_cents <= greater.high_cents
        )
        assert set(missing(greater)) <= {*missing(lesser), "exam", "fees", *AFTER_THE_EXAM}
        assert greater.is_known >= lesser.is_known


AFTER_THE_EXAM = ("membership", "renewal")
"""What is asked for only once it is known which credential is aimed at."""

awards = st.sampled_from(["associate", "certificate_under_1_year", "doctorate_research", ""])


@given(known(), st.sampled_from(list(Pace)), awards)
def test_low_never_exceeds_high_and_every_part_is_counted_or_missing(
    costs: list[CostClaim], pace: Pace, award: str
) -> None:
    total = total_of(*costs, pace=pace, level=award)
    counted = {line.component for line in total.lines}

    assert total.high_cents is None or total.low_cents <= total.high_cents
    assert counted & set(missing(total)) <= {"fees"}  # one fee may count, and another not
    assert counted | set(missing(total)) == {"tuition", "fees", "books", "technology", "exam"}


@given(known(), st.sampled_from(list(Pace)))
def test_without_a_length_only_what_is_paid_once_is_a_total(
    costs: list[CostClaim], pace: Pace
) -> None:
    total = total_of(*costs, pace=pace, level="doctorate_research")

    assert all(line.unit == "program" for line in total.lines)
    assert total.is_known == any(line.component == "tuition" for line in total.lines)


@pytest.fixture
def priced(session: Session) -> None:
    claims = [
        price("tuition", 2000),
        PreparationClaim(**evidence(), credential_code="RHIT"),
    ]
    add_program(session, "priced", claims=claims)
    add_program(session, "bare", school="bare-college")
    add_program(
        session, "open", school="open-college", award_level="doctorate_research", claims=claims
    )
    publish(session)


def get(client: TestClient, slug: str, status: int = 200, **params: Any) -> dict[str, Any]:
    answer = client.get(f"/v1/programs/{slug}/total-cost", params=params)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def test_a_contradicted_fee_counts_nowhere(client: TestClient, session: Session) -> None:
    add_program(session, "priced", claims=[price("tuition", 2000)])
    add_credential(session, "RHIT")
    for dollars, is_contradicted in ((229, False), (9, True)):
        said = {"unit": "USD", "value_low": dollars, "is_contradicted": is_contradicted}
        add_cell(session, "RHIT", "exam_fee", as_of="2026-01-01", **said)
    publish(session)

    parts = get(client, "priced", credential="RHIT")["components"]

    exams = [part for part in parts if part["component"] == "exam"]
    assert [(exam["low_usd"], exam["high_usd"]) for exam in exams] == [(229, 229)]


@pytest.mark.usefixtures("priced")
def test_the_answer_lists_what_is_missing_with_whom_to_ask(client: TestClient) -> None:
    found = get(client, "bare")

    assert found["total"] == {
        "low_usd": None,
        "high_usd": None,
        "is_complete": False,
        "is_open": False,
        "is_length_assumed": False,
    }
    assert found["components"] == []
    assert [part["component"] for part in found["missing"]] == [
        "tuition",
        "fees",
        "books",
        "technology",
        "exam",
    ]
    assert all(part["ask"] and part["whom"] for part in found["missing"])


@pytest.mark.usefixtures("priced")
def test_no_total_is_served_where_the_length_is_not_known(client: TestClient) -> None:
    found = get(client, "open")
    items = client.get("/v1/programs", params={"sort": "total_cost"}).json()["items"]
    page = client.get("/programs/open", headers={"accept": "text/html"}).text

    assert (found["total"]["low_usd"], found["total"]["high_usd"]) == (None, None)
    assert not found["total"]["is_open"]
    assert found["missing"][0]["reason"].startswith("$2,000 for one year")
    assert found["missing"][0]["evidence"]
    assert items[0]["slug"] == "priced"
    assert {item["slug"]: item["total_cost"] for item in items}["open"] is None
    assert 'data-untotalled="all"' in page  # nothing at all has a price that counts
    assert "$2,000 for one year" in page


@pytest.mark.usefixtures("priced")
def test_each_line_says_which_price_it_took_and_how_often(client: TestClient) -> None:
    line = get(client, "priced")["components"][0]

    assert (line["low_usd"], line["high_usd"], line["unit"]) == (4000, 5000, "year")
    assert line["times"] == {"low": 2, "high": 2.5, "is_nominal": True}
    assert line["evidence"][0]["as_of"] == "2026-01-15"
    assert line["reason"] == "A price of this program for a year (2026-01-15), 2 to 2.5 times."


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"credential": "Health Information Tecnician"}, "credential"),
        ({"residency": "abroad"}, "residency"),
        ({"credits_per_term": 6}, None),
        ({"pase": "part"}, "pase"),
    ],
)
def test_bad_parameters_are_named(
    seeded_client: TestClient, params: dict[str, Any], parameter: str | None
) -> None:
    slug = "sinclair-community-college-510707-associate"
    problem = get(seeded_client, slug, 422, **params)

    assert problem["errors"][0].get("parameter") in (parameter, "credits_per_term", "query")
    if parameter == "credential":
        assert problem["errors"][0]["suggestion"] == "RHIT"


def test_sinclair_to_the_rhit_by_hand(seeded_client: TestClient) -> None:
    """Tuition and fees of 2023-24 are 4,569 a year, books 624: for 2 to 2.5 years.

    4,569 * 2.5 = 11,422.50 and 624 * 2.5 = 1,560, so 12,982.50 at most.

    RHIT: 229 at least (members) and 299 at most (non-members, a third party).
    """
    slug = "sinclair-community-college-510707-associate"
    found = get(seeded_client, slug, credential="rhit", as_of="2026-11-24")

    assert found["total"]["low_usd"] == 2 * (4569 + 624) + 229
    assert found["total"]["high_usd"] == 12982.50 + 299
    assert found["total"]["is_length_assumed"] is True
    assert [part["component"] for part in found["missing"]] == ["technology"]
    dues = [left for left in found["left_out"] if left["component"] == "membership"]
    assert [left["low_usd"] for left in dues] == [149]  # not needed to sit the exam
    assert found["left_out"][0]["reason"] == "The tuition already contains fees."
    # the first renewal: 100 for members and 218 for others (a third party, 2026-02)
    renewals = [left for left in found["left_out"] if left["component"] == "renewal"]
    assert sorted(left["low_usd"] for left in renewals) == [100, 218]


def test_a_year_later_the_same_prices_are_too_old(seeded_client: TestClient) -> None:
    slug = "sinclair-community-college-510707-associate"
    found = get(seeded_client, slug, credential="rhit", as_of="2035-01-01")

    assert found["components"] == []
    assert "too old to count" in found["missing"][0]["reason"]
    assert found["missing"][0]["evidence"][0]["stale"] is True


def test_an_exam_of_aapc_counts_its_membership(seeded_client: TestClient) -> None:
    slug = "sinclair-community-college-510707-associate"
    found = get(seeded_client, slug, credential="CPC", as_of="2026-11-24")
    lines = {line["component"]: line for line in found["components"]}

    # 400 (students) to 499 (two attempts); dues 157 (students) to 229 a year
    assert (lines["exam"]["low_usd"], lines["exam"]["high_usd"]) == (400, 499)
    assert (lines["membership"]["low_usd"], lines["membership"]["high_usd"]) == (157, 229)


def test_totals_that_count_other_parts_do_not_compare(client: TestClient, session: Session) -> None:
    add_program(session, "a", claims=[price("tuition", 2000)])
    add_program(session, "b", school="b-college", claims=[price("tuition", 1500)])
    both = [price("tuition", 1800), price("books", 100)]
    add_program(session, "c", school="c-college", claims=both)
    publish(session)

    def row(*slugs: str) -> dict[str, Any]:
        answer = client.get("/v1/comparison", params={"program": list(slugs)}).json()
        return next(r for r in answer["rows"] if r["key"] == "total_cost")

    same, other = row("a", "b"), row("a", "c")
    assert (same["verdict"], same["best"]) == ("differs", ["b"])
    assert [value["value"] for value in same["values"]] == [
        {"low": 4000, "high": 5000},
        {"low": 3000, "high": 3750},
    ]
    assert (other["verdict"], other["reason"]) == ("not_comparable", "other parts are counted")
    assert "on top" in same["values"][0]["display"]
