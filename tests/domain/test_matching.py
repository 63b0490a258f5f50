"""Which school and which reported program a record stands for."""

from itertools import count

import pytest

from app.domain.matching import (
    Claimant,
    Offer,
    OfferMatch,
    School,
    SchoolMatch,
    award_named_in,
    combine,
    fields_of,
    is_page_of_field,
    match_offer,
    match_school,
    resolve_conflicts,
)
from app.domain.vocabulary import AwardLevel

HANCEVILLE = School(
    1, "George C Wallace State Community College-Hanceville", "AL", "https://www.wallacestate.edu/"
)
DOTHAN = School(
    2,
    "George C Wallace Community College-Dothan",
    "AL",
    "www.wallace.edu/",
    ("Wallace Community College",),
)
SELMA = School(3, "George C Wallace State Community College-Selma", "AL", "https://www.wccs.edu/")
CUNY = School(4, "CUNY System Office", "NY", "www2.cuny.edu/")
BMCC = School(
    5,
    "CUNY Borough of Manhattan Community College",
    "NY",
    "www.bmcc.cuny.edu/",
    ("Borough of Manhattan Community College",),
)
ALAMO = School(6, "Alamo Community College District Central Office", "TX", "alamo.edu/district/")
ST_PHILIPS = School(7, "St Philip's College", "TX", "www.alamo.edu/spc/")
SAN_ANTONIO = School(8, "San Antonio College", "TX", "www.alamo.edu/sac")
NORTHWEST = School(9, "Indiana University-Northwest", "IN", "https://northwest.iu.edu/")
RASMUSSEN_MN = School(10, "Rasmussen University-Minnesota", "MN", "https://rasmussen.edu/")
RASMUSSEN_FL = School(11, "Rasmussen University-Florida", "FL", "https://rasmussen.edu/")
SCC_IOWA = School(12, "Southeastern Community College", "IA", "www.scciowa.edu/")
SCC_CAROLINA = School(13, "Southeastern Community College", "NC", "www.sccnc.edu/")
DIRECTORY = [
    HANCEVILLE,
    DOTHAN,
    SELMA,
    CUNY,
    BMCC,
    ALAMO,
    ST_PHILIPS,
    SAN_ANTONIO,
    NORTHWEST,
    RASMUSSEN_MN,
    RASMUSSEN_FL,
    SCC_IOWA,
    SCC_CAROLINA,
]


@pytest.mark.parametrize(
    ("name", "state", "website", "school"),
    [
        ("St. Philip’s College", "TX", "alamo.edu/spc", ST_PHILIPS),
        ("Borough of Manhattan Community College", "NY", "bmcc.cuny.edu", BMCC),
        ("Southeastern Community College", "IA", "scciowa.edu", SCC_IOWA),
        ("Indiana University Northwest", "IN", "https://chhs.northwest.iu.edu", NORTHWEST),
        ("Wallace Community College", "AL", "wallace.edu", DOTHAN),
    ],
)
def test_name_state_and_website_agreeing_is_exact(
    name: str, state: str, website: str, school: School
) -> None:
    assert match_school(name, state, website, DIRECTORY) == SchoolMatch("exact", school)


@pytest.mark.parametrize(
    ("name", "state", "website", "school", "reason"),
    [
        (
            "Wallace State Community College",
            "AL",
            "wallacestate.edu",
            HANCEVILLE,
            "name is 'George C",
        ),
        ("Borough of Manhattan (CUNY)", "NY", "bmcc.cuny.edu", BMCC, "name is 'CUNY Borough"),
        (
            "Indiana University Northwest",
            "IN",
            "iun.edu",
            NORTHWEST,
            "website is https://northwest",
        ),
        ("Indiana University Northwest", "IN", None, NORTHWEST, "website to compare is not known"),
        ("Rasmussen University", "MN", "rasmussen.edu", RASMUSSEN_MN, "name is 'Rasmussen"),
        ("San Antonio College", "NM", "alamo.edu/sac", SAN_ANTONIO, "state is TX, not NM"),
        ("St. Philip's", "TX", "alamo.edu", ST_PHILIPS, 'name is "St Philip\'s College"'),
    ],
)
def test_two_of_the_three_agreeing_with_one_school_is_likely_with_a_reason(
    name: str, state: str, website: str | None, school: School, reason: str
) -> None:
    match = match_school(name, state, website, DIRECTORY)

    assert (match.quality, match.school) == ("likely", school)
    assert reason in str(match.reason)


