"""Telling others of a release: what is said, how it is signed, when it is tried again.

Signed as Standard Webhooks has it (https://www.standardwebhooks.com, seen 2026-11-30).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

RELEASED = "release.published"

SECRET_BEGINS = "whsec_"  # noqa: S105 - the beginning of every secret, by the standard
SHORTEST_SECRET, LONGEST_SECRET = 24, 64
"""Bytes of a secret."""

PAUSES = (
    *(timedelta(seconds=10), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)),
    *(timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20)),
    timedelta(hours=24),
)
"""From one attempt to the next; after the last of some three days the address is told no more."""

PROGRAMS_NAMED = 20


def make_secret() -> str:
    """Return a new secret."""
    return SECRET_BEGINS + base64.b64encode(token_bytes(32)).decode()


def parse_secret(text: str) -> bytes:
    """Return the bytes of a secret.

    Raises:
        ValueError: It is not written as the standard has it, or too short or too long.
    """
    try:
        key = base64.b64decode(text.removeprefix(SECRET_BEGINS), validate=True)
    except ValueError as error:
        raise ValueError(f"a secret is {SECRET_BEGINS} and base64") from error
    if not text.startswith(SECRET_BEGINS) or not SHORTEST_SECRET <= len(key) <= LONGEST_SECRET:
        raise ValueError(
            f"a secret is {SECRET_BEGINS} and base64 of {SHORTEST_SECRET} to {LONGEST_SECRET} bytes"
        )
    return key


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that prove who sent a message, and when.

    >>> from datetime import UTC
    >>> secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    >>> at = datetime.fromtimestamp(1614265330, UTC)
    >>> told = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    >>> told["webhook-signature"]
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    seconds = str(int(at.timestamp()))
    signed = b".".join([message_id.encode(), seconds.encode(), body])
    digest = hmac.new(parse_secret(secret), signed, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after so many attempts that failed; None: no more."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def message_of(
    number: int, published_at: datetime, note: str, report: Mapping[str, Any], base: str
) -> dict[str, Any]:
    """Return what is told of a release: counts by collection, and some programs by name.

    ``base`` is the public address of the service, empty where none is set.
    """
    programs = report.get("programs") or {}
    return {
        "type": RELEASED,
        "timestamp": published_at.isoformat(),
        "data": {
            "release": number,
            "since": number - 1,
            "note": note,
            "collections": report.get("rows") or {},
            "programs": {
                **{what: programs.get(what, 0) for what in ("added", "changed", "retired")},
                "slugs": [one["program"] for one in programs.get("largest", ())][:PROGRAMS_NAMED],
            },
            "changes": f"{base}/v1/changes?since={number - 1}",
            "report": f"{base}/v1/releases/{number}",
        },
    }
