"""Renewal plans: units, dates and fees by the rules of each issuer; unknown is never 0."""

import json
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.domain.credentials.renewal import (
    Applies,
    Held,
    Renewal,
    RenewalRules,
    add_up_fees,
    plan_renewal,
)
from app.domain.evidence import add_months
from app.errors import ImportFileError
from app.schemas.renewal import ACROSS_ISSUERS, RENEWAL_RULES
from app.store.tables.credentials import CredentialRule
from tests.importing import AUTHORED, import_files

TODAY = date(2026, 11, 24)
LISTS = (AUTHORED / "asserters.json", AUTHORED / "credentials.json")
AUTHORED_RULES = json.loads((AUTHORED / "credential_rules.json").read_text())
RULES: dict[str, RenewalRules] = {
    issuer: RENEWAL_RULES.validate_python(rules)
    for issuer, rules in AUTHORED_RULES["renewal"].items()
    if issuer != ACROSS_ISSUERS
}
CODES: dict[str, list[str]] = {}
for listed in json.loads((AUTHORED / "credentials.json").read_text()):
    CODES.setdefault(listed["issuer"], []).append(listed["code"])


def plan(client: TestClient, *credentials: Any, status: int = 200, **more: Any) -> dict[str, Any]:
    answer = client.post(
        "/v1/renewal-plans",
        json={"credentials": list(credentials), "as_of": TODAY.isoformat(), **more},
    )
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def line(client: TestClient, *credentials: Any, **more: Any) -> dict[str, Any]:
    (only,) = plan(client, *credentials, **more)["lines"]
    return dict(only)


@pytest.mark.parametrize(
    ("held", "units", "domain", "issuer"),
    [
        (["CCS", "CCS-P"], 30, 24, 12),
        (["CHPS", "RHIT"], 40, 32, 16),
        (["RHIA", "CHDA"], 40, 32, 16),
        (["RHIA", "CDIP"], 40, 32, 16),
        (["RHIA", "CCS", "CCS-P"], 50, 40, 20),
        (["RHIT"], 20, 16, 8),
        (["RHIA", "CHPS", "CHDA", "CDIP", "CCS"], 50, 40, 20),
        (["RHIT", "RHIA"], 30, 24, 12),
    ],
)
def test_units_of_ahima_are_those_of_its_own_table(
    seeded_client: TestClient, held: list[str], units: int, domain: int, issuer: int
) -> None:
    found = line(seeded_client, *held)

    assert found["units"] == found["at_least"] == units
    assert {p["key"]: p["units"] for p in found["portions"]} == {"domain": domain, "issuer": issuer}
    assert found["path"][-1]["units"] == units
    assert found["stale"] is True
    assert all(e["source_url"] and e["source"] for step in found["path"] for e in step["evidence"])


def test_the_path_names_every_rule_that_was_applied(seeded_client: TestClient) -> None:
    found = line(seeded_client, "RHIT", "RHIA", "CCS", "CCS-P", "CHPS")

    assert [(step["rule"], step["units"]) for step in found["path"]] == [
        ("replaced", None),
        ("base", 30),
        ("further", 60),
        ("cap", 50),
    ]
    assert [r["code"] for r in found["replaced"]] == ["RHIT"]
    assert "RHIT" not in {c["code"] for c in found["credentials"]}


@pytest.mark.parametrize(
    ("held", "units"), [(["CPC"], 36), (["CPC", "COC"], 40), (["CPC", "COC", "CPB", "CRC"], 48)]
)
def test_units_of_aapc_go_by_the_number_held_and_the_older_table_is_shown(
    seeded_client: TestClient, held: list[str], units: int
) -> None:
    found = line(seeded_client, *held)

    assert found["units"] == units
    assert ["80 for five" in conflict["text"] for conflict in found["conflicts"]] == [True]


def test_an_older_table_decides_on_a_day_before_the_newer_one(seeded_client: TestClient) -> None:
    assert line(seeded_client, "CPC", "COC", as_of="2014-12-31")["units"] == 48


