"""The questions of a counselor: each is answered as a table of what the interface answers."""

import csv
import io
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from app.site.languages import language
from app.site.pages.cells import part
from app.site.pages.questions import GROUPS, QUESTIONS, Field, Kind, Question
from tests.reading_pages import ReadPage, read_page

HTML = {"Accept": "text/html"}
SINCLAIR = "sinclair-community-college-510707-associate"
OWENS = "owens-community-college-510707-associate"
ASKED = [pytest.param(one, id=one.key) for one in QUESTIONS.values()]
WRONG = {
    Kind.STATE: "Ohoi",
    Kind.PLACE: "nowhere at all",
    Kind.PROGRAM: "zzzz qqqq",
    Kind.CREDENTIAL: "ZZZZ",
    Kind.ROLE: "zzzz",
    Kind.CHOICE: "zzzz",
    Kind.NUMBER: "plenty",
    Kind.DAY: "yesterday",
}


def ask(client: TestClient, question: Question, status: int = 200, **fields: str) -> ReadPage:
    answer = client.get(address_of(question, **fields), headers=HTML)
    assert answer.status_code == status, answer.text
    return read_page(answer.text)


def address_of(question: Question, ending: str = "", **fields: str) -> str:
    return f"/docs/ask/{question.key}{ending}?{urlencode(fields)}"


def ways(page: ReadPage, html: str) -> dict[str, str]:
    """Return the ways out of an answer: their name -> their address."""
    found = re.findall(r'data-way="(\w+)" href="([^"]*)"', html)
    return {name: unescape(address) for name, address in found}


def rows_of(question: Question, answer: Any) -> list[Any]:
    return [row for path in question.rows for row in part(answer, path) or ()]


def fault_of(html: str, one: Field) -> str:
    """Return what is said to be wrong beside a field, or nothing."""
    found = re.search(rf'<p class="fault" id="{one.key}-fault">(.*?)</p>', html, re.DOTALL)
    return unescape(found[1]).strip() if found else ""


def test_the_start_leads_to_every_question_and_to_the_full_interface(
    seeded_client: TestClient,
) -> None:
    page = read_page(seeded_client.get("/docs", headers=HTML).text)

    assert page.marked("question") == list(QUESTIONS)
    assert page.marked("group") == [group.key for group in GROUPS]
    links = [link.href for link in page.links]
    assert {f"/docs/ask/{key}" for key in QUESTIONS} <= set(links)
    assert {"/docs/interface", "/docs/quick-start", "/docs/glossary"} <= set(links)


@pytest.mark.parametrize("question", ASKED)
def test_a_question_is_answered_with_the_rows_of_the_interface(
    seeded_client: TestClient, question: Question
) -> None:
    html = seeded_client.get(address_of(question, **question.examples), headers=HTML).text
    page = read_page(html)

    told = ways(page, html)
    answer = seeded_client.get(told["json"])
    assert answer.status_code == 200, told["json"]
    rows = rows_of(question, answer.json())
    assert rows
    assert len(page.marked("row")) == len(rows)
    total = answer.json().get("total")
    assert page.marked("total") == [str(total if isinstance(total, int) else len(rows))]
    assert page.marked("not-known") == [str(answer.json().get("not_known", 0))]
    assert page.marked("as-of") == [answer.json()["as_of"]]
    if question.address == "/v1/programs":
        assert page.marked("program") == [row["slug"] for row in rows]
    assert f"curl 'http://testserver{told['json']}'" in page.text
    assert seeded_client.get(told["page"], headers=HTML).status_code == 200, told["page"]


@pytest.mark.parametrize("question", ASKED)
def test_an_answer_is_also_a_spreadsheet(seeded_client: TestClient, question: Question) -> None:
    html = seeded_client.get(address_of(question, **question.examples), headers=HTML).text
    told = ways(read_page(html), html)
    if question.csv:
        assert told["csv"].startswith(f"{question.csv}?")
        own = seeded_client.get(
            address_of(question, ".csv", **question.examples), follow_redirects=False
        )
        assert (own.status_code, own.headers["location"]) == (307, told["csv"])
        return

    sheet = seeded_client.get(told["csv"])

    assert sheet.headers["content-type"].startswith("text/csv")
    head, *lines = csv.reader(io.StringIO(sheet.text))
    labels = [column.label for column in question.columns]
    assert head[: len(labels)] == labels
    assert (len(head) > len(labels)) == bool(question.more)
    assert len(lines) == html.count("data-row")
    assert all(len(line) == len(head) for line in lines)
    assert all(any(line) for line in lines)


