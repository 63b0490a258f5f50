"""The field's own keys, in every spelling the public files have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text.identifiers import (
    opeids_meant,
    parse_cip,
    parse_cip_prefix,
    parse_opeid,
    parse_soc,
    parse_unitid,
    parse_zip,
    to_host,
    to_slug,
    to_url,
)


@pytest.mark.parametrize(
    "spelling", ["51.0707", '"51.0707"', '="51.0707"', "510707", " 51.0707 ", "51.0707\t"]
)
def test_one_cip_code_is_read_from_every_spelling(spelling: str) -> None:
    assert parse_cip(spelling) == "51.0707"


@pytest.mark.parametrize("spelling", ["01.0101", "1.0101", "010101", "10101", '="01.0101"'])
def test_a_cip_code_keeps_or_regains_its_leading_zero(spelling: str) -> None:
    assert parse_cip(spelling) == "01.0101"


@pytest.mark.parametrize("text", ["5107", "51.07", "51", "99", "", "51.070", "51.07077", "51-0707"])
def test_a_cip_code_of_fewer_or_more_digits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a six-digit CIP code"):
        parse_cip(text)


@given(st.integers(0, 99), st.integers(0, 9999))
def test_any_cip_code_reads_the_same_with_and_without_its_point(family: int, rest: int) -> None:
    code = f"{family:02d}.{rest:04d}"

    assert parse_cip(code) == parse_cip(code.replace(".", "")) == parse_cip(f'="{code}"') == code


@pytest.mark.parametrize(
    ("text", "prefix"),
    [("51", "51"), ("51.07", "51.07"), ("5107", "51.07"), ('="01"', "01"), ("510707", "51.0707")],
)
def test_families_and_series_are_read_as_prefixes(text: str, prefix: str) -> None:
    assert parse_cip_prefix(text) == prefix


@pytest.mark.parametrize("text", ["5", "51.0", "51.070", "health", ""])
def test_other_lengths_are_no_prefix(text: str) -> None:
    with pytest.raises(ValueError, match="not a CIP family, series or code"):
        parse_cip_prefix(text)


@pytest.mark.parametrize("text", ["29-2072", "29-2072.00", '="29-2072"', " 29-2072 ", "292072"])
def test_a_soc_code_is_read_from_six_or_eight_digits(text: str) -> None:
    assert parse_soc(text) == "29-2072"


@pytest.mark.parametrize("text", ["29207", "29-207", "292072.00", "29-2072.0", "29.2072", ""])
def test_other_spellings_are_no_soc_code(text: str) -> None:
    with pytest.raises(ValueError, match="not a SOC code"):
        parse_soc(text)


@pytest.mark.parametrize(
    ("text", "opeid"),
    [("00686700", "00686700"), ("686700", "00686700"), ('="00686700"', "00686700")],
)
def test_an_opeid_has_eight_digits_with_its_zeros(text: str, opeid: str) -> None:
    assert parse_opeid(text) == opeid


@pytest.mark.parametrize("text", ["-2", "", "  "])
def test_a_school_without_an_opeid_has_none(text: str) -> None:
    assert parse_opeid(text) is None


@pytest.mark.parametrize("text", ["123456789", "12-34", "abc", "-1"])
def test_other_text_is_no_opeid(text: str) -> None:
    with pytest.raises(ValueError, match="not an OPEID"):
        parse_opeid(text)


@given(st.integers(0, 99_999_999))
def test_an_opeid_that_lost_its_zeros_in_a_spreadsheet_regains_them(number: int) -> None:
    assert parse_opeid(str(number)) == f"{number:08d}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("00575300", ("00575300",)),
        ("005753", ("00575300", "00005753")),
        ("5753", ("00575300", "00005753")),
        ("575301", ("00575301", "57530100")),
        ('="005753"', ("00575300", "00005753")),
    ],
)
def test_six_digits_of_an_opeid_name_the_main_campus(text: str, meant: tuple[str, ...]) -> None:
    assert opeids_meant(text) == meant


@given(st.integers(1, 999_999), st.integers(0, 99))
def test_every_form_of_an_opeid_may_stand_for_it(school: int, branch: int) -> None:
    whole = f"{school:06d}{branch:02d}"

    assert whole in opeids_meant(whole)
    assert whole in opeids_meant(whole.lstrip("0"))
    assert f"{school:06d}00" in opeids_meant(f"{school:06d}")
    assert f"{school:06d}00" in opeids_meant(str(school))


@pytest.mark.parametrize("text", [" 202222 ", '="202222"', "00202222", "0000202222"])
def test_a_unitid_has_six_digits(text: str) -> None:
    assert parse_unitid(text) == 202222


@pytest.mark.parametrize("text", ["20222", "2022222", "20222a", "-20222", "", "020222"])
def test_other_text_is_no_unitid(text: str) -> None:
    with pytest.raises(ValueError, match="not a UNITID"):
        parse_unitid(text)


@pytest.mark.parametrize(
    ("text", "zip_code"),
    [
        ("43215", "43215"),
        ("8876", "08876"),
        ("432151234", "43215-1234"),
        ("43215-1234", "43215-1234"),
        ("8876-1234", "08876-1234"),
        ('="08876"', "08876"),
    ],
)
def test_a_zip_code_has_five_or_nine_digits_and_its_zero(text: str, zip_code: str) -> None:
    assert parse_zip(text) == zip_code


@pytest.mark.parametrize("text", ["", "123", "123456", "12345-67890", "OH"])
def test_other_text_is_no_zip_code(text: str) -> None:
    with pytest.raises(ValueError, match="not a ZIP code"):
        parse_zip(text)


@given(st.integers(0, 99_999), st.integers(0, 9_999))
def test_a_long_zip_code_survives_the_loss_of_its_zero(five: int, four: int) -> None:
    whole = f"{five:05d}{four:04d}"

    assert parse_zip(whole) == f"{five:05d}-{four:04d}"
    if whole[0] == "0" and whole[1] != "0":
        assert parse_zip(whole[1:]) == parse_zip(whole)


@given(st.text())
def test_a_slug_holds_nothing_that_an_address_would_have_to_escape(text: str) -> None:
    slug = to_slug(text)

    assert all(letter.isascii() and (letter.isalnum() or letter == "-") for letter in slug)
    assert to_slug(slug) == slug


@pytest.mark.parametrize(
    ("address", "url", "host"),
    [
        ("www.school.edu/", "https://www.school.edu/", "school.edu"),
        ("http://School.edu/a", "http://School.edu/a", "school.edu"),
        ("https://www2.school.edu:8443/a", "https://www2.school.edu:8443/a", "school.edu"),
    ],
)
def test_a_web_address_comes_with_or_without_its_scheme(address: str, url: str, host: str) -> None:
    assert to_url(address) == url
    assert to_host(address) == host


@pytest.mark.parametrize(
    "address",
    [
        "https://school.edu?page=1",
        "https://school.edu#top",
        "school.edu?to=/a",
        "https://school.edu./a",
        "https://someone:secret@school.edu:8443/a",
    ],
)
def test_a_host_ends_where_its_address_goes_on(address: str) -> None:
    assert to_host(address) == "school.edu"
