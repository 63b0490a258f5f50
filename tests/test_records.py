"""What editors write: tried out, refused with reasons, audited, never published by itself."""

import re
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from app.clock import moment
from app.domain.keys import Scope
from app.queries.references import REFERENCES, targets_of, words_at
from app.schemas.records import ABOUT, CLAIMS, WRITABLE, values_model
from app.store.tables.changes import DraftEdit
from app.store.tables.classifications import Cip
from app.store.tables.credentials import Asserter, Credential
from app.store.tables.fields import closed_lists
from app.store.tables.occupations import Occupation
from app.store.tables.work_settings import WorkSetting
from tests.editing import Editor, make_key
from tests.making import SCHOOL, add_program, price, publish

FACT = {
    "program": "alpha-hit",
    "component": "books",
    "amount_low_cents": 9_000,
    "amount_high_cents": 9_500,
    "unit": "year",
    "residency": "any",
    "basis": "stated_by_institution",
    "source_url": "https://alpha.example/costs",
    "as_of": "2026-27",
}


@pytest.fixture(autouse=True)
def catalogue(session: Session) -> None:
    add_program(session, "alpha-hit", school="alpha-college", claims=[price("tuition", 1000)])
    add_program(session, "beta-hit", school="beta-college")
    session.add(
        WorkSetting(slug="clinics", position=1, label="Clinics", source=SCHOOL, basis="editorial")
    )
    publish(session)


@pytest.fixture
def editor(engine: Engine, client: TestClient) -> Editor:
    return Editor(client, make_key(engine, Scope.READ_DRAFTS, Scope.WRITE_FACTS, Scope.PUBLISH))


def test_a_change_shows_in_the_draft_and_nowhere_else(client: TestClient, editor: Editor) -> None:
    answer = editor.change("program", "alpha-hit", url="https://alpha.example/hit")

    assert answer["record"]["record"]["url"] == "https://alpha.example/hit"
    assert editor.read("program", "alpha-hit")["etag"] == answer["record"]["etag"]
    assert client.get("/v1/programs/alpha-hit").json()["links"]["program_page"] is None
    seen = editor.ask("GET", "/v1/programs/alpha-hit", release="draft")
    assert seen["links"]["program_page"] == "https://alpha.example/hit"


def test_every_read_can_be_had_as_a_draft_and_only_with_the_scope(
    engine: Engine, client: TestClient, editor: Editor
) -> None:
    editor.create("cost_claim", **FACT)

    listed = editor.ask("GET", "/v1/programs", release="draft", q="alpha")
    published = client.get("/v1/programs", params={"q": "alpha"}).json()
    anybody = client.get("/v1/programs", params={"release": "draft"})
    writer = client.get(
        "/v1/programs",
        params={"release": "draft"},
        headers=make_key(engine, Scope.WRITE_FACTS),
    )

    assert listed["items"][0]["score"]["low"] > published["items"][0]["score"]["low"]
    assert (anybody.status_code, writer.status_code) == (401, 403)
    assert client.get("/v1/programs", params={"release": "7"}).status_code == 422


def test_a_draft_is_not_kept_by_caches(client: TestClient, engine: Engine) -> None:
    headers = make_key(engine, Scope.READ_DRAFTS)
    answer = client.get("/v1/programs", params={"release": "draft"}, headers=headers)

    assert answer.headers["cache-control"] == "no-store"


def test_a_change_without_if_match_and_a_stale_one_are_refused(editor: Editor) -> None:
    path = "/v1/admin/records/program/alpha-hit"
    body = {"values": {"url": "https://alpha.example/hit"}, "why": "It moved."}
    old = editor.read("program", "alpha-hit")["etag"]

    missing = editor.ask("PATCH", path, body, status=428)
    editor.ask("PATCH", path, body, headers={"If-Match": old})
    stale = editor.ask("PATCH", path, body, status=412, headers={"If-Match": old})

    assert old in missing["detail"]
    assert old in stale["detail"]


