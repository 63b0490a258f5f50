"""O*NET: occupations, their tasks, technology and related occupations."""

import re
from collections.abc import Callable
from functools import partial

from sqlmodel import SQLModel

from app.domain.text.identifiers import parse_soc
from app.domain.vocabulary import Basis, RelatedTier, TaskType
from app.errors import ImportFileError
from app.importers.job import Importer, Job
from app.importers.packed import list_beside
from app.importers.reading import CheckedFile, Column, Row, check_file, read_rows
from app.queries.occupations import onet_codes, soc_codes_in_scope
from app.store.rows import Tally, delete_rows, rows_where
from app.store.tables.occupations import (
    Occupation,
    OccupationTask,
    OccupationTechnology,
    RelatedOccupation,
)
from app.store.tables.sources import Source

ATTRIBUTION = (
    "This product includes information from the O*NET Database by the U.S. Department of Labor, "
    "Employment and Training Administration (USDOL/ETA), used under the CC BY 4.0 license"
)
RELEASE = "29"  # of files that name none: their newest tasks are of August 2024

TASK_TYPES = {
    "Core": TaskType.CORE,
    "Supplemental": TaskType.SUPPLEMENTAL,
    "": None,
    "n/a": None,
}
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
    Column("Task", "task", also=("Task Title",)),
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
    Column("Related Title", "related_title", required=False),
    Column("Relatedness Tier", "tier", TIERS.__getitem__),
    Column("Index", "rank", int),
)


def import_occupations(job: Job, source: Source) -> Tally:
    """Import the titles of occupations in scope; descriptions are left out."""
    scope = soc_codes_in_scope(job.session, job.cip_prefixes)

    def is_wanted(cell: str) -> bool:
        return cell.strip()[:7] in scope

    rows = _rows(job, source, OCCUPATION_COLUMNS, is_wanted)
    return job.upsert(
        Occupation,
        ("onet_code",),
        [{**row, "soc_code": parse_soc(str(row["onet_code"]))} for row in rows],
    )


def import_details(
    job: Job,
    source: Source,
    *,
    table: type[SQLModel],
    key: tuple[str, ...],
    columns: tuple[Column, ...],
) -> Tally:
    """Make what a table has on the occupations already known equal to the file."""
    scope = onet_codes(job.session)
    rows = _rows(job, source, columns, lambda cell: cell.strip() in scope)
    if any(row.get("related_title") == "" for row in rows):
        titles = _titles_beside(job)
        rows = [{**row, "related_title": titles[str(row["related_code"])]} for row in rows]
    tally = job.upsert(table, key, rows)
    seen = {tuple(row[name] for name in key) for row in rows}
    stored = rows_where(job.session, table, key[0], sorted(scope))
    gone = [row for row in stored if tuple(row[name] for name in key) not in seen]
    delete_rows(job.session, table, key, gone)
    tally.retired += len(gone)
    if not scope:
        tally.reasons.append("no occupation is known; import occupation_data first")
    return tally


def _titles_beside(job: Job) -> dict[str, str]:
    """Return code -> title of all occupations; the text release has titles in one file only.

    Raises:
        ImportFileError: That file is not in the zip or folder of this one, or cannot be read.
    """
    for packed in list_beside(job.file.packed):
        if OCCUPATIONS.match(packed.file_name) is not None:
            rows = read_rows(check_file(packed), OCCUPATION_COLUMNS)
            return {str(row["onet_code"]): str(row["title"]) for row in rows}
    raise ImportFileError(
        [
            f"{job.file.name}: it has no column Related Title, and Occupation Data, which has the "
            "titles, does not stand beside it."
        ]
    )


def _rows(
    job: Job, source: Source, columns: tuple[Column, ...], is_wanted: Callable[[str], bool]
) -> list[Row]:
    rows = []
    for row in read_rows(job.file, columns, only=(CODE, is_wanted), progress=job.progress):
        row.pop("line")
        rows.append({**row, "source": source.key})
    return rows


def find_release(file: CheckedFile) -> dict[str, str]:
    """Return the release by the name of the zip or folder of a file, such as db_30_3_text."""
    match = re.search(r"db_(\d+)_(\d+)_", f"{file.path.parent.name}/{file.name}")
    return {"release": f"{match[1]}.{match[2]}" if match else RELEASE}


onet_source = partial(
    Source,
    publisher="US Department of Labor, Employment and Training Administration",
    licence="CC BY 4.0",
    attribution=ATTRIBUTION,
    edition="{release}",
    url="https://www.onetcenter.org/database.html",
    basis=Basis.GOVERNMENT_DATA,
)

OCCUPATIONS = Importer(
    key="onet-occupations",
    title="O*NET occupations",
    pattern=r"occupation_data",
    known_by=(r"O\*NET-SOC CODE", "TITLE", "DESCRIPTION"),
    tell=find_release,
    order=30,
    source=onet_source(key="onet-occupations", title="O*NET database, occupation data"),
    run=import_occupations,
)
TASKS = Importer(
    key="onet-tasks",
    title="O*NET tasks",
    pattern=r"task_statements",
    known_by=(r"O\*NET-SOC CODE", "TASK ID", "TASK TYPE"),
    tell=find_release,
    order=31,
    source=onet_source(key="onet-tasks", title="O*NET database, task statements"),
    run=partial(
        import_details, table=OccupationTask, key=("onet_code", "task_id"), columns=TASK_COLUMNS
    ),
)
TECHNOLOGY = Importer(
    key="onet-technology",
    title="O*NET technology skills",
    pattern=r"technology_skills",
    known_by=(r"O\*NET-SOC CODE", "COMMODITY CODE", "HOT TECHNOLOGY"),
    tell=find_release,
    order=31,
    source=onet_source(key="onet-technology", title="O*NET database, technology skills"),
    run=partial(
        import_details,
        table=OccupationTechnology,
        key=("onet_code", "commodity_code", "name"),
        columns=TECHNOLOGY_COLUMNS,
    ),
)
RELATED = Importer(
    key="onet-related",
    title="O*NET related occupations",
    pattern=r"related_occupations",
    known_by=(r"O\*NET-SOC CODE", r"RELATED O\*NET-SOC CODE", "RELATEDNESS TIER"),
    tell=find_release,
    order=31,
    source=onet_source(key="onet-related", title="O*NET database, related occupations"),
    run=partial(
        import_details,
        table=RelatedOccupation,
        key=("onet_code", "related_code"),
        columns=RELATED_COLUMNS,
    ),
)
