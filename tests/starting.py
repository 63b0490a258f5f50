"""The command in processes of its own, as many at once as a test likes."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import Engine

from app.ops.cli import main
from app.settings import get_settings

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.starting"])


def start_command(
    engine: Engine, *arguments: str, seed: Path | None = None, **environment: str
) -> "subprocess.Popen[str]":
    """Start ``hit-compare`` over a database; what it says comes on one pipe."""
    return subprocess.Popen(
        [sys.executable, "-m", "app.ops.cli", *arguments],
        env={**_environment(engine, seed), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def outcome(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Return exit status and output of a command, waiting for its end."""
    said, _ = process.communicate(timeout=240)
    return process.returncode, said


class ForkedCommand:
    """``hit-compare`` in a fork of a process that has loaded it, which takes the longest."""

    def __init__(self, engine: Engine, *arguments: str, seed: Path | None = None) -> None:
        ours, theirs = _FORKS.Pipe(duplex=False)
        given = _environment(engine, seed)
        self._process = _FORKS.Process(target=_run, args=(arguments, given, theirs))
        with ours, theirs:
            self._process.start()
            self._output = os.fdopen(os.dup(ours.fileno()))

    def is_running(self) -> bool:
        """Return whether it has not ended yet."""
        return self._process.is_alive()

    def read_line(self) -> str:
        """Return what it says next, waiting for it."""
        return self._output.readline()

    def outcome(self) -> tuple[int | None, str]:
        """Return exit status and the rest of the output, waiting for the end."""
        with closing(self._output):
            said = self._output.read()
        self._process.join(timeout=240)
        return self._process.exitcode, said


def _run(arguments: Sequence[str], environment: dict[str, str], output: Connection) -> None:
    os.environ.clear()
    os.environ.update(environment)
    get_settings.cache_clear()
    for stream in (1, 2):
        os.dup2(output.fileno(), stream)
    output.close()
    sys.argv = ["hit-compare", *arguments]
    main()


def _environment(engine: Engine, seed: Path | None) -> dict[str, str]:
    url = engine.url.render_as_string(hide_password=False)
    return {**os.environ, "DATABASE_URL": url, **({"SEED_DIR": str(seed)} if seed else {})}
