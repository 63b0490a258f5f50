"""The career guide, work settings and advancement paths: authored content, over HTTP."""

import json
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from app.domain.guide import SECTIONS
from app.errors import ImportFileError
from app.schemas.guide import GuideFacts
from tests.importing import ARTICLE, AUTHORED, import_files
from tests.making import RUBRIC

pytestmark = pytest.mark.engines_in_turn

COUNTS = {
    ("overview", "fact"): 7,
    ("overview", "key_point"): 3,
    ("duties", None): 5,
    ("responsibilities", None): 5,
    ("education-options", "option"): 4,
    ("timeline", "step"): 4,
    ("timeline", "entry_role"): 5,
    ("timeline", "study_tactic"): 3,
    ("skills", None): 6,
    ("salary-factors", None): 6,
    ("questions", None): 6,
    ("topics", None): 7,
    ("challenges", None): 6,
    ("mistakes", None): 6,
    ("trends", None): 7,
    ("fit", None): 5,
    ("insights", None): 10,
    ("faqs", None): 3,
}


def entries() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((AUTHORED / "guide.json").read_text())
    return loaded


def test_every_section_has_all_its_entries() -> None:
    found = Counter((entry["section"], entry.get("kind")) for entry in entries())

    assert {key: found[key] for key in COUNTS} == COUNTS


def test_entries_of_a_kind_are_counted_through_without_a_gap() -> None:
    by_kind: dict[tuple[str, str | None], list[int]] = {}
    for entry in entries():
        by_kind.setdefault((entry["section"], entry.get("kind")), []).append(entry["position"])

    for key, positions in by_kind.items():
        first = min(positions)
        assert sorted(positions) == list(range(first, first + len(positions))), key


def test_the_cost_question_stands_for_the_five_cost_checks() -> None:
    question = next(e for e in entries() if e["slug"] == "publishes_costs")

    assert question["checks"] == ["tuition", "fees", "books", "technology", "refund_policy"]


LINKED = (
    *ARTICLE,
    *(AUTHORED / f"{name}.json" for name in ("asserters", "credentials")),
    *(AUTHORED / f"{name}.json" for name in ("advancement_paths", "work_settings", "guide")),
)


def test_every_link_of_the_guide_leads_somewhere(engine: Engine) -> None:
    tallies = import_files(engine, *LINKED)

    assert tallies["guide"].added == len(entries())


@pytest.mark.parametrize(
    ("section", "change", "fault"),
    [
        ("questions", {"checks": ["tution"]}, "checks names 'tution'.*Did you mean 'tuition'"),
        ("questions", {"criteria": ["costs"]}, "criteria names 'costs'"),
        ("questions", {"unscored": ["anatomie"]}, "unscored names 'anatomie'.*'anatomy'"),
        ("mistakes", {"warning_codes": ["cheap"]}, "warning_codes names 'cheap'"),
        ("mistakes", {"gate_codes": ["dated_prices"]}, "gate_codes names 'dated_prices'"),
        ("mistakes", {"credentials": ["RHTI"]}, "credentials names 'RHTI'"),
        ("skills", {"paths": ["him_manager"]}, "paths names 'him_manager'.*'him-manager'"),
        ("trends", {"skills": ["technology"]}, "skills names 'technology'"),
        ("trends", {"statistics": ["bls"]}, "statistics names 'bls'"),
        ("faqs", {"topics": ["trend"]}, "topics names 'trend'.*'trends'"),
        ("insights", {"references": ["ref_x"]}, "references names 'ref_x'"),
        ("insights", {"link_to": ["fit/rule"]}, "link_to names 'fit/rule'.*'fit/rules'"),
    ],
)
def test_a_link_that_leads_nowhere_refuses_the_file(
    engine: Engine, tmp_path: Path, section: str, change: dict[str, Any], fault: str
) -> None:
    guide = entries()
    next(entry for entry in guide if entry["section"] == section).update(change)
    path = tmp_path / "guide.json"
    path.write_text(json.dumps(guide))

    with pytest.raises(ImportFileError, match=f"{section}/.*{fault}"):
        import_files(engine, *LINKED[:-1], path)


def test_the_guide_alone_is_refused_where_what_it_links_to_is_missing(engine: Engine) -> None:
    with pytest.raises(ImportFileError, match=r"credentials names 'RHIT', which does not exist"):
        import_files(engine, AUTHORED / "guide.json")


@pytest.mark.parametrize(
    ("section", "fields"),
    [
        ("questions", ("checks", "unscored")),
        ("mistakes", ("checks", "unscored")),
        ("mistakes", ("warning_codes", "gate_codes")),
        ("skills", ("paths",)),
        ("trends", ("skills",)),
        ("challenges", ("skills",)),
        ("duties", ("skills",)),
    ],
)
def test_every_entry_of_these_sections_is_linked(
    seeded_client: TestClient, section: str, fields: tuple[str, ...]
) -> None:
    found = seeded_client.get(f"/v1/guide/{section}").json()["items"]

    assert found
    for entry in found:
        assert any(entry.get(field) for field in fields), entry["slug"]


