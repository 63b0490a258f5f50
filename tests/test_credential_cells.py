"""Every cell that is known of the field's credentials is served, and what is not stays unknown."""

import csv
import io
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

pytestmark = pytest.mark.engines_in_turn

DAY = "2026-11-24"

IDENTITY = {  # code -> issuer, level, focus, former names
    "RHIT": ("AHIMA", "entry", "data", []),
    "RHIA": ("AHIMA", "management", "management", []),
    "CCA": ("AHIMA", "entry", "coding", []),
    "CCS": ("AHIMA", "specialist", "coding", []),
    "CCS-P": ("AHIMA", "specialist", "coding", []),
    "CHDA": ("AHIMA", "specialist", "data", []),
    "CDIP": (
        "AHIMA",
        "specialist",
        "documentation",
        [
            "Certified Document Improvement Practitioner",
            "Certified Documentation Improvement Practitioner",
        ],
    ),
    "CHPS": ("AHIMA", "specialist", "privacy", []),
    "CPC": ("AAPC", "entry", "coding", []),
    "COC": ("AAPC", "specialist", "coding", ["CPC-H"]),
    "CPB": ("AAPC", "entry", "billing", []),
    "CPMA": ("AAPC", "specialist", "auditing", []),
    "CRC": ("AAPC", "specialist", "coding", []),
    "CAHIMS": ("HIMSS", "entry", "informatics", []),
    "CPHIMS": ("HIMSS", "advanced", "informatics", []),
    "ODS": ("NCRA", "specialist", "registry", ["CTR", "Certified Tumor Registrar"]),
    "CHC": ("CCB", "specialist", "compliance", []),
    "CCDS": ("ACDIS", "specialist", "documentation", []),
    "CCDS-O": ("ACDIS", "specialist", "documentation", []),
    "CIC": ("AAPC", "specialist", "coding", []),
    "CDEO": ("AAPC", "specialist", "documentation", []),
    "CPPM": ("AAPC", "management", "management", []),
    "CHPC": ("CCB", "specialist", "privacy", []),
    "CBCS": ("NHA", "entry", "billing", []),
    "CEHRS": ("NHA", "entry", "data", []),
    "CMAA": ("NHA", "entry", "administration", []),
    "HCISPP": ("ISC2", "advanced", "privacy", []),
}

