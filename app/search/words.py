"""What a searcher means by his words: everyday words, nicknames, one typing error a word.

Words are those of ``fold``: lower case, without accents. Nothing here knows how terms are kept;
a ``Vocabulary`` tells which there are. Any text is read in bounded time: so many words of it, so
many of these mended, none of them longer than the words that there are.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Protocol

from app.domain.text.identifiers import fold
from app.domain.vocabulary import STATE_NAMES, Delivery
from app.schemas.filters import ACCREDITED as ACCREDITED_AT_ALL
from app.schemas.filters import FACTS, SAID_YES

Term = tuple[str, str]
"""Kind of term and its value: ("school", "owens"), ("cip_code", "51.0713")."""

All = tuple[Term, ...]
"""Terms that must hold together."""

SUBJECT, SCHOOL, PLACE, SCHOOL_NAME = "subject", "school", "place", "school_name"
WORDS = (SUBJECT, SCHOOL, PLACE)
"""Where a plain word is looked for: title and field of a program, name of the school, its place."""

INITIALS, NEAR_ZIP, AROUND_ZIP = "initials", "near_zip", "around_zip"
"""Of the school's name; and within a short or a long drive of a ZIP code."""

MAX_WORDS, MAX_SMALL_WORDS = 12, 12
"""Of a text that are read; the rest is left out."""

LONGEST_PHRASE = 4
SHORTEST_TO_MEND = 4
MOST_MENDED = 4
"""Words of one text, those that are not known first."""

