"""Levels of education: their order, the awards that give them, and what one must hold to begin."""

from collections.abc import Iterable

from app.domain.credentials.eligibility import EDUCATION_OF_AWARD, EDUCATION_ORDER, Education
from app.domain.vocabulary import BELOW_ASSOCIATE, CERTIFICATE, AwardLevel

LEVELS: tuple[str, ...] = tuple(Education)
"""Education that a role may ask for, least first."""

RANKS = {level: rank for rank, level in enumerate(LEVELS)}

ENTRY_OF_AWARD: dict[str, str] = {
    AwardLevel.POSTBACCALAUREATE_CERTIFICATE: Education.BACHELOR,
    AwardLevel.MASTER: Education.BACHELOR,
    AwardLevel.DOCTORATE_OTHER: Education.MASTER,
}
"""Award -> what one must hold to begin; every other award takes a high school diploma."""

AWARD_OF_LEVEL: dict[str, str] = {
    CERTIFICATE: AwardLevel.CERTIFICATE_UNDER_1_YEAR,
    Education.ASSOCIATE: AwardLevel.ASSOCIATE,
    Education.BACHELOR: AwardLevel.BACHELOR,
    Education.MASTER: AwardLevel.MASTER,
    Education.DOCTORATE: AwardLevel.DOCTORATE_OTHER,
}
"""Education -> the shortest usual award that gives it."""


def level_of_award(award_level: str | None) -> str | None:
    """Return the education that an award gives; None where the award is not known."""
    if award_level is None:
        return None
    return EDUCATION_OF_AWARD.get(award_level, CERTIFICATE)


def highest(levels: Iterable[str | None]) -> str | None:
    """Return the highest of some levels; None where none is known."""
    return max((level for level in levels if level), key=RANKS.__getitem__, default=None)


def is_less(one: Education, other: Education) -> bool:
    """Return whether one level lies below another."""
    return EDUCATION_ORDER.index(one) < EDUCATION_ORDER.index(other)


def is_among(award: str, levels: Iterable[str]) -> bool:
    """Return whether an award is of one of some levels; ``certificate`` is any of them."""
    return award in levels or (award in BELOW_ASSOCIATE and CERTIFICATE in levels)
