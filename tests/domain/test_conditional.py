"""Conditional requests, rule by rule of RFC 9110, section 13."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text.conditional import has_tag, may_send_range, precondition_status

CHANGED = datetime(2026, 11, 1, 12, tzinfo=UTC)
BEFORE = format_datetime(CHANGED - timedelta(days=1), usegmt=True)
SAME = format_datetime(CHANGED, usegmt=True)


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({}, None),
        ({"if-none-match": '"a"'}, 304),
        ({"if-none-match": 'W/"a"'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"b", "a"'}, 304),
        ({"if-none-match": '"b,a", "c"'}, None),
        ({"if-none-match": "a"}, None),
        ({"if-none-match": ""}, None),
        ({"if-none-match": '"b"', "if-modified-since": SAME}, None),
        ({"if-modified-since": SAME}, 304),
        ({"if-modified-since": BEFORE}, None),
        ({"if-modified-since": "yesterday"}, None),
        ({"if-unmodified-since": BEFORE}, 412),
        ({"if-unmodified-since": SAME}, None),
        ({"if-match": '"a"'}, None),
        ({"if-match": "*"}, None),
        ({"if-match": 'W/"a"'}, 412),
        ({"if-match": '"b"'}, 412),
        ({"if-match": '"a"', "if-unmodified-since": BEFORE}, None),
        ({"if-match": '"a"', "if-none-match": '"a"'}, 304),
        ({"if-match": '"b"', "if-none-match": '"a"'}, 412),
    ],
)
def test_conditions_of_a_read(conditions: dict[str, str], status: int | None) -> None:
    assert precondition_status(conditions, etag='"a"', last_modified=CHANGED) == status


def test_where_nothing_is_there_only_its_being_there_fails() -> None:
    assert precondition_status({"if-match": "*"}, etag=None) == 412
    assert precondition_status({"if-none-match": "*"}, etag=None) is None


def test_a_write_fails_where_a_read_is_spared() -> None:
    conditions = {"if-none-match": "*"}

    assert precondition_status(conditions, etag='"a"', is_read=False) == 412


TAGS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='"'))


@given(tags=st.lists(st.tuples(st.booleans(), TAGS)), wanted=TAGS)
def test_a_list_holds_exactly_its_tags(tags: list[tuple[bool, str]], wanted: str) -> None:
    header = " , ".join(f'{"W/" if weak else ""}"{text}"' for weak, text in tags)

    weakly = has_tag(header, f'W/"{wanted}"', weakly=True)
    strongly = has_tag(header, f'"{wanted}"', weakly=False)

    assert weakly == (wanted in [text for _, text in tags])
    assert strongly == ((False, wanted) in tags)


@pytest.mark.parametrize(
    ("if_range", "may"),
    [(None, True), ('"a"', True), ('"b"', False), ('W/"a"', False), (SAME, True), (BEFORE, False)],
)
def test_a_part_is_sent_of_what_is_unchanged_only(if_range: str | None, may: bool) -> None:
    assert may_send_range(if_range, etag='"a"', last_modified=CHANGED) is may
