"""How well pages of schools are read, on sets of made-up pages (tests/reader/README.md)."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.pages.about import Subject
from app.domain.pages.page import MAX_SENTENCE, Block, Page, sentences_of
from app.domain.pages.reading import read_page
from app.domain.vocabulary import Level
from app.reader.documents import decode, to_page
from tests.reader.judging import (
    HERE,
    LEXICON,
    REMITS,
    TITLES,
    entries,
    judge,
    load,
    read_facts,
    to_pdf,
)
from tests.reader.variations import distractors_for, html_of, pages, rewritten, with_section

SHAPES = json.loads((HERE / "shapes.json").read_text(encoding="utf-8"))
ADDRESS = "https://school.example/program"
SUBJECT = Subject("Health Information Technology", "associate", "51.0707", "Some College", TITLES)


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [
        ("made_with", 0.98, 0.91),
        ("held_out", 0.98, 0.93),
        ("second_held_out", 0.98, 0.96),
        ("third_held_out", 0.98, 0.85),
        ("fourth_held_out", 0.98, 0.80),
        ("fifth_held_out", 0.98, 0.82),
        ("sixth_held_out", 0.98, 0.81),
        ("seventh_held_out", 0.98, 0.87),
        ("eighth_held_out", 0.97, 0.69),
    ],
)
def test_what_is_proposed_is_right_and_most_is_found(
    name: str, precision: float, recall: float
) -> None:
    done = judge(name)

    assert done.precision() >= precision, done.remarks
    assert done.recall() >= recall, done.remarks


def test_no_page_is_read_for_a_program_that_it_is_not_on() -> None:
    other = Subject("Medical Transcription", "associate", "51.0708", "Some College", TITLES)
    sets = ("second_held_out", "third_held_out")
    names = {entry["page"] for name in sets for entry in entries(name)}

    told = [
        (name, one.sentence)
        for name in sorted(names)
        for one in read_page(load(name), other, REMITS, LEXICON)
        if one.claim.level == Level.PROGRAM
    ]

    assert told == []


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape["html"][:60])
def test_a_way_of_wording_is_read(shape: dict[str, Any]) -> None:
    title, html = shape["title"], shape["html"]
    text = f"<title>{title}</title><h1>{title}</h1>{html}"
    page = to_page("https://school.example/", text.encode(), "text/html")

    assert read_facts(page, shape["program"]) == set(shape["facts"])


@given(st.text(max_size=2_000))
@settings(max_examples=30, deadline=None)
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
@settings(max_examples=30, deadline=None)
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


CATALOG = [
    """CENTRAL COLLEGE CATALOG 2025-2026

HEALTH INFORMATION TECHNOLOGY (AAS)
The program is accredited by CAHIIM through 2029.
Delivery: Online
Total credits ..... 63
""",
    """GENERAL BUSINESS (AAS)
Students complete a 100-hour internship. Offered on campus.
Total credits ..... 60
""",
    *(["COURSE DESCRIPTIONS\nACC 101 Accounting. 3 credits, offered online.\n"] * 6),
]


def test_of_a_catalog_only_the_section_of_the_program_is_read() -> None:
    page = to_page("https://school.example/catalog.pdf", to_pdf(*CATALOG))

    assert page.as_of == "2025-26"
    assert read_facts(page, ["Health Information Technology", "associate", "51.0707"]) == {
        "accreditation:CAHIIM:accredited:2029",
        "credits_total:63",
        "delivery:online",
    }


@pytest.mark.parametrize(
    ("html", "headings", "text"),
    [
        ("<h1>A <span>B<h2>C</h2><p>Text</p>", ("A B", "C"), "Text"),
        ("<table><tr><td>Credits</td><td>60</td></tr></table>", ("Credits",), "60"),
        (
            '<ul role="tablist"><li><a role="tab" href="#t">Costs</a></li></ul>'
            '<div id="t"><p>$120 each</p></div>',
            ("Costs",),
            "$120 each",
        ),
        ("<div><strong>56</strong><span>quarter credits</span></div>", (), "56 quarter credits"),
        ("<div><p>Online</p><p class='label'>Format</p></div>", (), "Online"),
        ("<p>Length: 9 months<br>Credits: 30</p>", (), "Length: 9 months • Credits: 30"),
        ("<div role='button'>How we did</div><p>All passed</p>", ("How we did",), "All passed"),
    ],
)
def test_text_stands_under_what_names_it(html: str, headings: tuple[str, ...], text: str) -> None:
    page = to_page("https://school.example/", html.encode(), "text/html")

    assert (headings, text) in {(block.headings, block.text) for block in page.blocks}


def test_a_page_nested_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="too deep"):
        to_page("https://school.example/", b"<div>" * 3_000 + b"x", "text/html")


VARIED = pages()[::14]


def _stated_by(entry: dict[str, Any]) -> set[str]:
    """Return what a page may be read to state: what is read of it as it is, and what is true."""
    read = read_facts(load(entry["page"]), entry["program"])
    return {*entry["must"], *entry.get("may", []), *read}


@pytest.mark.parametrize("number", range(len(VARIED)), ids=[one["page"] for one in VARIED])
def test_a_section_on_something_else_adds_nothing(number: int) -> None:
    entry = VARIED[number]
    html, stated = html_of(entry), _stated_by(entry)
    sections = distractors_for(entry)[number % 7 :: 7]

    for tag, section in zip(("h2", "h3", "p") * len(sections), sections, strict=False):
        varied = to_page(ADDRESS, with_section(html, section, tag).encode(), "text/html")
        assert read_facts(varied, entry["program"]) <= stated, section["name"]


@pytest.mark.parametrize("entry", VARIED[::2], ids=lambda entry: entry["page"])
def test_a_page_written_another_way_states_nothing_else(entry: dict[str, Any]) -> None:
    stated = _stated_by(entry)

    for change, html in rewritten(html_of(entry)):
        varied = to_page(ADDRESS, html.encode(), "text/html")
        assert read_facts(varied, entry["program"]) <= stated, change