def test_two_editors_cannot_overwrite_each_other(engine: Engine, client: TestClient) -> None:
    one = Editor(client, make_key(engine, Scope.ADMIN, name="One"))
    other = Editor(client, make_key(engine, Scope.ADMIN, name="Other"))
    etag = one.read("program", "alpha-hit")["etag"]
    path = "/v1/admin/records/program/alpha-hit"

    one.ask(
        "PATCH", path, {"values": {"campus": "Main"}, "why": "Seen."}, headers={"If-Match": etag}
    )
    other.ask(
        "PATCH",
        path,
        {"values": {"campus": "North"}, "why": "Seen."},
        status=412,
        headers={"If-Match": etag},
    )

    draft = one.ask("GET", "/v1/admin/draft")["edits"]
    assert [(edit["actor"], edit["record"]) for edit in draft] == [("One", {"campus": "Main"})]


@pytest.mark.parametrize(
    ("values", "pointer", "words"),
    [
        ({"award_levle": "associate"}, "#/values/award_levle", "Did you mean 'award_level'?"),
        ({"award_level": "phd"}, "#/values/award_level", "associate"),
        ({"url": "javascript:alert(1)"}, "#/values/url", "pattern"),
        ({"url": "https://www.shareasale.com/r.cfm?b=1"}, "#/values", "pays somebody"),
        ({"url": "https://x.example/?irclickid=9"}, "#/values", "pays somebody"),
        ({"name": "Cheapest online biology degree accredited"}, "#/values", "sponsored"),
        ({"name": None}, "#/values/name", "string"),
        ({"name": "a\u0000b"}, None, None),
        ({"institution": "999999"}, "#/values/institution", "No institution is known"),
        ({"slug": "other"}, "#/values/slug", "stays 'alpha-hit'"),
        ({"id": 7}, "#/values/id", "no column 'id'"),
        ({"source": "school-pages"}, "#/values/source", "no column 'source'"),
        ({"retired_at": None}, "#/values/retired_at", "no column"),
    ],
)
def test_a_value_that_cannot_be_is_named_and_nothing_is_kept(
    editor: Editor, session: Session, values: dict[str, Any], pointer: str, words: str
) -> None:
    body = {"values": values, "why": "A try."}
    path = "/v1/admin/records/program/alpha-hit"

    problem = editor.ask("PATCH", path, body, status=422, headers={"If-Match": "*"})

    if pointer is not None:
        assert pointer in {error["pointer"] for error in problem["errors"]}
        assert words in problem["detail"]
    assert session.exec(select(DraftEdit)).all() == []


@pytest.mark.parametrize(
    ("without", "extra", "words"),
    [
        ("source_url", {}, "source_url"),
        ("basis", {}, "basis"),
        ("program", {}, "name one of the two"),
        (None, {"institution": "alpha-college"}, "name one of the two"),
        (None, {"as_of": "last week"}, "neither a date"),
        (None, {"amount_low_cents": -1}, "amount_not_negative"),
        (None, {"amount_high_cents": 1}, "range_in_order"),
    ],
)
def test_a_fact_needs_evidence_and_one_subject(
    editor: Editor, without: str | None, extra: dict[str, Any], words: str
) -> None:
    values = {name: value for name, value in {**FACT, **extra}.items() if name != without}
    body = {"values": values, "why": "A try."}

    answer = editor._client.post("/v1/admin/records/cost_claim", json=body, headers=editor._headers)

    assert answer.status_code in (409, 422)
    assert words in answer.text


def test_a_fact_on_a_credential_enters_only_from_a_listed_host(
    editor: Editor, session: Session
) -> None:
    add_credential(session, "RHIT")
    session.add(Asserter(host="ahima.org", rank=1, kind="issuer", is_refused=False, source=SCHOOL))
    session.add(Asserter(host="visualfoodie.com", kind="refused", is_refused=True, source=SCHOOL))
    session.commit()
    fact = {
        "credential_code": "RHIT",
        "field": "exam_fee",
        "qualifier": "member",
        "value_text": "229",
        "value_low": 229,
        "value_high": 229,
        "unit": "USD",
        "sayer_kind": "issuer",
        "basis": "stated_by_issuer",
        "as_of": "2026-11",
    }
    path = "/v1/admin/records/credential_claim"

    for host in ("www.visualfoodie.com", "nobody.example"):
        body = {"values": {**fact, "source_url": f"https://{host}/rhit"}, "why": "Seen."}
        assert "list of asserters" in editor.ask("POST", path, body, status=422)["detail"]
    editor.create("credential_claim", **fact, source_url="https://www.ahima.org/rhit")
    editor.publish()

    cells = editor.ask("GET", "/v1/credentials/RHIT")["cells"]
    assert [c["current"]["value_low"] for c in cells if c["field"] == "exam_fee"] == [229]


