"""Opaque page cursors: the sort values of the last row, tied to the query they belong to."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence

Scalar = str | int | float | bool | None


def query_digest(query: str) -> str:
    """Return a short digest of a canonical query, so a cursor fits no other query."""
    return hashlib.blake2b(query.encode(), digest_size=6).hexdigest()


def encode_cursor(values: Sequence[Scalar], query: str) -> str:
    """Return the cursor for the page after a row with these sort values."""
    body = json.dumps([query_digest(query), *values], separators=(",", ":")).encode()
    check = hashlib.blake2b(body, digest_size=4).digest()
    return base64.urlsafe_b64encode(check + body).decode().rstrip("=")


def decode_cursor(cursor: str, query: str, count: int) -> list[Scalar]:
    """Return the sort values in a cursor.

    Raises:
        ValueError: Damaged, or made for another query.
    """
    try:
        raw = base64.b64decode(
            cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True
        )
        check, body = raw[:4], raw[4:]
        if hashlib.blake2b(body, digest_size=4).digest() != check:
            raise ValueError("checksum")
        digest, *values = json.loads(body)
    except (ValueError, binascii.Error, TypeError, UnicodeError, RecursionError) as error:
        raise ValueError("the cursor is damaged; take it unchanged from `next`") from error
    if digest != query_digest(query) or len(values) != count:
        raise ValueError("the cursor belongs to another query; start again without it")
    return list(values)
