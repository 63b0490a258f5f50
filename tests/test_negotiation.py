"""Which representation a caller gets for its Accept header."""

import pytest

from app.domain.negotiation import choose_media_type

OFFERED = ["application/json", "text/html", "text/markdown"]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        (" ", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html", "text/html"),
        ("TEXT/HTML", "text/html"),
        ("text/*", "text/html"),
        ("text/markdown, text/html;q=0.9", "text/markdown"),
        ("text/html;q=0.1, text/markdown;q=0.2", "text/markdown"),
        (BROWSER, "text/html"),
        # the more specific range decides, whatever its place
        ("text/*;q=0.9, text/html;q=0", "text/markdown"),
        ("*/*, application/json;q=0", "text/html"),
        ("text/html ; charset=utf-8 ; q=0.5", "text/html"),
        ("text/html;q=0", None),
        ("image/png", None),
        ("text/html;q=high", None),
        ("text/html;q=2", None),
        ("text/html;q=nan", None),
        (",,;", None),
    ],
)
def test_the_preferred_representation_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert choose_media_type(accept, OFFERED) == chosen
