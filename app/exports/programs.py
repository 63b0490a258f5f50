"""Listed programs as lines, as lists serve them, and as a table."""

import json
from collections.abc import Iterable, Iterator

from sqlmodel import Session

from app.domain.reader import Reader
from app.exports.release_tables import Item, Numbers, ReleaseTable, Source, in_batches
from app.schemas.programs import ProgramSummary
from app.search.index import index_of
from app.search.prices import ReaderNumbers
from app.search.programs import fetch_prices, join_docs, with_prices

COLUMNS: dict[str, tuple[str, ...]] = {
    "slug": ("slug",),
    "name": ("name",),
    "cip_code": ("cip_code",),
    "cip_title": ("cip_title",),
    "award_level": ("award_level",),
    "institution": ("institution", "name"),
    "unitid": ("institution", "unitid"),
    "city": ("institution", "city"),
    "state": ("institution", "state"),
    "control": ("institution", "control"),
    "website": ("institution", "website"),
    "delivery": ("delivery",),
    "completion_online": ("completion_online", "answer"),
    "completion_online_as_of": ("completion_online", "as_of"),
    "months_low": ("months", "low"),
    "months_high": ("months", "high"),
    "tuition_and_fees_usd": ("price", "tuition_and_fees_usd"),
    "price_basis": ("price", "basis"),
    "price_level": ("price", "level"),
    "price_residency": ("price", "residency"),
    "price_for_whom": ("price", "for_whom"),
    "price_year_usd": ("price", "year_usd"),
    "price_in_district_usd": ("price", "in_district_usd"),
    "price_in_state_usd": ("price", "in_state_usd"),
    "price_out_of_state_usd": ("price", "out_of_state_usd"),
    "price_academic_year": ("price", "academic_year"),
    "total_cost_low_usd": ("total_cost", "low_usd"),
    "total_cost_high_usd": ("total_cost", "high_usd"),
    "total_cost_is_complete": ("total_cost", "is_complete"),
    "total_cost_is_length_assumed": ("total_cost", "is_length_assumed"),
    "total_cost_residency": ("total_cost", "residency"),
    "accreditation": ("accreditation",),
    "prepares_for": ("prepares_for",),
    "completions": ("completions", "count"),
    "completions_academic_year": ("completions", "academic_year"),
    "field_earnings_1_year_usd": ("field_outcome", "earnings_1_year_usd"),
    "field_earnings_4_years_usd": ("field_outcome", "earnings_4_years_usd"),
    "field_debt_usd": ("field_outcome", "debt_usd"),
    "field_cip_family": ("field_outcome", "cip_family"),
    "field_level": ("field_outcome", "credential_level"),
    "field_programs": ("field_outcome", "programs"),
    "field_outcome_as_of": ("field_outcome", "as_of"),
    "score_low": ("score", "low"),
    "score_likely": ("score", "likely"),
    "score_high": ("score", "high"),
    "coverage": ("score", "coverage"),
    "updated_at": ("updated_at",),
    "status": ("status",),
    "leads_to": ("leads_to",),
    "gates": ("gates",),
    "whole_price_low_usd": ("whole_price", "low_usd"),
    "whole_price_contains": ("whole_price", "contains"),
    "whole_price_academic_year": ("whole_price", "academic_year"),
    "net_price_usd": ("net_price", "usd"),
    "net_price_academic_year": ("net_price", "academic_year"),
    "institution_slug": ("institution", "slug"),
}
"""Column -> where it stands in a list item; new ones come last, for some go by their number."""


def list_items(session: Session, numbers: Iterable[int], reader: Reader) -> Iterator[list[str]]:
    """Yield the list items of programs by their numbers in the index, some at a time.

    Raises:
        RuntimeError: The index numbers a program that has no list item.
    """
    index, connection = index_of(session), session.connection()
    whose = ReaderNumbers(index, reader)
    for batch in in_batches(numbers):
        ids = [index.programs[number] for number in batch]
        docs = join_docs(connection, ids).split("\n")
        if len(docs) != len(ids) or not docs[0]:
            raise RuntimeError("index and list items are not of the same release")
        if not reader.pays_as_resident:
            pays = zip(batch, ids, strict=True)
            away = [key for number, key in pays if whose.residency_of(number) is whose.elsewhere]
            prices = fetch_prices(connection, away, whose.elsewhere)
            docs = [
                with_prices(doc, prices[key]) if key in prices else doc
                for key, doc in zip(ids, docs, strict=True)
            ]
        yield docs


def find_docs(source: Source, numbers: Numbers | None) -> Iterator[list[str]]:
    """Yield the list items of programs of some numbers, all for None, with the reader's prices."""
    wanted = index_of(source.session).every if numbers is None else numbers
    return list_items(source.session, wanted, source.reader)


def find_items(source: Source, numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield the same, read."""
    for docs in find_docs(source, numbers):
        yield [json.loads(doc) for doc in docs]


PROGRAMS = ReleaseTable(
    name="programs",
    what="Programs that are listed, as lists serve them.",
    model=ProgramSummary,
    paths=COLUMNS,
    find=find_items,
    key=("slug",),
    links={"institution_slug": ("institutions", "slug")},
    sought=("state", "cip_code", "award_level", "institution_slug"),
    is_filtered=True,
)
