"""The application: routers, error handlers, middleware."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine

from app.database import make_engine
from app.middleware import layers
from app.openapi import install
from app.problems import add_problem_handlers
from app.routes import (
    advancement,
    checklists,
    comparison,
    credentials,
    docs,
    guide,
    health,
    institutions,
    lookup,
    occupations,
    programs,
    rubrics,
    similar,
    snapshots,
    sources,
    statistics,
    timeline,
    work_settings,
)
from app.settings import get_settings

V1_ROUTERS: tuple[APIRouter, ...] = (
    programs.router,
    institutions.router,
    checklists.router,
    comparison.router,
    similar.router,
    snapshots.router,
    rubrics.router,
    credentials.router,
    occupations.router,
    statistics.router,
    work_settings.router,
    advancement.router,
    timeline.router,
    guide.router,
    lookup.router,
    sources.router,
)


WORKER_THREADS = 8
"""More threads would fight for the interpreter without answering more."""


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Bound the threads that run routes while the application serves."""
    current_default_thread_limiter().total_tokens = WORKER_THREADS
    yield


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
    app.state.engine = engine or make_engine(get_settings().database_url)
    for router in V1_ROUTERS:
        app.include_router(router, prefix="/v1")
    for router in (docs.router, health.router, snapshots.assets):
        app.include_router(router)
    install(app)
    return app
