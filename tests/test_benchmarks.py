"""The benchmark measures what the application and its peers serve today."""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import lacking, main
from tests.benchmarks.workloads import Sample, workloads
from tests.fixtures import Databases

MEASURED = ["page", "HTML", "304"]
EXPORTED = ["NDJSON", "CSV, filtered"]


@pytest.fixture
def catalogue(databases: Databases, tmp_path: Path) -> Path:
    """A folder with the catalogue as shipped, where the benchmark looks for its own."""
    if (missing := lacking()) and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    with databases.copy_of_seeded() as engine:
        shutil.copy(str(engine.url.database), tmp_path / "catalogue-0.db")
    return tmp_path


def test_the_benchmark_runs_and_its_contenders_agree(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--rows", "0", "--rounds", "1", "--folder", str(catalogue), "--peers", "nowhere/py"]

    main([*options, "--only", *MEASURED, *EXPORTED])

    printed = capsys.readouterr().out
    rows = {
        cells[0].partition(": ")[0]: cells[1:]
        for line in printed.splitlines()
        if (cells := [cell.strip() for cell in line.strip("| ").split(" | ")])
    }
    for key in MEASURED:
        requests, of_the_limit, *_ = rows[key]
        assert re.fullmatch(r"[\d,]+", requests), printed
        assert of_the_limit.startswith(("0.", "1."))
    assert re.match(r"[\d.,]+ \(", rows["page"][2]), "the tutorial took part"
    assert re.match(r"[\d.,]+ \(", rows["HTML"][3]), "and so did the one with relationships"
    assert all(int(rows[key][0].replace(",", "")) > 1_000 for key in EXPORTED)


def test_every_workload_asks_ours_for_something_else() -> None:
    sample = Sample(["a", "b", "c", "d", "e"], ["OH"], ["x"], ["y"], ["accreditation:1"], 100, "c")

    found = list(workloads(sample))

    assert len({one.key for one in found}) == len(found)
    assert set(MEASURED) <= {one.key for one in found}
