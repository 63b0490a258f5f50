"""Webhooks: each release is told, signed and once, whatever fails on the way, to public hosts."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from alembic.command import stamp
from anyio import create_task_group, sleep
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.domain.keys import Scope
from app.domain.webhooks import PAUSES, sign
from app.exports import webhooks
from app.ops import cli
from app.settings import get_settings
from app.store.database import migration_config
from tests.asking import run
from tests.editing import Editor, make_key
from tests.making import add_program, publish


@dataclass
class Receiver:
    """An address on this machine that keeps what comes."""

    host: str = ""
    status: int = 204
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.host}/hooks"


class Clock:
    """The time that messages go by."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.came.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(receiver.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    receiver.host = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.02))
    thread.start()
    monkeypatch.setattr(get_settings(), "webhook_hosts", [receiver.host])
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(webhooks, "moment", clock)
    return clock


@pytest.fixture
def operator(engine: Engine, client: TestClient, session: Session) -> Editor:
    add_program(session, "alpha-hit", school="alpha-college")
    publish(session)
    return Editor(client, make_key(engine, Scope.ADMIN))


def tell(engine: Engine) -> int:
    """Send what is due, and return how many messages were."""
    count = 0
    while run(webhooks.tell_next(engine)):
        count += 1
    return count


def release(operator: Editor, url: str) -> None:
    operator.change("program", "alpha-hit", url=url)
    operator.publish("A page moved")


def delivery(operator: Editor, number: int) -> dict[str, Any]:
    told: dict[str, Any] = operator.ask("GET", f"/v1/admin/webhooks/{number}")["deliveries"][0]
    return told


