"""Tell the addresses that asked for it of each release: signed, again after failures, once each."""

import json
import logging
from datetime import datetime
from urllib.parse import urlsplit

import httpx
from anyio import CapacityLimiter, fail_after, sleep
from anyio.to_thread import run_sync
from sqlalchemy import Engine
from sqlmodel import Session

from app.clock import moment
from app.domain.webhooks import sign
from app.ledger.webhooks import Due, claim_due, is_any_due, record_attempt
from app.public_hosts import public_address
from app.settings import get_settings
from app.store.database import write_session

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 5.0
SECONDS_TO_ANSWER = 15.0
LONGEST_ERROR = 300
AGENT = "hit-compare-webhooks"


class NotTakenError(Exception):
    """A message was not taken; ``status`` is what the address answered, where it did."""

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


async def keep_telling(engine: Engine) -> None:
    """Send what is due until the task is cancelled; no failure ends it."""
    while True:
        try:
            while await tell_next(engine):
                pass
        except Exception:
            log.exception("webhooks could not be looked after; next in a moment")
        await sleep(SECONDS_BETWEEN_LOOKS)


async def tell_next(engine: Engine) -> bool:
    """Send one message that is due, and note how that went; return whether there was one."""
    due = await run_sync(_claim, engine, abandon_on_cancel=True)
    if due is None:
        return False
    status, error = None, None
    try:
        with fail_after(SECONDS_TO_ANSWER):
            # a thread that is left behind, of an address that never ends its answer, takes no
            # place of another
            one = CapacityLimiter(1)
            status = await run_sync(_send, due, moment(), abandon_on_cancel=True, limiter=one)
    except TimeoutError:
        error = "It did not answer in time."
    except NotTakenError as refusal:
        status, error = refusal.status, str(refusal)[:LONGEST_ERROR]
    await run_sync(_record, engine, due, status, error)
    return True


def _claim(engine: Engine) -> Due | None:
    with Session(engine) as session:
        if not is_any_due(session, moment()):
            return None
    with write_session(engine) as session:
        return claim_due(session, moment())


def _record(engine: Engine, due: Due, status: int | None, error: str | None) -> None:
    with write_session(engine) as session:
        record_attempt(session, due.delivery, status=status, error=error, now=moment())


def _send(due: Due, now: datetime) -> int:
    """Send a message and return the status of the answer, of which nothing else is read.

    Raises:
        NotTakenError: It was not taken, or its address is not a public one.
    """
    body = json.dumps(due.message(get_settings().public_url or "")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        **sign(due.secret, due.message_id, now, body),
    }
    try:
        url, host, extensions = _place(due.url)
        with (
            httpx.Client(timeout=SECONDS_TO_ANSWER, trust_env=False) as client,
            client.stream(
                "POST", url, content=body, headers={**headers, **host}, extensions=extensions
            ) as answer,
        ):
            status = answer.status_code
    except (httpx.HTTPError, OSError) as error:
        raise NotTakenError(f"It could not be reached: {error!r}") from error
    if not 200 <= status < 300:
        raise NotTakenError(f"It answered {status}.", status)
    return status


def _place(url: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return where to connect to, what to name there as the host, and whose certificate is due.

    A public host is connected to at the address that was looked at, wherever its name leads by
    the time.

    Raises:
        OSError: The host is not a public one, or not known.
    """
    parts = urlsplit(url)
    if parts.netloc in get_settings().webhook_hosts:
        return url, {}, {}
    if parts.scheme != "https" or parts.hostname is None:
        raise OSError(f"{url} is no address of https")
    address = public_address(parts.hostname, parts.port or 443)
    netloc = f"[{address}]" if ":" in address else address
    placed = parts._replace(netloc=f"{netloc}:{parts.port or 443}").geturl()
    return placed, {"Host": parts.netloc}, {"sni_hostname": parts.hostname}
