"""Who asks, where what else is wrong with a request is to be told as well."""

from dataclasses import replace

from app.domain.reader import Reader
from app.errors import Fault, InvalidRequestError
from app.schemas.reader import ReaderQuery
from app.search.places import reader_of


def reader_or_faults(
    faults: list[Fault], asked: ReaderQuery, *, pointer: str | None = None
) -> Reader:
    """Return who asks; where that is not told well, add what is wrong and return anybody.

    ``pointer`` is where a body holds the ZIP code.
    """
    try:
        return reader_of(asked, asked.near)
    except InvalidRequestError as error:
        faults += [
            replace(fault, parameter=None, pointer=pointer) if pointer else fault
            for fault in error.faults
        ]
        return Reader()