def test_an_auditor_needs_units_in_auditing(seeded_client: TestClient) -> None:
    with_auditor = line(seeded_client, "CPC", "CPMA")
    without = line(seeded_client, "CPC", "COC")

    assert [(p["key"], p["units"]) for p in with_auditor["portions"]] == [("auditing", 16)]
    assert without["portions"] == []


def test_what_nobody_says_of_two_held_together_is_unknown_and_not_the_sum(
    seeded_client: TestClient,
) -> None:
    found = line(seeded_client, "CAHIMS", "CPHIMS")

    assert found["units"] is None
    assert found["at_least"] == 45
    assert {"ceu_multiple_credentials", "renewal_fee"} <= {u["field"] for u in found["unknown"]}
    assert all(u["question"].endswith("?") and u["whom"] for u in found["unknown"])


def test_a_cycle_of_unknown_length_stays_null_with_the_question(seeded_client: TestClient) -> None:
    found = line(seeded_client, {"code": "CHC", "certified_on": "2025-05-05"})

    assert found["units"] == 40
    assert found["cycle"]["months"] is None
    assert found["cycle"]["ends_on"] is None
    assert "length" in found["cycle"]["reason"]
    assert "renewal_cycle_months" in {u["field"] for u in found["unknown"]}


def test_a_cycle_may_be_known_of_one_credential_of_an_issuer_only(
    seeded_client: TestClient,
) -> None:
    known = line(seeded_client, "CHPC")
    both = line(seeded_client, "CHPC", "CHC")

    assert (known["units"], known["cycle"]["months"]) == (40, 24)
    assert [portion["key"] for portion in known["portions"]] == ["live"]
    assert (both["units"], both["cycle"]["months"]) == (None, None)


def test_issuers_stand_side_by_side_and_only_known_fees_are_added(
    seeded_client: TestClient,
) -> None:
    found = plan(seeded_client, "RHIT", "CPC", "CAHIMS", "CCDS", "CHC", "CTR")

    assert [(one["issuer"], one["units"]) for one in found["lines"]] == [
        ("AAPC", 36),
        ("ACDIS", 30),
        ("AHIMA", 20),
        ("CCB", 40),
        ("HIMSS", 45),
        ("NCRA", 20),
    ]
    non_member = next(f for f in found["fees_per_year"] if f["who"] == "non_member")
    assert {(p["issuer"], p["usd"]) for p in non_member["parts"]} == {
        ("AAPC", 229.0),
        ("ACDIS", 100.0),
        ("AHIMA", 109.0),
        ("NCRA", 145.0),
    }
    assert non_member["known_usd"] == 583.0
    assert non_member["is_complete"] is False
    assert {"CCB", "HIMSS"} <= {gap["issuer"] for gap in non_member["missing"]}
    assert "ahima-pages" in found["sources"]


def test_where_no_fee_is_known_the_sum_is_null_and_not_0(seeded_client: TestClient) -> None:
    fees = plan(seeded_client, "CHC")["fees_per_year"]

    assert [f["known_usd"] for f in fees] == [None, None]
    assert all(gap["ask"].endswith("?") for f in fees for gap in f["missing"])


def test_a_single_credential_is_dated_from_its_exam(seeded_client: TestClient) -> None:
    first = line(seeded_client, {"code": "rhit", "certified_on": "2025-03-10"})["cycle"]
    third = line(seeded_client, {"code": "RHIT", "certified_on": "2022-03-10"})["cycle"]

    assert (first["number"], first["starts_on"], first["ends_on"]) == (
        1,
        "2025-03-10",
        "2027-03-10",
    )
    assert (third["number"], third["starts_on"], third["ends_on"]) == (
        3,
        "2026-03-10",
        "2028-03-10",
    )
    assert "without a gap" in third["reason"]


