"""Pages as tests read them: headings, links and fields, without a browser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit


@dataclass
class Link:
    """A link with its words, white space folded."""

    href: str
    text: str = ""


@dataclass
class ReadPage:
    """What a page says."""

    lang: str = ""
    text: str = ""
    links: list[Link] = field(default_factory=list)
    fields: list[dict[str, str]] = field(default_factory=list)
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


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = ReadPage()
        self._open: list[Link] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        page = self.page
        if "id" in given:
            page.ids.append(given["id"])
        page.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            page.inline.append(tag)
        if tag in ("script", "style"):
            self._silent += 1
        if tag == "html":
            page.lang = given.get("lang", "")
        elif tag == "a" and "href" in given:
            page.links.append(Link(given["href"]))
            self._open.append(page.links[-1])
        elif tag in ("input", "option"):
            page.fields.append(given)
        elif given.get("role") == "img":
            page.pictures.append(given.get("aria-label", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            self._open.pop()
        if tag in ("script", "style"):
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.page.text += data
        for link in self._open:
            link.text = " ".join(f"{link.text} {data}".split())


def read_page(content: str) -> ReadPage:
    """Read a page; its text has white space folded."""
    reader = _Reader()
    reader.feed(content)
    reader.page.text = " ".join(reader.page.text.split())
    return reader.page


def asked(address: str) -> dict[str, list[str]]:
    """Return the parameters in an address."""
    return parse_qs(urlsplit(address).query)
