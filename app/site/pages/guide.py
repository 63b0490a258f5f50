"""The career guide ready to be set: sections in a reading order, entries with what they lead to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.domain.checklist.rubric import Rubric
from app.domain.messages import N_
from app.domain.vocabulary import in_words
from app.schemas.guide import GuideEntryRead, GuideSection
from app.schemas.pages import Evidence
from app.schemas.statistics import StatisticRead
from app.site.pages.statistics import FigureView, figure_view
from app.site.pages.visits import Visit
from app.site.words import TOPICS, Words
from app.site.writing import Phrase, Said, Writer

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
KINDS: Words = {
    "step": N_("Step by step"),
    "option": N_("The options"),
    "fact": N_("Good to know"),
    "key_point": N_("Key points"),
    "entry_role": N_("First jobs"),
    "study_tactic": N_("Ways to study for the exam"),
}
TEXTS: Words = {
    "summary": "",
    "what": "",
    "question": "",
    "answer": "",
    "asks": "",
    "how": "",
    "best_for": "",
    "months_note": N_("How long"),
    "why": N_("Why it matters"),
    "good_fit": N_("A good sign"),
    "not_fit": N_("A poor sign"),
    "better_approach": N_("A better way"),
    "implication": N_("What it means for you"),
    "advice": N_("Advice"),
    "decision_point": N_("To decide"),
    "caution": N_("Careful"),
}
"""Field with prose -> what stands before it, in reading order."""

UNSCORED_WORDS: Words = {
    "certification_alignment": N_("Exams it prepares for"),
    "employer_recognition": N_("Recognition by employers"),
    "resume_building": N_("Help with a resume"),
    "mock_interviews": N_("Practice interviews"),
    **TOPICS,
}

PROGRAMS: Mapping[str, tuple[str, str]] = {
    "education-options/associate_hit": ("award_level", "associate"),
    "education-options/billing_coding_certificate": ("award_level", "certificate"),
    "education-options/bachelor_him_or_admin": ("award_level", "bachelor"),
    "online-education/helps_with": ("delivery", "online"),
}
"""Entry, as section/slug -> the filter of the search that finds such programs."""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section as a card, or as the name of a page."""

    key: str
    title: Phrase
    line: str
    count: str
    url: str


@dataclass(frozen=True, slots=True)
class PartView:
    """Sections that belong together."""

    title: str
    sections: Sequence[SectionView]


@dataclass(frozen=True, slots=True)
class Text:
    """Prose of an entry; ``label`` tells what it is, where it is not plain."""

    field: str
    label: str
    text: Phrase


@dataclass(frozen=True, slots=True)
class Link:
    """Where an entry leads; without an address it is only named."""

    text: Phrase
    url: str | None


@dataclass(frozen=True, slots=True)
class Links:
    """Links of one kind."""

    label: str
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class AskLine:
    """A question of the checklist, to be put to a school."""

    question: str
    whom: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry; ``addition`` says what of it is not the source's."""

    slug: str
    label: Phrase
    texts: Sequence[Text]
    items: Sequence[Phrase]
    figures: Sequence[FigureView]
    links: Sequence[Links]
    asks: Sequence[AskLine]
    said: Sequence[Said]
    addition: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one kind."""

    title: str
    entries: Sequence[EntryView]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way on a scale of months, in percent of the whole that is known."""

    slug: str
    label: Phrase
    start: float
    sure: float
    open: float
    words: str


def section_views(
    writer: Writer, visit: Visit, sections: Iterable[GuideSection]
) -> list[SectionView]:
    """Return sections in reading order; those without a title of ours come last."""
    order = list(SECTIONS)
    known = sorted(
        sections,
        key=lambda one: (
            order.index(one.section) if one.section in SECTIONS else len(order),
            one.section,
        ),
    )
    return [_section(writer, visit, one) for one in known]


