"""Which parameters a route reads from a query string, and which of them may be repeated."""

from collections.abc import Collection, Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from urllib.parse import unquote_plus

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel


def parameters_of(dependant: Dependant) -> dict[str, bool]:
    """Return each parameter of a route -> whether it may be given more than once."""
    return dict(_each(dependant))


def fields_of(model: type[BaseModel]) -> dict[str, bool]:
    """Return each field of a query model, as it is asked for -> whether it may come repeatedly."""
    return {
        field.alias or name: _is_list(field.annotation)
        for name, field in model.model_fields.items()
    }


def keep_known(query: bytes, known: Collection[str]) -> bytes:
    """Return a query string with the parameters of these names only, in their order.

    >>> keep_known(b"state=OH&fbclid=1&state=MI", {"state"})
    b'state=OH&state=MI'
    """
    parts = [part for part in query.split(b"&") if _name_of(part) in known]
    return b"&".join(parts)


def _name_of(part: bytes) -> str:
    return unquote_plus(part.partition(b"=")[0].decode("latin-1"))


def _each(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    for below in dependant.dependencies:
        yield from _each(below)
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from fields_of(annotation).items()
        else:
            yield field.alias, _is_list(annotation)


def _is_list(annotation: Any) -> bool:
    origin = get_origin(annotation) or annotation
    if origin is Annotated or origin in (Union, UnionType):
        return any(_is_list(one) for one in get_args(annotation))
    return isinstance(origin, type) and issubclass(origin, list | tuple | set)
