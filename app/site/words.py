"""Keys of closed lists as words for people, to be translated where they are shown."""

from collections.abc import Mapping

from app.domain.advancement.roles import Kind, Stage
from app.domain.comparison.rows import OUTCOMES, SHARED
from app.domain.cost import amounts
from app.domain.credentials.eligibility import Answer, Education
from app.domain.credentials.leads_to import LED_TO as LEADING_CREDENTIALS
from app.domain.credentials.leads_to import NOWHERE, GateCode, LeadsTo
from app.domain.messages import N_
from app.domain.vocabulary import (
    CERTIFICATE,
    STATE_NAMES,
    AccreditationStatus,
    Availability,
    AwardLevel,
    Basis,
    CellStatus,
    ContactRole,
    Control,
    CostComponent,
    CostUnit,
    CredentialFocus,
    CredentialLevel,
    CredentialStatus,
    Delivery,
    EnrollmentStatus,
    Finding,
    InstitutionLevel,
    Level,
    Measure,
    OnlineAnswer,
    Pace,
    PracticumFormat,
    PracticumSite,
    ProgramStatus,
    SayerKind,
    Section,
    ServiceKind,
    SuggestionKind,
    Topic,
    TransferKind,
    Verdict,
)

Words = Mapping[str, str]

NOT_KNOWN = N_("Not known")

AWARDS: Words = {
    CERTIFICATE: N_("Certificate"),
    AwardLevel.CERTIFICATE_UNDER_12_WEEKS: N_("Certificate, under 12 weeks"),
    AwardLevel.CERTIFICATE_UNDER_1_YEAR: N_("Certificate, under 1 year"),
    AwardLevel.CERTIFICATE_1_TO_2_YEARS: N_("Certificate, 1 to 2 years"),
    AwardLevel.CERTIFICATE_2_TO_4_YEARS: N_("Certificate, 2 to 4 years"),
    AwardLevel.ASSOCIATE: N_("Associate degree"),
    AwardLevel.BACHELOR: N_("Bachelor's degree"),
    AwardLevel.POSTBACCALAUREATE_CERTIFICATE: N_("Postbaccalaureate certificate"),
    AwardLevel.MASTER: N_("Master's degree"),
    AwardLevel.POSTMASTER_CERTIFICATE: N_("Post-master's certificate"),
    AwardLevel.DOCTORATE_RESEARCH: N_("Doctorate (research)"),
    AwardLevel.DOCTORATE_PROFESSIONAL: N_("Doctorate (professional)"),
    AwardLevel.DOCTORATE_OTHER: N_("Doctorate (other)"),
}
FINDINGS: Words = {
    Finding.MET: N_("Met"),
    Finding.PARTLY_MET: N_("Partly met"),
    Finding.NOT_MET: N_("Not met"),
    Finding.PARTLY_KNOWN: N_("Known for the whole school"),
    Finding.UNCONFIRMED: N_("Said, not confirmed"),
    Finding.UNKNOWN: NOT_KNOWN,
    Finding.NOT_APPLICABLE: N_("Does not apply"),
}
SCORE_PARTS: Words = {
    "met": N_("met"),
    "known_in_part": N_("known in part"),
    "open": N_("not known"),
    "not_met": N_("not met"),
}
"""The parts of a score from left to right: together they are 100 points."""

ACCREDITED: Words = {
    Finding.MET: N_("Accredited"),
    Finding.PARTLY_MET: N_("In candidacy, not accredited yet"),
    Finding.NOT_MET: N_("Known not to be accredited"),
    Finding.PARTLY_KNOWN: N_("Known for the whole school"),
    Finding.UNCONFIRMED: N_("Said, not confirmed"),
    Finding.UNKNOWN: NOT_KNOWN,
    Finding.NOT_APPLICABLE: N_("No body accredits programs of this field and level"),
    "accredited": N_("Accredited, as somebody says"),
}
LED_TO: Words = {
    **{code: code for code in LEADING_CREDENTIALS},
    NOWHERE: N_("Known not to lead to the credential of its level"),
}
DISTANCE_ONLY: Words = {"yes": N_("Yes"), "no": N_("No")}
"""Whether a school teaches at a distance only."""

