"""Whole tables read by pandas, Polars, DuckDB, jq and frictionless: every row, every form."""

import json
import sys
from pathlib import Path

import pytest

from app.exports.collections import TABLES
from tests.test_clients import USES, UV, run

pytestmark = pytest.mark.long

TOOLS = (
    *("pandas==3.1.*", "fastparquet==2026.9.*", "polars==2.1.*", "duckdb==2.0.*"),
    *("frictionless==5.21.*", "jq==1.*"),
)


def test_every_tool_reads_every_row_of_every_table(server: str, tmp_path: Path) -> None:
    tools = [part for tool in TOOLS for part in ("--with", tool)]
    own_python = (UV, "run", "-q", "--no-project", "--isolated", "--python", sys.executable)

    seen = json.loads(
        run(*own_python, *tools, "python", USES / "read_tables.py", server, folder=tmp_path)
    )

    assert seen["counts"].keys() == TABLES.keys()
    for name, counts in seen["counts"].items():
        assert set(counts.values()) == {seen["rows"][name]}, name
    assert seen["rows"]["programs"] > 5_000
    assert seen["lengths_of_codes"] == [len("51.0707")]
    assert seen["errors"] == [] and seen["is_valid"]
    for name in ("pandas-code", "polars-code", "duckdb-code"):
        assert "OH" in seen["printed"][name], name
    assert int(seen["printed"]["jq-code"]) > 100
