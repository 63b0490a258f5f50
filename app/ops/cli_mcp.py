"""The command ``hit-compare mcp``: tools of assistants on the standard input and output."""

import sys
from typing import Annotated

import anyio
import httpx
import typer

from app.assistants.asking import SECONDS, Interface
from app.assistants.routes import load_server
from app.importers.starting import make_ready
from app.main import create_app
from app.queries.rubrics import current_rubric
from app.settings import get_settings
from app.store.database import make_engine

commands = typer.Typer(rich_markup_mode=None)

SERVED_HERE = "http://127.0.0.1:8000"
"""Where `hit-compare serve` serves the pages that answers name, where PUBLIC_URL names none."""


@commands.command("mcp")
def serve_assistant(
    url: Annotated[
        str | None,
        typer.Argument(help="Server to ask; by default the catalogue of this machine."),
    ] = None,
) -> None:
    """Answer an assistant by the Model Context Protocol, on the standard input and output.

    The first start without a server fills the catalogue from the seed, which takes a minute.

    Example: hit-compare mcp
    Example: hit-compare mcp https://hit.example.org
    """
    if url:
        client = httpx.AsyncClient(base_url=url, timeout=SECONDS, follow_redirects=True)
    else:
        engine = make_engine(get_settings().database_url)
        make_ready(engine, get_settings().seed_dir, current_rubric(), _tell)
        transport = httpx.ASGITransport(app=create_app(engine))
        client = httpx.AsyncClient(transport=transport, base_url=SERVED_HERE, timeout=SECONDS)
    anyio.run(_serve, client)


async def _serve(client: httpx.AsyncClient) -> None:
    async with client:
        await load_server().serve_stdio(Interface(client))


def _tell(words: str) -> None:
    """Say what is done where it is not taken for an answer."""
    print(words, file=sys.stderr)
