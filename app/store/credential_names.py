"""Every code and name that a credential goes by, or went by."""

from sqlmodel import Session, select

from app.domain.text.names import Names
from app.store.tables.credentials import Credential, CredentialName


def load_credential_names(session: Session) -> Names:
    """Return the codes of credentials by all their names: current, former, and of apprentices."""
    current = session.exec(select(Credential.code, Credential.name)).all()
    other = session.exec(
        select(CredentialName.credential_code, CredentialName.name, CredentialName.is_code)
    ).all()
    return Names(
        codes=[
            *((code, code) for code, _ in current),
            *((code, name) for code, name, is_code in other if is_code),
        ],
        names=[*current, *((code, name) for code, name, is_code in other if not is_code)],
    )
