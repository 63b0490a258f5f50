"""Snapshots: frozen once, the same under the same hash, true to their content, fit to print."""

import json
import random
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
import sqlalchemy as sa
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, SQLModel, func, select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.clock import moment, today
from app.domain.claims import PreparationClaim
from app.domain.snapshots import content_hash, find_differences, pack, to_canonical, unpack
from app.domain.vocabulary import Finding
from app.ledger import snapshots as queries
from app.ledger.snapshots import record_opened
from app.main import create_app
from app.ops import cli
from app.schemas.snapshots import SHIPPED, SnapshotRead
from app.settings import get_settings
from app.site.hand_outs import escape_markdown, to_html, to_markdown, to_picture
from app.store.database import migrate, migration_config, write_session
from app.store.tables.snapshots import Snapshot
from tests.domain.facts import PUBLISHED
from tests.fixtures import Databases
from tests.making import RUBRIC, accredited, add_program, evidence, price, publish

pytestmark = pytest.mark.engines_in_turn

RUBRICS = PUBLISHED
BODY: dict[str, Any] = {"programs": ["a", "b"], "as_of": "2026-11-24"}
NASTY = "Health <script>alert(1)</script> | *bold* & [link](x)\nnew line"

runner = CliRunner()


@pytest.fixture(autouse=True)
def _two(request: pytest.FixtureRequest) -> None:
    """Put two programs into the catalogue of every test that asks it something."""
    if "client" not in request.fixturenames:
        return
    session: Session = request.getfixturevalue("session")
    add_program(
        session,
        "a",
        school="a-college",
        name=NASTY,
        claims=[
            accredited(award_level="associate"),
            price("tuition_and_fees", 4500, contains=["tuition", "fees"]),
            PreparationClaim(credential_code="RHIT", **evidence(source_url="javascript:alert(1)")),
        ],
    )
    add_program(session, "b", school="b-college", completions={"2023-24": 3})
    publish(session)


def freeze(client: TestClient, **change: Any) -> Any:
    answer = client.post("/v1/snapshots", json={**BODY, **change})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def test_the_same_comparison_is_kept_once_under_one_hash(
    client: TestClient, session: Session
) -> None:
    first = client.post("/v1/snapshots", json=BODY)
    again = client.post("/v1/snapshots", json=BODY)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert first.headers["location"] == f"/v1/snapshots/{first.json()['hash']}"
    assert again.headers["location"] == first.headers["location"]
    assert session.exec(select(func.count()).select_from(Snapshot)).one() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"weights": {"accreditation": 1}},
        {"residency": "out_of_state"},
        {"programs": ["b", "a"]},
        {"as_of": "2026-11-25"},
        {"answers": {"a": {"refund_policy": "met"}}},
    ],
)
def test_another_comparison_has_another_hash(client: TestClient, change: dict[str, Any]) -> None:
    assert freeze(client)["hash"] != freeze(client, **change)["hash"]


def test_weights_in_another_scale_are_the_same_comparison(client: TestClient) -> None:
    one = freeze(client, weights={"accreditation": 40, "cost_transparency": 60})
    other = freeze(client, weights={"cost_transparency": 0.6, "accreditation": 0.4})

    assert one["hash"] == other["hash"]


def test_a_later_release_gives_another_hash_and_leaves_the_old_one_as_it_was(
    client: TestClient, session: Session
) -> None:
    old = client.post("/v1/snapshots", json=BODY)
    publish(session)

    new = freeze(client)

    assert new["hash"] != old.json()["hash"]
    assert new["comparison"]["release"] == 2
    assert client.get(old.headers["location"]).content == old.content


def test_a_snapshot_holds_the_comparison_and_its_sources(client: TestClient) -> None:
    frozen = freeze(client)

    assert frozen["comparison"] == client.post("/v1/comparison", json=BODY).json()
    assert [source["key"] for source in frozen["source_list"]] == frozen["comparison"]["sources"]
    assert frozen["source_list"][0]["publisher"] == "Somebody"


def test_answers_stand_in_a_snapshot_because_the_caller_froze_them(client: TestClient) -> None:
    frozen = freeze(client, answers={"b": {"refund_policy": "met"}})

    assert frozen["comparison"]["answers"] == {"b": {"refund_policy": "met"}}


def test_a_wrong_request_freezes_nothing(client: TestClient, session: Session) -> None:
    answer = client.post("/v1/snapshots", json={"programs": ["a", "c"]})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/programs/1"
    assert session.exec(select(func.count()).select_from(Snapshot)).one() == 0


