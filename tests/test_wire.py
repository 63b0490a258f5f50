"""What holds for every request: problems, headers, HEAD, CORS, limits, hostile input."""

import json
import re
from datetime import date
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from app.clock import today
from app.http.layers import PART, SplitBodies
from app.http.metrics import exposition
from app.http.problems import problem_kinds
from app.main import create_app
from app.settings import get_settings
from tests.asking import run

PROBLEM = "application/problem+json"


def assert_problem(answer: Any, status: int, slug: str) -> dict[str, Any]:
    """Return the problem document of an answer, which must be whole."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-request-id"]
    problem = dict(answer.json())
    assert problem["type"] == f"/problems/{slug}"
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["detail"]
    return problem


def test_a_misspelt_parameter_names_the_nearest(client: TestClient) -> None:
    answer = client.get("/v1/programs", params={"sate": "OH"})

    problem = assert_problem(answer, 422, "invalid-request")
    assert problem["errors"] == [
        {
            "parameter": "sate",
            "detail": "There is no parameter 'sate'. Did you mean 'state'?",
            "value": "OH",
            "suggestion": "state",
        }
    ]


def test_several_faults_are_named_at_once(client: TestClient) -> None:
    params = {"state": "ZZ", "limit": "1000", "award_level": "asociate", "cip_code": "health"}

    problem = assert_problem(client.get("/v1/programs", params=params), 422, "invalid-request")

    by_name = {error["parameter"]: error for error in problem["errors"]}
    assert set(by_name) == set(params)
    assert by_name["award_level"]["suggestion"] == "associate"
    assert "100" in by_name["limit"]["detail"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1.5", "9" * 5000])
def test_a_page_size_out_of_bounds_is_refused_and_not_clamped(
    client: TestClient, limit: str
) -> None:
    assert_problem(client.get("/v1/programs", params={"limit": limit}), 422, "invalid-request")


def test_an_unknown_address_is_a_problem_that_names_it(client: TestClient) -> None:
    problem = assert_problem(client.get("/v1/program"), 404, "not-found")

    assert "'/v1/program'" in problem["detail"]
    assert "'/v1/programs'" in problem["detail"]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("schools", "institutions"),
        ("schools/202222", "institutions/202222"),
        ("certifications", "credentials"),
        ("questions", "guide/questions"),
        ("faqs", "guide/faqs"),
        ("compare", "comparison"),
        ("Programs", "programs"),
        ("work_settings", "work-settings"),
        ("Careers", "advancement-paths"),
    ],
)
def test_an_address_as_others_call_it_leads_to_ours(
    client: TestClient, asked: str, meant: str
) -> None:
    problem = assert_problem(client.get(f"/v1/{asked}"), 404, "not-found")

    assert f"Did you mean '/v1/{meant}'?" in problem["detail"]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("page=2", "'cursor' or 'limit'"),
        ("per_page=5", "'limit'"),
        ("offset=5", "'cursor' or 'limit'"),
        ("tuition_max=9000", "'max_tuition_usd'"),
        ("maxTuition=9000", "'max_tuition_usd'"),
        ("price_max=9000", "'max_tuition_usd'"),
        ("order_by=score", "'sort'"),
        ("zip=45402", "'near'"),
        ("sort=price", "'tuition'"),
    ],
)
def test_a_parameter_as_others_call_it_leads_to_ours(
    client: TestClient, asked: str, meant: str
) -> None:
    problem = assert_problem(client.get(f"/v1/programs?{asked}"), 422, "invalid-request")

    assert f"Did you mean {meant}?" in problem["detail"]
    assert problem["errors"][0]["suggestion"] in meant


def test_a_closed_list_is_told_in_full(client: TestClient) -> None:
    problem = assert_problem(client.get("/v1/programs?sort=prize"), 422, "invalid-request")

    assert "-total_cost" in problem["detail"]


def test_options_names_the_methods_of_an_address(client: TestClient) -> None:
    answer = client.options("/v1/programs")

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_method_that_is_not_possible_lists_those_that_are(client: TestClient) -> None:
    answer = client.delete("/v1/programs")

    assert_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("content", "content_type", "status", "slug"),
    [
        (b'{"answers": ', "application/json", 400, "bad-request"),
        (b"\xff\xfe", "application/json", 400, "bad-request"),
        (b'{"answers": {}}', "text/plain", 415, "unsupported-media-type"),
        (b"answers=1", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        (b"[" * 5000 + b"]" * 5000, "application/json", 400, "bad-request"),
        (b'{"weights": {"accreditation": NaN}}', "application/json", 422, "invalid-request"),
        (b'{"weights": {"accreditation": Infinity}}', "application/json", 422, "invalid-request"),
        (
            b'{"weights": {"accreditation": ' + b"9" * 20_000 + b"}}",
            "application/json",
            422,
            "invalid-request",
        ),
        (b'{"award_level": "\\ud800"}', "application/json", 422, "invalid-request"),
        (b'{"award_level": "a\\u0000b"}', "application/json", 422, "invalid-request"),
        (b'{"answers": {}, "answers": {}}', "application/json", 422, "invalid-request"),
        (b"null", "application/json", 422, "invalid-request"),
        (b"[]", "application/json", 422, "invalid-request"),
        (b'"text"', "application/json", 422, "invalid-request"),
        (b"", "application/json", 422, "invalid-request"),
        (b'{"answers": "' + b"x" * 70_000 + b'"}', "application/json", 413, "body-too-large"),
    ],
)
def test_bodies_that_cannot_be_accepted_are_problems_and_the_next_request_is_fine(
    client: TestClient, content: bytes, content_type: str, status: int, slug: str
) -> None:
    answer = client.post("/v1/checklists", content=content, headers={"content-type": content_type})

    assert_problem(answer, status, slug)
    assert client.post("/v1/checklists", json={}).status_code == 200


def test_a_chunked_body_is_bounded_too(client: TestClient) -> None:
    chunks = (b" " * 1000 for _ in range(100))

    answer = client.post(
        "/v1/checklists", content=chunks, headers={"content-type": "application/json"}
    )

    assert_problem(answer, 413, "body-too-large")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/programs?q=" + "x" * 9000, 414),
        ("/v1/programs?q=a%00b", 400),
        ("/v1/programs/a%00b", 400),
        ("/v1/programs/" + "x" * 300, 422),
        ("/v1/institutions/99999999999999999999999", 404),
        ("/v1/programs?cursor=%F0%9F%98%80", 422),
        ("/v1/programs?q=%ED%A0%80", 200),
    ],
)
def test_addresses_nobody_should_send_get_an_answer(
    client: TestClient, path: str, status: int
) -> None:
    answer = client.get(path)

    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.headers["content-type"] == PROBLEM


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=40), max_size=4))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_query_string_breaks_the_search(client: TestClient, params: dict[str, str]) -> None:
    answer = client.get("/v1/programs", params=params)

    assert answer.status_code in {200, 400, 422}
    assert answer.json()


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_json_body_breaks_the_checklist(client: TestClient, body: Any) -> None:
    content = json.dumps(body).encode()

    answer = client.post(
        "/v1/checklists", content=content, headers={"content-type": "application/json"}
    )

    assert answer.status_code in {200, 422}


def test_an_unhandled_failure_says_nothing_of_itself_and_is_readable_across_origins(
    engine: Engine,
) -> None:
    app = create_app(engine)

    @app.get("/broken")
    def break_down() -> None:
        raise RuntimeError("the password is swordfish")

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/broken", headers={"origin": "https://school.example"})

    assert_problem(answer, 500, "internal-error")
    assert "swordfish" not in answer.text
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_database_that_is_away_is_unavailable_with_a_time_to_come_back(engine: Engine) -> None:
    app = create_app(engine)

    @app.get("/away")
    def fail() -> None:
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/away")

    assert_problem(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("path", ["/v1/programs", "/health/live", "/openapi.json", "/docs"])
def test_head_is_answered_wherever_get_is(client: TestClient, path: str) -> None:
    got, asked = client.get(path), client.head(path)

    assert asked.status_code == got.status_code == 200
    assert asked.content == b""
    assert asked.headers["content-type"] == got.headers["content-type"]


def test_reads_are_open_to_every_origin_without_credentials(client: TestClient) -> None:
    read = client.get("/v1/programs", headers={"origin": "https://school.example"})
    preflight = client.options(
        "/v1/checklists",
        headers={
            "origin": "https://school.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        },
    )

    assert read.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in read.headers
    assert preflight.status_code == 200
    assert "POST" in preflight.headers["access-control-allow-methods"]


def test_scripts_of_other_sites_may_send_any_header_and_method(client: TestClient) -> None:
    wanted = "baggage, sentry-trace, x-anything"
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        answer = client.options(
            "/v1/programs",
            headers={
                "origin": "https://school.example",
                "access-control-request-method": method,
                "access-control-request-headers": wanted,
            },
        )

        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert method in answer.headers["access-control-allow-methods"].split(", ")
        assert answer.headers["access-control-allow-headers"] == wanted
        assert "access-control-allow-credentials" not in answer.headers


def test_hosts_that_are_not_allowed_are_refused_but_not_the_machine_itself(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", '["api.example"]')
    get_settings.cache_clear()
    with TestClient(create_app(engine), raise_server_exceptions=False) as client:
        asked = {
            host: client.get("/health/live", headers={"host": host})
            for host in ("api.example", "127.0.0.1:8000", "elsewhere.example")
        }
    get_settings.cache_clear()

    assert asked["api.example"].status_code == 200
    assert asked["127.0.0.1:8000"].status_code == 200
    assert_problem(asked["elsewhere.example"], 400, "bad-request")


def test_every_answer_carries_the_headers_that_keep_browsers_safe(client: TestClient) -> None:
    for path in ("/v1/programs", "/v1/nothing", "/docs", "/health/live"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "server" not in headers


def test_catalogue_answers_may_be_kept_for_a_while_and_vary_by_encoding(
    client: TestClient,
) -> None:
    headers = client.get("/v1/programs").headers

    assert headers["cache-control"] == "public, max-age=60"
    assert "accept-encoding" in headers["vary"].lower()


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_long_answers_are_compressed_as_asked(client: TestClient, encoding: str) -> None:
    with client.stream("GET", "/v1/rubrics", headers={"accept-encoding": encoding}) as answer:
        assert answer.headers["content-encoding"] == encoding


def test_a_sane_request_id_is_kept_and_another_replaced(client: TestClient) -> None:
    kept = client.get("/health/live", headers={"x-request-id": "abc-123"})
    replaced = client.get("/health/live", headers={"x-request-id": "a b\tc"})

    assert kept.headers["x-request-id"] == "abc-123"
    assert replaced.headers["x-request-id"] != "a b\tc"


def test_problem_types_lead_to_their_explanation(client: TestClient) -> None:
    listed = client.get("/problems").json()["items"]

    assert len(listed) == len(problem_kinds())
    for kind in listed:
        assert client.get(kind["type"]).json()["meaning"] == kind["meaning"]
    page = client.get(listed[0]["type"], headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert listed[0]["title"] in page.text
    assert_problem(client.get("/problems/nothing"), 404, "not-found")


def test_liveness_needs_no_database_and_readiness_says_what_is_missing(
    client: TestClient, seeded_client: TestClient
) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}
    problem = assert_problem(client.get("/health/ready"), 503, "unavailable")
    assert "hit-compare migrate" in problem["detail"]
    ready = seeded_client.get("/health/ready").json()
    release = seeded_client.get("/v1/releases/1").json()
    assert ready["release"] == 1
    assert ready["published_at"] == release["published_at"]


def test_readiness_tells_the_age_of_the_newest_source(seeded_client: TestClient) -> None:
    ready = seeded_client.get("/health/ready").json()
    sources = seeded_client.get("/v1/sources").json()["items"]
    [newest] = [source for source in sources if source["key"] == ready["newest_source"]]

    spans = [span for span in map(span_of, sources) if span]
    assert span_of(newest) == max(spans)
    assert ready["newest_source_days"] == (today() - max(spans)).days


def test_every_edition_is_told_with_its_age_and_when_the_next_is_due(
    seeded_client: TestClient,
) -> None:
    ready = seeded_client.get("/health/ready").json()
    sources = {one["key"]: one for one in seeded_client.get("/v1/sources").json()["items"]}
    here = TestClient(seeded_client.app, client=("127.0.0.1", 50_000))
    metrics = here.get("/metrics").text

    for one in ready["editions"]:
        source = sources[one["source"]]
        told = source["freshness"]
        assert told["is_newest"]
        assert told["next_due_on"] == one["next_due_on"]
        assert told["is_overdue"] == (one["publication"] in ready["overdue"])
        assert source["age_days"] == one["age_days"]
        about = f'{{publication="{one["publication"]}",source="{one["source"]}"}}'
        assert f"source_overdue{about} {float(one['is_overdue'])}" in metrics
    assert sources["ipeds-c2023-a"]["freshness"]["is_newest"] is False
    assert sources["curated-programs"]["freshness"] is None


def span_of(source: dict[str, Any]) -> date | None:
    """Return the end of the academic year, or the day, of an edition."""
    edition = source["retrieved_on"] or source["edition"] or ""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", edition):
        return date.fromisoformat(edition)
    if (found := re.fullmatch(r"(\d{4})-(\d\d)", edition)) and int(found[2]) == (
        int(found[1]) + 1
    ) % 100:
        return date(int(found[1]) + 1, 6, 30)
    return None


def test_requests_are_counted_by_route_and_never_by_what_callers_make_up(
    client: TestClient,
) -> None:
    client.get("/v1/programs/made-up-by-a-caller")
    client.get("/made-up-by-a-caller")

    metrics = exposition().decode()

    assert 'route="/v1/programs/{slug}"' in metrics
    assert 'route="unmatched"' in metrics
    assert "made-up-by-a-caller" not in metrics


@given(sizes=st.lists(st.integers(0, 3 * PART + 1), min_size=1, max_size=3))
def test_long_bodies_are_cut_into_parts_and_arrive_whole(sizes: list[int]) -> None:
    bodies = [bytes(number % 251 for number in range(size)) for size in sizes]
    told: list[Any] = []

    async def answer(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number, body in enumerate(bodies):
            is_last = number == len(bodies) - 1
            await send({"type": "http.response.body", "body": body, "more_body": not is_last})

    async def send(message: Any) -> None:
        told.append(message)

    run(SplitBodies(answer)({"type": "http"}, None, send))  # type: ignore[arg-type]

    parts = told[1:]
    assert b"".join(part["body"] for part in parts) == b"".join(bodies)
    assert max(len(part["body"]) for part in parts) <= PART
    assert [part["more_body"] for part in parts] == [True] * (len(parts) - 1) + [False]


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br", "zstd"])
def test_an_answer_of_megabytes_is_the_same_in_every_coding(
    seeded_client: TestClient, encoding: str
) -> None:
    plain = seeded_client.get("/v1/changes?limit=2000", headers={"Accept-Encoding": "identity"})

    packed = seeded_client.get("/v1/changes?limit=2000", headers={"Accept-Encoding": encoding})

    content = packed.content
    if encoding == "zstd":  # which the client does not unpack
        assert packed.headers["content-encoding"] == "zstd"
        content = zstandard.ZstdDecompressor().stream_reader(content).read()
    assert len(plain.content) > 500_000
    assert content == plain.content
