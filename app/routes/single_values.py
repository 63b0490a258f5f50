"""A parameter of one value is given once: which of two was meant, nobody can know."""

from collections import Counter

from fastapi import Depends, Request

from app.errors import Fault, InvalidRequestError
from app.parameters import parameters_of


async def refuse_repeated(request: Request) -> None:
    """Refuse a request that gives a parameter of one value more than once.

    Raises:
        InvalidRequestError: It does; each such parameter is named.
    """
    counts = Counter(name for name, _ in request.query_params.multi_items())
    if counts.total() == len(counts):
        return
    may_be_repeated = parameters_of(request.scope["route"].dependant)
    faults = [
        Fault(
            f"{name} takes one value, but is given {count} times.",
            parameter=name,
            value=", ".join(request.query_params.getlist(name)),
        )
        for name, count in counts.items()
        if count > 1 and may_be_repeated.get(name) is False
    ]
    if faults:
        raise InvalidRequestError(faults)


ONE_VALUE_EACH = Depends(refuse_repeated)
