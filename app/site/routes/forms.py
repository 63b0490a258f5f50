"""Forms of the site: what is wrong with them is told by the name of the field."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from app.errors import InvalidRequestError


@contextmanager
def rename_faults(**fields: str) -> Iterator[None]:
    """Report validation faults under the form's own field names.

    Args:
        fields: What the query calls it -> field of the page, where the names differ.

    Raises:
        InvalidRequestError: The query raised it; every fault names a field of the page.
    """
    try:
        yield
    except InvalidRequestError as error:
        faults = []
        for fault in error.faults:
            name = fault.parameter or (fault.pointer or "").removeprefix("#/").partition("/")[0]
            faults.append(replace(fault, pointer=None, parameter=fields.get(name, name)))
        raise InvalidRequestError(faults) from error
