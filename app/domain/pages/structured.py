"""What the structured data of a page says of a program (EducationalOccupationalProgram)."""

import re
from collections.abc import Iterator
from typing import Any

from app.domain.claims import OfferingClaim
from app.domain.pages.about import Reader
from app.domain.pages.page import Stated, stated
from app.domain.pages.patterns import trust
from app.domain.vocabulary import Delivery

_DURATION = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?")
_MODES = {
    "online": Delivery.ONLINE,
    "onsite": Delivery.CAMPUS,
    "on-campus": Delivery.CAMPUS,
    "in-person": Delivery.CAMPUS,
    "blended": Delivery.HYBRID,
    "hybrid": Delivery.HYBRID,
}
"""educationalProgramMode as schema.org gives examples of it -> delivery."""


def structured_in(reader: Reader) -> Iterator[Stated]:
    """Yield delivery, credits and length of the program that structured data names."""
    for data in reader.page.data:
        if "EducationalOccupationalProgram" not in str(data.get("@type")):
            continue
        name = str(data.get("name") or "")
        if reader.names_other_field(name) or reader.subject.names_other_award(name):
            continue
        for rule, fields, words in _parts(data):
            yield stated(
                OfferingClaim, f"structured.{rule}", trust("structured"), words, (name,), **fields
            )


def _parts(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    count = data.get("numberOfCredits")
    if isinstance(count, dict):
        count = count.get("value")
    if isinstance(count, int | float | str) and re.fullmatch(r"\d{1,3}(\.\d)?", str(count)):
        yield "credits", {"credits": float(count)}, f"numberOfCredits: {count}"
    length = _DURATION.fullmatch(str(data.get("timeToComplete")))
    if length and any(length.groups()):
        months = (
            12 * int(length["years"] or 0)
            + int(length["months"] or 0)
            + int(length["weeks"] or 0) * 12 / 52
        )
        yield (
            "months",
            {"months_low": round(months, 1), "months_high": round(months, 1)},
            f"timeToComplete: {length[0]}",
        )
    modes = data.get("educationalProgramMode")
    kinds = [
        _MODES.get(str(mode).lower()) for mode in (modes if isinstance(modes, list) else [modes])
    ]
    if known := [str(kind) for kind in kinds if kind]:
        yield "delivery", {"delivery": known}, f"educationalProgramMode: {modes}"
