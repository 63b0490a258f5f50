"""Pages for people: the site around the interface, rendered here and readable without script."""

from fastapi import APIRouter

from app.site.routes import (
    advancement,
    answers,
    assets,
    comparison,
    corrections,
    credentials,
    data,
    editors,
    fit,
    guide,
    hand_outs,
    institutions,
    method,
    programs,
    questions,
    renewal,
    search,
    sitemaps,
    statistics,
    work_settings,
)

ROUTERS: tuple[APIRouter, ...] = (
    assets.router,
    search.router,
    programs.router,
    institutions.router,
    comparison.router,
    credentials.router,
    renewal.router,
    work_settings.router,
    advancement.router,
    fit.router,
    guide.router,
    questions.router,
    statistics.router,
    method.router,
    data.router,
    corrections.router,
    editors.router,
    answers.router,
    hand_outs.router,
    sitemaps.router,
)
