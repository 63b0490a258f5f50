"""Tools of assistants: the likeliest questions, asked by a client of the protocol itself."""

import asyncio
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import httpx
import pytest
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.stdio import stdio_client

from app.assistants.calls import CALLS, DEFINITIONS, Call
from app.assistants.tools import TOOLS
from tests.asking import run
from tests.fixtures import Databases

CHARACTERS_A_TOKEN = 3.6
MOST = 1_500
MOST_OF_DEFINITIONS = 4_000

A = "owens-community-college-510707-associate"
B = "mercy-college-of-ohio-510707-associate"
SCHOOLCRAFT = "Schoolcraft health information technology associate"


@dataclass(frozen=True)
class Question:
    """What somebody asks an assistant, the call that answers it, and words of the answer."""

    asked: str
    tool: str
    given: dict[str, Any]
    bound: int
    words: tuple[str, ...] = field(default=())


QUESTIONS = [
    Question("X or Y?", "compare_programs", {"programs": [A, B]}, 1_500, ("not known", "sources")),
    Question("What is RHIT?", "get_credential", {"credential": "RHIT"}, 1_200, ("fee",)),
    Question("This program?", "get_program", {"program": SCHOOLCRAFT}, 1_200, ("CAHIIM",)),
    Question(
        "Associate programs in Ohio?",
        "search_programs",
        {"q": "health information", "state": "Ohio", "award": "associate", "limit": 10},
        1_200,
        ("programs are found",),
    ),
    Question(
        "What does a manager earn in Ohio?",
        "plan_career",
        {"target": "health information manager", "state": "Ohio"},
        800,
        ("Ohio", "openings"),
    ),
    Question(
        "What should I ask the school?",
        "get_program",
        {"program": A, "answers": {"refund_policy": "met"}},
        800,
        ("ask",),
    ),
    Question(
        "From coder to manager?",
        "plan_career",
        {"target": "him-manager", "roles": ["medical coder"], "experience_years": 5},
        1_200,
        ("Step 1", "RHIA"),
    ),
    Question(
        "Renew RHIA and CCS?",
        "get_credential",
        {"renew": ["RHIA", "CCS"]},
        1_000,
        ("40 units",),
    ),
    Question(
        "How long, and how dear, part time?",
        "total_cost_and_time",
        {"program": A, "pace": "part", "home_state": "Michigan"},
        1_200,
        ("6 credits a term", "from outside Ohio"),
    ),
    Question(
        "Whole cost up to RHIT?",
        "total_cost_and_time",
        {"program": SCHOOLCRAFT, "credential": "RHIT"},
        1_200,
        ("$", "not priced"),
    ),
    Question(
        "May I sit RHIT?",
        "check_eligibility",
        {"credential": "RHIT", "program": SCHOOLCRAFT},
        600,
        ("Yes, if",),
    ),
    Question(
        "When is my RHIT due?",
        "get_credential",
        {"renew": ["RHIT"], "passed_on": {"RHIT": "2025-03-10"}},
        1_000,
        ("2027-03-10",),
    ),
    Question(
        "Cheap online programs for RHIT?",
        "search_programs",
        {"credential": "RHIT", "online": True, "max_cost": 25_000},
        1_200,
        ("online",),
    ),
    Question(
        "What is near Dayton?",
        "search_programs",
        {"near": "45402", "award": "associate"},
        1_200,
        ("Dayton",),
    ),
    Question(
        "Which one if accreditation matters most?",
        "compare_programs",
        {"programs": [A, B], "weights": {"accreditation": 3, "cost_transparency": 1}},
        1_500,
        ("of 100",),
    ),
    Question(
        "May I sit CCS with a diploma?",
        "check_eligibility",
        {"credential": "CCS", "education": "high_school", "experience_years": 2},
        600,
        ("CCS",),
    ),
    Question("What was CTR?", "get_credential", {"credential": "CTR"}, 1_200, ("ODS",)),
    Question(
        "How do I become a coding auditor with CCA?",
        "plan_career",
        {"target": "coding auditor", "holds": ["CCA"], "education": "certificate"},
        1_200,
        ("Step 1",),
    ),
    Question(
        "How do I get RHIA after an associate degree?",
        "plan_career",
        {"target": "RHIA", "education": "associate"},
        1_200,
        ("bachelor",),
    ),
    Question(
        "And if I bring 30 credits?",
        "total_cost_and_time",
        {"program": A, "credits_transferred": 30, "home_state": "OH"},
        1_200,
        ("months",),
    ),
]
MISTAKES = [
    ("search_programs", {"states": "OH"}, "'state'"),
    ("search_programs", {"state": "Ohoi"}, "'OH'"),
    ("search_programs", {"award": "asociate"}, "'associate'"),
    ("search_programs", {"max_cost": "cheap"}, "max_cost must be a number"),
    ("get_program", {"program": A[:-1]}, A),
    ("get_program", {"program": "Owens Community College"}, A),
    ("get_program", {"program": "health information"}, "name its school"),
    ("get_program", {"program": A, "answers": {"tution": "met"}}, "tuition"),
    ("compare_programs", {"programs": [A]}, "at least 2"),
    ("check_eligibility", {"credential": "RHITT"}, "RHIT"),
    ("get_credential", {}, "give either credential, or renew"),
    ("plan_career", {"target": "codeing auditor"}, "auditor"),
    ("compare_program", {"programs": [A, B]}, "'compare_programs'"),
]