STATUSES: Words = {
    AccreditationStatus.ACCREDITED: N_("accredited"),
    AccreditationStatus.CANDIDACY: N_("in candidacy"),
    AccreditationStatus.INITIAL: N_("initial accreditation"),
    AccreditationStatus.CONTINUING: N_("continuing accreditation"),
    AccreditationStatus.PROBATIONARY: N_("on probation"),
    AccreditationStatus.ADMINISTRATIVE_PROBATIONARY: N_("on administrative probation"),
    AccreditationStatus.PREACCREDITED: N_("preaccredited"),
    AccreditationStatus.WITHHELD: N_("accreditation withheld"),
    AccreditationStatus.WITHDRAWN: N_("accreditation withdrawn"),
    AccreditationStatus.VOLUNTARY_WITHDRAWAL: N_("giving up accreditation by its own choice"),
    AccreditationStatus.INACTIVE: N_("accreditation inactive"),
    AccreditationStatus.NOT_ACCREDITED: N_("not accredited"),
    AccreditationStatus.ALIGNED_ONLY: N_(
        "courses follow the accreditor's standards, which is not accreditation"
    ),
    AccreditationStatus.HISTORICAL: N_("an accreditation of the past"),
    AccreditationStatus.UNCLEAR: N_("the page does not say which program is accredited"),
    AccreditationStatus.CERTIFIED: N_("certified, which is no accreditation"),
    AccreditationStatus.APPROVED: N_("approved"),
    AccreditationStatus.NO_LONGER_LISTED: N_("no longer in the accreditor's list"),
    AccreditationStatus.APPLIED: N_("accreditation applied for, not granted yet"),
    AccreditationStatus.TITLE_IV: N_("takes part in federal student aid"),
    AccreditationStatus.NOT_TITLE_IV: N_("does not take part in federal student aid"),
    AccreditationStatus.TITLE_IV_DEFERMENT: N_(
        "takes limited part in federal student aid: deferment only"
    ),
}
AID: Words = {
    Finding.MET: N_("Yes"),
    Finding.PARTLY_MET: N_("In part"),
    Finding.NOT_MET: N_("No"),
}
"""Whether a school takes part in federal student aid."""

OPERATIONS: Words = {
    ProgramStatus.OPEN: N_("Open"),
    ProgramStatus.PAUSED: N_("Takes no new students for now"),
    ProgramStatus.DISCONTINUED: N_("Discontinued"),
    ProgramStatus.CLOSING: N_("School is closing"),
    ProgramStatus.CLOSED: N_("School has closed"),
    ProgramStatus.MERGED: N_("School is merged into another"),
    ProgramStatus.NOT_OPERATING: N_("School is not active any more"),
}
"""Whether a program takes students, or its school has closed."""

CELLS: Words = {
    CellStatus.UNKNOWN: NOT_KNOWN,
    CellStatus.WITHHELD: N_("Withheld for privacy"),
    CellStatus.NOT_APPLICABLE: N_("Does not apply"),
    CellStatus.NOT_PUBLISHED: N_("The school says it does not publish it"),
    CellStatus.PUBLISHED_WITHOUT_AMOUNT: N_("Published without an amount"),
}
"""What to say where there is no value; a stale value is shown."""

PRICE_UNITS: Words = amounts.PRICE_UNITS

STATES = STATE_NAMES
"""Code of a state -> its name, for a form to choose from."""

RESIDENCIES: Words = amounts.RESIDENCIES
LEVELS: Words = {
    Level.PROGRAM: N_("price of this program"),
    Level.INSTITUTION: N_("price of the whole school"),
}
DELIVERIES: Words = {
    Delivery.CAMPUS: N_("on campus"),
    Delivery.HYBRID: N_("hybrid"),
    Delivery.ONLINE: N_("online"),
}
NOT_ONLINE = N_("on campus or hybrid, not stated which")
"""How it is taught where it is known only that it cannot be completed online."""

