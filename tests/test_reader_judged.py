"""How well pages of schools are read, on sets of made-up pages (tests/reader/README.md)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.pages.about import Subject
from app.domain.pages.page import MAX_SENTENCE, Block, Page, sentences_of
from app.domain.pages.reading import read_page
from app.reader.documents import decode, to_page
from tests.reader.judging import LEXICON, REMITS, TITLES, judge

SUBJECT = Subject("Health Information Technology", "associate", "51.0707", "Some College", TITLES)


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [("made_with", 0.98, 0.95), ("held_out", 0.98, 0.95), ("second_held_out", 0.90, 0.70)],
)
def test_what_is_proposed_is_right_and_most_is_found(
    name: str, precision: float, recall: float
) -> None:
    done = judge(name)

    assert done.precision() >= precision, done.remarks
    assert done.recall() >= recall, done.remarks


@given(st.text(max_size=2_000))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read(text: str) -> None:
    page = Page("https://school.example/", text[:60], (Block(text, (text[:40],)),))

    for one in read_page(page, SUBJECT, REMITS, LEXICON):
        assert len(one.sentence) <= MAX_SENTENCE + 2
        assert 0 <= one.confidence <= 1
    assert (
        "".join("".join(s.text for s in sentences_of(page.blocks[0])).split())
        in "".join(text.split())
        or not text.strip()
    )


@given(st.binary(max_size=3_000))
@settings(max_examples=60, deadline=None)
def test_any_bytes_become_a_page_or_a_refusal(body: bytes) -> None:
    try:
        page = to_page("https://school.example/", body, "text/html")
    except ValueError:
        assert body.startswith(b"%PDF-")
        return
    assert page.url == "https://school.example/"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("fée – 5".encode("cp1252"), "text/html; charset=iso-8859-1", "fée – 5"),
        ("fée – 5".encode("cp1252"), "text/html", "fée – 5"),
        ("fée – 5".encode(), "text/html", "fée – 5"),
        (b'<meta charset="windows-1252">\x96', "text/html", '<meta charset="windows-1252">–'),
        ("fée".encode(), "text/html; charset=no-such", "fée"),
    ],
)
def test_a_page_is_read_in_its_encoding(body: bytes, content_type: str, text: str) -> None:
    assert decode(body, content_type) == text


@pytest.mark.parametrize(
    ("html", "as_of"),
    [
        ('<meta property="article:modified_time" content="2026-03-14T10:00">', "2026-03-14"),
        ("<title>Catalog 2025-2026</title>", "2025-26"),
        ("<body><p>Last updated: March 3, 2024</p>", "2024-03-03"),
        ("<title>2025-26 Tuition and Fees</title>", "2025-26"),
        ("<body><p>Founded in 1963. Copyright 2026</p>", None),
        ("<title>Class of 2024-2025 reunion</title>", None),
    ],
)
def test_a_page_is_dated_by_what_it_says(html: str, as_of: str | None) -> None:
    assert to_page("https://school.example/", html.encode(), "text/html").as_of == as_of
