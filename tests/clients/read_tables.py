"""Read whole tables with the tools of others, and print what each makes of them.

Usage: read_tables.py SERVER. First the code of the quick start is run as it stands there.
"""

import io
import json
import os
import re
import sqlite3
import sys
import tempfile
from contextlib import closing, redirect_stdout
from html import unescape
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import duckdb
import frictionless
import jq
import pandas
import polars

SERVER = sys.argv[1]
RECIPES = ("pandas-code", "polars-code", "duckdb-code")
FORMS = ("csv", "ndjson", "parquet")


def get(path: str) -> bytes:
    with urlopen(f"{SERVER}{path}") as answer:
        return bytes(answer.read())


def run_recipes() -> dict[str, str]:
    """Return recipe -> what it prints."""
    page = get("/docs/quick-start").decode()
    code = {
        name: unescape(text)
        for name, text in re.findall(r'<pre id="([\w-]+)">(.+?)</pre>', page, re.DOTALL)
    }
    printed = {}
    for name in RECIPES:
        with redirect_stdout(io.StringIO()) as output:
            exec(code[name], {})
        printed[name] = output.getvalue()
    program = re.search(r"jq -r '(.+?)'", code["jq-code"], re.DOTALL)
    assert program is not None
    lines = get("/v1/export/programs.ndjson").decode()
    printed["jq-code"] = str(len(jq.compile(program[1]).input_text(lines).all()))
    return printed


def main() -> None:
    os.chdir(tempfile.mkdtemp())
    printed = run_recipes()
    files = json.loads(get("/v1/export"))["items"]
    tables = {one["collection"] for one in files if one["form"] == "parquet"}
    for one in files:
        if one["collection"] in tables and one["form"] in FORMS:
            Path(one["name"]).write_bytes(get(one["url"]))
    Path("hit-compare.db").write_bytes(get("/v1/export/hit-compare.db"))
    counts: dict[str, dict[str, Any]] = {name: {} for name in tables}
    with closing(sqlite3.connect("hit-compare.db")) as database:
        for name, told in counts.items():
            csv, ndjson, parquet = (f"{name}.{form}" for form in FORMS)
            if Path(ndjson).stat().st_size:  # readers of lines want one to know the columns by
                told["polars ndjson"] = len(polars.read_ndjson(ndjson, infer_schema_length=None))
                told["pandas ndjson"] = len(pandas.read_json(ndjson, lines=True))
                sql = f"SELECT count(*) FROM read_json_auto('{ndjson}', sample_size=-1)"
                told["duckdb ndjson"] = duckdb.sql(sql).fetchall()[0][0]
            told["pandas csv"] = len(pandas.read_csv(csv, dtype=str))
            told["polars csv"] = len(polars.read_csv(csv, infer_schema_length=None))
            sql = f"SELECT count(*) FROM read_csv('{csv}', sample_size=-1)"
            told["duckdb csv"] = duckdb.sql(sql).fetchall()[0][0]
            told["pandas parquet"] = len(pandas.read_parquet(parquet))
            told["polars parquet"] = len(polars.read_parquet(parquet))
            told["duckdb parquet"] = duckdb.sql(f"SELECT count(*) FROM '{parquet}'").fetchall()[0][
                0
            ]
            told["sqlite"] = database.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
    made = json.loads(get("/v1/export"))["items"]
    codes = polars.read_parquet("programs.parquet")["cip_code"].drop_nulls().str.len_chars()
    report = frictionless.validate(f"{SERVER}/v1/export/datapackage.json")
    print(
        json.dumps(
            {
                "printed": printed,
                "counts": counts,
                "rows": {one["collection"]: one["rows"] for one in made if one["form"] == "csv"},
                "lengths_of_codes": sorted(set(codes.to_list())),
                "is_valid": report.valid,
                "errors": report.flatten(["rowNumber", "fieldName", "type", "note"])[:5],
            }
        )
    )


main()