def test_the_anniversary_brings_a_day_to_apply_from_and_a_grace_period(
    seeded_client: TestClient,
) -> None:
    cycle = line(seeded_client, {"code": "CCDS", "certified_on": "2025-06-01"})["cycle"]

    assert cycle["ends_on"] == "2027-06-01"
    assert cycle["apply_from"] == "2027-04-02"
    assert cycle["grace_until"] == "2027-07-16"


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ([{"code": "RHIT", "certified_on": "2025-03-10"}, "CCS"], "several change its dates"),
        ([{"code": "ODS", "certified_on": "2025-03-10"}], "from which day"),
        ([{"code": "CPC", "certified_on": "2025-03-10"}], "from which day"),
        (["RHIT"], "No day of an exam"),
    ],
)
def test_a_cycle_that_no_rule_dates_says_why_and_what_to_ask(
    seeded_client: TestClient, held: list[Any], reason: str
) -> None:
    cycle = line(seeded_client, *held)["cycle"]

    assert cycle["starts_on"] is None
    assert cycle["ends_on"] is None
    assert reason in cycle["reason"]
    assert cycle["question"].endswith("?")


def test_whether_a_new_rule_catches_a_running_cycle_is_unknown(seeded_client: TestClient) -> None:
    def applies(certified_on: str) -> str:
        held = {"code": "RHIT", "certified_on": certified_on}
        found = line(seeded_client, held, as_of="2025-06-01")
        return next(str(p["applies"]) for p in found["portions"] if p["key"] == "issuer")

    assert applies("2024-06-01") == "unknown"
    assert applies("2025-02-01") == "yes"


def test_a_rule_that_is_not_yet_in_force_or_not_yet_told_does_not_count(
    seeded_client: TestClient,
) -> None:
    before_2025 = line(seeded_client, "RHIT", as_of="2024-06-01")
    before_anybody = line(seeded_client, "RHIT", as_of="2019-06-01")

    assert [p["key"] for p in before_2025["portions"]] == ["domain"]
    assert before_anybody["units"] is None
    assert before_anybody["cycle"]["months"] is None
    assert before_anybody["path"] == []


def test_a_claim_that_is_not_applied_is_shown(seeded_client: TestClient) -> None:
    (conflict,) = line(seeded_client, "RHIA")["conflicts"]

    assert "RHIA 20 units" in conflict["text"]
    assert conflict["evidence"][0]["basis"] == "third_party"
    assert line(seeded_client, "RHIT")["conflicts"] == []


def test_other_names_resolve_and_what_is_named_twice_counts_once(
    seeded_client: TestClient,
) -> None:
    found = plan(
        seeded_client, "ctr", "ODS", "ccs", {"code": "CCS", "certified_on": "2025-01-02"}, "CPC-H"
    )

    assert found["duplicates"] == [
        {"code": "CCS", "asked_as": ["CCS", "ccs"]},
        {"code": "ODS", "asked_as": ["ODS", "ctr"]},
    ]
    held = {c["code"]: c for one in found["lines"] for c in one["credentials"]}
    assert set(held) == {"CCS", "COC", "ODS"}
    assert held["CCS"]["certified_on"] == "2025-01-02"
    assert [one["units"] for one in found["lines"]] == [36, 20, 20]


def test_every_fault_of_a_request_is_named_at_its_place(seeded_client: TestClient) -> None:
    problem = plan(
        seeded_client,
        "RHTI",
        {"code": "RHIT", "certified_on": "2025-03-10"},
        {"code": "rhit", "certified_on": "2024-03-10"},
        {"code": "Medical auditor"},
        {"code": "CPC", "certified_on": "2027-01-01"},
        status=422,
    )

    assert [(e["pointer"], e["value"], e.get("suggestion")) for e in problem["errors"]] == [
        ("#/credentials/0", "RHTI", None),
        ("#/credentials/2/certified_on", "2024-03-10", None),
        ("#/credentials/3/code", "Medical auditor", "CPMA"),
        ("#/credentials/4/certified_on", "2027-01-01", None),
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"credentials": []}, "#/credentials"),
        ({}, "#/credentials"),
        ({"credentials": [7]}, "#/credentials/0"),
        ({"credentials": [{"cod": "RHIT"}]}, "#/credentials/0/cod"),
        (
            {"credentials": [{"code": "RHIT", "certified_on": "soon"}]},
            "#/credentials/0/certified_on",
        ),
        ({"credentials": ["RHIT"], "credential": "CCS"}, "#/credential"),
        ({"credentials": ["RHIT"], "as_of": "1066-10-14"}, "#/as_of"),
    ],
)
def test_a_body_of_another_shape_is_refused_at_its_place(
    seeded_client: TestClient, body: dict[str, Any], pointer: str
) -> None:
    answer = seeded_client.post("/v1/renewal-plans", json=body)

    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


