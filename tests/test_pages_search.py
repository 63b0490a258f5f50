"""The search page over HTTP: what it finds, what it says of it, and what its links keep."""

import hashlib

import pytest
from starlette.testclient import TestClient

from app.domain.vocabulary import STATE_NAMES
from app.schemas.filters import LABELS, label_of
from app.schemas.programs import ProgramFilters
from app.schemas.site import MOST_CHOSEN
from app.site.pages.search import MAPPED, STATIC_MAP
from tests.reading_pages import ReadPage, asked, read_page

IDIOMORPH = "4cbd535caf7663a51eda9bce6595371c384fc430d54b8d414e29a61167f19f96"
"""idiomorph 0.8.0, dist/idiomorph.min.js of the npm package."""
OWENS = "owens-community-college-510707-associate"
SINCLAIR = "sinclair-community-college-510707-associate"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def get(client: TestClient, path: str, **headers: str) -> ReadPage:
    answer = client.get(path, headers=HTML | headers)
    assert answer.status_code == 200, answer.text
    return read_page(answer.text)


def test_the_page_finds_what_the_interface_finds_in_its_order(seeded_client: TestClient) -> None:
    query = "q=him+ohio&award_level=associate&sort=-completions"
    items = seeded_client.get(f"/v1/programs?{query}").json()["items"]

    page = get(seeded_client, f"/?{query}")

    shown = [one for one in page.ids if one in {item["slug"] for item in items}]
    assert shown == [item["slug"] for item in items]


def test_a_result_answers_first_what_decides(seeded_client: TestClient) -> None:
    query = "q=schoolcraft&cip_code=51.0707&award_level=associate"
    page = get(seeded_client, f"/?{query}")

    [item] = seeded_client.get(f"/v1/programs?{query}").json()["items"]
    assert page.marked("program") == [item["slug"]]
    assert page.link(f"{item['institution']['name']}: {item['name']}")
    assert page.marked("chip") == ["accredited", "format", "length", "cost", "leads_to"]
    findings = {check: one for one, checks in item["findings"].items() for check in checks}
    assert {
        part.marks["check"]: part.marks["finding"] for part in page.parts if "check" in part.marks
    } == findings
    assert f"${item['total_cost']['low_usd']:,.0f}" in page.part("chip", "cost")
    strip = page.link(f"{item['score']['answered']} of {item['score']['of']}")
    assert strip.endswith(f"/programs/{item['slug']}#checklist")


def test_before_a_question_no_program_is_listed_and_three_things_are_asked(
    seeded_client: TestClient,
) -> None:
    page = get(seeded_client, f"/?near=48201&program={OWENS}")

    assert page.marked("total") == []
    assert {one["name"] for one in page.fields if one.get("type") == "radio"} == {"what", "how"}
    assert page.sent("how") == ["both"]
    assert page.sent("near")[-1] == "48201"
    assert page.sent("program")[-1] == OWENS
    every = seeded_client.get("/v1/programs?limit=1").json()
    known = int(page.marked("programs")[0])
    assert known == every["total"] + sum(every.get("left_out", {}).values())


@pytest.mark.parametrize(
    ("answers", "leads_to"),
    [
        (
            "what=rhit&near=48201&how=both",
            {"leads_to": ["RHIT"], "near": ["48201"], "within_miles": ["50"]},
        ),
        (
            "what=rhit&near=48201-1234&how=near",
            {
                "leads_to": ["RHIT"],
                "near": ["48201-1234"],
                "within_miles": ["50"],
                "include_online": ["false"],
            },
        ),
        (
            "what=coding&near=48201&how=online",
            {"cip_code": ["51.0713"], "delivery": ["online"], "home_state": ["MI"]},
        ),
        (
            "what=coding&near=michigan&how=both",
            {"cip_code": ["51.0713"], "state": ["MI"], "home_state": ["MI"]},
        ),
        (
            "q=night+school&near=Macon,+GA&how=both",
            {"q": ["night school"], "near": ["Macon, GA"], "within_miles": ["50"]},
        ),
        ("what=rhit&how=online", {"leads_to": ["RHIT"], "delivery": ["online"]}),
    ],
)
def test_answers_of_the_start_page_become_a_search_of_the_interface(
    seeded_client: TestClient, answers: str, leads_to: dict[str, list[str]]
) -> None:
    sent = seeded_client.get(
        f"/?{answers}&q=&program={OWENS}"
        if "q=" not in answers
        else f"/?{answers}&program={OWENS}",
        headers=HTML,
        follow_redirects=False,
    )

    assert sent.status_code == 303
    assert asked(sent.headers["location"]) == leads_to | {"program": [OWENS]}
    found = get(seeded_client, sent.headers["location"])
    given = {name: value for name, value in leads_to.items()}
    assert found.marked("total") == [
        str(seeded_client.get("/v1/programs", params=given).json()["total"])
    ]


