"""From any identifier to its record, or to the candidates."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import Session, col, func, select

from app.clock import today
from app.domain.occupations import SUCCESSORS
from app.domain.schools import fold_name
from app.domain.text.identifiers import (
    opeids_meant,
    parse_cip,
    parse_cip_prefix,
    parse_soc,
    parse_unitid,
)
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.queries.classifications import cip_titles, find_cip, occupation_titles
from app.queries.credentials import resolve_code
from app.queries.details import to_successor
from app.queries.directory import named
from app.queries.institutions import find_operations
from app.queries.occupations import find_occupation
from app.queries.releases import stamp
from app.schemas.lookup import LookupAnswer, LookupItem, LookupKind, LookupQuery
from app.schemas.programs import FormerName
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program


@dataclass(slots=True)
class Found:
    """Records of one identifier, and the sources they come from; where none, keys like it."""

    kind: LookupKind
    key: str
    items: list[LookupItem] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)
    known: list[str] = field(default_factory=list)


def look_up(session: Session, query: LookupQuery) -> LookupAnswer:
    """Return the records that one identifier stands for.

    Raises:
        InvalidRequestError: None or several identifiers, or one that cannot be read.
        NotFoundError: The identifier is well formed, and nothing here has it.
    """
    given = {name: text for name, text in dict(query).items() if text is not None}
    if len(given) != 1:
        raise InvalidRequestError(_count_faults(given))
    [(name, text)] = given.items()
    try:
        found = LOOKUPS[name](session, text)
    except ValueError as error:
        fault = Fault(f"{name}: {error}.", parameter=name, value=text)
        raise InvalidRequestError([fault]) from error
    if not found.items:
        raise NotFoundError(found.kind.replace("_", " "), found.key, known=found.known)
    return LookupAnswer(
        kind=found.kind,
        key=found.key,
        match="one" if len(found.items) == 1 else "several",
        items=found.items,
        **stamp(session, found.sources),
    )


def _count_faults(given: dict[str, str]) -> list[Fault]:
    names = ", ".join(LOOKUPS)
    if not given:
        return [Fault(f"Give one of {names}.", parameter=names)]
    return [
        Fault(f"Give one of {names}, not {name!r} beside others.", parameter=name, value=text)
        for name, text in given.items()
    ]


def _by_unitid(session: Session, text: str) -> Found:
    unitid = parse_unitid(text)
    statement = select(Institution).where(Institution.unitid == unitid)
    found = _institutions(session, str(unitid), list(session.exec(statement)), exact=str(unitid))
    if not found.items:
        near = col(Institution.unitid).between(unitid // 1000 * 1000, unitid // 1000 * 1000 + 999)
        found.known = [str(other) for other in session.exec(select(Institution.unitid).where(near))]
    return found


def _by_opeid(session: Session, text: str) -> Found:
    meant = opeids_meant(text)
    for opeid in meant:
        statement = (
            select(Institution)
            .where(col(Institution.opeid).between(f"{opeid[:6]}00", f"{opeid[:6]}99"))
            .order_by(
                col(Institution.opeid) != opeid, col(Institution.opeid), col(Institution.slug)
            )
        )
        if schools := list(session.exec(statement)):
            return _institutions(session, opeid, schools, exact=opeid)
    near = col(Institution.opeid).startswith(meant[0][:4])
    known = session.exec(select(Institution.opeid).where(near))
    return Found("institution", meant[0], known=[opeid for opeid in known if opeid])


def _institutions(session: Session, key: str, schools: list[Institution], *, exact: str) -> Found:
    """Return schools, and after them those that merged ones go on as a part of."""
    operations = find_operations(session, schools, today())
    unitids = {operation.successor_unitid for operation in operations.values()}
    elsewhere = unitids - {school.unitid for school in schools}
    statement = select(Institution).where(col(Institution.unitid).in_(elsewhere))
    successors = list(session.exec(statement.order_by(col(Institution.slug))))
    operations |= find_operations(session, successors, today())
    items = []
    for school in [*schools, *successors]:
        operation = operations[school.id or 0]
        items.append(
            LookupItem(
                kind="institution",
                key=str(school.unitid or school.slug),
                name=school.name,
                url=f"/v1/institutions/{school.unitid or school.slug}",
                is_exact=exact in {school.opeid, str(school.unitid)},
                status=operation.status,
                merged_into=to_successor(operation),
            )
        )
    return Found("institution", key, items, {school.source for school in schools})


def _by_school(session: Session, text: str) -> Found:
    ids = named(session, text)
    statement = select(Institution).where(col(Institution.id).in_(ids))
    schools = list(session.exec(statement.order_by(col(Institution.name), col(Institution.slug))))
    found = _institutions(session, text.strip(), schools, exact="")
    asked = fold_name(text)
    for school, item in zip(schools, found.items, strict=False):
        item.is_exact = fold_name(school.name) == asked
        past = (FormerName.model_validate(one) for one in school.former_names or ())
        item.former_name = next((one for one in past if fold_name(one.name) == asked), None)
    found.items.sort(key=lambda item: not item.is_exact)
    return found


def _by_cip(session: Session, text: str) -> Found:
    try:
        code = parse_cip(text)
    except ValueError:
        code = parse_cip_prefix(text)
    cip = find_cip(session, code)
    if cip is None:
        return Found("field_of_study", code, known=list(cip_titles(session)))
    on_offer = select(func.count(col(Program.id))).where(
        col(Program.cip_code).startswith(code), col(Program.retired_at).is_(None)
    )
    item = LookupItem(
        kind="field_of_study",
        key=code,
        name=cip.title,
        url=f"/v1/programs?cip_code={code}",
        is_exact=True,
        program_count=session.exec(on_offer).one(),
    )
    return Found("field_of_study", code, [item], {cip.source})


def _by_soc(session: Session, text: str) -> Found:
    code = parse_soc(text)
    if "." in text and not text.endswith(".00"):
        code = text  # O*NET describes this specialty of the occupation by itself
    known = {other: find_occupation(session, other) for other in (code, *SUCCESSORS.get(code, ()))}
    found = {other: one for other, one in known.items() if one is not None}
    items = [
        LookupItem(
            kind="occupation",
            key=other,
            name=occupation.title,
            url=f"/v1/occupations/{other}",
            is_exact=other == code,
        )
        for other, occupation in found.items()
    ]
    sources = {occupation.source for occupation in found.values()}
    return Found(
        "occupation", code, items, sources, [] if items else list(occupation_titles(session))
    )


def _by_code(session: Session, text: str) -> Found:
    credential, name = resolve_code(session, text)
    item = LookupItem(
        kind="credential",
        key=credential.code,
        name=credential.name,
        url=f"/v1/credentials/{credential.code}",
        is_exact=name is None,
    )
    return Found("credential", credential.code, [item], {credential.source})


LOOKUPS: dict[str, Callable[[Session, str], Found]] = {
    "unitid": _by_unitid,
    "opeid": _by_opeid,
    "school": _by_school,
    "cip": _by_cip,
    "soc": _by_soc,
    "code": _by_code,
}
"""Parameter of the lookup -> how its text is read and found; ValueError: it cannot be read."""
