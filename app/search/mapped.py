"""The index of a release as a file of the machine, whose memory all processes share.

Whoever needs it first writes it from what the database keeps; the others map it. It is the same
bytes wherever they lie, so where no file can be written they are in memory.
"""

import logging
import mmap
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, NamedTuple

import msgspec
from sqlalchemy import Engine

from app.settings import get_settings
from app.store.replicas import Published, catalogue_of

KEPT = 2
"""Files of a catalogue: of the newest release, and of the one before, which some may still read."""

ALIGNED = 8
"""Bytes: what a part begins at a multiple of, as its numbers are read where they lie."""

log = logging.getLogger(__name__)


class Part(NamedTuple):
    """What is kept of one kind: its terms as JSON, where each bitmap begins, the bitmaps."""

    kind: str
    terms: bytes | memoryview
    starts: Sequence[int]
    bits: bytes | memoryview


class _Place(msgspec.Struct, array_like=True):
    """Where a part lies: three slices, one after the other."""

    kind: str
    begin: int
    terms: int
    starts: int
    bits: int


def index_folder(engine: Engine) -> Path:
    """Return where the indexes of a catalogue stand, beside what is made for downloads."""
    address = str(catalogue_of(engine).set(password=None))
    name = blake2b(address.encode(), digest_size=8).hexdigest()
    return get_settings().export_dir / f"{name}-index"


def read_parts(
    engine: Engine, published: Published, shape: int, load: Callable[[], Iterable[Part]]
) -> dict[str, Part]:
    """Return the parts of the index of a release, mapped from its file.

    Args:
        engine: Of any database of the catalogue.
        published: The release.
        shape: Of the index, as the code makes it.
        load: Yields the parts as the database keeps them, where there is no file yet.
    """
    path = index_folder(engine) / f"index-{_name(published)}-{shape}"
    try:
        if not path.exists():
            _write(path, load())
        with path.open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError:
        log.warning("the index cannot be kept in a file", exc_info=True)
        return {part.kind: part for part in load()}
    return {part.kind: part for part in _parts(memoryview(content))}


def starts_of(sizes: Iterable[int]) -> "array[int]":
    """Return where each of some bitmaps begins that lie one after the other, and the end."""
    return array("Q", accumulate(sizes, initial=0))


def _name(published: Published) -> str:
    number, moment = published
    return f"{number}-{moment or datetime.min:%Y%m%dT%H%M%S%f}"


def _write(path: Path, parts: Iterable[Part]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".index-", delete=False) as file:
        try:
            places = [_add(file, part) for part in parts]
            head = msgspec.msgpack.encode(places)
            file.write(head)
            file.write(len(head).to_bytes(8, "little"))
            file.flush()
            os.fsync(file.fileno())  # a name stands for a whole file, whatever fails
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    others = (one for one in path.parent.glob("index-*") if one != path)
    for older in sorted(others, key=lambda one: one.stat().st_mtime, reverse=True)[KEPT - 1 :]:
        older.unlink(missing_ok=True)  # who has mapped it goes on reading it


def _add(file: "IO[bytes]", part: Part) -> _Place:
    begin = file.tell()
    lengths = []
    for content in (array("Q", part.starts).tobytes(), part.terms, part.bits):
        file.write(content)
        lengths.append(len(content))
    file.write(bytes(-file.tell() % ALIGNED))
    return _Place(part.kind, begin, lengths[1], lengths[0], lengths[2])


def _parts(content: memoryview) -> Iterator[Part]:
    size = int.from_bytes(content[-8:], "little")
    for place in msgspec.msgpack.decode(content[-8 - size : -8], type=list[_Place]):
        terms = place.begin + place.starts
        bits = terms + place.terms
        yield Part(
            place.kind,
            content[terms:bits],
            content[place.begin : terms].cast("Q"),
            content[bits : bits + place.bits],
        )
