"""Which school of the directory a record stands for."""

import pytest

from app.domain.schools import Directory, School, SchoolKeys, SchoolMatch, match_school

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
DIRECTORY = Directory(
    [
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
)


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
    assert match_school(SchoolKeys(name, state, website), DIRECTORY) == SchoolMatch("exact", school)


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
    match = match_school(SchoolKeys(name, state, website), DIRECTORY)

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
    match = match_school(
        SchoolKeys(name, state, website), Directory(s for s in DIRECTORY.schools if s is not ALAMO)
    )

    assert (match.quality, match.school) == ("unmatched", None)
    assert reason in str(match.reason)


def test_the_two_wallace_colleges_stay_apart() -> None:
    state_college = match_school(
        SchoolKeys("Wallace State Community College", "AL", "wallacestate.edu"), DIRECTORY
    )
    other_college = match_school(
        SchoolKeys("Wallace Community College", "AL", "wallace.edu"), DIRECTORY
    )

    assert state_college.school is HANCEVILLE
    assert other_college.school is DOTHAN


KEYED = Directory(
    [
        School(1, "First University-Main Campus", "OH", "first.edu", (), 100001, "00100100"),
        School(2, "First University at Dayton", "OH", "first.edu/dayton", (), 100002, "00100101"),
        School(
            3, "Saint Mary's College", "TX", "smc.edu", ("SMC; The Academy",), 100003, "00200300",
            ("old-smc.edu",),
        ),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "school", "quality"),
    [
        (SchoolKeys("Some Other Name", "OH", None, unitid=100002), 2, "exact"),
        (SchoolKeys("First University", "OH", None, opeid="00100101"), 2, "exact"),
        (SchoolKeys("First University", "OH", "first.edu", opeid="00100199"), 1, "exact"),
        (SchoolKeys("St. Mary's College", "TX", "https://www.smc.edu/nursing"), 3, "exact"),
        (SchoolKeys("The Academy", "TX", "old-smc.edu"), 3, "exact"),
        (SchoolKeys("SMC", "TX", "smc.edu", unitid=999999), 3, "likely"),
        (SchoolKeys("Elsewhere College", "NV", "elsewhere.edu", unitid=100003), None, "unmatched"),
        (SchoolKeys("Elsewhere College", "NV", None, unitid=999999), None, "unmatched"),
    ],
)
def test_keys_of_the_directory_decide_unless_nothing_else_agrees(
    keys: SchoolKeys, school: int | None, quality: str
) -> None:
    match = match_school(keys, KEYED)

    assert (match.school and match.school.key, match.quality) == (school, quality)
    assert match.reason is not None or quality == "exact"
