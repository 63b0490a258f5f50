"""The words of the field and of this interface, explained for people who meet them first here."""

from dataclasses import dataclass

from app.domain.messages import N_


@dataclass(frozen=True, slots=True)
class Term:
    """A word; ``fields`` are where answers hold it, ``shown_by`` the operations to see it in.

    ``key`` is the end of its address, ``/docs/glossary#{key}``.
    """

    key: str
    word: str
    text: str
    shown_by: tuple[str, ...]
    fields: tuple[str, ...] = ()


TERMS = (
    Term(
        "accreditation",
        N_("Accreditation"),
        N_(
            "The judgment of an outside body that a school, or a single program, meets its "
            "standards. The two are decided apart: a college can be accredited while its program "
            "is not, and the program is what the RHIT and RHIA exams ask about."
        ),
        ("get_program", "list_accreditors", "list_programs"),
        ("accreditation",),
    ),
    Term(
        "aligned",
        N_("Aligned, which is not accredited"),
        N_(
            "A school says that its courses follow the standards of an accreditor or the content "
            "of an exam. That is the school's word alone: nobody outside has looked, and exams "
            "that ask for an accredited program do not take it for one."
        ),
        ("list_accreditors", "get_program_checklist"),
        ("status",),
    ),
    Term(
        "articulation",
        N_("Articulation agreement"),
        N_(
            "A written promise between two schools that credits earned at the one count toward a "
            "degree of the other, for example an associate degree toward a bachelor's degree."
        ),
        ("get_program", "get_program_checklist"),
        ("transfer",),
    ),
    Term(
        "as-of",
        N_("As of"),
        N_(
            "The day, month or academic year that a fact was true, as far as its source tells. As "
            "a parameter, as_of asks how things stand on another day, since facts grow stale."
        ),
        ("get_program", "get_program_checklist"),
        ("as_of",),
    ),
    Term(
        "award",
        N_("Award (degree or certificate)"),
        N_(
            "What a school confers at the end of a program: a certificate, an associate, "
            "bachelor's, master's or doctoral degree. What a certifier confers is a credential."
        ),
        ("list_programs", "get_program"),
        ("award_level",),
    ),
    Term(
        "basis",
        N_("Basis"),
        N_(
            "On whose word a fact rests: the issuer of a credential, an accreditor, the "
            "government, the school itself, a third party, or our own judgment. Where two "
            "disagree, the one nearer to the matter leads and the other stays readable."
        ),
        ("list_program_claims", "get_program"),
        ("basis",),
    ),
    Term(
        "cahiim",
        N_("CAHIIM"),
        N_(
            "The Commission on Accreditation for Health Informatics and Information Management "
            "Education, which accredits degree programs in health information management and "
            "informatics. Other fields have another accreditor, such as CAHME for master's "
            "programs in health administration, or none: there the question does not apply."
        ),
        ("list_accreditors", "get_program_checklist"),
        ("accreditation",),
    ),
    Term(
        "candidacy",
        N_("Candidacy"),
        N_(
            "A program has applied to the accreditor and is being looked at, but no decision has "
            "been made. It may still be refused, so the checklist counts it as partly met."
        ),
        ("list_accreditors", "get_program_checklist"),
        ("status",),
    ),
    Term(
        "ceu",
        N_("CEU"),
        N_(
            "Continuing education unit: what holders of a credential have to collect in every "
            "cycle to keep it. How many count, and for what, is the issuer's rule."
        ),
        ("find_renewal_plan", "get_credential"),
        ("ceu_per_cycle",),
    ),
    Term(
        "cip",
        N_("CIP code"),
        N_(
            "Classification of Instructional Programs: the government's number for a field of "
            "study. 51.0707 is health information technology, 51.0706 its administration, 51.0713 "
            "insurance coding."
        ),
        ("list_programs", "look_up_identifier"),
        ("cip_code",),
    ),
    Term(
        "claim",
        N_("Claim"),
        N_(
            "One statement by one source, such as a tuition for one year. Claims are never "
            "overwritten: a newer one supersedes an older one, and those that contradict each "
            "other stand side by side."
        ),
        ("list_program_claims",),
    ),
    Term(
        "coverage",
        N_("Coverage"),
        N_(
            "The known share of what a score is made of, from 0 to 1. A high score with a low "
            "coverage says little yet."
        ),
        ("get_program_checklist", "list_programs"),
        ("coverage",),
    ),
    Term(
        "credential",
        N_("Credential"),
        N_(
            "What a professional body certifies after an exam, such as RHIT, CCS or CPC. A school "
            "prepares for it but cannot confer it."
        ),
        ("list_credentials", "get_credential"),
        ("credential", "prepares_for"),
    ),
    Term(
        "dominance",
        N_("Dominance"),
        N_(
            "One program is at least as good as another on every criterion, whatever weight a "
            "student gives to each. It is told only where it is certain in spite of all that is "
            "unknown."
        ),
        ("compare_programs",),
        ("dominance",),
    ),
    Term(
        "eligibility-route",
        N_("Eligibility route"),
        N_(
            "One of the ways to be admitted to an exam, for example by graduating from an "
            "accredited program, or by another credential together with years of work. One route "
            "is enough."
        ),
        ("get_eligibility", "get_credential"),
        ("eligibility",),
    ),
    Term(
        "evidence",
        N_("Evidence"),
        N_(
            "What stands behind a fact: its source, the address of the page, the day it is as of "
            "and its basis. A fact without a date never counts as fully met."
        ),
        ("get_program", "list_sources"),
        ("evidence",),
    ),
    Term(
        "finding",
        N_("Finding"),
        N_(
            "The answer to one check: met, partly met, not met, unknown or not applicable. "
            "Unknown is never counted as not met; it is what a student has to ask."
        ),
        ("get_program_checklist", "score_answers"),
        ("finding",),
    ),
    Term(
        "gate",
        N_("Gate"),
        N_(
            "A consequence that no other strength makes up for: graduates of a program known not "
            "to lead to the RHIT or RHIA exam cannot take it by the usual route, however good the "
            "rest is."
        ),
        ("get_program_checklist", "compare_programs"),
        ("gates",),
    ),
    Term(
        "interval",
        N_("Interval"),
        N_(
            "A score is told as low, likely and high. Low is the least that the findings leave "
            "possible and high the most; likely takes what is said at its word. Whatever is "
            "answered, the new interval lies inside the old one."
        ),
        ("get_program_checklist", "list_programs"),
        ("score",),
    ),
    Term(
        "leads-to",
        N_("Leads to"),
        N_(
            "Whether graduates of a program may take an exam by the route its level is meant for: "
            "yes, no, or not known, each with the rule of the issuer that decided."
        ),
        ("get_program", "list_programs"),
        ("leads_to",),
    ),
    Term(
        "net-price",
        N_("Net price"),
        N_(
            "What a year at a school costs its aided first-time undergraduates on average: "
            "tuition, books and living costs less grants, at public schools for residents. It is "
            "of the whole school, so it is no price of a program and in no total or score."
        ),
        ("list_programs", "get_institution"),
        ("net_price", "max_net_price_usd"),
    ),
    Term(
        "opeid",
        N_("OPEID"),
        N_(
            "The eight digits under which the Department of Education knows a school for federal "
            "student aid. Branches share the first six."
        ),
        ("look_up_identifier", "get_institution"),
        ("opeid",),
    ),
    Term(
        "partly-known",
        N_("Partly known"),
        N_(
            "Known for the school as a whole, dated and fresh, but not for the program: its own "
            "answer can only be as good or better, so half the points are sure and the rest is "
            "open."
        ),
        ("get_program_checklist",),
        ("partly_known",),
    ),
    Term(
        "practicum",
        N_("Practicum, PPE"),
        N_(
            "Supervised practice in a real or simulated workplace as part of a program. Schools "
            "call it professional practice experience (PPE), externship, internship or clinical."
        ),
        ("get_program", "get_program_checklist"),
        ("practicum",),
    ),
    Term(
        "program",
        N_("Program"),
        N_(
            "One award in one field of study at one school. Where a source tells campuses apart, "
            "each campus has its own."
        ),
        ("list_programs", "get_program"),
        ("slug",),
    ),
    Term(
        "release",
        N_("Release"),
        N_(
            "A published state of the catalog, with a number. Changes gather in a draft and "
            "become visible together; every answer names the release it is from."
        ),
        ("list_releases", "list_changes"),
        ("release",),
    ),
    Term(
        "rhit",
        N_("RHIT, RHIA"),
        N_(
            "Registered Health Information Technician and Registered Health Information "
            "Administrator, two credentials of AHIMA. The usual way to the first is an accredited "
            "associate degree in the field, to the second an accredited bachelor's or master's "
            "degree."
        ),
        ("get_credential", "list_credentials"),
        ("leads_to",),
    ),
    Term(
        "rubric",
        N_("Rubric"),
        N_(
            "The published rules of the checklist: four criteria, their checks, the points of "
            "each and the reason for it. It measures what can be verified, not how good the "
            "teaching is."
        ),
        ("list_rubrics", "get_program_checklist"),
        ("rubric",),
    ),
    Term(
        "soc",
        N_("SOC code"),
        N_(
            "Standard Occupational Classification: the government's number for an occupation, to "
            "which figures on pay and employment belong. 29-2072 is medical records specialists."
        ),
        ("list_occupations", "get_occupation", "look_up_identifier"),
        ("soc_code",),
    ),
    Term(
        "stale",
        N_("Stale"),
        N_(
            "Too old to be trusted: three years for accreditation and facts of credentials, five "
            "for costs, transfer and practicum. It is still shown with its date, but the "
            "checklist counts it as unconfirmed and asks about it first."
        ),
        ("get_program", "get_program_checklist"),
        ("stale",),
    ),
    Term(
        "tie-band",
        N_("Tie band"),
        N_(
            "Programs whose intervals overlap, so that what is known does not put one before "
            "another. Their rank is a range."
        ),
        ("compare_programs",),
        ("tie_bands", "ranks"),
    ),
    Term(
        "title-iv",
        N_("Title IV"),
        N_(
            "The part of the Higher Education Act that holds federal grants and loans. Only "
            "accredited schools take part, which makes taking part evidence that the school, not "
            "the program, is accredited."
        ),
        ("get_program_checklist", "get_institution"),
        ("institution_accredited",),
    ),
    Term(
        "unconfirmed",
        N_("Unconfirmed"),
        N_(
            "Somebody says so, but without a date, too long ago, or without naming award and "
            "campus. It earns no points for sure, is counted at its word in the likely score, and "
            "is asked about first."
        ),
        ("get_program_checklist",),
        ("unconfirmed",),
    ),
    Term(
        "unitid",
        N_("UNITID"),
        N_(
            "The number of a school in IPEDS, the federal survey of colleges. It is the surest "
            "way to name a school, since names repeat and change: 202222 is Columbus State "
            "Community College."
        ),
        ("get_institution", "look_up_identifier"),
        ("unitid",),
    ),
    Term(
        "unknown",
        N_("Unknown"),
        N_(
            "Nobody has said so yet, as far as we know. It is told as null or as the finding "
            "unknown, and never means no, none or 0; a number that is withheld or does not apply "
            "says so in a status of its own."
        ),
        ("get_program", "get_completeness"),
        ("value_status",),
    ),
    Term(
        "weights",
        N_("Weights"),
        N_(
            "How much each of the four criteria counts for one student. Without any, all count "
            "alike; no weight removes a gate."
        ),
        ("compare_programs", "get_program_checklist"),
        ("weights",),
    ),
)
"""All terms, by their keys in alphabetical order."""

TERM_OF_FACT = {
    "accredited": "accreditation",
    "leads_to": "leads-to",
    "transfer": "articulation",
    "program_accreditation": "accreditation",
    "institution_accreditation": "title-iv",
    "practicum": "practicum",
    "articulation": "articulation",
    "cip_code": "cip",
    "prepares_for": "leads-to",
    "net_price": "net-price",
    "score": "interval",
    "eligibility": "eligibility-route",
    "eligibility_route": "eligibility-route",
    "routes": "eligibility-route",
    "ceu_per_cycle": "ceu",
}
"""Fact of a program or a credential, as tables have it -> the term that explains its label."""

TERM_OF = {term.key: term for term in TERMS}
"""Key -> term."""
