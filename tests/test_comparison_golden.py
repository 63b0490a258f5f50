"""Real programs of the seed, computed by hand: what is verified, and how sure the order is.

Each criterion has four checks, cost transparency five. A check met earns its point, a check
partly met half of it. As known on 24 November 2026:

* Title IV participation (IPEDS 2024-25) meets "institution accredited" at every school below that
  is in the federal directory: 1 of 4.
* Tuition, fees and books known only for the whole school are three halves: 1.5 of 5.
* Credit for life experience at the whole school (IPEDS 2024-25) is a half of transfer credits.
* What a school's undated page states is a half.
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
RUTGERS = "rutgers-university-school-of-health-professions-nj-health-information-management-bs"
SAINT_JOSEPHS = "saint-josephs-college-of-maine-health-information-management-bs-online"
SAN_JUAN = "san-juan-college-510713-certificate-under-1-year"
SCHOOLCRAFT = "schoolcraft-community-college-district-510707-associate"

Interval = tuple[float, float]

CRITERIA: dict[str, tuple[Interval, Interval, Interval, Interval]] = {
    # slug: accreditation, cost transparency, transfer credits, practicum access
    #
    # accreditation stated on an undated page: three halves and Title IV: 2.5 of 4, all known;
    # practicum: nobody tells
    ALBANY: ((62.5, 62.5), (30, 70), (12.5, 87.5), (0, 100)),
    # the same; a practicum is required by an undated page: half of 4
    ARKANSAS: ((62.5, 62.5), (30, 70), (12.5, 87.5), (12.5, 87.5)),
    # transfer policy and practicum site on undated pages: another half each
    BMCC: ((62.5, 62.5), (30, 70), (25, 75), (25, 75)),
    # the catalog of 2023-24 names the accreditation of this very degree: 4 of 4
    EAST_CAROLINA: ((100, 100), (30, 70), (12.5, 87.5), (0, 100)),
    # a certificate that the accreditor does not take: only the school's own accreditation applies
    EASTERN_FLORIDA: ((100, 100), (30, 70), (12.5, 87.5), (0, 100)),
    # transfer policy undated; a shorter award counts in this program, undated: half each
    EDGECOMBE: ((62.5, 62.5), (30, 70), (25, 75), (12.5, 87.5)),
    # tuition, fees and technology published for the program in 2023-24: 3, books a half: 3.5 of 5
    MERCY: ((25, 100), (70, 90), (12.5, 87.5), (12.5, 87.5)),
    # policy, a limit in words and prior learning: three halves of 4
    MOHAWK: ((62.5, 62.5), (30, 70), (37.5, 62.5), (12.5, 87.5)),
    # only Title IV is known of its accreditation: 1 of 4, three open
    OWENS: ((25, 100), (30, 70), (12.5, 87.5), (12.5, 87.5)),
    # undated refund rules: two points of 5; all four practicum checks on undated pages: 2 of 4
    PANOLA: ((62.5, 62.5), (40, 60), (0, 100), (50, 50)),
    # a record of its own, not in the federal directory: no Title IV, no prices; transfer policy
    # and limit in words undated: 1 of 4
    RUTGERS: ((0, 100), (0, 100), (25, 75), (12.5, 87.5)),
    # policy, a limit of 95 credits and prior learning, all undated: 1.5 of 4
    SAINT_JOSEPHS: ((25, 100), (30, 70), (37.5, 62.5), (0, 100)),
    # a certificate as above; transfer policy undated
    SAN_JUAN: ((100, 100), (30, 70), (25, 75), (0, 100)),
    # the catalog of 2025-26 names the program without its award: 3.5 of 4; technology for the
    # whole school: 2 of 5; a dated page requires the practicum: 1 of 4
    SCHOOLCRAFT: ((87.5, 87.5), (40, 60), (12.5, 87.5), (25, 100)),
}


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
            (criterion["score"]["low"], criterion["score"]["high"])
            for criterion in checklist["criteria"]
        )
        assert shown == expected, checklist["program"]
        # equal weights: the mean, rounded to one decimal
        for at, end in enumerate(("low", "high")):
            mean = sum(interval[at] for interval in expected) / 4
            assert checklist["score"][end] == pytest.approx(mean, abs=0.0501)


@pytest.mark.parametrize(
    ("program", "over", "share"),
    [
        # d is the difference of what is verified, in the order of the criteria
        # d = (62.5, 10, 0, 12.5): nothing speaks against it
        (SCHOOLCRAFT, OWENS, "1"),
        # d = (0, 40, 0, 0)
        (MERCY, OWENS, "1"),
        (OWENS, MERCY, "0"),
        # d = (-2, 0, -1, 2) x 12.5: only the 2 counts: 2^3 / ((2+2)(2-0)(2+1)) = 8/24
        (PANOLA, SCHOOLCRAFT, "1/3"),
        # d = (-3, 0, 1, 2) x 12.5:
        # 1 / ((1+3)(1-0)(1-2)) + 8 / ((2+3)(2-0)(2-1)) = -1/4 + 4/5
        (BMCC, EAST_CAROLINA, "11/20"),
        # d = (0, 0, 2, -1) x 12.5, the zeros being equal: 8 / ((2-0)(2-0)(2+1))
        (SAINT_JOSEPHS, OWENS, "2/3"),
        # d = (0, 2, -5, 5) x 5:
        # 8 / ((2-0)(2+5)(2-5)) + 125 / ((5-0)(5-2)(5+5)) = -4/21 + 5/6 = -8/42 + 35/42
        (PANOLA, BMCC, "9/14"),
        # d = (-25, -12, 5, 5) x 2.5, the two fives confluent. Divided differences of max(x,0)^3:
        # f = 0, 0, 125, 125; first: 0, 125/17, f'(5) = 75; second: 125/17/30 = 25/102 and
        # (75 - 125/17)/17 = 1150/289; third: (1150/289 - 25/102)/30 = (6475/1734)/30
        (RUTGERS, ALBANY, "1295/10404"),
        # d = (0, 0, -1, 1) x 12.5: as good as a coin
        (BMCC, MOHAWK, "1/2"),
        # d = (-3, 0, 1, 1) x 12.5, two equal winners:
        # f = 0, 0, 1, 1; first: 0, 1, f'(1) = 3; second: 1/4 and (3-1)/1 = 2; third: (2-1/4)/4
        (EDGECOMBE, EAST_CAROLINA, "7/16"),
        # d = 0 everywhere
        (EAST_CAROLINA, EASTERN_FLORIDA, "0"),
    ],
)
def test_shares_of_weightings_are_as_computed_by_hand(
    seeded_client: TestClient, program: str, over: str, share: str
) -> None:
    found = compare(seeded_client, program, over)

    assert pair(found, program, over)["share"] == share


def test_two_that_tie_under_equal_weights_are_turned_by_the_next_unit_of_weight(
    seeded_client: TestClient,
) -> None:
    # 62.5 + 30 + 25 + 25 = 142.5 = 100 + 30 + 12.5 + 0
    found = compare(seeded_client, BMCC, EAST_CAROLINA)

    flip = pair(found, BMCC, EAST_CAROLINA)["flip"]
    assert (flip["moved"], flip["turns_round"]) == (0, True)


def test_the_smallest_flip_of_a_real_pair(seeded_client: TestClient) -> None:
    # Panola over Schoolcraft, d = (-25, 0, -12.5, 25): under equal weights -12.5/4 = -3.125.
    # Weight moved from accreditation to practicum gains 50 a unit: 3.125/50 = 1/16
    found = compare(seeded_client, PANOLA, SCHOOLCRAFT)

    flip = pair(found, PANOLA, SCHOOLCRAFT)["flip"]
    assert flip["moved"] == 0.0625
    assert flip["weights"] == {
        "accreditation": 0.1875,
        "cost_transparency": 0.25,
        "transfer_credits": 0.25,
        "practicum_access": 0.3125,
    }


def test_places_and_bands_when_only_accreditation_counts(seeded_client: TestClient) -> None:
    # East Carolina 100, Schoolcraft 87.5, Panola 62.5, Owens anywhere from 25 to 100
    found = compare(
        seeded_client, PANOLA, OWENS, EAST_CAROLINA, SCHOOLCRAFT, weights="accreditation:1"
    )

    places = {rank["program"]: (rank["best"], rank["worst"]) for rank in found["ranks"]}
    assert places == {
        EAST_CAROLINA: (1, 2),
        SCHOOLCRAFT: (2, 3),
        PANOLA: (3, 4),
        OWENS: (1, 4),
    }
    assert found["tie_bands"] == [
        [EAST_CAROLINA, OWENS],
        [SCHOOLCRAFT, OWENS],
        [PANOLA, OWENS],
    ]


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
    assert [checklist["gates"] for checklist in found["checklists"]] == [[], ["not_eligible_rhit"]]
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
