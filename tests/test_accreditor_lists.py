"""Accreditors' lists of programs: which program an entry is of, and what it settles."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.errors import ImportFileError
from app.importers.accreditor_lists import importers_of
from app.importers.registry import IMPORTERS
from app.importers.saved_entries import entries_in, write_list
from app.store.rows import Tally
from tests.importing import import_files
from tests.test_curated import COMPLETIONS_HEADER, HD

pytestmark = pytest.mark.engines_in_turn

COMPLETIONS = COMPLETIONS_HEADER + (
    "100001,51.0707,1,3,12\n100001,51.0706,1,5,5\n100001,51.0706,1,7,5\n100001,51.0701,1,7,8\n"
    "100002,51.0707,1,3,7\n100002,51.2706,1,7,4\n100003,51.0707,1,3,9\n100003,51.0702,1,5,9\n"
)
ENTRY = {"institution": "First College", "state": "OH", "website": "first.edu"}

Load = Callable[..., Tally]


@pytest.fixture
def load(engine: Engine, tmp_path: Path) -> Load:
    """Import a list into a catalogue that has the directory and the completions."""
    (tmp_path / "hd2024.csv").write_text(HD)
    (tmp_path / "c2024_a.csv").write_text(COMPLETIONS)
    import_files(engine, tmp_path / "hd2024.csv", tmp_path / "c2024_a.csv")

    def load_entries(
        *entries: dict[str, Any] | str, file_name: str = "cahiim.json", body: str = "cahiim"
    ) -> Tally:
        path = tmp_path / file_name
        text = "\n".join(map(str, entries)) if path.suffix == ".csv" else json.dumps(entries)
        path.write_text(text)
        return import_files(engine, path)[f"accreditor-list-{body}"]

    return load_entries


def entry(number: str, program: str, level: str, **more: str) -> dict[str, str]:
    return {**ENTRY, "entry number": number, "program": program, "level": level, **more}


HIM = {"program": "Health Information Management", "level": "Associate"}


def accreditation(client: TestClient, slug: str) -> dict[str, Any]:
    """Return the one accreditation of a program that its accreditor states and that leads."""
    found = client.get(f"/v1/programs/{slug}").json()["accreditations"]
    mine = [claim for claim in found if claim["evidence"]["basis"] == "stated_by_accreditor"]
    return dict(mine[0])


def finding(client: TestClient, slug: str, check: str = "program_accredited") -> str:
    criteria = client.get(f"/v1/programs/{slug}/checklist").json()["criteria"]
    return str(next(c for part in criteria for c in part["checks"] if c["key"] == check)["finding"])


ASSOCIATE = "first-college-510707-associate"


@pytest.mark.parametrize(
    ("file_name", "is_taken"),
    [
        ("cahiim.csv", True),
        ("CAHME_2026-11-20.csv.gz", True),
        ("directory-aupha.json", True),
        ("programs_cahiim.json", True),
        ("cahiimish.csv", False),
        ("somebody.csv", False),
    ],
)
def test_a_file_says_in_its_name_whose_list_it_is(file_name: str, is_taken: bool) -> None:
    taking = next((i for i in IMPORTERS if i.match(file_name) is not None), None)

    assert (taking is not None and taking.key.startswith("accreditor-list-")) is is_taken


@pytest.mark.parametrize(
    ("program", "level", "body", "slug"),
    [
        ("Health Information Management", "Associate Degree", "cahiim", ASSOCIATE),
        ("HIM", "Baccalaureate", "cahiim", "first-college-510706-bachelor"),
        ("Health Informatics", "Master", "cahiim", "first-college-510706-master"),
        ("Master of Health Administration", "", "cahme", "first-college-510701-master"),
    ],
)
def test_level_and_field_name_the_program_within_what_the_body_reaches(
    load: Load, client: TestClient, program: str, level: str, body: str, slug: str
) -> None:
    load(entry("1", program, level, status="Accredited"), file_name=f"{body}.json", body=body)

    assert accreditation(client, slug)["accreditor"] == body.upper()


@pytest.mark.parametrize(
    ("more", "status", "found"),
    [
        ({"status": "Initial Accreditation", "date of award": "17 May 2024",
          "next review": "2031-2032"}, "initial", "met"),
        ({"status": "Continuing", "last action": "January 18, 2018", "next review": "2027-28"},
         "continuing", "met"),
        ({"status": "Probation", "date of award": "2025-03-01", "length": "seven years"},
         "probationary", "met"),
        ({"status": "Accredited", "date of award": "2013", "next review": "2023-24"},
         "accredited", "unconfirmed"),
        ({"status": "Candidacy", "date of award": "2026-02-01"}, "candidacy", "partly_met"),
        ({"status": "Withdrawn", "last action": "2026-02-01"}, "withdrawn", "not_met"),
        ({"status": "Inactive"}, "inactive", "unknown"),
    ],
)  # fmt: skip
def test_the_status_is_kept_and_a_term_that_runs_settles_the_checks(
    load: Load, client: TestClient, more: dict[str, str], status: str, found: str
) -> None:
    load(entry("7", **HIM, **more))

    claim = accreditation(client, ASSOCIATE)
    assert (claim["status"], claim["accreditor_id"]) == (status, "7")
    assert claim["award_level"] == "associate"
    assert finding(client, ASSOCIATE) == found
    if found == "met":
        assert finding(client, ASSOCIATE, "covers_campus_and_level") == "met"


def test_columns_come_in_any_order_and_spelling(load: Load, client: TestClient) -> None:
    load(
        "Accreditation_Status,Degree Level,Discipline,LOCATION,School Name,Program Page,"
        "Next Review",
        "Continuing,Associate,Health Information Management,\"Dayton, Ohio\",First College,"
        "https://accreditor.example/program/first-college-481/,2030-31",
        file_name="cahiim_2026-11.csv",
    )  # fmt: skip

    claim = accreditation(client, ASSOCIATE)
    assert (claim["accreditor_id"], claim["status"]) == ("481", "continuing")
    assert (claim["next_review"], claim["expires_on"]) == ("2030-31", "2030-31")
    assert claim["evidence"]["as_of"] == "2026-11"
    assert claim["evidence"]["source_url"].endswith("-481/")


def test_the_command_says_whose_list_a_file_of_any_name_is() -> None:
    taking = importers_of("Commission on Accreditation of Healthcare Management Education")

    assert {i.key for i in taking if i.match("export.csv") is not None} == {"accreditor-list-cahme"}
    with pytest.raises(ImportFileError, match="CAHIIM"):
        importers_of("Nobody")


def test_two_actions_on_one_entry_are_its_history(load: Load, client: TestClient) -> None:
    candidacy = entry("9", **HIM, status="Candidacy", **{"date of award": "13 December 2021"})
    award = entry(
        "9", **HIM, status="Initial", **{"date of award": "22 August 2023", "expires": "2030"}
    )

    load(award, candidacy)

    assert accreditation(client, ASSOCIATE)["status"] == "initial"
    claims = client.get(f"/v1/programs/{ASSOCIATE}/claims").json()["items"]
    told = {(c["status"], c["standing"]) for c in claims if c["kind"] == "accreditation"}
    assert {("initial", "current"), ("candidacy", "superseded")} <= told
    assert not load(candidacy, award).has_changes


def test_what_left_the_list_is_marked_and_comes_back(load: Load, client: TestClient) -> None:
    first = entry("1", **HIM, status="Accredited", **{"next review": "2031-32"})
    other = entry("2", "HIM", "Bachelor", status="Accredited", **{"next review": "2031-32"})
    load(first, other, file_name="cahiim_2026-08.json")

    tally = load(other, file_name="cahiim_2026-09.json")

    gone = accreditation(client, ASSOCIATE)
    assert (gone["status"], gone["evidence"]["as_of"]) == ("no_longer_listed", "2026-09")
    assert finding(client, ASSOCIATE) not in {"met", "not_met"}
    assert "1 of earlier lists are no longer listed" in tally.reasons[0]
    assert not load(other, file_name="cahiim_2026-09.json").has_changes

    load(first, other, file_name="cahiim_2026-10.json")
    assert accreditation(client, ASSOCIATE)["status"] == "accredited"


def test_a_part_of_a_list_marks_nothing(load: Load, client: TestClient) -> None:
    three = [
        entry("1", **HIM),
        entry("2", "HIM", "Bachelor"),
        entry("3", "HIM", "Master"),
    ]
    load(*three)

    load(three[2])

    assert accreditation(client, ASSOCIATE)["status"] == "accredited"


def test_the_unitid_given_once_is_kept_by_the_number_of_the_entry(
    load: Load, client: TestClient
) -> None:
    named = entry("5", **HIM, institution="A Name Nobody Knows", website="", unitid="100001")
    load(named)

    tally = load({**named, "unitid": "", "status": "Probation"})

    assert accreditation(client, ASSOCIATE)["status"] == "probationary"
    assert "joined before" in tally.reasons[1]


def test_what_joins_nothing_is_told_with_candidates_and_never_added(
    load: Load, client: TestClient
) -> None:
    before = client.get("/v1/programs").json()["total"]

    tally = load(
        entry("1", **HIM, institution="No Such School", website=""),
        {**ENTRY, **HIM, "unitid": "100003", "state": "AL", "level": "Bachelor"},
        entry("3", "Nuclear Medicine Informatics and Welding", "Doctorate"),
        {"program": "HIM"},
    )

    assert client.get("/v1/programs").json()["total"] == before
    assert tally.reasons[0].startswith("0 exact, 0 likely, 2 unmatched")
    assert any("candidates" in reason for reason in tally.reasons)
    assert tally.refused == 2


def test_a_certification_is_no_accreditation_and_delivery_is_told(
    load: Load, client: TestClient
) -> None:
    load(
        {
            "institution": "Wallace College", "state": "AL", "unitid": "100003",
            "program": "Health Care Administration", "level": "Bachelor of Science",
            "delivery": "Online and on campus", "status": "Fully certified",
        },
        file_name="aupha.json",
        body="aupha",
    )  # fmt: skip

    slug = "wallace-college-510702-bachelor"
    assert accreditation(client, slug)["status"] == "certified"
    assert set(client.get(f"/v1/programs/{slug}").json()["delivery"]) == {"online", "campus"}


ENTRY_PAGE = """<html><head><link rel="canonical" href="https://www.accreditor.example/program/x-{number}/">
</head><body><nav><a href="/">Status: all programs</a></nav><h1>First College</h1>{fields}</body>"""
FIELDS = {"State": "OH", "Program": "Health Information Management", "Degree level": "Associate"}
SHAPES = {
    "terms": "<dl>{}</dl>",
    "rows": "<table>{}</table>",
    "bold": "<div>{}</div>",
    "lines": "{}",
}
FIELD = {
    "terms": "<dt>{}</dt><dd>{}</dd>",
    "rows": "<tr><th>{}:</th><td>{}</td></tr>",
    "bold": "<p><strong>{}:</strong> {}</p>",
    "lines": "<p>{}: {}</p>",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_entry_saved_from_a_directory_is_read(shape: str) -> None:
    fields = {**FIELDS, "Accreditation status": "Continuing", "Next review": "2031-2032"}
    html = SHAPES[shape].format("".join(FIELD[shape].format(*one) for one in fields.items()))

    [found] = entries_in(ENTRY_PAGE.format(number=481, fields=html))

    assert found == {
        "institution": "First College",
        "state": "OH",
        "program": "Health Information Management",
        "level": "Associate",
        "status": "Continuing",
        "review": "2031-2032",
        "url": "https://www.accreditor.example/program/x-481/",
    }


def test_saved_pages_of_a_directory_settle_programs(
    engine: Engine, load: Load, client: TestClient, tmp_path: Path
) -> None:
    """One page of one entry and a page that lists another, as one list."""
    load(entry("1", **HIM, status="accredited"))
    pages = tmp_path / "cahiim_2026-11"
    pages.mkdir()
    fields = {**FIELDS, "Status": "Probation", "Date of award": "May 17, 2024"}
    html = "".join(FIELD["lines"].format(*one) for one in fields.items())
    (pages / "one.html").write_text(ENTRY_PAGE.format(number=1, fields=html))
    (pages / "list.htm").write_text(
        "<table><tr><th>School</th><th>State</th><th>Program</th><th>Degree</th><th>Status</th></tr>"
        '<tr><td><a href="/program/y-2/">First College</a></td><td>OH</td>'
        "<td>Health Information Management</td><td>Bachelor</td><td>Initial</td></tr></table>"
    )

    import_files(engine, write_list(pages, tmp_path))

    of_associate = accreditation(client, "first-college-510707-associate")
    assert of_associate["status"] == "probationary"
    assert accreditation(client, "first-college-510706-bachelor")["status"] == "initial"
