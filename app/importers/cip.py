"""CIP 2020: titles of fields of study, and the crosswalk to occupations."""

from functools import partial

from app.domain.text.identifiers import parse_cip, parse_cip_prefix, parse_soc
from app.domain.vocabulary import Basis
from app.importers.job import Importer, Job
from app.importers.reading import Column, read_rows
from app.store.rows import Tally
from app.store.tables.classifications import Cip, CipSoc
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


def import_titles(job: Job, source: Source) -> Tally:
    """Import titles of families, series and codes; definitions are left out."""
    rows = [
        {"code": row["code"], "title": row["title"], "source": source.key}
        for row in read_rows(job.file, TITLE_COLUMNS, progress=job.progress)
    ]
    return job.upsert(Cip, ("code",), rows)


def import_crosswalk(job: Job, source: Source) -> Tally:
    """Import pairs of a field of study and an occupation; rows without a match are no pair."""
    rows, unmatched = [], 0
    for row in read_rows(job.file, CROSSWALK_COLUMNS, progress=job.progress):
        row.pop("line")
        if row["cip_code"] == NO_CIP or row["soc_code"] == NO_SOC:
            unmatched += 1
        else:
            rows.append({**row, "source": source.key})
    tally = job.upsert(CipSoc, ("cip_code", "soc_code"), rows)
    tally.rows_read += unmatched
    if unmatched:
        tally.reasons.append(f"{unmatched} rows without a match: passed over")
    return tally


cip_source = partial(
    Source,
    licence="US federal work, public domain in the United States",
    url="https://nces.ed.gov/ipeds/cipcode/",
    basis=Basis.GOVERNMENT_DATA,
)
TITLES = Importer(
    key="cip",
    title="Titles of fields of study (CIP 2020)",
    pattern=r"cip(code)?2020",
    known_by=("CIPFAMILY", "CIPCODE", "CIPTITLE", "CIPDEFINITION"),
    order=5,
    source=cip_source(
        key="cip-2020",
        title="Classification of Instructional Programs, CIP 2020",
        publisher="National Center for Education Statistics, US Department of Education",
        edition="2020",
    ),
    run=import_titles,
)
CROSSWALK = Importer(
    key="cip-soc",
    title="Crosswalk from fields of study to occupations (CIP 2020 to SOC 2018)",
    pattern=r"cip2020_?soc2018_?crosswalk",
    known_by=("CIP2020CODE", "SOC2018CODE"),
    order=5,
    source=cip_source(
        key="cip-2020-soc-2018",
        title="Crosswalk from CIP 2020 to SOC 2018",
        publisher="National Center for Education Statistics with the Bureau of Labor Statistics",
        edition="CIP 2020, SOC 2018",
    ),
    run=import_crosswalk,
)
