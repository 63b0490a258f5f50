"""College Scorecard: earnings of an institution's aided students, years after they entered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from app.domain.claims import OutcomeClaim, ProgramClaim
from app.domain.messages import N_
from app.domain.vocabulary import Basis, OutcomeMetric, ValueStatus
from app.importers.ipeds.rows import import_measures, to_claim
from app.importers.job import Importer
from app.importers.reading import Column, Row
from app.store.tables.sources import Source

SUPPRESSED = {"PS", "PrivacySuppressed"}
MISSING = {"", "NULL"}


def parse_place(text: str) -> int:
    """Return a UNITID, or the eight digits that the Scorecard gives to a branch of one.

    Raises:
        ValueError: Neither six nor eight digits.
    """
    if not re.fullmatch(r"\d{6}(\d\d)?", text.strip()):
        raise ValueError("not a UNITID of six digits, or eight for a branch")
    return int(text)


def parse_earnings(text: str) -> float | ValueStatus | None:
    """Return dollars, WITHHELD where privacy forbids a number, or None where there is none.

    Raises:
        ValueError: Anything else that is not a number from 0 up.
    """
    bare = text.strip()
    if bare in MISSING:
        return None
    if bare in SUPPRESSED:
        return ValueStatus.WITHHELD
    dollars = float(bare)
    if not 0 <= dollars < 1e9:
        raise ValueError("not a number from 0 up")
    return dollars


@dataclass(frozen=True, slots=True)
class Earnings:
    """One column of earnings; the students they are of entered long before the release."""

    printed: str
    metric: OutcomeMetric
    kind: ClassVar[type[ProgramClaim]] = OutcomeClaim

    @property
    def columns(self) -> tuple[Column]:
        """The columns to read."""
        return (Column(self.printed, self.printed, parse_earnings),)

    def claims(self, row: Row, source: Source) -> Iterator[OutcomeClaim]:
        """Yield the earnings, withheld ones without a value."""
        earnings = row[self.printed]
        if earnings is not None:
            is_withheld = earnings is ValueStatus.WITHHELD
            yield to_claim(
                OutcomeClaim,
                source,
                note=N_("Aided students of the whole institution."),
                value_status=ValueStatus.WITHHELD if is_withheld else ValueStatus.REPORTED,
                metric=self.metric,
                value=None if is_withheld else earnings,
                unit="USD",
            )


COLUMNS = (
    Earnings("MD_EARN_WNE_P6", OutcomeMetric.EARNINGS_6_YEARS),
    Earnings("MD_EARN_WNE_P10", OutcomeMetric.EARNINGS_10_YEARS),
)

IMPORTER = Importer(
    key="scorecard",
    title="College Scorecard earnings by institution",
    pattern=r"institution_earnings_(?P<released>\d{4}-\d{2}-\d{2})",
    order=45,
    source=Source(
        key="scorecard-{released}",
        title="College Scorecard, median earnings by institution",
        publisher="US Department of Education",
        licence="US federal work; the download site states no licence of its own",
        edition="{released}",
        url="https://collegescorecard.ed.gov/data/",
        basis=Basis.GOVERNMENT_DATA,
    ),
    run=lambda job, source: import_measures(
        job, source, COLUMNS, unitid=Column("UNITID", "unitid", parse_place)
    ),
)
