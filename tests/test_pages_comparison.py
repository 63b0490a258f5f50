"""The page that compares: facts with sources, weights, answers, and nothing lost on the way."""

import csv
import io
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.comparison.rows import OUTCOMES
from app.domain.vocabulary import OutcomeMetric, Section, Verdict
from app.http.guards import MAX_ADDRESS_BYTES
from app.schemas.comparison import RowRead
from app.site import words
from app.site.languages import language
from app.site.pages.comparison import _round_up
from app.site.rows import RowWriter
from tests.making import NOW, RUBRIC, accredited, add_program, price, publish

OWENS = "owens-community-college-510707-associate"
MERCY = "mercy-college-of-ohio-510707-associate"
HINDS = "hinds-community-college-510707-associate"
THREE = [OWENS, MERCY, HINDS]
PAGE = {"accept": "text/html"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
SPECIALIST = "weights=accreditation:0,cost_transparency:100,transfer_credits:0,practicum_access:0"


def read(client: TestClient, *programs: str, status: int = 200, **more: Any) -> str:
    answer = client.get("/compare", params={"program": programs, **more}, headers=PAGE)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


def words_of(page: str) -> str:
    """Return what a reader reads, in one line."""
    text = re.sub(r"<svg.*?</svg>|<[^>]*>", " ", page, flags=re.DOTALL)
    return " ".join(text.replace("&#39;", "'").split())


def ranking_of(page: str) -> list[str]:
    return re.findall(r'id="rank-([^"]+)"', page)


def places_of(page: str) -> dict[str, tuple[int, int]]:
    """Return program -> its best and its worst place."""
    found = re.findall(r'id="rank-([^"]+)" data-best="(\d+)" data-worst="(\d+)"', page)
    return {slug: (int(best), int(worst)) for slug, best, worst in found}


def verdicts_of(page: str) -> list[tuple[str, str]]:
    """Return the key and the verdict of every row, in the order of the page."""
    return re.findall(r'<tr data-row="([^"]+)" data-verdict="([^"]+)"', page)


def send(client: TestClient, path: str, *fields: tuple[str, str]) -> Any:
    from_form = "&".join(f"{name}={value}" for name, value in fields)
    return client.post(path, content=from_form, headers=FORM | PAGE, follow_redirects=False)


def compare(client: TestClient, **body: Any) -> Any:
    answer = client.post("/v1/comparison", json={"programs": THREE, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


def interval(score: dict[str, float]) -> str:
    return f"{score['low']:g} to {score['high']:g} of 100"


def test_programs_stand_side_by_side_with_interval_and_place(seeded_client: TestClient) -> None:
    page = read(seeded_client, *THREE)

    text = words_of(page)
    comparison = compare(seeded_client)
    for checklist in comparison["checklists"]:
        assert checklist["institution"] in text
        assert interval(checklist["score"]) in text
    assert places_of(page) == {
        rank["program"]: (rank["best"], rank["worst"]) for rank in comparison["ranks"]
    }
    assert f'data-ties="{len(comparison["tie_bands"])}"' in page
    assert f'href="/programs/{OWENS}?program={OWENS}&amp;program={MERCY}' in page
    assert f'href="/compare?program={MERCY}&amp;program={HINDS}"' in page  # takes the first out
    assert f'href="/?program={OWENS}&amp;program={MERCY}&amp;program={HINDS}"' in page


def deciding_of(page: str) -> dict[str, dict[str, tuple[str, bool]]]:
    """Return deciding fact -> program -> its finding, and whether it is marked the best."""
    found = {}
    for key, row in re.findall(r'<tr data-deciding="(\w+)"(.*?)</tr>', page, re.DOTALL):
        cells = re.findall(r'<td data-program="([^"]+)" data-finding="(\w+)">(.*?)</td>', row, re.S)
        found[key] = {slug: (finding, "data-best" in cell) for slug, finding, cell in cells}
    return found


def test_a_comparison_opens_with_the_eight_facts_that_decide(seeded_client: TestClient) -> None:
    page = read(seeded_client, *THREE)

    found = deciding_of(page)
    assert list(found) == [
        *("cost", "accredited", "leads_to", "format"),
        *("length", "transfer", "practicum", "graduates"),
    ]
    rows = {(row["section"], row["key"]): row for row in compare(seeded_client)["rows"]}
    best = rows["cost", "total_cost"]["best"]
    assert [slug for slug, (_, is_best) in found["cost"].items() if is_best] == best
    for value in rows["checklist", "program_accredited"]["values"]:
        assert found["accredited"][value["program"]][0] == (value["value"] or "unknown")
    for value in rows["outcomes", "completions"]["values"]:
        assert (found["graduates"][value["program"]][0] == "unknown") == (value["value"] is None)
    assert page.count('class="strip"') == len(THREE)
    assert page.index("data-deciding") < page.index("data-row")


def test_the_page_of_a_program_finds_the_same_of_what_decides(seeded_client: TestClient) -> None:
    beside = deciding_of(read(seeded_client, *THREE, home_state="MI"))

    for slug in THREE:
        page = seeded_client.get(f"/programs/{slug}?home_state=MI", headers=PAGE).text
        alone = dict(re.findall(r'<li data-answer="(\w+)" data-finding="(\w+)"', page))
        shared = beside.keys() & alone.keys()
        assert len(shared) == 7
        assert {key: beside[key][slug][0] for key in shared} == {key: alone[key] for key in shared}


def test_what_the_reader_was_told_counts_among_the_deciding_facts(
    seeded_client: TestClient,
) -> None:
    page = read(seeded_client, *THREE, answers=f"{OWENS}:program_accredited.not_met")

    assert deciding_of(page)["accredited"][OWENS] == ("not_met", False)


def test_the_place_told_makes_the_price_everywhere(seeded_client: TestClient) -> None:
    by_zip = read(seeded_client, *THREE, near="39154")
    by_state = read(seeded_client, *THREE, home_state="MS")
    outside = words_of(by_zip)

    for page in (by_zip, by_state):
        assert deciding_of(page) == deciding_of(by_zip)
    assert "for residents of Mississippi" in outside
    assert "for people from outside Ohio" in outside
    assert 'data-home="MS"' in by_zip
    assert f'href="/programs/{OWENS}?program={OWENS}' in by_zip
    assert "near=39154" in by_zip


def test_a_comparison_is_taken_away_as_a_table(seeded_client: TestClient) -> None:
    asked = {"program": THREE, "home_state": "OH"}
    comparison = seeded_client.get("/v1/comparison", params=asked).json()

    sheet = seeded_client.get("/v1/export/comparison.csv", params=asked)
    book = seeded_client.get("/v1/export/comparison.xlsx", params=asked)

    rows = list(csv.reader(sheet.text.splitlines()))
    assert [row[1] for row in rows[1:]] == [row["label"] for row in comparison["rows"]]
    assert "attachment" in sheet.headers["content-disposition"]
    opened = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    held = opened.get_sheet_by_name("Comparison").to_python()
    assert [row[:2] for row in held] == [row[:2] for row in rows]
    tuition = next(row for row in held if row[1] == "Tuition and fees")
    assert isinstance(tuition[3], float)
    wrong = seeded_client.get("/v1/export/comparison.xlsx", params={"program": [OWENS, "no"]})
    assert wrong.status_code == 422


def test_facts_bear_source_and_date_and_what_is_unknown_is_said(seeded_client: TestClient) -> None:
    page = read(seeded_client, *THREE)

    text = words_of(page)
    rows = compare(seeded_client)["rows"]
    told = [row for row in rows if any(value["value"] is not None for value in row["values"])]
    assert verdicts_of(page) == [(row["key"], row["verdict"]) for row in told]
    untold = " ".join(re.findall('data-untold="([^"]*)"', page)).split()
    assert sorted(untold) == sorted(row["key"] for row in rows if row not in told)
    assert "Government data : IPEDS custom" in text
    assert "(opens in a new tab) , 2023-24 Owens Community College $5,750 a year" in text
    assert "Better" in text
    assert "of different years" in text
    assert "CAHIIM" in text
    assert "Ask: program director" in text
    assert "mercycollege.edu" in page


def test_only_rows_that_differ_are_shown_on_demand(seeded_client: TestClient) -> None:
    page = read(seeded_client, *THREE, rows="differ")

    differing = [r for r in compare(seeded_client)["rows"] if r["verdict"] == Verdict.DIFFERS]
    assert verdicts_of(page) == [(row["key"], "differs") for row in differing]
    assert len(differing) > 5
    assert "= </span>" not in page
    assert 'name="rows" value="differ"' in page  # the form keeps it


def test_a_row_that_is_the_same_for_all_is_told_once(seeded_client: TestClient) -> None:
    page = read(seeded_client, *THREE)

    assert re.search(r'Payment plan</span>.*?<td colspan="3">', page, re.DOTALL)


def test_weights_rank_again_as_the_interface_does(seeded_client: TestClient) -> None:
    by_cost = {"cost_transparency": 100}
    equal, costly = (
        compare(seeded_client, **({"weights": given} if given else {})) for given in ({}, by_cost)
    )

    page = read(seeded_client, *THREE, weights=SPECIALIST.removeprefix("weights="))

    assert ranking_of(page)[0] == MERCY
    for checklist in costly["checklists"]:
        assert interval(checklist["score"]) in words_of(page)
    assert costly["checklists"] != equal["checklists"]
    assert re.search(r'name="weights.cost_transparency"[^>]* value="100"', page)
    assert "It makes 100% of the score." in words_of(page)
    assert f"/v1/comparison?program={OWENS}" in page
    assert "weights=accreditation:0,cost_transparency:100" in page  # links keep it


def test_an_order_that_is_sure_is_said_with_the_weights_that_turn_it(
    client: TestClient, session: Session
) -> None:
    full = [accredited(award_level="associate"), price("tuition", 4500)]
    add_program(session, "a", school="a-college", claims=full)
    add_program(session, "b", school="b-college", claims=[accredited("not_accredited")])
    publish(session)

    page = read(client, "a", "b")

    text = words_of(page)
    assert re.findall(r'data-ahead="(\d+)"', page) == ["100"]  # of all ways to weigh
    assert "$9,000" in text
    assert "Counted: tuition" in text
    assert (
        "Not known, and on top: fees, books and supplies, technology, exam of the credential."
        in text
    )


def test_no_weight_at_all_is_answered_beside_the_form(seeded_client: TestClient) -> None:
    zeros = ",".join(f"{criterion.key}:0" for criterion in RUBRIC.criteria)
    address = {"program": THREE, "weights": zeros}

    page = read(seeded_client, *THREE, weights=zeros, status=422)
    problem = seeded_client.get("/compare", params=address, headers={"accept": "application/json"})

    assert "All weights are 0; at least one must be more." in words_of(page)
    assert page.count('step="1" value="0"') == 4
    assert interval(compare(seeded_client)["checklists"][0]["score"]) in words_of(page)
    assert problem.status_code == 422
    assert problem.json()["errors"][0]["parameter"] == "weights"


def test_answers_move_the_interval_beside_what_the_catalogue_knows(
    seeded_client: TestClient,
) -> None:
    told = {OWENS: {"program_accredited": "met", "refund_policy": "not_met"}}
    before, after = (
        next(c["score"] for c in compare(seeded_client, answers=a)["checklists"])
        for a in ({}, told)
    )

    page = read(
        seeded_client, *THREE, answers=f"{OWENS}:program_accredited.met,refund_policy.not_met"
    )

    text = words_of(page)
    assert before != after
    assert interval(after) in text
    assert interval(before) in text
    assert re.findall(r'data-before="([^"]+)"', page) == [OWENS]
    assert f'value="{OWENS}:program_accredited.met" selected' in page
    assert "2 answered." in text
    assert "as you were told" in text
    assert f"answers={OWENS}:program_accredited.met,refund_policy.not_met" in page  # links keep it


def test_the_form_leads_to_an_address_that_says_the_same(seeded_client: TestClient) -> None:
    sent = send(
        seeded_client,
        "/compare",
        *(("program", slug) for slug in THREE),
        ("lang", "es"),
        ("rows", "differ"),
        ("weights.accreditation", "80"),
        ("weights.cost_transparency", "20"),
        ("residency", "out_of_state"),
        ("answers", ""),
        ("answers", f"{OWENS}:refund_policy.met"),
        ("answers", f"{MERCY}:fees.not_met"),
        ("answers", f"{OWENS}:site_support.partly_met"),
    )

    assert sent.status_code == 303
    where = urlsplit(sent.headers["location"])
    assert where.path == "/compare"
    assert parse_qsl(where.query) == [
        ("lang", "es"),
        *(("program", slug) for slug in THREE),
        ("weights", "accreditation:80,cost_transparency:20"),
        ("residency", "out_of_state"),
        ("answers", f"{OWENS}:refund_policy.met,site_support.partly_met"),
        ("answers", f"{MERCY}:fees.not_met"),
        ("rows", "differ"),
    ]
    page = seeded_client.get(sent.headers["location"], headers=PAGE)
    assert page.status_code == 200
    for kept in ('value="80"', '"out_of_state" selected', "site_support.partly_met"):
        assert kept in page.text


def test_weights_that_are_all_the_same_are_left_out_of_the_address(
    seeded_client: TestClient,
) -> None:
    sliders = [(f"weights.{criterion.key}", "33") for criterion in RUBRIC.criteria]

    sent = send(
        seeded_client, "/compare", ("program", OWENS), ("program", MERCY), *sliders,
        ("residency", "in_state"),
    )  # fmt: skip

    query = urlsplit(sent.headers["location"]).query
    assert [name for name, _ in parse_qsl(query)] == ["program", "program", "residency"]


def test_an_answer_takes_part_in_every_link_until_its_program_is_taken_out(
    seeded_client: TestClient,
) -> None:
    page = read(seeded_client, *THREE, answers=f"{OWENS}:refund_policy.met")

    out = re.findall(r'data-live href="([^"]+)">Remove<', page)
    assert len(out) == 3
    assert [OWENS in address for address in out] == [False, True, True]


@pytest.mark.parametrize("programs", [[], [OWENS]])
def test_with_too_few_programs_the_page_says_how_to_choose(
    seeded_client: TestClient, programs: list[str]
) -> None:
    page = read(seeded_client, *programs, lang="es")

    assert '<html lang="es">' in page
    assert '<form action="/" method="get" role="search"' in page
    form = page[page.index('role="search"') :].partition("</form>")[0]
    assert form.count('<input type="hidden" name="program"') == len(programs)


def test_a_program_that_nobody_knows_is_named_and_can_be_put_right(
    seeded_client: TestClient,
) -> None:
    page = read(seeded_client, OWENS, f"{MERCY}s", HINDS)

    text = words_of(page)
    assert f"No program is known as “{MERCY}s” any more" in text
    assert "Compare 2 programs" in text
    assert f'href="/compare?program={OWENS}&amp;program={MERCY}&amp;program={HINDS}"' in page
    assert f'href="/compare?program={OWENS}&amp;program={HINDS}"' in page


def test_a_retired_program_is_compared_and_says_so(client: TestClient, session: Session) -> None:
    add_program(session, "a", school="a-college")
    add_program(session, "b", school="b-college", retired_at=NOW)
    publish(session)

    text = words_of(read(client, "a", "b"))

    assert text.count("No longer in the catalog: this is what was known of it.") == 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (f"answers={OWENS}:refund_policy.mett", "'mett' is not a finding"),
        (f"answers={OWENS}:refund_polic.met", "'refund_polic' is not a check."),
        (f"answers={OWENS}:refund_polic.met", "Did you mean 'refund_policy'?"),
        ("answers=elsewhere:fees.met", "'elsewhere' is not among the programs compared."),
        ("rows=some", "rows"),
        ("residency=mars", "Price for"),
        ("&".join(f"program=p{at}" for at in range(9)), "program"),
    ],
)
def test_nonsense_in_the_address_is_named(
    seeded_client: TestClient, query: str, words: str
) -> None:
    address = f"/compare?program={OWENS}&program={MERCY}&{query}"

    page = seeded_client.get(address, headers=PAGE)
    problem = seeded_client.get(address, headers={"accept": "application/json"})

    assert page.status_code == problem.status_code == 422
    assert words in words_of(page.text)
    assert problem.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([("answers", f"{OWENS}:refund_policy.mett")], "'mett' is not a finding"),
        ([("answers", "elsewhere:fees.met")], "'elsewhere' is not among the programs compared."),
        ([("what", "1")], "what"),
        ([("residency", "mars")], "Price for"),
        ([("program", "x" * 300)], "program"),
        ([("program", "%ff")], "The form cannot be read"),
        ([("program", f"p{at}") for at in range(600)], "The form cannot be read"),
    ],
)
@pytest.mark.parametrize("path", ["/compare", "/compare/hand-out"])
def test_nonsense_in_the_form_is_named(
    seeded_client: TestClient, path: str, fields: list[tuple[str, str]], words: str
) -> None:
    refused = send(seeded_client, path, ("program", OWENS), *fields)

    assert refused.status_code == 422
    assert words in words_of(refused.text)


