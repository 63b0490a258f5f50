"""Whole collections as files of a release, parts of them, and what a cell of a table may hold."""

import base64
import csv
import gzip
import hashlib
import io
import json
import math
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import httpx
import pytest
import zstandard
from arro3.io import read_parquet
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient
from starlette.types import Message

from app.domain.text.byte_ranges import UnsatisfiableError, merge, parse_range
from app.exports import release_files
from app.exports.cells import FORMULA, quoted, to_cell
from app.exports.collections import TABLES, files
from app.exports.release_files import (
    BASES,
    folder_of,
    make_file,
    make_release_files,
    newest_edition,
)
from app.exports.release_tables import Kind, ReleaseTable
from app.settings import get_settings
from tests.asking import run
from tests.fixtures import Databases
from tests.making import accredited, add_program, price, publish
from tests.serving import serving

pytestmark = pytest.mark.engines_in_turn

PLAIN = {"Accept-Encoding": "identity"}
NAMES = ("programs.csv", "programs.ndjson", "programs.jsonld", "catalogue.ndjson", "source.ndjson")
STATES = ("OH", "OH", "MI", "VT", "OH", "MI")


@pytest.fixture
def catalogue(session: Session) -> None:
    """Six programs in three states, published."""
    for number, state in enumerate(STATES):
        add_program(
            session,
            f"hit-{number}",
            school=f"school-{number}",
            school_fields={"state": state},
            claims=[price("tuition", 1000 + number), accredited()],
        )
    publish(session)


def whole(client: TestClient, name: str, **headers: str) -> httpx.Response:
    return client.get(f"/v1/export/{name}", headers={**PLAIN, **headers})


