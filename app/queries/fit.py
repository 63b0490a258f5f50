"""Which statements of the career guide on fit somebody agrees with."""

from sqlmodel import Session

from app.domain.text.json_text import escape_part
from app.errors import Fault, InvalidRequestError, nearest
from app.queries.guide import FIT, list_entries
from app.queries.releases import stamp
from app.schemas.fit import FitAnswer, FitMatch, FitRead, FitRequest


def match_statements(session: Session, request: FitRequest) -> FitRead:
    """Return every statement of the guide's section fit by the answer given to it.

    Raises:
        InvalidRequestError: An answer is to no statement; names all of them.
        NotFoundError: The catalogue has no statements on fit.
    """
    entries = list_entries(session, FIT)
    statements = [
        FitMatch(
            **statement.model_dump(),
            label=entry.label,
            answer=request.answers.get(statement.key),
            basis=entry.basis,
            source=entry.source,
            url=f"/v1/guide/{FIT}/{entry.slug}",
        )
        for entry in entries
        for statement in entry.statements or []
    ]
    known = {statement.key for statement in statements}
    if faults := [_to_fault(key, known) for key in request.answers if key not in known]:
        raise InvalidRequestError(faults)
    return FitRead(
        matched=[s for s in statements if s.answer is FitAnswer.YES],
        not_matched=[s for s in statements if s.answer is FitAnswer.NO],
        open=[s for s in statements if s.answer in (None, FitAnswer.UNSURE)],
        **stamp(session, {statement.source for statement in statements}),
    )


def _to_fault(key: str, known: set[str]) -> Fault:
    near = nearest(key, sorted(known))
    hint = f" Did you mean {near!r}?" if near else f" /v1/guide/{FIT} lists them."
    words = f"No statement on fit has the key {key!r}.{hint}"
    return Fault(words, pointer=f"#/answers/{escape_part(key)}", value=key, suggestion=near)
