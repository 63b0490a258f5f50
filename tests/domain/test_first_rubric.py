"""Rubric 2026.1 scores as it did: facts of the catalogue of November 2026, and what it made of it.

One program for every set of findings there was, on two days.
"""

import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.checklist.results import findings_of
from app.domain.checklist.rules import find_all
from app.domain.checklist.scoring import score
from app.domain.claims import LISTS, ProgramFacts, known_on
from tests.domain.facts import FIRST, REMITS

PROGRAMS = json.loads((Path(__file__).parents[1] / "data" / "scores_2026_1.json").read_text())


def facts_of(program: dict[str, Any]) -> ProgramFacts:
    own = {name: program[name] for name in ("award_level", "cip_code", "campus")}
    lists = {
        name: [kind(**claim) for claim in program[name]]
        for kind, name in LISTS.items()
        if name in program
    }
    return ProgramFacts(**own, **lists)


@pytest.mark.parametrize("day", PROGRAMS[0]["scores"])
def test_the_first_version_scores_as_it_did(day: str) -> None:
    on = date.fromisoformat(day)
    for program in PROGRAMS:
        expected = program["scores"][day]

        found = findings_of(find_all(known_on(facts_of(program), on), FIRST, on, REMITS))
        whole = score(FIRST, found).whole

        assert list(found.values()) == expected["findings"], program["program"]
        assert {name: getattr(whole, name) for name in ("low", "high", "coverage")} == {
            name: expected[name] for name in ("low", "high", "coverage")
        }
        assert whole.likely == whole.low


def test_a_version_without_a_policy_in_its_file_has_that_of_the_first() -> None:
    assert {f.name: getattr(FIRST.policy, f.name) for f in fields(FIRST.policy)} == {
        "undated": "partly_met",
        "institution_wide": "partly_met",
        "stale": "unknown",
        "vague": "partly_met",
        "dated_statements_lead": False,
        "keeps_running_terms": False,
        "asks_accreditor_of_field": False,
        "weighs_by_what_applies": False,
    }
    assert FIRST.possible["partly_met"] == (0.5, 0.5)
    assert FIRST.possible["unknown"] == (0, 1)
