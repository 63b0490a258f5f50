"""Keys of editors: make, list, revoke, recognise."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from app.domain.keys import Actor, KeyText, Scope, hash_key, make_key, same_hash
from app.errors import NotFoundError
from app.store.tables.keys import ApiKey

NO_HASH = "0" * 64
"""Compared with where no key has the id, so that both cases take the same work."""


def add_key(
    session: Session,
    name: str,
    scopes: Iterable[Scope],
    *,
    pepper: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> KeyText:
    """Store the hash of a new key and return the key, which cannot be shown again."""
    key = make_key()
    session.add(
        ApiKey(
            public_id=key.public_id,
            name=name,
            key_hash=hash_key(key.text, pepper),
            scopes=sorted({scope.value for scope in scopes}),
            created_at=now,
            expires_at=expires_at,
        )
    )
    session.flush()
    return key


def list_keys(session: Session) -> list[ApiKey]:
    """Return all keys, also revoked and expired ones, the oldest first."""
    return list(session.exec(select(ApiKey).order_by(col(ApiKey.id))))


def revoke_key(session: Session, public_id: str, *, now: datetime) -> datetime:
    """Let a key work no longer; return since when, which the first revocation decides.

    Raises:
        NotFoundError: No key has this public id.
    """
    key = session.exec(select(ApiKey).where(ApiKey.public_id == public_id)).one_or_none()
    if key is None:
        known = [known.public_id for known in list_keys(session)]
        raise NotFoundError("key", public_id, known=known)
    key.revoked_at = key.revoked_at or now
    session.flush()
    return key.revoked_at


def find_key(session: Session, sent: KeyText, *, pepper: str, now: datetime) -> ApiKey | None:
    """Return the key that was sent if it works now.

    Neither the answer nor the time it takes tells an unknown key from one that is expired,
    revoked or right in its public id only.
    """
    key = session.exec(select(ApiKey).where(ApiKey.public_id == sent.public_id)).one_or_none()
    is_right = same_hash(hash_key(sent.text, pepper), key.key_hash if key else NO_HASH)
    return key if key and is_right and is_active(key, now) else None


def is_active(key: ApiKey, now: datetime) -> bool:
    """Return whether a key is neither revoked nor expired."""
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at)


def to_actor(key: ApiKey) -> Actor:
    """Return the actor that a key belongs to."""
    return Actor(name=key.name, key_id=key.id, scopes=frozenset(key.scopes))
