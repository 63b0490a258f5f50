"""The closed lists of the catalogue; every value is a snake_case key served as it is."""

from enum import StrEnum


class AwardLevel(StrEnum):
    """What a school confers. IPEDS Completions dictionary, AWLEVEL (new codes of 2020)."""

    CERTIFICATE_UNDER_12_WEEKS = "certificate_under_12_weeks"
    CERTIFICATE_UNDER_1_YEAR = "certificate_under_1_year"
    CERTIFICATE_1_TO_2_YEARS = "certificate_1_to_2_years"
    CERTIFICATE_2_TO_4_YEARS = "certificate_2_to_4_years"
    ASSOCIATE = "associate"
    BACHELOR = "bachelor"
    POSTBACCALAUREATE_CERTIFICATE = "postbaccalaureate_certificate"
    MASTER = "master"
    POSTMASTER_CERTIFICATE = "postmaster_certificate"
    DOCTORATE_RESEARCH = "doctorate_research"
    DOCTORATE_PROFESSIONAL = "doctorate_professional"
    DOCTORATE_OTHER = "doctorate_other"


CERTIFICATE = "certificate"
"""The filter value for every award below associate, and for a certificate of unstated length."""

BELOW_ASSOCIATE = frozenset(
    {
        AwardLevel.CERTIFICATE_UNDER_12_WEEKS,
        AwardLevel.CERTIFICATE_UNDER_1_YEAR,
        AwardLevel.CERTIFICATE_1_TO_2_YEARS,
        AwardLevel.CERTIFICATE_2_TO_4_YEARS,
    }
)

GRADUATE = frozenset(
    {
        AwardLevel.POSTBACCALAUREATE_CERTIFICATE,
        AwardLevel.MASTER,
        AwardLevel.POSTMASTER_CERTIFICATE,
        AwardLevel.DOCTORATE_RESEARCH,
        AwardLevel.DOCTORATE_PROFESSIONAL,
        AwardLevel.DOCTORATE_OTHER,
    }
)
"""Awards charged at graduate rates."""


class Control(StrEnum):
    """Who runs the institution. IPEDS HD dictionary, CONTROL."""

    PUBLIC = "public"
    PRIVATE_NONPROFIT = "private_nonprofit"
    PRIVATE_FOR_PROFIT = "private_for_profit"


class InstitutionLevel(StrEnum):
    """Longest awards of the institution. IPEDS HD dictionary, ICLEVEL."""

    FOUR_YEAR = "four_year"
    TWO_YEAR = "two_year"
    UNDER_TWO_YEAR = "under_two_year"


class CbsaKind(StrEnum):
    """Size of the core of a statistical area. IPEDS HD dictionary, CBSATYPE."""

    METROPOLITAN = "metropolitan"
    MICROPOLITAN = "micropolitan"


class Delivery(StrEnum):
    """Where the teaching takes place."""

    CAMPUS = "campus"
    HYBRID = "hybrid"
    ONLINE = "online"


class OnlineAnswer(StrEnum):
    """How many programs of a code and award can be completed entirely at a distance.

    IPEDS Completions dictionary (C2021DEP): suffixes DE (all) and DES (some) of the awards.
    ``NONE`` does not mean that all of it is taught on campus, for hybrid teaching is not asked.
    """

    ALL = "all"
    SOME = "some"
    NONE = "none"


class EnrollmentStatus(StrEnum):
    """Whether new students are taken."""

    OPEN = "open"
    PAUSED = "paused"
    DISCONTINUED = "discontinued"


class ContactRole(StrEnum):
    """Whom one asks about a program: a role or an office, never a person."""

    PROGRAM_DIRECTOR = "program_director"
    PROGRAM_COORDINATOR = "program_coordinator"
    DEPARTMENT_CHAIR = "department_chair"
    DEAN = "dean"
    ADVISOR = "advisor"
    ADMISSIONS = "admissions"
    DEPARTMENT = "department"
    PROGRAM = "program"


class SchoolStatus(StrEnum):
    """Whether a school operates."""

    OPEN = "open"
    CLOSING = "closing"
    """It will close on a day that is named, or takes no new students until then."""
    CLOSED = "closed"
    MERGED = "merged"
    """It goes on as a part of another school."""
    NOT_OPERATING = "not_operating"
    """It has left the federal directory, which does not say why."""


GONE = frozenset(
    {
        SchoolStatus.CLOSING,
        SchoolStatus.CLOSED,
        SchoolStatus.MERGED,
        SchoolStatus.NOT_OPERATING,
    }
)
"""Schools that no new student should choose; lists leave them out unless they are asked for."""

RUNNING = frozenset({SchoolStatus.OPEN, SchoolStatus.CLOSING})
"""Schools that still teach."""


