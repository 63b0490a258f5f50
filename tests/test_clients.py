"""Clients that others make from our OpenAPI file: they compile, and work against a server."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.long

UV = Path(sys.executable).with_name("uv")
USES = Path("tests/clients").resolve()

PYTHON_GENERATOR = "openapi-python-client==0.29.1"
TYPESCRIPT = ("openapi-typescript@7.13.0", "openapi-fetch@0.17.0", "typescript@5.9")
HOW_TO_GET_NPM = "The TypeScript client needs Node: apt-get install nodejs npm"


@pytest.fixture(scope="module")
def document(server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OpenAPI file as the server gives it, in a folder of its own."""
    path = tmp_path_factory.mktemp("clients") / "openapi.json"
    path.write_bytes(httpx.get(f"{server}/openapi.json", trust_env=False).content)
    return path


def run(*command: str | Path, folder: Path) -> str:
    """Run a command in a folder and return what it prints."""
    # each tool lives in an environment of its own, not in that of the tests
    clean = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    clean["UV_SYSTEM_CERTS"] = "true"  # as in pyproject.toml, which is not read from there
    done = subprocess.run(
        [*map(str, command)], cwd=folder, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def expected(server: str) -> dict[str, Any]:
    """Return what a client must have seen, asked without one."""
    with httpx.Client(base_url=f"{server}/v1", trust_env=False) as http:
        search = {"state": "OH", "award_level": "associate", "cip_code": "51.0707", "limit": 3}
        page = http.get("/programs", params=search).json()
        slugs = [item["slug"] for item in page["items"]]
        program = http.get(f"/programs/{slugs[0]}").json()
        answers = {"tuition": "met", "refund_policy": "not_met"}
        body = {"award_level": "associate", "answers": answers}
        checklist = http.post("/checklists", json=body).json()
    return {
        "total": page["total"],
        "slugs": slugs,
        "school": program["institution"]["name"],
        "basis": program["costs"][0]["evidence"]["basis"],
        "low": checklist["score"]["low"],
        "questions": len(checklist["questions"]),
        "refused": [422, "/problems/invalid-request", "limit"],
    }


def test_the_python_client_is_typed_and_works(server: str, document: Path) -> None:
    folder = document.parent
    told = run(
        *(UV, "tool", "run", "--from", PYTHON_GENERATOR, "--with", "ruff"),
        *("openapi-python-client", "generate", "--path", document, "--output-path", "python"),
        folder=folder,
    )
    own_python = (UV, "run", "--no-project", "--isolated", "--python", sys.executable)
    within = (*own_python, "--with", "./python", "--with", "mypy")

    run(*within, "mypy", "--strict", USES / "use_client.py", folder=folder)
    seen = run(*within, "python", USES / "use_client.py", server, folder=folder)

    assert "Unable to" not in told  # a schema without a class of its own
    assert json.loads(seen) == expected(server)


def test_the_typescript_types_compile_and_hold(server: str, document: Path) -> None:
    if shutil.which("npm") is None:
        if os.environ.get("CI"):
            pytest.fail(HOW_TO_GET_NPM)
        pytest.skip(HOW_TO_GET_NPM)
    folder = document.parent / "typescript"
    folder.mkdir()
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    shutil.copy(USES / "use_client.ts", folder)
    run("npm", "install", "--no-audit", "--no-fund", "--silent", *TYPESCRIPT, folder=folder)
    tools = folder / "node_modules" / ".bin"
    rules = ("--strict", "--noUncheckedIndexedAccess", "--skipLibCheck", "--target", "es2022")
    rules += ("--module", "nodenext", "--lib", "es2022,dom")

    run(tools / "openapi-typescript", document, "-o", "hit-compare.d.ts", folder=folder)
    run(tools / "tsc", *rules, "use_client.ts", folder=folder)
    seen = json.loads(run("node", "use_client.js", server, folder=folder))

    assert seen.pop("misspelt") == 1
    assert seen == expected(server)