def test_a_query_string_is_refused(seeded_client: TestClient) -> None:
    answer = seeded_client.post("/v1/renewal-plans?as_of=2026-01-01", json={"credentials": ["CCS"]})

    assert answer.status_code == 422


def test_the_plan_agrees_with_the_cells_of_each_credential(seeded_client: TestClient) -> None:
    compared = 0
    for codes in CODES.values():
        for code in codes:
            shown = seeded_client.get(f"/v1/credentials/{code}?as_of={TODAY}").json()
            leading = [
                cell["current"]["value_low"]
                for cell in shown["cells"]
                if cell["field"] == "ceu_per_cycle" and cell["current"]
            ]
            for units in leading:
                assert line(seeded_client, code)["units"] == units, code
                compared += 1

    assert compared >= 16


def test_an_issuer_without_rules_is_all_unknown(
    client: TestClient, session: Session, engine: Engine
) -> None:
    import_files(engine, *LISTS, AUTHORED / "credential_rules.json")

    found = plan(client, "HCISPP", "RHIT")

    isc2 = next(one for one in found["lines"] if one["issuer"] == "ISC2")
    assert (isc2["units"], isc2["at_least"], isc2["cycle"]) == (None, 0, None)
    assert {"ceu_per_cycle", "renewal_cycle_months", "renewal_fee"} == {
        gap["field"] for gap in isc2["unknown"]
    }
    assert "ISC2" in {gap["issuer"] for gap in found["fees_per_year"][1]["missing"]}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"units": [{"text": "x", "said": []}]}, "units come from base or from by_count"),
        ({"cycles": {}}, "renewal.AHIMA.cycles"),
        ({"drops": [{"held": "RHIA", "drops": "RHTI", "text": "x", "said": []}]}, "RHTI is not"),
        ({"drops": [{"held": "RHIA", "drops": "CPC", "text": "x", "said": []}]}, "CPC is not"),
    ],
)
def test_a_faulty_rule_refuses_the_file_and_is_named(
    engine: Engine, tmp_path: Path, change: dict[str, Any], fault: str
) -> None:
    rules = json.loads(json.dumps(AUTHORED_RULES))
    rules["renewal"]["AHIMA"] |= change
    path = tmp_path / "credential_rules.json"
    path.write_text(json.dumps(rules))

    with pytest.raises(ImportFileError) as refusal:
        import_files(engine, *LISTS, path)

    assert fault in str(refusal.value)


def test_rules_that_do_not_come_to_the_issuers_own_cases_are_refused(
    engine: Engine, tmp_path: Path
) -> None:
    rules = json.loads(json.dumps(AUTHORED_RULES))
    rules["renewal"]["AHIMA"]["units"][0]["per_further"] = 5
    path = tmp_path / "credential_rules.json"
    path.write_text(json.dumps(rules))

    with pytest.raises(ImportFileError, match=r"CCS \+ CCS-P: the issuer asks for 30 units"):
        import_files(engine, *LISTS, path)


issuers = st.sampled_from(sorted(RULES))
days = st.dates(date(2010, 1, 1), date(2035, 12, 31))


@st.composite
def held_of_one(draw: st.DrawFn) -> tuple[str, list[str]]:
    issuer = draw(issuers)
    return issuer, draw(st.lists(st.sampled_from(CODES[issuer]), min_size=1, max_size=8))


@given(held_of_one(), days, st.randoms())
def test_neither_order_nor_repetition_matters(
    held: tuple[str, list[str]], today: date, shuffle: Any
) -> None:
    issuer, codes = held
    other = [*codes, codes[0]]
    shuffle.shuffle(other)

    assert ask(issuer, codes, today) == ask(issuer, other, today)


@given(held_of_one(), days, st.data())
def test_a_further_credential_never_lowers_what_is_asked(
    held: tuple[str, list[str]], today: date, data: st.DataObject
) -> None:
    issuer, codes = held
    further = data.draw(st.sampled_from(CODES[issuer]))
    before, after = ask(issuer, codes, today), ask(issuer, [*codes, further], today)

    assert after.at_least >= before.at_least
    if before.units is not None and after.units is not None:
        assert after.units >= before.units