SHORTEST_PREFIX = 3
MOST_LONGER = 40
"""Longer words of a kind that a word may be the beginning of."""

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Vocabulary(Protocol):
    """The terms that there are."""

    @property
    def words(self) -> Set[str]:
        """Every single word of a subject, a school, a place, and all initials."""

    @property
    def longest(self) -> int:
        """Letters of the longest of ``words``."""

    def has(self, kind: str, value: str) -> bool:
        """Return whether a term is known."""

    def starting(self, kind: str, prefix: str) -> list[str]:
        """Return the values of a kind that begin so."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing asked for: any of ``strong`` or ``weak`` will do, and a strong one ranks higher.

    ``fact`` names the filter on a fact that is asked for, if one is.
    """

    typed: str
    strong: tuple[All, ...]
    weak: tuple[All, ...] = ()
    because: str | None = None
    read_as: tuple[str, ...] = ()
    fact: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is understood: all needs must be met; ``names`` are school names it may hold.

    ``mended`` are words with a typing error, each with what it was taken for. Without a need,
    nothing was asked for.
    """

    needs: tuple[Need, ...]
    names: tuple[str, ...]
    mended: tuple[tuple[str, tuple[str, ...]], ...]


STOP_WORDS = frozenset(
    "a an and at best by can cheap class classes course courses degree degrees do find for from "
    "exam get good how i in is me my near nearby of on or prep preparation program programs school "
    "schools study test the to top training want what where with".split()
)
"""Left out of a search; a text of nothing else asks for nothing."""

SAME = [
    "code coder coders coding",
    "bill biller billers billing",
    "transcription transcriptionist transcribing",
    "receptionist reception",
    "admin administration administrative administrator",
    "tech technician technology",
    "manager management managing",
    "secretary secretarial",
    "assistant assisting",
    "registrar registry registries",
    "insurance reimbursement",
    "informatics informaticist informatician",
    "healthcare health",
    "univ university",
    "inst institute",
    "comm community",
    "cc community",
    "saint st",
    "mount mt",
    "fort ft",
]
"""Words that stand for each other."""

KIN = {
    word: sorted(
        {other for line in SAME if word in line.split() for other in line.split()} - {word}
    )
    for word in " ".join(SAME).split()
}
"""Word -> those that stand for it."""

ONLINE: tuple[tuple[All, ...], tuple[All, ...]] = (
    ((("delivery", Delivery.ONLINE),), (("delivery", Delivery.HYBRID),)),
    (),
)
ON_CAMPUS: tuple[tuple[All, ...], tuple[All, ...]] = (
    ((("delivery", Delivery.CAMPUS),), (("delivery", Delivery.HYBRID),)),
    (),
)
ACCREDITED: tuple[tuple[All, ...], tuple[All, ...]] = (
    tuple((("accreditation", finding),) for finding in SAID_YES),
    (),
)


def _fields(*codes: str) -> tuple[All, ...]:
    return tuple((("cip_code", code),) for code in codes)


def _awards(group: str, *words: str) -> tuple[All, ...]:
    return ((("award_group", group),), *(((SUBJECT, word),) for word in words))


NEW_YORK_CITY: tuple[All, ...] = (((PLACE, "new york"),),)
HIM = _fields("51.0706", "51.0707")

EVERYDAY: dict[str, tuple[tuple[All, ...], tuple[All, ...]]] = {
    "him": (HIM, ()),
    "hit": (_fields("51.0707"), ()),
    "health information management": (HIM, ()),
    "health information technology": (_fields("51.0707"), ()),
    "health information": (_fields("51.0706", "51.0707", "51.0723"), ()),
    "health info": (_fields("51.0706", "51.0707", "51.0723"), ()),
    "medical records": (HIM, ()),
    "medical record": (HIM, ()),
    "health records": (HIM, ()),
    "records technician": (_fields("51.0707"), ()),
    "medical coding and billing": (_fields("51.0713", "51.0714"), ()),
    "medical billing and coding": (_fields("51.0713", "51.0714"), ()),
    "billing and coding": (_fields("51.0713", "51.0714"), ()),
    "coding and billing": (_fields("51.0713", "51.0714"), ()),
    "medical coding": (_fields("51.0713"), ()),
    "medical coder": (_fields("51.0713"), ()),
    "coding": (_fields("51.0713"), _fields("51.0714")),
    "coder": (_fields("51.0713"), _fields("51.0714")),
    "medical billing": (_fields("51.0714"), ()),
    "medical biller": (_fields("51.0714"), ()),
    "billing": (_fields("51.0714"), _fields("51.0713")),
    "biller": (_fields("51.0714"), _fields("51.0713")),
    "insurance": (_fields("51.0713", "51.0714"), ()),
    "health informatics": (_fields("51.2706"), _fields("51.0706")),
    "healthcare informatics": (_fields("51.2706"), _fields("51.0706")),
    "clinical informatics": (_fields("51.2706"), ()),
    "informatics": (_fields("51.2706"), ()),
    "health data": (_fields("51.2706", "51.0706"), ()),
    "transcription": (_fields("51.0708"), ()),
    "cancer": (_fields("51.0721"), ()),
    "cancer registry": (_fields("51.0721"), _fields("51.0707")),
    "cancer registrar": (_fields("51.0721"), _fields("51.0707")),
    "tumor registry": (_fields("51.0721"), _fields("51.0707")),
    "health administration": (_fields("51.0701", "51.0702"), ()),
    "healthcare administration": (_fields("51.0701", "51.0702"), ()),
    "hospital administration": (_fields("51.0702"), _fields("51.0701")),
    "healthcare management": (_fields("51.0701", "51.0702"), ()),
    "nursing home administrator": (_fields("51.0718"), ()),
    "long term care": (_fields("51.0718"), ()),
    "front desk": (_fields("51.0712", "51.0710"), ()),
    "medical office": (_fields("51.0705", "51.0709", "51.0710"), ()),
    "medical secretary": (_fields("51.0716"), ()),
    "clinical research": (_fields("51.0719"), ()),
    "unit clerk": (_fields("51.0703"), ()),
    "ward clerk": (_fields("51.0703"), ()),
    "privacy": (_fields("51.0723"), ()),
    "online": ONLINE,
    "remote": ONLINE,
    "distance": ONLINE,
    "distance learning": ONLINE,
    "from home": ONLINE,
    "hybrid": (((("delivery", Delivery.HYBRID),),), ()),
    "on campus": ON_CAMPUS,
    "in person": ON_CAMPUS,
    "accredited": ACCREDITED,
    "cahiim": ACCREDITED,
    "certificate": (_awards("certificate", "certificate"), ()),
    "certificates": (_awards("certificate", "certificate"), ()),
    "certification": (_awards("certificate", "certificate"), ()),
    "diploma": (_awards("certificate", "diploma"), ()),
    "associate": (_awards("associate", "associate"), ()),
    "associates": (_awards("associate", "associate"), ()),
    "2 year": (_awards("associate"), ()),
    "two year": (_awards("associate"), ()),
    "aas": (_awards("associate", "aas"), ()),
    "bachelor": (_awards("bachelor", "bachelor"), ()),
    "bachelors": (_awards("bachelor", "bachelor"), ()),
    "4 year": (_awards("bachelor"), ()),
    "four year": (_awards("bachelor"), ()),
    "bs": (_awards("bachelor", "bs"), ()),
    "master": (_awards("master", "master"), ()),
    "masters": (_awards("master", "master"), ()),
    "ms": (_awards("master", "ms"), (((PLACE, "ms"),),)),
    "mha": (((("cip_code", "51.0701"), ("award_group", "master")),), ()),
    "doctorate": ((*_awards("doctorate_research"), *_awards("doctorate_professional")), ()),
    "phd": (_awards("doctorate_research"), ()),
    "public": (((("control", "public"),),), ()),
    "nonprofit": (((("control", "private_nonprofit"),), (("control", "public"),)), ()),
    "nyc": (NEW_YORK_CITY, ()),
    "new york city": (NEW_YORK_CITY, ()),
    "philly": ((((PLACE, "philadelphia"),),), ()),
    "cali": (((("state", "CA"),),), ()),
    "dc": (((("state", "DC"),),), ()),
}
"""Everyday words -> what they mean, surely and possibly; the words themselves are looked for too.

