"""The page of careers: pay of occupations side by side and by state, sorted."""

from starlette.testclient import TestClient

from tests.reading_pages import ReadPage, read_page

HTML = {"Accept": "text/html"}


def page_of(client: TestClient, **params: str) -> ReadPage:
    answer = client.get("/careers", params=params, headers=HTML)
    assert answer.status_code == 200, answer.text
    return read_page(answer.text)


def test_a_page_shows_pay_where_the_reader_lives_and_sorts_it(seeded_client: TestClient) -> None:
    by_pay, by_name = (page_of(seeded_client, home_state="OH", sort=by) for by in ("pay", "name"))

    def medians(page: ReadPage, area: str) -> list[int]:
        marks = [p.marks for p in page.parts if p.marks.get("area") == area]
        return [int(told["median"]) for told in marks if "median" in told]

    assert medians(by_pay, "OH") == sorted(medians(by_pay, "OH"), reverse=True)
    assert sorted(medians(by_name, "OH")) == sorted(medians(by_pay, "OH"))
    assert by_name.marked("career") != by_pay.marked("career")
    assert by_pay.marked("price-level") == ["OH"]
    assert set(page_of(seeded_client).marked("area")) == {"US"}


def test_states_are_sorted_by_name_pay_or_jobs(seeded_client: TestClient) -> None:
    by_pay, by_name = (
        page_of(seeded_client, soc="29-9021", sort_states=by).marked("state")
        for by in ("pay", "name")
    )

    assert sorted(by_pay) == sorted(by_name)
    assert by_name[:2] == ["AL", "AK"]
    assert by_pay.index("CA") < by_pay.index("OH") < by_pay.index("AL")


def test_where_pay_by_state_was_leads_there(seeded_client: TestClient) -> None:
    asked = {"soc": "29-9021", "state": "OH", "lang": "es"}
    moved = seeded_client.get("/statistics", params=asked, headers=HTML, follow_redirects=False)

    assert moved.status_code == 308
    assert moved.headers["location"] == "/careers?state=OH&soc=29-9021&lang=es#by-state"
