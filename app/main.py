"""The application: routers, error handlers, middleware."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio import create_task_group
from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.caching import Answers, ReleaseCache
from app.database import make_engine
from app.importers.rescoring import Looks, keep_scores_true
from app.limiting import Limiter
from app.middleware import counter_of, dress, guards, layers, name_of
from app.openapi import install
from app.problems import add_problem_handlers
from app.routes import (
    advancement,
    changes,
    checklists,
    comparison,
    completeness,
    corrections,
    credentials,
    curation,
    docs,
    drafts,
    eligibility,
    embeds,
    exports,
    fit,
    guide,
    health,
    import_jobs,
    institutions,
    linked_data,
    lookup,
    occupations,
    programs,
    records,
    releases,
    renewal,
    rubrics,
    similar,
    snapshots,
    sources,
    statistics,
    timeline,
    total_cost,
    work_settings,
)
from app.routes.pages import ROUTERS
from app.routes.pages.page import missing
from app.routes.quick import QuickList, Readers
from app.settings import get_settings

V1_ROUTERS: tuple[APIRouter, ...] = (
    linked_data.router,  # first: its addresses are those of records with an ending
    programs.router,
    institutions.router,
    checklists.router,
    comparison.router,
    similar.router,
    total_cost.router,
    snapshots.router,
    rubrics.router,
    credentials.router,
    eligibility.router,
    renewal.router,
    occupations.router,
    statistics.router,
    work_settings.router,
    advancement.router,
    advancement.plans_router,
    timeline.router,
    guide.router,
    fit.router,
    lookup.router,
    sources.router,
    completeness.router,
    releases.router,
    changes.router,
    exports.router,
    corrections.router,
    records.router,
    drafts.router,
    import_jobs.router,
    curation.router,
)


WORKER_THREADS = 8
"""More threads would fight for the interpreter without answering more."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Bound the threads that run routes, and keep the stored scores true as days pass."""
    current_default_thread_limiter().total_tokens = WORKER_THREADS
    async with create_task_group() as tasks:
        tasks.start_soon(keep_scores_true, app.state.engine, app.state.looks)
        yield
        tasks.cancel_scope.cancel()
    app.state.readers.close()


class Api(FastAPI):
    """The application; ``front`` is asked before its layers, and asks them in turn."""

    front: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self.front is None or scope["type"] != "http":
            return await super().__call__(scope, receive, send)
        scope["app"] = self
        return await self.front(scope, receive, send)


def create_app(engine: Engine | None = None) -> FastAPI:
    """Return the application over an engine, by default the one of the settings."""
    settings = get_settings()
    is_guarded = any(guards(settings))
    app = Api(
        title="hit-compare",
        version=version("hit-compare"),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
        middleware=[*layers(settings), *([Middleware(QuickList)] if is_guarded else [])],
    )
    if not is_guarded:
        app.front = ReleaseCache(
            QuickList(super(Api, app).__call__, dress(settings)),
            seconds_between_looks=settings.cache_look_seconds,
            name=name_of,
            counter=counter_of,
        )
    add_problem_handlers(app)
    bind(app, engine or make_engine(settings.database_url))
    for router in V1_ROUTERS:
        app.include_router(router, prefix="/v1")
    for router in (embeds.router, embeds.assets, docs.router, health.router, *ROUTERS):
        app.include_router(router)
    app.router.default = missing(app.router.default)
    install(app)
    return app


def bind(app: FastAPI, engine: Engine) -> None:
    """Let an application serve a database, with nothing counted or kept yet."""
    settings = get_settings()
    if hasattr(app.state, "readers"):
        app.state.readers.close()
    app.state.engine = engine
    app.state.readers = Readers(engine.url)
    app.state.digests = {}
    app.state.known = {}
    app.state.limiter = Limiter(settings.rate_limit_storage)
    app.state.looks = Looks()
    app.state.answers = Answers(settings.cache_bytes)
