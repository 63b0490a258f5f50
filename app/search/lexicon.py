"""Make the lexicon of a release, keep it with the release, and load it."""

from collections import Counter
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import zstandard
from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from app.domain.claims import StatusClaim
from app.domain.vocabulary import CbsaKind, Control
from app.search.reading.catalogue import Catalogue, places_of, surfaces_of
from app.search.reading.cities import Cities, city_lines
from app.search.reading.common import common_words
from app.search.reading.completions import Completions, pack_completions
from app.search.reading.hand_files import HandRows, read_hand_files
from app.search.reading.lexicon import Lexicon, SchoolPlace, Surfaces, words_of
from app.search.reading.school_names import School
from app.search.zip_codes import zip_points
from app.settings import get_settings
from app.store.tables.areas import Area
from app.store.tables.claims import TABLES
from app.store.tables.classifications import Cip, CipSoc
from app.store.tables.credentials import Credential, CredentialName
from app.store.tables.institutions import Institution
from app.store.tables.occupations import Occupation
from app.store.tables.programs import ProgramSummary

METRO = "metro"


class _Written(msgspec.Struct, array_like=True):
    """What does not depend on the catalogue: the hand files, the words of the cities.

    ``digest`` is that of the hand files.
    """

    digest: str
    hand: bytes
    words: dict[str, int]
    abbreviations: dict[str, tuple[str, ...]]
    accented: dict[str, str]
    completions: bytes


class _Made(msgspec.Struct, array_like=True):
    """What is made of the catalogue."""

    layer: bytes
    words: dict[str, int]
    schools: dict[int, SchoolPlace]
    programs: dict[str, int]
    completions: bytes


_Packed = tuple[str, bytes, bytes]
"""Digest of what a lexicon is made of, and its two parts."""


def pack_lexicon(session: Session, before: bytes | None = None) -> bytes:
    """Return the lexicon of what a session sees, for keeping.

    ``before`` is the one of the release before, if the same code made it: most releases change
    nothing that a lexicon is made of, and to make one takes a second.
    """
    folder, digest = _hand_files()
    rows, _ = _read_hand_files(folder, digest)
    catalogue = load_catalogue(session)
    source = sha256(msgspec.msgpack.encode((digest, catalogue))).hexdigest()
    kept = None if before is None else msgspec.msgpack.decode(before, type=_Packed)
    is_same = kept is not None and kept[0] == source
    made = kept[2] if kept and is_same else _compress(_make(catalogue, rows))
    return msgspec.msgpack.encode((source, _packed_hand_files(folder, digest), made))


def unpack_lexicon(packed: bytes | memoryview) -> Lexicon:
    """Return a lexicon that was kept; hand files that changed since are read anew."""
    _, *parts = msgspec.msgpack.decode(packed, type=_Packed)
    written = msgspec.msgpack.decode(zstandard.decompress(parts[0]), type=_Written)
    made = msgspec.msgpack.decode(zstandard.decompress(parts[1]), type=_Made)
    folder, digest = _hand_files()
    if written.digest != digest:
        _, written = _read_hand_files(folder, digest)
    return _to_lexicon(written, made)


def make_lexicon(session: Session) -> Lexicon:
    """Return the lexicon of what a session sees."""
    rows, written = _read_hand_files(*_hand_files())
    return _to_lexicon(written, _make(load_catalogue(session), rows))


def _make(catalogue: Catalogue, rows: HandRows) -> _Made:
    surfaces = list(surfaces_of(catalogue, rows))
    layer = Surfaces.of(surfaces)
    return _Made(
        layer.to_bytes(),
        words_of(layer.texts),
        places_of(catalogue.schools),
        dict(catalogue.programs),
        pack_completions(surfaces),
    )


def _compress(part: _Written | _Made) -> bytes:
    return zstandard.compress(msgspec.msgpack.encode(part), level=3)


@lru_cache(maxsize=1)
def _packed_hand_files(folder: Path, digest: str) -> bytes:
    _, written = _read_hand_files(folder, digest)
    return _compress(written)


