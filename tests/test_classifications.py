"""Titles of fields of study and the crosswalk to occupations."""

from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, select

from app.queries.classifications import cip_titles, cips_of_soc, soc_codes_of
from app.store.tables.classifications import CipSoc
from app.store.tables.sources import Source
from tests.importing import CIP, import_files


def test_titles_lose_their_full_stop_and_codes_keep_their_zero(engine: Engine) -> None:
    import_files(engine, *CIP)

    with Session(engine) as session:
        titles = cip_titles(session)
    assert titles["01.0101"] == "Farm Business"
    assert titles["51.0707"] == "Health Records Technology"
    assert titles["60.0809"] == "Residency Without A Full Stop"


def test_families_and_series_have_titles_too(engine: Engine) -> None:
    import_files(engine, *CIP)

    with Session(engine) as session:
        titles = cip_titles(session)
    assert titles["51"] == "HEALTH PROFESSIONS"
    assert titles["51.07"] == "Health Offices"


def test_bare_quotes_in_a_definition_do_not_stop_the_titles(engine: Engine) -> None:
    import_files(engine, *CIP)

    with Session(engine) as session:
        assert cip_titles(session)["43"] == "SAFETY SERVICES"


def test_rows_without_a_match_are_no_pair_of_the_crosswalk(engine: Engine) -> None:
    tally = import_files(engine, *CIP)["cip-soc"]

    with Session(engine) as session:
        pairs = session.exec(select(CipSoc.cip_code, CipSoc.soc_code)).all()
    assert len(pairs) == tally.added == 4
    assert tally.rows_read == 6
    assert "2 rows without a match" in tally.reasons[0]


def test_the_crosswalk_is_read_both_ways(engine: Engine) -> None:
    import_files(engine, *CIP)

    with Session(engine) as session:
        assert soc_codes_of(session, ("51.07",)) == {"29-2072", "29-9021"}
        assert cips_of_soc(session, ["29-2072"]) == {
            "29-2072": [
                ("51.0707", "Health Records Technology"),
                ("51.0713", "Medical Coder"),
            ]
        }


def test_importing_the_titles_twice_changes_nothing(engine: Engine) -> None:
    import_files(engine, *CIP)

    again = import_files(engine, *CIP)

    assert not any(tally.has_changes for tally in again.values())


def test_a_source_counts_the_rows_kept_of_it(engine: Engine) -> None:
    import_files(engine, *CIP)

    with Session(engine) as session:
        assert session.get_one(Source, "cip-2020").row_count == 7
        assert session.get_one(Source, "cip-2020-soc-2018").row_count == 4


def test_a_code_that_is_none_names_its_line_and_column(engine: Engine, tmp_path: Path) -> None:
    bad = tmp_path / "cip2020.csv"
    bad.write_text("CIPCode,CIPTitle\n51,Health.\n51.7,Typing error.\n")

    reasons = import_files(engine, bad)["cip"].reasons

    assert reasons[0].startswith("cip2020.csv, line 3, column CIPCode: '51.7' cannot be read")
