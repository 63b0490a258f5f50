"""A parameter of one value is given once: which of two was meant, nobody can know."""

from collections.abc import Callable, Sequence

from fastapi import Depends, Request

from app.errors import Fault, InvalidRequestError
from app.http.parameters import parameters_of


async def refuse_repeated(request: Request) -> None:
    """Refuse a request that gives a parameter of one value more than once.

    Raises:
        InvalidRequestError: It does; each such parameter is named.
    """
    asked = request.query_params.multi_items()
    if len({name for name, _ in asked}) < len(asked):
        may_be_repeated = parameters_of(request.scope["route"].dependant)
        check_single(asked, lambda name: may_be_repeated.get(name) is False)


def check_single(asked: Sequence[tuple[str, str]], is_single: Callable[[str], bool]) -> None:
    """Refuse names of one value that come more than once.

    Raises:
        InvalidRequestError: There are some; each is named.
    """
    values: dict[str, list[str]] = {}
    for name, value in asked:
        values.setdefault(name, []).append(value)
    faults = [
        Fault(
            f"{name} takes one value, but is given {len(given)} times.",
            parameter=name,
            value=", ".join(given),
        )
        for name, given in values.items()
        if len(given) > 1 and is_single(name)
    ]
    if faults:
        raise InvalidRequestError(faults)


ONE_VALUE_EACH = Depends(refuse_repeated)