def _to_lexicon(written: _Written, made: _Made) -> Lexicon:
    programs: Counter[tuple[str, str]] = Counter()
    for one in made.schools.values():
        programs[(one.city, one.state)] += one.programs
    return Lexicon(
        [
            Surfaces.from_bytes(written.hand),
            Surfaces.from_bytes(made.layer),
            Cities(city_lines(), programs, common_words()),
        ],
        words=Counter(written.words) + Counter(made.words),
        schools=made.schools,
        programs=made.programs,
        abbreviations=written.abbreviations,
        common=common_words(),
        point_of_zip=zip_points().get,
        completions=Completions(written.completions, made.completions),
        accented=written.accented,
    )


def _hand_files() -> tuple[Path, str]:
    """Return the folder of the hand files and a digest of what they say."""
    folder = get_settings().seed_dir / "lexicon"
    texts = (path.read_bytes() for path in sorted(folder.glob("*.csv")))
    return folder, sha256(b"".join(texts)).hexdigest()


@lru_cache(maxsize=1)
def _read_hand_files(folder: Path, digest: str) -> tuple[HandRows, _Written]:
    """Return what the hand files say, read once as long as they stay the same."""
    rows = read_hand_files(folder)
    layer = Surfaces.of(rows.surfaces)
    words = words_of((*layer.texts, *city_lines()))
    cities = Cities(city_lines(), {}, common_words())
    completions = pack_completions((*rows.surfaces, *cities.sized()))
    return rows, _Written(
        digest, layer.to_bytes(), words, rows.abbreviations, rows.accented, completions
    )


def load_catalogue(session: Session) -> Catalogue:
    """Return what surfaces are made of, in the same order each time."""
    cip, school = col(ProgramSummary.cip_code), col(ProgramSummary.institution_id)
    by_field = select_columns(cip, func.count()).where(cip.is_not(None)).group_by(cip)
    by_school = select_columns(school, func.count()).group_by(school)
    of_school: dict[int, int] = dict(map(tuple, session.execute(by_school)))
    credentials = _rows(session, Credential.code, Credential.name)
    return Catalogue(
        schools=_schools(session, of_school),
        cip_titles=dict(_rows(session, Cip.code, Cip.title)),
        programs=dict(sorted(map(tuple, session.execute(by_field)))),
        cip_soc=_rows(session, CipSoc.cip_code, CipSoc.soc_code, CipSoc.soc_title),
        occupations=_rows(session, Occupation.soc_code, Occupation.title),
        credentials=[
            *((code, code) for code, _ in credentials),
            *credentials,
            *_rows(session, CredentialName.credential_code, CredentialName.name),
        ],
        metros=[
            (code, title)
            for code, title, kind in _rows(session, Area.code, Area.title, Area.kind)
            if kind == METRO
        ],
    )


def _rows(session: Session, *columns: Any) -> list[Any]:
    """Return some columns of a table, each row once, in order."""
    return sorted({tuple(row) for row in session.execute(select_columns(*map(col, columns)))})


def _schools(session: Session, programs: dict[int, int]) -> list[School]:
    one = Institution
    columns = (
        *(one.id, one.unitid, one.opeid, one.name, one.aliases, one.former_names, one.system_name),
        *(one.city, one.state, one.county_code, one.county_name, one.website),
        *(one.cbsa_code, one.cbsa_kind, one.control),
    )
    known = select_columns(*map(col, columns)).where(col(one.unitid).is_not(None))
    known = known.order_by(col(one.unitid))
    successors = _successors(session)
    return [
        School(
            former_names=[former["name"] for former in row.pop("former_names") or ()],
            programs=programs.get(number := row.pop("id"), 0),
            successor=successors.get(number),
            is_public=row.pop("control") == Control.PUBLIC,
            metro=_metro(row.pop("cbsa_code"), row.pop("cbsa_kind")),
            **row,
        )
        for row in map(dict, session.execute(known).mappings())
    ]


def _metro(code: str | None, kind: str | None) -> str | None:
    return code if kind == CbsaKind.METROPOLITAN else None


def _successors(session: Session) -> dict[int, int]:
    """Return schools that became part of others -> the UNITID of the other."""
    table: Any = TABLES[StatusClaim]
    merged = select_columns(table.institution_id, table.successor_unitid).where(
        table.successor_unitid.is_not(None), table.superseded_at.is_(None)
    )
    return dict(map(tuple, session.execute(merged)))