ONLINE_ANSWERS: Words = {
    OnlineAnswer.ALL: N_("yes, every program of this field and level"),
    OnlineAnswer.SOME: N_("yes, at least one program of this field and level"),
    OnlineAnswer.NONE: N_("no; on campus or hybrid, not stated which"),
}
"""What a survey says on how many programs can be completed online."""

AVAILABILITIES: Words = {
    Availability.NONE: N_("None, as stated"),
    Availability.OPTIONAL: N_("Optional"),
    Availability.REQUIRED: N_("Required"),
}
PRACTICA: Words = {
    Finding.MET: N_("Required"),
    Finding.PARTLY_MET: N_("Optional"),
    Finding.NOT_MET: N_("None, as stated"),
    Finding.PARTLY_KNOWN: N_("Known for the whole school"),
    Finding.UNCONFIRMED: N_("Said, not confirmed"),
    Finding.UNKNOWN: NOT_KNOWN,
    Finding.NOT_APPLICABLE: N_("Does not apply"),
}
"""Findings of the check that a practicum is offered."""

CONTROLS: Words = {
    Control.PUBLIC: N_("Public"),
    Control.PRIVATE_NONPROFIT: N_("Private, not for profit"),
    Control.PRIVATE_FOR_PROFIT: N_("Private, for profit"),
}
INSTITUTION_LEVELS: Words = {
    InstitutionLevel.FOUR_YEAR: N_("Four years or longer"),
    InstitutionLevel.TWO_YEAR: N_("Two years"),
    InstitutionLevel.UNDER_TWO_YEAR: N_("Under two years"),
}
TOPICS: Words = {
    Topic.MEDICAL_TERMINOLOGY: N_("Medical terminology"),
    Topic.ANATOMY: N_("Anatomy and physiology"),
    Topic.CODING_SYSTEMS: N_("Coding systems"),
    Topic.REIMBURSEMENT: N_("Reimbursement"),
    Topic.HEALTHCARE_LAW: N_("Healthcare law"),
    Topic.EHR_TRAINING: N_("Electronic health records"),
    Topic.PRIVACY_COMPLIANCE: N_("Privacy and compliance"),
    Topic.DATA_ANALYTICS: N_("Data analytics"),
}
TRANSFERS: Words = {
    TransferKind.POLICY: N_("Transfer policy published"),
    TransferKind.ARTICULATION: N_("Agreement that names a degree"),
    TransferKind.CREDITS_ACCEPTED: N_("Credits accepted in"),
    TransferKind.PRIOR_LEARNING: N_("Prior learning counts"),
    TransferKind.ADVANCED_PLACEMENT: N_("Advanced Placement counts"),
    TransferKind.STACKABLE: N_("Counts toward a higher degree"),
    TransferKind.NO_PRIOR_CREDIT: N_("No earlier credits taken"),
}
SAYERS: Words = {
    Basis.STATED_BY_ISSUER: N_("Issuer"),
    Basis.STATED_BY_ACCREDITOR: N_("Accreditor"),
    Basis.GOVERNMENT_DATA: N_("Government data"),
    Basis.STATED_BY_INSTITUTION: N_("School"),
    Basis.THIRD_PARTY: N_("Third party"),
    Basis.EDITORIAL: N_("Editors"),
    Basis.UNSOURCED: N_("No source named"),
}
DIFFERENCES: Words = {
    "other year": N_("of different years"),
    "other population": N_("for different students or items"),
    "other unit": N_("for different units"),
    "other residency": N_("for different residents"),
    "program against institution level": N_("one of the program, one of the whole school"),
    "no year is given for some": N_("some without a year"),
    "other parts are counted": N_("of different parts"),
    SHARED: N_("some share one figure, which counts them together"),
}
"""Why prices do not compare, as a comparison says it -> for people."""

