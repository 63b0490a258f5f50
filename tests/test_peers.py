"""The place of a program by score among those of its kind: in lists, records and checklists."""

from collections import defaultdict
from typing import Any

from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.ledger.summaries import refresh_summaries
from app.store.tables.programs import Program, ProgramSummary
from tests.making import NOW, RUBRIC, accredited, add_program, price, publish


def walk(client: TestClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        asked = {"limit": "100", **({"cursor": cursor} if cursor else {})}
        page = client.get("/v1/programs", params=asked).json()
        items += page["items"]
        if not (cursor := page["next"]):
            return items


def test_ranks_count_those_of_the_same_kind_with_a_higher_score(
    seeded_client: TestClient,
) -> None:
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for item in walk(seeded_client):
        if item["peers"]:
            by_kind[item["peers"]["kind"]].append(item)

    assert len(by_kind) > 20
    for items in by_kind.values():
        places = [(item["score"]["likely"], item["score"]["low"]) for item in items]
        for item, place in zip(items, places, strict=True):
            assert item["peers"]["rank"] == 1 + sum(other > place for other in places)
            assert item["peers"]["of"] == len(items)


def test_record_and_checklist_tell_the_place_of_the_list(seeded_client: TestClient) -> None:
    asked = {"q": "sinclair", "cip_code": "51.0707", "award_level": "associate"}
    [item] = seeded_client.get("/v1/programs", params=asked).json()["items"]
    path = f"/v1/programs/{item['slug']}"

    assert item["peers"]["kind"] == "associate in health information"
    assert seeded_client.get(path).json()["peers"] == item["peers"]
    assert seeded_client.get(f"{path}/checklist").json()["peers"] == item["peers"]
    weighed = seeded_client.get(f"{path}/checklist?weights=accreditation:1").json()
    assert weighed["peers"] is None


def documents(session: Session) -> dict[str, str]:
    rows = session.exec(select(ProgramSummary.slug, ProgramSummary.doc))
    return dict(rows.all())


def test_a_change_of_one_program_moves_its_peers_and_no_others(session: Session) -> None:
    for slug in "abc":
        add_program(session, slug, school=f"{slug}-college", claims=[price("tuition", 4000)])
    add_program(session, "other", school="d-college", cip_code="51.0713")
    publish(session)
    before = documents(session)
    changed = add_program(session, "new", school="e-college", claims=[accredited()])
    closed = session.exec(select(Program).where(Program.slug == "a")).one()
    closed.retired_at = NOW
    session.add(closed)
    session.flush()

    refresh_summaries(session, RUBRIC, now=NOW, only=[changed.id or 0, closed.id or 0])
    partly = documents(session)
    refresh_summaries(session, RUBRIC, now=NOW)

    assert partly == documents(session)
    assert partly["other"] == before["other"]
    assert partly["b"] != before["b"]
