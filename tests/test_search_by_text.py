"""What a text finds over the catalogue as shipped, what it gives up, and what is told of it."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.domain.text.identifiers import fold
from app.search.reading.hand_files import read_hand_files
from app.search.reading.spans import FilterTarget
from app.search.text import FILTER_OF
from app.settings import get_settings

pytestmark = pytest.mark.engines_in_turn

QUIET = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def ask(client: TestClient, q: str, path: str = "/v1/programs", **params: Any) -> dict[str, Any]:
    answer = client.get(path, params={"q": q, "limit": 100, **params})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def slugs(page: dict[str, Any]) -> list[str]:
    return [item["slug"] for item in page["items"]]


def test_a_city_is_what_lies_around_it_its_own_schools_first(seeded_client: TestClient) -> None:
    page = ask(seeded_client, "medical coding milwaukee")

    near = {"near": "Milwaukee, WI", "within_miles": 25, "include_online": False, "limit": 100}
    around = seeded_client.get("/v1/programs", params=near).json()
    coding = {i["slug"] for i in around["items"] if i["cip_code"] == "51.0713"}
    assert set(slugs(page)) == coding
    assert all(item["distance_miles"] <= 25 for item in page["items"])
    in_city = [item["institution"]["city"] == "Milwaukee" for item in page["items"]]
    assert in_city == sorted(in_city, reverse=True)


def test_a_state_beside_a_city_tells_which_and_leaves_nothing_out(
    seeded_client: TestClient,
) -> None:
    page = ask(seeded_client, "medical records portland oregon")

    assert {item["institution"]["state"] for item in page["items"]} == {"OR", "WA"}


def test_a_city_of_several_is_asked_about(seeded_client: TestClient) -> None:
    page = ask(seeded_client, "medical coder albany")

    assert {item["institution"]["state"] for item in page["items"]} == {"NY"}
    other = next(one for one in page["choices"] if one["said"] == "Albany, OR")
    found = seeded_client.get(other["href"]).json()
    assert {item["institution"]["state"] for item in found["items"]} == {"OR"}
    at_home = ask(seeded_client, "medical coder albany", home_state="OR")
    assert slugs(at_home) == slugs(found)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("RHIT macon", ["radius"]),
        ("cancer registrar in colorado", ["country"]),
        ("stanford medical coding", ["field"]),
        ("health informatics doctorate savannah", ["award_level", "state"]),
    ],
)
def test_what_is_given_up_is_told_and_leaves_something(
    seeded_client: TestClient, text: str, steps: list[str]
) -> None:
    page = ask(seeded_client, text)

    assert [one["step"] for one in page["loosened"]] == steps
    assert page["total"] > 0


def test_nearest_comes_first_where_it_is_looked_for_farther_away(
    seeded_client: TestClient,
) -> None:
    miles = [item["distance_miles"] for item in ask(seeded_client, "RHIT macon")["items"]]

    assert miles == sorted(miles)
    assert 25 < min(miles) <= max(miles) <= 60


@pytest.mark.parametrize(
    ("text", "rest", "said"),
    [
        ("Qwxzvly health informatics", "health informatics", "“qwxzvly”"),
        ("caltech health informatics", "health informatics", "California Institute of Technology"),
        ("phlebotomy certificate", "certificate", "not a field of this catalog"),
        ("medical coding in guam", "medical coding", "Guam"),
    ],
)
def test_where_nothing_can_meet_a_text_the_rest_is_told_beside(
    seeded_client: TestClient, text: str, rest: str, said: str
) -> None:
    page = ask(seeded_client, text)

    whole = ask(seeded_client, rest)
    assert (page["total"], page["items"], page.get("loosened")) == (0, [], None)
    assert said in page["beyond"]["said"]
    assert page["beyond"]["total"] == whole["total"]
    assert page["beyond"]["items"] == whole["items"][: len(page["beyond"]["items"])] != []


def test_names_near_an_unknown_one_lead_somewhere(seeded_client: TestClient) -> None:
    beyond = ask(seeded_client, "Sinclarion University")["beyond"]

    assert 0 < len(beyond["nearest"]) <= 5
    assert all(seeded_client.get(one["href"]).json()["total"] for one in beyond["nearest"][:1])


@pytest.mark.parametrize(
    ("text", "asked", "rest"),
    [
        ("medical coding certificate", {"award_level": "associate"}, "medical coding"),
        ("online medical coding", {"delivery": "campus"}, "medical coding"),
        ("medical coding under $5000", {"max_tuition_usd": 9000}, "medical coding"),
        ("cheap medical coding", {"sort": "name"}, "medical coding"),
    ],
)
def test_a_parameter_wins_over_words_on_the_same(
    seeded_client: TestClient, text: str, asked: dict[str, Any], rest: str
) -> None:
    page = ask(seeded_client, text, **asked)

    assert slugs(page) == slugs(ask(seeded_client, rest, **asked))
    assert "decided by a filter" in [one["because"] for one in page["understood"]]


@pytest.mark.parametrize(
    ("text", "rest", "asked"),
    [
        ("associate medical coding ohio", "medical coding ohio", {"award_level": "associate"}),
        ("public medical coding ohio", "medical coding ohio", {"control": "public"}),
        ("medical coding under $5000", "medical coding", {"max_tuition_usd": 5000}),
        ("online medical coding ohio", "medical coding ohio", {"delivery": ["online", "hybrid"]}),
        ("accredited indiana", "indiana", {"accreditation": "accredited"}),
    ],
)
def test_words_for_a_parameter_are_that_parameter(
    seeded_client: TestClient, text: str, rest: str, asked: dict[str, Any]
) -> None:
    facets = {"facets": ["award_level", "delivery", "state", "control"]}
    by_words, by_filter = (
        ask(seeded_client, text, **facets),
        ask(seeded_client, rest, **asked, **facets),
    )

    for key in ("total", "not_known", "known_no", "cannot_apply", "facets"):
        assert by_words.get(key) == by_filter.get(key), key
    assert set(slugs(by_words)) == set(slugs(by_filter)) or by_words["next"]


def test_what_is_not_known_and_what_does_not_apply_stand_apart(seeded_client: TestClient) -> None:
    page = ask(seeded_client, "accredited medical coding kansas")

    every = ask(seeded_client, "medical coding kansas")["total"]
    assert (page["total"], page["cannot_apply"], page["known_no"]) == (0, every, every)
    [below] = page["below"]
    assert (below["kind"], below["total"]) == ("cannot_apply", every)


def test_who_says_to_prepare_for_a_credential_comes_before_who_does_not_say(
    seeded_client: TestClient,
) -> None:
    items = ask(seeded_client, "CCS")["items"]

    says = ["CCS" in item["prepares_for"] for item in items]
    assert says == sorted(says, reverse=True)
    assert any(says)
    assert not all(says)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("what is an RHIT", [("credential", "RHIT")]),
        ("RHIA salary", [("figure", "wages"), ("credential", "RHIA")]),
        ("RHIT or CCS which is better", [("credential", "RHIT"), ("credential", "CCS")]),
        ("who accredits health information programs", [("accreditor", "CAHIIM")]),
        ("how long does it take to become a medical coder", [("guide", "timeline")]),
        ("transfer credits", [("guide", "questions/credits_transfer_up")]),
        ("university of georgia", [("institution", "139959")]),
        ("medical coding ohio", []),
    ],
)
def test_what_answers_a_text_beside_programs_is_told_first_and_once(
    seeded_client: TestClient, text: str, first: list[tuple[str, str]]
) -> None:
    page = ask(seeded_client, text, limit=1)

    assert [(one["kind"], one["key"]) for one in page.get("first", [])] == first
    for one in page.get("first", []):
        assert seeded_client.get(one["href"]).status_code == 200
        assert seeded_client.get(one["page"]).status_code == 200
    if page["next"]:
        assert "first" not in ask(seeded_client, text, limit=1, cursor=page["next"])


def test_schools_with_the_field_asked_for_come_first(seeded_client: TestClient) -> None:
    page = ask(seeded_client, "medical coding milwaukee", "/v1/institutions")

    here = ask(seeded_client, "milwaukee", "/v1/institutions")
    coding = ask(seeded_client, "medical coding milwaukee")
    with_it = {item["institution"]["slug"] for item in coding["items"]}
    assert page["total"] == here["total"]
    assert set(slugs(page)[: len(with_it)]) == with_it


WORDS = (
    *("medical coding", "health informatics", "RHIT", "associate", "online", "cheap", "near me"),
    *(
        "milwaukee",
        "ohio",
        "45402",
        "uga",
        "stanford",
        "qwxzv",
        "public",
        "accredited",
        "in",
        "the",
    ),
    *("phlebotomy", "palau", "under $5000", "what is", "cook county", "51.0716", "sinclar"),
)


@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5, unique=True))
@QUIET
def test_every_word_is_told_once_in_order_and_can_be_left_out(
    seeded_client: TestClient, words: list[str]
) -> None:
    text = " ".join(words)
    for path in ("/v1/programs", "/v1/institutions"):
        page = ask(seeded_client, text, path, limit=5)

        told = page["understood"]
        assert fold(" ".join(one["words"] for one in told)) == fold(text)
        for one in told[:2]:
            assert one["said"]
            assert urlsplit(one["without"]).path == path
            assert seeded_client.get(one["without"]).status_code == 200
        if page["total"] == 0:
            known = page.get("beyond") or page.get("not_known") is not None
            assert known or page["understood"]


def test_of_two_bounds_the_narrower_counts(seeded_client: TestClient) -> None:
    both = ask(seeded_client, "medical coding under $9000 under $5000")

    assert both["total"] == ask(seeded_client, "medical coding under $5000")["total"] > 0


def test_words_that_part_programs_only_put_schools_first_or_are_left_out(
    seeded_client: TestClient,
) -> None:
    page = ask(seeded_client, "online associate milwaukee", "/v1/institutions")

    used = {one["kind"]: one["used"] for one in page["understood"]}
    assert used == {"delivery": "left_out", "award": "score", "area": "filter"}


def hand_filters() -> list[tuple[str, str]]:
    """Return the parameters and values that the hand files of the lexicon name."""
    rows = read_hand_files(get_settings().seed_dir / "lexicon")
    targets = (one.target for one in rows.surfaces)
    found = {
        (one.parameter, value)
        for one in targets
        if isinstance(one, FilterTarget)
        for value in one.values
    }
    return sorted(found)


def test_every_parameter_of_the_lexicon_is_one_of_the_search(seeded_client: TestClient) -> None:
    for parameter, value in hand_filters():
        name = FILTER_OF.get(parameter, parameter)
        asked = {name: value, "limit": 1}
        if value == "distance":
            asked["near"] = "45402"
        answer = seeded_client.get("/v1/programs", params=asked)
        assert answer.status_code == 200, answer.text


def test_what_is_found_goes_on_through_all_pages(seeded_client: TestClient) -> None:
    whole = slugs(ask(seeded_client, "health information masters"))
    walked: list[str] = []
    cursor: dict[str, str] = {}
    while len(walked) < len(whole):
        page = ask(seeded_client, "health information masters", limit=17, **cursor)
        walked += slugs(page)
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert walked[: len(whole)] == whole
    assert len(set(walked)) == len(walked)


def test_the_page_tells_in_spanish_how_words_were_read(seeded_client: TestClient) -> None:
    text = seeded_client.get("/", params={"q": "RHIT macon", "lang": "es"}).text

    assert "a menos de 25 millas de Macon, GA" in text
    assert "data-given-up" in text
    assert "cip_code" not in text.partition('class="readings')[2].partition("</ul>")[0]
    without = parse_qs(urlsplit("/?q=macon&lang=es").query)
    assert without["q"] == ["macon"]


def test_part_of_a_name_beside_a_place_is_the_school_there(seeded_client: TestClient) -> None:
    usual = seeded_client.get("/v1/programs", params={"q": "mercy"}).json()
    there = seeded_client.get("/v1/programs", params={"q": "mercy toledo"}).json()

    assert {item["institution"]["city"] for item in there["items"]} == {"Toledo"}
    [named, _] = there["understood"]
    assert there["items"][0]["institution"]["name"] in named["said"]
    assert usual["items"][0]["institution"]["name"] not in named["said"]
