"""Texts of ours on the wire: in English, and for pages still able to be said in their language."""

from typing import Annotated

from pydantic import ValidatorFunctionWrapHandler, WrapValidator

from app.domain.messages import Message


def _keep_message(value: object, validate: ValidatorFunctionWrapHandler) -> object:
    """Return a message as it is, for a plain string has forgotten its pattern."""
    return value if isinstance(value, Message) else validate(value)


Sentence = Annotated[str, WrapValidator(_keep_message)]
"""A text that may be a message."""
