"""Record the example answers of the OpenAPI document from the catalogue as shipped.

``python -m tests.example_answers`` asks every operation what its example asks, in this process, of
a catalogue filled from the seed, with the clock at noon, and writes
``app/http/example_answers.json``; with names of reads, of these alone. Long lists are cut to
their first entries; nothing else is made up. Run it when an answer has another shape:
``test_openapi.py`` says so.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine
from sqlmodel import select
from starlette.testclient import TestClient

from tests.application import operations_of
from tests.recording import NOON, open_catalogue

FILE = Path("app/http/example_answers.json")

MOST_WORDS, MOST_OBJECTS, MOST_KEYS = 3, 1, 2
"""Entries kept of a list of words, of a list of objects, and of a mapping."""

SOME = {"compare_programs": 2, "compare_statistics": 2}
"""Operation -> entries kept of its lists of objects, where one does not show what they are."""

LINES = {
    "text/csv": 2,
    "application/x-ndjson": 1,
    "text/plain": 1,
    "text/markdown": 8,
    "text/xml": 99,
}
"""Media type -> lines kept of it; beside JSON of all kinds. Pages and workbooks have no example."""


def is_shown(media_type: str) -> bool:
    """Return whether answers of a media type have examples."""
    return media_type in LINES or media_type.endswith(("/json", "+json"))


SHOWN_HEADERS = (
    *("ETag", "Last-Modified", "Link", "Location", "Content-Disposition"),
    *("Repr-Digest", "Accept-Ranges"),
)
"""Headers told of in the document where an answer bears them."""


class Recorder:
    """Asks operations and keeps what they answer."""

    def __init__(
        self, client: TestClient, document: Mapping[str, Any], key: dict[str, str]
    ) -> None:
        self._client, self._document, self._key = client, document, key
        self._operations = {
            operation["operationId"]: (method, path, operation)
            for path, method, operation in operations_of(dict(document))
        }
        self.answers: dict[str, dict[str, Any]] = {}

    def ask(
        self, name: str, body: Any = None, /, *, accept: str = "*/*", **parts: Any
    ) -> dict[str, Any]:
        """Ask an operation what its example asks, and return its answer; ``parts`` come first."""
        method, path, operation = self._operations[name]
        headers = {"Accept": accept} | (self._key if operation.get("security") else {})
        query = {}
        for parameter in operation["parameters"]:
            value = parts.get(parameter["name"], parameter.get("example"))
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", quote(str(value), safe=""))
            elif parameter["name"] == "If-Match":
                headers["If-Match"] = "*"
            elif parameter["required"] or parameter["name"] in {
                *operation.get("x-filled-in", ()),
                *parts,
            }:
                query[parameter["name"]] = value
        sent: dict[str, Any] = {"params": query, "headers": headers}
        if isinstance(body, bytes):
            sent["content"] = body
        elif "requestBody" in operation:
            sent["json"] = body or self._example_body(operation)
        answer = self._client.request(method, path, **sent)
        while answer.status_code == 503:  # a file of the release is being made
            sleep(1)
            answer = self._client.request(method, path, **sent)
        if not answer.is_success:
            raise SystemExit(f"{name}: {answer.status_code} {answer.text[:500]}")
        self._keep(name, operation, answer)
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return dict(answer.json()) if is_json and answer.content else {}

    def _example_body(self, operation: Mapping[str, Any]) -> Any:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        name = schema["$ref"].rpartition("/")[2]
        return self._document["components"]["schemas"][name]["examples"][0]

    def _keep(self, name: str, operation: Mapping[str, Any], answer: Any) -> None:
        status = str(answer.status_code)
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        kept = self.answers.setdefault(name, {"status": status, "headers": [], "content": {}})
        for header in SHOWN_HEADERS:
            if header in answer.headers and header not in kept["headers"]:
                kept["headers"].append(header)
        content = operation["responses"][status].get("content", {})
        if not answer.content:
            return
        if media_type in LINES:
            body: Any = "".join(answer.text.splitlines(keepends=True)[: LINES[media_type]])
        elif is_shown(media_type):
            schema = content[media_type].get("schema", {})
            body = Cut(self._document, SOME.get(name, MOST_OBJECTS)).cut(answer.json(), schema)
        else:
            return
        kept["content"][media_type] = body


class Cut:
    """Cuts long lists and mappings of an answer to their first entries."""

    def __init__(self, document: Mapping[str, Any], most_objects: int) -> None:
        self._schemas, self._most = document["components"]["schemas"], most_objects

    def cut(self, value: Any, schema: Mapping[str, Any]) -> Any:
        """Return a value with fewer entries; objects keep every field that has a name."""
        if isinstance(value, list):
            most = self._most if any(isinstance(one, dict | list) for one in value) else MOST_WORDS
            items = self._one(schema, "items")
            return [self.cut(one, items) for one in value[:most]]
        if not isinstance(value, dict):
            return value
        named = self._named(schema)
        rest = [key for key in value if key not in named]
        kept = {*named, *(rest[:MOST_KEYS] if not named else rest)}
        other = self._one(schema, "additionalProperties")
        return {k: self.cut(one, named.get(k, other)) for k, one in value.items() if k in kept}

    def _shapes(self, schema: Any) -> Iterator[Mapping[str, Any]]:
        if not isinstance(schema, Mapping):
            return
        if "$ref" in schema:
            yield from self._shapes(self._schemas[schema["$ref"].rpartition("/")[2]])
        for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            yield from self._shapes(one)
        yield schema

    def _named(self, schema: Any) -> dict[str, Any]:
        named: dict[str, Any] = {}
        for shape in self._shapes(schema):
            named |= shape.get("properties", {})
        return named

    def _one(self, schema: Any, key: str) -> Any:
        return next((shape[key] for shape in self._shapes(schema) if key in shape), {})


PROGRAM = "sinclair-community-college-510707-associate"
OTHER_PROGRAM = "owens-community-college-510707-associate"
MADE_LATER = {"get_job", "get_history", "get_draft", "preview_draft", "list_found_facts"}
MADE_LATER |= {"list_page_reviews", "list_answer_links", "list_jobs"}
MADE_LATER |= {"list_webhooks", "get_webhook"}


def record_reads(recorder: Recorder, document: Mapping[str, Any]) -> None:
    """Ask every read that needs nothing made before, in each of its media types."""
    for item in document["paths"].values():
        operation = item.get("get")
        if operation is None or operation["operationId"] in MADE_LATER:
            continue
        ask_each_type(recorder, operation)
    recorder.ask("get_oembed", format="xml")


def ask_each_type(recorder: Recorder, operation: Mapping[str, Any]) -> None:
    """Ask a read in each media type that has examples."""
    content = operation["responses"]["200"]["content"]
    for accept in [one for one in content if is_shown(one)] or ["*/*"]:
        recorder.ask(operation["operationId"], accept=accept)


def record_writes(recorder: Recorder, engine: Engine) -> None:
    """Do what editors do, once, and what everybody may send."""
    for name in ("score_answers", "compare_with_answers", "find_renewal_plan"):
        recorder.ask(name)
    for name in ("find_advancement_plan", "check_fit", "add_snapshot"):
        recorder.ask(name)
    number = recorder.ask("report_correction")["id"]
    recorder.ask("accept_correction", number=number)
    for name in ("decline_correction", "discard_report_words"):
        words = {"statement": f"A practicum is required, says the catalogue ({name})."}
        body = {**recorder._example_body(recorder._operations["report_correction"][2]), **words}
        number = recorder.ask("report_correction", body)["id"]
        recorder.ask(name, number=number)
    _record_drafts(recorder)
    _record_found_facts(recorder, engine)
    _record_imports(recorder)
    _record_webhooks(recorder)
    for name in ("publish_draft", "roll_back"):
        recorder.ask(name)


def _record_drafts(recorder: Recorder) -> None:
    changed = recorder.ask("change_record", collection="program", key=PROGRAM)
    recorder.ask("get_history", collection="program", key=PROGRAM)
    recorder.ask("get_draft")
    recorder.ask("preview_draft")
    recorder.ask("discard_edit", edit=changed["edit"]["id"])
    values = {
        "program": PROGRAM,
        "availability": "required",
        "hours_low": 120,
        "hours_high": 120,
        "as_of": "2026-27",
        "basis": "stated_by_institution",
        "source_url": "https://www.sinclair.edu/program/hit",
    }
    body = {"values": values, "why": "Read on the page of the program."}
    recorder.ask("create_record", body, collection="practicum_claim")
    recorder.ask("retire_record", collection="program", key=PROGRAM)
    recorder.ask("settle_check")


def _record_found_facts(recorder: Recorder, engine: Engine) -> None:
    from app.ledger.found_facts import keep_record
    from app.store.database import write_session
    from app.store.tables.programs import Program
    from app.store.tables.reading import PageReview

    url = "https://www.sinclair.edu/program/hit"
    with write_session(engine) as session:
        program = session.exec(select(Program).where(Program.slug == OTHER_PROGRAM)).one()
        for hours in (120, 130, 140):
            record = {"program": program.slug, "availability": "required", "hours_low": hours}
            record |= {"hours_high": hours, "basis": "stated_by_institution", "source_url": url}
            keep_record(
                session,
                program.id or 0,
                "practicum_claim",
                record,
                NOON,
                sentence=f"Students complete a practicum of {hours} hours.",
                rule="practicum_hours",
                confidence=0.9,
            )
        session.add(PageReview(program_id=program.id, url=url, outcome="gone", found_at=NOON))
    recorder.ask("list_found_facts")
    recorder.ask("accept_found_fact", {"changes": {}}, number=1)
    recorder.ask("decline_found_fact", number=2)
    body = {"program": OTHER_PROGRAM, "decision": "accept", "why": "Looked at each"}
    recorder.ask("settle_found_facts", body)
    review = recorder.ask("list_page_reviews")["items"][0]["id"]
    recorder.ask("settle_page_review", number=review)
    link = recorder.ask("create_answer_link")["id"]
    recorder.ask("list_answer_links")
    recorder.ask("retire_answer_link", number=link)


def _record_imports(recorder: Recorder) -> None:
    job = recorder.ask("open_job")["id"]
    recorder.ask("get_job", job=job)
    recorder.ask("list_jobs")
    content = b"UNITID,INSTNM,CITY,STABBR\n204945,Owens Community College,Perrysburg,OH\n"
    recorder.ask("upload_file", content, job=job, name="hd2024.csv")
    recorder.ask("run_job", job=job)
    recorder.ask("cancel_job", job=job)  # it takes seconds


def _record_webhooks(recorder: Recorder) -> None:
    secret = "whsec_" + "A" * 32
    body = {"url": "https://school.example/hooks/hit-compare", "name": "Our site", "secret": secret}
    webhook = recorder.ask("add_webhook", body)["id"]
    recorder.ask("list_webhooks")
    recorder.ask("send_webhook", webhook=webhook)
    recorder.ask("get_webhook", webhook=webhook)
    recorder.ask("remove_webhook", webhook=webhook)


def main() -> None:
    """Write the file of example answers."""
    names = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        app, engine, key = open_catalogue(folder)
        document = app.openapi()
        with TestClient(app, base_url="https://hit-compare.example") as client:
            recorder = Recorder(client, document, key)
            if names:
                recorder.answers = json.loads(FILE.read_bytes())
                for _, _, operation in operations_of(document):
                    if operation["operationId"] in names:
                        recorder.answers.pop(operation["operationId"], None)
                        ask_each_type(recorder, operation)
            else:
                record_reads(recorder, document)
                record_writes(recorder, engine)
        engine.dispose()
    text = json.dumps(recorder.answers, ensure_ascii=False, indent=0, sort_keys=False)
    FILE.write_text(text + "\n")
    print(f"{len(recorder.answers)} operations, {len(text)} characters")


if __name__ == "__main__":
    main()