WARNINGS: Words = {
    "cheap_but_unverified": N_(
        "The price is among the lowest for this kind of degree or certificate, and accreditation "
        "is not verified."
    ),
    "fast_but_unverified": N_(
        "The length is among the shortest for this kind of degree or certificate, and "
        "accreditation is not verified."
    ),
    "transfer_overlooked": N_("At least one way to carry credits in or on is known to be closed."),
    "dated_prices": N_("The newest price known is several years old. Ask for this year's."),
    "privacy_not_covered": N_("The curriculum is stated not to cover privacy and compliance."),
    "coding_only_curriculum": N_(
        "Of the topics to ask for, only coding and terminology are covered."
    ),
    "closed_or_paused": N_("The school or the program may not take new students."),
    "not_in_title_iv": N_("The school does not take part in federal student aid, or not in full."),
    "heightened_cash_monitoring": N_(
        "The Department of Education watches the cash of the school more closely than usual."
    ),
    "no_outcomes_published": N_(
        "No dated employment rate of this program is known. Ask for it, and how it was counted."
    ),
}
GATES: Words = {
    GateCode.NOT_ELIGIBLE_RHIT: N_(
        "The program is known not to lead to the RHIT exam: its graduates cannot take it by the "
        "usual route."
    ),
    GateCode.NOT_ELIGIBLE_RHIA: N_(
        "The program is known not to lead to the RHIA exam: its graduates cannot take it by the "
        "usual route."
    ),
}
CREDENTIAL_LEVELS: Words = {
    CredentialLevel.ENTRY: N_("entry level"),
    CredentialLevel.SPECIALIST: N_("specialist"),
    CredentialLevel.ADVANCED: N_("advanced"),
    CredentialLevel.MANAGEMENT: N_("for managers"),
    CredentialLevel.UNKNOWN: N_("not stated for whom"),
}
CREDENTIAL_FOCUSES: Words = {
    CredentialFocus.CODING: N_("coding"),
    CredentialFocus.BILLING: N_("billing"),
    CredentialFocus.AUDITING: N_("auditing"),
    CredentialFocus.DATA: N_("health data"),
    CredentialFocus.PRIVACY: N_("privacy"),
    CredentialFocus.DOCUMENTATION: N_("documentation"),
    CredentialFocus.MANAGEMENT: N_("management"),
    CredentialFocus.INFORMATICS: N_("informatics"),
    CredentialFocus.REGISTRY: N_("cancer registry"),
    CredentialFocus.COMPLIANCE: N_("compliance"),
    CredentialFocus.ADMINISTRATION: N_("front office"),
    CredentialFocus.UNKNOWN: N_("subject not stated"),
}
CREDENTIAL_STATUSES: Words = {
    CredentialStatus.OFFERED: N_("Can be earned"),
    CredentialStatus.RETIRED: N_("Not offered any more"),
    CredentialStatus.UNKNOWN: N_("Not known whether it can still be earned"),
}
CARD_FIELDS = (
    "exam_fee",
    "exam_items",
    "exam_minutes",
    "pass_mark",
    "retest_wait_days",
    "first_time_pass_rate",
    "renewal_cycle_months",
    "ceu_per_cycle",
    "renewal_fee",
)
"""Fields that the card of a credential shows, in its order."""

NUMBERED = frozenset(CARD_FIELDS) | {"retake_fee", "schedule_window_days"}
"""Fields of a credential of which a number says all."""

LEVEL_HEADINGS: Words = {
    CredentialLevel.ENTRY: N_("To begin with"),
    CredentialLevel.SPECIALIST: N_("For a specialty"),
    CredentialLevel.ADVANCED: N_("After years in the field"),
    CredentialLevel.MANAGEMENT: N_("For managers"),
    CredentialLevel.UNKNOWN: N_("Not described yet"),
}
ANSWERS: Words = {
    Answer.YES: N_("Yes"),
    Answer.NOT_YET: N_("Not yet"),
    Answer.NO: N_("No"),
    Answer.UNKNOWN: NOT_KNOWN,
}
ANSWER_MARKS: Mapping[Answer, Finding] = {
    Answer.YES: Finding.MET,
    Answer.NOT_YET: Finding.PARTLY_MET,
    Answer.NO: Finding.NOT_MET,
    Answer.UNKNOWN: Finding.UNKNOWN,
}
"""Answer -> the mark it is shown with."""

