"""Published figures on work as a table."""

from collections.abc import Iterator

from app.exports.release_tables import Item, Numbers, ReleaseTable, Source
from app.queries.statistics import all_statistics
from app.schemas.statistics import StatisticRead


def find_statistics(source: Source, _numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield every figure of the whole country, by slug."""
    yield [one.model_dump(mode="json") for one in all_statistics(source.session)]


STATISTICS = ReleaseTable(
    name="statistics",
    what="Wages, outlook and other figures of the whole country, official ones and quoted ones.",
    model=StatisticRead,
    find=find_statistics,
    key=("slug",),
    sought=("soc_code", "measure"),
    is_dated=True,
)
