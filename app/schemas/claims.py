"""Claims over the wire: one shape a kind, each with its evidence and standing.

The shapes are made from app/domain/claims.py, so a type checker does not see their fields: whoever
works with a served claim reads them from ``ClaimRead.stated``, which is of the declared class.
"""

import inspect
from collections.abc import Iterable
from datetime import date, datetime
from functools import reduce
from operator import methodcaller, or_
from typing import Annotated, Any, Generic, Literal, TypeVar, get_type_hints

import msgspec
from pydantic import BaseModel, Field, PrivateAttr, create_model
from typing_extensions import TypeAliasType

from app.domain.checklist.reading import dated_first
from app.domain.claims import (
    LISTS,
    Declared,
    ProgramClaim,
    agree,
    identity_of,
    own_fields,
)
from app.domain.evidence import Age, order_claims
from app.domain.vocabulary import Level
from app.schemas.pages import Evidence, hash_of
from app.schemas.served import served

Standing = TypeAliasType(
    "Standing", Literal["current", "unconfirmed", "agreeing", "conflicting", "superseded"]
)
LEADING: tuple[Standing, ...] = ("current", "unconfirmed")
"""Standings of the claim that leads on its question."""

Claim = TypeVar("Claim", bound=ProgramClaim, covariant=True)


class ClaimRead(BaseModel, Generic[Claim]):
    """What every claim carries; ``ClaimRead[CostClaim]`` is the shape of that kind of claim."""

    level: Level = Field(
        description="Whether it speaks of this program or of the whole institution"
    )
    standing: Standing = Field(
        description="current: leads; unconfirmed: leads, but bears no date or is too old to count; "
        "agreeing: says the same; conflicting: lost; superseded: a newer row took its place"
    )
    value_status: str = Field(
        description="reported, imputed, withheld, not_applicable, not_reported, "
        "published_without_amount or not_published; a missing value is never 0"
    )
    note: str | None
    form: str | None = Field(
        default=None,
        description="The form or track of the program that alone it speaks of (executive, online); "
        "null: the program as a whole",
    )
    evidence: Evidence
    recorded_at: datetime | None = None
    superseded_at: datetime | None = None
    kind: str

    _claim: Any = PrivateAttr()

    @property
    def stated(self) -> Claim:
        """The claim itself."""
        claim: Claim = self._claim
        return claim

    def __class_getitem__(cls, kind: Any) -> Any:
        """Return the shape of a kind of claim, or that of any for what all kinds have in common."""
        return ANY_SHAPE if kind is ProgramClaim else SHAPES.get(kind, cls)


def _served(kind: type[ProgramClaim]) -> list[Declared]:
    return [one for one in own_fields(kind) if one.column.is_served]


def _shape(kind: type[ProgramClaim]) -> type[BaseModel]:
    """Return the shape in which a kind of claim is served."""
    columns: dict[str, Any] = {"kind": (Literal[kind.kind_name], kind.kind_name)}
    for one in _served(kind):
        shown: Any = one.column.shape or one.type
        if one.column.served_as:
            shown = get_type_hints(getattr(kind, one.served_as).fget)["return"]
        columns[one.served_as] = (shown, Field(description=one.column.description))
    summary, _, _ = (inspect.getdoc(kind) or "").partition("\n\n")
    return served(
        create_model(
            f"{kind.__name__.removesuffix('Claim')}Read",
            __base__=ClaimRead,
            __doc__=summary,
            **columns,
        )
    )


SHAPES: dict[type[ProgramClaim], Any] = {kind: _shape(kind) for kind in LISTS}
ANY_SHAPE: Any = Annotated[reduce(or_, SHAPES.values()), Field(discriminator="kind")]


def to_evidence(claim: ProgramClaim, today: date) -> Evidence:
    """Return the evidence of a claim as served on a day."""
    stale = claim.age_on(today) is Age.STALE
    ends = [day for day in claim.last_days() if not stale or day < today]
    return Evidence(
        source=claim.source,
        source_url=claim.source_url,
        as_of=claim.as_of,
        basis=claim.basis,
        as_stated=claim.as_stated,
        stale=stale,
        expires_on=max(ends, default=None),
        checked_on=date.fromisoformat(claim.seen_on) if claim.seen_on else None,
        words_sha256=hash_of(claim.as_stated),
    )


def each_once(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Return evidence without what repeats, in order."""
    kept: list[Evidence] = []
    for one in evidence:
        if one not in kept:
            kept.append(one)
    return kept


def to_read(
    claim: ProgramClaim,
    standing: Standing,
    today: date,
    *,
    recorded_at: datetime | None = None,
    superseded_at: datetime | None = None,
) -> ClaimRead[ProgramClaim]:
    """Return a claim in its wire shape."""
    kind = type(claim)
    told = {name: getattr(claim, name) for name in SERVED[kind]}
    for name, shape in SHAPED[kind].items():
        told[name] = msgspec.convert(told[name], shape)
    read: ClaimRead[ProgramClaim] = SHAPES[kind](
        level=claim.level,
        standing=standing,
        value_status=claim.value_status,
        note=claim.note,
        form=claim.form,
        evidence=to_evidence(claim, today),
        recorded_at=recorded_at,
        superseded_at=superseded_at,
        **told,
    )
    read._claim = claim
    return read


SERVED = {kind: [one.served_as for one in _served(kind)] for kind in LISTS}
"""Kind of claim -> its attributes that are served."""

SHAPED = {
    kind: {one.served_as: one.column.shape for one in _served(kind) if one.column.shape}
    for kind in LISTS
}
"""Kind of claim -> those that are served in a shape of their own."""


def to_standings(
    claims: Iterable[ProgramClaim], today: date
) -> list[tuple[ProgramClaim, Standing]]:
    """Return the claims known on a day with their standing among those on the same question."""
    groups: dict[tuple[object, ...], list[ProgramClaim]] = {}
    for claim in claims:
        groups.setdefault(identity_of(claim), []).append(claim)
    stood: list[tuple[ProgramClaim, Standing]] = []
    for group in groups.values():
        known = order_claims(group, group[0].subject, today, age=methodcaller("age_on", today))
        if not known:
            continue
        leader, *others = dated_first(known, today)
        stood.append((leader, "current" if leader.is_confirmed(today) else "unconfirmed"))
        stood += (
            (claim, "agreeing" if agree(claim, leader) else "conflicting") for claim in others
        )
    return stood
