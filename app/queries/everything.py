"""Search in everything: the best of programs, schools, credentials, roles, guide and figures."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import log
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from sqlmodel import Session, col, select

from app.clock import today
from app.domain.guide import SECTIONS
from app.domain.messages import Listing, Message
from app.domain.text.identifiers import to_slug
from app.domain.vocabulary import Measure
from app.queries.institutions import search_institutions
from app.queries.kept import kept
from app.schemas.institutions import InstitutionQuery
from app.schemas.programs import ProgramQuery
from app.schemas.search import (
    GroupKind,
    SearchAnswer,
    SearchGroup,
    SearchQuery,
    SearchResult,
)
from app.search.first import FirstResult, credential_card, school_card
from app.search.index import Index, index_of
from app.search.programs import search_programs
from app.search.reading.folding import fold_surface, forms_of
from app.search.reading.spans import Kind, NoteTarget
from app.search.said import Understanding
from app.search.telling import TextTold
from app.search.text import TextMatches
from app.search.usual import usual_programs
from app.store.tables.advancement import AdvancementPath
from app.store.tables.classifications import CipSoc
from app.store.tables.credentials import Credential
from app.store.tables.guide import GuideEntry
from app.store.tables.statistics import Statistic

GROUP_OF: Mapping[str, GroupKind] = {
    "credential": "credential",
    "institution": "institution",
    "guide": "guide",
    "accreditor": "guide",
    "figure": "statistic",
    "advancement_path": "advancement_path",
}
"""Kind of what answers a text beside programs -> its group."""

TEXTS: Mapping[GroupKind, str] = {
    "advancement_path": "/v1/advancement-paths",
    "guide": "/v1/guide",
    "statistic": "/v1/statistics",
}
"""Groups that are found by their texts -> where all of them are."""

ORDER: Sequence[GroupKind] = (
    *("program", "institution", "credential", "advancement_path", "guide", "statistic"),
)
"""The groups where nothing says what a text is about."""

THINGS = frozenset({Kind.FIELD, Kind.CREDENTIAL})
WISHES = frozenset({Kind.PAGE, Kind.UNTOLD})
"""Kinds of words that are looked for in texts, beside those that stand for nothing."""

MUST, FACTS = (
    ("filter", "required"),
    (Kind.DELIVERY, Kind.ACCREDITATION, Kind.PRACTICUM, Kind.TRANSFER),
)
"""How words are used, and kinds of words, that all programs found meet."""

FIGURES: Mapping[str, frozenset[str]] = {
    "figure:wages": frozenset({Measure.ANNUAL_MEDIAN, Measure.ANNUAL_P10, Measure.ANNUAL_P90}),
    "figure:outlook": frozenset({Measure.EMPLOYMENT_CHANGE_PCT, Measure.OPENINGS}),
}
"""Question -> what figures that answer it measure."""

IN_TITLE = 2.0
"""What a word in a title counts beside one in a text."""

LEAST_MET = 0.6
"""Share of the words, by how rare they are, that a text must have."""


class Document(NamedTuple):
    """A text to look for words in."""

    group: GroupKind
    key: str
    title: str
    text: str | None
    href: str
    page: str
    title_words: frozenset[str]
    words: frozenset[str]


def search_everything(session: Session, query: SearchQuery) -> SearchAnswer:
    """Return the best of every kind for a text, what it is about first."""
    return _Everything(session, query).answer()


class _Everything:
    def __init__(self, session: Session, query: SearchQuery) -> None:
        self._session = session
        self._query = query
        self._index: Index = index_of(session)
        asked = ProgramQuery(q=query.q, limit=query.limit)
        self._found = search_programs(session.connection(), self._index, asked, None)
        if self._found.matches.text is None or self._found.told is None:
            raise ValueError("a search in everything has a text")
        self._text: TextMatches = self._found.matches.text
        self._told: TextTold = self._found.told

    def answer(self) -> SearchAnswer:
        """Return all groups of which something was found."""
        about = [GROUP_OF[one.kind] for one in self._told.first]
        order = list(dict.fromkeys((*about, *ORDER)))
        made = {
            "program": self._programs(),
            "institution": self._schools(),
            "credential": self._credentials(),
            **self._documents(),
        }
        more = self._found.more
        return SearchAnswer(
            groups=[made[kind] for kind in order if made[kind].total],
            understood=more["understood"],
            choices=more.get("choices", []),
            loosened=more.get("loosened", []),
            nothing=more["beyond"]["said"] if "beyond" in more else None,
            release=self._index.release,
            as_of=today(),
            sources=self._index.sources,
        )

    def _answers(self, kind: str) -> list[SearchResult]:
        """Return what answers the text of one group."""
        because = Message("It answers what was asked.")
        return [_result(one, because) for one in self._told.first if GROUP_OF[one.kind] == kind]

    def _group(
        self, kind: GroupKind, items: Sequence[SearchResult], total: int, path: str, **asked: Any
    ) -> SearchGroup:
        href = f"{path}?{urlencode(asked, doseq=True)}" if asked else path
        return SearchGroup(kind=kind, total=total, items=items[: self._query.limit], href=href)

    def _programs(self) -> SearchGroup:
        because = self._meets(self._told.understood)
        items = []
        for doc in self._found.docs:
            item = json.loads(doc)
            school = item["institution"]
            place = ", ".join(part for part in (school["city"], school["state"]) if part)
            path = f"/programs/{item['slug']}"
            items.append(
                SearchResult(
                    kind="program",
                    key=item["slug"],
                    title=item["name"],
                    text=f"{school['name']}, {place}" if place else school["name"],
                    because=because,
                    href=f"/v1{path}",
                    page=path,
                )
            )
        return self._group("program", items, self._found.total, "/v1/programs", q=self._query.q)

    def _meets(self, understood: Iterable[Understanding]) -> Message:
        """Return which words of the text everything that is found meets."""
        words = [f"“{one.words}”" for one in understood if one.used in MUST or one.kind in FACTS]
        if not words and self._text.parameters:
            return Message("It is known to fit what was asked.")
        if not words:
            return Message("Words of the text are in its names.")
        return Message("It meets %(words)s.", words=Listing(", ", words))

    def _schools(self) -> SearchGroup:
        """Return the schools that are named, and those that lie where the text says."""
        named = [unitid for _, target in self._text.schools for unitid in target.unitids]
        if not named and not self._text.where and not any(self._text.names):
            return self._group("institution", [], 0, "/v1/institutions")
        asked = InstitutionQuery(q=self._query.q, limit=self._query.limit)
        page = search_institutions(self._session, asked)
        cards = {key: card for key in named if (card := school_card(self._index, key))}
        told = {str(key): Message("It is called so.") for key in cards}
        because = self._meets_place()
        for unitid in (item.unitid for item in page.items if item.unitid):
            if card := school_card(self._index, unitid):
                cards.setdefault(unitid, card)
        items = [_result(card, told.get(card.key, because)) for card in cards.values()]
        total = max(page.total, len(set(named)))
        return self._group("institution", items, total, "/v1/institutions", q=self._query.q)

    def _meets_place(self) -> Message:
        places = [place.target.name for place in self._text.where]
        if not places:
            return Message("Words of the text are in its names.")
        return Message("It is in or near %(places)s.", places=Listing(", ", places))

    def _credentials(self) -> SearchGroup:
        """Return the credentials that are named, and those that programs found prepare for."""
        told: dict[str, Message] = {
            target.code: Message("It is named in the text.") for _, target in self._text.credentials
        }
        if self._text.fields and self._found.total:
            found, terms = self._found.matches.found, self._index["credential"]
            counts = Counter(
                {code: bits.intersection_cardinality(found) for code, bits in terms.pairs()}
            )
            for code, count in counts.most_common():
                if count and code in self._index.known.credential_titles:
                    because = Message(
                        "Programs found that say they prepare for it: %(n)s.", n=str(count)
                    )
                    told.setdefault(code, because)
        cards = [credential_card(self._index, code) for code in told]
        items = [_result(card, told[card.key]) for card in cards if card]
        others = (one for one in self._meeting("credential") if one.key not in told)
        items += [_of_document(one, self._words_met(one)) for one in others]
        return self._group("credential", items, len(items), "/v1/credentials")

    def _documents(self) -> dict[GroupKind, SearchGroup]:
        """Return roles, entries of the guide and figures with the words of the text."""
        groups: dict[GroupKind, SearchGroup] = {}
        for kind, path in TEXTS.items():
            items = self._answers(kind)
            if kind == "statistic":
                items += self._figures()
            known = {one.key for one in items}
            items += [
                _of_document(one, self._words_met(one))
                for one in self._meeting(kind)
                if one.key not in known
            ]
            groups[kind] = self._group(kind, items, len(items), path)
        return groups

    def _figures(self) -> list[SearchResult]:
        """Return the figures that answer a question, of occupations that the text is about."""
        keys = {
            one.target.key
            for span in self._text.reading.spans
            for one in (span.meaning, *span.others)
            if one.kind is Kind.PAGE and isinstance(one.target, NoteTarget)
        }
        measures = {measure for key in keys for measure in FIGURES.get(key, ())}
        codes = {code for _, field in self._text.fields for code in field.strong}
        for _, target in self._text.credentials:
            usual = usual_programs(target.code)
            codes |= set(usual.cip_codes) if usual else set()
        if not measures or not codes:
            return []
        occupations = select(CipSoc.soc_code).where(col(CipSoc.cip_code).in_(sorted(codes)))
        found = self._session.exec(
            select(Statistic)
            .where(
                col(Statistic.soc_code).in_(occupations),
                col(Statistic.measure).in_(sorted(measures)),
                col(Statistic.superseded_by).is_(None),
            )
            .order_by(col(Statistic.measure), col(Statistic.slug))
        )
        because = Message("It is of an occupation that this leads to.")
        return [_of_document(_figure(one), because) for one in found]

    def _meeting(self, group: str) -> list[Document]:
        """Return the texts of a group that have enough of the words, the best first."""
        documents, rare = load_documents(self._session)
        asked = {word: rare[word] for word in self._words if word in rare}
        least = LEAST_MET * sum(rare.get(word, rare[UNHEARD]) for word in self._words)
        scored = []
        for one in documents:
            if one.group == group:
                met = sum(worth for word, worth in asked.items() if word in one.words)
                titled = sum(worth for word, worth in asked.items() if word in one.title_words)
                if met and met >= least:
                    scored.append((met + IN_TITLE * titled, one))
        scored.sort(key=lambda pair: (-pair[0], len(pair[1].words), pair[1].key))
        return [one for _, one in scored]

    @cached_property
    def _words(self) -> dict[str, str]:
        """Return the words of the text that stand for things, by their shortest form."""
        reading, lexicon = self._text.reading, self._index.lexicon
        named, asking = set[int](), set(reading.left)
        for span in reading.spans:
            places = range(span.start, span.end)
            if span.meaning.kind in THINGS:
                named |= set(places)
            elif span.meaning.kind in WISHES:
                asking |= set(places)
        told = {
            at
            for at in asking
            if all(one.kind is not Kind.FILLER for one in lexicon.look_up(reading.tokens[at])[0])
        }
        return {_stem(reading.tokens[at]): reading.tokens[at] for at in sorted(named | told)}

    def _words_met(self, document: Document) -> Message:
        words = [f"“{word}”" for stem, word in self._words.items() if stem in document.words]
        return Message("Its text has %(words)s.", words=Listing(", ", words))


UNHEARD = ""
"""Stands for a word that no text has, among how rare words are."""


@kept()
def load_documents(session: Session) -> tuple[list[Document], dict[str, float]]:
    """Return the texts to look for words in, and how rare each word is among them."""
    documents = [*_roles(session), *_entries(session), *_credentials(session), *_figures(session)]
    often = Counter(word for one in documents for word in one.words)
    count = len(documents)
    rare = {word: log((count + 1) / met) for word, met in often.items()}
    return documents, {**rare, UNHEARD: log(count + 1)}


def _roles(session: Session) -> Iterable[Document]:
    found = session.exec(select(AdvancementPath).where(col(AdvancementPath.retired_at).is_(None)))
    for one in found:
        path = f"/advancement-paths/{one.slug}"
        names = (one.label, *one.aliases, one.slug.replace("-", " "))
        more = (one.summary, one.best_for, one.education, *(one.credentials or ()))
        yield _document("advancement_path", one.slug, names, one.summary, path, path, more)


def _entries(session: Session) -> Iterable[Document]:
    """Yield the sections of the guide, each with the titles of its entries, and the entries."""
    found = session.exec(
        select(GuideEntry)
        .where(col(GuideEntry.retired_at).is_(None))
        .order_by(col(GuideEntry.section), col(GuideEntry.position), col(GuideEntry.slug))
    ).all()
    for section in dict.fromkeys(one.section for one in found):
        if section in SECTIONS:
            title, line = SECTIONS[section]
            path = f"/guide/{section}"
            yield _document("guide", section, (Message(title),), Message(line), path, path)
    for one in found:
        texts = [text for text in one.facts.values() if isinstance(text, str)]
        path = f"/guide/{one.section}/{to_slug(one.slug)}"
        page = f"/guide/{one.section}#{one.slug}"
        text = next(iter(texts), None)
        key = f"{one.section}/{one.slug}"
        yield _document("guide", key, (one.label,), text, path, page, texts)


def _credentials(session: Session) -> Iterable[Document]:
    for one in session.exec(select(Credential).where(col(Credential.retired_at).is_(None))):
        path = f"/credentials/{quote(one.code, safe='')}"
        names = (f"{one.code}: {one.name}",)
        yield _document("credential", one.code, names, one.summary, path, path, (one.summary,))


def _figures(session: Session) -> Iterable[Document]:
    newest = select(Statistic).where(col(Statistic.superseded_by).is_(None))
    for one in session.exec(newest):
        yield _figure(one)


def _figure(one: Statistic) -> Document:
    path = f"/statistics/{one.slug}"
    return _document("statistic", one.slug, (one.label,), one.population, path, path)


def _document(
    group: GroupKind,
    key: str,
    names: Sequence[str],
    text: str | None,
    path: str,
    page: str,
    more: Iterable[str | None] = (),
) -> Document:
    titled = frozenset(word for name in names for word in map(_stem, fold_surface(name).split()))
    texts = " ".join(part for part in more if part)
    words = titled | frozenset(map(_stem, fold_surface(texts).split()))
    return Document(group, key, names[0], text, f"/v1{path}", page, titled, words)


def _stem(word: str) -> str:
    """Return the shortest form of a word: its singular, where it has one."""
    return min((word, *forms_of(word)), key=lambda one: (len(one), one))


def _result(card: FirstResult, because: Message) -> SearchResult:
    return SearchResult(**card.to_wire(), because=because)


def _of_document(document: Document, because: Message) -> SearchResult:
    return SearchResult(
        kind=document.group,
        key=document.key,
        title=document.title,
        text=document.text,
        because=because,
        href=document.href,
        page=document.page,
    )
