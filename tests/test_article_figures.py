"""Every figure of the article beside the official one, as the catalogue is shipped."""

from itertools import combinations
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

pytestmark = pytest.mark.engines_in_turn


class Said(NamedTuple):
    """A figure as the article gives it; ``beside`` official slug -> its value."""

    low: float | None
    high: float | None
    unit: str | None
    soc: tuple[str, str] | None
    population: str
    period: str | None
    horizon: str | None
    basis: str
    reference: str | None
    successor: str | None
    beside: dict[str, float]
    is_exclusive: bool = False


OEWS = "oews_2025_05_"
EP = "ep_2024_34_"
ARTICLE = {
    "glassdoor_median_2024": Said(
        47_000, 47_000, "USD per year", None, "self-reported", "2024-06", None,
        "editorial", "ref_glassdoor", None, {f"{OEWS}29_2072_annual_median": 51_140},
    ),
    "experienced_over_70k": Said(
        70_000, None, "USD per year", None, "Experienced", None, None,
        "unsourced", None, None,
        {
            f"{OEWS}29_2072_annual_p75": 64_820,
            f"{OEWS}29_2072_annual_p90": 81_150,
            f"{OEWS}29_9021_annual_median": 68_020,
            f"{OEWS}29_9021_annual_p75": 95_630,
        },
        is_exclusive=True,
    ),
    "bls_growth_2023_33": Said(
        16, 16, "percent", ("29-9021", "2018"), "health information technologists", None,
        "2023-2033", "editorial", "ref_bls_29_9021", f"{EP}29_9021_employment_change_pct",
        {
            f"{EP}29_9021_employment_change_pct": 14.7,
            f"{EP}29_2072_employment_change_pct": 7.1,
            f"{EP}00_0000_employment_change_pct": 3.1,
        },
    ),
    "datausa_growth_2028": Said(
        10.7, 10.7, "percent", ("29-2071", "2010"), "Medical records and health information", None,
        "2018-2028", "editorial", "ref_datausa", None,
        {
            f"{EP}29_2072_employment_change_pct": 7.1,
            f"{EP}29_9021_employment_change_pct": 14.7,
        },
    ),
    "datausa_employment_2028": Said(
        239_000, 239_000, "workers", ("29-2071", "2010"), "Medical records and health", "2028",
        "2018-2028", "editorial", "ref_datausa", None,
        {
            f"{EP}29_2072_employment_base": 194.8,
            f"{EP}29_2072_employment_projected": 208.6,
            f"{EP}29_9021_employment_base": 41.9,
            f"{EP}29_9021_employment_projected": 48.1,
        },
    ),
    "bls_managers_growth": Said(
        29, 29, "percent", ("11-9111", "2018"), "managers", None, "2023-2033",
        "editorial", None, f"{EP}11_9111_employment_change_pct",
        {
            f"{EP}11_9111_employment_change_pct": 23.2,
            f"{EP}11_9111_employment_base": 616.2,
            f"{EP}11_9111_employment_projected": 759.1,
        },
    ),
    "bls_compliance_median": Said(
        75_670, 75_670, "USD per year", ("13-1041", "2018"), "all industries", None, None,
        "editorial", "ref_bls_compliance", f"{OEWS}13_1041_annual_median",
        {f"{OEWS}13_1041_annual_median": 80_730, f"{EP}13_1041_annual_median": 78_420},
    ),
    "hipaa_breaches": Said(
        734, 734, "breaches", None, "HIPAA-regulated", None, None, "editorial", None, None, {}
    ),
    "breaches_provider_share": Said(
        0.5, None, "share", None, "Healthcare providers", None, None,
        "editorial", None, None, {}, is_exclusive=True,
    ),
    "hospital_largest_share": Said(
        None, None, "share", None, "technicians", None, None, "unsourced", None, None, {}
    ),
    "associate_months": Said(
        18, 24, "months", None, "associate degree", None, None, "editorial", None, None, {}
    ),
    "exam_prep_months": Said(
        1, 3, "months", None, "RHIT", None, None, "editorial", None, None, {}
    ),
    "path_about_two_years": Said(
        24, 24, "months", None, "entering the field", None, None, "editorial", None, None, {}
    ),
}  # fmt: skip

