"""Record what the service answers of the seed, and compare it after a change of the code.

``python -m tests.recording record FOLDER`` asks some thousands of questions, in this process, of a
catalogue filled from the seed, and keeps them with their answers in ``FOLDER/answers.db``.
``python -m tests.recording compare FOLDER`` asks the same questions of a catalogue that the code
under test has filled, prints what is answered otherwise, and fails if anything is.
``--only REGEX`` asks only of addresses that match, in both, and ``--show N`` prints that many
differences.

Every read address that the application has is asked, with the values of its own examples; those of
a program, school, credential, role or work setting for many of them. The clock stands still.
"""

import argparse
import difflib
import hashlib
import itertools
import json
import os
import re
import sqlite3
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
"""The moment at which every question is asked, and at which the seed was loaded."""

VOLATILE = re.compile(rb'(/static/[\w.]+\?v=|"request_id": ")\w+')
"""What changes though no answer does: versions of styles and scripts, numbers of requests."""

NEEDS = {"within_miles": {"near": "45402"}, "credits_per_term": {"pace": "part"}}
"""Parameters that are refused without another one."""

UNASKED = re.compile(r"/metrics$|/health/|/static/|/docs/{name}|/v1/admin/(imports|draft)")
LARGE = 1_000_000
"""Bytes of an answer from which on only its hash is kept."""

OTHERWISE = {"weights": "accreditation:40,cost_transparency:60", "residency": "out_of_state"}
FEW = 60
"""How many programs are asked for their pages and cards, and for what takes long."""


class Question(NamedTuple):
    """A request; its body is JSON, or empty."""

    method: str
    address: str
    body: str = ""


class Answer(NamedTuple):
    """What came back, without what is volatile."""

    status: int
    media_type: str
    body: bytes