def test_a_comparison_too_large_to_keep_is_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MAX_BYTES", 1000)

    answer = client.post("/v1/snapshots", json=BODY)

    assert answer.status_code == 422
    assert "at most 1,000" in answer.json()["detail"]


def test_an_unknown_hash_is_not_found(client: TestClient) -> None:
    answer = client.get("/v1/snapshots/0123")

    assert answer.status_code == 404
    assert "'0123'" in answer.json()["detail"]


# representations


@pytest.mark.parametrize(
    ("accept", "format_", "content_type"),
    [
        (None, None, "application/json"),
        ("*/*", None, "application/json"),
        ("text/html", None, "text/html; charset=utf-8"),
        ("text/markdown", None, "text/markdown; charset=utf-8"),
        ("application/json", "html", "text/html; charset=utf-8"),
        ("image/png", "markdown", "text/markdown; charset=utf-8"),
    ],
)
def test_the_representation_is_negotiated(
    client: TestClient, accept: str | None, format_: str | None, content_type: str
) -> None:
    address = f"/v1/snapshots/{freeze(client)['hash']}"

    answer = client.get(
        address,
        headers={"accept": accept} if accept else {},
        params={"format": format_} if format_ else {},
    )

    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert "Accept" in answer.headers["vary"]
    assert not answer.headers["etag"].startswith("W/")


def test_what_is_not_offered_is_a_problem_that_lists_what_is(client: TestClient) -> None:
    answer = client.get(f"/v1/snapshots/{freeze(client)['hash']}", headers={"accept": "image/png"})

    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    for offered in ("application/json", "text/html", "text/markdown"):
        assert offered in answer.json()["detail"]


