"""The application: routers, error handlers, middleware."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio import create_task_group, sleep
from anyio.to_thread import current_default_thread_limiter, run_sync
from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine

from app.caching import Answers
from app.database import make_engine
from app.importers.run import refresh_if_due
from app.limiting import Limiter
from app.middleware import layers
from app.openapi import install
from app.problems import add_problem_handlers
from app.queries.rubrics import current_rubric
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
    exports,
    guide,
    health,
    import_jobs,
    institutions,
    lookup,
    occupations,
    programs,
    records,
    releases,
    rubrics,
    similar,
    snapshots,
    sources,
    statistics,
    timeline,
    total_cost,
    work_settings,
)
from app.settings import get_settings

V1_ROUTERS: tuple[APIRouter, ...] = (
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
    occupations.router,
    statistics.router,
    work_settings.router,
    advancement.router,
    advancement.plans_router,
    timeline.router,
    guide.router,
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


SECONDS_BETWEEN_LOOKS = 3600


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Bound the threads that run routes, and keep the stored scores true as days pass."""
    current_default_thread_limiter().total_tokens = WORKER_THREADS
    async with create_task_group() as tasks:
        tasks.start_soon(keep_scores_true, app.state.engine)
        yield
        tasks.cancel_scope.cancel()


async def keep_scores_true(engine: Engine) -> None:
    """Score anew, hour by hour, once a claim has passed its shelf life while serving."""
    while True:
        await sleep(SECONDS_BETWEEN_LOOKS)
        await run_sync(refresh_if_due, engine, current_rubric())


def create_app(engine: Engine | None = None) -> FastAPI:
    """Return the application over an engine, by default the one of the settings."""
    app = FastAPI(
        title="hit-compare",
        version=version("hit-compare"),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
        middleware=layers(get_settings()),
    )
    add_problem_handlers(app)
    bind(app, engine or make_engine(get_settings().database_url))
    for router in V1_ROUTERS:
        app.include_router(router, prefix="/v1")
    for router in (docs.router, health.router, snapshots.assets):
        app.include_router(router)
    install(app)
    return app


def bind(app: FastAPI, engine: Engine) -> None:
    """Let an application serve a database, with nothing counted or kept yet."""
    settings = get_settings()
    app.state.engine = engine
    app.state.digests = {}
    app.state.limiter = Limiter(settings.rate_limit_storage)
    app.state.answers = Answers(settings.cache_bytes)