def test_an_address_too_long_to_be_read_is_refused_before_it_is_made(
    seeded_client: TestClient,
) -> None:
    slugs = [f"{at}{'%C3%BC' * 190}" for at in range(8)]

    refused = send(seeded_client, "/compare", *(("program", slug) for slug in slugs))

    assert refused.status_code == 422
    assert f"at most {MAX_ADDRESS_BYTES} are read" in words_of(refused.text)


def test_a_body_that_is_no_form_is_refused(seeded_client: TestClient) -> None:
    assert seeded_client.post("/compare", json={"program": [OWENS]}).status_code == 415


def test_a_page_in_spanish_marks_what_is_english(seeded_client: TestClient) -> None:
    page = read(seeded_client, *THREE, lang="es")

    assert '<html lang="es">' in page
    assert re.search(r'<span lang="en" data-words="title">IPEDS', page)
    assert "Acreditación de la escuela" in page
    assert "School's accreditation" not in page


def test_a_hand_out_is_the_snapshot_that_the_interface_would_keep(
    client: TestClient, session: Session
) -> None:
    add_program(session, "a", school="a-college")
    add_program(session, "b", school="b-college")
    publish(session)
    told = {"a": {"refund_policy": "met"}}

    kept = send(
        client,
        "/compare/hand-out",
        ("program", "a"),
        ("program", "b"),
        ("lang", "es"),
        ("weights", "accreditation:40,cost_transparency:60"),
        ("answers", "a:refund_policy.met"),
    )

    assert kept.status_code == 303
    again = client.post(
        "/v1/snapshots",
        json={
            "programs": ["a", "b"],
            "weights": {"accreditation": 40, "cost_transparency": 60},
            "answers": told,
        },
    )
    assert again.status_code == 200  # it was there already
    where = urlsplit(kept.headers["location"])
    assert where.path == again.headers["location"]
    page = client.get(kept.headers["location"])
    assert page.headers["content-type"].startswith("text/html")
    assert "Respuesta recibida: Cumplido" in page.text
    assert f"http://testserver{where.path}" in page.text


