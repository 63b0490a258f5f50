"""One program with what other addresses answer about it, all from one dossier."""

from collections.abc import Mapping

from sqlmodel import Session

from app.domain.dossier import Dossier
from app.queries import areas, checklists, details, eligibility, similar, timeline, total_cost
from app.queries.summaries import to_summary_score
from app.schemas.details import Included, ProgramRead, ProgramRecordQuery
from app.schemas.served import changed
from app.schemas.similar import SimilarQuery
from app.schemas.timeline import TimelineQuery
from app.schemas.total_cost import TotalCostQuery


def get_program(
    session: Session,
    dossier: Dossier,
    query: ProgramRecordQuery,
    weights: Mapping[str, float] | None,
) -> ProgramRead:
    """Return one program, scored under some weights, with what is to be included.

    Raises:
        InvalidRequestError: No credential has, or had, the code asked for.
        NotFoundError: The guide tells no steps, and the timeline is asked for.
    """
    answer = details.get_details(dossier)
    if weights is not None:
        answer = changed(answer, score=to_summary_score(dossier, weights))
    if query.include:
        answer = changed(answer, included=_included(session, dossier, query, weights))
    return answer


def _included(
    session: Session,
    dossier: Dossier,
    query: ProgramRecordQuery,
    weights: Mapping[str, float] | None,
) -> Included:
    parts, included = set(query.include), Included()
    if "checklist" in parts:
        included.checklist = checklists.build_checklist(dossier, weights)
    if "total_cost" in parts:
        asked = TotalCostQuery(credential=query.credential)
        included.total_cost = total_cost.get_total_cost(session, dossier, asked)
    if "eligibility" in parts:
        included.eligibility = eligibility.find_opening(session, dossier, query.credential)
    if "similar" in parts:
        included.similar = similar.find_similar(session, dossier, SimilarQuery().limit)
    if "timeline" in parts:
        of_program = TimelineQuery(program=dossier.program.slug)
        included.timeline = timeline.build_timeline(session, of_program, dossier, dossier.day)
    if "pay" in parts:
        included.pay = areas.pay_of_program(session, dossier, dossier.reader.home_state)
    return included
