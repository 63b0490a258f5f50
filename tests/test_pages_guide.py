"""The career guide and its figures as pages: all of it, with who says so, and where it leads."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.vocabulary import Method
from app.schemas.pages import Evidence
from app.schemas.statistics import StatisticRead
from app.site.languages import language
from app.site.pages.guide import PARTS, PROGRAMS, SECTIONS
from app.site.pages.statistics import METHODS, pay_chart, value_of
from app.site.writing import Writer
from app.store.tables.guide import GuideEntry
from tests.making import RUBRIC, SCHOOL, add_sources
from tests.reading_pages import ReadPage, read_page

SINCLAIR = "sinclair-community-college-510707-associate"
HTML = {"Accept": "text/html,*/*;q=0.8"}


def get(client: TestClient, path: str, status: int = 200, **headers: str) -> ReadPage:
    answer = client.get(path, headers=HTML | headers)
    assert answer.status_code == status, answer.text
    page = read_page(answer.text)
    assert page.inline == []
    return page


def sections_of(client: TestClient) -> list[str]:
    return [one["section"] for one in client.get("/v1/guide").json()["items"]]


def test_every_section_stands_once_under_a_part_with_a_title(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/guide")

    keys = sections_of(seeded_client)
    listed = [link.href for link in page.links if link.href.startswith("/guide/")]
    assert {*keys} == {*SECTIONS} == {key for _, keys in PARTS for key in keys}
    assert all(f"/guide/{key}" in listed for key in keys)


def test_every_entry_of_every_section_is_shown_with_who_says_it(seeded_client: TestClient) -> None:
    for key in sections_of(seeded_client):
        entries = seeded_client.get(f"/v1/guide/{key}").json()["items"]

        page = get(seeded_client, f"/guide/{key}")

        for entry in entries:
            assert entry["slug"] in page.ids
            said = [entry[name] for name in ("summary", "what", "answer", "asks") if name in entry]
            assert all(text in page.text for text in said)
        assert page.text.count("A publisher's career guide") >= len(entries)


def test_what_we_added_to_a_source_is_told(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/guide/timeline")

    assert {"words", "links"} <= set(page.marked("added"))


def test_the_sections_lead_on_to_one_another(seeded_client: TestClient) -> None:
    order = list(SECTIONS)

    page = get(seeded_client, f"/guide/{order[1]}")

    assert page.link("Before this") == f"/guide/{order[0]}"
    assert page.link("Next") == f"/guide/{order[2]}"
    assert not [
        link for link in get(seeded_client, f"/guide/{order[0]}").links if "Before" in link.text
    ]


def test_links_lead_to_things_that_are_there(seeded_client: TestClient) -> None:
    """Of pages that are ours the fragment must be there too; of others the record."""
    sections = {key: get(seeded_client, f"/guide/{key}") for key in sections_of(seeded_client)}
    pages = {f"/guide/{key}": page for key, page in sections.items()}
    pages |= {path: get(seeded_client, path) for path in ("/method", "/statistics", "/corrections")}
    records = {
        f"/{folder}/{item[key]}"
        for folder, key in (
            ("credentials", "code"),
            ("advancement-paths", "slug"),
            ("work-settings", "slug"),
        )
        for item in seeded_client.get(f"/v1/{folder}").json()["items"]
    }
    figures = {one["slug"] for one in quoted(seeded_client)}

    for page in sections.values():
        for link in page.links:
            path, fragment = urlsplit(link.href).path, urlsplit(link.href).fragment
            if fragment and path:
                assert fragment in pages[path].ids, link.href
            if path.startswith("/statistics/"):
                slug = path.rpartition("/")[2]
                assert slug in figures or slug.startswith(("oews_", "ep_")), link.href
            elif path.startswith(("/credentials/", "/advancement-paths/", "/work-settings/")):
                assert path in records


def quoted(client: TestClient) -> list[dict[str, Any]]:
    """Return the figures that the guide quotes."""
    found = client.get("/v1/statistics?source=source-article&limit=100").json()["items"]
    return list(found)


def test_programs_of_a_kind_are_one_step_away(seeded_client: TestClient) -> None:
    for entry, (name, value) in PROGRAMS.items():
        page = get(seeded_client, f"/guide/{entry.partition('/')[0]}")

        found = [link.href for link in page.links if link.text == "Find programs of this kind"]
        assert f"/?{name}={value}" in found
        assert seeded_client.get(f"/v1/programs?{name}={value}").json()["total"] > 0


def test_months_that_nobody_knows_are_said_and_not_counted(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/guide/timeline")

    assert page.marked("known").count("false") == 2
    assert "18 to 24 months" in page.text


def test_questions_come_with_those_of_the_checklist_and_whom_to_ask(
    seeded_client: TestClient,
) -> None:
    page = get(seeded_client, "/guide/questions")

    asks = {check.key: check for criterion in RUBRIC.criteria for check in criterion.checks}
    assert len(page.marked("check")) > 5
    for key in set(page.marked("check")):
        assert f"{asks[key].question} ({asks[key].whom})" == page.part("check", key)


def test_a_common_question_opens_by_its_fragment(seeded_client: TestClient) -> None:
    answer = seeded_client.get("/guide/faqs", headers=HTML)

    # a browser opens what is folded around the element that an address names
    folded = answer.text.split("<details")[1:]
    assert any('id="education_needed_2026"' in one.split("</summary>")[1] for one in folded)


def test_official_figures_stand_beside_what_the_guide_says_of_pay(
    seeded_client: TestClient,
) -> None:
    page = get(seeded_client, "/guide/salary-factors")

    [picture] = [one for one in page.pictures if one.startswith("Medical Records Specialists")]
    assert "median $51,140" in picture
    assert "half between $43,490 and $64,820" in picture


def test_a_section_without_a_title_of_ours_is_shown_all_the_same(
    session: Session, client: TestClient
) -> None:
    add_sources(session)
    session.add(
        GuideEntry(
            section="night-work",
            slug="late",
            position=1,
            label="It can be late",
            facts={"summary": "Records do not sleep."},
            source=SCHOOL,
            basis="stated_by_institution",
        )
    )
    session.commit()

    overview, page = get(client, "/guide"), get(client, "/guide/night-work")

    assert overview.link("night work") == "/guide/night-work"
    assert "Records do not sleep." in page.text


def test_a_figure_says_what_it_counts_and_what_it_cannot_be_set_against(
    seeded_client: TestClient,
) -> None:
    page = get(seeded_client, "/statistics/bls_growth_2023_33")

    read = seeded_client.get("/v1/statistics/bls_growth_2023_33").json()
    assert read["population"] in page.text
    assert all(warning in page.text for warning in read["warnings"])
    assert page.marked("newer") == [read["superseded_by"]]
    reasons = [reason["code"] for one in read["beside"] for reason in one["reasons"]]
    assert page.marked("reason") == reasons
    assert page.marked("conflict") == [one["slug"] for one in read["conflicts"]]


def test_all_quoted_figures_are_listed_and_point_to_newer_editions(
    seeded_client: TestClient,
) -> None:
    page = get(seeded_client, "/statistics")

    for figure in quoted(seeded_client):
        assert figure["slug"] in page.ids
        if figure["superseded_by"]:
            newer = f"/statistics/{figure['superseded_by']}"
            assert newer in [link.href for link in page.links]


def figure(**fields: object) -> StatisticRead:
    evidence = Evidence(
        source="x", source_url=None, as_of=None, basis="editorial", as_stated=None, stale=False
    )
    return StatisticRead.model_validate(
        {
            "slug": "x",
            "label": "X",
            "measure": "annual_wage",
            "method": "not_stated",
            "value_low": None,
            "value_high": None,
            "is_exclusive": False,
            "value_text": None,
            "value_status": "reported",
            "unit": "USD per year",
            "soc_code": None,
            "soc_edition": None,
            "occupation_title": None,
            "population": "Everybody",
            "period": None,
            "horizon": None,
            "attributed_to": None,
            "reference": None,
            "warnings": [],
            "superseded_by": None,
            "see_also": [],
            "evidence": evidence,
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Not known"),
        ({"value_low": 1000, "value_high": 1000}, "$1,000 a year"),
        ({"value_low": 1000, "value_high": 2000}, "$1,000 to $2,000 a year"),
        ({"value_low": 1000}, "at least $1,000 a year"),
        ({"value_low": 1000, "is_exclusive": True}, "more than $1,000 a year"),
        ({"value_high": 1000}, "at most $1,000 a year"),
        ({"value_high": 1000, "is_exclusive": True}, "less than $1,000 a year"),
        ({"value_low": 0, "value_high": 0, "unit": "percent"}, "0%"),
        ({"value_low": 0.5, "value_high": 0.5, "unit": "share"}, "50%"),
        ({"value_text": "A degree", "unit": None}, "A degree"),
        ({"value_low": 3, "value_high": 3, "unit": "parsecs"}, "3"),
    ],
)
def test_a_value_is_written_as_it_is_meant(fields: dict[str, object], words: str) -> None:
    assert value_of(Writer(language("en"), {}), figure(**fields)).text == words


def test_pay_of_which_a_number_is_open_is_not_drawn() -> None:
    five = {"annual_p10": 1, "annual_p25": 2, "annual_median": 3, "annual_p75": 4, "annual_p90": 5}
    of = [
        figure(measure=m, method="employer_survey", soc_code="1", value_low=v, value_high=v)
        for m, v in five.items()
    ]
    writer = Writer(language("en"), {})

    assert pay_chart(writer, of) is not None
    assert pay_chart(writer, of[:-1]) is None
    assert pay_chart(writer, [*of[:-1], of[-1].model_copy(update={"value_high": None})]) is None


def test_every_method_of_a_figure_has_words() -> None:
    assert set(METHODS) == set(Method)
