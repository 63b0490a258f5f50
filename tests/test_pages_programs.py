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


ANSWERS = (
    "accredited leads_to cost length format practicum transfer earnings".split()
)  # in the order of the page


def facts(page: ReadPage, group: str) -> list[str]:
    """Return the facts of a group in words, each with who says it."""
    return [part.text for part in page.parts if part.marks.get("fact") == group]


def findings(page: ReadPage, kind: str) -> dict[str, str]:
    """Return what answers or checks are about -> their finding."""
    return {part.marks[kind]: part.marks["finding"] for part in page.parts if kind in part.marks}


def test_the_address_of_no_program_leads_to_the_search(seeded_client: TestClient) -> None:
    answer = seeded_client.get("/programs?q=rhit&lang=es", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (307, "/?lang=es&q=rhit")


def test_a_program_shows_name_school_interval_and_dated_facts(seeded_client: TestClient) -> None:
    score = seeded_client.get(f"/v1/programs/{SCHOOLCRAFT}/checklist").json()["score"]

    page = get(seeded_client, f"/programs/{SCHOOLCRAFT}")

    assert any(picture.startswith(f"{score['low']:g} ") for picture in page.pictures)
    names = ("met", "known-in-part", "open", "not-met")
    parts = [float(page.marked(f"score-{name}")[0]) for name in names]
    assert sum(parts) == pytest.approx(100)
    assert parts[0] == score["low"]
    assert parts[3] == pytest.approx(100 - score["high"])
    read = seeded_client.get(f"/v1/programs/{SCHOOLCRAFT}").json()
    assert page.marked("peers") == [str(read["peers"]["rank"])]
    assert all(one["reason"] in page.text for one in read["leads_to_reasons"])
    assert page.link("catalog.schoolcraft.edu")
    assert page.link("RHIT") == "/credentials/RHIT"
    assert page.link("Schoolcraft Community College District") == "/institutions/172200"
    hrefs = [link.href for link in page.links]
    assert {f"/v1/programs/{SCHOOLCRAFT}.jsonld", f"/v1/programs/{SCHOOLCRAFT}"} <= set(hrefs)
    assert page.inline == []


def test_eight_questions_are_answered_first_each_with_who_says_so(
    seeded_client: TestClient,
) -> None:
    read = seeded_client.get(f"/v1/programs/{SCHOOLCRAFT}").json()

    page = get(seeded_client, f"/programs/{SCHOOLCRAFT}")

    found = findings(page, "answer")
    assert page.marked("answer") == ANSWERS
    assert set(ANSWERS) <= set(page.marked("who-says"))
    assert found["accredited"] == read["accreditation"]
    assert found["length"] == "unknown"
    assert found["format"] == "not_met"
    total = read["total_cost"]
    cost = page.part("answer", "cost")
    assert f"${total['low_usd']:,.0f}" in cost
    assert total["for_whom"] in cost
    earned = f"${read['field_outcome']['earnings_4_years_usd']:,.0f}"
    assert earned in page.part("answer", "earnings")
    assert found["earnings"] == "partly_known"
    stated = read["accreditations"][0]["evidence"]["as_stated"]
    assert stated in page.part("who-says", "accredited")
    assert "term-cahiim" in page.ids


def test_the_answer_on_cost_is_that_of_the_reader(seeded_client: TestClient) -> None:
    path = f"/programs/{SCHOOLCRAFT}"
    total = seeded_client.get(f"/v1{path}?home_state=OH").json()["total_cost"]

    for asked_for in ("home_state=OH", "near=45402", "residency=out_of_state"):
        cost = get(seeded_client, f"{path}?{asked_for}").part("answer", "cost")

        assert f"${total['out_of_state']['low_usd']:,.0f}" in cost


def test_what_is_open_and_decides_is_asked_first_and_written_to_the_school(
    seeded_client: TestClient,
) -> None:
    questions = seeded_client.get(f"/v1/programs/{SCHOOLCRAFT}/checklist").json()["questions"]
    letter = seeded_client.get(f"/v1/programs/{SCHOOLCRAFT}/letter").json()

    page = get(seeded_client, f"/programs/{SCHOOLCRAFT}")

    asked_for = page.marked("ask")
    assert asked_for[:5] == [
        "covers_campus_and_level",
        "tuition",
        "length",
        "hours_stated",
        "articulation",
    ]
    assert {one["check"] for one in questions} <= set(asked_for)
    assert len(asked_for) == len(set(asked_for)) == letter["questions"]
    assert [link.href for link in page.links if link.href.startswith("mailto:")] == [
        letter["mailto"]
    ]
    assert any(link.href == "#ask-length" for link in page.links)
    assert "ask-length" in page.ids


def test_every_fact_can_be_reported_with_record_and_fact_filled_in(
    seeded_client: TestClient,
) -> None:
    page = get(seeded_client, f"/programs/{SCHOOLCRAFT}?lang=es")

    reports = [asked(link.href) for link in page.links if link.href.startswith("/corrections?")]
    named = [one for one in reports if "field" in one]
    assert len(named) > 40
    assert all(one["key"] == [SCHOOLCRAFT] and one["lang"] == ["es"] for one in named)
    assert all(len(one["field"][0]) <= 60 for one in named)
    school = get(seeded_client, "/institutions/172200")
    slug = "schoolcraft-community-college-district"
    assert [one["key"] for link in school.links if "field" in (one := asked(link.href))].count(
        [slug]
    ) > 20


def test_every_check_stands_on_the_page_with_its_question(seeded_client: TestClient) -> None:
    checklist = seeded_client.get(f"/v1/programs/{SINCLAIR}/checklist").json()

    page = get(seeded_client, f"/programs/{SINCLAIR}")

    checks = [check for criterion in checklist["criteria"] for check in criterion["checks"]]
    told = [part for part in page.parts if "check" in part.marks and part.text]
    assert [part.marks["check"] for part in told] == [check["key"] for check in checks]
    assert [part.marks["finding"] for part in told] == [check["finding"] for check in checks]
    for part, check in zip(told, checks, strict=True):
        assert check["label"] in part.text
        assert (check["question"] or "") in part.text


def test_of_a_bare_program_everything_is_unknown_and_nothing_is_no(
    client: TestClient, session: Session
) -> None:
    add_program(session, "bare-hit")
    publish(session)

    page = get(client, "/programs/bare-hit")

    found = findings(page, "answer")
    assert set(found) == set(ANSWERS)
    assert set(found.values()) == {"unknown"}
    asked_for = {link.href.removeprefix("#ask-") for link in page.links if "#ask-" in link.href}
    assert asked_for <= set(page.marked("ask"))
    assert len(asked_for) == len(ANSWERS)
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

    assert "$6,000 or more" in page.part("part", "tuition")
    assert page.marked("open-price") == ["true"]
    assert page.marked("missing")


def test_a_length_that_is_only_usual_is_told_beside_the_total(
    client: TestClient, session: Session
) -> None:
    add_program(session, "usual", claims=[price("tuition", 3000)])
    publish(session)

    page = get(client, "/programs/usual")

    assert "$6,000 to $7,500" in page.part("answer", "cost")
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

    practicum = facts(page, "practicum")
    for shown, value in zip(
        practicum, ("80 to 120", "On site", None, "school", "PPE"), strict=True
    ):
        assert (value or "") in shown
        assert ("2026-01-15" in shown) == (value is not None)
    assert "80 to 120" in page.part("answer", "practicum")
    topics = [part for part in page.parts if part.marks.get("fact") == "topic"]
    told_of = [part.marks["finding"] for part in topics if part.marks["known"] == "true"]
    assert told_of == ["met", "not_met"]
    transfer = facts(page, "transfer")
    assert any("State" in one for one in transfer)
    assert any("30" in one for one in transfer)
    assert findings(page, "answer")["transfer"] == "met"
    assert "State" in page.part("answer", "transfer")
    assert "81.5%" in facts(page, "outcome")[0]
    services = [part.marks for part in page.parts if part.marks.get("fact") == "service"]
    assert [one["finding"] for one in services] == ["not_met"]
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
    (accredited(through_year=2031, next_review="2030"), ("2031", "2030")),
    (
        PracticumClaim(
            availability="optional",
            hours_low=40,
            is_site_arranged=False,
            format="mixed",
            **evidence(as_of="2025-01"),
        ),
        ("Optional", "40 hours or more", "the student finds the site"),
    ),
    (
        OfferingClaim(
            delivery=["online"],
            months_low=12,
            credits=30,
            enrollment_status="paused",
            **evidence(as_of="2025-01"),
        ),
        ("Online", "no new students"),
    ),
    (OfferingClaim(credits=30, **evidence(as_of="2025-01")), ("30 credits",)),
    (
        TopicClaim(topic="anatomy", is_covered=False, **evidence(as_of="2025-01")),
        ("Anatomy", "Not covered"),
    ),
    (
        OutcomeClaim(
            metric="placement_rate",
            unit="percent",
            value_status="withheld",
            **evidence(as_of="2025-01"),
        ),
        ("Placement rate", "Withheld"),
    ),
]
"""A claim that loses -> what is said of it."""


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
        conflicts = facts(get(client, f"/programs/disputed-{at}"), "conflict")
        assert all(words_of in " ".join(conflicts) for words_of in said)


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

    answers = dict(zip(page.marked("exam"), page.marked("opens"), strict=True))
    assert answers["RHIT"] == "no"
    assert findings(page, "answer")["leads_to"] == "not_met"