def test_an_unknown_format_is_refused(client: TestClient) -> None:
    answer = client.get(f"/v1/snapshots/{freeze(client)['hash']}", params={"format": "pdf"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "format"


@pytest.mark.parametrize("format_", ["json", "html", "markdown"])
def test_who_has_it_already_gets_304(client: TestClient, format_: str) -> None:
    address = f"/v1/snapshots/{freeze(client)['hash']}"
    etag = client.get(address, params={"format": format_}).headers["etag"]

    def ask(known: str) -> int:
        return client.get(
            address, params={"format": format_}, headers={"if-none-match": known}
        ).status_code

    assert ask(etag) == 304
    assert ask(f'"other", W/{etag}') == 304
    assert ask("*") == 304
    assert ask('"other"') == 200


def test_the_etags_of_the_representations_differ(client: TestClient) -> None:
    address = f"/v1/snapshots/{freeze(client)['hash']}"

    etags = {
        client.get(address, params={"format": name}).headers["etag"]
        for name in ("json", "html", "markdown")
    }

    assert len(etags) == 3


def test_the_page_escapes_names_and_links_only_to_the_web(client: TestClient) -> None:
    address = f"/v1/snapshots/{freeze(client)['hash']}"

    answer = client.get(address, params={"format": "html"})

    assert "<script" not in answer.text
    assert "Health &lt;script&gt;alert(1)&lt;/script&gt; | *bold* &amp; [link](x)" in answer.text
    assert "javascript:" not in answer.text
    assert 'href="https://school.example/page"' in answer.text
    policy = answer.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "style=" not in answer.text


def test_the_page_has_scores_prices_dates_questions_and_sources(client: TestClient) -> None:
    frozen = freeze(client, answers={"a": {"refund_policy": "met"}})

    text = client.get(f"/v1/snapshots/{frozen['hash']}", params={"format": "html"}).text

    low = frozen["comparison"]["checklists"][0]["score"]["low"]
    assert f"met {low:g}" in text
    assert "$4,500 a year" in text
    assert "2025-26" in text
    assert "CAHIIM: accredited" in text
    assert "answer, name and date" in text
    assert "Told: Met" in text
    assert "school-pages" in text
    assert frozen["hash"] in text


def test_a_hand_out_can_be_had_in_spanish(client: TestClient) -> None:
    kept = client.post(
        "/compare/hand-out",
        data={"program": ["a", "b"], "lang": "es", "home_state": "NY"},
        headers={"accept": "text/html"},
    )
    text = client.get(str(kept.url).partition("?")[0], params={"format": "markdown", "lang": "es"})
    short = re.findall(r'href="http://testserver(/s/[^"]+)"', kept.text)

    assert kept.url.params["lang"] == "es"
    for answer in (kept, text):
        assert answer.headers["content-language"] == "es"
        assert "CAHIIM: acreditado" in answer.text
        assert "de Nueva York" in answer.text or "de fuera de" in answer.text
        assert "¿Está este programa acreditado hoy" in answer.text
    assert '<html lang="es"' in kept.text
    assert client.get(short[0]).text == kept.text


def test_the_style_sheet_of_the_page_is_served(client: TestClient) -> None:
    page = client.get(f"/v1/snapshots/{freeze(client)['hash']}", params={"format": "html"}).text
    sheets = [part.split('"')[1] for part in page.split("href=")[1:] if ".css" in part[:80]]

    answers = [client.get(address) for address in sheets]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert all(answer.headers["content-type"].startswith("text/css") for answer in answers)
    assert "@media print" in answers[-1].text


def test_the_markdown_escapes_names_and_keeps_its_tables_whole(client: TestClient) -> None:
    frozen = freeze(client)

    text = client.get(f"/v1/snapshots/{frozen['hash']}", params={"format": "markdown"}).text

    assert r"Health \<script\>alert(1)\</script\> \| \*bold\* \& \[link\](x) new line" in text
    assert "javascript:" not in text
    assert "<script" not in text.replace(r"\<script", "")
    widths = {
        line.replace(r"\|", "").count("|") for line in text.splitlines() if line.startswith("|")
    }
    assert widths == {5, 6}  # two programs beside fact and verdict; five columns at a glance
    assert "\n## Questions to ask\n" in text
    assert "\n1. " in text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain text 2026-11-24", "plain text 2026-11-24"),
        ("- not a list", r"\- not a list"),
        ("+ nor this", r"\+ nor this"),
        ("1. nor this", r"1\. nor this"),
        ("2026.1 is a version", "2026.1 is a version"),
        ("# no heading", r"\# no heading"),
        ("two\r\nlines", "two lines"),
        ("back\\slash `code` ~x~", r"back\\slash \`code\` \~x\~"),
    ],
)
def test_markdown_is_escaped(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


def without_way_back(page: str) -> str:
    """Return a hand-out without its short address, and without the drawing of it."""
    return re.sub(r"<svg[^>]*class=\"qr\".*?</svg>|/s/[0-9a-f]{12}", "", page)


def test_a_snapshot_of_the_first_shape_still_makes_the_same_hand_outs(
    client: TestClient, session: Session
) -> None:
    frozen = freeze(client)
    older = json.loads(json.dumps(frozen))
    for row in older["comparison"]["rows"]:
        for value in row["values"]:
            del value["terms"]["parts"]  # came with the whole cost
    older["hash"] = content_hash(to_canonical(older))
    queries.store_snapshot(session, queries.thaw(json.dumps(older)), now=moment())
    session.commit()

    for name in ("html", "markdown"):
        then, now = (
            client.get(f"/v1/snapshots/{one['hash']}", params={"format": name}).text
            for one in (older, frozen)
        )
        assert without_way_back(then) == without_way_back(now).replace(
            frozen["hash"], older["hash"]
        )
    assert find_differences(older, RUBRICS) == []


# true to its content


def test_scores_recomputed_from_a_snapshot_alone_are_equal(client: TestClient) -> None:
    chance = random.Random(7)
    for _ in range(12):
        answers = {
            slug: {key: chance.choice(list(Finding)) for key in RUBRIC.check_keys}
            for slug in ("a", "b")
        }
        weights = {criterion.key: chance.randint(0, 9) + 0.1 for criterion in RUBRIC.criteria}

        frozen = freeze(client, answers=answers, weights=weights)

        assert find_differences(frozen, RUBRICS) == []


def change_finding(document: Any) -> None:
    checks = document["comparison"]["checklists"][0]["criteria"][0]["checks"]
    checks[1]["finding"] = "not_met"


def change_score(document: Any) -> None:
    document["comparison"]["checklists"][1]["score"]["low"] += 10


def change_points(document: Any) -> None:
    document["comparison"]["checklists"][0]["criteria"][0]["checks"][0]["points"] = 0


def change_gates(document: Any) -> None:
    document["comparison"]["checklists"][0]["gates"] = ["not_eligible_rhit"]


def change_rank(document: Any) -> None:
    document["comparison"]["ranks"][0]["worst"] = 1


def change_share(document: Any) -> None:
    document["comparison"]["stability"][0]["share"] = "1/2"


def change_weights(document: Any) -> None:
    document["comparison"]["checklists"][0]["weights"] = {"accreditation": 1.0}


def change_price(document: Any) -> None:
    document["comparison"]["rows"][12]["values"][0]["value"] = 1


CHANGES = [
    (change_finding, "a: score is"),
    (change_score, "b: score is"),
    (change_points, "a: program_accredited.points"),
    (change_rank, "ranks: "),
    (change_share, "stability: "),
    (change_weights, "a: score is"),
]


@pytest.mark.parametrize(("change", "named"), CHANGES)
def test_a_change_is_named_even_under_a_new_hash(
    client: TestClient, change: Any, named: str
) -> None:
    document = freeze(client)
    change(document)
    document["hash"] = content_hash(to_canonical(document))

    differences = find_differences(document, RUBRICS)

    assert any(difference.startswith(named) for difference in differences), differences


@pytest.mark.parametrize("change", [*(change for change, _ in CHANGES), change_price, change_gates])
def test_any_change_breaks_the_hash(client: TestClient, change: Any) -> None:
    document = freeze(client)
    change(document)

    assert find_differences(document, RUBRICS)[0].startswith("hash: ")


def test_a_rubric_that_is_not_known_is_named(client: TestClient) -> None:
    assert find_differences(freeze(client), {}) == ["rubric: version '2026.2' is not known here"]


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcd", min_size=1, max_size=3), json_values, min_size=1))
def test_reading_a_document_back_keeps_its_hash(content: dict[str, Any]) -> None:
    body = to_canonical(content)
    frozen = queries.Frozen(content_hash(body), 1, body)

    back = json.loads(frozen.document)

    assert back["hash"] == content_hash(to_canonical(back))


def test_the_snapshot_that_ships_is_true_to_its_content_and_has_the_documented_address() -> None:
    [path] = (get_settings().seed_dir / "snapshots").glob("*.json")
    text = path.read_text(encoding="utf-8")

    assert find_differences(json.loads(text), RUBRICS) == []
    assert queries.thaw(text).hash == SHIPPED


def test_the_snapshot_that_ships_can_be_had_from_a_fresh_catalogue(
    seeded_client: TestClient,
) -> None:
    answer = seeded_client.get(f"/v1/snapshots/{SHIPPED}", headers={"accept": "text/html"})

    assert answer.status_code == 200
    assert "Owens Community College" in answer.text


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"hash": "x", "comparison": {"release": 1}}', "7", "not json"]
)
def test_a_snapshot_that_is_none_or_was_changed_is_not_taken_from_a_seed(
    text: str,
) -> None:
    with pytest.raises(ValueError, match=r"snapshot|hash|Expecting"):
        queries.thaw(text)


