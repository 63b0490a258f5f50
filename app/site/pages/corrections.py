"""Reports of wrong facts: what they are on, and where the faults of the form belong."""

from collections.abc import Iterable, Mapping

from app.errors import Fault

PLACES: Mapping[str, str] = {
    "program": "/programs",
    "institution": "/institutions",
    "credential": "/credentials",
    "work_setting": "/work-settings",
    "advancement_path": "/advancement-paths",
}
"""What a report is on -> where its records have pages."""

FIELDS = ("collection", "key", "field", "statement", "source_url", "seen_on", "website")


def faults_by_field(faults: Iterable[Fault]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the faults of each field of the form, and those that belong to none."""
    by_field: dict[str, list[str]] = {}
    others = []
    for fault in faults:
        name = (fault.pointer or "").removeprefix("#/")
        if name in FIELDS:
            by_field.setdefault(name, []).append(fault.detail)
        else:
            others.append(fault.detail)
    return by_field, others
