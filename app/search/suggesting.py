"""Suggest what somebody is typing: names that begin so, with what they stand for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlencode

from pyroaring import FrozenBitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.domain.vocabulary import GONE, STATE_NAMES, SuggestionKind
from app.schemas.programs import ProgramQuery
from app.schemas.suggestions import Suggestion, SuggestionQuery
from app.search.first import credential_card, school_card
from app.search.index import NONE, Index
from app.search.programs import Matches
from app.search.reading.completions import Completion, kind_of
from app.search.reading.cover import PLACE_WORDS
from app.search.reading.folding import fold_surface, tokens_of
from app.search.reading.patterns import zip_surface
from app.search.reading.spans import (
    AreaTarget,
    CredentialTarget,
    FieldTarget,
    FilterTarget,
    Kind,
    SchoolTarget,
    Surface,
    Target,
)
from app.search.said import parameters_of
from app.search.text import in_area
from app.search.zip_codes import zip_points

LOOKED_AT = 3
"""How many times as many completions as asked for are looked at: some mean the same."""

WITHOUT_PROGRAMS, SCHOOL_WITHOUT = 0.7, 0.2
"""What something counts that finds nothing, and a school: those with programs come before."""

LEAST_LETTERS = 2
"""Letters of a word after others that is completed by itself."""

SHORTEST_MENDED, TWO_ERRORS_FROM, MOST_MENDED = 4, 8, 3
"""Letters of an unfinished word that is mended, of one with two errors; words that are tried."""


MOST_ALIKE, NEARLY = 2, 0.7
"""Things of one name that are suggested before it is typed in full, and how much less likely than
the first the second may be."""

SPARE = 3
"""Things that are looked at beyond those asked for: some turn out to find nothing."""

SELDOM = frozenset({SuggestionKind.AWARD, SuggestionKind.OCCUPATION})
"""Kinds that are less often meant."""

ZIP_DIGITS = 5


class Meant(NamedTuple):
    """One thing that words may become, with what it counts and how many programs it has."""

    kind: SuggestionKind
    surface: Surface
    score: float
    programs: int


def suggest(index: Index, query: SuggestionQuery) -> tuple[list[Suggestion], bool]:
    """Return what words may become, the likeliest first, and whether they were mended for it.

    What begins with all of the words; else what the last ones may become after others that are
    known; else what begins with words near to those typed.
    """
    typing = _Typing(index, query)
    if found := typing.completed(typing.words):
        return found, False
    found = next(filter(None, map(typing.completed, typing.mended())), [])
    return found, bool(found)


class _Typing:
    """Words that are being typed, and who asks what they may become."""

    def __init__(self, index: Index, query: SuggestionQuery) -> None:
        self._index = index
        self._lexicon = index.lexicon
        self._query = query
        self._kinds = query.kinds or tuple(SuggestionKind)
        self._tokens = tokens_of(query.prefix)
        self.words = [token.text for token in self._tokens]

    def completed(self, words: Sequence[str]) -> list[Suggestion]:
        """Return what some words may become, or the last of them after others that are known."""
        for start in range(len(words)):
            if start and (len(words[-1]) < LEAST_LETTERS or not self._is_known(words[start - 1])):
                return []
            begun = self._beginning(words[start:])
            if begun and (found := self._suggestions(start, begun)):
                return found
        return []

    def _is_known(self, word: str) -> bool:
        return word in self._lexicon.words or word in self._lexicon.common

    def _beginning(self, words: Sequence[str]) -> list[Completion]:
        """Return what begins with words, or with what they abbreviate."""
        short = self._lexicon.abbreviations
        others = [short.get(word, (word,))[0] for word in words[:-1]] + [words[-1]]
        texts = dict.fromkeys((" ".join(words), " ".join(others)))
        most = LOOKED_AT * self._query.limit
        found = [
            one
            for text in texts
            for one in self._lexicon.completions.find(text, self._kinds, self._query.lang, most)
        ]
        is_zip = len(words) == 1 and words[0].isdigit() and len(words[0]) <= ZIP_DIGITS
        if is_zip and SuggestionKind.PLACE in self._kinds:
            codes = zip_points().beginning(words[0], self._query.limit)
            found += [Completion(SuggestionKind.PLACE, code, 1.0) for code in codes]
        return found

    def mended(self) -> Iterator[list[str]]:
        """Yield the words with those that nothing knows mended, the likeliest first."""
        if not self.words:
            return
        *first, last = self.words
        spelling = self._lexicon.spelling
        mended = [
            word if self._is_known(word) or not (near := spelling.meant(word)) else near[0][0]
            for word in first
        ]
        if mended != first:
            yield [*mended, last]
        for word in dict.fromkeys((*(near for near, _ in spelling.meant(last)), *self._near(last))):
            yield [*mended, word]

    def _near(self, word: str) -> list[str]:
        """Return beginnings of known words that are near to an unfinished one."""
        if len(word) < SHORTEST_MENDED or not word.isalpha():
            return []
        length = len(word)
        cut = Counter(other[:length] for other in self._lexicon.spelling.beginning(word[0]))
        errors = 2 if length >= TWO_ERRORS_FROM else 1
        near = process.extract(
            word, cut.keys(), scorer=OSA.distance, score_cutoff=errors, limit=None
        )
        near.sort(key=lambda one: (one[1], -cut[one[0]], one[0]))
        return [other for other, _, _ in near[:MOST_MENDED]]

    def _suggestions(self, start: int, begun: Sequence[Completion]) -> list[Suggestion]:
        """Return what words may become, of each kind not more than its share.

        More of a kind are there where others have none. After other words, what finds nothing with
        them is left out.
        """
        limit = self._query.limit
        typed = self._query.prefix
        head = typed[: self._tokens[start].start] if start else ""
        ends = [token.end for token in self._tokens[:start] if token.text not in PLACE_WORDS]
        asked = typed[: ends[-1]].strip() if ends else ""
        meant = self._meant(begun, self._found_by(asked))
        counts = Counter[SuggestionKind]()
        first: list[Meant] = []
        rest: list[Meant] = []
        for one in meant:
            if one.programs or not head:
                counts[one.kind] += 1
                (first if counts[one.kind] <= self._share(one.kind) else rest).append(one)
        told: dict[tuple[SuggestionKind, str], tuple[float, Suggestion]] = {}
        for one in (*first, *rest):
            if len(told) < limit:
                suggestion = self._to_suggestion(one, head, asked)
                told.setdefault((one.kind, suggestion.text), (one.score, suggestion))
        chosen = sorted(told.values(), key=lambda pair: -pair[0])
        return [suggestion for _, suggestion in chosen]

    def _share(self, kind: SuggestionKind) -> int:
        """Return how many of what is asked for may be of one kind while there are others."""
        return -(-self._query.limit // (4 if kind in SELDOM else 2))

    def _found_by(self, head: str) -> FrozenBitMap:
        """Return the programs that the words before find, or all that are listed."""
        if len(head) < 2:
            return self._index.every - self._index["status"].any_of(GONE)
        return Matches(self._index, ProgramQuery(q=head)).found

    def _meant(self, found: Sequence[Completion], within: FrozenBitMap) -> list[Meant]:
        """Return what completions mean, each once; of those that are likely how much it finds."""
        kinds, enough = {one.kind for one in found}, self._query.limit + SPARE
        most = {kind: self._share(kind) + SPARE if kinds - {kind} else enough for kind in kinds}
        meanings: dict[Target, tuple[float, SuggestionKind, Surface]] = {}
        counts, typed = Counter[SuggestionKind](), " ".join(self.words)
        for kind, text, score in found:
            if sum(min(n, self._share(one)) for one, n in counts.items()) >= enough:
                break
            if counts[kind] >= most[kind]:
                continue
            surfaces = [one for one in self._surfaces(text) if kind_of(one) is kind]
            surest = max((one.weight for one in surfaces), default=1)
            if text != typed:
                likely = (one for one in surfaces if one.weight >= NEARLY * surest)
                surfaces = sorted(likely, key=lambda one: -one.weight)[:MOST_ALIKE]
            for one in surfaces:
                worth, key = score * one.weight / surest, _bare(one.target)
                counts[kind] += key not in meanings
                if key not in meanings or meanings[key][0] < worth:
                    meanings[key] = worth, kind, one
        told = []
        for worth, kind, one in meanings.values():
            programs = self._programs(one.target).intersection_cardinality(within)
            without = SCHOOL_WITHOUT if kind is SuggestionKind.SCHOOL else WITHOUT_PROGRAMS
            told.append(Meant(kind, one, worth * (1 if programs else without), programs))
        return sorted(told, key=lambda one: (-one.score, -one.programs))

    def _surfaces(self, text: str) -> list[Surface]:
        if surface := zip_surface(text, self._lexicon):
            return [surface]
        return self._lexicon.look_up(text)[0]

    def _programs(self, target: Target) -> FrozenBitMap:
        """Return the programs that something stands for."""
        index = self._index
        match target:
            case SchoolTarget(unitids=unitids):
                return index["unitid"].any_of(unitids)
            case FieldTarget(strong=strong, weak=weak, award_groups=groups):
                found = index["cip_code"].any_of(strong or weak)
                return found & index["award_group"].any_of(groups) if groups else found
            case CredentialTarget(code=code):
                return index["credential"].get(code)
            case FilterTarget(parameter=parameter, values=values):
                return index[parameter].any_of(values)
            case AreaTarget():
                return in_area(index, target)
        return NONE

    def _to_suggestion(self, one: Meant, head: str, asked: str) -> Suggestion:
        kind, surface, _, programs = one
        text, detail = self._told(surface)
        query = self._query_of(surface, text)
        card = None
        if head:
            text = head + text
            if "q" in query:
                query = {"q": [text]}
            elif asked:
                query = {"q": [asked], **query}
        elif isinstance(surface.target, SchoolTarget):
            card = school_card(self._index, self._school_of(surface.target))
        elif isinstance(surface.target, CredentialTarget):
            card = credential_card(self._index, surface.target.code)
        is_matched = surface.text.replace(" ", "") in fold_surface(text).replace(" ", "")
        return Suggestion(
            kind=kind,
            text=text,
            detail=detail,
            matched=None if is_matched else surface.text,
            programs=programs,
            query=query,
            href=card.href if card else f"/v1/programs?{urlencode(query, doseq=True, safe=':,')}",
            page=card.page if card else f"/?{urlencode({'q': text})}",
        )

    def _told(self, surface: Surface) -> tuple[str, str | None]:
        """Return a surface as people write it, and which one it is."""
        known = self._index.known
        match surface.target:
            case SchoolTarget() as target:
                school = known.schools[self._school_of(target)]
                others = [
                    one
                    for one in self._surfaces(fold_surface(school.name))
                    if one.kind is Kind.SCHOOL and one.target != target
                ]
                name = f"{school.name}, {school.place}" if others else school.name
                return name, school.place
            case CredentialTarget(code=code):
                titled = known.credential_titles.get(code)
                return code, titled.title if titled else None
            case FieldTarget(strong=strong, weak=weak):
                titles = [known.cip_codes.get(code, code) for code in strong or weak]
                more = f" +{len(titles) - MOST_TITLES}" if len(titles) > MOST_TITLES else ""
                text = next((one for one in titles if fold_surface(one) == surface.text), "")
                return text or self._written(surface), "; ".join(titles[:MOST_TITLES]) + more
            case AreaTarget(name=name, zip_code=code, state=state) as area:
                of_state = STATE_NAMES.get(state or "")
                if area.metros or not (code or area.city or area.states or area.counties):
                    text = surface.text.title()
                    return text, name if name.lower() != surface.text else of_state
                return name, of_state if of_state != name else None
        return self._written(surface), None

    def _written(self, surface: Surface) -> str:
        return self._lexicon.accented.get(surface.text, surface.text)

    def _school_of(self, target: SchoolTarget) -> int:
        """Return the school that a name stands for today: one with programs, if any has."""
        unitids = self._index["unitid"]
        return next((key for key in target.unitids if key in unitids), target.unitids[0])

    def _query_of(self, surface: Surface, text: str) -> dict[str, list[str]]:
        """Return the parameters that find just what is counted."""
        target = surface.target
        if isinstance(target, FieldTarget) and not target.strong:
            return {"cip_code": list(target.weak)}
        query = parameters_of(surface)
        if "near" in query:
            query["include_online"] = ["false"]
        return query or {"q": [text]}


MOST_TITLES = 2
"""Titles of fields that are told."""


def _bare(target: Target) -> Target:
    """Return what something stands for, whatever it is called."""
    return replace(target, name="") if isinstance(target, AreaTarget) else target
