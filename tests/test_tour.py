"""Commands in the texts: each is answered, and what is printed below it is part of its answer."""

import json
import re
import shlex
from argparse import ArgumentParser
from fnmatch import fnmatchcase
from typing import Any

import httpx
import pytest

from app.settings import ROOT

SHOWN = re.compile(r"```sh\n(curl [^`]*)```\n```jsonc?\n([^`]*)```")
SERVER = "http://127.0.0.1:8000"
PARTS = [
    pytest.param(command, shown, id=f"{path.parent.name}-{number}")
    for path in (ROOT / "README.md", *sorted((ROOT / "app").glob("*/README.md")))
    for number, (command, shown) in enumerate(SHOWN.findall(path.read_text()))
]


def _is_part(shown: Any, answer: Any) -> bool:
    """Return whether all that is shown is in the answer: of lists some items, in their order."""
    match shown, answer:
        case dict(), dict():
            return all(k in answer and _is_part(v, answer[k]) for k, v in shown.items())
        case list(), list():
            left = iter(answer)
            return all(any(_is_part(one, other) for other in left) for one in shown)
        case str(), str():
            return fnmatchcase(answer, shown.replace("[", "[[]").replace("…", "*"))
        case _:
            return bool(shown == answer)


def _is_within(shown: Any, answer: Any) -> bool:
    """Return whether what is shown is part of an answer, or of something in it."""
    if _is_part(shown, answer):
        return True
    inner = answer.values() if isinstance(answer, dict) else answer
    return isinstance(answer, dict | list) and any(_is_within(shown, one) for one in inner)


def _ask(command: str, server: str) -> Any:
    """Return the answer to a command of curl, which is not needed for it."""
    curl = ArgumentParser()
    curl.add_argument("-s", action="store_true")
    curl.add_argument("-H", action="append", default=[])
    curl.add_argument("-d")
    curl.add_argument("url")
    asked = curl.parse_args(shlex.split(command.replace("\\\n", ""))[1:])
    return httpx.request(
        "GET" if asked.d is None else "POST",
        asked.url.replace(SERVER, server),
        headers=[line.split(": ", 1) for line in asked.H],
        content=asked.d,
        timeout=30,
    ).json()


@pytest.mark.parametrize(("command", "shown"), PARTS)
def test_what_a_text_prints_is_answered(command: str, shown: str, server: str) -> None:
    text = re.sub(r"(?m)^//.*\n", "", shown).replace(SERVER, server)
    several = json.loads("[" + re.sub(r"\}\n\{", "},{", text) + "]")

    answer = _ask(command, server)

    assert [one for one in several if not _is_within(one, answer)] == []