@pytest.mark.parametrize(
    ("question", "one"),
    [
        pytest.param(question, one, id=f"{question.key}-{one.key}")
        for question in QUESTIONS.values()
        for one in question.fields
        if one.kind in WRONG and one.key != "home_state"
    ],
)
def test_what_is_wrong_is_told_beside_its_field_by_its_label_and_nothing_is_lost(
    seeded_client: TestClient, question: Question, one: Field
) -> None:
    fields = {**question.examples, one.key: WRONG[one.kind]}

    answer = seeded_client.get(address_of(question, **fields), headers=HTML)

    assert answer.status_code in {404, 422}
    fault = fault_of(answer.text, one)
    assert one.label in fault or WRONG[one.kind] in fault, fault
    assert one.parameter == one.parameter.replace("_", "") or one.parameter not in fault, fault
    page = read_page(answer.text)
    assert "data-row" not in answer.text
    texts = {k: v for k, v in fields.items() if k not in ("home_state",)}
    for other in question.fields:
        if other.key in texts and other.kind in (Kind.NUMBER, Kind.DAY, Kind.PLACE, Kind.PROGRAM):
            assert texts[other.key] in page.sent(other.key)


@pytest.mark.parametrize(
    "question",
    [one for one in ASKED if any(f.is_needed for f in one.values[0].fields)],  # type: ignore[attr-defined]
)
def test_a_form_waits_for_what_it_needs(seeded_client: TestClient, question: Question) -> None:
    empty = seeded_client.get(address_of(question), headers=HTML).text

    if all(one.usual for one in question.fields if one.is_needed):
        return
    assert "data-answer" not in empty
    assert 'class="fault"' not in empty
    needed = [one for one in question.fields if one.is_needed and one.key != "home_state"]
    some = {one.key: one.example for one in needed[1:]} | (
        {question.fields[-1].key: question.fields[-1].example or "1"} if len(needed) == 1 else {}
    )
    if some and needed[0].key not in some and set(some) != {"home_state"}:
        page = seeded_client.get(address_of(question, **some), headers=HTML)
        assert page.status_code == 422
        assert fault_of(page.text, needed[0])


def test_a_program_goes_by_its_name_with_others_to_choose_from(seeded_client: TestClient) -> None:
    question = QUESTIONS["cost"]
    words = "sinclair health information technology"

    html = seeded_client.get(address_of(question, about=words), headers=HTML).text

    page = read_page(html)
    assert page.marked("chosen-program") == [SINCLAIR]
    assert words in page.sent("about")
    assert ways(page, html)["json"].startswith(f"/v1/programs/{SINCLAIR}/total-cost")
    other = next(link.href for link in page.links if "about=" in link.href and "·" in link.text)
    chosen = seeded_client.get(other, headers=HTML).text
    assert "data-chosen-program" not in chosen
    assert ways(read_page(chosen), chosen)["json"] != ways(page, html)["json"]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_a_program_is_called_is_understood_in_every_language(
    seeded_client: TestClient, lang: str
) -> None:
    question = QUESTIONS["ask"]
    called = ask(seeded_client, question, about=OWENS, lang=lang).sent("about")[-1]
    assert OWENS not in called

    html = seeded_client.get(address_of(question, about=called), headers=HTML).text

    assert ways(read_page(html), html)["json"] == f"/v1/programs/{OWENS}/checklist"


def test_what_a_reader_has_told_is_filled_in(seeded_client: TestClient) -> None:
    carried = f"program={SINCLAIR}&program={OWENS}&near=45402"

    compared = seeded_client.get(f"/docs/ask/compare?{carried}", headers=HTML).text
    near = seeded_client.get(f"/docs/ask/near?{carried}", headers=HTML).text
    paid = seeded_client.get(f"/docs/ask/pay?{carried}", headers=HTML).text

    told = ways(read_page(compared), compared)
    assert told["json"] == f"/v1/comparison?program={SINCLAIR}&program={OWENS}&home_state=OH"
    assert told["csv"].startswith("/v1/export/comparison.csv?")
    assert "near=45402" in ways(read_page(near), near)["json"]
    assert ways(read_page(paid), paid)["json"] == "/v1/areas/OH"


def test_amounts_are_read_as_people_write_them(seeded_client: TestClient) -> None:
    plain = ask(seeded_client, QUESTIONS["price"], home_state="OH", price="20000")
    written = ask(seeded_client, QUESTIONS["price"], home_state="OH", price="$20,000")

    assert plain.marked("total") == written.marked("total")


def test_a_page_leads_to_the_next_and_keeps_what_is_filled_in(seeded_client: TestClient) -> None:
    question = QUESTIONS["programs"]
    first = ask(seeded_client, question, state="OH", lang="es")
    following = next(link.href for link in first.links if "cursor=" in link.href)
    assert "state=OH" in following

    second = read_page(seeded_client.get(following, headers=HTML).text)

    assert second.lang == "es"
    assert not set(first.marked("program")) & set(second.marked("program"))
    assert first.marked("total") == second.marked("total")


def test_the_sheet_of_a_question_without_an_answer_says_what_is_missing(
    seeded_client: TestClient,
) -> None:
    answer = seeded_client.get("/docs/ask/cost.csv", headers=HTML)
    strange = seeded_client.get("/docs/ask/cots", headers=HTML)

    assert answer.status_code == 422
    assert strange.status_code == 404
    assert "/docs/ask/cost" in strange.text


def test_every_label_and_title_is_spanish_too() -> None:
    spanish = language("es")
    for question in QUESTIONS.values():
        for text in (
            question.title,
            question.lead,
            *(one.label for one in question.fields),
            *(column.label for column in (*question.above, *question.columns)),
        ):
            assert spanish.tell(text), text
