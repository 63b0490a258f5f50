"""The command ``hit-compare``."""

import json
import logging
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated, NoReturn

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.clock import moment
from app.domain.snapshots import find_differences
from app.domain.text.identifiers import parse_cip_prefix
from app.errors import ImportFileError, ProblemError
from app.http.limiting import trusted_proxies
from app.http.metrics import shared_by_processes
from app.importers.accreditor_lists import importers_of
from app.importers.import_jobs import Spool, run_job
from app.importers.job import ALL_CIP, DEFAULT_CIP, PAGE_ENDINGS
from app.importers.recognising import plan
from app.importers.registry import IMPORTERS
from app.importers.run import refresh_if_due, run_imports
from app.importers.starting import fill_if_empty, make_ready
from app.ledger.drafts import draft_session
from app.ledger.publishing import preview_draft, publish_draft, roll_back
from app.ledger.releases import COMMAND
from app.ledger.seed import write_seed
from app.ops import serving
from app.ops.cli_backup import commands
from app.ops.cli_curated import commands as curated
from app.ops.cli_keys import keys
from app.ops.cli_lexicon import commands as lexicon
from app.ops.cli_mcp import commands as assistants
from app.ops.cli_publish import commands as publishing
from app.ops.cli_read import pages
from app.ops.cli_refresh import commands as refreshing
from app.ops.cli_serve import warn_of_connections, warn_of_few_files
from app.ops.cli_webhooks import webhooks
from app.ops.cli_writes import corrections, snapshots
from app.ops.mirror import COPY, MirrorError, mirror
from app.ops.reports import REMARKS_SHOWN, bar, bars, console, print_report, print_results
from app.queries.rubrics import current_rubric, published_rubrics
from app.settings import get_settings
from app.store.changes import Author
from app.store.database import exclusive, make_engine, migrate, migrate_alone, write_session
from app.store.outages import explain

EVERY_CIP = "all"
"""Instead of codes of fields of study: every one."""

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
seed = typer.Typer(
    help="The facts that ship with the project.", no_args_is_help=True, rich_markup_mode=None
)
cli.add_typer(seed, name="seed")
cli.add_typer(keys, name="keys")
cli.add_typer(webhooks, name="webhooks")
cli.add_typer(snapshots, name="snapshots")
cli.add_typer(corrections, name="corrections")
cli.add_typer(commands)
cli.add_typer(curated)
cli.add_typer(lexicon)
cli.add_typer(publishing)
cli.add_typer(refreshing)
cli.add_typer(assistants)
cli.add_typer(pages)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        print(f"hit-compare {version('hit-compare')}")
        raise typer.Exit


@cli.callback()
def main_options(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
) -> None:
    """Serve and keep a catalogue of US health information programs."""


def main() -> None:
    """Run the command; an expected failure prints its reasons and exits with 1."""
    try:
        cli()
    except ImportFileError as error:
        _fail(error.complaints)
    except ProblemError as error:
        _fail([error.detail])
    except (DBAPIError, OSError) as error:
        _fail([_explain_failure(error)])
    except MirrorError as error:
        _fail([str(error)])


def _explain_failure(error: DBAPIError | OSError) -> str:
    """Turn a failure of the database or the disk into plain words; raise any other failure."""
    problem = explain(error)
    if problem is None:
        raise error
    return f"{problem.detail} ({error.orig if isinstance(error, DBAPIError) else error})"


def _fail(reasons: list[str]) -> NoReturn:
    for reason in reasons:
        print(reason, file=sys.stderr)
    print("Nothing was changed.", file=sys.stderr)
    sys.exit(1)


def _open() -> Engine:
    engine = make_engine(get_settings().database_url)
    migrate(engine)
    return engine


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Server processes.")] = 1,
    access_log: Annotated[
        bool, typer.Option("--access-log", help="Print a line for every request; costs a third.")
    ] = False,
) -> None:
    """Serve the API; the first start makes the database and fills it from the seed.

    Example: hit-compare serve --port 8123 --workers 2
    """
    logging.basicConfig(format="%(levelname)s: %(message)s")
    warn_of_few_files(serving.raise_file_limit())
    engine = make_engine(get_settings().database_url)
    make_ready(engine, get_settings().seed_dir, current_rubric(), console.print)
    warn_of_connections(engine, workers)
    engine.dispose()
    console.print(f"Open http://{host}:{port}/ or ask http://{host}:{port}/v1/programs?state=OH")
    with shared_by_processes() if workers > 1 else nullcontext():
        serving.run(
            host=host,
            port=port,
            workers=workers,
            access_log=access_log,
            trusted=trusted_proxies(host, get_settings().forwarded_allow_ips),
        )


