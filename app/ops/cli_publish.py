"""The command ``publish-ctdl``: envelopes for the Credential Registry, a file each."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from app.clock import today
from app.exports.linked_credentials import to_credential
from app.exports.linked_data import Node, Site
from app.exports.linked_institutions import to_institution
from app.exports.linked_programs import to_program
from app.exports.registry import envelope, missing
from app.queries.linked_data import (
    every_credential,
    every_institution,
    every_program,
    load_references,
)
from app.search.index import index_of
from app.settings import get_settings
from app.store.database import make_engine, migrate

commands = typer.Typer(rich_markup_mode=None)


@commands.command("publish-ctdl")
def publish(
    folder: Annotated[Path, typer.Argument(help="Where the envelopes go, a file each.")],
    is_dry: Annotated[
        bool, typer.Option("--dry-run", help="Write envelopes and send nothing: what there is.")
    ] = False,
) -> None:
    """Write schools, programs and credentials as envelopes for the Credential Registry.

    Nothing is sent: an operator adds a key. An organization approved by Credential Engine signs
    the resource of each envelope as a JSON Web Token (RS256), puts that in its place and adds its
    public key (PEM) as resource_public_key. Records that lack something the registry requires are
    left out and named. PUBLIC_URL is the address of the pages they lead to.

    Example: PUBLIC_URL=https://hit.example.org hit-compare publish-ctdl --dry-run envelopes
    """
    base = get_settings().public_url
    if not is_dry or base is None:
        what = "PUBLIC_URL is not set" if is_dry else "nothing is sent from here: add --dry-run"
        raise typer.BadParameter(what)
    engine = make_engine(get_settings().database_url)
    migrate(engine)
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    with Session(engine) as session:
        for node in _nodes(session, base):
            if lacking := missing(node):
                print(f"{node['@id']} is left out: it has no {', no '.join(lacking)}")
                continue
            text = json.dumps(envelope(node, base), ensure_ascii=False, indent=1)
            (folder / f"{node['ceterms:ctid']}.json").write_text(text, encoding="utf-8")
            written += 1
    engine.dispose()
    print(f"{written} envelopes in {folder}, to be signed: hit-compare publish-ctdl --help")


def _nodes(session: Session, base: str) -> Iterator[Node]:
    """Yield owners before what they own: the registry wants them in this order."""
    day = today()
    site = Site(base, load_references(session, day))
    for school in every_institution(session, None, day):
        yield to_institution(school, site)
    for program in every_program(session, index_of(session).every, day):
        yield to_program(program, site)
    for credential in every_credential(session, day):
        yield to_credential(credential, site)
