"""The sections of the career guide: what they are called, what each tells, and in which order."""

from collections.abc import Mapping, Sequence

from app.domain.messages import N_

SECTIONS: Mapping[str, tuple[str, str]] = {
    "overview": (
        N_("The work in short"),
        N_("What the job is, who needs it, and how people usually get in."),
    ),
    "duties": (N_("What technicians do"), N_("Five duties, and the roles each one leads to.")),
    "responsibilities": (
        N_("What they answer for"),
        N_("What is expected in daily work, and why it matters."),
    ),
    "skills": (N_("Skills to build"), N_("What the work asks of you, beyond knowing the codes.")),
    "fit": (
        N_("Is it for you?"),
        N_("Signs that the work suits you, and signs that it does not."),
    ),
    "education-options": (
        N_("Ways to study"),
        N_("Degree, certificate or credential: whom each one suits and what to check."),
    ),
    "timeline": (
        N_("How long it takes"),
        N_("The steps to a first job, with the months that are known and those that are not."),
    ),
    "online-education": (
        N_("Studying online"),
        N_("What it is good for, and what to compare before you choose."),
    ),
    "topics": (
        N_("Learning beyond the program"),
        N_("Practice, networks and extra study, each with a word of caution."),
    ),
    "questions": (
        N_("Questions to ask a school"),
        N_("What to find out before you enroll. A list to print and take along."),
    ),
    "mistakes": (
        N_("Mistakes to avoid"),
        N_("Six ways to choose badly, and the warnings that show them."),
    ),
    "faqs": (N_("Common questions"), N_("Short answers on education, experience and pay.")),
    "insights": (
        N_("Ten things to know"),
        N_("The main points, with figures set beside the official ones."),
    ),
    "salary-factors": (
        N_("What moves pay"),
        N_("Six things that decide it, beside what official surveys say."),
    ),
    "outlook": (
        N_("Where the field is going"),
        N_("Why it grows, and which directions are stronger."),
    ),
    "trends": (N_("Trends"), N_("What changes in the work, and what that means for you.")),
    "challenges": (
        N_("What is hard about it"),
        N_("The parts of the job that wear people out, and the skills that help."),
    ),
}
"""Section -> its title and what it tells, in reading order."""

PARTS: Sequence[tuple[str, Sequence[str]]] = (
    (N_("The work"), ("overview", "duties", "responsibilities", "skills", "fit")),
    (N_("Getting in"), ("education-options", "timeline", "online-education", "topics")),
    (N_("Choosing a program"), ("questions", "mistakes", "faqs")),
    (
        N_("What comes of it"),
        ("insights", "salary-factors", "outlook", "trends", "challenges"),
    ),
)
MORE = N_("More")
"""What sections without a part stand under."""

LEFT_OUT = (
    N_(
        "Three opinions of graduates that the article quotes: they bear first names only, neither "
        "date nor source, and nobody can verify them."
    ),
)
"""What the source of the guide says and the guide leaves out on purpose, and why."""
