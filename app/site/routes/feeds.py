"""Feeds of the releases, and of what changed of one program or credential."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from app.exports.atom import ATOM, Entry, to_atom
from app.http.dependencies import Code, SessionDep, Slug
from app.http.html import base_of, tagged_response
from app.http.links import LinkRoute
from app.queries.history import Told, credential_history, newest_releases, program_history

router = APIRouter(include_in_schema=False, route_class=LinkRoute)

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
"""Age of a feed in which nothing has happened yet."""


@router.get("/releases.atom")
def get_releases_feed(request: Request, session: SessionDep) -> Response:
    page = f"{base_of(request)}/releases"
    entries = [
        Entry(
            key=f"release-{one.number}",
            title=f"Release {one.number}: {one.note}",
            summary=in_words(one.report.get("rows") or {}) or "The first state.",
            at=one.published_at,
            link=f"{page}#release-{one.number}",
        )
        for one in newest_releases(session)
    ]
    return _send(request, "hit-compare: releases", page, entries)


@router.get("/programs/{slug}/changes.atom")
def get_program_feed(request: Request, session: SessionDep, slug: Slug) -> Response:
    program, told = program_history(session, slug)
    page = f"{base_of(request)}/programs/{program.slug}"
    return _send(request, f"hit-compare: {program.name}", page, _entries(told, page))


@router.get("/credentials/{code}/changes.atom")
def get_credential_feed(request: Request, session: SessionDep, code: Code) -> Response:
    credential, told = credential_history(session, code)
    page = f"{base_of(request)}/credentials/{credential.code}"
    return _send(request, f"hit-compare: {credential.code}", page, _entries(told, page))


def _entries(told: Sequence[Told], page: str) -> list[Entry]:
    return [
        Entry(
            key=f"release-{one.release}",
            title=f"Changed by release {one.release}",
            summary=in_words(one.rows),
            at=one.at,
            link=page,
        )
        for one in told
    ]


def in_words(rows: Mapping[str, Mapping[str, int]]) -> str:
    """Return counts by collection as a line.

    >>> in_words({"cost_claim": {"added": 2, "retired": 1}})
    'cost claim: 2 added, 1 retired'
    """
    return "; ".join(
        f"{name.replace('_', ' ')}: {', '.join(f'{n} {what}' for what, n in counts.items())}"
        for name, counts in rows.items()
    )


def _send(request: Request, title: str, page: str, entries: Sequence[Entry]) -> Response:
    own = f"{base_of(request)}{request.url.path}"
    content = to_atom(title, own, page, BEGAN, entries)
    return tagged_response(request, content, ATOM, {})
