"""Pages for people: the site around the interface, rendered here and readable without script."""

from fastapi import APIRouter

from app.routes.pages import assets, corrections, data, guide, method, search, sitemaps, statistics

ROUTERS: tuple[APIRouter, ...] = (
    assets.router,
    search.router,
    guide.router,
    statistics.router,
    method.router,
    data.router,
    corrections.router,
    sitemaps.router,
)
