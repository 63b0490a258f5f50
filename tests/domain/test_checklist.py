"""From claims to findings: each rule, and what each version makes of what falls short."""

from datetime import date
from typing import Any

import pytest

from app.domain.checklist.results import CheckResult, findings_of
from app.domain.checklist.rubric import Rubric
from app.domain.checklist.rules import find_all
from app.domain.checklist.scoring import score
from app.domain.checklist.summary import summarise, to_ask
from app.domain.checklist.warnings import find_warnings
from app.domain.claims import (
    AccreditationClaim,
    OfferingClaim,
    PracticumClaim,
    ProgramFacts,
    TopicClaim,
    TransferClaim,
    known_on,
)
from app.domain.cost.prices import headline_price
from app.domain.evidence import Age
from app.domain.shared_facts import PeerBounds
from app.domain.vocabulary import Finding, Topic
from tests.domain.facts import (
    FIRST,
    GOVERNMENT,
    REMITS,
    RUBRIC,
    TODAY,
    accredited,
    dossier_of,
    evidence,
    price,
)

MET, PARTLY, NOT, WIDE, SAID, UNKNOWN, NA = (
    Finding.MET,
    Finding.PARTLY_MET,
    Finding.NOT_MET,
    Finding.PARTLY_KNOWN,
    Finding.UNCONFIRMED,
    Finding.UNKNOWN,
    Finding.NOT_APPLICABLE,
)
IN_FIRST = {WIDE: PARTLY, SAID: PARTLY}
"""What version 2026.1 made of statements that are not stale."""


def facts(award_level: str = "associate", cip_code: str = "51.0707", **lists: Any) -> ProgramFacts:
    return ProgramFacts(award_level=award_level, cip_code=cip_code, **lists)


def result_of(
    key: str, known: ProgramFacts, today: date = TODAY, rubric: Rubric = RUBRIC
) -> CheckResult:
    return next(
        result
        for result in find_all(known_on(known, today), rubric, today, REMITS)
        if result.key == key
    )


def assert_found(key: str, known: ProgramFacts, finding: Finding) -> None:
    """Assert what the newest version finds, and what the first made of it."""
    assert result_of(key, known).finding is finding
    assert result_of(key, known, rubric=FIRST).finding is IN_FIRST.get(finding, finding)


def test_nothing_known_is_unknown_everywhere_and_asks_everything() -> None:
    results = find_all(known_on(facts(), TODAY), RUBRIC, TODAY, REMITS)

    assert {result.finding for result in results} == {UNKNOWN}
    assert {result.key for result in to_ask(RUBRIC, results)} == set(RUBRIC.check_keys)


@pytest.mark.parametrize(
    ("status", "program_accredited", "good_standing"),
    [
        ("accredited", MET, MET),
        ("initial", MET, MET),
        ("continuing", MET, MET),
        ("probationary", MET, PARTLY),
        ("administrative_probationary", MET, PARTLY),
        ("candidacy", PARTLY, PARTLY),
        ("not_accredited", NOT, NOT),
        ("withheld", NOT, NOT),
        ("withdrawn", NOT, NOT),
        ("aligned_only", UNKNOWN, UNKNOWN),
        ("historical", UNKNOWN, UNKNOWN),
        ("unclear", UNKNOWN, UNKNOWN),
        ("inactive", UNKNOWN, UNKNOWN),
    ],
)
def test_accreditation_status_decides(
    status: str, program_accredited: Finding, good_standing: Finding
) -> None:
    known = facts(accreditation=[accredited(status)])

    assert_found("program_accredited", known, program_accredited)
    assert_found("good_standing", known, good_standing)


@pytest.mark.parametrize(
    ("status", "said"), [("accredited", MET), ("candidacy", PARTLY), ("not_accredited", NOT)]
)
def test_a_statement_past_its_shelf_life_is_shown_and_does_not_count(
    status: str, said: Finding
) -> None:
    known = facts(accreditation=[accredited(status, as_of="2020-03-01")])

    now, first = (result_of("program_accredited", known, rubric=r) for r in (RUBRIC, FIRST))

    assert (now.finding, now.said) == (SAID, said)
    assert first.finding is UNKNOWN
    for result in (now, first):
        assert result.is_stale
        assert "2020-03-01" in result.reason
        assert [claim.as_of for claim in result.evidence] == ["2020-03-01"]