# code -> cell ("field", "field/qualifier" or "field@year") -> the value that leads, then those
# that conflict with it or held before; a range is a pair
Number = float | tuple[float, float] | None
NUMBERS: dict[str, dict[str, tuple[Number, ...]]] = {
    "RHIT": {
        "exam_fee/member": (229, 219),
        "exam_fee/non_member": (299,),
        "exam_items": (150, (130, 160)),
        "exam_items/scored": (130,),
        "exam_items/pretest": (20,),
        "exam_minutes": (210,),
        "pass_mark": (300, 70),
        "retest_wait_days": (30, 60, 90, 91),
        "ceu_per_cycle": (20,),
    },
    "RHIA": {
        "exam_fee/member": (229, 299),
        "exam_fee/non_member": (299, 399),
        "retake_fee/member": (229,),
        "retake_fee/non_member": (299,),
        "exam_items": (150, 180),
        "exam_items/scored": (130,),
        "exam_items/pretest": (20,),
        "exam_minutes": (210, 240),
        "pass_mark": (300,),
        "retest_wait_days": (30, 90),
        "ceu_per_cycle": (30, 20),
        "first_time_pass_rate@2019": (70,),
        "first_time_pass_rate@2025": (67,),
        "certified_count@2025": (13848,),
        "schedule_window_days": (120,),
    },
    "CCA": {
        "exam_fee/member": (199,),
        "exam_fee/non_member": (299,),
        "exam_items": (105, (90, 115)),
        "exam_items/scored": (90,),
        "exam_items/pretest": (15,),
        "exam_minutes": (120,),
        "pass_mark": (300,),
        "first_time_pass_rate@2018": (77,),
        "first_time_pass_rate@2019": (82,),
        "first_time_pass_rate@2020": (80, 85),
        "first_time_pass_rate@2021": (74,),
        "first_time_pass_rate@2022": (70,),
        "certified_count@2019": (7945,),
        "certified_count@2022": (7760,),
        "retest_wait_days": (30,),
        "ceu_per_cycle": (20, 20),
    },
    "CCS": {
        "exam_fee/member": (299,),
        "exam_fee/non_member": (399,),
        "exam_items": (107, None),  # a split of an older outline, in words
        "exam_items/scored": (97,),
        "exam_items/pretest": (10,),
        "exam_minutes": (240,),
        "pass_mark": (300,),
        "schedule_window_days": (120,),
        "first_time_pass_rate@2025": (84,),
        "certified_count@2025": (36925,),
        "retest_wait_days": (30,),
        "ceu_per_cycle": (20, 20),
    },
    "CCS-P": {
        "exam_fee/member": (239, 299),
        "exam_fee/non_member": (329, 399),
        "exam_items": (121,),
        "exam_items/scored": (97,),
        "exam_items/pretest": (24,),
        "exam_minutes": (240,),
        "retest_wait_days": (90,),
        "ceu_per_cycle": (20, 20),
    },
    "CHDA": {
        "exam_fee/member": (239,),
        "exam_fee/non_member": (329,),
        "exam_items": (130,),
        "exam_items/scored": (121,),
        "exam_minutes": (210,),
        "pass_mark": (300,),
        "retest_wait_days": (90,),
        "ceu_per_cycle": (30, 20),
    },
    "CDIP": {
        "exam_items": (140,),
        "exam_items/scored": (106,),
        "exam_items/pretest": (34,),
        "exam_minutes": (180,),
        "pass_mark": (300,),
        "retest_wait_days": (90,),
        "ceu_per_cycle": (30, 20),
    },
    "CHPS": {
        "exam_items": ((140, 160),),
        "exam_minutes": (210,),
        "first_time_pass_rate@2018": (66,),
        "first_time_pass_rate@2019": (58,),
        "first_time_pass_rate@2020": (53,),
        "certified_count@2019": (639,),
        "retest_wait_days": (90,),
        "ceu_per_cycle": (30,),
    },
    "CPC": {
        "exam_items": (100,),
        "exam_minutes": (240, 340),
        "pass_mark": (70,),
        "exam_fee/one_attempt": (425, 399),
        "exam_fee/two_attempts": (499,),
        "ceu_per_cycle": (36,),
    },
    "COC": {
        "exam_items": (100,),
        "exam_minutes": (240,),
        "pass_mark": (70,),
        "exam_fee/one_attempt": (425, 399),
        "exam_fee/two_attempts": (499,),
    },
    "CPB": {
        "exam_items": (135, 200),
        "exam_minutes": (240, 340),
        "pass_mark": (70,),
        "exam_fee/one_attempt": (425,),
        "exam_fee/two_attempts": (499,),
    },
    "CPMA": {
        "exam_items": (100, 150),
        "exam_minutes": (240, 340),
        "pass_mark": (70,),
        "exam_fee/two_attempts": (499,),
        "ceu_per_cycle": (36,),
        "ceu_domain_share/auditing": (16, 24),
    },
    "CRC": {
        "exam_items": (100,),
        "exam_minutes": (240,),
        "pass_mark": (70,),
        "exam_fee/one_attempt": (425,),
        "exam_fee/two_attempts": (499,),
    },
    "CAHIMS": {
        "exam_items": (115,),
        "exam_items/scored": (100,),
        "exam_items/pretest": (15,),
        "exam_minutes": (120,),
        "pass_mark": (600,),
        "exam_fee/organizational_affiliate": (369,),
        "exam_fee/non_member": (459,),
        "ceu_per_cycle": (45,),
        "renewal_cycle_months": (36,),
        "ceu_source_share/issuer": (25,),
        "ceu_domain_share/ethics": (2,),
    },
    "CPHIMS": {
        "exam_fee/member": (609,),
        "exam_fee/non_member": (729,),
        "exam_items": (115,),
        "exam_items/scored": (100,),
        "exam_items/pretest": (15,),
        "exam_minutes": (120,),
        "pass_mark": (600,),
        "ceu_per_cycle": (45,),
        "renewal_cycle_months": (36, 60),
        "ceu_source_share/issuer": (25,),
        "ceu_domain_share/ethics": (2,),
    },
    "ODS": {
        "exam_fee/member": (335,),
        "exam_fee/non_member": (435,),
        "exam_items": (180,),
        "exam_items/closed_book": (120,),
        "exam_items/open_book": (60,),
        "ceu_per_cycle": (20,),
        "renewal_cycle_months": (24,),
        "renewal_fee/member": (35,),
        "renewal_fee/non_member": (145,),
        "renewal_rule/audit": (10,),
    },
    "CHC": {
        "exam_items": (120,),
        "exam_items/scored": (100,),
        "exam_minutes": (150, 120),
        "pass_mark": (500,),
        "ceu_per_cycle": (40,),
    },
    "CCDS-O": {"schedule_window_days": (90,)},
    "CIC": {
        "exam_items/multiple_choice": (40,),
        "exam_items/inpatient_cases": (7,),
        "exam_minutes": (240,),
        "ceu_per_cycle": (36, 40),
    },
    "CDEO": {"exam_items": (100,), "exam_minutes": (240,), "pass_mark": (70,)},
    "CPPM": {"exam_items": (135,), "exam_minutes": (240,)},
    "CHPC": {"exam_items": (120,), "ceu_per_cycle": (40,), "renewal_cycle_months": (24,)},
    "CBCS": {
        "exam_fee": (134, 117),
        "exam_items": (125, 120, 110),
        "exam_items/scored": (100,),
        "exam_minutes": (180, 110),
        "pass_mark": (390,),
        "pass_rate@2025": (71.33,),
        "ceu_per_cycle": (10,),
        "renewal_cycle_months": (24,),
    },
    "CEHRS": {
        "exam_items": (125,),
        "exam_minutes": (125,),
        "pass_mark": (390,),
        "pass_rate@2024": (68.81,),
    },
    "CMAA": {
        "exam_fee": (129,),
        "exam_items": (135,),
        "exam_minutes": (135,),
        "pass_rate@2024": (62.68,),
        "certified_count@2024": (17616,),
        "ceu_per_cycle": (10,),
    },
    "HCISPP": {"exam_items": (125,), "exam_minutes": (180,)},
    "CCDS": {
        "exam_fee/member": (280,),
        "exam_fee/non_member": (380,),
        "retake_fee": (150,),
        "retest_wait_days": (90,),
        "exam_items": (140,),
        "exam_items/scored": (120,),
        "exam_minutes": (180,),
        "renewal_cycle_months": (24,),
        "ceu_per_cycle": (30,),
        "ceu_source_share/one_activity": (10,),
        "renewal_rule/earliest": (60,),
        "grace_period": (45,),
        "renewal_fee/member": (100,),
        "renewal_fee/non_member": (200,),
        "schedule_window_days": (90,),
    },
}

