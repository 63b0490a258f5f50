"""What commands show: progress of what is read, results of files, the report of a release."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from app.importers.reading import Progress
from app.schemas.import_jobs import FileOutcome

console = Console(stderr=True)

REMARKS_SHOWN = 5
"""Remarks on a file that are printed unless all are asked for."""


@contextmanager
def bars() -> Iterator[Bars]:
    """Show progress bars on a terminal, nothing elsewhere."""
    with Bars(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:>9,.0f} rows"),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as shown:
        yield shown


@contextmanager
def bar(shown: Bars, name: str) -> Iterator[Progress]:
    """Show how many rows of one file are read."""
    task = shown.add_task(name, total=None)
    yield lambda rows: shown.advance(task, rows)
    shown.update(task, total=1, completed=1)


def print_report(report: dict[str, Any]) -> None:
    """Print what a release changes: rows, known shares of fields, scores."""
    for name, counts in report.get("rows", {}).items():
        told = ", ".join(f"{count} {what}" for what, count in counts.items())
        print(f"  {name}: {told}")
    diluted = report.get("only_more_records", [])
    for name, share in report.get("fields", {}).items():
        if share["before"] != share["after"]:
            why = "; no answer is lost, records were added without it" if name in diluted else ""
            shares = f"{_percent(share['before'])}, then {_percent(share['after'])}"
            print(f"  {name}: known {shares}{why}")
    _print_programs(report.get("programs") or {})
    if scores := report.get("ranks", {}).get("scores_changed"):
        print(f"  {scores} programs score otherwise")
    for name in report.get("blocked_by", []):
        print(f"  {name}: known much less; a release needs --accept-drop {name}")


def _print_programs(programs: dict[str, Any]) -> None:
    """Print how many programs change, and those of which the most does."""
    if any(programs.get(what) for what in ("added", "retired", "changed")):
        told = ", ".join(f"{programs[what]} {what}" for what in ("added", "retired", "changed"))
        print(f"  by program: {told}")
    if doubles := programs.get("beside_reported"):
        print(
            f"  {doubles} of those added have no field of study and stand beside reported programs "
            "of their school: each may be one of these over again"
        )
    for one in programs.get("largest", []):
        rows = ", ".join(f"{count} {name}" for name, count in one["rows"].items())
        print(f"    {one['program']} ({one['change']}): {rows}")


def _percent(share: float | None) -> str:
    return "nothing" if share is None else f"{share:.2%}"


def print_results(
    outcomes: Sequence[FileOutcome], seconds: float, *, dry_run: bool, verbose: bool
) -> None:
    """Print what became of the rows of every file, with remarks."""
    head = ("file", "read", "added", "changed", "retired", "same", "refused", "s")
    print(f"{head[0]:<44}" + "".join(f"{name:>9}" for name in head[1:]))
    for one in outcomes:
        counts = (one.rows_read, one.added, one.changed, one.retired, one.unchanged, one.refused)
        print(
            f"{one.name:<44}"
            + "".join(f"{count:>9}" for count in counts)
            + f"{one.seconds or 0:>9.1f}"
        )
        shown = one.reasons if verbose else one.reasons[:REMARKS_SHOWN]
        for reason in shown:
            print(f"    {reason}")
        if len(shown) < len(one.reasons):
            print(f"    … and {len(one.reasons) - len(shown)} more; --verbose prints them")
    changed = any(one.added or one.changed or one.retired for one in outcomes)
    what = "Nothing changes" if not changed else "Done"
    if dry_run:
        what = f"Dry run, nothing was kept: {'it would change this' if changed else 'no change'}"
    print(f"{what} ({seconds:.1f} s).")