Fields are CIP 2020 codes by their official titles (NCES).
"""

CREDENTIALS: dict[str, tuple[str, All]] = {
    "rhit": ("RHIT", (("cip_code", "51.0707"), ("award_group", "associate"))),
    "rhia": ("RHIA", (("cip_code", "51.0706"),)),
    "cca": ("CCA", (("cip_code", "51.0713"),)),
    "ccs": ("CCS", (("cip_code", "51.0713"),)),
    "cpc": ("CPC", (("cip_code", "51.0713"),)),
    "cpb": ("CPB", (("cip_code", "51.0714"),)),
    "ods": ("ODS", (("cip_code", "51.0721"),)),
    "ctr": ("ODS", (("cip_code", "51.0721"),)),
}
"""Code as typed -> the credential, and programs that commonly lead there, though none says so."""


def usual_programs(code: str) -> All:
    """Return the field and award that commonly lead to a credential; none if nobody says."""
    return CREDENTIALS.get(code.lower(), ("", ()))[1]


MEANT = frozenset(word for word in (*EVERYDAY, *CREDENTIALS) if " " not in word)
"""Words with a meaning whether or not a program has them."""

STATES = {fold(name): code for code, name in STATE_NAMES.items()} | {
    "virgin islands": "VI",
    "u s virgin islands": "VI",
    "micronesia": "FM",
}
"""Names of states and territories as typed -> their codes."""

FIRST_OF_STATES = frozenset(name.split()[0] for name in STATES)


def read_text(text: str, vocabulary: Vocabulary) -> Reading:
    """Return how a text is understood.

    Phrases of ``EVERYDAY`` and names of states without a program are taken whole, the longest
    first. A word that no program has is read as one that differs by one typing error: a letter too
    much, missing or wrong, or two neighbours that changed places. A text of which no letter can be
    read has one need that nothing meets.
    """
    typed = _words_of(text)
    if typed and STOP_WORDS.issuperset(typed):
        return _read_small_words(text, typed, vocabulary)
    words, mended = [], []
    for word, found in _spelt(typed, vocabulary, {w for w in typed if _is_word(w, vocabulary)}):
        words.append(found[0] if len(found) == 1 else word)
        if found:
            mended.append((word, found))
    needs = tuple(_needs(words, dict(mended), vocabulary))
    return Reading(needs or (Need(text, ()),), tuple(_runs(words)), tuple(mended))


def relaxed_reading(text: str, vocabulary: Vocabulary) -> Reading:
    """Return a wider reading, for a text that finds nothing as it stands.

    Known words may have a typing error too ("Phillips" for "Philips"), and words that mean nothing
    are left out where others are left.
    """
    typed = _words_of(text)
    if typed and STOP_WORDS.issuperset(typed):
        return _read_small_words(text, typed, vocabulary)
    found = dict(_spelt(typed, vocabulary, STOP_WORDS))
    needs = []
    for part in _parts(typed, vocabulary):
        if isinstance(part, Need):
            needs.append(part)
        elif part not in STOP_WORDS:
            plain, meant = _word(part, vocabulary), _any_of(part, found[part], vocabulary)
            needs.append(replace(plain, weak=(*plain.weak, *meant.weak)))
    kept = [need for need in needs if need.strong or need.weak]
    lost = [(need.typed, ()) for need in needs if not (need.strong or need.weak)]
    mended = [(word, near) for word, near in found.items() if near]
    return Reading(tuple(kept or needs or [Need(text, ())]), (), (*mended, *lost))


def _words_of(text: str) -> list[str]:
    """Return the first words of a text, small ones and others counted apart."""
    left = {True: MAX_SMALL_WORDS, False: MAX_WORDS}
    words = []
    for word in fold(text).split():
        is_small = word in STOP_WORDS
        left[is_small] -= 1
        if left[is_small] >= 0:
            words.append(word)
    return words


def _read_small_words(text: str, typed: list[str], vocabulary: Vocabulary) -> Reading:
    """Return the reading of a text of stop words: nothing is asked for, but "OR" is Oregon."""
    if text.strip().upper() == text.strip() in STATE_NAMES:
        return Reading((_state(text.strip(), typed[0], vocabulary),), (), ())
    return Reading((), (), ((" ".join(typed), ()),))


def _spelt(
    typed: list[str], vocabulary: Vocabulary, known: Set[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each word with the words it may be meant for, none for those that are ``known``.

    Words that name a state without a program are known too.
    """
    named = {word for part in _parts(typed, vocabulary) for word in _names_of(part)}
    asked = [word for word in dict.fromkeys(typed) if word not in known and word not in named]
    asked.sort(key=lambda word: _is_word(word, vocabulary))
    found = {word: _near(word, vocabulary) for word in asked[:MOST_MENDED]}
    return ((word, found.get(word, ())) for word in typed)