def test_similar_programs_can_be_chosen_and_keep_the_list(seeded_client: TestClient) -> None:
    items = seeded_client.get(f"/v1/programs/{SINCLAIR}/similar?limit=3").json()["items"]

    page = get(seeded_client, f"/programs/{SINCLAIR}?program={OWENS}&weights=accreditation:1")

    for item in items:
        assert item["name"] in page.text
        name = f"{item['institution']['name']}: {item['name']}"
        own, added = [asked(link.href) for link in page.links if name in link.text]
        assert own["program"] == [OWENS]
        assert added["program"] == [OWENS, item["slug"]]
        assert item["slug"] in page.marked("program")
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
        ("credential=RHITT", "“RHITT”"),
        ("pace=slow", "pace"),
        ("weights=speed:1", "speed"),
        ("residency=nowhere", "Price for"),
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
    assert str(read["unitid"]) in page.text
    assert read["opeid"] in page.text
    assert {"term-unitid", "term-opeid", "term-title-iv"} <= set(page.ids)
    found = findings(page, "answer")
    assert found["open"] == found["accredited"] == found["aid"] == "met"
    assert list(found) == ["open", "accredited", "aid", "net_price", "graduation", "earnings"]
    for program in read["programs"]:
        assert f"choose-{program['slug']}" in page.ids
        assert any(link.href == f"/programs/{program['slug']}" for link in page.links)
        assert page.part("program", program["slug"])
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
    assert len(page.marked("untold")) == 4
    assert set(findings(page, "answer").values()) <= {"unknown", "not_met"}


def test_a_price_that_is_the_same_for_all_is_told_once(
    client: TestClient, session: Session
) -> None:
    of_school = evidence("institution")
    told = [
        price("tuition", 9000, residency=residency, **of_school)
        for residency in ("in_state", "out_of_state")
    ]
    apart = [
        price("fees", amount, residency=residency, **of_school)
        for amount, residency in ((100, "in_state"), (300, "out_of_state"))
    ]
    add_program(session, "one-price", claims=[*told, *apart])
    publish(session)

    page = get(client, "/institutions/some-college")

    residencies = list(zip(page.marked("price"), page.marked("residency"), strict=True))
    assert residencies == [("tuition", "any"), ("fees", "in_state"), ("fees", "out_of_state")]


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
