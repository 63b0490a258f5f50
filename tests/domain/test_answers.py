"""Answers as texts of an address: read back as they were written, refused where they make none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.comparison.answers import parse_answers, write_answers
from app.domain.vocabulary import Finding
from tests.domain.facts import RUBRIC

slugs = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+){0,3}", fullmatch=True).filter(lambda s: len(s) <= 60)
findings = st.sampled_from([finding for finding in Finding if finding is not Finding.UNKNOWN])
answers = st.dictionaries(
    slugs, st.dictionaries(st.sampled_from(RUBRIC.check_keys), findings, min_size=1), max_size=8
)


@given(answers)
def test_what_is_written_is_read_back(answers: dict[str, dict[str, Finding]]) -> None:
    texts = write_answers(answers)

    assert parse_answers(texts) == answers


@given(answers)
def test_one_text_for_each_answer_says_the_same(answers: dict[str, dict[str, Finding]]) -> None:
    apart = [text for slug in answers for text in _one_by_one(slug, answers[slug])]

    assert parse_answers(apart) == answers


def _one_by_one(slug: str, given: dict[str, Finding]) -> list[str]:
    return [f"{slug}:{check}.{finding}" for check, finding in given.items()]


def test_the_later_answer_counts_and_unknown_is_none() -> None:
    assert parse_answers(["a:fees.met", "a:fees.not_met", "b:fees.met", "b:fees.unknown"]) == {
        "a": {"fees": Finding.NOT_MET}
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a", "'a' is not of the form program:check.finding"),
        (":fees.met", "is not of the form"),
        ("a:", "is not of the form"),
        ("a:fees", "'' is not a finding; they are met"),
        ("a:fees.mett", "'mett' is not a finding"),
    ],
)
def test_what_is_no_answer_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_answers([text])