def _names_of(part: "str | Need") -> list[str]:
    return part.typed.split() if isinstance(part, Need) else []


def _parts(words: list[str], vocabulary: Vocabulary) -> Iterator["str | Need"]:
    """Yield the words, but a name of a state where no program is as one need."""
    at = 0
    while at < len(words):
        longest = min(LONGEST_PHRASE, len(words) - at) if words[at] in FIRST_OF_STATES else 0
        for length in range(longest, 0, -1):
            phrase = " ".join(words[at : at + length])
            code = STATES.get(phrase)
            if phrase in EVERYDAY:
                yield from words[at : at + length]
            elif code is not None and not vocabulary.has("state", code):
                yield _state(code, phrase, vocabulary)
            else:
                continue
            at += length
            break
        else:
            yield words[at]
            at += 1


def _state(code: str, typed: str, vocabulary: Vocabulary) -> Need:
    """Return the need of a state; where no program is, only a school named so meets it too."""
    terms = ("state", code)
    if vocabulary.has(*terms):
        return Need(typed, ((terms,),), _plain(typed, vocabulary).strong)
    named = tuple(_named_so(typed.split(), vocabulary))
    return Need(typed, ((terms,),), named, "state", _told(((terms,),)))


def _runs(words: Sequence[str]) -> Iterator[str]:
    """Yield all runs of words, the longest first."""
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _needs(
    words: list[str], near: Mapping[str, tuple[str, ...]], vocabulary: Vocabulary
) -> Iterator[Need]:
    """Yield what words ask for; ``near`` tells what those stand for that are not known."""
    at, parts = 0, list(_parts(words, vocabulary))
    while at < len(parts):
        part = parts[at]
        if isinstance(part, Need):
            yield part
            at += 1
            continue
        for length in range(min(LONGEST_PHRASE, len(parts) - at), 1, -1):
            some = [one for one in parts[at : at + length] if isinstance(one, str)]
            if len(some) == length and " ".join(some) in EVERYDAY:
                yield _everyday(" ".join(some), some, vocabulary)
                at += length
                break
        else:
            if part not in STOP_WORDS:
                need = _word(part, vocabulary)
                is_met = need.strong or need.weak
                yield need if is_met else _any_of(part, near.get(part, ()), vocabulary)
            at += 1


def _everyday(phrase: str, parts: list[str], vocabulary: Vocabulary) -> Need:
    strong, weak = EVERYDAY[phrase]
    parts = [word for word in parts if word not in STOP_WORDS] or parts
    together = tuple((SUBJECT, word) for word in parts)
    return Need(
        phrase,
        (*strong, together),
        (*weak, *_named_so(parts, vocabulary)),
        "everyday word",
        (f"accreditation={ACCREDITED_AT_ALL}",) if strong is ACCREDITED[0] else _told(strong),
        next((kind for terms in strong for kind, _ in terms if kind in FACTS), None),
    )


