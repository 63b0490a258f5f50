"""The questions of a counselor, each declared once: what is asked, of which address, as a table.

A question is a form, an address of the interface and the columns of its answer; pages, links,
spreadsheets and tests are made from what is said here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.domain.messages import N_
from app.domain.vocabulary import CERTIFICATE, AwardLevel
from app.schemas.programs import ProgramFilters, ProgramSearch
from app.site import words
from app.site.pages import cells
from app.site.pages.cells import Show
from app.site.pages.data import FIELDS
from app.site.words import Words


class Kind(StrEnum):
    """How a field is filled in."""

    STATE = "state"
    PLACE = "place"
    PROGRAM = "program"
    CREDENTIAL = "credential"
    ROLE = "role"
    CHOICE = "choice"
    NUMBER = "number"
    DAY = "day"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form.

    ``key`` is its name in the address of the page, ``parameter`` that in the address of the
    interface; ``usual`` is taken where nothing is filled in, ``example`` makes the example of the
    question, ``blank`` is the choice of nothing. A field without a value is left out, unless it is
    needed.
    """

    key: str
    label: str
    kind: Kind
    parameter: str
    example: str = ""
    is_needed: bool = False
    usual: str = ""
    hint: str = ""
    blank: str = N_("Any")
    choices: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer, or a line above it: where its value stands and how it is said.

    ``to`` is the page that the value leads to, with places for what stands in the row; ``note``
    says more of it, by the row. Without a value it is not known, unless ``may_be_empty``.
    ``is_name``: its label is the same in every language.
    """

    label: str
    at: str
    show: Show = cells.name
    to: str = ""
    note: Show | None = None
    may_be_empty: bool = False
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a counselor.

    Args:
        key: End of its address.
        title: The question.
        lead: What the answer is, in a sentence.
        address: Template of the address of the interface that answers it.
        fields: What is filled in.
        columns: Of the table.
        rows: Paths to the lists whose entries are the rows.
        fixed: Parameters of the address that nobody fills in.
        more: Makes further columns of an answer, one for each of what is put side by side.
        above: Lines above the table, of the answer as a whole.
        page: The page that shows the same, with places for what is filled in.
        page_takes: Parameter of the address -> its name on that page.
        csv: The same as CSV in the interface; without it the table itself is sent.
        csv_takes: Parameters of the address that this one takes too.
    """

    key: str
    title: str
    lead: str
    address: str
    fields: Sequence[Field]
    columns: Sequence[Column]
    rows: Sequence[str] = ("items",)
    fixed: Sequence[tuple[str, str]] = ()
    more: Callable[[Any], Sequence[Column]] | None = None
    above: Sequence[Column] = ()
    page: str = "/"
    page_takes: Mapping[str, str] = field(default_factory=dict)
    csv: str = ""
    csv_takes: Sequence[str] = ()

    @property
    def examples(self) -> dict[str, str]:
        """The fields of its example -> what is filled in."""
        return {one.key: one.example for one in self.fields if one.example}


@dataclass(frozen=True, slots=True)
class Group:
    """Questions on one subject."""

    key: str
    title: str
    questions: Sequence[Question]


ROWS_A_PAGE = "25"

SHORTER: Words = {
    CERTIFICATE: N_("Any certificate"),
    AwardLevel.CERTIFICATE_UNDER_12_WEEKS: words.AWARDS[AwardLevel.CERTIFICATE_UNDER_12_WEEKS],
    AwardLevel.CERTIFICATE_UNDER_1_YEAR: words.AWARDS[AwardLevel.CERTIFICATE_UNDER_1_YEAR],
    AwardLevel.CERTIFICATE_1_TO_2_YEARS: words.AWARDS[AwardLevel.CERTIFICATE_1_TO_2_YEARS],
}

STATE = Field("state", N_("State of the school"), Kind.STATE, "state", "OH")
HOME = Field(
    "home_state",
    N_("State where the student lives"),
    Kind.STATE,
    "home_state",
    "OH",
    blank=N_("Not stated"),
)
ANYWHERE = replace(HOME, example="")
AWARD = Field(
    "award", N_("Degree or certificate"), Kind.CHOICE, "award_level", choices=words.AWARDS
)
PROGRAM = Field(
    "about",
    N_("Program"),
    Kind.PROGRAM,
    "slug",
    "sinclair health information technology",
    is_needed=True,
    hint=N_("School and program as you would say them"),
)
CREDENTIAL = Field("credential", N_("Credential"), Kind.CREDENTIAL, "code", "RHIT", is_needed=True)

