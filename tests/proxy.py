"""A real nginx with the shipped configuration, on a port of this machine."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.settings import ROOT
from tests.serving import free_port, is_listening, wait_until

DEPLOY = ROOT / "app" / "ops" / "deploy"
HOW_TO_GET_IT = "nginx is not installed: `apt-get install nginx-light` (it need not run)"


@contextmanager
def proxying(
    folder: Path, servers: Sequence[str], exports: Path | None = None, **times: str
) -> Iterator[str]:
    """Run nginx in front of servers (host:port), and yield its address.

    Args:
        folder: Where it keeps what it writes.
        servers: Instead of those in the shipped file, with the same options.
        exports: The folder whose files the servers point to.
        times: Name of a directive -> another value than the shipped one.
    """
    program = find_nginx()
    port = free_port()
    conf = _adapt((DEPLOY / "nginx.conf").read_text(), port, folder, exports or folder, times)
    (folder / "nginx.conf").write_text(conf)
    shutil.copy(DEPLOY / "refusals.conf", folder / "hit-compare-refusals.conf")
    one = (DEPLOY / "servers-one.conf").read_text()
    lines = [one.replace("127.0.0.1:8000", server) for server in servers]
    (folder / "hit-compare-servers.conf").write_text("".join(lines))
    log = folder / "stderr"
    with log.open("wb") as stderr:
        command = [program, "-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off;"]
        process = subprocess.Popen(command, stderr=stderr)
    try:
        wait_until(lambda: is_listening(port) or process.poll() is not None)
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def find_nginx() -> str:
    """Return the program, or skip the test; where everything must be there it fails."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(HOW_TO_GET_IT)
    return program


def _adapt(conf: str, port: int, folder: Path, exports: Path, times: dict[str, str]) -> str:
    """Return the shipped configuration for a folder of its own instead of those of a system.

    Each place that is changed must be there, or the tests would be of another configuration.
    """
    temporary = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = {
        "user www-data;": f"user {'root' if os.geteuid() == 0 else 'nobody'};",
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/var/log/nginx/": f"{folder}/",
        "http {": "http {\n" + "".join(f"{x}_temp_path {folder}/{x}_temp;\n" for x in temporary),
        "listen 80;": f"listen 127.0.0.1:{port};",
        "listen [::]:80;": "",
        "/usr/share/hit-compare/static/": f"{ROOT}/app/site/static/",
        "/var/lib/hit-compare/exports/": f"{exports}/",
    }
    head, *rest = conf.partition("\nuser ")  # the comment at the top names places too
    conf = "".join(rest)
    for shipped, ours in places.items():
        assert shipped in conf, shipped
        conf = conf.replace(shipped, ours)
    for name, value in times.items():
        conf, count = re.subn(rf"(?m)^(\s*{name}) [^;]+;", rf"\1 {value};", conf)
        assert count, name
    return head + conf
