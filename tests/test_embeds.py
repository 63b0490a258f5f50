"""Cards for other sites over HTTP: what they say, what they let in, what they refuse."""

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.checklist.warnings import WarningCode
from app.domain.claims import CostClaim
from app.domain.vocabulary import AccreditationStatus
from app.main import bind
from app.settings import get_settings
from app.site import words
from tests.fixtures import Databases
from tests.making import accredited, add_program, price, publish

OWENS = "owens-community-college-510707-associate"
MERCY = "mercy-college-of-ohio-510707-associate"
PAGES = (
    f"/embed/program/{OWENS}",
    f"/embed/program/{OWENS}?size=full",
    f"/embed/checklist/{OWENS}",
    f"/embed/comparison?program={OWENS}&program={MERCY}",
    "/embed/credential/CDIP",
    "/embed/credential/CDIP?size=full",
)
SHORT = (f"/embed/program/{OWENS}", "/embed/credential/CDIP")
"""Cards of a few lines."""
JSON = {"Accept": "application/json"}


def text_of(page: str) -> str:
    """Return what a page shows, without markup."""
    body = re.sub(r"(?s)<(script|title|svg)\b.*?</\1>", " ", page)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def whole_price(dollars: float, **fields: Any) -> CostClaim:
    """Return tuition and fees of a year, together."""
    return price("tuition_and_fees", dollars, contains=["tuition", "fees"], **fields)


@pytest.mark.parametrize("page", PAGES)
def test_any_site_may_frame_a_card_and_nothing_else_comes_in(
    seeded_client: TestClient, page: str
) -> None:
    answer = seeded_client.get(page)

    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors" not in policy
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "x-frame-options" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in answer.headers
    assert not re.search(r"<style|\sstyle=|\son\w+=", answer.text)
    fetched = re.findall(r'<(?:script|link|img|iframe)\b[^>]*(?:src|href)="([^"]*)"', answer.text)
    assert {urlsplit(address).netloc for address in fetched} <= {"", "testserver"}