def test_leaving_the_date_out_never_pays() -> None:
    for status, undated in (("accredited", SAID), ("candidacy", SAID), ("not_accredited", NOT)):
        known = facts(accreditation=[accredited(status, as_of=None)])

        assert result_of("program_accredited", known).finding is undated


@pytest.mark.parametrize(
    ("as_of", "term", "finding"),
    [
        ("2020-02-27", {"through_year": 2027, "next_review": "2027-28"}, MET),
        ("2020-02-27", {"next_review": "2031-32"}, MET),
        (None, {"next_review": "2031-32"}, MET),
        (None, {"began_on": "2025-05"}, MET),
        (None, {"began_on": "1995"}, SAID),
        ("2020-02-27", {"began_on": "1995"}, SAID),
        ("2026-01-15", {"through_year": 2025}, SAID),
        ("2026-01-15", {"next_review": "2024-25"}, MET),
        ("2020-02-27", {"ended_on": "2027-06-30"}, MET),
        ("2020-02-27", {"next_review": "some day"}, SAID),
    ],
)
def test_a_term_that_runs_keeps_an_accreditation_fresh(
    as_of: str | None, term: dict[str, Any], finding: Finding
) -> None:
    known = facts(accreditation=[accredited("continuing", as_of=as_of, **term)])

    result = result_of("program_accredited", known)

    assert result.finding is finding
    assert result.is_stale == (known.accreditation[0].age_on(TODAY) is Age.STALE)


def test_a_term_keeps_to_its_last_day() -> None:
    known = facts(accreditation=[accredited(as_of="2020-02-27", next_review="2027-28")])
    last = date(2028, 6, 30)

    assert last in known.accreditation[0].last_days()
    assert result_of("program_accredited", known, last).finding is MET
    assert result_of("program_accredited", known, date(2028, 7, 1)).finding is SAID


def test_what_bears_a_date_leads_and_never_tells_less_than_without_the_undated() -> None:
    wide = price("tuition", 4000, level="institution")
    own = price("tuition", 5000, as_of=None)

    assert result_of("tuition", facts(costs=[own])).finding is SAID
    assert result_of("tuition", facts(costs=[own, wide])).finding is WIDE


def test_another_accreditor_settles_nothing() -> None:
    known = facts(accreditation=[accredited(accreditor="CAAHEP with AHIMA")])

    assert result_of("program_accredited", known).finding is UNKNOWN


ABOUT_THE_PROGRAM = ("program_accredited", "good_standing", "covers_campus_and_level")


@pytest.mark.parametrize(
    ("award_level", "cip_code", "finding", "in_first"),
    [
        ("associate", "51.0707", UNKNOWN, UNKNOWN),
        ("master", "51.0701", UNKNOWN, UNKNOWN),
        ("bachelor", "51.2706", UNKNOWN, UNKNOWN),
        ("certificate_under_1_year", "51.0713", NA, NA),
        ("certificate_1_to_2_years", "51.0714", NA, NA),
        ("certificate", "51.0713", NA, NA),
        ("associate", "51.0713", NA, UNKNOWN),
        ("associate", "51.0716", NA, UNKNOWN),
        ("certificate_under_1_year", "51.0707", NA, UNKNOWN),
        ("postbaccalaureate_certificate", "51.0706", NA, UNKNOWN),
        ("bachelor", "51.0701", NA, UNKNOWN),
        ("doctorate_research", "51.0706", NA, UNKNOWN),
    ],
)
def test_nobody_is_asked_for_an_accreditor_that_does_not_exist(
    award_level: str, cip_code: str, finding: Finding, in_first: Finding
) -> None:
    for check in ABOUT_THE_PROGRAM:
        known = facts(award_level, cip_code)
        assert result_of(check, known).finding is finding
        assert result_of(check, known, rubric=FIRST).finding is in_first


@pytest.mark.parametrize(
    ("award_level", "cip_code", "body"),
    [("associate", "51.0707", "CAHIIM"), ("master", "51.0702", "CAHME")],
)
def test_each_field_is_asked_for_its_own_accreditor(
    award_level: str, cip_code: str, body: str
) -> None:
    result = result_of("program_accredited", facts(award_level, cip_code))

    assert result.question is not None
    assert result.question.params == {"body": body}


CAHME = "Commission on Accreditation of Healthcare Management Education (CAHME)"


