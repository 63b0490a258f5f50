"""CIP 2020: titles of fields of study, and the crosswalk to occupations."""

import re

from app.domain.text.identifiers import parse_cip, parse_cip_prefix, parse_soc
from app.domain.vocabulary import Basis
from app.importers.job import Importer, Job
from app.importers.reading import Column, read_rows
from app.queries import classifications
from app.store.rows import Tally
from app.store.tables.sources import Source

NO_CIP = "99.9999"  # CIP 2020 to SOC 2018 crosswalk: occupations without a field of study
NO_SOC = "99-9999"  # the same: fields of study without an occupation


def parse_title(text: str) -> str:
    """Return a title without the full stop that CIP puts after it.

    Raises:
        ValueError: An empty title.
    """
    title = text.strip().removesuffix(".")
    if not title:
        raise ValueError("the title is empty")
    return title


TITLE_COLUMNS = (
    Column("CIPCode", "code", parse_cip_prefix),
    Column("CIPTitle", "title", parse_title),
)
CROSSWALK_COLUMNS = (
    Column("CIP2020Code", "cip_code", parse_cip),
    Column("SOC2018Code", "soc_code", parse_soc),
    Column("SOC2018Title", "soc_title"),
)


def describe_titles(_match: re.Match[str]) -> Source:
    """Return the source of the titles."""
    return Source(
        key="cip-2020",
        title="Classification of Instructional Programs, CIP 2020",
        publisher="National Center for Education Statistics, US Department of Education",
        licence="US federal work, public domain in the United States",
        edition="2020",
        url="https://nces.ed.gov/ipeds/cipcode/",
        basis=Basis.GOVERNMENT_DATA,
    )


def run_titles(job: Job, source: Source) -> Tally:
    """Bring in titles of families, series and codes; definitions are left out."""
    rows = [
        {"code": row["code"], "title": row["title"], "source": source.key}
        # the definition of family 43 holds bare quotes
        for row in read_rows(job.file, TITLE_COLUMNS, progress=job.progress, strict=False)
    ]
    tally = classifications.upsert_cips(job.session, rows)
    tally.rows_read = len(rows)
    return tally


def describe_crosswalk(_match: re.Match[str]) -> Source:
    """Return the source of the crosswalk."""
    return Source(
        key="cip-2020-soc-2018",
        title="Crosswalk from CIP 2020 to SOC 2018",
        publisher="National Center for Education Statistics with the Bureau of Labor Statistics",
        licence="US federal work, public domain in the United States",
        edition="CIP 2020, SOC 2018",
        url="https://nces.ed.gov/ipeds/cipcode/",
        basis=Basis.GOVERNMENT_DATA,
    )


def run_crosswalk(job: Job, source: Source) -> Tally:
    """Bring in pairs of a field of study and an occupation; rows without a match are no pair."""
    rows, unmatched = [], 0
    for row in read_rows(job.file, CROSSWALK_COLUMNS, progress=job.progress):
        row.pop("line")
        if row["cip_code"] == NO_CIP or row["soc_code"] == NO_SOC:
            unmatched += 1
        else:
            rows.append({**row, "source": source.key})
    tally = classifications.upsert_cip_socs(job.session, rows)
    tally.rows_read = len(rows) + unmatched
    if unmatched:
        tally.reasons.append(f"{unmatched} rows without a match: passed over")
    return tally


TITLES = Importer(
    key="cip",
    title="Titles of fields of study (CIP 2020)",
    pattern=r"cip2020",
    order=5,
    describe=describe_titles,
    run=run_titles,
)
CROSSWALK = Importer(
    key="cip-soc",
    title="Crosswalk from fields of study to occupations (CIP 2020 to SOC 2018)",
    pattern=r"cip2020_soc2018_crosswalk",
    order=5,
    describe=describe_crosswalk,
    run=run_crosswalk,
)
