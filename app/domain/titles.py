"""What the title of a program says: its fields, its award, and which awards its facts allow."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.domain.text.identifiers import fold, parse_cip
from app.domain.vocabulary import BELOW_ASSOCIATE, AwardLevel

Levels = frozenset[AwardLevel]

CODING, BILLING = "51.0713", "51.0714"

DOCTORATES = frozenset(
    {
        AwardLevel.DOCTORATE_RESEARCH,
        AwardLevel.DOCTORATE_PROFESSIONAL,
        AwardLevel.DOCTORATE_OTHER,
    }
)
DEGREES = DOCTORATES | {AwardLevel.ASSOCIATE, AwardLevel.BACHELOR, AwardLevel.MASTER}
CERTIFICATES = frozenset(AwardLevel) - DEGREES
EVERY_LEVEL = frozenset(AwardLevel)
GROUPS: dict[str, Levels] = {
    "below_bachelor": BELOW_ASSOCIATE | {AwardLevel.ASSOCIATE},
    "bachelor": frozenset({AwardLevel.BACHELOR}),
    "above_bachelor": EVERY_LEVEL - BELOW_ASSOCIATE - {AwardLevel.ASSOCIATE, AwardLevel.BACHELOR},
}
"""What a rule on titles calls some award levels; together they are all."""

AWARDS: dict[str, Levels] = {
    "certificate": BELOW_ASSOCIATE,
    "associate": frozenset({AwardLevel.ASSOCIATE}),
    "bachelor": frozenset({AwardLevel.BACHELOR}),
    "master": frozenset({AwardLevel.MASTER}),
    "post-baccalaureate certificate": frozenset({AwardLevel.POSTBACCALAUREATE_CERTIFICATE}),
    "post-master certificate": frozenset({AwardLevel.POSTMASTER_CERTIFICATE}),
    **{level.value: frozenset({level}) for level in AwardLevel},
}
"""Award as the pages' reader noted it, or as the catalogue calls it -> levels of the completions
survey."""

ABBREVIATIONS: dict[AwardLevel, str] = {
    AwardLevel.ASSOCIATE: "AAS AS AA AOS AAB AGS AAT",
    AwardLevel.BACHELOR: "BS BA BAS BBA BAAS BPS BHA BHS BHSA BSHA BSHCA BSHS BSHIM BSHI BSHIA",
    AwardLevel.MASTER: (
        "MS MA MSc MBA MPS MPH MPA MHI MHA EMHA MHSA MHCA MHCM MHAL MHPA MHL MHM MHS MHIM MHIIM "
        "MHIT MBI MMI MSHI MSHIM MSHIIM MSHIT MSHA MSHCA MSHCM MSHSA MSBMI MMHC"
    ),
}
"""Level -> letters after a title, as catalogs of 2010 to 2026 print them, periods left out."""

_WORDS = {
    AwardLevel.ASSOCIATE: r"\bassociates?\b",
    AwardLevel.BACHELOR: r"\bbachelors?\b|(?<!post)(?<!post )\bbaccalaureate",
    AwardLevel.MASTER: r"(?<!post )\bmasters?\b",
    AwardLevel.POSTBACCALAUREATE_CERTIFICATE: (
        r"\bpost ?(bac|baccalaureate)\b|\bgraduate certificate|\bcertificate of graduate"
    ),
    AwardLevel.POSTMASTER_CERTIFICATE: r"\bpost ?masters?\b",
}
_NAMED = {
    level: (
        re.compile(rf"\b({'|'.join(letters.split())})\b")
        if (letters := ABBREVIATIONS.get(level))
        else None,
        re.compile(words),
    )
    for level, words in _WORDS.items()
}


def award_named_in(text: str) -> AwardLevel | None:
    """Return the one award above a certificate that a text names, in words or letters; else None.

    >>> award_named_in("Health Administration MHA"), award_named_in("AAS and BS")
    (<AwardLevel.MASTER: 'master'>, None)
    """
    letters, words = text.replace(".", ""), fold(text)
    named = [
        level
        for level, (short, long) in _NAMED.items()
        if long.search(words) or (short and short.search(letters))
    ]
    return named[0] if len(named) == 1 else None


def levels_of(award: str | None, *texts: str | None) -> Levels:
    """Return the award levels a record can stand for; every level where nothing names one.

    Args:
        award: A key of ``AWARDS``, where it is noted.
        texts: The award in the words of the page, and the title.
    """
    if award is not None and len(AWARDS[award]) == 1:
        return AWARDS[award]
    for text in filter(None, texts):
        named = award_named_in(text)
        if named and (award is None or named in CERTIFICATES):
            return frozenset({named})
    if award is not None:
        return AWARDS[award]
    words = fold(" ".join(filter(None, texts)))
    if re.search(r"\b(doctorate|doctoral|doctor of|phd|dha)\b", words):
        return DOCTORATES
    if re.search(r"\b(certificate|diploma)\b", words):
        return BELOW_ASSOCIATE
    return DEGREES if re.search(r"\bdegree\b", words) else EVERY_LEVEL


@dataclass(frozen=True, slots=True)
class Fields:
    """CIP codes that a title can stand for.

    ``meant`` are those whose own titles say it, ``alternatives`` what schools report it as just as
    well, ``otherwise`` what they report it as where they report none of the former.
    """

    meant: frozenset[str] = frozenset()
    alternatives: frozenset[str] = frozenset()
    otherwise: frozenset[str] = frozenset()

    @property
    def codes(self) -> frozenset[str]:
        """The codes that are looked for first."""
        return self.meant | self.alternatives


@dataclass(frozen=True, slots=True)
class TitleRule:
    """Words of a title and the fields that they name at some award levels.

    ``words`` match whole words of a folded title. ``stands_alone``: whatever else the title names
    tells more about it. ``is_task``: a certificate that names it is in that field alone.
    """

    words: re.Pattern[str]
    levels: Levels
    fields: Fields
    stands_alone: bool
    is_task: bool


@dataclass(frozen=True, slots=True, eq=False)
class TitleRules:
    """How titles are read.

    ``exams`` tell which awards lead to a credential; ``lengths`` give the months, from and below,
    that an award takes.
    """

    rules: tuple[TitleRule, ...]
    exams: Mapping[str, Levels]
    lengths: Mapping[AwardLevel, tuple[float, float]]

    def fields_of(self, title: str, levels: Levels = DEGREES) -> Fields:
        """Return the fields that a title can stand for at these levels; none if it names none.

        A phrase that one rule has read is not read again by a later one for the same levels.
        """
        found: dict[TitleRule, Fields] = {}
        for group in GROUPS.values():
            rest = fold(title)
            for rule in self.rules:
                if not levels & group & rule.levels or not rule.words.search(rest):
                    continue
                if rule.stands_alone:
                    return rule.fields
                found[rule] = rule.fields
                rest = rule.words.sub(" | ", rest)
        tasks = [fields for rule, fields in found.items() if rule.is_task]
        named = tasks if tasks and not levels <= DEGREES else list(found.values())
        meant = frozenset[str]().union(*(fields.meant for fields in named))
        codes = meant.union(*(fields.alternatives for fields in named))
        otherwise = codes.union(*(fields.otherwise for fields in named))
        return Fields(meant, codes - meant, otherwise - codes)

    def is_page_of_field(self, url: str) -> bool:
        """Return whether an address names a field; "billing" alone is an office's page."""
        codes = self.fields_of(url).codes
        return bool(codes) and (codes != {CODING, BILLING} or "medical" in fold(url).split())

    def levels_by_exams(self, credentials: Iterable[str]) -> Levels:
        """Return the awards that lead to credentials, of those that only some awards lead to."""
        found = [self.exams[name] for name in credentials if name in self.exams]
        return frozenset().union(*found)

    def levels_by_length(self, months: tuple[float, float]) -> Levels:
        """Return the awards that can take between so many months."""
        low, high = months
        return frozenset(
            level
            for level in AwardLevel
            if level not in self.lengths
            or (self.lengths[level][0] <= high and low < self.lengths[level][1])
        )


