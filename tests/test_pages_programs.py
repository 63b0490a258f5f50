"""Pages of a program and of a school over HTTP: facts, sayers, shapes, links and refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.claims import (
    AccreditationClaim,
    OfferingClaim,
    OutcomeClaim,
    PracticumClaim,
    ServiceClaim,
    TopicClaim,
    TransferClaim,
)
from app.site import words
from app.site.pages.programs import _stretch
from tests.making import NOW, accredited, add_program, evidence, price, publish
from tests.reading_pages import ReadPage, asked, read_page

SINCLAIR = "sinclair-community-college-510707-associate"
SCHOOLCRAFT = "schoolcraft-community-college-district-510707-associate"
OWENS = "owens-community-college-510707-associate"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def get(client: TestClient, path: str, status: int = 200, **headers: str) -> ReadPage:
    answer = client.get(path, headers=HTML | headers)
    assert answer.status_code == status, answer.text
    return read_page(answer.text)


def test_a_program_shows_name_school_award_interval_and_dated_facts(
    seeded_client: TestClient,
) -> None:
    score = seeded_client.get(f"/v1/programs/{SCHOOLCRAFT}/checklist").json()["score"]

    page = get(seeded_client, f"/programs/{SCHOOLCRAFT}")

    interval = f"{score['low']:g} to {score['high']:g} of 100 points"
    assert any(picture.startswith(interval) for picture in page.pictures)
    names = ("met", "known-in-part", "open", "not-met")
    parts = [float(page.marked(f"score-{name}")[0]) for name in names]
    assert sum(parts) == pytest.approx(100)
    assert parts[0] == score["low"]
    assert parts[3] == pytest.approx(100 - score["high"])
    read = seeded_client.get(f"/v1/programs/{SCHOOLCRAFT}").json()
    assert page.marked("peers") == [str(read["peers"]["rank"])]
    assert all(one["reason"] in page.text for one in read["leads_to_reasons"])
    questions = seeded_client.get(f"/v1/programs/{SCHOOLCRAFT}/checklist").json()["questions"]
    assert page.marked("ask") == [one["check"] for one in questions]
    assert page.link("catalog.schoolcraft.edu")
    assert page.link("RHIT") == "/credentials/RHIT"
    assert page.link("Schoolcraft Community College District") == "/institutions/172200"
    assert page.link("Linked data") == f"/v1/programs/{SCHOOLCRAFT}.jsonld"
    assert page.inline == []


def test_every_check_stands_on_the_page_with_its_question(seeded_client: TestClient) -> None:
    checklist = seeded_client.get(f"/v1/programs/{SINCLAIR}/checklist").json()

    page = get(seeded_client, f"/programs/{SINCLAIR}")

    for criterion in checklist["criteria"]:
        for check in criterion["checks"]:
            said = page.part("check", check["key"])
            assert check["label"] in said
            assert (check["question"] or "") in said
    checks = [check for criterion in checklist["criteria"] for check in criterion["checks"]]
    assert page.marked("check") == [check["key"] for check in checks]
    assert page.marked("finding") == [check["finding"] for check in checks]


def test_of_a_bare_program_everything_is_unknown_and_nothing_is_no(
    client: TestClient, session: Session
) -> None:
    add_program(session, "bare-hit")
    publish(session)

    page = get(client, "/programs/bare-hit")

    for label in ("Tuition and fees", "Program accreditation", "Length", "Delivery", "Practicum"):
        assert f"{label} Not known" in page.text
    assert page.marked("total") == page.marked("year") == []
    assert "$0" not in page.text
    assert "not_met" not in page.marked("finding")


def test_the_cost_is_that_of_the_interface_and_parts_without_a_price_are_named(
    seeded_client: TestClient,
) -> None:
    terms = "residency=out_of_state&pace=part&credential=RHIT"
    cost = seeded_client.get(f"/v1/programs/{SINCLAIR}/total-cost?{terms}").json()

    page = get(seeded_client, f"/programs/{SINCLAIR}?{terms}")

    low = f"${cost['total']['low_usd']:,.0f}"
    picture = next(one for one in page.pictures if one.startswith("In all"))
    assert low in picture
    assert page.marked("part") == [part["component"] for part in cost["components"]]
    assert page.marked("missing") == [part["component"] for part in cost["missing"]]
    for part in cost["missing"]:
        said = page.part("missing", part["component"])
        assert all(part[name] in said for name in ("reason", "ask", "whom"))
    assert {("residency", "out_of_state"), ("pace", "part"), ("credential", "RHIT")} <= {
        (
            "residency"
            if one["value"] in words.RESIDENCIES
            else "pace"
            if one["value"] in ("full", "part")
            else "credential",
            one["value"],
        )
        for one in page.fields
        if "selected" in one
    }


def test_a_price_without_an_upper_end_is_shown_as_open(
    client: TestClient, session: Session
) -> None:
    open_price = price("tuition", 6000, unit="program", amount_high_cents=None)
    add_program(session, "open", claims=[open_price])
    publish(session)

    page = get(client, "/programs/open")

    assert "$6,000 or more" in page.text
    assert page.marked("open-price") == ["true"]
    assert page.marked("missing")


def test_a_length_that_is_only_usual_is_told_beside_the_total(
    client: TestClient, session: Session
) -> None:
    add_program(session, "usual", claims=[price("tuition", 3000)])
    publish(session)

    page = get(client, "/programs/usual")

    assert "$6,000 to $7,500" in page.text
    assert page.marked("usual-length") == ["true"]


def test_a_retired_program_says_so_and_shows_what_was_known(
    client: TestClient, session: Session
) -> None:
    claims = [price("tuition_and_fees", 4321, contains=["tuition", "fees"])]
    add_program(session, "gone", claims=claims, retired_at=NOW, retired_reason="It was closed.")
    publish(session)

    page = get(client, "/programs/gone")

    assert "It was closed." in page.part("retired", f"{NOW:%Y-%m-%d}")
    assert "$4,321" in page.text


def test_what_is_said_of_teaching_and_results_stands_with_who_says_it(
    client: TestClient, session: Session
) -> None:
    told = evidence()
    claims = [
        PracticumClaim(
            availability="required",
            hours_low=80,
            hours_high=120,
            format="onsite",
            is_site_arranged=True,
            components=[{"label": "PPE"}],
            **told,
        ),
        TopicClaim(topic="anatomy", is_covered=True, **told),
        TopicClaim(topic="data_analytics", is_covered=False, **told),
        TransferClaim(kind="articulation", is_offered=True, receiving_institution="State", **told),
        TransferClaim(kind="credits_accepted", is_offered=True, credits_max=30, **told),
        OutcomeClaim(
            metric="exam_pass_rate", unit="percent", value=81.5, credential_code="RHIT", **told
        ),
        ServiceClaim(service="career_services", is_offered=False, **evidence("institution")),
    ]
    add_program(session, "told-hit", claims=claims, completions={"2023-24": 12, "2022-23": 24})
    publish(session)

    page = get(client, "/programs/told-hit")

    who = "School (opens in a new tab), 2026-01-15"
    assert f"Hours 80 to 120 hours {who}" in page.text
    assert f"Where the hours are done On site {who}" in page.text
    assert f"Who finds the site The school arranges the site {who}" in page.text
    assert f"The school's word for it PPE {who}" in page.text
    assert f"Anatomy and physiology Covered {who}" in page.text
    assert f"Data analytics Not covered {who}" in page.text
    assert "Coding systems Not known" in page.text
    assert f"Agreement with a named award Yes State{who}" in page.text
    assert f"Credits accepted in Yes at most 30 credits{who}" in page.text
    assert "Transfer policy published Not known" in page.text
    assert "Exam pass rate 81.5% RHIT" in page.text
    assert f"Career services No {who}" in page.text
    assert page.marked("year") == ["2023-24", "2022-23"]


def test_statements_that_say_otherwise_are_shown_too(client: TestClient, session: Session) -> None:
    older = evidence(as_of="2025-02", source_url="https://other.example/fees")
    claims = [price("fees", 500), price("fees", 300, **older)]
    add_program(session, "disputed", claims=claims)
    publish(session)

    page = get(client, "/programs/disputed")

    assert "$300 a year" in page.part("conflicts", "1")
    assert "other.example" in page.part("conflicts", "1")


CLAIMS = [
    (accredited(through_year=2031, next_review="2030"), "through 2031 · next review 2030"),
    (
        PracticumClaim(
            availability="optional",
            hours_low=40,
            is_site_arranged=False,
            format="mixed",
            **evidence(as_of="2025-01"),
        ),
        "Practicum Optional 40 hours or more · in several forms · the student finds the site",
    ),
    (
        OfferingClaim(
            delivery=["online"],
            months_low=12,
            credits=30,
            enrollment_status="paused",
            **evidence(as_of="2025-01"),
        ),
        "Online Takes no new students at present",
    ),
    (
        OfferingClaim(credits=30, **evidence(as_of="2025-01")),
        "How it is offered 30 credits",
    ),
    (
        TopicClaim(topic="anatomy", is_covered=False, **evidence(as_of="2025-01")),
        "Anatomy and physiology Not covered",
    ),
    (
        OutcomeClaim(
            metric="placement_rate",
            unit="percent",
            value_status="withheld",
            **evidence(as_of="2025-01"),
        ),
        "Placement rate Withheld for privacy",
    ),
]
"""A claim that loses -> how it is said."""


def test_any_kind_of_statement_is_put_into_words(client: TestClient, session: Session) -> None:
    kept = {
        AccreditationClaim: accredited("probationary", as_of="2026-05"),
        PracticumClaim: PracticumClaim(availability="required", **evidence()),
        OfferingClaim: OfferingClaim(delivery=["campus"], **evidence()),
        TopicClaim: TopicClaim(topic="anatomy", is_covered=True, **evidence()),
        OutcomeClaim: OutcomeClaim(metric="placement_rate", unit="percent", value=80, **evidence()),
    }
    for at, (lost, _) in enumerate(CLAIMS):
        add_program(session, f"disputed-{at}", claims=[kept[type(lost)], lost])
    publish(session)

    for at, (_, said) in enumerate(CLAIMS):
        assert said in get(client, f"/programs/disputed-{at}").text


def test_exams_named_by_the_program_are_answered_with_their_reason(
    seeded_client: TestClient,
) -> None:
    page = get(seeded_client, f"/programs/{SCHOOLCRAFT}")
    for code in ("RHIT", "CCA"):
        answer = seeded_client.get(
            f"/v1/eligibility?credential={code}&program={SCHOOLCRAFT}"
        ).json()

        said = page.part("exam", code)
        assert answer["reason"] in said
        assert all(change["text"] in said for change in answer["what_would_change"])
    assert "RHIT" in page.marked("exam")


def test_a_coding_certificate_is_told_that_it_does_not_open_the_rhit_exam(
    seeded_client: TestClient,
) -> None:
    page = get(
        seeded_client,
        "/programs/ozarks-technical-community-college-510713-certificate-1-to-2-years",
    )

    answers = dict(zip(page.marked("exam"), page.marked("answer"), strict=True))
    assert answers["RHIT"] == "no"


def test_similar_programs_can_be_chosen_and_keep_the_list(seeded_client: TestClient) -> None:
    items = seeded_client.get(f"/v1/programs/{SINCLAIR}/similar?limit=3").json()["items"]

    page = get(seeded_client, f"/programs/{SINCLAIR}?program={OWENS}&weights=accreditation:1")

    for item in items:
        assert item["name"] in page.text
        added = [
            asked(link.href)
            for link in page.links
            if f"{item['institution']['name']}: {item['name']}" in link.text
        ]
        assert added[0]["program"] == [OWENS, item["slug"]]
        for one in (*item["better"], *item["worse"]):
            assert one["detail"] in page.text


def test_weights_change_the_interval_and_the_page_says_so(seeded_client: TestClient) -> None:
    weights = "weights=cost_transparency:1"
    score = seeded_client.get(f"/v1/programs/{SINCLAIR}/checklist?{weights}").json()["score"]

    page = get(seeded_client, f"/programs/{SINCLAIR}?{weights}")

    assert any(one.startswith(f"{score['low']:g} to {score['high']:g} ") for one in page.pictures)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("credential=RHITT", "'RHITT'"),
        ("pace=slow", "pace"),
        ("weights=speed:1", "speed"),
        ("residency=nowhere", "residency"),
    ],
)
def test_what_is_not_understood_is_named(seeded_client: TestClient, query: str, said: str) -> None:
    assert said in get(seeded_client, f"/programs/{SINCLAIR}?{query}", status=422).text


def test_a_school_shows_accreditation_prices_numbers_and_its_programs(
    seeded_client: TestClient,
) -> None:
    read = seeded_client.get("/v1/institutions/205470").json()

    page = get(seeded_client, "/institutions/205470")

    prices = [one for one in read["costs"] if one["standing"] == "current"]
    named = {one["component"] for one in prices if one["amount_low_usd"] is not None}
    assert set(page.marked("price")) == named
    assert "Higher Learning Commission" in page.text
    assert f"UNITID {read['unitid']}" in page.text
    assert f"OPEID {read['opeid']}" in page.text
    for program in read["programs"]:
        assert f"choose-{program['slug']}" in page.ids
        assert any(link.href == f"/programs/{program['slug']}" for link in page.links)
    assert len(page.pictures) == len(read["programs"])
    assert page.inline == []


def test_a_school_without_any_claim_says_what_to_ask(client: TestClient, session: Session) -> None:
    add_program(
        session,
        "bare-hit",
        school_fields={"control": None, "level": None, "is_active": False, "unitid": None},
    )
    publish(session)

    page = get(client, "/institutions/some-college")

    assert page.marked("price") == []
    assert page.text.count("Not known. Ask") == 4


def test_cards_of_a_slug_with_odd_letters_lead_nowhere_else(seeded_client: TestClient) -> None:
    answer = seeded_client.get("/programs/%7B0%7D%3Cscript%3E", headers=HTML)

    assert answer.status_code == 404
    assert "<script>" not in answer.text.split("<main", 1)[1]


@given(
    low=st.floats(0, 1e6) | st.none(),
    more=st.floats(0, 1e6) | st.none(),
    room=st.floats(1, 2),
)
def test_a_bar_never_leaves_its_frame(low: float | None, more: float | None, room: float) -> None:
    high = None if more is None else (low or 0) + more
    scale = max(high or low or 1, 0.01) * room

    bar = _stretch(low, high, scale)

    assert bar.sure >= 0
    assert bar.open >= -0.01
    assert bar.sure + bar.open <= 100.01
    assert high is not None or bar.sure + bar.open == pytest.approx(100, abs=0.01)
