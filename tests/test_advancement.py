"""Roles and plans: every step of every plan is allowed when it comes, and over HTTP."""

import json
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from starlette.testclient import TestClient

from app.domain.accreditors import load_remits
from app.domain.advancement.exams import World, fields_of
from app.domain.advancement.held import Held
from app.domain.advancement.levels import RANKS, level_of_award
from app.domain.advancement.plans import find_credential_plan, find_plan, meets
from app.domain.advancement.roles import ANY_FIELD, Kind, Requirement, Role
from app.domain.advancement.shown import shown_by
from app.domain.advancement.steps import Plan, Step
from app.domain.claims import ProgramFacts
from app.domain.credentials.eligibility import (
    EDUCATION_ORDER,
    Answer,
    Candidate,
    Education,
    StatusRule,
    find_eligibility,
)
from app.domain.credentials.timeline import Months, length_of
from app.domain.text.identifiers import fold
from app.errors import ImportFileError
from tests.importing import AUTHORED, import_files
from tests.making import TODAY, accredited

PATHS = json.loads((AUTHORED / "advancement_paths.json").read_text())
STEPS = json.loads((AUTHORED / "advancement_steps.json").read_text())
RULES = json.loads((AUTHORED / "credential_rules.json").read_text())
CODES = [c["code"] for c in json.loads((AUTHORED / "credentials.json").read_text())]


def to_role(path: dict[str, Any]) -> Role:
    requirements = [
        Requirement(
            kind=Kind(said["kind"]),
            at=at,
            any_of=None if said["any_of"] is None else tuple(said["any_of"]),
            at_least=said["at_least"],
            years_below=said["years_below"],
        )
        for at, said in enumerate(path["requirements"])
    ]
    skills = path["skills_to_build"]
    return Role(
        slug=path["slug"],
        is_entry=path["stage"] == "entry",
        requirements=tuple(requirements),
        comes_from=tuple(s["sending_role"] for s in STEPS if s["receiving_role"] == path["slug"]),
        skills=None if skills is None else tuple(skills),
    )


def to_statuses(code: str) -> dict[str, StatusRule]:
    return {
        row["status"]: StatusRule(row["counts_to_sit"].get(code, {}).get("value"), row["question"])
        for row in RULES["accreditation_statuses"]
    }


WORLD = World(
    remits=load_remits(Path("seed/accreditors.json")),
    roles={path["slug"]: to_role(path) for path in PATHS},
    rules=RULES["eligibility"],
    statuses={code: to_statuses(code) for code in CODES},
    today=TODAY,
)
TARGETS = [path["slug"] for path in PATHS if path["stage"] == "target"]
FIELDS = sorted({field for rules in WORLD.rules.values() for field in fields_of(rules)})
SKILLS = sorted({fold(s) for role in WORLD.roles.values() for s in role.skills or ()})
PROGRAMS = {
    "accredited associate": ProgramFacts("associate", "51.0707", accreditation=[accredited()]),
    "accredited bachelor": ProgramFacts("bachelor", "51.0706", accreditation=[accredited()]),
}


@st.composite
def helds(draw: st.DrawFn) -> Held:
    years = st.none() | st.integers(0, 12).map(float)
    return Held(
        education=draw(st.none() | st.sampled_from(Education)),
        awards=draw(st.frozensets(st.sampled_from(["certificate", "associate", "bachelor"]))),
        programs=tuple(PROGRAMS[n] for n in sorted(draw(st.sets(st.sampled_from([*PROGRAMS]))))),
        credentials=draw(st.frozensets(st.sampled_from(CODES), max_size=4)),
        roles=draw(st.frozensets(st.sampled_from([*WORLD.roles]), max_size=3)),
        experience_years=draw(years),
        years_in=draw(st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 12).map(float))),
        skills=draw(st.frozensets(st.sampled_from(SKILLS), max_size=12)),
    )


