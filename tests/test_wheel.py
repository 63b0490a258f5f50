"""The wheel, built and installed away from the checkout, serves by itself."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import httpx
import pytest

from app.settings import ROOT
from tests.serving import serving_process

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    _run("uv", "build", "--wheel", "-q", "-o", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, that borrows what the wheel depends on from this one."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    _run("python", "-m", "venv", "--without-pip", folder)
    _run("uv", "pip", "install", "-q", "--no-deps", "--python", folder / "bin" / "python", wheel)
    # a folder named in a .pth file lends its packages, but not the .pth files in it
    (_packages(folder) / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def _run(program: str, *arguments: str | Path) -> str:
    command = [Path(sys.executable).parent / program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _packages(environment: Path) -> Path:
    (folder,) = environment.glob("lib/python*/site-packages")
    return folder


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if "__pycache__" not in path.parts}


def test_the_wheel_brings_all_it_needs_under_its_own_name(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {Path(name).parts[0] for name in names} == {"app", f"{_name_of(wheel)}.dist-info"}
    for folder, inside in [("migrations", "shipped/migrations"), ("seed", "shipped/seed")]:
        ours = {str(path.relative_to(folder)) for path in Path(folder).rglob("*.*")}
        ours = {path for path in ours if "__pycache__" not in path}
        packed = {name.removeprefix(f"app/{inside}/") for name in names if inside in name}
        assert ours == packed


def _name_of(wheel: Path) -> str:
    return "-".join(wheel.name.split("-")[:2])


def test_the_command_tells_its_version(environment: Path, wheel: Path, tmp_path: Path) -> None:
    command = [environment / "bin" / "hit-compare", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)

    assert done.stdout == f"hit-compare {wheel.name.split('-')[1]}\n"


def test_an_installed_wheel_serves_in_an_empty_folder(environment: Path, tmp_path: Path) -> None:
    command = [environment / "bin" / "hit-compare"]
    installed = _files(_packages(environment))

    with (
        serving_process("", command=command, folder=tmp_path) as (_, address),
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        found = client.get("/v1/programs", params={"state": "OH", "limit": 1}).json()
        page = client.get("/", headers={"accept": "text/html"})
        ready = client.get("/health/ready")

    assert found["total"] > 0
    assert page.status_code == ready.status_code == 200
    assert "text/html" in page.headers["content-type"]
    assert (tmp_path / "var" / "catalogue.db").exists()
    assert _files(_packages(environment)) == installed
