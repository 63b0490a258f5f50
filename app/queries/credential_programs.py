"""Programs that say they prepare for a credential, each with who says so."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from sqlmodel import Session

from app.domain.claims import PreparationClaim
from app.queries.claims import load_claims
from app.queries.credentials import names_by_code, resolve_code
from app.queries.releases import stamp
from app.schemas.claims import to_evidence
from app.schemas.credentials import CredentialProgram, CredentialProgramPage
from app.schemas.programs import ProgramQuery
from app.search.index import Index, index_of
from app.search.programs import Matches, SearchScope, search_programs
from app.search.usual import usual_programs


def list_credential_programs(
    session: Session,
    code: str,
    query: ProgramQuery,
    weights: Mapping[str, float] | None,
    today: date,
) -> CredentialProgramPage:
    """Return one page of listed programs that say they prepare for a credential.

    Raises:
        NotFoundError: No credential has, or had, this code or name.
        InvalidRequestError: As ``search_programs``.
    """
    credential, _ = resolve_code(session, code)
    names = names_by_code(session).get(credential.code, [])
    codes = [credential.code, *(name.name.upper() for name in names if name.is_code)]
    index = index_of(session)
    found = search_programs(
        session.connection(),
        index,
        query,
        weights,
        SearchScope(
            f"programs of {credential.code}",
            index["credential"].any_of(codes),
            f"/v1/credentials/{quote(credential.code, safe='')}/programs",
        ),
    )
    beyond = {index.programs[number]: doc for number, doc in found.beyond.items()}
    claims = load_claims(session, PreparationClaim, [*found.programs, *beyond])
    evidence = {
        program_id: [to_evidence(c, today) for c in said if c.credential_code in codes]
        for program_id, said in claims.items()
    }
    if not_known := _not_known(index, credential.code, codes, query):
        found.more["not_known"] = found.more.get("not_known", 0) + not_known["count"]
        found.more["not_known_by"] = [*found.more.get("not_known_by", []), not_known]

    def to_items(docs: Iterable[tuple[int, str]]) -> list[CredentialProgram]:
        return [
            CredentialProgram(program=json.loads(doc), evidence=evidence.get(program_id, []))
            for program_id, doc in docs
        ]

    items = to_items(zip(found.programs, found.docs, strict=True))
    if "beyond" in found.more:
        found.more["beyond"]["items"] = to_items(beyond.items())
    sources = {said.source for item in items for said in item.evidence}
    return CredentialProgramPage(
        items=items,
        total=found.total,
        total_is_estimate=False,
        next=found.next,
        **found.more,
        **stamp(session, sources, today),
    )


def _not_known(
    index: Index, code: str, codes: Collection[str], query: ProgramQuery
) -> dict[str, Any] | None:
    """Return how many programs of the usual field and award do not say what they prepare for.

    None: no field commonly leads to the credential.
    """
    usual = usual_programs(code)
    if usual is None:
        return None
    others = usual.programs(index) - index["credential"].any_of(codes)
    matches = Matches(index, query, SearchScope("", others))
    count = len(matches.found) + len(matches.maybe)
    ask = {"exclude_credential": [code], **usual.asked()}
    return {"filter": "credential", "count": count, "ask": ask}