def test_a_changed_fact_supersedes_the_older_one_which_stays_readable(
    client: TestClient, editor: Editor
) -> None:
    editor.create("cost_claim", **FACT)
    editor.publish()
    key = editor.ask("GET", "/v1/admin/records/cost_claim", program="alpha-hit")["items"][-1]["key"]

    editor.change("cost_claim", key, amount_high_cents=12_000)
    editor.publish()

    claims = client.get("/v1/programs/alpha-hit/claims").json()["items"]
    books = [c for c in claims if c.get("component") == "books"]
    assert sorted((c["standing"], c["amount_high_usd"]) for c in books) == [
        ("current", 120.0),
        ("superseded", 95.0),
    ]
    history = editor.ask("GET", f"/v1/admin/records/cost_claim/{key}/history")["items"]
    assert [item["after"] is None for item in history] == [True, False]


def test_history_tells_who_when_why_before_and_after(editor: Editor) -> None:
    editor.change("program", "alpha-hit", url="https://alpha.example/hit")
    editor.publish("New pages")
    editor.change("program", "alpha-hit", campus="Main")
    editor.publish("Campuses")

    history = editor.ask("GET", "/v1/admin/records/program/alpha-hit/history")["items"]
    of_url = editor.ask("GET", "/v1/admin/records/program/alpha-hit/history", field="url")["items"]

    assert [item["release"] for item in history] == [3, 2]
    assert (history[1]["before"]["url"], history[1]["after"]["url"]) == (
        None,
        "https://alpha.example/hit",
    )
    assert history[1]["why"] == "New pages"
    assert history[1]["edits"][0]["actor"] == "Ann Editor"
    assert history[1]["edits"][0]["why"] == "It reads otherwise now."
    assert [item["release"] for item in of_url] == [2]


def test_a_record_that_never_changed_has_an_empty_history(editor: Editor) -> None:
    path = "/v1/admin/records/program/beta-hit/history"

    assert editor.ask("GET", path)["items"] == []
    editor.ask("GET", "/v1/admin/records/program/nobody/history", status=404)


def test_a_retired_program_leaves_lists_and_keeps_its_address(
    client: TestClient, editor: Editor
) -> None:
    editor.retire("program", "beta-hit")
    editor.publish(accept_drop=["programs.cip_code"])

    slugs = [item["slug"] for item in client.get("/v1/programs").json()["items"]]
    assert slugs == ["alpha-hit"]
    assert client.get("/v1/programs/beta-hit").status_code == 200
    problem = editor.ask(
        "POST",
        "/v1/admin/records/program/beta-hit/retire",
        {"why": "Again."},
        status=409,
        headers={"If-Match": "*"},
    )
    assert "retired already" in problem["detail"]


def test_a_school_with_listed_programs_cannot_be_retired(editor: Editor) -> None:
    path = "/v1/admin/records/institution/beta-college/retire"

    problem = editor.ask("POST", path, {"why": "Closed."}, status=409, headers={"If-Match": "*"})

    assert "beta-hit" in problem["detail"]
    editor.retire("program", "beta-hit")
    editor.retire("institution", "beta-college")


def test_a_school_that_an_editor_changed_says_so_and_since_when(
    client: TestClient, editor: Editor
) -> None:
    editor.change("institution", "alpha-college", website="https://alpha.example")
    editor.publish()

    found = client.get("/v1/institutions/alpha-college").json()

    assert found["website"] == "https://alpha.example"
    assert found["evidence"]["source"] == "editors"
    assert found["evidence"]["as_of"] == moment().date().isoformat()


