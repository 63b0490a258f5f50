"""The command ``check-curated``: what becomes of each record of a curated file, and why."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.importers.curated.checking import REFUSED, FileCheck, RecordCheck, check_curated
from app.importers.curated.file import Record
from app.settings import get_settings
from app.store.database import make_engine, migrate

commands = typer.Typer(rich_markup_mode=None)


def _print_schema(is_asked: bool) -> None:
    if is_asked:
        print(json.dumps(Record.model_json_schema(), indent=1))
        raise typer.Exit


@commands.command("check-curated")
def check(
    file: Annotated[Path, typer.Argument(help="A curated file, as JSON.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
    _: Annotated[
        bool,
        typer.Option(
            "--schema",
            callback=_print_schema,
            is_eager=True,
            help="Print the JSON Schema of a record and end.",
        ),
    ] = False,
) -> None:
    """Explain a curated file: which records are read, their facts, what they join; keep nothing.

    Ends with 1 where a record is refused.

    Example: hit-compare check-curated --json curated-ohio.json
    """
    engine = make_engine(get_settings().database_url)
    migrate(engine)
    done = check_curated(engine, file)
    engine.dispose()
    if as_json:
        print(json.dumps(asdict(done), indent=1, ensure_ascii=False))
    else:
        _print_words(done)
    raise typer.Exit(any(record.outcome == REFUSED for record in done.records))


def _print_words(done: FileCheck) -> None:
    for record in done.records:
        print(f"{record.record}: {record.outcome}")
        for line in _lines_on(record):
            print(f"    {line}")
    for reason in done.not_joined:
        print(f"Where records belong cannot be told: {reason}")
    counts = Counter(record.outcome for record in done.records)
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    print(f"{len(done.records)} records: {told or 'none'}.")


def _lines_on(record: RecordCheck) -> list[str]:
    facts = Counter(fact["kind"] for fact in record.facts)
    lines = [", ".join(f"{count} {kind}" for kind, count in facts.items())] if facts else []
    if joined := record.joined:
        reason = f" ({joined.reason})" if joined.reason else ""
        waits = "waits for program.slug" if joined.waits else "a program of its own"
        lines.append(f"{joined.quality}: {joined.program or waits}{reason}")
        lines += [f"candidate: {candidate}" for candidate in joined.candidates]
    return lines + [f"{remark}" for remark in record.remarks]
