"""What graduates of a field and level earn and owe: whose figures they are, and who tells them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from tests.importing import import_files
from tests.making import add_program, publish

PACKAGED = "field_of_study_2026-06-10.csv"
OFFICIAL = "Most-Recent-Cohorts-Field-of-Study_03232026.csv"
SOURCES = {
    PACKAGED: "scorecard-fields-2026-06-10-truewise",
    OFFICIAL: "scorecard-fields-2026-03-23",
    "FieldOfStudyData2021_2022_PP.csv": "scorecard-fields-2021",
    "Most-Recent-Cohorts-Field-of-Study.csv": "scorecard-fields-recent",
}

WriteFile = Callable[..., Path]


@pytest.fixture
def figures(tmp_path: Path) -> WriteFile:
    """Write a file of rows: school, field, level, earnings after 1 and 4 years, debt."""

    def write(name: str, *rows: str) -> Path:
        header = "UNITID,OPEID6,CIPCODE,CREDLEV,EARN_MDN_1YR,EARN_MDN_4YR,DEBT_ALL_STGP_EVAL_MDN"
        if name == PACKAGED:
            header = (
                "unitid,opeid6,cip_code,credential_level,earnings_median_1yr,earnings_median_4yr,"
                "debt_median"
            )
        path = tmp_path / name
        path.write_text("".join(f"{line}\n" for line in (header, *rows)))
        return path

    return write


@pytest.fixture
def schools(engine: Engine) -> Engine:
    """A school with two programs of one field and level and a third, its branch, and another."""
    main = {"unitid": 100001, "opeid": "00200100"}
    branch = {"unitid": 100002, "opeid": "00200101"}
    other = {"unitid": 100003, "opeid": "00300100"}
    with Session(engine) as session:
        add_program(session, "him", school="main", school_fields=main)
        add_program(session, "office", school="main", cip_code="51.0716")
        add_program(session, "informatics", school="main", cip_code="51.2706")
        add_program(session, "branch-him", school="branch", school_fields=branch)
        add_program(session, "other-him", school="other", school_fields=other)
        publish(session)
    return engine


def item(client: TestClient, slug: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/programs/{slug}").json()
    return found


@pytest.mark.parametrize("name", SOURCES)
def test_a_figure_names_the_field_and_level_it_holds_for_and_how_many_programs(
    schools: Engine, client: TestClient, figures: WriteFile, name: str
) -> None:
    rows = ["100001,002001,5107,2,31000,42000.0,12000", "100003,003001,5107,2,29000,,"]

    tally = import_files(
        schools, figures(name, *rows, "NULL,,5107,2,1,1,1", "100001,002001,5107,99,1,1,1")
    )

    assert next(iter(tally.values())).added == 2
    him, other = item(client, "him"), item(client, "other-him")
    field = him["field_outcome"]
    assert (field["earnings_1_year_usd"], field["earnings_4_years_usd"]) == (31000, 42000)
    assert (field["debt_usd"], field["source"]) == (12000, SOURCES[name])
    assert (field["cip_family"], field["credential_level"]) == ("51.07", "associate")
    assert (field["programs"], field["is_only_program"]) == (3, False)  # a branch is counted too
    assert item(client, "office")["field_outcome"] == field
    assert item(client, "informatics")["field_outcome"] is None
    assert (other["field_outcome"]["programs"], other["field_outcome"]["is_only_program"]) == (
        1,
        True,
    )
    assert {claim["level"] for claim in him["field_outcomes"]} == {"institution"}
    of_school = client.get("/v1/institutions/100001").json()["field_outcomes"]
    assert [claim["earnings_1_year_usd"] for claim in of_school] == [31000]


@pytest.mark.parametrize(
    ("name", "cell", "status"),
    [
        (PACKAGED, "", "withheld_or_not_reported"),
        (OFFICIAL, "PrivacySuppressed", "withheld"),
        (OFFICIAL, "PS", "withheld"),
        (OFFICIAL, "NULL", "not_reported"),
        (OFFICIAL, "NA", "not_reported"),
        (OFFICIAL, "0", "reported"),
    ],
)
def test_a_figure_that_is_missing_says_why(
    schools: Engine, client: TestClient, figures: WriteFile, name: str, cell: str, status: str
) -> None:
    import_files(schools, figures(name, f"100001,002001,5107,2,31000,{cell},{cell}"))

    field = item(client, "him")["field_outcome"]
    assert (field["statuses"]["debt_usd"], field["statuses"]["earnings_4_years_usd"]) == (
        status,
        status,
    )
    assert field["debt_usd"] == (0 if status == "reported" else None)
    question = {"program": ["him", "other-him"]}
    rows = client.get("/v1/comparison", params=question).json()["rows"]
    [debt] = [row for row in rows if row["key"] == "field_debt_usd"]
    told = debt["values"][0]
    assert told["evidence"]
    assert told["status"] == {"reported": "known", "withheld": "withheld"}.get(status, "unknown")


def test_certificates_of_every_length_and_both_graduate_certificates_are_counted_together(
    engine: Engine, client: TestClient, figures: WriteFile
) -> None:
    awards = {
        "certificate_under_12_weeks": "1",
        "certificate_2_to_4_years": "1",
        "bachelor": "3",
        "postbaccalaureate_certificate": "8",
        "postmaster_certificate": "8",
        "master": "5",
        "doctorate_research": "6",
        "doctorate_professional": "7",
    }
    with Session(engine) as session:
        for award in awards:
            add_program(session, award, award_level=award, school_fields={"unitid": 100001})
        publish(session)
    levels = sorted(set(awards.values()))

    import_files(engine, figures(PACKAGED, *(f"100001,1,5107,{n},{n}000,," for n in levels)))

    for award, level in awards.items():
        field = item(client, award)["field_outcome"]
        assert field["earnings_1_year_usd"] == int(level) * 1000, award
        assert award in field["award_levels"]
        assert field["is_only_program"] == (list(awards.values()).count(level) == 1)


def test_programs_that_share_a_figure_say_so_and_other_fields_do_not_compare(
    schools: Engine, client: TestClient, figures: WriteFile
) -> None:
    rows = ["100001,2001,5107,2,31000,,9000", "100001,2001,5127,2,52000,,9000"]
    import_files(schools, figures(PACKAGED, *rows))

    def compared(*slugs: str) -> dict[str, Any]:
        found = client.get("/v1/comparison", params={"program": list(slugs)}).json()["rows"]
        return {row["key"]: row for row in found}

    same = compared("him", "office")["field_earnings_1_year_usd"]
    assert (same["verdict"], same["best"]) == ("same", [])
    assert same["reason"]
    apart = compared("him", "informatics")
    assert apart["field_earnings_1_year_usd"]["verdict"] == "not_comparable"
    assert "other population" in apart["field_debt_usd"]["reason"]
    assert "field_debt_usd" not in compared("branch-him", "other-him")


def test_filters_and_orders_go_by_figures_and_leave_out_what_nobody_knows(
    schools: Engine, client: TestClient, figures: WriteFile
) -> None:
    rows = ["100001,2001,5107,2,31000,40000,9000", "100003,3001,5107,2,52000,,20000"]
    import_files(schools, figures(PACKAGED, *rows))

    def found(**question: Any) -> list[str]:
        return [one["slug"] for one in client.get("/v1/programs", params=question).json()["items"]]

    assert set(found(max_field_debt_usd=10000)) == {"him", "office"}
    assert found(min_field_earnings_1_year_usd=50000) == ["other-him"]
    assert set(found(field_earnings_4_years_is="unknown")) == {
        "branch-him",
        "informatics",
        "other-him",
    }
    assert found(sort="-field_earnings_1_year")[0] == "other-him"
    page = client.get("/v1/programs", params={"max_field_debt_usd": 10000}).json()
    assert (page["not_known"], page["known_no"]) == (2, 1)


def test_the_newest_release_leads_and_nothing_is_scored_by_it(
    schools: Engine, client: TestClient, figures: WriteFile
) -> None:
    before = item(client, "him")["score"]
    import_files(schools, figures(PACKAGED, "100001,2001,5107,2,31000,,"))
    import_files(schools, figures(OFFICIAL, "100001,2001,5107,2,99000,,"))

    him = item(client, "him")
    assert him["score"] == before
    assert (him["field_outcome"]["earnings_1_year_usd"], len(him["field_outcomes"])) == (31000, 1)
    kinds = [
        (claim["evidence"]["as_of"], claim["standing"])
        for claim in client.get("/v1/programs/him/claims").json()["items"]
        if claim["kind"] == "field_outcome"
    ]
    assert sorted(kinds) == [("2026-03-23", "superseded"), ("2026-06-10", "current")]
    source = client.get(f"/v1/sources/{SOURCES[PACKAGED]}").json()
    assert source["attribution"] == "Truewise, https://truewise.dev"
    told = client.get("/v1/programs/him", headers={"Accept": "application/ld+json"}).text
    assert "31000" not in told


def test_pages_say_what_a_figure_holds_for_in_the_language_of_the_reader(
    schools: Engine, client: TestClient, figures: WriteFile
) -> None:
    import_files(schools, figures(PACKAGED, "100001,2001,5107,2,31000,,"))

    english, spanish = (
        client.get("/programs/him", params={"lang": one}).text for one in ("en", "es")
    )

    for page in (english, spanish):
        assert 'data-holds-for="3"' in page
        assert "31" in page
    assert "not for this program alone" in english
    assert "not for this program alone" not in spanish
    assert client.get("/institutions/100001").text.count("$31,000") == 1