TESTERS = {  # how many the rate is about
    ("CCA", 2018): 1787,
    ("CCA", 2019): 1756,
    ("CCA", 2020): 1727,
    ("CCA", 2021): 2104,
    ("CCA", 2022): 2261,
    ("CCS", 2025): 6331,
    ("CHPS", 2018): 110,
    ("CHPS", 2019): 76,
    ("CHPS", 2020): 57,
    ("RHIA", 2025): 860,
}

WORDS: dict[str, dict[str, str]] = {  # code -> cell -> words that lead
    "RHIT": {"early_testing": "before graduation"},
    "RHIA": {"early_testing": "before graduation", "replaces": "RHIT"},
    "CCS": {"eligibility": "high school diploma", "books": "open book"},
    "CCS-P": {"offered": "offered"},
    "CHDA": {"domains": "Data Analysis 22-25"},
    "CDIP": {"domains": "Record Review 27-33", "name": "Integrity"},
    "CHPS": {"domains": "23"},
    "CPC": {"books": "open", "sitting": "at home", "apprentice_status": "CPC-A"},
    "COC": {"sitting": "one sitting", "apprentice_status": "COC-A"},
    "CPB": {"sitting": "one sitting"},
    "CPMA": {"books": "open book"},
    "CRC": {"books": "ICD-10-CM", "apprentice_status": "no apprentice form"},
    "ODS": {"exam_windows": "three a year", "exam_windows/results": "six weeks"},
    "CCDS": {"exam_host": "Prometric", "renewal_rule/carry_over": "not carried over"},
}