PROGRAMS = (
    Column(N_("School"), "institution.name", to="/institutions/{institution.slug}"),
    Column(N_("Program"), "name", to="/programs/{slug}"),
    Column(N_("Location"), "institution", cells.place),
    Column(N_("Degree or certificate"), "award_level", cells.word(words.AWARDS)),
    Column(N_("Accredited"), "", cells.accredited),
    Column(N_("Class format"), "", cells.class_format),
    Column(N_("Length"), "months", cells.months),
    Column(N_("Cost in all"), "total_cost", cells.whole_cost, note=cells.for_whom),
    Column(N_("Leads to the exam"), "leads_to", cells.leads_to),
    Column(N_("Graduates per year"), "completions.count", cells.number),
)
WHO_SAYS = Column(N_("Who says so"), "evidence", cells.citations, may_be_empty=True)
TO_ASK = Column(N_("To ask"), "ask", cells.told, may_be_empty=True)
WHOM = Column(N_("Whom to ask"), "whom", cells.told, may_be_empty=True)
FACTS = (
    Column(N_("Fact"), "", cells.fact_label),
    Column(N_("What is known"), "", cells.fact),
    Column(N_("Note"), "note", cells.told, may_be_empty=True),
    Column(N_("Who says so"), "", cells.fact_source, may_be_empty=True),
    replace(TO_ASK, at="question"),
)


def of_programs(
    key: str,
    title: str,
    lead: str,
    fields: Sequence[Field],
    *fixed: tuple[str, str],
    columns: Sequence[Column] = PROGRAMS,
) -> Question:
    """Return a question that a list of programs answers."""
    return Question(
        key,
        title,
        lead,
        "/v1/programs",
        fields,
        columns,
        fixed=[*fixed, ("limit", ROWS_A_PAGE)],
        page_takes={name: name for name in ProgramSearch.model_fields},
        csv="/v1/export/programs.csv",
        csv_takes=list(ProgramFilters.model_fields),
    )


def of_facts(key: str, title: str, lead: str, *names: str) -> Question:
    """Return a question that some facts of a credential answer."""
    return Question(
        key,
        title,
        lead,
        "/v1/credentials/{code}",
        [CREDENTIAL],
        FACTS,
        rows=["rows"],
        fixed=[
            ("view", "facts"),
            *(("field", name) for name in names),
            ("standing", "leading"),
            ("standing", "unknown"),
        ],
        page="/credentials/{code}",
    )


def compared(answer: Any) -> list[Column]:
    """Return a column for each program of a comparison."""
    return [
        Column(
            f"{one.institution}: {one.name}",
            "",
            cells.compared(at),
            is_name=True,
        )
        for at, one in enumerate(answer.checklists)
    ]


def compared_credentials(answer: Any) -> list[Column]:
    """Return a column for each credential of a comparison."""
    return [
        Column(one.code, f"values.{at}", cells.leading, is_name=True)
        for at, one in enumerate(answer.credentials)
    ]


FIND = Group(
    "find",
    N_("Find programs"),
    [
        of_programs(
            "accredited",
            N_("Which programs are accredited?"),
            N_("Programs of which somebody says that the accreditor of the field accredits them."),
            [replace(STATE, example=""), AWARD, ANYWHERE],
            ("accreditation", "accredited"),
        ),
        of_programs(
            "online",
            N_("Which programs are online?"),
            N_("Programs that are taught online or, as far as is told, can be completed so."),
            [STATE, AWARD, ANYWHERE],
            ("delivery", "online"),
        ),
        of_programs(
            "price",
            N_("What can be studied under a price by residents of my state?"),
            N_("The cheapest first, with the whole cost to the credential at their prices."),
            [
                replace(HOME, is_needed=True),
                Field(
                    "price",
                    N_("Whole cost at most ($)"),
                    Kind.NUMBER,
                    "max_total_cost_usd",
                    "20000",
                    is_needed=True,
                ),
                STATE,
                AWARD,
            ],
            ("sort", "total_cost"),
        ),
        of_programs(
            "near",
            N_("Which programs are near a place?"),
            N_("The nearest first, whatever their class format."),
            [
                Field(
                    "place",
                    N_("ZIP code or city"),
                    Kind.PLACE,
                    "near",
                    "45402",
                    is_needed=True,
                ),
                Field("miles", N_("Miles around it"), Kind.NUMBER, "within_miles", usual="50"),
                AWARD,
                ANYWHERE,
            ],
            ("include_online", "false"),
        ),
        of_programs(
            "prepare",
            N_("Which programs prepare for RHIT or another credential?"),
            N_("Programs whose schools say so. Others may prepare for it too, and do not say."),
            [
                replace(CREDENTIAL, parameter="credential"),
                replace(STATE, example=""),
                AWARD,
                ANYWHERE,
            ],
        ),
        of_programs(
            "short",
            N_("Which short certificates are there?"),
            N_("Certificates below a degree, such as those in medical coding."),
            [
                replace(
                    AWARD,
                    label=N_("Kind of certificate"),
                    usual=CERTIFICATE,
                    choices=SHORTER,
                ),
                STATE,
                ANYWHERE,
            ],
        ),
    ],
)