def test_who_is_not_sure_is_led_to_what_helps_with_the_place_kept(
    seeded_client: TestClient,
) -> None:
    sent = seeded_client.get(
        "/?what=unsure&q=&near=48201&how=both", headers=HTML, follow_redirects=False
    )

    assert sent.headers["location"] == "/fit?near=48201"


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ("what=rhit&near=99999&how=both", "near", "We know no ZIP code 99999."),
        ("what=rhit&near=Nowhereville&how=both", "near", "We know no place called Nowhereville."),
        ("what=rhit&near=springfield&how=both", "near", "Name the state too"),
        ("what=rhit&near=&how=near", "near", "Tell where you live"),
        ("q=&near=&how=both", "what", "Choose one"),
        ("q=coding&near=99999", "near", "We know no ZIP code 99999."),
        ("q=coding&near=48201&within_miles=0", "within_miles", "Within miles must be"),
        ("q=coding&max_months=soon", "max_months", "Months must be"),
        ("q=x&state=OH", "q", "Words must have"),
    ],
)
def test_what_is_wrong_with_a_form_is_told_beside_its_field_and_the_rest_stays(
    seeded_client: TestClient, answers: str, field: str, words: str
) -> None:
    answer = seeded_client.get(f"/?{answers}&program={OWENS}", headers=HTML)
    page = read_page(answer.text)

    assert answer.status_code == 422
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert page.marked("fault") == [field]
    assert words in page.part("fault", field)
    [typed] = [one for one in page.fields if one.get("id") == field] or [{}]
    given = asked(f"/?{answers}")
    assert typed.get("value", "") == given.get(field, [""])[0]
    assert page.sent("program")[-1] == OWENS
    assert page.sent("what") == given.get("what", [])
    assert bool(page.marked("total")) == ("coding" in answers or "state" in answers)


@pytest.mark.parametrize(
    ("sent", "state", "home"),
    [
        ("q=coding&near=Michigan", ["MI"], ["MI"]),
        ("q=coding&near=Michigan&state=OH", ["OH"], ["MI"]),
        ("q=coding&near=Michigan&delivery=online", [], ["MI"]),
        ("q=coding&near=Ohio&was=MI&state=MI", ["OH"], ["OH"]),
        ("q=coding&near=Michigan&was=MI&state=MI&state=OH", ["MI", "OH"], ["MI"]),
        ("q=coding&near=48201&was=OH&state=OH", [], []),
        ("q=coding&near=&was=MI&state=MI", [], []),
    ],
)
def test_a_state_in_the_field_of_the_place_is_looked_in(
    seeded_client: TestClient, sent: str, state: list[str], home: list[str]
) -> None:
    answer = seeded_client.get(f"/?{sent}", headers=HTML)

    assert answer.status_code == 200
    link = asked(read_page(answer.text).link("JSON"))
    assert link.get("state", []) == state
    assert link.get("home_state", []) == home
    assert "was" not in str(answer.url)


def test_around_a_place_what_is_online_from_elsewhere_stands_apart(
    seeded_client: TestClient,
) -> None:
    query = "q=RHIT&near=48201&within_miles=50"
    both = seeded_client.get(f"/v1/programs?{query}").json()["total"]
    near = seeded_client.get(f"/v1/programs?{query}&include_online=false").json()["total"]

    page = get(seeded_client, f"/?{query}")

    assert (page.marked("inside"), page.marked("elsewhere")) == ([str(near)], [str(both - near)])
    assert asked(page.link("Within 50 miles of 48201")) == {"q": ["RHIT"], "home_state": ["MI"]}
    only = get(seeded_client, page.link("Only within 50 miles"))
    assert only.marked("total") == [str(near)]
    assert get(seeded_client, only.link("Show online programs")).marked("total") == [str(both)]


def test_a_filter_tells_of_how_many_it_is_known_before_it_is_used(
    seeded_client: TestClient,
) -> None:
    facets = seeded_client.get("/v1/programs?state=OH&facets=delivery&limit=1").json()
    unknown = next(
        one["count"] for one in facets["facets"]["delivery"] if one["value"] == "unknown"
    )

    page = get(seeded_client, "/?state=OH")

    assert (
        page.part("known", "delivery")
        == f"known for {facets['total'] - unknown} programs, not for {unknown}"
    )
    assert "delivery" not in get(seeded_client, "/?state=OH&delivery=online").marked("known")


