"""The likeliest calls with the sizes of their answers, and ``/llms.txt``, which tells of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.assistants.tools import TOOLS
from app.queries.briefs import careers, credentials, programs, ways

A, B = "owens-community-college-510707-associate", "mercy-college-of-ohio-510707-associate"

DEFINITIONS = 1_750
"""Tokens of all tools as a client is told of them; tests/test_assistants.py measures them."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call; sizes are tokens of the shipped catalogue, ``most`` the bound of any answer to it."""

    asked: str
    path: str
    brief: int
    whole: int
    most: int

    @property
    def address(self) -> str:
        """The address that answers in short."""
        return f"{self.path}{'&' if '?' in self.path else '?'}view=brief"


CALLS: Sequence[Call] = (
    Call(
        "Which programs are there, by words",
        "/v1/programs?q=associate+health+information+ohio&limit=10",
        brief=1_090,
        whole=8_120,
        most=programs.LIST_TOKENS,
    ),
    Call(
        "One program",
        f"/v1/programs/{A}",
        brief=1_060,
        whole=9_350,
        most=programs.PROGRAM_TOKENS,
    ),
    Call(
        "Two to four programs side by side",
        f"/v1/comparison?program={A}&program={B}",
        brief=1_450,
        whole=32_860,
        most=programs.COMPARISON_TOKENS,
    ),
    Call(
        "What is verified, and what to ask the school",
        f"/v1/programs/{A}/checklist",
        brief=800,
        whole=4_050,
        most=programs.CHECKLIST_TOKENS,
    ),
    Call(
        "The whole cost",
        f"/v1/programs/{A}/total-cost?home_state=OH",
        brief=520,
        whole=1_380,
        most=ways.COST_TOKENS,
    ),
    Call(
        "How long it takes, part time",
        f"/v1/timeline?program={A}&pace=part",
        brief=400,
        whole=1_410,
        most=ways.TIMELINE_TOKENS,
    ),
    Call(
        "Whether its graduates may sit an exam",
        f"/v1/eligibility?credential=RHIT&program={A}",
        brief=470,
        whole=1_160,
        most=ways.ELIGIBILITY_TOKENS,
    ),
    Call(
        "One credential: who may sit it, fees, renewal",
        "/v1/credentials/RHIT",
        brief=1_200,
        whole=18_370,
        most=credentials.CREDENTIAL_TOKENS,
    ),
    Call(
        "Pay and outlook of a role, in a state",
        "/v1/advancement-paths/him-manager?state=OH",
        brief=730,
        whole=11_800,
        most=careers.ROLE_TOKENS,
    ),
    Call(
        "The way to a role from what one holds",
        "/v1/advancement-plans?target=him-manager&credentials=CCS&education=associate",
        brief=880,
        whole=2_980,
        most=careers.PLAN_TOKENS,
    ),
)

LLMS_TXT = """\
# hit-compare

> Compares US health information programs (medical records, coding, health information management,
> health informatics) by what can be verified before enrolling, beside the credentials, jobs and
> pay they lead to. Open data, no key, read only. Every fact has a source and a date.

Unknown is never a no: `null`, and `not known` in short answers, mean that nobody tells. Say so,
and pass on what to ask. A score is an interval; `high` counts what is open as met. Cite `page`,
which is for people. Facts move: tell people to verify with the school or issuer.

## MCP

{base}/mcp (streamable HTTP, no sessions): {tools} tools in some {definitions} tokens, answers of
at most 1,500. By the standard input and output: `hit-compare mcp {base}`.
How to add it: {base}/docs/assistants

## Calls

Add `view=brief` to an address for the answer in short. In parentheses: tokens in short, and whole.

{calls}
- [What renewing credentials takes]({base}/docs/interface): POST /v1/renewal-plans with
  {{"credentials": ["RHIA", "CCS"], "view": "brief"}}

Names are understood: states, schools in `q`, former names of credentials. A mistake is answered
by a sentence with what may be meant (`detail`, RFC 9457).

## More

- [Questions as forms]({base}/docs): each with its address as JSON and CSV
- [OpenAPI]({base}/openapi.json): every operation; large
- [Index of the interface]({base}/v1): resources, as JSON
- [Glossary]({base}/docs/glossary): what the words mean
- [Whole collections]({base}/v1/export): CSV, NDJSON and more, with sizes and hashes
- [Sources and licenses]({base}/data): where the facts come from
"""


def to_llms_txt(base: str) -> str:
    """Return what the service is and how to ask it in few tokens (llmstxt.org)."""
    calls = "\n".join(
        f"- [{one.asked}]({base}{one.address}) ({one.brief:,}; {one.whole:,})" for one in CALLS
    )
    return LLMS_TXT.format(base=base, calls=calls, tools=len(TOOLS), definitions=f"{DEFINITIONS:,}")
