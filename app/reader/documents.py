"""From the bytes of an address to a page: blocks of text under their headings, tables as rows.

HTML is read with selectolax, PDF with pypdf. Menus, scripts and forms are left out; what folds away
counts as text under the words that unfold it.
"""

import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.domain.dates import parse_as_of, year_in_path
from app.domain.pages.page import Block, Page
from app.domain.pages.patterns import pattern

MOST_BLOCKS = 20_000
MOST_PDF_PAGES = 400
MOST_BLOCKS_OF_PDF = 20_000
DROPPED = (
    "script, style, noscript, template, nav, form, svg, iframe, select, [role=navigation], "
    "[class*=breadcrumb], [class*=menu]"
)
_HEADING = re.compile(r"h([1-6])")
_INLINE = {
    "a",
    "b",
    "strong",
    "i",
    "em",
    "span",
    "br",
    "sup",
    "sub",
    "u",
    "small",
    "abbr",
    "mark",
    "font",
    "-text",
    "time",
    "code",
    "q",
    "cite",
    "wbr",
}
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_UPDATED = pattern("documents", "updated")
_EDITION = pattern("documents", "edition")
_TOLD_IN_HEADING = pattern("documents", "told_in_heading")
_FIGURE = pattern("documents", "figure")
_ROW = pattern("documents", "row")
_LEADER = pattern("documents", "leader")
_ROW_CELL = pattern("documents", "row_cell")
_GAP = pattern("documents", "gap")
_YEARS_LINE = pattern("documents", "years_line")


