"""What holds for every test; ``tests/fixtures.py`` is for those that need the application.

Tests of pure code, in ``tests/domain``, start at once: nothing is imported for them.
"""

import gc
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import hypothesis
import pytest

os.environ.setdefault("CACHE_LOOK_SECONDS", "0")  # tests publish behind the server's back

hypothesis.settings.register_profile("patient", deadline=None)  # machines are noisy
hypothesis.settings.load_profile("patient")

FIXTURES = "tests.fixtures"
PURE = Path(__file__).parent / "domain"
RUN = "HIT_COMPARE_TEST_RUN"
"""Variable of the environment: the folder of this run of the tests."""


def _is_pure(path: Path) -> bool:
    return path.is_relative_to(PURE)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run tests of pure code in one process: to start others takes longer than to run them."""
    if config.args and all(
        _is_pure(Path(arg.partition("::")[0]).absolute()) for arg in config.args
    ):
        config.option.numprocesses = 0


def pytest_configure(config: pytest.Config) -> None:
    """Make a folder for what all processes of this run share; workers inherit its name."""
    if not hasattr(config, "workerinput"):
        os.environ[RUN] = tempfile.mkdtemp(prefix="hit_test_")
        os.environ["EXPORT_DIR"] = f"{os.environ[RUN]}/exports"


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Load the application, and the fixtures around it, before the first module that needs it."""
    plugins = collector.config.pluginmanager
    is_needed = isinstance(collector, pytest.Module) and not _is_pure(collector.path)
    if is_needed and not plugins.has_plugin(FIXTURES):
        plugins.import_plugin(FIXTURES)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with files that take long, and with those of many tests."""
    size = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.get_closest_marker("long") is None, -size[item.path]))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave out of every later search for garbage what stays: modules, and thousands of tests."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Clear away what the processes of this run shared, once all are through."""
    if not hasattr(config, "workerinput"):
        run = Path(os.environ.pop(RUN))
        if any(run.iterdir()):
            from tests.postgres import stop_server_of  # loads the application

            stop_server_of(run)
        shutil.rmtree(run, ignore_errors=True)
