"""Web addresses as evidence."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text.addresses import (
    check_address,
    is_address,
    is_sales_link,
    is_same_page,
    strip_tracking,
    to_site,
)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.school.edu/hit?year=2026&a=%20b#fees",
        "http://school.edu:8080/a%2Fb/@alumni?mail=a@b.edu",
        "HTTPS://School.EDU/",
        "https://münchen.example/straße/%C3%A9",
        "https://[2001:db8::1]:8443/x",
        "https://10.0.0.1/x",
        "https://archive.example/web/2020/http://school.edu/a b.html",
    ],
)
def test_addresses_of_the_web_may_be_linked_as_they_are(address: str) -> None:
    assert check_address(address) == address


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://user:pw@evil.example/", "a user name or a password"),
        ("https://www.school.edu@evil.example/", "a user name or a password"),
        ("https://@evil.example/", "a user name or a password"),
        ("https://www.school.edu/\u202ecod.exe", "U\\+202E"),
        ("https://www.school.edu/%e2%80%aecod.exe", "U\\+202E"),
        ("https://www.sch\u200bool.edu/", "U\\+200B"),
        ("https://www.school.edu/%00", "U\\+0000"),
        ("https://www.school.edu/%0d%0aSet-Cookie:x", "U\\+000D"),
        ("https://www.school.edu/\ta", "U\\+0009"),
        ("https://www.school.edu/\x85a", "U\\+0085"),
        ("https://www.school.edu/\ufeffa", "U\\+FEFF"),
        ("https://www.school.edu\\@evil.example/", "backslash"),
        ("javascript:alert(1)", "neither http"),
        ("data:text/html,x", "neither http"),
        ("//school.edu/x", "neither http"),
        ("ftp://school.edu/x", "neither http"),
        ("https:///x", "no host"),
        ("https:school.edu", "no host"),
        ("https://", "no host"),
        ("https://a b.example/", "no host"),
        ("https://%65vil.example/", "no host"),
        ("https://.../", "no host"),
        ("https://school.edu:port/", "no web address"),
        ("https://[::1/", "no web address"),
        ("https://school.edu/" + "x" * 2_000, "at most 2,000"),
        ("", "neither http"),
    ],
)
def test_an_address_that_hides_what_it_is_may_not_be_linked(address: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_address(address)


@given(st.text(), st.text(), st.text())
def test_no_address_that_may_be_linked_holds_a_user_or_a_hidden_character(
    host: str, path: str, query: str
) -> None:
    address = f"https://{host}/{path}?{query}"

    if is_address(address):
        assert address.isprintable()
        assert "@" not in re.split("[/?#]", address.removeprefix("https://"))[0]


@pytest.mark.parametrize(
    ("url", "clean", "gone"),
    [
        ("https://x.edu/p/?utm_source=a&utm_medium=referral_link", "https://x.edu/p/", 2),
        (
            "https://x.edu/p?catoid=1&aff_id=7&poid=2&print",
            "https://x.edu/p?catoid=1&poid=2&print",
            1,
        ),
        ("https://x.edu/p?affiliate=9", "https://x.edu/p", 1),
        ("https://x.edu/p?partner=acme&ref=top&gclid=1", "https://x.edu/p", 3),
        ("https://x.edu/p#utm_campaign=a", "https://x.edu/p", 1),
        (
            "https://x.edu/p?office=affairs&preference=1",
            "https://x.edu/p?office=affairs&preference=1",
            0,
        ),
        ("https://x.edu/a)?page=150#top", "https://x.edu/a)?page=150#top", 0),
    ],
)
def test_tracking_parameters_go_and_the_rest_stays_as_written(
    url: str, clean: str, gone: int
) -> None:
    address, names = strip_tracking(url)

    assert (address, len(names)) == (clean, gone)


@pytest.mark.parametrize(
    ("url", "is_sale"),
    [
        ("https://www.awin1.com/cread.php?ued=https://x.edu", True),
        ("https://click.linksynergy.com?id=1", True),
        ("https://x.edu/awin1.com", False),
        ("https://notawin1.com/", False),
    ],
)
def test_advertising_networks_are_told_by_their_host(url: str, is_sale: bool) -> None:
    assert is_sales_link(url) is is_sale


def test_one_page_has_several_spellings() -> None:
    assert is_same_page("http://www.x.edu/hit/", "https://x.edu/hit?utm_source=a#top")
    assert not is_same_page("https://x.edu/hit?id=1", "https://x.edu/hit?id=2")


def test_a_shared_host_is_parted_by_the_first_part_of_the_path() -> None:
    assert to_site("https://www.alamo.edu/spc/academics?x=1") == ("alamo.edu", "spc")
    assert to_site("alamo.edu") == ("alamo.edu", "")
    assert to_site("alamo.edu?to=/spc") == ("alamo.edu", "")