@pytest.mark.parametrize(
    ("award_level", "cip_code", "claims", "finding"),
    [
        ("master", "51.0701", [accredited(accreditor=CAHME)], MET),
        ("master", "51.0701", [accredited(accreditor="CAHME", as_of=None)], SAID),
        ("master", "51.0701", [accredited("candidacy", accreditor=CAHME)], PARTLY),
        ("master", "51.0701", [accredited("not_accredited", accreditor=CAHME)], NOT),
        # another body's word is not that of the accreditor
        ("master", "51.0701", [accredited()], UNKNOWN),
        ("master", "51.0701", [accredited(accreditor="CEPH"), accredited(accreditor=CAHME)], MET),
        ("associate", "51.0707", [accredited(accreditor=CAHME)], UNKNOWN),
        # certified or approved is not accredited
        ("bachelor", "51.0701", [accredited(accreditor="AUPHA")], NA),
        ("certificate", "51.0713", [accredited(accreditor="AHIMA PCAP")], NA),
        ("associate", "51.0707", [accredited("approved", accreditor="AHIMA")], UNKNOWN),
        # a school may report a program under a field of nobody's
        ("bachelor", "51.0799", [accredited()], MET),
    ],
)
def test_only_the_word_of_the_accreditor_counts(
    award_level: str, cip_code: str, claims: list[AccreditationClaim], finding: Finding
) -> None:
    known = facts(award_level, cip_code, accreditation=claims)

    assert result_of("program_accredited", known).finding is finding


@pytest.mark.parametrize(
    ("award_level", "cip_code", "accreditor", "granted"),
    [
        ("bachelor", "51.0701", "AUPHA", "certifies"),
        ("certificate", "51.0713", "AHIMA", "approves"),
    ],
)
def test_a_certification_or_approval_is_told_as_what_it_is(
    award_level: str, cip_code: str, accreditor: str, granted: str
) -> None:
    claims = [accredited(accreditor=accreditor)]

    result = result_of("program_accredited", facts(award_level, cip_code, accreditation=claims))

    assert f"{accreditor} {granted} the program (2026-01-15)" in result.reason
    assert result.evidence == claims


@pytest.mark.parametrize(
    ("award_level", "cip_code", "finding"),
    [("associate", None, UNKNOWN), (None, "51.0707", UNKNOWN), ("certificate", None, NA)],
)
def test_where_the_field_or_award_is_not_known_it_may_apply(
    award_level: str | None, cip_code: str | None, finding: Finding
) -> None:
    known = ProgramFacts(award_level=award_level, cip_code=cip_code)

    result = result_of("program_accredited", known)

    assert result.finding is finding
    assert (result.applies_if is not None) == (finding is UNKNOWN)


def test_a_certificate_that_is_accredited_after_all_applies() -> None:
    known = facts("certificate_under_1_year", "51.0713", accreditation=[accredited()])

    assert result_of("program_accredited", known).finding is MET


@pytest.mark.parametrize(
    ("covered", "campus", "finding"),
    [
        ("associate", "Main", MET),
        ("associate", None, SAID),
        (None, "Main", SAID),
        ("bachelor", "Main", NOT),
        ("associate", "North", NOT),
    ],
)
def test_accreditation_must_cover_this_award_and_campus(
    covered: str | None, campus: str | None, finding: Finding
) -> None:
    known = facts(accreditation=[accredited(award_level=covered, campus=campus)])
    known.campus = "Main"

    assert_found("covers_campus_and_level", known, finding)


def test_title_iv_is_government_evidence_for_an_accredited_institution() -> None:
    title_iv = AccreditationClaim(
        scope="institution",
        accreditor="Title IV",
        status="title_iv",
        **evidence("institution", source=GOVERNMENT, basis="government_data", as_of="2024-25"),
    )
    old = AccreditationClaim(
        scope="institution",
        accreditor="Higher Learning Commission",
        status="accredited",
        **evidence("institution", source=GOVERNMENT, basis="government_data", as_of="2020-11"),
    )

    result = result_of("institution_accredited", facts(accreditation=[old, title_iv]))

    assert result.finding is MET
    assert [claim.as_of for claim in result.evidence] == ["2024-25", "2020-11"]


def test_a_price_of_the_institution_is_told_with_amount_and_year() -> None:
    known = facts(costs=[price("tuition", 4000, level="institution", as_of="2022-23")])

    result = result_of("tuition", known)

    assert result.finding is WIDE
    assert "$4,000" in result.reason
    assert "2022-23" in result.reason


