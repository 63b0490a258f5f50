"""What is shipped to run the service with: every name in it is a name that is there."""

import configparser
import ipaddress
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from app.ops.cli import cli
from app.ops.cli_refresh import PARTLY, WAITS
from app.ops.serving import GRACEFUL_SECONDS
from app.settings import ROOT, Settings
from tests.proxy import DEPLOY

OF_THE_SERVER = {"FORWARDED_ALLOW_IPS"}  # uvicorn reads it
OF_PYTHON = {"HOME", "PATH", "PYTHONUNBUFFERED", "VIRTUAL_ENV"}
CONF = (DEPLOY / "nginx.conf").read_text()


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return document


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    services: dict[str, Any] = compose["services"]
    return services


@pytest.fixture(scope="module")
def dockerfile() -> list[tuple[str, str]]:
    """The instructions: name, arguments."""
    text = (ROOT / "Dockerfile").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(name, rest) for name, _, rest in (x.partition(" ") for x in joined.splitlines() if x)]


@pytest.fixture(scope="module")
def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "hit-compare.service")
    return parser


def check_settings(values: dict[str, str], also: set[str] = OF_THE_SERVER) -> Settings:
    """Return the settings that variables of the environment give; each must be one."""
    values = {name: value for name, value in values.items() if name not in also}
    unknown = {name for name in values if name.lower() not in Settings.model_fields}
    assert not unknown
    return Settings(**{name.lower(): value for name, value in values.items()})


def test_containers_are_given_settings_that_exist(services: dict[str, Any]) -> None:
    for name in ("server-1", "server-2"):
        settings = check_settings(services[name]["environment"])
        assert settings.rate_limit_per_address
        assert settings.rate_limit_per_key
        assert settings.rate_limit_storage == "redis://redis:6379"


def test_each_service_is_watched_and_waits_for_what_it_needs(services: dict[str, Any]) -> None:
    for service in services.values():
        assert service["healthcheck"]["test"][0] == "CMD"
        for needed, how in service.get("depends_on", {}).items():
            assert needed in services
            assert how == {"condition": "service_healthy"}
    assert set(services["proxy"]["depends_on"]) == {"server-1", "server-2"}
    assert set(services["server-1"]["depends_on"]) == {"postgres", "redis"}


def test_only_the_proxy_can_be_reached_from_outside(
    compose: dict[str, Any], services: dict[str, Any]
) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert compose["networks"]["inside"]["internal"]
    assert all(services[name]["networks"] == ["inside"] for name in services if name != "proxy")


def test_the_servers_believe_the_proxy_and_nobody_else(
    compose: dict[str, Any], services: dict[str, Any]
) -> None:
    address = services["proxy"]["networks"]["inside"]["ipv4_address"]
    (subnet,) = compose["networks"]["inside"]["ipam"]["config"]

    assert services["server-1"]["environment"]["FORWARDED_ALLOW_IPS"] == address
    assert ipaddress.ip_address(address) in ipaddress.ip_network(subnet["subnet"])


def test_every_folder_and_file_that_is_mounted_is_there(
    compose: dict[str, Any], services: dict[str, Any]
) -> None:
    for service in services.values():
        for source in (volume.split(":")[0] for volume in service.get("volumes", [])):
            there = (ROOT / source).exists() if source.startswith("./") else False
            assert there or source in compose["volumes"], source


def test_the_proxy_finds_what_its_configuration_names(services: dict[str, Any]) -> None:
    mounted = {volume.split(":")[1] for volume in services["proxy"]["volumes"]}
    included = {f"/etc/nginx/{name}" for name in re.findall(r"include (\S+);", CONF)}
    folders = re.findall(r"alias (/\S+?)/(?:\$1)?;", CONF)

    assert mounted == {"/etc/nginx/nginx.conf", *included, *folders}


def test_release_files_are_where_the_servers_put_them(services: dict[str, Any]) -> None:
    server, proxy = services["server-1"], services["proxy"]
    (volume,) = (
        volume.split(":")[0]
        for volume in server["volumes"]
        if volume.endswith(f":{server['environment']['EXPORT_DIR']}")
    )
    prefix = server["environment"]["ACCEL_REDIRECT"]
    alias = re.search(rf"location {prefix}/ {{\s+internal;\s+alias (\S+)/;", CONF)

    assert alias
    assert f"{volume}:{alias[1]}:ro" in proxy["volumes"]


def test_both_servers_stand_behind_the_proxy(services: dict[str, Any]) -> None:
    named = re.findall(r"(?m)^server (\S+):8000 ", (DEPLOY / "servers-two.conf").read_text())

    assert set(named) == {name for name in services if name.startswith("server-")}
    assert "8000" in (ROOT / "Dockerfile").read_text()


def test_everything_has_time_to_finish_what_it_is_sending(
    services: dict[str, Any], unit: configparser.ConfigParser
) -> None:
    grace = int(services["server-1"]["stop_grace_period"].removesuffix("s"))

    assert grace > GRACEFUL_SECONDS + 5
    assert int(unit["Service"]["TimeoutStopSec"]) > GRACEFUL_SECONDS + 5