@pytest.mark.parametrize("page", PAGES)
def test_a_card_that_is_known_already_is_not_sent_again(
    seeded_client: TestClient, page: str
) -> None:
    first = seeded_client.get(page)
    second = seeded_client.get(page, headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"] == "public, max-age=60"
    assert second.status_code == 304
    assert second.content == b""


@pytest.mark.parametrize("path", ["/v1/programs", "/docs", "/docs/embed", "/problems"])
def test_other_pages_stay_out_of_frames(seeded_client: TestClient, path: str) -> None:
    policy = seeded_client.get(path).headers["content-security-policy"]

    assert "frame-ancestors 'none'" in policy


def test_the_script_is_small_and_for_everybody(client: TestClient) -> None:
    answer = client.get("/embed.js")

    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(answer.content) < 6_500


def test_a_program_shows_score_price_with_year_and_accreditation_with_date(
    client: TestClient, session: Session
) -> None:
    claims = [whole_price(5000), accredited(as_of="2026-05")]
    add_program(session, "alpha-hit", claims=claims)
    publish(session)

    page = client.get("/embed/program/alpha-hit?size=full")

    score = client.get("/v1/programs/alpha-hit/checklist").json()["score"]
    shown = text_of(page.text)
    assert f"{score['low']:g} to {score['high']:g} of 100" in shown
    assert f'aria-label="{score["low"]:g} to {score["high"]:g} of 100' in page.text
    assert re.search(r"Tuition and fees \$5,000 .*?20\d\d-\d\d", shown)
    assert re.search(r"Program accreditation Accredited .*?2026-05", shown)
    assert 'href="/programs/alpha-hit?lang=en"' in page.text


def chips_of(page: str) -> dict[str, str]:
    """Return chip -> its finding."""
    return dict(re.findall(r'data-chip="(\w+)" data-finding="(\w+)"', page))


def test_a_card_says_in_a_few_lines_what_decides(client: TestClient, session: Session) -> None:
    add_program(session, "alpha-hit", claims=[whole_price(5000), accredited(as_of="2026-05")])
    add_program(session, "bare-hit")
    publish(session)

    known, bare = (client.get(f"/embed/program/{slug}").text for slug in ("alpha-hit", "bare-hit"))

    assert chips_of(known)["accredited"] == "met"
    assert chips_of(known)["format"] == "unknown"
    unknown = {key: finding for key, finding in chips_of(bare).items() if key != "leads_to"}
    assert set(unknown.values()) == {"unknown"}
    assert known.count("data-check=") == 17
    assert 'href="/programs/alpha-hit?lang=en"' in known
    assert 'data-theme="light"' in known


def test_a_short_card_of_a_credential_tells_only_what_still_counts(
    seeded_client: TestClient,
) -> None:
    page = seeded_client.get("/embed/credential/RHIT").text

    assert 2 <= page.count('data-chip="fact"') <= 4
    assert 'class="said stale"' not in page
    assert 'href="/credentials/RHIT"' in page


def test_the_parts_of_a_bar_fill_it(seeded_client: TestClient) -> None:
    page = seeded_client.get(f"/embed/checklist/{OWENS}").text
    bars = re.findall(r'<svg class="bar".*?</svg>', page, re.DOTALL)

    assert len(bars) == 5
    for bar in bars:
        widths = [float(width) for width in re.findall(r' width="([\d.]+)%"', bar)]
        assert sum(widths) == pytest.approx(100)


def test_unknown_is_never_shown_as_no_or_nothing(client: TestClient, session: Session) -> None:
    add_program(session, "bare-hit")
    publish(session)

    shown = text_of(client.get("/embed/program/bare-hit?size=full").text)

    for label in (
        "Tuition and fees",
        "Program accreditation",
        "Length",
        "Class format",
        "Practicum",
    ):
        assert f"{label} Not known" in shown
    assert "$0" not in shown
    assert "None, as stated" not in shown
    assert "Not met" not in shown


def test_standards_that_are_followed_are_not_accreditation(
    client: TestClient, session: Session
) -> None:
    claim = accredited(status=AccreditationStatus.ALIGNED_ONLY)
    add_program(session, "aligned-hit", claims=[claim])
    publish(session)

    shown = text_of(client.get("/embed/program/aligned-hit?size=full").text)

    assert "Program accreditation Not known courses follow the accreditor's standards" in (
        shown.replace("&#39;", "'")
    )


def test_what_a_source_says_stays_text(client: TestClient, session: Session) -> None:
    claim = whole_price(5000, source_url="javascript:alert(1)")
    add_program(session, "odd-hit", name="<img src=x onerror=alert(1)>", claims=[claim])
    publish(session)

    for lang in ("en", "es"):
        for kind in ("program", "program/full", "checklist"):
            kind, _, size = kind.partition("/")
            asked = {"lang": lang, **({"size": size} if size else {})}
            page = client.get(f"/embed/{kind}/odd-hit", params=asked).text
            assert "<img" not in page
            assert "&lt;img src=x" in page
            assert "javascript:" not in page


@pytest.mark.parametrize("page", PAGES)
def test_spanish_has_no_english_label_and_marks_english_text(
    seeded_client: TestClient, page: str
) -> None:
    join = "&" if "?" in page else "?"
    answer = seeded_client.get(f"{page}{join}lang=es&theme=dark").text

    assert '<html lang="es" data-theme="dark">' in answer
    ours = re.sub(r'<span lang="en" data-words="\w+">.*?</span>', " ", answer, flags=re.DOTALL)
    shown = text_of(ours)
    assert "Not known" not in shown
    assert not re.search(r"\b(the|is|of|known|School|Government|Third party)\b", names_out(shown))
    if page not in SHORT:
        assert re.search(r"No se sabe|sin respuesta", shown)
        assert 'lang="en"' in answer


def names_out(shown: str) -> str:
    """Leave out names, which no language changes."""
    for name in ("Mercy College of Ohio", "Registered Health Information Technician"):
        shown = shown.replace(name, "")
    return shown


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def test_weights_and_residency_hold_for_cards_too(seeded_client: TestClient) -> None:
    weights = {"weights": "cost_transparency:1"}
    one = seeded_client.get(f"/embed/program/{OWENS}", params={**weights, "size": "full"}).text
    score = seeded_client.get(f"/v1/programs/{OWENS}/checklist", params=weights).json()["score"]
    pair = {"program": [OWENS, MERCY], "residency": "out_of_state", **weights}
    both = seeded_client.get("/embed/comparison", params=pair).text

    assert f"{score['low']:g} to {score['high']:g} of 100" in text_of(one)
    assert f"{score['low']:g} to {score['high']:g} of 100" in text_of(both)
    assert "for people from outside Ohio" in text_of(both)
    record = parse_qs(urlsplit(unescape(re.findall(r'href="(/compare\?[^"]*)"', both)[0])).query)
    assert record == {"lang": ["en"], **{key: _listed(value) for key, value in pair.items()}}


def test_prices_that_do_not_compare_say_why(client: TestClient, session: Session) -> None:
    new, old = whole_price(5000), whole_price(4000, as_of="2023-24")
    add_program(session, "new-hit", claims=[new])
    add_program(session, "old-hit", claims=[old])
    add_program(session, "mute-hit")
    publish(session)

    years = client.get("/embed/comparison?program=new-hit&program=old-hit").text
    unknown = client.get("/embed/comparison?program=new-hit&program=mute-hit&lang=es").text

    assert "The prices do not compare: of different years." in text_of(years)
    assert "Los precios no se pueden comparar: no se conocen todos." in text_of(unknown)


@pytest.mark.parametrize(
    ("path", "says", "near"),
    [
        (f"/embed/program/{OWENS}x?theme=dark", "We know no program", OWENS),
        (f"/embed/checklist/{OWENS}x", "We know no program", OWENS),
        ("/embed/credential/health%20information%20technician", "We know no credential", "RHIT"),
        (
            "/embed/credential/health%20information%20technician?lang=es",
            "No conocemos ninguna credencial",
            "RHIT",
        ),
        ("/embed/program/zzzzzz", "We know no program", None),
    ],
)
def test_what_is_not_known_is_a_kind_page_with_status_404(
    seeded_client: TestClient, path: str, says: str, near: str | None
) -> None:
    answer = seeded_client.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "frame-ancestors" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert says in text_of(answer.text)
    links = re.findall(r'<a href="(/embed/[^"]*)"', answer.text)
    assert len(links) == (1 if near else 0)
    if near:
        assert f"/{near}" in links[0]
        assert seeded_client.get(links[0].replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        (f"/embed/program/{OWENS}?theme=dim&lang=fr", {"theme", "lang"}),
        (f"/embed/checklist/{OWENS}?weights=colour:1", {"weights"}),
        (f"/embed/comparison?program={OWENS}", {"program"}),
        ("/embed/comparison", {"program"}),
        ("/embed/credential/RHIT?theme=blue", {"theme"}),
    ],
)
def test_a_faulty_address_is_a_page_for_readers_and_a_problem_for_programs(
    seeded_client: TestClient, path: str, parameters: set[str]
) -> None:
    page = seeded_client.get(path)
    problem = seeded_client.get(path, headers=JSON)

    assert page.status_code == problem.status_code == 422
    assert page.headers["content-type"].startswith("text/html")
    assert "The address of this card has a mistake" in text_of(page.text)
    assert problem.headers["content-type"] == "application/problem+json"
    errors = problem.json()["errors"]
    assert {error["parameter"] for error in errors} == parameters
    for error in errors:
        assert error["detail"].split("'")[0] in text_of(page.text)