@pytest.mark.parametrize(
    ("name", "state", "website", "reason"),
    [
        ("Southeastern Community College", "GA", "secc.edu", "only name or website agrees"),
        ("Rasmussen University", "OH", "rasmussen.edu", "only name or website agrees"),
        ("Some Academy", "AL", "academy.example", "no school of the directory"),
        ("Alamo Colleges", "TX", "alamo.edu", "several schools"),
        ("Wallace Community College", "AL", "wallacestate.edu", "several schools"),
        ("Kingsborough Community College", "NY", "kbcc.cuny.edu", "no school of the directory"),
    ],
)
def test_one_agreeing_or_several_schools_fitting_stays_unmatched(
    name: str, state: str, website: str, reason: str
) -> None:
    match = match_school(name, state, website, [s for s in DIRECTORY if s is not ALAMO])

    assert (match.quality, match.school) == ("unmatched", None)
    assert reason in str(match.reason)


def test_the_two_wallace_colleges_stay_apart() -> None:
    state_college = match_school(
        "Wallace State Community College", "AL", "wallacestate.edu", DIRECTORY
    )
    other_college = match_school("Wallace Community College", "AL", "wallace.edu", DIRECTORY)

    assert state_college.school is HANCEVILLE
    assert other_college.school is DOTHAN


def offers(*programs: str) -> list[Offer]:
    """Offers from "51.0707 associate"."""
    keys = count(1)
    return [Offer(next(keys), 1, *program.split()) for program in programs]


@pytest.mark.parametrize(
    ("title", "award", "reported"),
    [
        ("Health Information Technology AAS", "associate", "51.0707 associate"),
        ("HIT (online)", "associate", "51.0707 associate"),
        ("Health Information Management BS", "bachelor", "51.0706 bachelor"),
        (
            "Health Information Administration",
            "post-baccalaureate certificate",
            "51.0706 postbaccalaureate_certificate",
        ),
        ("Medical Coding Certificate", "certificate", "51.0713 certificate_under_1_year"),
        ("Health Information Coding", "certificate", "51.0713 certificate_1_to_2_years"),
        ("Master of Health Informatics", "master", "51.2706 master"),
        ("Medical Office Administration", "associate", "51.0716 associate"),
    ],
)
def test_a_title_and_award_that_fit_one_reported_program_are_exact(
    title: str, award: str, reported: str
) -> None:
    others = offers(reported, "51.0701 bachelor", "51.0705 certificate_under_12_weeks")

    assert match_offer(title, award, None, others) == OfferMatch("exact", others[0])


@pytest.mark.parametrize(
    ("title", "award", "as_stated", "reported", "reason"),
    [
        (
            "Health Information Management AAS",
            "associate",
            None,
            "51.0707 associate",
            "the title fits",
        ),
        (
            "Medical Billing",
            "certificate",
            None,
            "51.0713 certificate_under_1_year",
            "the title fits",
        ),
        (
            "Medical Billing",
            "certificate",
            None,
            "51.0714 certificate_under_1_year",
            "the title fits",
        ),
        ("Health Information Technology", None, None, "51.0707 associate", "not stated"),
        (
            "Health Information Coding",
            None,
            "diploma",
            "51.0713 certificate_under_1_year",
            "not stated",
        ),
    ],
)
def test_what_only_the_schools_report_decides_is_likely(
    title: str, award: str | None, as_stated: str | None, reported: str, reason: str
) -> None:
    match = match_offer(title, award, as_stated, offers(reported))

    assert (match.quality, match.offer) == ("likely", offers(reported)[0])
    assert reason in str(match.reason)