class ProgramStatus(StrEnum):
    """Whether a program takes students: as told of it, or as its school stands if not open."""

    OPEN = "open"
    PAUSED = "paused"
    DISCONTINUED = "discontinued"
    CLOSING = "closing"
    CLOSED = "closed"
    MERGED = "merged"
    NOT_OPERATING = "not_operating"


class Basis(StrEnum):
    """On whose word a fact rests."""

    STATED_BY_ISSUER = "stated_by_issuer"
    STATED_BY_ACCREDITOR = "stated_by_accreditor"
    GOVERNMENT_DATA = "government_data"
    STATED_BY_INSTITUTION = "stated_by_institution"
    THIRD_PARTY = "third_party"
    EDITORIAL = "editorial"
    UNSOURCED = "unsourced"


class ValueStatus(StrEnum):
    """Why a value is there or not; a missing value is never zero."""

    REPORTED = "reported"
    IMPUTED = "imputed"
    WITHHELD = "withheld"
    NOT_APPLICABLE = "not_applicable"
    NOT_REPORTED = "not_reported"
    PUBLISHED_WITHOUT_AMOUNT = "published_without_amount"
    NOT_PUBLISHED = "not_published"


class Finding(StrEnum):
    """The answer to one check; a rubric says which values each leaves possible."""

    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    PARTLY_KNOWN = "partly_known"
    UNCONFIRMED = "unconfirmed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Level(StrEnum):
    """Whether a claim speaks of one program or of the whole institution."""

    PROGRAM = "program"
    INSTITUTION = "institution"


class AccreditationScope(StrEnum):
    """What an accreditor's decision covers."""

    PROGRAM = "program"
    INSTITUTION = "institution"


class AccreditationStatus(StrEnum):
    """Where an accreditation stands.

    The CAHIIM names are headings of its accreditation manual
    (cahiim.org/Accreditation_Manual.html); the rest say how a page words it.
    """

    ACCREDITED = "accredited"
    CANDIDACY = "candidacy"
    INITIAL = "initial"
    CONTINUING = "continuing"
    PROBATIONARY = "probationary"
    ADMINISTRATIVE_PROBATIONARY = "administrative_probationary"
    PREACCREDITED = "preaccredited"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"
    VOLUNTARY_WITHDRAWAL = "voluntary_withdrawal"
    INACTIVE = "inactive"
    NOT_ACCREDITED = "not_accredited"
    ALIGNED_ONLY = "aligned_only"
    HISTORICAL = "historical"
    UNCLEAR = "unclear"
    APPROVED = "approved"
    CERTIFIED = "certified"
    APPLIED = "applied"
    NO_LONGER_LISTED = "no_longer_listed"
    TITLE_IV = "title_iv"
    NOT_TITLE_IV = "not_title_iv"
    TITLE_IV_DEFERMENT = "title_iv_deferment"


NO_FEDERAL_AID = frozenset(
    {AccreditationStatus.NOT_TITLE_IV, AccreditationStatus.TITLE_IV_DEFERMENT}
)
"""A school without federal student aid: that says nothing about its accreditation."""


class CostComponent(StrEnum):
    """What a price pays for."""

    TUITION = "tuition"
    FEES = "fees"
    TUITION_AND_FEES = "tuition_and_fees"
    BOOKS = "books"
    TECHNOLOGY = "technology"
    OTHER = "other"
    TOTAL = "total"
    REFUND_POLICY = "refund_policy"
    PAYMENT_PLAN = "payment_plan"


class CostUnit(StrEnum):
    """What a price is charged for."""

    PROGRAM = "program"
    YEAR = "year"
    SEMESTER = "semester"
    QUARTER = "quarter"
    CREDIT = "credit"
    CONTACT_HOUR = "contact_hour"
    CLOCK_HOUR = "clock_hour"
    COURSE = "course"
    MONTH = "month"
    TERM = "term"


class Residency(StrEnum):
    """For whom a price holds."""

    IN_DISTRICT = "in_district"
    IN_STATE = "in_state"
    OUT_OF_STATE = "out_of_state"
    ANY = "any"


class Pace(StrEnum):
    """How fast one studies."""

    FULL = "full"
    PART = "part"


class StudentLevel(StrEnum):
    """Which students a whole-institution price is for."""

    UNDERGRADUATE = "undergraduate"
    GRADUATE = "graduate"


class TransferKind(StrEnum):
    """What is said about moving credits."""

    POLICY = "policy"
    ARTICULATION = "articulation"
    CREDITS_ACCEPTED = "credits_accepted"
    PRIOR_LEARNING = "prior_learning"
    ADVANCED_PLACEMENT = "advanced_placement"
    STACKABLE = "stackable"
    NO_PRIOR_CREDIT = "no_prior_credit"