@given(
    kind=st.sampled_from(["program", "checklist", "credential", "comparison"]),
    key=st.text(min_size=1, max_size=30),
    query=st.dictionaries(
        st.sampled_from(["lang", "theme", "weights", "program", "as_of", "residency", "x"]),
        st.text(max_size=30),
        max_size=4,
    ),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_address_breaks_a_card_or_its_description(
    seeded_client: TestClient, kind: str, key: str, query: dict[str, str]
) -> None:
    rest = f"?{urlencode(query, errors='replace')}" if query else ""
    path = f"/embed/{kind}/{quote(key, safe='', errors='replace')}{rest}"

    assert seeded_client.get(path).status_code < 500
    assert seeded_client.get("/oembed", params={"url": path}).status_code in {200, 404, 422, 400}


@pytest.mark.parametrize("page", [*PAGES, f"/embed/program/{OWENS}?lang=es&theme=dark"])
def test_a_card_can_be_discovered_and_shown_by_oembed(seeded_client: TestClient, page: str) -> None:
    shown = seeded_client.get(page).text
    found = re.findall(r'type="application/json\+oembed" href="([^"]*)"', shown)
    answer = seeded_client.get(found[0].replace("&amp;", "&"))

    assert answer.status_code == 200
    embed: dict[str, Any] = answer.json()
    assert embed["version"] == "1.0"
    assert embed["type"] == "rich"
    assert embed["title"]
    source = re.findall(r'<iframe src="([^"]*)"', embed["html"])[0].replace("&amp;", "&")
    framed, asked = urlsplit(source), urlsplit(page)
    assert framed.netloc == "testserver"
    assert framed.path == asked.path
    assert parse_qs(framed.query) == parse_qs(asked.query)


CARDS = {
    f"/programs/{OWENS}": f"/embed/program/{OWENS}",
    f"/programs/{OWENS}?lang=es&weights=accreditation:1&program={MERCY}&pace=part": (
        f"/embed/program/{OWENS}?weights=accreditation:1&lang=es"
    ),
    "/credentials/RHIT": "/embed/credential/RHIT",
    "/credentials/rhit?holds=CCA&lang=es": "/embed/credential/RHIT?lang=es",
    f"/compare?program={MERCY}&program={OWENS}&residency=out_of_state&rows=differ": (
        f"/embed/comparison?program={MERCY}&program={OWENS}&residency=out_of_state"
    ),
    f"/programs/{OWENS}?home_state=KY": f"/embed/program/{OWENS}?home_state=KY",
    f"/compare?program=nothing&program={OWENS}&program={MERCY}&program={OWENS}&residency=any": (
        f"/embed/comparison?program={OWENS}&program={MERCY}"
    ),
    f"/embed/checklist/{OWENS}?theme=dark": f"/embed/checklist/{OWENS}?theme=dark",
}
"""Address of a page or card -> its card."""


def card_at(client: TestClient, url: str, **headers: str) -> str:
    """Return the address of the card that oEmbed knows for an address."""
    answer = client.get("/oembed", params={"url": url}, headers=headers)
    assert answer.status_code == 200, (url, answer.text)
    return unescape(re.findall(r'<iframe src="([^"]*)"', answer.json()["html"])[0])


@pytest.mark.parametrize("page", CARDS)
def test_the_address_of_a_page_leads_to_its_card(seeded_client: TestClient, page: str) -> None:
    card = card_at(seeded_client, page)

    assert card == f"http://testserver{CARDS[page]}"
    assert seeded_client.get(card).status_code == 200


SPELLINGS = (
    "{path}",
    "http://testserver{path}",
    "HTTP://TestServer{path}",
    "https://testserver{path}",
    "http://testserver:80{path}",
    "//testserver{path}",
    "{path}#checklist",
)
ADDED = st.lists(
    st.sampled_from(["fbclid=IwAR1", "utm_source=news", "dnt=1", "x", "=", "%20=1"]), max_size=3
)


@pytest.mark.parametrize("page", CARDS)
@given(
    spelling=st.sampled_from(SPELLINGS),
    added=ADDED,
    slash=st.sampled_from(["", "/"]),
    escaped=st.booleans(),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_page_has_its_card_in_every_spelling_in_which_it_answers(
    seeded_client: TestClient,
    page: str,
    spelling: str,
    added: list[str],
    slash: str,
    escaped: bool,
) -> None:
    path, _, query = page.partition("?")
    if escaped:
        path = path.replace("-", "%2D").replace("H", "%48")
    query = "&".join([*added, *([query] if query else [])])
    whole = f"{path}{slash}?{query}" if query else f"{path}{slash}"

    assert seeded_client.get(whole).status_code == 200
    assert card_at(seeded_client, spelling.format(path=whole)) == f"http://testserver{CARDS[page]}"


def test_pages_with_a_card_tell_where_it_is_and_others_do_not(seeded_client: TestClient) -> None:
    for page, card in CARDS.items():
        shown = seeded_client.get(f"{page}{'&' if '?' in page else '?'}fbclid=1").text
        [found] = re.findall(r'type="application/json\+oembed" href="([^"]*)"', shown)
        answer = seeded_client.get(unescape(found))

        assert "fbclid" not in found
        assert f"http://testserver{card}" in unescape(answer.json()["html"])
    for page in ("/", "/credentials", "/compare", "/institutions/204945", "/data"):
        assert "oembed" not in seeded_client.get(page).text


def test_wordpress_is_answered(seeded_client: TestClient) -> None:
    asked = "url=http%3A%2F%2Ftestserver%2Fcredentials%2FRHIT&maxwidth=600&maxheight=900&dnt=1"

    embed = seeded_client.get(f"/oembed?{asked}&format=json").json()

    assert (embed["width"], embed["height"]) == (480, 240)
    assert embed["author_name"] == "American Health Information Management Association"
    assert seeded_client.get(embed["thumbnail_url"]).headers["content-type"] == "image/png"


def test_no_limit_is_no_limit(seeded_client: TestClient) -> None:
    asked = {"url": f"/embed/program/{OWENS}?size=full"}

    free = seeded_client.get("/oembed", params=asked).json()
    zero = seeded_client.get("/oembed", params={**asked, "maxwidth": 0, "maxheight": 0}).json()

    assert free == zero
    assert free["height"] > 1_000


BLOCK = "/embed/credential/rhit/block"
WORDS = "/v1/credentials/RHIT/block"


def test_a_block_is_html_that_stands_in_any_page(seeded_client: TestClient) -> None:
    answer = seeded_client.get(BLOCK)
    again = seeded_client.get(BLOCK, headers={"If-None-Match": answer.headers["etag"]})

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert again.status_code == 304
    assert answer.text.startswith("<section ")
    assert not re.search(r"<(script|style|html|link|iframe)|\sstyle=|\sid=|\son\w+=", answer.text)
    links = re.findall(r'href="([^"]*)"', answer.text)
    assert links
    assert all(urlsplit(link).scheme in {"http", "https"} for link in links)
    assert 'data-as-of="20' in answer.text


def test_a_block_says_in_json_what_it_says_in_html(seeded_client: TestClient) -> None:
    for lang in ("en", "es"):
        page = unescape(text_of(seeded_client.get(BLOCK, params={"lang": lang}).text))
        told = seeded_client.get(WORDS, params={"lang": lang}).json()

        assert told["code"] == "RHIT"
        assert told["page"].startswith("http://testserver/credentials/RHIT")
        for fact in told["facts"]:
            assert f"{fact['label']} {fact['value']} " in page
            assert fact["said_by"]
            assert all(one["as_of"] for one in fact["said_by"])


def test_a_block_holds_what_still_counts(seeded_client: TestClient) -> None:
    now = seeded_client.get(WORDS).json()
    later = seeded_client.get(WORDS, params={"as_of": "2040-01-01"}).json()

    dated = [one for fact in now["facts"] for one in fact["said_by"] if one["as_of"][:2] == "20"]
    assert dated
    assert not any(one["as_of"][:2] == "20" for fact in later["facts"] for one in fact["said_by"])


@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_oembed_tells_may_be_kept(seeded_client: TestClient, form: str) -> None:
    asked = f"/oembed?url=/credentials/RHIT&format={form}"

    first = seeded_client.get(asked)
    again = seeded_client.get(asked, headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"].startswith("public, max-age=")
    assert (again.status_code, again.content) == (304, b"")
    assert seeded_client.get("/oembed?url=/nothing").headers["cache-control"] == "no-store"


def test_a_public_address_stands_in_all_that_others_copy(
    databases: Databases, shared_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = "https://him.example.org"
    monkeypatch.setenv("PUBLIC_URL", public)
    get_settings.cache_clear()
    bind(shared_app, databases.seeded("sqlite"))
    client = TestClient(shared_app)
    try:
        card = card_at(client, f"{public}/credentials/rhit/")
        pages = [client.get(path).text for path in ("/credentials/CCS", card[len(public) :])]
    finally:
        get_settings.cache_clear()

    assert card == f"{public}/embed/credential/RHIT"
    for shown, code in zip(pages, ("s/CCS", "/RHIT"), strict=True):
        [found] = re.findall(r'type="application/json\+oembed" href="([^"]*)"', shown)
        assert found.startswith(f"{public}/oembed?")
        assert found.endswith(quote(code, safe=""))


def test_oembed_keeps_within_the_space_there_is(seeded_client: TestClient) -> None:
    asked = {"url": "/embed/credential/RHIT", "maxwidth": 300, "maxheight": 200}

    embed = seeded_client.get("/oembed", params=asked).json()

    assert (embed["width"], embed["height"]) == (300, 200)
    assert 'width="300" height="200"' in embed["html"]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/embed/credential/RHIT",
        "javascript:/embed/credential/RHIT",
        "/embed/credential/zzz",
        "/embed/credential/RHIT?theme=red",
        "//example.org/credentials/RHIT",
        "http://testserver:8001/credentials/RHIT",
        "ftp://testserver/credentials/RHIT",
        "/credentials/zzz",
        "/credentials/RHIT?lang=fr",
        "/credentials",
        "/programs/nothing",
        f"/programs/{OWENS}?weights=luck:1",
        f"/compare?program={OWENS}",
        f"/compare?program={OWENS}&program=nothing",
        "/institutions/204945",
        "/embed/comparison",
        "/embed/nothing/RHIT",
        "/v1/credentials/RHIT",
        "http://[",
        "",
    ],
)
def test_oembed_knows_nothing_of_other_addresses(seeded_client: TestClient, url: str) -> None:
    answer = seeded_client.get("/oembed", params={"url": url})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_oembed_speaks_xml_too(seeded_client: TestClient) -> None:
    asked = {"url": f"/embed/program/{OWENS}?lang=es&theme=dark"}

    answer = seeded_client.get("/oembed", params={**asked, "format": "xml"})

    assert answer.headers["content-type"].startswith("text/xml")
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "oembed"
    told = seeded_client.get("/oembed", params=asked).json()
    assert {child.tag: child.text for child in root} == {k: str(v) for k, v in told.items()}


def test_every_warning_has_words_for_a_card() -> None:
    assert set(WarningCode) <= set(words.WARNINGS)