# the command


def verify(path: Path) -> Any:
    return runner.invoke(cli.cli, ["verify-snapshot", str(path)])


def test_the_command_says_that_a_snapshot_is_equal(client: TestClient, tmp_path: Path) -> None:
    file = tmp_path / "snapshot.json"
    file.write_bytes(client.post("/v1/snapshots", json=BODY).content)

    result = verify(file)

    assert result.exit_code == 0
    assert "equal" in result.output
    assert "scores of 2 programs recomputed" in result.output


def test_the_command_names_what_was_tampered_with(client: TestClient, tmp_path: Path) -> None:
    document = freeze(client)
    change_score(document)
    file = tmp_path / "snapshot.json"
    file.write_text(json.dumps(document))

    result = verify(file)

    assert result.exit_code == 1
    assert "hash: the file says" in result.output
    assert "b: score is" in result.output


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 9}', '{"format": 1, "hash": 1}', "7"])
def test_the_command_refuses_what_is_no_snapshot(tmp_path: Path, text: str) -> None:
    file = tmp_path / "other.json"
    file.write_text(text)

    result = verify(file)

    assert result.exit_code == 1
    assert "other.json" in result.output
    assert "Traceback" not in result.output


def test_the_command_explains_itself_with_an_example() -> None:
    result = runner.invoke(cli.cli, ["verify-snapshot", "--help"])

    assert "Example: hit-compare verify-snapshot" in result.output


