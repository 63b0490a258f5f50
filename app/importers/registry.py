"""Every importer the command knows, in the order their files must come in."""

from app.importers import accreditor_lists, areas, bls, cip, dapip, field_of_study, onet, scorecard
from app.importers.authored import (
    advancement,
    credential_claims,
    credential_facts,
    credential_rules,
    credentials,
    guide,
    school_statuses,
    statistics,
    work_settings,
)
from app.importers.curated import records as curated
from app.importers.ipeds import characteristics as ipeds_characteristics
from app.importers.ipeds import charges as ipeds_charges
from app.importers.ipeds import completions as ipeds_completions
from app.importers.ipeds import directory as ipeds_directory
from app.importers.ipeds import online as ipeds_online
from app.importers.ipeds import outcomes as ipeds_outcomes
from app.importers.job import Importer

IMPORTERS: tuple[Importer, ...] = (
    ipeds_directory.IMPORTER,
    ipeds_completions.IMPORTER,
    ipeds_online.IMPORTER,
    ipeds_charges.YEAR,
    ipeds_charges.PROGRAM,
    ipeds_charges.TABLE,
    ipeds_characteristics.IMPORTER,
    ipeds_charges.COST,
    ipeds_outcomes.GRADUATION_200,
    ipeds_outcomes.GRADUATION_SHORT,
    ipeds_outcomes.RETENTION,
    ipeds_outcomes.DISTANCE,
    ipeds_outcomes.DISTANCE_TABLE,
    ipeds_outcomes.AWARDS,
    scorecard.MERGED,
    scorecard.NEWEST,
    scorecard.DATED,
    scorecard.UNDATED,
    field_of_study.DATED,
    field_of_study.RECENT,
    field_of_study.YEARLY,
    field_of_study.PACKAGED,
    dapip.IMPORTER,
    school_statuses.IMPORTER,
    cip.TITLES,
    cip.CROSSWALK,
    onet.OCCUPATIONS,
    onet.TASKS,
    onet.TECHNOLOGY,
    onet.RELATED,
    bls.OEWS,
    bls.PROJECTIONS,
    areas.AREA_WAGES,
    areas.PRICE_LEVELS,
    statistics.REFERENCES,
    statistics.STATISTICS,
    statistics.CLAIMS,
    *accreditor_lists.IMPORTERS,
    curated.IMPORTER,
    credentials.ASSERTERS,
    credentials.CREDENTIALS_IMPORTER,
    credential_facts.IMPORTER,
    credential_claims.IMPORTER,
    credential_rules.IMPORTER,
    credentials.UNKNOWNS_IMPORTER,
    credentials.ACCREDITORS,
    guide.IMPORTER,
    work_settings.IMPORTER,
    advancement.PATHS_IMPORTER,
    advancement.STEPS_IMPORTER,
)
