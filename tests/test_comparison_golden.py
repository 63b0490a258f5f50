"""Real programs of the seed, computed by hand: what is possible, and how sure the order is.

Each criterion has four checks, cost transparency five. A score is told as the least that is
possible, what is likely with all that is said at its word, and the most. As known on 24 November
2026:

* Title IV participation (IPEDS 2024-25) meets "institution accredited" at every school below that
  is in the federal directory: 1 of 4.
* Tuition, fees and books known only for the whole school are three times 1/2 to 1: from 1.5 of 5.
* Credit for life experience at the whole school (IPEDS 2024-25) is 1/2 to 1 of transfer credits.
* What a school's undated page states is 0 to 1, and likely 1.
"""

from typing import Any

import pytest
from starlette.testclient import TestClient

DAY = "2026-11-24"

ALBANY = "albany-state-university-510707-associate"
ARKANSAS = "arkansas-tech-university-510706-bachelor"
BMCC = "cuny-borough-of-manhattan-community-college-510707-associate"
EAST_CAROLINA = "east-carolina-university-510706-bachelor"
EASTERN_FLORIDA = "eastern-florida-state-college-510714-certificate-1-to-2-years"
EDGECOMBE = "edgecombe-community-college-510707-associate"
MERCY = "mercy-college-of-ohio-510707-associate"
MOHAWK = "mohawk-valley-community-college-510707-associate"
OWENS = "owens-community-college-510707-associate"
PANOLA = "panola-college-510707-associate"
RUTGERS = "rutgers-university-new-brunswick-510706-bachelor"
SAINT_JOSEPHS = "saint-josephs-college-of-maine-health-information-management-bs-online"
SAN_JUAN = "san-juan-college-510713-certificate-under-1-year"
SCHOOLCRAFT = "schoolcraft-community-college-district-510707-associate"

Interval = tuple[float, float, float]

CRITERIA: dict[str, tuple[Interval, Interval, Interval, Interval]] = {
    # slug: accreditation, cost transparency, transfer credits, practicum access
    #
    # accreditation stated on an undated page: three times 0 to 1, and Title IV;
    # practicum: nobody tells
    ALBANY: ((25, 100, 100), (30, 30, 100), (12.5, 12.5, 100), (0, 0, 100)),
    # the same; a practicum is required by an undated page
    ARKANSAS: ((25, 100, 100), (30, 30, 100), (12.5, 12.5, 100), (0, 25, 100)),
    # transfer policy and practicum site on undated pages, too
    BMCC: ((25, 100, 100), (30, 30, 100), (12.5, 37.5, 100), (0, 50, 100)),
    # the catalog of 2023-24 names the accreditation of this very degree: 4 of 4; a guide of 2024-25
    # an agreement with community colleges: 1 of 4 beside the 1/2 of the survey
    EAST_CAROLINA: ((100, 100, 100), (30, 30, 100), (37.5, 37.5, 100), (0, 0, 100)),
    # a certificate that the accreditor does not take: only the school's own accreditation applies
    EASTERN_FLORIDA: ((100, 100, 100), (30, 30, 100), (12.5, 12.5, 100), (0, 0, 100)),
    # no survey tells of life experience; transfer policy and a shorter award that counts, undated
    EDGECOMBE: ((25, 100, 100), (30, 30, 100), (0, 50, 100), (0, 25, 100)),
    # tuition, fees and technology published for the program in 2023-24: 3, books 1/2: 3.5 of 5
    MERCY: ((25, 25, 100), (70, 70, 100), (12.5, 12.5, 100), (0, 25, 100)),
    # policy and a limit in words, undated: likely 1 and 1/2 of 4 beside the 1/2 of the survey
    MOHAWK: ((25, 100, 100), (30, 30, 100), (12.5, 50, 100), (0, 25, 100)),
    # only Title IV is known of its accreditation: 1 of 4, three open
    OWENS: ((25, 25, 100), (30, 30, 100), (12.5, 12.5, 100), (0, 25, 100)),
    # undated refund rules: likely 2.5 of 5; all four practicum checks on undated pages
    PANOLA: ((25, 100, 100), (30, 50, 100), (0, 0, 100), (0, 100, 100)),
    # no survey tells of life experience; policy and limit in words undated: likely 1.5 of 4
    RUTGERS: ((25, 25, 100), (30, 30, 100), (0, 37.5, 100), (0, 25, 100)),
    # policy, a limit of 95 credits and prior learning, all undated: likely 3 of 4
    SAINT_JOSEPHS: ((25, 25, 100), (30, 30, 100), (0, 75, 100), (0, 0, 100)),
    # a certificate as above; transfer policy undated
    SAN_JUAN: ((100, 100, 100), (30, 30, 100), (12.5, 37.5, 100), (0, 0, 100)),
    # the catalog of 2025-26 names the program without its award: 3 of 4, likely 4; technology for
    # the whole school: 2 of 5; a dated page requires the practicum: 1 of 4
    SCHOOLCRAFT: ((75, 100, 100), (40, 40, 100), (12.5, 12.5, 100), (25, 25, 100)),
}

