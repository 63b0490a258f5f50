"""No anonymous read costs far more than it sends: processor time of each, computed anew."""

import time

import pytest
from fastapi import FastAPI

from app.main import bind
from tests.asking import ask, forget
from tests.fixtures import Databases
from tests.test_poisoning import ADDRESSES, HOST

SECONDS = 1.5
"""Of a processor, threads counted; the dearest, a page of a program, takes 0.1 to 0.3 here."""


@pytest.fixture(scope="module")
def catalogue(databases: Databases, shared_app: FastAPI) -> FastAPI:
    """An application over the catalogue as shipped, whose index is loaded."""
    bind(shared_app, databases.seeded("sqlite"))
    ask(shared_app, "/v1/programs?limit=1", [HOST])
    return shared_app


@pytest.mark.parametrize("address", [one for one in ADDRESSES if "/digest" not in one])
def test_a_read_stays_within_its_budget(catalogue: FastAPI, address: str) -> None:
    ask(catalogue, address, [HOST, ("Accept", "*/*")])  # templates and the like are loaded once
    forget(catalogue)

    began = time.process_time()
    answer = ask(catalogue, address, [HOST, ("Accept", "*/*")])
    used = time.process_time() - began

    assert answer.status < 500
    assert used < SECONDS