ROUTES = {  # code -> routes that decide, and those that only conflict or are not confirmed
    "RHIT": (2, 1),
    "RHIA": (4, 1),
    "CCA": (1, 0),
    "CCS": (1, 0),
    "CCS-P": (0, 0),
    "CHDA": (0, 0),
    "CDIP": (0, 0),
    "CHPS": (6, 0),
    "CPC": (1, 0),
    "COC": (1, 0),
    "CPB": (1, 0),
    "CPMA": (1, 0),
    "CRC": (1, 0),
    "CAHIMS": (0, 1),
    "CPHIMS": (0, 3),
    "ODS": (3, 1),
    "CHC": (0, 0),
    "CCDS": (3, 0),
    "CCDS-O": (2, 0),
    "CIC": (1, 0),
    "CDEO": (1, 0),
    "CPPM": (1, 0),
    "CHPC": (0, 0),
    "CBCS": (2, 0),
    "CEHRS": (1, 1),
    "CMAA": (0, 2),
    "HCISPP": (1, 0),
}

AAPC_OPEN = {"first_time_pass_rate", "retest_wait_days"}

UNKNOWN = {  # code -> fields that no page on the allow-list fills for today
    "RHIT": {"first_time_pass_rate", "certified_count"},
    "RHIA": {"page_url"},
    "CCA": set(),
    "CCS": set(),
    "CCS-P": {"domains", "first_time_pass_rate"},
    "CHDA": {"first_time_pass_rate", "page_url"},
    "CDIP": {"eligibility", "exam_fee", "first_time_pass_rate", "page_url"},
    "CHPS": {"exam_fee", "first_time_pass_rate", "page_url"},
    "CPC": AAPC_OPEN,
    "COC": AAPC_OPEN,
    "CPB": AAPC_OPEN,
    "CPMA": {"exam_fee", *AAPC_OPEN},
    "CRC": AAPC_OPEN,
    "CIC": {"exam_fee", "domains", *AAPC_OPEN},
    "CDEO": {"exam_fee", "domains", *AAPC_OPEN},
    "CPPM": {"exam_fee", "domains", "pass_mark", *AAPC_OPEN},
    "CAHIMS": {"eligibility", "first_time_pass_rate", "retest_wait_days", "page_url"},
    "CPHIMS": {"first_time_pass_rate", "retest_wait_days", "page_url"},
    "ODS": {"pass_mark", "first_time_pass_rate", "retest_wait_days"},
    "CHC": {
        *("exam_fee", "renewal_cycle_months", "renewal_fee"),
        *("domains", "first_time_pass_rate", "retest_wait_days"),
    },
    "CHPC": {"eligibility", "exam_fee", "exam_minutes", "pass_mark", "renewal_fee", "domains"},
    "CCDS": {"pass_mark", "domains", "first_time_pass_rate"},
    "CCDS-O": {"exam_fee", "exam_items", "exam_minutes", "pass_mark", "ceu_per_cycle"},
    "CBCS": {"first_time_pass_rate", "retest_wait_days", "page_url"},
    "CEHRS": {"exam_fee", "ceu_per_cycle", "retest_wait_days", "page_url"},
    "CMAA": {"domains", "retest_wait_days", "page_url"},
    "HCISPP": {"offered", "exam_fee", "pass_mark", "ceu_per_cycle", "renewal_cycle_months"},
}

MUST_BE_TOLD = (
    *("eligibility", "domains", "exam_items", "exam_minutes", "pass_mark", "exam_fee"),
    *("retest_wait_days", "ceu_per_cycle", "renewal_cycle_months", "first_time_pass_rate"),
)

CODES = pytest.mark.parametrize("code", sorted(IDENTITY))