def digest_of(content: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


# Files of the release


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("name", NAMES)
def test_a_file_tells_its_length_hash_tag_and_age(client: TestClient, name: str) -> None:
    answer = whole(client, name)
    told = client.get(f"/v1/export/{name}.sha256")

    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["repr-digest"] == digest_of(answer.content)
    assert told.text == f"{hashlib.sha256(answer.content).hexdigest()}  {name}\n"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["etag"].startswith('"')
    assert answer.headers["last-modified"].endswith("GMT")
    asked = client.head(f"/v1/export/{name}", headers=PLAIN)
    assert asked.content == b""
    same = ("content-length", "etag", "repr-digest", "last-modified", "content-type")
    assert [asked.headers[key] for key in same] == [answer.headers[key] for key in same]


@pytest.mark.usefixtures("catalogue")
def test_the_list_of_files_tells_size_rows_and_hash_of_those_made(client: TestClient) -> None:
    before = {one["name"]: one for one in client.get("/v1/export").json()["items"]}
    assert before.keys() == files().keys()

    for name in files():
        whole(client, name)
    listed = client.get("/v1/export").json()

    assert listed["published_at"] == client.get("/v1/releases/1").json()["published_at"]
    for one in listed["items"]:
        content = whole(client, one["name"]).content
        assert one["size_bytes"] == len(content)
        assert one["sha256"] == hashlib.sha256(content).hexdigest()
        assert client.get(one["sha256_url"]).text.startswith(one["sha256"])
        assert client.get(one["url"], headers=PLAIN).content == content
        assert one["description"].endswith(".")
        assert (one["collection"], one["form"]) == tuple(one["name"].split("."))
        if one["name"].endswith(".ndjson"):
            assert one["rows"] == content.count(b"\n")
        elif one["name"].endswith(".csv"):
            assert (
                one["rows"] == len(list(csv.reader(io.StringIO(content.decode(), newline="")))) - 1
            )


def test_credentials_and_all_that_is_claimed_of_them_are_tables(
    seeded_client: TestClient,
) -> None:
    def table(name: str) -> list[dict[str, str]]:
        text = whole(seeded_client, f"{name}.csv").text
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def lines(name: str) -> list[dict[str, Any]]:
        return [
            json.loads(line)
            for line in whole(seeded_client, f"{name}.ndjson").text.split("\n")[:-1]
        ]

    items = seeded_client.get("/v1/credentials").json()["items"]
    assert lines("credentials") == items
    assert [row["code"] for row in table("credentials")] == [item["code"] for item in items]
    facts = lines("credential_facts")
    assert len(table("credential_facts")) == len(facts) > len(items)
    for code in ("RHIT", "CPC"):
        cells = seeded_client.get(f"/v1/credentials/{code}").json()["cells"]
        stated = [
            (cell["field"], said["value_text"], said["evidence"]["source_url"])
            for cell in cells
            for said in [
                *filter(None, [cell["current"]]),
                *(cell["agreeing"] + cell["conflicts"] + cell["history"]),
            ]
        ]
        told = [
            (row["field"], row["value_text"], row["source_url"])
            for row in facts
            if row["credential"] == code
            and row["status"] != "unknown"
            and row["field"] != "domain_weight"
        ]
        assert told == stated
        sheet = seeded_client.get(f"/v1/credentials/{code}", params={"view": "facts"}).json()
        assert [row for row in facts if row["credential"] == code] == [
            row for row in sheet["rows"] if row["credential"]
        ]
    hyphenated = seeded_client.get("/v1/export/credential-facts.csv")
    assert hyphenated.text == whole(seeded_client, "credential_facts.csv").text
    shared = [row for row in facts if row["credential"] is None]
    assert {row["issuer"] for row in shared} >= {"AHIMA"}


@pytest.mark.usefixtures("catalogue")
def test_every_file_can_be_had_and_every_line_is_a_row(client: TestClient) -> None:
    for name in files():
        answer = whole(client, name)
        assert answer.status_code == 200, name
        if name.endswith(".ndjson"):
            keys = {frozenset(json.loads(line)) for line in answer.text.split("\n")[:-1]}
            assert len(keys) <= 1, name
    rows = list(csv.reader(io.StringIO(whole(client, "programs.csv").text, newline="")))
    assert len(rows) == 1 + len(STATES)
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("coding", ["gzip", "zstd", "br"])
def test_a_file_is_sent_in_a_coding_with_the_hash_of_what_is_sent(
    engine: Engine, client: TestClient, name: str, coding: str
) -> None:
    plain = whole(client, name)

    with client.stream("GET", f"/v1/export/{name}", headers={"Accept-Encoding": coding}) as answer:
        sent = b"".join(answer.iter_raw())

    unpack = {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
    }
    assert unpack[coding](sent) == plain.content
    assert answer.headers["content-encoding"] == coding
    assert answer.headers["content-length"] == str(len(sent))
    assert answer.headers["repr-digest"] == digest_of(sent)
    assert answer.headers["etag"] not in ("", plain.headers["etag"])
    for sent_headers in (answer.headers, plain.headers):
        varied = [part.strip().lower() for part in sent_headers["vary"].split(",")]
        assert varied.count("accept-encoding") == 1


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("name", NAMES)
def test_what_a_caller_has_is_not_sent_again(client: TestClient, name: str) -> None:
    first = whole(client, name)
    tag, date = first.headers["etag"], first.headers["last-modified"]

    for headers in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"a,b", W/{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": date},
    ):
        answer = whole(client, name, **headers)
        assert (answer.status_code, answer.content) == (304, b""), headers
        assert answer.headers["etag"] == tag
    for headers in (
        {"If-None-Match": '"other"', "If-Modified-Since": date},
        {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
        {"If-Modified-Since": "soon"},
        {"If-Match": tag},
        {"If-Unmodified-Since": date},
    ):
        assert whole(client, name, **headers).status_code == 200, headers
    for headers in (
        {"If-Match": '"other"'},
        {"If-Match": f"W/{tag}"},
        {"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
    ):
        answer = whole(client, name, **headers)
        assert answer.status_code == 412, headers
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("name", NAMES)
def test_a_download_that_broke_goes_on_where_it_was(
    client: TestClient, name: str, coding: str
) -> None:
    def ask(**headers: str) -> tuple[httpx.Headers, int, bytes]:
        asked = {"Accept-Encoding": coding, **headers}
        with client.stream("GET", f"/v1/export/{name}", headers=asked) as answer:
            return answer.headers, answer.status_code, b"".join(answer.iter_raw())

    headers, _, content = ask()
    size = len(content)
    parts = b""
    for start in range(0, size, size // 3 + 1):
        end = min(start + size // 3, size - 1)
        told, status, part = ask(Range=f"bytes={start}-{end}", **{"If-Range": headers["etag"]})
        assert (status, told["content-range"]) == (206, f"bytes {start}-{end}/{size}")
        assert told["repr-digest"] == headers["repr-digest"]
        parts += part
    assert parts == content
    assert ask(Range="bytes=-5")[2] == content[-5:]
    assert ask(Range="bytes=1-", **{"If-Range": headers["last-modified"]})[1] == 206
    for if_range in ('"other"', f"W/{headers['etag']}", "Sat, 01 Jan 2000 00:00:00 GMT"):
        assert ask(Range="bytes=1-", **{"If-Range": if_range})[2] == content
    for odd in ("bytes=", "bytes=5-1", "lines=1-2", "bytes=0-1,3-4", "bytes=a-b"):
        assert ask(Range=odd)[1:] == (200, content), odd
    told, status, _ = ask(Range=f"bytes={size}-")
    assert (status, told["content-range"]) == (416, f"bytes */{size}")


ranges = st.integers(0, 60)


@given(start=ranges, end=ranges, size=ranges)
def test_a_range_is_what_python_cuts_out(start: int, end: int, size: int) -> None:
    content = bytes(range(size))

    for header, wanted in (
        (f"bytes={start}-{end}", content[start : end + 1]),
        (f"bytes={start}-", content[start:]),
        (f"bytes=-{end}", content[max(size - end, 0) :]),
    ):
        try:
            part = parse_range(header, size)
        except UnsatisfiableError:
            assert wanted == b""
        else:
            assert part is None or content[slice(*part)] == wanted != b""


@given(st.lists(st.booleans(), max_size=30), st.lists(st.integers(0, 3), min_size=30, max_size=30))
def test_merged_slices_are_the_same_bytes_in_fewer(taken: list[bool], sizes: list[int]) -> None:
    ends = [sum(sizes[: number + 1]) for number in range(len(sizes))]
    slices = [(e - s, e) for e, s, is_in in zip(ends, sizes, taken, strict=False) if is_in]

    merged = list(merge(slices))

    covered = [byte for start, end in slices for byte in range(start, end)]
    assert [byte for start, end in merged for byte in range(start, end)] == covered
    assert all(one[1] < other[0] for one, other in pairwise(merged))


# Parts


def rows_of(name: str, content: bytes) -> list[Any]:
    if name.endswith(".csv"):
        return list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    if name.endswith(".ndjson"):
        return [json.loads(line) for line in content.splitlines()]
    return list(json.loads(content)["@graph"])[1:]


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    "name", ["programs.csv", "programs.ndjson", "programs.jsonld", "institutions.jsonld"]
)
@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ({"state": "OH"}, [0, 1, 4]),
        ({"state": ["MI", "VT"]}, [2, 3, 5]),
        ({"exclude_state": "VT"}, [0, 1, 2, 4, 5]),
        ({"state": "AK"}, []),
        ({"state": list(set(STATES))}, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_a_part_is_rows_of_the_whole_before_and_after_that_is_made(
    client: TestClient, name: str, asked: dict[str, Any], places: list[int]
) -> None:
    address = f"/v1/export/{name}"
    early = client.get(address, params=asked, headers=PLAIN)
    every = rows_of(name, whole(client, name).content)
    late = client.get(address, params=asked, headers=PLAIN)

    assert rows_of(name, early.content) == [every[place] for place in places]
    assert late.content == early.content
    assert late.headers["etag"] == early.headers["etag"]
    assert late.headers["content-length"] == str(len(late.content))
    packed = client.get(address, params=asked, headers={"Accept-Encoding": "gzip"})
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", late.content)
    known = client.get(address, params=asked, headers={"If-None-Match": late.headers["etag"]})
    assert known.status_code == 304
    other = client.get(address, params={"state": "NY"}, headers=PLAIN)
    assert other.headers["etag"] != late.headers["etag"]


@pytest.mark.usefixtures("catalogue")
def test_what_cannot_be_asked_is_refused_before_the_first_byte(client: TestClient) -> None:
    for ending in ("csv", "ndjson", "jsonld"):
        for asked in ({"near": "00000"}, {"sate": "OH"}, {"sort": "name"}, {"q": ""}):
            answer = client.get(f"/v1/export/programs.{ending}", params=asked)
            assert answer.status_code == 422, answer.text
    for path in ("schools.ndjson", "source.csv", "source.csv.sha256", "..ndjson", "x.parquet"):
        assert client.get(f"/v1/export/{path}").status_code == 404, path


def test_many_rows_are_read_in_parts_of_bounded_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content := bytes(range(256)) * 40)
    monkeypatch.setattr(release_files, "BYTES_A_PART", 1000)
    slices = [(start, start + 7) for start in range(0, 10_000, 13)]

    parts = list(release_files.read_slices(path, [(0, 5000), *slices]))

    assert b"".join(parts) == content[:5000] + b"".join(content[s:e] for s, e in slices)
    assert {len(part) for part in parts[:-1]} == {1000}


# Releases, processes, faults


def test_an_export_is_of_the_newest_release_and_older_files_are_cleared_away(
    engine: Engine, client: TestClient, session: Session
) -> None:
    tags = []
    for number in range(4):
        add_program(session, f"hit-{number}")
        publish(session)
        answer = whole(client, "programs.ndjson")
        assert len(answer.text.splitlines()) == number + 1
        tags.append(answer.headers["etag"])

    assert len(set(tags)) == 4
    kept = sorted(path.name.partition("-")[0] for path in folder_of(engine).iterdir())
    assert kept == ["3", "4"]


def test_before_the_first_release_nothing_is_kept(client: TestClient, session: Session) -> None:
    before = whole(client, "programs.ndjson")
    add_program(session, "hit-1")
    publish(session)

    assert (before.status_code, before.content) == (200, b"")
    assert len(whole(client, "programs.ndjson").text.splitlines()) == 1


@pytest.mark.usefixtures("catalogue")
def test_one_file_is_made_once_however_many_ask(
    engine: Engine, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    make = release_files._make

    def counted(session: Session, edition: Any, name: str, path: Path) -> Any:
        made.append(name)
        return make(session, edition, name, path)

    monkeypatch.setattr(release_files, "_make", counted)
    answers: list[bytes] = []
    asking = [
        threading.Thread(target=lambda: answers.append(whole(client, "catalogue.ndjson").content))
        for _ in range(6)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()

    assert made == ["catalogue.ndjson"]
    assert len(set(answers)) == 1 and answers[0]


@pytest.mark.usefixtures("catalogue")
def test_who_waits_too_long_for_another_process_is_told_to_ask_again(
    engine: Engine, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.downloads.SECONDS_TO_WAIT", 0.3)
    path = newest_edition(engine).place("source.ndjson", None)

    with release_files._held(path) as is_held:
        assert is_held
        answer = whole(client, "source.ndjson")

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert whole(client, "source.ndjson").status_code == 200


@pytest.mark.usefixtures("catalogue")
def test_a_disk_that_is_full_leaves_nothing_half_written(
    engine: Engine, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("app.exports.release_files.os.fsync", full)
        answer = whole(client, "programs.csv")

    assert answer.status_code == 503
    left = [path.name for path in folder_of(engine).rglob("*") if path.is_file()]
    assert [name for name in left if not name.endswith(".lock")] == []
    assert whole(client, "programs.csv").status_code == 200


@pytest.mark.usefixtures("catalogue")
def test_a_file_that_was_cut_short_is_made_anew(engine: Engine, client: TestClient) -> None:
    content = whole(client, "programs.csv").content
    path = newest_edition(engine).place("programs.csv", None)
    path.write_bytes(content[:-1])

    assert whole(client, "programs.csv").content == content


@pytest.mark.usefixtures("catalogue")
def test_all_files_are_made_by_a_process_of_their_own_and_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    making = make_release_files(engine)
    assert making is not None
    making.join()

    assert [one for one in caplog.records if one.name == "app.exports.release_files"] == []
    edition = newest_edition(engine)
    for name, one in files().items():
        path = edition.place(name, None)
        assert path.is_file() != one.is_on_demand, name
        is_packed = one.is_packed or one.is_on_demand
        assert path.with_name(f"{name}.gzip").is_file() != is_packed, name
    monkeypatch.setattr("app.exports.release_files.subprocess.Popen", None)  # none is started
    assert make_release_files(engine) is None
    assert make_file(engine, "programs.csv", None) is not None


@pytest.mark.usefixtures("catalogue")
def test_files_are_sent_while_the_database_is_away(
    engine: Engine, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = whole(client, "programs.csv").content

    def away(*_arguments: Any, **_more: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("the database is away"))

    monkeypatch.setattr(engine, "connect", away)
    monkeypatch.setattr(engine.pool, "connect", away)

    assert whole(client, "programs.csv").content == content
    assert whole(client, "programs.ndjson").status_code == 503


def test_linked_data_name_themselves_by_the_address_asked_for_a_few_addresses(
    engine: Engine, client: TestClient, session: Session
) -> None:
    add_program(session, "hit-1")
    publish(session)

    for number in range(BASES + 3):
        host = f"h{number}.example"
        for _ in range(2):
            answer = whole(client, "programs.jsonld", Host=host)
            nodes = answer.json()["@graph"]
            assert nodes[0]["@id"] == f"http://{host}/v1/export/programs.jsonld"
            assert nodes[1]["@id"] == f"http://{host}/v1/programs/hit-1"
            assert ".invalid" not in answer.text
        few = {**PLAIN, "Host": f"part{number}.example"}
        part = client.get("/v1/export/programs.jsonld?award_level=associate", headers=few)
        assert part.json()["@graph"][1]["@id"] == f"http://{few['Host']}/v1/programs/hit-1"

    day = newest_edition(engine).place("programs.jsonld", None).parent
    assert len([path for path in day.iterdir() if path.is_dir()]) == BASES


@pytest.mark.usefixtures("catalogue")
def test_the_proxy_in_front_can_send_the_files_itself(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = whole(client, "programs.csv")
    monkeypatch.setattr(get_settings(), "accel_redirect", "/release-files")

    answer = whole(client, "programs.csv")
    part = client.get("/v1/export/programs.csv?state=OH", headers=PLAIN)

    told = answer.headers["x-accel-redirect"]
    file = get_settings().export_dir / told.removeprefix("/release-files/")
    assert file.read_bytes() == plain.content
    assert answer.content == b""
    for name in ("etag", "content-type", "content-disposition", "last-modified", "repr-digest"):
        assert answer.headers[name] == plain.headers[name]
    assert (
        whole(client, "programs.csv", **{"If-None-Match": plain.headers["etag"]}).status_code == 304
    )
    assert "x-accel-redirect" not in part.headers and len(part.content) > 100


def test_readers_that_do_not_read_hold_no_connection_and_nobody_up(databases: Databases) -> None:
    engine = databases.seeded("sqlite")
    with serving(engine) as address, httpx.Client(base_url=address, trust_env=False) as client:
        assert client.get("/v1/export/programs.ndjson").status_code == 200
        asked = b"GET /v1/export/%b HTTP/1.1\r\nHost: x\r\n\r\n"
        paths = (b"programs.ndjson", b"programs.ndjson?exclude_state=VT", b"programs.csv")
        readers = []
        try:
            for number in range(60):
                reader = socket.create_connection(
                    (urlsplit(address).hostname, urlsplit(address).port)
                )
                reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                reader.sendall(asked % paths[number % 3])
                assert reader.recv(15) == b"HTTP/1.1 200 OK"
                readers.append(reader)

            assert client.get("/health/ready").status_code == 200
            answer = client.get("/v1/programs?state=OH&limit=3&sort=name")

            assert (answer.status_code, len(answer.json()["items"])) == (200, 3)
            assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        finally:
            for reader in readers:
                reader.close()


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("asked", ["", "?state=OH"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_who_leaves_leaves_no_open_file(
    engine: Engine, client: TestClient, asked: str, coding: str
) -> None:
    address = f"/v1/export/programs.ndjson{asked}"
    assert client.get(address, headers={"Accept-Encoding": coding}).status_code == 200
    whole(client, "programs.ndjson")

    async def leave() -> None:
        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.body":
                raise OSError("the caller has left")

        headers = [(b"host", b"testserver"), (b"accept-encoding", coding.encode())]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "root_path": "",
            "path": "/v1/export/programs.ndjson",
            "query_string": asked[1:].encode(),
            "headers": headers,
            "client": ("testclient", 1),
            "server": ("testserver", 80),
        }
        with suppress(OSError, ClientDisconnect):
            await client.app(scope, receive, send)

    run(leave())

    folder = str(folder_of(engine))
    held = [entry.resolve() for entry in Path("/proc/self/fd").iterdir()]
    held = [path for path in held if str(path).startswith(folder)]
    assert [path for path in held if "-index" not in str(path.parent)] == []  # it is mapped


# Forms


def csv_rows(client: TestClient, table: ReleaseTable) -> list[dict[str, str]]:
    text = whole(client, f"{table.name}.csv").text
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_database(content: bytes) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.deserialize(content)
    database.row_factory = sqlite3.Row
    return database


def test_every_form_of_a_table_has_the_same_rows(seeded_client: TestClient, tmp_path: Path) -> None:
    answer = whole(seeded_client, "hit-compare.db")
    assert answer.headers["content-type"] == "application/vnd.sqlite3"
    with closing(read_database(answer.content)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        described = database.execute("SELECT * FROM columns").fetchall()
        assert len(described) == sum(len(table.columns) for table in TABLES.values())
        for name, table in TABLES.items():
            rows = csv_rows(seeded_client, table)
            names = [column.name for column in table.columns]
            stored = database.execute(f"SELECT * FROM {name}").fetchall()
            path = tmp_path / f"{name}.parquet"
            path.write_bytes(whole(seeded_client, path.name).content)
            parquet = read_parquet(path).read_all()
            lines = whole(seeded_client, f"{name}.ndjson").content.count(b"\n")

            assert parquet.column_names == names
            assert len(rows) == len(stored) == parquet.num_rows == lines
            for column in table.columns:
                told = [bare(row[column.name]) for row in rows]
                assert not column.is_required or all(told), column
                if column.kind in (Kind.TEXT, Kind.INTEGER, Kind.JSON):
                    assert [bare(row[column.name]) for row in stored] == told, column
                    assert [*map(bare, parquet[column.name].to_pylist())] == told, column


def bare(cell: object) -> str:
    """Return a cell without what keeps spreadsheets from running it; unknown is nothing."""
    return "" if cell is None else str(cell).removeprefix("'")


def test_a_workbook_has_the_rows_asked_for_and_codes_as_texts(seeded_client: TestClient) -> None:
    asked = {"state": "VT", "home_state": "OH"}
    table = seeded_client.get("/v1/export/programs.csv", params=asked).text
    rows = list(csv.DictReader(io.StringIO(table, newline="")))

    answer = seeded_client.get("/v1/export/programs.xlsx", params=asked)

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    head, *cells = book.get_sheet_by_name("programs").to_python()
    found = [dict(zip(head, row, strict=True)) for row in cells]
    assert len(found) == len(rows) > 5
    for row, cell in zip(rows, found, strict=True):
        assert (cell["slug"], cell["cip_code"]) == (row["slug"], row["cip_code"])
        assert str(cell["price_year_usd"]) in (row["price_year_usd"], f"{row['price_year_usd']}.0")
    assert "content-encoding" not in answer.headers
    about = book.get_sheet_by_name("About").to_python()
    assert [row[0] for row in about[:3]] == ["release", "as_of", "unknown"]
    refused = seeded_client.get("/v1/export/programs.xlsx?sate=OH")
    assert refused.status_code == 422


def test_a_workbook_that_would_be_too_large_is_refused(
    seeded_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.exports.forms.MOST_ROWS_OF_A_SHEET", 5)

    for address in ("/v1/export/programs.xlsx?state=VT", "/v1/export/statistics.xlsx"):
        answer = seeded_client.get(address)
        assert answer.status_code == 422, address
        assert "at most 5 rows" in answer.json()["detail"]


def test_files_are_described_for_software(seeded_client: TestClient) -> None:
    heads = {name: whole(seeded_client, f"{name}.csv").text.split("\r\n")[0] for name in TABLES}
    package = seeded_client.get("/v1/export/datapackage.json")
    web = seeded_client.get("/v1/export/csv-metadata.json")
    datasette = seeded_client.get("/v1/export/datasette.json").json()

    assert web.headers["content-type"] == "application/csvm+json"
    tag = {"If-None-Match": package.headers["etag"]}
    assert seeded_client.get("/v1/export/datapackage.json", headers=tag).status_code == 304
    resources = {one["path"]: one for one in package.json()["resources"]}
    on_the_web = {one["url"].rpartition("/")[2]: one for one in web.json()["tables"]}
    listed = {one["name"]: one for one in seeded_client.get("/v1/export").json()["items"]}
    for name in TABLES:
        head = heads[name].split(",")
        resource, described = resources[f"{name}.csv"], on_the_web[f"{name}.csv"]
        fields = {one["name"]: one for one in resource["schema"]["fields"]}
        columns = {one["name"]: one for one in described["tableSchema"]["columns"]}
        assert list(fields) == list(columns) == head
        for code in fields.keys() & {"cip_code", "soc_code", "area", "code", "key"}:
            assert (fields[code]["type"], columns[code]["datatype"]) == ("string", "string")
        assert name in datasette["databases"]["hit-compare"]["tables"]
        for link in resource["schema"].get("foreignKeys", []):
            assert f"{link['reference']['resource']}.csv" in resources
    assert resources["programs.csv"]["hash"] == f"sha256:{listed['programs.csv']['sha256']}"


def test_the_shape_of_every_line_can_be_had(client: TestClient, catalogue: None) -> None:
    for one in client.get("/v1/export").json()["items"]:
        if one["form"] != "ndjson":
            continue
        schema = client.get(one["schema_url"]).json()
        lines = whole(client, one["name"]).text.split("\n")[:3]
        Draft202012Validator.check_schema(schema)
        for line in filter(None, lines):
            Draft202012Validator(schema).validate(json.loads(line))
    assert client.get("/v1/export/schools.schema.json").status_code == 404


# Cells

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
starters = st.sampled_from(FORMULA)


@given(st.lists(values | st.builds(lambda a, b: [a + b, "x"], starters, st.text()), min_size=1))
def test_no_value_starts_a_formula_and_a_reader_gets_the_cells_back(row: list[Any]) -> None:
    cells = [to_cell(value) for value in row]
    line = f"{','.join(map(quoted, cells))}\r\n"

    for value, cell in zip(row, cells, strict=True):
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert math.isclose(float(cell), value) if cell not in ("inf", "-inf") else True
        else:
            assert not cell.startswith(FORMULA)
    found = list(csv.reader(io.StringIO(line, newline="")))
    assert found == ([cells] if line != "\r\n" else [[]])
    bare = [cell for cell in map(quoted, cells) if not cell.startswith('"')]
    assert not any(set(cell) & set('#",;\r\n') for cell in bare)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20))
def test_a_cell_loses_nothing(value: float | str) -> None:
    cell = to_cell(value)

    if isinstance(value, float):
        assert float(cell) == value
    else:
        assert cell.removeprefix("'") == value.removeprefix("'")


# What else only a release of the software changes


def test_the_interface_description_bears_a_tag(client: TestClient) -> None:
    first = client.get("/openapi.json")

    assert first.headers["cache-control"] == "public, max-age=60"
    again = client.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.json()["openapi"].startswith("3.1")


@pytest.fixture(scope="module")
def table(seeded_client: TestClient) -> Iterator[list[list[str]]]:
    """The table of all programs as shipped."""
    yield list(csv.reader(io.StringIO(whole(seeded_client, "programs.csv").text, newline="")))


def test_a_reader_that_takes_number_signs_for_comments_loses_no_cell(
    seeded_client: TestClient, table: list[list[str]]
) -> None:
    text = whole(seeded_client, "programs.csv").text

    signs = [cell for row in table for cell in row if "#" in cell]
    assert len(signs) > 10
    for cell in signs:
        assert f'"{cell}"' in text