@pytest.mark.parametrize(
    ("claim", "finding"),
    [
        (price("tuition", 4000), MET),
        (price("tuition", 4000, as_of=None), SAID),
        (price("tuition", 4000, is_institution_wide=True), WIDE),
        (price("tuition", None, value_status="published_without_amount"), PARTLY),
        (price("tuition", None, value_status="not_published"), NOT),
        (price("tuition", None, value_status="not_applicable"), UNKNOWN),
        (price("tuition", None, value_status="not_reported"), UNKNOWN),
        (price("tuition", None, value_status="withheld"), UNKNOWN),
        (price("tuition", 0), MET),
        (price("tuition", 4000, student_level="graduate"), UNKNOWN),
        (price("tuition", 4000, cip_code="51.0713"), UNKNOWN),
        (price("tuition_and_fees", 9000, contains=["tuition", "fees"]), MET),
    ],
)
def test_how_a_price_is_stated_decides(claim: Any, finding: Finding) -> None:
    assert_found("tuition", facts(costs=[claim]), finding)


def test_a_sum_that_contains_the_fees_answers_for_the_fees_too() -> None:
    known = facts(costs=[price("tuition_and_fees", 9000, contains=["tuition", "fees"])])

    assert result_of("fees", known).finding is MET
    assert result_of("books", known).finding is UNKNOWN


def test_a_price_of_the_program_leads_one_of_the_institution() -> None:
    institution = price(
        "tuition",
        4000,
        level="institution",
        source=GOVERNMENT,
        basis="government_data",
        as_of="2025-26",
    )

    known = facts(costs=[institution, price("tuition", 5000, as_of="2023-24")])

    assert result_of("tuition", known).finding is MET


def test_graduate_programs_are_judged_by_graduate_prices() -> None:
    claim = price("tuition", 9000, level="institution", student_level="graduate")

    assert result_of("tuition", facts("master", "51.2706", costs=[claim])).finding is WIDE
    assert result_of("tuition", facts("associate", costs=[claim])).finding is UNKNOWN


def transfer(kind: str, offered: bool | None = True, **fields: Any) -> TransferClaim:
    return TransferClaim(**{"kind": kind, "is_offered": offered, **evidence(), **fields})


@pytest.mark.parametrize(
    ("key", "claim", "finding"),
    [
        ("transfer_policy", transfer("policy"), MET),
        ("transfer_policy", transfer("policy", as_of=None), SAID),
        ("transfer_policy", transfer("policy", offered=False), NOT),
        ("articulation", transfer("articulation", receiving_institution="State U"), MET),
        ("articulation", transfer("articulation", as_of=None), SAID),
        ("credits_accepted", transfer("credits_accepted", None, credits_max=30.0), MET),
        ("credits_accepted", transfer("credits_accepted", None, as_stated="half"), PARTLY),
        ("prior_learning", transfer("prior_learning"), MET),
        ("prior_learning", transfer("stackable"), MET),
        ("prior_learning", transfer("prior_learning", level="institution"), WIDE),
        ("prior_learning", transfer("prior_learning", offered=False), NOT),
        ("prior_learning", transfer("no_prior_credit", level="institution"), NOT),
        ("prior_learning", transfer("advanced_placement", level="institution"), UNKNOWN),
    ],
)
def test_transfer_statements_decide(key: str, claim: TransferClaim, finding: Finding) -> None:
    assert_found(key, facts(transfer=[claim]), finding)


def test_a_newer_survey_that_accepts_some_credit_outdates_an_older_none() -> None:
    none = transfer("no_prior_credit", level="institution", as_of="2022-23")
    some = transfer("advanced_placement", level="institution", as_of="2024-25")

    assert result_of("prior_learning", facts(transfer=[none, some])).finding is UNKNOWN
    assert result_of("prior_learning", facts(transfer=[none])).finding is NOT


def practicum(**fields: Any) -> PracticumClaim:
    return PracticumClaim(**{**evidence(), **fields})


