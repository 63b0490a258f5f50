"""Facts read on pages and answers of schools wait for an editor, who decides on each."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.keys import Scope
from app.reader.fetching import Fetched, NotFetchedError, Visitor
from app.reader.run import PageReading, load_lexicon, read_program, recheck_program
from app.reader.walking import Bounds
from app.settings import get_settings
from tests.editing import Editor, make_key
from tests.making import NOW, add_program, publish

SLUG = "alpha-hit"
FACTS = "/v1/admin/found-facts"
LINKS = "/v1/admin/answer-links"
REVIEWS = "/v1/admin/page-reviews"
HOME = """<title>Alpha College</title><h1>Alpha College</h1>
<nav><a href="/hit">Health Information Technology</a> <a href="/nursing">Nursing</a></nav>
<p>Welcome.</p>"""
PROGRAM = """<title>Health Information Technology</title><h1>Health Information Technology, AAS</h1>
<p>Students complete a practicum of 120 hours, and the college arranges the site.</p>
<p>The program is accredited by CAHIIM through 2033.</p>
<a href="/old">Health information technology outcomes</a>"""


class Site(BaseHTTPRequestHandler):
    """A made-up school's site; pages is what it serves now."""

    pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
    asked: list[str] = []
    host = ""

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        status, headers, body = self.pages.get(self.path, (404, {}, b"nothing here"))
        if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
            status, body = 304, b""
        self.send_response(status)
        for name, value in {"Content-Type": "text/html", **headers}.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def page(text: str, status: int = 200, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, text.encode()


@pytest.fixture
def site() -> Iterator[str]:
    Site.pages = {
        "/": page(HOME),
        "/hit": page(PROGRAM, ETag='"1"'),
        "/nursing": page("<h1>Nursing</h1><p>Students complete 600 clinical hours.</p>"),
        "/robots.txt": page("User-agent: *\nDisallow: /old\n"),
    }
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    Site.host = f"127.0.0.1:{server.server_port}"
    yield f"http://{Site.host}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def catalogue(session: Session, site: str) -> None:
    add_program(session, SLUG, school="alpha-college", school_fields={"website": f"{site}/"})
    publish(session)


@pytest.fixture
def editor(engine: Engine, client: TestClient) -> Editor:
    return Editor(client, make_key(engine, Scope.READ_DRAFTS, Scope.WRITE_FACTS, Scope.PUBLISH))


@contextmanager
def visiting(hosts: frozenset[str] | None = None, **options: float) -> Iterator[Visitor]:
    """Yield who opens pages, those of the site on this machine too."""
    hosts = frozenset({Site.host}) if hosts is None else hosts
    visitor = Visitor("test", 0, hosts, **options)  # type: ignore[arg-type]
    yield visitor
    visitor.close()


def read(engine: Engine, *, most_pages: int = 6) -> list[str]:
    """Read the pages of the program; returns what came of each address."""
    lexicon = load_lexicon(get_settings().seed_dir)
    with visiting() as visitor:
        reading = PageReading(engine, visitor, lexicon, NOW)
        return [
            f"{one.visit.url.rpartition('/')[2]}: "
            f"{one.visit.fault.code if one.visit.fault else one.kept.new}"
            for one in read_program(reading, SLUG, bounds=Bounds(pages=most_pages))
        ]


@pytest.mark.usefixtures("catalogue")
def test_pages_become_facts_that_wait_and_accepted_ones_are_published(
    engine: Engine, editor: Editor, client: TestClient
) -> None:
    opened = read(engine)

    assert opened[:2] == [": 0", "hit: 2"] or opened[:2] == [": 0", "hit: 3"]
    assert "old: robots" in opened
    assert "nursing: 0" not in opened  # another field is not opened
    waiting = editor.ask("GET", FACTS)
    assert waiting["programs"] == 1
    by_rule = {item["rule"].partition(".")[0]: item for item in waiting["items"]}
    practicum = by_rule["practicum"]
    assert practicum["record"]["hours_low"] == 120
    assert practicum["sentence"].startswith("Students complete a practicum")
    done = editor.ask("POST", f"{FACTS}/{practicum['id']}/accept", {"changes": {"hours_high": 130}})
    assert done["fact"]["state"] == "accepted"
    editor.ask("POST", f"{FACTS}/{by_rule['accreditation']['id']}/decline", {"why": "No."})
    editor.ask("POST", "/v1/admin/publish", {"note": "Read on pages"})
    record = client.get(f"/v1/programs/{SLUG}").json()
    assert record["practicum"][0]["hours_high"] == 130
    assert record["practicum"][0]["evidence"]["source_url"].endswith("/hit")
    assert not record["accreditations"]


@pytest.mark.usefixtures("catalogue")
def test_whom_to_ask_is_proposed_without_a_name(engine: Engine, editor: Editor) -> None:
    asks = """<h2>Contact</h2><p>Health Information Technology Department, 555-010-0142.</p>
    <h2>Faculty</h2><p>Program Director: Dana Example, dexample@alpha.example, 555-010-0199.</p>"""
    Site.pages["/hit"] = page(PROGRAM + asks)

    read(engine)

    waiting = editor.ask("GET", FACTS)["items"]
    [contact] = [item for item in waiting if item["rule"] == "contact.said"]
    assert contact["record"]["contact_role"] == "department"
    assert contact["record"]["contact_phone"] == "555-010-0142"
    assert "contact_mail" not in contact["record"]
    assert "Dana" not in str(waiting)


@pytest.mark.usefixtures("catalogue")
def test_a_letter_goes_to_the_mailbox_of_the_program(editor: Editor, client: TestClient) -> None:
    values = {
        "program": SLUG,
        "basis": "stated_by_institution",
        "source_url": "https://alpha.example/hit",
        "as_of": "2026-01",
        "contact_role": "program_director",
    }
    path = "/v1/admin/records/offering_claim"
    of_person = {"values": {**values, "contact_mail": "dexample@alpha.example"}, "why": "There."}
    refused = editor.ask("POST", path, of_person, status=422)
    editor.create("offering_claim", **values, contact_mail="hit@alpha.example")
    editor.publish()

    letter = client.get(f"/v1/programs/{SLUG}/letter").json()
    record = client.get(f"/v1/programs/{SLUG}").json()
    shown = client.get(f"/programs/{SLUG}?lang=es", headers={"Accept": "text/html"}).text
    known = client.get("/v1/completeness").json()["collections"]
    node = client.get(f"/v1/programs/{SLUG}.jsonld").json()
    assert "contact_mail" in str(refused)
    assert letter["to"] == "hit@alpha.example"
    assert letter["mailto"].startswith("mailto:hit@alpha.example?subject=")
    assert record["offerings"][0]["contact_mail"] == "hit@alpha.example"
    assert "hit@alpha.example" in shown
    assert "Dirección del programa" in shown
    assert node["contactPoint"][0]["email"] == "hit@alpha.example"
    [programs] = [one for one in known if one["name"] == "programs"]
    assert {"field": "contact", "known": 1, "total": 1, "share": 1.0} in programs["fields"]


@pytest.mark.usefixtures("catalogue")
def test_a_declined_fact_does_not_come_back_while_its_page_says_the_same(
    engine: Engine, editor: Editor
) -> None:
    read(engine)
    for item in editor.ask("GET", FACTS)["items"]:
        editor.ask("POST", f"{FACTS}/{item['id']}/decline", {"why": "Not so."})
    Site.pages["/hit"] = page(PROGRAM + "<p>Apply now.</p>", ETag='"2"')

    read(engine)

    assert editor.ask("GET", FACTS)["total"] == 0
    editor.ask("POST", f"{FACTS}/1/accept", {}, status=409)
    Site.pages["/hit"] = page(PROGRAM.replace("120", "160"), ETag='"3"')
    read(engine)
    assert [item["record"]["hours_low"] for item in editor.ask("GET", FACTS)["items"]] == [160]


@pytest.mark.usefixtures("catalogue")
def test_what_a_page_states_no_more_is_gone(engine: Engine, editor: Editor) -> None:
    read(engine)
    before = editor.ask("GET", FACTS)["total"]
    Site.pages["/hit"] = page("<h1>Health Information Technology</h1><p>Moved.</p>", ETag='"9"')

    read(engine)

    assert editor.ask("GET", FACTS)["total"] == 0
    assert editor.ask("GET", FACTS, state="gone")["total"] == before


@pytest.mark.usefixtures("catalogue")
def test_the_pages_behind_facts_are_visited_again(engine: Engine, editor: Editor) -> None:
    read(engine)
    for item in editor.ask("GET", FACTS)["items"]:
        editor.ask("POST", f"{FACTS}/{item['id']}/accept", {})
    editor.ask("POST", "/v1/admin/publish", {"note": "Read on pages"})

    def outcomes() -> list[tuple[str, int]]:
        with visiting() as visitor:
            lexicon = load_lexicon(get_settings().seed_dir)
            reading = PageReading(engine, visitor, lexicon, NOW)
            return [(one.outcome, len(one.lost)) for one in recheck_program(reading, SLUG)]

    assert outcomes() == [("says_so", 0)]
    Site.pages["/hit"] = page(PROGRAM.replace("120 hours", "some hours"))
    assert outcomes() == [("changed", 1)]
    [review] = editor.ask("GET", REVIEWS)["items"]
    assert (review["outcome"], len(review["lost"])) == ("changed", 1)
    Site.pages["/hit"] = page("", 301, Location="/hit-new")
    Site.pages["/hit-new"] = page(PROGRAM)
    assert outcomes() == [("moved", 0)]
    del Site.pages["/hit"]
    assert outcomes() == [("gone", 0)]
    [review] = editor.ask("GET", REVIEWS)["items"]
    assert review["outcome"] == "gone"
    Site.pages["/hit"] = page(PROGRAM)
    assert outcomes() == [("says_so", 0)]
    assert editor.ask("GET", REVIEWS)["items"] == []


@pytest.mark.usefixtures("catalogue")
def test_all_that_waits_of_a_program_is_decided_at_once(engine: Engine, editor: Editor) -> None:
    read(engine)
    waiting = editor.ask("GET", FACTS)["total"]
    assert editor.ask("GET", "/v1/admin/curation-queue")["items"][0]["found_facts"] == waiting
    asked = {"program": SLUG, "decision": "accept", "why": "Looked at each."}

    done = editor.ask("POST", f"{FACTS}/decisions", asked)

    assert len(done["decided"]) == waiting
    assert editor.ask("GET", FACTS)["total"] == 0
    editor.ask("POST", f"{FACTS}/decisions", {**asked, "program": "alpha-hot"}, status=422)


@pytest.mark.usefixtures("catalogue")
def test_an_editor_decides_on_a_page_without_script(
    engine: Engine, editor: Editor, client: TestClient
) -> None:
    read(engine)
    key = make_key(engine, Scope.WRITE_FACTS)["Authorization"].removeprefix("Bearer ")
    asked = client.get("/editors", headers={"Accept": "text/html"})
    assert "data-fact" not in asked.text
    wrong = client.post("/editors", data={"key": "hc_x_y"}, headers={"Accept": "text/html"})
    assert wrong.status_code == 401

    shown = client.post("/editors", data={"key": key}, headers={"Accept": "text/html"})

    numbers = re.findall(r'data-fact="(\d+)"', shown.text)
    assert len(numbers) == editor.ask("GET", FACTS)["total"]
    fields = {f"fact-{numbers[0]}": "accept", f"fact-{numbers[1]}": "decline", "act": "save"}
    after = client.post("/editors", data={"key": key, **fields}, headers={"Accept": "text/html"})
    assert 'data-decided="2"' in after.text
    assert "no-store" in after.headers["cache-control"]
    assert editor.ask("GET", FACTS, state="accepted")["total"] == 1


@pytest.mark.usefixtures("catalogue")
def test_a_school_answers_under_an_address_of_its_own(editor: Editor, client: TestClient) -> None:
    link = editor.ask("POST", LINKS, {"program": SLUG, "days": 30}, status=201)
    path = re.sub(r"^https?://[^/]+", "", link["url"])
    assert [letter["language"] for letter in link["letters"]] == ["en", "es"]
    assert all(link["url"] in letter["text"] for letter in link["letters"])
    assert all(len(letter["mailto"]) < 2_000 for letter in link["letters"])
    html = {"Accept": "text/html"}
    shown = client.get(path, headers=html)
    assert 'data-check="practicum_offered"' in shown.text

    wrong = client.post(path, data={"finding-hours_stated": "met"}, headers=html)
    assert wrong.status_code == 422
    assert 'id="ask-hours_stated"' in wrong.text
    fields = {
        "finding-practicum_offered": "met",
        "finding-hours_stated": "met",
        "hours_stated-hours": "120-160",
        "url-hours_stated": "https://alpha.example/hit",
        "contact": "director@alpha.example",
    }
    sent = client.post(path, data=fields, headers=html)

    assert sent.text.count('data-state="open"') == 2
    anew = {**fields, "hours_stated-hours": "160"}
    again = client.post(path, data=anew, headers=html)
    assert again.text.count('data-state="open"') == 2  # in the place of what was answered before
    assert "160 hours" in again.text
    waiting = editor.ask("GET", FACTS, origin="school")["items"]
    assert {item["rule"] for item in waiting} == {
        "school.practicum_offered",
        "school.hours_stated",
    }
    assert "director@" not in str(waiting)
    for item in waiting:
        editor.ask("POST", f"{FACTS}/{item['id']}/accept", {})
    editor.ask("POST", "/v1/admin/publish", {"note": "Answers of a school"})
    record = client.get(f"/v1/programs/{SLUG}").json()
    assert {c["evidence"]["basis"] for c in record["practicum"]} == {"stated_by_institution"}
    after = client.get(path, headers=html).text
    assert after.count('data-state="accepted"') == 2
    assert after.count("published in release 2") == 2
    [listed] = editor.ask("GET", LINKS)["items"]
    assert listed["contact"] == "director@alpha.example"
    assert client.get("/v1/completeness").json()["reading"]["answered"] == 1
    ended = editor.ask("POST", f"{LINKS}/{link['id']}/revoke")
    assert ended["contact"] is None
    assert client.get(path, headers=html).status_code == 404


def refused(url: str, **options: float) -> str:
    with visiting(**options) as visitor, pytest.raises(NotFetchedError) as caught:
        visitor.fetch(url)
    return caught.value.code


def test_pages_are_opened_within_bounds(site: str) -> None:
    Site.pages["/large"] = page("x", Content_Length="2000000000")
    Site.pages["/long"] = page("x" * 5_000)
    Site.pages["/loop"] = page("", 302, Location="/loop")

    assert refused(f"{site}/large") == "large"
    assert refused(f"{site}/long", most_bytes=4_000) == "large"
    assert refused(f"{site}/loop") == "redirects"
    assert refused(f"{site}/old") == "robots"
    assert refused(f"{site}/missing") == "gone"
    assert refused("ftp://alpha.example/") == "address"


def test_private_addresses_are_not_opened(site: str) -> None:
    with visiting(frozenset()) as visitor:
        for url in (site, "http://localhost:1/", "http://[::1]/", "http://169.254.169.254/latest"):
            with pytest.raises(NotFetchedError) as caught:
                visitor.fetch(url)
            assert caught.value.code in {"private", "unknown_host"}
    assert Site.asked == []


def test_a_page_that_has_not_changed_is_not_sent_again(site: str) -> None:
    with visiting() as visitor:
        first = visitor.fetch(f"{site}/hit")
        again = visitor.fetch(f"{site}/hit", {"etag": first.etag, "last_modified": None})

    assert isinstance(first, Fetched)
    assert (again.status, again.body) == (304, None)


def test_pages_of_a_host_are_opened_slowly(site: str) -> None:
    waited: list[float] = []
    Site.pages["/robots.txt"] = page("User-agent: *\nCrawl-delay: 7\n")
    visitor = Visitor("test", 2, frozenset({Site.host}), wait=waited.append)

    for path in ("hit", "nursing"):
        visitor.fetch(f"{site}/{path}")

    visitor.close()
    assert len(waited) == 1
    assert 6 < waited[0] <= 7


@pytest.mark.usefixtures("catalogue")
def test_open_questions_are_a_letter_in_two_languages(client: TestClient) -> None:
    asked = client.get(f"/v1/programs/{SLUG}/checklist").json()["questions"]

    letter = client.get(f"/v1/programs/{SLUG}/letter").json()
    shown = client.get(f"/programs/{SLUG}/letter?lang=es", headers={"Accept": "text/html"})

    assert letter["questions"] >= len(asked) > 5
    assert letter["text"].count("?") >= len(asked)
    assert letter["mailto"].startswith("mailto:?subject=")
    assert f'data-questions="{letter["questions"]}"' in shown.text
    assert asked[0]["ask"] not in shown.text


@pytest.mark.usefixtures("catalogue")
def test_what_a_reader_was_told_waits_for_an_editor_too(
    session: Session, editor: Editor, client: TestClient
) -> None:
    add_program(session, "beta-hit", school="beta-college")
    publish(session)
    told = {
        "program": [SLUG, "beta-hit"],
        "answers": f"{SLUG}:practicum_offered.met,tuition.met,books.unknown",
        "source_url": "https://alpha.example/mail",
    }

    sent = client.post("/compare/answers", data=told, headers={"Accept": "text/html"})

    assert "data-sent" in sent.text
    waiting = editor.ask("GET", FACTS, origin="reader")["items"]
    assert {item["rule"] for item in waiting} == {"reader.practicum_offered", "reader.tuition"}
    assert {item["record"]["basis"] for item in waiting} == {"third_party"}
    own = {**told, "source_url": f"http://{Site.host}/hit"}
    client.post("/compare/answers", data=own, headers={"Accept": "text/html"})
    bases = [i["record"]["basis"] for i in editor.ask("GET", FACTS, origin="reader")["items"]]
    assert bases.count("stated_by_institution") == 2  # on the school's own site
    tuition = next(item for item in waiting if item["rule"] == "reader.tuition")
    editor.ask("POST", f"{FACTS}/{tuition['id']}/accept", {}, status=422)
    amount = {"amount_low_cents": 100_000, "amount_high_cents": 100_000, "unit": "year"}
    editor.ask("POST", f"{FACTS}/{tuition['id']}/accept", {"changes": amount})
    assert client.get("/v1/completeness").json()["reading"]["read"] == 0
    refused = client.post("/compare/answers", data={**told, "source_url": "by phone"})
    assert refused.status_code == 422