def test_programs_come_in_order_of_score_only_where_that_is_asked_for(
    seeded_client: TestClient,
) -> None:
    first = seeded_client.get("/v1/programs?limit=1").json()["items"][0]
    asked_for = seeded_client.get("/v1/programs?sort=-score").json()

    page, by_score = get(seeded_client, "/?sort=institution"), get(seeded_client, "/?sort=-score")

    assert next(one for one in page.ids if f"choose-{one}" in page.ids) == first["slug"]
    assert "order_note" not in seeded_client.get("/v1/programs?limit=1").json()
    assert asked_for["order_note"] in by_score.text
    assert (page.marked("order-note"), by_score.marked("order-note")) == ([], [""])


def test_fields_left_empty_in_a_form_are_not_asked_for(seeded_client: TestClient) -> None:
    query = "q=&near=&within_miles=&state=OH&max_months=&sort=&award_level=associate"

    page = get(seeded_client, f"/?{query}")

    total = seeded_client.get("/v1/programs?state=OH&award_level=associate").json()["total"]
    assert page.marked("total") == [str(total)]


@pytest.mark.parametrize("query", ["within_miles=30", "sort=distance", "sort=relevance"])
def test_what_hangs_on_a_cleared_field_is_dropped_with_it(
    seeded_client: TestClient, query: str
) -> None:
    every = seeded_client.get("/v1/programs?limit=1&state=OH").json()["total"]

    assert get(seeded_client, f"/?{query}&state=OH").marked("total") == [str(every)]


def test_the_list_is_kept_by_a_new_search_and_by_every_link(seeded_client: TestClient) -> None:
    page = get(
        seeded_client, f"/?q=coding&program={OWENS}&program={SINCLAIR}&weights=accreditation:1"
    )

    assert page.marked("chosen") == ["2"]
    assert page.sent("program") == [OWENS, SINCLAIR]
    assert page.sent("weights") == ["accreditation:1"]
    taking_out = [
        link.href
        for link in page.links
        if "Remove" in link.text
        and "program=" in link.href
        and asked(link.href)["program"] != [OWENS, SINCLAIR]
    ]
    taking_out.append(page.link("Empty the list"))
    elsewhere = ("/docs", "/v1/", "http", "mailto:", "#")
    others = [
        link.href
        for link in page.links
        if not link.href.startswith(elsewhere) and link.href not in taking_out
    ]
    assert len(others) > 60
    assert [
        href for href in others if asked(href).get("program", [])[:2] != [OWENS, SINCLAIR]
    ] == []
    assert asked(page.link("Compare 2 programs"))["program"] == [OWENS, SINCLAIR]


def test_a_program_is_added_and_taken_out_by_its_link(seeded_client: TestClient) -> None:
    page = get(seeded_client, f"/?q=owens&program={SINCLAIR}")
    added = get(seeded_client, page.link("Add to compare Owens"))

    assert added.marked("chosen") == ["2"]
    back = get(seeded_client, added.link("In your list Owens"))
    assert back.marked("chosen") == ["1"]
    assert get(seeded_client, back.link("Empty the list")).marked("chosen") == []


def test_a_full_list_takes_no_more(seeded_client: TestClient) -> None:
    items = seeded_client.get("/v1/programs?state=OH&limit=20").json()["items"]
    chosen = "&".join(f"program={item['slug']}" for item in items[:MOST_CHOSEN])

    page = get(seeded_client, f"/?state=OH&{chosen}")

    assert page.marked("chosen") == [str(MOST_CHOSEN)]
    assert page.marked("full")
    assert not [link for link in page.links if link.text.startswith("Add to compare")]


def test_a_program_nobody_knows_stays_in_the_list_and_can_be_taken_out(
    seeded_client: TestClient,
) -> None:
    page = get(seeded_client, "/?program=no-such-program")

    assert page.marked("unknown") == ["no-such-program"]
    assert "program" not in asked(page.link("Remove: no-such-program"))


