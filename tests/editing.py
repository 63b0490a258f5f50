"""Work as an editor in tests: keys, and requests that bear one."""

from typing import Any

from sqlalchemy import Engine
from starlette.testclient import TestClient

from app.domain.keys import Scope
from app.ledger.keys import add_key
from app.store.database import write_session
from tests.making import NOW


def make_key(engine: Engine, *scopes: Scope, name: str = "Ann Editor") -> dict[str, str]:
    """Return headers that bear a new key."""
    with write_session(engine) as session:
        key = add_key(session, name, scopes, pepper="", now=NOW)
    return {"Authorization": f"Bearer {key.text}"}


class Editor:
    """Asks as the holder of a key, and fails where the answer is not the expected one."""

    def __init__(self, client: TestClient, headers: dict[str, str]) -> None:
        self._client, self._headers = client, headers

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        status: int | None = None,
        headers: dict[str, str] | None = None,
        **params: Any,
    ) -> dict[str, Any]:
        """Return an answer; without a status any success will do."""
        answer = self._client.request(
            method, path, json=body, params=params, headers={**self._headers, **(headers or {})}
        )
        is_right = answer.is_success if status is None else answer.status_code == status
        assert is_right, f"{method} {path}: {answer.status_code} {answer.text}"
        return dict(answer.json())

    def read(self, collection: str, key: str) -> dict[str, Any]:
        """Return a record as the draft has it."""
        return self.ask("GET", f"/v1/admin/records/{collection}/{key}")

    def change(self, collection: str, key: str, **values: Any) -> dict[str, Any]:
        """Propose other values, on top of what the draft has."""
        etag = self.read(collection, key)["etag"]
        body = {"values": values, "why": "It reads otherwise now."}
        path = f"/v1/admin/records/{collection}/{key}"
        return self.ask("PATCH", path, body, headers={"If-Match": etag})

    def create(self, collection: str, **values: Any) -> dict[str, Any]:
        """Propose a new record."""
        body = {"values": values, "why": "It was missing."}
        return self.ask("POST", f"/v1/admin/records/{collection}", body, status=201)

    def retire(self, collection: str, key: str) -> dict[str, Any]:
        """Propose to take a record out."""
        path = f"/v1/admin/records/{collection}/{key}/retire"
        return self.ask("POST", path, {"why": "It is over."}, headers={"If-Match": "*"})

    def publish(self, note: str = "A test", **body: Any) -> dict[str, Any]:
        """Publish the draft."""
        return self.ask("POST", "/v1/admin/publish", {"note": note, **body})