def more_than(held: Held, more: Held) -> Held:
    """Return both together; education only grows where some is told."""
    told = [e for e in (held.education, more.education) if e]
    years = [y for y in (held.experience_years, more.experience_years) if y is not None]
    fields = held.years_in.keys() | more.years_in.keys()
    education = max(told, key=EDUCATION_ORDER.index, default=None)
    if held.level is None and education is Education.LESS_THAN_HIGH_SCHOOL:
        education = None  # telling that one has no diploma is not holding more
    return Held(
        education=education,
        awards=held.awards | more.awards,
        programs=(*held.programs, *(p for p in more.programs if p not in held.programs)),
        credentials=held.credentials | more.credentials,
        roles=held.roles | more.roles,
        experience_years=max(years, default=None),
        years_in={f: max(held.years_in.get(f, 0), more.years_in.get(f, 0)) for f in fields},
        skills=held.skills | more.skills,
    )


def counted(held: Held) -> Held:
    """Return what is held with the education that its credentials show."""
    return shown_by(WORLD.rules, held, TODAY)[0]


def asked_anew(code: str, held: Held) -> list[str]:
    """Return the answers of the rules for whoever holds this, one a program that may count."""
    rules = WORLD.rules[code]
    fields = fields_of(rules)
    awarded = [Education(level) for level in map(level_of_award, held.awards) if level]
    told = [e for e in (held.education, held.least, *awarded) if e]
    candidate = Candidate(
        education=max(told, key=EDUCATION_ORDER.index, default=None),
        holds=held.credentials,
        experience_years=held.years_in.get(fields[0]) if fields else None,
    )
    programs: list[ProgramFacts | None] = [*held.programs]
    ranks = [RANKS[level_of_award(p.award_level) or "certificate"] for p in held.programs]
    if held.level is None or RANKS[held.level] > max(ranks, default=-1):
        programs.append(None)
    return [
        find_eligibility(rules, WORLD.statuses[code], replace(candidate, facts=p), TODAY).answer
        for p in programs
    ]


def check_allowed(step: Step, held: Held) -> None:
    """Raise where a step is not allowed for whoever holds this."""
    match step.kind:
        case Kind.CREDENTIAL:
            assert step.key not in held.credentials
            assert step.answer in {Answer.YES, Answer.UNKNOWN}
            assert step.answer in asked_anew(step.key, held), (step, held)
        case Kind.ROLE:
            role = WORLD.roles[step.key]
            assert role.is_entry or held.roles & set(role.comes_from), (step, held)
            for requirement in role.requirements:
                assert meets(requirement, held)[0] is not Answer.NO, (step, requirement, held)
        case Kind.EDUCATION if step.award_level in {"master", "postbaccalaureate_certificate"}:
            assert held.reaches("bachelor")
        case Kind.EDUCATION if step.award_level is not None:
            assert held.level is None or held.reaches("high_school"), (step, held)
            assert step.accredited_by or not held.reaches(str(step.key)), (step, held)
            assert step.answer is Answer.YES
        case Kind.EXPERIENCE:
            told = held.experience_years if step.key == ANY_FIELD else held.years_in.get(step.key)
            assert step.years is not None
            assert (told or 0) < step.years
            assert step.gained == step.years - (told or 0)


def walk(plan: Plan, held: Held) -> Held:
    for step in plan.steps:
        check_allowed(step, held)
        after = step.apply(held)
        assert after != held, step
        held = after
    return held


@given(target=st.sampled_from(TARGETS), held=helds())
@settings(max_examples=80, deadline=None)
def test_every_step_is_allowed_when_it_comes_and_the_role_at_the_end(
    target: str, held: Held
) -> None:
    held = counted(held)
    plan = find_plan(WORLD, target, held)

    end = walk(plan, held)
    assert plan.blocked_by == ()
    assert end == plan.held
    assert target in end.roles
    role = WORLD.roles[target]
    left_open = [item.requirement for item in plan.open if item.role == target]
    for requirement in role.requirements:
        answer, _ = meets(requirement, end)
        assert answer is Answer.YES or requirement in left_open, requirement
    assert {fold(skill) for skill in role.skills or ()} <= end.skills


@given(target=st.sampled_from(TARGETS), held=helds())
@settings(max_examples=60, deadline=None)
def test_nothing_is_left_to_do_at_the_end_of_a_plan(target: str, held: Held) -> None:
    end = find_plan(WORLD, target, counted(held)).held

    assert find_plan(WORLD, target, end).steps == ()


