"""Curated program facts: the format, the claims, and where they are joined, on made-up records."""

import gzip
import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.domain.claims import (
    AccreditationClaim,
    CostClaim,
    FieldOutcomeClaim,
    OfferingClaim,
    OnlineCompletionClaim,
    OutcomeClaim,
    PracticumClaim,
    PreparationClaim,
    ProgramClaim,
    ServiceClaim,
    StatusClaim,
    TopicClaim,
    TransferClaim,
)
from app.domain.evidence import to_span
from app.errors import ImportFileError
from app.importers.curated.checking import check_curated
from app.importers.curated.claims import read_claims, to_credential_code
from app.importers.curated.reading import read_records
from app.importers.curated.records import IMPORTER
from app.importers.reading import check_file, to_cents
from app.settings import ROOT, get_settings
from app.store.rows import Tally
from app.store.tables.claims import TABLES
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program
from app.store.tables.sources import Source
from tests.importing import import_files

HD = (
    "UNITID,INSTNM,IALIAS,ADDR,CITY,STABBR,ZIP,OPEID,OPEFLAG,WEBADDR,ADMINURL,FAIDURL,NPRICURL,"
    "CONTROL,ICLEVEL,LOCALE,LONGITUD,LATITUDE,CYACTIVE,CLOSEDAT\n"
    "100001,First College,,1 Main,Dayton,OH,45402,00100100,1,www.first.edu,,,,1,2,12,-84,39,1,-2\n"
    "100002,Wallace State College,,2 Main,Hanceville,AL,35077,00100200,1,wallacestate.edu,,,,1,2,"
    "12,-86,34,1,-2\n"
    "100003,Wallace College,,3 Main,Dothan,AL,36303,00100300,1,wallace.edu,,,,1,2,12,-85,31,1,-2\n"
)
COMPLETIONS_HEADER = "UNITID,CIPCODE,MAJORNUM,AWLEVEL,CTOTALT\n"
COMPLETIONS = (
    COMPLETIONS_HEADER
    + "100001,51.0707,1,3,12\n100001,51.0713,1,21,5\n100001,51.0714,1,21,5\n100001,51.0714,1,2,5\n"
    "100002,51.0707,1,3,7\n100003,51.0707,1,3,9\n"
)
PAGE = "https://www.first.edu/hit"

RECORD: dict[str, Any] = {
    "id": "first-hit-aas",
    "institution": {
        "name": "First College",
        "city": None,
        "state": "OH",
        "website": "first.edu",
        "control": None,
        "control_url": None,
        "unitid": None,
    },
    "program": {
        "title": "Health Information Technology AAS",
        "slug": None,
        "cip": None,
        "award_level": "associate",
        "award_as_stated": "Associate of Applied Science",
        "delivery": None,
        "credits_total": None,
        "credit_unit": None,
        "duration_months": None,
        "duration_note": None,
        "enrollment_status": None,
        "contact": None,
        "page_year": None,
        "campuses": None,
        "url": PAGE,
    },
    "accreditation": [],
    "costs": [],
    "refund_policy_url": None,
    "transfer": {
        "articulation": [],
        "transfer_in_max_credits": None,
        "transfer_in_max_as_stated": None,
        "transfer_policy_url": None,
        "prior_learning": None,
        "prior_learning_url": None,
        "stackable": None,
    },
    "practicum": {
        "required": None,
        "hours": None,
        "format": None,
        "components": [],
        "placement_support": None,
        "note": None,
        "url": None,
    },
    "curriculum_topics": None,
    "prepares_for": None,
    "career_services": None,
    "outcomes": [],
    "source_pages": [PAGE],
    "notes": None,
    "same_as": None,
    "forms": [],
    "evidence": {},
}


def record(**changes: Any) -> dict[str, Any]:
    """A record with changes by path: program__title="..." changes the title."""
    made = deepcopy(RECORD)
    for path, value in changes.items():
        *steps, last = path.split("__")
        part = made
        for step in steps:
            part = part[step]
        assert last in part
        part[last] = value
    return made


def coding(key: str, **changes: Any) -> dict[str, Any]:
    """A record of a coding certificate."""
    return record(
        id=key,
        **{
            "program__title": "Medical Coding Certificate",
            "program__award_level": "certificate",
            "program__award_as_stated": "certificate",
            **changes,
        },
    )


def cost(amount: float | None = 100, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "tuition",
        "amount_usd": amount,
        "amount_max_usd": None,
        "basis": "credit",
        "basis_as_stated": None,
        "residency": "in_state",
        "applies_to": None,
        "academic_year": "2024-2025",
        "url": "https://www.first.edu/tuition",
        "note": None,
        **changes,
    }


Load = Callable[..., Tally]
Read = Callable[[dict[str, Any]], list[ProgramClaim]]


