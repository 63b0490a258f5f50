"""Answers that we make ourselves: declared as models, made and written without being checked.

A comparison has a thousand parts. What reads and describes them is the model; what our code makes
of them is a structure of ``msgspec`` with the same fields, in a tenth of the time.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar

import msgspec
from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Model = TypeVar("Model", bound=BaseModel)


def served(model: type[Model]) -> type[Model]:
    """Make of a model the structure by which its class is known from then on.

    It is constructed by keywords, which are taken as they are, and it has the fields, properties
    and methods of the model but none of those that every model has. Other models, routes and the
    OpenAPI document take it for the model.
    """
    fields: list[Any] = []
    for name, info in model.model_fields.items():
        if info.is_required():
            fields.append((name, Any))
        elif info.default_factory is not None:
            make: Any = info.default_factory
            fields.append((name, Any, msgspec.field(default_factory=make)))
        else:
            fields.append((name, Any, info.default))
    own = {
        name: value
        for base in reversed(model.__mro__[: model.__mro__.index(BaseModel)])
        for name, value in vars(base).items()
        if isinstance(value, property | FunctionType) and not name.startswith("__")
    }
    structure: Any = msgspec.defstruct(
        model.__name__,
        fields,
        namespace={**own, "__doc__": model.__doc__, "__module__": model.__module__},
        kw_only=True,
        dict=bool(model.__private_attributes__),
    )

    def describe(_source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        def take(value: object, validate: Callable[[object], Model]) -> object:
            return value if isinstance(value, structure) else structure(**dict(validate(value)))

        return core_schema.no_info_wrap_validator_function(
            take,
            handler.generate_schema(model),
            serialization=core_schema.plain_serializer_function_ser_schema(to_plain),
        )

    structure.__get_pydantic_core_schema__ = describe
    taken: type[Model] = structure
    return taken


def changed(answer: Model, **values: object) -> Model:
    """Return a served structure with other values in some of its fields."""
    taken: Any = answer
    other: Model = msgspec.structs.replace(taken, **values)
    return other


def _plain(part: object) -> object:
    """Return a text that is more than a text, or a model, as what can be written."""
    if isinstance(part, str):
        return str(part)
    if isinstance(part, BaseModel):
        return part.model_dump(mode="json")
    raise TypeError(f"{part!r} cannot be written as JSON")


def to_plain(answer: object) -> Any:
    """Return a served structure as the dicts, lists and values that its JSON is made of."""
    return msgspec.to_builtins(answer, enc_hook=_plain)


_encoder = msgspec.json.Encoder(enc_hook=_plain)


def to_json(answer: object) -> bytes:
    """Return a served structure, or a model, as JSON."""
    if isinstance(answer, BaseModel):
        return answer.__pydantic_serializer__.to_json(answer)
    return _encoder.encode(answer)
