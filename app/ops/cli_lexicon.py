"""The commands of the lexicon: ``check-lexicon``."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.ops.reports import REMARKS_SHOWN
from app.search.lexicon_check import LexiconCheck, Remark, check_lexicon
from app.settings import get_settings
from app.store.database import make_engine, migrate

commands = typer.Typer(rich_markup_mode=None)


@commands.command("check-lexicon")
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder of hand files; else that of the seed.", file_okay=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Print every remark, not only the first few.")
    ] = False,
) -> None:
    """Check the hand files of the lexicon line by line against the catalogue; keep nothing.

    Ends with 1 where a line has to be mended. Words that mean several things are remarks.

    Example: hit-compare check-lexicon --verbose seed/lexicon
    """
    engine = make_engine(get_settings().database_url)
    migrate(engine)
    done = check_lexicon(engine, folder or get_settings().seed_dir / "lexicon")
    engine.dispose()
    if as_json:
        print(json.dumps(asdict(done), indent=1, ensure_ascii=False))
    else:
        _print_words(done, len(done.remarks) if verbose else REMARKS_SHOWN)
    raise typer.Exit(bool(done.errors))


def _print_words(done: LexiconCheck, shown: int) -> None:
    for error in done.errors:
        print(_line(error))
    for remark in done.remarks[:shown]:
        print(f"remark: {_line(remark)}")
    if more := len(done.remarks) - shown:
        print(f"{more} more remarks: --verbose prints all.")
    told = ", ".join(f"{count} {name}" for name, count in done.lines.items())
    print(f"{sum(done.lines.values())} lines ({told}): {len(done.errors)} to be mended.")


def _line(one: Remark) -> str:
    return f"{one.file}, line {one.line}, {one.column}: {one.problem}"
