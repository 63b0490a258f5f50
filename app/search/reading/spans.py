"""What words of a text stand for: the shapes that reading gives and matching takes.

A text is cut into tokens. A ``Surface`` is a run of tokens that means something; a ``Span`` is
where a text has it. A ``Reading`` is the best cover of a text by spans, each token in exactly one.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.places import Point


class Kind(StrEnum):
    """What a surface is about."""

    SCHOOL = "school"
    AREA = "area"
    FIELD = "field"
    AWARD = "award"
    CREDENTIAL = "credential"
    DELIVERY = "delivery"
    CONTROL = "control"
    ACCREDITATION = "accreditation"
    TRANSFER = "transfer"
    PRACTICUM = "practicum"
    PRICE = "price"
    LENGTH = "length"
    SORT = "sort"
    PAGE = "page"
    UNTOLD = "untold"
    FOREIGN = "foreign"
    FILLER = "filler"


@dataclass(frozen=True, slots=True)
class SchoolTarget:
    """Schools that go by a name; several are alternatives, or parts of one system."""

    unitids: tuple[int, ...]
    is_system: bool = False


@dataclass(frozen=True, slots=True)
class AreaTarget:
    """A place: whole states, counties (FIPS), metros (CBSA), or a circle; any of them will do.

    ``name`` is as people write it ("Portland, OR"). ``city`` and ``state`` tell the city in the
    middle of a circle, whose own programs come first. ``zip_code`` names a ZIP code typed.
    ``south_of`` and ``north_of`` cut states at a latitude.
    """

    name: str
    states: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    metros: tuple[str, ...] = ()
    center: Point | None = None
    miles: float = 0.0
    city: str | None = None
    state: str | None = None
    zip_code: str | None = None
    south_of: float | None = None
    north_of: float | None = None


@dataclass(frozen=True, slots=True)
class FieldTarget:
    """CIP codes that are meant surely and possibly, of some groups of awards only if named."""

    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    award_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilterTarget:
    """Values of a parameter of the search: delivery, award_group, control, max_months, sort ..."""

    parameter: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CredentialTarget:
    """A credential by its code."""

    code: str


@dataclass(frozen=True, slots=True)
class NoteTarget:
    """Key of a page that answers (``page``), or of a sentence that tells (others)."""

    key: str


Target = (
    SchoolTarget | AreaTarget | FieldTarget | FilterTarget | CredentialTarget | NoteTarget | None
)
"""None: of a filler, which means nothing by itself."""


@dataclass(frozen=True, slots=True)
class Surface:
    """One meaning of a run of folded tokens, with who says so."""

    text: str
    kind: Kind
    target: Target
    weight: float
    """0 to 1: how sure, and how much the word is for this meaning."""
    language: str
    """en, es, or any."""
    source: str
    rarity: float = 1.0
    """1, of nearly every program, to 2, of one or none: how much the words tell."""


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens ``start`` to ``end`` (exclusive) of a text with what they are read as.

    ``meaning`` is the one taken, ``others`` are what the same words also mean, the likelier first.
    ``mended`` is the surface that was taken for a misspelled word, or None.
    """

    start: int
    end: int
    typed: str
    meaning: Surface
    others: tuple[Surface, ...] = ()
    mended: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is understood: every token is in one span or in ``left``.

    ``left`` has the places of tokens that no surface has. ``names`` are the runs of them that look
    like the name of a school or place, such as an unknown "Caltech". ``second`` is another cover
    that is nearly as good, without a second of its own.
    """

    text: str
    tokens: tuple[str, ...]
    spans: tuple[Span, ...]
    left: tuple[int, ...]
    names: tuple[str, ...] = ()
    second: "Reading | None" = None
