"""Every kind of problem: provoked, explained at its address, and shown by a true example."""

from collections.abc import Callable, Iterator
from errno import ENOSPC
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.keys import Scope
from app.http.problems import problem_examples, problem_kinds
from app.importers.import_jobs import Spool
from app.main import bind
from app.settings import get_settings
from app.store.records import inner_table
from app.store.tables.credentials import CredentialClaim
from tests.editing import Editor, make_key
from tests.fixtures import Databases

KINDS = {kind.slug: kind for kind in problem_kinds()}


@pytest.fixture(scope="module")
def catalogue(databases: Databases) -> Iterator[Engine]:
    """A copy of the catalogue as shipped, to write to."""
    with databases.copy_of_seeded() as engine:
        yield engine


@pytest.fixture
def client(catalogue: Engine, shared_app: FastAPI) -> Iterator[TestClient]:
    bind(shared_app, catalogue)
    with TestClient(shared_app, raise_server_exceptions=False) as client:
        yield client


class Provoker:
    """Sends what an example says it sends, after making it so that it is refused."""

    def __init__(
        self, client: TestClient, engine: Engine, patch: pytest.MonkeyPatch, key: dict[str, str]
    ) -> None:
        self._client, self._engine, self._patch = client, engine, patch
        self._key, self._small_key = key, make_key(engine, Scope.READ_DRAFTS)
        self._editor = Editor(client, key)

    def send(self, slug: str) -> Response:
        """Return the answer to the request of an example."""
        prepare = getattr(self, f"_{slug.replace('-', '_')}", None)
        if prepare is not None:
            prepare()
        head, _, body = problem_examples()[slug].asked.partition("\n\n")
        line, *given = head.splitlines()
        method, address = line.split(" ", 1)
        headers = {
            name: value.replace("…", "x" * 9_000) if name == "X-Padding" else value
            for name, value in (field.split(": ", 1) for field in given)
        }
        if "Authorization" in headers and slug != "unauthorized":
            headers |= self._small_key if slug == "forbidden" else self._key
        return self._client.request(
            method,
            address.replace("…", "x" * 9_000),
            content=body.replace("…", "x" * 70_000).encode(),
            headers=headers,
        )

    def clean_up(self) -> None:
        """Take back whatever was proposed."""
        for edit in self._editor.ask("GET", "/v1/admin/draft")["edits"]:
            self._editor.ask("DELETE", f"/v1/admin/draft/{edit['id']}")

    def _release_blocked(self) -> None:
        table = inner_table(CredentialClaim)
        of_two = sa.select(table.c.id).where(
            table.c.field == "pass_mark",
            table.c.credential_code.in_(["CHC", "CIC"]),
            table.c.superseded_at.is_(None),
        )
        with Session(self._engine) as session:
            numbers = list(session.execute(of_two).scalars())
        for number in numbers:
            self._editor.retire("credential_claim", str(number))

    def _busy(self) -> None:
        self._patch.setattr("app.http.waiting.WaitForRelease._most", 0)

    def _too_many_requests(self) -> None:
        for _ in range(int(get_settings().corrections.split("/")[0])):
            self.send_report()

    def send_report(self) -> None:
        """Send the report of the example, which is taken once and known from then on."""
        _, _, body = problem_examples()["too-many-requests"].asked.partition("\n\n")
        answer = self._client.post(
            "/v1/corrections", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.is_success, answer.text

    def _internal_error(self) -> None:
        self._patch.setattr("app.api.programs.get_dossier", _failing(RuntimeError("the password")))

    def _unavailable(self) -> None:
        away = OperationalError("SELECT 1", {}, Exception("connection refused"))
        self._patch.setattr("app.api.programs.get_dossier", _failing(away))

    def _insufficient_storage(self) -> None:
        self._patch.setattr(Spool, "open_job", _failing(OSError(ENOSPC, "No space left")))


def _failing(error: Exception) -> Callable[..., Any]:
    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.fixture
def provoker(
    client: TestClient, catalogue: Engine, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Provoker]:
    provoker = Provoker(client, catalogue, monkeypatch, databases.keys["sqlite"])
    yield provoker
    provoker.clean_up()


@pytest.mark.parametrize("slug", KINDS)
def test_the_example_of_each_kind_is_what_the_service_answers(
    client: TestClient, provoker: Provoker, slug: str
) -> None:
    answer = provoker.send(slug)

    kind = KINDS[slug]
    assert answer.status_code == kind.status
    shown = {**problem_examples()[slug].answer, "request_id": answer.headers["x-request-id"]}
    assert answer.json() == shown
    explained = client.get(answer.json()["type"]).json()
    assert explained["example"]["answer"]["type"] == answer.json()["type"]
    assert (explained["meaning"], explained["advice"]) == (kind.meaning, kind.advice)


def test_there_is_an_example_of_every_kind_and_of_nothing_else() -> None:
    assert list(problem_examples()) == list(KINDS)


@pytest.mark.parametrize("slug", KINDS)
def test_the_page_of_a_kind_says_what_it_means_what_to_do_and_how_it_looks(
    client: TestClient, slug: str
) -> None:
    page = client.get(f"/problems/{slug}", headers={"accept": "text/html"})

    kind = KINDS[slug]
    assert page.headers["content-type"].startswith("text/html")
    assert "accept" in page.headers["vary"].lower()
    for part in (kind.title, str(kind.status), kind.meaning.split("'")[0], "What to do"):
        assert part in page.text
