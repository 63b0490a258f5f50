"""The feed of changes: whoever follows it holds what is published, byte for byte."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.keys import Scope
from app.ledger.publishing import roll_back
from app.store.changes import Author
from app.store.database import write_session
from app.store.tables.work_settings import WorkSetting
from tests.editing import Editor, make_key
from tests.following import apply_feed, apply_page, export, follow, lines_of
from tests.making import NOW, RUBRIC, SCHOOL, accredited, add_program, price, publish

pytestmark = pytest.mark.long


@pytest.fixture
def catalogue(session: Session) -> None:
    for name in ("alpha", "beta", "gamma"):
        claims = [price("tuition", 1000), accredited()]
        add_program(
            session,
            f"{name}-hit",
            school=f"{name}-college",
            claims=claims,
            completions={"2023-24": 3},
        )
    for at, slug in enumerate(("clinics", "hospitals")):
        session.add(
            WorkSetting(
                slug=slug, position=at, label=slug.title(), source=SCHOOL, basis="editorial"
            )
        )
    publish(session)


@pytest.fixture
def editor(engine: Engine, client: TestClient) -> Editor:
    return Editor(client, make_key(engine, Scope.ADMIN))


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("limit", [1, 3, 2_000])
def test_following_from_nothing_gives_the_export_whatever_the_page(
    engine: Engine, limit: int
) -> None:
    assert follow(engine, limit) == export(engine)


@pytest.mark.usefixtures("catalogue")
def test_two_releases_and_a_way_back_give_the_export_each_time(
    engine: Engine, editor: Editor
) -> None:
    first = export(engine)
    copy = apply_feed(engine, {}, 0)

    editor.change("program", "alpha-hit", url="https://alpha.example/hit")
    editor.create(
        "cost_claim",
        program="beta-hit",
        component="books",
        amount_low_cents=9000,
        amount_high_cents=9000,
        unit="year",
        residency="any",
        basis="stated_by_institution",
        source_url="https://beta.example/costs",
        as_of="2026-27",
    )
    editor.publish()
    second = export(engine)
    copy = apply_feed(engine, copy, 1)
    assert lines_of(copy) == second != first

    editor.retire("program", "gamma-hit")
    editor.retire("work_setting", "clinics")
    editor.publish(accept_drop=list_of_drops(editor))
    copy = apply_feed(engine, copy, 2)
    assert lines_of(copy) == export(engine)

    editor.ask("POST", "/v1/admin/rollback", {"release": 2, "why": "That was too much."})
    copy = apply_feed(engine, copy, 3)
    assert lines_of(copy) == export(engine) == second

    editor.ask("POST", "/v1/admin/rollback", {"release": 1, "why": "And that too."})
    copy = apply_feed(engine, copy, 4)
    assert lines_of(copy) == follow(engine) == export(engine)
    without_source = [line for line in export(engine) if '"collection":"source"' not in line]
    assert without_source == [line for line in first if '"collection":"source"' not in line]


def list_of_drops(editor: Editor) -> list[str]:
    return list(editor.ask("GET", "/v1/admin/draft/report")["blocked_by"])


@pytest.mark.usefixtures("catalogue")
def test_a_release_while_a_reader_is_half_way_leaves_no_gap(engine: Engine, editor: Editor) -> None:
    copy, place = apply_page(engine, {}, 0, None, 2)

    editor.change("program", "alpha-hit", url="https://alpha.example/hit")
    editor.retire("program", "gamma-hit")
    editor.publish(accept_drop=list_of_drops(editor))
    while place is not None:
        copy, place = apply_page(engine, copy, 0, place, 2)

    assert lines_of(copy) == export(engine)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.sampled_from(["alpha", "beta"]), st.integers(0, 2)),
        st.tuples(st.just("cost"), st.sampled_from(["alpha", "beta"]), st.integers(0, 2)),
        st.tuples(st.just("publish"), st.just(""), st.just(0)),
        st.tuples(st.just("rollback"), st.just(""), st.integers(1, 3)),
    ),
    max_size=7,
)


@pytest.mark.usefixtures("catalogue")
@given(steps=steps)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_editors_do_the_feed_and_the_export_agree(
    engine: Engine, client: TestClient, steps: list[tuple[str, str, int]]
) -> None:
    editor = Editor(client, make_key(engine, Scope.ADMIN))
    copy = apply_feed(engine, {}, 0)
    held = newest(client)
    for step, name, number in steps:
        match step:
            case "change":
                editor.change("program", f"{name}-hit", url=f"https://{name}.example/{number}")
            case "cost":
                editor.create("cost_claim", **cost(f"{name}-hit", number))
            case "publish":
                client.post(
                    "/v1/admin/publish",
                    json={"note": "A test"},
                    headers=make_key(engine, Scope.PUBLISH),
                )
            case _ if number < newest(client):
                editor.ask("POST", "/v1/admin/rollback", {"release": number, "why": "Back."})
        copy = apply_feed(engine, copy, held)
        held = newest(client)
        assert lines_of(copy) == export(engine)

    assert follow(engine) == export(engine)


def newest(client: TestClient) -> int:
    return int(client.get("/v1/releases", params={"limit": 1}).json()["items"][0]["number"])


def cost(program: str, number: int) -> dict[str, Any]:
    return {
        "program": program,
        "component": "fees",
        "label": f"fee {number}",
        "amount_low_cents": number,
        "amount_high_cents": number,
        "unit": "program",
        "basis": "stated_by_institution",
        "source_url": "https://school.example/fees",
        "as_of": "2026-01-01",
    }


def walk(client: TestClient, since: int, limit: int) -> Iterator[dict[str, Any]]:
    params: dict[str, Any] = {"since": since, "limit": limit}
    while True:
        page = client.get("/v1/changes", params=params).json()
        yield page
        if page["next"] is None:
            return
        params["cursor"] = page["next"]


@pytest.mark.usefixtures("catalogue")
def test_the_feed_over_http_tells_upserts_and_tombstones(
    client: TestClient, editor: Editor
) -> None:
    editor.change("work_setting", "hospitals", label="Large hospitals")
    editor.retire("work_setting", "clinics")
    editor.publish()

    pages = list(walk(client, 1, 1))

    items = [item for page in pages for item in page["items"]]
    told = {item["key"]: item["op"] for item in items if item["collection"] == "work_setting"}
    assert told == {"hospitals": "upsert", "clinics": "delete"}
    assert all(item["release"] == 2 for item in items)
    assert pages[-1]["release"] == 2


@pytest.mark.usefixtures("catalogue")
def test_who_holds_the_newest_release_is_told_nothing(client: TestClient) -> None:
    page = client.get("/v1/changes", params={"since": 1}).json()

    assert (page["items"], page["next"], page["release"]) == ([], None, 1)


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"collection": "programs"}, "collection"),
        ({"cursor": "AAAA"}, "cursor"),
        ({"since": -1}, "since"),
        ({"wait": 3600}, "wait"),
    ],
)
def test_a_place_that_cannot_be_is_refused(
    client: TestClient, params: dict[str, Any], parameter: str
) -> None:
    answer = client.get("/v1/changes", params=params)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == parameter


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("wait", [0, 25])
def test_who_holds_a_release_that_is_not_there_is_told_to_start_over(
    client: TestClient, wait: int
) -> None:
    answer = client.get("/v1/changes", params={"since": 7, "wait": wait})

    assert answer.status_code == 410
    assert answer.json()["type"] == "/problems/start-over"


@pytest.mark.usefixtures("catalogue")
def test_some_collections_can_be_followed_alone(client: TestClient, editor: Editor) -> None:
    wanted = ["program", "work_setting"]

    def follow(since: int) -> list[tuple[str, str]]:
        params: dict[str, Any] = {"since": since, "limit": 1, "collection": wanted}
        found = []
        while True:
            page = client.get("/v1/changes", params=params).json()
            found += [(item["collection"], item["key"]) for item in page["items"]]
            if page["next"] is None:
                return found
            params["cursor"] = page["next"]

    every = client.get("/v1/changes", params={"limit": 2000}).json()["items"]
    assert follow(0) == [
        (item["collection"], item["key"]) for item in every if item["collection"] in wanted
    ]
    editor.change("program", "alpha-hit", url="https://alpha.example/hit")
    editor.change("institution", "alpha-college", city="Elsewhere")
    editor.publish()
    assert follow(1) == [("program", "alpha-hit")]
    page = client.get("/v1/changes", params={"limit": 1, "collection": wanted}).json()
    other = {"limit": 1, "collection": ["program"], "cursor": page["next"]}
    assert client.get("/v1/changes", params=other).status_code == 422


@pytest.mark.usefixtures("catalogue")
def test_the_digest_of_a_release_is_the_hash_of_the_export(
    engine: Engine, client: TestClient
) -> None:
    content = client.get("/v1/export/catalogue.ndjson").content
    digest = client.get("/v1/releases/1/digest").json()

    assert content.decode().splitlines() == export(engine)
    assert digest == {"release": 1, "sha256": hashlib.sha256(content).hexdigest()}


@pytest.mark.usefixtures("catalogue")
def test_one_collection_can_be_taken_alone_and_an_unknown_one_is_named(
    client: TestClient,
) -> None:
    lines = client.get("/v1/export/work_setting.ndjson").text.splitlines()
    missing = client.get("/v1/export/work_setings.ndjson")

    assert [json.loads(line)["key"] for line in lines] == ["clinics", "hospitals"]
    assert missing.status_code == 404
    assert "Did you mean 'work_settings'?" in missing.text


@pytest.mark.usefixtures("catalogue")
def test_the_hash_of_a_release_that_is_past_cannot_be_had(
    engine: Engine, client: TestClient, editor: Editor
) -> None:
    editor.change("work_setting", "hospitals", label="Large hospitals")
    editor.publish()

    assert client.get("/v1/releases/1/digest").status_code == 409
    assert client.get("/v1/releases/9/digest").status_code == 404


@pytest.mark.usefixtures("catalogue")
def test_going_back_leaves_what_is_proposed_pending(engine: Engine, editor: Editor) -> None:
    editor.change("program", "alpha-hit", url="https://alpha.example/hit")
    editor.publish()
    editor.change("program", "beta-hit", url="https://beta.example/hit")

    with write_session(engine) as session:
        roll_back(session, 1, Author("command line", "Back."), RUBRIC, now=NOW)

    draft = editor.ask("GET", "/v1/admin/draft")
    assert [edit["key"] for edit in draft["edits"]] == ["beta-hit"]
