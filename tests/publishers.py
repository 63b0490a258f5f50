"""A server that behaves like those of publishers: versions, ranges, moves, breaks, mistakes."""

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import ascii_uppercase
from threading import Thread
from time import sleep
from zipfile import ZipFile


@dataclass
class Published:
    """What one address answers; a change of ``content`` is a new version of it.

    ``breaks_after`` ends the first so many answers after so many bytes; ``length`` is told in
    place of the true one; ``pause`` goes between blocks of 1,000 bytes. One that ``is_endless``
    is sent again and again, without a length, until whoever asked goes away.
    """

    content: bytes = b""
    status: int = 200
    moved_to: str | None = None
    breaks_after: list[int] = field(default_factory=list)
    length: int | None = None
    pause: float = 0
    has_validator: bool = True
    is_endless: bool = False
    kind: str = "application/octet-stream"

    @property
    def etag(self) -> str:
        return f'"{sha256(self.content).hexdigest()[:16]}"'


@dataclass
class Publishers:
    """Address without https:// -> what it answers, and all that was asked."""

    url: str
    files: dict[str, Published] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def publish(self, address: str, content: bytes = b"", **how: object) -> Published:
        self.files[address] = Published(content, **how)  # type: ignore[arg-type]
        return self.files[address]

    def paths(self) -> list[str]:
        """Return the addresses asked for since the last look, and forget them."""
        found = [path for path, _ in self.asked]
        self.asked.clear()
        return found


def zipped(**members: str | bytes) -> bytes:
    """Return an archive of members, whose names are given with __ for the dot."""
    return _archive({name.replace("__", "."): text for name, text in members.items()})


def _archive(members: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return packed.getvalue()


SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(**sheets: Iterable[Iterable[str | int]]) -> bytes:
    """Return a workbook of sheets, each with its rows."""
    names = dict(enumerate(sheets, start=1))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    placed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>' for at, name in names.items()
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": _relations({1: ("officeDocument", "xl/workbook.xml")}),
        "xl/_rels/workbook.xml.rels": _relations(
            {at: ("worksheet", f"worksheets/sheet{at}.xml") for at in names}
        ),
        "xl/workbook.xml": f'<workbook xmlns="{SHEETS}" xmlns:r="{OFFICE}">'
        f"<sheets>{placed}</sheets></workbook>",
    }
    tables = {f"xl/worksheets/sheet{at}.xml": _sheet(sheets[name]) for at, name in names.items()}
    return _archive({**parts, **tables})


def _relations(targets: Mapping[int, tuple[str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'


def _sheet(rows: Iterable[Iterable[str | int]]) -> str:
    written = ""
    for number, cells in enumerate(rows, start=1):
        told = "".join(
            _cell(f"{letter}{number}", cell)
            for letter, cell in zip(ascii_uppercase, cells, strict=False)
        )
        written += f'<row r="{number}">{told}</row>'
    return f'<worksheet xmlns="{SHEETS}"><sheetData>{written}</sheetData></worksheet>'


def _cell(place: str, cell: str | int) -> str:
    if isinstance(cell, int):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell, quote=False)}</t></is></c>'


@contextmanager
def publishing() -> Iterator[Publishers]:
    """Run the server in this process."""
    publishers = Publishers("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer(self, publishers)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        publishers.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield publishers
        finally:
            server.shutdown()
            thread.join()


def answer(handler: BaseHTTPRequestHandler, publishers: Publishers) -> None:
    address = handler.path.removeprefix("/")
    publishers.asked.append((address, dict(handler.headers)))
    found = publishers.files.get(address, Published(b"<html>no such page</html>", 404))
    headers = {"Content-Type": found.kind}
    if found.has_validator:
        headers |= {"ETag": found.etag, "Last-Modified": formatdate(0, usegmt=True)}
    status, body = found.status, found.content
    if found.moved_to is not None:
        status, body = 302, b""
        headers["Location"] = found.moved_to
    elif status == 200:
        if found.has_validator and handler.headers.get("If-None-Match") == found.etag:
            status, body = 304, b""
        elif (asked := handler.headers.get("Range")) and fits(handler, found):
            first = int(asked.removeprefix("bytes=").removesuffix("-"))
            headers["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
            status, body = 206, body[first:]
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    if found.is_endless:
        handler.close_connection = True
    elif status != 304:
        handler.send_header("Content-Length", str(found.length or len(body)))
    handler.end_headers()
    if found.breaks_after and body:
        handler.wfile.write(body[: found.breaks_after.pop(0)])
        handler.close_connection = True
        return
    try:
        while True:
            for at in range(0, len(body), 1000) if found.pause else [0]:
                handler.wfile.write(body[at : at + 1000] if found.pause else body)
                sleep(found.pause)
            if not found.is_endless:
                break
    except OSError:  # the client has gone
        handler.close_connection = True


def fits(handler: BaseHTTPRequestHandler, found: Published) -> bool:
    return handler.headers.get("If-Range") == found.etag
