"""Lanes: no kind of request takes threads or connections from another, however slow it is."""

import asyncio
import re
from types import SimpleNamespace
from typing import Any

from fastapi import FastAPI
from starlette.types import Message

from app.http.lanes import LANES, THREADS, HeldUntil, Lane, Lanes, Places
from app.http.lists import LIST_THREADS
from app.main import bind
from app.store.database import MAX_OVERFLOW, POOL_SIZE
from tests.asking import ask_here, run
from tests.fixtures import Databases

HOST = [("Host", "site.example")]
SLOW = Lane("slow", re.compile("GET /slow"), running=2, waiting=1)
DOWNLOAD = Lane("download", re.compile("GET /download"), running=1, waiting=0, until=HeldUntil.SENT)
QUICK = Lane("quick", re.compile(""), running=1, waiting=5)


class Work:
    """An application whose answers are ready when the test says so."""

    def __init__(self) -> None:
        self.places = [Places(lane) for lane in (SLOW, DOWNLOAD, QUICK)]
        self.begun: list[str] = []
        self.go_on = asyncio.Event()

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        self.begun.append(scope["path"])
        if scope["path"] != "/quick":
            await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def get(
        self, path: str, *, receive: Any = None, sent: Any = None
    ) -> list[dict[str, Any]]:
        """Ask for a path and return what was sent."""
        told: list[dict[str, Any]] = []

        async def never() -> Message:
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: Any) -> None:
            told.append(message)
            if sent is not None:
                await sent.wait()

        app = SimpleNamespace(state=SimpleNamespace(places=self.places))
        scope = {"type": "http", "method": "GET", "path": path, "app": app, "state": {}}
        await Lanes(self)(scope, receive or never, send)
        return told


def test_beyond_those_who_wait_the_answer_is_to_come_back_later() -> None:
    async def scenario() -> None:
        work = Work()
        waiting = [asyncio.create_task(work.get("/slow")) for _ in range(3)]
        await asyncio.sleep(0.01)

        refused = await work.get("/slow")
        quick = await work.get("/quick")
        begun = list(work.begun)
        work.go_on.set()
        answered = await asyncio.gather(*waiting)

        assert refused[0]["status"] == 503
        assert dict(refused[0]["headers"])[b"retry-after"]
        assert begun == ["/slow", "/slow", "/quick"]
        assert quick[0]["status"] == 200
        assert [told[0]["status"] for told in answered] == [200, 200, 200]

    run(scenario())


def test_who_leaves_while_waiting_is_forgotten() -> None:
    async def scenario() -> None:
        work = Work()
        left = asyncio.Event()

        async def leave() -> Message:
            await left.wait()
            return {"type": "http.disconnect"}

        running = [asyncio.create_task(work.get("/slow")) for _ in range(2)]
        gone = asyncio.create_task(work.get("/slow", receive=leave))
        await asyncio.sleep(0.01)
        left.set()
        told = await gone
        work.go_on.set()
        await asyncio.gather(*running)
        after = await work.get("/slow")

        assert told == []
        assert work.begun == ["/slow"] * 3
        assert after[0]["status"] == 200

    run(scenario())


def test_who_reads_slowly_holds_no_place_but_in_a_lane_of_downloads() -> None:
    async def scenario() -> None:
        work = Work()
        work.go_on.set()
        never = asyncio.Event()
        readers = [asyncio.create_task(work.get("/slow", sent=never)) for _ in range(20)]
        readers.append(asyncio.create_task(work.get("/download", sent=never)))
        await asyncio.sleep(0.01)

        slow = await work.get("/slow")
        download = await work.get("/download")
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
        after = await work.get("/download")

        assert slow[0]["status"] == 200
        assert download[0]["status"] == 503
        assert after[0]["status"] == 200

    run(scenario())


def test_there_are_connections_for_all_lanes_at_once() -> None:
    lists = next(lane for lane in LANES if lane.name == "lists")

    assert lists.running == LIST_THREADS  # over connections of their own
    assert THREADS - lists.running <= POOL_SIZE + MAX_OVERFLOW


def test_each_kind_of_request_has_its_lane() -> None:
    asked = {
        "GET /v1/programs": "lists",
        "GET /v1/programs/x": "reads",
        "GET /v1/export/programs.csv": "exports",
        "PUT /v1/admin/imports/1/files/hd2024.csv": "uploads",
        "DRAFT /v1/programs": "drafts",
        "POST /v1/admin/publish": "drafts",
        "PATCH /v1/admin/records/program/x": "editors",
        "GET /health/ready": "readiness",
        "POST /v1/snapshots": "snapshots",
        "GET /": "reads",
    }

    found = {one: next(lane.name for lane in LANES if lane.requests.match(one)) for one in asked}

    assert found == asked


def test_a_poll_costs_no_thread_and_is_forgotten_when_its_caller_leaves(
    databases: Databases, shared_app: FastAPI
) -> None:
    bind(shared_app, databases.seeded("sqlite"))
    watch = shared_app.state.release_watch
    looks = 0
    look = watch.look

    async def counted() -> None:
        nonlocal looks
        looks += 1
        await look()

    watch.look = counted
    watch.is_running = True  # as in a server, where the background looks

    async def scenario() -> None:
        await look()
        number = watch.number
        address = f"/v1/changes?since={number}&wait=25"
        polls = [asyncio.create_task(ask_here(shared_app, address, HOST)) for _ in range(300)]
        await asyncio.sleep(0.1)
        leaving, staying = polls[:200], polls[200:]
        for poll in leaving:
            poll.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        assert watch.waiting == 100
        watch.end_waiting()
        answers = await asyncio.gather(*staying)

        assert {answer.status for answer in answers} == {200}
        assert len({answer.body for answer in answers}) == 1
        assert watch.waiting == 0

    run(scenario())
    assert looks == 0