def get(client: TestClient, code: str) -> dict[str, Any]:
    answer = client.get(f"/v1/credentials/{code}", params={"as_of": DAY})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def cells_of(credential: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{cell['field']}"
        + (f"/{cell['qualifier']}" if cell["qualifier"] else "")
        + (f"@{cell['year']}" if cell["year"] else ""): cell
        for cell in credential["cells"]
    }


def number_of(statement: dict[str, Any]) -> Number:
    low, high = statement["value_low"], statement["value_high"]
    return low if low == high else (low, high)


@CODES
def test_a_credential_says_what_it_is_and_was(seeded_client: TestClient, code: str) -> None:
    found = get(seeded_client, code)

    assert (found["issuer"], found["level"], found["focus"], found["former_names"]) == IDENTITY[
        code
    ]
    assert found["status"] == ("unknown" if code == "HCISPP" else "offered")


@CODES
def test_the_known_value_leads_and_every_other_one_conflicts(
    seeded_client: TestClient, code: str
) -> None:
    found = cells_of(get(seeded_client, code))

    for name, (leading, *others) in NUMBERS[code].items():
        assert name in found, (code, name)
        cell = found[name]
        assert cell["current"] is not None, (code, name)
        assert number_of(cell["current"]) == leading, (code, name)
        against = [*cell["conflicts"], *cell["history"]]
        assert {number_of(s) for s in against} == set(others), (code, name)
        assert {number_of(s) for s in cell["agreeing"]} <= {leading}, (code, name)


@CODES
def test_known_words_lead_and_routes_decide_as_far_as_they_are_known(
    seeded_client: TestClient, code: str
) -> None:
    credential = get(seeded_client, code)
    found = cells_of(credential)
    routes = credential["eligibility"]["any_of"]

    for name, words in WORDS.get(code, {}).items():
        assert words in found[name]["current"]["value_text"], (code, name)
    decide, rest = ROUTES[code]
    assert len([r for r in routes if r["decides"]]) == decide
    assert len([r for r in routes if not r["decides"]]) == rest
    assert credential["eligibility"]["is_unknown"] is (decide == 0)
    assert decide or credential["eligibility"]["question"].endswith("?")


@CODES
def test_what_nobody_tells_is_null_with_a_question_and_whom_to_ask(
    seeded_client: TestClient, code: str
) -> None:
    cells = get(seeded_client, code)["cells"]

    by_field: dict[str, list[dict[str, Any]]] = {}
    for cell in cells:
        by_field.setdefault(cell["field"], []).append(cell)
    for field in UNKNOWN[code]:
        today = [c for c in by_field[field] if c["qualifier"] is None and c["year"] is None]
        assert [c["current"] for c in today] == [None], field
        assert all(c["question"] and c["whom"] for c in today)


@CODES
def test_every_field_a_student_asks_for_is_told_or_said_to_be_unknown(
    seeded_client: TestClient, code: str
) -> None:
    credential = get(seeded_client, code)

    shown = {cell["field"] for cell in [*credential["cells"], *credential["issuer_rules"]]}
    routes = {"eligibility"} if credential["eligibility"] else set()
    assert set(MUST_BE_TOLD) <= shown | routes


@CODES
def test_every_statement_names_its_page_its_date_and_whose_word_it_is(
    seeded_client: TestClient, code: str
) -> None:
    credential = get(seeded_client, code)

    for cell in [*credential["cells"], *credential["issuer_rules"]]:
        for said in [cell["current"], *cell["agreeing"], *cell["conflicts"], *cell["history"]]:
            if said is None:
                continue
            evidence = said["evidence"]
            assert evidence["source_url"].startswith("http")
            assert evidence["source"] in credential["sources"]
            assert evidence["basis"] in {"stated_by_issuer", "third_party"}
            assert (evidence["basis"] == "stated_by_issuer") is said["sayer"].startswith("issuer")


def test_pass_rates_say_how_many_they_are_about(seeded_client: TestClient) -> None:
    for (code, year), testers in TESTERS.items():
        cell = cells_of(get(seeded_client, code))[f"first_time_pass_rate@{year}"]

        assert cell["current"]["n"] == testers, (code, year)