def test_a_hand_out_of_too_few_programs_is_refused(seeded_client: TestClient) -> None:
    refused = send(seeded_client, "/compare/hand-out", ("program", OWENS))

    assert refused.status_code == 422
    assert "2 to 8 programs can be compared" in words_of(refused.text)


# words


@pytest.fixture(scope="module")
def writer() -> RowWriter:
    return RowWriter(language("en"), {})


def row(key: str, label: str, section: Section = Section.OUTCOMES) -> RowRead:
    return RowRead(
        section=section,
        key=key,
        label=label,
        unit=None,
        verdict=Verdict.SAME,
        reason=None,
        values=[],
        best=[],
    )


@pytest.mark.parametrize(
    ("key", "label", "shown"),
    [
        ("exam_pass_rate_rhit", "Exam pass rate, RHIT", "Exam pass rate, RHIT"),
        (
            "exam_pass_rate_cca_same_terms",
            "Exam pass rate, CCA, on the same terms",
            "Exam pass rate, CCA, on the same terms",
        ),
        ("retention_rate_part_time", "Retention, part-time", "Retention, part-time"),
        (
            "completions_same_terms",
            "Graduates per year, on the same terms",
            "Graduates per year, on the same terms",
        ),
    ],
)
def test_a_row_is_called_by_its_key(writer: RowWriter, key: str, label: str, shown: str) -> None:
    assert writer.label(row(key, label)) == shown


def test_every_outcome_and_section_has_words() -> None:
    assert list(OUTCOMES) == list(OutcomeMetric)
    assert set(words.SECTIONS) == set(Section)
    assert set(words.VERDICTS) == set(Verdict)


def test_an_axis_ends_a_little_beyond_the_largest_amount() -> None:
    assert [_round_up(amount) for amount in (0, 9_999, 12_000, 41_750, 100_000)] == [
        0,
        10_000,
        15_000,
        50_000,
        100_000,
    ]
