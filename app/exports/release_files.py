"""Whole collections as files of a release: made once, used by every process of a machine.

A file stands under its name only when it is whole, with what is told of it beside it. A lock of
the system lets one process make it; whoever makes it reads one state of the database, and whoever
reads it needs no database.
"""

import fcntl
import gc
import hashlib
import json
import logging
import mmap
import os
import shutil
import subprocess
import sys
import zlib
from array import array
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from itertools import chain, pairwise
from pathlib import Path
from secrets import token_hex
from tempfile import NamedTemporaryFile
from threading import Thread
from typing import Any, BinaryIO

import brotli  # type: ignore[import-untyped]
import zstandard
from sqlalchemy import Engine, make_url
from sqlmodel import Session

from app.clock import today
from app.domain.reader import ANYBODY, Reader
from app.domain.text.byte_ranges import Slice, merge
from app.exports.collections import Rows, files
from app.exports.release_tables import ROWS_A_BATCH, Numbers, Source
from app.queries.releases import find_release
from app.settings import get_settings
from app.store.database import make_engine, read_snapshot
from app.store.replicas import catalogue_of

BYTES_A_PART = 512 * 1024
BASES = 4
"""Addresses under which linked data are kept: where PUBLIC_URL is not set, callers choose them."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)

THOROUGH, QUICK = 6, 1
"""How much is done to make less of bytes: of a file, which is kept, and of an answer, once."""

CODINGS: dict[str, Callable[[int], Any]] = {
    "gzip": lambda level: zlib.compressobj(level, wbits=31),
    "zstd": lambda level: zstandard.ZstdCompressor(level).compressobj(),
    "br": lambda level: brotli.Compressor(quality=level),
}
"""Content coding -> what makes a compressor; what nearly all callers take comes first."""

USUAL = next(iter(CODINGS))
"""The coding that is made before anybody asks for it."""

Parts = Generator[bytes, None, None]
"""Bytes in some order, never all at once; whoever stops early closes it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Edition:
    """A release on a day, of one database: what its files are made from."""

    database: str
    release: int
    published_at: datetime
    day: date

    def place(self, name: str, base: str | None) -> Path:
        """Return where a file stands; ``base`` is the address that linked data have in it."""
        folder = get_settings().export_dir / self.database / self._release
        if not files()[name].is_dated:
            return folder / name
        folder /= self.day.isoformat()
        return folder / name if base is None else folder / _hash(base) / name

    @property
    def _release(self) -> str:
        return f"{self.release}-{self.published_at:%Y%m%dT%H%M%S%f}-{_made_by()}"

    def changed_at(self, name: str) -> datetime:
        """Return when a file last changed, to the second: what tells the day changes each day."""
        moment = self.published_at.replace(microsecond=0)
        if files()[name].is_dated:
            return max(moment, datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC))
        return moment

    def tag(self, name: str, base: str | None, question: str) -> str:
        """Return the weak entity tag of a part of a file: it is compressed on the way."""
        day = self.day if files()[name].is_dated else ""
        told = "\n".join(map(str, (self._release, day, name, base, question)))
        return f'W/"{self.release}-{_hash(told)}"'


@dataclass(frozen=True, slots=True)
class Made:
    """A file that is there.

    ``head`` and ``tail`` are the bytes before and after its rows; ``token`` stands in it where
    the address belongs that linked data name themselves by.
    """

    path: Path
    size: int
    sha256: str
    rows: int
    head: int
    tail: int
    release: int
    published_at: str
    token: str = ""

    def slices(self, numbers: Iterable[int]) -> Iterator[Slice]:
        """Yield what makes a whole file of some rows, in order; neighbours are one slice."""
        with _beside(self.path, "rows").open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        with mapped, memoryview(mapped) as raw, raw.cast("Q") as starts:
            yield from merge(self._slices(numbers, starts))

    def _slices(self, numbers: Iterable[int], starts: "memoryview[int]") -> Iterator[Slice]:
        yield 0, self.head
        for number in numbers:
            yield starts[number], starts[number + 1]
        yield self.size - self.tail, self.size