@given(target=st.sampled_from(TARGETS), held=helds(), more=helds())
@settings(max_examples=60, deadline=None)
def test_who_holds_more_never_needs_a_longer_plan(target: str, held: Held, more: Held) -> None:
    with_more = counted(more_than(held, more))

    assert len(find_plan(WORLD, target, with_more).steps) <= len(
        find_plan(WORLD, target, counted(held)).steps
    )


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("education", [None, *Education])
def test_every_target_can_be_reached_from_nothing(target: str, education: Education | None) -> None:
    held = Held(education=education)

    plan = find_plan(WORLD, target, held)

    assert plan.steps
    walk(plan, held)


def world_of(role: Role, **rules: dict[str, Any]) -> World:
    return World(roles={role.slug: role}, rules=rules, statuses={}, today=TODAY)


def role_that_takes(*codes: str) -> Role:
    asked = Requirement(Kind.CREDENTIAL, 0, any_of=codes)
    return Role("keeper", True, (asked,), skills=())


CLOSED = {"any_of": [], "closed": True}
ROUTE = {"route": "1", "text": "x", "decides": True, "source": "x", "source_kind": "issuer"}


def rules_with(*conditions: dict[str, Any], as_of: str = "2026") -> dict[str, Any]:
    return {"any_of": [{**ROUTE, "as_of": as_of, "all_of": list(conditions)}]}


def test_a_closed_exam_blocks_and_is_named() -> None:
    role = role_that_takes("CHP")

    plan = find_plan(world_of(role, CHP=CLOSED), "keeper", Held())

    assert plan.steps == ()
    [blocker] = plan.blocked_by
    assert blocker.requirement.any_of == ("CHP",)
    assert "CHP: The exam is not offered to anybody any more." in blocker.reason


def test_a_blocked_role_on_the_way_blocks_what_lies_beyond() -> None:
    beyond = Role("boss", False, (), comes_from=("keeper",), skills=())
    world = world_of(role_that_takes("CHP"), CHP=CLOSED)
    world = replace(world, roles={**world.roles, "boss": beyond})

    plan = find_plan(world, "boss", Held())

    assert [(b.role, b.requirement.any_of) for b in plan.blocked_by] == [("keeper", ("CHP",))]


def test_credentials_that_ask_for_each_other_block_instead_of_turning_in_circles() -> None:
    rules = {
        "A": rules_with({"kind": "holds", "any": ["B"]}),
        "B": rules_with({"kind": "holds", "any": ["A"]}),
    }

    plan = find_plan(world_of(role_that_takes("A"), **rules), "keeper", Held())

    assert [b.requirement.any_of for b in plan.blocked_by] == [("A",)]


def test_what_an_exam_asks_for_comes_before_it() -> None:
    rules = {
        "A": rules_with(
            {"kind": "holds", "any": ["B"]},
            {"kind": "experience_years", "field": "audits", "at_least": 3},
        ),
        "B": rules_with({"kind": "education", "at_least": "bachelor"}),
    }
    held = Held(education=Education.ASSOCIATE, years_in={"audits": 1.0})

    plan = find_plan(world_of(role_that_takes("A"), **rules), "keeper", held)

    assert [(s.kind, s.key) for s in plan.steps] == [
        (Kind.EDUCATION, "bachelor"),
        (Kind.CREDENTIAL, "B"),
        (Kind.EXPERIENCE, "audits"),
        (Kind.CREDENTIAL, "A"),
        (Kind.ROLE, "keeper"),
    ]
    assert plan.steps[0].months == Months(24, 48)  # nobody told how many credits count
    assert plan.steps[2].months == Months(24, 24)


def test_a_rule_too_old_to_count_leaves_its_step_in_place_and_flags_the_exam() -> None:
    rules = rules_with({"kind": "education", "at_least": "high_school"}, as_of="2015")

    plan = find_plan(world_of(role_that_takes("A"), A=rules), "keeper", Held())

    diploma, exam, _ = plan.steps
    assert (diploma.key, diploma.may_be_met) == ("high_school", True)
    assert exam.answer is Answer.UNKNOWN
    assert exam.changes


def test_an_exam_nobody_tells_of_is_a_step_with_its_question() -> None:
    rules = {"any_of": [], "unknown": True, "question": "Who may sit it?"}

    plan = find_plan(world_of(role_that_takes("A"), A=rules), "keeper", Held())

    assert plan.steps[0].answer is Answer.UNKNOWN
    assert [change.text for change in plan.steps[0].changes] == ["Who may sit it?"]


