"""Phrases that sell are refused, ordinary words are not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.domain.checklist.results import findings_of
from app.domain.checklist.rules import find_all
from app.domain.claims import CostClaim, ProgramFacts, known_on
from app.store.tables.institutions import Institution
from tests.domain.facts import REMITS
from tests.importing import import_files
from tests.making import RUBRIC, TODAY, accredited, add_program, price, publish
from tests.test_import_command import HD_HEADER, HD_ROWS

MARKED = {
    "url": "https://best-sponsored-school.example/hit?utm_source=partner&ref=42",
    "name": "Best Award Winning Sponsored Institute",
}


def test_a_name_a_logo_and_url_parameters_do_not_move_a_score(
    client: TestClient, session: Session
) -> None:
    """The same facts under other names and addresses give the same score, check by check."""
    facts = [price("tuition", 4000), accredited(), price("books", 500)]
    add_program(session, "plain", school="plain-college", claims=facts)
    dressed = [
        replace(fact, source_url="https://cdn.example/logo.png?campaign=gold&sponsor=1")
        for fact in facts
    ]
    add_program(
        session,
        "dressed",
        school="dressed-college",
        school_fields={"name": MARKED["name"], "website": MARKED["url"]},
        claims=dressed,
        name=MARKED["name"],
        url=MARKED["url"],
    )
    publish(session)

    one, other = (
        client.get(f"/v1/programs/{slug}/checklist").json() for slug in ("plain", "dressed")
    )

    assert one["score"] == other["score"]
    findings = [
        [
            (check["key"], check["finding"], check["points"])
            for c in page["criteria"]
            for check in c["checks"]
        ]
        for page in (one, other)
    ]
    assert findings[0] == findings[1]
    assert one["gates"] == other["gates"]
    listed = client.get("/v1/programs", params={"sort": "-score"}).json()["items"]
    assert [{k: item["score"][k] for k in one["score"]} for item in listed] == [one["score"]] * 2


def checks_of(page: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (check["key"], check["finding"], check["points"])
        for criterion in page["criteria"]
        for check in criterion["checks"]
    ]


@given(
    name=st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=40),
    query=st.text("abcdefgh=&123", max_size=30),
    note=st.one_of(st.none(), st.just("Sponsored: 5 stars")),
)
def test_no_word_of_a_source_moves_a_finding(name: str, query: str, note: str | None) -> None:
    facts = [price("tuition", 4000), accredited("candidacy")]
    dressed = [
        replace(
            fact,
            source_url=f"https://x.example/?{query}",
            as_stated=name,
            note=note,
            source="another-source",
        )
        for fact in facts
    ]

    def findings(claims: list[Any]) -> dict[str, Any]:
        costs = [c for c in claims if isinstance(c, CostClaim)]
        others = [c for c in claims if not isinstance(c, CostClaim)]
        program = ProgramFacts(
            award_level="associate", cip_code="51.0707", costs=costs, accreditation=others
        )
        return findings_of(find_all(known_on(program, TODAY), RUBRIC, TODAY, REMITS))

    assert findings(facts) == findings(dressed)


def test_a_school_that_sends_a_paid_address_is_listed_without_it(
    engine: Engine, tmp_path: Path
) -> None:
    row = HD_ROWS.splitlines()[0].replace("www.first.edu", "https://www.awin1.com/cread.php?id=1")
    path = tmp_path / "hd2024.csv"
    path.write_text(HD_HEADER + row + "\n")

    tally = import_files(engine, path)["ipeds-directory"]

    assert tally.refused == 1
    assert "line 2" in tally.reasons[0]
    assert "pays somebody" in tally.reasons[0]
    with Session(engine) as session:
        assert session.exec(select(Institution.website)).one() is None
