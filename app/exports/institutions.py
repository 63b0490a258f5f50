"""Schools with a listed program as a table."""

from collections.abc import Iterator

from app.exports.release_tables import Item, Numbers, ReleaseTable, Source
from app.queries.institutions import list_items
from app.schemas.institutions import InstitutionItem


def find_items(source: Source, numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield the list items of schools by name: those of some places, or all for None."""
    for items in list_items(source.session, numbers):
        yield [item.model_dump(mode="json", exclude={"distance_miles"}) for item in items]


INSTITUTIONS = ReleaseTable(
    name="institutions",
    what="Schools that offer a listed program, as lists serve them.",
    model=InstitutionItem,
    without=("distance_miles",),
    find=find_items,
    key=("slug",),
    sought=("unitid", "state"),
    is_filtered=True,
)