def folder_of(engine: Engine) -> Path:
    """Return where all files of a database stand."""
    return get_settings().export_dir / _hash(str(catalogue_of(engine).set(password=None)))


def find_edition(engine: Engine, session: Session) -> Edition:
    """Return what a session sees."""
    release = find_release(session)
    published_at = release.published_at if release else NEVER
    return Edition(
        database=folder_of(engine).name,
        release=release.number if release else 0,
        published_at=published_at if published_at.tzinfo else published_at.replace(tzinfo=UTC),
        day=today(),
    )


def newest_edition(engine: Engine) -> Edition:
    """Return the newest release on this day, by one short question to the database."""
    with Session(engine) as session:
        return find_edition(engine, session)


def find_file(edition: Edition, name: str, base: str | None) -> Made | None:
    """Return a file of an edition, if it is there."""
    if edition.release == 0:  # nothing is published: what is there may change at any moment
        return None
    return _read(edition.place(name, base))


def make_file(engine: Engine, name: str, base: str | None) -> Made | None:
    """Return a file of the newest release, made if it is not there.

    None: another process or thread is at it, or a release was published meanwhile.

    Raises:
        OSError: It cannot be written.
    """
    edition = newest_edition(engine)
    path = edition.place(name, base)
    with _held(path) as is_ours:
        if not is_ours:
            return None
        if found := find_file(edition, name, base):
            return found
        if files()[name].is_linked and base is not None:
            template = make_file(engine, name, None)
            if template is None or template.path != edition.place(name, None):
                return None
            _remove_all_but(path.parent.parent, BASES, keep=path.parent)
            told = replace(template, path=path, token="")
            made = _write(told, *_renamed(template, base), is_indexed=True)
        else:
            with read_snapshot(engine) as session:
                if find_edition(engine, session) != edition:
                    return None
                made = _make(session, edition, name, path)
    remove_older(edition)
    os.utime(path, (changed := edition.changed_at(name).timestamp(), changed))
    return made


def find_coded(made: Made, coding: str) -> Made | None:
    """Return a file in a content coding, if it is there."""
    return _read(_beside(made.path, coding)) if made.release else None


def make_coded(made: Made, coding: str) -> Made | None:
    """Return a file in a content coding, made if it is not there; None as ``make_file``."""
    path = _beside(made.path, coding)
    with _held(path) as is_ours:
        if not is_ours:
            return None
        if found := find_coded(made, coding):
            return found
        told = replace(made, path=path, rows=0, head=0, tail=0, token="")
        parts = encode(read_slices(made.path, [(0, made.size)]), coding, THOROUGH)
        coded = _write(told, b"", ([part] for part in parts), b"")
        os.utime(path, (made.path.stat().st_mtime,) * 2)
        return coded


def encode(parts: Parts, coding: str, level: int) -> Parts:
    """Yield the same bytes in a content coding."""
    compressor = CODINGS[coding](level)
    put = compressor.process if coding == "br" else compressor.compress
    with closing(parts):
        for part in parts:
            if coded := put(part):
                yield coded
    yield compressor.finish() if coding == "br" else compressor.flush()


def few_rows(
    engine: Engine,
    edition: Edition,
    name: str,
    base: str | None,
    numbers: Numbers,
    reader: Reader = ANYBODY,
) -> bytes | None:
    """Return a file of a few rows without the whole one; None where a release came meanwhile."""
    if base is not None and (template := find_file(edition, name, None)):
        found = b"".join(read_slices(template.path, template.slices(numbers)))
        return _renaming(template, base)(found)
    with read_snapshot(engine) as session:
        if find_edition(engine, session) != edition:
            return None
        collection = files()[name]
        source = Source(session, edition.release, edition.day, base or "", reader)
        if collection.write is not None:
            with NamedTemporaryFile() as file:
                collection.write(source, numbers, Path(file.name))
                return Path(file.name).read_bytes()
        rows = (row for batch in collection.rows(source, numbers) for row in batch)
        return b"".join([collection.head(source), *rows, collection.tail])


