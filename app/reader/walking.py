"""From a program to the pages of its school that tell of it, the most telling first."""

import heapq
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from time import monotonic
from urllib.parse import urldefrag, urljoin, urlsplit

from app.domain.pages.about import Lexicon, Subject
from app.domain.pages.finding import kinds_of, worth_of
from app.domain.pages.page import Page
from app.domain.text.identifiers import domain_of
from app.reader.documents import to_page
from app.reader.fetching import Fetched, NotFetchedError, Visitor

MOST_SITEMAPS = 8
MOST_IN_SITEMAP = 20_000
MOST_SITEMAP_BYTES = 20_000_000
MOST_LINKS = 40
"""Links of a page that are remembered, so that it leads on though it has not changed."""

LIKELY = (
    *("academics", "programs", "academics/programs", "areas-of-study", "catalog"),
    *("accreditation", "tuition", "admissions/tuition", "transfer", "programas", "costos"),
)
"""Where schools often keep what a site without sitemap or links does not lead to."""

_LOC = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)")
_TELLING_MAP = re.compile(r"page|program|academ|catalog|degree|major", re.IGNORECASE)
_OTHER_MAP = re.compile(
    r"post|news|image|video|event|people|author|tag|categor|attach", re.IGNORECASE
)

Link = tuple[str, str]
"""Words of a link, and where it leads."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a walk goes for one program."""

    pages: int = 12
    size: int = 60_000_000
    """Bytes of all its pages."""
    seconds: float = 600.0
    depth: int = 3
    """Links from where it begins."""


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class LastVisit:
    """What a page told of its version when it was opened last, and where it led on."""

    etag: str | None
    last_modified: str | None
    links: tuple[Link, ...] = ()


Known = Mapping[str, LastVisit]
"""Address -> its last visit for this program."""


@dataclass(slots=True)
class Visit:
    """One page opened; ``page`` None: not changed, or ``fault`` says why it was not read."""

    url: str
    page: Page | None = None
    fetched: Fetched | None = None
    fault: NotFetchedError | None = None
    links: tuple[Link, ...] = ()
    """Those worth opening, at most MOST_LINKS."""

    @property
    def size(self) -> int:
        """Bytes read."""
        return len(self.fetched.body or b"") if self.fetched else 0