def _named_so(parts: list[str], vocabulary: Vocabulary) -> Iterator[All]:
    """Yield the words as parts of a school's name, as in "Medical Coding Academy"."""
    if all(vocabulary.has(SCHOOL, word) for word in parts):
        yield tuple((SCHOOL, word) for word in parts)


def _told(alternatives: tuple[All, ...]) -> tuple[str, ...]:
    return tuple(" ".join(f"{kind}={value}" for kind, value in terms) for terms in alternatives)


def _word(word: str, vocabulary: Vocabulary) -> Need:
    """Return what a word asks for as it is spelt; nothing where nothing is known by it."""
    if word in EVERYDAY:
        meant = _everyday(word, [word], vocabulary)
        plain = _plain(word, vocabulary)
        return Need(
            word,
            meant.strong,
            (*meant.weak, *plain.strong, *plain.weak),
            meant.because,
            meant.read_as,
            meant.fact,
        )
    if word in CREDENTIALS:
        code, usual = CREDENTIALS[word]
        sure: tuple[All, ...] = ((("credential", code),), ((SUBJECT, word),))
        likely: All = (*usual, ("credential", "unknown"))
        named = _plain(word, vocabulary).strong
        return Need(word, sure, (likely, *named), "credential", _told((*sure[:1], likely)))
    if len(word) == 5 and word.isdigit():
        around = (((AROUND_ZIP, word),), *_plain(word, vocabulary).strong)
        return Need(word, (((NEAR_ZIP, word),),), around, "ZIP code", (f"near={word}",))
    if word.upper() in STATE_NAMES:
        return _state(word.upper(), word, vocabulary)
    return _plain(word, vocabulary)


def _plain(word: str, vocabulary: Vocabulary) -> Need:
    """Return the word itself as the strong reading; its kin and longer words as the weak one."""
    strong = [((kind, word),) for kind in WORDS if vocabulary.has(kind, word)]
    weak = [
        ((kind, kin),) for kin in KIN.get(word, ()) for kind in WORDS if vocabulary.has(kind, kin)
    ]
    if vocabulary.has(INITIALS, word):
        strong.append(((INITIALS, word),))
    if len(word) >= SHORTEST_PREFIX:
        weak += [
            ((kind, longer),)
            for kind in WORDS
            for longer in vocabulary.starting(kind, word)[:MOST_LONGER]
            if longer != word
        ]
    return Need(word, tuple(strong), tuple(weak))


def _near(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the known words one typing error away, in the order of the alphabet."""
    if len(word) < SHORTEST_TO_MEND or word.isdigit() or len(word) > vocabulary.longest + 1:
        return ()
    others = edits(word)
    return tuple(sorted(((others & vocabulary.words) | (others & MEANT)) - STOP_WORDS))


def _is_word(word: str, vocabulary: Vocabulary) -> bool:
    """Return whether a word is known, or the beginning of one that is."""
    return _is_known(word, vocabulary) or any(vocabulary.starting(kind, word) for kind in WORDS)


def _is_known(word: str, vocabulary: Vocabulary) -> bool:
    return word in STOP_WORDS or word in MEANT or word in vocabulary.words


def _any_of(word: str, near: Sequence[str], vocabulary: Vocabulary) -> Need:
    """Return the need of a word that can be read as several others."""
    found = [_word(other, vocabulary) for other in near]
    return Need(word, (), tuple(terms for need in found for terms in (*need.strong, *need.weak)))


def edits(word: str) -> set[str]:
    """Return every text one typing error away: a letter gone, added, changed, or two swapped."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    gone = {a + b[1:] for a, b in parts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1}
    changed = {a + letter + b[1:] for a, b in parts if b for letter in LETTERS}
    added = {a + letter + b for a, b in parts for letter in LETTERS}
    return (gone | swapped | changed | added) - {word}


SMALL_WORDS = frozenset({"of", "the", "at", "and", "in", "for", "a"})


def initials_of(name: str) -> str | None:
    """Return the first letters of a folded school name, or None for one of under three words."""
    words = [word for word in name.split() if word not in SMALL_WORDS]
    return "".join(word[0] for word in words) if len(words) >= 3 else None
