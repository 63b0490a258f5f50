"""What an assistant can read beside its tools: the words, how the score is made, the sources."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from app.assistants.asking import Interface
from app.site.glossary import TERMS


@dataclass(frozen=True, slots=True)
class Resource:
    """A text as an assistant is told of it."""

    title: str
    description: str
    read: Callable[[Interface], Awaitable[str]]


async def read_glossary(_: Interface) -> str:
    """Return the words of the field, a line each."""
    return "\n".join(f"{term.word}: {term.text}" for term in TERMS)


async def read_rubric(ask: Interface) -> str:
    """Return how the score is made: criteria with their weights, checks with their points."""
    listed = await ask.get("/v1/rubrics")
    newest = max(listed["items"], key=lambda one: (one["published_on"], one["version"]))
    rubric = await ask.get(f"/v1/rubrics/{newest['version']}")
    lines = [f"{rubric['title']}, version {rubric['version']}. {rubric['measures']}"]
    for criterion in rubric["criteria"]:
        lines.append(f"{criterion['key']} ({criterion['weight']:.0%}): {criterion['reason']}")
        lines += [
            f"  {check['key']}, {check['points']} points: {check['question']}"
            for check in criterion["checks"]
        ]
    lines.append(f"Findings: {', '.join(rubric['values'])}; unknown leaves the score open.")
    return "\n".join(lines)


async def read_sources(ask: Interface) -> str:
    """Return where facts come from, a line each."""
    listed = await ask.get("/v1/sources")
    return "\n".join(
        f"{one['key']}: {one['title']}. {one['publisher']}. {one['edition'] or 'undated'}. "
        f"{one['url'] or 'each fact names its page'}"
        for one in listed["items"]
    )


RESOURCES: Mapping[str, Resource] = {
    "hit-compare://glossary": Resource(
        "Glossary", "Words of the field, such as accreditation and award", read_glossary
    ),
    "hit-compare://rubric": Resource(
        "Rubric", "How the score is made: criteria, checks and their keys", read_rubric
    ),
    "hit-compare://sources": Resource(
        "Sources", "Publications that facts come from, with editions", read_sources
    ),
}
