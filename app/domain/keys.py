"""Keys of editors: what they open, how they are written, and how they are kept."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum

SECRET_BYTES = 32
_TEXT = re.compile(r"hc_(?P<public_id>[0-9a-f]{12})_[0-9a-f]{64}")


class Scope(StrEnum):
    """What a key may do; ``admin`` may do everything."""

    READ_DRAFTS = "read:drafts"
    WRITE_FACTS = "write:facts"
    IMPORT = "import"
    PUBLISH = "publish"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the bearer of a key, or the command line, which has no key."""

    name: str
    key_id: int | None
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Return whether the actor has a scope, itself or through ``admin``."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key as its bearer holds it; only ``public_id`` may be shown or stored."""

    public_id: str
    text: str


def make_key() -> KeyText:
    """Return a new key, ``hc_<public id>_<secret>`` with 256 random bits."""
    public_id = secrets.token_hex(6)
    return KeyText(public_id, f"hc_{public_id}_{secrets.token_hex(SECRET_BYTES)}")


def parse_key(text: str) -> KeyText:
    """Return the parts of a key.

    Raises:
        ValueError: Not written as keys are, down to the case of its letters.
    """
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError("not of the form hc_<public id>_<secret>")  # never repeats what was sent
    return KeyText(match["public_id"], text)


def hash_key(text: str, pepper: str) -> str:
    """Return what is stored of a key: HMAC-SHA256 as 64 hexadecimal digits.

    A secret of 256 random bits cannot be guessed, so a slow hash would only slow requests.
    """
    return hmac.new(pepper.encode(), text.encode(), hashlib.sha256).hexdigest()


def same_hash(one: str, other: str) -> bool:
    """Compare two hashes in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)