@given(held_of_one(), days)
def test_a_plan_is_sound_whatever_is_held(held: tuple[str, list[str]], today: date) -> None:
    issuer, codes = held
    found = ask(issuer, codes, today)

    assert found.kept
    assert found.units is None or found.units == found.at_least > 0
    assert set(found.kept) | {d.drops for d in found.dropped} == set(codes)
    if found.units is not None:
        assert found.steps[-1].units == found.units
        for due in found.portions:
            assert due.units is not None
            assert 0 < due.units <= found.units
    for who in ("member", "non_member"):
        fees = add_up_fees({issuer: found}, who, today)
        assert (fees.known_usd is None) == (not fees.parts)
        assert fees.parts or fees.missing


@given(issuers, days, st.dates(date(1990, 1, 1), date(2035, 12, 31)))
def test_a_dated_cycle_holds_the_day_and_starts_on_an_anniversary(
    issuer: str, today: date, passed: date
) -> None:
    passed = min(passed, today)
    found = plan_renewal(RULES[issuer], [Held(CODES[issuer][0], passed)], today)

    if found.dates is None:
        assert found.why_no_dates
        return
    assert found.months is not None
    assert found.dates.starts_on <= today < found.dates.ends_on
    assert found.dates.starts_on == add_months(passed, found.months * (found.dates.number - 1))
    assert found.dates.ends_on == add_months(passed, found.months * found.dates.number)


@given(
    st.dictionaries(st.sampled_from("ABCDEF"), st.integers(1, 60), min_size=1),
    st.integers(0, 20),
    st.integers(1, 120),
    st.integers(1, 100),
)
def test_units_from_the_largest_requirement_are_the_formula(
    base: dict[str, int], step: int, cap: int, percent: int
) -> None:
    ahima = RULES["AHIMA"]
    unit_rule = replace(ahima.units[0], base=base, per_further=step, cap=cap)
    portion = replace(ahima.portions[0], percent=percent)
    rules = replace(ahima, units=(unit_rule,), portions=(portion,), drops=())

    found = plan_renewal(rules, map(Held, base), TODAY)

    largest = max(base.values())
    assert found.units == max(largest, min(cap, largest + step * (len(base) - 1)))
    (due,) = found.portions
    assert due.units is not None
    assert (due.units - 1) * 100 < percent * found.units <= due.units * 100


def test_a_requirement_nobody_tells_leaves_the_whole_unknown_with_a_lower_bound() -> None:
    ahima = RULES["AHIMA"]
    rules = replace(ahima, units=(replace(ahima.units[0], base={"RHIT": 20}),))

    found = plan_renewal(rules, [Held("RHIT"), Held("NEW")], TODAY)

    assert (found.units, found.at_least) == (None, 30)
    assert {due.units for due in found.portions} == {None}
    assert {due.applies for due in found.portions} == {Applies.YES}


def test_all_orders_of_three_give_one_answer(seeded_client: TestClient) -> None:
    held = ("RHIA", "CPC", {"code": "CCDS", "certified_on": "2025-06-01"})
    answers = [plan(seeded_client, *order) for order in permutations(held)]

    assert all(answer == answers[0] for answer in answers)


def ask(issuer: str, codes: list[str], today: date) -> Renewal:
    return plan_renewal(RULES[issuer], map(Held, codes), today)


def test_rules_that_an_earlier_version_wrote_count_as_not_read(
    client: TestClient, session: Session, engine: Engine
) -> None:
    import_files(engine, *LISTS, AUTHORED / "credential_rules.json")
    rule = session.exec(
        select(CredentialRule).where(
            CredentialRule.kind == "renewal", CredentialRule.subject == "AHIMA"
        )
    ).one()
    rule.rules = {"cycle_months": {"value": 24}}
    session.add(rule)
    session.commit()

    (only,) = plan(client, "RHIT")["lines"]

    assert (only["units"], only["path"]) == (None, [])
    assert only["unknown"]
