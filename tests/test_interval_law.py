"""The interval of a score is the set of values still possible, for every program that ships."""

from collections.abc import Mapping, Sequence

import pytest

from app.domain.checklist.results import said_in
from app.domain.checklist.rubric import Rubric
from app.domain.checklist.scoring import Interval, score
from app.domain.checklist.summary import to_ask
from app.domain.dossier import Dossier
from app.domain.vocabulary import Finding
from tests.domain.facts import RUBRIC

SLACK = 1e-9
WEIGHTS = ({}, {"accreditation": 1.0}, {"cost_transparency": 0.7, "practicum_access": 0.3})


@pytest.fixture(scope="module")
def shipped(shipped_dossiers: Sequence[Dossier]) -> Mapping[tuple[object, ...], Dossier]:
    """One program for every set of findings and of what is said, among all that ship."""
    assert len(shipped_dossiers) > 5_000
    return {(*one.findings.items(), *said_in(one.results).items()): one for one in shipped_dossiers}


def settled(rubric: Rubric, finding: Finding) -> list[Finding]:
    """Return the findings to which asking can still bring one."""
    least, most = rubric.possible[finding]
    return [
        Finding(name)
        for name, (low, high) in rubric.possible.items()
        if least <= low and high <= most
    ]


def is_inside(new: Interval, old: Interval) -> bool:
    return old.low - SLACK <= new.low <= new.likely <= new.high <= old.high + SLACK


def test_settling_any_check_keeps_the_interval_of_every_program_inside_the_old_one(
    shipped: Mapping[tuple[object, ...], Dossier],
) -> None:
    tried = 0
    for dossier in shipped.values():
        said = said_in(dossier.results)
        for weights in WEIGHTS:
            before = score(RUBRIC, dossier.findings, weights or None, said=said).whole
            assert is_inside(before, before)
            for key, finding in dossier.findings.items():
                if finding is Finding.NOT_APPLICABLE:
                    continue
                for answer in settled(RUBRIC, finding):
                    found = {**dossier.findings, key: answer}
                    after = score(RUBRIC, found, weights or None, said=said).whole
                    assert is_inside(after, before), (dossier.program.slug, key, answer)
                    tried += 1
    assert tried > 10_000


def test_any_answer_to_a_question_that_is_asked_keeps_the_interval_inside_the_old_one(
    shipped: Mapping[tuple[object, ...], Dossier],
) -> None:
    for dossier in shipped.values():
        before = dossier.score().whole
        for result in to_ask(RUBRIC, dossier.results):
            for answer in (Finding.MET, Finding.PARTLY_MET, Finding.NOT_MET):
                after = dossier.under({result.key: answer}).score().whole
                assert is_inside(after, before), (dossier.program.slug, result.key, answer)


def test_only_a_no_or_what_is_known_to_be_half_way_takes_points_away_for_good(
    shipped: Mapping[tuple[object, ...], Dossier],
) -> None:
    for dossier in shipped.values():
        lost = {Finding.NOT_MET, Finding.PARTLY_MET} & set(dossier.findings.values())
        assert (dossier.score().whole.high > 100 - SLACK) == (not lost), dossier.program.slug