def test_a_degree_told_without_its_program_is_asked_about_not_repeated() -> None:
    named_not = Held(education=Education.BACHELOR)
    named = replace(named_not, programs=(PROGRAMS["accredited bachelor"],))
    none = Held(education=Education.ASSOCIATE)

    def exams(held: Held) -> list[tuple[str, str]]:
        steps = find_plan(WORLD, "him-manager", held).steps
        wanted = {Kind.EDUCATION, Kind.CREDENTIAL}
        return [(s.key, s.answer) for s in steps if s.kind in wanted]

    assert exams(named_not) == [("RHIA", "unknown")]
    assert exams(named) == [("RHIA", "yes")]
    assert exams(none) == [("bachelor", "yes"), ("RHIA", "yes")]


def test_a_program_named_that_does_not_count_calls_for_another() -> None:
    without = ProgramFacts("bachelor", "51.0706", accreditation=[accredited("not_accredited")])

    plan = find_plan(WORLD, "him-manager", Held(programs=(without,)))

    wanted = {Kind.EDUCATION, Kind.CREDENTIAL}
    steps = [(s.key, s.answer, s.accredited_by) for s in plan.steps if s.kind in wanted]
    assert steps == [("master", "yes", "CAHIIM"), ("RHIA", "yes", None)]


def test_a_planned_program_takes_the_place_of_any_other() -> None:
    planned = ProgramFacts("bachelor", "51.0706", accreditation=[accredited()])
    length = length_of("bachelor", months=Months(30, 36))
    world = replace(WORLD, planned=planned, planned_length=length)

    plan = find_plan(world, "him-manager", Held(education=Education.ASSOCIATE))

    study = next(step for step in plan.steps if step.kind is Kind.EDUCATION)
    assert study.is_planned_program
    assert study.months == Months(15, 36)  # all, or none, of the degree's credits count


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("code", "level"), [("RHIT", "associate"), ("RHIA", "bachelor"), ("CCS", "high_school")]
)
def test_what_a_credential_shows_is_never_asked_again(target: str, code: str, level: str) -> None:
    held, [shown] = shown_by(WORLD.rules, Held(credentials=frozenset({code})), TODAY)

    plan = find_plan(WORLD, target, held)

    assert shown.education == held.level == level
    for step in plan.steps:
        if step.kind is Kind.EDUCATION:
            assert RANKS[step.key] > RANKS[level]
            assert step.may_be_met  # the credential shows the least there is
    walk(plan, held)


def test_lower_education_told_than_a_credential_shows_is_told_apart() -> None:
    told = Held(education=Education.ASSOCIATE, credentials=frozenset({"RHIA", "CDIP"}))

    held, [shown] = shown_by(WORLD.rules, told, TODAY)

    assert (shown.education, shown.told, shown.is_least) == ("bachelor", "associate", True)
    assert held.level == "bachelor"


@pytest.mark.parametrize(
    ("held", "months"),
    [
        (Held(education=Education.ASSOCIATE), Months(24, 48)),
        (Held(education=Education.ASSOCIATE, credits_earned=30), Months(36, 48)),
        (Held(education=Education.ASSOCIATE, credits_counted=60), Months(24, 24)),
        (Held(education=Education.SOME_COLLEGE), Months(12, 48)),
        (Held(education=Education.HIGH_SCHOOL), Months(48, 48)),
    ],
)
def test_a_degree_is_as_open_as_the_credits_that_count(held: Held, months: Months) -> None:
    steps = find_plan(WORLD, "him-manager", held).steps

    assert [s.months for s in steps if s.key == "bachelor"] == [months]


@pytest.mark.parametrize(
    ("target", "held", "keys"),
    [
        ("medical-coder", Held(education=Education.CERTIFICATE), ["CCA"]),
        ("medical-coder", Held(education=Education.SOME_COLLEGE), ["certificate", "CCA"]),
        ("him-manager", Held(), ["bachelor", "RHIA"]),
    ],
)
def test_exams_come_before_work_and_one_award_serves_all(
    target: str, held: Held, keys: list[str]
) -> None:
    world = replace(WORLD, entry_exams=frozenset({"CCA", "CPC"}))

    steps = find_plan(world, target, held).steps

    assert [s.key for s in steps][: len(keys)] == keys
    assert [s.key for s in steps if s.kind in {Kind.EDUCATION, Kind.CREDENTIAL}] == keys