@cli.command("import")
def import_files(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of them.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would change; change nothing.")
    ] = False,
    cip: Annotated[
        list[str] | None,
        typer.Option(
            help="CIP family, series or code to take from completions, repeatable; "
            f"{EVERY_CIP}: every field of study."
        ),
    ] = None,
    accept_drop: Annotated[
        list[str] | None,
        typer.Option(help="Field that may be known less than before; repeatable."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Print every remark, not only the first few.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Let one bad row or record refuse its file.")
    ] = False,
    accreditor: Annotated[
        str | None,
        typer.Option(
            help="Take the files, or saved pages of a directory, as lists of this accreditor's "
            "programs: CAHIIM, …"
        ),
    ] = None,
) -> None:
    """Bring public files into the catalogue, recognised by their names; all or nothing.

    Example: hit-compare import --dry-run downloads/hd2024.csv.gz downloads/c2024_a.csv.gz
    """
    try:
        prefixes = cip_prefixes(cip or [])
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--cip") from error
    with TemporaryDirectory() as folder:
        if accreditor:
            paths = [_as_list(path, Path(folder)) for path in paths]
        tasks, others = plan(paths, importers_of(accreditor) if accreditor else IMPORTERS)
        for other in others:
            if other.why:
                print(f"{other.name} is passed over: {other.why}.", file=sys.stderr)
        if unknown := [other.name for other in others if other.why is None]:
            names = ", ".join(unknown[:REMARKS_SHOWN])
            more = (
                f" and {len(unknown) - REMARKS_SHOWN} more" if len(unknown) > REMARKS_SHOWN else ""
            )
            print(f"No importer takes {names}{more}: passed over.", file=sys.stderr)
        if not tasks:
            names = "\n".join(f"  {i.key}: {i.title}" for i in IMPORTERS)
            print(f"Nothing to import. The importers are:\n{names}", file=sys.stderr)
            raise typer.Exit(1)
        started = perf_counter()
        with bars() as shown:
            done = run_imports(
                _open(),
                tasks,
                rubric=current_rubric(),
                progress=lambda name: bar(shown, name),
                dry_run=dry_run,
                cip_prefixes=prefixes,
                accepted=accept_drop or (),
                strict=strict,
            )
        outcomes = [result.to_outcome() for result in done.files]
        print_results(outcomes, perf_counter() - started, dry_run=dry_run, verbose=verbose)
        print_report(done.report)


def cip_prefixes(codes: Sequence[str]) -> tuple[str, ...]:
    """Return how the codes begin that are taken; none named: those of health information.

    Raises:
        ValueError: One is not a code.
    """
    if EVERY_CIP in codes:
        return ALL_CIP
    return tuple(map(parse_cip_prefix, codes)) or DEFAULT_CIP


def _as_list(path: Path, folder: Path) -> Path:
    """Return a path as it is, or the list that its saved pages make.

    Raises:
        ImportFileError: No page holds an entry, or the library that reads pages is not installed.
    """
    files = path.rglob("*.*") if path.is_dir() else [path]
    if not any(file.suffix.lower() in PAGE_ENDINGS for file in files):
        return path
    try:
        from app.importers.saved_entries import write_list
    except ModuleNotFoundError as error:
        raise ImportFileError(
            [f"{error.name} is not installed: pip install 'hit-compare[reader]' brings it."]
        ) from error
    return write_list(path, folder)


@cli.command("run-job", hidden=True)
def run_import_job(number: Annotated[str, typer.Argument(help="Job.")]) -> None:
    """Run an import job of the spool folder; the server starts it."""
    run_job(Spool(get_settings().spool_dir), number, _open(), current_rubric())


@cli.command("migrate")
def migrate_tables() -> None:
    """Bring the tables of the database to the newest version, and what is stored of scores.

    Example: DATABASE_URL=postgresql+psycopg://hit@db/hit hit-compare migrate
    """
    engine = _open()
    if reason := refresh_if_due(engine, current_rubric()):
        print(f"Scored anew: {reason}.")
    engine.dispose()
    print("The tables are at the newest version.")