def test_every_check_of_the_rubric_is_reached_from_the_guide(seeded_client: TestClient) -> None:
    reached = set()
    for section in ("questions", "mistakes", "education-options", "online-education", "timeline"):
        for entry in seeded_client.get(f"/v1/guide/{section}").json()["items"]:
            reached |= set(entry.get("checks", []))

    assert reached == set(RUBRIC.check_keys)


def test_a_skill_on_every_path_that_names_skills(seeded_client: TestClient) -> None:
    paths = seeded_client.get("/v1/advancement-paths").json()["items"]
    skills = seeded_client.get("/v1/guide/skills").json()["items"]

    linked = {path for skill in skills for path in skill["paths"]}
    assert linked == {path["slug"] for path in paths if path["skills_to_build"]}


def test_the_guide_is_served_by_section_in_order(seeded_client: TestClient) -> None:
    sections = seeded_client.get("/v1/guide").json()["items"]
    questions = seeded_client.get("/v1/guide/questions").json()

    [asked] = [one for one in sections if one["section"] == "questions"]
    assert (asked["entries"], asked["url"]) == (6, "/v1/guide/questions")
    assert [entry["position"] for entry in questions["items"]] == [1, 2, 3, 4, 5, 6]
    assert questions["next"] is None
    assert questions["sources"] == ["source-article"]


def test_an_entry_has_only_what_its_section_says(seeded_client: TestClient) -> None:
    entry = seeded_client.get("/v1/guide/fit/rules").json()

    assert set(entry) == {
        *("section", "slug", "position", "label", "good_fit", "not_fit", "statements"),
        *("filled", "basis", "source", "release", "as_of", "sources"),
    }


def test_steps_of_unknown_length_have_no_months(seeded_client: TestClient) -> None:
    step = seeded_client.get("/v1/guide/timeline/choose_program").json()

    assert "months_low" not in step
    assert "unknown" in step["months_note"]


@pytest.mark.parametrize(
    "path", ["/v1/guide/question", "/v1/guide/questions/publish_costs", "/v1/work-settings/hospitl"]
)
def test_a_misspelt_part_of_the_guide_names_the_nearest(
    seeded_client: TestClient, path: str
) -> None:
    answer = seeded_client.get(path)

    assert answer.status_code == 404
    assert "Did you mean" in answer.json()["detail"]


def test_six_work_settings_keep_shares_of_other_occupations_apart(
    seeded_client: TestClient,
) -> None:
    listed = seeded_client.get("/v1/work-settings").json()
    settings = listed["items"]
    shares = [share for one in settings for share in one["employment"]]
    assert listed["shares_known"]["settings"] == sum(1 for one in settings if one["employment"])
    assert listed["shares_known"]["occupations"] == sorted({one["soc_code"] for one in shares})
    hospital = seeded_client.get("/v1/work-settings/hospital").json()

    assert [setting["slug"] for setting in settings] == [
        "hospital",
        "physician-office",
        "outpatient-center",
        "insurance-organization",
        "government-agency",
        "remote-or-hybrid",
    ]
    assert all(s["evidence"]["stale"] for s in hospital["employment"])
    assert set(hospital["sources"]) == {
        "oews-profile-2011-05",
        "oews-profile-2021-05",
        "source-article",
    }
    shares = {(s["soc_code"], s["period"]): s["share_pct"] for s in hospital["employment"]}
    assert shares == {("29-9021", "2021-05"): 44.6, ("29-2071", "2011-05"): 37.4}
    assert all("must not be shown as the technician's" in s["note"] for s in hospital["employment"])


def test_shares_are_the_division_of_the_counts_beside_them() -> None:
    for setting in json.loads((AUTHORED / "work_settings.json").read_text()):
        for share in setting["employment"]:
            computed = 100 * share["in_setting"] / share["employed"]
            assert share["share_pct"] == pytest.approx(computed, abs=0.05)


def test_paths_come_with_official_wages_and_resolve_other_names(
    seeded_client: TestClient,
) -> None:
    paths = seeded_client.get("/v1/advancement-paths").json()
    by_name = seeded_client.get("/v1/advancement-paths/health-information-manager").json()

    assert paths["total"] == 7
    assert by_name["slug"] == "him-manager"
    figures = {f["slug"]: f["value_low"] for f in by_name["wages_and_outlook"]}
    assert figures["oews_2025_05_11_9111_annual_median"] == 123_860
    assert figures["ep_2024_34_11_9111_employment_change_pct"] == 23.2


