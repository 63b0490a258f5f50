"""Fetch public files: only what is newer, resumed after a break, bounded, whole or not at all."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from urllib.request import getproxies
from zipfile import BadZipFile, ZipFile

import httpx

from app.public_hosts import private_address, private_peer

Advance = Callable[[int, int | None], None]
"""Told how many bytes of a file are there, and of how many; None: nobody says."""

Showing = Callable[[str], AbstractContextManager[Advance]]
"""File name -> a context that gives the function to report bytes to."""

LARGEST_PAGE = 5_000_000
"""Bytes of a page that is looked through for links."""

NOT_OUT = (404, 410)
COME_AGAIN = (429, 502, 503, 504)


class FetchError(Exception):
    """A file cannot be had from its publisher; the words say why."""


class _BrokenOffError(Exception):
    """A connection ended before the file did; what is there can be added to."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost; pauses between attempts grow by ``pause`` seconds."""

    most_bytes: int = 600_000_000
    seconds: float = 1_800
    silence: float = 30
    redirects: int = 5
    attempts: int = 4
    pause: float = 2


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is known of a file that was fetched; it lies beside it, as JSON."""

    address: str
    etag: str | None
    last_modified: str | None
    sha256: str
    size: int
    fetched_at: str


class Fetcher:
    """Brings files into a folder and keeps them there.

    Only https is followed, and only to hosts that are public; with ``base_url`` everything is
    asked of that server instead, below the name of the publisher's host.
    """

    def __init__(
        self,
        folder: Path,
        *,
        showing: Showing,
        contact: str | None = None,
        base_url: str | None = None,
        limits: Limits = Limits(),
    ) -> None:
        self._folder, self._showing, self._limits = folder, showing, limits
        self._base = base_url.rstrip("/") if base_url else None
        agent = f"hit-compare ({contact or 'a catalogue of public data'})"
        timeout = httpx.Timeout(limits.silence, connect=10)
        self._client = httpx.Client(headers={"User-Agent": agent}, timeout=timeout)

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def find(self, name: str) -> Path | None:
        """Return a file that was fetched before; None: there is none."""
        path = self._folder / name
        return path if path.is_file() else None

    def read_page(self, address: str) -> str:
        """Return the text of a page.

        Raises:
            FetchError: It cannot be read, or is too large.
        """
        text = bytearray()
        try:
            with self._ask(address, {}) as answer:
                if answer.status_code != 200:
                    raise FetchError(_words_of(answer, address))
                for chunk in answer.iter_bytes():
                    text += chunk
                    if len(text) > LARGEST_PAGE:
                        raise FetchError(f"{address} is larger than a page of links should be.")
        except httpx.HTTPError as error:
            raise FetchError(f"{address} does not answer: {_told(error)}.") from error
        return text.decode("utf-8", errors="replace")

    def fetch(self, address: str, name: str) -> Path | None:
        """Return a file as it is published now; None: there is nothing at its address.

        A file that is there and has not changed since is not fetched again.

        Raises:
            FetchError: It cannot be had, or what came is not it. What was there before stays.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        until = monotonic() + self._limits.seconds
        for attempt in count(1):
            try:
                return self._try(address, name, until)
            except (_BrokenOffError, httpx.TransportError) as error:
                if attempt == self._limits.attempts:
                    words = f"{address}: the connection breaks off again and again"
                    raise FetchError(f"{words} ({_told(error)}); the next run goes on.") from error
            sleep(self._limits.pause * attempt)
        return None

    def _try(self, address: str, name: str, until: float) -> Path | None:
        path, part = self._folder / name, self._folder / f"{name}.part"
        known = _read(_record_of(path)) if path.is_file() else None
        begun = _read(_record_of(part)) if part.is_file() else None
        if begun is not None and begun.address != address:
            begun = None
        with self._ask(address, _conditions(known, begun, address, part)) as answer:
            if answer.status_code in NOT_OUT:
                return None
            if answer.status_code == 304 and known is not None:
                return path
            if answer.status_code == 416:  # what is there does not fit what is published
                part.unlink(missing_ok=True)
                raise _BrokenOffError("what was fetched before does not fit")
            if answer.status_code in COME_AGAIN:
                raise _BrokenOffError(f"it answers {answer.status_code}")
            goes_on = answer.status_code == 206 and _begins_at(answer) == _size(part)
            if answer.status_code != 200 and not goes_on:
                raise FetchError(_words_of(answer, address))
            self._save(answer, part, address, until, goes_on=goes_on)
        try:
            check_content(part, name, address)
        except FetchError:
            part.unlink()
            raise
        done = replace(_about(answer, address), sha256=_digest(part), size=_size(part))
        part.replace(path)
        _record_of(part).unlink(missing_ok=True)
        _write(_record_of(path), done)
        return path

    def _save(
        self, answer: httpx.Response, part: Path, address: str, until: float, *, goes_on: bool
    ) -> None:
        """Write what comes to the end of a file, or anew."""
        size = _size(part) if goes_on else 0
        length = answer.headers.get("Content-Length", "")
        whole = size + int(length) if length.isdigit() else None
        most = self._limits.most_bytes
        if whole is not None and whole > most:
            raise FetchError(f"{address} is {whole:,} bytes large; at most {most:,} are taken.")
        _write(_record_of(part), _about(answer, address))
        with self._showing(part.stem) as advance, part.open("ab" if goes_on else "wb") as file:
            for chunk in answer.iter_raw():
                size += len(chunk)
                if size > most:
                    file.close()
                    part.unlink()
                    raise FetchError(f"{address} is larger than the {most:,} bytes that are taken.")
                file.write(chunk)
                advance(size, whole)
                if monotonic() > until:
                    seconds = f"{self._limits.seconds:,.0f} seconds"
                    raise FetchError(
                        f"{address} takes longer than {seconds}; the next run goes on."
                    )

    @contextmanager
    def _ask(self, address: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """Ask for an address, and follow where it has moved."""
        url = self._place(address)
        for _ in range(self._limits.redirects + 1):
            self._refuse_private(url)
            told = {"Accept-Encoding": "identity", **headers}
            request = self._client.build_request("GET", url, headers=told)
            answer = self._client.send(request, stream=True)
            try:
                self._refuse_private_peer(url, answer)
                if not answer.has_redirect_location:
                    yield answer
                    return
                url = str(httpx.URL(url).join(answer.headers["Location"]))
            finally:
                answer.close()
        raise FetchError(f"{address} leads on and on, from one address to the next.")

    def _place(self, address: str) -> str:
        """Return where to ask for what has an address."""
        if self._base is None:
            return address
        url = httpx.URL(address)
        return f"{self._base}/{url.host}{url.raw_path.decode()}"

    def _refuse_private(self, address: str) -> None:
        """Refuse what is not https or not in public.

        Raises:
            FetchError: It is one of these, or its host is not known.
        """
        url = httpx.URL(address)
        if self._is_of_base(url):
            return
        if url.scheme != "https":
            raise FetchError(f"{address}: only https is followed, not {url.scheme or 'this'}.")
        if _is_proxied():
            return  # the proxy finds the host, and refuses what it likes
        try:
            private = private_address(url.host, url.port or 443)
        except OSError as error:
            raise FetchError(f"{address}: the host {url.host} is not found ({error}).") from error
        if private is not None:
            raise FetchError(_not_public(address, private))

    def _refuse_private_peer(self, address: str, answer: httpx.Response) -> None:
        """Refuse an answer of a host that became another one after it was looked up."""
        if self._is_of_base(httpx.URL(address)) or _is_proxied():
            return
        if (private := private_peer(answer.extensions)) is not None:
            raise FetchError(_not_public(address, private))

    def _is_of_base(self, url: httpx.URL) -> bool:
        if self._base is None:
            return False
        base = httpx.URL(self._base)
        return (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port)


def check_content(path: Path, name: str, address: str) -> None:
    """See whether what came is the kind of file that was asked for.

    Raises:
        FetchError: It is a page, an archive that is cut off, or nothing.
    """
    with path.open("rb") as file:
        beginning = file.read(4_000)
    if not beginning:
        raise FetchError(f"{address}: the file is empty.")
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|\?xml)", beginning, re.IGNORECASE):
        title = re.search(rb"<title[^>]*>\s*([^<]{1,80})", beginning, re.IGNORECASE)
        called = f", titled {title[1].decode(errors='replace').strip()!r}," if title else ""
        raise FetchError(f"{address}: a page{called} came in place of the file.")
    if not name.lower().endswith((".zip", ".xlsx")):
        return
    try:
        with ZipFile(path) as archive:
            archive.infolist()
    except (BadZipFile, OSError, ValueError) as error:
        what = "is cut off or damaged" if beginning.startswith(b"PK") else "is none"
        raise FetchError(f"{address}: the archive {what} ({error}).") from error


