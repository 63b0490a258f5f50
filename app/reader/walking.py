"""From a program to the pages of its school that tell of it, the most telling first."""

import heapq
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from app.domain.pages.about import Lexicon, Subject
from app.domain.pages.finding import worth_of
from app.domain.pages.page import Page
from app.reader.documents import to_page
from app.reader.fetching import Fetched, NotFetchedError, Visitor

MOST_DEPTH = 3
MOST_IN_SITEMAP = 20_000
_LOC = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)")

Known = Mapping[str, Mapping[str, str | None]]
"""Address -> "etag", "last_modified" of the last visit."""


@dataclass(slots=True)
class Visit:
    """One page opened; ``page`` None: not changed, or ``fault`` says why it was not read."""

    url: str
    page: Page | None = None
    fetched: Fetched | None = None
    fault: NotFetchedError | None = None


def walk(
    visitor: Visitor,
    starts: Iterable[str],
    subject: Subject,
    lexicon: Lexicon,
    *,
    known: Known | None = None,
    most_pages: int,
) -> Iterator[Visit]:
    """Yield the pages of a school's site for a program, opened in the order of their worth.

    ``starts`` are opened whatever they are worth; links and sitemaps lead on from them, on the same
    site and its subdomains only.
    """
    queue: list[tuple[float, int, str, int]] = []
    seen: set[str] = set()
    hosts = set()
    for number, url in enumerate(starts):
        heapq.heappush(queue, (-1_000.0 + number, len(seen), url, 0))
        seen.add(_bare(url))
        hosts.add(_domain(url))
    opened = 0
    is_mapped = False
    while queue and opened < most_pages:
        _, _, url, depth = heapq.heappop(queue)
        visit = _open(visitor, url, (known or {}).get(url))
        opened += 1
        yield visit
        found = list(visit.page.links) if visit.page else []
        if not is_mapped and visit.fault is None:
            is_mapped = True
            found += _in_sitemaps(visitor, url)
        if depth >= MOST_DEPTH:
            continue
        for words, link in found:
            bare = _bare(link)
            if bare in seen or _domain(link) not in hosts:
                continue
            if worth := worth_of(link, words, subject, lexicon):
                seen.add(bare)
                heapq.heappush(
                    queue, (-worth + depth * 0.5, len(seen), urldefrag(link)[0], depth + 1)
                )


def _open(visitor: Visitor, url: str, known: Mapping[str, str | None] | None) -> Visit:
    try:
        fetched = visitor.fetch(url, known)
        if fetched.body is None:
            return Visit(url, fetched=fetched)
        page = to_page(fetched.url, fetched.body, fetched.content_type)
    except NotFetchedError as error:
        return Visit(url, fault=error)
    except ValueError as error:
        return Visit(url, fault=NotFetchedError("unreadable", f"{url}: {error}"))
    return Visit(url, page, fetched)


def _in_sitemaps(visitor: Visitor, url: str) -> list[tuple[str, str]]:
    """Return the addresses in the sitemaps of a site, one level of indexes deep."""
    found: list[tuple[str, str]] = []
    waiting = visitor.sitemaps(url)
    for number, sitemap in enumerate(waiting):
        if number >= 6 or len(found) >= MOST_IN_SITEMAP:
            break
        try:
            text = (visitor.fetch(sitemap).body or b"").decode("utf-8", "replace")
        except NotFetchedError:
            continue
        places = _LOC.findall(text)[: MOST_IN_SITEMAP - len(found)]
        if "<sitemapindex" in text[:2_000]:
            waiting += [
                place
                for place in places
                if "page" in place or "program" in place or len(places) < 4
            ]
        else:
            found += [("", place) for place in places]
    return found


def _bare(url: str) -> str:
    return urldefrag(url)[0].rstrip("/").lower()


def _domain(url: str) -> str:
    """Return the last two labels of a host, or three where the last has two letters."""
    host = (urlsplit(url).hostname or "").lower()
    labels = host.split(".")
    if host.replace(".", "").isdigit():
        return host
    return ".".join(labels[-3:] if len(labels[-1]) == 2 and len(labels) > 2 else labels[-2:])