def _section(writer: Writer, visit: Visit, section: GuideSection) -> SectionView:
    speech = writer.speech
    title, line = SECTIONS.get(section.section, ("", ""))
    return SectionView(
        section.section,
        Phrase(speech.say(title)) if title else writer.english(section.section.replace("-", " ")),
        speech.say(line) if line else "",
        speech.say_count("%(n)s entry", "%(n)s entries", section.entries),
        visit.to(f"/guide/{section.section}"),
    )


def part_views(writer: Writer, sections: Sequence[SectionView]) -> list[PartView]:
    """Return sections by what they are about; whatever is left comes at the end."""
    by_key = {section.key: section for section in sections}
    parts = [
        PartView(writer.speech.say(title), [by_key.pop(key) for key in keys if key in by_key])
        for title, keys in PARTS
    ]
    if by_key:
        parts.append(PartView(writer.speech.say("More"), list(by_key.values())))
    return [part for part in parts if part.sections]


class Guide:
    """Sets entries: it knows the names of what they lead to, and the figures they quote."""

    def __init__(
        self,
        writer: Writer,
        visit: Visit,
        rubric: Rubric,
        labels: Mapping[tuple[str, str], str],
        figures: Iterable[StatisticRead],
    ) -> None:
        self._writer = writer
        self._visit = visit
        self._rubric = rubric
        self._labels = labels
        self._figures = {figure.slug: figure for figure in figures}

    def groups(self, entries: Iterable[GuideEntryRead]) -> list[Group]:
        """Return entries by their kind; a section of one kind needs no headings."""
        kinds = [(kind or "", list(group)) for kind, group in groupby(entries, _kind)]
        titles = {kind: self._writer.word(KINDS, kind).text for kind, _ in kinds if kind}
        return [
            Group(
                titles.get(kind, "") if len(kinds) > 1 else "",
                [self.entry(entry) for entry in group],
            )
            for kind, group in kinds
        ]

    def entry(self, entry: GuideEntryRead) -> EntryView:
        """Return one entry."""
        writer, say = self._writer, self._writer.speech.say
        evidence = Evidence(
            source=entry.source,
            source_url=None,
            as_of=None,
            basis=entry.basis,
            as_stated=None,
            stale=False,
        )
        texts = [
            Text(name, say(label) if label else "", writer.english(text))
            for name, label in TEXTS.items()
            if (text := getattr(entry, name))
        ]
        added = {*entry.filled} & {*TEXTS, "items"}
        if added:
            addition = say("Some of the wording is added by hit-compare.")
        elif entry.filled:
            addition = say("The links are added by hit-compare.")
        else:
            addition = ""
        return EntryView(
            slug=entry.slug,
            label=writer.english(entry.label),
            texts=texts,
            items=[writer.english(in_words(item)) for item in entry.items or ()],
            figures=[
                figure_view(writer, self._figures[slug])
                for slug in entry.statistics or ()
                if slug in self._figures
            ],
            links=[links for links in self._links(entry) if links.links],
            asks=self._asks(entry),
            said=writer.said([evidence]),
            addition=addition,
        )

    def steps(self, entries: Iterable[GuideEntryRead]) -> list[Step]:
        """Return the steps of the way, one after the other, as far as months are known."""
        steps = [entry for entry in entries if entry.kind == "step"]
        whole = sum(entry.months_high or entry.months_low or 0 for entry in steps)
        found, start = [], 0.0
        for entry in steps:
            low, high = entry.months_low, entry.months_high or entry.months_low
            if low is None or high is None or not whole:
                words = self._writer.speech.say("months not known")
                found.append(
                    Step(entry.slug, self._writer.english(entry.label), start, 0, 0, words)
                )
                continue
            words = self._writer.speech.say("%(low)s to %(high)s months", low=low, high=high)
            sure, still_open = 100 * low / whole, 100 * (high - low) / whole
            label = self._writer.english(entry.label)
            found.append(Step(entry.slug, label, start, sure, still_open, words))
            start += sure + still_open
        return found

    def _asks(self, entry: GuideEntryRead) -> list[AskLine]:
        say = self._writer.speech.say
        checks = [self._rubric.find_check(key) for key in entry.checks or ()]
        return [AskLine(say(check.question), say(check.whom)) for check in checks if check]

    def _links(self, entry: GuideEntryRead) -> list[Links]:
        say = self._writer.speech.say
        return [
            Links(say("In the score"), self._scored(entry)),
            Links(
                say("Told beside the score"),
                [
                    Link(self._writer.word(UNSCORED_WORDS, key), None)
                    for key in entry.unscored or ()
                ],
            ),
            Links(say("Shown as a warning"), self._warned(entry)),
            Links(say("Skills"), self._known("skills", entry.skills, self._guide_url("skills"))),
            Links(
                say("Roles"),
                self._known("advancement-paths", entry.paths, self._url("advancement-paths")),
            ),
            Links(
                say("Credentials"),
                [
                    Link(Phrase(code), self._visit.to(f"/credentials/{code}"))
                    for code in entry.credentials or ()
                    if ("credentials", code) in self._labels
                ],
            ),
            Links(say("See also"), self._see_also(entry)),
            Links(say("Programs"), self._programs(entry)),
        ]

    def _scored(self, entry: GuideEntryRead) -> list[Link]:
        """Return the checks an entry is about; where it names none, the criteria."""
        say, method = self._writer.speech.say, self._visit.to("/method")
        checks = [self._rubric.find_check(key) for key in entry.checks or ()]
        if any(checks):
            return [
                Link(Phrase(say(check.label)), f"{method}#{check.key}") for check in checks if check
            ]
        return [
            Link(Phrase(say(criterion.label)), f"{method}#{criterion.key}")
            for criterion in self._rubric.criteria
            if criterion.key in (entry.criteria or ())
        ]

    def _warned(self, entry: GuideEntryRead) -> list[Link]:
        method = self._visit.to("/method")
        return [
            Link(self._writer.english(in_words(code)), f"{method}#{code}")
            for code in entry.warning_codes or ()
        ]

    def _programs(self, entry: GuideEntryRead) -> list[Link]:
        wanted = PROGRAMS.get(f"{entry.section}/{entry.slug}")
        if wanted is None:
            return []
        text = self._writer.speech.say("Find programs of this kind")
        return [Link(Phrase(text), self._visit.to("/", wanted))]

    def _see_also(self, entry: GuideEntryRead) -> list[Link]:
        shown = {("advancement-paths", slug) for slug in entry.paths or ()}
        shown |= {("statistics", slug) for slug in entry.statistics or ()}
        links = []
        for place in entry.link_to or ():
            collection, _, slug = place.partition("/")
            if (collection, slug) in shown:
                continue
            is_guide = collection not in ("advancement-paths", "work-settings", "statistics")
            address = self._guide_url(collection) if is_guide else self._url(collection)
            links += self._known(collection, [slug], address)
        linked = {place.partition("/")[0] for place in entry.link_to or ()}
        for topic in entry.topics or ():
            if topic in SECTIONS and topic not in linked:
                title = self._writer.speech.say(SECTIONS[topic][0])
                links.append(Link(Phrase(title), self._visit.to(f"/guide/{topic}")))
        return links

    def _known(
        self, collection: str, keys: Iterable[str] | None, address: Callable[[str], str]
    ) -> list[Link]:
        return [
            Link(self._writer.english(self._labels[collection, key], "name"), address(key))
            for key in keys or ()
            if (collection, key) in self._labels
        ]

    def _guide_url(self, section: str) -> Callable[[str], str]:
        return lambda slug: f"{self._visit.to(f'/guide/{section}')}#{slug}"

    def _url(self, collection: str) -> Callable[[str], str]:
        return lambda slug: self._visit.to(f"/{collection}/{slug}")


def _kind(entry: GuideEntryRead) -> str:
    return entry.kind or ""
