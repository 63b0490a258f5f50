"""A real browser and a real server, for tests of pages."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.serving import serving

__all__ = ["chromium", "close_browser", "serving", "take_picture"]

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = Path(__file__).parent / "screenshots"
PICTURES = "PICTURES"
"""Variable of the environment: set, pictures of pages are kept; to draw them takes long."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield the browser of this process; without one skip the test, or fail it under CI.

    It starts when it is first asked for and ends with the process; what was opened in it in
    the meantime is closed.
    """
    if not CHROMIUM.exists():
        message = "Chromium is not installed: `apt-get install chromium`"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    browser = _launch()
    before = browser.contexts
    yield browser
    for context in browser.contexts:
        if context not in before:
            context.close()


_running = ExitStack()


@cache
def _launch() -> Browser:
    playwright = _running.enter_context(sync_playwright())
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
    _running.callback(browser.close)
    return browser


def close_browser() -> None:
    """End the browser, if there is one."""
    _running.close()


def take_picture(shown: Page | Locator, name: str, *, whole: bool = False) -> None:
    """Keep a picture of a page or a part of it, where somebody wants to look at them.

    Args:
        shown: What the picture is of.
        name: Of its file.
        whole: With what lies below the window.
    """
    if os.environ.get(PICTURES):
        path = SCREENSHOTS / f"{name}.png"
        shown.screenshot(path=path, **({"full_page": True} if whole else {}))  # type: ignore[arg-type]