ABOUT = Group(
    "about",
    N_("About one program"),
    [
        Question(
            "cost",
            N_("What does a program cost in all for my student?"),
            N_("Every part up to the exam, with what is not known and whom to ask for it."),
            "/v1/programs/{slug}/total-cost",
            [
                PROGRAM,
                HOME,
                Field("pace", N_("Pace"), Kind.CHOICE, "pace", usual="full", choices=words.PACES),
            ],
            [
                Column(N_("Part"), "component", cells.word(words.COST_PARTS)),
                Column(N_("Amount"), "", cells.amounts),
                Column(N_("How it is counted"), "reason", cells.told),
                WHO_SAYS,
                TO_ASK,
                WHOM,
            ],
            rows=["components", "missing"],
            above=[
                Column(N_("Cost in all"), "total", cells.whole_cost),
                Column(N_("Prices hold"), "for_whom", cells.told),
                Column(N_("For residents of the state"), "in_state", cells.amounts),
                Column(N_("For everybody else"), "out_of_state", cells.amounts),
            ],
            page="/programs/{slug}",
            page_takes={"home_state": "home_state", "pace": "pace"},
        ),
        Question(
            "ask",
            N_("What is to be asked of the school?"),
            N_("Every question that nothing published answers, and whom to ask."),
            "/v1/programs/{slug}/checklist",
            [PROGRAM],
            [
                Column(N_("Question"), "ask", cells.told),
                WHOM,
            ],
            rows=["questions"],
            above=[
                Column(N_("Questions answered"), "score.coverage", cells.share),
            ],
            page="/programs/{slug}/letter",
        ),
        Question(
            "accreditation",
            N_("Is a program accredited, and who says so?"),
            N_("Every question on accreditation, with the answer and its source."),
            "/v1/programs/{slug}/checklist",
            [PROGRAM],
            [
                Column(N_("Question"), "label", cells.told),
                Column(N_("Answer"), "finding", cells.finding(words.FINDINGS)),
                Column(N_("Why"), "reason", cells.told, may_be_empty=True),
                WHO_SAYS,
                replace(TO_ASK, at="question"),
            ],
            rows=["criteria.accreditation.checks"],
            page="/programs/{slug}",
        ),
        Question(
            "transfer",
            N_("Do earlier credits count in a program?"),
            N_("What is published on credits brought in, and what is left to ask."),
            "/v1/programs/{slug}/transfer",
            [
                PROGRAM,
                Field(
                    "credits", N_("Semester credits earned so far"), Kind.NUMBER, "credits", "30"
                ),
                Field("school", N_("School where they were earned"), Kind.TEXT, "from"),
            ],
            [
                Column(N_("What is known"), "text", cells.told, may_be_empty=True),
                WHO_SAYS,
                TO_ASK,
                WHOM,
            ],
            rows=["grounds", "questions"],
            above=[
                Column(N_("In short"), "summary", cells.told),
                Column(N_("Credits that count"), "counted", cells.credits_between),
                Column(N_("Credits left"), "left", cells.credits_between),
                Column(N_("Time left"), "months_left", cells.months),
            ],
            page="/programs/{slug}",
        ),
    ],
)