LEADS_TO: Words = {
    LeadsTo.YES: N_("Yes"),
    LeadsTo.NO: N_("No"),
    LeadsTo.NOT_KNOWN: NOT_KNOWN,
}
LEADS_TO_MARKS: Mapping[LeadsTo, Finding] = {
    LeadsTo.YES: Finding.MET,
    LeadsTo.NO: Finding.NOT_MET,
    LeadsTo.NOT_KNOWN: Finding.UNKNOWN,
}
"""Whether a program leads to an exam -> the mark it is shown with."""

CHIPS_OF_LEADS_TO: Words = {
    LeadsTo.YES: N_("Leads to the %(credential)s exam"),
    LeadsTo.NO: N_("Does not lead to %(credential)s"),
    LeadsTo.NOT_KNOWN: N_("%(credential)s exam: not known"),
}
CHIPS_OF_ACCREDITATION: Words = {
    Finding.MET: N_("Accredited"),
    Finding.PARTLY_MET: N_("In candidacy, not accredited yet"),
    Finding.NOT_MET: N_("Not accredited"),
    Finding.PARTLY_KNOWN: N_("Only the school's accreditation is known"),
    Finding.UNCONFIRMED: N_("School says accredited, unconfirmed"),
    Finding.UNKNOWN: N_("Accreditation not known"),
    Finding.NOT_APPLICABLE: N_("No accreditor for this kind"),
}
CHIPS_OF_SURVEY: Words = {
    OnlineAnswer.ALL: N_("Online"),
    OnlineAnswer.SOME: N_("Online, perhaps not this one"),
    OnlineAnswer.NONE: N_("Not fully online"),
}
"""The deciding facts of a program as chips say them."""

MAY_SIT: Words = {
    Answer.YES: N_("Yes, by what is known: you may take the exam."),
    Answer.NOT_YET: N_("Not yet."),
    Answer.NO: N_("No, by what is known."),
    Answer.UNKNOWN: N_("Not known: what you told us and what is published do not settle it."),
}
EDUCATIONS: Words = {
    Education.LESS_THAN_HIGH_SCHOOL: N_("Less than high school"),
    Education.HIGH_SCHOOL: N_("High school diploma or GED"),
    Education.SOME_COLLEGE: N_("Some college, no degree"),
    CERTIFICATE: N_("Certificate"),
    Education.ASSOCIATE: N_("Associate degree"),
    Education.BACHELOR: N_("Bachelor's degree"),
    Education.MASTER: N_("Master's degree"),
    Education.DOCTORATE: N_("Doctorate"),
}
SPEAKERS: Words = {
    SayerKind.ISSUER: N_("Issuer"),
    SayerKind.ISSUER_TEST_HOST: N_("Issuer, on a test page"),
    SayerKind.COPY_OF_ISSUER: N_("Copy of an issuer's page"),
    SayerKind.THIRD_PARTY: N_("Third party"),
    SayerKind.AGGREGATOR: N_("Collection of facts"),
}
MEASURES: Words = {
    Measure.EMPLOYMENT: N_("Jobs"),
    Measure.EMPLOYMENT_CHANGE_PCT: N_("Growth"),
    Measure.OPENINGS: N_("Openings per year"),
    Measure.TYPICAL_EDUCATION: N_("Typical education of people who begin"),
    Measure.WORK_EXPERIENCE: N_("Typical work experience"),
    Measure.TRAINING: N_("Typical training on the job"),
}
"""Official figures that a role shows beside its pay."""

