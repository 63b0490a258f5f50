"""Commands that open pages of schools: ``read`` and ``recheck``."""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, Any

import typer
from sqlmodel import Session

from app.clock import moment, today
from app.domain.claims import own_fields
from app.domain.vocabulary import StateCode
from app.errors import ImportFileError, ProblemError, nearest
from app.ledger.curation import programs_to_read, programs_to_recheck
from app.ledger.found_facts import Kept
from app.queries.rubrics import current_rubric
from app.settings import get_settings
from app.store.database import make_engine, migrate

log = logging.getLogger(__name__)
pages = typer.Typer(rich_markup_mode=None)

Program = Annotated[
    list[str] | None, typer.Option("--program", help="Slug of a program; repeatable.")
]
State = Annotated[
    list[StateCode] | None,
    typer.Option(help="State of the school, such as OH; repeatable.", metavar="STATE"),
]
Most = Annotated[int, typer.Option(min=1, max=1_000, help="Programs at most.")]
Delay = Annotated[float, typer.Option(min=0, help="Seconds between two pages of a site.")]
Private = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-private",
        metavar="HOST:PORT",
        help="Open this address of this machine or network, too; for tests. Repeatable.",
    ),
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
    again_after: Annotated[
        int,
        typer.Option(min=0, help="Days for which a program that was read is passed over."),
    ] = 30,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what is found; keep nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON a fact.")] = False,
    allow_private: Private = None,
) -> None:
    """Read the pages of schools and propose the facts they state; an editor decides on each.

    The programs are those named, or those of the curation queue that matter most and were not read
    of late, so that the same command goes on where it was broken off. Pages are opened as
    robots.txt allows, slowly, and again only if they have changed.

    Example: hit-compare read --program sinclair-community-college-510707-associate --dry-run
    Example: hit-compare read --state OH --check program_accredited --most 50
    """
    if addresses and len(program or []) != 1:
        raise typer.BadParameter("addresses need one --program that they are read for")
    _check_keys(check or [])
    total, stopped = Kept(), 0
    with _reading(delay, allow_private) as (reader, reading):
        slugs = program or _queued(reading, state, check, most, again_after)
        if not slugs:
            print("No program of the queue has such a check open, or all were read of late.")
        for number, slug in enumerate(slugs, 1):
            if not as_json:
                print(f"{number} of {len(slugs)}: {slug}", flush=True)
            summary = reader.Summary()
            try:
                for done in reader.read_program(
                    reading,
                    slug,
                    starts=addresses or (),
                    bounds=reader.Bounds(pages=most_pages),
                    is_kept=not dry_run,
                ):
                    summary.add(done)
                    _print_page(slug, done, as_json=as_json)
            except ProblemError as error:
                stopped += 1
                typer.echo(f"  {error.detail}", err=True)
            except Exception:  # one school must not cost the others; the log says what to mend
                stopped += 1
                log.exception("reading the pages of %s failed", slug)
            total.add(summary.kept)
            _print_summary(summary, as_json=as_json)
    if not dry_run and not as_json:
        print(
            f"{total.new} new facts wait for an editor; {total.open} waited already, "
            f"{total.decided} were decided on before, {total.known} are known."
        )
    if stopped:
        typer.echo(f"{stopped} of {len(slugs)} programs could not be read.", err=True)
        if stopped == len(slugs):
            raise typer.Exit(1)


def _check_keys(checks: Sequence[str]) -> None:
    """Refuse a check that the checklist does not have.

    Raises:
        typer.BadParameter: Names the nearest one.
    """
    known = current_rubric().check_keys
    for key in checks:
        if key not in known:
            near = nearest(key, known)
            meant = f" Did you mean {near!r}?" if near else ""
            raise typer.BadParameter(f"no check is known as {key!r}.{meant}", param_hint="--check")


def _print_summary(summary: Any, *, as_json: bool) -> None:
    """Print what a program's pages brought, which kinds were found, and what was refused."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(summary.kinds.items()))
    lines = [
        f"  {summary.pages} pages, {summary.size / 1000:,.0f} kB; {summary.facts} facts, "
        f"{summary.kept.new} of them new; {kinds or 'no page that tells of it'}"
    ]
    reasons = Counter(code for code, _ in summary.refused)
    if reasons:
        told = ", ".join(f"{count} {code}" for code, count in sorted(reasons.items()))
        lines += [f"  not read: {told}", *(f"    {text}" for _, text in summary.refused)]
    for line in lines:
        typer.echo(line, err=as_json)


def _print_page(slug: str, done: Any, *, as_json: bool) -> None:
    if as_json:
        for one in done.facts:
            print(json.dumps(_as_json(slug, one), ensure_ascii=False))
        return
    if done.visit.fault is None:  # the summary names the others
        print(f"  {done.visit.url}: {_outcome(done)}", flush=True)
    for one in done.facts:
        print(f"    {one.rule} ({one.confidence:.2f}): {one.sentence}")


@pages.command("recheck")
def recheck(
    program: Program = None,
    state: State = None,
    most: Most = 10,
    delay: Delay = 2.0,
    allow_private: Private = None,
) -> None:
    """Open the pages behind current facts again, and tell which are gone or say otherwise.

    The programs are those named, or those whose pages were not looked at for longest, by how many
    students finish them. Nothing is changed: what a page does not say any more is for an editor to
    look at.

    Example: hit-compare recheck --state OH --most 50
    """
    counts: Counter[str] = Counter()
    with _reading(delay, allow_private) as (reader, reading):
        for slug in program or _unchecked(reading, state, most):
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
def _reading(delay: float, allow_private: Sequence[str] | None) -> Iterator[tuple[Any, Any]]:
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
    private_hosts = frozenset(allow_private or ())
    visitor = fetching.Visitor(settings.reader_agent, delay, private_hosts)
    try:
        yield run, run.PageReading(engine, visitor, run.load_lexicon(settings.seed_dir), moment())
    finally:
        visitor.close()
        engine.dispose()


def _queued(
    reading: Any,
    state: Sequence[str] | None,
    check: Sequence[str] | None,
    most: int,
    again_after: int,
) -> list[str]:
    """Return the programs of the curation queue that matter most and were not read of late."""
    since = reading.now - timedelta(days=again_after) if again_after else None
    with Session(reading.engine) as session:
        return programs_to_read(
            session,
            current_rubric(),
            states=state or (),
            checks=check or (),
            most=most,
            today=today(),
            not_since=since,
        )


def _unchecked(reading: Any, state: Sequence[str] | None, most: int) -> list[str]:
    """Return programs whose facts rest on pages, those first that are due most."""
    with Session(reading.engine) as session:
        return programs_to_recheck(session, states=state or (), most=most, now=reading.now)


def _outcome(done: Any) -> str:
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
