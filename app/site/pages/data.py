"""Where the facts come from and how much is known: labels, and the order of lists."""

from collections.abc import Iterable
from itertools import groupby

from app.domain.credentials.cells import FIELD_LABELS
from app.domain.messages import N_
from app.domain.vocabulary import ValueStatus
from app.schemas.completeness import FieldCount
from app.schemas.sources import SourceRead
from app.site import words
from app.site.words import Words

COLLECTIONS: Words = {
    "programs": N_("Programs: what the list and the record hold"),
    "program_claims": N_("Programs: facts that name this very program"),
    "institutions": N_("Schools that offer a program"),
    "institution_claims": N_("Schools: facts about the whole school"),
    "credentials": N_("Credentials on offer"),
}
FIELDS: Words = {
    "net_price": N_("Average net price"),
    "total_cost": N_("Total to the credential"),
    "cip_code": N_("Field of study (CIP)"),
    "award_level": N_("Degree or certificate"),
    "award_as_stated": N_("Degree or certificate in the school's own words"),
    "campus": N_("Campus"),
    "url": N_("Its own page"),
    "price": N_("Tuition and fees"),
    "months": N_("Length"),
    "completions": N_("Graduates per year"),
    "delivery": N_("Class format"),
    "accreditation": N_("Accreditation"),
    "cost": N_("Costs"),
    "transfer": N_("Transfer credits"),
    "practicum": N_("Practicum"),
    "topic": N_("Curriculum topics"),
    "preparation": N_("Exams it prepares for"),
    "outcome": N_("Outcomes"),
    "field_outcome": N_("Earnings and debt of a field at the school"),
    "field_earnings_1_year": N_("Earnings of the field after 1 year"),
    "field_earnings_4_years": N_("Earnings of the field after 4 years"),
    "field_debt": N_("Debt of the field"),
    "offering": N_("Length, location and class format"),
    "contact": N_("Whom to ask"),
    "online_completion": N_("Can be completed online"),
    "service": N_("Career services"),
    "status": N_("Whether a school operates"),
    "unitid": N_("Federal number (UNITID)"),
    "opeid": N_("Federal aid number (OPEID)"),
    "address": N_("Street address"),
    "city": N_("City"),
    "zip_code": N_("ZIP code"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "control": N_("Public or private"),
    "level": N_("Longest programs of the school"),
    "locale_code": N_("City, suburb, town or country"),
    "website": N_("Website"),
    "admissions_url": N_("Page on admissions"),
    "financial_aid_url": N_("Page on financial aid"),
    "net_price_url": N_("Net price calculator"),
    "is_active": N_("Whether it is open"),
    **{
        field: FIELD_LABELS[field]
        for field in ("eligibility", "domains", "page_url", *words.CARD_FIELDS)
    },
}
STATEMENTS: Words = {
    ValueStatus.REPORTED: N_("stated with a value"),
    ValueStatus.IMPUTED: N_("estimated by the source itself"),
    ValueStatus.WITHHELD: N_("withheld by the source for privacy"),
    ValueStatus.NOT_APPLICABLE: N_("stated not to apply"),
    ValueStatus.NOT_REPORTED: N_("asked for and not reported"),
    ValueStatus.PUBLISHED_WITHOUT_AMOUNT: N_("published without an amount"),
    ValueStatus.NOT_PUBLISHED: N_("stated not to be published"),
}


def by_publisher(sources: Iterable[SourceRead]) -> list[tuple[str, list[SourceRead]]]:
    """Return publishers with their sources, the one with the most rows first."""
    ordered = sorted(sources, key=lambda source: source.publisher)
    grouped = [
        (name, list(group)) for name, group in groupby(ordered, lambda source: source.publisher)
    ]
    return sorted(grouped, key=lambda pair: -sum(source.row_count or 0 for source in pair[1]))


def by_share(fields: Iterable[FieldCount]) -> list[FieldCount]:
    """Return fields, the one known of the most records first."""
    return sorted(fields, key=lambda field: -(field.share or 0))
