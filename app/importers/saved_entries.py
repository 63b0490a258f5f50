"""Pages of an accreditor's directory, saved from a browser, as a list that can be imported.

A page is a table with a row an entry, or one entry with labelled fields: a list of terms, rows of
two cells, a label in bold before its value, or "Label: value" in a line. Only fields whose labels a
list can have as columns are taken, and no other words of the page.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.domain.text.identifiers import fold
from app.errors import ImportFileError
from app.importers.accreditor_lists import NAMES
from app.importers.job import PAGE_ENDINGS

LEAST_COLUMNS = 2
"""Columns of a table, beside that of institutions, by which it is known as a list."""

_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")
_LABELLED = re.compile(r"\s*(?P<label>[^:]{2,40}):\s*(?P<value>\S.{0,300})")
Entry = dict[str, str]


def write_list(path: Path, folder: Path) -> Path:
    """Write the entries of saved pages as one list, named as their folder or file; return it.

    Raises:
        ImportFileError: No page holds an entry.
    """
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    entries = [
        entry
        for file in files
        if file.suffix.lower() in PAGE_ENDINGS
        for entry in entries_in(file.read_bytes().decode("utf-8", "replace"))
    ]
    if not entries:
        raise ImportFileError(
            [f"{path.name}: no saved page names an institution under a label that is known."]
        )
    to = folder / f"{path.stem if path.is_file() else path.name}.json"
    to.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    return to


def entries_in(html: str) -> list[Entry]:
    """Return the entries of one page, by our names for what they say."""
    tree = LexborHTMLParser(html)
    address = _address(tree, html)
    for node in tree.css("script, style, nav, header nav, footer, form"):
        node.decompose()
    listed = [entry for table in tree.css("table") for entry in _rows(table, address)]
    if listed:
        return listed
    entry = dict(_fields(tree))
    heading = tree.css_first("h1")
    if heading and len(entry) >= LEAST_COLUMNS:
        entry.setdefault("institution", _text(heading))
    if address:
        entry.setdefault("url", address)
    return [entry] if "institution" in entry and len(entry) > LEAST_COLUMNS else []


def _address(tree: LexborHTMLParser, html: str) -> str:
    """Return where a saved page was, as far as it tells."""
    for query, name in (('link[rel="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        node = tree.css_first(query)
        if node and (found := node.attributes.get(name)):
            return found
    saved = _SAVED_FROM.search(html[:2_000])
    return saved[1] if saved else ""


def _rows(table: LexborNode, address: str) -> Iterator[Entry]:
    """Yield the entries of a table that lists programs; the first row names its columns."""
    rows = table.css("tr")
    if not rows:
        return
    names = [NAMES.get(fold(_text(cell))) for cell in rows[0].css("th, td")]
    if "institution" not in names or len([n for n in names if n]) <= LEAST_COLUMNS:
        return
    for row in rows[1:]:
        entry = {
            name: text
            for name, cell in zip(names, row.css("td, th"), strict=False)
            if name and (text := _text(cell))
        }
        link = row.css_first("a[href]")
        if link and "url" not in entry:
            entry["url"] = urljoin(address, link.attributes.get("href") or "")
        if "institution" in entry:
            yield entry


def _fields(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Yield what the labelled fields of a page say, each name once."""
    seen: set[str] = set()
    for label, value in _labelled(tree):
        name = NAMES.get(fold(label))
        if name and value and name not in seen:
            seen.add(name)
            yield name, value


def _labelled(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for term in tree.css("dt"):
        value = _find_next(term, lambda node: node.tag == "dd")
        if value is not None:
            yield _text(term), _text(value)
    for row in tree.css("tr"):
        cells = row.css("th, td")
        if len(cells) == len(("label", "value")):
            yield _text(cells[0]), _text(cells[1])
    for label in tree.css("strong, b, label, span, h2, h3, h4, h5"):
        name = _text(label)
        if fold(name) not in NAMES:
            continue
        after = _find_next(label, lambda node: _text(node).strip(" :") != "")
        if after is not None:
            yield name, _text(after).lstrip(" :")
        elif label.parent is not None:
            beside = _find_next(label.parent, lambda node: _text(node) != "")
            if beside is not None:
                yield name, _text(beside)
    for node in tree.css("p, li, div, td, span"):
        if node.css_first("p, li, div, table") in (None, node) and (
            found := _LABELLED.fullmatch(_text(node))
        ):
            yield found["label"], found["value"]


def _find_next(node: LexborNode, fits: Callable[[LexborNode], bool]) -> LexborNode | None:
    """Return the first node that fits, of those that follow one in the same parent."""
    following = node.next
    while following is not None and not fits(following):
        following = following.next
    return following


def _text(node: LexborNode) -> str:
    return " ".join(node.text().split()).rstrip(":").strip()
