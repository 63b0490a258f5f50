"""What titles of programs say of field and award, by the rules that ship."""

from pathlib import Path

import pytest

from app.domain.titles import GROUPS, award_named_in, levels_of, load_title_rules, parse_title_rules
from app.domain.vocabulary import AwardLevel

RULES = load_title_rules(Path(__file__).parents[2] / "seed" / "titles.json")


@pytest.mark.parametrize(
    ("title", "level", "meant", "others"),
    [
        ("Health Informatics", "master", "51.2706", "51.0706"),
        ("Clinical Informatics", "postbaccalaureate_certificate", "51.2706", "51.0706"),
        ("Health Information Management", "bachelor", "51.0706", "51.0707"),
        ("Health Information Management", "associate", "51.0706 51.0707", ""),
        ("Health Information Technology", "associate", "51.0707", ""),
        ("Health Information Technology", "master", "51.0707", "51.2706"),
        ("Health Informatics and Information Management", "bachelor", "51.0706 51.2706", ""),
        ("Health Administration", "master", "51.0701", "51.0702"),
        ("Healthcare Administration and Leadership", "master", "51.0701", "51.0702"),
        ("Health Services Policy and Management", "master", "51.0701", "51.0702"),
        ("Hospital and Health Care Facilities Administration", "bachelor", "51.0702", "51.0701"),
        ("Medical Office Management", "associate", "51.0705", ""),
        ("Medical Transcription", "certificate_under_1_year", "51.0708", ""),
        ("Medical Administrative Assistant", "associate", "51.0716", ""),
        ("Long Term Care Administration", "bachelor", "51.0718", ""),
        ("Clinical Research Management", "master", "51.0719", ""),
        ("Regulatory Affairs", "master", "51.0720", ""),
        ("Cancer Registry Management (HIM emphasis)", "associate", "51.0721", ""),
        ("Healthcare Innovation", "master", "51.0722", ""),
        ("Health Information Privacy and Security", "bachelor", "51.0723", ""),
        ("Medical Illustration", "master", "51.2703", ""),
        ("Medical Office Billing and Coding", "certificate_under_1_year", "51.0713 51.0714", ""),
        ("Public Health Administration", "master", "", ""),
        ("Radiography", "associate", "", ""),
    ],
)
def test_a_title_names_the_fields_it_can_be_reported_in(
    title: str, level: str, meant: str, others: str
) -> None:
    fields = RULES.fields_of(title, frozenset({AwardLevel(level)}))

    assert fields.meant == set(meant.split())
    assert fields.alternatives == set(others.split())


def test_every_group_of_levels_is_a_part_of_all_and_none_is_in_two() -> None:
    assert sorted(level for group in GROUPS.values() for level in group) == sorted(AwardLevel)


@pytest.mark.parametrize(
    ("award", "as_stated", "title", "levels"),
    [
        ("master", None, "Health Administration BS", "master"),
        (None, "Associate in Applied Science", "HIT", "associate"),
        (None, None, "Health Services Administration MHSA", "master"),
        ("certificate", "Graduate Certificate", "Informatics", "postbaccalaureate_certificate"),
        (None, "Doctor of Health Administration", "DHA", "doctorate_research"),
        (None, "degree", "HIT", "bachelor"),
        (None, "diploma", "Coding", "certificate_1_to_2_years"),
    ],
)
def test_the_award_is_read_from_the_title_where_it_is_not_noted(
    award: str | None, as_stated: str | None, title: str, levels: str
) -> None:
    found = levels_of(award, as_stated, title)

    assert AwardLevel(levels) in found
    assert found != frozenset(AwardLevel)


def test_a_rule_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="no source"):
        parse_title_rules(
            '{"sources": {}, "exams": [], "lengths": [],'
            ' "fields": [{"words": "x", "codes": ["51.0701"], "source": "nobody"}]}'
        )


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("online A.A.S. accredited by CAHIIM", "associate"),
        ("baccalaureate accredited", "bachelor"),
        ("master degree reaffirmed", "master"),
        ("accredited as a program", None),
        ("AAS and BS accredited", None),
        ("certificate accredited", None),
        ("Health Administration MHA", "master"),
        ("Master of Professional Studies (M.P.S.)", "master"),
        ("BBA in Health Care Administration", "bachelor"),
        ("post-baccalaureate certificate", "postbaccalaureate_certificate"),
        ("Graduate Certificate in Health Informatics", "postbaccalaureate_certificate"),
        ("Post-Master's Certificate", "postmaster_certificate"),
    ],
)
def test_the_degree_an_accreditation_names(words: str, level: str | None) -> None:
    assert award_named_in(words) == level


@pytest.mark.parametrize(
    ("url", "is_field"),
    [
        ("https://x.edu/tuition/health-information-management", True),
        ("https://x.edu/health/health-info-tech/admission", True),
        ("https://x.edu/medical-billing/costs", True),
        ("https://x.edu/costs-and-billing/", False),
        ("https://x.edu/tuition-and-fees", False),
    ],
)
def test_a_page_of_prices_names_the_field_or_is_for_all(url: str, is_field: bool) -> None:
    assert RULES.is_page_of_field(url) is is_field
