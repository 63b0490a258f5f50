"""From publishers to a release: what is newer is found, tried out, told and published."""

import csv
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.domain.checklist.curation import SETTLERS
from app.domain.publications import load_publications
from app.importers.import_jobs import Spool
from app.importers.refresh.preparing import find_waiting
from app.importers.registry import IMPORTERS
from app.main import create_app
from app.ops import cli
from app.queries.health import get_readiness
from app.settings import get_settings
from app.store.database import make_engine
from app.store.replicas import Databases
from app.store.tables.programs import ProgramSummary
from app.store.tables.releases import Release
from app.store.tables.sources import EditionLook
from tests.importing import OEWS, ONET
from tests.publishers import Publishers, publishing, workbook, zipped
from tests.test_import_command import C_HEADER, HD_HEADER, HD_ROWS

TODAY = date(2026, 11, 29)
HD, C = "nces.example/HD{}.csv".format, "nces.example/C{}_A.csv".format
AWARDED = "100001,51.0707,1,3,12\n100002,51.2706,1,7,5\n"


ONET_FILES = dict(
    zip(
        ("Occupation Data", "Task Statements", "Technology Skills", "Related Occupations"),
        ONET,
        strict=True,
    )
)


def tabbed(path: Path) -> str:
    """Return a table of ours as the publisher writes it."""
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    return "".join("\t".join(cells) + "\n" for cells in rows)


def publication(key: str, **told: Any) -> dict[str, Any]:
    usual = {"month": 9, "years_after": 1}
    about = {"title": key, "publisher": "P", "licence": "L", "page": "https://nces.example/page"}
    return {"key": key, **about, "importers": [key], "is_confirmed": True, "usual": usual, **told}


class Refreshing:
    """The command, over a database, a spool and a list of publishers of its own."""

    def __init__(self, folder: Path, publishers: Publishers) -> None:
        self.publishers, self.folder = publishers, folder
        self._list = folder / "publishers.json"
        self.describe(
            publication(
                "ipeds-directory",
                source=r"ipeds-hd(?P<year>\d{4})",
                addresses=["https://nces.example/HD{year}.csv"],
            ),
            publication(
                "ipeds-completions",
                source=r"ipeds-c(?P<year>\d{4})-a",
                addresses=[
                    "https://old.example/C{year}_A.csv",
                    "https://nces.example/C{year}_A.csv",
                ],
                editions=2,
            ),
        )

    def describe(self, *publications: dict[str, Any]) -> None:
        self._list.write_text(json.dumps({"publications": publications}))

    def run(self, *options: str, code: int = 0) -> str:
        base = () if "--offline" in options else ("--base-url", self.publishers.url)
        command = ["refresh", "--sources", str(self._list), *base, *options]
        result = CliRunner().invoke(cli.cli, command)
        assert result.exit_code == code, (result.output, result.exception)
        return result.output

    def session(self) -> Session:
        return Session(make_engine(get_settings().database_url))

    def releases(self) -> list[int]:
        with self.session() as session:
            return list(session.exec(select(Release.number)))

    def programs(self) -> dict[str, int | None]:
        with self.session() as session:
            found = session.exec(select(ProgramSummary.slug, ProgramSummary.completions)).all()
            return dict(found)


@contextmanager
def refreshing(folder: Path, server: Publishers) -> Iterator[Refreshing]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{folder}/catalogue.db")
        patch.setenv("SPOOL_DIR", str(folder / "spool"))
        patch.setenv("REFRESH_DIR", str(folder / "fetched"))
        patch.setattr("app.ops.cli_refresh.today", lambda: TODAY)
        get_settings.cache_clear()
        server.files.clear()
        server.publish(HD(2024), (HD_HEADER + HD_ROWS).encode())
        server.publish(C(2024), (C_HEADER + AWARDED).encode())
        server.publish(C(2023), (C_HEADER + "100001,51.0707,1,3,7\n").encode())
        yield Refreshing(folder, server)
        get_settings.cache_clear()


@pytest.fixture(scope="module")
def server() -> Iterator[Publishers]:
    with publishing() as publishers:
        yield publishers


