"""Web addresses as evidence."""

import pytest

from app.domain.addresses import is_sales_link, is_same_page, strip_tracking, to_site


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