class Availability(StrEnum):
    """Whether a practicum is part of the program."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class PracticumFormat(StrEnum):
    """Where practicum hours are done."""

    ONSITE = "onsite"
    VIRTUAL = "virtual"
    SIMULATION = "simulation"
    MIXED = "mixed"


class PracticumSite(StrEnum):
    """How far from the student practicum hours are done."""

    ON_CAMPUS = "on_campus"
    LOCAL = "local"


class Topic(StrEnum):
    """The seven curriculum topics a student should ask for, and analytics beside them."""

    MEDICAL_TERMINOLOGY = "medical_terminology"
    ANATOMY = "anatomy"
    CODING_SYSTEMS = "coding_systems"
    REIMBURSEMENT = "reimbursement"
    HEALTHCARE_LAW = "healthcare_law"
    EHR_TRAINING = "ehr_training"
    PRIVACY_COMPLIANCE = "privacy_compliance"
    DATA_ANALYTICS = "data_analytics"


class ServiceKind(StrEnum):
    """Services and modes an institution says it has."""

    CAREER_SERVICES = "career_services"
    RESUME_BUILDING = "resume_building"
    MOCK_INTERVIEWS = "mock_interviews"
    INTERNSHIP_PLACEMENT = "internship_placement"
    EMPLOYMENT_SERVICES = "employment_services"
    PLACEMENT_SERVICES = "placement_services"
    DISTANCE_COURSES = "distance_courses"
    DISTANCE_PROGRAMS = "distance_programs"
    ALL_PROGRAMS_DISTANCE = "all_programs_distance"


class OutcomeMetric(StrEnum):
    """What is measured after or during the program."""

    EXAM_PASS_RATE = "exam_pass_rate"  # noqa: S105
    PLACEMENT_RATE = "placement_rate"
    EMPLOYMENT_RATE = "employment_rate"
    GRADUATION_RATE = "graduation_rate"
    GRADUATION_RATE_100 = "graduation_rate_100"
    GRADUATION_RATE_150 = "graduation_rate_150"
    GRADUATION_RATE_200 = "graduation_rate_200"
    AWARD_RATE_4_YEARS = "award_rate_4_years"
    AWARD_RATE_6_YEARS = "award_rate_6_years"
    RETENTION_RATE = "retention_rate"
    RETENTION_RATE_PART_TIME = "retention_rate_part_time"
    STUDENT_FACULTY_RATIO = "student_faculty_ratio"
    TRANSFER_OUT_RATE = "transfer_out_rate"
    EMPLOYER_SATISFACTION = "employer_satisfaction"
    GRADUATE_SATISFACTION = "graduate_satisfaction"
    STUDENT_SATISFACTION = "student_satisfaction"
    EARNINGS_6_YEARS = "earnings_6_years"
    EARNINGS_10_YEARS = "earnings_10_years"
    NET_PRICE = "net_price"
    DISTANCE_ONLY_SHARE = "distance_only_share"
    DISTANCE_SOME_SHARE = "distance_some_share"


class FieldLevel(StrEnum):
    """Awards that are counted together. College Scorecard field of study dictionary, CREDLEV."""

    UNDERGRADUATE_CERTIFICATE = "undergraduate_certificate"
    ASSOCIATE = "associate"
    BACHELOR = "bachelor"
    POSTBACCALAUREATE_CERTIFICATE = "postbaccalaureate_certificate"
    MASTER = "master"
    DOCTORATE = "doctorate"
    FIRST_PROFESSIONAL = "first_professional"
    GRADUATE_CERTIFICATE = "graduate_certificate"


class FigureStatus(StrEnum):
    """Why a figure of a field is there or not."""

    REPORTED = "reported"
    WITHHELD = "withheld"
    NOT_REPORTED = "not_reported"
    WITHHELD_OR_NOT_REPORTED = "withheld_or_not_reported"
    """The source leaves it empty, and does not say which of the two."""


STATE_NAMES = {  # USPS Publication 28, appendix B
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "AS": "American Samoa",
    "FM": "Federated States of Micronesia",
    "GU": "Guam",
    "MH": "Marshall Islands",
    "MP": "Northern Mariana Islands",
    "PR": "Puerto Rico",
    "PW": "Palau",
    "VI": "US Virgin Islands",
}

StateCode = StrEnum("StateCode", {code: code for code in STATE_NAMES})  # type: ignore[misc]


class TaskType(StrEnum):
    """How central a task is to an occupation. O*NET 29, Task Statements, Task Type."""

    CORE = "core"
    SUPPLEMENTAL = "supplemental"


class RelatedTier(StrEnum):
    """How near two occupations are. O*NET 29, Related Occupations, Relatedness Tier."""

    PRIMARY_SHORT = "primary_short"
    PRIMARY_LONG = "primary_long"
    SUPPLEMENTAL = "supplemental"


class Measure(StrEnum):
    """What a statistic counts or measures."""

    EMPLOYMENT = "employment"
    ANNUAL_MEAN = "annual_mean"
    ANNUAL_P10 = "annual_p10"
    ANNUAL_P25 = "annual_p25"
    ANNUAL_MEDIAN = "annual_median"
    ANNUAL_P75 = "annual_p75"
    ANNUAL_P90 = "annual_p90"
    ANNUAL_WAGE = "annual_wage"
    EMPLOYMENT_BASE = "employment_base"
    EMPLOYMENT_PROJECTED = "employment_projected"
    EMPLOYMENT_CHANGE = "employment_change"
    EMPLOYMENT_CHANGE_PCT = "employment_change_pct"
    OPENINGS = "openings"
    SELF_EMPLOYED_PCT = "self_employed_pct"
    TYPICAL_EDUCATION = "typical_education"
    WORK_EXPERIENCE = "work_experience"
    TRAINING = "training"
    EVENT_COUNT = "event_count"
    SHARE = "share"
    DURATION_MONTHS = "duration_months"
    JOBS_PER_1000 = "jobs_per_1000"
    LOCATION_QUOTIENT = "location_quotient"


class SuggestionKind(StrEnum):
    """What words that are being typed may become."""

    SCHOOL = "school"
    FIELD = "field"
    PLACE = "place"
    CREDENTIAL = "credential"
    AWARD = "award"
    OCCUPATION = "occupation"


class AreaKind(StrEnum):
    """A part of the country that wages are surveyed for."""

    STATE = "state"
    METRO = "metro"
    NONMETRO = "nonmetro"


class Method(StrEnum):
    """How a statistic came about."""

    EMPLOYER_SURVEY = "employer_survey"
    PROJECTION = "projection"
    SELF_REPORTS = "self_reports"
    EVENT_RECORDS = "event_records"
    EDITORIAL_ESTIMATE = "editorial_estimate"
    NOT_STATED = "not_stated"


class MatchQuality(StrEnum):
    """How surely facts read on a school's pages were joined to the federal record."""

    EXACT = "exact"
    LIKELY = "likely"
    UNMATCHED = "unmatched"