def test_a_degree_in_another_field_is_open_to_employers_and_opens_no_exam() -> None:
    elsewhere = Held(education=Education.BACHELOR, fields=frozenset({"51.38"}))

    plan = find_plan(WORLD, "health-data-analyst", elsewhere)
    manager = find_plan(WORLD, "him-manager", elsewhere)

    assert Kind.EDUCATION in {item.kind for item in plan.open}
    assert Kind.EDUCATION not in {step.kind for step in plan.steps}
    assert [s.accredited_by for s in manager.steps if s.kind is Kind.EDUCATION] == ["CAHIIM"]
    assert manager.open == ()


@pytest.mark.parametrize("code", CODES)
def test_a_credential_can_be_aimed_at(code: str) -> None:
    held = Held(education=Education.SOME_COLLEGE)

    plan = find_credential_plan(WORLD, code, held)

    walk(plan, held)
    assert (plan.steps == ()) == bool(plan.blocked_by)
    assert not plan.steps or plan.steps[-1].key == code


def test_roles_and_requirements_are_whole() -> None:
    slugs = {path["slug"] for path in PATHS}

    assert len(PATHS) == len(slugs) == 13
    assert {s["sending_role"] for s in STEPS} | {s["receiving_role"] for s in STEPS} <= slugs
    for path in PATHS:
        for code in path["credentials"] or []:
            assert code in CODES
        for said in path["requirements"]:
            assert set(said["any_of"] or []) <= set(CODES)
            if said["kind"] == "credential":
                assert said["any_of"] == path["credentials"], path["slug"]


def test_the_graph_has_first_jobs_and_a_basis_for_every_step(seeded_client: TestClient) -> None:
    graph = seeded_client.get("/v1/advancement-paths/graph").json()

    stages = [role["stage"] for role in graph["roles"]]
    assert (stages.count("entry"), stages.count("middle"), stages.count("target")) == (5, 1, 7)
    assert len(graph["steps"]) == len(STEPS)
    assert {s["evidence"]["basis"] for s in graph["steps"]} == {"editorial"}
    sources = {s["evidence"]["source"] for s in graph["steps"]}
    assert sources == {"source-article", "hit-compare"} <= set(graph["sources"])
    by_ends = {(s["sending_role"], s["receiving_role"]): s for s in graph["steps"]}
    near = by_ends["data-quality-specialist", "health-data-analyst"]["related"]
    assert (near["onet_code"], near["tier"]) == ("29-9021.00", "primary_short")
    assert by_ends["medical-coder", "medical-coding-auditor"]["is_same_occupation"]


@pytest.mark.parametrize("slug", [path["slug"] for path in PATHS])
def test_a_role_shows_pay_outlook_work_and_ways(seeded_client: TestClient, slug: str) -> None:
    role = seeded_client.get(f"/v1/advancement-paths/{slug}").json()

    for occupation in role["occupations"]:
        wages = {f["measure"]: f["value"] for f in occupation["wages"]}
        assert wages["annual_p10"] < wages["annual_median"] < wages["annual_p90"]
        assert {f["period"] for f in occupation["wages"]} == {"2025-05"}
        growth = [f for f in occupation["outlook"] if f["measure"] == "employment_change_pct"]
        assert [f["horizon"] for f in growth] == ["2024-2034"]
        assert seeded_client.get(occupation["url"]).status_code == 200
    assert role["work"]["tasks"]
    assert role["work"]["technology"]
    assert len(role["work"]["related"]) == 20
    assert "CC BY 4.0" in role["work"]["attribution"]
    assert all(way[-1] == slug for way in role["ways"])
    assert role["ways"]
    assert all(said["evidence"]["source"] for said in role["requirements"])


