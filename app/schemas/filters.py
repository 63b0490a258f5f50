"""The filters of a search for programs: what each looks in, and what people call it.

A new filter on a closed list is a line here and its parameters in ``ProgramFilters``; the search
index, the counts and the choices of the search page follow.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

from app.domain.messages import N_
from app.domain.vocabulary import CERTIFICATE, AwardLevel, Delivery, Finding

AwardLevelFilter = StrEnum(  # type: ignore[misc]
    "AwardLevelFilter",
    {"CERTIFICATE": CERTIFICATE, **{level.name: level.value for level in AwardLevel}},
)
"""An award, or any certificate below an associate degree."""


NOT_ONLINE = "not_online"
"""Known not to be completable online: on campus or hybrid, which is not told."""

DeliveryFilter = StrEnum(  # type: ignore[misc]
    "DeliveryFilter",
    {**{mode.name: mode.value for mode in Delivery}, NOT_ONLINE.upper(): NOT_ONLINE},
)
"""Where the teaching takes place, as far as it is told."""

ACCREDITED = "accredited"
"""Said to be accredited by anybody, also without a date or with a reservation."""

AccreditationFilter = StrEnum(  # type: ignore[misc]
    "AccreditationFilter",
    {"ACCREDITED": ACCREDITED, **{finding.name: finding.value for finding in Finding}},
)
"""A finding, or every one that somebody says yes to."""

SAID_YES = tuple(
    finding.value
    for finding in Finding
    if finding not in (Finding.NOT_MET, Finding.UNKNOWN, Finding.NOT_APPLICABLE)
)
SETTLED = (Finding.MET, Finding.PARTLY_MET, Finding.NOT_MET, Finding.NOT_APPLICABLE)
OPEN = tuple(finding.value for finding in Finding if finding not in SETTLED)
"""Findings that asking the school could still settle either way."""


class ListFilter(NamedTuple):
    """A filter on a closed list.

    ``held_in`` says where its values are: a column of the summary, one of the school, or tags, of
    which a program has several. ``fact`` says what is known of a program without the value asked
    for, where sources mostly do not tell: ``finding``, what its finding says; ``told``, that it has
    not that value where any is told; ``named``, nothing, for sources name what there is and seldom
    what there is not; None: it is known of nearly every program.
    """

    name: str
    label: str
    held_in: Literal["summary", "school", "tags"]
    fact: Literal["finding", "told", "named"] | None = None


class NumberFilter(NamedTuple):
    """A filter on a number, which is also a sort key.

    ``parameter`` is what stands behind ``min_`` and ``max_``, ``low`` and ``high`` are columns of
    the summary, ``scale`` is how many of their units are one of the parameter.
    """

    name: str
    label: str
    parameter: str
    low: str
    high: str | None = None
    scale: int = 1


class OtherFilter(NamedTuple):
    """A filter of its own kind."""

    name: str
    label: str


LIST_FILTERS = (
    ListFilter("state", "State", "summary"),
    ListFilter("award_level", "Degree or certificate", "summary"),
    ListFilter("control", "Kind of school", "summary"),
    ListFilter("level", "Longest programs of the school", "school"),
    ListFilter("delivery", "Class format", "tags", "told"),
    ListFilter("completion_online", "Can be completed online", "summary", "told"),
    ListFilter("accreditation", "Program accreditation", "summary", "finding"),
    ListFilter("practicum", "Practicum", "summary", "finding"),
    ListFilter("transfer", "Transfer credits", "tags", "named"),
    ListFilter("topic", "Curriculum topic", "tags", "named"),
    ListFilter("credential", "Credential prepared for", "tags", "named"),
    ListFilter("leads_to", "Leads to", "tags", "told"),
    ListFilter("cip_code", "Field", "summary"),
    ListFilter("status", "Open or closed", "summary"),
    ListFilter("distance_only", "School at a distance only", "tags"),
)
"""In the order in which the search page offers them."""

NUMBER_FILTERS = (
    NumberFilter("tuition", "Tuition and fees", "tuition_usd", "tuition_year_cents", scale=100),
    NumberFilter(
        "total_cost",
        "Total cost",
        "total_cost_usd",
        "total_cost_low_cents",
        "total_cost_high_cents",
        scale=100,
    ),
    NumberFilter("net_price", "Average net price", "net_price_usd", "net_price_cents", scale=100),
    NumberFilter("length", "Months", "months", "months_low", "months_high"),
    NumberFilter("completions", "Graduates per year", "completions", "completions"),
    NumberFilter(
        "field_earnings_1_year",
        "Earnings of the field after 1 year",
        "field_earnings_1_year_usd",
        "field_earnings_1_year_usd",
    ),
    NumberFilter(
        "field_earnings_4_years",
        "Earnings of the field after 4 years",
        "field_earnings_4_years_usd",
        "field_earnings_4_years_usd",
    ),
    NumberFilter("field_debt", "Debt of the field", "field_debt_usd", "field_debt_usd"),
    NumberFilter("score", "Score", "score", "score_low"),
    NumberFilter("coverage", "Known share of the checklist", "coverage", "coverage"),
)

OTHER_FILTERS = (
    OtherFilter("q", "Words"),
    OtherFilter("near", "Near"),
    OtherFilter("within_miles", "Within miles"),
    OtherFilter("home_state", "Your state"),
    OtherFilter("residency", "Price for"),
    OtherFilter("unitid", "School"),
    OtherFilter("updated_since", "Changed since"),
)

FACTS = {one.name: one.fact for one in LIST_FILTERS if one.fact is not None}

FACETS = tuple(one.name for one in LIST_FILTERS)

LABELS: Mapping[str, str] = {
    **{one.name: one.label for one in (*LIST_FILTERS, *OTHER_FILTERS)},
    **{name: one.label for one in NUMBER_FILTERS for name in (one.name, one.parameter)},
    "sort": N_("Sort by"),
    "weights": N_("Weights"),
    "near": N_("ZIP code, city or state"),
    "program": N_("Program"),
    "target": N_("Role or credential you aim at"),
    "lang": N_("Language"),
}
"""What can be asked for on pages -> what people call it."""


SPOKEN: Mapping[str, tuple[str, ...]] = {
    "price": ("tuition",),
    "cost": ("total_cost", "tuition"),
    "required": ("met",),
    "optional": ("partly_met",),
}
"""Word that people say for a name or a value here -> the names or values it may stand for."""


ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("page", "offset", "skip", "start", "after", "page_token"), ("cursor", "limit")
    ),
    **dict.fromkeys(("per_page", "page_size", "size", "count", "top", "max_results"), ("limit",)),
    **dict.fromkeys(("order", "order_by", "sort_by", "ordering", "direction"), ("sort",)),
    **dict.fromkeys(("query", "search", "text", "keyword", "keywords", "name", "term"), ("q",)),
    **dict.fromkeys(("zip", "zip_code", "zipcode", "postal_code", "location", "city"), ("near",)),
    **dict.fromkeys(("radius", "distance", "miles", "max_distance"), ("within_miles",)),
    **dict.fromkeys(("degree", "award", "type"), ("award_level",)),
    **dict.fromkeys(("online", "modality", "mode"), ("delivery",)),
    **dict.fromkeys(("school", "institution", "college", "institution_id"), ("unitid", "school")),
    **dict.fromkeys(("cip", "field_of_study", "major"), ("cip_code",)),
    **dict.fromkeys(("select", "columns", "only"), ("fields",)),
    **dict.fromkeys(("expand", "embed", "with"), ("include",)),
    **dict.fromkeys(("id", "ids", "slug", "programs"), ("program",)),
    **dict.fromkeys(("date", "on", "day"), ("as_of",)),
}
"""What other interfaces call a parameter -> what it is called here, where it is known."""


def same_words(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names made of the same words in any order, spelling and case.

    >>> same_words("maxTuition", ["max_tuition_usd", "min_tuition_usd"])
    ['max_tuition_usd']
    """
    words = _words_of(name)
    return [one for one in known if _words_of(one) == words]


def _words_of(name: str) -> list[str]:
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", name).lower()
    return sorted(word for word in parted.split("_") if word not in ("", "usd"))


def spoken_for(name: str) -> list[str]:
    """Return what a name may be meant for that is made with a word of everyday.

    >>> spoken_for("max_cost"), spoken_for("-price")
    (['max_total_cost', 'max_tuition'], ['-tuition'])
    """
    return [
        re.sub(rf"(?<![a-z]){word}(?![a-z])", other, name)
        for word, others in SPOKEN.items()
        if re.search(rf"(?<![a-z]){word}(?![a-z])", name)
        for other in others
    ]


def label_of(parameter: str) -> str:
    """Return what people call a filter; one without a label by its own name.

    Args:
        parameter: As in a query, with what bounds it or turns it round.
    """
    name = parameter.removesuffix("_is")
    for start in ("exclude_", "min_", "max_"):
        name = name.removeprefix(start)
    return LABELS.get(name, name.replace("_", " "))
