"""Open pages of others: by robots.txt, slowly, bounded, and never at a private address."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Thread
from time import monotonic, sleep
from urllib.parse import urljoin, urlsplit

import httpx
from protego import Protego

from app.public_hosts import private_address, private_peer

MOST_BYTES = 20_000_000
"""Of one page; catalogs are large."""

MOST_SECONDS = 30.0
"""For one page, from the first byte sent to the last one read."""

MOST_REDIRECTS = 5
LONGEST_DELAY = 60.0
"""Seconds between two pages of a site; one that asks for more is left to people."""

MOST_FAILURES = 2
"""Pages of a site in a row that are slow or broken, before nothing more is asked of it."""

TOO_MANY = 429

KEPT_BYTES = 50_000_000
"""Of pages kept for the next program of the same school in this run."""

ROBOTS_BYTES = 500_000
"""As much of a robots.txt as has to be read (RFC 9309, 2.5)."""


class NotFetchedError(Exception):
    """A page was not read; ``code`` says why in one word, the text in a sentence.

    ``status`` is what the server answered, where it did.
    """

    def __init__(self, code: str, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.code, self.status = code, status


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of an address; ``body`` None: it has not changed since the last visit."""

    url: str
    """Where it was in the end, after redirects."""
    status: int
    body: bytes | None
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None