COMPARE = Group(
    "compare",
    N_("Compare programs"),
    [
        Question(
            "compare",
            N_("How do two to four programs compare?"),
            N_("Every fact, side by side."),
            "/v1/comparison",
            [
                replace(PROGRAM, key="first", label=N_("First program"), parameter="program"),
                replace(
                    PROGRAM,
                    key="second",
                    label=N_("Second program"),
                    parameter="program",
                    example="owens health information technology",
                ),
                *(
                    replace(
                        PROGRAM,
                        key=key,
                        label=label,
                        parameter="program",
                        example="",
                        is_needed=False,
                    )
                    for key, label in (
                        ("third", N_("Third program")),
                        ("fourth", N_("Fourth program")),
                    )
                ),
                HOME,
            ],
            [Column(N_("Fact"), "", cells.compared_label)],
            rows=["rows"],
            more=compared,
            page="/compare",
            page_takes={"program": "program", "home_state": "home_state"},
            csv="/v1/export/comparison.csv",
            csv_takes=["program", "home_state"],
        )
    ],
)

CREDENTIALS = Group(
    "credentials",
    N_("Credentials"),
    [
        Question(
            "sit",
            N_("Who may take an exam, and may my student?"),
            N_("Every way to the exam, and whether it is open to graduates of a program."),
            "/v1/eligibility",
            [
                replace(CREDENTIAL, parameter="credential"),
                replace(PROGRAM, parameter="program", is_needed=False),
                Field(
                    "education",
                    N_("Highest education completed"),
                    Kind.CHOICE,
                    "education",
                    blank=N_("Not stated"),
                    choices=words.EDUCATIONS,
                ),
            ],
            [
                Column(N_("Way to the exam"), "text", cells.told),
                Column(
                    N_("Open to the student"),
                    "answer",
                    cells.finding(words.ANSWERS, words.ANSWER_MARKS),
                ),
                WHO_SAYS,
            ],
            rows=["routes"],
            above=[
                Column(N_("Answer"), "answer", cells.finding(words.ANSWERS, words.ANSWER_MARKS)),
                Column(N_("Why"), "reason", cells.told),
            ],
            page="/credentials/{credential}",
            page_takes={"program": "studied", "education": "education"},
        ),
        of_facts(
            "exam",
            N_("What does an exam cost, and how is it taken?"),
            N_("Fees, length and pass mark, each with who says so and what is not known."),
            *("exam_fee", "membership_fee", "retake_fee", "exam_items", "exam_minutes"),
            *("pass_mark", "retest_wait_days", "exam_host", "books"),
        ),
        of_facts(
            "renewal",
            N_("How is a credential renewed?"),
            N_("Cycle, units and fees, each with who says so and what is not known."),
            *("renewal_cycle_months", "ceu_per_cycle", "renewal_fee", "membership_fee"),
            *("renewal_rule", "ceu_domain_share", "ceu_source_share"),
            *("ceu_multiple_credentials", "grace_period", "reinstatement_rule"),
        ),
        Question(
            "credentials",
            N_("How do credentials compare, side by side?"),
            N_("Fees, exam and renewal of two to four credentials, as far as anybody tells."),
            "/v1/credentials/comparison",
            [
                replace(
                    CREDENTIAL, key="one", label=N_("First credential"), parameter="credential"
                ),
                replace(
                    CREDENTIAL,
                    key="two",
                    label=N_("Second credential"),
                    parameter="credential",
                    example="CCS",
                ),
                *(
                    replace(
                        CREDENTIAL,
                        key=key,
                        label=label,
                        parameter="credential",
                        example="",
                        is_needed=False,
                        blank=N_("None"),
                    )
                    for key, label in (
                        ("three", N_("Third credential")),
                        ("four", N_("Fourth credential")),
                    )
                ),
            ],
            [Column(N_("Fact"), "label", cells.told)],
            rows=["rows"],
            more=compared_credentials,
            page="/credentials/compare",
            page_takes={"credential": "credential"},
        ),
    ],
)

