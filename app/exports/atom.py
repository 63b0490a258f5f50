"""Feeds of Atom (RFC 4287), for whoever wants to be told without asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

NAMESPACE = "http://www.w3.org/2005/Atom"
ATOM = "application/atom+xml"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened; ``key`` tells it from others of its feed."""

    key: str
    title: str
    summary: str
    at: datetime
    link: str


def to_atom(title: str, own: str, page: str, began: datetime, entries: Sequence[Entry]) -> bytes:
    """Return a feed with its address and that of its page; empty it is as old as ``began``."""
    feed = Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en"})
    _put(feed, "id", own)
    _put(feed, "title", title)
    _put(feed, "updated", (entries[0].at if entries else began).isoformat())
    SubElement(feed, "link", {"rel": "self", "type": ATOM, "href": own})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    _put(SubElement(feed, "author"), "name", "hit-compare")
    for entry in entries:
        node = SubElement(feed, "entry")
        _put(node, "id", f"{own}#{entry.key}")
        _put(node, "title", entry.title)
        _put(node, "updated", entry.at.isoformat())
        SubElement(node, "link", {"rel": "alternate", "type": "text/html", "href": entry.link})
        _put(node, "summary", entry.summary)
    content: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def _put(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
