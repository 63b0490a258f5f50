"""IPEDS C_A: who offers which award in which CIP code, and how many finished."""

from collections.abc import Iterable
from typing import Any, cast

from sqlmodel import select

from app.domain.text.identifiers import parse_cip
from app.domain.vocabulary import BELOW_ASSOCIATE, CERTIFICATE, AwardLevel
from app.importers.ipeds.rows import UNITID, ipeds_source
from app.importers.job import Importer, Job, academic_year
from app.importers.reading import Column, bare_code, parse_count, read_rows
from app.queries import programs
from app.queries.classifications import cip_titles
from app.queries.institutions import institution_ids, institution_slugs
from app.store.rows import Tally, insert_rows, rows_where, update_rows, upsert_rows
from app.store.tables.programs import Completion, Program
from app.store.tables.sources import Source

AWARD_LEVELS = {  # IPEDS Completions dictionary 2020-21 on, AWLEVEL; 1 was split into 20 and 21
    "20": AwardLevel.CERTIFICATE_UNDER_12_WEEKS,
    "21": AwardLevel.CERTIFICATE_UNDER_1_YEAR,
    "2": AwardLevel.CERTIFICATE_1_TO_2_YEARS,
    "4": AwardLevel.CERTIFICATE_2_TO_4_YEARS,
    "3": AwardLevel.ASSOCIATE,
    "5": AwardLevel.BACHELOR,
    "6": AwardLevel.POSTBACCALAUREATE_CERTIFICATE,
    "7": AwardLevel.MASTER,
    "8": AwardLevel.POSTMASTER_CERTIFICATE,
    "17": AwardLevel.DOCTORATE_RESEARCH,
    "18": AwardLevel.DOCTORATE_PROFESSIONAL,
    "19": AwardLevel.DOCTORATE_OTHER,
}


def parse_award_level(text: str) -> AwardLevel:
    """Return the award level of an AWLEVEL code.

    Raises:
        ValueError: A code that no dictionary has, or 1, which stopped in 2020.
    """
    code = bare_code(text)
    if code == "1":
        raise ValueError(
            "level 1 was split into 20 and 21 in 2020, and these two cannot be told apart in it"
        )
    if code not in AWARD_LEVELS:
        raise ValueError("not a known code")
    return AWARD_LEVELS[code]


CIP = Column("CIPCODE", "cip_code", parse_cip)
COLUMNS = (
    UNITID,
    CIP,
    Column("MAJORNUM", "major_number", bare_code),
    Column("AWLEVEL", "award_level", parse_award_level),
    Column("CTOTALT", "count", parse_count, spares_row=True),
)
FIRST_MAJOR = "1"  # the same, MAJORNUM


def award_group(level: AwardLevel) -> str:
    """Return "certificate" for every award below associate, else the level itself."""
    return CERTIFICATE if level in BELOW_ASSOCIATE else level


def import_completions(job: Job, source: Source) -> Tally:
    """Add counts of one year; the newest year also decides which programs are offered.

    A row with 0 is a program on offer without an award that year; an absent row is a program
    that is not offered, so programs missing from the newest year are retired. An older year
    adds counts to programs already known and no others.
    """
    year = academic_year(job.year - 1)
    newest = programs.newest_completions_year(job.session)
    decides = newest is None or year >= newest
    known = programs.reported_programs(job.session)
    ids = institution_ids(job.session)
    tally = Tally()
    counts: dict[programs.ProgramKey, int | None] = {}
    strangers: list[str] = []

    def is_wanted(cell: str) -> bool:
        return _normal(cell).startswith(job.cip_prefixes)

    for row in read_rows(job.file, COLUMNS, only=(CIP, is_wanted), progress=job.progress):
        tally.rows_read += 1
        unitid = int(str(row["unitid"]))
        if row["major_number"] != FIRST_MAJOR:
            continue
        if unitid not in ids:
            strangers.append(f"line {row['line']}: UNITID {unitid} is not in the directory")
            continue
        key = (ids[unitid], str(row["cip_code"]), str(row["award_level"]))
        counts[key] = cast("int | None", row["count"])

    added = 0
    if decides:
        tally.refused, tally.reasons = len(strangers), strangers
        added = _update_offer(job, source, counts, known, year, tally)
        known = programs.reported_programs(job.session)
    elif skipped := len(strangers) + sum(key not in known for key in counts):
        tally.reasons.append(f"{skipped} rows of programs not offered in {newest}: passed over")
    rows = [
        {"program_id": known[key], "academic_year": year, "count": count, "source": source.key}
        for key, count in counts.items()
        if key in known and count is not None
    ]
    tally.add(upsert_rows(job.session, Completion, ("program_id", "academic_year"), rows))
    tally.added += added
    return tally