@dataclass(slots=True)
class Visitor:
    """Opens pages, a host at a time, each once in a run.

    Args:
        agent: How it introduces itself; names a contact.
        delay: Seconds between two pages of one host.
        private_hosts: Host and port of private addresses that may be opened, for a test.
        wait: Sleeps; tests count instead.
    """

    agent: str
    delay: float = 2.0
    private_hosts: frozenset[str] = frozenset()
    most_bytes: int = MOST_BYTES
    most_seconds: float = MOST_SECONDS
    wait: Callable[[float], None] = sleep
    _robots: dict[str, Protego | None] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)
    _failures: Counter[str] = field(default_factory=Counter)
    _kept: dict[str, Fetched] = field(default_factory=dict)
    _client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        """Make a client that follows no redirect by itself."""
        timeout = httpx.Timeout(min(15.0, self.most_seconds))
        self._client = httpx.Client(
            headers={
                "User-Agent": self.agent,
                "Accept": "text/html,application/pdf;q=0.9,*/*;q=0.1",
            },
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def fetch(self, url: str, known: Mapping[str, str | None] | None = None) -> Fetched:
        """Return a page; ``known`` are the "etag" and "last_modified" of an earlier visit.

        Raises:
            NotFetchedError: robots.txt forbids it, it leads to a private address, is too large, too
                slow, gone or broken.
        """
        if (kept := self._kept.get(url)) is not None:
            is_known = known and kept.etag and known.get("etag") == kept.etag
            return replace(kept, status=304, body=None) if is_known else kept
        asked, headers = url, {}
        if known and known.get("etag"):
            headers["If-None-Match"] = str(known["etag"])
        if known and known.get("last_modified"):
            headers["If-Modified-Since"] = str(known["last_modified"])
        for _ in range(MOST_REDIRECTS + 1):
            try:
                self._check_site(url)
                self._slow_down(url)
                answer = self._get_in_time(url, headers, self.most_bytes)
            except NotFetchedError as error:
                if url == asked:
                    raise
                text = f"{asked} leads to {url}: {error}"
                raise NotFetchedError(error.code, text, error.status) from error
            if isinstance(answer, Fetched):
                self._keep(asked, answer)
                return answer
            url = answer
        raise NotFetchedError("redirects", f"{url} leads on more than {MOST_REDIRECTS} times")

    def has_given_up(self, url: str) -> bool:
        """Return whether nothing more is asked of a site, which answered too badly."""
        return self._failures[_site(url)] >= MOST_FAILURES

    def _keep(self, asked: str, answer: Fetched) -> None:
        size = len(answer.body or b"")
        if answer.body is not None:
            kept = sum(len(one.body or b"") for one in self._kept.values())
            if kept + size > KEPT_BYTES:
                self._kept.clear()
            self._kept[asked] = answer

    def sitemaps(self, url: str) -> list[str]:
        """Return the addresses of a site's sitemaps: those robots.txt names, or the usual one."""
        robots = self._robots.get(_site(url))
        named = list(robots.sitemaps)[:5] if robots else []
        return named or [urljoin(url, "/sitemap.xml")]

    def _get_in_time(self, url: str, headers: Mapping[str, str], most: int) -> Fetched | str:
        """Return what ``_get`` does, or give up in time whatever the host does.

        A name that is looked up for ever, or a head sent byte by byte, keeps its thread and nobody
        else.
        """
        came: list[Fetched | str | NotFetchedError] = []

        def get() -> None:
            try:
                came.append(self._get(url, headers, most))
            except NotFetchedError as error:
                came.append(error)

        thread = Thread(target=get, daemon=True)
        thread.start()
        thread.join(self.most_seconds + 1)
        answer = came[0] if came else NotFetchedError("slow", f"{url} was not read in time")
        if not isinstance(answer, NotFetchedError):
            self._failures[_site(url)] = 0
            return answer
        if answer.status == TOO_MANY:
            self._failures[_site(url)] = MOST_FAILURES
        elif answer.code in {"slow", "broken"} or (answer.status or 0) >= 500:
            self._failures[_site(url)] += 1
        raise answer

    def _get(self, url: str, headers: Mapping[str, str], most: int) -> Fetched | str:
        """Return a page, or the address that it leads to."""
        self._check_host(url)
        until = monotonic() + self.most_seconds
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                self._check_peer(response, url)
                if response.is_redirect and (to := response.headers.get("location")):
                    return urljoin(url, str(to))
                if response.status_code == 304:
                    return Fetched(url, 304, None)
                if response.status_code >= 400:
                    status = response.status_code
                    code = "gone" if status in {404, 410} else "refused"
                    raise NotFetchedError(code, f"{url} answers {status}", status)
                body = self._read(response, url, most, until)
        except httpx.HTTPError as error:
            raise NotFetchedError("broken", f"{url} could not be read: {error!r}") from error
        except (httpx.InvalidURL, ValueError) as error:
            raise NotFetchedError(
                "address", f"{url[:200]} is no address that can be opened"
            ) from error
        return Fetched(
            url,
            response.status_code,
            body,
            response.headers.get("content-type", ""),
            response.headers.get("etag"),
            response.headers.get("last-modified"),
        )

    @staticmethod
    def _read(response: httpx.Response, url: str, most: int, until: float) -> bytes:
        told = response.headers.get("content-length", "")
        if told.isdigit() and int(told) > most:
            raise NotFetchedError("large", f"{url} has {int(told):,} bytes, more than {most:,}")
        parts, size = [], 0
        for part in response.iter_bytes():  # as they come: a slow one must be noticed
            size += len(part)
            if size > most:
                raise NotFetchedError("large", f"{url} has more than {most:,} bytes")
            if monotonic() > until:
                raise NotFetchedError("slow", f"{url} was not read in time")
            parts.append(part)
        return b"".join(parts)

    def _check_host(self, url: str) -> None:
        """Refuse an address whose host is not one on the public Internet."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NotFetchedError("address", f"{url[:200]} is no address of the web")
        if parts.netloc in self.private_hosts:
            return
        try:
            private = private_address(parts.hostname, parts.port or 443)
        except ValueError as error:  # a port or a name that cannot be
            raise NotFetchedError("address", f"{url[:200]} is no address of the web") from error
        except OSError as error:
            raise NotFetchedError("unknown_host", f"{parts.hostname} is not known") from error
        if private is not None:
            raise NotFetchedError("private", f"{url} leads to the private address {private}")

    def _check_peer(self, response: httpx.Response, url: str) -> None:
        """Refuse what was connected to, should a name have changed its address meanwhile."""
        private = private_peer(response.extensions)
        if private is not None and urlsplit(url).netloc not in self.private_hosts:
            raise NotFetchedError("private", f"{url} leads to the private address {private}")

    def _check_site(self, url: str) -> None:
        """Refuse what a site does not want read, and a site that answers too badly."""
        host = _site(url)
        if host not in self._robots:
            self._robots[host] = self._read_robots(host)
        if self.has_given_up(url):
            raise NotFetchedError("given_up", f"{host} answers too badly: nothing more is asked")
        robots = self._robots[host]
        if robots is None:
            raise NotFetchedError(
                "robots", f"{host}/robots.txt cannot be had: nothing is read there"
            )
        if not robots.can_fetch(url, self.agent):
            raise NotFetchedError("robots", f"{host}/robots.txt forbids {url}")
        if (asked := float(robots.crawl_delay(self.agent) or 0)) > LONGEST_DELAY:
            raise NotFetchedError(
                "robots", f"{host}/robots.txt asks for {asked:g} seconds between two pages"
            )

    def _read_robots(self, host: str) -> Protego | None:
        """Return the rules of a site; none where it has no such file (RFC 9309, 2.3.1)."""
        url = f"{host}/robots.txt"
        for _ in range(MOST_REDIRECTS):
            try:
                answer = self._get_in_time(url, {}, ROBOTS_BYTES)
            except NotFetchedError as error:
                is_absent = error.status is not None and error.status < 500
                if error.code in {"private", "address", "unknown_host"}:
                    raise
                return Protego.parse("") if is_absent else None
            if isinstance(answer, str):
                url = answer
                continue
            return Protego.parse((answer.body or b"").decode("utf-8", "replace"))
        return None

    def _slow_down(self, url: str) -> None:
        host = _site(url)
        robots = self._robots.get(host)
        asked = robots.crawl_delay(self.agent) if robots else None
        pause = max(self.delay, float(asked or 0))
        ready = self._last.get(host, float("-inf")) + pause
        if (left := ready - monotonic()) > 0:
            self.wait(left)
        self._last[host] = monotonic()


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
