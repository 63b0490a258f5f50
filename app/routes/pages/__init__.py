"""Pages for people: the site around the interface, rendered here and readable without script."""

from fastapi import APIRouter

from app.routes.pages import assets, compare, corrections, institutions, programs, search

ROUTERS: tuple[APIRouter, ...] = (
    assets.router,
    compare.router,
    corrections.router,
    institutions.router,
    programs.router,
    search.router,
)
