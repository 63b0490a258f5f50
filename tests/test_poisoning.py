"""What is kept can only be what was asked: nobody gets an answer that another's request made."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.http.caching import NEVER_CACHED, Answers
from app.main import bind
from tests.asking import Answer, Headers, ask, forget
from tests.fixtures import Databases
from tests.test_openapi import example_of, operations
from tests.test_pages_any_address import READ

HOST = ("Host", "site.example")
NAMED = ("X-Request-ID", "victim")  # refusals tell it in their body
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
VICTIMS: list[Headers] = [
    [HOST, NAMED],
    [HOST, NAMED, ("Accept", "application/json"), ("Accept-Encoding", "identity")],
    [HOST, NAMED, ("Accept", BROWSER), ("Accept-Encoding", "br"), ("Accept-Language", "en-US")],
    [HOST, NAMED, ("Accept", "application/ld+json"), ("Origin", "https://school.example")],
]
LINKED, JSON = ("Accept", "application/ld+json"), ("Accept", "application/json")
PACKED, PLAIN = ("Accept-Encoding", "br"), ("Accept-Encoding", "identity")
ATTACKS: list[Headers] = [
    [HOST, LINKED, JSON],
    [HOST, JSON, LINKED],
    [HOST, PACKED, PLAIN],
    [HOST, PLAIN, PACKED],
    [("Host", "evil.example"), HOST],
    [HOST, ("Host", "evil.example")],
    [("Host", "evil.example")],
    [HOST, ("Accept-Language", "es"), ("Accept-Language", "en")],
    [HOST, ("Accept", BROWSER), ("Accept", "*/*;q=0"), ("Accept-Language", "es")],
    [
        HOST,
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "gopher"),
        ("Forwarded", "host=evil.example"),
        ("X-Original-URL", "/v1/admin/draft"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("Cookie", "lang=es"),
        ("Range", "bytes=0-3"),
        ("If-None-Match", "*"),
        ("If-Match", '"nothing"'),
        ("User-Agent", "<script>"),
    ],
]
PATHS = {
    "slug": "owens-community-college-510707-associate",
    "code": "RHIT",
    "unitid": "204945",
    "section": "questions",
    "version": "2026.1",
    "number": "1",
    "/advancement-paths/{slug}": "cdi-specialist",
    "/work-settings/{slug}": "hospitals",
}
"""Parameter, or whole path where it means something else there -> a value."""


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def documented() -> Iterator[str]:
    for path, method, operation in operations():
        if method != "get" or path.startswith(NEVER_CACHED):
            continue
        given = operation.get("parameters", [])
        for one in given:
            if one["in"] == "path":
                path = path.replace(f"{{{one['name']}}}", str(example_of(one)))
        asked = [
            f"{one['name']}={value}"
            for one in given
            if one["in"] == "query"
            and (one["required"] or one["name"] in operation.get("x-filled-in", ()))
            for value in listed(example_of(one))
        ]
        yield f"{path}?{'&'.join(asked)}"


def pages() -> Iterator[str]:
    for path, route in READ.items():
        if isinstance(route, APIRoute) and not path.startswith(NEVER_CACHED):
            names = route.param_convertors
            yield path.format_map({one: PATHS.get(path, PATHS.get(one, "x")) for one in names})


ADDRESSES = sorted({*documented(), *pages(), "/docs", "/docs/glossary", "/openapi.json"})
ODD = [
    "/v1/programs/owens-community-college-510707-associate",
    "/v1/credentials/RHIA.jsonld",
    "/v1/programs?state=AK",
    "/v1/programs?q=coding&state=OH&state=MI",
    "/programs/owens-community-college-510707-associate",
    "/embed/credential/RHIT",
]


@pytest.fixture(scope="module")
def catalogue(databases: Databases, shared_app: FastAPI) -> FastAPI:
    """An application over the catalogue as shipped."""
    bind(shared_app, databases.seeded("sqlite"))
    return shared_app


def clean(app: FastAPI, address: str, victim: Headers) -> Answer:
    forget(app)
    return ask(app, address, victim)


@pytest.mark.parametrize("address", ADDRESSES)
def test_whoever_asked_before_everybody_gets_what_a_clean_process_gives(
    catalogue: FastAPI, address: str
) -> None:
    expected = [clean(catalogue, address, victim) for victim in VICTIMS]
    forget(catalogue)

    for attack in ATTACKS:
        ask(catalogue, address, attack)
    found = [ask(catalogue, address, victim) for victim in VICTIMS]

    assert found == expected
    assert all(answer.status < 500 for answer in found)


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_can_be_read_is_kept(catalogue: FastAPI, address: str) -> None:
    forget(catalogue)
    answer = ask(catalogue, address, VICTIMS[1])

    if answer.status == 200 and "no-store" not in answer.headers["cache-control"]:
        assert catalogue.state.answers.bytes > len(answer.body)
        assert answer.headers["etag"].startswith("W/")


TEXTS = st.sampled_from(
    [
        *("", "*/*", "text/html", "application/ld+json;q=0.9", "text/*;q=0.1", "gzip", "br;q=0"),
        *(
            "zstd",
            "identity",
            "es",
            "es-MX, en;q=0.1",
            "de",
            "site.example",
            "evil.example",
            "a b",
            "é",
            "*",
        ),
    ]
)
NAMES = st.sampled_from(
    [
        *("Accept", "Accept-Encoding", "Accept-Language", "Host", "Origin", "Cookie", "Via"),
        *("X-Forwarded-Host", "X-Forwarded-Proto", "Range", "If-Modified-Since", "If-None-Match"),
    ]
)


@given(
    address=st.sampled_from(ODD),
    attacks=st.lists(st.lists(st.tuples(NAMES, TEXTS), max_size=6), min_size=1, max_size=4),
    victim=st.sampled_from(VICTIMS),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_headers_leave_their_answer_to_others(
    catalogue: FastAPI, address: str, attacks: list[Headers], victim: Headers
) -> None:
    expected = clean(catalogue, address, victim)
    forget(catalogue)

    for attack in attacks:
        assert ask(catalogue, address, attack).status < 500
        assert ask(catalogue, address, [HOST, *attack]).status < 500

    assert ask(catalogue, address, victim) == expected


def test_an_answer_is_kept_once_however_it_is_asked_for(catalogue: FastAPI) -> None:
    forget(catalogue)
    same: list[Headers] = [
        [HOST, ("Accept", "application/json, */*")],
        [HOST, ("Accept", "application/json;q=0.3,application/*;q=0.1")],
        [HOST, ("Accept", "application/json"), ("User-Agent", "a"), ("Accept-Language", "es")],
    ]
    tags = {ask(catalogue, ODD[0], headers).headers["etag"] for headers in same}

    assert len(catalogue.state.answers._by_key) == len(tags)


def test_memory_counts_keys_and_headers_and_stays_in_its_bound(catalogue: FastAPI) -> None:
    catalogue.state.answers = answers = Answers(300_000)

    for number in range(300):
        padding = [("Accept", f"text/{'x' * 900}{number}"), ("X-Padding", "y" * 20_000)]
        ask(catalogue, "/v1/programs?limit=1&fields=slug", [HOST, *padding])
        ask(catalogue, f"/v1/programs?limit=1&fields=slug&q={number}", [HOST])

    assert 0 < answers.bytes <= 300_000
    assert answers.bytes == sum(kept.bytes for kept in answers._by_key.values())
    spelt = sum(len(kept.raw) for kept in answers._by_key.values())
    assert len(answers._by_raw) == spelt
    forget(catalogue)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([], 400),
        ([HOST, HOST], 400),
        ([("Host", "a b")], 400),
        ([("Host", "a/b")], 400),
        ([("Host", "[::1]:8000")], 200),
        ([HOST, ("Authorization", "Bearer a"), ("Authorization", "Bearer b")], 400),
        ([HOST, ("X-Padding", "x" * 40_000)], 431),
        ([HOST, *[("X-Padding", "x" * 400)] * 100], 431),
        ([HOST, ("Via", "a"), ("Via", "b")], 200),
    ],
)
def test_heads_that_say_two_things_or_too_much_are_refused(
    catalogue: FastAPI, headers: Headers, status: int
) -> None:
    answer = ask(catalogue, "/v1/rubrics", headers)

    assert answer.status == status
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["access-control-allow-origin"] == "*"


def test_an_old_protocol_needs_no_host_and_gets_no_chunks(catalogue: FastAPI) -> None:
    for path in ("/v1/rubrics", "/v1/programs?limit=2"):
        answer = ask(catalogue, path, [], http_version="1.0")

        assert answer.status == 200
        assert int(answer.headers["content-length"]) == len(answer.body)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("If-None-Match", "*")], 304),
        ([("If-None-Match", '"x", {tag}')], 304),
        ([("If-None-Match", '"x"'), ("If-None-Match", "{tag}")], 304),
        ([("If-None-Match", '"x"')], 200),
        ([("If-Match", "*")], 200),
        ([("If-Match", "{tag}")], 412),  # strongly compared, a weak tag equals none
        ([("If-Match", '"x"')], 412),
    ],
)
@pytest.mark.parametrize("is_kept", [True, False])
def test_conditions_are_read_alike_whether_an_answer_is_kept_or_not(
    catalogue: FastAPI, headers: Headers, status: int, is_kept: bool
) -> None:
    forget(catalogue)
    whole = ask(catalogue, ODD[2], [HOST])
    if not is_kept:
        forget(catalogue)
    given_headers = [(name, text.format(tag=whole.headers["etag"])) for name, text in headers]

    answer = ask(catalogue, ODD[2], [HOST, *given_headers])

    assert answer.status == status
    if status == 304:
        assert answer.body == b""
        assert answer.headers["etag"] == whole.headers["etag"]
    assert ask(catalogue, ODD[2], [HOST]) == whole