@pytest.mark.parametrize(
    ("code", "name", "since"),
    [
        ("RHIA", "exam_items", "2023-10-01"),
        ("RHIA", "exam_minutes", "2023-10-01"),
        ("CCS", "ceu_per_cycle", "2021-01-01"),
        ("CPC", "exam_fee/one_attempt", None),
        ("CPC", "exam_fee", None),
        ("CPC", "pass_mark/each_section", None),
    ],
)
def test_what_was_replaced_is_history_and_no_disagreement_of_today(
    seeded_client: TestClient, code: str, name: str, since: str | None
) -> None:
    credential = get(seeded_client, code)
    cell = cells_of(credential)[name]

    assert cell["history"]
    assert all(one["is_superseded"] for one in cell["history"])
    assert {one["superseded_on"] for one in cell["history"]} == {since}
    assert (cell["conflicts"], cell["remark"], cell["question"]) == ([], None, None)
    if cell["current"] is None:
        assert name.replace("/", ".") not in credential["facts"]


@pytest.mark.parametrize(
    ("code", "weights"),
    [
        ("RHIT", [6, 6]),
        ("RHIA", [5, 2]),
        ("CCA", [6]),
        ("CCS", [5]),
        ("CHDA", [6]),
        ("CPC", [13]),
        ("COC", [10]),
        ("CPB", [7, 6]),
        ("CPMA", [6]),
        ("CRC", [8, 2]),
        ("CAHIMS", [4]),
        ("CPHIMS", [4]),
        ("ODS", [4]),
        ("CBCS", [4, 4]),
        ("CEHRS", [5]),
        ("HCISPP", [7]),
        ("CCDS-O", [0]),
    ],
)
def test_outlines_of_an_exam_stand_apart_with_their_domains(
    seeded_client: TestClient, code: str, weights: list[int]
) -> None:
    cell = cells_of(get(seeded_client, code))["domains"]

    outlines = [cell["current"], *cell["conflicts"], *cell["agreeing"]]
    assert [len(one["domains"]) for one in outlines] == weights
    assert all(d["low"] is None or d["low"] <= d["high"] for o in outlines for d in o["domains"])


def test_that_an_issuer_publishes_nothing_is_settled_by_its_own_word_only(
    seeded_client: TestClient,
) -> None:
    for code, issuer in (("CPC", "AAPC"), ("CPHIMS", "HIMSS")):
        rate = cells_of(get(seeded_client, code))["first_time_pass_rate"]

        assert rate["current"] is None
        assert issuer in rate["remark"]
        assert rate["question"]
        assert [s["value_status"] for s in rate["conflicts"]] == ["not_published"]


def test_who_is_taken_for_another_is_told_apart_by_issuer(seeded_client: TestClient) -> None:
    apart = {
        code: {(one["code"], one["issuer"]) for one in get(seeded_client, code)["mixed_up_with"]}
        for code in ("CHPC", "CHPS", "CCDS", "RHIT")
    }

    assert apart == {
        "CHPC": {("CHPS", "AHIMA")},
        "CHPS": {("CHPC", "CCB")},
        "CCDS": {(None, "IBHRE")},
        "RHIT": set(),
    }


def test_a_sheet_of_facts_is_the_cells_a_row_a_fact(seeded_client: TestClient) -> None:
    for code in ("RHIT", "CPC", "HCISPP"):
        credential = get(seeded_client, code)
        address = f"/v1/credentials/{code}"
        asked = {"as_of": DAY, "view": "facts"}
        sheet = seeded_client.get(address, params=asked).json()
        table = seeded_client.get(address, params=asked, headers={"Accept": "text/csv"})

        assert sheet["code"] == code
        rows = sheet["rows"]
        outlined = [row for row in rows if row["field"] == "domain_weight"]
        stated = [row for row in rows if row["field"] != "domain_weight" and row["credential"]]
        assert [row["value_text"] for row in stated if row["is_leading"]] == [
            cell["current"]["value_text"] for cell in credential["cells"] if cell["current"]
        ]
        open_ = [row for row in stated if row["status"] == "unknown"]
        assert len(open_) == sum(
            cell["current"] is None and cell["question"] is not None for cell in credential["cells"]
        )
        assert all(row["question"] and row["whom"] for row in open_)
        assert len(outlined) == sum(
            domain["low"] is not None
            for cell in credential["cells"]
            for said in (cell["current"], *cell["conflicts"], *cell["agreeing"])
            for domain in (said or {"domains": []})["domains"]
        )
        assert table.headers["content-type"].startswith("text/csv")
        assert "Accept" in table.headers["vary"]
        read = list(csv.DictReader(io.StringIO(table.text)))
        assert [one["value_text"] for one in read] == [row["value_text"] or "" for row in rows]
        assert list(read[0]) == list(rows[0])