@seed.command("load")
def load() -> None:
    """Fill an empty catalogue from the seed; does nothing to one that has a release.

    Example: DATABASE_URL=postgresql+psycopg://hit@db/hit hit-compare seed load
    """
    engine = make_engine(get_settings().database_url)
    with exclusive(engine):
        migrate_alone(engine)
        if number := fill_if_empty(engine, get_settings().seed_dir, print):
            print(f"The catalogue is at release {number}; nothing was loaded.")


@seed.command("write")
def write(
    folder: Annotated[Path, typer.Argument(help="Folder to write the seed's tables to.")],
) -> None:
    """Write the current catalogue as a seed, one CSV file a table.

    Example: hit-compare seed write seed/catalogue
    """
    with Session(_open()) as session:
        counts = write_seed(session, folder)
    for name, count in counts.items():
        print(f"{count:>8} {name}")
    size = sum(file.stat().st_size for file in folder.glob("*.csv"))
    print(f"{size / 1e6:.1f} MB in {folder}")


@cli.command()
def publish(
    note: Annotated[str, typer.Option(help="What the release is about.")],
    accept_drop: Annotated[
        list[str] | None,
        typer.Option(help="Field that may be known less than before; repeatable."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the report; publish nothing.")
    ] = False,
) -> None:
    """Publish what editors have proposed as the next release, with its report.

    Example: hit-compare publish --note "Prices of 2026-27 in Ohio"
    """
    engine = _open()
    if dry_run:
        with draft_session(engine) as session:
            report = preview_draft(
                session, current_rubric(), accepted=accept_drop or (), now=moment()
            )
        print(f"Dry run: {report['edits']} proposed changes, nothing was published.")
        print_report(report)
        return
    with write_session(engine, takes_long=True) as session:
        release = publish_draft(
            session,
            Author(COMMAND, note),
            current_rubric(),
            accepted=accept_drop or (),
            now=moment(),
        )
        number, report = release.number, release.report
    print(f"Release {number}: {report['edits']} proposed changes are published.")
    print_report(report)


@cli.command()
def rollback(
    release: Annotated[int, typer.Argument(min=1, help="Release to go back to.")],
    why: Annotated[str, typer.Option(help="Why.")],
) -> None:
    """Go back to what an earlier release stated; the way back is a release too.

    Example: hit-compare rollback 1 --why "Release 2 mixed up two schools"
    """
    with write_session(_open(), takes_long=True) as session:
        made = roll_back(session, release, Author(COMMAND, why), current_rubric(), now=moment())
        number, report = made.number, made.report
    print(f"Release {number} states what release {release} stated.")
    print_report(report)


@cli.command("mirror")
def mirror_catalogue(
    url: Annotated[str, typer.Argument(help="Address of the server.")],
    folder: Annotated[Path, typer.Argument(help="Folder of the copy.")],
) -> None:
    """Keep a copy of a catalogue in step with a server, and prove it by hash.

    Example: hit-compare mirror http://127.0.0.1:8000 copy/
    """
    with bars() as shown, bar(shown, "changes") as advance:
        done = mirror(url.rstrip("/"), folder, advance)
    print(
        f"Release {done.release} (from {done.since}): {done.upserts} upserts, {done.deletes} "
        f"deletes; {done.records} records in {folder / COPY}."
    )
    print(f"sha256 {done.sha256}, equal to the server's.")


@cli.command("verify-snapshot")
def verify_snapshot(
    file: Annotated[Path, typer.Argument(help="A snapshot as JSON, as its address serves it.")],
) -> None:
    """Recompute the hash and every score of a frozen comparison from the file alone.

    Example: hit-compare verify-snapshot comparison.json
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        differences = find_differences(document, published_rubrics())
    except (OSError, ValueError) as error:
        print(f"{file}: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    if differences:
        print(f"{file}: not equal to what its content gives.", *differences, sep="\n  ")
        raise typer.Exit(1)
    count = len(document["comparison"]["programs"])
    print(f"{file}: equal. Hash {document['hash']}, scores of {count} programs recomputed.")


if __name__ == "__main__":
    main()