def test_the_image_is_made_of_what_is_there_and_sent(dockerfile: list[tuple[str, str]]) -> None:
    copied = {
        source
        for name, rest in dockerfile
        if name == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    sent = set(re.findall(r"(?m)^!(\S+)$", (ROOT / ".dockerignore").read_text()))

    assert copied == sent
    assert all((ROOT / source).exists() for source in copied)


def test_the_image_runs_as_nobody_in_particular_with_limits_on(
    dockerfile: list[tuple[str, str]],
) -> None:
    values = [pair for name, rest in dockerfile if name == "ENV" for pair in shlex.split(rest)]
    settings = check_settings(
        dict(pair.split("=", 1) for pair in values), OF_THE_SERVER | OF_PYTHON
    )
    users = [rest for name, rest in dockerfile if name == "USER"]

    assert settings.rate_limit_per_address
    assert re.fullmatch(r"[1-9]\d*:0", users[-1])  # any user of group 0 may take its place
    assert any(
        name == "RUN" and "-m 0775" in rest and "-g 0 /data" in rest for name, rest in dockerfile
    )
    assert any(name == "HEALTHCHECK" for name, _ in dockerfile)
    assert ("STOPSIGNAL", "SIGINT") in dockerfile


def test_the_image_can_back_up_a_database_of_the_compose_file(
    dockerfile: list[tuple[str, str]], services: dict[str, Any]
) -> None:
    bases = {rest.split()[0] for name, rest in dockerfile if name == "FROM"}

    assert any(name == "RUN" and "postgresql-client" in rest for name, rest in dockerfile)
    assert bases == {"python:3.11-slim-trixie"}  # whose pg_dump is of 17: not older than
    assert services["postgres"]["image"] == "postgres:17"


def test_the_image_and_the_unit_start_commands_that_exist(
    dockerfile: list[tuple[str, str]], unit: configparser.ConfigParser
) -> None:
    (in_image,) = (re.findall(r'"([^"]+)"', rest) for name, rest in dockerfile if name == "CMD")
    by_unit = shlex.split(unit["Service"]["ExecStart"])
    serve = typer.main.get_command(cli).commands["serve"]  # type: ignore[attr-defined]
    options = {option for parameter in serve.params for option in parameter.opts}

    for program, command, *rest in (in_image, by_unit):
        assert Path(program).name == "hit-compare"
        assert command == "serve"
        assert {word for word in rest if word.startswith("--")} <= options


def test_the_timer_starts_a_command_that_exists_and_takes_what_waits_for_no_failure() -> None:
    text = (DEPLOY / "hit-compare-refresh.service").read_text()
    (command,) = re.findall(r"(?m)^ExecStart=\S+/hit-compare (.+)$", text)
    codes = re.findall(r"(?m)^SuccessExitStatus=(.+)$", text)

    assert command in typer.main.get_command(cli).commands  # type: ignore[attr-defined]
    assert codes == [f"{WAITS} {PARTLY}"]
    assert "\nUser=hit-compare\n" in text  # as systemd calls the user of hit-compare.service
    assert (DEPLOY / "hit-compare-refresh.timer").is_file()


def test_the_example_names_settings_that_exist() -> None:
    text = (DEPLOY / "hit-compare.env.example").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    values = dict(line.split("=", 1) for line in lines)

    assert {name.lower() for name in values} <= set(Settings.model_fields)
    hosts = json.loads(values.pop("ALLOWED_HOSTS"))
    assert check_settings(values).public_url == f"https://{hosts[0]}"


def test_the_example_for_caddy_leads_to_the_server_and_waits_as_long_as_it_does() -> None:
    text = (DEPLOY / "hit-compare.caddyfile").read_text()

    assert "reverse_proxy 127.0.0.1:8000" in text
    [seconds] = re.findall(r"response_header_timeout (\d+)s", text)
    assert int(seconds) > 30


@pytest.mark.parametrize("name", ["hit-compare.service", "hit-compare-refresh.service"])
def test_the_unit_gives_settings_that_exist_and_little_else(name: str) -> None:
    text = (DEPLOY / name).read_text()
    lines = re.findall(r"(?m)^Environment=(.+)$", text)
    values = dict(pair.split("=", 1) for line in lines for pair in shlex.split(line))

    settings = check_settings(values)

    assert settings.rate_limit_per_address or "refresh" in name
    for line in ("DynamicUser=yes", "StateDirectory=hit-compare", "ProtectSystem=strict"):
        assert f"\n{line}\n" in text
    for value in (settings.database_url, settings.spool_dir):
        assert "/var/lib/hit-compare/" in str(value)  # the one folder that it may write to


def test_every_shipped_file_is_explained_and_every_explained_file_is_shipped() -> None:
    text = (DEPLOY / "README.md").read_text()
    table = text.partition("\n\nThe server")[0]
    named = set(re.findall(r"`([\w./-]+\.\w+)`", table))

    assert {(DEPLOY / name).resolve() for name in named} == {
        *(path for path in DEPLOY.iterdir() if path.name != "README.md"),
        ROOT / "compose.yaml",
    }
