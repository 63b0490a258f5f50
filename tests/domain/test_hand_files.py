"""The hand files of the lexicon: what is read, what is refused and how it is told."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.search.reading.hand_files import HandFileError, read_hand_files
from app.search.reading.spans import (
    AreaTarget,
    CredentialTarget,
    FieldTarget,
    FilterTarget,
    Kind,
    SchoolTarget,
)
from tests.domain.lexicons import write_hand_files

SEED = Path(__file__).parents[2] / "seed"


@pytest.mark.parametrize(
    ("name", "line", "problem"),
    [
        ("fields", "coding,51.713,1,en", "fields.csv, line 2, target: '51.713' is no CIP code"),
        ("fields", "coding,,1,en", "line 2, target: names no CIP code"),
        ("fields", "coding,51.0713@masters,1,en", "line 2, target: 'masters' is no award"),
        ("fields", "coding,51.0713,2,en", "line 2, weight: '2' is not above 0 and up to 1"),
        ("fields", "coding,51.0713,high,en", "line 2, weight: 'high' is not"),
        ("fields", "coding,51.0713,1,fr", "line 2, language: 'fr' is none of en, es, any"),
        ("fields", "!?,51.0713,1,en", "line 2, surface: has no letter"),
        ("fields", "a;b", "line 2, line: has not 6 cells"),
        ("awards", "degree,,1,en", "line 2, target: is empty"),
        ("schools", "osu,12,1,en", "line 2, target: '12' is no UNITID"),
        ("areas", "here,town:X,1,en", "line 2, target: 'town:X' is no area"),
        ("areas", "here,state:XX,1,en", "line 2, target: 'XX' is no state"),
        ("areas", "here,city:Gondor TX,1,en", "line 2, target: no city is known as 'Gondor TX'"),
        ("areas", "here,metros:123,1,en", "line 2, target: 'metros:123' is no area"),
        ("areas", "here,system host:x.edu,1,en", "line 2, target: only schools have a host"),
        ("credentials", "x,Rhit,1,en", "line 2, target: 'Rhit' is no code of a credential"),
        ("filters", "x,color=red,1,en", "line 2, target: 'color=red' is no parameter=value"),
        ("filters", "x,delivery=,1,en", "line 2, target: is empty"),
        ("fillers", "x,y,1,en", "line 2, target: a filler stands for nothing"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_with_its_place(
    name: str, line: str, problem: str, tmp_path: Path
) -> None:
    if ";" in line:
        (tmp_path / f"{name}.csv").write_text(f"{HEADER}\n{line}\n")
    else:
        write_hand_files(tmp_path, {name: line})

    with pytest.raises(HandFileError) as raised:
        read_hand_files(tmp_path)

    assert problem in str(raised.value)


HEADER = "surface,target,weight,language,source,checked_on"


def test_columns_source_and_day_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "fields.csv"
    for text, problem in (
        ("surface,target\n", "line 1, header: the columns are surface"),
        (f"{HEADER}\ncoding,51.0713,1,en,,2026-11-30\n", "line 2, source: is empty"),
        (f"{HEADER}\ncoding,51.0713,1,en,usage,soon\n", "line 2, checked_on: 'soon' is no day"),
    ):
        path.write_text(text)
        with pytest.raises(HandFileError, match=problem):
            read_hand_files(tmp_path)


def test_targets_are_what_the_readme_says(tmp_path: Path) -> None:
    write_hand_files(
        tmp_path,
        {
            "fields": "a,51.0713 51.0714|51.0716@master doctorate,1,en",
            "awards": "b,certificate_under_1_year,1,en",
            "schools": "c,204796 207388,1,en;d,system 204796,1,en;e,system host:kctcs.edu,1,en",
            "areas": (
                "f,state:OH,1,en;g,states:OH IN,1,en;h,counties:42077,1,en;i,metros:16980,1,en;"
                "j,states:CA south:35.8,1,en;k,city:Philadelphia PA,1,en"
            ),
            "filters": "l,sort=tuition,1,en;m,max_months=6,1,en;o,delivery=online hybrid,1,en",
            "credentials": "q,CCS-P,1,en",
            "abbreviations": "st,saint,1,en;st,street,1,en",
        },
    )
    path = tmp_path / "areas.csv"
    path.write_text(f'{path.read_text()}p,"point:40.6,-75.4 30",1,en,usage,2026-11-30\n')

    rows = read_hand_files(tmp_path)
    found = {one.text: one for one in rows.surfaces}

    doctorates = ("doctorate_research", "doctorate_professional", "doctorate_other")
    strong, weak = ("51.0713", "51.0714"), ("51.0716",)
    assert found["a"].target == FieldTarget(strong, weak, ("master", *doctorates))
    assert found["b"].target == FilterTarget("award_level", ("certificate_under_1_year",))
    assert found["c"].target == SchoolTarget((204796, 207388))
    assert found["d"].target == SchoolTarget((204796,), is_system=True)
    assert [(one.text, host) for one, host in rows.hosts] == [("e", "kctcs.edu")]
    assert found["f"].target == AreaTarget("Ohio", states=("OH",))
    assert found["g"].target == AreaTarget("G", states=("OH", "IN"))
    assert found["h"].target == AreaTarget("H", counties=("42077",))
    assert found["i"].target == AreaTarget("I", metros=("16980",))
    assert found["j"].target == AreaTarget("J", states=("CA",), south_of=35.8)
    city = found["k"].target
    assert isinstance(city, AreaTarget)
    assert (city.city, city.state, city.miles) == ("Philadelphia", "PA", 25.0)
    assert found["p"].target == AreaTarget("P", center=(40.6, -75.4), miles=30.0)
    kinds = [found[one].kind for one in "lmo"]
    assert kinds == [Kind.SORT, Kind.LENGTH, Kind.DELIVERY]
    assert found["q"].target == CredentialTarget("CCS-P")
    assert rows.abbreviations == {"st": ("saint", "street")}


def test_the_files_of_the_seed_name_what_there_is() -> None:
    """Every code of the committed files is in the tables of the seed."""
    rows = read_hand_files(SEED / "lexicon")
    schools = {one["unitid"] for one in _table("institution")}
    counties = {one["county_code"] for one in _table("institution")}
    states_of_counties = {code[:2] for code in counties if code}
    metros = {one["cbsa_code"] for one in _table("institution")}
    metros |= {one["code"] for one in _table("area")}
    codes = {one["code"] for one in _table("cip")}
    credentials = {one["code"] for one in _table("credential")}

    for one in rows.surfaces:
        match one.target:
            case SchoolTarget(unitids=unitids):
                assert {str(unitid) for unitid in unitids} <= schools, one.text
            case AreaTarget(counties=some, metros=others):
                assert {county[:2] for county in some} <= states_of_counties, one.text
                assert set(others) <= metros, one.text
            case FieldTarget(strong=strong, weak=weak):
                assert {*strong, *weak} <= codes, one.text
            case CredentialTarget(code=code):
                assert code in credentials, one.text


def _table(name: str) -> Iterator[dict[str, str]]:
    with (SEED / "catalogue" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
