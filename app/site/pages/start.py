"""The start page: what is asked before anything is shown, and the search that it leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.messages import Message
from app.errors import Fault, InvalidRequestError
from app.schemas.site import Attendance, Purpose, SearchPageQuery
from app.search.index import Index
from app.search.places import USUAL_MILES, state_of
from app.site.pages.visits import PageContext, Pair, to_address

ASKED: Mapping[Purpose, Sequence[Pair]] = {
    Purpose.RHIT: [("leads_to", "RHIT")],
    Purpose.CODING: [("cip_code", "51.0713")],
    Purpose.DEGREE: [
        ("cip_code", "51.0706"),
        ("cip_code", "51.0707"),
        ("award_level", "associate"),
        ("award_level", "bachelor"),
        ("award_level", "master"),
    ],
    Purpose.UNSURE: [],
}
"""What a reader looks for -> the filters that stand for it."""

ONLINE = ("delivery", "online")
HOME = ("near", "home_state")


def start_address(visit: PageContext, query: SearchPageQuery) -> str:
    """Return where the answers of the start page lead: to a search, or to what helps to choose.

    Raises:
        InvalidRequestError: Nothing is asked, a place is missing, or it is not known.
    """
    if query.what is Purpose.UNSURE and not query.q:
        return visit.to("/fit")
    asked = [*([("q", query.q)] if query.q else []), *ASKED[query.what or Purpose.UNSURE]]
    place = _place(query)
    if not asked and not place:
        fault = Message("Choose one, or say it in your own words.")
        raise InvalidRequestError([Fault(fault, parameter="what")])
    along = [pair for pair in visit.carried if pair[0] not in HOME]
    return to_address("/", [*asked, *place, *along])


def _place(query: SearchPageQuery) -> list[Pair]:
    """Return the filters for where and how; the state of home goes along where a place does not."""
    near, home, how = query.near, query.home_state, query.how or Attendance.BOTH
    if near is None and home is None:
        if how is Attendance.NEAR:
            fault = Message("Tell where you live, to see what is near.")
            raise InvalidRequestError([Fault(fault, parameter="near")])
        return [ONLINE] if how is Attendance.ONLINE else []
    if how is Attendance.ONLINE:
        state = home or (near and state_of(near))
        return [ONLINE, *([("home_state", str(state))] if state else [])]
    if near is None:
        return [("state", str(home)), ("home_state", str(home))]
    here = [("near", near), ("within_miles", f"{USUAL_MILES:g}")]
    return here if how is Attendance.BOTH else [*here, ("include_online", "false")]


@dataclass(frozen=True, slots=True)
class Figures:
    """How much the catalogue knows, in programs; ``schools`` are schools."""

    programs: int
    schools: int
    with_total: int
    with_format: int
    with_accreditation: int


def figures_of(index: Index) -> Figures:
    """Return what the catalogue knows of its programs in figures."""
    every = len(index.every)
    return Figures(
        programs=every,
        schools=len(index["unitid"].terms),
        with_total=every - len(index.unknown("total_cost")),
        with_format=every - len(index.unknown("delivery")),
        with_accreditation=every - len(index.unknown("accreditation")),
    )