def rows_for_reader(
    engine: Engine, edition: Edition, name: str, reader: Reader, numbers: Numbers
) -> Parts:
    """Yield some rows of a file with the prices of one reader, a batch at a time.

    Between two parts no connection is held, however slowly they are taken.

    Raises:
        OSError: A release came meanwhile, whose rows may be others.
    """
    collection = files()[name]
    rest, is_first = list(numbers), True
    while rest or is_first:
        with read_snapshot(engine) as session:
            if find_edition(engine, session) != edition:
                raise OSError(f"{name} of release {edition.release} is not there any more")
            source = Source(session, edition.release, edition.day, "", reader)
            head = collection.head(source) if is_first else b""
            batch, rest, is_first = rest[:ROWS_A_BATCH], rest[ROWS_A_BATCH:], False
            rows = [row for rows in collection.rows(source, batch) for row in rows]
        yield b"".join([head, *rows])
    yield collection.tail


def read_slices(path: Path, slices: Iterable[Slice]) -> Parts:
    """Yield the bytes of slices in parts of some size, however short or long each slice is."""
    with path.open("rb", buffering=0) as file:
        part: list[bytes] = []
        size = 0
        for start, end in slices:
            while start < end:
                found = os.pread(file.fileno(), min(end - start, BYTES_A_PART - size), start)
                if not found:
                    raise OSError(f"{path} is shorter than it was")
                part.append(found)
                start += len(found)
                size += len(found)
                if size >= BYTES_A_PART:
                    yield b"".join(part)
                    part, size = [], 0
        yield b"".join(part)


def make_release_files(engine: Engine) -> Thread | None:
    """Let a process of low priority make what is missing of the newest release.

    Returns at once: with what waits for that process, which ends with this one, or with None
    where all is there.
    """
    edition = newest_edition(engine)
    if edition.release == 0 or all(
        (made := find_file(edition, name, base))
        and (files()[name].is_packed or find_coded(made, USUAL))
        for name, base in _all()
    ):
        return None
    thread = Thread(target=_run_maker, args=(engine, edition.release), daemon=True)
    thread.start()
    return thread


def _run_maker(engine: Engine, release: int) -> None:
    with _held(folder_of(engine) / "all") as is_ours:
        if not is_ours:
            return
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", __name__],
            env={
                **os.environ,
                "DATABASE_URL": catalogue_of(engine).render_as_string(hide_password=False),
                "DATABASE_READ_URL": engine.url.render_as_string(hide_password=False),
                "EXPORT_DIR": str(get_settings().export_dir),
            },
            stdin=subprocess.PIPE,  # closed when this process ends, however it does
        )
        with process:
            if code := process.wait():
                log.warning("the files of release %d were not made: %d", release, code)


def main() -> None:
    """Make every file of the newest release, and the coding that nearly all callers take.

    Ends with whoever started it, which its input tells: it is open as long.
    """
    Thread(target=lambda: os._exit(len(os.read(0, 1)) or 1), daemon=True).start()
    os.nice(19)
    gc.set_threshold(50_000)  # a fifth of the time went into looking for cycles, which are few
    settings = get_settings()
    catalogue = make_url(settings.database_url)
    engine = make_engine(settings.database_read_url, pool_size=1)
    engine = engine.execution_options(catalogue=catalogue)
    for name, base in _all():
        made = make_file(engine, name, base)
        if made and not files()[name].is_packed:
            make_coded(made, USUAL)


def _all() -> Iterator[tuple[str, str | None]]:
    """Yield name and address of every file that is made before anybody asks for it.

    Where no address is set, that is linked data without one: putting it in takes little.
    """
    public = get_settings().public_url
    return (
        (name, public if one.is_linked else None)
        for name, one in files().items()
        if not one.is_on_demand
    )


def remove_older(edition: Edition) -> None:
    """Remove the files of older releases and days but the newest: downloads of these go on."""
    day = edition.place("programs.jsonld", None).parent
    _remove_all_but(day.parent, 2, keep=day)
    _remove_all_but(day.parent.parent, 2, keep=day.parent)