def test_what_the_source_left_open_is_null_and_what_we_added_is_named(
    seeded_client: TestClient,
) -> None:
    path = seeded_client.get("/v1/advancement-paths/healthcare-it-project-manager").json()

    assert path["best_for"] is None
    assert path["skills_to_build"] is None
    assert path["credentials"] is None
    assert "soc_codes" in path["filled"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"months_low": 0}, "months_low 0 is unknown"),
        ({"months_high": 0}, "0.months_high"),
        ({"label": ""}, "0.label"),
        ({"sumary": "x"}, "0.sumary"),
        ({"summary": "Look at Best online colleges for working adults!"}, "sales language"),
        ({"label": "Online healthcare certification"}, "sales language"),
        ({"filled": ["summary"]}, "filled names 'summary'"),
    ],
)
def test_a_faulty_entry_refuses_the_file_and_is_named(
    engine: Engine, tmp_path: Path, change: dict[str, Any], named: str
) -> None:
    good = {"section": "skills", "slug": "x", "position": 1, "label": "Skill", "filled": []}
    path = tmp_path / "guide.json"
    path.write_text(json.dumps([{**good, **change}]))

    with pytest.raises(ImportFileError, match=named):
        import_files(engine, path)


def test_two_entries_of_one_address_refuse_the_file(engine: Engine, tmp_path: Path) -> None:
    entry = {"section": "skills", "slug": "x", "position": 1, "label": "Skill", "filled": []}
    path = tmp_path / "guide.json"
    path.write_text(json.dumps([entry, {**entry, "position": 2, "label": "Another"}]))

    with pytest.raises(ImportFileError, match=r"skills/x: stands there 2 times"):
        import_files(engine, path)


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/v1/guide/questions/publishes-costs", "publishes_costs"),
        ("/v1/work-settings/physician_office", "physician-office"),
        ("/v1/work-settings/private-practice", "physician-office"),
        ("/v1/work-settings/insurance companies", "insurance-organization"),
        ("/v1/advancement-paths/CDI_Specialist", "cdi-specialist"),
        ("/v1/advancement-paths/Coding-Auditor", "medical-coding-auditor"),
    ],
)
def test_addresses_resolve_with_hyphens_underscores_and_in_any_case(
    seeded_client: TestClient, path: str, slug: str
) -> None:
    answer = seeded_client.get(path)

    assert answer.status_code == 200
    assert answer.json()["slug"] == slug


def test_an_affiliate_address_refuses_the_file(engine: Engine, tmp_path: Path) -> None:
    settings = json.loads((AUTHORED / "work_settings.json").read_text())
    settings[0]["employment"][0]["source_url"] = "https://example.org/jobs?aff_id=7"
    path = tmp_path / "work_settings.json"
    path.write_text(json.dumps(settings))

    with pytest.raises(ImportFileError, match=r"0\.employment\.0\.source_url.*affiliate"):
        import_files(engine, path)


def test_every_reference_of_the_guide_has_an_address(seeded_client: TestClient) -> None:
    cited = {
        reference
        for section in seeded_client.get("/v1/guide").json()["items"]
        for entry in seeded_client.get(section["url"]).json()["items"]
        for reference in entry.get("references", [])
    }

    assert cited
    for key in cited:
        answer = seeded_client.get(f"/v1/sources/{key}")
        assert answer.status_code == 200, key
        assert answer.json()["key"] == key
        assert answer.json()["title"]
        assert answer.json()["url"] is None


def test_a_misspelt_reference_is_named(seeded_client: TestClient) -> None:
    assert "'ref_glassdoor'" in seeded_client.get("/v1/sources/ref_glasdoor").json()["detail"]


def test_sections_come_in_reading_order_with_title_and_sentence(seeded_client: TestClient) -> None:
    answer = seeded_client.get("/v1/guide").json()

    sections = answer["items"]
    assert [one["position"] for one in sections] == list(range(1, answer["total"] + 1))
    assert [one["section"] for one in sections] == [*SECTIONS]
    assert all(one["title"] and one["summary"] for one in sections)
    assert len(answer["left_out"]) == 1


def test_entries_come_in_their_order_kind_by_kind(seeded_client: TestClient) -> None:
    for section in SECTIONS:
        found = seeded_client.get(f"/v1/guide/{section}").json()["items"]
        kinds = [entry.get("kind") for entry in found]
        assert [entry["position"] for entry in found] == sorted(e["position"] for e in found)
        assert len([*groupby(kinds)]) == len(set(kinds)), section


def test_a_gate_among_the_warnings_of_an_earlier_version_is_read_as_one() -> None:
    facts = GuideFacts.model_validate({"warning_codes": ["not_eligible_rhit"]})

    assert (facts.warning_codes, facts.gate_codes) == (None, ["not_eligible_rhit"])