@pytest.fixture(scope="module")
def filled(server: Publishers, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A folder in which the editions of 2024 are published, and what was asked for on the way."""
    folder = tmp_path_factory.mktemp("filled")
    with refreshing(folder, server) as refresh:
        refresh.run("--publish")
        assert refresh.releases() == [1]
        return folder, server.paths()


@pytest.fixture
def refresh(tmp_path: Path, server: Publishers) -> Iterator[Refreshing]:
    """The command over an empty catalogue."""
    server.asked.clear()
    with refreshing(tmp_path, server) as refresh:
        yield refresh


@pytest.fixture
def published(filled: tuple[Path, list[str]], refresh: Refreshing) -> Refreshing:
    """The command over a release of the editions of 2024."""
    shutil.copytree(filled[0], refresh.folder, dirs_exist_ok=True)
    return refresh


def test_an_empty_catalogue_is_filled_and_then_stays_as_it_is(
    filled: tuple[Path, list[str]], published: Refreshing
) -> None:
    again = published.run("--publish")

    assert published.releases() == [1]
    assert published.programs() == {
        "first-college-510707-associate": 12,
        "second-college-512706-master": 5,
    }
    assert "old.example/C2025_A.csv" in filled[1]
    assert "Nothing is new" in again
    headers = dict(published.publishers.asked)
    assert "If-None-Match" in headers[HD(2024)]
    assert HD(2026) not in headers  # the one before is not out yet


def test_a_newer_edition_waits_until_it_is_published(published: Refreshing) -> None:
    published.publishers.publish(C(2025), (C_HEADER + AWARDED.replace(",12", ",30")).encode())

    told = published.run(code=3)
    waiting = find_waiting(Spool(get_settings().spool_dir))
    again = published.run(code=3)

    assert published.releases() == [1]
    assert "first-college-510707-associate (changed)" in told
    assert "--publish" in again
    assert waiting is not None
    assert [file.name for file in waiting.files] == ["C2025_A.csv"]
    assert waiting.report is not None
    assert waiting.report.programs is not None
    assert waiting.report.programs.changed == 2

    published.run("--publish")

    assert published.releases() == [1, 2]
    assert published.programs()["first-college-510707-associate"] == 30
    assert find_waiting(Spool(get_settings().spool_dir)) is None
    assert "Nothing is new" in published.run()


def test_a_dry_run_tells_what_would_change_and_leaves_no_trace(published: Refreshing) -> None:
    published.publishers.publish(C(2025), (C_HEADER + AWARDED).encode())
    with published.session() as session:
        before = session.exec(select(EditionLook.looked_at)).all()

    told = published.run("--dry-run")

    assert "C2025_A.csv" in told
    assert find_waiting(Spool(get_settings().spool_dir)) is None
    with published.session() as session:
        assert session.exec(select(EditionLook.looked_at)).all() == before


def test_what_cannot_be_used_costs_only_itself(published: Refreshing) -> None:
    changed = HD_HEADER.replace("INSTNM", "SCHOOL_NAME") + HD_ROWS
    published.publishers.publish(HD(2025), changed.encode())
    published.publishers.publish(C(2025), (C_HEADER + AWARDED.replace(",12", ",30")).encode())
    published.publishers.publish(C(2026), b"<!doctype html><title>Not here</title>")

    told = published.run("--publish", code=4)

    assert "column INSTNM: missing from the header" in told
    assert "a page, titled 'Not here', came in place of the file" in told
    assert published.releases() == [1, 2]
    assert published.programs()["first-college-510707-associate"] == 30


def test_a_release_that_would_lose_a_field_waits_until_that_is_accepted(
    published: Refreshing,
) -> None:
    published.publishers.publish(
        HD(2025), (HD_HEADER + HD_ROWS.replace("www.first.edu", "")).encode()
    )

    told = published.run("--publish", code=3)

    assert published.releases() == [1]
    assert "--accept-drop institutions.website" in told
    published.run("--publish", "--accept-drop", "institutions.website")
    assert published.releases() == [1, 2]


def test_what_waits_is_published_when_the_publishers_are_away(published: Refreshing) -> None:
    published.publishers.publish(C(2025), (C_HEADER + AWARDED.replace(",12", ",30")).encode())
    published.run(code=3)
    for file in published.publishers.files.values():
        file.status = 500

    published.run("--publish", code=4)

    assert published.releases() == [1, 2]


def test_a_folder_does_as_well_and_no_server_is_asked(published: Refreshing) -> None:
    folder = published.folder / "downloads"
    folder.mkdir()
    (folder / "c2025_a.csv").write_text(C_HEADER + AWARDED.replace(",12", ",30"))

    published.run("--offline", str(folder), "--publish")
    again = published.run("--offline", str(folder))

    assert published.programs()["first-college-510707-associate"] == 30
    assert "Nothing is new" in again
    assert published.publishers.paths() == []


def test_a_workbook_is_known_again_by_the_sheet_that_was_taken(published: Refreshing) -> None:
    folder = published.folder / "downloads"
    folder.mkdir()
    pairs = (
        ("CIP2020Code", "CIP2020Title", "SOC2018Code", "SOC2018Title"),
        ("51.0707", "Health Information", "29-2072", "Medical Records Specialists"),
    )
    (folder / "CIP2020_SOC2018_Crosswalk.xlsx").write_bytes(
        workbook(Contents=(("Sheet", "What"), ("CIP-SOC", "Pairs")), Pairs=pairs)
    )

    published.run("--offline", str(folder), "--publish")
    again = published.run("--offline", str(folder))

    assert published.releases() == [1, 2]
    assert "Nothing is new: the catalogue stays as it is." in again
    assert "CIP2020_SOC2018_Crosswalk.xlsx" not in again


def test_the_newest_file_of_a_page_is_followed(refresh: Refreshing) -> None:
    refresh.describe(
        publication(
            "ipeds-directory",
            source=r"ipeds-hd(?P<year>\d{4})",
            link=r"hd(?P<year>\d{4})\.csv",
        )
    )
    refresh.publishers.files.clear()
    page = '<a href="/files/hd2023.csv">old</a> <a href="https://cdn.example/hd2024.csv">new</a>'
    refresh.publishers.publish("nces.example/page", page.encode())
    refresh.publishers.publish("cdn.example/hd2024.csv", (HD_HEADER + HD_ROWS).encode())

    refresh.run("--publish")
    refresh.publishers.publish("nces.example/page", b"<p>We have moved</p>")
    moved = refresh.run(code=1)

    assert refresh.releases() == [1]
    assert "links to no file" in moved


def test_what_is_known_of_editions_is_served(published: Refreshing) -> None:
    published.publishers.publish(C(2025), b"\n", status=500)
    published.run(code=4)

    with published.session() as session:
        ready = get_readiness(session, Databases(session.get_bind()), None, TODAY)
        looks = {look.publication: look for look in session.exec(select(EditionLook))}

    editions = {one.publication: one for one in ready.editions}
    assert editions["ipeds-directory"].looked_for_at is not None
    assert editions["ipeds-directory"].next_due_on == date(2026, 9, 30)
    assert "ipeds-directory" in ready.overdue
    assert not looks["ipeds-directory"].is_failed
    assert looks["ipeds-completions"].is_failed
    assert looks["ipeds-completions"].edition == "2024"


def test_what_ships_names_importers_and_checks_that_are_there() -> None:
    importers = {importer.key: importer for importer in IMPORTERS}

    for one in load_publications(get_settings().publishers_file):
        assert set(one.importers) <= importers.keys()
        assert set(one.settles) <= SETTLERS.keys()
        for key in one.importers:
            assert any(one.source.fullmatch(name) for name in like(importers[key].source.key)), key


def like(key: str) -> list[str]:
    """Return what keys of sources become when their parts are filled in."""
    parts = {"year": "2024", "yy": "24", "of": "2026", "month": "06", "day": "10", "end": "34"}
    return [
        key.format_map({**parts, "released": "2026-06-10", "edition": "2026-06", "year": year})
        for year in ("2024", "24")
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--only", "ipeds-directry"], "Did you mean ipeds-directory?"),
        (["--sources", "/nowhere.json"], "/nowhere.json"),
    ],
)
def test_what_is_not_known_is_named(refresh: Refreshing, options: list[str], words: str) -> None:
    told = " ".join(refresh.run(*options, code=2).replace("│", " ").split())

    assert words in told


def test_publishers_as_they_are_make_a_release_that_is_served(
    refresh: Refreshing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From an empty database, by the list that ships: zips, revised releases, moves, links."""
    publish = refresh.publishers.publish
    refresh.publishers.files.clear()
    nces, bls = "nces.ed.gov/ipeds/complete-data-files", "www.bls.gov/oes"
    publish(f"{nces}/HD2025.zip", zipped(hd2025__csv=HD_HEADER + HD_ROWS))
    publish(
        f"{nces}/C2025_A.zip",
        zipped(
            c2025_a__csv=C_HEADER + AWARDED, c2025_a_rv__csv=C_HEADER + AWARDED.replace("12", "14")
        ),
    )
    publish(
        "nces.ed.gov/ipeds/datacenter/data/C2024_A.zip", zipped(C2024_A__CSV=C_HEADER + AWARDED)
    )
    publish("www.onetcenter.org/database.html", b"<a href='/dl_files/database/db_31_0_text.zip'>")
    publish(
        "www.onetcenter.org/dl_files/database/db_31_0_text.zip",
        zipped(**{f"db_31_0_text/{name}__txt": tabbed(path) for name, path in ONET_FILES.items()}),
    )
    publish(f"{bls}/special-requests/oesm25nat.zip", moved_to="/www.bls.gov/moved.zip")
    publish(
        "www.bls.gov/moved.zip",
        zipped(**{"oesm25nat/national_M2025_dl__csv": OEWS.read_text()}),
    )

    told = refresh.run("--sources", str(get_settings().publishers_file), "--publish", code=4)

    assert "https://collegescorecard.ed.gov/data/ answers 404" in told
    assert refresh.programs()["first-college-510707-associate"] == 14
    with TestClient(create_app(make_engine(get_settings().database_url))) as client:
        ready = client.get("/health/ready").json()
        sources = {one["key"]: one for one in client.get("/v1/sources").json()["items"]}
        assert client.get("/v1/programs").json()["total"] == 2
    editions = {one["publication"]: one for one in ready["editions"]}
    assert editions.keys() == {"ipeds-directory", "ipeds-completions", "onet", "bls-oews"}
    assert editions["ipeds-directory"]["looked_for_at"] is not None
    assert (sources["onet-tasks"]["edition"], ready["overdue"]) == ("31.0", [])
    assert sources["ipeds-c2025-a"]["freshness"]["next_edition"] == "2026"
