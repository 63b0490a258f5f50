"""From the finding of an editor to the claim that states it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.domain.vocabulary import (
    AccreditationScope,
    AccreditationStatus,
    Availability,
    CostComponent,
    Finding,
    Level,
    TransferKind,
    ValueStatus,
)

Values = dict[str, Any]
YES_OR_NO = {Finding.MET: True, Finding.NOT_MET: False}


def claim_for(
    check: str,
    finding: Finding,
    award_level: str | None,
    accreditors: Sequence[str],
    details: Mapping[str, Any],
) -> tuple[str, Values]:
    """Return the collection and columns of the claim that settles a check this way.

    Args:
        check: Key of a check of rubric 2026.1.
        finding: What the page shows.
        award_level: Of the program, for an accreditation names the level it covers.
        accreditors: Who accredits programs of its field and award, or may; where that is not one
            body, a detail names it.
        details: Columns that the finding alone does not give, such as an amount.

    Raises:
        ValueError: No claim says this, or a detail is missing; the words name it.
    """
    collection, values = _settled(check, finding, award_level, accreditors)
    needed = [name for name, value in values.items() if value is NEEDED and name not in details]
    if needed:
        raise ValueError(f"{check} found {finding} needs the details {', '.join(needed)}")
    return collection, {k: v for k, v in values.items() if v is not NEEDED} | dict(details)


def begun_claim(
    check: str, finding: Finding, award_level: str | None, accreditors: Sequence[str]
) -> tuple[str, Values]:
    """Return the claim that a bare finding begins; what only a page can tell is left empty ("").

    Raises:
        ValueError: No claim says this.
    """
    collection, values = _settled(check, finding, award_level, accreditors)
    return collection, {name: "" if value is NEEDED else value for name, value in values.items()}


def level_of(check: str) -> Level:
    """Return what the claims that settle a check are on: the school, or the program."""
    return Level.INSTITUTION if check == "institution_accredited" else Level.PROGRAM


def records_of(check: str) -> tuple[str, dict[str, str], list[str]]:
    """Return by what records that can settle a check are known.

    Returns:
        Their collection, the columns that have a certain value, and those that only have one.

    Raises:
        KeyError: There is no such check.
    """
    collection, settle = SETTLERS[check]
    values = settle(Finding.MET, None) or {}
    equal = {name: str(value) for name, value in values.items() if name in _TELL_APART}
    told = [n for n, value in values.items() if n not in _TELL_APART and value is not None]
    return collection, equal, told


_TELL_APART = frozenset({"component", "kind", "scope"})
"""Columns that tell claims of one kind apart."""


def needs_accreditor(check: str, accreditors: Sequence[str]) -> bool:
    """Return whether only a page or a school can tell who accredits."""
    _, values = _settled(check, Finding.MET, None, accreditors)
    return values.get("accreditor") is NEEDED


def _settled(
    check: str, finding: Finding, award_level: str | None, accreditors: Sequence[str]
) -> tuple[str, Values]:
    """Return the collection of a claim and its columns, NEEDED where a finding does not give one.

    Raises:
        ValueError: No claim says this.
    """
    if check not in SETTLERS:
        raise ValueError(f"{check!r} is not a check that a claim can settle")
    collection, settle = SETTLERS[check]
    values = settle(finding, award_level)
    if values is None:
        allowed = [f for f in Finding if settle(f, award_level) is not None]
        raise ValueError(f"{check} can be found {', '.join(allowed)}, not {finding}")
    if values.get("scope") == AccreditationScope.PROGRAM and len(accreditors) == 1:
        values = {**values, "accreditor": accreditors[0]}
    return collection, values


NEEDED: Any = object()
"""Stands for a column that only the page can tell."""


def _accreditation(finding: Finding, award_level: str | None) -> Values | None:
    status = {
        Finding.MET: AccreditationStatus.ACCREDITED,
        Finding.PARTLY_MET: AccreditationStatus.CANDIDACY,
        Finding.NOT_MET: AccreditationStatus.NOT_ACCREDITED,
    }.get(finding)
    if status is None:
        return None
    return {
        "scope": AccreditationScope.PROGRAM,
        "accreditor": NEEDED,
        "status": status,
        "award_level": award_level,
    }


def _standing(finding: Finding, award_level: str | None) -> Values | None:
    status = {
        Finding.MET: AccreditationStatus.CONTINUING,
        Finding.PARTLY_MET: AccreditationStatus.PROBATIONARY,
        Finding.NOT_MET: AccreditationStatus.WITHDRAWN,
    }.get(finding)
    found = _accreditation(Finding.MET, award_level)
    return {**found, "status": status} if found and status else None


def _coverage(finding: Finding, award_level: str | None) -> Values | None:
    return _accreditation(finding, award_level) if finding is Finding.MET else None


def _institution(finding: Finding, _award_level: str | None) -> Values | None:
    status = {
        Finding.MET: AccreditationStatus.ACCREDITED,
        Finding.PARTLY_MET: AccreditationStatus.PREACCREDITED,
        Finding.NOT_MET: AccreditationStatus.NOT_ACCREDITED,
    }.get(finding)
    if status is None:
        return None
    return {"scope": AccreditationScope.INSTITUTION, "accreditor": NEEDED, "status": status}


def _price(component: str) -> Callable[[Finding, str | None], Values | None]:
    def settle(finding: Finding, _award_level: str | None) -> Values | None:
        match finding:
            case Finding.MET:
                amounts = {"amount_low_cents": NEEDED, "amount_high_cents": NEEDED}
                return {"component": component, **amounts, "unit": NEEDED}
            case Finding.PARTLY_MET:
                status = ValueStatus.PUBLISHED_WITHOUT_AMOUNT
                return {"component": component, "value_status": status}
            case Finding.NOT_MET:
                return {"component": component, "value_status": ValueStatus.NOT_PUBLISHED}
            case _:
                return None

    return settle


def _refund(finding: Finding, _award_level: str | None) -> Values | None:
    if finding not in YES_OR_NO:
        return None
    status = ValueStatus.REPORTED if YES_OR_NO[finding] else ValueStatus.NOT_PUBLISHED
    return {"component": CostComponent.REFUND_POLICY, "value_status": status}


def _transfer(kind: str) -> Callable[[Finding, str | None], Values | None]:
    def settle(finding: Finding, _award_level: str | None) -> Values | None:
        if finding not in YES_OR_NO:
            return None
        return {"kind": kind, "is_offered": YES_OR_NO[finding]}

    return settle


def _credits(finding: Finding, _award_level: str | None) -> Values | None:
    shared = {"kind": TransferKind.CREDITS_ACCEPTED, "is_offered": True}
    if finding is Finding.MET:
        return {**shared, "credits_max": NEEDED}
    return shared if finding is Finding.PARTLY_MET else None


def _practicum(finding: Finding, _award_level: str | None) -> Values | None:
    availability = {
        Finding.MET: Availability.REQUIRED,
        Finding.PARTLY_MET: Availability.OPTIONAL,
        Finding.NOT_MET: Availability.NONE,
    }.get(finding)
    return None if availability is None else {"availability": availability}


def _site(finding: Finding, _award_level: str | None) -> Values | None:
    return {"is_site_arranged": YES_OR_NO[finding]} if finding in YES_OR_NO else None


def _hours(finding: Finding, _award_level: str | None) -> Values | None:
    if finding is not Finding.MET:
        return None
    return {"hours_low": NEEDED, "hours_high": NEEDED}


def _remote(finding: Finding, _award_level: str | None) -> Values | None:
    return {"format": NEEDED} if finding is Finding.MET else None


SETTLERS: Mapping[str, tuple[str, Callable[[Finding, str | None], Values | None]]] = {
    "program_accredited": ("accreditation_claim", _accreditation),
    "good_standing": ("accreditation_claim", _standing),
    "covers_campus_and_level": ("accreditation_claim", _coverage),
    "institution_accredited": ("accreditation_claim", _institution),
    "tuition": ("cost_claim", _price(CostComponent.TUITION)),
    "fees": ("cost_claim", _price(CostComponent.FEES)),
    "books": ("cost_claim", _price(CostComponent.BOOKS)),
    "technology": ("cost_claim", _price(CostComponent.TECHNOLOGY)),
    "refund_policy": ("cost_claim", _refund),
    "transfer_policy": ("transfer_claim", _transfer(TransferKind.POLICY)),
    "articulation": ("transfer_claim", _transfer(TransferKind.ARTICULATION)),
    "credits_accepted": ("transfer_claim", _credits),
    "prior_learning": ("transfer_claim", _transfer(TransferKind.PRIOR_LEARNING)),
    "practicum_offered": ("practicum_claim", _practicum),
    "site_support": ("practicum_claim", _site),
    "hours_stated": ("practicum_claim", _hours),
    "local_or_remote": ("practicum_claim", _remote),
}
"""Check -> the collection of its claims, and the columns that a finding gives (None: none does)."""
