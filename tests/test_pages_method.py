"""How the score is made, and where the facts come from, as pages."""

import re

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.checklist.warnings import WarningCode
from app.domain.credentials.leads_to import GateCode
from app.domain.evidence import RANKS, Subject
from app.domain.vocabulary import ValueStatus
from app.site.pages.data import FIELDS, STATEMENTS
from app.site.pages.method import RANKED, SUBJECTS
from tests.making import RUBRIC, add_program, add_sources, price, publish
from tests.reading_pages import ReadPage, read_page

SINCLAIR = "sinclair-community-college-510707-associate"
HTML = {"Accept": "text/html,*/*;q=0.8"}


def get(client: TestClient, path: str, status: int = 200, **headers: str) -> ReadPage:
    answer = client.get(path, headers=HTML | headers)
    assert answer.status_code == status, answer.text
    page = read_page(answer.text)
    assert page.inline == []
    return page


def test_every_check_is_there_with_points_reason_rule_and_question(
    seeded_client: TestClient,
) -> None:
    page = get(seeded_client, "/method")

    for criterion in RUBRIC.criteria:
        assert criterion.key in page.ids
        assert criterion.reason in page.text
        for check in criterion.checks:
            assert check.key in page.ids
            for said in (check.label, check.reason, check.rule, check.question):
                assert said in page.text
            assert str(check.points) in page.marked("points")


def test_every_gate_and_warning_can_be_pointed_at(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/method")

    assert {*GateCode, *WarningCode} <= set(page.ids)


def test_the_example_is_the_sum_of_the_first_program_of_the_list(
    seeded_client: TestClient,
) -> None:
    checklist = seeded_client.get(f"/v1/programs/{SINCLAIR}/checklist").json()
    low, high = checklist["score"]["low"], checklist["score"]["high"]

    page = get(seeded_client, f"/method?program={SINCLAIR}")

    assert any(f"{low:g} to {high:g} of 100" in picture for picture in page.pictures)
    [lowest] = re.findall(r"Lowest ((?:[\d.]+ × [\d.]+(?: \+ )?)+) = ([\d.]+)", page.text)
    terms = [tuple(map(float, term.split(" × "))) for term in lowest[0].split(" + ")]
    assert float(lowest[1]) == low
    assert sum(weight * points for weight, points in terms) == pytest.approx(low, abs=0.1)


def test_the_example_is_weighed_as_the_reader_weighs(seeded_client: TestClient) -> None:
    weights = "accreditation:1"
    checklist = seeded_client.get(f"/v1/programs/{SINCLAIR}/checklist?weights={weights}").json()

    page = get(seeded_client, f"/method?program={SINCLAIR}&weights={weights}")

    low, high = checklist["score"]["low"], checklist["score"]["high"]
    assert any(f"{low:g} to {high:g} of 100" in picture for picture in page.pictures)


def test_without_a_list_the_program_of_which_most_is_known_is_the_example(
    seeded_client: TestClient,
) -> None:
    best = seeded_client.get("/v1/programs?sort=-coverage&limit=1").json()["items"][0]

    page = get(seeded_client, "/method")

    text = f"{round(100 * best['score']['coverage'])}% of the checklist is known"
    assert any(text in picture for picture in page.pictures)


def test_a_program_nobody_knows_in_the_list_does_not_hide_the_page(
    seeded_client: TestClient,
) -> None:
    page = get(seeded_client, "/method?program=nobody-hit")

    assert page.marked("example") == ["best known"]


def test_an_empty_catalogue_has_no_example(client: TestClient) -> None:
    page = get(client, "/method")

    assert page.marked("example") == []


def test_the_worked_order_is_the_exact_share(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/method")

    assert page.marked("ahead") == ["16/35"]
    assert page.text.count("68.75") == 2


def test_a_reason_why_is_given_for_every_rank_and_every_shelf_life() -> None:
    assert len(RANKED) == len(set(RANKS.values()))
    assert set(SUBJECTS) == set(Subject)


def test_a_version_of_the_rubric_keeps_its_page(seeded_client: TestClient) -> None:
    page = get(seeded_client, f"/method/{RUBRIC.version}")

    assert RUBRIC.published_on in page.part("version", RUBRIC.version)
    assert all(key in page.ids for key in RUBRIC.check_keys)
    assert page.link("as data") == f"/v1/rubrics/{RUBRIC.version}"


def test_weights_that_make_no_sense_are_refused_on_a_page(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/method?weights=luck:3", 422)

    assert "'luck' is not a criterion" in page.text


def test_every_source_is_listed_with_publisher_licence_and_rows(
    seeded_client: TestClient,
) -> None:
    page = get(seeded_client, "/data")

    for source in seeded_client.get("/v1/sources").json()["items"]:
        assert source["key"] in page.ids
        for name in ("title", "publisher", "licence", "attribution", "edition"):
            assert (source[name] or "") in page.text
        assert f"{source['row_count']:,}" in page.text
    overdue = seeded_client.get("/health/ready").json()["overdue"]
    assert overdue
    assert set(page.marked("overdue")) == set(overdue)


def test_what_is_known_of_every_field_is_told_in_numbers(seeded_client: TestClient) -> None:
    report = seeded_client.get("/v1/completeness").json()

    page = get(seeded_client, "/data")

    for collection in report["collections"]:
        for field in collection["fields"]:
            assert field["field"] in FIELDS
            said = page.part("rate", f"{collection['name']}.{field['field']}")
            assert f"{field['known']:,}" in said
            assert f"{field['total']:,}" in said
    for criterion in report["criteria"]:
        assert f"{round(100 * criterion['mean_coverage'])}%" in page.part("rate", criterion["key"])


def test_everything_can_be_taken_away(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/data")

    exports = [link.href for link in page.links if link.href.startswith("/v1/export/")]
    assert {"/v1/export/programs.csv", "/v1/export/catalogue.ndjson"} <= set(exports)
    for address in ("/v1/export/source.ndjson", "/v1/export/guide_entry.ndjson"):
        assert address in exports
        assert seeded_client.get(address).status_code == 200


def test_the_release_is_named_with_its_day(seeded_client: TestClient) -> None:
    release = seeded_client.get("/v1/releases").json()["items"][0]

    page = get(seeded_client, "/data")

    assert page.part("release", str(release["number"])) == release["published_at"][:10]
    assert page.link("What this release changed") == f"/v1/releases/{release['number']}"


def test_a_value_its_source_withholds_is_counted_apart(
    session: Session, client: TestClient
) -> None:
    withheld = price("tuition", None, value_status="withheld")
    add_program(session, "alpha-hit", claims=[price("tuition", 1000), withheld])
    publish(session)

    page = get(client, "/data")

    assert page.part("status", "reported").startswith("1 ")
    assert page.part("status", "withheld").startswith("1 ")


def test_what_is_known_is_counted_anew_with_each_release(
    session: Session, client: TestClient
) -> None:
    add_program(session, "alpha-hit", claims=[price("tuition", 1000)])
    publish(session)
    before = get(client, "/data")
    add_program(session, "beta-hit", claims=[price("tuition", 2000)])
    publish(session)

    after = get(client, "/data")

    assert before.part("status", "reported").startswith("1 ")
    assert after.part("status", "reported").startswith("2 ")


def test_a_catalogue_without_release_says_so(session: Session, client: TestClient) -> None:
    add_sources(session)
    session.commit()

    page = get(client, "/data")

    assert page.marked("release") == []


def test_every_status_of_a_value_has_words() -> None:
    assert set(STATEMENTS) == set(ValueStatus)
