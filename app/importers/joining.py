"""The schools and programs that what others read can be joined to."""

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from app.domain.matching import Asked, Offer, OfferMatch, combine, match_offer
from app.domain.schools import Directory, School, SchoolKeys, SchoolMatch, match_school
from app.domain.titles import TitleRules
from app.domain.vocabulary import MatchQuality
from app.errors import ImportFileError
from app.queries.titles import published_title_rules
from app.settings import get_settings
from app.store.tables.institutions import Institution
from app.store.tables.programs import Completion, Program


@dataclass(frozen=True, slots=True)
class OtherNames:
    """Names and addresses of a school that the directory does not have."""

    names: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()


@lru_cache(maxsize=2)
def load_other_names(path: Path) -> dict[int, OtherNames]:
    """Return UNITID -> further names and addresses of schools, from a file of them."""
    return {
        row["unitid"]: OtherNames(tuple(row.get("names", ())), tuple(row.get("sites", ())))
        for row in json.loads(path.read_text(encoding="utf-8"))
    }


@dataclass(frozen=True)
class Catalogue:
    """What the catalogue has: its schools, and their programs of the federal completions."""

    schools: dict[int, School]
    offers: dict[int, list[Offer]]
    slugs: dict[str, Offer]
    moved: dict[str, str]
    rules: TitleRules

    @cached_property
    def directory(self) -> Directory:
        """The schools that the federal directory has."""
        return Directory(school for school in self.schools.values() if school.unitid)

    def join(self, keys: SchoolKeys, asked: Asked) -> tuple[SchoolMatch, OfferMatch]:
        """Return the school and the program that a record means."""
        school = match_school(keys, self.directory)
        if asked.slug is None:
            return combine(
                school, lambda key: match_offer(asked, self.offers.get(key, ()), self.rules)
            )
        slug = self.moved.get(asked.slug, asked.slug)
        offer = self.slugs.get(slug)
        if offer is None:
            reason = f"no program of the catalogue has the slug {asked.slug!r}"
        elif keys.unitid and self.schools[offer.school].unitid not in (None, keys.unitid):
            reason = f"{slug} is at {self.schools[offer.school]}, not at UNITID {keys.unitid}"
        else:
            own = SchoolMatch(MatchQuality.EXACT, self.schools[offer.school])
            return own, OfferMatch(MatchQuality.EXACT, offer)
        return school, OfferMatch(MatchQuality.UNMATCHED, reason=reason, waits=True)


def _list_schools(session: Session) -> dict[int, School]:
    """Return id -> school, of every institution of the catalogue."""
    others = load_other_names(get_settings().seed_dir / "school_names.json")
    schools = {}
    for key, unitid, opeid, name, state, website, aliases, former in session.execute(
        select_columns(
            col(Institution.id),
            col(Institution.unitid),
            col(Institution.opeid),
            col(Institution.name),
            col(Institution.state),
            col(Institution.website),
            col(Institution.aliases),
            col(Institution.former_names),
        )
    ):
        more = others.get(unitid, OtherNames())
        names = (*aliases, *(past["name"] for past in former or ()), *more.names)
        schools[key] = School(key, name, state, website, names, unitid, opeid, more.sites)
    return schools


def load_catalogue(session: Session, file_name: str) -> Catalogue:
    """Return the schools and programs of the catalogue.

    Raises:
        ImportFileError: It has no school of the federal directory, so that nothing of the file
            could be joined.
    """
    schools = _list_schools(session)
    if not any(school.unitid for school in schools.values()):
        raise ImportFileError(
            [
                f"{file_name}: the catalogue holds no school of the federal directory, to whose "
                "programs its records could be joined; import the directory (HD2024) and the "
                "completions (C2024_A) before it, or with it."
            ]
        )
    offers, slugs, moved = _load_programs(session)
    return Catalogue(schools, offers, slugs, moved, published_title_rules())


def _load_programs(
    session: Session,
) -> tuple[dict[int, list[Offer]], dict[str, Offer], dict[str, str]]:
    newest = select_columns(func.max(col(Completion.academic_year))).scalar_subquery()
    statement: Any = (
        select_columns(
            col(Program.id),
            col(Program.institution_id),
            col(Program.cip_code),
            col(Program.award_level),
            col(Program.retired_at),
            col(Program.slug),
            col(Completion.count),
            col(Program.match_quality),
            col(Program.moved_to),
        )
        .outerjoin(
            Completion,
            (col(Completion.program_id) == col(Program.id))
            & (col(Completion.academic_year) == newest),
        )
        .order_by(col(Program.id))
    )
    offers: dict[int, list[Offer]] = {}
    slugs: dict[str, Offer] = {}
    moved: dict[str, str] = {}
    for key, school, cip, level, retired_at, slug, awards, quality, to in session.execute(
        statement
    ):
        offer = Offer(key, school, cip or "", level or "", retired_at is not None, slug, awards)
        slugs[slug] = offer
        if to:
            moved[slug] = to
        if cip and level and quality != MatchQuality.UNMATCHED:
            offers.setdefault(school, []).append(offer)
    return offers, slugs, moved