INCOMPARABLE: Words = {
    "other_measure": N_("something else is measured"),
    "other_population": N_("other people are counted"),
    "other_soc": N_("another occupation"),
    "other_soc_edition": N_("another edition of the list of occupations"),
    "other_horizon": N_("other years"),
    "other_period": N_("another time"),
    "other_method": N_("another method"),
    "other_unit": N_("another unit"),
    "other_area": N_("another area"),
}
"""Why two figures do not compare."""

STAGES: Words = {
    Stage.ENTRY: N_("First jobs"),
    Stage.MIDDLE: N_("On the way"),
    Stage.TARGET: N_("To grow into"),
}
STEP_KINDS: Words = {
    Kind.CREDENTIAL: N_("Credential"),
    Kind.EDUCATION: N_("Education"),
    Kind.EXPERIENCE: N_("Experience"),
    Kind.SKILLS: N_("Skills"),
    Kind.ROLE: N_("Work"),
}

QUALIFIERS: Words = {
    "member": N_("members"),
    "non_member": N_("others"),
    "student": N_("students"),
    "student_one_attempt": N_("students, one attempt"),
    "student_two_attempts": N_("students, two attempts"),
    "one_attempt": N_("one attempt"),
    "two_attempts": N_("two attempts"),
    "scored": N_("scored"),
    "pretest": N_("on trial, not scored"),
    "each_section": N_("in each section"),
    "multiple_choice": N_("multiple choice"),
    "inpatient_cases": N_("inpatient cases"),
    "cca_and_ccs": N_("CCA and CCS"),
    "all_others": N_("all others"),
    "further_credential": N_("each further credential"),
    "non_member_further_credential": N_("others, each further credential"),
    "at_most": N_("at most"),
    "proof": N_("proof"),
    "closed_book": N_("closed book"),
    "open_book": N_("open book"),
    "organizational_affiliate": N_("organizational affiliate"),
    "first_retake": N_("first retake"),
    "retake": N_("retake"),
    "1_credential": N_("1 credential"),
    "2_credentials": N_("2 credentials"),
    "3_credentials": N_("3 credentials"),
    "4_credentials": N_("4 credentials"),
    "5_or_more_credentials": N_("5 or more credentials"),
    "auditing": N_("auditing"),
    "ethics": N_("ethics"),
    "specialty": N_("specialty"),
    "per_30_days": N_("per 30 days"),
    "renewal": N_("renewal"),
    "audit": N_("audit"),
    "before_certification": N_("before certification"),
    "carry_over": N_("carry over"),
    "earliest": N_("earliest"),
    "other_sources": N_("other sources"),
    "self_review": N_("self review"),
    "issuer": N_("issuer"),
    "one_activity": N_("one activity"),
    "inactive": N_("inactive"),
    "deducted": N_("deducted"),
    "late": N_("late"),
    "first_published": N_("first published"),
    "restated": N_("restated"),
    "results": N_("results"),
    "route_3": N_("route 3"),
    "route_known": N_("route known"),
}
SORTS: Words = {
    "relevance": N_("Best match"),
    "distance": N_("Nearest"),
    "-score": N_("Most verified"),
    "tuition": N_("Lowest tuition"),
    "total_cost": N_("Lowest total cost"),
    "length": N_("Shortest"),
    "-completions": N_("Most graduates"),
    "institution": N_("School, A to Z"),
}
"""Orders that the search page offers."""
"""Why words of a search were read as they were."""

