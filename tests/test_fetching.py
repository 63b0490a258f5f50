"""Fetching public files: what came is whole and what was asked for, or it is told why not."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.importers.refresh.fetching import Advance, Fetcher, FetchError, Limits
from tests.publishers import Publishers, publishing, zipped

FILE = "nces.example/data/HD2025.zip"
ADDRESS = f"https://{FILE}"
CONTENT = zipped(hd2025__csv="UNITID,INSTNM\n" + "100001,First College\n" * 2_000)
LIMITS = Limits(pause=0, silence=2, attempts=3)


@contextmanager
def unseen(_name: str) -> Iterator[Advance]:
    yield lambda size, whole: None


@pytest.fixture(scope="module")
def server() -> Iterator[Publishers]:
    with publishing() as publishers:
        yield publishers


@pytest.fixture
def publishers(server: Publishers) -> Publishers:
    server.files.clear()
    server.asked.clear()
    return server


def fetcher(publishers: Publishers, folder: Path, limits: Limits = LIMITS) -> Fetcher:
    return Fetcher(folder, showing=unseen, base_url=publishers.url, limits=limits)


def fetch(publishers: Publishers, folder: Path, limits: Limits = LIMITS) -> Path | None:
    with fetcher(publishers, folder, limits) as one:
        return one.fetch(ADDRESS, "HD2025.zip")


def test_a_file_is_fetched_once_and_again_when_it_has_changed(
    publishers: Publishers, tmp_path: Path
) -> None:
    publishers.publish(FILE, CONTENT)

    first = fetch(publishers, tmp_path)
    again = fetch(publishers, tmp_path)
    newer = zipped(hd2025_rv__csv="UNITID\n")
    publishers.publish(FILE, newer)
    changed = fetch(publishers, tmp_path)

    assert first == again == changed
    assert [h.get("If-None-Match") is not None for _, h in publishers.asked] == [False, True, True]
    assert first is not None
    assert first.read_bytes() == newer
    assert sorted(path.name for path in tmp_path.iterdir()) == ["HD2025.zip", "HD2025.zip.json"]


def test_an_edition_that_is_not_out_yet_is_no_failure(
    publishers: Publishers, tmp_path: Path
) -> None:
    assert fetch(publishers, tmp_path) is None


@pytest.mark.parametrize("has_validator", [True, False])
def test_a_connection_that_breaks_off_is_taken_up_again(
    publishers: Publishers, tmp_path: Path, has_validator: bool
) -> None:
    publishers.publish(FILE, CONTENT, breaks_after=[300, 200], has_validator=has_validator)

    path = fetch(publishers, tmp_path)

    assert path is not None
    assert path.read_bytes() == CONTENT
    ranges = [headers.get("Range") for _, headers in publishers.asked]
    assert ranges == [None, *(["bytes=300-", "bytes=500-"] if has_validator else [None, None])]


def test_a_file_that_became_another_while_it_was_fetched_is_not_put_together(
    publishers: Publishers, tmp_path: Path
) -> None:
    publishers.publish(FILE, b"PK" + b"x" * 900, breaks_after=[300, 0, 0])
    with pytest.raises(FetchError, match="breaks off again and again"):
        fetch(publishers, tmp_path)
    publishers.publish(FILE, CONTENT)

    path = fetch(publishers, tmp_path)

    assert path is not None
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"content": b"<!DOCTYPE html><title>Sorry</title>"}, "a page, titled 'Sorry', came"),
        ({"content": CONTENT[:500]}, "cut off or damaged"),
        ({"content": CONTENT, "length": 400}, "cut off or damaged"),
        ({"content": b"UNITID,INSTNM\n"}, "the archive is none"),
        ({"content": b""}, "empty"),
        ({"content": CONTENT, "length": 10**9}, "1,000,000,000 bytes large"),
        ({"content": CONTENT + b" " * 60_000}, "bytes"),
        ({"status": 403}, "answers 403 .*REFRESH_CONTACT"),
        ({"status": 500}, "answers 500"),
        ({"status": 503}, "breaks off again and again .*503"),
        ({"moved_to": f"/{FILE}"}, "leads on and on"),
        ({"moved_to": "http://nces.example/HD2025.zip"}, "only https"),
        ({"moved_to": "https://127.0.0.2/HD2025.zip"}, "no public address"),
        ({"moved_to": "https://[::ffff:10.0.0.1]/x"}, "no public address"),
        ({"moved_to": "file:///etc/passwd"}, "only https"),
        ({"content": CONTENT, "pause": 0.3}, "takes longer"),
    ],
)
def test_what_is_not_the_file_is_told_apart_and_leaves_the_old_one(
    publishers: Publishers, tmp_path: Path, how: dict[str, object], words: str
) -> None:
    publishers.publish(FILE, zipped(hd2025__csv="UNITID\n"))
    old = fetch(publishers, tmp_path)
    assert old is not None
    before = old.read_bytes()
    publishers.publish(FILE, **how)
    limits = Limits(pause=0, silence=2, attempts=2, most_bytes=50_000, seconds=0.5)

    with pytest.raises(FetchError, match=words):
        fetch(publishers, tmp_path, limits)

    assert old.read_bytes() == before


def test_moves_are_followed(publishers: Publishers, tmp_path: Path) -> None:
    publishers.publish(FILE, moved_to="/nces.example/new/HD2025.zip")
    publishers.publish("nces.example/new/HD2025.zip", CONTENT)

    path = fetch(publishers, tmp_path)

    assert path is not None
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/HD2025.zip", "https://localhost/x", "http://example.org/x"]
)
def test_nothing_is_asked_of_this_machine_or_without_https(tmp_path: Path, address: str) -> None:
    with Fetcher(tmp_path, showing=unseen) as one, pytest.raises(FetchError, match=r"public|https"):
        one.fetch(address, "HD2025.zip")
