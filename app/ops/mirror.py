"""Keep a copy of a catalogue in a folder, in step with a server, and prove it by hash."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any

import httpx

from app.store.records import export_line

COPY = "catalogue.ndjson"
STATE = "state.json"
ATTEMPTS = 5
START_OVER = 410
PAGE = 2_000


Lines = dict[tuple[str, str], str]
"""(collection, key) -> its line of the export."""


class MirrorError(Exception):
    """The copy could not be updated; the folder is unchanged."""


class StartOverError(MirrorError):
    """The server does not have the release of the copy, so it cannot tell what changed since."""


@dataclass(frozen=True, slots=True)
class MirrorResult:
    """The outcome of a run."""

    release: int
    since: int
    upserts: int
    deletes: int
    records: int
    sha256: str


def mirror(url: str, folder: Path, on_page: Callable[[int], None]) -> MirrorResult:
    """Bring the copy in a folder in step with a server, and compare its hash with the server's.

    ``catalogue.ndjson`` is byte for byte the server's export of the release in ``state.json``.
    Both are replaced at the end, so a run that is cut short changes nothing.

    Args:
        url: Address of the server, without a path.
        folder: Where the copy is, or will be.
        on_page: Told how many items each page brought.

    Raises:
        MirrorError: The server does not answer, or the hashes differ.
    """
    since, records = _read(folder, url)
    try:
        return _follow(url, folder, on_page, since, records)
    except StartOverError:  # as after a restored backup
        return _follow(url, folder, on_page, 0, {})


def _follow(
    url: str, folder: Path, on_page: Callable[[int], None], since: int, records: Lines
) -> MirrorResult:
    start, upserts, deletes = since, 0, 0
    with httpx.Client(base_url=url, timeout=60, follow_redirects=True) as client:
        if since == 0:
            since, records = _take_whole(client)
            upserts = len(records)
            on_page(upserts)
        while True:
            release = since
            for page in _pages(client, since):
                for item in page["items"]:
                    at = (item["collection"], item["key"])
                    if item["op"] == "delete":
                        deletes += records.pop(at, None) is not None
                    else:
                        upserts += 1
                        records[at] = export_line(*at, item["record"])
                release = page["release"]
                on_page(len(page["items"]))
            told = _get(client, f"/v1/releases/{release}/digest", {}, ok=(200, 409))
            since = release
            if "sha256" in told:
                break  # no release was published meanwhile
    text = "".join(f"{records[at]}\n" for at in sorted(records)).encode()
    digest = hashlib.sha256(text).hexdigest()
    if digest != told["sha256"]:
        raise MirrorError(
            f"The copy of release {since} has the hash {digest}, the server's is "
            f"{told['sha256']}. Take a new copy in an empty folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    state = {"url": url, "release": since, "sha256": digest}
    _replace(folder / COPY, text)
    _replace(folder / STATE, json.dumps(state, indent=2).encode())
    return MirrorResult(since, start, upserts, deletes, len(records), digest)


def _read(folder: Path, url: str) -> tuple[int, Lines]:
    """Return the release of the copy and its lines; 0 and nothing where there is none."""
    if not (folder / STATE).exists():
        return 0, {}
    state = json.loads((folder / STATE).read_text(encoding="utf-8"))
    if state["url"] != url:
        raise MirrorError(f"{folder} holds a copy of {state['url']}; take another folder.")
    text = (folder / COPY).read_bytes()
    if hashlib.sha256(text).hexdigest() != state["sha256"]:
        raise MirrorError(f"{folder / COPY} was changed or damaged; take an empty folder.")
    return state["release"], _records(text)


def _take_whole(client: httpx.Client) -> tuple[int, Lines]:
    """Return the newest release and its lines from the file that the server has of it.

    0 and nothing where the file is not of that release, as one was published meanwhile, or of
    another shape: the feed tells the same.
    """
    newest = _get(client, "/v1/releases", {"limit": 1})["items"]
    if not newest:
        return 0, {}
    number = int(newest[0]["number"])
    told = _get(client, f"/v1/releases/{number}/digest", {}, ok=(200, 409))
    text = _request(client, f"/v1/export/{COPY}", {}, ok=(200,)).content
    if hashlib.sha256(text).hexdigest() != told.get("sha256"):
        return 0, {}
    return number, _records(text)


def _records(text: bytes) -> Lines:
    records = {}
    for line in text.decode().split("\n")[:-1]:
        record = json.loads(line)
        records[record["collection"], record["key"]] = line
    return records


def _pages(client: httpx.Client, since: int) -> Iterator[dict[str, Any]]:
    params: dict[str, str | int] = {"since": since, "limit": PAGE}
    while True:
        page = _get(client, "/v1/changes", params)
        yield page
        if page["next"] is None:
            return
        params["cursor"] = page["next"]


def _get(
    client: httpx.Client, path: str, params: dict[str, str | int], ok: tuple[int, ...] = (200,)
) -> dict[str, Any]:
    return dict(_request(client, path, params, ok).json())


def _request(
    client: httpx.Client, path: str, params: dict[str, str | int], ok: tuple[int, ...]
) -> httpx.Response:
    """Return an answer; retry after the time that a busy server names."""
    for attempt in range(ATTEMPTS):
        try:
            answer = client.get(path, params=params)
        except httpx.TransportError as error:
            if attempt == ATTEMPTS - 1:
                raise MirrorError(f"{client.base_url}{path} does not answer: {error}.") from error
            sleep(attempt + 1)
            continue
        if answer.status_code in ok:
            return answer
        if answer.status_code == START_OVER:
            raise StartOverError(f"{client.base_url} does not have the release of the copy.")
        if answer.status_code not in (429, 503):
            break
        sleep(float(answer.headers.get("Retry-After", attempt + 1)))
    raise MirrorError(f"{client.base_url}{path} answers {answer.status_code}: {answer.text[:300]}")


def _replace(path: Path, content: bytes) -> None:
    new = path.with_suffix(path.suffix + ".new")
    new.write_bytes(content)
    new.replace(path)
