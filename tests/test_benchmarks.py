"""The benchmark measures what the application and its peers serve today."""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import lacking, main
from tests.benchmarks.workloads import Sample, workloads
from tests.fixtures import Databases

pytestmark = pytest.mark.long

MEASURED = "one"
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

    main([*options, "--only", MEASURED, *EXPORTED])

    printed = capsys.readouterr().out
    rows = {
        cells[0].partition(": ")[0]: cells[1:]
        for line in printed.splitlines()
        if (cells := [cell.strip() for cell in line.strip("| ").split(" | ")])
    }
    requests, of_the_limit, tutorial, relationships, *_ = rows[MEASURED]
    assert re.fullmatch(r"[\d,]+", requests), printed
    assert of_the_limit.startswith(("0.", "1."))
    for peer in (tutorial, relationships):
        assert re.match(r"[\d.,]+ \(", peer), "it took part"
    assert all(int(rows[key][0].replace(",", "")) > 1_000 for key in EXPORTED)


def test_every_workload_asks_ours_for_something_else() -> None:
    sample = Sample(["a", "b", "c", "d", "e"], ["OH"], ["x"], ["y"], ["accreditation:1"], 100, "c")

    found = list(workloads(sample))

    assert len({one.key for one in found}) == len(found)
    assert MEASURED in {one.key for one in found}
