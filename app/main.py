"""The application: routers, error handlers, middleware."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio import CapacityLimiter, create_task_group
from anyio.to_thread import current_default_thread_limiter, run_sync
from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine
from starlette.types import ASGIApp

from app.api import (
    advancement,
    areas,
    careers,
    changes,
    checklists,
    comparison,
    completeness,
    corrections,
    credential_blocks,
    credentials,
    curation,
    drafts,
    eligibility,
    exports,
    fit,
    found_facts,
    guide,
    health,
    import_jobs,
    index,
    institutions,
    letters,
    linked_data,
    lookup,
    metrics,
    occupations,
    programs,
    records,
    releases,
    renewal,
    rubrics,
    search,
    similar,
    snapshots,
    sources,
    statistics,
    timeline,
    total_cost,
    transfer,
    webhooks,
    work_settings,
)
from app.assistants import routes as assistants
from app.exports.release_files import make_release_files
from app.exports.webhooks import keep_telling
from app.http.caching import Answers
from app.http.lanes import LANES, THREADS, Places
from app.http.layers import layers
from app.http.limiting import Limiter
from app.http.lists import ListReaders
from app.http.metrics import hand_over
from app.http.missed_texts import MissedTexts
from app.http.openapi import install
from app.http.problems import add_problem_handlers
from app.http.publication import ReleaseWatch
from app.http.single_values import ONE_VALUE_EACH
from app.importers.rescoring import ScoreChecks, keep_scores_current
from app.settings import get_settings
from app.site.routes import ROUTERS, docs, embeds
from app.site.routes.page import missing
from app.store.database import make_engine
from app.store.replicas import Databases, open_replicas

V1_ROUTERS: tuple[APIRouter, ...] = (
    programs.lists,  # first: it is asked most
    linked_data.router,  # before records: its addresses are theirs with an ending
    programs.router,
    search.suggestions,
    search.router,
    institutions.router,
    checklists.router,
    comparison.reads,
    comparison.router,
    letters.router,
    similar.router,
    total_cost.router,
    transfer.router,
    snapshots.router,
    rubrics.router,
    credentials.router,
    credential_blocks.router,
    eligibility.router,
    renewal.router,
    occupations.router,
    statistics.router,
    areas.router,
    careers.router,
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
    found_facts.router,
    webhooks.router,
)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Bound the threads that run routes; watch for releases, and keep the stored scores true."""
    current_default_thread_limiter().total_tokens = THREADS
    watch: ReleaseWatch = app.state.release_watch
    await watch.look()
    async with create_task_group() as tasks:
        tasks.start_soon(watch.run)
        tasks.start_soon(keep_files_made, watch, app.state.databases)
        if get_settings().cache_look_seconds:
            tasks.start_soon(keep_telling, app.state.engine)
        tasks.start_soon(keep_scores_current, app.state.engine, app.state.score_checks)
        tasks.start_soon(app.state.missed_texts.run)
        yield
        tasks.cancel_scope.cancel()
    await app.state.missed_texts.close()
    hand_over()
    _let_go(app)


async def keep_files_made(watch: ReleaseWatch, databases: Databases) -> None:
    """Make the files of each release, after it is published: answers do not wait for them."""
    thread = CapacityLimiter(1)
    async for published, _ in watch.versions():
        engine = databases.serving(published).engine
        await run_sync(make_release_files, engine, limiter=thread, abandon_on_cancel=True)


class Api(FastAPI):
    """The application within its layers."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the framework's own layers, which catch what ours let through, within ours."""
        app = super().build_middleware_stack()
        for layer in reversed(layers(get_settings())):
            app = layer.cls(app, **layer.arguments)
        return app


def create_app(engine: Engine | None = None) -> FastAPI:
    """Return the application over an engine, by default the one of the settings."""
    settings = get_settings()
    app = Api(
        title="hit-compare",
        version=version("hit-compare"),
        telemetry={"tracing": False, "metrics": False, "logs": False},  # else 4 us a request
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
    )
    add_problem_handlers(app)
    if engine is None:
        replicas = list(open_replicas(settings.database_read_url))
        bind(app, make_engine(settings.database_url), replicas)
    else:
        bind(app, engine)
    for router in V1_ROUTERS:
        app.include_router(router, prefix="/v1", dependencies=[ONE_VALUE_EACH])
    for router in (
        embeds.router,
        embeds.assets,
        docs.router,
        health.router,
        metrics.router,
        assistants.router,
        index.router,
        *ROUTERS,
    ):
        app.include_router(router)
    app.router.default = missing(app.router.default)
    install(app)
    return app


def bind(app: FastAPI, engine: Engine, replicas: Sequence[Engine] = ()) -> None:
    """Let an application serve a database and its replicas, with nothing counted or kept yet."""
    settings = get_settings()
    if hasattr(app.state, "engine"):
        _let_go(app)
    app.state.engine = engine
    app.state.databases = databases = Databases(engine, replicas)
    app.state.release_watch = ReleaseWatch(databases, settings.cache_look_seconds)
    app.state.list_readers = ListReaders()
    app.state.places = [Places(lane) for lane in LANES]
    app.state.known = {}
    app.state.limiter = Limiter(settings.rate_limit_storage)
    app.state.score_checks = ScoreChecks()
    app.state.missed_texts = MissedTexts(engine, is_kept=settings.keep_missed_texts)
    app.state.answers = Answers(settings.cache_bytes)


def _let_go(app: FastAPI) -> None:
    app.state.databases.close()
    app.state.list_readers.close()
