"""Which representation a caller gets for its Accept header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text.negotiation import choose_language, choose_media_type

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


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "en"),
        ("", "en"),
        ("es", "es"),
        ("ES", "es"),
        ("es-MX", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,es;q=0.2", "es"),
        ("fr", "en"),
        # of two regions of one language the one that is wanted more counts
        ("es-MX;q=0.1, en;q=0.5, es-US;q=0.9", "es"),
        ("en;q=0.5, es;q=0.5", "en"),
        ("es;q=0", "en"),
        ("es;q=high", "en"),
        ("*", "en"),
        (",,;", "en"),
    ],
)
def test_the_preferred_language_is_chosen(accept: str | None, chosen: str) -> None:
    assert choose_language(accept, ["en", "es"]) == chosen


@given(st.text())
def test_any_header_leads_to_a_language_that_is_offered(accept: str) -> None:
    assert choose_language(accept, ["en", "es"]) in {"en", "es"}
