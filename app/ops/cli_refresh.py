"""The command ``hit-compare refresh``."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
from rich.progress import Progress as Bars
from sqlalchemy import Engine
from sqlmodel import Session

from app.clock import today
from app.domain.publications import Publication, edition_text, load_publications
from app.errors import ImportFileError, nearest
from app.importers.import_jobs import Spool
from app.importers.recognising import plan
from app.importers.refresh.fetching import Advance, Fetcher, Limits
from app.importers.refresh.looking import Look, look_for, record
from app.importers.refresh.preparing import (
    Refused,
    changes_something,
    find_waiting,
    not_in_yet,
    prepare,
    run,
)
from app.ops.reports import bar, bars, console, print_report, print_results
from app.queries.freshness import find_held
from app.queries.rubrics import current_rubric
from app.schemas.import_jobs import JobRead
from app.settings import get_settings
from app.store.database import make_engine, migrate

WAITS, PARTLY = 3, 4
"""Exit codes: something waits to be published; a publication failed."""

USUAL = Limits()

commands = typer.Typer()


@commands.command()
def refresh(
    only: Annotated[
        list[str] | None,
        typer.Option(help="Only this publication, by its key; repeatable."),
    ] = None,
    offline: Annotated[
        Path | None, typer.Option(help="Take the files of this folder; ask no server.")
    ] = None,
    publish_it: Annotated[
        bool, typer.Option("--publish", help="Publish, if no field loses more than allowed.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would change; prepare nothing.")
    ] = False,
    accept_drop: Annotated[
        list[str] | None,
        typer.Option(help="Field that may be known less than before; repeatable."),
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option(help="Where files are published; else PUBLISHERS_FILE, else what ships."),
    ] = None,
    most_bytes: Annotated[
        int, typer.Option(min=1, help="Largest file that is fetched.")
    ] = USUAL.most_bytes,
    seconds: Annotated[
        float, typer.Option(min=1, help="Longest that one file may take.")
    ] = USUAL.seconds,
    base_url: Annotated[
        str | None,
        typer.Option(help="Ask this server for everything, as /HOST/PATH: a mirror, or a test."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Print every remark, not only the first few.")
    ] = False,
) -> None:
    """Fetch what is newer than the catalogue, try it out and say what would change.

    What changes something waits as a prepared import until it is published: by --publish, by a
    later run with it, or over HTTP (/v1/admin/imports).

    Exit codes: 0 nothing new, or published; 1 nothing could be done; 3 something waits to be
    published; 4 a publication could not be looked for or used, and nothing waits.

    Example: hit-compare refresh --only ipeds-directory --dry-run
    """
    try:
        known = load_publications(sources or get_settings().publishers_file)
        chosen = _choose(known, only or [])
    except ValueError as error:
        raise typer.BadParameter(f"{error}.") from error
    engine = make_engine(get_settings().database_url)
    migrate(engine)
    refused: Refused = {}
    looks: list[Look] = []
    if offline is None:
        limits = Limits(most_bytes=most_bytes, seconds=seconds)
        looks = _look(engine, chosen, limits, base_url)
        files = [path for look in looks for path in look.files]
        if not dry_run:
            record(engine, looks)
    else:
        files = _files_of(offline, chosen if only else None)
    code = _bring_in(
        engine,
        files,
        refused,
        accept_drop or [],
        publishes=publish_it,
        dry_run=dry_run,
        verbose=verbose,
    )
    engine.dispose()
    for name, words in refused.items():
        print(f"{name} cannot be used:", *words[:3], sep="\n    ", file=sys.stderr)
    if code == 0 and (refused or any(look.is_failed for look in looks)):
        code = 1 if len(refused) == len(files) and all(look.is_failed for look in looks) else PARTLY
    raise typer.Exit(code)


def _choose(known: Sequence[Publication], only: Sequence[str]) -> list[Publication]:
    """Return the publications of these keys, or of importers that are called so; all for none.

    Raises:
        ValueError: None is called so.
    """
    for name in only:
        names = {key for one in known for key in (one.key, *one.importers)}
        if name not in names:
            near = nearest(name, names)
            hint = f" Did you mean {near}?" if near else ""
            raise ValueError(f"{name!r} is none of {', '.join(one.key for one in known)}.{hint}")
    return [one for one in known if not only or {one.key, *one.importers} & set(only)]


def _look(
    engine: Engine, publications: Sequence[Publication], limits: Limits, base_url: str | None
) -> list[Look]:
    """Ask every publisher, and print what each has."""
    with Session(engine) as session:
        held = find_held(session, publications)
    settings, looks = get_settings(), []
    with (
        _downloads() as shown,
        Fetcher(
            settings.refresh_dir,
            showing=lambda name: _download(shown, name),
            contact=settings.refresh_contact or settings.public_url,
            base_url=base_url,
            limits=limits,
        ) as fetcher,
    ):
        for one in publications:
            has = held[one.key].edition if one.key in held else None
            look = look_for(one, has, fetcher, today())
            looks.append(look)
            own = edition_text(has) if has else "—"
            published = edition_text(look.edition) if look.edition else "—"
            shown.console.print(
                f"{one.key}: here {own}, published {published}. {look.told}",
                highlight=False,
                soft_wrap=True,
            )
    return looks


def _files_of(folder: Path, chosen: Sequence[Publication] | None) -> list[Path]:
    """Return the files of a folder that importers take, of all or of some publications."""
    tasks, others = plan([folder])
    wanted = {name for one in chosen for name in one.importers} if chosen is not None else None
    for other in others:
        why = f": {other.why}" if other.why else ""
        print(f"No importer takes {other.name}{why}: passed over.", file=sys.stderr)
    found = [t.path for t in tasks if wanted is None or t.importer.key in wanted]
    return list(dict.fromkeys(found))


def _bring_in(
    engine: Engine,
    files: Sequence[Path],
    refused: Refused,
    accepted: Sequence[str],
    *,
    publishes: bool,
    dry_run: bool,
    verbose: bool,
) -> int:
    """Try the files out, print what would change, publish if asked to; return the exit code."""
    spool, rubric, started = Spool(get_settings().spool_dir), current_rubric(), perf_counter()
    with bars() as shown:
        run_it = partial(
            run,
            engine=engine,
            rubric=rubric,
            accepted=accepted,
            showing=lambda name: bar(shown, name),
        )
        job, waiting = None, find_waiting(spool)
        if fresh := not_in_yet(engine, files, refused):
            job = prepare(spool, fresh, run_it, dry_run=dry_run or not publishes, refused=refused)
        if job is not None and waiting is not None and not dry_run:
            spool.drop(waiting)
        elif job is None and waiting is not None and not dry_run:
            job = run_it(spool, waiting, dry_run=False) if publishes else waiting
        if job is not None and job.state == "blocked":
            job = run_it(spool, job, dry_run=True)
        elif job is not None and job.dry_run and not (dry_run or changes_something(job)):
            job = run_it(spool, job, dry_run=False)  # so that it is on record, and not tried again
    if job is None:
        print("Nothing is new: the catalogue stays as it is.")
        return 0
    print_results(job.outcomes, perf_counter() - started, dry_run=job.dry_run, verbose=verbose)
    if job.report is not None:
        print_report(job.report.model_dump())
    if dry_run:
        spool.drop(job)
    elif job.dry_run:
        print(_how_to_publish(job))
        return WAITS
    elif job.state != "done":
        raise ImportFileError(job.errors)
    elif job.release is None:
        print("Nothing is new: the catalogue stays as it is.")
    else:
        print(f"Release {job.release} is published.")
    return 0


def _how_to_publish(job: JobRead) -> str:
    """Return which command publishes what waits."""
    blocked = job.report.blocked_by if job.report else []
    options = "".join(f" --accept-drop {name}" for name in blocked)
    return (
        f"It waits as import {job.id}. To publish it: hit-compare refresh --publish{options}\n"
        f"or POST /v1/admin/imports/{job.id}/run with dry_run false."
    )


@contextmanager
def _downloads() -> Iterator[Bars]:
    """Show progress of downloads on a terminal, nothing elsewhere."""
    with Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    ) as shown:
        yield shown


@contextmanager
def _download(shown: Bars, name: str) -> Iterator[Advance]:
    task = shown.add_task(name, total=None)
    yield lambda size, whole: shown.update(task, completed=size, total=whole)
    shown.remove_task(task)
