"""Which programs commonly lead to a credential, where they do not say so themselves."""

import csv
from functools import lru_cache
from typing import NamedTuple

from pyroaring import FrozenBitMap

from app.search.index import Index
from app.settings import get_settings

USUAL_PROGRAMS = "usual_programs.csv"
"""Name of the file, beside the hand files of the lexicon."""


class UsualPrograms(NamedTuple):
    """The fields and the award that commonly lead to a credential; None: any award."""

    cip_codes: tuple[str, ...]
    award_level: str | None

    def programs(self, index: Index) -> FrozenBitMap:
        """Return the programs of one of the fields with the award."""
        found = index["cip_code"].any_of(self.cip_codes)
        return found & index["award_level"].get(self.award_level) if self.award_level else found

    def asked(self) -> dict[str, list[str]]:
        """Return the parameters of a search that find them."""
        award = {"award_level": [self.award_level]} if self.award_level else {}
        return {"cip_code": list(self.cip_codes), **award}


def usual_programs(code: str) -> UsualPrograms | None:
    """Return what commonly leads to a credential by its code; None: nobody tells."""
    return _usual_programs().get(code.upper())


@lru_cache(maxsize=1)
def _usual_programs() -> dict[str, UsualPrograms]:
    path = get_settings().seed_dir / "lexicon" / USUAL_PROGRAMS
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["credential"]: UsualPrograms(
                tuple(row["cip_codes"].split()), row["award_level"] or None
            )
            for row in csv.DictReader(file)
        }
