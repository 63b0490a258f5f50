"""The page on which a wrong fact is reported: what it takes in, and how it refuses the rest."""

from sqlmodel import Session
from starlette.testclient import TestClient

from tests.making import add_program, publish
from tests.reading_pages import asked, read_page

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
REPORT = {
    "field": "practicum",
    "statement": "A practicum of 120 hours is required.",
    "source_url": "https://school.example/practicum",
    "seen_on": "2026-11-20",
}


def test_a_report_is_taken_in_and_shown(client: TestClient, session: Session) -> None:
    add_program(session, "alpha-hit")
    publish(session)
    path = "/programs/alpha-hit/correct?lang=es&program=alpha-hit"
    assert client.get(path, headers=HTML).status_code == 200

    sent = client.post(path, data=REPORT, headers=HTML, follow_redirects=False)

    assert sent.status_code == 303
    report = client.get("/v1/corrections").json()["items"][0]
    assert {name: report[name] for name in REPORT} == REPORT
    assert (report["collection"], report["key"]) == ("program", "alpha-hit")
    kept = asked(sent.headers["location"])
    assert kept == {"sent": [str(report["id"])], "lang": ["es"], "program": ["alpha-hit"]}
    shown = client.get(sent.headers["location"], headers=HTML)
    assert read_page(shown.text).link("What") == f"/v1/corrections/{report['id']}"


UNSOUND = [
    ({"statement": "short"}, "What is right: Write 10 to 1,000 characters."),
    ({"statement": ""}, "What is right: Write 10 to 1,000 characters."),
    ({"source_url": "ftp://x"}, "The page that shows it: Give the whole address of a page"),
    ({"seen_on": "soon"}, "'soon' is neither a date"),
    ({"website": "https://x.example"}, "website must be left empty"),
    ({"proposed_by": "me"}, "proposed_by"),
]
"""What is wrong in a report -> how it is said."""


def test_a_report_that_is_not_sound_is_shown_again_with_what_is_wrong(
    client: TestClient, session: Session
) -> None:
    add_program(session, "alpha-hit")
    publish(session)

    for wrong, said in UNSOUND:
        answer = client.post("/programs/alpha-hit/correct", data=REPORT | wrong, headers=HTML)

        assert answer.status_code == 422
        page = read_page(answer.text)
        assert said in page.text
        kept = wrong.get("source_url", REPORT["source_url"])
        assert any(one.get("value") == kept for one in page.fields)
    assert client.get("/v1/corrections").json()["total"] == 0


def test_other_bodies_are_refused(client: TestClient, session: Session) -> None:
    add_program(session, "alpha-hit")
    publish(session)
    sent = HTML | {"Content-Type": "application/x-www-form-urlencoded"}
    sound = b"statement=A+practicum+it+has&source_url=https://school.example"

    for body in (b"statement=%ff%fe", b"\xff\xfe", b"&".join([b"a=1"] * 50)):
        answer = client.post("/programs/alpha-hit/correct", content=body, headers=sent)
        assert answer.status_code == 422, body
    assert client.post("/programs/beta/correct", content=sound, headers=sent).status_code == 404
    assert client.get("/programs/alpha-hit/correct?sent=99", headers=HTML).status_code == 422
    assert client.get("/v1/corrections").json()["total"] == 0
