"""What is asked, of whom, and how each contender is asked for the same."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any
from urllib.parse import quote, urlencode

from tests.benchmarks.servers import Server

LIMIT, OURS, DATASETTE, REST = "limit", "ours", "datasette", "rest framework"
TUTORIAL, RELATIONS = "tutorial", "relationships"
"""Both as the tutorials do it: one row of one table, and a whole record through relationships."""

Shown = Callable[[Any], Any]
"""What an answer has in common with those of others."""


@dataclass(frozen=True)
class Workload:
    """Addresses by contender; ``is_kept``: ours is asked again and again for the same.

    What ``shown`` makes of the answers must be equal; with ``may_find_more``, ours may find more.
    ``is_page``: answers are HTML.
    """

    key: str
    what: str
    addresses: dict[str, list[str]]
    shown: dict[str, Shown] = field(default_factory=dict)
    is_kept: bool = False
    etag: bool = False
    may_find_more: bool = False
    is_page: bool = False


def _slugs(items: Any) -> Any:
    return [item["slug"] for item in items]


LISTS: dict[str, Shown] = {
    OURS: lambda page: _slugs(page["items"]),
    TUTORIAL: lambda page: _slugs(page["items"]),
    REST: lambda page: _slugs(page["results"]),
    DATASETTE: lambda page: _slugs(page["rows"]),
}


def _as_set(shown: dict[str, Shown]) -> dict[str, Shown]:
    return {name: lambda page, get=get: sorted(get(page)) for name, get in shown.items()}  # type: ignore[misc]


def workloads(sample: "Sample") -> Iterator[Workload]:
    """Yield what is measured over a catalogue."""
    ones = sample.known[:60]
    one = {
        OURS: [f"/v1/programs/{slug}" for slug in ones],
        TUTORIAL: [f"/programs/{slug}" for slug in ones],
        REST: [f"/programs/{slug}" for slug in ones],
        DATASETTE: [f"/peers/program.json?_shape=objects&slug={slug}" for slug in ones],
        RELATIONS: [f"/programs/{slug}" for slug in ones],
    }
    shown: dict[str, Shown] = {
        OURS: facts_of,
        TUTORIAL: lambda item: [item["slug"]],
        REST: lambda item: [item["slug"]],
        DATASETTE: lambda page: _slugs(page["rows"]),
        RELATIONS: facts_told,
    }
    yield Workload("one", "one program, everything known", one, shown, may_find_more=True)
    yield Workload(
        "HTML",
        "page of one program",
        {
            OURS: [f"/programs/{slug}" for slug in ones],
            RELATIONS: [f"/pages/{slug}" for slug in ones],
        },
        dict.fromkeys((OURS, RELATIONS), _heading),
        is_page=True,
    )
    page = {
        OURS: [f"/v1/programs?state={state}" for state in sample.states],
        TUTORIAL: [f"/programs?state={state}" for state in sample.states],
        REST: [f"/programs?state={state}" for state in sample.states],
        DATASETTE: [
            f"/peers/program.json?_shape=objects&_nocount=1&_size=20&_sort=institution_name&state={s}"
            for s in sample.states
        ],
    }
    yield Workload("page", "page of 20 of a state", page, LISTS | {DATASETTE: _nothing})
    rare, common = _search(sample.words), _search(sample.common_words)
    yield Workload(
        "search", "words of a school and a field", rare, _as_set(LISTS), may_find_more=True
    )
    yield Workload("search, broad", "words that thousands have, ranked", common)
    hostile = {OURS: _search(hostile_texts())[OURS]}
    yield Workload("search, hostile", "long, misspelt and meaningless words", hostile)
    typed = [f"/v1/suggest?prefix={quote(beginning)}" for beginning in beginnings(sample.words)]
    yield Workload("suggest", "words that are still being typed", {OURS: typed})
    facets = {
        OURS: [
            f"/v1/programs?limit=1&fields=slug&{_FACETS}&state={state}" for state in sample.states
        ],
        TUTORIAL: [f"/facets?state={state}" for state in sample.states],
        REST: [f"/facets?state={state}" for state in sample.states],
        DATASETTE: [
            "/peers/program.json?_shape=objects&_size=1&_facet_size=max&state="
            f"{state}&{_DATASETTE_FACETS}"
            for state in sample.states
        ],
    }
    counted: dict[str, Shown] = {
        OURS: lambda page: _control(page["facets"]["control"]),
        TUTORIAL: lambda counts: _known(counts["control"]),
        REST: lambda counts: _known(counts["control"]),
        DATASETTE: lambda page: _control(page["facet_results"]["control"]["results"]),
    }
    yield Workload("facets", "counts of four fields in a state", facets, counted)
    deep = sample.total * 9 // 10 // 100 * 100
    cursor = sample.cursor
    yield Workload(
        "deep",
        "page of 100 at 90 % of the whole list",
        {
            OURS: [f"/v1/programs?limit=100&cursor={quote(cursor)}"],
            TUTORIAL: [f"/programs?limit=100&offset={deep}"],
            REST: [f"/programs?limit=100&offset={deep}"],
        },
        {OURS: LISTS[OURS], TUTORIAL: LISTS[TUTORIAL], REST: LISTS[REST]},
    )
    yield Workload(
        "score",
        "best scores, page of 20",
        {
            OURS: [f"/v1/programs?sort=-score&limit={n}" for n in range(18, 23)],
            TUTORIAL: [f"/programs?sort=-score&limit={n}" for n in range(18, 23)],
            REST: [f"/programs?sort=-score&limit={n}" for n in range(18, 23)],
            DATASETTE: [
                f"/peers/program.json?_shape=objects&_nocount=1&_sort_desc=score_low&_size={n}"
                for n in range(18, 23)
            ],
        },
    )
    yield Workload(
        "weights",
        "best scores by the caller's weights",
        {OURS: [f"/v1/programs?sort=-score&weights={weights}" for weights in sample.weights]},
    )
    compared = [ones[at : at + 4] for at in range(0, len(ones) - 4, 4)]
    yield Workload(
        "compare",
        "four programs compared",
        {
            OURS: [f"/v1/comparison?{_many('program', slugs)}" for slugs in compared],
            TUTORIAL: [f"/compare?{_many('slug', slugs)}" for slugs in compared],
            REST: [f"/compare?{_many('slug', slugs)}" for slugs in compared],
            DATASETTE: [
                f"/peers/program.json?_shape=objects&slug__in={','.join(slugs)}"
                for slugs in compared
            ],
            RELATIONS: [f"/compare?{_many('slug', slugs)}" for slugs in compared],
        },
        {
            OURS: lambda answer: sorted(answer["programs"]),
            TUTORIAL: lambda items: sorted(_slugs(items)),
            REST: lambda items: sorted(_slugs(items)),
            DATASETTE: lambda page: sorted(_slugs(page["rows"])),
            RELATIONS: lambda items: sorted(_slugs(items)),
        },
    )
    for key, what, addresses in (
        ("one, kept", "one program, asked before", one[OURS][:20]),
        ("page, kept", "page of 20, asked before", page[OURS][:20]),
        ("search, kept", "words, asked before", _search(sample.words)[OURS][:20]),
    ):
        yield Workload(key, what, {OURS: addresses}, is_kept=True)
    pages = [f"/?state={state}" for state in sample.states[:4]]
    pages += [f"/programs/{slug}" for slug in ones[:4]]
    yield Workload("HTML, kept", "pages for people, asked before", {OURS: pages}, is_kept=True)
    yield Workload("304", "not modified", {OURS: page[OURS][:1]}, is_kept=True, etag=True)


CLAIMS = (
    *("accreditations", "costs", "transfer", "practicum", "topics", "preparation"),
    *("outcomes", "offerings", "services"),
)
OF_OURS = {
    *("level", "standing", "recorded_at", "superseded_at", "evidence", "stale"),
    *("expires_on", "checked_on", "words_sha256"),
}
"""Fields of a claim that are decided, or are no part of what was said."""


def facts_of(item: dict[str, Any]) -> list[str]:
    """Return the slug, and all that ours tells of a program, a line a fact."""
    claims = [
        _line(name, claim["evidence"]["source"], claim | claim["evidence"])
        for name in CLAIMS
        for claim in item[name]
    ]
    years = [f"{row['academic_year']}: {row['count']}" for row in item["all_completions"]]
    school = item["institution"]
    return _counted([item["slug"], school["name"], str(school["zip_code"]), *years, *claims])


def facts_told(item: dict[str, Any]) -> list[str]:
    """Return the same of a record that was read through relationships."""
    claims = [
        _line(name, claim["told_by"]["key"], claim | _address_of(claim))
        for name in CLAIMS
        for claim in (*item[name], *item["institution"][name])
    ]
    years = [f"{row['academic_year']}: {row['count']}" for row in item["completions"]]
    school = item["institution"]
    return _counted([item["slug"], school["name"], str(school["zip_code"]), *years, *claims])


def _address_of(claim: dict[str, Any]) -> dict[str, Any]:
    """Return the page that states a claim: that of its source where it names none, as in ours."""
    return {"source_url": claim["source_url"] or claim["told_by"]["url"]}


def _counted(lines: list[str]) -> list[str]:
    return [*lines, f"{len(lines)} facts"]


def _line(name: str, source: str, claim: dict[str, Any]) -> str:
    told = {
        key.replace("_cents", "_usd"): value / 100 if key.endswith("_cents") else _whole(value)
        for key, value in claim.items()
        if key not in {*OF_OURS, "source", "told_by"} and value not in (None, [])
    }
    if "topic" not in told and name == "transfer":  # ours says topic for it, and kind for the list
        told["topic"] = told["kind"]
    told.pop("kind", None)
    return f"{name} by {source}: {json.dumps(told, sort_keys=True)}"


def _whole(value: Any) -> Any:
    """Return a value; of a list of parts, each without what it does not tell."""
    if not isinstance(value, list):
        return value
    return [
        {name: told for name, told in part.items() if told is not None}
        if isinstance(part, dict)
        else part
        for part in value
    ]


def _heading(page: str) -> str:
    """Return the name in the heading of a page, after that of the school if it stands there."""
    heading = page.partition("<h1>")[2].partition("</h1>")[0].replace("<wbr>", "")
    return heading.rpartition("</a>: ")[2]


_FACETS = "facets=control&facets=award_level&facets=cip_code&facets=accreditation"
_DATASETTE_FACETS = "_facet=control&_facet=award_level&_facet=cip_code&_facet=accreditation"


def _search(words: list[str]) -> dict[str, list[str]]:
    return {
        OURS: [f"/v1/programs?{urlencode({'q': q})}" for q in words],
        TUTORIAL: [f"/programs?{urlencode({'q': q})}" for q in words],
        REST: [f"/programs?{urlencode({'q': q})}" for q in words],
        DATASETTE: [
            f"/peers/program.json?_shape=objects&_size=20&{urlencode({'_search': q})}"
            for q in words
        ],
    }


def beginnings(texts: list[str]) -> list[str]:
    """Return what is in the box while texts are typed: two letters, four, half of each."""
    return sorted({text[:end] for text in texts for end in (2, 4, max(2, len(text) // 2))})


def hostile_texts() -> list[str]:
    """Return texts that cost the most to read: nothing in them is known, or all of it is cut."""
    chance = random.Random(7)

    def letters(count: int) -> str:
        return "".join(chance.choices(ascii_lowercase, k=count))

    return [
        *(letters(count) for count in (10, 14, 18, 50, 100, 198)),
        *(" ".join(letters(9) for _ in range(19)) for _ in range(4)),
        *(" ".join(letters(16) for _ in range(11)) for _ in range(4)),
        " ".join(["san", "nor", "mar", "wes", "new"] * 10),
        "industrializatiom intercontinentel transcriptionits charlottesvile administratiom",
        "best schools courses test",
        "45402 10001 90001 60601 77001 19101 85001 30301 02101 33101 98101 48201",
    ]


def _many(name: str, values: list[str]) -> str:
    return "&".join(f"{name}={value}" for value in values)


def _nothing(_page: Any) -> None:
    """Datasette sorts by one column: its page may begin otherwise within a school."""


def _control(results: list[dict[str, Any]]) -> dict[str, int]:
    return _known({one["value"]: one["count"] for one in results})


def _known(counts: dict[str, int]) -> dict[str, int]:
    return {value: count for value, count in counts.items() if value in CONTROLS and count}


CONTROLS = ("public", "private_nonprofit", "private_for_profit")


@dataclass(frozen=True)
class Sample:
    """What addresses are made of; the same for every contender."""

    known: list[str]
    states: list[str]
    words: list[str]
    common_words: list[str]
    weights: list[str]
    total: int
    cursor: str


def take_sample(ours: Server, peers: dict[str, Server]) -> Sample:
    """Draw what to ask for from the catalogue itself."""
    chance = random.Random(7)
    page = ours.get("/v1/programs?limit=1&facets=state").json()
    states = [one["value"] for one in page["facets"]["state"] if one["count"] >= 20]
    known = ours.get("/v1/programs?unitid=202222&limit=100").json()["items"]
    for state in ("OH", "TX", "CA", "NY", "FL"):
        known += ours.get(f"/v1/programs?state={state}&completions_is=known&limit=40").json()[
            "items"
        ]
    chance.shuffle(known)
    weights = [
        f"accreditation:{chance.randint(1, 9)},cost_transparency:{chance.randint(0, 9)},"
        f"transfer_credits:{chance.randint(0, 9)},practicum_access:{n}"
        for n in range(40)
    ]
    return Sample(
        [item["slug"] for item in known if item["institution"]["unitid"]],
        states,
        _agreed(sorted({_words_of(item) for item in known}), ours, peers),
        [f"medical {word} {place}" for word in COMMON for place in ("Texas", "Ohio", "Columbus")],
        weights,
        page["total"],
        _deep_cursor(ours, page["total"] * 9 // 10),
    )


COMMON = ("office", "insurance", "records", "administration", "technology")
QUESTIONS = 10


def _agreed(words: list[str], ours: Server, peers: dict[str, Server]) -> list[str]:
    """Return texts for which ours finds all that others find, at most a page of it."""
    found: list[str] = []
    random.Random(7).shuffle(words)
    for text in words:
        asked = _search([text])
        page = ours.get(asked[OURS][0]).json()
        if not 0 < page["total"] <= 20:
            continue
        slugs = set(LISTS[OURS](page))
        others = [LISTS[n](s.get(asked[n][0]).json()) for n, s in peers.items()]
        if all(other and set(other) <= slugs for other in others):
            found.append(text)
        if len(found) == QUESTIONS:
            break
    return found


def _deep_cursor(ours: Server, depth: int) -> str:
    cursor = ""
    for _ in range(depth // 100):
        page = ours.get(
            f"/v1/programs?limit=100&fields=slug{cursor and '&cursor=' + quote(cursor)}"
        )
        cursor = page.json()["next"]
    return cursor


def _words_of(item: dict[str, Any]) -> str:
    """Return the two longest words of a school's name and one of the program's."""
    names = item["institution"]["name"].replace("-", " ").replace("'", " ").split()
    school = sorted(names, key=len)[-2:]
    field = next(w for w in item["name"].replace("/", " ").split() if w != "Health")
    return " ".join([*school, field])