@pytest.mark.parametrize(
    ("key", "claim", "finding"),
    [
        ("practicum_offered", practicum(availability="required"), MET),
        ("practicum_offered", practicum(availability="optional"), PARTLY),
        ("practicum_offered", practicum(availability="none"), NOT),
        ("practicum_offered", practicum(availability="optional", as_of=None), SAID),
        ("site_support", practicum(is_site_arranged=True), MET),
        ("site_support", practicum(is_site_arranged=False), NOT),
        ("site_support", practicum(availability="none"), NA),
        ("hours_stated", practicum(hours_low=80.0, hours_high=80.0), MET),
        ("hours_stated", practicum(hours_low=80.0, hours_high=80.0, as_of=None), SAID),
        ("local_or_remote", practicum(format="virtual"), MET),
        ("local_or_remote", practicum(format="mixed"), MET),
        ("local_or_remote", practicum(format="onsite"), UNKNOWN),
        ("local_or_remote", practicum(availability="none"), NA),
    ],
)
def test_practicum_statements_decide(key: str, claim: PracticumClaim, finding: Finding) -> None:
    assert_found(key, facts(practicum=[claim]), finding)


def test_questions_come_in_the_order_of_points_they_can_settle() -> None:
    known = facts(
        accreditation=[accredited(as_of=None)],
        costs=[price("tuition", 4000, level="institution"), price("fees", 100)],
        practicum=[practicum(availability="optional")],
    )

    asked = [r.key for r in to_ask(RUBRIC, find_all(known_on(known, TODAY), RUBRIC, TODAY, REMITS))]

    # a quarter of a criterion of four checks, first what somebody says; a fifth of one of five;
    # and half of that where the other half is known
    assert asked[:2] == ["program_accredited", "good_standing"]
    assert asked.index("institution_accredited") < asked.index("books") < asked.index("tuition")
    assert asked[-1] == "tuition"
    assert not {"fees", "practicum_offered"} & set(asked)


def test_the_summary_tells_what_is_verified_and_what_is_known_not_to_be_so() -> None:
    known = facts(accreditation=[accredited("not_accredited")], costs=[price("fees", 100)])

    said = str(summarise(RUBRIC, find_all(known_on(known, TODAY), RUBRIC, TODAY, REMITS)))

    verified, rest = said.split("; ", 1)
    assert "1 of 17" in verified
    assert "Fees published" in verified
    assert "Program accredited by the field's accreditor" in rest.partition("not to be so")[2]


def test_a_statement_on_the_program_leads_a_better_placed_one_on_the_school() -> None:
    own = practicum(availability="none")
    wide = practicum(availability="required", level="institution", basis="government_data")

    # exactly two, the fewest that can be ordered
    assert result_of("practicum_offered", facts(practicum=[wide, own])).finding is NOT
    assert result_of("practicum_offered", facts(practicum=[wide])).finding is MET


def test_scores_widen_when_the_clock_moves_on() -> None:
    known = facts(
        accreditation=[accredited()],
        costs=[price("tuition", 4000)],
        practicum=[practicum(availability="required")],
    )

    day = date(2040, 1, 1)
    now, first = (find_all(known_on(known, day), rubric, day, REMITS) for rubric in (RUBRIC, FIRST))

    assert {result.finding for result in first} == {UNKNOWN}
    assert {result.finding for result in now} == {UNKNOWN, SAID}
    assert score(RUBRIC, findings_of(now)).whole.low == 0
    for later in (now, first):
        assert sum(result.is_stale for result in later) >= 3


def warnings_of(
    known: ProgramFacts, answers: dict[str, Finding] | None = None, **more: Any
) -> list[str]:
    return [caution.code for caution in find_warnings(dossier_of(known, answers=answers, **more))]


YEARLY = price("tuition_and_fees", 2000, contains=["tuition", "fees"])
CHEAP = PeerBounds({"in_state": {"health-information/associate": {"year": {"program": 200_000}}}})


@pytest.mark.parametrize(
    ("finding", "warned"), [(UNKNOWN, True), (NOT, True), (PARTLY, True), (MET, False), (NA, False)]
)
def test_cheap_but_unverified(finding: Finding, warned: bool) -> None:
    codes = warnings_of(facts(costs=[YEARLY]), {"program_accredited": finding}, peers=CHEAP)

    assert ("cheap_but_unverified" in codes) is warned


def test_unknown_accreditation_is_called_not_verified_and_never_not_accredited() -> None:
    found = find_warnings(dossier_of(facts(costs=[YEARLY]), peers=CHEAP))

    message = next(c.message for c in found if c.code == "cheap_but_unverified")
    assert "not verified" in message
    assert "not accredited" not in message


