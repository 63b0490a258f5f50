"""Editions: which one a source is, which comes next and when; whatever the publisher calls it."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.publications import (
    Edition,
    Publication,
    edition_text,
    load_publications,
    newest_held,
)

SHIPPED = {one.key: one for one in load_publications(Path("seed/publishers.json"))}


@pytest.mark.parametrize(
    ("key", "source", "words", "edition"),
    [
        ("ipeds-directory", "ipeds-hd2024", "2024-25", (2024,)),
        ("ipeds-graduation-200", "ipeds-gr200-21", "2021", (2021,)),
        ("dapip", "dapip-2020-11", "2020-11", (2020, 11)),
        ("scorecard-institutions", "scorecard-2026-06-10", None, (2026, 6, 10)),
        ("onet", "onet-tasks", "29", (29,)),
        ("onet", "onet-tasks", "30.3", (30, 3)),
        ("onet", "onet-tasks", None, None),
        ("ipeds-directory", "ipeds-hd2024-copy", "2024-25", None),
    ],
)
def test_a_source_is_known_as_an_edition(
    key: str, source: str, words: str | None, edition: Edition | None
) -> None:
    assert SHIPPED[key].held_in(source, words) == edition


@pytest.mark.parametrize(
    ("key", "held", "following"),
    [
        ("ipeds-directory", (2024,), ("2025", date(2026, 9, 30))),
        ("ipeds-retention", (2021,), ("2022", date(2024, 1, 31))),
        ("bls-oews", (2025,), ("2026", date(2027, 5, 31))),
        ("cip", (2020,), ("2030", date(2030, 12, 31))),
        ("onet", (29,), ("30", date(2025, 8, 31))),
        ("dapip", (2020, 11), (None, date(2021, 11, 30))),
        ("ipeds-charges-year", (2022,), ("2023", date(2024, 9, 30))),
        ("ipeds-charges-year", (2023,), None),
    ],
)
def test_the_next_edition_is_known_and_when_it_is_usually_out(
    key: str, held: Edition, following: tuple[str | None, date] | None
) -> None:
    assert SHIPPED[key].next_after(held) == following


@pytest.mark.parametrize("one", SHIPPED.values(), ids=SHIPPED)
def test_addresses_name_one_file_a_year(one: Publication) -> None:
    names = {address.rpartition("/")[2] for address in one.addresses_of(2025)}

    assert len(names) == (1 if one.addresses else 0)
    assert not any("{" in name for name in names)


@given(st.dates(min_value=date(2000, 1, 1)), st.dates(min_value=date(2000, 1, 1)))
def test_names_of_released_files_are_ordered_as_their_days(first: date, second: date) -> None:
    scorecard = SHIPPED["scorecard-institutions"]
    names = [f"Most-Recent-Cohorts-Institution_{day:%m%d}{day.year}.zip" for day in (first, second)]
    editions = [scorecard.linked_as(name) for name in names]

    assert editions[0] is not None
    assert editions[1] is not None
    assert (editions[0] < editions[1]) == (first < second)
    assert edition_text(editions[0]) == first.isoformat()


def test_the_newest_of_several_editions_is_what_is_held() -> None:
    sources = [("ipeds-c2023-a", None), ("ipeds-c2024-a", None), ("ipeds-c2020-a", None)]

    held = newest_held(SHIPPED.values(), sources)

    assert {key: one.source for key, one in held.items()} == {"ipeds-completions": "ipeds-c2024-a"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"addresses": ["http://x.example/{year}"]}, "https"),
        ({"source": "("}, "publications/0"),
        ({"adresses": ["https://x.example/"]}, "adresses"),
        ({"usual": {"moth": 9}}, "moth"),
    ],
)
def test_a_list_with_a_fault_is_refused_with_its_place(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    told = json.loads(Path("seed/publishers.json").read_text(encoding="utf-8"))["publications"][0]
    path = tmp_path / "publishers.json"
    path.write_text(json.dumps({"publications": [{**told, **change}]}))

    with pytest.raises(ValueError, match=re.escape(words)):
        load_publications(path)