def test_those_who_say_the_same_in_other_words_do_not_conflict(seeded_client: TestClient) -> None:
    offered = cells_of(get(seeded_client, "CCS-P"))["offered"]
    biller = cells_of(get(seeded_client, "CPB"))["eligibility"]
    adjuster = cells_of(get(seeded_client, "CRC"))["eligibility"]

    assert offered["conflicts"] == []
    assert adjuster["conflicts"] == []
    assert [s["is_contradicted"] for s in biller["conflicts"]] == [True]


@pytest.mark.parametrize(
    ("code", "name", "figures"),
    [
        ("RHIT", "retest_wait_days", ("30 days", "90 days", "AHIMA")),
        ("CCS-P", "exam_fee/member", ("239 USD", "299 USD", "2010", "AHIMA")),
        ("CHC", "exam_minutes", ("150 minutes", "120 minutes", "2017", "CCB")),
        ("RHIA", "exam_fee/member", ("229 USD", "299 USD")),
        ("RHIT", "domains", ("24-28", "2026-06", "19-25", "AHIMA")),
        ("CBCS", "exam_fee", ("134 USD", "117 USD", "NHA")),
        ("CBCS", "domains", ("15", "24", "NHA")),
    ],
)
def test_a_cell_whose_sayers_differ_says_so_and_asks(
    seeded_client: TestClient, code: str, name: str, figures: tuple[str, ...]
) -> None:
    cell = cells_of(get(seeded_client, code))[name]

    assert all(figure in cell["remark"] for figure in figures)
    assert cell["question"]
    assert cell["whom"]


def test_a_sheet_can_be_of_some_fields_and_of_what_stands_so(seeded_client: TestClient) -> None:
    address = "/v1/credentials/RHIT"
    whole = seeded_client.get(address, params={"view": "facts"}).json()["rows"]
    fields, standings = ["exam_fee", "renewal_fee"], ["leading", "unknown"]
    asked = {"view": "facts", "field": fields, "standing": standings}

    rows = seeded_client.get(address, params=asked).json()["rows"]

    kept = (row for row in whole if row["field"] in fields)
    assert rows == [row for row in kept if row["status"] in standings]
    assert {row["field"] for row in rows} == set(fields)


@CODES
def test_facts_are_the_cells_flat_and_fees_have_one_shape(
    seeded_client: TestClient, code: str
) -> None:
    credential = get(seeded_client, code)

    led = [cell["current"] for cell in credential["cells"] if cell["current"] or cell["question"]]
    assert [fact and fact["text"] for fact in credential["facts"].values()] == [
        said and said["value_text"] for said in led
    ]
    for name, fact in credential["facts"].items():
        if name.startswith("exam_fee") and fact:
            assert fact["text"].startswith(f"{fact['low']:g} USD")
    assert (credential["page_url"] is None) == (credential["page_note"] is not None)
    assert credential["eligibility"]["said"]


def test_one_page_has_one_age(seeded_client: TestClient) -> None:
    cell = cells_of(get(seeded_client, "RHIT"))["ceu_per_cycle"]
    plan = seeded_client.post("/v1/renewal-plans", json={"credentials": ["RHIT"]}).json()

    page = "https://www.ahima.org/certification/Recertification"
    [said] = [s["evidence"] for s in cell["agreeing"] if s["evidence"]["source_url"] == page]
    assert (said["as_of"], said["stale"]) == ("2020", True)
    assert f'"source_url": "{page}", "as_of": "2020"' in json.dumps(plan)
