"""The commands of the lexicon: ``check-lexicon``, ``propose-words``."""

import csv
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from app.clock import today
from app.ops.reports import REMARKS_SHOWN
from app.queries.missed_texts import list_missed
from app.search.lexicon import make_lexicon
from app.search.lexicon_check import LexiconCheck, Remark, check_lexicon
from app.search.proposing import Proposal, propose_words
from app.search.reading.hand_files import COLUMNS, target_text
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


@commands.command("propose-words")
def propose(
    least: Annotated[
        int, typer.Option(min=1, help="Least times that words have found nothing.")
    ] = 2,
    most: Annotated[int, typer.Option(min=1, help="Most proposals that are printed.")] = 200,
) -> None:
    """Propose lines of the lexicon from texts that found nothing, by the files they belong in.

    Texts are there where KEEP_MISSED_TEXTS is set. What is printed is to be reviewed: lines that
    begin with # tell how often words were typed, in which texts, and which surfaces are near, with
    their targets. Targets are left to who reviews: hit-compare check-lexicon refuses lines without.

    Example: hit-compare propose-words --least 5
    """
    engine = make_engine(get_settings().database_url)
    migrate(engine)
    with Session(engine) as session:
        times = list_missed(session, today())
        proposals = propose_words(times, make_lexicon(session)) if times else []
    engine.dispose()
    if not times:
        kept = get_settings().keep_missed_texts
        why = "" if kept else " KEEP_MISSED_TEXTS=true keeps those that find nothing from now on."
        print(f"No text is kept.{why}", file=sys.stderr)
        return
    shown = [one for one in proposals if one.times >= least][:most]
    for name in sorted({one.file or "" for one in shown}):
        _print_proposals(name, [one for one in shown if (one.file or "") == name])
    told = (
        f"{len(times)} texts, {len(proposals)} words that nothing is known of, {len(shown)} shown."
    )
    print(told, file=sys.stderr)


def _print_proposals(name: str, proposals: list[Proposal]) -> None:
    """Print the lines of one file; of none: nothing tells what the words are."""
    print(f"# {name or 'of a kind that nothing tells'}")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in proposals:
        print(f"# {one.times} times, as in: {'; '.join(one.texts)}")
        if one.near:
            near = (f"{near.text} = {near.kind} {target_text(near.target)}" for near in one.near)
            print(f"# near: {'; '.join(near)}")
        writer.writerow(one.cells(today()))
