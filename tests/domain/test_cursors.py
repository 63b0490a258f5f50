"""Cursors: taken back unchanged, and refused when damaged or made for another query."""

import base64

import pytest

from app.domain.text.cursors import decode_cursor, encode_cursor

QUERY = "sort=name&state=OH"


def test_a_cursor_gives_back_the_values_of_its_row() -> None:
    assert decode_cursor(encode_cursor(["Ohio", 7, None], QUERY), QUERY, 3) == ["Ohio", 7, None]


def test_a_changed_value_is_noticed_though_the_cursor_is_still_json() -> None:
    raw = base64.urlsafe_b64decode(encode_cursor(["Ohio", 7], QUERY) + "==")
    changed = raw.replace(b"Ohio", b"Iowa")

    with pytest.raises(ValueError, match="damaged"):
        decode_cursor(base64.urlsafe_b64encode(changed).decode().rstrip("="), QUERY, 2)


@pytest.mark.parametrize("count", [1, 3])
def test_a_cursor_of_more_or_fewer_sort_values_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="another query"):
        decode_cursor(encode_cursor(["Ohio", 7], QUERY), QUERY, count)


def test_a_cursor_fits_no_other_query() -> None:
    with pytest.raises(ValueError, match="another query"):
        decode_cursor(encode_cursor(["Ohio"], QUERY), "sort=name&state=WA", 1)