def _update_offer(
    job: Job,
    source: Source,
    counts: dict[programs.ProgramKey, int | None],
    known: dict[programs.ProgramKey, int],
    year: str,
    tally: Tally,
) -> int:
    titles = cip_titles(job.session)
    slugs = institution_slugs(job.session)
    added = _add_programs(
        job,
        [
            {
                "slug": f"{slugs[institution]}-{cip.replace('.', '')}-{level.replace('_', '-')}",
                "institution_id": institution,
                "name": titles.get(cip, f"CIP {cip}"),
                "cip_code": cip,
                "award_level": level,
                "award_group": award_group(AwardLevel(level)),
                "source": source.key,
            }
            for institution, cip, level in counts
            if (institution, cip, level) not in known
        ],
    )
    in_scope = {key: pid for key, pid in known.items() if key[1].startswith(job.cip_prefixes)}
    retired = programs.retired_ids(job.session)
    unsure = _schools_of_odd_rows(job)
    gone = [
        pid
        for key, pid in in_scope.items()
        if key not in counts and key[0] not in unsure and pid not in retired
    ]
    back = [pid for key, pid in in_scope.items() if key in counts and pid in retired]
    reason = f"not in the federal completions of {year}"
    _change_programs(job, gone, {"retired_at": job.now, "retired_reason": reason})
    _change_programs(job, back, {"retired_at": None, "retired_reason": None})
    tally.retired += len(gone)
    tally.changed += len(back)
    return added


def _schools_of_odd_rows(job: Job) -> set[int]:
    """Return schools of which a row could not be read: what they do not list may stand in it."""
    ids = institution_ids(job.session)
    return {key for unitid, key in ids.items() if str(unitid) in job.file.odd.keys}


def _add_programs(job: Job, rows: Iterable[dict[str, Any]]) -> int:
    """Add programs seen in completions for the first time; return how many."""
    taken = set(job.session.exec(select(Program.slug)))
    fresh = []
    for row in rows:
        if row["slug"] in taken:
            row["slug"] = f"{row['slug']}-reported"
        taken.add(row["slug"])
        fresh.append({**row, "updated_at": job.now})
    insert_rows(job.session, Program, fresh)
    return len(fresh)


def _change_programs(job: Job, ids: list[int], values: dict[str, Any]) -> None:
    values = {**values, "updated_at": job.now}
    rows = rows_where(job.session, Program, "id", ids)
    update_rows(job.session, Program, ("id",), [(row, values) for row in rows])


def _normal(cell: str) -> str:
    """Return a raw CIP cell as "51.0707" if it is one, else as it is (the totals row "99")."""
    try:
        return parse_cip(cell)
    except ValueError:
        return cell


IMPORTER = Importer(
    key="ipeds-completions",
    title="IPEDS completions (C_A), newest year first",
    pattern=r"c(?P<year>\d{4})_a(_first_majors)?",
    known_by=("CIPCODE", "MAJORNUM", "AWLEVEL", "CTOTALT"),
    order=20,
    source=ipeds_source(
        key="ipeds-c{year}-a",
        title="IPEDS completions by CIP code and award level, C{year}_A",
        edition="{academic_year_before}",  # C2024_A counts awards of 2023-24
    ),
    run=import_completions,
)
