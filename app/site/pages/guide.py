"""The career guide ready to be set: sections in a reading order, entries with what they lead to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from app.domain.checklist.rubric import Check, Rubric
from app.domain.guide import MORE, PARTS, SECTIONS
from app.domain.messages import N_
from app.domain.vocabulary import in_words
from app.schemas.guide import GuideEntryRead, GuideSection
from app.schemas.statistics import StatisticRead
from app.site.pages.visits import PageContext
from app.site.words import TOPICS, Words
from app.site.writing import Phrase, Writer

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
class Section:
    """A section of the guide, as people call it."""

    key: str
    title: Phrase
    line: str
    entries: int


@dataclass(frozen=True, slots=True)
class Link:
    """Where an entry leads; without an address it is only named."""

    text: Phrase
    address: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way on a scale of months, in percent of the whole that is known."""

    entry: GuideEntryRead
    start: float
    sure: float
    open: float

    @property
    def is_known(self) -> bool:
        """Whether anything is known of its months."""
        return self.sure + self.open > 0


def sections_of(write: Writer, sections: Iterable[GuideSection]) -> list[Section]:
    """Return sections as people call them."""
    return [_section(write, one) for one in sections]


def _section(write: Writer, section: GuideSection) -> Section:
    title, line = SECTIONS.get(section.section, ("", ""))
    return Section(
        section.section,
        Phrase(write.speech.say(title)) if title else write.told(section.section.replace("-", " ")),
        write.speech.say(line) if line else "",
        section.entries,
    )


def parts_of(sections: Iterable[Section]) -> list[tuple[str, list[Section]]]:
    """Return sections by what they are about; whatever is left comes at the end."""
    by_key = {section.key: section for section in sections}
    parts = [(title, [by_key.pop(key) for key in keys if key in by_key]) for title, keys in PARTS]
    return [(title, found) for title, found in (*parts, (MORE, [*by_key.values()])) if found]


def groups_of(entries: Iterable[GuideEntryRead]) -> list[tuple[str, list[GuideEntryRead]]]:
    """Return entries by their kind; a section of one kind needs no headings."""
    groups = [(kind, list(group)) for kind, group in groupby(entries, _kind)]
    return groups if len(groups) > 1 else [("", group) for _, group in groups]


def steps_of(entries: Iterable[GuideEntryRead]) -> list[Step]:
    """Return the steps of the way, one after the other, as far as months are known."""
    steps = [entry for entry in entries if entry.kind == "step"]
    whole = sum(entry.months_high or entry.months_low or 0 for entry in steps)
    found, start = [], 0.0
    for entry in steps:
        low, high = entry.months_low, entry.months_high or entry.months_low
        if low is None or high is None or not whole:
            found.append(Step(entry, start, 0, 0))
            continue
        sure, still_open = 100 * low / whole, 100 * (high - low) / whole
        found.append(Step(entry, start, sure, still_open))
        start += sure + still_open
    return found


class Guide:
    """Knows the names of what entries lead to, and the figures they quote."""

    def __init__(
        self,
        writer: Writer,
        visit: PageContext,
        rubric: Rubric,
        labels: Mapping[tuple[str, str], str],
        figures: Iterable[StatisticRead],
    ) -> None:
        self._writer = writer
        self._visit = visit
        self._rubric = rubric
        self._labels = labels
        self._figures = {figure.slug: figure for figure in figures}

    def figures(self, entry: GuideEntryRead) -> list[StatisticRead]:
        """Return the figures that an entry quotes."""
        return [self._figures[slug] for slug in entry.statistics or () if slug in self._figures]

    def checks(self, entry: GuideEntryRead) -> list[Check]:
        """Return the checks of the rubric that an entry is about."""
        checks = [self._rubric.find_check(key) for key in entry.checks or ()]
        return [check for check in checks if check]

    def is_worded_by_us(self, entry: GuideEntryRead) -> bool:
        """Return whether some of the words of an entry are not its source's."""
        return bool({*entry.filled} & {*TEXTS, "items"})

    def links(self, entry: GuideEntryRead) -> list[tuple[str, list[Link]]]:
        """Return where an entry leads, by kind."""
        return [(label, links) for label, links in self._links(entry) if links]

    def _links(self, entry: GuideEntryRead) -> list[tuple[str, list[Link]]]:
        say = self._writer.speech.say
        return [
            (say("In the score"), self._scored(entry)),
            (
                say("Shown beside the score"),
                [
                    Link(self._writer.word(UNSCORED_WORDS, key), None)
                    for key in entry.unscored or ()
                ],
            ),
            (say("Shown as a warning"), self._warned(entry)),
            (say("Skills"), self._known("skills", entry.skills, self._guide_url("skills"))),
            (
                say("Roles"),
                self._known("advancement-paths", entry.paths, self._url("advancement-paths")),
            ),
            (
                say("Credentials"),
                [
                    Link(Phrase(code), self._visit.to(f"/credentials/{code}"))
                    for code in entry.credentials or ()
                    if ("credentials", code) in self._labels
                ],
            ),
            (say("See also"), self._see_also(entry)),
            (say("Programs"), self._programs(entry)),
        ]

    def _scored(self, entry: GuideEntryRead) -> list[Link]:
        """Return the checks an entry is about; where it names none, the criteria."""
        say, method = self._writer.speech.say, self._visit.to("/method")
        if checks := self.checks(entry):
            return [Link(Phrase(say(check.label)), f"{method}#{check.key}") for check in checks]
        return [
            Link(Phrase(say(criterion.label)), f"{method}#{criterion.key}")
            for criterion in self._rubric.criteria
            if criterion.key in (entry.criteria or ())
        ]

    def _warned(self, entry: GuideEntryRead) -> list[Link]:
        method = self._visit.to("/method")
        return [
            Link(self._writer.told(in_words(code)), f"{method}#{code}")
            for code in (*(entry.warning_codes or ()), *(entry.gate_codes or ()))
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
            Link(self._writer.told(self._labels[collection, key], "name"), address(key))
            for key in keys or ()
            if (collection, key) in self._labels
        ]

    def _guide_url(self, section: str) -> Callable[[str], str]:
        return lambda slug: f"{self._visit.to(f'/guide/{section}')}#{slug}"

    def _url(self, collection: str) -> Callable[[str], str]:
        return lambda slug: self._visit.to(f"/{collection}/{slug}")


def _kind(entry: GuideEntryRead) -> str:
    return entry.kind or ""