def tokens(text: str) -> int:
    return ceil(len(text) / CHARACTERS_A_TOKEN)


@dataclass
class Talk:
    """What a client was told in one connection."""

    tools: list[dict[str, Any]]
    answers: list[Any]
    mistakes: list[Any]
    resources: dict[str, str]


@pytest.fixture(scope="module")
def talk(server: str) -> Talk:
    """All that is asked here, in one connection to a running server."""

    async def ask() -> Talk:
        async with Client(f"{server}/mcp") as client:
            tools = (await client.list_tools()).tools
            answers = [await client.call_tool(one.tool, one.given) for one in QUESTIONS]
            mistakes = [await client.call_tool(tool, given) for tool, given, _ in MISTAKES]
            listed = (await client.list_resources()).resources
            read = {one.uri: (await client.read_resource(one.uri)).contents[0] for one in listed}
        return Talk(
            tools=[one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in tools],
            answers=answers,
            mistakes=mistakes,
            resources={uri: getattr(one, "text", "") for uri, one in read.items()},
        )

    return run(ask())


def test_the_tools_are_told_of_in_few_words(talk: Talk) -> None:
    assert [tool["name"] for tool in talk.tools] == list(TOOLS)
    assert len(talk.tools) == 7
    assert tokens(json.dumps(talk.tools)) < MOST_OF_DEFINITIONS
    assert all(tool["annotations"]["readOnlyHint"] for tool in talk.tools)


@pytest.mark.parametrize("at", range(len(QUESTIONS)), ids=[one.asked for one in QUESTIONS])
def test_a_likely_question_has_a_short_answer_with_its_page(
    talk: Talk, server: str, at: int
) -> None:
    question, answer = QUESTIONS[at], talk.answers[at]
    [content] = answer.content
    read = json.loads(content.text)

    assert not answer.is_error
    assert tokens(content.text) <= min(question.bound, MOST)
    assert all(words in content.text for words in question.words)
    for part in [read] if "page" in read else read.values():
        assert part["page"].startswith(f"{server}/")
        assert "as_of" in part
        assert part.get("sources", True)


@pytest.mark.parametrize("at", range(len(MISTAKES)), ids=[str(one[1]) for one in MISTAKES])
def test_a_mistake_is_told_in_a_sentence_with_what_is_near(talk: Talk, at: int) -> None:
    _, _, near = MISTAKES[at]
    answer = talk.mistakes[at]
    [content] = answer.content

    assert answer.is_error
    assert near in content.text
    assert not content.text.startswith("{")
    assert "Traceback" not in content.text
    assert tokens(content.text) < 300


def test_words_rubric_and_sources_can_be_read(talk: Talk) -> None:
    assert list(talk.resources) == [
        "hit-compare://glossary",
        "hit-compare://rubric",
        "hit-compare://sources",
    ]
    assert "program_accredited" in talk.resources["hit-compare://rubric"]
    assert "ipeds-hd2024" in talk.resources["hit-compare://sources"]
    assert all(tokens(text) < MOST_OF_DEFINITIONS for text in talk.resources.values())


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


