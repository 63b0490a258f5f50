"""O*NET: occupations, their tasks, technology and neighbours."""

import re
from collections.abc import Callable
from functools import partial

from app.domain.text.identifiers import parse_soc
from app.domain.vocabulary import Basis, RelatedTier, TaskType
from app.importers.job import Importer, Job
from app.importers.reading import Column, Row, read_rows
from app.queries import occupations
from app.store.rows import Tally
from app.store.tables.sources import Source

ATTRIBUTION = (
    "This product includes information from the O*NET Database by the U.S. Department of Labor, "
    "Employment and Training Administration (USDOL/ETA), used under the CC BY 4.0 license"
)
RELEASE = "29"  # the files name no release; their newest tasks are of August 2024

TASK_TYPES = {"Core": TaskType.CORE, "Supplemental": TaskType.SUPPLEMENTAL, "": None}
TIERS = {
    "Primary-Short": RelatedTier.PRIMARY_SHORT,
    "Primary-Long": RelatedTier.PRIMARY_LONG,
    "Supplemental": RelatedTier.SUPPLEMENTAL,
}
FLAGS = {"Y": True, "N": False}
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def parse_onet(text: str) -> str:
    """Return an O*NET-SOC code, "29-2072.00".

    Raises:
        ValueError: Another spelling; the six digits of SOC would hide which specialty is meant.
    """
    code = text.strip()
    if not re.fullmatch(r"[0-9]{2}-[0-9]{4}\.[0-9]{2}", code):
        raise ValueError("not an O*NET-SOC code of eight digits")
    return code


def parse_month(text: str) -> str | None:
    """Return "2024-08" from what a spreadsheet made of it, "Aug-24", or from "08/2024".

    Raises:
        ValueError: Another spelling.
    """
    bare = text.strip()
    if not bare:
        return None
    if (match := re.fullmatch(r"([A-Z][a-z]{2})-([0-9]{2})", bare)) and match[1] in MONTHS:
        return f"20{match[2]}-{MONTHS.index(match[1]) + 1:02d}"
    if match := re.fullmatch(r"(0[1-9]|1[0-2])/([0-9]{4})", bare):
        return f"{match[2]}-{match[1]}"
    raise ValueError('not a month such as "Aug-24"')


CODE = Column("O*NET-SOC Code", "onet_code", parse_onet)
OCCUPATION_COLUMNS = (CODE, Column("Title", "title"))
TASK_COLUMNS = (
    CODE,
    Column("Task ID", "task_id", int),
    Column("Task Title", "task"),
    Column("Task Type", "task_type", TASK_TYPES.__getitem__),
    Column("Date", "as_of", parse_month),
    Column("Domain Source", "domain_source"),
)
TECHNOLOGY_COLUMNS = (
    CODE,
    Column("Commodity Code", "commodity_code"),
    Column("Example", "name"),
    Column("Commodity Title", "category"),
    Column("Hot Technology", "is_hot", FLAGS.__getitem__),
    Column("In Demand", "is_in_demand", FLAGS.__getitem__),
)
RELATED_COLUMNS = (
    CODE,
    Column("Related O*NET-SOC Code", "related_code", parse_onet),
    Column("Related Title", "related_title"),
    Column("Relatedness Tier", "tier", TIERS.__getitem__),
    Column("Index", "rank", int),
)


def describe(_match: re.Match[str], *, key: str, title: str) -> Source:
    """Return the source of one file of the database."""
    return Source(
        key=key,
        title=f"O*NET database, {title}",
        publisher="US Department of Labor, Employment and Training Administration",
        licence="CC BY 4.0",
        attribution=ATTRIBUTION,
        edition=RELEASE,
        url="https://www.onetcenter.org/database.html",
        basis=Basis.GOVERNMENT_DATA,
    )


def run_occupations(job: Job, source: Source) -> Tally:
    """Bring in the titles of occupations in scope; descriptions are left out."""
    scope = occupations.soc_codes_in_scope(job.session, job.cip_prefixes)

    def is_wanted(cell: str) -> bool:
        return cell.strip()[:7] in scope

    rows = _rows(job, source, OCCUPATION_COLUMNS, is_wanted)
    tally = occupations.upsert_occupations(
        job.session, [{**row, "soc_code": parse_soc(str(row["onet_code"]))} for row in rows]
    )
    tally.rows_read = len(rows)
    return tally


def run_tasks(job: Job, source: Source) -> Tally:
    """Bring in the tasks of occupations already known."""
    return _run_details(job, source, TASK_COLUMNS, occupations.replace_tasks)


def run_technology(job: Job, source: Source) -> Tally:
    """Bring in the technology of occupations already known."""
    return _run_details(job, source, TECHNOLOGY_COLUMNS, occupations.replace_technology)


def run_related(job: Job, source: Source) -> Tally:
    """Bring in the neighbours of occupations already known."""
    return _run_details(job, source, RELATED_COLUMNS, occupations.replace_related)


def _run_details(
    job: Job, source: Source, columns: tuple[Column, ...], replace: Callable[..., Tally]
) -> Tally:
    scope = occupations.onet_codes(job.session)
    rows = _rows(job, source, columns, lambda cell: cell.strip() in scope)
    tally = replace(job.session, rows, scope)
    tally.rows_read = len(rows)
    if not scope:
        tally.reasons.append("no occupation is known; import occupation_data first")
    return tally


def _rows(
    job: Job, source: Source, columns: tuple[Column, ...], is_wanted: Callable[[str], bool]
) -> list[Row]:
    rows = []
    for row in read_rows(job.file, columns, only=(CODE.printed, is_wanted), progress=job.progress):
        row.pop("line")
        rows.append({**row, "source": source.key})
    return rows


OCCUPATIONS = Importer(
    key="onet-occupations",
    title="O*NET occupations",
    pattern=r"occupation_data",
    order=30,
    describe=partial(describe, key="onet-occupations", title="occupation data"),
    run=run_occupations,
)
TASKS = Importer(
    key="onet-tasks",
    title="O*NET tasks",
    pattern=r"task_statements",
    order=31,
    describe=partial(describe, key="onet-tasks", title="task statements"),
    run=run_tasks,
)
TECHNOLOGY = Importer(
    key="onet-technology",
    title="O*NET technology skills",
    pattern=r"technology_skills",
    order=31,
    describe=partial(describe, key="onet-technology", title="technology skills"),
    run=run_technology,
)
RELATED = Importer(
    key="onet-related",
    title="O*NET related occupations",
    pattern=r"related_occupations",
    order=31,
    describe=partial(describe, key="onet-related", title="related occupations"),
    run=run_related,
)