def to_page(url: str, body: bytes, content_type: str = "") -> Page:
    """Return the page that the bytes of an address are.

    Raises:
        ValueError: Neither HTML nor PDF, or damaged.
    """
    digest = hashlib.sha256(body).hexdigest()
    if body.startswith(b"%PDF-") or "application/pdf" in content_type:
        return _from_pdf(url, body, digest)
    if (
        content_type
        and "html" not in content_type
        and "xml" not in content_type
        and "text/plain" not in content_type
    ):
        raise ValueError(f"{content_type} is neither HTML nor PDF")
    try:
        return _from_html(url, decode(body, content_type), digest)
    except RecursionError as error:
        raise ValueError("its elements stand too deep inside each other") from error


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of a page by the encoding it names, else UTF-8, else Windows-1252."""
    named = re.search(r"charset=([\w-]+)", content_type) or _CHARSET.search(body[:4096])
    names = [named[1] if isinstance(named[1], str) else named[1].decode()] if named else []
    names = [
        "cp1252" if n.lower() in {"iso-8859-1", "latin-1", "latin1", "us-ascii"} else n
        for n in names
    ]
    for name in (*names, "utf-8"):
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", errors="replace")


def _from_html(url: str, text: str, digest: str) -> Page:
    tree = LexborHTMLParser(text)
    data = list(_structured(tree))
    named = tree.css_first("title")
    title = _clean(named.text()) if named else ""
    as_of = _date_in_head(tree, data)
    base = tree.css_first("base[href]")
    address = urljoin(url, base.attributes.get("href") or "") if base else url
    links = tuple(_links(tree, address))
    panels = _names_of_panels(tree)
    for node in tree.css(DROPPED):
        node.decompose()
    for node in tree.css("br"):
        node.replace_with(LINE_END)
    blocks = tuple(_Walk(address, panels).blocks(tree.body)) if tree.body else ()
    return Page(
        url=url,
        title=title,
        blocks=blocks[:MOST_BLOCKS],
        as_of=_edition_of(url, title, blocks) or as_of or _updated(blocks),
        hash=digest,
        data=tuple(data),
        links=links,
    )


def _links(tree: LexborHTMLParser, address: str) -> Iterator[tuple[str, str]]:
    """Yield the words and the address of each link of a page, its menus among them."""
    for node in tree.css("a[href]"):
        try:
            yield _clean(node.text())[:200], urljoin(address, node.attributes.get("href") or "")
        except ValueError:  # no address at all
            continue


def _names_of_panels(tree: LexborHTMLParser) -> dict[str, str]:
    """Return id -> the words of the tab that shows the panel of this id."""
    tabs = tree.css(
        "[role=tab], [data-toggle=tab], [data-bs-toggle=tab], [class*=tab] a[href^='#']"
    )
    found: dict[str, str] = {}
    for tab in tabs:
        target = tab.attributes.get("aria-controls") or (tab.attributes.get("href") or "")[1:]
        if target and (words := _clean(tab.text())) and len(words) < MOST_OF_TITLE:
            found.setdefault(target, words)
    return found


def _structured(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Yield the JSON-LD objects of a page; what is no JSON is passed over."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            found = json.loads(node.text())
        except (ValueError, RecursionError):
            continue
        for one in found if isinstance(found, list) else [found]:
            if isinstance(one, dict):
                graph = one.get("@graph")
                yield from (
                    (g for g in graph if isinstance(g, dict)) if isinstance(graph, list) else (one,)
                )


def _date_in_head(tree: LexborHTMLParser, data: list[dict[str, Any]]) -> str | None:
    """Return the day a page says it was last changed on."""
    for one in data:
        if found := _as_of(one.get("dateModified")):
            return found
    for name in (
        "article:modified_time",
        "og:updated_time",
        "last-modified",
        "dcterms.modified",
        "date.modified",
    ):
        node = tree.css_first(
            f'meta[property="{name}"], meta[name="{name}"], meta[http-equiv="{name}"]'
        )
        if node and (found := _as_of(node.attributes.get("content"))):
            return found
    return None


def _as_of(text: object) -> str | None:
    try:
        return parse_as_of(str(text)[:10]) if text else None
    except ValueError:
        return None


def _edition_of(url: str, title: str, blocks: tuple[Block, ...]) -> str | None:
    """Return the academic year of a catalog or price list, by its title, head or address."""
    heads = [
        title,
        *dict.fromkeys(h for b in blocks[:12] for h in b.headings[:1]),
        *(b.text for b in blocks[:6] if len(b.text) < 120 and not b.text.endswith(".")),
    ]
    for head in heads:
        if match := _EDITION.search(head):
            first, end = (match[1], match[2]) if match[1] else (match[3], match[4])
            try:
                return parse_as_of(f"{first}-{end}")
            except ValueError:
                continue
    return year_in_path(url)


def _updated(blocks: tuple[Block, ...]) -> str | None:
    for block in (*blocks[:20], *blocks[-20:]):
        if match := _UPDATED.search(block.text):
            try:
                return parse_as_of(match[1])
            except ValueError:
                continue
    return None


class _Walk:
    """Goes through a page once, keeping the headings that the text stands under."""

    def __init__(self, url: str, panels: Mapping[str, str]) -> None:
        self._url = url
        self._panels = panels
        self._heads: list[tuple[float, str]] = []

    def blocks(self, node: LexborNode) -> Iterator[Block]:
        """Yield the blocks inside a node, in the order of the page."""
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text" or (tag in _INLINE and not self._has_blocks(child)):
                if text := _text_of(child):
                    yield self._block(text, child)
            elif match := _HEADING.fullmatch(tag):
                is_whole = not self._has_blocks(child)
                text = _clean(child.text()) if is_whole else _leading_text(child)
                if _TOLD_IN_HEADING.search(text):
                    yield self._block(text, child)
                self._head(float(match[1]), text)
                if not is_whole:  # its end is missing, and the page goes on inside of it
                    yield from self.blocks(child)
            elif tag == "dd" and self._heads and not self._has_blocks(child):
                if text := _text_of(child):
                    label = self._heads[-1][1]
                    yield self._block(text, child, (("", label), ("", text)))
            elif tag in {"summary", "dt", "legend", "button"}:
                self._head(6.5, _clean(child.text()))
            elif tag == "table":
                yield from self._table(child)
            elif card := self._card(child):
                label, value = card
                if _FIGURE_ALONE.fullmatch(value):
                    yield self._block(f"{value} {label}", child)
                else:
                    yield self._block(value, child, (("", label), ("", value)))
            elif self._has_blocks(child):
                depth = len(self._heads)
                name = self._panels.get(child.attributes.get("id") or "", "")
                if name:
                    self._head(5.5, name)
                yield from self.blocks(child)
                if tag in {"details", "dl"} or name:
                    del self._heads[depth:]
            else:
                parts = _side_by_side(child)
                text = _lines(child)
                if not text:
                    continue
                if pair := _bold_label(child):
                    yield self._block(pair[1], child, (("", pair[0]), ("", pair[1])))
                    continue
                if parts:
                    yield from (self._block(part, child) for part in parts)
                elif (tag == "p" and self._is_bold(child, text)) or _is_title_of_fold(child, text):
                    self._head(6.3, text)
                else:
                    yield self._block(text, child)

    def _head(self, level: float, text: str) -> None:
        while self._heads and self._heads[-1][0] >= level:
            self._heads.pop()
        if text:
            self._heads.append((level, text[:200]))

    @staticmethod
    def _is_bold(node: LexborNode, text: str) -> bool:
        """Return whether a paragraph is a heading in bold."""
        strong = node.css_first("strong, b")
        return (
            len(text) < 90
            and (not text.endswith(".") or bool(_LETTERS_AT_END.search(text)))
            and not _TOLD_IN_HEADING.search(text)
            and strong is not None
            and _clean(strong.text()) == text
        )

    @staticmethod
    def _has_blocks(node: LexborNode) -> bool:
        return any(
            one.mem_id != node.mem_id and one.tag not in _INLINE
            for one in node.traverse(include_text=False)
        )

    def _card(self, node: LexborNode) -> tuple[str, str] | None:
        """Return the label and the value of an element that has just these two, else None."""
        parts = [one for one in node.iter(include_text=True) if _text_of(one)]
        if len(parts) != 2 or any(one.tag not in _CARD or self._has_blocks(one) for one in parts):
            return None
        texts = [_text_of(one) for one in parts]
        if any(len(text) > MOST_OF_CARD or text.endswith(".") for text in texts):
            return None
        names = [bool(_FOLDS.search(one.attributes.get("class") or "")) for one in parts]
        if names == [False, True] or not (names[0] or _is_label(texts[0])):
            texts.reverse()
        return (texts[0], texts[1]) if _is_label(texts[0]) else None

    def _block(self, text: str, node: LexborNode, cells: tuple[tuple[str, str], ...] = ()) -> Block:
        anchors = [node] if node.tag == "a" else node.css("a[href]") if node.tag != "-text" else []
        links = tuple(
            (_clean(a.text()), urljoin(self._url, a.attributes["href"] or ""))
            for a in anchors
            if a.attributes.get("href")
        )
        return Block(text, tuple(text for _, text in self._heads), cells, links)

    def _table(self, table: LexborNode) -> Iterator[Block]:
        """Yield a block a row; a table that only lays out a page is read as text."""
        rows = [row for row in table.css("tr") if (row.css_first("td, th"))]
        if any(row.css_first("table, h1, h2, h3, h4, h5, h6") for row in rows):
            for row in rows:
                yield from self.blocks(row)
            return
        caption = table.css_first("caption")
        depth = len(self._heads)
        if caption:
            self._head(6.6, _clean(caption.text()))
        columns: list[str] = []
        texts = [[_clean(cell.text()) for cell in row.css("td, th")] for row in rows]
        for row, cells in zip(rows, texts, strict=True):
            is_head = _is_of_heads(row) or (
                row is rows[0] and row.css_first("th") is None and _is_head_row(texts)
            )
            if is_head:
                if len([c for c in cells if c]) == 1:
                    self._head(6.65, next(c for c in cells if c))
                else:
                    columns = cells
                continue
            if len([c for c in cells if c]) == 1 and len(cells) == 1:
                if text := cells[0]:
                    yield self._block(text, row)
                continue
            if len(cells) == 2 and not columns and cells[0] and cells[1]:
                self._head(6.66, cells[0])
                yield self._block(cells[1], row, (("", cells[0]), ("", cells[1])))
                continue
            named = tuple(
                (columns[number] if number < len(columns) else "", cell)
                for number, cell in enumerate(cells)
            )
            if not columns and _is_of_pairs(cells):
                for label, value in zip(cells[::2], cells[1::2], strict=True):
                    self._head(6.66, label)
                    yield self._block(value, row, (("", label), ("", value)))
                continue
            if text := " | ".join(cell for cell in cells if cell):
                yield self._block(text, row, named)
        del self._heads[depth:]


def _bold_label(node: LexborNode) -> tuple[str, str] | None:
    """Return the label in bold that stands in a line over the one value of a paragraph."""
    strong, lines = node.css_first("strong, b"), _lines(node).split(" • ")
    if strong is None or len(lines) != 2 or not _is_label(lines[0]):
        return None
    return (lines[0].rstrip(": "), lines[1]) if _clean(strong.text()) == lines[0] else None


def _leading_text(node: LexborNode) -> str:
    """Return the text of an element before the first block inside of it."""
    told: list[str] = []
    for one in node.traverse(include_text=True):
        if one.mem_id == node.mem_id:
            continue
        if one.tag == "-text":
            told.append(one.text(deep=False))
        elif one.tag not in _INLINE:
            break
    return _clean(" ".join(told))


def _is_of_heads(row: LexborNode) -> bool:
    """Return whether all cells of a row are heads, but for an empty one in the corner."""
    corner, *rest = row.css("td, th")
    is_corner = corner.tag == "th" or (bool(rest) and not _clean(corner.text()))
    return is_corner and all(cell.tag == "th" for cell in rest)


def _is_of_pairs(cells: list[str]) -> bool:
    """Return whether a row sets labels beside their values: "Credits | 52 | Format | Online"."""
    return len(cells) in {4, 6} and all(cells) and all(map(_is_label, cells[::2]))


def _is_head_row(rows: list[list[str]]) -> bool:
    """Return whether the first row of a table has the names of its columns.

    In a table of two columns it does only where each further row has a figure in the second: else
    the first column has labels.
    """
    first, rest = rows[0], rows[1:]
    if not rest or len(first) < 2 or any(re.search(r"\d", cell) for cell in first[1:]):
        return False
    return len(first) > 2 or all(len(row) < 2 or re.search(r"\d", row[1]) for row in rest)


def _side_by_side(node: LexborNode) -> list[str]:
    """Return the texts of an element that only sets spans side by side, else nothing."""
    parts = [(child.tag, _text_of(child)) for child in node.iter(include_text=True)]
    told = [(tag, text) for tag, text in parts if text]
    if node.tag == "p" or len(told) < 2 or any(tag not in _SIDES for tag, _ in told):
        return []
    return [text for _, text in told]


_CARD = {"div", "p", "span", "strong", "b"}
MOST_OF_CARD = 60
_SIDES = {"span", "strong", "b", "em", "small"}
_FIGURE_ALONE = re.compile(r"[\d,.–-]+\+?\s?%?")
_LETTERS_AT_END = re.compile(r"\b(?:[A-Z]\.){2,}$")
"""As "A.A.S.", which ends no sentence."""

_LABEL = re.compile(r"[^\d$%.!]{2,60}:?")
MOST_WORDS_OF_LABEL = 7
_FOLDS = re.compile(r"title|heading|toggle|accordion|tab\b|question|trigger|label", re.IGNORECASE)


def _is_label(text: str) -> bool:
    """Return whether a text can be the label of what stands beside it."""
    return bool(_LABEL.fullmatch(text)) and len(text.split()) <= MOST_WORDS_OF_LABEL


def _is_title_of_fold(node: LexborNode, text: str) -> bool:
    """Return whether an element is what one clicks to unfold a text, by its role or class."""
    return (
        len(text) < MOST_OF_TITLE
        and not text.endswith(".")
        and not _FIGURE.search(text)
        and (
            node.attributes.get("role") in {"button", "tab", "heading"}
            or "aria-expanded" in node.attributes
            or (node.tag != "p" and bool(_FOLDS.search(node.attributes.get("class") or "")))
        )
    )


MOST_OF_TITLE = 90
LINE_END = "\u2028"
"""Stands where the page ends a line; a blank to everything that does not ask."""


def _lines(node: LexborNode) -> str:
    """Return the text of an element; a line that ends there, and not for the width, is told."""
    lines = [line for raw in _joined(node).split(LINE_END) if (line := _clean(raw))]
    return re.sub(r" • (?=[a-z])", " ", " • ".join(lines))


def _text_of(node: LexborNode) -> str:
    return _clean(_joined(node))


def _joined(node: LexborNode) -> str:
    """Return the text of an element; parts that only its style sets apart do not run together."""
    return _APART.sub(" ", node.text(deep=True, separator="\x1f")).replace("\x1f", "")


_APART = re.compile(r"(?<=[\w%.)])\x1f+(?=[A-Z0-9$(])|(?<=\d)\x1f+(?=[a-z])")


def _clean(text: str) -> str:
    """Return a text with single blanks."""
    return " ".join(text.replace("\u00ad", "").split())


_TITLE_LINE = pattern("documents", "title_line")


def _from_pdf(url: str, body: bytes, digest: str) -> Page:
    try:
        document = PdfReader(io.BytesIO(body))
        pages = [page.extract_text() or "" for page in document.pages[:MOST_PDF_PAGES]]
        title = str((document.metadata and document.metadata.title) or "")
    except (PyPdfError, ValueError, KeyError, RecursionError) as error:
        raise ValueError(f"no PDF that can be read: {error}") from error
    text = _without_running_heads(pages)
    is_catalog = len(pages) > MOST_OF_LEAFLET
    blocks = tuple(_paragraphs(text, is_catalog=is_catalog))
    if not title:
        lines = [line for line in map(_clean, "\n".join(pages[:2]).splitlines()) if line]
        first = lines[:1] if is_catalog else list(blocks[0].headings[:1]) if blocks else []
        title = first[0] if first else urlsplit(url).path.rsplit("/", 1)[-1]
    return Page(
        url=url,
        title=title,
        blocks=blocks[:MOST_BLOCKS_OF_PDF],
        as_of=_edition_of(url, title, blocks) or _updated(blocks),
        hash=digest,
        is_catalog=is_catalog,
    )


def _without_running_heads(pages: list[str]) -> str:
    """Return the text of pages without the lines that most of them begin or end with."""
    if len(pages) < FEWEST_WITH_RUNNING_HEADS:
        return "\n\n".join(pages)
    lines = [[line for line in page.splitlines() if line.strip()] for page in pages]
    ends = Counter(key for page in lines for key in {_no_digits(one) for one in _ends_of(page)})
    running = {key for key, count in ends.items() if count > len(pages) / 2}
    return "\n\n".join(
        "\n".join(
            one for one in page.splitlines() if _no_digits(one) not in running or not one.strip()
        )
        for page in pages
    )


FEWEST_WITH_RUNNING_HEADS = 3
MOST_OF_LEAFLET = 6
"""Pages of a document that is on one thing; a longer one is a catalog of many programs."""


_FACT_LINE = re.compile(r"[A-Z][a-z]+(?: [\w()-]+){0,3}: \S+(?: \S+){0,5}")
_FIGURES_ALONE = re.compile(r"\$[\d,]+(?:\.\d\d)?")
_LABEL_AND_FIGURES = re.compile(r"(?P<label>[^\t]{3,90})\t(?P<figures>[^\t]+)")


def _ends_of(lines: list[str]) -> list[str]:
    return [*lines[:2], *lines[-2:]]


def _no_digits(line: str) -> str:
    return re.sub(r"\d+", "", _clean(line))


def _paragraphs(text: str, *, is_catalog: bool = False) -> Iterator[Block]:
    """Yield the paragraphs of a PDF, each under the title lines before it.

    A label with figures after it is a row; a line of years above rows names their columns. The
    first title of a catalog is not that of the programs after it.
    """
    heads: tuple[str, ...] = ()
    lines: list[str] = []
    columns: list[str] = []
    is_top = not is_catalog
    for line in [*text.splitlines(), ""]:
        bare = _clean(line)
        parts = bare.split() if _YEARS_LINE.fullmatch(bare) else _GAP.split(line.strip())
        beside = [part for part in parts[:-2] if ": " in part] if len(parts) > 2 else []
        if beside:  # facts in one column, a row of figures in the next
            bare, parts = "  ".join(parts[len(beside) :]), parts[len(beside) :]
        row = _ROW.fullmatch(_clean(bare))
        if row and len(_ROW_CELL.findall(row["figures"])) == 1 and not _LEADER.search(line.strip()):
            row = None  # a sentence that breaks after a figure
        if len(parts) == 2 and not row and _FIGURES_ALONE.fullmatch(parts[1]):
            row = _LABEL_AND_FIGURES.fullmatch("\t".join(parts))  # a label with figures in it
        if row and len(parts) > 1 and "..." not in line and not _ROW_CELL.match(parts[-1]):
            row = None  # names of columns, the last of which ends in a figure
        if (
            len(parts) == 2
            and parts[0].isupper()
            and _is_title(bare)
            and not _ROW_CELL.search(bare)
        ):
            parts = [bare]  # a title, and the award at the end of its line
        is_fact = _FACT_LINE.fullmatch(bare) and (not lines or lines[-1].endswith((".", ":")))
        is_title = len(parts) == 1 and not is_fact and _is_title(bare)
        if lines and (row or is_title or is_fact or not bare or len(parts) > 1):
            yield Block(" ".join(lines), heads)
            lines = []
        yield from (Block(part, heads) for part in beside)
        if is_fact:
            yield Block(bare, heads)
        elif len(parts) > 1 and all(": " in part for part in parts):
            yield from (Block(part, heads) for part in parts)
        elif row:
            figures = _ROW_CELL.findall(row["figures"])
            label = row["label"].strip()
            names = ["", *columns] if len(columns) == len(figures) else columns
            if len(names) != 1 + len(figures):
                names = [""] * (1 + len(figures))
            cells = tuple(zip(names, (label, *figures), strict=True))
            yield Block(f"{label} | {' | '.join(figures)}", heads, cells)
        elif len(parts) > 1:
            columns = parts
        elif is_title:
            is_first = is_catalog and bare.split("(")[0].isupper()
            heads = (bare,) if is_first else _under(heads, bare, is_top=is_top and bool(heads))
            columns = []
        elif bare:
            lines.append(bare)
        is_top = is_top and (is_title or not bare)


def _is_title(line: str) -> bool:
    return (
        bool(_TITLE_LINE.match(line))
        and len(line) < 80
        and not line.endswith((".", ",", ";"))
        and not re.search(r"[$%]", line)
    )


def _under(heads: tuple[str, ...], title: str, *, is_top: bool) -> tuple[str, ...]:
    """Return the headings below a new title line; the title lines at the top are one heading."""
    if is_top:
        return (f"{heads[0]} {title}",)
    if not heads:
        return (title,)
    if title.split("(")[0].isupper() or len(heads) == 1:
        return (heads[0], title)
    return (*heads[:2], title)
