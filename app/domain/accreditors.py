"""Who accredits, certifies or approves which programs: by field, award and day, with sources."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.domain.claims import AccreditationClaim, ProgramFacts
from app.domain.evidence import to_span
from app.domain.text.identifiers import fold, parse_cip
from app.domain.text.names import SMALL_WORDS
from app.domain.vocabulary import (
    BELOW_ASSOCIATE,
    CERTIFICATE,
    AccreditationScope,
    AccreditationStatus,
    AwardLevel,
    Basis,
)


class RemitKind(StrEnum):
    """What a body grants; only the first is an accreditation."""

    ACCREDITATION = "accreditation"
    CERTIFICATION = "certification"
    APPROVAL = "approval"


GRANTED = {
    RemitKind.ACCREDITATION: AccreditationStatus.ACCREDITED,
    RemitKind.CERTIFICATION: AccreditationStatus.CERTIFIED,
    RemitKind.APPROVAL: AccreditationStatus.APPROVED,
}
"""What a body grants -> how a program stands that has it, the most first."""


@dataclass(frozen=True, slots=True)
class RemitEvidence:
    """A page that tells of a remit; ``as_stated`` is what it says, in our words."""

    source_url: str
    as_of: str | None
    basis: str
    as_stated: str


@dataclass(frozen=True, slots=True, eq=False)
class Remit:
    """What one body grants to programs of some fields and awards.

    ``body`` is its short name. Where it is not ``is_certain`` the body may accept such a program:
    that is asked, neither taken for granted nor left out. ``began_on`` and ``ended_on`` are a date,
    month or year, None where no source tells or it goes on.
    """

    body: str
    name: str
    other_names: tuple[str, ...]
    kind: RemitKind
    field: str
    cip_codes: frozenset[str]
    award_levels: frozenset[str]
    is_certain: bool
    began_on: str | None
    ended_on: str | None
    note: str | None
    evidence: tuple[RemitEvidence, ...]

    def covers_award(self, award_level: str | None, day: date) -> bool:
        """Return whether it reaches programs of an award, in any field, on a day.

        A certificate of unstated length counts as each of those below an associate degree.
        """
        levels = BELOW_ASSOCIATE if award_level == CERTIFICATE else {award_level}
        began, ended = to_span(self.began_on), to_span(self.ended_on)
        return (
            not levels.isdisjoint(self.award_levels)
            and (began is None or began.first <= day)
            and (ended is None or day <= ended.last)
        )


Remits = tuple[Remit, ...]


def parse_remits(text: str) -> Remits:
    """Return the remits in a JSON document: bodies with their names, each with its remits.

    Raises:
        ValueError: Not such a document: an unknown kind, code, award or basis, a date in another
            spelling, a remit without evidence.
    """
    remits = tuple(
        _to_remit({**{key: body[key] for key in ("body", "name", "other_names")}, **remit})
        for body in json.loads(text)
        for remit in body["remits"]
    )
    for remit in remits:
        if not remit.evidence:
            raise ValueError(f"{remit.body}: a remit in {remit.field} has no evidence")
        for as_of in (remit.began_on, remit.ended_on, *(page.as_of for page in remit.evidence)):
            to_span(as_of)
    return remits


def _to_remit(raw: dict[str, Any]) -> Remit:
    pages = [
        RemitEvidence(**{**page, "basis": str(Basis(page["basis"]))}) for page in raw["evidence"]
    ]
    return Remit(
        **{
            **raw,
            "other_names": tuple(raw["other_names"]),
            "kind": RemitKind(raw["kind"]),
            "cip_codes": frozenset(map(parse_cip, raw["cip_codes"])),
            "award_levels": frozenset(str(AwardLevel(level)) for level in raw["award_levels"]),
            "evidence": tuple(pages),
        }
    )


@lru_cache(maxsize=8)
def load_remits(path: Path) -> Remits:
    """Return the remits of a file.

    Raises:
        ValueError: As ``parse_remits``.
    """
    return parse_remits(path.read_text(encoding="utf-8"))


def levels_reached(remits: Iterable[Remit]) -> frozenset[AwardLevel]:
    """Return the award levels that any of some remits reaches."""
    return frozenset(AwardLevel(level) for remit in remits for level in remit.award_levels)


def accreditor_for(
    remits: Remits, cip_code: str | None, award_level: str | None, day: date
) -> Remit | None:
    """Return the remit of the body that accredits programs of a field and award on a day.

    None where nobody does; where one surely does and another may, the sure one.
    """
    found = remits_for(remits, cip_code, award_level, day)
    return next((remit for remit in found if remit.kind is RemitKind.ACCREDITATION), None)


@lru_cache(maxsize=4096)
def accreditors_among(
    remits: Remits, cip_code: str | None, award_level: str | None, day: date
) -> tuple[Remit, ...]:
    """Return the remits of those who accredit, or may, a program of which this much is known.

    Of a known field and award it is the one who does, if any; where one or both are not known,
    everybody whom they leave possible.
    """
    if cip_code is not None and award_level is not None:
        remit = accreditor_for(remits, cip_code, award_level, day)
        return (remit,) if remit else ()
    return tuple(
        remit
        for remit in remits
        if remit.kind is RemitKind.ACCREDITATION
        and (cip_code is None or cip_code in remit.cip_codes)
        and (award_level is None or remit.covers_award(award_level, day))
    )


@lru_cache(maxsize=4096)
def remits_for(
    remits: Remits, cip_code: str | None, award_level: str | None, day: date
) -> tuple[Remit, ...]:
    """Return the remits of any kind that reach a field and award on a day, the sure ones first."""
    found = [r for r in remits if cip_code in r.cip_codes and r.covers_award(award_level, day)]
    return tuple(sorted(found, key=lambda remit: not remit.is_certain))


@lru_cache(maxsize=4096)
def body_of(remits: Remits, text: str) -> str | None:
    """Return the short name of the body that a text begins with, or names in brackets at its end.

    Small words and the spelling of "health care" make no difference.

    >>> body_of(remits, "The Commission on Accreditation for Healthcare Management Education")
    'CAHME'
    """
    said = _words(text)
    in_brackets = re.search(r"\(([^()]+)\)\s*$", text)
    last = _words(in_brackets[1]) if in_brackets else []
    for remit in remits:
        for name in map(_words, (remit.body, remit.name, *remit.other_names)):
            if said[: len(name)] == name or last == name:
                return remit.body
    return None


def accrediting_body(remits: Remits, text: str) -> str | None:
    """Return the short name of the body that a text names, if it accredits any programs."""
    body = body_of(remits, text)
    kinds = {remit.kind for remit in remits if remit.body == body}
    return body if RemitKind.ACCREDITATION in kinds else None


def _words(text: str) -> list[str]:
    words = fold(text).replace("health care", "healthcare").split()
    return [word for word in words if word not in SMALL_WORDS]


def claims_of(
    claims: Iterable[AccreditationClaim], body: str, remits: Remits
) -> list[AccreditationClaim]:
    """Return the claims on programs that name a body, by its short name or a long one."""
    return [
        claim
        for claim in claims
        if claim.scope == AccreditationScope.PROGRAM
        and body in (claim.accreditor, body_of(remits, claim.accreditor))
    ]


class Coverage(StrEnum):
    """Whether an accreditation covers the program's campus and award."""

    SAME = "same"
    OTHER_CAMPUS = "other_campus"
    OTHER_AWARD = "other_award"
    SOME_FORMS = "some_forms"
    NOT_STATED = "not_stated"


def coverage_of(claim: AccreditationClaim, facts: ProgramFacts) -> Coverage:
    """Return whether an accreditation covers the campus and award of a program.

    Not stated where the claim names no award, or no campus though the program has one of its own.
    Of one that names forms or tracks of the program nothing tells that these are all.
    """
    if claim.award_level is not None and claim.award_level != facts.award_level:
        return Coverage.OTHER_AWARD
    campuses = claim.covered_campuses
    if campuses and facts.campus and facts.campus not in campuses:
        return Coverage.OTHER_CAMPUS
    if claim.forms:
        return Coverage.SOME_FORMS
    if claim.award_level is None or (facts.campus and not campuses):
        return Coverage.NOT_STATED
    return Coverage.SAME