def test_a_new_school_with_a_new_program_is_found_once_published(
    client: TestClient, editor: Editor
) -> None:
    editor.create("institution", slug="gamma-college", name="Gamma College", state="OH")
    editor.create(
        "program",
        slug="gamma-hit",
        institution="gamma-college",
        name="Health Information Technology",
        cip_code="51.0707",
        award_level="certificate_under_1_year",
    )
    assert client.get("/v1/programs/gamma-hit").status_code == 404

    editor.publish(accept_drop=blocked(editor))

    found = client.get("/v1/programs", params={"award_level": "certificate"}).json()["items"]
    assert [item["slug"] for item in found] == ["gamma-hit"]
    assert client.get("/v1/programs/gamma-hit").json()["institution"]["name"] == "Gamma College"


def add_credential(session: Session, code: str) -> None:
    session.add(
        Credential(
            code=code,
            name="Registered Health Information Technician",
            issuer="AHIMA",
            issuer_name="AHIMA",
            issuer_url="https://www.ahima.org",
            level="entry",
            focus="management",
            summary="HIM technician.",
            status="offered",
            source=SCHOOL,
        )
    )
    session.commit()


def blocked(editor: Editor) -> list[str]:
    return list(editor.ask("GET", "/v1/admin/draft/report")["blocked_by"])


def test_a_setting_can_be_reworded_and_taken_out(client: TestClient, editor: Editor) -> None:
    editor.change("work_setting", "clinics", label="Clinics and practices")
    editor.publish()
    items = client.get("/v1/work-settings").json()["items"]
    assert [(i["label"], i["source"]) for i in items] == [("Clinics and practices", "editors")]

    editor.retire("work_setting", "clinics")
    editor.publish()

    assert client.get("/v1/work-settings").json()["items"] == []


ROLE = {
    "slug": "coder",
    "position": 1,
    "label": "Coder",
    "stage": "entry",
    "basis": "editorial",
    "requirements": [
        {
            "kind": "credential",
            "any_of": ["RHIT"],
            "text": "One credential.",
            "basis": "editorial",
            "source": "editors",
            "ask": "Which?",
            "whom": "employers",
        }
    ],
}


def test_an_editor_draws_the_graph_and_plans_follow_it(
    client: TestClient, editor: Editor, session: Session
) -> None:
    add_credential(session, "RHIT")
    editor.create("advancement_path", **ROLE)
    boss = {**ROLE, "slug": "boss", "position": 2, "label": "Boss", "stage": "target"}
    editor.create("advancement_path", **boss)
    editor.create(
        "advancement_step",
        sending_role="coder",
        receiving_role="boss",
        reason="As they do here.",
        basis="editorial",
    )
    editor.publish()

    plan = client.post("/v1/advancement-plans", json={"target": "boss"}).json()
    assert [step["key"] for step in plan["steps"]] == ["RHIT", "coder", "boss"]
    assert plan["steps"][0]["answer"] == "unknown"

    editor.retire("advancement_step", "coder/boss")
    editor.publish()

    plan = client.post("/v1/advancement-plans", json={"target": "boss"}).json()
    assert [step["key"] for step in plan["steps"]] == ["RHIT", "boss"]
    assert plan["steps"][1]["answer"] == "unknown"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"requirements": [{**ROLE["requirements"][0], "kind": "luck"}]}, "requirements/0/kind"),
        ({"requirements": [{"kind": "education"}]}, "requirements/0/"),
        ({"soc_codes": [{"code": "29-2072", "note": None}]}, "soc_codes/0/title"),
        ({"stage": "peak"}, "stage"),
    ],
)
def test_a_role_that_could_not_be_served_is_refused(
    editor: Editor, change: dict[str, Any], pointer: str
) -> None:
    body = {"values": {**ROLE, **change}, "why": "A try."}

    problem = editor.ask("POST", "/v1/admin/records/advancement_path", body, status=422)

    assert all(e["pointer"].startswith(f"#/values/{pointer}") for e in problem["errors"])


@pytest.fixture
def lists(session: Session) -> None:
    """Put one or two members into every list that a record may name."""
    add_credential(session, "RHIT")
    for code in ("51.07", "51.0707", "11.01"):
        session.merge(Cip(code=code, title=code, source=SCHOOL))
    session.add(
        Occupation(onet_code="29-2072.00", soc_code="29-2072", title="Coders", source=SCHOOL)
    )
    session.commit()


