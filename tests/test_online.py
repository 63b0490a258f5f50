"""Whether programs can be completed online: what a survey says, and how it stands to pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.domain.claims import OfferingClaim, OnlineCompletionClaim
from app.domain.vocabulary import AwardLevel
from app.errors import ImportFileError
from app.store.tables.claims import TABLES
from tests.importing import import_files
from tests.making import add_program, evidence, publish

CLAIMS: Any = TABLES[OnlineCompletionClaim]
AWARDS = {
    "PCERT1A": AwardLevel.CERTIFICATE_UNDER_12_WEEKS,
    "PCERT1B": AwardLevel.CERTIFICATE_UNDER_1_YEAR,
    "PCERT2": AwardLevel.CERTIFICATE_1_TO_2_YEARS,
    "PCERT4": AwardLevel.CERTIFICATE_2_TO_4_YEARS,
    "PASSOC": AwardLevel.ASSOCIATE,
    "PBACHL": AwardLevel.BACHELOR,
    "PPBACC": AwardLevel.POSTBACCALAUREATE_CERTIFICATE,
    "PMASTR": AwardLevel.MASTER,
    "PPMAST": AwardLevel.POSTMASTER_CERTIFICATE,
    "PDOCRS": AwardLevel.DOCTORATE_RESEARCH,
    "PDOCPP": AwardLevel.DOCTORATE_PROFESSIONAL,
    "PDOCOT": AwardLevel.DOCTORATE_OTHER,
}
COLUMNS = [f"{award}{suffix}" for award in AWARDS for suffix in ("", "DE", "DES")]

Answers = dict[str, str]
"""Prefix of an award -> "all", "some" or "none"."""

WriteSurvey = Callable[..., Path]


@pytest.fixture
def survey(tmp_path: Path) -> WriteSurvey:
    """Write an edition: a row a code, of the school of UNITID 100001."""

    def write(year: int, rows: dict[str, Answers], *, columns: list[str] = COLUMNS) -> Path:
        lines = [",".join(["UNITID", "CIPCODE", *columns])]
        for code, answers in rows.items():
            cells = dict.fromkeys(columns, "0")
            for award, answer in answers.items():
                cells[award] = "1"
                cells[f"{award}DE"] = "1" if answer in ("all", "both") else "0"
                cells[f"{award}DES"] = "1" if answer in ("some", "both") else "0"
            lines.append(",".join(["100001", code, *cells.values()]))
        path = tmp_path / f"c{year}dep.csv"
        path.write_text("".join(f"{line}\n" for line in lines))
        return path

    return write


@pytest.fixture
def offered(engine: Engine) -> Engine:
    """A school with a program of every award, named by it."""
    with Session(engine) as session:
        for level in AWARDS.values():
            add_program(session, level, award_level=level, school_fields={"unitid": 100001})
        publish(session)
    return engine


def answers_of(engine: Engine) -> dict[int, str]:
    """Return program -> the current answer on it."""
    with Session(engine) as session:
        current = select(CLAIMS).where(col(CLAIMS.superseded_at).is_(None))
        return {claim.program_id: claim.completion_online for claim in session.exec(current)}


def ask(client: TestClient, **question: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/v1/programs", params=question).json()
    return answer


def slugs(client: TestClient, **question: Any) -> set[str]:
    return {item["slug"] for item in ask(client, limit=100, **question)["items"]}


def test_every_award_has_its_own_answer_and_rows_of_counts_have_none(
    offered: Engine, client: TestClient, survey: WriteSurvey
) -> None:
    told = dict(zip(AWARDS, ["all", "some", "none"] * 4, strict=True))
    rows = {"51.0707": told, "51": dict.fromkeys(AWARDS, "all"), "99": {"PASSOC": "all"}}

    tally = import_files(offered, survey(2021, rows))["ipeds-online-completion"]

    assert (tally.added, tally.refused) == (12, 0)
    items = {item["slug"]: item["completion_online"] for item in ask(client, limit=50)["items"]}
    assert {slug: one["answer"] for slug, one in items.items()} == {
        level: told[award] for award, level in AWARDS.items()
    }
    assert {(one["as_of"], one["is_stale"], one["leads"]) for one in items.values()} == {
        ("2020-21", True, True)
    }


def test_none_is_not_online_and_says_nothing_of_the_campus(
    offered: Engine, client: TestClient, survey: WriteSurvey
) -> None:
    path = survey(2021, {"51.0707": {"PASSOC": "all", "PMASTR": "some", "PBACHL": "none"}})
    import_files(offered, path)

    assert slugs(client, delivery="online") == {"associate", "master"}
    assert slugs(client, delivery="not_online") == {"bachelor"}
    assert slugs(client, delivery="campus") == slugs(client, near="45402") == set()
    assert ask(client, delivery="campus")["known_no"] == 0
    assert ask(client, q="on campus")["known_no"] == 0
    assert ask(client, delivery=["online", "hybrid"])["known_no"] == 0
    online = ask(client, delivery="online", facets=["delivery", "completion_online"])
    assert (online["known_no"], online["not_known"]) == (1, 9)
    counts = {
        name: {c["value"]: c["count"] for c in some} for name, some in online["facets"].items()
    }
    assert counts == {
        "delivery": {"online": 2, "not_online": 1, "unknown": 9},
        "completion_online": {"all": 1, "some": 1, "unknown": 0},
    }
    record = client.get("/v1/programs/bachelor").json()
    assert record["delivery"] is None
    [claim] = record["online_completions"]
    assert (claim["standing"], claim["evidence"]["as_of"]) == ("unconfirmed", "2020-21")
    table = client.get("/v1/export/programs.csv", params={"award_level": "bachelor"}).text
    assert ",none,2020-21," in table
    extras = client.get("/v1/programs/bachelor/checklist").json()["extras"]
    assert extras["completion_online"] == record["completion_online"]


def test_a_newer_edition_replaces_an_older_one_in_whatever_order_they_come(
    offered: Engine, client: TestClient, survey: WriteSurvey
) -> None:
    older = survey(2021, {"51.0707": {"PASSOC": "none", "PMASTR": "all"}})
    newer = survey(2024, {"51.0707": {"PASSOC": "all"}})
    import_files(offered, newer)

    import_files(offered, older)

    items = {i["slug"]: i["completion_online"] for i in ask(client, limit=50)["items"]}
    told = {slug: (one["answer"], one["as_of"]) for slug, one in items.items() if one}
    assert told == {"associate": ("all", "2023-24"), "master": ("all", "2020-21")}
    assert not items["associate"]["is_stale"]
    standings = {
        claim["evidence"]["as_of"]: claim["standing"]
        for claim in client.get("/v1/programs/associate/claims").json()["items"]
    }
    assert standings == {"2023-24": "current", "2020-21": "superseded"}
    assert not any(t.has_changes for t in import_files(offered, older, newer).values())
    assert slugs(client, near="45402") == {"associate"}  # it counts today, however far


@pytest.mark.parametrize(
    ("year", "as_of", "modes", "leads", "delivery"),
    [
        (2021, "2026", ["online"], False, ["online"]),
        (2021, None, ["online"], False, ["online"]),
        (2024, "2025-09-01", ["online"], False, ["online"]),
        (2024, "2023", ["online"], True, None),
        (2024, "2023", ["online", "campus"], True, ["campus"]),
    ],
)
def test_the_newer_of_a_page_and_a_survey_leads_and_both_stand(
    engine: Engine,
    client: TestClient,
    survey: WriteSurvey,
    year: int,
    as_of: str | None,
    modes: list[str],
    leads: bool,
    delivery: list[str] | None,
) -> None:
    page = OfferingClaim(delivery=modes, **{**evidence(), "as_of": as_of})
    with Session(engine) as session:
        add_program(session, "hit", school_fields={"unitid": 100001}, claims=[page])
        publish(session)
    import_files(engine, survey(year, {"51.0707": {"PASSOC": "none"}}))

    record = client.get("/v1/programs/hit").json()

    assert (record["completion_online"]["leads"], record["delivery"]) == (leads, delivery)
    assert record["completion_online"]["is_contradicted"]
    assert (len(record["offerings"]), len(record["online_completions"])) == (1, 1)
    assert slugs(client, delivery="online") == (set() if leads else {"hit"})
    assert slugs(client, delivery_is="known") == {"hit"}


def test_a_row_that_contradicts_itself_is_refused_alone(
    offered: Engine, survey: WriteSurvey
) -> None:
    path = survey(2021, {"51.0713": {"PASSOC": "both"}, "51.0707": {"PASSOC": "some"}})

    tally = import_files(offered, path)["ipeds-online-completion"]

    assert (tally.added, tally.refused) == (1, 1)
    assert set(answers_of(offered).values()) == {"some"}


def test_awards_of_which_an_edition_asks_otherwise_are_left_out(
    offered: Engine, survey: WriteSurvey
) -> None:
    columns = ["PASSOC", "PASSOCDE", "PASSOCDES", "PBACHL", "PBACHLDE"]
    path = survey(2021, {"51.0707": {"PASSOC": "all"}}, columns=columns)

    tally = import_files(offered, path)["ipeds-online-completion"]

    assert (tally.added, len(answers_of(offered))) == (1, 1)
    assert any("PBACHLDES" in reason for reason in tally.reasons)
    with pytest.raises(ImportFileError, match="no award has its columns"):
        import_files(offered, survey(2020, {}, columns=["PASSOC", "PASSOCDE"]))
