"""BLS tables: figures as printed, marks that are no zero, editions that follow each other."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.domain.vocabulary import ValueStatus
from app.errors import ImportFileError
from app.importers.bls import Cell, parse_figure
from app.store.tables.sources import Source
from app.store.tables.statistics import Statistic
from tests.importing import CIP, OEWS, PROJECTIONS, import_files

pytestmark = pytest.mark.engines_in_turn


def figure(engine: Engine, slug: str) -> Statistic:
    with Session(engine) as session:
        return session.get_one(Statistic, slug)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("51140", Cell(51140.0, 51140.0)),
        ("38,100", Cell(38100.0, 38100.0)),
        ("-2.2", Cell(-2.2, -2.2)),
        ("0", Cell(0.0, 0.0)),
        ("*", Cell(None, None, ValueStatus.WITHHELD, "*")),
        ("#", Cell(None, None, ValueStatus.WITHHELD, "#")),
        ("—", Cell(None, None, ValueStatus.NOT_REPORTED, "—")),
        ("", Cell(None, None, ValueStatus.NOT_REPORTED)),
        (">=$239,200", Cell(239200.0, None, as_stated=">=$239,200")),
    ],
)
def test_a_figure_is_a_number_or_says_why_there_is_none(text: str, cell: Cell) -> None:
    assert parse_figure(text) == cell


@pytest.mark.parametrize("text", ["n/a", "12%", "1.2.3", "nan", "1e5", "٣"])
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither a number nor a known mark"):
        parse_figure(text)


def test_wages_are_stored_as_printed_with_their_survey(engine: Engine) -> None:
    import_files(engine, *CIP, OEWS)

    median = figure(engine, "oews_2025_05_29_2072_annual_median")
    assert (median.value_low, median.value_high, median.unit) == (51140.0, 51140.0, "USD per year")
    assert (median.soc_code, median.soc_edition) == ("29-2072", "2018")
    assert (median.period, median.as_of, median.horizon) == ("2025-05", "2025-05", None)
    assert (median.basis, median.source) == ("government_data", "bls-oews-2025-05")
    assert "self-employed left out" in median.population


@pytest.mark.parametrize(
    ("slug", "mark"),
    [
        ("oews_2025_05_29_9021_annual_median", "*"),
        ("oews_2025_05_11_9111_annual_p90", "#"),
    ],
)
def test_a_withheld_wage_is_null_and_never_zero(engine: Engine, slug: str, mark: str) -> None:
    import_files(engine, *CIP, OEWS)

    wage = figure(engine, slug)
    assert (wage.value_low, wage.value_high) == (None, None)
    assert (wage.value_status, wage.as_stated) == ("withheld", mark)


def test_a_group_that_shares_the_code_of_an_occupation_does_not_replace_it(engine: Engine) -> None:
    import_files(engine, *CIP, OEWS)

    assert figure(engine, "oews_2025_05_13_1041_employment").value_low == 417070


def test_only_occupations_in_scope_and_the_total_come_in(engine: Engine) -> None:
    import_files(engine, *CIP, OEWS)

    with Session(engine) as session:
        codes = set(session.exec(select(Statistic.soc_code)))
    assert codes == {"00-0000", "11-9111", "13-1041", "29-2072", "29-9021"}


def test_published_changes_are_kept_where_rounding_makes_them_differ(engine: Engine) -> None:
    import_files(engine, *CIP, PROJECTIONS)

    base = figure(engine, "ep_2024_34_15_1211_employment_base")
    projected = figure(engine, "ep_2024_34_15_1211_employment_projected")
    change = figure(engine, "ep_2024_34_15_1211_employment_change")
    assert (base.value_low, projected.value_low, change.value_low) == (521.1, 566.5, 45.5)
    assert change.unit == "thousand jobs"


def test_a_projection_knows_its_horizon_and_counts_the_self_employed(engine: Engine) -> None:
    import_files(engine, *CIP, PROJECTIONS)

    growth = figure(engine, "ep_2024_34_29_2072_employment_change_pct")
    assert (growth.value_low, growth.unit) == (7.1, "percent")
    assert (growth.horizon, growth.as_of, growth.source) == ("2024-2034", "2024", "bls-ep-2024-34")
    assert "self-employed included" in growth.population


def test_a_label_names_the_year_that_is_measured(engine: Engine) -> None:
    import_files(engine, *CIP, OEWS, PROJECTIONS)

    def label(slug: str) -> str:
        return figure(engine, slug).label

    assert label("oews_2025_05_29_2072_annual_p10").endswith("Medical Records Specialists, 2025-05")
    assert label("ep_2024_34_29_2072_employment_base").endswith("specialists, 2024")
    assert label("ep_2024_34_29_2072_openings").endswith("specialists, 2024-2034")


def test_typical_entry_is_text_and_none_is_an_answer(engine: Engine) -> None:
    import_files(engine, *CIP, PROJECTIONS)

    education = figure(engine, "ep_2024_34_29_2072_typical_education")
    experience = figure(engine, "ep_2024_34_29_2072_work_experience")
    assert education.value_text == "Postsecondary nondegree award"
    assert (experience.value_text, experience.value_status) == ("None", "reported")


def test_a_dash_is_not_applicable_for_a_total_and_not_reported_for_an_occupation(
    engine: Engine,
) -> None:
    import_files(engine, *CIP, PROJECTIONS)

    total = figure(engine, "ep_2024_34_00_0000_typical_education")
    share = figure(engine, "ep_2024_34_11_9111_self_employed_pct")
    assert (total.value_text, total.value_status) == (None, "not_applicable")
    assert (share.value_low, share.value_status, share.as_stated) == (None, "not_reported", "—")


def test_nobody_self_employed_is_zero(engine: Engine) -> None:
    import_files(engine, *CIP, PROJECTIONS)

    share = figure(engine, "ep_2024_34_29_9021_self_employed_pct")
    assert (share.value_low, share.value_status) == (0.0, "reported")


def test_a_wage_above_the_top_code_is_open_upward(engine: Engine) -> None:
    import_files(engine, *CIP, PROJECTIONS)

    median = figure(engine, "ep_2024_34_11_9111_annual_median")
    assert (median.value_low, median.value_high) == (239200.0, None)


@pytest.mark.parametrize("files", [(OEWS, PROJECTIONS), (PROJECTIONS, OEWS)])
def test_the_wage_of_the_projections_gives_way_to_the_newer_survey(
    engine: Engine, files: tuple[Path, ...]
) -> None:
    import_files(engine, *CIP)
    for file in files:
        import_files(engine, file)

    older = figure(engine, "ep_2024_34_29_2072_annual_median")
    newer = figure(engine, "oews_2025_05_29_2072_annual_median")
    assert older.superseded_by == newer.slug
    assert newer.superseded_by is None


def test_a_later_survey_supersedes_each_figure_of_the_one_before(
    engine: Engine, tmp_path: Path
) -> None:
    import_files(engine, *CIP, OEWS)
    later = tmp_path / "oews_national_may2026.csv"
    later.write_text(OEWS.read_text())

    import_files(engine, later)

    for measure in ("employment", "annual_median", "annual_p90"):
        older = figure(engine, f"oews_2025_05_29_2072_{measure}")
        assert older.superseded_by == f"oews_2026_05_29_2072_{measure}"


def test_importing_bls_tables_twice_changes_nothing(engine: Engine) -> None:
    import_files(engine, *CIP, OEWS, PROJECTIONS)

    again = import_files(engine, OEWS, PROJECTIONS)

    assert not any(tally.has_changes for tally in again.values())
    with Session(engine) as session:
        assert session.get_one(Source, "bls-ep-2024-34").row_count == 60


def test_a_table_of_other_years_than_its_name_says_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    misnamed = tmp_path / "projections_2025_2035_table_1_2.csv"
    misnamed.write_text(PROJECTIONS.read_text())

    with pytest.raises(ImportFileError, match="column Employment, 2025: missing"):
        import_files(engine, misnamed)
