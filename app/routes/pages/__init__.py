"""Pages for people: the site around the interface, rendered here and readable without script."""

from fastapi import APIRouter

from app.routes.pages import assets, corrections, institutions, programs, search

ROUTERS: tuple[APIRouter, ...] = (
    assets.router,
    corrections.router,
    institutions.router,
    programs.router,
    search.router,
)
