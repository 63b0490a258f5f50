"""What begins with some letters, found without looking at all that does."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.vocabulary import SuggestionKind
from app.search.reading.completions import (
    FEW,
    LATER_FROM,
    Completions,
    kind_of,
    pack_completions,
)
from app.search.reading.spans import (
    AreaTarget,
    CredentialTarget,
    FieldTarget,
    Kind,
    NoteTarget,
    SchoolTarget,
    Surface,
)

KINDS = tuple(SuggestionKind)
WORD = st.text("abc", min_size=1, max_size=4)
NAME = st.lists(WORD, min_size=1, max_size=4).map(" ".join)


def school(text: str, unitid: int = 1, weight: float = 1.0, language: str = "any") -> Surface:
    target = SchoolTarget((unitid,))
    return Surface(text, Kind.SCHOOL, target, weight, language, "hand", 1.5)


def found(surfaces: list[Surface], letters: str, most: int = 20) -> list[str]:
    completions = Completions(pack_completions(surfaces))
    return [one.text for one in completions.find(letters, KINDS, "en", most)]


@given(st.lists(NAME, max_size=30), WORD)
def test_all_that_begins_so_is_found_and_nothing_else(names: list[str], letters: str) -> None:
    texts = found([school(name) for name in names], letters, most=100)

    beginning = {name for name in names if name.startswith(letters)}
    later = {name for name in names if any(w.startswith(letters) for w in name.split()[1:])}
    assert beginning <= set(texts) <= beginning | later
    assert len(texts) == len(set(texts))


def test_where_many_begin_alike_the_best_are_found_all_the_same() -> None:
    names = [f"college {number:04}" for number in range(2 * FEW)]
    surfaces = [school(name, weight=0.5) for name in names] + [school("college of it", weight=1)]

    assert found(surfaces, "coll", most=3)[0] == "college of it"
    assert found(surfaces, "college 0777") == ["college 0777"]


def test_later_words_are_beginnings_from_some_letters_on() -> None:
    surfaces = [school("virginia tech"), school("technical college")]

    assert found(surfaces, "technical"[:LATER_FROM]) == ["technical college", "virginia tech"]
    assert found(surfaces, "te") == ["technical college"]


def test_just_what_is_typed_comes_first_and_the_language_asked_for_before_others() -> None:
    exact = [school("albany technical college", weight=1), school("albany", weight=0.7)]
    languages = [school("codificar", language="es"), school("coding", language="en")]

    assert found(exact, "albany")[0] == "albany"
    assert found(languages, "cod") == ["coding", "codificar"]


def test_what_is_suggested_is_a_name_and_no_code_system_or_wish() -> None:
    area = AreaTarget("Ohio", states=("OH",), state="OH")
    kinds = [
        school("151263"),
        Surface("kctcs", Kind.SCHOOL, SchoolTarget((1, 2), is_system=True), 1, "any", "hand"),
        Surface("free", Kind.UNTOLD, NoteTarget("free"), 1, "en", "hand"),
        school("uga"),
        Surface("ohio", Kind.AREA, area, 1, "any", "hand"),
        Surface("rhit", Kind.CREDENTIAL, CredentialTarget("RHIT"), 1, "any", "hand"),
        Surface("coding", Kind.FIELD, FieldTarget(("51.0713",)), 1, "en", "hand"),
        Surface("coder", Kind.FIELD, FieldTarget((), ("51.0713",)), 1, "en", "soc-2018"),
    ]

    assert list(map(kind_of, kinds)) == [
        *(None, None, None),
        *(SuggestionKind.SCHOOL, SuggestionKind.PLACE, SuggestionKind.CREDENTIAL),
        *(SuggestionKind.FIELD, SuggestionKind.OCCUPATION),
    ]
