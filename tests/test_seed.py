"""The catalogue as shipped: size, coverage, real schools and programs, on both engines."""

import csv
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.errors import ImportFileError
from app.importers.recognising import plan
from app.importers.run import run_imports
from app.importers.seed import load_seed
from app.settings import get_settings
from app.store.tables.releases import Release
from app.store.tables.sources import Source
from tests.importing import quiet
from tests.making import RUBRIC

SEED = get_settings().seed_dir
OHIO = {"state": "OH", "award_level": "associate", "cip_code": "51.0707"}


def test_the_seed_is_small_enough_to_clone() -> None:
    files = (file for file in SEED.rglob("*") if file.is_file())
    assert sum(file.stat().st_size for file in files) < 17_000_000


def test_every_program_of_the_newest_year_is_there(seeded_client: TestClient) -> None:
    listed = seeded_client.get("/v1/programs", params={"limit": 1}).json()
    total = listed["total"] + sum(listed["left_out"].values())
    six = ["51.0706", "51.0707", "51.0713", "51.0714", "51.0716", "51.2706"]
    of_six = seeded_client.get("/v1/programs", params={"limit": 1, "cip_code": six}).json()

    assert total >= 5_029  # rows of C2024_A in 51.07 and 51.27
    assert of_six["total"] + sum(of_six["left_out"].values()) == 2_442
    schools = seeded_client.get("/v1/institutions", params={"limit": 1}).json()
    assert schools["total"] + sum(schools["left_out"].values()) >= 1_996


def test_ohio_lists_real_schools_with_their_prices_and_years(seeded_client: TestClient) -> None:
    page = seeded_client.get("/v1/programs", params=OHIO).json()

    names = {item["institution"]["name"] for item in page["items"]}
    assert {"Sinclair Community College", "Owens Community College", "Hocking College"} <= names
    assert all(item["institution"]["state"] == "OH" for item in page["items"])
    sinclair = next(i for i in page["items"] if i["institution"]["name"].startswith("Sinclair"))
    assert sinclair["price"]["level"] == "institution"
    assert sinclair["price"]["academic_year"] == "2023-24"
    assert sinclair["score"]["low"] < sinclair["score"]["high"]


def test_a_school_known_only_from_federal_files_scores_what_they_settle(
    seeded_client: TestClient,
) -> None:
    # title IV met (1 of 4); tuition, fees, books known for the school (at least 1.5 of 5, 2
    # unknown); credit for life experience likewise (0.5 of 4); no practicum known: 25, 30, 12.5
    # and 0 on average, and all is still possible
    slug = "sinclair-community-college-510707-associate"

    checklist = seeded_client.get(
        f"/v1/programs/{slug}/checklist", params={"as_of": "2026-11-24"}
    ).json()

    checks = {c["key"]: c for k in checklist["criteria"] for c in k["checks"]}
    assert checks["tuition"]["finding"] == "partly_known"
    assert {e["as_of"] for e in checks["tuition"]["evidence"]} >= {"2023-24", "2022-23"}
    sources = {e["source"] for e in checks["tuition"]["evidence"]}
    assert {one.partition("-")[0] for one in sources} <= {"ipeds", "scorecard"}
    assert checks["program_accredited"]["finding"] == "unknown"
    assert checks["institution_accredited"]["finding"] == "met"
    accreditor = next(
        e for e in checks["institution_accredited"]["evidence"] if e["source"] == "dapip-2020-11"
    )
    assert not accreditor["stale"]  # of 2020, and its term still runs
    assert accreditor["source_url"] == "https://ope.ed.gov/dapip/"
    assert checklist["score"] == {"low": 16.9, "likely": 16.9, "high": 100.0, "coverage": 0.28}
    assert {q["check"] for q in checklist["questions"]} >= {"program_accredited", "refund_policy"}


