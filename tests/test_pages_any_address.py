"""What holds for every page: links keep what a reader carries, and no address makes it fail."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.main import bind
from app.site.routes import ROUTERS
from tests.fixtures import Databases
from tests.reading_pages import asked, read_page

HTML = {"Accept": "text/html"}
OWENS = "owens-community-college-510707-associate"
SINCLAIR = "sinclair-community-college-510707-associate"
PAGES = (
    *("/", f"/programs/{SINCLAIR}", "/institutions/205470", "/credentials", "/credentials/RHIT"),
    *("/renewal", "/work-settings", "/work-settings/hospital", "/advancement-plans", "/fit"),
    *("/advancement-paths", "/advancement-paths/him-manager", "/guide", "/guide/skills"),
    *("/statistics", "/statistics/bls_growth_2023_33", "/method", "/data", "/corrections"),
)
MISSPELLED = {
    "/programs/sinclair-comunity-college-510707-associate": f"/programs/{SINCLAIR}",
    "/institutions/205471": "/institutions/205470",
    "/institutions/sinclair-comunity-college": "/institutions/sinclair-community-college",
    "/credentials/health%20information%20technician": "/credentials/RHIT",
    "/work-settings/hospitl": "/work-settings/hospital",
    "/advancement-paths/cdi-specialst": "/advancement-paths/cdi-specialist",
    "/guide/question": "/guide/questions",
    "/statistics/bls_growth_2023_3": "/statistics/bls_growth_2023_33",
    "/method/2026.3": "/method/2026.2",
}
ROUTES = [
    (str(context.path), route)
    for router in ROUTERS
    for context, route in zip(iter_route_contexts(router.routes), router.routes, strict=True)
    if isinstance(route, APIRoute)
]
READ = {path: route for path, route in ROUTES if "GET" in route.methods}
SENT = {path: route for path, route in ROUTES if "POST" in route.methods}
FIELDS = ["accreditation", "practicum_access", "answer", "collection", "key", "statement"]
KEYS = ["RHIT", OWENS, "204945", "hospitals", "cdi-specialist", "questions", "1", "2026.1"]
VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "1e9",
            "9" * 30,
            "nan",
            "OH",
            "RHIT",
            "associate",
            "met",
            "%00",
            "\ud7ff",
            f"{OWENS}:tuition.met",
            f"{OWENS}:luck.met",
            "accreditation:1",
            "accreditation:-1",
            "<script>alert(1)</script>",
            "'; DROP TABLE program; --",
            "es",
            OWENS,
            *KEYS,
        ]
    ),
)


@pytest.fixture
def seeded(databases: Databases, shared_app: FastAPI) -> TestClient:
    bind(shared_app, databases.seeded("sqlite"))
    return TestClient(shared_app, raise_server_exceptions=False)


def names_of(route: APIRoute) -> list[str]:
    """Return the parameters that a route takes, and one that it does not."""
    models = [field.field_info.annotation for field in route.dependant.query_params]
    return [*(name for model in models for name in getattr(model, "model_fields", {})), "luck"]


def assert_explained(answer: Any, allowed: set[int]) -> None:
    assert answer.status_code in allowed, (answer.request.url, answer.text[:300])
    if answer.headers.get("content-type", "").startswith("text/html"):
        page = read_page(answer.text)
        assert page.inline == []
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_what_a_reader_carries_and_takes_nothing_in_from_elsewhere(
    seeded_client: TestClient, path: str
) -> None:
    carried = {
        "lang": ["es"],
        "program": [OWENS],
        "weights": ["accreditation:1"],
        "home_state": ["KY"],
        "residency": ["in_district"],
    }

    answer = seeded_client.get(path, params=carried, headers=HTML)

    page = read_page(answer.text)
    assert page.lang == answer.headers["content-language"] == "es"
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids))
    own = [link.href for link in page.links if re.match(r"/(?!v1|docs|static)", link.href)]
    assert len(own) > 10
    for href in own:
        if not href.startswith("/?") or path != "/":  # the search can leave out weights
            assert asked(href)["residency"] == ["in_district"], href
            assert asked(href)["home_state"] == ["KY"], href
            assert asked(href)["weights"] == ["accreditation:1"], href
        # one link takes the program out, another empties the list
        assert OWENS in asked(href).get("program", []) or href.split("?")[0] == path, href


@pytest.mark.parametrize(("path", "near"), MISSPELLED.items())
def test_an_unknown_key_leads_to_the_nearest(
    seeded_client: TestClient, path: str, near: str
) -> None:
    answer = seeded_client.get(path, headers=HTML)
    problem = seeded_client.get(path, headers={"Accept": "application/json"})

    assert answer.status_code == problem.status_code == 404
    assert near in [link.href for link in read_page(answer.text).links]
    assert problem.headers["content-type"] == "application/problem+json"
    assert seeded_client.get(near, headers=HTML).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_value_that_is_not_known_is_refused(seeded_client: TestClient, path: str) -> None:
    answer = seeded_client.get(f"{path}?lang=fr", headers=HTML)
    problem = seeded_client.get(f"{path}?lang=fr", headers={"Accept": "application/json"})

    assert answer.status_code == problem.status_code == 422
    assert problem.json()["errors"][0]["parameter"] == "lang"


@pytest.mark.parametrize("path", READ)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_address_makes_a_page_fail(seeded: TestClient, path: str, data: st.DataObject) -> None:
    names = st.sampled_from(names_of(READ[path]))
    pairs = data.draw(st.lists(st.tuples(names, VALUES), max_size=5))
    keys = st.one_of(st.sampled_from(KEYS), st.text(min_size=1, max_size=12))
    filled = re.sub(r"\{[^}]*\}", lambda _: quote(data.draw(keys), safe=""), path)

    answer = seeded.get(filled, params=pairs, headers=HTML, follow_redirects=False)

    assert_explained(answer, {200, 303, 307, 400, 404, 422})


@pytest.mark.parametrize("path", SENT)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_form_makes_a_page_fail(seeded: TestClient, path: str, data: st.DataObject) -> None:
    kinds = ["application/x-www-form-urlencoded", "text/plain", "application/json", ""]
    pairs = data.draw(
        st.dictionaries(
            st.one_of(st.sampled_from(names_of(SENT[path])), st.text(max_size=8)), VALUES
        )
    )
    body = data.draw(st.one_of(st.just(None), st.binary(max_size=80)))
    kind = data.draw(st.sampled_from(kinds))

    if body is None:
        answer = seeded.post(path, data=pairs, headers=HTML, follow_redirects=False)
    else:
        answer = seeded.post(
            path, content=body, headers=HTML | {"Content-Type": kind}, follow_redirects=False
        )

    assert_explained(answer, {200, 303, 400, 401, 404, 415, 422, 429})
