"""Keys as texts: made, read back, hashed; and what a scope opens."""

import re
from typing import Any

import pytest

from app.domain.keys import Actor, Scope, hash_key, make_key, parse_key, same_hash


def test_a_made_key_reads_back_and_no_two_are_the_same() -> None:
    one, other = make_key(), make_key()

    assert re.fullmatch(r"hc_[0-9a-f]{12}_[0-9a-f]{64}", one.text)
    assert parse_key(one.text) == one
    assert one.text != other.text
    assert one.public_id != other.public_id


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: text + "0",
        lambda text: text + "\n",
        lambda text: text.upper(),
        lambda text: text.removeprefix("hc_"),
        lambda text: text.replace("_", "-"),
        lambda text: text[:-1] + "\N{ARABIC-INDIC DIGIT ONE}",
        lambda text: "",
    ],
)
def test_a_text_that_is_not_written_as_keys_are_is_no_key(spoil: Any) -> None:
    text = make_key().text

    with pytest.raises(ValueError, match="form") as refused:
        parse_key(spoil(text))

    assert text[20:40] not in str(refused.value)


def test_the_hash_depends_on_the_key_and_on_the_pepper() -> None:
    hashes = {hash_key("a", "salt"), hash_key("a", "pepper"), hash_key("b", "salt")}

    assert len(hashes) == 3
    assert same_hash(hash_key("a", "salt"), hash_key("a", "salt"))
    assert not same_hash(*list(hashes)[:2])


def test_admin_may_everything_and_another_scope_only_itself() -> None:
    admin = Actor("Ada", 1, frozenset({Scope.ADMIN}))
    importer = Actor("Ada", 1, frozenset({"import"}))

    assert all(admin.may(scope) for scope in Scope)
    assert [scope for scope in Scope if importer.may(scope)] == [Scope.IMPORT]
