"""Reports of wrong facts: what they are on, and where the faults of the form belong."""

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote_plus, unquote, urlsplit

from app.domain.messages import N_, Message
from app.errors import Fault
from app.site.pages.faults import by_label
from app.site.pages.visits import PageContext

PLACES: Mapping[str, str] = {
    "program": "/programs",
    "institution": "/institutions",
    "credential": "/credentials",
    "work_setting": "/work-settings",
    "advancement_path": "/advancement-paths",
}
"""What a report is on -> where its records have pages."""

FIELDS: Mapping[str, str] = {
    "collection": N_("What is it about?"),
    "key": N_("Which one?"),
    "field": N_("Which fact of it?"),
    "statement": N_("What is right?"),
    "source_url": N_("Which page shows it?"),
    "seen_on": N_("When did you see it?"),
    "website": N_("Leave this empty"),
}
"""Fields of the form -> their labels."""

NO_DAY = N_("“%(label)s” must be a date, such as 11/20/2026.")

LONGEST_FIELD = 60
"""Characters of the name of a fact, as a report takes them."""


def faults_by_field(faults: Iterable[Fault]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the faults of each field of the form, and those that belong to none.

    They name a field by its label.
    """
    by_field: dict[str, list[str]] = {}
    others = []
    for fault in faults:
        name = (fault.pointer or "").removeprefix("#/")
        if name not in FIELDS:
            others.append(fault.detail)
            continue
        label = Message(FIELDS[name])
        if name == "seen_on":
            by_field[name] = [Message(NO_DAY, label=label)]
        else:
            quoted = Message("“%(label)s”", label=label)
            by_field.setdefault(name, []).append(by_label(fault.detail, quoted))
    return by_field, others


def as_typed(form: Mapping[str, str]) -> dict[str, str]:
    """Return what a form was filled with, as reports take it: fields left empty left out.

    A day may be written as in the US, and a record named by the address of its page.

    >>> as_typed({"seen_on": "11/20/2026", "key": "https://x.example/credentials/RHIT?lang=es"})
    {'seen_on': '2026-11-20', 'key': 'RHIT', 'collection': 'credential'}
    """
    typed = {name: value.strip() for name, value in form.items() if value.strip()}
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", typed.get("seen_on", "")):
        month, day, year = match.groups()
        typed["seen_on"] = f"{year}-{int(month):02}-{int(day):02}"
    path = urlsplit(typed.get("key", "")).path
    for collection, place in PLACES.items():
        _, found, key = path.partition(f"{place}/")
        if found and key:
            typed["key"], typed["collection"] = unquote(key.split("/")[0]), collection
    return typed


def report_links(visit: PageContext, collection: str, key: str) -> Callable[..., str]:
    """Return what gives the address of the form to report a fact of a record, filled in."""

    about = visit.to("/corrections", ("collection", collection), ("key", key))

    def link(field: str = "") -> str:
        return f"{about}&field={quote_plus(field[:LONGEST_FIELD])}" if field else about

    return link
