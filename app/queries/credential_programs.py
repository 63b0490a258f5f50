"""Programs that say they prepare for a credential, each with who says so."""

import json
from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from app.domain.claims import PreparationClaim
from app.queries.claims import load_claims
from app.queries.credentials import names_by_code, resolve_code
from app.queries.releases import stamp
from app.schemas.claims import to_evidence
from app.schemas.credentials import CredentialProgram, CredentialProgramPage
from app.schemas.programs import ProgramQuery
from app.search.index import index_of
from app.search.programs import SearchScope, search_programs


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
        SearchScope(f"programs of {credential.code}", index["credential"].any_of(codes)),
    )
    claims = load_claims(session, PreparationClaim, found.programs)
    evidence = {
        program_id: [to_evidence(c, today) for c in said if c.credential_code in codes]
        for program_id, said in claims.items()
    }
    items = [
        CredentialProgram(program=json.loads(doc), evidence=evidence.get(program_id, []))
        for program_id, doc in zip(found.programs, found.docs, strict=True)
    ]
    sources = {said.source for item in items for said in item.evidence}
    return CredentialProgramPage(
        items=items,
        total=found.total,
        total_is_estimate=False,
        next=found.next,
        **found.more,
        **stamp(session, sources, today),
    )
