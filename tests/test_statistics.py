"""Statistics: which figures compare, and over HTTP what supersedes and contradicts them."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.errors import ImportFileError
from app.store.tables.statistics import Statistic
from tests.importing import ARTICLE, CIP, OEWS, PROJECTIONS, import_files

pytestmark = pytest.mark.engines_in_turn


@pytest.fixture
def figures(engine: Engine) -> None:
    """Figures of BLS and of the article."""
    import_files(engine, *CIP, OEWS, PROJECTIONS, *ARTICLE)


@pytest.mark.usefixtures("figures")
def test_figures_are_filtered_by_occupation_measure_and_source(client: TestClient) -> None:
    answer = client.get(
        "/v1/statistics",
        params={
            "soc_code": ["29-2072", "13-1041"],
            "measure": "annual_median",
            "source": "bls-oews-2025-05",
        },
    ).json()

    assert [(i["soc_code"], i["value_low"]) for i in answer["items"]] == [
        ("13-1041", 80730),
        ("29-2072", 51140),
    ]
    assert answer["total"] == 2
    assert answer["sources"] == ["bls-oews-2025-05"]


@pytest.mark.usefixtures("figures")
def test_superseded_figures_can_be_left_out_or_asked_for(client: TestClient) -> None:
    def found(superseded: str) -> set[str]:
        params = {"soc_code": "13-1041", "measure": "annual_median", "superseded": superseded}
        return {i["slug"] for i in client.get("/v1/statistics", params=params).json()["items"]}

    assert found("false") == {"oews_2025_05_13_1041_annual_median"}
    assert found("true") == {"bls_compliance_median", "ep_2024_34_13_1041_annual_median"}


@pytest.mark.usefixtures("figures")
def test_pages_of_figures_meet_without_gap_or_overlap(client: TestClient) -> None:
    seen: list[str] = []
    params = {"limit": "50"}
    while True:
        page = client.get("/v1/statistics", params=params).json()
        seen += [item["slug"] for item in page["items"]]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]

    assert len(seen) == page["total"] == len(set(seen))
    assert seen == sorted(seen)


@pytest.mark.usefixtures("figures")
def test_an_unknown_source_is_refused_with_the_nearest(client: TestClient) -> None:
    answer = client.get("/v1/statistics", params={"source": "bls-oews-2024-05"})

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["parameter"] == "source"
    assert error["suggestion"] == "bls-oews-2025-05"


@pytest.mark.parametrize(
    "params", [{"soc_code": "29207"}, {"measure": "median"}, {"sos_code": "29-2072"}]
)
def test_a_filter_that_cannot_be_read_is_refused(
    client: TestClient, params: dict[str, str]
) -> None:
    assert client.get("/v1/statistics", params=params).status_code == 422


@pytest.mark.usefixtures("figures")
def test_a_figure_of_the_article_shows_its_reference_and_successor(client: TestClient) -> None:
    figure = client.get("/v1/statistics/bls_compliance_median").json()

    assert figure["superseded_by"] == "oews_2025_05_13_1041_annual_median"
    assert client.get(f"/v1/statistics/{figure['superseded_by']}").status_code == 200
    assert figure["attributed_to"].startswith("BLS")
    assert figure["reference"]["published"] == figure["evidence"]["as_of"] == "2024-08-29"
    assert figure["evidence"]["basis"] == "editorial"


@pytest.mark.usefixtures("figures")
def test_a_bound_is_no_value_and_an_unsourced_figure_says_so(client: TestClient) -> None:
    figure = client.get("/v1/statistics/experienced_over_70k").json()

    assert (figure["value_low"], figure["value_high"]) == (70000, None)
    assert figure["is_exclusive"] is True
    assert figure["evidence"]["basis"] == "unsourced"
    assert (figure["reference"], figure["attributed_to"]) == (None, None)
    assert figure["evidence"]["as_of"] is None


@pytest.mark.usefixtures("figures")
def test_a_figure_without_a_number_is_null_with_a_status(client: TestClient) -> None:
    figure = client.get("/v1/statistics/hospital_largest_share").json()

    assert (figure["value_low"], figure["value_high"]) == (None, None)
    assert figure["value_status"] == "published_without_amount"


@pytest.mark.usefixtures("figures")
def test_a_projected_year_is_not_the_date_of_a_figure(client: TestClient) -> None:
    figure = client.get("/v1/statistics/datausa_employment_2028").json()

    assert (figure["period"], figure["evidence"]["as_of"]) == ("2028", "2023")


@pytest.mark.usefixtures("figures")
def test_a_figure_comes_with_contradicting_statements_on_its_occupation(
    client: TestClient,
) -> None:
    education = client.get("/v1/statistics/ep_2024_34_29_2072_typical_education").json()

    conflicts = {conflict["slug"]: conflict for conflict in education["conflicts"]}
    needed = conflicts["associate_degree_needed"]
    assert needed["basis"] == "editorial"
    assert "postsecondary nondegree award" in needed["conflicts_with"][0]["statement"]
    assert needed["conflicts_with"][0]["basis"] == "government_data"


@pytest.mark.usefixtures("figures")
def test_an_occupation_nobody_contradicts_has_no_conflicts(client: TestClient) -> None:
    managers = client.get("/v1/statistics/oews_2025_05_11_9111_annual_median").json()

    assert managers["conflicts"] == []


@pytest.mark.usefixtures("figures")
def test_an_unknown_figure_is_named_with_the_nearest(client: TestClient) -> None:
    answer = client.get("/v1/statistics/oews_2025_05_29_2072_annual_medain")

    assert answer.status_code == 404
    assert "'oews_2025_05_29_2072_annual_median'" in answer.json()["detail"]


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize(
    ("one", "other", "codes"),
    [
        (
            "bls_growth_2023_33",
            "datausa_growth_2028",
            {"other_soc", "other_soc_edition", "other_horizon"},
        ),
        (
            "glassdoor_median_2024",
            "oews_2025_05_29_2072_annual_median",
            {"other_method", "other_period", "other_population"},
        ),
        ("bls_compliance_median", "oews_2025_05_29_2072_annual_median", {"other_soc"}),
        (
            "oews_2025_05_29_2072_employment",
            "ep_2024_34_29_2072_employment_base",
            {"other_period", "other_population"},
        ),
    ],
)
def test_figures_that_do_not_compare_say_why(
    client: TestClient, one: str, other: str, codes: set[str]
) -> None:
    answer = client.get("/v1/statistics/comparison", params={"id": [one, other]}).json()

    [pair] = answer["pairs"]
    assert (pair["a"], pair["b"], pair["comparable"]) == (one, other, False)
    assert codes <= {reason["code"] for reason in pair["reasons"]}


@pytest.mark.usefixtures("figures")
def test_two_points_of_one_projection_compare(client: TestClient) -> None:
    ids = [f"ep_2024_34_29_2072_employment_{point}" for point in ("base", "projected")]

    answer = client.get("/v1/statistics/comparison", params={"id": ids}).json()

    assert answer["pairs"] == [{"a": ids[0], "b": ids[1], "comparable": True, "reasons": []}]
    assert answer["superseded"] == []


@pytest.mark.usefixtures("figures")
def test_every_pair_is_judged_and_superseded_figures_are_marked(client: TestClient) -> None:
    ids = [
        "bls_growth_2023_33",
        "ep_2024_34_29_9021_employment_change_pct",
        "ep_2024_34_29_2072_employment_change_pct",
    ]

    answer = client.get("/v1/statistics/comparison", params={"id": ids}).json()

    assert [(pair["a"], pair["b"]) for pair in answer["pairs"]] == [
        (ids[0], ids[1]),
        (ids[0], ids[2]),
        (ids[1], ids[2]),
    ]
    assert [statistic["slug"] for statistic in answer["statistics"]] == ids
    assert answer["superseded"] == ["bls_growth_2023_33"]


@pytest.mark.usefixtures("figures")
@pytest.mark.parametrize("count", [0, 1, 5])
def test_fewer_than_two_or_more_than_four_figures_are_refused(
    client: TestClient, count: int
) -> None:
    ids = [
        f"oews_2025_05_29_2072_{measure}"
        for measure in ("employment", "annual_mean", "annual_p10", "annual_p25", "annual_p75")
    ]

    answer = client.get("/v1/statistics/comparison", params={"id": ids[:count]})

    assert answer.status_code == 422


@pytest.mark.usefixtures("figures")
def test_a_figure_is_not_compared_with_itself(client: TestClient) -> None:
    ids = ["oews_2025_05_29_2072_employment"] * 2

    answer = client.get("/v1/statistics/comparison", params={"id": ids})

    assert answer.status_code == 422
    assert "given twice" in answer.json()["detail"]


@pytest.mark.usefixtures("figures")
def test_comparing_an_unknown_figure_names_it(client: TestClient) -> None:
    ids = ["oews_2025_05_29_2072_employment", "nobody_says_this"]

    answer = client.get("/v1/statistics/comparison", params={"id": ids})

    assert answer.status_code == 404
    assert "'nobody_says_this'" in answer.json()["detail"]


def test_importing_the_article_twice_changes_nothing(engine: Engine) -> None:
    import_files(engine, *ARTICLE)

    again = import_files(engine, *ARTICLE)

    assert not any(tally.has_changes for tally in again.values())


def test_every_successor_and_neighbour_is_a_figure_once_both_are_loaded(
    engine: Engine, session: Session
) -> None:
    import_files(engine, *CIP, OEWS, PROJECTIONS, *ARTICLE)

    entries = json.loads(ARTICLE[1].read_text())
    named = {slug for e in entries for slug in [e["superseded_by"], *e["see_also"]] if slug}
    assert [slug for slug in sorted(named) if session.get(Statistic, slug) is None] == []


def test_a_figure_whose_reference_is_missing_is_refused(engine: Engine) -> None:
    with pytest.raises(ImportFileError, match="glassdoor_median_2024: the reference"):
        import_files(engine, ARTICLE[1])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"measure": "annual_medain"}, "at 0.measure"),
        ({"exclusiv": False}, "at 0.exclusiv"),
        ({"value_low": "many"}, "at 0.value_low"),
    ],
)
def test_an_authored_entry_that_does_not_fit_is_named(
    engine: Engine, tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    entry = json.loads(ARTICLE[1].read_text())[0]
    bad = tmp_path / "statistics.json"
    bad.write_text(json.dumps([{**entry, **change}]))

    with pytest.raises(ImportFileError, match=complaint):
        import_files(engine, ARTICLE[0], bad)


def test_an_authored_file_that_is_no_json_is_named(engine: Engine, tmp_path: Path) -> None:
    bad = tmp_path / "claims.json"
    bad.write_text("[{]")

    with pytest.raises(ImportFileError, match=r"claims\.json, at the top: Invalid JSON"):
        import_files(engine, bad)