@pytest.mark.parametrize(
    ("title", "award", "as_stated", "reported", "reason"),
    [
        (
            "Health Information Technology",
            "associate",
            None,
            ["51.0707 bachelor"],
            "reports no program",
        ),
        (
            "Medical Coding",
            "certificate",
            None,
            ["51.0713 certificate_under_1_year", "51.0713 certificate_1_to_2_years"],
            "several",
        ),
        (
            "Coding and Billing",
            "certificate",
            None,
            ["51.0713 certificate_under_1_year", "51.0714 certificate_under_1_year"],
            "several",
        ),
        (
            "Cancer Registry Management (HIM emphasis)",
            "certificate",
            None,
            ["51.0706 certificate_under_1_year"],
            "no reported field",
        ),
        ("Radiography", "associate", None, ["51.0707 associate"], "no reported field"),
        (
            "Health Information Technology",
            None,
            "degree",
            ["51.0707 certificate_under_1_year"],
            "reports no program",
        ),
        (
            "Medical Coding (continuing education)",
            None,
            None,
            ["51.0713 certificate_under_1_year"],
            "outside credit",
        ),
        ("Health Information Technology", "associate", None, [], "reports no program"),
    ],
)
def test_nothing_or_several_programs_fitting_stays_unmatched(
    title: str, award: str | None, as_stated: str | None, reported: list[str], reason: str
) -> None:
    match = match_offer(title, award, as_stated, offers(*reported))

    assert (match.quality, match.offer) == ("unmatched", None)
    assert reason in str(match.reason)


def test_a_retired_program_gives_way_to_one_on_offer() -> None:
    level = AwardLevel.CERTIFICATE_UNDER_1_YEAR
    retired = Offer(1, 1, "51.0713", AwardLevel.CERTIFICATE_1_TO_2_YEARS, is_retired=True)
    current = Offer(2, 1, "51.0713", level)

    assert match_offer("Medical Coding", "certificate", None, [retired, current]).offer is current
    assert match_offer("Medical Coding", "certificate", None, [retired]).offer is retired


def test_a_degree_title_with_two_fields_fits_both() -> None:
    levels = frozenset({AwardLevel.BACHELOR})

    assert fields_of("Health Informatics and Information Management", levels) == {
        "51.0706",
        "51.2706",
    }


def test_a_match_at_a_likely_school_is_likely() -> None:
    offer = offers("51.0707 associate")[0]
    school = SchoolMatch("likely", ST_PHILIPS, "name differs")

    assert combine(school, OfferMatch("exact", offer)) == OfferMatch(
        "likely", offer, "name differs"
    )
    assert (
        combine(SchoolMatch("unmatched", reason="none"), OfferMatch("exact", offer)).offer is None
    )


def test_of_two_records_for_one_program_only_a_sole_exact_one_is_joined() -> None:
    exact, likely = Claimant("a", 1, is_exact=True), Claimant("b", 1, is_exact=False)

    assert resolve_conflicts([exact, likely], {}) == {"a"}
    assert resolve_conflicts([exact, Claimant("c", 1, is_exact=True)], {}) == set()
    assert resolve_conflicts([likely], {}) == {"b"}


def test_a_program_joined_to_a_record_of_another_file_stays_so() -> None:
    assert resolve_conflicts([Claimant("a", 1, is_exact=True)], {1: "other"}) == set()


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("online A.A.S. accredited by CAHIIM", "associate"),
        ("baccalaureate accredited", "bachelor"),
        ("master degree reaffirmed", "master"),
        ("accredited as a program", None),
        ("AAS and BS accredited", None),
        ("certificate accredited", None),
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
    assert is_page_of_field(url) is is_field