@pytest.mark.parametrize(
    ("award_level", "cip_code", "claims", "words"),
    [
        ("associate", "51.0707", [accredited(as_of=None)], "only on an undated page"),
        ("associate", "51.0707", [accredited(as_of="2018-01-15")], "last stated in 2018-01-15"),
        ("associate", "51.0707", [accredited("candidacy")], "only a candidate"),
        ("associate", "51.0707", [accredited()], None),
        # nobody accredits these, or nobody knows who would
        ("associate", "51.0716", [], None),
        (None, None, [], None),
    ],
)
def test_a_cheap_program_is_warned_of_by_what_is_wanting_in_its_accreditation(
    award_level: str, cip_code: str, claims: list[AccreditationClaim], words: str | None
) -> None:
    known = ProgramFacts(award_level, cip_code, costs=[YEARLY], accreditation=claims)

    found = find_warnings(dossier_of(known, peers=CHEAP))

    said = [str(c.message) for c in found if c.code == "cheap_but_unverified"]
    assert [words is not None and words in one for one in said] == ([True] if words else [])


def test_fast_but_unverified() -> None:
    quick = facts(offerings=[OfferingClaim(months_low=4.0, **evidence())])

    assert "fast_but_unverified" in warnings_of(
        quick, peers=PeerBounds(months={"health-information/associate": 6.0})
    )


def test_transfer_overlooked_rests_on_something_known() -> None:
    assert "transfer_overlooked" not in warnings_of(facts(), {"articulation": UNKNOWN})
    assert "transfer_overlooked" in warnings_of(facts(), {"prior_learning": NOT})


@pytest.mark.parametrize(("as_of", "warned"), [("2022-23", True), ("2023-24", False)])
def test_dated_prices(as_of: str, warned: bool) -> None:
    codes = warnings_of(facts(costs=[price("tuition", 1, as_of=as_of)]))

    assert ("dated_prices" in codes) is warned


@pytest.mark.parametrize("status", ["paused", "discontinued"])
def test_closed_or_paused(status: str) -> None:
    claim = OfferingClaim(enrollment_status=status, **evidence())

    assert "closed_or_paused" in warnings_of(facts(offerings=[claim]))


def test_a_closed_institution_is_warned_of() -> None:
    assert "closed_or_paused" in warnings_of(facts(), closed_on="2025-06-30")


def test_coding_only_curriculum_needs_all_seven_topics_known() -> None:
    seven = [topic for topic in Topic if topic is not Topic.DATA_ANALYTICS]
    coding = {Topic.CODING_SYSTEMS, Topic.MEDICAL_TERMINOLOGY}
    topics = [TopicClaim(topic=t, is_covered=t in coding, **evidence()) for t in seven]

    assert "coding_only_curriculum" in warnings_of(facts(topics=topics))
    assert "privacy_not_covered" in warnings_of(facts(topics=topics))
    assert "coding_only_curriculum" not in warnings_of(facts(topics=topics[:5]))


def test_the_price_shown_is_the_newest_of_a_year_for_residents() -> None:
    known = facts(
        costs=[
            price("tuition", 3000, as_of="2022-23"),
            price("fees", 500, as_of="2022-23"),
            price("tuition_and_fees", 3900, as_of="2023-24", contains=["tuition", "fees"]),
            price(
                "tuition_and_fees",
                9900,
                as_of="2023-24",
                residency="out_of_state",
                contains=["tuition", "fees"],
            ),
        ]
    )

    shown = headline_price(known, TODAY)

    assert shown is not None
    assert (shown.cents, shown.as_of) == (390_000, "2023-24")


def test_tuition_and_fees_are_added_only_from_one_source_and_year() -> None:
    same = facts(
        costs=[price("tuition", 3000, as_of="2022-23"), price("fees", 500, as_of="2022-23")]
    )
    apart = facts(
        costs=[price("tuition", 3000, as_of="2022-23"), price("fees", 500, as_of="2023-24")]
    )

    shown = headline_price(same, TODAY)

    assert shown is not None
    assert shown.cents == 350_000
    assert headline_price(apart, TODAY) is None


def test_tuition_without_known_fees_is_no_sum() -> None:
    assert headline_price(facts(costs=[price("tuition", 3000)]), TODAY) is None