CERTIFICATES = {EASTERN_FLORIDA, SAN_JUAN}
"""One of the four checks of accreditation applies to them, so it weighs a quarter."""


def compare(client: TestClient, *slugs: str, **params: Any) -> Any:
    answer = client.get("/v1/comparison", params={"program": list(slugs), "as_of": DAY, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


def pair(found: Any, program: str, over: str) -> Any:
    return next(
        entry
        for entry in found["stability"]
        if (entry["program"], entry["over"]) == (program, over)
    )


@pytest.mark.parametrize("slugs", [list(CRITERIA)[:7], list(CRITERIA)[7:]])
def test_criteria_and_scores_are_as_computed_by_hand(
    seeded_client: TestClient, slugs: list[str]
) -> None:
    found = compare(seeded_client, *slugs)

    for checklist in found["checklists"]:
        expected = CRITERIA[checklist["program"]]
        shown = tuple(
            tuple(criterion["score"][end] for end in ("low", "likely", "high"))
            for criterion in checklist["criteria"]
        )
        assert shown == expected, checklist["program"]
        # equal weights: the mean, rounded to one decimal; for certificates with accreditation at
        # a quarter: (100/4 + 30 + 12.5 + 0) / 3.25 = 20.8
        shares = [0.25 if checklist["program"] in CERTIFICATES else 1, 1, 1, 1]
        for at, end in enumerate(("low", "likely", "high")):
            parts = (w * interval[at] for w, interval in zip(shares, expected, strict=True))
            assert checklist["score"][end] == pytest.approx(sum(parts) / sum(shares), abs=0.0501)


@pytest.mark.parametrize(
    ("program", "over", "share"),
    [
        # d is the difference of what is verified, in the order of the criteria
        # d = (50, 10, 0, 25): nothing speaks against it
        (SCHOOLCRAFT, OWENS, "1"),
        # d = (0, 40, 0, 0)
        (MERCY, OWENS, "1"),
        (OWENS, MERCY, "0"),
        # d = (-10, 6, 0, -5) x 5: only the 6 counts: 6^3 / ((6+10)(6-0)(6+5)) = 216/1056
        (MERCY, SCHOOLCRAFT, "9/44"),
        # d = (10, -6, 0, 5) x 5:
        # 1000 / ((10+6)(10-0)(10-5)) + 125 / ((5+6)(5-0)(5-10)) = 5/4 - 5/11 = 55/44 - 20/44
        (SCHOOLCRAFT, MERCY, "35/44"),
        # d = (15, -8, 5, 0) x 5: 15^3 / ((15+8)(15-5)(15-0)) + 5^3 / ((5+8)(5-15)(5-0))
        # = 45/46 - 5/26 = 585/598 - 115/598
        (EAST_CAROLINA, MERCY, "235/299"),
        # d = (5, -2, 5, -5) x 5: 1 - (-2)^3 / ((-2-5)(-2-5)(-2+5)) - (-5)^3 / ((-5-5)(-5-5)(-5+2))
        # = 1 + 8/147 - 125/300
        (EAST_CAROLINA, SCHOOLCRAFT, "125/196"),
        # d = (0, 0, -1, 0) x 12.5: what the undated pages say counts as 0
        (PANOLA, BMCC, "0"),
        # two certificates, of accreditation as much applies to both: d = 0 everywhere
        (EASTERN_FLORIDA, SAN_JUAN, "0"),
        # accreditation applies to the degree as a whole and is left out: d = (-8, 0, 0) x 5
        (SAN_JUAN, MERCY, "0"),
    ],
)
def test_shares_of_weightings_are_as_computed_by_hand(
    seeded_client: TestClient, program: str, over: str, share: str
) -> None:
    found = compare(seeded_client, program, over)

    assert pair(found, program, over)["share"] == share


def test_two_that_tie_under_some_weights_are_turned_by_the_next_unit_of_weight(
    seeded_client: TestClient,
) -> None:
    # 8 x 100 + 15 x 30 = 1250 = 8 x 25 + 15 x 70
    weights = "accreditation:8,cost_transparency:15"
    found = compare(seeded_client, MERCY, EAST_CAROLINA, weights=weights)

    flip = pair(found, MERCY, EAST_CAROLINA)["flip"]
    assert (flip["moved"], flip["turns_round"]) == (0, True)


def test_the_smallest_flip_of_a_real_pair(seeded_client: TestClient) -> None:
    # Mercy over Schoolcraft, d = (-50, 30, 0, -25): under equal weights -45/4 = -11.25.
    # Weight moved from accreditation to cost gains 80 a unit: 11.25/80 = 9/64
    found = compare(seeded_client, MERCY, SCHOOLCRAFT)

    flip = pair(found, MERCY, SCHOOLCRAFT)["flip"]
    assert flip["moved"] == 0.140625
    assert flip["weights"] == {
        "accreditation": 0.109375,
        "cost_transparency": 0.390625,
        "transfer_credits": 0.25,
        "practicum_access": 0.25,
    }


def test_what_applies_in_another_measure_is_left_out(seeded_client: TestClient) -> None:
    found = compare(seeded_client, SAN_JUAN, MERCY)

    told = pair(found, SAN_JUAN, MERCY)
    assert told["left_out"] == ["accreditation"]
    assert "accreditation" not in told["criteria"]


def test_places_and_bands_when_only_accreditation_counts(seeded_client: TestClient) -> None:
    # East Carolina 100, Schoolcraft 75 to 100, Panola 25 to 100; Owens 25, its program being known
    # not to be accredited
    checks = ("program_accredited", "good_standing", "covers_campus_and_level")
    found = seeded_client.post(
        "/v1/comparison",
        json={
            "programs": [PANOLA, OWENS, EAST_CAROLINA, SCHOOLCRAFT],
            "as_of": DAY,
            "weights": {"accreditation": 1},
            "answers": {OWENS: dict.fromkeys(checks, "not_met")},
        },
    ).json()

    places = {rank["program"]: (rank["best"], rank["worst"]) for rank in found["ranks"]}
    assert places == {
        EAST_CAROLINA: (1, 3),
        SCHOOLCRAFT: (1, 3),
        PANOLA: (1, 4),
        OWENS: (3, 4),
    }
    assert found["tie_bands"] == [[EAST_CAROLINA, SCHOOLCRAFT, PANOLA], [PANOLA, OWENS]]


def test_answers_can_make_an_order_certain(seeded_client: TestClient) -> None:
    # all answered and met: 100 on every criterion; Rutgers all answered and not met: 0
    checks = [
        check["key"]
        for criterion in compare(seeded_client, OWENS, RUTGERS)["checklists"][0]["criteria"]
        for check in criterion["checks"]
    ]

    found = seeded_client.post(
        "/v1/comparison",
        json={
            "programs": [OWENS, RUTGERS],
            "as_of": DAY,
            "answers": {
                OWENS: dict.fromkeys(checks, "met"),
                RUTGERS: dict.fromkeys(checks, "not_met"),
            },
        },
    ).json()

    assert found["dominance"] == [{"program": OWENS, "over": RUTGERS}]
    assert [checklist["gates"] for checklist in found["checklists"]] == [[], ["not_eligible_rhia"]]
    assert pair(found, OWENS, RUTGERS)["flip"] is None
    assert found["tie_bands"] == []


def test_prices_of_one_year_and_level_compare_and_others_do_not(seeded_client: TestClient) -> None:
    # IPEDS 2023-24, residents of Ohio: Owens 5,750, Mercy 18,950; tuition alone 2022-23:
    # Owens 4,392 a year; Mercy states 540 a credit and 65 in fees for the program in 2023-24,
    # which leads, and its whole school 16,200 a year in 2022-23
    found = compare(seeded_client, OWENS, MERCY)

    rows = {row["key"]: row for row in reversed(found["rows"])}
    together, credit = rows["tuition_and_fees"], rows["tuition_per_credit"]
    assert [value["value"] for value in together["values"]] == [5750, 605]
    assert (together["verdict"], together["best"]) == ("not_comparable", [])
    whole = rows["tuition_and_fees_same_terms"]
    assert [value["value"] for value in whole["values"]] == [5750, 18950]
    assert (whole["verdict"], whole["best"]) == ("differs", [OWENS])
    # 183 a credit for the whole school in 2022-23 against 540 for the program in 2023-24
    assert [value["value"] for value in credit["values"]] == [183, 540]
    assert credit["verdict"] == "not_comparable"
    assert credit["reason"] == "other year; program against institution level"
    assert credit["best"] == []
    # on the same terms, whole school 2022-23: 183 against 540
    assert rows["tuition_per_credit_same_terms"]["best"] == [OWENS]
