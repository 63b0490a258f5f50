"""What graduates of a field and level at a school earn and owe, all its programs together.

One figure holds for every award of the level in a field of four digits, at all schools under one
federal aid number. It is never a figure of one program.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.claims import FieldOutcomeClaim
from app.domain.messages import N_, Message
from app.domain.vocabulary import (
    BELOW_ASSOCIATE,
    CERTIFICATE,
    AwardLevel,
    FieldLevel,
    FigureStatus,
)

AWARDS: Mapping[FieldLevel, tuple[str, ...]] = {
    FieldLevel.UNDERGRADUATE_CERTIFICATE: (
        *(level for level in AwardLevel if level in BELOW_ASSOCIATE),
        CERTIFICATE,
    ),
    FieldLevel.ASSOCIATE: (AwardLevel.ASSOCIATE,),
    FieldLevel.BACHELOR: (AwardLevel.BACHELOR,),
    FieldLevel.POSTBACCALAUREATE_CERTIFICATE: (AwardLevel.POSTBACCALAUREATE_CERTIFICATE,),
    FieldLevel.MASTER: (AwardLevel.MASTER,),
    FieldLevel.DOCTORATE: (AwardLevel.DOCTORATE_RESEARCH, AwardLevel.DOCTORATE_OTHER),
    FieldLevel.FIRST_PROFESSIONAL: (AwardLevel.DOCTORATE_PROFESSIONAL,),
    FieldLevel.GRADUATE_CERTIFICATE: (
        AwardLevel.POSTBACCALAUREATE_CERTIFICATE,
        AwardLevel.POSTMASTER_CERTIFICATE,
    ),
}
"""Level of the Scorecard -> awards of IPEDS that are counted in it.

Its own counts of graduates of level 8 are those of postbaccalaureate and post-master certificates
together (279 of 296 of them in 2021-22); of level 4 it has few rows, and no counts.
"""

LEVELS: Mapping[FieldLevel, Message] = {
    FieldLevel.UNDERGRADUATE_CERTIFICATE: Message("undergraduate certificates"),
    FieldLevel.ASSOCIATE: Message("associate degrees"),
    FieldLevel.BACHELOR: Message("bachelor's degrees"),
    FieldLevel.POSTBACCALAUREATE_CERTIFICATE: Message("postbaccalaureate certificates"),
    FieldLevel.MASTER: Message("master's degrees"),
    FieldLevel.DOCTORATE: Message("doctoral degrees"),
    FieldLevel.FIRST_PROFESSIONAL: Message("first professional degrees"),
    FieldLevel.GRADUATE_CERTIFICATE: Message("graduate certificates"),
}

FIGURES: Mapping[str, str] = {
    "earnings_1_year_usd": N_("Median earnings of the field 1 year after completion"),
    "earnings_4_years_usd": N_("Median earnings of the field 4 years after completion"),
    "earnings_5_years_usd": N_("Median earnings of the field 5 years after completion"),
    "debt_usd": N_("Median federal debt of the field at graduation"),
}
"""Figure -> what it is called."""

NO_FIGURE: Mapping[str, str] = {
    FigureStatus.WITHHELD: N_("withheld for privacy"),
    FigureStatus.NOT_REPORTED: N_("not reported"),
    FigureStatus.WITHHELD_OR_NOT_REPORTED: N_("withheld or not reported"),
}
"""Why there is no figure, in words."""

ASKED = ("earnings_1_year_usd", "earnings_4_years_usd", "debt_usd")
"""Figures that every edition has, so that one without a number is told as such."""

Cell = tuple[str, str, str]
"""Who reports it, family of the field, level: what one figure holds for."""


def reported_by(opeid: str | None, school: str) -> str:
    """Return under which number figures of a school are counted: that of all its branches."""
    return opeid[:6] if opeid and len(opeid) == 8 else school


def levels_of(award: str | None) -> list[FieldLevel]:
    """Return the levels that an award is counted in."""
    return [level for level, awards in AWARDS.items() if award in awards]


def holds_for(claim: FieldOutcomeClaim, cip_code: str | None, award: str | None) -> bool:
    """Return whether a figure counts the graduates of a program among others."""
    return bool(
        cip_code
        and cip_code.startswith(claim.cip_family)
        and award in AWARDS[FieldLevel(claim.credential_level)]
    )


def status_of(claim: FieldOutcomeClaim, figure: str) -> FigureStatus:
    """Return why a figure is there or not."""
    if getattr(claim, figure) is not None:
        return FigureStatus.REPORTED
    if figure in claim.withheld:
        return FigureStatus.WITHHELD
    if claim.tells_withheld:
        return FigureStatus.NOT_REPORTED
    return FigureStatus.WITHHELD_OR_NOT_REPORTED


def figures_of(claim: FieldOutcomeClaim) -> list[str]:
    """Return the figures to tell of, with a number or without one."""
    told = (FigureStatus.REPORTED, FigureStatus.WITHHELD)
    return [name for name in FIGURES if name in ASKED or status_of(claim, name) in told]


@dataclass(frozen=True, slots=True)
class FieldOutcome:
    """The claim that counts the graduates of a program, and how many programs it counts."""

    claim: FieldOutcomeClaim
    reported_by: str
    programs: int

    @property
    def cell(self) -> Cell:
        """What the figures hold for; programs of one cell share them."""
        return (self.reported_by, self.claim.cip_family, self.claim.credential_level)

    @property
    def is_only_program(self) -> bool:
        """Whether the catalogue lists no other program that is counted in it."""
        return self.programs <= 1

    @property
    def sentence(self) -> Message:
        """What the figures hold for."""
        level, family = LEVELS[FieldLevel(self.claim.credential_level)], self.claim.cip_family
        if self.is_only_program:
            return Message(
                "Holds for all %(levels)s in the field %(family)s at the school and its branches; "
                "this is the only such program listed here.",
                levels=level,
                family=family,
            )
        return Message(
            "Holds for all %(levels)s in the field %(family)s at the school and its branches, "
            "%(n)s programs listed here together, not for this program alone.",
            levels=level,
            family=family,
            n=self.programs,
        )


def population_of(claim: FieldOutcomeClaim) -> Message:
    """Return whose graduates a figure counts, within a sentence."""
    level = LEVELS[FieldLevel(claim.credential_level)]
    return Message("all %(levels)s in the field %(family)s", levels=level, family=claim.cip_family)


def leading_of(claims: Sequence[FieldOutcomeClaim]) -> FieldOutcomeClaim | None:
    """Return the first claim, the leading ones first, that has a number; else the first."""
    return next((claim for claim in claims if has_numbers(claim)), next(iter(claims), None))


def has_numbers(claim: FieldOutcomeClaim) -> bool:
    """Return whether any figure is known."""
    return any(getattr(claim, name) is not None for name in FIGURES)


def count_programs(
    programs: Iterable[tuple[str, str | None, str | None]],
) -> dict[str, int]:
    """Return cell, in one text, -> how many listed programs are counted in it.

    Args:
        programs: Who reports each, its code and its award.
    """
    counts: dict[str, int] = {}
    for reporter, cip_code, award in programs:
        if cip_code:
            for level in levels_of(award):
                key = key_of((reporter, cip_code[:5], level))
                counts[key] = counts.get(key, 0) + 1
    return counts


def key_of(cell: Cell) -> str:
    """Return a cell in one text."""
    return "/".join(cell)