def code_of_the_docs(client: TestClient) -> Callable[[str, dict[str, str], bytes], bool]:
    page = client.get("/docs/webhooks").text
    [code] = re.findall(r'<pre id="verify-code">(.+?)</pre>', page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(unescape(code), names)
    found: Callable[[str, dict[str, str], bytes], bool] = names["is_genuine"]
    return found


def test_a_release_is_told_once_and_signed(
    engine: Engine, client: TestClient, operator: Editor, receiver: Receiver
) -> None:
    added = operator.ask(
        "POST", "/v1/admin/webhooks", {"url": receiver.url, "name": "Us"}, status=201
    )
    assert tell(engine) == 0  # of what was published before nobody is told
    release(operator, "https://alpha.example/hit")

    assert tell(engine) == 1
    assert tell(engine) == 0

    [(headers, body)] = receiver.came
    is_genuine = code_of_the_docs(client)
    assert is_genuine(added["secret"], headers, body)
    assert not is_genuine(added["secret"], headers, body + b" ")
    assert not is_genuine("whsec_" + "A" * 32, headers, body)
    assert headers["host"] == receiver.host
    told = json.loads(body)
    assert told["type"] == "release.published"
    assert told["data"]["release"] == 2
    assert told["data"]["collections"] == {"program": {"changed": 1}}
    assert told["data"]["programs"]["slugs"] == ["alpha-hit"]
    assert client.get(told["data"]["changes"]).json()["items"][0]["key"] == "alpha-hit"
    assert "secret" not in json.dumps(operator.ask("GET", "/v1/admin/webhooks"))
    assert delivery(operator, added["id"])["delivered_at"]


def test_two_servers_tell_a_release_once(
    engine: Engine, operator: Editor, receiver: Receiver
) -> None:
    operator.ask("POST", "/v1/admin/webhooks", {"url": receiver.url, "name": "Us"})
    release(operator, "https://alpha.example/hit")

    servers = [threading.Thread(target=tell, args=(engine,)) for _ in range(4)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()

    assert len(receiver.came) == 1


@pytest.mark.parametrize("status", [500, 302])
def test_what_is_not_taken_is_sent_again_and_given_up_after_days(
    engine: Engine, operator: Editor, receiver: Receiver, clock: Clock, status: int
) -> None:
    receiver.status = status
    number = operator.ask("POST", "/v1/admin/webhooks", {"url": receiver.url, "name": "Us"})["id"]
    release(operator, "https://alpha.example/hit")
    clock.now = datetime.now(UTC)

    for pause in PAUSES:
        assert tell(engine) == 1
        assert tell(engine) == 0
        assert delivery(operator, number)["last_status"] == status
        clock.now += pause + timedelta(seconds=1)
    assert tell(engine) == 1

    clock.now += timedelta(days=30)
    assert tell(engine) == 0
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1
    [told] = operator.ask("GET", "/v1/admin/webhooks")["items"]
    assert told["disabled_why"] == f"It answered {status}."
    release(operator, "https://alpha.example/other")
    assert tell(engine) == 0
    receiver.status = 200
    operator.ask("POST", f"/v1/admin/webhooks/{number}/send")
    assert tell(engine) == 1
    assert json.loads(receiver.came[-1][1])["data"]["release"] == 3
    assert operator.ask("GET", f"/v1/admin/webhooks/{number}")["disabled_at"] is None


def test_who_is_gone_is_told_no_more_at_once(
    engine: Engine, operator: Editor, receiver: Receiver
) -> None:
    receiver.status = 410
    operator.ask("POST", "/v1/admin/webhooks", {"url": receiver.url, "name": "Us"})
    release(operator, "https://alpha.example/hit")

    assert tell(engine) == 1

    assert operator.ask("GET", "/v1/admin/webhooks")["items"][0]["disabled_at"]


def test_a_server_that_ends_half_way_leaves_the_message_to_another(
    engine: Engine,
    operator: Editor,
    receiver: Receiver,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    operator.ask("POST", "/v1/admin/webhooks", {"url": receiver.url, "name": "Us"})
    release(operator, "https://alpha.example/hit")
    clock.now = datetime.now(UTC)
    with monkeypatch.context() as patch:
        patch.setattr(webhooks, "_send", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            tell(engine)
    assert tell(engine) == 0

    clock.now += PAUSES[0]

    assert tell(engine) == 1
    assert len(receiver.came) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.1.2.3", "localhost", "169.254.169.254"])
def test_nothing_is_sent_to_private_hosts(engine: Engine, operator: Editor, host: str) -> None:
    body = {"url": f"https://{host}/latest/meta-data", "name": "Us"}
    number = operator.ask("POST", "/v1/admin/webhooks", body)["id"]
    release(operator, "https://alpha.example/hit")

    assert tell(engine) == 1

    told = delivery(operator, number)
    assert (told["last_status"], told["delivered_at"]) == (None, None)
    assert "private address" in told["last_error"]


@pytest.mark.parametrize(
    "body",
    [
        {"url": "http://school.example/hooks"},
        {"url": "https:///hooks"},
        {"url": "https://user:word@school.example/"},
        {"url": "ftp://school.example/"},
        {"url": "https://school.example:port/"},
        {"url": "https://school.example/", "secret": "short"},
        {"url": "https://school.example/", "secret": "whsec_c2hvcnQ="},
    ],
)
def test_what_cannot_be_called_is_refused(operator: Editor, body: dict[str, str]) -> None:
    told = operator.ask("POST", "/v1/admin/webhooks", {"name": "Us", **body}, status=422)

    assert told["errors"][0]["pointer"] in ("#/url", "#/secret")


def test_only_operators_say_who_is_told(
    engine: Engine, client: TestClient, operator: Editor
) -> None:
    body = {"url": "https://school.example/hooks", "name": "Us"}
    editor = make_key(engine, Scope.PUBLISH)
    assert client.post("/v1/admin/webhooks", json=body).status_code == 401
    assert client.post("/v1/admin/webhooks", json=body, headers=editor).status_code == 403
    operator.ask("POST", "/v1/admin/webhooks", body, status=201)
    operator.ask("POST", "/v1/admin/webhooks", body, status=409)
    operator.ask("GET", "/v1/admin/webhooks/9", status=404)


def test_commands_do_the_same(
    engine: Engine, operator: Editor, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    monkeypatch.setattr(get_settings(), "database_url", url)
    stamp(migration_config(engine), "head")

    def command(*words: str) -> str:
        done = CliRunner().invoke(cli.cli, ["webhooks", *words])
        assert done.exit_code == 0, done.output
        return done.output

    secret = command("add", receiver.url, "--name", "Us").splitlines()[0]
    release(operator, "https://alpha.example/hit")
    assert "not taken yet" in command("list")
    tell(engine)
    [(headers, body)] = receiver.came
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    signed = sign(secret, headers["webhook-id"], at, body)
    assert signed["webhook-signature"] == headers["webhook-signature"]
    assert "release 2 taken" in command("list")
    assert "release 2; taken" in command("show", "1")
    command("send", "1")
    assert tell(engine) == 1
    command("remove", "1")
    assert command("list") == ""


def test_a_server_tells_by_itself(engine: Engine, operator: Editor, receiver: Receiver) -> None:
    operator.ask("POST", "/v1/admin/webhooks", {"url": receiver.url, "name": "Us"})
    release(operator, "https://alpha.example/hit")

    async def serve_a_moment() -> None:
        async with create_task_group() as tasks:
            tasks.start_soon(webhooks.keep_telling, engine)
            for _ in range(100):
                await sleep(0.05)
                if receiver.came:
                    break
            tasks.cancel_scope.cancel()

    run(serve_a_moment())

    assert len(receiver.came) == 1