CAREERS = Group(
    "careers",
    N_("Careers"),
    [
        Question(
            "pay",
            N_("What does the work pay in my state?"),
            N_("Official pay of every occupation of the field in a state, beside the country."),
            "/v1/areas/{code}",
            [replace(STATE, label=N_("State"), parameter="code", is_needed=True)],
            [
                Column(N_("Occupation"), "occupation", cells.english_name),
                Column(N_("Half earn less than"), "annual_median", cells.dollars),
                Column(N_("One in ten earns less than"), "annual_p10", cells.dollars),
                Column(N_("One in ten earns more than"), "annual_p90", cells.dollars),
                Column(N_("Half earn less in the country"), "national_median", cells.dollars),
                Column(N_("Jobs"), "employment", cells.number),
                WHO_SAYS,
            ],
            rows=["occupations"],
            page="/statistics",
            page_takes={"code": "state"},
        ),
        Question(
            "plan",
            N_("How does one get from here to a role?"),
            N_("The steps in their order, with time, cost and whether each is open by then."),
            "/v1/advancement-plans",
            [
                Field(
                    "aim",
                    N_("Role or credential to reach"),
                    Kind.ROLE,
                    "target",
                    "cdi-specialist",
                    is_needed=True,
                ),
                replace(
                    CREDENTIAL,
                    label=N_("Credential held"),
                    parameter="credentials",
                    is_needed=False,
                    blank=N_("None"),
                ),
                Field(
                    "education",
                    N_("Highest education completed"),
                    Kind.CHOICE,
                    "education",
                    blank=N_("Not stated"),
                    choices=words.EDUCATIONS,
                ),
                Field(
                    "years",
                    N_("Years of work in the field"),
                    Kind.NUMBER,
                    "experience_years",
                ),
            ],
            [
                Column(N_("Step"), "label", cells.told),
                Column(N_("Kind"), "kind", cells.word(words.STEP_KINDS)),
                Column(
                    N_("Open by then"),
                    "answer",
                    cells.finding(words.ANSWERS, words.ANSWER_MARKS),
                ),
                Column(N_("Why"), "reason", cells.told),
                Column(N_("Time"), "months", cells.months),
                Column(N_("Cost"), "cost", cells.amounts),
                WHO_SAYS,
            ],
            rows=["steps"],
            above=[
                Column(N_("Time in all"), "months", cells.months),
                Column(N_("Cost in all"), "cost_text", cells.told),
            ],
            page="/advancement-plans",
            page_takes={
                "target": "target",
                "credentials": "held",
                "education": "education",
                "experience_years": "experience_years",
            },
        ),
    ],
)

DATA = Group(
    "data",
    N_("The data itself"),
    [
        of_programs(
            "changed",
            N_("What changed since a day?"),
            N_("Programs of which a fact was added or changed on that day or later."),
            [
                Field(
                    "since",
                    N_("Since"),
                    Kind.DAY,
                    "updated_since",
                    "2026-01-01",
                    is_needed=True,
                ),
                STATE,
            ],
            columns=[*PROGRAMS[:4], Column(N_("Changed on"), "updated_at", cells.day)],
        ),
        Question(
            "known",
            N_("What is known of the programs of my state?"),
            N_("Fact by fact, for how many programs it is known."),
            "/v1/completeness",
            [replace(STATE, label=N_("State"))],
            [
                Column(N_("Fact"), "field", cells.word(FIELDS)),
                Column(N_("Known of"), "known", cells.number),
                Column(N_("Programs in all"), "total", cells.number),
                Column(N_("Share"), "share", cells.share),
            ],
            rows=["collections.programs.fields", "collections.program_claims.fields"],
            page="/data",
        ),
        of_programs(
            "programs",
            N_("Where are all programs of my state as a spreadsheet?"),
            N_("Every program with what decides; the CSV below has all of them in one file."),
            [STATE, AWARD, ANYWHERE],
        ),
        Question(
            "figures",
            N_("Which figures does the career guide quote?"),
            N_("Every figure with what it counts, and who gives it."),
            "/v1/statistics",
            [],
            [
                Column(N_("Figure"), "label", cells.told, to="/statistics/{slug}"),
                Column(N_("Value"), "", cells.figure),
                Column(N_("What it counts"), "population", cells.told),
                Column(N_("As given by"), "attributed_to", cells.english_name),
                WHO_SAYS,
            ],
            fixed=[("source", "source-article"), ("limit", "100")],
            page="/statistics",
        ),
    ],
)

GROUPS = (FIND, ABOUT, COMPARE, CREDENTIALS, CAREERS, DATA)
QUESTIONS = {one.key: one for group in GROUPS for one in group.questions}