EVIDENCE = {
    "basis": "stated_by_institution",
    "source_url": "https://alpha.example/hit",
    "as_of": "2026-11-01",
}
OF_ALPHA = {"program": "alpha-hit", **EVIDENCE}
REQUIREMENT = ROLE["requirements"][0]


@pytest.mark.parametrize(
    ("collection", "values", "pointer", "suggestion"),
    [
        ("preparation_claim", {**OF_ALPHA, "credential_code": "RHTI"}, "credential_code", "RHIT"),
        ("preparation_claim", {**OF_ALPHA, "credential_code": "rhit"}, "credential_code", "RHIT"),
        ("preparation_claim", {**OF_ALPHA, "credential_code": "=CMD|1"}, "credential_code", None),
        (
            "outcome_claim",
            {
                **OF_ALPHA,
                "metric": "exam_pass_rate",
                "unit": "percent",
                "credential_code": "RHI",
            },
            "credential_code",
            "RHIT",
        ),
        ("cost_claim", {**FACT, "cip_code": "51.0770"}, "cip_code", "51.0707"),
        ("cost_claim", {**FACT, "cip_code": "510707"}, "cip_code", "51.0707"),
        ("cost_claim", {**FACT, "cip_code": "99.0101"}, "cip_code", None),
        ("cost_claim", {**FACT, "contains": ["tuition", "fee"]}, "contains/1", "fees"),
        ("cost_claim", {**FACT, "contained_in": "tution"}, "contained_in", "tuition"),
        ("cost_claim", {**FACT, "student_level": "graduates"}, "student_level", "graduate"),
        ("offering_claim", {**OF_ALPHA, "delivery": ["on-line"]}, "delivery/0", "online"),
        (
            "offering_claim",
            {**OF_ALPHA, "enrollment_status": "pausd"},
            "enrollment_status",
            "paused",
        ),
        (
            "credential_unknown",
            {
                "credential_code": "ALL-AHIM",
                "field": "exam_fee",
                "question": "How much?",
                "whom": "AHIMA",
            },
            "credential_code",
            "ALL-AHIMA",
        ),
        ("advancement_path", {**ROLE, "credentials": ["RHIT", "RHIA"]}, "credentials/1", "RHIT"),
        ("advancement_path", {**ROLE, "onet_code": "29-2072.01"}, "onet_code", "29-2072.00"),
        ("advancement_path", {**ROLE, "statistics": ["pay"]}, "statistics/0", None),
        ("advancement_path", {**ROLE, "education_levels": ["asociate"]}, None, "associate"),
        (
            "advancement_path",
            {**ROLE, "soc_codes": [{"code": "29-2073", "title": "Coders", "note": None}]},
            "soc_codes/0/code",
            "29-2072",
        ),
        (
            "advancement_path",
            {**ROLE, "requirements": [{**REQUIREMENT, "any_of": ["RHTI"]}]},
            "requirements/0/any_of/0",
            "RHIT",
        ),
        (
            "advancement_path",
            {**ROLE, "requirements": [{**REQUIREMENT, "source": "school-page"}]},
            "requirements/0/source",
            "school-pages",
        ),
    ],
)
@pytest.mark.usefixtures("lists")
def test_what_a_record_names_has_to_be_known(
    editor: Editor,
    collection: str,
    values: dict[str, Any],
    pointer: str | None,
    suggestion: str | None,
) -> None:
    body = {"values": values, "why": "A try."}

    problem = editor.ask("POST", f"/v1/admin/records/{collection}", body, status=422)

    [fault] = problem["errors"]
    assert fault["pointer"] == f"#/values/{pointer or 'education_levels/0'}"
    assert fault.get("suggestion") == suggestion
    assert repr(fault["value"]) in fault["detail"]
    assert (suggestion or "") in fault["detail"]
    assert suggestion or "Known are" in fault["detail"] or pointer == "statistics/0"
    assert editor.ask("GET", "/v1/admin/draft")["edits"] == []


