"""Linked data: what is said in JSON is said in schema.org and CTDL terms, and nothing more."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.evidence import to_span
from app.exports.linked_data import period
from app.settings import get_settings
from tests import reading_linked_data as reading
from tests.making import accredited, add_program, evidence, price, publish

pytestmark = pytest.mark.engines_in_turn

DATA = Path("tests/data")
SHAPES = Draft202012Validator(json.loads((DATA / "linked_data.schema.json").read_text()))
TERMS: dict[str, list[str]] = json.loads((DATA / "vocabularies.json").read_text())["terms"]

LINKED = {"Accept": "application/ld+json"}
PROGRAM = "/v1/programs/western-governors-university-510706-bachelor"

Node = dict[str, Any]


@pytest.fixture(scope="module")
def bulk(seeded_client: TestClient) -> dict[str, list[Node]]:
    """Bulk documents of some programs and of all credentials; the first node of each is a head."""
    return {
        name: seeded_client.get(f"/v1/export/{address}").json()["@graph"]
        for name, address in (
            ("programs", "programs.jsonld?state=VT&state=KY"),
            ("curated", "programs.jsonld?topic_is=known"),
            ("priced", "programs.jsonld?months_is=known&max_months=8"),
            ("credentials", "credentials.jsonld"),
        )
    }


# By Accept and by address


@pytest.mark.parametrize("path", [PROGRAM, "/v1/credentials/rhit", "/v1/institutions/202222"])
def test_accept_decides_and_the_address_with_an_ending_does_not_ask(
    seeded_client: TestClient, path: str
) -> None:
    plain = seeded_client.get(path)
    linked = seeded_client.get(path, headers=LINKED)
    addressed = seeded_client.get(f"{path}.jsonld", headers={"Accept": "text/html"})

    assert plain.headers["content-type"] == "application/json"
    assert linked.headers["content-type"] == "application/ld+json"
    assert "@context" not in plain.json()
    assert linked.json() == addressed.json()
    for answer in (plain, linked):
        assert "Accept" in answer.headers["vary"].split(", ")
    assert "Accept" not in addressed.headers["vary"].split(", ")


def test_head_has_the_headers_and_no_body(seeded_client: TestClient) -> None:
    asked = seeded_client.head(PROGRAM, headers=LINKED)

    assert asked.status_code == 200
    assert asked.headers["content-type"] == "application/ld+json"
    assert asked.content == b""


def test_a_representation_that_is_not_there_is_refused(seeded_client: TestClient) -> None:
    answer = seeded_client.get(PROGRAM, headers={"Accept": "text/turtle"})

    assert answer.status_code == 406
    assert answer.json()["type"] == "/problems/not-acceptable"
    assert "application/ld+json" in answer.json()["detail"]


def test_mistakes_are_named_as_elsewhere(seeded_client: TestClient) -> None:
    unknown = seeded_client.get(f"{PROGRAM}x.jsonld")
    misspelt = seeded_client.get(f"{PROGRAM}.jsonld?as_off=2026-01-01")
    filtered = seeded_client.get("/v1/export/programs.jsonld?near=00000")

    assert unknown.status_code == 404
    assert "Did you mean" in unknown.json()["detail"]
    assert misspelt.status_code == 422
    assert misspelt.json()["errors"][0]["suggestion"] == "as_of"
    assert filtered.status_code == 422


def test_nodes_are_named_by_the_address_asked_also_from_memory(seeded_client: TestClient) -> None:
    hosts = ["one.example", "two.example:8443", "one.example"]

    for host in hosts:
        node = seeded_client.get(PROGRAM, headers={**LINKED, "Host": host}).json()

        assert node["@id"] == f"http://{host}{PROGRAM}"
        assert node["provider"]["@id"] == f"http://{host}/v1/institutions/433387"


def test_a_public_address_names_nodes_whatever_was_asked(
    seeded_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "public_url", "https://hit.example")

    node = seeded_client.get("/v1/credentials/CCA.jsonld", headers={"Host": "inner"}).json()

    assert node["@id"] == "https://hit.example/v1/credentials/CCA"


def test_a_former_name_leads_to_the_node_of_today(seeded_client: TestClient) -> None:
    node = seeded_client.get("/v1/credentials/CTR.jsonld").json()

    assert node["@id"] == "http://testserver/v1/credentials/ODS"
    assert "CTR" in node["alternateName"]


# In terms of the vocabularies


def every_node(value: Any) -> Iterator[Node]:
    if isinstance(value, list):
        for one in value:
            yield from every_node(one)
    elif isinstance(value, dict):
        yield value
        for term, one in value.items():
            if term != "@context":
                yield from every_node(one)


def samples(client: TestClient, bulk: dict[str, list[Node]]) -> list[Node]:
    schools = ["202222", "433387", "204945", "harris-school-of-business-linwood"]
    answers = [client.get(f"/v1/institutions/{key}.jsonld") for key in schools]
    context = client.get(f"{PROGRAM}.jsonld").json()["@context"]
    found = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(found) >= 3
    found += [{"@context": context, **node} for name in bulk for node in bulk[name][1:]]
    return found


def test_documents_have_the_shapes_we_promise(
    seeded_client: TestClient, bulk: dict[str, list[Node]]
) -> None:
    for document in samples(seeded_client, bulk):
        faults = [f"{f.json_path}: {f.message[:200]}" for f in SHAPES.iter_errors(document)]
        assert not faults, (document["@id"], faults[:3])


def test_every_term_may_stand_where_it_stands(
    seeded_client: TestClient, bulk: dict[str, list[Node]]
) -> None:
    """A thing of any kind can be the subject of something: so says schema.org."""
    for document in samples(seeded_client, bulk):
        for node in every_node(document):
            kinds = node.get("@type", [])
            kinds = [kinds] if isinstance(kinds, str) else kinds
            allowed = {term for kind in kinds for term in TERMS[kind]} | {"subjectOf"}
            terms = {term for term in node if not term.startswith("@")}
            assert not kinds or terms <= allowed, (document["@id"], kinds, terms - allowed)


def test_nothing_is_told_that_is_not_known(
    seeded_client: TestClient, bulk: dict[str, list[Node]]
) -> None:
    for document in samples(seeded_client, bulk):
        for node in every_node(document):
            for term, told in node.items():
                assert told is not None and told != "" and told != [] and told != {}, term
                assert not isinstance(told, str) or told.lower() not in ("none", "unknown"), term


def test_no_term_is_lost_when_it_is_read_by_meaning(
    seeded_client: TestClient, bulk: dict[str, list[Node]]
) -> None:
    for document in samples(seeded_client, bulk)[:60]:
        written = sum(
            len([term for term in node if not term.startswith("@") and term != "en-US"])
            for node in every_node(document)
        )

        read = sum(
            len([term for term in node if not term.startswith("@")])
            for node in every_node(reading.expand(document))
        )

        assert read == written


# And back


DERIVED = {"stale", "expires_on", "checked_on", "words_sha256"}
"""What an answer tells of evidence beside what was stated."""


def without_stale(told: Node) -> Node:
    return {key: value for key, value in told.items() if key not in DERIVED}


def leading(claims: Iterable[Node], level: str | None = None) -> list[Node]:
    return [
        claim
        for claim in claims
        if claim["standing"] in ("current", "unconfirmed")
        and not claim["evidence"]["stale"]
        and level in (None, claim["level"])
    ]


def expected_price(claim: Node) -> Node:
    names = ("component", "label", "amount_low_usd", "amount_high_usd", "unit", "level")
    names += ("residency", "student_level", "applies_to", "value_status")
    return {name: claim[name] for name in names} | {"evidence": without_stale(claim["evidence"])}


def expected_facts(read: Node, level: str) -> list[Node]:
    """Return what JSON tells of transfer, outcomes and services, as key, value and evidence."""
    found = []
    for claim in leading(read["transfer"], level):
        if claim["is_offered"] is not None:
            found.append((f"transfer_{claim['topic']}", claim["is_offered"], None, claim))
        if claim["credits_max"] is not None:
            key = f"transfer_{claim['topic']}_credits_max"
            found.append((key, claim["credits_max"], "credits", claim))
    measured = [claim for claim in leading(read["outcomes"], level) if claim["value"] is not None]
    found += [(claim["metric"], claim["value"], claim["unit"], claim) for claim in measured]
    found += [(c["service"], c["is_offered"], None, c) for c in leading(read["services"], level)]
    figures = ("earnings_1_year", "earnings_4_years", "earnings_5_years", "debt")
    found += [
        (f"field_{figure}", claim[f"{figure}_usd"], "USD", claim)
        for claim in leading(read["field_outcomes"], level)  # never of a program
        for figure in figures
        if claim[f"{figure}_usd"] is not None
    ]
    return [to_fact(key, value, value, unit, claim) for key, value, unit, claim in found]


def to_fact(key: str, low: Any, high: Any, unit: str | None, claim: Node) -> Node:
    told = without_stale(claim["evidence"])
    return {"key": key, "low": low, "high": high, "unit": unit, "beside": {}, "evidence": told}


def expected_acts(claims: Iterable[Node], level: str, day: str) -> list[Node]:
    kinds = {
        **dict.fromkeys(("accredited", "initial", "continuing", "probationary"), "AccreditAction"),
        **dict.fromkeys(("approved", "title_iv"), "ApproveAction"),
    }
    return [
        {
            "kind": kinds[claim["status"]],
            "stated": f"{claim['accreditor']}: {claim['status']}",
            "agent": (
                "US Department of Education"
                if claim["status"] == "title_iv"
                else claim["accreditor"]
            ),
            "began_on": claim["began_on"],
            "ended_on": claim["ended_on"],
            "evidence": without_stale(claim["evidence"]),
        }
        for claim in leading(claims, level)
        if claim["status"] in kinds and not (claim["ended_on"] and claim["ended_on"] <= day)
    ]


SCHOOL_FIELDS = (
    *("unitid", "opeid", "name", "aliases", "website", "address", "city", "state", "zip_code"),
    *("latitude", "longitude", "control", "closed_on"),
)
SAME_OF_A_PROGRAM = (
    *("slug", "name", "cip_code", "cip_title", "award_level", "delivery", "months"),
    *("updated_at", "release", "as_of", "sources"),
)


def in_order(told: list[Node]) -> list[str]:
    return sorted(json.dumps(one, sort_keys=True) for one in told)


def expected_school(read: Node) -> Node:
    former = [one["name"] for one in read["former_names"] or ()]
    return {name: read[name] for name in SCHOOL_FIELDS} | {
        "aliases": [*read["aliases"], *former],
        "evidence": without_stale(read["evidence"]),
    }


def test_programs_come_back_as_they_were(
    seeded_client: TestClient, bulk: dict[str, list[Node]]
) -> None:
    context = seeded_client.get(f"{PROGRAM}.jsonld").json()["@context"]
    nodes = [*bulk["curated"][1:], *bulk["priced"][1::3], *bulk["programs"][1::4]]
    assert len(nodes) > 60
    for told in nodes:
        slug = reading.path_end(told["@id"])
        read = seeded_client.get(f"/v1/programs/{slug}").json()
        [node] = reading.expand({"@context": context, **told})

        back = reading.program(node)

        assert {name: back[name] for name in SAME_OF_A_PROGRAM} == {
            name: read[name] for name in SAME_OF_A_PROGRAM
        }
        assert back["page"] == read["links"]["program_page"]
        assert back["award"] == (read["award_as_stated"] or back["award"])
        assert back["institution"] == expected_school(read["institution"])
        check_claims_of(read, back)


def check_claims_of(read: Node, back: Node) -> None:
    own = [c for c in leading(read["costs"], "program") if c["amount_low_usd"] is not None]
    told = [price for price in back["prices"] if price["level"] == "program"]
    assert in_order(told) == in_order([expected_price(claim) for claim in own])
    schools = [price for price in back["prices"] if price["level"] == "institution"]
    if read["price"] and read["price"]["level"] == "institution":
        headline = read["price"]
        assert sum(p["amount_low_usd"] for p in schools) == headline["tuition_and_fees_usd"]
        for one in schools:
            assert (one["unit"], one["residency"]) == (headline["basis"], headline["residency"])
            assert one["evidence"]["source"] == headline["source"]
            assert one["evidence"]["as_of"] == headline["academic_year"]
    else:
        assert schools == []

    stated = [c for c in leading(read["offerings"], "program")][:1]
    counted = [(c["credits"], c["credit_unit"]) for c in stated if c["credits"] is not None]
    assert back["credits"] == (counted[0] if counted else None)
    assert back["preparation"] == [
        (c["credential_code"], without_stale(c["evidence"])) for c in leading(read["preparation"])
    ]
    assert back["topics"] == [
        (c["topic"], without_stale(c["evidence"]))
        for c in leading(read["topics"])
        if c["is_covered"]
    ]
    assert back["acts"] == expected_acts(read["accreditations"], "program", read["as_of"])

    facts = expected_facts(read, "program")
    for claim in leading(read["practicum"]):
        for name in ("availability", "format"):
            if claim[name] is not None:
                key = "practicum" if name == "availability" else "practicum_format"
                facts.append(to_fact(key, claim[name], claim[name], None, claim))
        if claim["hours_low"] is not None or claim["hours_high"] is not None:
            low, high = claim["hours_low"], claim["hours_high"]
            facts.append(to_fact("practicum_hours", low, high, "hours", claim))
    facts += [
        to_fact("completions", c["count"], c["count"], "awards", c)
        for c in read["all_completions"]
        if not c["evidence"]["stale"]
    ]
    assert in_order(back["facts"]) == in_order(facts)


def test_credentials_come_back_as_they_were(
    seeded_client: TestClient, bulk: dict[str, list[Node]]
) -> None:
    context = seeded_client.get(f"{PROGRAM}.jsonld").json()["@context"]
    same = ("code", "name", "issuer", "issuer_name", "issuer_url", "level", "focus", "summary")
    same += ("status", "page_url", "former_names", "release", "as_of", "sources")
    assert len(bulk["credentials"]) > 20
    for told in bulk["credentials"][1:]:
        [node] = reading.expand({"@context": context, **told})
        back = reading.credential(node)
        read = seeded_client.get(f"/v1/credentials/{back['code']}").json()
        cells = [
            (cell, cell["current"])
            for cell in read["cells"]
            if cell["current"] and not cell["current"]["evidence"]["stale"]
        ]

        assert {name: back[name] for name in same} == {name: read[name] for name in same}
        assert in_order(back["facts"]) == in_order([expected_cell(*pair) for pair in cells])
        assert [(fee["component"], fee["amount_low_usd"]) for fee in back["fees"]] == [
            (cell["field"], told["value_low"])
            for cell, told in cells
            if cell["field"].endswith("_fee") and told["value_low"] is not None
        ]
        rules = read["eligibility"] or {"any_of": []}
        assert back["routes"] == [
            (route["text"], without_stale(route["evidence"]))
            for route in rules["any_of"]
            if route["decides"] and not route["conflicting"] and not route["evidence"]["stale"]
        ]


def expected_cell(cell: Node, told: Node) -> Node:
    beside = {"qualifier": cell["qualifier"], "year": cell["year"], "n": told["n"]}
    low, high = told["value_low"], told["value_high"]
    if low is None and high is None:
        low = high = told["value_text"]
    return {
        "key": cell["field"],
        "low": low,
        "high": high,
        "unit": told["unit"],
        "beside": {key: value for key, value in beside.items() if value is not None},
        "evidence": without_stale(told["evidence"]),
    }


def test_schools_come_back_as_they_were(seeded_client: TestClient) -> None:
    for unitid in ("202222", "205470", "433387", "204945", "203960"):
        read = seeded_client.get(f"/v1/institutions/{unitid}").json()
        [node] = reading.expand(seeded_client.get(f"/v1/institutions/{unitid}.jsonld").json())

        back = reading.institution(node)

        assert {name: back[name] for name in (*SCHOOL_FIELDS, "evidence")} == expected_school(read)
        for name in ("release", "as_of", "sources"):
            assert back[name] == read[name]
        assert back["programs"] == [program["slug"] for program in read["programs"]]
        priced = [c for c in leading(read["costs"]) if c["amount_low_usd"] is not None]
        assert in_order(back["prices"]) == in_order([expected_price(c) for c in priced])
        assert back["acts"] == expected_acts(read["accreditations"], "institution", read["as_of"])
        assert in_order(back["facts"]) == in_order(expected_facts(read, "institution"))


def test_occupations_are_those_of_the_crosswalk(seeded_client: TestClient) -> None:
    slug = "sinclair-community-college-510707-associate"
    [node] = reading.expand(seeded_client.get(f"/v1/programs/{slug}.jsonld").json())
    found = seeded_client.get("/v1/occupations?cip_code=51.0707&limit=100").json()["items"]

    socs = reading.program(node)["socs"]

    assert socs == sorted({occupation["soc_code"] for occupation in found})
    assert "29-9021" in socs


# What is stated, and how


def one_node(client: TestClient, slug: str, query: str = "") -> Node:
    answer = client.get(f"/v1/programs/{slug}.jsonld{query}")
    assert answer.status_code == 200
    return dict(answer.json())


def test_what_is_too_old_is_left_out_with_its_claim(client: TestClient, session: Session) -> None:
    add_program(session, "some-hit", claims=[price("tuition", 900), accredited()])
    publish(session)

    fresh = one_node(client, "some-hit")
    later = one_node(client, "some-hit", "?as_of=2040-01-01")

    assert [offer["price"] for offer in fresh["offers"]] == [900]
    assert len(fresh["ceterms:accreditedBy"]) == 1
    assert "offers" not in later
    assert "ceterms:estimatedCost" not in later
    assert "ceterms:accreditedBy" not in later


@pytest.mark.parametrize("status", ["candidacy", "aligned_only", "withdrawn", "preaccredited"])
def test_what_is_not_accreditation_is_not_told_as_such(
    client: TestClient, session: Session, status: str
) -> None:
    add_program(session, "some-hit", claims=[accredited(status)])
    publish(session)

    assert "ceterms:accreditedBy" not in one_node(client, "some-hit")


def test_an_amount_open_upward_has_no_price(client: TestClient, session: Session) -> None:
    claim = price("fees", 100, amount_high_cents=None)
    add_program(session, "some-hit", claims=[claim])
    publish(session)

    [offer] = one_node(client, "some-hit")["offers"]

    assert "price" not in offer
    assert offer["priceSpecification"]["minPrice"] == 100
    assert "maxPrice" not in offer["priceSpecification"]


@pytest.mark.parametrize(
    ("as_of", "valid"),
    [("2025-26", ("2025-07-01", "2026-06-30")), ("2026-01-15", (None, None)), (None, (None, None))],
)
def test_a_price_is_valid_in_its_academic_year_and_a_page_seen_on_a_day_tells_no_year(
    client: TestClient, session: Session, as_of: str | None, valid: tuple[str | None, str | None]
) -> None:
    add_program(session, "some-hit", claims=[price("tuition", 900, **evidence(as_of=as_of))])
    publish(session)

    node = one_node(client, "some-hit")

    [offer], [cost] = node["offers"], node["ceterms:estimatedCost"]
    assert (offer.get("validFrom"), offer.get("validThrough")) == valid
    assert (cost.get("ceterms:startDate"), cost.get("ceterms:endDate")) == valid


def test_a_claim_says_who_where_and_as_of_when(client: TestClient, session: Session) -> None:
    claim = price("tuition", 900, **evidence(as_of="2025-26", as_stated="900 in all"))
    add_program(session, "some-hit", claims=[claim])
    publish(session)

    node = one_node(client, "some-hit")

    assert node["offers"][0]["subjectOf"] == {
        "@type": "Claim",
        "author": {"@id": node["provider"]["@id"]},
        "genre": "stated_by_institution",
        "temporalCoverage": "2025-07-01/2026-06-30",
        "text": "900 in all",
        "appearance": {"@id": "https://school.example/page"},
        "isBasedOn": "http://testserver/v1/sources/school-pages",
    }


@pytest.mark.parametrize("as_of", ["2024-06-12", "2024-06", "2024", "2022-23", "1999-00", None])
def test_a_period_in_iso_8601_leads_back_to_the_date_as_printed(as_of: str | None) -> None:
    assert reading.to_as_of(period(as_of)) == as_of
    span = to_span(as_of)
    assert span is None or (period(as_of) or "").startswith(f"{span.first:%Y}")


# Whole collections


def test_bulk_is_the_union_of_the_single_ones(
    seeded_client: TestClient, bulk: dict[str, list[Node]]
) -> None:
    listed = seeded_client.get("/v1/programs?state=VT&state=KY&limit=1").json()["total"]
    held = seeded_client.get("/v1/credentials").json()["total"]

    assert len(bulk["programs"]) - 1 == listed
    assert len(bulk["credentials"]) - 1 == held
    for node in bulk["programs"][1::25] + bulk["credentials"][1::5]:
        single = seeded_client.get(node["mainEntityOfPage"]["@id"]).json()
        assert single.pop("@context")
        assert single == node


def test_bulk_of_schools_is_streamed_a_node_a_line(client: TestClient, session: Session) -> None:
    for number in range(3):
        add_program(session, f"hit-{number}", school=f"school-{number}")
    publish(session)

    answer = client.get("/v1/export/institutions.jsonld")

    first, head, *nodes, last = answer.text.splitlines()
    assert first.endswith('"@graph":[') and last == "]}"
    assert json.loads(head.rstrip(","))["version"] == 1
    for node, number in zip(nodes, range(3), strict=True):
        address = f"/v1/institutions/school-{number}"
        single = client.get(f"{address}.jsonld").json()
        assert json.loads(node.rstrip(",")) == {
            term: told for term, told in single.items() if term != "@context"
        }
    assert [node["@id"] for node in answer.json()["@graph"][1:]] == [
        f"http://testserver/v1/institutions/school-{number}" for number in range(3)
    ]


def test_bulk_goes_on_past_a_batch(
    client: TestClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        add_program(session, f"hit-{number}", school=f"school-{number}")
    publish(session)
    monkeypatch.setattr("app.queries.linked_data.RECORDS_A_BATCH", 2)

    programs = client.get("/v1/export/programs.jsonld").json()["@graph"][1:]
    schools = client.get("/v1/export/institutions.jsonld").json()["@graph"][1:]

    assert [reading.path_end(node["@id"]) for node in programs] == [f"hit-{n}" for n in range(5)]
    assert len(schools) == 5