def test_a_hand_out_names_a_short_way_back_and_draws_it(client: TestClient) -> None:
    key = freeze(client)["hash"]
    page = client.get(f"/v1/snapshots/{key}", params={"format": "html"}).text
    short = f"http://testserver/s/{key[:12]}"

    back = client.get(short, follow_redirects=False)

    assert f'href="{short}"' in page
    assert to_picture(short) in page
    assert (back.status_code, back.headers["location"]) == (
        303,
        f"/v1/snapshots/{key}?format=html",
    )
    assert client.get("/s/0123456789ab").status_code == 404
    assert client.get("/s/short").status_code == 422


def test_a_hand_out_prints_the_five_questions_on_which_most_hangs(client: TestClient) -> None:
    frozen = freeze(client)
    page = client.get(f"/v1/snapshots/{frozen['hash']}", params={"format": "html"}).text

    asked = re.findall(r"<tr data-question(?: class=\"(further)\")?>", page)
    assert asked == [""] * 5 + ["further"] * (len(asked) - 5)
    assert len(asked) > 5


def test_both_hand_outs_can_be_made_of_eight_programs(client: TestClient, session: Session) -> None:
    for at in range(6):
        add_program(session, f"p-{at}", school=f"p-{at}")
    publish(session)
    frozen = freeze(client, programs=["a", "b", *(f"p-{at}" for at in range(6))])

    snapshot = SnapshotRead.model_validate(frozen)

    assert to_html(snapshot).count('class="room"') > 8 * 10
    assert to_markdown(snapshot).count("\n### ") == 8


# bounded, and thinned out


def weigh(client: TestClient, number: int, **headers: str) -> Any:
    """Freeze a comparison like no other: its weights are its own."""
    body = {**BODY, "weights": {"accreditation": number + 1, "cost_transparency": 1}}
    return client.post("/v1/snapshots", json=body, headers=headers)