def program(client: TestClient, slug: str) -> dict[str, Any]:
    answer = client.get(f"/v1/programs/{slug}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def curated(claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [c for c in claims if c["evidence"]["source"] == "curated-programs"]


def test_tacoma_keeps_its_step_table_a_quarter_apart_from_a_credit(
    seeded_client: TestClient,
) -> None:
    costs = curated(program(seeded_client, "tacoma-community-college-510707-associate")["costs"])

    by_unit = {(c["unit"], c["residency"]): c for c in costs}
    assert by_unit["credit", "in_state"]["amount_low_usd"] == 105.17
    assert by_unit["quarter", "in_state"]["amount_low_usd"] == 1312.1
    assert by_unit["quarter", "in_state"]["contains"] == ["fees"]
    assert by_unit["quarter", "out_of_state"]["amount_low_usd"] == 3118.1
    assert all(c["evidence"]["stale"] for c in costs)


def test_illinois_state_keeps_its_ranges(seeded_client: TestClient) -> None:
    costs = curated(program(seeded_client, "illinois-state-university-510706-bachelor")["costs"])

    ranges = {c["label"]: (c["amount_low_usd"], c["amount_high_usd"]) for c in costs}
    assert ranges["vaccinations"] == (51.0, 234.0)
    assert ranges["TB test"] == (44.0, 60.0)


def test_aligned_with_an_accreditor_is_not_accredited_and_not_its_absence(
    seeded_client: TestClient,
) -> None:
    slug = "western-governors-university-510706-bachelor"

    checklist = seeded_client.get(f"/v1/programs/{slug}/checklist").json()

    check = checklist["criteria"][0]["checks"][0]
    assert check["finding"] == "unknown"
    assert "not accreditation" in check["reason"]
    assert checklist["gates"] == []


@pytest.mark.parametrize(
    ("slug", "status"),
    [
        ("central-piedmont-community-college-510707-associate", "discontinued"),
        ("chicago-state-university-510706-postbaccalaureate-certificate", "paused"),
    ],
)
def test_closed_and_paused_programs_say_so(
    seeded_client: TestClient, slug: str, status: str
) -> None:
    offerings = program(seeded_client, slug)["offerings"]
    warnings = seeded_client.get(f"/v1/programs/{slug}/checklist").json()["warnings"]

    assert offerings[0]["enrollment_status"] == status
    assert any(status in w["message"] for w in warnings if w["code"] == "closed_or_paused")


def test_every_source_of_the_catalogue_is_described_with_its_licence(
    seeded_client: TestClient,
) -> None:
    items = seeded_client.get("/v1/sources").json()["items"]

    assert {"ipeds-hd2024", "ipeds-c2024-a", "dapip-2020-11", "curated-programs"} <= {
        item["key"] for item in items
    }
    assert all(item["licence"] and item["publisher"] for item in items)
    onet = [item for item in items if item["key"].startswith("onet")]
    assert onet
    assert all("CC BY 4.0" in item["attribution"] for item in onet)


def test_the_written_seed_holds_no_row_without_a_source() -> None:
    for path in (SEED / "catalogue").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as text:
            rows = csv.DictReader(text)
            if "source" in (rows.fieldnames or []):
                assert all(row["source"] for row in rows), path.name


def test_loading_the_seed_again_does_nothing(seeded_engine: Engine) -> None:
    load_seed(seeded_engine, SEED)

    with Session(seeded_engine) as session:
        assert session.exec(select(Release.number)).all() == [1]


def test_what_is_written_by_hand_is_what_the_seed_holds(seeded_engine: Engine) -> None:
    tasks, others = plan([SEED / "authored"])

    done = run_imports(seeded_engine, tasks, rubric=RUBRIC, progress=quiet, dry_run=True)

    assert others == []
    assert [r.path.name for r in done.files if r.tally.has_changes] == []
    with Session(seeded_engine) as session:
        assert session.get(Source, "source-article") is not None


def test_a_seed_with_a_file_missing_leaves_the_catalogue_empty(
    engine: Engine, tmp_path: Any
) -> None:
    (tmp_path / "rubrics").symlink_to(SEED / "rubrics")
    (tmp_path / "catalogue").mkdir()

    with pytest.raises(ImportFileError, match="missing from the seed"):
        load_seed(engine, tmp_path)

    with Session(engine) as session:
        assert session.exec(select(Release)).all() == []