def plan(client: TestClient, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = client.post("/v1/advancement-plans", json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def test_a_plan_is_also_a_link(seeded_client: TestClient) -> None:
    told = {"target": "cdi-specialist", "credentials": ["RHIT", "CCA"], "experience_years": 2}

    answer = seeded_client.get("/v1/advancement-plans", params=told)
    strange = seeded_client.get("/v1/advancement-plans", params=told | {"target": "cdi-specalist"})

    assert answer.json() == plan(seeded_client, **told)
    assert strange.status_code == 422
    assert [one["parameter"] for one in strange.json()["errors"]] == ["target"]


def test_a_plan_tells_steps_prices_questions_and_sources(seeded_client: TestClient) -> None:
    told = plan(
        seeded_client,
        target="Coding auditor",
        education="associate",
        roles=["HIT technician"],
        as_of="2026-11-24",
    )

    assert told["target"] == "medical-coding-auditor"
    assert told["is_reachable"] is True
    assert [(s["kind"], s["key"]) for s in told["steps"]] == [
        ("credential", "CCS"),
        ("role", "medical-coder"),
        ("skills", "medical-coding-auditor"),
        ("role", "medical-coding-auditor"),
    ]
    assert [s["position"] for s in told["steps"]] == [1, 2, 3, 4]
    exam = told["steps"][0]
    assert (exam["answer"], exam["route"]) == ("yes", "1")
    # 299 is the members' fee; the dues of members, 149, are not needed to sit the exam
    assert exam["cost"] == {"low_usd": 299.0, "high_usd": 399.0, "is_complete": True}
    assert [one["what"] for one in exam["missing"]] == ["months"]
    assert told["not_priced"] == []
    assert {e["source"] for part in exam["cost_parts"] for e in part["evidence"]} <= set(
        told["sources"]
    )
    assert exam["months"] == {"low": None, "high": None}
    assert told["months"] == {"low": None, "high": None}
    assert told["months_is_open"] is True
    assert told["cost"] == exam["cost"]
    options = {o["credential"]: o for o in told["options"] if o["role"] == told["target"]}
    assert options["CCS"]["is_planned"]
    assert not options["CPMA"]["is_planned"]


def test_a_plan_names_the_steps_that_its_cost_leaves_out(seeded_client: TestClient) -> None:
    told = plan(seeded_client, target="medical-coder", as_of="2026-11-24")
    page = seeded_client.get(
        "/advancement-plans", params={"target": "medical-coder"}, headers={"accept": "text/html"}
    ).text

    unpriced = [s["label"] for s in told["steps"] if s["cost"] and s["cost"]["low_usd"] is None]
    said = told["cost_text"]
    assert unpriced
    assert told["not_priced"] == unpriced
    assert told["cost"]["low_usd"] > 0
    assert told["cost"]["high_usd"] is None
    assert not told["cost"]["is_complete"]
    assert "$199" in said
    assert "a certificate" in said
    assert said in " ".join(page.split())


@pytest.mark.parametrize(
    "asked",
    [
        {"target": "medical-coder", "education": "high_school"},
        {"target": "RHIT", "education": "certificate", "education_field": "medical coding"},
        {"target": "RHIT", "education": "some_college", "residency": "out_of_state"},
        {"target": "RHIA", "home_state": "OH"},
    ],
)
def test_what_a_degree_may_cost_is_read_off_the_programs_it_may_be(
    seeded_client: TestClient, asked: dict[str, str]
) -> None:
    told = plan(seeded_client, **asked)
    reader = {key: asked[key] for key in ("residency", "home_state") if key in asked}

    [step] = [one for one in told["steps"] if one["prices"]]
    lows: list[float] = []
    following: str | None = ""
    while following is not None:
        page = {**reader, "limit": "100", **({"cursor": following} if following else {})}
        found = seeded_client.get(f"{step['url']}&{urlencode(page)}").json()
        lows += [one["total_cost"]["low_usd"] for one in found["items"] if one["total_cost"]]
        following = found["next"]
    low, _, high = quantiles(lows, n=4, method="inclusive")
    assert (step["prices"]["programs"], step["prices"]["priced"]) == (found["total"], len(lows))
    assert step["prices"]["low_usd"] == pytest.approx(low, abs=1)
    assert step["prices"]["high_usd"] == pytest.approx(high, abs=1)
    assert f"${step['prices']['low_usd']:,}" in told["cost_text"]
    assert step["cost"]["low_usd"] is None
    assert told["cost"]["high_usd"] is None


def test_a_page_tells_what_a_degree_may_cost_where_the_reader_lives(
    seeded_client: TestClient,
) -> None:
    page = seeded_client.get(
        "/advancement-plans",
        params={"target": "RHIT", "education": "certificate", "near": "48201"},
        headers={"accept": "text/html"},
    ).text
    at_home, elsewhere = (
        plan(seeded_client, target="RHIT", education="certificate", **reader)
        for reader in ({"home_state": "MI"}, {"residency": "in_state"})
    )

    assert "data-prices" in page
    assert at_home["cost_text"] in " ".join(page.split())
    assert at_home["cost_text"] != elsewhere["cost_text"]


def test_unknown_prices_are_missing_and_never_0(seeded_client: TestClient) -> None:
    told = plan(seeded_client, target="cdi-specialist", credentials=["RHIT"], education="associate")

    exam = next(s for s in told["steps"] if s["kind"] == "credential")
    assert exam["answer"] == "unknown"
    assert exam["cost"] == {"low_usd": None, "high_usd": None, "is_complete": False}
    asked = {(part["what"], part["whom"]) for part in exam["missing"]}
    assert {("exam", "AHIMA"), ("credential", "AHIMA")} <= asked
    assert told["cost"] == exam["cost"]


def test_dues_of_one_issuer_are_counted_once(seeded_client: TestClient) -> None:
    told = plan(
        seeded_client,
        target="medical-coding-auditor",
        education="associate",
        prefer=["CPC", "CPMA"],
        roles=["coding-assistant"],
        as_of="2026-11-24",
    )

    parts = {s["key"]: [p["component"] for p in s["cost_parts"]] for s in told["steps"]}
    assert [s["key"] for s in told["steps"] if s["kind"] == "credential"] == ["CPC", "CPMA"]
    assert parts["CPC"] == ["exam", "membership"]
    assert "membership" not in parts["CPMA"]


def test_a_program_to_come_brings_its_own_price(seeded_client: TestClient) -> None:
    slug = "western-governors-university-510706-bachelor"

    told = plan(seeded_client, target="him-manager", education="associate", next_program=slug)

    study = next(s for s in told["steps"] if s["kind"] == "education")
    assert study["program"] == slug
    assert study["cost"]["low_usd"] > 0
    assert study["cost_parts"]
    exam = next(s for s in told["steps"] if s["key"] == "RHIA")
    assert exam["answer"] == "unknown"  # whether CAHIIM accredits it is not known


def test_a_preferred_credential_is_planned_for_with_the_years_it_asks(
    seeded_client: TestClient,
) -> None:
    told = plan(
        seeded_client,
        target="compliance-officer",
        education="bachelor",
        roles=["coding auditor"],
        experience_in={"healthcare_privacy_or_security_management": 0.5},
        prefer=["chps"],
    )

    years, exam = told["steps"][:2]
    assert years["months"] == {"low": 18.0, "high": 18.0}
    assert (years["credential"], years["route"]) == ("CHPS", "4")
    assert exam["answer"] == "unknown"
    assert "too old to count" in exam["reason"]


def test_nothing_is_missing_where_all_is_held(seeded_client: TestClient) -> None:
    path = next(p for p in PATHS if p["slug"] == "cdi-specialist")

    told = plan(
        seeded_client,
        target=path["slug"],
        credentials=["CDIP"],
        education="associate",
        roles=[path["slug"]],
        skills=path["skills_to_build"],
    )

    assert told["steps"] == told["missing"] == told["open"] == []
    assert told["is_reachable"] is True


def test_what_nobody_tells_of_a_role_stays_open(seeded_client: TestClient) -> None:
    told = plan(seeded_client, target="healthcare-it-project-manager", education="bachelor")

    assert [(o["kind"], o["whom"]) for o in told["open"]] == [
        ("credential", "employers"),
        ("skills", "employers"),
    ]


def test_a_plan_for_a_credential_has_one_answer_and_leads_to_its_programs(
    seeded_client: TestClient,
) -> None:
    to_exam = plan(seeded_client, target="rhit", education="certificate", education_field="coding")
    manager = plan(seeded_client, target="him-manager", credentials=["RHIT"], education="associate")
    first = plan(seeded_client, target="CCA", education="less_than_high_school")

    assert (to_exam["target"], to_exam["target_kind"], to_exam["roles"]) == (
        *("RHIT", "credential"),
        [],
    )
    assert [s["key"] for s in to_exam["steps"]] == ["associate", "RHIT"]
    assert seeded_client.get(to_exam["target_url"]).status_code == 200
    assert [one["education"] for one in manager["shown"]] == ["associate"]
    study = next(s for s in manager["steps"] if s["kind"] == "education")
    assert study["credits"] == {"needed": 120.0, "counted_low": 0.0, "counted_high": 60.0}
    assert "credits" in {part["what"] for part in study["missing"]}
    listed = seeded_client.get(study["url"]).json()["items"]
    assert {one["cip_code"] for one in listed} <= {"51.0706", "51.0707"}
    exam = next(s for s in manager["steps"] if s["key"] == "RHIA")
    [option] = [o for o in manager["options"] if o["credential"] == "RHIA"]
    assert (option["answer"], option["reason"]) == (exam["answer"], exam["reason"])
    assert option["answer_today"] != "yes"
    assert "$199" in first["cost_text"]
    assert "diploma" in first["cost_text"]


def test_every_name_that_is_not_known_is_told_with_the_nearest(seeded_client: TestClient) -> None:
    problem = plan(
        seeded_client,
        422,
        target="cdi_specialst",
        credentials=["RHIT", "Physician based coding specialst"],
        roles=["medical-codr"],
        experience_in={"privacy": 1},
        programs=["no-such-program"],
        education_field="wizardry",
        prefer=["CCDZ"],
    )

    told = {e["pointer"]: e.get("suggestion") for e in problem["errors"]}
    assert told == {
        "#/target": "cdi-specialist",
        "#/credentials/1": "CCS-P",
        "#/roles/0": "medical-coder",
        "#/experience_in/privacy": "healthcare privacy or security management",
        "#/programs/0": None,
        "#/education_field": None,
        "#/prefer/0": None,
    }


@pytest.mark.parametrize(
    ("body", "pointer", "suggestion"),
    [
        ({"education": "bachelors"}, "#/education", "bachelor"),
        ({"experience_years": -1}, "#/experience_years", None),
        ({"experience_in": {"coding": 99}}, "#/experience_in/coding", None),
        ({"credential": ["RHIT"]}, "#/credential", "credentials"),
        ({"skills": ["teaching provders"]}, "#/skills/0", "teaching providers"),
    ],
)
def test_a_faulty_field_is_refused(
    seeded_client: TestClient, body: dict[str, Any], pointer: str, suggestion: str | None
) -> None:
    problem = plan(seeded_client, 422, target="cdi-specialist", **body)

    [error] = problem["errors"]
    assert (error["pointer"], error.get("suggestion")) == (pointer, suggestion)


def test_steps_between_roles_nobody_knows_refuse_the_file(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "advancement_steps.json"
    path.write_text(json.dumps([{**STEPS[0], "sending_role": "wizard"}]))

    with pytest.raises(ImportFileError, match="no role is known as 'wizard'"):
        import_files(engine, AUTHORED / "advancement_paths.json", path)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"at_least": "phd"}, "at_least must be one of"),
        ({"kind": "skills"}, "is no requirement"),
        ({"source": None, "statistic": None}, "name a source or a statistic"),
    ],
)
def test_a_requirement_that_does_not_hold_together_refuses_the_file(
    engine: Engine, tmp_path: Path, change: dict[str, Any], named: str
) -> None:
    entry = json.loads(json.dumps(PATHS[0]))
    said = next(r for r in entry["requirements"] if r["kind"] == "education")
    said.update(change)
    path = tmp_path / "advancement_paths.json"
    path.write_text(json.dumps([entry]))

    with pytest.raises(ImportFileError, match=named):
        import_files(engine, path)


def test_settings_link_their_roles_and_say_what_is_not_known(seeded_client: TestClient) -> None:
    settings_ = seeded_client.get("/v1/work-settings").json()["items"]

    assert len(settings_) == 6
    for setting in settings_:
        assert setting["credentials"]
        assert set(setting["credentials"]) <= set(CODES)
        for role in setting["roles"]:
            assert role["occupations"]
            urls = [o["url"] for o in role["occupations"]] + [role["path_url"]]
            assert all(seeded_client.get(u).status_code == 200 for u in urls if u)
        assert setting["remote"] == []
        assert {"employment", "remote"} == {question["field"] for question in setting["unknown"]}
        assert all(question["ask"] and question["whom"] for question in setting["unknown"])
