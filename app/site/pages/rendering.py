"""Pages of the site set from their templates."""

import hashlib
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from app.domain.text.addresses import to_web_address
from app.errors import Fault
from app.exports.linked_data import Node, to_json
from app.settings import PACKAGE
from app.site import words
from app.site.glossary import TERM_OF, TERM_OF_FACT
from app.site.pages.faults import wrong_fields
from app.site.pages.visits import LANGUAGES, PageContext
from app.site.writing import Writer

STATIC = PACKAGE / "site" / "static"


@lru_cache
def version_of(name: str) -> str:
    """Return what changes in the address of a file when its content changes.

    Raises:
        FileNotFoundError: There is no such file.
    """
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of a file of the pages, good for as long as its content."""
    return f"/static/{name}?v={version_of(name)}"


def in_page(node: Node) -> Markup:
    """Return linked data as they stand in a page: no text in them can end the element."""
    return Markup(to_json(node).replace("<", "\\u003c"))  # noqa: S704


def render(visit: PageContext, template: str, /, **values: Any) -> str:
    """Return a page; ``template`` is named without its folder and ending."""
    page = visit.speech.templates.get_template(f"pages/{template}.html")
    return page.render(
        visit=visit,
        speech=visit.speech,
        labels=words,
        glossary=TERM_OF,
        term_of_fact=TERM_OF_FACT,
        asset=asset,
        web_address=to_web_address,
        languages=LANGUAGES,
        **values,
    )


def render_refusal(
    visit: PageContext,
    status: int,
    faults: list[Fault],
    *,
    key: str | None = None,
    near: str | None = None,
) -> str:
    """Return the page for a request that cannot be answered.

    Args:
        visit: As far as it could be read.
        status: The status the page is sent with.
        faults: What is wrong with the address.
        key: What nothing is known by, where that is the reason.
        near: The address of the nearest that is known.
    """
    write = Writer(visit.speech, {})
    return render(
        visit,
        "refusal",
        status=status,
        write=write,
        faults=faults,
        wrong=wrong_fields(write, faults),
        key=key,
        near=near,
    )