def test_filters_in_use_can_be_taken_out_one_by_one(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/?state=OH&state=MI&max_tuition_usd=6000&exclude_control=public")

    assert asked(page.link("State: Ohio")) == {
        "state": ["MI"],
        "max_tuition_usd": ["6000.0"],
        "exclude_control": ["public"],
    }
    assert "Tuition and fees: at most $6,000" in page.text
    assert "Kind of school: not Public" in page.text


def test_every_filter_has_a_label_and_a_new_one_is_called_by_its_key() -> None:
    said = {name for name in ProgramFilters.model_fields if name != "include_online"}

    assert {name for name in said if label_of(name) not in LABELS.values()} == set()
    assert label_of("exclude_price_level") == label_of("price_level_is") == "price level"


def test_counts_of_a_filter_ignore_the_filter_itself(seeded_client: TestClient) -> None:
    facets = seeded_client.get("/v1/programs?state=OH&facets=state&limit=1").json()["facets"]
    michigan = next(one["count"] for one in facets["state"] if one["value"] == "MI")

    page = get(seeded_client, "/?state=OH")

    assert page.part("state", "MI") == f"{michigan:,}"


def test_what_nobody_knows_can_be_asked_for(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/?state=OH&delivery=online")

    only = next(link.href for link in page.links if "delivery_is=unknown" in link.href)
    assert "delivery" not in asked(only)
    again = get(seeded_client, only)
    assert "delivery_is" not in asked(again.link("Class format: not known"))


def test_words_are_told_as_they_were_read(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/?q=him+at+sinclar")

    assert "“sinclar” is not known here; it was read as “sinclair”." in page.text
    assert "“him”: the field Health Information/Medical Records Administration" in page.text
    assert page.marked("reading") == ["field", "school"]
    without = [link.href for link in page.links if "Remove “" in link.text]
    assert asked(without[1]) == {"q": ["him at"]}


def test_an_empty_answer_offers_what_would_be_found(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/?q=sinclair&state=CA")

    assert page.marked("total") == ["0"]
    without = page.link("without the filter “State”")
    assert asked(without) == {"q": ["sinclair"]}
    assert get(seeded_client, without).marked("total") != ["0"]


def test_pages_of_the_list_follow_each_other(seeded_client: TestClient) -> None:
    first = get(seeded_client, "/?state=OH&sort=institution")
    second = get(seeded_client, first.link("Next page"))

    shown = [{one for one in page.ids if f"choose-{one}" in page.ids} for page in (first, second)]
    assert len(shown[0]) == len(shown[1]) == 20
    assert not shown[0] & shown[1]
    assert "cursor" not in asked(second.link("Back to the first page"))


def test_the_same_search_is_offered_as_data(seeded_client: TestClient) -> None:
    page = get(seeded_client, f"/?q=coding&state=OH&program={OWENS}")

    found = seeded_client.get(page.link("JSON")).json()
    assert page.marked("total") == [str(found["total"])]
    _head, *rows = seeded_client.get(page.link("CSV")).text.strip().splitlines()
    assert len(rows) == found["total"]


def test_scores_are_by_the_weights_taken_along(seeded_client: TestClient) -> None:
    query = "sort=-score&state=OH&weights=practicum_access:100"
    items = seeded_client.get(f"/v1/programs?{query}").json()["items"]

    page = get(seeded_client, f"/?{query}")

    slugs = [item["slug"] for item in items]
    assert [one for one in page.ids if one in slugs] == slugs
    assert "weights" not in asked(page.link("Give all criteria the same weight"))


def test_the_map_shades_every_state_and_tells_in_words_what_it_shows(
    seeded_client: TestClient,
) -> None:
    facets = seeded_client.get("/v1/programs?cip_code=51.0707&facets=state").json()["facets"]
    most = facets["state"][0]

    page = get(seeded_client, "/?cip_code=51.0707&view=map")

    first = f"{STATE_NAMES[most['value']]} {most['count']}"
    assert f"Map of the programs found by state. Most are in: {first}, " in page.text
    drawn = {
        asked(link.href)["state"][0]
        for link in page.links
        if ":" in link.text
        and link.text.split(":")[0] in STATE_NAMES.values()
        and "state" in asked(link.href)
    }
    assert drawn == MAPPED


def test_the_carried_script_is_the_one_that_was_checked(seeded_client: TestClient) -> None:
    content = seeded_client.get("/static/idiomorph.js").content

    assert hashlib.sha256(content).hexdigest() == IDIOMORPH


def test_every_state_of_the_map_has_an_outline(seeded_client: TestClient) -> None:
    outlines = seeded_client.get(f"/static/{STATIC_MAP}")

    assert outlines.headers["content-type"] == "image/svg+xml"
    assert {code for code in STATE_NAMES if f'id="{code}"' in outlines.text} == MAPPED


def test_the_territories_are_named_beside_the_map(seeded_client: TestClient) -> None:
    assert "Also: Marshall Islands 1, Puerto Rico" in get(seeded_client, "/?view=map").text


def test_the_language_is_that_of_the_address_else_of_the_browser(
    seeded_client: TestClient,
) -> None:
    assert get(seeded_client, "/").lang == "en"
    assert get(seeded_client, "/", **{"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}).lang == "es"
    chosen = seeded_client.get("/?lang=en", headers=HTML | {"Accept-Language": "es"})
    assert read_page(chosen.text).lang == "en"
    assert chosen.headers["content-language"] == "en"
    assert "Accept-Language" in chosen.headers["vary"]
    assert asked(read_page(chosen.text).link("Español")) == {"lang": ["es"]}


def test_nothing_stands_inline_and_no_id_twice(seeded_client: TestClient) -> None:
    page = get(seeded_client, f"/?state=OH&program={OWENS}")

    assert page.inline == []
    assert len(page.ids) == len(set(page.ids))


def test_a_page_that_was_seen_is_not_sent_again(seeded_client: TestClient) -> None:
    first = seeded_client.get("/?state=OH", headers=HTML)

    again = seeded_client.get("/?state=OH", headers=HTML | {"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_files_are_kept_as_long_as_their_content(seeded_client: TestClient) -> None:
    page = seeded_client.get("/", headers=HTML).text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]

    assert "immutable" in seeded_client.get(address).headers["cache-control"]
    other = seeded_client.get(f"{address.split('=')[0]}=0")
    assert other.headers["cache-control"] == "public, max-age=3600"
    assert seeded_client.get("/static/nothing.css").status_code == 404


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("state=Ohoi&q=coding", "Did you mean “Ohio”?"),
        ("award_level=asociate", "Did you mean “Associate degree”?"),
        ("cursor=abc", "the cursor is damaged"),
        ("weights=luck:1&q=coding", "'luck' is not a criterion"),
        ("lang=fr", "“fr” is no choice for “Language”."),
    ],
)
def test_a_wrong_address_is_explained_and_nothing_of_the_list_is_lost(
    seeded_client: TestClient, query: str, words: str
) -> None:
    answer = seeded_client.get(f"/?{query}&program={OWENS}", headers=HTML)
    page = read_page(answer.text)

    assert answer.status_code == 422
    assert words in page.text
    onward = page.link("Go on without it")
    assert asked(onward)["program"] == [OWENS]
    assert get(seeded_client, onward)


def test_too_long_a_list_is_cut_not_lost(seeded_client: TestClient) -> None:
    chosen = "&".join(f"program={OWENS}-{n}" for n in range(MOST_CHOSEN + 1))

    answer = seeded_client.get(f"/?{chosen}", headers=HTML)

    onward = read_page(answer.text).link("Go on without it")
    assert len(asked(onward)["program"]) == MOST_CHOSEN


def test_whoever_asks_for_json_gets_problem_documents(seeded_client: TestClient) -> None:
    answer = seeded_client.get("/?control=publik", headers={"Accept": "application/json"})

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["suggestion"] == "public"
    missing = seeded_client.get("/nowhere", headers={"Accept": "application/json"})
    assert missing.json()["type"] == "/problems/not-found"


def test_an_address_without_a_page_is_a_page_that_says_so(seeded_client: TestClient) -> None:
    answer = seeded_client.get(f"/nowhere?lang=es&program={OWENS}", headers=HTML)
    page = read_page(answer.text)

    assert answer.status_code == 404
    assert page.lang == "es"
    assert "/nowhere" in page.text
    assert (
        seeded_client.get("/v1/nowhere", headers=HTML)
        .headers["content-type"]
        .startswith("application/problem+json")
    )


@pytest.mark.parametrize("words", ["accredited michigan", "accredited indiana"])
def test_a_fact_that_is_seldom_told_is_shown_as_known_and_not_known(
    seeded_client: TestClient, words: str
) -> None:
    answer = seeded_client.get("/v1/programs", params={"q": words}).json()

    page = get(seeded_client, f"/?q={words.replace(' ', '+')}")

    assert page.marked("total") == [str(answer["total"])]
    assert page.marked("not-known") == [str(answer["not_known"])]
    assert "School accreditation" not in page.text
    rest = get(seeded_client, page.link("not known (")).marked("total")
    assert rest == [str(answer["not_known"])]