SECTIONS: Words = {
    Section.AWARD: N_("Degree or certificate"),
    Section.PLACE_AND_DELIVERY: N_("Location and class format"),
    Section.LENGTH: N_("Length"),
    Section.COST: N_("Cost"),
    Section.ACCREDITATION: N_("Accreditation"),
    Section.TRANSFER: N_("Transfer credits"),
    Section.PRACTICUM: N_("Practicum"),
    Section.CREDENTIALS: N_("Credentials and curriculum"),
    Section.OUTCOMES: N_("Outcomes"),
    Section.CHECKLIST: N_("Checklist"),
}
VERDICTS: Words = {
    Verdict.SAME: N_("The same"),
    Verdict.DIFFERS: N_("Differs"),
    Verdict.UNKNOWN: N_("Not all known"),
    Verdict.NOT_COMPARABLE: N_("Does not compare"),
}
SCHOOL_ANSWERS: Words = {
    Finding.UNKNOWN: N_("Not yet asked"),
    Finding.MET: N_("Yes"),
    Finding.PARTLY_MET: N_("Partly"),
    Finding.NOT_MET: N_("No"),
    Finding.PARTLY_KNOWN: N_("Known for the whole school"),
    Finding.UNCONFIRMED: N_("Said, not confirmed"),
    Finding.NOT_APPLICABLE: N_("Does not apply"),
}
"""What a school can answer, seen from whoever asks."""

COST_PARTS: Words = {
    CostComponent.TUITION: N_("Tuition"),
    CostComponent.FEES: N_("Fees"),
    CostComponent.TUITION_AND_FEES: N_("Tuition and fees"),
    CostComponent.BOOKS: N_("Books and supplies"),
    CostComponent.TECHNOLOGY: N_("Technology"),
    CostComponent.OTHER: N_("Other costs"),
    CostComponent.TOTAL: N_("Whole price"),
    CostComponent.REFUND_POLICY: N_("Refund policy"),
    CostComponent.PAYMENT_PLAN: N_("Payment plan"),
    "exam": N_("Exam of the credential"),
    "membership": N_("Membership of the issuer"),
    "renewal": N_("First renewal of the credential"),
}
AMOUNTS: Words = {
    **PRICE_UNITS,
    CostUnit.SEMESTER: N_("%(amount)s a semester"),
    CostUnit.QUARTER: N_("%(amount)s a quarter"),
    CostUnit.TERM: N_("%(amount)s a term"),
    CostUnit.CREDIT: N_("%(amount)s a credit"),
    CostUnit.CONTACT_HOUR: N_("%(amount)s a contact hour"),
    CostUnit.CLOCK_HOUR: N_("%(amount)s a clock hour"),
    CostUnit.COURSE: N_("%(amount)s a course"),
    CostUnit.MONTH: N_("%(amount)s a month"),
}
"""Amounts with what they are charged for."""

PACES: Words = {Pace.FULL: N_("Full time"), Pace.PART: N_("Part time, 6 credits a term")}

OPENINGS: Words = {
    Answer.YES: N_("Its graduates may take it"),
    Answer.NO: N_("Its graduates may not take it"),
    Answer.NOT_YET: N_("Its graduates may not take it yet"),
    Answer.UNKNOWN: N_("Not known whether its graduates may take it"),
}
"""Whether an exam is open to the graduates of a program."""

METRICS: Words = {metric: outcome.label for metric, outcome in OUTCOMES.items()}