@pytest.fixture
def load(engine: Engine, tmp_path: Path) -> Load:
    """Import records into a catalogue that has the directory and the completions."""
    (tmp_path / "hd2024.csv").write_text(HD)
    (tmp_path / "c2024_a.csv").write_text(COMPLETIONS)
    import_files(engine, tmp_path / "hd2024.csv", tmp_path / "c2024_a.csv")

    def load_records(
        *records: dict[str, Any], file_name: str = "programs.json", strict: bool = False
    ) -> Tally:
        path = tmp_path / file_name
        path.write_text(json.dumps(records))
        return import_files(engine, path, strict=strict)["curated-programs"]

    return load_records


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read one record into claims, without a catalogue."""

    def read_record(made: dict[str, Any]) -> list[ProgramClaim]:
        path = tmp_path / "programs.json"
        path.write_text(json.dumps([made]))
        (only_one,) = read_records(check_file(path)).records
        return read_claims(only_one, "curated-programs").claims

    return read_record


def of_kind(claims: list[ProgramClaim], kind: type[ProgramClaim]) -> list[Any]:
    return [claim for claim in claims if isinstance(claim, kind)]


def one(claims: list[ProgramClaim], kind: type[ProgramClaim]) -> Any:
    found = of_kind(claims, kind)
    assert len(found) == 1
    return found[0]


@pytest.fixture
def refuse(tmp_path: Path) -> Callable[[object], list[str]]:
    """Read a file that must be refused and return the complaints."""

    def complaints_on(content: object) -> list[str]:
        path = tmp_path / "programs.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        with pytest.raises(ImportFileError) as refusal:
            read_records(check_file(path), strict=True)
        return refusal.value.complaints

    return complaints_on


def current(session: Session, kind: type[ProgramClaim]) -> list[Any]:
    """Claims of the curated source that hold today, in the order they were written."""
    claims: Any = TABLES[kind]
    statement = select(claims).where(
        col(claims.source) == "curated-programs", col(claims.superseded_at).is_(None)
    )
    return list(session.exec(statement.order_by(col(claims.id))))


def only(session: Session, kind: type[ProgramClaim]) -> Any:
    claims = current(session, kind)
    assert len(claims) == 1
    return claims[0]


def program_of(session: Session, key: str) -> Program:
    return session.exec(select(Program).where(Program.curated_id == key)).one()


# the format


def is_waiting(session: Session, key: str) -> bool:
    """Return whether no program carries a record."""
    return session.exec(select(Program).where(Program.curated_id == key)).first() is None


@pytest.mark.parametrize(
    ("file_name", "is_taken"),
    [
        ("programs.json", True),
        ("programs.json.gz", True),
        ("programs_2026-11.json", True),
        ("curated-2026.json", True),
        ("curated_northwest.json.gz", True),
        ("myprograms.json", False),
        ("curated.json", False),
    ],
)
def test_files_are_known_by_their_name(file_name: str, is_taken: bool) -> None:
    assert (IMPORTER.match(file_name) is not None) is is_taken


def test_a_record_with_only_what_is_known_is_enough(tmp_path: Path) -> None:
    sparse = {
        "id": "a",
        "institution": {"name": "A", "state": "OH"},
        "program": {"title": "B", "url": PAGE},
    }
    path = tmp_path / "curated-a.json"
    path.write_text(json.dumps([sparse]))

    assert read_records(check_file(path)).records[0].costs == []


@pytest.mark.parametrize(
    ("changes", "path", "value"),
    [
        ({"program__award_level": "diploma"}, "$[0].program.award_level", "'diploma'"),
        ({"program__delivery": ["online", "tv"]}, "$[0].program.delivery[1]", "'tv'"),
        ({"program__credits_total": "60"}, "$[0].program.credits_total", "'60'"),
        ({"program__credits_total": -1}, "$[0].program.credits_total", "-1"),
        ({"program__url": "first.edu/hit"}, "$[0].program.url", "'first.edu/hit'"),
        ({"program__url": "javascript:alert(1)"}, "$[0].program.url", "'javascript:alert(1)'"),
        ({"program__url": "https://a:b@first.edu"}, "$[0].program.url", "'https://a:b@first.edu'"),
        ({"program__title": ""}, "$[0].program.title", "''"),
        ({"program__title": "HIT\x00"}, "$[0].program.title", "'HIT\\x00'"),
        ({"program__cip": "5107"}, "$[0].program.cip", "'5107'"),
        ({"institution__state": "Ohio"}, "$[0].institution.state", "'Ohio'"),
        ({"institution__website": "first edu"}, "$[0].institution.website", "'first edu'"),
        ({"practicum__required": "yes"}, "$[0].practicum.required", "'yes'"),
        ({"curriculum_topics": ["latin"]}, "$[0].curriculum_topics[0]", "'latin'"),
        ({"costs": [cost(), cost(-5)]}, "$[0].costs[1].amount_usd", "-5"),
        ({"costs": [cost(basis="contact_hour")]}, "$[0].costs[0].basis", "'contact_hour'"),
        ({"costs": [cost(residency="abroad")]}, "$[0].costs[0].residency", "'abroad'"),
        ({"transfer__prior_learning": True}, "$[0].transfer", "prior_learning_url"),
        ({"practicum__required": True}, "$[0].practicum", "without url"),
        ({"id": "First College"}, "$[0].id", "'First College'"),
    ],
)
def test_a_bad_value_is_named_by_file_program_path_and_value(
    refuse: Callable[[object], list[str]], changes: dict[str, Any], path: str, value: str
) -> None:
    bad = record(**changes)

    complaints = refuse([bad])

    assert len(complaints) == 1
    assert complaints[0].startswith(f"programs.json, program {bad['id']!r}, at {path}: ")
    assert value in complaints[0]


@pytest.mark.parametrize("part", ["institution", "program", "transfer", "practicum"])
def test_an_unknown_key_is_refused(refuse: Callable[[object], list[str]], part: str) -> None:
    bad = record()
    bad[part]["sponsor"] = "x"

    assert f"at $[0].{part}.sponsor: 'x'" in refuse([bad])[0]


@pytest.mark.parametrize("key", ["accreditor", "status", "url"])
def test_a_row_without_what_it_is_about_is_refused(
    refuse: Callable[[object], list[str]], key: str
) -> None:
    row = {"accreditor": "CAHIIM", "scope": "program", "status": "accredited", "url": PAGE}
    del row[key]

    assert (
        f"at $[0].accreditation[0].{key}: Field required"
        in refuse([record(accreditation=[row])])[0]
    )


@pytest.mark.parametrize(("low", "high"), [(60, 44), (None, 44)])
def test_a_range_out_of_order_is_refused(
    refuse: Callable[[object], list[str]], low: float | None, high: float
) -> None:
    assert "upper end" in refuse([record(costs=[cost(low, amount_max_usd=high)])])[0]


def test_more_than_all_of_a_share_is_refused(refuse: Callable[[object], list[str]]) -> None:
    row = {"metric": "employment_rate", "value": 104, "unit": "percent", "url": PAGE}

    assert "more than 100 percent" in refuse([record(outcomes=[row])])[0]


def test_every_bad_value_is_named(refuse: Callable[[object], list[str]]) -> None:
    assert len(refuse([record(costs=[cost(-1)] * 30), record(id="Second")])) == 31


def test_an_id_used_twice_is_refused(refuse: Callable[[object], list[str]]) -> None:
    (told,) = refuse([record(), record(), record(id="second")])
    assert "program 'first-hit-aas', at $[].id" in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[{]", "line 1, column 3: not JSON"),
        ('{"id": "a"}', "programs.json, at $"),
        ('[{"id": "a", "id": "b"}]', "the key 'id' stands twice"),
        ("[{}]", "program number 1, at $[0].id: Field required"),
        ('[{"id": NaN}]', "program number 1, at $[0].id: nan"),
        ('["\\ud800"]', "program number 1, at $[0]: "),
        ("[" * 100_000, "not JSON that can be read"),
    ],
)
def test_what_is_not_a_list_of_records_is_refused(
    refuse: Callable[[object], list[str]], content: str, words: str
) -> None:
    assert words in refuse(content)[0]


@pytest.mark.parametrize(
    ("changes", "near"),
    [
        ({"program__award_level": "masters"}, "master"),
        ({"program__delivery": ["on-line"]}, "online"),
        ({"curriculum_topics": ["medical terminology"]}, "medical_terminology"),
    ],
)
def test_what_may_be_meant_is_told(
    refuse: Callable[[object], list[str]], changes: dict[str, Any], near: str
) -> None:
    assert f"did you mean {near!r}?" in refuse([record(**changes)])[0]


def test_a_misspelt_key_is_told_with_the_one_meant(refuse: Callable[[object], list[str]]) -> None:
    row = {"accreditor": "CAHIIM", "scope": "program", "status": "accredited", "url": PAGE}

    (told,) = refuse([record(accreditation=[row | {"thru_year": "2030"}])])

    assert "did you mean 'through_year'?" in told


def test_a_bad_record_costs_no_other_and_not_its_own_last_version(
    load: Load, session: Session
) -> None:
    load(record(costs=[cost()]))

    tally = load(record(costs=[cost(-1)]), coding("second", costs=[cost(7)]))

    assert (tally.rows_read, tally.refused) == (2, 1)
    assert "program 'first-hit-aas', at $[0].costs[0].amount_usd: -1" in tally.reasons[0]
    assert sorted(claim.amount_low_cents for claim in current(session, CostClaim)) == [700, 10000]
    assert program_of(session, "first-hit-aas").name == "Health Information Technology AAS"


def test_a_strict_import_keeps_nothing_of_a_file_with_one_bad_record(
    load: Load, session: Session
) -> None:
    with pytest.raises(ImportFileError):
        load(record(costs=[cost()]), record(id="second", program__award_level="phd"), strict=True)

    assert session.get(Source, "curated-programs") is None
    assert session.exec(select(TABLES[CostClaim])).all() == []


def test_keys_that_name_school_and_program_surely_are_read(tmp_path: Path) -> None:
    made = record(program__cip="510707", same_as="other")
    made["institution"] |= {"unitid": "100001", "opeid": "100100"}
    made["program"]["slug"] = "first-college-510707-associate"
    path = tmp_path / "programs.json"
    path.write_text(json.dumps([made]))

    (one_read,) = read_records(check_file(path)).records

    assert (one_read.institution.unitid, one_read.institution.opeid) == (100001, "00100100")
    assert (one_read.program.cip, one_read.same_as) == ("51.0707", "other")
    assert one_read.program.slug == "first-college-510707-associate"


@pytest.mark.parametrize(
    ("stated", "ends"),
    [
        (24, (24, 24)),
        ("18-24", (18, 24)),
        ("18 to 24", (18, 24)),
        ("360 or more", (360, None)),
        ("up to 24", (None, 24)),
        ({"low": 160, "high": 360}, (160, 360)),
        ({"low": 360}, (360, None)),
    ],
)
def test_lengths_credits_and_hours_may_be_ranges(
    read: Read, stated: object, ends: tuple[float | None, float | None]
) -> None:
    claims = read(
        record(
            program__duration_months=stated,
            program__credits_total=stated,
            practicum__hours=stated,
            practicum__components=[{"label": "first", "hours": stated}],
            practicum__url=PAGE,
        )
    )

    offering, practicum = one(claims, OfferingClaim), one(claims, PracticumClaim)
    (part,) = practicum.components
    is_one = ends[0] == ends[1]
    length = ends if ends[1] else (None, None)  # "at least" tells no length
    assert (offering.months_low, offering.months_high) == length
    assert (practicum.hours_low, practicum.hours_high) == ends
    assert offering.credits == (ends[0] if is_one else None)
    assert is_one or (offering.credits_low, offering.credits_high) == ends
    assert is_one or (part["hours_low"], part["hours_high"]) == ends


@pytest.mark.parametrize("stated", ["24-18", "soon", {"low": 4, "high": 2}, {}, -1, "60"])
def test_what_is_no_range_costs_its_record(
    refuse: Callable[[object], list[str]], stated: object
) -> None:
    (told,) = refuse([record(program__duration_months=stated)])

    assert "at $[0].program.duration_months: " in told


def test_a_date_in_other_words_is_unknown_and_kept_as_the_cohort(load: Load) -> None:
    words = "entered Autumn 2017, counted June 2020"
    row = {"metric": "employment_rate", "value": 90, "unit": "percent", "url": PAGE, "year": words}

    tally = load(record(outcomes=[row], program__page_year="2024-2025"))

    (told,) = [reason for reason in tally.reasons if "$[0].outcomes[0].year" in reason]
    assert words in told
    assert tally.refused == 0


def test_each_fact_has_its_own_page_date_and_reader(read: Read) -> None:
    evidence = {
        "delivery": {"url": f"{PAGE}/online", "as_of": "2021", "seen_on": "2026-11-02"},
        "curriculum_topics": {"url": "https://www.first.edu/catalog.pdf", "page": 131},
    }
    made = record(
        program__delivery=["online"],
        program__credits_total=62,
        program__page_year="2024-2025",
        curriculum_topics=["anatomy"],
        evidence=evidence,
    )

    claims = read(made)

    (online,) = [c for c in of_kind(claims, OfferingClaim) if c.delivery]
    (load_stated,) = [c for c in of_kind(claims, OfferingClaim) if c.credits]
    assert (online.source_url, online.as_of, online.seen_on) == (
        f"{PAGE}/online",
        "2021",
        "2026-11-02",
    )
    assert (load_stated.source_url, load_stated.as_of) == (PAGE, "2024-25")
    assert one(claims, TopicClaim).source_url == "https://www.first.edu/catalog.pdf#page=131"


def test_what_a_page_says_of_an_accreditation_is_kept_whole(read: Read) -> None:
    row = {
        "accreditor": "CAHIIM",
        "scope": "program",
        "status": "initial",
        "as_of": "May 17, 2024",
        "awarded_on": "2024-05-17",
        "effective_on": "2024",
        "expires_on": "June 2031",
        "next_review": "2030-2031",
        "since": "2012",
        "award_level": "associate",
        "campuses": ["Dayton", "Troy"],
        "forms": ["online"],
        "url": PAGE,
    }

    claim = one(read(record(accreditation=[row])), AccreditationClaim)

    assert (claim.status, claim.as_of, claim.awarded_on) == ("initial", "2024-05-17", "2024-05-17")
    assert (claim.effective_on, claim.expires_on) == ("2024", "2031-06")
    assert (claim.next_review, claim.began_on) == ("2030-31", "2012")
    assert (claim.award_level, claim.campuses) == ("associate", ["Dayton", "Troy"])
    assert claim.forms == ["online"]


def test_an_outcome_keeps_how_many_of_how_many(read: Read) -> None:
    row = {
        "metric": "exam_pass_rate",
        "credential": "RHIT",
        "reached_count": 17,
        "person_count": 18,
        "definition": "first attempts",
        "cohort": "graduates of 2024",
        "url": PAGE,
    }

    claim = one(read(record(outcomes=[row])), OutcomeClaim)

    assert (claim.value, claim.reached_count, claim.person_count) == (94.4, 17, 18)
    assert (claim.cohort, claim.definition) == ("graduates of 2024", "first attempts")


def test_a_body_is_no_credential_and_becomes_a_note(load: Load, session: Session) -> None:
    tally = load(record(prepares_for=["RHIT", "AHIMA"]))

    assert only(session, PreparationClaim).credential_code == "RHIT"
    assert "AHIMA" in only(session, OfferingClaim).note
    assert [reason for reason in tally.reasons if "$[0].prepares_for[1]" in reason]


@pytest.mark.parametrize(
    ("url", "stated", "basis"),
    [
        (PAGE, None, "stated_by_institution"),
        ("https://firstcollege.smartcatalogiq.com/hit", None, "stated_by_institution"),
        ("https://www.first.edu/rankings", "third_party", "third_party"),
        ("https://www.cahiim.org/program/x-1/", None, "stated_by_accreditor"),
        ("https://studylib.net/doc/1", None, "third_party"),
        ("https://studylib.net/doc/1", "institution", "third_party"),
        ("https://news.example.com/a", None, "third_party"),
        ("https://news.example.com/a", "institution", "stated_by_institution"),
        ("https://nces.ed.gov/x", None, "government_data"),
        ("https://wallacestate.edu/news", None, "third_party"),
        ("https://old-first.edu/hit", None, "stated_by_institution"),
        ("https://old-first.edu/hit", "other_institution", "third_party"),
    ],
)
def test_who_speaks_follows_from_host_and_row(
    tmp_path: Path, url: str, stated: str | None, basis: str
) -> None:
    row = {"accreditor": "CAHIIM", "scope": "program", "status": "accredited", "url": url}
    path = tmp_path / "programs.json"
    path.write_text(json.dumps([record(accreditation=[{**row, "source_kind": stated}])]))
    (made,) = read_records(check_file(path)).records

    claims = read_claims(made, "x", schools=frozenset({"first.edu", "wallacestate.edu"})).claims

    assert one(claims, AccreditationClaim).basis == basis


@pytest.mark.parametrize(
    "url", ["https://copy.hijacked.com/x", "https://hijacked.com?x=1", "https://hijacked.com./x"]
)
def test_what_rests_on_a_host_that_the_operator_refuses_is_left_out(
    read: Read, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    row = {"metric": "employment_rate", "value": 90, "url": url}
    monkeypatch.setattr(get_settings(), "refused_hosts", ["hijacked.com"])

    assert of_kind(read(record(outcomes=[row])), OutcomeClaim) == []


def test_the_example_of_the_format_is_read_without_a_remark(tmp_path: Path) -> None:
    text = (ROOT / "app/importers/curated/README.md").read_text()
    path = tmp_path / "programs.json"
    path.write_text(text.split("```json\n")[1].split("```")[0])

    file = read_records(check_file(path))

    (made,) = file.records
    reading = read_claims(made, "curated-programs")
    assert (file.refused, file.mended, reading.remarks) == ({}, {}, [])
    assert {claim.form for claim in reading.claims} == {None, "online"}


def test_a_check_explains_each_record_and_keeps_nothing(
    load: Load, engine: Engine, session: Session, tmp_path: Path
) -> None:
    load(record())
    path = tmp_path / "of-ohio.json"
    path.write_text(
        json.dumps(
            [
                record(costs=[cost(5)], program__page_year="some day of 2019 or 2020"),
                coding("second", program__award_level="phd"),
                coding("third"),
            ]
        )
    )

    done = check_curated(engine, path)

    first, third, second = done.records
    assert [one_read.outcome for one_read in (first, second, third)] == [
        "read with a remark",
        "refused",
        "read",
    ]
    assert first.joined
    assert (first.joined.program, first.joined.quality) == (
        "first-college-510707-associate",
        "exact",
    )
    assert {fact["kind"] for fact in first.facts} == {"cost", "offering"}
    assert [remark.path for remark in first.remarks] == ["$[0].program.page_year"]
    assert [remark.path for remark in second.remarks] == ["$[1].program.award_level"]
    assert current(session, CostClaim) == []
    assert session.exec(select(Program).where(Program.curated_id == "third")).all() == []


FORMS = [
    {
        "name": "executive",
        "delivery": ["hybrid"],
        "duration_months": 21,
        "credits_total": "37-42",
        "practicum": {"required": False, "hours": "360 or more"},
        "costs": [cost(900, basis="program")],
        "accreditation": [
            {"accreditor": "CAHIIM", "scope": "program", "status": "accredited", "url": PAGE}
        ],
    }
]


def test_facts_of_one_form_are_told_as_such_and_settle_nothing_else(
    load: Load, client: TestClient
) -> None:
    load(record(forms=FORMS, program__page_year="2026"))

    slug = "first-college-510707-associate"
    read_back = client.get(f"/v1/programs/{slug}").json()
    checks = {
        check["key"]: check["finding"]
        for criterion in client.get(f"/v1/programs/{slug}/checklist").json()["criteria"]
        for check in criterion["checks"]
    }
    (form,) = read_back["forms"]
    assert form["name"] == "executive"
    assert {claim["kind"] for claim in form["claims"]} == {"offering", "practicum", "cost"}
    (offered,) = [claim for claim in form["claims"] if claim["kind"] == "offering"]
    assert (offered["credits_low"], offered["credits_high"], offered["form"]) == (
        37,
        42,
        "executive",
    )
    assert read_back["months"] is read_back["delivery"] is read_back["price"] is None
    assert read_back["costs"] == read_back["practicum"] == []
    covered = [c["forms"] for c in read_back["accreditations"] if c["level"] == "program"]
    assert covered == [["executive"]]
    assert checks["program_accredited"] == "met"
    assert checks["covers_campus_and_level"] == "partly_met"
    assert checks["tuition"] == checks["practicum_offered"] == "unknown"
    page = client.get(f"/programs/{slug}").text
    assert 'data-form="executive"' in page


@pytest.mark.parametrize(
    ("changes", "check", "finding"),
    [
        ({"required": True, "required_in": ["coding track"]}, "practicum_offered", "partly_met"),
        ({"format": "onsite", "sites": ["local"]}, "local_or_remote", "met"),
        ({"sites": ["on_campus"]}, "local_or_remote", "not_met"),
        ({"hours": "360 or more"}, "hours_stated", "met"),
    ],
)
def test_what_limits_a_practicum_counts(
    load: Load, client: TestClient, changes: dict[str, Any], check: str, finding: str
) -> None:
    load(record(practicum={"url": PAGE, "as_of": "2026", **changes}))

    told = client.get("/v1/programs/first-college-510707-associate/checklist").json()

    checks = {c["key"]: c["finding"] for k in told["criteria"] for c in k["checks"]}
    assert checks[check] == finding


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("Coder\x92s Certificate", "Coder\u2019s Certificate"),
        ("2 \xe2\x80\x93 4", "2 \u2013 4"),
        ("Informatique M\xc3\xa9dicale\x97HIT", "Informatique M\xe9dicale\u2014HIT"),
        ("HIT \u202eSAA", None),
        ("HIT\u200b AAS", None),
        ("\ufeffHIT", None),
        ("HIT \x81", None),
    ],
)
def test_texts_in_another_encoding_are_mended_and_hidden_characters_refused(
    tmp_path: Path, title: str, read_as: str | None
) -> None:
    path = tmp_path / "programs.json"
    path.write_text(json.dumps([record(program__title=title)]))

    file = read_records(check_file(path))

    told = [r for remarks in (file.mended | file.refused).values() for r in remarks]
    assert [one_read.program.title for one_read in file.records] == ([read_as] if read_as else [])
    assert [remark.path for remark in told] == ["$[0].program.title"]


# the claims


def test_every_claim_names_its_own_page_and_who_speaks(read: Read) -> None:
    claims = read(
        record(costs=[cost()], refund_policy_url="https://www.first.edu/refunds", notes="Open.")
    )

    price, refund = of_kind(claims, CostClaim)
    assert (price.source_url, price.basis) == (
        "https://www.first.edu/tuition",
        "stated_by_institution",
    )
    assert refund.source_url == "https://www.first.edu/refunds"
    assert (refund.component, refund.value_status) == ("refund_policy", "reported")
    assert one(claims, OfferingClaim).source_url == PAGE


@pytest.mark.parametrize(
    ("row", "as_of"),
    [
        (cost(academic_year="2022-2023"), "2022-23"),
        (cost(academic_year="as of 2024-06-12"), "2024-06-12"),
        (cost(academic_year=None), None),
        (cost(academic_year=None, url="https://first.edu/2019-2020/fees"), None),
        (cost(academic_year=None, url="http://first.edu/hit/"), "2025-26"),
        (cost(academic_year="2020-2021", url=PAGE), "2020-21"),
    ],
)
def test_a_price_is_dated_by_its_own_year_or_that_of_the_program_page(
    read: Read, row: dict[str, Any], as_of: str | None
) -> None:
    claims = read(record(costs=[row], program__page_year="2025-2026 catalog"))

    claim = one(claims, CostClaim)
    assert claim.as_of == as_of
    to_span(claim.as_of)


@pytest.mark.parametrize(
    ("url", "as_of"),
    [
        (PAGE, "2015"),
        ("https://www.first.edu/transfer", None),
        ("https://catalog.first.edu/2023-2024/transfer", "2023-24"),
    ],
)
def test_other_facts_are_dated_by_their_page(read: Read, url: str, as_of: str | None) -> None:
    claims = read(record(transfer__transfer_policy_url=url, program__page_year="Fall 2015"))

    assert one(claims, TransferClaim).as_of == as_of


@pytest.mark.parametrize(
    ("basis", "as_stated", "unit"),
    [
        ("credit", "semester hour", "credit"),
        (None, "contact hour", "contact_hour"),
        (None, "per clock hour", "clock_hour"),
        (None, "course", "course"),
        (None, "class", "course"),
        (None, "quarter, 15 credits", "quarter"),
        (None, "11-week quarter", "quarter"),
        (None, "quarter credit", "credit"),
        (None, "credit hour", "credit"),
        (None, "visit", None),
        (None, None, None),
    ],
)
def test_the_unit_of_a_price_is_read_from_the_pages_words(
    read: Read, basis: str | None, as_stated: str | None, unit: str | None
) -> None:
    claims = read(record(costs=[cost(basis=basis, basis_as_stated=as_stated)]))

    claim = one(claims, CostClaim)
    assert (claim.unit, claim.unit_as_stated) == (unit, as_stated)


def test_a_range_keeps_both_ends_in_cents(read: Read) -> None:
    claims = read(record(costs=[cost(44.1, amount_max_usd=60)]))

    claim = one(claims, CostClaim)
    assert (claim.amount_low_cents, claim.amount_high_cents) == (4410, 6000)


@pytest.mark.parametrize(("amount", "cents"), [(17.5, 1750), (105.17, 10517), (0, 0), (1.005, 101)])
def test_dollars_become_whole_cents(amount: float, cents: int) -> None:
    assert to_cents(amount) == cents


def test_a_price_without_an_amount_is_published_without_one(read: Read) -> None:
    claims = read(record(costs=[cost(None)]))

    claim = one(claims, CostClaim)
    assert (claim.amount_low_cents, claim.amount_high_cents) == (None, None)
    assert claim.value_status == "published_without_amount"


def test_prices_for_several_residencies_stay_apart(read: Read) -> None:
    claims = read(
        record(costs=[cost(100), cost(200, residency="out_of_state"), cost(150, residency=None)])
    )

    prices = {c.residency: c.amount_low_cents for c in of_kind(claims, CostClaim)}
    assert prices == {"in_state": 10000, "out_of_state": 20000, None: 15000}


@pytest.mark.parametrize(
    ("note", "contained_in", "contains"),
    [
        ("insurance, approximate, already included in fees", "fees", []),
        ("included in tuition", "tuition", []),
        ("not included in fees", None, []),
        ("15-credit quarter including fees", None, ["fees"]),
        ("not including fees", None, []),
        ("registration fee", None, []),
    ],
)
def test_an_amount_inside_another_is_marked(
    read: Read, note: str, contained_in: str | None, contains: list[str]
) -> None:
    claims = read(record(costs=[cost(note=note)]))

    claim = one(claims, CostClaim)
    assert (claim.contained_in, claim.contains, claim.note) == (contained_in, contains, note)


def test_fees_and_other_charges_keep_their_name_and_note(read: Read) -> None:
    claims = read(
        record(
            costs=[
                cost(25, kind="fees", note="student services fee, six or more credits"),
                cost(
                    2081, kind="other", basis=None, note="student health insurance, can be waived"
                ),
                cost(900, kind="total", note="resident"),
            ]
        )
    )

    assert [(c.component, c.label) for c in of_kind(claims, CostClaim)] == [
        ("fees", "student services fee"),
        ("other", "student health insurance"),
        ("total", None),
    ]
    assert of_kind(claims, CostClaim)[1].note == "student health insurance, can be waived"


def test_two_prices_under_one_heading_are_told_apart_by_their_notes(read: Read) -> None:
    claims = read(
        record(costs=[cost(219, note="with certificate"), cost(328, note="without certificate")])
    )

    assert [c.label for c in of_kind(claims, CostClaim)] == [
        "with certificate",
        "without certificate",
    ]


@pytest.mark.parametrize(
    ("url", "is_wide"),
    [
        ("https://www.first.edu/tuition", True),
        ("https://www.first.edu/costs-and-billing/", True),
        (PAGE, False),
        ("https://www.first.edu/tuition/health-information-technology", False),
    ],
)
def test_a_price_from_a_page_for_all_students_is_marked(
    read: Read, url: str, is_wide: bool
) -> None:
    claims = read(record(costs=[cost(url=url)]))

    assert one(claims, CostClaim).is_institution_wide is is_wide


@pytest.mark.parametrize(
    ("status", "stored"),
    [
        ("accredited", "accredited"),
        ("candidate", "candidacy"),
        ("not_accredited", "not_accredited"),
        ("aligned_only", "aligned_only"),
        ("historical", "historical"),
        ("unclear", "unclear"),
    ],
)
def test_accreditation_is_stored_as_what_it_is(read: Read, status: str, stored: str) -> None:
    row = {
        "accreditor": "CAHIIM",
        "scope": "program",
        "status": status,
        "as_stated": "AAS named",
        "through_year": "2029",
        "url": PAGE,
    }
    claims = read(record(accreditation=[row]))

    claim = one(claims, AccreditationClaim)
    assert (claim.status, claim.scope, claim.award_level) == (stored, "program", "associate")
    assert (claim.through_year, claim.as_stated) == (2029, "AAS named")


def test_the_fields_accreditor_is_known_by_its_full_name(read: Read) -> None:
    name = "Commission on Accreditation for Health Informatics and Information Management Education"
    rows = [
        {"accreditor": accreditor, "scope": scope, "status": "accredited", "url": PAGE}
        for accreditor, scope in ((name, "program"), ("A Regional Agency", "institution"))
    ]
    claims = read(record(accreditation=rows))

    assert [(c.accreditor, c.scope) for c in of_kind(claims, AccreditationClaim)] == [
        ("CAHIIM", "program"),
        ("A Regional Agency", "institution"),
    ]


def test_transfer_is_told_in_every_kind(read: Read) -> None:
    claims = read(
        record(
            transfer={
                "articulation": [
                    {
                        "to_institution": "Second University",
                        "to_program": "HIM BS",
                        "url": PAGE,
                        "note": "two plus two",
                    }
                ],
                "transfer_in_max_credits": 45,
                "transfer_in_max_as_stated": "45 credits",
                "transfer_policy_url": "https://www.first.edu/transfer",
                "prior_learning": False,
                "prior_learning_url": PAGE,
                "stackable": {"value": True, "detail": "all of it", "url": PAGE},
            }
        )
    )

    by_kind = {claim.kind: claim for claim in of_kind(claims, TransferClaim)}
    assert {kind: claim.is_offered for kind, claim in by_kind.items()} == {
        "policy": True,
        "articulation": True,
        "credits_accepted": True,
        "prior_learning": False,
        "stackable": True,
    }
    assert by_kind["articulation"].receiving_institution == "Second University"
    assert by_kind["credits_accepted"].credits_max == 45
    assert by_kind["credits_accepted"].source_url == "https://www.first.edu/transfer"
    assert by_kind["stackable"].note == "all of it"


def test_a_limit_in_words_has_no_number(read: Read) -> None:
    claims = read(record(transfer__transfer_in_max_as_stated="67 percent at most"))

    claim = one(claims, TransferClaim)
    assert (claim.kind, claim.credits_max) == ("credits_accepted", None)
    assert (claim.as_stated, claim.source_url) == ("67 percent at most", PAGE)


@pytest.mark.parametrize(
    ("required", "note", "availability"),
    [
        (True, None, "required"),
        (False, None, "optional"),
        (False, "An externship can be chosen.", "optional"),
        (False, "No practicum is required, an elective one exists.", "optional"),
        (False, "The program has no practicum.", "none"),
        (False, "Taught without an externship.", "none"),
        (None, "A practicum is listed.", None),
    ],
)
def test_not_required_is_none_only_where_the_page_says_so(
    read: Read, required: bool | None, note: str | None, availability: str | None
) -> None:
    claims = read(record(practicum__required=required, practicum__note=note, practicum__url=PAGE))

    assert one(claims, PracticumClaim).availability == availability


def test_a_practicum_keeps_hours_format_support_and_parts(read: Read) -> None:
    part = {"label": "PPE 1", "hours": 40, "format": "virtual"}
    claims = read(
        record(
            practicum={
                "required": None,
                "hours": 120,
                "format": "mixed",
                "components": [part],
                "placement_support": False,
                "note": None,
                "url": PAGE,
            }
        )
    )

    claim = one(claims, PracticumClaim)
    assert (claim.hours_low, claim.hours_high, claim.format) == (120, 120, "mixed")
    assert claim.is_site_arranged is False
    assert claim.components == [part]


def test_a_practicum_on_which_nothing_is_said_is_no_claim(read: Read) -> None:
    claims = read(record(practicum__url=PAGE))

    assert of_kind(claims, PracticumClaim) == []


def test_topics_and_credentials_are_claims_of_their_own(read: Read) -> None:
    claims = read(record(curriculum_topics=["anatomy", "anatomy"], prepares_for=["rhit"]))

    topic, preparation = one(claims, TopicClaim), one(claims, PreparationClaim)
    assert (topic.topic, topic.is_covered) == ("anatomy", True)
    assert (preparation.credential_code, preparation.as_stated) == ("RHIT", "rhit")


@pytest.mark.parametrize(
    ("text", "code"),
    [("ccs-p", "CCS-P"), ("CCS-P", "CCS-P"), ("Certified Professional Coder (CPC)", "CPC")],
)
def test_a_credential_is_stored_by_its_code(text: str, code: str) -> None:
    assert to_credential_code(text) == code


@pytest.mark.parametrize(
    ("months", "note", "low", "high"),
    [
        (24, None, 24, 24),
        (24, "full-time; part-time three to four years", 24, 24),
        (28, "upper end of stated average of 24 to 28 months", 24, 28),
        (42, "time to expect at most", None, 42),
        (None, "varies", None, None),
    ],
)
def test_a_length_at_most_is_no_least_length(
    read: Read,
    months: float | None,
    note: str | None,
    low: float | None,
    high: float | None,
) -> None:
    claims = read(record(program__duration_months=months, program__duration_note=note))

    claim = one(claims, OfferingClaim)
    assert (claim.months_low, claim.months_high, claim.as_stated) == (low, high, note)


def test_whom_to_ask_is_a_claim_by_itself(read: Read) -> None:
    ask = {"role": "program_director", "mail": "HIT@x.edu", "phone": "(555) 010-0142"}

    claims = read(record(program__contact=ask, program__delivery=["online"]))

    offered, contact = [claim for claim in claims if isinstance(claim, OfferingClaim)]
    assert (offered.delivery, offered.has_contact) == (["online"], False)
    assert (contact.contact_role, contact.contact_mail) == ("program_director", "hit@x.edu")
    assert contact.contact_phone == "555-010-0142"


def test_how_a_program_is_offered_is_one_claim_with_the_notes(read: Read) -> None:
    claims = read(
        record(
            program__delivery=["online", "campus"],
            program__credits_total=634,
            program__credit_unit="clock_hour",
            program__enrollment_status="paused",
            program__campuses=["North"],
            notes="One intake a year.",
        )
    )

    claim = one(claims, OfferingClaim)
    assert (claim.delivery, claim.campuses) == (["online", "campus"], ["North"])
    assert (claim.credits, claim.credit_unit) == (634, "clock_hour")
    assert (claim.enrollment_status, claim.note) == ("paused", "One intake a year.")


@pytest.mark.parametrize(
    ("title", "as_stated", "notes", "partner"),
    [
        ("HIM BS, joint with Second University", "B.S., joint", None, "Second University"),
        ("HIM BS", "B.S., joint", None, "Third University"),
        ("HIM BS", "B.S.", "Joint degree with affiliate colleges. Daytime.", "affiliate colleges"),
        ("HIM BS", "B.S.", None, None),
    ],
)
def test_a_joint_degree_names_the_partner(
    read: Read,
    title: str,
    as_stated: str,
    notes: str | None,
    partner: str | None,
) -> None:
    agreement = {"to_institution": "Third University", "to_program": None, "url": PAGE}
    claims = read(
        record(
            program__title=title,
            program__award_as_stated=as_stated,
            notes=notes,
            transfer__articulation=[agreement],
        )
    )

    assert one(claims, OfferingClaim).joint_with == partner


def test_career_services_and_outcomes_are_kept(read: Read) -> None:
    outcome = {
        "metric": "exam_pass_rate",
        "credential": "rhit",
        "value": 92.5,
        "unit": "percent",
        "year": "2021-2022",
        "url": PAGE,
        "note": "first try",
    }
    claims = read(
        record(
            career_services={"offered": True, "detail": "job board", "url": PAGE},
            outcomes=[outcome, {**outcome, "metric": "placement_rate", "value": None}],
        )
    )

    service = one(claims, ServiceClaim)
    assert (service.service, service.is_offered, service.note) == (
        "career_services",
        True,
        "job board",
    )
    rate, unvalued = of_kind(claims, OutcomeClaim)
    assert (rate.credential_code, rate.value, rate.cohort) == ("RHIT", 92.5, "2021-2022")
    assert (rate.as_of, rate.note) == ("2021-22", "first try")
    assert (unvalued.value, unvalued.value_status) == (None, "published_without_amount")


# independence


def test_tracking_is_taken_out_of_addresses_and_told(load: Load, session: Session) -> None:
    url = f"{PAGE}?id=3&utm_source=sales&utm_medium=referral_link"

    tally = load(record(program__url=url, transfer__transfer_policy_url=f"{PAGE}?aff_id=9"))

    assert only(session, OfferingClaim).source_url == f"{PAGE}?id=3"
    assert only(session, TransferClaim).source_url == PAGE
    assert program_of(session, "first-hit-aas").url == f"{PAGE}?id=3"
    (told,) = [reason for reason in tally.reasons if "aff_id" in reason]
    assert "at $[0].transfer.transfer_policy_url: " in told
    assert told.endswith(f"tracking parameters aff_id. Taken out of {PAGE}.")
    assert any("utm_source, utm_medium. Taken out" in reason for reason in tally.reasons)


def test_a_fact_behind_a_paid_link_is_refused_with_the_reason(load: Load, session: Session) -> None:
    paid = "https://www.awin1.com/cread.php?ued=https://first.edu"

    tally = load(record(costs=[cost(), cost(url=paid)], program__url=paid))

    assert tally.refused == 2
    assert [reason for reason in tally.reasons if "$[0].costs[1]" in reason and paid in reason]
    assert only(session, CostClaim).source_url == "https://www.first.edu/tuition"
    assert program_of(session, "first-hit-aas").url is None


# where facts are joined


def test_facts_join_the_reported_program_under_the_schools_title(
    load: Load, session: Session
) -> None:
    tally = load(record())

    program = program_of(session, "first-hit-aas")
    assert program.slug == "first-college-510707-associate"
    assert (program.match_quality, program.match_reason) == ("exact", None)
    assert (program.cip_code, program.award_level) == ("51.0707", "associate")
    assert (program.name, program.url) == ("Health Information Technology AAS", PAGE)
    assert program.award_as_stated == "Associate of Applied Science"
    assert program.source == "ipeds-c2024-a"
    assert tally.reasons == [
        "1 exact, 0 likely, 0 unmatched",
        "exact: first-hit-aas -> first-college-510707-associate",
    ]


def test_a_likely_match_carries_its_reason(load: Load, session: Session) -> None:
    tally = load(record(institution__name="The First"))

    program = program_of(session, "first-hit-aas")
    reason = "state and website agree, the directory's name is 'First College'"
    assert (program.match_quality, program.match_reason) == ("likely", reason)
    assert tally.reasons[1:] == [
        f"likely ({reason}): first-hit-aas -> first-college-510707-associate"
    ]


def test_colleges_of_similar_names_keep_their_own_facts(load: Load, session: Session) -> None:
    tally = load(
        record(id="a", institution__name="Wallace State College", institution__state="AL",
               institution__website="wallacestate.edu"),
        record(id="b", institution__name="Wallace College", institution__state="AL",
               institution__website="wallace.edu"),
        record(id="c", institution__name="Wallace College", institution__state="AL",
               institution__website="wallacestate.edu"),
    )  # fmt: skip

    assert program_of(session, "a").slug == "wallace-state-college-510707-associate"
    assert program_of(session, "b").slug == "wallace-college-510707-associate"
    assert any("several schools" in reason and "c" in reason for reason in tally.reasons)
    assert is_waiting(session, "c")


def test_a_record_that_fits_no_reported_program_has_one_of_its_own(
    load: Load, session: Session
) -> None:
    tally = load(
        record(
            id="first-registry",
            program__title="Cancer Registry Certificate",
            program__award_level="certificate",
            program__award_as_stated="Certificate of Technology",
        )
    )

    program = program_of(session, "first-registry")
    assert program.slug == "first-college-cancer-registry-certificate"
    assert (program.cip_code, program.award_level) == (None, None)
    assert (program.award_group, program.match_quality) == ("certificate", "unmatched")
    assert program.source == "curated-programs"
    assert tally.reasons[1].startswith("1 of the unmatched stand as programs of their own beside")
    assert "candidates: first-college-510713" in tally.reasons[2]


BILLING = {
    "id": "first-billing",
    "program__title": "Medical Billing",
    "program__award_level": "certificate",
    "program__award_as_stated": "certificate",
}
BILLING_SLUG = "first-college-510714-certificate-under-1-year"


def test_a_record_that_several_programs_fit_waits_until_one_is_named(
    load: Load, session: Session
) -> None:
    tally = load(record(**BILLING))

    assert is_waiting(session, "first-billing")
    assert "1 wait for a choice" in tally.reasons[0]
    assert f"{BILLING_SLUG} (51.0714 certificate_under_1_year, 5 awards)" in tally.reasons[1]
    assert not tally.has_changes
    session.rollback()  # a reader keeps seeing what it saw first

    load(record(**BILLING, program__slug=BILLING_SLUG))

    program = program_of(session, "first-billing")
    assert (program.slug, program.match_quality) == (BILLING_SLUG, "exact")


@pytest.mark.parametrize(
    "answer",
    [
        {"program__slug": "no-such-program"},
        {"program__slug": "wallace-state-college-510707-associate", "institution__unitid": 100001},
    ],
)
def test_a_slug_that_cannot_be_right_joins_nothing(
    load: Load, session: Session, answer: dict[str, Any]
) -> None:
    tally = load(record(**answer))

    assert is_waiting(session, "first-hit-aas")
    assert str(answer["program__slug"]) in tally.reasons[1]


def test_unitid_field_and_level_are_enough(load: Load, session: Session) -> None:
    load(
        record(
            institution__unitid=100002,
            institution__name="Another Name",
            institution__website="elsewhere.edu",
            institution__state="AL",
            program__title="Its Own Title",
            program__cip="51.0707",
        )
    )

    program = program_of(session, "first-hit-aas")
    assert program.slug == "wallace-state-college-510707-associate"
    assert (program.match_quality, program.match_reason) == ("exact", None)


def test_a_record_of_a_field_that_is_not_reported_keeps_its_stated_code(
    load: Load, session: Session
) -> None:
    load(record(program__cip="51.0701"))

    program = program_of(session, "first-hit-aas")
    assert (program.cip_code, program.match_quality) == ("51.0701", "unmatched")


def test_of_two_records_on_one_program_the_newer_leads_and_the_older_is_history(
    load: Load, session: Session
) -> None:
    old = record(
        id="old",
        program__title="HIT",
        program__page_year="2019",
        program__duration_months=24,
        costs=[cost(80, academic_year="2019-2020")],
        prepares_for=["RHIT"],
    )
    new = record(
        program__page_year="2025", program__delivery=["online"], program__duration_months=18,
        costs=[cost(100)],
    )  # fmt: skip
    load(old)
    tally = load(new, file_name="curated-more.json")

    program = program_of(session, "first-hit-aas")
    assert (program.name, program.joined_records) == ("Health Information Technology AAS", ["old"])
    assert only(session, CostClaim).amount_low_cents == 10000
    assert only(session, OfferingClaim).months_high == 18
    assert only(session, PreparationClaim).credential_code == "RHIT"
    assert {c.amount_low_cents for c in session.exec(select(TABLES[CostClaim]))} == {8000, 10000}
    assert tally.retired + tally.changed >= 2
    session.rollback()  # a reader keeps seeing what it saw first

    again = [load(old), load(new, file_name="curated-more.json")]

    assert not any(tally.has_changes for tally in again)
    assert any("same program as first-hit-aas" in r for r in load(old, new).reasons)


def test_two_records_of_one_file_share_their_program(load: Load, session: Session) -> None:
    first = record(id="one", program__page_year="2020", program__duration_months=24)
    second = record(id="two", program__page_year="2024", program__delivery=["online"])

    tally = load(first, second)

    program = program_of(session, "two")
    assert program.joined_records == ["one"]
    held = {(o.months_high, tuple(o.delivery)) for o in current(session, OfferingClaim)}
    assert held == {(24, ()), (None, ("online",))}
    assert not load(first, second).has_changes
    assert tally.reasons[0] == "2 exact, 0 likely, 0 unmatched"


def test_two_programs_of_a_school_that_are_reported_as_one_are_forms_of_it(
    load: Load, session: Session
) -> None:
    load(
        record(id="one", program__title="HIT (Evening Track) AAS", program__duration_months=36),
        record(program__page_year="2024", program__duration_months=24),
    )

    offerings = {claim.form: claim.months_high for claim in current(session, OfferingClaim)}
    assert offerings == {None: 24, "HIT (Evening Track) AAS": 36}


def test_a_record_may_name_another_that_it_restates(load: Load, session: Session) -> None:
    load(record(costs=[cost(80)]))
    again = record(
        id="restated",
        program__title="Something Else",
        program__award_level=None,
        program__award_as_stated=None,
        costs=[cost(90)],
    )
    again["same_as"] = "first-hit-aas"

    load(again, file_name="curated-more.json")

    program = program_of(session, "restated")
    assert program.slug == "first-college-510707-associate"
    assert only(session, CostClaim).amount_low_cents == 9000
    assert not load(record(costs=[cost(80)])).has_changes


def test_without_a_directory_nothing_of_a_file_is_used(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "programs.json").write_text(json.dumps([record()]))

    with pytest.raises(ImportFileError, match="holds no school"):
        import_files(engine, tmp_path / "programs.json")


def test_a_school_that_the_directory_lacks_is_added_without_unitid(
    load: Load, session: Session
) -> None:
    other = {
        "institution__name": "Third School",
        "institution__website": "third.edu",
        "institution__control": "private for-profit",
        "institution__control_url": PAGE,
    }
    load(record(**other), coding("third-coding", **other))

    school = session.exec(select(Institution).where(Institution.slug == "third-school-oh")).one()
    assert (school.unitid, school.source) == (None, "curated-programs")
    assert (school.control, school.website) == ("private_for_profit", "https://third.edu")
    assert program_of(session, "first-hit-aas").institution_id == school.id
    assert program_of(session, "third-coding").institution_id == school.id
    assert program_of(session, "first-hit-aas").award_level == "associate"


def test_schools_of_one_name_with_other_websites_are_two(load: Load, session: Session) -> None:
    load(
        record(institution__name="Third School", institution__website="third.edu"),
        coding("b", institution__name="Third School", institution__website="3rd.org"),
    )

    slugs = set(session.exec(select(Institution.slug).where(col(Institution.unitid).is_(None))))
    assert slugs == {"third-school-oh", "third-school-oh-3rd-org"}


# again and again


def test_importing_twice_changes_nothing(load: Load, tmp_path: Path, engine: Engine) -> None:
    full = record(
        costs=[cost(), cost()],
        practicum={"components": [{"label": "a", "hours": 4}], "url": PAGE},
        program__delivery=["online"],
    )
    records = [
        full,
        coding("b"),
        record(id="c", institution__name="Third", institution__website="3.org"),
    ]
    first = load(*records)
    (tmp_path / "curated-again.json.gz").write_bytes(gzip.compress(json.dumps(records).encode()))

    second = import_files(engine, tmp_path / "curated-again.json.gz")["curated-programs"]

    assert first.has_changes
    assert not second.has_changes
    assert second.reasons == first.reasons
    assert second.unchanged == first.added + first.changed


def test_a_changed_fact_supersedes_the_older_one(load: Load, session: Session) -> None:
    load(record(costs=[cost(100)]))

    tally = load(record(costs=[cost(120)]))

    assert (tally.added, tally.changed, tally.retired) == (0, 1, 0)
    assert only(session, CostClaim).amount_low_cents == 12000
    assert len(session.exec(select(TABLES[CostClaim])).all()) == 2


def test_files_of_one_format_stand_beside_each_other(load: Load, session: Session) -> None:
    load(record(costs=[cost()]))

    load(coding("b", costs=[cost(50)]), file_name="curated-more.json")

    assert [c.amount_low_cents for c in current(session, CostClaim)] == [10000, 5000]
    assert not load(record(costs=[cost()])).has_changes


def test_a_record_that_no_longer_fits_gives_the_program_its_title_back(
    load: Load, session: Session
) -> None:
    load(record(costs=[cost()]))

    load(record(costs=[cost()], program__award_level="bachelor"))

    left = session.exec(
        select(Program).where(Program.slug == "first-college-510707-associate")
    ).one()
    assert (left.curated_id, left.match_quality, left.url) == (None, None, None)
    assert left.name == "CIP 51.0707"
    own = program_of(session, "first-hit-aas")
    assert own.slug == "first-college-health-information-technology-aas"
    assert only(session, CostClaim).program_id == own.id


def test_a_program_of_its_own_retires_when_the_record_joins_a_reported_one(
    load: Load, session: Session
) -> None:
    load(record(program__award_level="bachelor"))

    load(record())

    own = session.exec(select(Program).where(Program.source == "curated-programs")).one()
    assert own.retired_at is not None
    assert own.curated_id is None
    assert own.moved_to == "first-college-510707-associate"
    assert program_of(session, "first-hit-aas").slug == "first-college-510707-associate"

    session.rollback()  # a reader keeps seeing what it saw first
    load(record(program__award_level="bachelor"))
    assert (own.retired_at, own.curated_id) == (None, "first-hit-aas")


def test_newer_completions_keep_joined_programs_and_leave_own_ones_alone(
    load: Load, session: Session, engine: Engine, tmp_path: Path
) -> None:
    load(record(), coding("own", institution__name="Third", institution__website="3.org"))
    (tmp_path / "c2025_a.csv").write_text(COMPLETIONS_HEADER + "100001,51.0707,1,3,20\n")

    import_files(engine, tmp_path / "c2025_a.csv")

    joined, own = program_of(session, "first-hit-aas"), program_of(session, "own")
    assert (joined.retired_at, own.retired_at) == (None, None)
    assert len(session.exec(select(Program).where(Program.cip_code == "51.0707")).all()) == 3


def test_every_kind_of_claim_of_this_source_is_brought_in_step(
    load: Load, session: Session
) -> None:
    load(
        record(
            prepares_for=["RHIT"],
            curriculum_topics=["anatomy"],
            refund_policy_url=PAGE,
            transfer__transfer_policy_url=PAGE,
            career_services={"offered": True, "url": PAGE},
            outcomes=[{"metric": "retention_rate", "value": 80, "url": PAGE}],
            practicum__required=True,
            practicum__url=PAGE,
            accreditation=[
                {"accreditor": "CAHIIM", "scope": "program", "status": "unclear", "url": PAGE}
            ],
        )
    )
    kinds = TABLES.keys() - {StatusClaim, OnlineCompletionClaim, FieldOutcomeClaim}  # of surveys
    assert all(current(session, kind) for kind in kinds)
    session.rollback()  # a reader keeps seeing what it saw first

    load(record())

    assert [kind for kind in kinds if current(session, kind)] == [OfferingClaim]
