"""What schools answered, as the address of a page takes it along."""

from hypothesis import given

from app.domain.comparison.answers import write_answers
from app.domain.vocabulary import Finding
from app.schemas.site import VisitQuery
from tests.domain.test_answers import answers


@given(answers)
def test_a_page_takes_answers_as_they_are_written(answers: dict[str, dict[str, Finding]]) -> None:
    texts = write_answers(answers)

    assert VisitQuery(program=list(answers), answers=texts).answers == texts
