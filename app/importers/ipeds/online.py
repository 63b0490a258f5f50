"""IPEDS C_DEP: which programs can be completed entirely at a distance, by code and award."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.claims import OnlineCompletionClaim
from app.domain.text.identifiers import parse_cip
from app.domain.vocabulary import AwardLevel, Level, OnlineAnswer
from app.errors import ImportFileError
from app.importers.editions import reconcile_editions
from app.importers.ipeds.rows import UNITID, ipeds_source, to_claim
from app.importers.job import Importer, Job
from app.importers.reading import Column, Row, find_absent, parse_count, read_rows
from app.queries import programs
from app.queries.institutions import institution_ids
from app.store.rows import ClaimTarget, Statement, Tally
from app.store.tables.sources import Source


def parse_offered(text: str) -> bool:
    """Return whether programs are counted; an empty cell and "." count none.

    Raises:
        ValueError: Not a whole number from 0 up.
    """
    bare = text.strip()
    return bare not in ("", ".") and parse_count(bare) > 0


@dataclass(frozen=True, slots=True)
class Award:
    """The three columns of an award: offered, all of it online, some of it online."""

    prefix: str
    level: AwardLevel

    @property
    def columns(self) -> tuple[Column, Column, Column]:
        """The columns, which editions before 2020-21 do not all have."""
        offered, every, some = (
            Column(f"{self.prefix}{suffix}", f"{self.prefix}{suffix}", parse_offered, False)
            for suffix in ("", "DE", "DES")
        )
        return offered, every, some

    def read(self, row: Row) -> OnlineAnswer | None:
        """Return what a row answers; None: no such program is offered.

        Raises:
            ValueError: The three do not go together.
        """
        offered, every, some = (row[column.name] for column in self.columns)
        if (every or some) and not offered:
            raise ValueError(f"{self.prefix} is not offered and yet completed online")
        if every and some:
            raise ValueError(f"{self.prefix}: all, and not all, can be completed online")
        if not offered:
            return None
        return OnlineAnswer.ALL if every else OnlineAnswer.SOME if some else OnlineAnswer.NONE


AWARDS = (  # dictionary of C2021DEP; its titles are those of AWLEVEL in C_A
    Award("PCERT1A", AwardLevel.CERTIFICATE_UNDER_12_WEEKS),
    Award("PCERT1B", AwardLevel.CERTIFICATE_UNDER_1_YEAR),
    Award("PCERT2", AwardLevel.CERTIFICATE_1_TO_2_YEARS),
    Award("PCERT4", AwardLevel.CERTIFICATE_2_TO_4_YEARS),
    Award("PASSOC", AwardLevel.ASSOCIATE),
    Award("PBACHL", AwardLevel.BACHELOR),
    Award("PPBACC", AwardLevel.POSTBACCALAUREATE_CERTIFICATE),
    Award("PMASTR", AwardLevel.MASTER),
    Award("PPMAST", AwardLevel.POSTMASTER_CERTIFICATE),
    Award("PDOCRS", AwardLevel.DOCTORATE_RESEARCH),
    Award("PDOCPP", AwardLevel.DOCTORATE_PROFESSIONAL),
    Award("PDOCOT", AwardLevel.DOCTORATE_OTHER),
)
CIP = Column("CIPCODE", "cip_code")


def import_online_completion(job: Job, source: Source) -> Tally:
    """Import the answers on programs of the catalogue; a newer edition settles an older one.

    Rows of two digits and of all programs together count programs and are passed over.

    Raises:
        ImportFileError: The file cannot be read, or has no award with all of its columns.
    """
    tally, statements = Tally(), list[Statement]()
    awards = _awards_in(job, tally)
    ids, known = institution_ids(job.session), programs.reported_programs(job.session)
    retired = programs.retired_ids(job.session)
    columns = (UNITID, CIP, *(column for award in awards for column in award.columns))
    strangers = 0
    for row in read_rows(job.file, columns, only=(CIP, _is_of(job)), progress=job.progress):
        tally.rows_read += 1
        school, code = ids.get(int(str(row["unitid"]))), parse_cip(str(row["cip_code"]))
        try:
            answers = {award.level: award.read(row) for award in awards}
        except ValueError as error:
            tally.refused += 1
            tally.reasons.append(f"line {row['line']}: {error}")
            continue
        for level, answer in answers.items():
            program = known.get((school or 0, code, level))
            if answer is None:
                continue
            if program is None or program in retired:
                strangers += 1
                continue
            claim = to_claim(
                OnlineCompletionClaim, source, level=Level.PROGRAM, completion_online=answer
            )
            statements.append((ClaimTarget(program_id=program), claim))
    if strangers:
        tally.reasons.append(f"{strangers} programs that are not in the catalogue: passed over")
    tally.add(reconcile_editions(job, source, {OnlineCompletionClaim: statements}))
    return tally


def _awards_in(job: Job, tally: Tally) -> list[Award]:
    """Return the awards with all their columns; what others lack is told."""
    columns = [column for award in AWARDS for column in award.columns]
    absent = set(find_absent(job.file, tuple(columns)))
    whole = [award for award in AWARDS if absent.isdisjoint(c.printed for c in award.columns)]
    if not whole:
        raise ImportFileError(
            [
                f"{job.file.path.name}, line 1: no award has its columns, such as PASSOC, PASSOCDE "
                "and PASSOCDES."
            ]
        )
    if absent:
        tally.reasons.append(f"not in this edition: {', '.join(sorted(absent))}")
    return whole


def _is_of(job: Job) -> Callable[[str], bool]:
    """Return a test of raw cells: a code of six digits of the fields that are wanted."""

    def is_wanted(cell: str) -> bool:
        try:
            return parse_cip(cell).startswith(job.cip_prefixes)
        except ValueError:
            return False

    return is_wanted


IMPORTER = Importer(
    key="ipeds-online-completion",
    title="IPEDS programs by distance status (C_DEP)",
    pattern=r"c(?P<year>\d{4})dep(_rv)?(_\d{4})*",
    known_by=("PTOTAL", "PTOTALDE"),
    order=25,
    source=ipeds_source(
        key="ipeds-c{year}dep",
        title="IPEDS programs by CIP code, award level and distance status, C{year}DEP",
        edition="{academic_year_before}",  # C2021DEP tells of 2020-21
    ),
    run=import_online_completion,
)
