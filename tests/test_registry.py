"""Envelopes for the Credential Registry: what it requires, and nothing that it does not know."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.exports.registry import MINIMUM, envelope, missing
from app.ops.cli import cli
from app.settings import get_settings
from tests.making import add_program, publish

Node = dict[str, Any]
BASE = "http://testserver"
OURS = "https://credentialengineregistry.org/resources/ce-"
RECORDS = {
    "programs/sinclair-community-college-510707-associate": "ceterms:LearningProgram",
    "institutions/204945": "ceterms:CredentialOrganization",
    "credentials/RHIT": "ceterms:Certification",
}


def every_node(value: Any) -> Iterator[Node]:
    if isinstance(value, list):
        for one in value:
            yield from every_node(one)
    elif isinstance(value, dict):
        yield value
        for one in value.values():
            yield from every_node(one)


def texts(value: Any) -> Iterator[str]:
    for node in every_node(value):
        for told in node.values():
            yield from (one for one in (told if isinstance(told, list) else [told]) if one)


@pytest.mark.parametrize("path", RECORDS)
def test_an_envelope_holds_a_record_in_terms_of_the_registry(
    seeded_client: TestClient, path: str
) -> None:
    node = seeded_client.get(f"/v1/{path}.jsonld").json()

    sent = envelope(node, BASE)

    assert missing(node) == []
    assert sent["envelope_ctdl_type"] == RECORDS[path]
    graph = sent["resource"]["@graph"]
    assert graph[0]["@id"].endswith(f"/resources/{node['ceterms:ctid']}")
    assert sent["envelope_ceterms_ctid"] == graph[0]["ceterms:ctid"] == node["ceterms:ctid"]
    named = {one["@id"] for one in graph}
    for one in every_node(graph):
        assert all(term.startswith(("@", "ceterms:", "schema:value", "en-US")) for term in one), one
    for text in texts(graph):
        assert not isinstance(text, str) or not text.startswith(f"{BASE}/v1/"), text
        assert not isinstance(text, str) or not text.startswith("_:") or text in named


def test_records_name_each_other_by_their_identifiers(seeded_client: TestClient) -> None:
    [slug] = [path for path in RECORDS if path.startswith("programs/")]
    program = seeded_client.get(f"/v1/{slug}.jsonld").json()
    school = seeded_client.get(program["provider"]["@id"].removeprefix(BASE) + ".jsonld").json()

    sent, owner = envelope(program, BASE), envelope(school, BASE)

    main = owner["resource"]["@graph"][0]
    assert sent["resource"]["@graph"][0]["ceterms:ownedBy"] == main["@id"]
    assert sent["resource"]["@graph"][0]["@id"] in main["ceterms:offers"]
    assert main["@id"].startswith(OURS)


@pytest.mark.parametrize("term", ["ctid", "description", "name", "subjectWebpage"])
def test_what_is_missing_is_named(seeded_client: TestClient, term: str) -> None:
    node = seeded_client.get("/v1/credentials/RHIT.jsonld").json()
    del node[f"ceterms:{term}"]

    assert missing(node) == [f"ceterms:{term}"]
    assert (term,) in MINIMUM["ceterms:Certification"]


def test_the_command_writes_a_file_for_each_record_that_can_go(
    client: TestClient, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_program(session, "bare-hit")
    publish(session)
    url = session.get_bind().engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("PUBLIC_URL", BASE)
    monkeypatch.setattr("app.ops.cli_publish.migrate", lambda _engine: None)  # it is as new
    get_settings.cache_clear()
    try:
        done = CliRunner().invoke(cli, ["publish-ctdl", "--dry-run", str(tmp_path)])
        refused = CliRunner().invoke(cli, ["publish-ctdl", str(tmp_path)])
    finally:
        get_settings.cache_clear()

    assert done.exit_code == 0, done.output
    assert refused.exit_code == 2
    assert "bare-hit is left out: it has no ceterms:lifeCycleStatusType" in done.output
    for file in tmp_path.iterdir():
        assert json.loads(file.read_text())["envelope_ceterms_ctid"] == file.stem
