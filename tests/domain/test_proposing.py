"""Lines that are proposed for the lexicon from texts that found nothing."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.proposing import Proposal, propose_words
from app.search.reading.hand_files import COLUMNS, file_of, read_lines, target_text
from app.search.reading.lexicon import Lexicon
from app.search.reading.spans import Kind
from tests.domain.lexicons import small_lexicon

DAY = date(2026, 11, 30)


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    return small_lexicon(tmp_path_factory.mktemp("hand"))


def _of(proposals: list[Proposal], surface: str) -> Proposal:
    [found] = [one for one in proposals if one.surface == surface]
    return found


def test_unknown_words_are_counted_over_all_texts(lexicon: Lexicon) -> None:
    times = {"zqxville medical coding": 3, "zqxville ohio": 2, "wuzzle": 4, "medical coding": 9}

    proposals = propose_words(times, lexicon)

    assert [(one.surface, one.times) for one in proposals] == [("zqxville", 5), ("wuzzle", 4)]
    assert _of(proposals, "zqxville").texts == ("zqxville medical coding", "zqxville ohio")


@pytest.mark.parametrize(
    ("text", "surface", "kind", "file"),
    [
        ("medical coding in zqxville", "zqxville", Kind.AREA, "areas.csv"),
        ("zqxville ohio", "zqxville", Kind.AREA, "areas.csv"),
        ("zqxville medical coding", "zqxville", Kind.SCHOOL, "schools.csv"),
        ("zqxville university", "zqxville university", Kind.SCHOOL, "schools.csv"),
        ("ohio zqxology", "zqxology", Kind.FIELD, "fields.csv"),
        ("zqxology", "zqxology", None, None),
    ],
)
def test_the_kind_is_guessed_from_the_words_beside(
    lexicon: Lexicon, text: str, surface: str, kind: Kind | None, file: str | None
) -> None:
    proposal = _of(propose_words({text: 1}, lexicon), surface)

    assert (proposal.kind, proposal.file) == (kind, file)


def test_what_is_spelled_alike_is_told_and_the_target_left_open(lexicon: Lexicon) -> None:
    proposal = _of(propose_words({"medical coding in cxlxmbxs": 2}, lexicon), "cxlxmbxs")

    assert "columbus" in {one.text for one in proposal.near}
    assert proposal.cells(DAY) == (
        *("cxlxmbxs", "", "0.9", "en"),
        *("usage", "2026-11-30"),
    )


def test_targets_are_written_as_they_are_read() -> None:
    """Every line that ships reads as the same from what is written of it."""
    folder = Path(__file__).parents[2] / "seed" / "lexicon"
    for line in read_lines(folder):
        assert not isinstance(line, Exception)
        if line.kind is not None and line.host is None:
            assert file_of(line.kind) == line.path.name
            written = target_text(line.meaning)
            if line.kind not in (Kind.AREA, Kind.FIELD):
                assert written.split() == line.target.split()
            else:
                assert written.partition(":")[0] in ("city", line.target.partition(":")[0], written)


@given(times=st.dictionaries(st.text(max_size=200), st.integers(1, 9), max_size=3))
def test_any_texts_are_read(lexicon: Lexicon, times: dict[str, int]) -> None:
    for one in propose_words(times, lexicon):
        assert one.surface
        assert len(one.cells(DAY)) == len(COLUMNS)