class _AnyMoment(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


class StoppedDatetime(datetime, metaclass=_AnyMoment):
    """What ``datetime`` means in the application while its clock stands still: it is noon."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """Return always the same moment."""
        return NOON.astimezone(tz) if tz else NOON.replace(tzinfo=None)


def stop_the_clock() -> None:
    """Let it be noon in every module of the application, wherever the clock is read there."""
    for name, module in list(sys.modules.items()):
        if name.startswith("app.") and getattr(module, "datetime", None) is datetime:
            setattr(module, "datetime", StoppedDatetime)  # noqa: B010 a module has no such field


def open_catalogue(folder: str) -> tuple[FastAPI, Engine, dict[str, str]]:
    """Return the application over a new catalogue filled from the seed, and an editor's key."""
    os.environ |= {"EXPORT_DIR": f"{folder}/exports", "SPOOL_DIR": f"{folder}/imports"}
    os.environ |= {"CACHE_BYTES": "0", "SNAPSHOTS": "10000/hour", "CORRECTIONS": "10000/hour"}
    from app.domain.keys import Scope
    from app.importers.seed import load_seed
    from app.main import create_app
    from app.settings import get_settings
    from app.store.database import make_engine, migrate
    from tests.editing import make_key

    engine = make_engine(f"sqlite:///{folder}/catalogue.db")
    app = create_app(engine)
    stop_the_clock()
    migrate(engine)
    load_seed(engine, get_settings().seed_dir)
    return app, engine, make_key(engine, Scope.ADMIN)


PROGRAMS = """
SELECT slug FROM (
    SELECT p.slug, row_number() OVER (
        PARTITION BY p.award_level, p.cip_code, i.control, p.curated_id IS NULL,
            p.retired_at IS NULL, i.is_active ORDER BY p.slug
    ) AS place
    FROM program p JOIN institution i ON i.id = p.institution_id
) ORDER BY place, slug
"""
"""Programs, first one of each kind, then a second one of each, and so on."""


def _spread(values: list[Any], count: int) -> list[Any]:
    return values[:: max(1, len(values) // count)][:count]


def keys_of(engine: Engine) -> dict[str, list[Any]]:
    """Return the values to fill into addresses, by the last words of the address they are of."""

    def ask(query: str) -> list[Any]:
        with engine.connect() as connection:
            rows = connection.execute(text(query)).all()
        return [tuple(row) if len(row) > 1 else row[0] for row in rows]

    curated = ask("SELECT slug FROM program WHERE curated_id IS NOT NULL ORDER BY slug")
    programs = _spread(curated, 40) + _spread(ask(PROGRAMS)[:640], 160)
    programs = [*dict.fromkeys(programs), "no-such-thing"]
    credentials = [*ask("SELECT code FROM credential ORDER BY code"), "CTR", "no-such-thing"]
    tables = sorted(file.stem for file in Path("seed/catalogue").glob("*.csv"))
    schools = ask("SELECT unitid FROM institution WHERE unitid IS NOT NULL ORDER BY unitid")
    return {
        "programs/{slug}": programs,
        "program/{slug}": _spread(programs, FEW),
        "checklist/{slug}": _spread(programs, FEW),
        "credentials/{code}": credentials,
        "credential/{code}": credentials,
        "institutions/{unitid}": _spread(schools, 60),
        "areas/{code}": _spread(ask("SELECT code FROM area ORDER BY code"), 60),
        "advancement-paths/{slug}": ask("SELECT slug FROM advancement_path ORDER BY slug"),
        "work-settings/{slug}": ask("SELECT slug FROM work_setting ORDER BY slug"),
        "guide/{section}": ask("SELECT DISTINCT section FROM guide_entry ORDER BY section"),
        "guide/{section}/{slug}": ask("SELECT section, slug FROM guide_entry ORDER BY 1, 2"),
        "statistics/{slug}": _spread(ask("SELECT slug FROM statistic ORDER BY slug"), 40),
        "occupations/{soc_code}": ask("SELECT DISTINCT soc_code FROM occupation ORDER BY 1")[:30],
        "sources/{key}": ask("SELECT key FROM source ORDER BY key"),
        "rubrics/{version}": ["2026.1", "1999.9"],
        "method/{version}": ["2026.1", "1999.9"],
        "releases/{number}": [1, 2],
        "corrections/{number}": [1],
        "answer/{secret}": ["no-such-secret"],
        "snapshots/{hash}": ask("SELECT hash FROM snapshot ORDER BY hash"),
        "s/{start}": ["0" * 12],
        "problems/{slug}": ["not-found", "invalid-request", "no-such-thing"],
        "sitemap-{name}": ["pages", "programs-1", "no-such-thing"],
        "export/{collection}": [*tables, "catalogue"],
        "export/{table}": ["credentials", "no-such-thing"],
        "export/{file}": ["programs.csv", "catalogue.ndjson"],
        "records/{collection}": tables,
        "records/{collection}/{key}": [
            *(("program", slug) for slug in programs[:20]),
            *(("credential", code) for code in credentials[:20]),
        ],
    }


def addresses_of(path: str, keys: dict[str, list[Any]]) -> list[str]:
    """Return a path with many values filled in."""
    path = path.replace(":path", "")
    names = re.findall(r"\{[^}]*\}", path)
    if not names:
        return [path]
    through_last = path[: path.rindex("}") + 1]
    for words in sorted(keys, key=len, reverse=True):
        if through_last.endswith(f"/{words}"):
            found = []
            for value in keys[words]:
                filled = path
                parts = value if isinstance(value, tuple) else (value,)
                for name, part in zip(names, parts, strict=True):
                    filled = filled.replace(name, quote(str(part), safe=""))
                found.append(filled)
            return found
    raise SystemExit(f"{path}: say in keys_of() what to fill in")


def examples_of(operation: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the query without which nothing is answered, and one for each further parameter."""
    given, needed = {}, set()
    for parameter in operation.get("parameters", ()):
        example = parameter.get("example")
        if parameter["in"] == "query" and example is not None:
            given[parameter["name"]] = str(example) if isinstance(example, bool) else example
            if parameter.get("required"):
                needed.add(parameter["name"])
    least = {name: given.pop(name) for name in sorted(needed)}
    return least, [{**least, **NEEDS.get(name, {}), name: value} for name, value in given.items()]


def _get(path: str, **query: Any) -> Question:
    return Question("GET", f"{path}?{urlencode(query, doseq=True)}" if query else path)


def _post(path: str, **body: Any) -> Question:
    return Question("POST", path, json.dumps(body))


def reading(app: FastAPI, keys: dict[str, list[Any]]) -> Iterator[Question]:
    """Yield a question for every address that is read, and for every parameter of it."""
    from tests.application import operations_of

    described = {
        path: operation
        for path, method, operation in operations_of(app.openapi())
        if method == "get"
    }
    for context in iter_route_contexts(app.routes):
        path = context.path or ""
        if "GET" not in (context.methods or ()) or UNASKED.search(path):
            continue
        operation = described.get(path.replace(":path", ""), {})
        least, variants = examples_of(operation)
        is_page = not operation or path.startswith("/embed/")
        addresses = addresses_of(path, keys)
        if is_page:
            addresses = _spread(addresses, FEW)
        for address in addresses:
            yield _get(address, **least)
            if is_page:
                yield _get(address, **least, lang="es")
        if len(variants) > FEW // 2:  # a list with all its filters
            addresses = addresses[:2]
        elif is_page or path.endswith("/similar"):
            addresses = _spread(addresses, FEW)
        for address, query in itertools.product(addresses, variants):
            yield _get(address, **query)


def comparing(keys: dict[str, list[Any]]) -> Iterator[Question]:
    """Yield comparisons of few and of many, in JSON, as pages, cards and hand-outs."""
    programs = keys["programs/{slug}"]
    for size, count in ((2, 20), (4, 10), (8, 2)):
        for number in range(count):
            group = programs[number : number + size * 9 : 9]
            answers = {group[0]: {"refund_policy": "met", "site_support": "not_met"}}
            yield _get("/v1/comparison", program=group)
            yield _get("/v1/comparison", program=group, **OTHERWISE)
            yield _get("/v1/comparison", program=group, residency="in_district", as_of="2024-06-30")
            yield _post("/v1/comparison", programs=group, answers=answers)
            for path in ("/compare", "/embed/comparison"):
                yield _get(path, program=group)
                yield _get(path, program=group, lang="es", **OTHERWISE)
    for size in (2, 3, 4, 6, 8):
        yield _post("/v1/snapshots", programs=programs[:size], answers={})
    for key, form in itertools.product(keys["snapshots/{hash}"], ("json", "html", "markdown")):
        yield _get(f"/v1/snapshots/{key}", format=form)


def planning(keys: dict[str, list[Any]]) -> Iterator[Question]:
    """Yield questions on the way to a credential or a role, and on what a student was told."""
    for slug in keys["programs/{slug}"]:
        yield _get("/v1/timeline", program=slug, pace="part", credits_transferred=15)
        yield _get("/v1/eligibility", credential="RHIT", program=slug)
        told = {"refund_policy": "met", "site_support": "not_met"}
        yield _post("/v1/checklists", program=slug, answers=told)
    skilled = {"education": "associate", "experience_years": 2}
    for code in keys["credentials/{code}"]:
        yield _get("/v1/lookup", code=code)
        yield _get("/renewal", credential=code)
        yield _get("/v1/eligibility", credential=code)
        yield _get("/v1/eligibility", credential=code, holds=["RHIT"], **skilled)
        dated = {"code": code, "certified_on": "2025-03-10"}
        yield _post("/v1/renewal-plans", credentials=[code])
        yield _post("/v1/renewal-plans", credentials=[dated, "RHIA", "CPC"])
    for role in keys["advancement-paths/{slug}"]:
        yield _get("/advancement-plans", target=role, **skilled)
        yield _post("/v1/advancement-plans", target=role)
        yield _post("/v1/advancement-plans", target=role, credentials=["RHIT"], **skilled)


def sending(app: FastAPI) -> Iterator[Question]:
    """Yield the examples of every body that is described; those of editors are left out."""
    document = app.openapi()
    for path, operations in document["paths"].items():
        if "post" in operations and not path.startswith("/v1/admin/"):
            content = operations["post"]["requestBody"]["content"]["application/json"]
            schema = document["components"]["schemas"][content["schema"]["$ref"].split("/")[-1]]
            for example in schema.get("examples", ()):
                yield _post(path, **example)


def searching() -> Iterator[Question]:
    """Yield searches, on the page and in the lists."""
    for words in ("medical coding columbus", "health informatics", "owens", "online rhit", "zzzz"):
        for path in ("/", "/v1/programs", "/v1/institutions", "/v1/credentials"):
            yield _get(path, q=words)
        yield _get("/", q=words, lang="es", state="OH")
    for sort in ("score", "-score", "name", "institution", "tuition", "-completions", "relevance"):
        yield _get("/v1/programs", sort=sort, limit=100)
        yield _get("/", sort=sort)
    for facet in ("state", "award_level", "control", "delivery", "accreditation", "cip_code"):
        yield _get("/v1/programs", facets=facet, limit=1)


def questions_of(app: FastAPI, engine: Engine) -> list[Question]:
    """Return all questions, each once."""
    keys = keys_of(engine)
    asked = (reading(app, keys), comparing(keys), planning(keys), sending(app), searching())
    return list(dict.fromkeys(itertools.chain(*asked)))


def ask(client: TestClient, key: dict[str, str], question: Question) -> Answer:
    """Return the answer to a question; files that are still being made are waited for."""
    method, address, body = question
    headers = dict(key) if address.startswith("/v1/admin/") else {}
    if body:
        headers["Content-Type"] = "application/json"
    for _ in range(600):
        answer = client.request(
            method, address, content=body or None, headers=headers, follow_redirects=False
        )
        if answer.status_code != 503:
            break
        time.sleep(0.2)
    content = answer.content
    media_type = answer.headers.get("content-type", "")
    if len(content) >= LARGE:
        content = f"{len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}".encode()
    else:
        content = VOLATILE.sub(rb"\1", content)
    if "location" in answer.headers:
        content = f"Location: {answer.headers['location']}\n".encode() + content
    return Answer(answer.status_code, media_type, content)


def record(file: Path, only: str) -> int:
    """Ask every question whose address matches, and keep the answers."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(file)) as kept:
        app, engine, key = open_catalogue(folder)
        kept.execute("CREATE TABLE answer (method, address, body, status, media_type, content)")
        with TestClient(app, raise_server_exceptions=False) as client:
            questions = [q for q in questions_of(app, engine) if re.search(only, q.address)]
            for question in questions:
                status, media_type, content = ask(client, key, question)
                row = (*question, status, media_type, zlib.compress(content, 3))
                kept.execute("INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?)", row)
        kept.commit()
        for status, count in kept.execute("SELECT status, count(*) FROM answer GROUP BY status"):
            print(f"{status}: {count}")
    print(f"{len(questions)} answers are in {file}")
    return 0


def compare(file: Path, only: str, show: int) -> int:
    """Ask what was asked before, print what is answered otherwise, and return 1 if anything is."""
    different = count = 0
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(file)) as kept:
        rows = kept.execute("SELECT * FROM answer ORDER BY rowid").fetchall()
        app, engine, key = open_catalogue(folder)
        with TestClient(app, raise_server_exceptions=False) as client:
            known = {row[:3] for row in rows}
            asked = [q for q in questions_of(app, engine) if re.search(only, q.address)]
            new = [question for question in asked if question not in known]
            for method, address, body, status, media_type, packed in rows:
                if not re.search(only, address):
                    continue
                count += 1
                before = Answer(status, media_type, zlib.decompress(packed))
                after = ask(client, key, Question(method, address, body))
                if before != after:
                    different += 1
                    print(f"DIFFERENT {method} {address} {body}")
                    if different <= show:
                        print("\n".join(_difference(before, after)))
    print(f"{count - different} equal, {different} different, {len(new)} never recorded")
    for question in new[:show]:
        print(f"NEW {question.method} {question.address}")
    return int(different > 0 or count == 0)


def _difference(before: Answer, after: Answer) -> list[str]:
    lines = difflib.unified_diff(_lines(before), _lines(after), "before", "after", "", "", 2, "")
    return [line[:300] for line in itertools.islice(lines, 40)]


def _lines(answer: Answer) -> list[str]:
    words = answer.body.decode(errors="replace")
    if "json" in answer.media_type and answer.body.startswith((b"{", b"[")):
        with suppress(ValueError):  # one document a line
            words = json.dumps(json.loads(words), indent=1, ensure_ascii=False)
    return [f"{answer.status} {answer.media_type}", *words.splitlines()]


def main() -> int:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m tests.recording", description=__doc__)
    parser.add_argument("action", choices=["record", "compare"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", metavar="REGEX")
    parser.add_argument("--show", default=10, type=int, metavar="N")
    asked = parser.parse_args()
    file = asked.folder / "answers.db"
    if asked.action == "record":
        return record(file, asked.only)
    return compare(file, asked.only, asked.show)


if __name__ == "__main__":
    sys.exit(main())
