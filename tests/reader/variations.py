"""Pages of the sets, changed so that nothing more may be read of them than before.

A section on something else is put in (``distractors.json``), columns of tables change places,
headings are worded in capitals or one level lower, and what stands around the page changes.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from app.reader.documents import decode
from tests.reader.judging import HERE, SETS, entries

DISTRACTORS: list[dict[str, str]] = json.loads(
    (HERE / "distractors.json").read_text(encoding="utf-8")
)
_HEADING = re.compile(r"(?is)(</?)h([2-5])\b")


def pages() -> list[dict[str, Any]]:
    """Return the entries of all sets whose page is HTML."""
    return [
        entry for name in SETS for entry in entries(name) if str(entry["page"]).endswith(".html")
    ]


def html_of(entry: dict[str, Any]) -> str:
    """Return the page of an entry."""
    return decode((HERE / "pages" / entry["page"]).read_bytes(), "text/html")


def distractors_for(entry: dict[str, Any]) -> list[dict[str, str]]:
    """Return the sections that are on something else than the program of an entry."""
    award = entry["program"][1]
    return [one for one in DISTRACTORS if not one.get("award") or one["award"] not in award]


def with_section(html: str, section: dict[str, str], tag: str) -> str:
    """Return a page with a section at its end, under a heading of a level, or in bold for "p"."""
    words = section["heading"]
    head = f"<p><strong>{words}</strong></p>" if tag == "p" else f"<{tag}>{words}</{tag}>"
    tree = LexborHTMLParser(html)
    place = tree.css_first("main") or tree.css_first("body")
    assert place is not None
    found = place.html or ""
    end = found.rindex("</")
    return (tree.html or "").replace(found, f"{found[:end]}{head}{section['html']}{found[end:]}")


def rewritten(html: str) -> Iterator[tuple[str, str]]:
    """Yield what was changed of a page that states the same, and the page."""
    yield "columns", _with_columns_turned(html)
    yield "levels", _HEADING.sub(lambda found: f"{found[1]}h{int(found[2]) + 1}", html)
    yield (
        "capitals",
        re.sub(
            r"(?is)(<h[2-4][^>]*>)([^<&]*)(</h)",
            lambda found: f"{found[1]}{found[2].upper()}{found[3]}",
            html,
        ),
    )
    yield (
        "notice",
        re.sub(
            r"(?i)(<body[^>]*>)",
            r"\1<div>Snow: campus closed Friday. Nursing night, May 4, online.</div>",
            html,
            count=1,
        ),
    )


def _with_columns_turned(html: str) -> str:
    """Return a page whose tables have their columns, but for the first, in the other order."""
    tree = LexborHTMLParser(html)
    for row in tree.css("tr"):
        cells = [cell for cell in row.iter() if cell.tag in {"td", "th"}][1:]
        if any("colspan" in cell.attributes for cell in cells):
            continue
        texts = [cell.html or "" for cell in cells]
        for cell, text in zip(cells, reversed(texts), strict=True):
            cell.replace_with(f"\x00{text}\x00")
    whole = tree.html or ""
    return re.sub(r"\x00(.*?)\x00", lambda found: _unescaped(found[1]), whole, flags=re.DOTALL)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