def parse_title_rules(text: str) -> TitleRules:
    """Return the rules in a JSON document.

    Raises:
        ValueError: Not such a document: an unknown code, award, group or source.
    """
    raw = json.loads(text)
    for rule in raw["fields"] + raw["exams"]:
        if rule["source"] not in raw["sources"]:
            raise ValueError(f"{rule['source']!r} is no source of the document")
    return TitleRules(
        tuple(map(_to_rule, raw["fields"])),
        {
            exam["credential"]: frozenset(map(AwardLevel, exam["award_levels"]))
            for exam in raw["exams"]
        },
        {
            AwardLevel(row["award_level"]): (row["from_months"], row["to_months"])
            for row in raw["lengths"]
        },
    )


def _to_rule(raw: dict[str, Any]) -> TitleRule:
    levels = [GROUPS[name] for name in raw.get("levels", GROUPS)]
    return TitleRule(
        re.compile(rf"\b(?:{raw['words']})\b"),
        frozenset().union(*levels),
        Fields(*(frozenset(map(parse_cip, raw.get(name, []))) for name in ("codes", "or", "else"))),
        stands_alone=raw.get("stands_alone", False),
        is_task=raw.get("is_task", False),
    )


@lru_cache(maxsize=8)
def load_title_rules(path: Path) -> TitleRules:
    """Return the rules of a file.

    Raises:
        ValueError: As ``parse_title_rules``.
    """
    return parse_title_rules(path.read_text(encoding="utf-8"))
