"""Make a release of what changed, with a report; or go back to an earlier one."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.main import default_registry

from app.domain.checklist.rubric import Rubric
from app.domain.completeness import Drop, FillRate, find_diluted, find_drops
from app.errors import ConflictError, Fault, NotFoundError, ReleaseBlockedError
from app.ledger.drafts import apply_edits, lock_catalogue, pending_edits, refresh_affected
from app.ledger.program_changes import Changes, count_programs, kind_of
from app.ledger.releases import add_release
from app.queries.completeness import fill_rates
from app.queries.releases import find_release
from app.queries.sources import count_rows
from app.store.changes import Author, recorded_changes
from app.store.records import batches, collections, from_image, is_current
from app.store.rows import delete_rows, insert_rows, update_rows
from app.store.tables.changes import CatalogueChange
from app.store.tables.programs import ProgramSummary
from app.store.tables.releases import Release

RANK_CHANGES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Baseline:
    """Known shares and scores before a change, to compare with those after it."""

    rates: Mapping[str, FillRate]
    scores: Mapping[str, tuple[float, float]]


def measure_baseline(session: Session) -> Baseline:
    """Measure the known shares of all fields and the scores of all listed programs."""
    columns = (
        col(ProgramSummary.slug),
        col(ProgramSummary.score_low),
        col(ProgramSummary.score_high),
    )
    scores = {slug: (low, high) for slug, low, high in session.execute(sa.select(*columns))}
    return Baseline(fill_rates(session), scores)


def report_on(session: Session, before: Baseline, *, accepted: Collection[str]) -> dict[str, Any]:
    """Return what a transaction changes: rows, known shares of fields, scores and ranks.

    Raises:
        ReleaseBlockedError: A field is known much less than before and is not named in
            ``accepted``.
    """
    report, drops = measure(session, before, accepted=accepted)
    if drops:
        raise ReleaseBlockedError(
            "The release would make the catalogue know less: "
            + ", ".join(map(_drop_words, drops))
            + ". Name them in accept_drop if that is meant.",
            [Fault(_drop_words(drop), pointer="#/accept_drop", value=drop.field) for drop in drops],
        )
    return report


def _drop_words(drop: Drop) -> str:
    before, after = drop.before.share or 0.0, drop.after.share or 0.0
    return f"{drop.field} from {before:.1%} to {after:.1%}"


def measure(
    session: Session, before: Baseline, *, accepted: Collection[str] = ()
) -> tuple[dict[str, Any], list[Drop]]:
    """Return the report on a transaction, and the drops that would block its release."""
    after = measure_baseline(session)
    drops = find_drops(before.rates, after.rates, allowed=accepted)
    changes = recorded_changes(session)
    return {
        "rows": _count_rows(changes),
        "programs": count_programs(session, changes),
        "fields": {
            name: {
                "before": _share(before.rates.get(name)),
                "after": _share(after.rates.get(name)),
            }
            for name in sorted(before.rates.keys() | after.rates.keys())
        },
        "only_more_records": find_diluted(before.rates, after.rates),
        "blocked_by": [drop.field for drop in drops],
        "accepted_drops": sorted(accepted),
        "ranks": _rank_changes(before.scores, after.scores),
    }, drops


def _share(rate: FillRate | None) -> float | None:
    return None if rate is None or rate.share is None else round(rate.share, 4)


def _count_rows(changes: Changes) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for (collection, _), change in changes.items():
        counts.setdefault(collection, Counter())[kind_of(change)] += 1
    return {name: dict(counted) for name, counted in sorted(counts.items())}


def _rank_changes(
    before: Mapping[str, tuple[float, float]], after: Mapping[str, tuple[float, float]]
) -> dict[str, Any]:
    """Return whose score changed, and the rank of each before and after."""
    was, becomes = _ranks(before), _ranks(after)
    moves: list[dict[str, Any]] = [
        {
            "program": slug,
            "rank_before": was.get(slug),
            "rank_after": becomes.get(slug),
            "score_before": _interval(before.get(slug)),
            "score_after": _interval(after.get(slug)),
        }
        for slug in sorted(before.keys() | after.keys())
        if before.get(slug) != after.get(slug)
    ]
    moves.sort(key=lambda move: -abs((move["rank_before"] or 0) - (move["rank_after"] or 0)))
    return {"scores_changed": len(moves), "largest_moves": moves[:RANK_CHANGES_SHOWN]}


def _interval(score: tuple[float, float] | None) -> list[float] | None:
    return None if score is None else [round(end, 1) for end in score]


def _ranks(scores: Mapping[str, tuple[float, float]]) -> dict[str, int]:
    """Return slug -> 1 and how many programs have more points verified."""
    ordered = sorted(low for low, _ in scores.values())
    above = {low: len(ordered) - at for at, low in enumerate(ordered, start=1)}
    return {slug: above[low] + 1 for slug, (low, _) in scores.items()}


def current_release(session: Session) -> Release:
    """Return the newest release.

    Raises:
        ConflictError: There is none yet.
    """
    release = find_release(session)
    if release is None:
        raise ConflictError("The catalogue has no release yet: load the seed first.")
    return release


def publish_draft(
    session: Session,
    author: Author,
    rubric: Rubric,
    *,
    accepted: Collection[str],
    now: datetime,
) -> Release:
    """Make all pending changes the next release.

    Raises:
        ConflictError: Nothing is pending, or a change does not fit any more.
        ReleaseBlockedError: A field would be known much less.
    """
    lock_catalogue(session)
    edits = pending_edits(session)
    if not edits:
        raise ConflictError("No change is pending, so there is nothing to publish.")
    before, latest = measure_baseline(session), current_release(session)
    keys = apply_edits(session, edits, now)
    change_on = refresh_affected(session, rubric, latest, now)
    report = report_on(session, before, accepted=accepted)
    report["edits"] = len(edits)
    release = _add_release(session, author, rubric, now, change_on, report)
    for edit, key in zip(edits, keys, strict=True):
        edit.key, edit.published_in = edit.key or key, release.number
        session.add(edit)
    session.flush()
    return release


def _add_release(
    session: Session,
    author: Author,
    rubric: Rubric,
    now: datetime,
    change_on: Any,
    report: dict[str, Any],
) -> Release:
    count_rows(session)
    return add_release(
        session,
        author.why,
        now=now,
        change_on=change_on,
        rubric=rubric,
        actor=author.name,
        report=report,
    )


def preview_draft(
    session: Session, rubric: Rubric, *, accepted: Collection[str], now: datetime
) -> dict[str, Any]:
    """Return the report that publishing would make; the caller rolls the transaction back.

    Raises:
        ConflictError: A change does not fit any more.
    """
    edits = pending_edits(session)
    before, latest = measure_baseline(session), current_release(session)
    apply_edits(session, edits, now)
    refresh_affected(session, rubric, latest, now)
    report, _ = measure(session, before, accepted=accepted)
    report["edits"] = len(edits)
    return report


def roll_back(
    session: Session, number: int, author: Author, rubric: Rubric, *, now: datetime
) -> Release:
    """Make the catalogue state what an earlier release stated, as the next release.

    Pending changes stay pending. Rows added since are retired, or deleted where their kind cannot
    be retired; the log of what was published since is kept.

    Raises:
        NotFoundError: There is no such release.
        ConflictError: It is the newest one.
    """
    lock_catalogue(session)
    latest = current_release(session)
    if session.get(Release, number) is None:
        raise NotFoundError("release", str(number))
    if number == latest.number:
        raise ConflictError(f"Release {number} is the newest: nothing has changed since.")
    before = measure_baseline(session)
    _restore(session, number, now)
    change_on = refresh_affected(session, rubric, latest, now)
    report, _ = measure(session, before, accepted=())
    report["rolled_back_to"] = number
    return _add_release(session, author, rubric, now, change_on, report)


def _restore(session: Session, number: int, now: datetime) -> None:
    """Set every row changed since a release to what it was then."""
    first = (
        select(sa.func.min(col(CatalogueChange.id)))
        .where(col(CatalogueChange.release) > number)
        .group_by(col(CatalogueChange.collection), col(CatalogueChange.key))
    )
    changes = session.exec(select(CatalogueChange).where(col(CatalogueChange.id).in_(first))).all()
    by_collection: dict[str, list[CatalogueChange]] = {}
    for change in changes:
        by_collection.setdefault(change.collection, []).append(change)
    models = {
        str(mapper.class_.__tablename__): mapper.class_ for mapper in default_registry.mappers
    }
    known = collections()
    order = [name for name in known if name in by_collection]
    for name in order:
        kept = [change for change in by_collection[name] if change.before is not None]
        _restore_rows(session, models[name], known[name], kept)
    for name in reversed(order):
        added = [change for change in by_collection[name] if change.before is None]
        _withdraw_rows(session, models[name], known[name], added, now)


def _identity(table: sa.Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


def _stored(
    session: Session, table: sa.Table, images: list[dict[str, Any]]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return primary key -> row as it stands, of those that exist."""
    names = _identity(table)
    keys = [tuple(image[name] for name in names) for image in images]
    columns = [table.c[name] for name in names]
    found = {}
    for some in batches(keys, 200):
        statement = sa.select(table).where(sa.tuple_(*columns).in_(some))
        for row in session.execute(statement).mappings():
            found[tuple(row[name] for name in names)] = dict(row)
    return found


def _restore_rows(
    session: Session, model: type[SQLModel], table: sa.Table, changes: list[CatalogueChange]
) -> None:
    names = _identity(table)
    rows = [from_image(table, change.before or {}) for change in changes]
    stored = _stored(session, table, rows)
    present, absent = [], []
    for row in rows:
        key = tuple(row[name] for name in names)
        if key in stored:
            present.append((stored[key], row))
        else:
            absent.append(row)
    update_rows(session, model, names, present)
    insert_rows(session, model, absent)


def _withdraw_rows(
    session: Session,
    model: type[SQLModel],
    table: sa.Table,
    changes: list[CatalogueChange],
    now: datetime,
) -> None:
    rows = list(
        _stored(
            session, table, [from_image(table, c.after or {}) for c in changes if c.after]
        ).values()
    )
    mark = next((name for name in ("superseded_at", "retired_at") if name in table.c), None)
    if mark is None:
        delete_rows(session, model, _identity(table), rows)
        return
    standing = [row for row in rows if is_current(row)]
    update_rows(session, model, _identity(table), [(row, {mark: now}) for row in standing])
