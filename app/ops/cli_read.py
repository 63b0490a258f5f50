"""Commands that open pages of schools: ``read`` and ``recheck``."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from sqlalchemy import Engine
from sqlmodel import Session

from app.clock import moment, today
from app.domain.claims import own_fields
from app.errors import ImportFileError
from app.ledger.curation import list_queue
from app.ledger.found_facts import Kept
from app.queries.claims import slugs_with_pages
from app.queries.rubrics import current_rubric
from app.schemas.curation import QueueQuery
from app.settings import get_settings
from app.store.database import make_engine, migrate

pages = typer.Typer(rich_markup_mode=None)

Program = Annotated[
    list[str] | None, typer.Option("--program", help="Slug of a program; repeatable.")
]
State = Annotated[list[str] | None, typer.Option(help="State of the school; repeatable.")]
Most = Annotated[int, typer.Option(min=1, max=1_000, help="Programs at most.")]
Delay = Annotated[float, typer.Option(min=0, help="Seconds between two pages of a site.")]
Private = Annotated[
    bool,
    typer.Option("--allow-private", help="Open addresses of this machine and network; for tests."),
]


@pages.command("read")
def read(
    addresses: Annotated[
        list[str] | None, typer.Argument(help="Pages to begin with, for one --program.")
    ] = None,
    program: Program = None,
    state: State = None,
    check: Annotated[
        list[str] | None, typer.Option(help="Only programs with this check open; repeatable.")
    ] = None,
    most: Most = 10,
    most_pages: Annotated[int, typer.Option(min=1, max=200, help="Pages a program at most.")] = 12,
    delay: Delay = 2.0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what is found; keep nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON a fact.")] = False,
    allow_private: Private = False,
) -> None:
    """Read the pages of schools and propose the facts they state; an editor decides on each.

    The programs are those named, or those of the curation queue that matter most. Pages are opened
    as robots.txt allows, slowly, and again only if they have changed.

    Example: hit-compare read --program sinclair-community-college-510707-associate --dry-run
    Example: hit-compare read --state OH --check program_accredited --most 50
    """
    if addresses and len(program or []) != 1:
        raise typer.BadParameter("addresses need one --program that they are read for")
    with _reading(delay, allow_private=allow_private) as (reader, reading):
        slugs = program or _queued(reading.engine, state, check, most)
        if not slugs:
            print("No program of the queue has such a check open.")
        total = Kept()
        for slug in slugs:
            if not as_json:
                print(slug)
            for done in reader.read_program(
                reading,
                slug,
                starts=addresses or (),
                most_pages=most_pages,
                is_kept=not dry_run,
            ):
                total.add(done.kept)
                _print_page(slug, done, as_json=as_json)
    if not dry_run and not as_json:
        print(
            f"{total.new} new facts wait for an editor; {total.open} waited already, "
            f"{total.decided} were decided on before, {total.known} are known."
        )


def _print_page(slug: str, done: Any, *, as_json: bool) -> None:
    if as_json:
        for one in done.facts:
            print(json.dumps(_as_json(slug, one), ensure_ascii=False))
        return
    print(f"  {done.visit.url}: {_outcome(done)}")
    for one in done.facts:
        print(f"    {one.rule} ({one.confidence:.2f}): {one.sentence}")


@pages.command("recheck")
def recheck(
    program: Program = None,
    state: State = None,
    most: Most = 10,
    delay: Delay = 2.0,
    allow_private: Private = False,
) -> None:
    """Open the pages behind current facts again, and tell which are gone or say otherwise.

    Nothing is changed: what a page does not say any more is for an editor to look at.

    Example: hit-compare recheck --state OH --most 50
    """
    counts: Counter[str] = Counter()
    with _reading(delay, allow_private=allow_private) as (reader, reading):
        for slug in program or _with_pages(reading.engine, state, most):
            for one in reader.recheck_program(reading, slug):
                counts[one.outcome] += 1
                if one.outcome in {"says_so", "unchanged"}:
                    continue
                where = f" -> {one.url_now}" if one.url_now else ""
                print(f"{one.program}: {one.outcome}: {one.url}{where}")
                for words in one.lost:
                    print(f"  {words}")
    said = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
    print(said or "No current fact has a page.")


@contextmanager
def _reading(delay: float, *, allow_private: bool) -> Iterator[tuple[Any, Any]]:
    """Give the module that reads pages, and with what it reads them.

    Raises:
        ImportFileError: The libraries that read pages are not installed.
    """
    try:
        from app.reader import fetching, run
    except ModuleNotFoundError as error:
        raise ImportFileError(
            [f"{error.name} is not installed: pip install 'hit-compare[reader]' brings it."]
        ) from error
    settings = get_settings()
    engine = make_engine(settings.database_url)
    migrate(engine)
    visitor = fetching.Visitor(settings.reader_agent, delay, is_private_allowed=allow_private)
    try:
        yield run, run.PageReading(engine, visitor, run.load_lexicon(settings.seed_dir), moment())
    finally:
        visitor.close()
        engine.dispose()


def _queued(
    engine: Engine, state: list[str] | None, check: list[str] | None, most: int
) -> list[str]:
    """Return the programs of the curation queue that matter most."""
    query = QueueQuery.model_validate({"limit": 100, "state": state or [], "check": check or []})
    with Session(engine) as session:
        queue = list_queue(session, current_rubric(), query, today())
    return list(dict.fromkeys(item.program for item in queue.items))[:most]


def _with_pages(engine: Engine, state: list[str] | None, most: int) -> list[str]:
    """Return programs whose facts rest on pages, those with the most awards first."""
    with Session(engine) as session:
        return slugs_with_pages(session, state or [], most)


def _outcome(done: Any) -> str:
    if done.visit.fault is not None:
        return str(done.visit.fault)
    if done.visit.page is None:
        return "not changed since the last visit"
    dated = done.visit.page.as_of or "undated"
    gone = f", {done.gone} it does not state any more" if done.gone else ""
    return f"{len(done.facts)} facts, {dated}{gone}"


def _as_json(slug: str, one: Any) -> dict[str, Any]:
    claim = one.claim
    shared = ("source_url", "as_of", "as_stated", "note")
    fields = {d.name: getattr(claim, d.name) for d in own_fields(type(claim))}
    return {
        "program": slug,
        "kind": claim.kind_name,
        "rule": one.rule,
        "confidence": round(one.confidence, 2),
        "level": claim.level,
        **{name: getattr(claim, name) for name in shared},
        **{name: value for name, value in fields.items() if value not in (None, [])},
        "headings": list(one.headings),
    }