class Section(StrEnum):
    """Parts of a comparison, in the order in which they are read."""

    AWARD = "award"
    PLACE_AND_DELIVERY = "place_and_delivery"
    LENGTH = "length"
    COST = "cost"
    ACCREDITATION = "accreditation"
    TRANSFER = "transfer"
    PRACTICUM = "practicum"
    CREDENTIALS = "credentials"
    OUTCOMES = "outcomes"
    CHECKLIST = "checklist"


class Verdict(StrEnum):
    """What a row of a comparison says."""

    SAME = "same"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    NOT_COMPARABLE = "not_comparable"


class CellStatus(StrEnum):
    """How a value in a comparison stands; only a known one is compared."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    STALE = "stale"
    WITHHELD = "withheld"
    NOT_APPLICABLE = "not_applicable"
    NOT_PUBLISHED = "not_published"
    PUBLISHED_WITHOUT_AMOUNT = "published_without_amount"


class CredentialLevel(StrEnum):
    """For whom a credential is meant."""

    ENTRY = "entry"
    SPECIALIST = "specialist"
    ADVANCED = "advanced"
    MANAGEMENT = "management"
    UNKNOWN = "unknown"


class CredentialFocus(StrEnum):
    """What a credential certifies."""

    CODING = "coding"
    BILLING = "billing"
    AUDITING = "auditing"
    DATA = "data"
    PRIVACY = "privacy"
    DOCUMENTATION = "documentation"
    MANAGEMENT = "management"
    INFORMATICS = "informatics"
    REGISTRY = "registry"
    COMPLIANCE = "compliance"
    ADMINISTRATION = "administration"
    UNKNOWN = "unknown"


class CredentialStatus(StrEnum):
    """Whether a credential can still be earned."""

    OFFERED = "offered"
    RETIRED = "retired"
    UNKNOWN = "unknown"


class SayerKind(StrEnum):
    """Who states a fact on a credential, best placed first."""

    ISSUER = "issuer"
    ISSUER_TEST_HOST = "issuer_test_host"
    COPY_OF_ISSUER = "copy_of_issuer"
    THIRD_PARTY = "third_party"
    AGGREGATOR = "aggregator"


def in_words(key: str | None) -> str:
    """Return a key of these lists as words; none for None."""
    return (key or "").replace("_", " ")


REGIONS = {"en": "en_US", "es": "es_US"}
"""Language of pages -> the region whose way to write numbers is used (US prices).

The one list of languages; another one is a line here and a file of messages in ``app/site/locale``.
"""