SERVICES: Words = {
    ServiceKind.CAREER_SERVICES: N_("Career services"),
    ServiceKind.RESUME_BUILDING: N_("Help with a résumé"),
    ServiceKind.MOCK_INTERVIEWS: N_("Mock interviews"),
    ServiceKind.INTERNSHIP_PLACEMENT: N_("Placement in internships"),
    ServiceKind.EMPLOYMENT_SERVICES: N_("Employment services for students"),
    ServiceKind.PLACEMENT_SERVICES: N_("Placement services for graduates"),
    ServiceKind.DISTANCE_COURSES: N_("Courses online"),
    ServiceKind.DISTANCE_PROGRAMS: N_("Programs online"),
    ServiceKind.ALL_PROGRAMS_DISTANCE: N_("Every program online"),
}
PRACTICUM_FORMATS: Words = {
    PracticumFormat.ONSITE: N_("on site"),
    PracticumFormat.VIRTUAL: N_("virtual"),
    PracticumFormat.SIMULATION: N_("in a simulation"),
    PracticumFormat.MIXED: N_("in several forms"),
}
PRACTICUM_SITES: Words = {
    PracticumSite.ON_CAMPUS: N_("on the campus"),
    PracticumSite.LOCAL: N_("at a site near the student"),
}
ENROLLMENTS: Words = {
    EnrollmentStatus.OPEN: N_("Takes new students"),
    EnrollmentStatus.PAUSED: N_("Takes no new students at present"),
    EnrollmentStatus.DISCONTINUED: N_("Not offered any more"),
}
CONTACTS: Words = {
    ContactRole.PROGRAM_DIRECTOR: N_("Program director"),
    ContactRole.PROGRAM_COORDINATOR: N_("Program coordinator"),
    ContactRole.DEPARTMENT_CHAIR: N_("Department chair"),
    ContactRole.DEAN: N_("Dean's office"),
    ContactRole.ADVISOR: N_("Advisor"),
    ContactRole.ADMISSIONS: N_("Admissions"),
    ContactRole.DEPARTMENT: N_("Department"),
    ContactRole.PROGRAM: N_("Program office"),
}
CLAIMS: Words = {
    "accreditation": N_("Accreditation"),
    "cost": N_("Price"),
    "transfer": N_("Transfer credits"),
    "practicum": N_("Practicum"),
    "topic": N_("Curriculum topic"),
    "preparation": N_("Credential prepared for"),
    "outcome": N_("Outcome"),
    "field_outcome": N_("Earnings and debt of a field at the school"),
    "offering": N_("How it is offered"),
    "online_completion": N_("Can be completed online"),
    "service": N_("Service"),
    "status": N_("Open or closed"),
}
"""Kinds of claims."""

ASPECTS: Words = {
    "price": N_("Price"),
    "accreditation": N_("Accreditation"),
    "verified": N_("Verified"),
    "practicum": N_("Practicum"),
    "delivery": N_("Class format"),
    "distance": N_("Distance"),
}
"""Respects in which one program is better than another."""
PAYERS: Words = {
    "member": N_("members"),
    "non_member": N_("others"),
    "everybody": N_("everybody"),
}
FILLED: Words = {
    "roles": N_("roles"),
    "credentials": N_("credentials"),
    "good_fit_if": N_("for whom it is good"),
    "best_for": N_("whom it suits"),
    "skills_to_build": N_("skills"),
    "education": N_("education"),
    "education_levels": N_("education"),
    "soc_codes": N_("occupations"),
    "specialisations": N_("specialties"),
    "requirements": N_("what it asks for"),
}
"""Fields that were added to what the career guide says."""
REPORTED: Words = {
    "program": N_("A program"),
    "institution": N_("A school"),
    "credential": N_("A credential"),
    "work_setting": N_("A work setting"),
    "advancement_path": N_("A role to advance to"),
    "advancement_step": N_("A step between roles"),
    "guide_entry": N_("An entry of the career guide"),
    "source": N_("A source"),
    "statistic": N_("A figure on pay, jobs or growth"),
}
"""What a report can be on; the keys are those that reports take."""

REPORT_STATES: Words = {
    "open": N_("Waiting: no editor has decided yet"),
    "accepted": N_("Accepted: it became a change"),
    "declined": N_("Declined"),
}

FIRST_RESULTS: Words = {
    "credential": N_("Credential"),
    "institution": N_("School"),
    "guide": N_("Guide"),
    "figure": N_("Figures"),
    "accreditor": N_("Accreditor"),
    "advancement_path": N_("Role to grow into"),
    "statistic": N_("Figure"),
}
"""What answers a text and is no program."""

SUGGESTIONS: Words = {
    SuggestionKind.SCHOOL: N_("School"),
    SuggestionKind.FIELD: N_("Field"),
    SuggestionKind.PLACE: N_("Location"),
    SuggestionKind.CREDENTIAL: N_("Credential"),
    SuggestionKind.AWARD: N_("Degree or certificate"),
    SuggestionKind.OCCUPATION: N_("Occupation"),
}
"""What words that are being typed may become."""