WAGES = """
29-2072 194720 56790 37000 43490 51140 64820 81150
29-9021 38100 74970 39830 48940 68020 95630 117420
11-9111 597080 140970 73390 94700 123860 166100 224340
13-1041 417070 88400 48220 61280 80730 109010 133720
15-1211 519530 114610 67340 82860 105850 134110 167710
15-1299 435370 122230 55940 79370 116580 157500 188470
31-9094 41550 41710 28250 34150 40410 48000 55950
43-3021 404060 51070 37290 42840 48500 58290 67710
43-6013 961610 46800 35930 38570 45930 50580 60530
00-0000 155495730 69770 31200 37590 50980 80520 128560
"""
WAGE_MEASURES = (
    "employment annual_mean annual_p10 annual_p25 annual_median annual_p75 annual_p90".split()
)
PROJECTIONS = """
29-2072 194.8 208.6 13.8 7.1 14.2 50250
29-9021 41.9 48.1 6.2 14.7 3.2 67310
11-9111 616.2 759.1 142.9 23.2 62.1 117960
13-1041 418.0 430.3 12.3 3.0 33.3 78420
15-1211 521.1 566.5 45.5 8.7 34.2 103790
15-1299 472.0 510.5 38.5 8.2 31.3 108970
31-9094 43.9 41.8 -2.2 -4.9 7.4 37550
43-3021 429.8 427.9 -1.9 -0.4 42.2 47170
43-6013 850.0 885.3 35.3 4.2 85.9 44640
00-0000 169956.1 175167.9 5211.8 3.1 18863.3 49500
"""
PROJECTED_MEASURES = (
    "employment_base employment_projected employment_change employment_change_pct openings "
    "annual_median"
).split()


def get(client: TestClient, slug: str) -> dict[str, Any]:
    answer = client.get(f"/v1/statistics/{slug}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_the_article_has_these_figures_and_no_others(seeded_client: TestClient) -> None:
    page = seeded_client.get("/v1/statistics", params={"source": "source-article"}).json()

    assert {item["slug"] for item in page["items"]} == set(ARTICLE)


@pytest.mark.parametrize("slug", ARTICLE)
def test_a_figure_stands_as_given_beside_the_newest_official_one(
    seeded_client: TestClient, slug: str
) -> None:
    said, figure = ARTICLE[slug], get(seeded_client, slug)

    assert (figure["value_low"], figure["value_high"]) == (said.low, said.high)
    assert figure["is_exclusive"] is said.is_exclusive
    assert figure["unit"] == said.unit
    occupation = (figure["soc_code"], figure["soc_edition"])
    assert occupation == (said.soc or (None, None))
    assert said.population in figure["population"]
    assert (figure["period"], figure["horizon"]) == (said.period, said.horizon)
    assert figure["evidence"]["basis"] == said.basis
    assert (figure["reference"] or {"slug": None})["slug"] == said.reference
    assert figure["superseded_by"] == said.successor
    assert figure["warnings"]
    beside = {b["statistic"]["slug"]: b for b in figure["beside"]}
    assert {s: b["statistic"]["value_low"] for s, b in beside.items()} == said.beside
    assert [s for s, b in beside.items() if b["is_newer_edition"]] == (
        [said.successor] if said.successor else []
    )
    assert all(b["reasons"] and not b["comparable"] for b in beside.values())
    newer = [b["statistic"] for b in beside.values() if b["is_newer_edition"]]
    assert all(statistic["superseded_by"] is None for statistic in newer)


@pytest.mark.parametrize(
    ("series", "measures", "table"),
    [("oews_2025_05", WAGE_MEASURES, WAGES), ("ep_2024_34", PROJECTED_MEASURES, PROJECTIONS)],
    ids=["wages", "projections"],
)
def test_official_figures_stand_as_printed(
    seeded_client: TestClient, series: str, measures: list[str], table: str
) -> None:
    for line in table.split("\n"):
        if not line:
            continue
        soc, *printed = line.split()
        for measure, value in zip(measures, printed, strict=True):
            figure = get(seeded_client, f"{series}_{soc.replace('-', '_')}_{measure}")
            assert figure["value_low"] == figure["value_high"] == float(value)
            assert (figure["soc_code"], figure["soc_edition"]) == (soc, "2018")
            assert figure["evidence"]["basis"] == "government_data"


def test_no_two_figures_of_the_article_compare(seeded_client: TestClient) -> None:
    for one, other in combinations(ARTICLE, 2):
        answer = seeded_client.get("/v1/statistics/comparison", params={"id": [one, other]}).json()

        [pair] = answer["pairs"]
        assert not pair["comparable"], (one, other)
        assert all(reason["detail"] for reason in pair["reasons"])


@pytest.mark.parametrize(
    ("one", "other", "codes"),
    [
        ("bls_growth_2023_33", "datausa_growth_2028", ["soc", "soc_edition", "horizon"]),
        ("glassdoor_median_2024", f"{OEWS}29_2072_annual_median", ["method", "period"]),
        ("bls_compliance_median", f"{OEWS}29_2072_annual_median", ["soc"]),
        (f"{OEWS}29_2072_employment", f"{EP}29_2072_employment_base", ["period", "population"]),
        (f"{EP}29_2072_annual_median", f"{OEWS}29_2072_annual_median", ["period"]),
    ],
)
def test_a_refusal_to_compare_says_why(
    seeded_client: TestClient, one: str, other: str, codes: list[str]
) -> None:
    params = {"id": [one, other]}
    answer = seeded_client.get("/v1/statistics/comparison", params=params).json()

    [pair] = answer["pairs"]
    assert pair["comparable"] is False
    assert {f"other_{code}" for code in codes} <= {reason["code"] for reason in pair["reasons"]}
