"""Facts for tests: claims with evidence, the rubric and the day they are judged on."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.domain.accreditors import load_remits
from app.domain.checklist.accreditors import CAHIIM
from app.domain.checklist.rubric import Rubric, load_rubrics
from app.domain.claims import AccreditationClaim, CostClaim, ProgramFacts
from app.domain.dossier import Dossier, ProgramRecord, SchoolRecord
from app.domain.shared_facts import PeerBounds, SharedFacts, SourceRecord
from app.domain.vocabulary import Basis, Level

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOW.date()
SEED = Path(__file__).parents[2] / "seed"
RUBRICS = SEED / "rubrics"
ACCREDITORS = SEED / "accreditors.json"
REMITS = load_remits(ACCREDITORS)
PUBLISHED = load_rubrics(RUBRICS)
FIRST: Rubric = PUBLISHED["2026.1"]
RUBRIC: Rubric = PUBLISHED["2026.2"]

SCHOOL = "school-pages"
GOVERNMENT = "government-file"


def evidence(level: str = Level.PROGRAM, **fields: Any) -> dict[str, Any]:
    """Return evidence of the school's own page, fresh unless the test says otherwise."""
    return {
        "level": level,
        "source": SCHOOL,
        "basis": Basis.STATED_BY_INSTITUTION,
        "source_url": "https://school.example/page",
        "as_of": "2026-01-15",
        **fields,
    }


def accredited(status: str = "accredited", **fields: Any) -> AccreditationClaim:
    return AccreditationClaim(
        **{"scope": "program", "accreditor": CAHIIM, "status": status, **evidence(), **fields}
    )


def price(component: str, dollars: float | None, **fields: Any) -> CostClaim:
    cents = None if dollars is None else round(dollars * 100)
    return CostClaim(
        **{
            "component": component,
            "amount_low_cents": cents,
            "amount_high_cents": cents,
            "unit": "year",
            "residency": "in_state",
            **evidence(),
            **fields,
        }
    )


def dossier_of(
    facts: ProgramFacts,
    *,
    peers: PeerBounds | None = None,
    closed_on: str | None = None,
    **fields: Any,
) -> Dossier:
    """Return what is known of a program of which nothing matters but the claims on it."""
    program: dict[str, Any] = dict.fromkeys(ProgramRecord.__dataclass_fields__)
    school: dict[str, Any] = dict.fromkeys(SchoolRecord.__dataclass_fields__)
    given = {
        "program": ProgramRecord(
            **program | {"award_level": facts.award_level, "cip_code": facts.cip_code}
        ),
        "school": SchoolRecord(**school | {"closed_on": closed_on, "source": GOVERNMENT}),
        "cip_title": None,
        "completions": [],
        "shared": SharedFacts(
            {GOVERNMENT: SourceRecord(None, Basis.GOVERNMENT_DATA)}, {}, {}, peers or PeerBounds()
        ),
        "rubric": RUBRIC,
        "day": TODAY,
        "release": 1,
        "remits": REMITS,
    }
    return Dossier(facts=facts, **given | fields)