@dataclass(slots=True)
class _Queue:
    """Addresses to open, the most worth first; none twice, and none of another site."""

    subject: Subject
    lexicon: Lexicon
    waiting: list[tuple[float, int, str, int]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    sites: set[str] = field(default_factory=set)

    def add(self, url: str, worth: float, depth: int) -> None:
        bare = bare_address(url)
        if bare not in self.seen:
            self.seen.add(bare)
            heapq.heappush(self.waiting, (-worth, len(self.seen), urldefrag(url)[0], depth))

    def add_links(self, links: Iterable[Link], depth: int) -> tuple[Link, ...]:
        """Add those that are worth opening, and return the best of them."""
        found: list[tuple[float, Link]] = []
        for words, url in links:
            if site_of(url) in self.sites and (
                worth := worth_of(url, words, self.subject, self.lexicon)
            ):
                found.append((worth, (words, urldefrag(url)[0])))
                self.add(url, worth - depth * 0.5, depth + 1)
        found.sort(key=lambda one: -one[0])
        return tuple(dict.fromkeys(link for _, link in found))[:MOST_LINKS]


def walk(
    visitor: Visitor,
    starts: Iterable[str],
    subject: Subject,
    lexicon: Lexicon,
    *,
    known: Known | None = None,
    bounds: Bounds = BOUNDS,
) -> Iterator[Visit]:
    """Yield the pages of a school's site for a program, opened in the order of their worth.

    ``starts`` are opened whatever they are worth; links and sitemaps lead on from them, on the same
    site and its subdomains only, and likely addresses where nothing led to the program.
    """
    queue = _Queue(subject, lexicon)
    begin = list(starts)
    for number, url in enumerate(begin):
        queue.sites.add(site_of(url))
        queue.add(url, 1_000.0 - number, 0)
    until = monotonic() + bounds.seconds
    opened = size = 0
    mapped: set[str] = set()
    read: set[str] = set()
    guesses: set[str] = set()
    is_found = False
    while opened < bounds.pages and size < bounds.size and monotonic() < until:
        if not queue.waiting:
            if is_found or guesses:
                break
            for number, path in enumerate(LIKELY):
                guesses.add(guess := urljoin(begin[0], f"/{path}"))
                queue.add(guess, -float(number), 1)
            continue
        _, _, url, depth = heapq.heappop(queue.waiting)
        if bare_address(url) in read or (opened and visitor.has_given_up(url)):
            continue
        last = (known or {}).get(url)
        visit = open_page(visitor, url, last)
        ended = visit.fetched.url if visit.fetched else url
        if depth == 0 and visit.fault is None:
            queue.sites.add(site_of(ended))  # a school that has moved leads on from where it is now
        if bare_address(ended) in read:
            continue  # under its own address, or by another link that leads to it
        read |= {bare_address(url), bare_address(ended)}
        if site_of(ended) not in queue.sites:
            text = f"{url} leads to another site, {ended}"
            visit = Visit(url, fault=NotFetchedError("elsewhere", text))
        found: Iterable[Link] = visit.page.links if visit.page else last.links if last else ()
        visit.links = queue.add_links(found, depth) if depth < bounds.depth else ()
        opened, size = opened + 1, size + visit.size
        if url in guesses and visit.fault is not None:
            continue
        title = visit.page.title if visit.page else ""
        is_found |= visit.fault is None and "program" in kinds_of(url, title, subject, lexicon)
        yield visit
        if depth == 0 and _host(ended) not in mapped:
            mapped.add(_host(ended))
            queue.add_links(_in_sitemaps(visitor, ended), depth)


def open_page(visitor: Visitor, url: str, last: LastVisit | None = None) -> Visit:
    """Open one page, and read it unless it has not changed since the last visit."""
    try:
        known = {"etag": last.etag, "last_modified": last.last_modified} if last else None
        fetched = visitor.fetch(url, known)
        if fetched.body is None:
            return Visit(url, fetched=fetched)
        page = to_page(fetched.url, fetched.body, fetched.content_type)
    except NotFetchedError as error:
        return Visit(url, fault=error)
    except ValueError as error:
        return Visit(url, fault=NotFetchedError("unreadable", f"{url}: {error}"))
    return Visit(url, page, fetched)


def _in_sitemaps(visitor: Visitor, url: str) -> list[Link]:
    """Return the addresses in the sitemaps of a site, packed ones and those in indexes too."""
    found: list[Link] = []
    waiting = visitor.sitemaps(url)
    for number, sitemap in enumerate(waiting):
        if number >= MOST_SITEMAPS or len(found) >= MOST_IN_SITEMAP:
            break
        try:
            body = _unpacked(visitor.fetch(sitemap).body or b"")
        except (NotFetchedError, zlib.error):
            continue
        text = body.decode("utf-8", "replace")
        places = [unescape(place) for place in _LOC.findall(text)]
        if "<sitemapindex" in text[:2_000]:
            waiting += sorted(
                (place for place in places if not _OTHER_MAP.search(urlsplit(place).path)),
                key=lambda place: not _TELLING_MAP.search(urlsplit(place).path),
            )
        else:
            found += [("", place) for place in places[: MOST_IN_SITEMAP - len(found)]]
    return found


def _unpacked(body: bytes) -> bytes:
    """Return a sitemap, unpacked if it is packed, cut where it is too long.

    Raises:
        zlib.error: It is damaged.
    """
    if body[:2] != b"\x1f\x8b":
        return body[:MOST_SITEMAP_BYTES]
    return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, MOST_SITEMAP_BYTES)


def bare_address(url: str) -> str:
    """Return an address as equal for all that lead to one page."""
    return re.sub(r"^https?://(?:www\.)?", "", urldefrag(url)[0].rstrip("/").lower())


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def site_of(url: str) -> str:
    """Return the domain of a host, which its subdomains share.

    A host that is an address is a site with its port; what is no address of the web is none, "".
    """
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    return _host(url) if host.replace(".", "").isdigit() else domain_of(host)
