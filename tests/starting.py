"""The command in processes of its own, as many at once as a test likes."""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine


def start_command(
    engine: Engine, *arguments: str, seed: Path | None = None, **environment: str
) -> "subprocess.Popen[str]":
    """Start ``hit-compare`` over a database; what it says comes on one pipe."""
    url = engine.url.render_as_string(hide_password=False)
    given = {"DATABASE_URL": url, **({"SEED_DIR": str(seed)} if seed else {}), **environment}
    return subprocess.Popen(
        [sys.executable, "-m", "app.ops.cli", *arguments],
        env={**os.environ, **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def outcome(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Return exit status and output of a command, waiting for its end."""
    said, _ = process.communicate(timeout=240)
    return process.returncode, said