def _remove_all_but(folder: Path, count: int, *, keep: Path) -> None:
    """Remove the folders in a folder but the newest, of which ``keep`` counts as one."""
    try:
        found = [
            (entry.stat().st_mtime, entry.path) for entry in os.scandir(folder) if entry.is_dir()
        ]
    except FileNotFoundError:
        return
    others = sorted((pair for pair in found if pair[1] != str(keep)), reverse=True)
    for _, path in others[count - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _make(session: Session, edition: Edition, name: str, path: Path) -> Made:
    """Make a file; a word that nobody knows stands for the address in it."""
    collection = files()[name]
    token = f"https://{token_hex(16)}.invalid" if collection.is_linked else ""
    source = Source(session, edition.release, edition.day, token)
    told = Made(
        path=path,
        size=0,
        sha256="",
        rows=0,
        head=0,
        tail=0,
        release=edition.release,
        published_at=edition.published_at.isoformat(),
        token=token,
    )
    if collection.write is not None:
        return _write_whole(told, partial(collection.write, source, None))
    head, rows = collection.head(source), collection.rows(source, None)
    return _write(told, head, rows, collection.tail, is_indexed=collection.is_filtered)


def _write_whole(told: Made, write: Callable[[Path], int]) -> Made:
    """Let a file be written, and write what is told of it."""
    new = told.path.with_name(f".{told.path.name}.new")
    try:
        rows = write(new)
        with new.open("rb") as file:
            os.fsync(file.fileno())
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = new.stat().st_size
        new.replace(told.path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return _tell(replace(told, size=size, sha256=sha256, rows=rows))


def _renamed(template: Made, base: str) -> tuple[bytes, Rows, bytes]:
    """Return head, rows and tail of linked data with the address put in."""
    starts = array("Q", _beside(template.path, "rows").read_bytes())
    rename = _renaming(template, base)

    def read() -> Iterator[bytes]:
        with template.path.open("rb") as file:
            for size in (template.head, *(end - start for start, end in pairwise(starts)), -1):
                yield rename(file.read(size))

    head, *rows, tail = read()
    return head, ([row] for row in rows), tail


def _renaming(template: Made, base: str) -> Callable[[bytes], bytes]:
    """Return what puts an address into whole lines of a template."""
    token, address = template.token.encode(), json.dumps(base)[1:-1].encode()
    return lambda content: content.replace(token, address)


def _write(told: Made, head: bytes, rows: Rows, tail: bytes, *, is_indexed: bool = False) -> Made:
    """Write a file and what is told of it, which comes last and says that all is there."""
    digest, size, starts = hashlib.sha256(), 0, array("Q")
    with _replacing(told.path) as file:
        for batch in chain([[head]], rows, [[tail]]):
            part = b"".join(batch)
            file.write(part)
            digest.update(part)
            for row in batch:
                starts.append(size)
                size += len(row)
    starts = starts[1:]  # the head has none
    if is_indexed:
        with _replacing(_beside(told.path, "rows")) as file:
            file.write(starts.tobytes())
    return _tell(
        replace(
            told,
            size=size,
            sha256=digest.hexdigest(),
            rows=len(starts) - 1,
            head=len(head),
            tail=len(tail),
        )
    )


def _tell(made: Made) -> Made:
    """Write what is told of a file that is whole."""
    with _replacing(_beside(made.path, "json")) as file:
        file.write(json.dumps(asdict(made) | {"path": made.path.name}).encode())
    return made


def _read(path: Path) -> Made | None:
    """Return what is told of a file that is there, and as long as told."""
    try:
        told = json.loads(_beside(path, "json").read_bytes())
        if path.stat().st_size != told["size"]:
            return None
    except FileNotFoundError:
        return None
    return Made(**{**told, "path": path})


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of another once it is written; else nothing is left."""
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


@contextmanager
def _held(path: Path) -> Iterator[bool]:
    """Hold the right to make a file, if nobody else does; free again however a process ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f".{path.name}.lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}.{ending}")


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=1)
def _made_by() -> str:
    """Return what names the code that makes files: another version makes others."""
    digest = hashlib.blake2b(digest_size=4)
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
