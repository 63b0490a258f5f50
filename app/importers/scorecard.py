"""College Scorecard: earnings of an institution's aided students, years after they entered."""

import re

from app.domain.claims import OutcomeClaim
from app.domain.vocabulary import Basis, Level, OutcomeMetric, ValueStatus
from app.importers.ipeds.rows import offering_rows
from app.importers.job import Importer, Job
from app.importers.reading import Column
from app.store.rows import About, Tally, reconcile_claims
from app.store.tables.sources import Source

SUPPRESSED = {"PS", "PrivacySuppressed"}
MISSING = {"", "NULL"}
NOTE = "Aided students of the whole institution."


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


METRICS = {
    "MD_EARN_WNE_P6": OutcomeMetric.EARNINGS_6_YEARS,
    "MD_EARN_WNE_P10": OutcomeMetric.EARNINGS_10_YEARS,
}
UNITID = Column("UNITID", "unitid", parse_place)
COLUMNS = tuple(Column(name, name, parse_earnings) for name in METRICS)


def describe(match: re.Match[str]) -> Source:
    """Return the source of one release."""
    return Source(
        key=f"scorecard-{match['released']}",
        title="College Scorecard, median earnings by institution",
        publisher="US Department of Education",
        licence="US federal work; the download site states no licence of its own",
        edition=match["released"],
        url="https://collegescorecard.ed.gov/data/",
        basis=Basis.GOVERNMENT_DATA,
    )


def run(job: Job, source: Source) -> Tally:
    """Bring in earnings, dated by the release; the students they are of entered long before."""
    tally = Tally()
    claims = []
    for institution, row in offering_rows(job, COLUMNS, tally, unitid=UNITID):
        for name, metric in METRICS.items():
            earnings = row[name]
            if earnings is None:
                continue
            is_withheld = earnings is ValueStatus.WITHHELD
            claim = OutcomeClaim(
                level=Level.INSTITUTION,
                source=source.key,
                basis=source.basis,
                as_of=source.edition,
                note=NOTE,
                value_status=ValueStatus.WITHHELD if is_withheld else ValueStatus.REPORTED,
                metric=metric,
                value=None if is_withheld else float(str(earnings)),
                unit="USD",
            )
            claims.append((About(institution_id=institution), claim))
    tally.add(reconcile_claims(job.session, OutcomeClaim, source.key, claims, now=job.now))
    return tally


IMPORTER = Importer(
    key="scorecard",
    title="College Scorecard earnings by institution",
    pattern=r"institution_earnings_(?P<released>\d{4}-\d{2}-\d{2})",
    order=45,
    describe=describe,
    run=run,
)
