"""Who accredits what, from the data that ships."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.domain.accreditors import (
    RemitKind,
    accreditor_for,
    body_of,
    parse_remits,
    remits_for,
)
from tests.domain.facts import ACCREDITORS, REMITS, TODAY


@pytest.mark.parametrize(
    ("cip_code", "award", "body", "is_certain"),
    [
        ("51.0707", "associate", "CAHIIM", True),
        ("51.0706", "bachelor", "CAHIIM", True),
        ("51.0706", "master", "CAHIIM", True),
        ("51.2706", "master", "CAHIIM", True),
        ("51.2706", "bachelor", "CAHIIM", False),
        ("51.0701", "master", "CAHME", True),
        ("51.0702", "master", "CAHME", True),
        # AUPHA certifies, which is no accreditation
        ("51.0701", "bachelor", None, None),
        ("51.0701", "associate", None, None),
        ("51.0701", "doctorate_professional", None, None),
        ("51.0707", "certificate_1_to_2_years", None, None),
        ("51.0707", "certificate", None, None),
        ("51.0713", "associate", None, None),
        ("51.2706", "associate", None, None),
        ("51.0706", "postmaster_certificate", None, None),
        ("51.0707", None, None, None),
        (None, "associate", None, None),
    ],
)
def test_field_and_award_tell_the_accreditor(
    cip_code: str | None, award: str | None, body: str | None, is_certain: bool | None
) -> None:
    remit = accreditor_for(REMITS, cip_code, award, TODAY)

    assert (remit.body if remit else None, remit.is_certain if remit else None) == (
        body,
        is_certain,
    )


@pytest.mark.parametrize(
    ("cip_code", "award", "granted"),
    [
        ("51.0702", "bachelor", [("AUPHA", RemitKind.CERTIFICATION)]),
        ("51.0713", "certificate_under_1_year", [("AHIMA", RemitKind.APPROVAL)]),
        ("51.0713", "certificate", [("AHIMA", RemitKind.APPROVAL)]),
        ("51.0706", "postbaccalaureate_certificate", [("CAHIIM", RemitKind.APPROVAL)]),
        ("51.0716", "associate", []),
    ],
)
def test_what_is_no_accreditation_is_told_as_what_it_is(
    cip_code: str, award: str, granted: list[tuple[str, RemitKind]]
) -> None:
    found = remits_for(REMITS, cip_code, award, TODAY)

    assert [(remit.body, remit.kind) for remit in found] == granted


def test_nobody_accredits_before_it_began_or_after_it_ended() -> None:
    raw = json.loads(ACCREDITORS.read_text())
    raw[0]["remits"] = [{**raw[0]["remits"][0], "began_on": "2005-03", "ended_on": "2030"}]
    remits = parse_remits(json.dumps(raw))

    found = [
        accreditor_for(remits, "51.0707", "associate", day) is not None
        for day in (date(2005, 2, 28), date(2005, 3, 1), date(2030, 12, 31), date(2031, 1, 1))
    ]

    assert found == [False, True, True, False]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("CAHIIM", "CAHIIM"),
        ("cahme", "CAHME"),
        ("Commission on Accreditation of Healthcare Management Education (CAHME)", "CAHME"),
        ("The Commission on the Accreditation for Health Care Management Education", "CAHME"),
        ("Health management programs' accreditor (CAHME)", "CAHME"),
        (
            "Commission on Accreditation for Health Informatics and Information Management "
            "Education (CAHIIM)",
            "CAHIIM",
        ),
        (
            "Commission on Accreditation for Health Informatics & Information Management",
            "CAHIIM",
        ),
        ("AHIMA Professional Certificate Approval Program", "AHIMA"),
        ("Association of University Programs in Health Administration", "AUPHA"),
        ("CAAHEP with AHIMA", None),
        ("Commission on Accreditation", None),
        ("Council on Education for Public Health (CEPH)", None),
        ("Higher Learning Commission", None),
        ("", None),
    ],
)
def test_a_body_is_known_by_its_long_and_its_short_name(text: str, body: str | None) -> None:
    assert body_of(REMITS, text) == body


@pytest.mark.parametrize(
    "spoil",
    [
        lambda remit: remit.update(kind="blessing"),
        lambda remit: remit.update(cip_codes=["5107"]),
        lambda remit: remit.update(award_levels=["degree"]),
        lambda remit: remit.update(began_on="March 2005"),
        lambda remit: remit.update(evidence=[]),
        lambda remit: remit["evidence"][0].update(basis="hearsay"),
        lambda remit: remit["evidence"][0].update(as_of="lately"),
    ],
)
def test_data_that_make_no_sense_are_refused(spoil: Callable[[dict[str, Any]], None]) -> None:
    raw = json.loads(ACCREDITORS.read_text())
    spoil(raw[0]["remits"][0])

    with pytest.raises(ValueError):
        parse_remits(json.dumps(raw))
