"""Pages on credentials, work settings and roles over HTTP: what they say, and what links keep."""

from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.domain.credentials.cells import FIELD_LABELS
from app.site.pages.credentials import SECTIONS
from app.site.pages.role_graph import lay_out
from tests.reading_pages import ReadPage, asked, read_page

SINCLAIR = "sinclair-community-college-510707-associate"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def get(client: TestClient, path: str, status: int = 200) -> ReadPage:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == status, answer.text
    return read_page(answer.text)


def of(client: TestClient, path: str, **query: Any) -> Any:
    return client.get(f"/v1{path}", params=query).json()


def test_the_list_has_every_credential_by_level_with_its_fee_and_date(
    seeded_client: TestClient,
) -> None:
    items = of(seeded_client, "/credentials")["items"]

    page = get(seeded_client, "/credentials")

    assert {item["code"] for item in items} <= set(page.ids)
    assert sorted(page.marked("status")) == sorted(item["status"] for item in items)
    assert "$229 (members), $299 (others)" in page.text


def test_the_list_is_narrowed_like_the_interface(seeded_client: TestClient) -> None:
    found = of(seeded_client, "/credentials", level="specialist", issuer="AAPC")["items"]

    page = get(seeded_client, "/credentials?level=specialist&issuer=AAPC&focus=&q=")

    shown = [one for one in page.ids if one.isupper()]
    assert sorted(shown) == sorted(item["code"] for item in found)
    assert {one["value"] for one in page.fields if "selected" in one} == {"specialist", "AAPC"}


def test_every_field_of_a_credential_has_a_place() -> None:
    placed = {field for fields in SECTIONS.values() for field in fields}

    assert placed == set(FIELD_LABELS)


def test_a_credential_tells_ways_disputes_conflicts_and_what_to_ask(
    seeded_client: TestClient,
) -> None:
    page = get(seeded_client, "/credentials/RHIT")

    read = of(seeded_client, "/credentials/RHIT")
    for way in read["eligibility"]["any_of"]:
        listed = page.part("ways", "deciding" if way["decides"] else "disputed")
        assert way["text"] in listed
    assert all(text in page.text for text in read["eligibility"]["never"])
    for cell in read["cells"]:
        if cell["field"] in page.marked("field"):
            dated = [one["evidence"]["as_of"] for one in cell["conflicts"] + cell["history"]]
            assert all(day in page.text for day in dated if day)
    assert asked(page.link("programs"))["credential"] == ["RHIT"]
    assert page.link("Hospitals") == "/work-settings/hospital"
    assert page.link("JSON") == "/v1/credentials/RHIT"


def test_every_claim_on_a_credential_is_on_its_page(seeded_client: TestClient) -> None:
    for code in ("CCA", "ODS", "CHPS"):
        read = of(seeded_client, f"/credentials/{code}")
        page = get(seeded_client, f"/credentials/{code}")

        for cell in read["cells"]:
            if cell["question"]:
                assert cell["question"] in page.text
            if cell["current"] and cell["current"]["note"]:
                assert cell["current"]["note"] in page.text


def test_former_and_retired_names_say_what_they_are(seeded_client: TestClient) -> None:
    former = get(seeded_client, "/credentials/ctr")
    retired = get(seeded_client, "/credentials/CHP")

    assert former.marked("asked-as") == ["CTR"]
    assert "may-i" in former.ids
    assert "may-i" not in retired.ids


@pytest.mark.parametrize(
    "told",
    [
        {"program": SINCLAIR, "education": "high_school"},
        {"education": "associate", "experience_years": "2"},
        {"holds": "RHIT", "experience_years": "4"},
    ],
)
@pytest.mark.parametrize("code", ["RHIT", "CHPS", "CPC"])
def test_may_i_sit_it_answers_like_the_interface(
    seeded_client: TestClient, code: str, told: dict[str, str]
) -> None:
    read = of(seeded_client, "/eligibility", credential=code, **told)
    query = "&".join(f"{'studied' if k == 'program' else k}={v}" for k, v in told.items())

    page = get(seeded_client, f"/credentials/{code}?{query}")

    assert page.marked("answer") == [read["answer"]]
    assert read["reason"] in page.text
    for change in read["what_would_change"]:
        assert change["text"] in page.text