def _conditions(
    known: Fetched | None, begun: Fetched | None, address: str, part: Path
) -> dict[str, str]:
    """Return the headers that ask for the rest of what was begun, or for what is newer."""
    if begun is not None and (validator := _strong(begun)):
        return {"Range": f"bytes={_size(part)}-", "If-Range": validator}
    if known is None or known.address != address:
        return {}
    told = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in told.items() if value}


def _strong(begun: Fetched) -> str | None:
    """Return what proves that a file is still the same, byte for byte."""
    if begun.etag and not begun.etag.startswith("W/"):
        return begun.etag
    return begun.last_modified


def _begins_at(answer: httpx.Response) -> int:
    told = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return int(told[1]) if told else -1


def _about(answer: httpx.Response, address: str) -> Fetched:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    told = answer.headers
    return Fetched(address, told.get("ETag"), told.get("Last-Modified"), "", 0, now)


def _words_of(answer: httpx.Response, address: str) -> str:
    hint = ""
    if answer.status_code in (401, 403):
        hint = "; some publishers answer only those who tell a contact (REFRESH_CONTACT)"
    return f"{address} answers {answer.status_code} {answer.reason_phrase}{hint}."


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__


def _not_public(address: str, host: str) -> str:
    return f"{address} is at {host}, which is no public address."


def _is_proxied() -> bool:
    """Return whether a proxy of the environment asks in our place."""
    return not {"https", "all"}.isdisjoint(getproxies())


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _record_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _read(path: Path) -> Fetched | None:
    """Return what is known of a file; None where it cannot be told, so that it is fetched anew."""
    try:
        return Fetched(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write(path: Path, known: Fetched) -> None:
    new = path.with_suffix(".new")
    new.write_text(json.dumps(asdict(known), indent=1), encoding="utf-8")
    new.replace(path)