@pytest.mark.usefixtures("lists")
def test_what_a_record_names_is_taken_where_it_is_known(editor: Editor) -> None:
    editor.create("preparation_claim", **OF_ALPHA, credential_code="RHIT")
    editor.create("cost_claim", **{**FACT, "cip_code": "51.0707", "contains": ["books"]})
    editor.create("cost_claim", **{**FACT, "label": "other", "cip_code": "11.0103"})  # series only
    editor.create("credential", **{**CREDENTIAL, "code": "RHIA", "related": ["RHIT"]})
    editor.create("preparation_claim", **OF_ALPHA, credential_code="RHIA")  # known in the draft
    editor.create("advancement_path", **{**ROLE, "onet_code": "29-2072.00"})


CREDENTIAL = {
    "code": "RHIA",
    "name": "Registered Health Information Administrator",
    "issuer": "AHIMA",
    "issuer_name": "AHIMA",
    "issuer_url": "https://www.ahima.org",
    "level": "entry",
    "focus": "management",
    "summary": "HIM administrator.",
    "status": "offered",
}


def test_what_a_record_named_before_does_not_stop_a_change_of_something_else(
    editor: Editor, session: Session
) -> None:
    setting = session.get_one(WorkSetting, "clinics")
    setting.credentials = ["GONE"]
    session.commit()

    editor.change("work_setting", "clinics", label="Small clinics")
    body = {"values": {"credentials": ["GONE", "NEW"]}, "why": "A try."}
    path = "/v1/admin/records/work_setting/clinics"
    problem = editor.ask("PATCH", path, body, status=422, headers={"If-Match": "*"})

    assert [fault["pointer"] for fault in problem["errors"]] == ["#/values/credentials/1"]


PRINTED = {
    ("institution", "zip_code"),
    ("institution", "locale_code"),
    ("institution", "county_code"),
    ("institution", "cbsa_code"),
    ("credential", "code"),
    ("credential", "apprentice_code"),  # a name of it, which is added after it
    ("credential_rule", "subject"),  # by the kind of rule
    ("transfer_claim", "sending_program"),  # as the page prints them
    ("transfer_claim", "receiving_program"),
    ("transfer_claim", "receiving_institution"),
}
"""Columns that sound as if they named a record and are words or numbers of their own."""


def test_every_column_that_sounds_like_a_reference_is_one_or_says_why_not() -> None:
    sounds = re.compile(
        r"^(?!is_).*(code|program|institution|role|credential|statist|path|subject|replac|rela)"
    )
    undecided = {
        (collection, name)
        for collection, model in WRITABLE.items()
        for name in values_model(collection).model_fields
        if sounds.search(name) and name not in ABOUT.values()
        if not any(place.split(".")[0] == name for place in REFERENCES.get(collection, {}))
        if name not in model.model_fields
        or not SQLModel.metadata.tables[collection].c[name].foreign_keys
        if name not in closed_lists(SQLModel.metadata.tables[collection])
    }

    assert undecided == PRINTED


def test_all_that_the_shipped_catalogue_names_is_known(seeded_engine: Engine) -> None:
    found = Counter[str]()
    with Session(seeded_engine) as session:
        for collection in REFERENCES:
            table = SQLModel.metadata.tables[collection]
            rows = [dict(row) for row in session.execute(sa.select(table)).mappings()]
            places = {place for row in rows for place in targets_of(collection, row)}
            for place in sorted(places):
                words = {
                    (target, word)
                    for row in rows
                    if (target := targets_of(collection, row).get(place))
                    for _, word in words_at(row, place)
                }
                known = {target: target.load(session) for target, _ in words}
                found[f"{collection}.{place}"] = len(words)
                assert [w for t, w in words if not t.takes(known[t], w)] == [], (collection, place)

    unused = {place for place, count in found.items() if not count}
    assert unused <= {
        "offering_claim.contact_mail",
        "offering_claim.contact_phone",
        "offering_claim.contact_role",
        "outcome_claim.credential_code",
        "work_setting.remote.soc_code",
        "work_setting.remote.source",
    }


def test_the_same_address_cannot_be_given_twice(editor: Editor) -> None:
    body = {"values": {"slug": "alpha-college", "name": "Alpha", "state": "OH"}, "why": "A try."}

    editor.ask("POST", "/v1/admin/records/institution", body, status=409)


