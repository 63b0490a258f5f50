"""How good answers are: recall, rank, what misleads, by kind."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import mean
from typing import Any

from app.domain.text.identifiers import fold
from tests.judged.finding import Answer, Finder
from tests.judged.rows import Catalogue
from tests.judged.texts import Text

FIRST = 10

KINDS_OF_ROLES = {
    "field": {"field", "credential", "page", "award"},
    "place": {"area", "award"},
    "school": {"school", "area", "award"},
    "award": {"award", "length"},
    "credential": {"credential", "page", "field"},
}
"""What words are about -> the kinds of reading that do not mislead."""

IGNORED = {"filler", "untold", "foreign", "sort", "name", "word", None}
"""Kinds of reading that find and leave out no program."""

NARROWS_NOTHING = {"preferred", "score", "left_out"}
"""Uses of a reading that leave out no program."""

NOT_HELD = {"not known", "not a field of this catalogue"}
"""Why words that name something that is not held are left out."""


@dataclass(frozen=True)
class Judged:
    """One answer: the share of what is wanted among the first ten, and 1 / place of the first.

    Where nothing is held, both are 1 if nothing is found and it is told why. ``misread`` are the
    words whose reading misleads.
    """

    text: Text
    recall: float
    reciprocal_rank: float
    found: list[str]
    missing: list[str]
    is_empty: bool
    misread: list[str]


def judge(catalogue: Catalogue, texts: Iterable[Text], find: Finder) -> list[Judged]:
    """Return the judgement of each text by what a finder answers."""
    return [_judge(catalogue, text, find(text.text)) for text in texts]


def _judge(catalogue: Catalogue, text: Text, answer: Answer) -> Judged:
    odd = list(misread(catalogue, text, answer))
    is_empty = not answer.slugs and not answer.cards
    if text.is_nothing:
        is_right = float(answer.total == 0 and is_told(answer))
        return Judged(text, is_right, is_right, answer.slugs[:3], [], is_empty, odd)
    if text.card is not None:
        places = [at for at, key in enumerate(answer.cards, start=1) if key == text.card]
        rank = 1 / places[0] if places else 0.0
        missing = [] if places else [text.card]
        return Judged(text, float(bool(places)), rank, answer.cards, missing, is_empty, odd)
    either = text.either - text.wanted
    first = [slug for slug in answer.slugs if slug not in either][:FIRST]
    places = [at for at, slug in enumerate(first, start=1) if slug in text.wanted]
    missing = sorted(text.wanted - set(first)) if len(text.wanted) <= FIRST else []
    recall = len(places) / min(len(text.wanted), FIRST)
    rank = 1 / places[0] if places else 0.0
    return Judged(text, recall, rank, first[:3], missing, is_empty, odd)


def is_told(answer: Answer) -> bool:
    """Return whether an answer says that something typed is not held."""
    return "beyond" in answer.more or any(one["because"] in NOT_HELD for one in answer.understood)


def misread(catalogue: Catalogue, text: Text, answer: Answer) -> Iterator[str]:
    """Yield the words that were read as something else than they are.

    That is: a filter that no wanted program passes; a known word taken for a misspelled one; and,
    where it is known what words are about, a reading of another kind.
    """
    for one in answer.understood:
        words = fold(one["words"])
        is_mended = bool(one.get("mended")) or one["because"] == "spelling"
        parameters = [] if one.get("used") in NARROWS_NOTHING else list(_parameters(one))
        fits = [catalogue.fitting(name, values) for name, values in parameters]
        is_past = text.wanted and any(
            some is not None and not some & (text.wanted | text.either) for some in fits
        )
        is_known = set(words.split()) <= catalogue.words
        roles = {
            role
            for typed, role in text.roles.items()
            if set(words.split()) & set(fold(typed).split())
        }
        kind = one.get("kind")
        is_odd = kind not in IGNORED and not any(
            kind in KINDS_OF_ROLES.get(role, ()) for role in roles
        )
        is_wrong = is_known or (text.is_nothing and kind != "foreign")
        if is_past or (is_odd and roles) or (is_mended and is_wrong):
            yield f"{one['words']} -> {kind or ''} {one['read_as']}"


def _parameters(one: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield the parameters that a reading stands for."""
    if isinstance(one.get("query"), dict):
        for name, value in one["query"].items():
            yield name, [str(v) for v in (value if isinstance(value, list) else [value])]
        return
    found: dict[str, list[str]] = defaultdict(list)
    for read in one["read_as"]:
        name, is_parameter, value = read.partition("=")
        if is_parameter and " " not in read:
            found[name].append(value)
    yield from found.items()


def figures(judged: list[Judged]) -> tuple[float, float]:
    """Return recall@10 and the mean reciprocal rank."""
    return mean(one.recall for one in judged), mean(one.reciprocal_rank for one in judged)


def by_kind(judged: list[Judged]) -> dict[str, list[Judged]]:
    """Return the judgements of each kind, in the order in which they come."""
    kinds: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        kinds[one.text.kind].append(one)
    return kinds