def test_a_stored_snapshot_takes_a_fraction_of_its_text(
    client: TestClient, session: Session
) -> None:
    frozen = freeze(client)

    [stored] = session.exec(select(Snapshot)).all()

    assert len(stored.packed) < len(json.dumps(frozen)) / 5
    assert content_hash(unpack(stored.packed)) == frozen["hash"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_packed_reads_back(text: str) -> None:
    assert unpack(pack(text)) == text


def test_snapshots_kept_before_they_were_packed_are_served_and_still_verify(
    engine: Engine,
) -> None:
    SQLModel.metadata.drop_all(engine)
    migrate(engine)
    [path] = (get_settings().seed_dir / "snapshots").glob("*.json")
    frozen = queries.thaw(path.read_text(encoding="utf-8"))
    command.downgrade(migration_config(engine), "0008")
    kept = {"hash": frozen.hash, "created_at": "2026-11-01", "release": 1, "body": frozen.body}
    with engine.begin() as connection:
        words = (
            "INSERT INTO snapshot (hash, created_at, release, body) VALUES (:hash, :created_at, "
        )
        connection.execute(sa.text(f"{words}:release, :body)"), kept)

    migrate(engine)

    with Session(engine) as session:
        found, opened_on = queries.get_snapshot(session, frozen.hash)
    assert (found, opened_on) == (frozen, None)
    assert find_differences(json.loads(found.document), RUBRICS) == []


def test_one_address_keeps_only_so_many_new_ones_and_the_same_again_costs_nothing(
    client: TestClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "snapshots", "2/hour")

    found = [weigh(client, n).status_code for n in (0, 0, 0, 1, 2)]
    over = weigh(client, 3)
    again = weigh(client, 1)

    assert found == [201, 200, 200, 201, 429]
    assert over.json()["type"] == "/problems/too-many-requests"
    assert 0 < int(over.headers["retry-after"]) <= 3600
    assert again.status_code == 200
    assert session.exec(select(func.count()).select_from(Snapshot)).one() == 2


def test_a_day_has_room_for_only_so_many_and_the_next_day_has_room_again(
    client: TestClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "snapshots_per_day", 2)

    found = [weigh(client, n).status_code for n in range(3)]
    over = weigh(client, 3)
    session.execute(sa.update(Snapshot).values(created_at=moment() - timedelta(days=1)))
    session.commit()

    assert found == [201, 201, 429]
    assert "before midnight UTC" in over.json()["detail"]
    assert 0 < int(over.headers["retry-after"]) <= 86_400
    assert weigh(client, 3).status_code == 201


def test_one_network_cannot_take_the_room_of_a_day_from_all_others(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.http.writes.LEAST_FOR_A_NETWORK", 2)
    monkeypatch.setattr(get_settings(), "snapshots_per_day", 20)
    neighbours = [TestClient(client.app, client=(f"192.0.2.{n}", 1)) for n in range(3)]
    stranger = TestClient(client.app, client=("198.51.100.1", 1))

    found = [weigh(one, n).status_code for n, one in enumerate(neighbours)]

    assert found == [201, 201, 429]
    assert weigh(stranger, 9).status_code == 201


def test_a_hand_out_from_the_page_is_counted_too(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "snapshots", "1/hour")
    weigh(client, 0)

    answer = client.post(
        "/compare/hand-out", data={"program": ["a", "b"]}, headers={"accept": "text/html"}
    )

    assert answer.status_code == 429
    assert answer.headers["content-type"].startswith("text/html")


def opened_on(session: Session) -> date | None:
    session.rollback()  # a new transaction sees what others wrote
    return session.exec(select(Snapshot.opened_on)).one()


def test_the_day_it_was_last_opened_is_noted_once_a_day(
    client: TestClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/v1/snapshots/{freeze(client)['hash']}"
    assert opened_on(session) is None
    written: list[list[str]] = []
    monkeypatch.setattr(
        "app.api.openings.record_opened",
        lambda session, keys, day: (written.append(keys), record_opened(session, keys, day)),
    )

    for _ in range(3):
        assert client.get(address).status_code == 200

    assert opened_on(session) == today()
    assert len(written) == 1


def test_where_nothing_can_be_written_a_snapshot_is_read_all_the_same(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.api.openings._known", WeakKeyDictionary())  # for this test alone
    address = f"/v1/snapshots/{freeze(client)['hash']}"
    tries: list[object] = []

    def fail(*words: object) -> None:
        tries.append(words)
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    monkeypatch.setattr("app.api.openings.record_opened", fail)

    with caplog.at_level("WARNING", logger="app.api.openings"):
        found = [client.get(address).status_code for _ in range(3)]

    assert found == [200, 200, 200]
    assert len(tries) == 1  # and not again at once
    assert "disk is full" in caplog.text


def aged(session: Session, key: str, frozen_days: int, opened_days: int | None) -> None:
    """Make a snapshot as old as a test wants it."""
    opened = None if opened_days is None else today() - timedelta(days=opened_days)
    session.add(
        Snapshot(
            hash=key,
            created_at=moment() - timedelta(days=frozen_days),
            release=1,
            packed=pack(key),
            opened_on=opened,
        )
    )


def test_what_nobody_froze_or_opened_for_long_is_thinned_out(
    engine: Engine, session: Session
) -> None:
    aged(session, "old", 200, None)
    aged(session, "old and opened long ago", 400, 150)
    aged(session, "old and opened lately", 400, 10)
    aged(session, "new", 5, None)
    aged(session, SHIPPED, 900, None)
    session.commit()
    since = today() - timedelta(days=100)

    counted = queries.count_unopened(session, since)
    with write_session(engine) as writer:
        first = queries.remove_unopened(writer, since, most=1)
        rest = queries.remove_unopened(writer, since, most=10)

    assert (counted.count, first.count, rest.count) == (2, 1, 1)
    assert counted.size == first.size + rest.size > 0
    session.rollback()
    left = session.exec(select(Snapshot.hash).order_by(Snapshot.hash)).all()
    assert set(left) == {"old and opened lately", "new", SHIPPED}


def test_the_command_tells_what_would_go_and_the_address_says_what_happened(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    with databases.empty("sqlite") as engine:
        command.stamp(migration_config(engine), "head")
        monkeypatch.setattr(get_settings(), "database_url", str(engine.url))
        with Session(engine) as session:
            aged(session, "old", 200, None)
            session.commit()
        words = ["snapshots", "thin", "--unopened-for", "120"]

        tried = runner.invoke(cli.cli, [*words, "--dry-run"])
        done = runner.invoke(cli.cli, words)
        again = runner.invoke(cli.cli, words)
        hasty = runner.invoke(cli.cli, ["snapshots", "thin", "--unopened-for", "7"])
        answer = TestClient(create_app(engine)).get("/v1/snapshots/old")

    assert "1 unopened (11 bytes) would go" in tried.output
    assert "1 unopened (11 bytes) are gone" in done.output
    assert "0 unopened" in again.output
    assert hasty.exit_code == 2
    assert answer.status_code == 404
    assert "may be taken out" in answer.json()["detail"]
