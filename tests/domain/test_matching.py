"""Which reported program a record stands for."""

from datetime import date
from itertools import count
from pathlib import Path

import pytest

from app.domain.matching import Asked, Claimant, Offer, OfferMatch, combine, leader_of, match_offer
from app.domain.schools import School, SchoolMatch
from app.domain.titles import load_title_rules
from app.domain.vocabulary import AwardLevel

RULES = load_title_rules(Path(__file__).parents[2] / "seed" / "titles.json")


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
        ("Medical Administrative Assistant", "associate", "51.0716 associate"),
    ],
)
def test_a_title_and_award_that_fit_one_reported_program_are_exact(
    title: str, award: str, reported: str
) -> None:
    others = offers(reported, "51.0701 bachelor", "51.0705 certificate_under_12_weeks")

    assert match_offer(Asked(title, award), others, RULES) == OfferMatch("exact", others[0])


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
        ("Medical Office Administration", "associate", None, "51.0716 associate", "the title fits"),
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
    match = match_offer(Asked(title, award, as_stated), offers(reported), RULES)

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
            "reports no program",
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
    match = match_offer(Asked(title, award, as_stated), offers(*reported), RULES)

    assert (match.quality, match.offer) == ("unmatched", None)
    assert reason in str(match.reason)


def test_a_retired_program_gives_way_to_one_on_offer() -> None:
    level = AwardLevel.CERTIFICATE_UNDER_1_YEAR
    retired = Offer(1, 1, "51.0713", AwardLevel.CERTIFICATE_1_TO_2_YEARS, is_retired=True)
    current = Offer(2, 1, "51.0713", level)

    asked = Asked("Medical Coding", "certificate")

    assert match_offer(asked, [retired, current], RULES).offer is current
    assert match_offer(asked, [retired], RULES).offer is retired


BOTH = ["51.0707 associate", "51.0707 certificate_1_to_2_years", "51.0707 certificate_under_1_year"]


@pytest.mark.parametrize(
    ("asked", "reported", "chosen"),
    [
        (Asked("HIT", credentials=("RHIT", "CCA")), BOTH, "51.0707 associate"),
        (Asked("HIT", accredited_levels=frozenset({AwardLevel.ASSOCIATE})), BOTH, BOTH[0]),
        (Asked("HIT", "certificate", months=(12, 12)), BOTH, "51.0707 certificate_1_to_2_years"),
        (Asked("HIT", "certificate", "one-year certificate"), BOTH, BOTH[1]),
        (Asked("HIT", "certificate", months=(6, 6)), BOTH, "51.0707 certificate_under_1_year"),
        (Asked("HIT AAS"), BOTH, "51.0707 associate"),
        (Asked("Its Own Words", "master", cip="51.0701"), ["51.0702 master", "51.0701 master"],
         "51.0701 master"),
        (Asked("Health Informatics", "master"), ["51.0706 master"], "51.0706 master"),
        (Asked("Health Informatics", "bachelor"), ["51.0706 bachelor"], "51.0706 bachelor"),
        (Asked("HIM", "bachelor"), ["51.0707 bachelor"], "51.0707 bachelor"),
        (Asked("Health Information Technology", "master"), ["51.2706 master"], "51.2706 master"),
        (Asked("Health Information Technology"), ["51.0706 associate"], "51.0706 associate"),
        (Asked("Healthcare Management MHA"), ["51.0702 master"], "51.0702 master"),
    ],
)  # fmt: skip
def test_what_else_is_told_decides_among_several_programs(
    asked: Asked, reported: list[str], chosen: str
) -> None:
    match = match_offer(asked, offers(*reported), RULES)

    assert match.offer == offers(*reported)[reported.index(chosen)]


@pytest.mark.parametrize(
    ("asked", "reported", "candidates"),
    [
        (Asked("HIT", months=(12, 12)), ["51.0707 certificate_1_to_2_years"], 1),
        (Asked("HIT"), BOTH, 3),
        (Asked("Health Informatics", "master"), ["51.2706 master", "51.0706 master"], 2),
        (Asked("HIM", "bachelor"), ["51.0706 bachelor", "51.0707 bachelor"], 2),
    ],
)
def test_where_nothing_decides_the_candidates_wait_for_a_person(
    asked: Asked, reported: list[str], candidates: int
) -> None:
    match = match_offer(asked, offers(*reported), RULES)

    assert (match.offer, match.waits, len(match.candidates)) == (None, True, candidates)
    assert all(candidate.award_level in str(match) for candidate in match.candidates)


def test_a_stated_code_that_is_not_reported_joins_nothing_and_names_what_is_near() -> None:
    match = match_offer(
        Asked("Health Informatics", "master", cip="51.2706"),
        offers("51.0706 master", "51.2706 bachelor"),
        RULES,
    )

    assert (match.offer, match.waits) == (None, False)
    assert {o.cip_code for o in match.candidates} == {"51.0706", "51.2706"}


def test_a_match_at_a_likely_school_is_likely() -> None:
    offer = offers("51.0707 associate")[0]
    school = SchoolMatch("likely", CAMPUSES[0], "name differs")

    assert combine(school, lambda _: OfferMatch("exact", offer)) == (
        school,
        OfferMatch("likely", offer, "name differs"),
    )
    none = SchoolMatch("unmatched", reason="none")
    assert combine(none, lambda _: OfferMatch("exact", offer))[1].offer is None


CAMPUSES = [School(key, f"State University at {key}", "OH", "state.edu") for key in (1, 2)]
SEVERAL = SchoolMatch("unmatched", None, "several schools fit", tuple(CAMPUSES))


@pytest.mark.parametrize(("reporting", "school"), [({1}, CAMPUSES[0]), ({1, 2}, None), ((), None)])
def test_of_several_campuses_the_one_that_reports_the_field_is_meant(
    reporting: set[int], school: School | None
) -> None:
    offer = offers("51.0707 associate")[0]

    def match(key: int) -> OfferMatch:
        return OfferMatch("exact", offer) if key in reporting else OfferMatch("unmatched")

    found, joined = combine(SEVERAL, match)

    assert (found.school, joined.waits) == (school, school is None)
    assert joined.offer == (offer if school else None)


NEW, OLD = date(2025, 1, 1), date(2015, 1, 1)


@pytest.mark.parametrize(
    ("claimants", "leader"),
    [
        (
            [Claimant("a", is_exact=True, newest=OLD), Claimant("b", is_exact=False, newest=NEW)],
            "a",
        ),
        ([Claimant("a", is_exact=True, newest=OLD), Claimant("b", is_exact=True, newest=NEW)], "b"),
        ([Claimant("b", is_exact=True), Claimant("a", is_exact=True, restates=True)], "a"),
        ([Claimant("b", is_exact=True), Claimant("old", is_exact=True)], "old"),
    ],
)
def test_of_several_records_the_exacter_or_newer_leads(
    claimants: list[Claimant], leader: str
) -> None:
    assert leader_of(claimants, "old") == leader
