"""The first refusals of a process, many in the same moment."""

from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from app.http import faults
from app.http.faults import Contract


def test_what_a_route_allows_is_found_by_many_threads_at_once(shared_app: FastAPI) -> None:
    routes = [
        context.original_route
        for context in iter_route_contexts(shared_app.routes)
        if isinstance(context.original_route, APIRoute)
    ][:20]
    kept = dict(faults._contracts)
    try:
        with ThreadPoolExecutor(8) as threads:
            for route in routes:
                faults._contracts.clear()
                found = list(threads.map(Contract.of_route, [route] * 8))
                assert len(set(map(id, found))) == 1
    finally:
        faults._contracts.update(kept)
