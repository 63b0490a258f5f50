"""Pages as tests read them: headings, links, fields and marked parts, without a browser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

VOID = frozenset({"meta", "link", "input", "br", "wbr", "img", "hr"})


@dataclass
class Link:
    """A link with its words, white space folded."""

    href: str
    text: str = ""


@dataclass
class Part:
    """A part of a page that says in ``data-`` attributes what it is about, with its words."""

    marks: dict[str, str]
    text: str = ""


@dataclass
class ReadPage:
    """What a page says; ``fields`` are those of its own forms, not of the head that all share."""

    lang: str = ""
    text: str = ""
    links: list[Link] = field(default_factory=list)
    fields: list[dict[str, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)

    def link(self, words: str) -> str:
        """Return the address of the first link with these words.

        Raises:
            AssertionError: There is none.
        """
        found = [link.href for link in self.links if words in link.text]
        assert found, f"no link says {words!r}"
        return found[0]

    def sent(self, name: str) -> list[str]:
        """Return the values that forms of the page send for a field, chosen ones only."""
        return [
            one.get("value", "")
            for one in self.fields
            if one.get("name") == name
            and (one.get("type") not in ("checkbox", "radio") or "checked" in one)
        ]

    def marked(self, name: str) -> list[str]:
        """Return the values of a ``data-`` attribute, in the order of the page."""
        return [part.marks[name] for part in self.parts if name in part.marks]

    def part(self, name: str, value: str) -> str:
        """Return the words of the first part with this value of a ``data-`` attribute.

        Raises:
            AssertionError: There is none.
        """
        found = [part.text for part in self.parts if part.marks.get(name) == value]
        assert found, f"no part has data-{name}={value!r}"
        return found[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = ReadPage()
        self._open: list[tuple[str, Link | None, Part | None]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)
        if tag in ("script", "style"):
            self._silent += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)
        self._close(tag)

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        page, link, part = self.page, None, None
        if "id" in given:
            page.ids.append(given["id"])
        page.inline += [name for name in given if name == "style" or name.startswith("on")]
        is_data = given.get("type") == "application/ld+json"  # which no browser runs
        if tag == "style" or (tag == "script" and "src" not in given and not is_data):
            page.inline.append(tag)
        marks = {name[5:]: value for name, value in given.items() if name.startswith("data-")}
        if marks:
            part = Part(marks)
            page.parts.append(part)
        if tag == "html":
            page.lang = given.get("lang", "")
        elif tag == "a" and "href" in given:
            link = Link(given["href"])
            page.links.append(link)
        elif tag in ("input", "option"):
            if not any(one[0] == "header" for one in self._open):
                page.fields.append(given)
        elif given.get("role") == "img":
            page.pictures.append(given.get("aria-label", ""))
        if tag not in VOID:
            self._open.append((tag, link, part))

    def handle_endtag(self, tag: str) -> None:
        self._close(tag)
        if tag in ("script", "style"):
            self._silent -= 1

    def _close(self, tag: str) -> None:
        if any(one[0] == tag for one in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.page.text += data
        for _, link, part in self._open:
            for one in (link, part):
                if one:
                    one.text = " ".join(f"{one.text} {data}".split())


def read_page(content: str) -> ReadPage:
    """Read a page; its text has white space folded."""
    reader = _Reader()
    reader.feed(content)
    reader.page.text = " ".join(reader.page.text.split())
    return reader.page


def asked(address: str) -> dict[str, list[str]]:
    """Return the parameters in an address."""
    return parse_qs(urlsplit(address).query)