def test_nothing_told_gives_no_answer(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/credentials/RHIT?studied=&education=&experience_years=")

    assert "verdict" not in page.ids


def test_faults_name_the_field_of_the_form(seeded_client: TestClient) -> None:
    json = {"Accept": "application/json"}
    wrong = {
        "/credentials/RHIT?studied=nothing-like-it": "studied",
        "/credentials/RHIT?holds=RHTI": "holds",
        "/credentials/RHIT?experience_years=-1": "experience_years",
        "/renewal?held=RHTI": "held",
        "/renewal?passed=RHTI": "passed",
        "/renewal?held=%20": "held",
        "/renewal?passed_on=yesterday": "passed_on",
        "/advancement-plans?target=cdi-specialst": "target",
        "/advancement-plans?target=cdi-specialist&held=RHTI": "held",
        "/advancement-plans?target=cdi-specialist&role=codr": "role",
        "/advancement-plans?target=cdi-specialist&skill=sking": "skill",
        "/fit?agree=rules.god_fit": "agree",
    }
    for path, name in wrong.items():
        answer = seeded_client.get(path, headers=json)
        assert answer.status_code == 422, path
        parameter = answer.json()["errors"][0]["parameter"]
        assert parameter.split(".")[0] == name, path
        assert get(seeded_client, path, 422).text


def test_renewal_shows_units_what_counts_and_what_is_not_known(seeded_client: TestClient) -> None:
    held = ["CCS", "RHIA", "CPC"]
    plan = seeded_client.post("/v1/renewal-plans", json={"credentials": held}).json()

    page = get(seeded_client, "/renewal?" + "&".join(f"held={code}" for code in held))

    for line in plan["lines"]:
        for remark in line["remarks"]:
            assert remark["text"] in page.text
        for gap in line["unknown"]:
            assert gap["question"] in page.text
    assert page.marked("units") == [str(line["units"]) for line in plan["lines"]]
    assert page.marked("usd") == [str(fees["known_usd"]) for fees in plan["fees_per_year"]]
    assert sorted(page.sent("held")) == sorted(held)


def test_the_day_of_an_exam_dates_the_cycle(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/renewal?passed=RHIT&passed_on=2025-03-10")
    late = seeded_client.get("/renewal?passed=RHIT&passed_on=2095-03-10", headers=HTML)

    assert page.marked("ends") == ["2027-03-10"]
    assert late.status_code == 422


def test_a_setting_shows_its_share_with_year_and_whose_it_is(seeded_client: TestClient) -> None:
    every = of(seeded_client, "/work-settings")["items"]
    page = get(seeded_client, "/work-settings/hospital")
    unknown = get(seeded_client, "/work-settings/government-agency")

    assert any(picture.startswith("44.6% of: Health information") for picture in page.pictures)
    assert unknown.marked("share") == []
    for gap in every[4]["unknown"]:
        assert gap["ask"] in unknown.text
    assert {one["slug"] for one in every} <= set(get(seeded_client, "/work-settings").ids)


def test_pay_is_drawn_with_its_edition_and_population(seeded_client: TestClient) -> None:
    read = of(seeded_client, "/advancement-paths/cdi-specialist")
    page = get(seeded_client, "/advancement-paths/cdi-specialist")

    for occupation in read["occupations"]:
        wages = {wage["measure"]: wage for wage in occupation["wages"]}
        shown = f"{wages['annual_median']['value']:,.0f}"
        said = page.part("occupation", occupation["code"])
        for fact in (f"${shown}", wages["annual_median"]["period"]):
            assert fact in said
        assert wages["annual_median"]["population"] in said
        drawn = next(text for text in page.pictures if occupation["title"] in text)
        assert f"${wages['annual_p10']['value']:,.0f}" in drawn


def test_a_replaced_figure_stands_beside_the_newer_one(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/advancement-paths/him-manager")

    [newer] = set(page.marked("newer"))
    at = page.marked("beside").index(newer)
    assert newer.startswith("ep_2024_34_11_9111")
    assert page.marked("compares")[at] == "false"


def test_the_picture_of_roles_says_every_step(seeded_client: TestClient) -> None:
    graph = of(seeded_client, "/advancement-paths/graph")
    labels = {role["slug"]: role["label"] for role in graph["roles"]}

    page = get(seeded_client, "/advancement-paths")

    content = unescape(seeded_client.get("/advancement-paths", headers=HTML).text)
    drawn = content.partition('aria-label="Which role leads to which: ')[2].partition('"')[0]
    for step in graph["steps"]:
        assert f"{labels[step['sending_role']]} → {labels[step['receiving_role']]}" in drawn
    for role in graph["roles"]:
        assert page.link(role["label"]) == f"/advancement-paths/{role['slug']}"


def test_a_plan_has_the_steps_of_the_interface_and_its_open_ends(
    seeded_client: TestClient,
) -> None:
    body = {"target": "him-manager", "credentials": ["RHIT"], "education": "associate"}
    plan = seeded_client.post("/v1/advancement-plans", json=body).json()

    page = get(seeded_client, "/advancement-plans?target=him-manager&held=RHIT&education=associate")

    assert page.marked("step") == [step["key"] for step in plan["steps"]]
    for step in plan["steps"]:
        said = page.part("step", step["key"])
        assert all(gap["reason"] in said for gap in step["missing"])


def test_fit_shows_what_is_ticked_side_by_side_and_no_verdict(seeded_client: TestClient) -> None:
    page = get(seeded_client, "/fit?agree=rules.good_fit&agree=clinical_contact.not_fit")

    assert "Privacy, accuracy and compliance" in page.part("side", "good_fit")
    assert "You want hands-on patient care" in page.part("side", "not_fit")
    assert sorted(page.sent("agree")) == ["clinical_contact.not_fit", "rules.good_fit"]
    assert get(seeded_client, "/fit").marked("side") == []


def test_the_card_of_a_credential_leads_to_its_page(seeded_client: TestClient) -> None:
    card = seeded_client.get("/embed/credential/CCS-P").text

    assert 'href="/credentials/CCS-P"' in card


@given(
    st.integers(1, 9).flatmap(
        lambda n: st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))).map(
            lambda pairs: (n, sorted((one, other) for one, other in pairs if one < other))
        )
    )
)
def test_a_layout_stands_every_role_right_of_those_that_lead_to_it(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    slugs = [str(at) for at in range(graph[0])]
    edges = [(str(one), str(other)) for one, other in graph[1]]

    layout = lay_out(slugs, edges)

    taken = [*layout.places.values(), *(p for passes in layout.passes.values() for p in passes)]
    assert len(set(taken)) == len(taken)
    for edge in edges:
        columns = [layout.places[edge[0]], *layout.passes[edge], layout.places[edge[1]]]
        assert [column for column, _ in columns] == list(range(columns[0][0], columns[-1][0] + 1))


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True))
def test_a_circle_of_roles_is_refused(circle: list[str]) -> None:
    edges = [(one, circle[(at + 1) % len(circle)]) for at, one in enumerate(circle)]

    with pytest.raises(ValueError, match="circle"):
        lay_out(list("abcd"), edges)
