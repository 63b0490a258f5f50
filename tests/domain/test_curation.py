"""From a finding to the claim that states it."""

import pytest

from app.domain.checklist.curation import (
    NEEDED,
    SETTLERS,
    begun_claim,
    claim_for,
    level_of,
    needs_accreditor,
)
from app.domain.vocabulary import AccreditationScope, Finding, Level

ONE, TWO = ["CAHIIM"], ["CAHIIM", "ABET"]


@pytest.mark.parametrize("check", SETTLERS)
def test_only_a_program_has_the_accreditor_of_its_field(check: str) -> None:
    collection, begun = begun_claim(check, Finding.MET, "associate", ONE)

    is_accreditation = collection == "accreditation_claim"
    is_of_program = begun.get("scope") == AccreditationScope.PROGRAM
    assert (begun.get("accreditor") == ONE[0]) == is_of_program
    assert needs_accreditor(check, ONE) == (is_accreditation and not is_of_program)
    assert needs_accreditor(check, TWO) == is_accreditation
    assert (level_of(check) == Level.INSTITUTION) == (is_accreditation and not is_of_program)


@pytest.mark.parametrize("check", SETTLERS)
def test_a_claim_is_what_was_begun_with_its_details(check: str) -> None:
    collection, begun = begun_claim(check, Finding.MET, "associate", ONE)
    details = {name: "told" for name, value in begun.items() if value == ""}

    assert claim_for(check, Finding.MET, "associate", ONE, details) == (collection, begun | details)
    assert NEEDED not in begun.values()


@pytest.mark.parametrize("finding", [Finding.UNKNOWN, Finding.NOT_APPLICABLE])
@pytest.mark.parametrize("check", [*SETTLERS, "no_check"])
def test_what_no_claim_says_is_refused(check: str, finding: Finding) -> None:
    with pytest.raises(ValueError, match=check):
        begun_claim(check, finding, None, [])