def test_each_message_stands_alone_so_that_any_worker_can_answer_it(http: httpx.Client) -> None:
    called = {"name": "get_credential", "arguments": {"credential": "CCA"}}
    asked = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": called}
    answer = http.post("/mcp", json=asked, headers={"Origin": "https://elsewhere.example"})

    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "mcp-session-id" not in answer.headers
    assert json.loads(answer.json()["result"]["content"][0]["text"])["title"].startswith("CCA")


def test_a_tool_tells_what_the_address_tells_everybody(http: httpx.Client) -> None:
    called = {"name": "get_program", "arguments": {"program": f"{http.base_url}/programs/{A}"}}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": called}
    told = http.post("/mcp", json=asked).json()["result"]["content"][0]["text"]

    assert json.loads(told) == http.get(f"/v1/programs/{A}", params={"view": "brief"}).json()


def test_there_is_no_stream_to_listen_to_and_people_are_led_to_a_page(http: httpx.Client) -> None:
    stream = http.get("/mcp", headers={"Accept": "text/event-stream"})
    page = http.get("/mcp", headers={"Accept": "text/html"})

    assert stream.status_code == 405
    assert (page.status_code, page.headers["location"]) == (303, "/docs/assistants")


def test_a_body_that_is_none_is_refused_as_everywhere(http: httpx.Client) -> None:
    answer = http.post("/mcp", content=b"{", headers={"Content-Type": "application/json"})

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_it_answers_on_the_standard_input_too(databases: Databases) -> None:
    database = databases.seeded("sqlite").url.render_as_string(hide_password=False)
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "app.ops.cli", "mcp"],
        env={**os.environ, "DATABASE_URL": database, "PUBLIC_URL": "https://hit.example.org"},
    )

    async def ask() -> tuple[int, Any]:
        async with asyncio.timeout(60), Client(stdio_client(command)) as client:
            tools = (await client.list_tools()).tools
            return len(tools), await client.call_tool("get_program", {"program": A})

    count, answer = run(ask())
    assert count == len(TOOLS)
    assert json.loads(answer.content[0].text)["page"] == f"https://hit.example.org/programs/{A}"


@pytest.mark.parametrize("call", CALLS, ids=[one.asked for one in CALLS])
def test_sizes_that_are_told_are_those_of_the_answers(http: httpx.Client, call: Call) -> None:
    brief, whole = http.get(call.address), http.get(call.path)

    assert tokens(brief.text) == pytest.approx(call.brief, rel=0.1)
    assert tokens(whole.text) == pytest.approx(call.whole, rel=0.1)
    assert tokens(brief.text) <= call.most


def test_the_size_of_the_tools_is_told_as_it_is(talk: Talk) -> None:
    assert tokens(json.dumps(talk.tools)) == pytest.approx(DEFINITIONS, rel=0.1)


def test_llms_txt_leads_to_all_of_it(http: httpx.Client) -> None:
    answer = http.get("/llms.txt")
    links = set(re.findall(r"\]\((\S+?)\)", answer.text)) - {f"{http.base_url}/openapi.json"}

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert f"{http.base_url}/mcp" in answer.text
    assert all(http.get(link).status_code == 200 for link in links)
    assert tokens(answer.text) < MOST


def test_the_interface_begins_with_a_list_of_what_there_is(http: httpx.Client) -> None:
    index = http.get("/v1").json()

    assert "/v1/programs" in {one["path"] for one in index["resources"]}
    assert not any("admin" in one["path"] for one in index["resources"])
    assert index["openapi"] == "/openapi.json"  # which takes seconds to make
    for leads in ("docs", "glossary", "llms", "catalog"):
        assert http.get(index[leads]).status_code == 200
    assert http.get("/v1/", follow_redirects=True).json() == index


def test_the_catalog_of_interfaces_leads_to_where_each_is_described(http: httpx.Client) -> None:
    answer = http.get("/.well-known/api-catalog")
    by_anchor = {one["anchor"]: one for one in answer.json()["linkset"]}

    assert answer.headers["content-type"].startswith("application/linkset+json; profile=")
    assert "api-catalog" in http.head("/.well-known/api-catalog").headers["link"]
    [catalog] = [one for anchor, one in by_anchor.items() if anchor.endswith("/api-catalog")]
    for item in catalog["item"]:
        for relation in ("service-doc", "status"):
            for link in by_anchor[item["href"]].get(relation, ()):
                assert http.get(link["href"]).headers["content-type"].startswith(link["type"])
