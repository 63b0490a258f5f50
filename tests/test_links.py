"""Addresses that people hold as links: words that others add to them change nothing."""

import re
from urllib.parse import urlencode

import pytest
from fastapi.routing import RouteContext, iter_route_contexts
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.http.parameters import keep_known, parameters_of
from app.main import bind
from app.schemas.snapshots import SHIPPED
from tests.application import shared_application
from tests.fixtures import Databases

OWENS = "owens-community-college-510707-associate"
MERCY = "mercy-college-of-ohio-510707-associate"
CHOSEN = f"program={OWENS}&program={MERCY}"
KEYS = {
    "/advancement-paths/{slug}": "cdi-specialist",
    "/corrections/{number}": "1",
    "/docs/ask/{key}": "accredited",
    "/docs/ask/{key}.csv": "known",
    "/docs/{name}": "swagger-ui.css",
    "/embed/credential/{code}": "RHIT",
    "/embed/credential/{code}/block": "RHIT",
    "/guide/{section}": "questions",
    "/institutions/{unitid}": "204945",
    "/method/{version}": "2026.1",
    "/problems/{slug}": "invalid-request",
    "/s/{start}": SHIPPED,
    "/sitemap-{name}.xml": "pages",
    "/static/{name}": "site.css",
    "/statistics/{slug}": "bls_growth_2023_33",
    "/work-settings/{slug}": "hospital",
}
"""Route -> what fills its path, where it is not the slug of a program."""
ASKED = {
    "/compare": CHOSEN,
    "/embed/comparison": CHOSEN,
    "/oembed": urlencode({"url": f"/embed/program/{OWENS}"}),
}
"""Route -> what it needs to be asked."""
ALWAYS_OTHER = {"/metrics", "/health/ready"}
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def seeded(databases: Databases) -> TestClient:
    app = shared_application()
    bind(app, databases.seeded("sqlite"))
    return TestClient(app, client=("127.0.0.1", 50_000), raise_server_exceptions=False)


def _links() -> list[RouteContext]:
    return [
        context
        for context in iter_route_contexts(shared_application().routes)
        if "GET" in (context.methods or ())
        and not str(context.path).startswith(("/v1", "/answer/"))  # secret addresses
    ]


LINKS = {str(context.path): context for context in _links()}


def address_of(path: str) -> tuple[str, list[str]]:
    """Return an address of a route that is answered, and the parameters it takes."""
    filled = re.sub(r"\{[^}]*\}", KEYS.get(path, OWENS), path)
    filled = filled.replace(f"/credentials/{OWENS}", "/credentials/RHIT")
    return filled, list(parameters_of(LINKS[path].dependant))


def test_there_are_links_to_look_at() -> None:
    assert len(LINKS) > 40
    assert {"/", "/oembed", "/robots.txt", "/embed/program/{slug}", "/docs"} <= LINKS.keys()


@pytest.mark.parametrize("path", LINKS)
@settings(max_examples=3)
@given(data=st.data())
def test_a_word_added_to_a_link_changes_nothing(
    seeded: TestClient, path: str, data: st.DataObject
) -> None:
    address, known = address_of(path)
    asked = ASKED.get(path, "")
    names = st.one_of(
        st.sampled_from(["fbclid", "dnt", "utm_source", "gclid", "x"]),
        st.text(min_size=1, max_size=12),
    ).filter(lambda name: name not in known and "\0" not in name and name.isprintable())
    values = st.text(max_size=12).filter(str.isprintable)
    added = data.draw(st.lists(st.tuples(names, values), min_size=1, max_size=3))
    words = (
        f"{urlencode(added)}&{asked}"
        if data.draw(st.booleans())
        else (f"{asked}&{urlencode(added)}".lstrip("&"))
    )

    plain = seeded.get(f"{address}?{asked}", headers=HTML)
    shared = seeded.get(f"{address}?{words}", headers=HTML)

    assert (plain.status_code, shared.status_code) == (200, 200)
    if path not in ALWAYS_OTHER:
        assert shared.text == plain.text


@pytest.mark.parametrize("path", LINKS)
def test_one_value_given_twice_is_no_failure(seeded: TestClient, path: str) -> None:
    address, known = address_of(path)
    asked = ASKED.get(path, "")
    for name in known:
        answer = seeded.get(f"{address}?{asked}&{name}=a&{name}=b", headers=HTML)

        assert answer.status_code in {200, 404, 422}


def test_a_page_that_is_not_there_hands_on_what_readers_chose_and_nothing_else(
    seeded: TestClient,
) -> None:
    answer = seeded.get(f"/nowhere?fbclid=1&program={OWENS}&lang=es", headers=HTML)

    assert answer.status_code == 404
    assert OWENS in answer.text
    assert "fbclid" not in answer.text


def test_a_wrong_value_is_still_told_and_the_words_beside_it_are_not(
    seeded: TestClient,
) -> None:
    answer = seeded.get("/?near=somewhere&fbclid=IwAR1", headers=HTML)

    assert answer.status_code == 422
    assert "We know no place called somewhere" in answer.text
    assert "fbclid" not in answer.text


@given(st.lists(st.tuples(st.sampled_from(["state", "q", "fbclid", "uträ"]), st.text(max_size=5))))
def test_what_is_known_stays_as_it_was_sent(pairs: list[tuple[str, str]]) -> None:
    known = [pair for pair in pairs if pair[0] in {"state", "q"}]

    kept = keep_known(urlencode(pairs, errors="replace").encode(), {"state", "q"})

    assert kept == urlencode(known, errors="replace").encode()