def test_what_importers_keep_cannot_be_written_and_what_is_not_there_is_named(
    editor: Editor,
) -> None:
    body = {"values": {"code": "51.9999", "title": "New"}, "why": "A try."}

    kept = editor.ask("POST", "/v1/admin/records/cip", body, status=422)
    unknown = editor.ask("POST", "/v1/admin/records/programm", body, status=404)
    gone = editor.ask("GET", "/v1/admin/records/cost_claim/99999", status=404)

    assert "kept by importers alone" in kept["detail"]
    assert "Did you mean 'program'?" in unknown["detail"]
    assert "99999" in gone["detail"]


def test_a_discarded_edit_is_gone_from_the_draft_and_stays_on_record(
    editor: Editor, session: Session
) -> None:
    edit = editor.change("program", "alpha-hit", campus="Main")["edit"]["id"]

    editor.ask("DELETE", f"/v1/admin/draft/{edit}")

    assert editor.ask("GET", "/v1/admin/draft")["edits"] == []
    assert editor.read("program", "alpha-hit")["record"]["campus"] is None
    assert session.get_one(DraftEdit, edit).discarded_by == "Ann Editor"
    editor.ask("DELETE", f"/v1/admin/draft/{edit}", status=409)
    editor.ask("DELETE", "/v1/admin/draft/999", status=404)


def test_every_collection_tells_the_shape_of_what_may_be_written(editor: Editor) -> None:
    items = {i["collection"]: i for i in editor.ask("GET", "/v1/admin/collections")["items"]}

    assert {name for name, item in items.items() if item["is_writable"]} == set(WRITABLE)
    assert {name for name, item in items.items() if item["is_evidence"]} == set(CLAIMS)
    schema = items["program"]["record_schema"]
    assert schema["additionalProperties"] is False
    assert "name" in schema["required"]


def test_no_shape_lets_a_writer_set_what_the_service_keeps() -> None:
    kept = {"id", "recorded_at", "superseded_at", "retired_at", "source"}

    for collection in WRITABLE:
        assert kept.isdisjoint(values_model(collection).model_fields), collection


def test_records_come_in_pages(editor: Editor) -> None:
    first = editor.ask("GET", "/v1/admin/records/program", limit=1)
    second = editor.ask("GET", "/v1/admin/records/program", limit=1, cursor=first["next"])

    assert [item["key"] for item in first["items"] + second["items"]] == ["alpha-hit", "beta-hit"]
    assert second["next"] is None
    editor.ask("GET", "/v1/admin/records/work_setting", status=422, program="alpha-hit")
    editor.ask("GET", "/v1/admin/records/cost_claim", status=422, program="nobody")


def test_a_rule_on_renewal_that_nobody_could_apply_is_refused(editor: Editor) -> None:
    body = {
        "values": {
            "kind": "renewal",
            "subject": "AHIMA",
            "rules": {"cycle": {"months": 24, "text": "Two years.", "said": []}, "units": []},
        },
        "why": "A new rule.",
    }

    problem = editor.ask("POST", "/v1/admin/records/credential_rule", body, status=422)

    assert "rules.cycle.starts" in problem["detail"]
    assert problem["errors"][0]["pointer"] == "#/values"


def test_a_rule_on_credentials_needs_a_page_that_may_speak(
    editor: Editor, session: Session
) -> None:
    session.add(Asserter(host="eatsip365.com", kind="refused", is_refused=True, source=SCHOOL))
    session.commit()
    said = {"source_kind": "third_party", "source_url": "https://eatsip365.com/x", "as_of": "2026"}
    rules = {"any_of": [{"route": "1", "text": "Anybody.", "all_of": [], **said}]}
    values = {"kind": "eligibility", "subject": "RHIT", "rules": rules}
    body = {"values": values, "why": "Seen on a page."}

    problem = editor.ask("POST", "/v1/admin/records/credential_rule", body, status=422)

    assert "rules.any_of.0: https://eatsip365.com/x is of refused" in problem["detail"]
    assert problem["errors"][0]["pointer"] == "#/values/rules"
