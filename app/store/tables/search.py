"""What a search looks in, made when a release is published."""

from sqlmodel import Field, SQLModel

INDEX_SHAPE = 11
"""One more whenever the code makes other terms of the same facts: older indexes are made anew."""


class SearchTerms(SQLModel, table=True):
    """The terms of one kind and, for each, the listed programs that have it.

    Programs are numbered 0, 1, 2 ... in the usual order of lists; ``bits`` holds their
    numbers as Roaring bitmaps, one after the other, ``sizes`` the bytes of each as JSON.
    Kind ``program`` has no terms: its bits are the program ids by number, 4 bytes each, low first.
    Nor has ``lexicon``: its bits are what words stand for, as ``app/search/lexicon.py`` packs it.
    """

    __tablename__ = "search_terms"

    release: int = Field(foreign_key="release.number", primary_key=True)
    kind: str = Field(primary_key=True)
    terms: str
    sizes: str
    bits: bytes
