"""Credentials: every cell a claim, former names, conflicts, refusals of sayers off the list."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.domain.claims import PreparationClaim
from app.errors import ImportFileError
from app.importers.authored.credential_facts import parse_loose_date
from app.store.tables.credentials import CredentialClaim
from tests.importing import AUTHORED, import_files
from tests.making import add_program, evidence, publish

pytestmark = pytest.mark.engines_in_turn

LISTS = (AUTHORED / "asserters.json", AUTHORED / "credentials.json")
AUTHORED_ALL = (
    *LISTS,
    *(AUTHORED / f"credential_{name}.json" for name in ("claims", "rules", "unknowns")),
)
FACTS_HEADER = "credential_code,issuer,fact,value,unit,as_of,source_kind,source_url,note\n"


@pytest.mark.parametrize(
    ("text", "as_of"),
    [
        ("about 2020-2021", "2021"),
        ("2020-2023 wording", "2023"),
        ("before 2024", "2023"),
        ("undated", None),
        ("2019-12-31", "2019-12-31"),
        ("2025-12", "2025-12"),
        ("from 2023-09-11 (CCA, CCS); from 2020-07-13 (others)", "2023-09-11"),
        ("2020 (restated)", "2020"),
    ],
)
def test_loose_dates_give_the_latest_year_or_none(text: str, as_of: str | None) -> None:
    assert parse_loose_date(text) == as_of


def write_facts(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "credential_facts.csv"
    path.write_text(FACTS_HEADER + "".join(f"{row}\n" for row in rows))
    return path


def claims(session: Session) -> list[tuple[str, str | None, float | None, float | None]]:
    statement = select(
        CredentialClaim.field,
        CredentialClaim.qualifier,
        CredentialClaim.value_low,
        CredentialClaim.value_high,
    ).order_by(CredentialClaim.id)  # type: ignore[arg-type]
    return [tuple(row) for row in session.exec(statement)]  # type: ignore[misc]


def test_compound_values_are_taken_apart(engine: Engine, session: Session, tmp_path: Path) -> None:
    page = "https://nasroo.com/x"
    items = '"105 (90 scored, 15 pretest)"'
    facts = write_facts(
        tmp_path,
        f"CCA,AHIMA,exam_questions,{items},questions,2023,third party,{page},",
        f"RHIT,AHIMA,exam_questions,130-160,questions,2021,copy of issuer page,{page},",
        f'CPC,AAPC,exam_price,"399 one attempt (virtual), 499 two attempts (centre)",USD,2024,'
        f"third party,{page},",
    )

    import_files(engine, *LISTS, facts)

    assert claims(session) == [
        ("exam_items", None, 105.0, 105.0),
        ("exam_items", "scored", 90.0, 90.0),
        ("exam_items", "pretest", 15.0, 15.0),
        ("exam_items", None, 130.0, 160.0),
        ("exam_fee", "one_attempt", 399.0, 399.0),
        ("exam_fee", "two_attempts", 499.0, 499.0),
    ]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://www.visualfoodie.com/rhit-requirements", "refused"),
        ("https://somebody.example/rhit", "not on the allow-list"),
        ("https://www.shareasale.com/r.cfm?u=1", "sales link"),
    ],
)
def test_a_claim_of_a_sayer_off_the_list_is_refused_with_the_reason(
    engine: Engine, session: Session, tmp_path: Path, url: str, reason: str
) -> None:
    facts = write_facts(
        tmp_path,
        f"RHIT,AHIMA,exam_minutes,100,minutes,2026,third party,{url},",
        "RHIT,AHIMA,exam_minutes,210,minutes,2026,third party,https://nasroo.com/x,",
    )

    tallies = import_files(engine, *LISTS, facts)

    assert tallies["credential-facts"].refused == 1
    assert reason in tallies["credential-facts"].reasons[0]
    assert url in tallies["credential-facts"].reasons[0]
    assert [low for _, _, low, _ in claims(session)] == [210.0]


def test_a_recipe_site_enters_neither_as_a_claim_nor_with_a_rule(
    engine: Engine, session: Session, tmp_path: Path
) -> None:
    page = "https://www.eatsip365.com/how-to-maintain-your-ahima-certification"
    claim = json.loads((AUTHORED / "credential_claims.json").read_text())[0]
    wrong = {"source_kind": "third_party", "basis": "third_party", "source_url": page}
    rules = json.loads((AUTHORED / "credential_rules.json").read_text())
    rules["renewal"]["AHIMA"]["units"][0]["said"][0]["source_url"] = page
    (tmp_path / "credential_claims.json").write_text(json.dumps([{**claim, **wrong}]))
    (tmp_path / "credential_rules.json").write_text(json.dumps(rules))

    tally = import_files(engine, *LISTS, tmp_path / "credential_claims.json")["credential-claims"]

    assert tally.refused == 1
    assert "refused" in tally.reasons[0]
    assert claims(session) == []
    with pytest.raises(ImportFileError, match=r"renewal\.AHIMA\.units\.0\.said\.0.*eatsip365"):
        import_files(engine, *LISTS, tmp_path / "credential_rules.json")


def test_a_page_cannot_speak_above_what_its_host_is_listed_as(
    engine: Engine, session: Session, tmp_path: Path
) -> None:
    facts = write_facts(
        tmp_path, "RHIT,AHIMA,exam_minutes,100,minutes,2026,issuer page,https://nasroo.com/x,"
    )

    tally = import_files(engine, *LISTS, facts)["credential-facts"]

    assert tally.refused == 1
    assert "listed as copy_of_issuer and cannot speak as issuer" in tally.reasons[0]
    assert claims(session) == []


def test_figures_of_several_years_and_a_restated_one_stand_apart(
    engine: Engine, session: Session, tmp_path: Path
) -> None:
    host = "https://saviorquiz.com/x"
    facts = write_facts(
        tmp_path,
        f"CCA,AHIMA,certified_count,7945,persons,2019-12-31,third party,{host},",
        f"CCA,AHIMA,first_time_pass_rate,85,percent,2020 (first published),third party,{host},",
        f"CCA,AHIMA,first_time_pass_rate,80,percent,2020 (restated),third party,{host},",
    )

    import_files(engine, *LISTS, facts)

    rows = session.exec(
        select(
            CredentialClaim.value_low,
            CredentialClaim.qualifier,
            CredentialClaim.year,
            CredentialClaim.is_contradicted,
        )
    ).all()
    assert sorted(rows) == [
        (80.0, None, 2020, False),
        (85.0, None, 2020, True),  # history
        (7945.0, None, 2019, False),
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"as_of": "lately"}, "'lately' is neither a date"),
        ({"source_url": "https://somebody.example/x"}, "is not on the allow-list"),
        ({"source_kind": "hearsay"}, "eligibility.RHIT.any_of.0.source_kind"),
        ({"decide": True}, "eligibility.RHIT.any_of.0.decide"),
    ],
)
def test_a_rule_without_good_evidence_is_refused_by_its_place(
    engine: Engine, tmp_path: Path, change: dict[str, Any], fault: str
) -> None:
    rules = json.loads((AUTHORED / "credential_rules.json").read_text())
    rules["eligibility"]["RHIT"]["any_of"][0] |= change
    path = tmp_path / "credential_rules.json"
    path.write_text(json.dumps(rules))

    with pytest.raises(ImportFileError) as refusal:
        import_files(engine, *LISTS, path)

    assert fault in str(refusal.value)
    assert "any_of.0" in str(refusal.value)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("RHIT,AHIMA,exam_minute,1,,2026,third party,{page},", "'exam_minute' is not a known fact"),
        ("RHIT,AHIMA,exam_minute,1,,2026,third party,{page},", "the nearest is 'exam_minutes'"),
        ("RHIX,AHIMA,exam_minutes,1,,2026,third party,{page},", "the nearest is 'RHIT'"),
        ("RHIT,AHIMA,exam_minutes,1,,2026,third part,{page},", "the nearest is 'third party'"),
        (
            "RHIT,AHIMA,exam_minutes,1,,2026,third party,https://nasro.com/x,",
            "the nearest is 'nasroo.com'",
        ),
        ("CCDS,IBHRE,exam_minutes,1,,2026,third party,{page},", "CCDS here is of ACDIS"),
        ("CHPC,AHIMA,exam_minutes,1,,2026,third party,{page},", "CHPC here is of CCB"),
        ("RHIT,AHIMA,exam_minutes,,,2026,third party,{page},", "is empty"),
    ],
)
def test_a_row_that_cannot_be_used_costs_itself_and_names_the_nearest(
    engine: Engine, session: Session, tmp_path: Path, row: str, reason: str
) -> None:
    page = "https://nasroo.com/x"
    good = f"RHIT,AHIMA,exam_minutes,210,minutes,2026,third party,{page},"
    facts = write_facts(tmp_path, row.format(page=page), good)

    tally = import_files(engine, *LISTS, facts)["credential-facts"]

    assert (tally.rows_read, tally.refused) == (2, 1)
    assert "line 2" in tally.reasons[0]
    assert reason in tally.reasons[0]
    assert [low for _, _, low, _ in claims(session)] == [210.0]


def test_a_file_brings_in_a_credential_by_its_name_and_a_later_file_stands_beside_it(
    engine: Engine, session: Session, tmp_path: Path, client: TestClient
) -> None:
    page = "https://www.aapc.com/certifications/cxx"
    first = write_facts(
        tmp_path,
        f"CXX,AAPC,exam_minutes,90,minutes,undated,issuer page,{page},",
        f"CXX,AAPC,name,Certified Example Coder,,undated,issuer page,{page},",
        f"CXX,AAPC,issuer_page,{page},,undated,issuer page,{page},",
        "QQ,Nobody,name,Nobody's,,2026,third party,https://nasroo.com/x,",
    )
    later = tmp_path / "credential_facts_2027-05.csv"
    later.write_text(
        FACTS_HEADER
        + "certified example coder,AAPC,exam_questions,115 in all and 100 scored,questions,2027-05,"
        "third party,https://nasroo.com/x,Form in force since 2027-01-01.\n"
        + f"CXX,AAPC,exam_minutes,90,minutes,undated,issuer page,{page},\n"
    )

    tally = import_files(engine, *LISTS, first)["credential-facts"]
    import_files(engine, later)
    again = import_files(engine, first)["credential-facts"]

    assert tally.refused == 2  # its credential, and the row
    assert not again.has_changes
    read = get(client, "/v1/credentials/CXX", as_of="2027-06-01")
    assert (read["level"], read["focus"], read["status"]) == ("unknown",) * 3
    assert (read["issuer"], read["page_url"]) == ("AAPC", page)
    items = {c["qualifier"]: c["current"] for c in cells(read, "exam_items")}
    assert {key: said["value_low"] for key, said in items.items()} == {None: 115, "scored": 100}
    assert items[None]["in_force_from"] == "2027-01-01"
    assert items[None]["seen_on"] == "2027-05"
    [minutes] = cells(read, "exam_minutes")
    assert (minutes["current"]["value_low"], minutes["agreeing"]) == (90, [])  # told once


@pytest.mark.parametrize(
    ("change", "fault"),
    [({"field": "exam_color"}, "exam_color"), ({"basis": "third_party"}, "does not fit the sayer")],
)
def test_a_fault_in_the_authored_claims_is_named(
    engine: Engine, tmp_path: Path, change: dict[str, Any], fault: str
) -> None:
    entry = json.loads((AUTHORED / "credential_claims.json").read_text())[0]
    path = tmp_path / "credential_claims.json"
    path.write_text(json.dumps([{**entry, **change}]))

    with pytest.raises(ImportFileError, match=fault):
        import_files(engine, *LISTS, path)


def test_importing_twice_changes_nothing_and_a_changed_value_keeps_the_old_row(
    engine: Engine, session: Session, tmp_path: Path
) -> None:
    row = "RHIT,AHIMA,exam_minutes,{},minutes,2026,third party,https://nasroo.com/x,"
    import_files(engine, *LISTS, write_facts(tmp_path, row.format(200)))

    again = import_files(engine, *LISTS, write_facts(tmp_path, row.format(200)))
    changed = import_files(engine, *LISTS, write_facts(tmp_path, row.format(210)))

    assert not any(tally.has_changes for tally in again.values())
    assert changed["credential-facts"].has_changes
    rows = session.exec(select(CredentialClaim.value_low, CredentialClaim.superseded_at)).all()
    assert sorted((low, at is not None) for low, at in rows) == [(200.0, True), (210.0, False)]


def get(client: TestClient, path: str, **params: Any) -> dict[str, Any]:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def cells(credential: dict[str, Any], field: str) -> list[dict[str, Any]]:
    return [c for c in credential["cells"] if c["field"] == field]


def test_at_least_sixteen_credentials_are_offered(seeded_client: TestClient) -> None:
    offered = get(seeded_client, "/v1/credentials", status="offered")

    codes = {item["code"] for item in offered["items"]}
    assert len(codes) >= 16
    assert {"RHIT", "RHIA", "CCS", "CPC", "COC", "CHDA", "ODS", "CHPS", "CCDS"} <= codes


@pytest.mark.parametrize(
    ("asked", "code", "resolved_from", "apprentice"),
    [
        ("rhit", "RHIT", None, False),
        ("CTR", "ODS", "CTR", False),
        ("cpc-h", "COC", "CPC-H", False),
        ("CPC-A", "CPC", "CPC-A", True),
        ("Certified Tumor Registrar", "ODS", "Certified Tumor Registrar", False),
    ],
)
def test_codes_in_any_case_and_former_names_resolve(
    seeded_client: TestClient, asked: str, code: str, resolved_from: str | None, apprentice: bool
) -> None:
    credential = get(seeded_client, f"/v1/credentials/{asked}")

    assert credential["code"] == code
    assert credential["resolved_from"] == resolved_from
    assert credential["is_apprentice"] is apprentice


def test_the_retake_wait_of_rhit_shows_every_conflict(seeded_client: TestClient) -> None:
    credential = get(seeded_client, "/v1/credentials/RHIT", as_of="2026-11-24")

    wait = cells(credential, "retest_wait_days")[0]
    assert wait["current"]["value_low"] == 30
    assert sorted(c["value_low"] for c in wait["conflicts"]) == [60, 90, 90, 91]
    said = [c for c in wait["conflicts"] if c["value_low"] == 90]
    assert {(c["sayer"], c["evidence"]["stale"]) for c in said} == {
        ("copy_of_issuer", True),
        ("third_party", False),
    }


def test_ccs_asks_for_a_high_school_diploma_and_advises_the_rest(
    seeded_client: TestClient,
) -> None:
    credential = get(seeded_client, "/v1/credentials/CCS", as_of="2026-11-24")

    eligibility = cells(credential, "eligibility")[0]["current"]
    assert eligibility["value_text"] == "high school diploma"
    assert eligibility["evidence"]["basis"] == "stated_by_issuer"
    assert credential["eligibility"]["advice"]


def test_what_nobody_tells_is_null_with_a_question(seeded_client: TestClient) -> None:
    credential = get(seeded_client, "/v1/credentials/CDIP")

    fee = cells(credential, "exam_fee")[0]
    assert fee["current"] is None
    assert fee["question"].endswith("?")
    assert fee["whom"] == "AHIMA"
    assert credential["eligibility"]["is_unknown"] is True


def test_an_open_question_stays_beside_a_statement_that_does_not_settle_it(
    seeded_client: TestClient,
) -> None:
    chda = get(seeded_client, "/v1/credentials/CHDA")

    eligibility = cells(chda, "eligibility")[0]
    assert eligibility["current"] is not None
    assert "how many years" in eligibility["question"]
    grace = [c for c in chda["issuer_rules"] if c["field"] == "grace_period"]
    assert all(c["whom"] == "AHIMA" and c["question"].endswith("?") for c in grace)


def test_every_unknown_cell_comes_once_with_a_question(seeded_client: TestClient) -> None:
    for item in get(seeded_client, "/v1/credentials")["items"]:
        credential = get(seeded_client, f"/v1/credentials/{item['code']}", as_of="2026-11-24")

        shown = [*credential["cells"], *credential["issuer_rules"]]
        assert all(
            (c["question"] and c["whom"]) or c["history"] for c in shown if c["current"] is None
        ), item
        kinds = [(c["field"], c["qualifier"], c["year"]) for c in credential["cells"]]
        assert len(kinds) == len(set(kinds)), item


def test_what_holds_for_all_exams_of_the_issuer_is_not_called_unknown(
    seeded_client: TestClient,
) -> None:
    rhit = get(seeded_client, "/v1/credentials/RHIT")

    cycle = next(c for c in rhit["issuer_rules"] if c["field"] == "renewal_cycle_months")
    assert cycle["current"]["value_low"] == 24
    assert cells(rhit, "renewal_cycle_months") == []


def test_before_anybody_told_it_the_same_cell_is_unknown(seeded_client: TestClient) -> None:
    rhit = get(seeded_client, "/v1/credentials/RHIT", as_of="2019-01-01")

    assert [c["current"] for c in cells(rhit, "renewal_cycle_months")] == [None]


def test_an_exam_no_longer_offered_is_closed_and_nothing_is_asked_of_it(
    seeded_client: TestClient,
) -> None:
    chp = get(seeded_client, "/v1/credentials/CHP")

    assert chp["status"] == "retired"
    assert chp["eligibility"]["is_closed"] is True
    assert chp["eligibility"]["is_unknown"] is False
    assert {c["field"] for c in chp["cells"]} == {"ceu_per_cycle", "offered"}


def test_routes_name_their_page_and_all_who_agree(seeded_client: TestClient) -> None:
    rhit = get(seeded_client, "/v1/credentials/RHIT", as_of="2026-11-24")

    first, _, third = rhit["eligibility"]["any_of"]
    assert first["evidence"]["source"] == "third-party-credential-pages"
    assert [e["source"] for e in first["agreeing"]] == ["copies-of-issuer-pages"]
    assert third["decides"] is False
    assert rhit["eligibility"]["documents"]
    assert "copies-of-issuer-pages" in rhit["sources"]


def test_the_apprentice_mark_says_what_removes_it(seeded_client: TestClient) -> None:
    cpc = get(seeded_client, "/v1/credentials/CPC-A")

    apprentice = cpc["eligibility"]["apprentice"]
    assert apprentice["code"] == "CPC-A"
    assert "2 years of work" in apprentice["removed_by"]
    assert apprentice["evidence"]["basis"] == "stated_by_issuer"


def test_a_wrong_value_is_shown_and_never_leads(seeded_client: TestClient) -> None:
    credential = get(seeded_client, "/v1/credentials/RHIT", as_of="2026-11-24")

    mark = next(c for c in cells(credential, "pass_mark") if c["qualifier"] is None)
    assert mark["current"]["value_low"] == 300
    assert [c["value_low"] for c in mark["conflicts"] if c["is_contradicted"]] == [70]


def test_a_restated_pass_rate_leads_and_the_first_is_history(seeded_client: TestClient) -> None:
    credential = get(seeded_client, "/v1/credentials/CCA")

    [rate] = [c for c in cells(credential, "first_time_pass_rate") if c["year"] == 2020]
    assert (rate["current"]["value_low"], rate["current"]["n"]) == (80, 1727)
    [first] = rate["history"]
    assert rate["conflicts"] == []
    assert (first["value_low"], first["n"], first["is_superseded"]) == (85, 1627, True)


def test_the_same_credential_asked_of_a_later_day_grows_stale(seeded_client: TestClient) -> None:
    later = get(seeded_client, "/v1/credentials/RHIT", as_of="2036-01-01")

    dated = [c["current"] for c in later["cells"] if c["current"]]
    assert all(s["evidence"]["stale"] for s in dated if s["evidence"]["as_of"])


def test_programs_that_prepare_for_a_credential_come_with_who_says_so(
    client: TestClient, session: Session, engine: Engine
) -> None:
    import_files(engine, *LISTS)
    add_program(session, "a", claims=[PreparationClaim(credential_code="RHIT", **evidence())])
    add_program(session, "b", cip_code="51.0713")
    publish(session)

    page = get(client, "/v1/credentials/rhit/programs")

    assert [item["program"]["slug"] for item in page["items"]] == ["a"]
    assert page["items"][0]["evidence"][0]["basis"] == "stated_by_institution"


def test_programs_of_a_credential_are_searched_like_all_programs(
    seeded_client: TestClient,
) -> None:
    address = "/v1/credentials/rhit/programs"
    asked = {"sort": "-score", "limit": 5, "facets": "state"}
    page = get(seeded_client, address, **asked)
    searched = get(seeded_client, "/v1/programs", credential="RHIT", **asked)

    assert [one["program"] for one in page["items"]] == searched["items"]
    assert (page["total"], page["facets"]) == (searched["total"], searched["facets"])
    rest = get(seeded_client, address, **asked, cursor=page["next"])
    shown = {one["program"]["slug"] for one in (*page["items"], *rest["items"])}
    assert len(shown) == 10
    few = get(seeded_client, address, fields=["slug", "price"], limit=1)["items"][0]
    assert list(few["program"]) == ["slug", "price"]
    other = seeded_client.get(
        "/v1/credentials/ccs/programs", params={**asked, "cursor": page["next"]}
    )
    assert other.status_code == 422


def test_filters_narrow_the_list(seeded_client: TestClient) -> None:
    coding = get(seeded_client, "/v1/credentials", focus="coding", issuer="aapc")
    by_word = get(seeded_client, "/v1/credentials", q="tumor")

    assert {item["code"] for item in coding["items"]} == {"CPC", "COC", "CRC", "CIC"}
    assert [item["code"] for item in by_word["items"]] == ["ODS"]


def test_accreditors_show_what_is_known_of_each_status(seeded_client: TestClient) -> None:
    accreditors = get(seeded_client, "/v1/accreditors")

    statuses = {status["status"]: status for status in accreditors["statuses"]}
    assert len(statuses) == 9
    assert statuses["initial"]["program_is_accredited"]["value"] == "yes"
    assert statuses["inactive"]["program_is_accredited"]["value"] is None
    assert any(fact["body"] == "CAHIIM" for fact in accreditors["facts"])
    assert any(question["whom"] == "CAHIIM" for question in accreditors["questions"])


def test_accreditors_tell_who_accredits_and_who_only_certifies_or_approves(
    seeded_client: TestClient,
) -> None:
    accreditors = get(seeded_client, "/v1/accreditors")

    remits = {
        (remit["body"], remit["kind"], level): remit
        for remit in accreditors["remits"]
        for level in remit["award_levels"]
    }
    assert remits["CAHME", "accreditation", "master"]["cip_codes"] == ["51.0701", "51.0702"]
    assert ("AUPHA", "certification", "bachelor") in remits
    assert ("AHIMA", "approval", "certificate_under_1_year") in remits
    assert {body for body, kind, _ in remits if kind == "accreditation"} == {"CAHIIM", "CAHME"}
    for remit in remits.values():
        for page in remit["evidence"]:
            assert page["source"] in accreditors["sources"]
            assert page["source_url"].startswith("http")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Certified Coding Specalist", "Did you mean 'CCS'?"),
        ("Tumor registrar", "Did you mean 'ODS'?"),
        ("Health info technician", "Did you mean 'RHIT'?"),
        ("CXYZ", "Known are CAHIMS, CBCS,"),
    ],
)
def test_an_unknown_credential_names_what_means_the_same_and_never_letters(
    seeded_client: TestClient, asked: str, told: str
) -> None:
    answer = seeded_client.get(f"/v1/credentials/{asked}")

    assert answer.status_code == 404
    assert told in answer.json()["detail"]


@pytest.mark.parametrize(
    ("asked", "code", "former"),
    [
        ("registered health information technician", "RHIT", None),
        ("Registered Health Information Technician (RHIT)", "RHIT", None),
        ("CCS-P: Certified Coding Specialist, physician based", "CCS-P", None),
        ("ccsp", "CCS-P", None),
        ("Certified in Healthcare Privacy & Security", "CHPS", None),
        ("CTR", "ODS", "CTR"),
        ("Certified Tumor Registrar (CTR)", "ODS", "Certified Tumor Registrar"),
        ("CPC-A", "CPC", "CPC-A"),
        (
            "Certified Electronic Health Record Specialist",
            "CEHRS",
            "Certified Electronic Health Record Specialist",
        ),
        ("Certified Documentation Expert Outpatient (CDEO)", "CDEO", None),
        ("Certified Clinical Documentation Specialist - Outpatient", "CCDS-O", None),
    ],
)
def test_a_credential_goes_by_its_full_and_former_names(
    seeded_client: TestClient, asked: str, code: str, former: str | None
) -> None:
    answer = get(seeded_client, f"/v1/credentials/{asked}")
    looked_up = get(seeded_client, "/v1/lookup", code=asked)

    assert (answer["code"], answer["resolved_from"]) == (code, former)
    assert [item["is_exact"] for item in looked_up["items"]] == [former is None]


def test_every_credential_is_found_by_its_code_and_by_its_name(seeded_client: TestClient) -> None:
    for item in get(seeded_client, "/v1/credentials")["items"]:
        for asked in (item["code"], item["name"], f"{item['name']} ({item['code']})"):
            assert get(seeded_client, f"/v1/credentials/{asked}")["code"] == item["code"], asked


def test_issuers_are_named_by_initials_or_in_full(seeded_client: TestClient) -> None:
    short = get(seeded_client, "/v1/credentials", issuer="aapc")
    long = get(
        seeded_client,
        "/v1/credentials",
        issuer="American Health Information Management Association",
    )
    unknown = seeded_client.get("/v1/credentials", params={"issuer": "Coders' Association"})

    assert {item["issuer"] for item in short["items"]} == {"AAPC"}
    assert {item["issuer"] for item in long["items"]} == {"AHIMA"}
    assert unknown.status_code == 422
    assert "Known are AAPC" in unknown.json()["errors"][0]["detail"]
