"""Words in records that name other records, or members of a list, without a foreign key."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import Session, select

from app.domain.advancement.levels import LEVELS
from app.domain.checklist.warnings import WarningCode
from app.domain.credentials.leads_to import GateCode
from app.domain.text.contacts import is_mail_of_office, is_phone
from app.domain.vocabulary import (
    AwardLevel,
    ContactRole,
    CostComponent,
    Delivery,
    EnrollmentStatus,
    StudentLevel,
)
from app.errors import Fault, nearest
from app.queries.guide import linked_slugs
from app.queries.rubrics import current_rubric
from app.schemas.renewal import ACROSS_ISSUERS
from app.store.tables.advancement import AdvancementPath
from app.store.tables.classifications import Cip, CipSoc
from app.store.tables.credentials import AccreditorFact, Credential
from app.store.tables.guide import GuideEntry
from app.store.tables.occupations import Occupation, RelatedOccupation
from app.store.tables.sources import Source
from app.store.tables.statistics import Statistic

EDITORS = "editors"
"""Source of every fact that an editor enters, beside the page it was read on."""

MOST_NAMED = 40
"""A list as short as this is told whole to whoever names nothing like its members."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a word has to be one of.

    ``pattern``: how a code of other people's lists is written. Importers bring those lists; where
    one is missing, a word that is written like a code is taken.
    """

    label: str
    load: Callable[[Session], set[str]]
    pattern: str | None = None
    knows: Callable[[set[str], str], bool] = set.__contains__

    def takes(self, known: set[str], word: str) -> bool:
        """Return whether a word is one of what is known."""
        if self.pattern and not re.fullmatch(self.pattern, word):
            return False
        return (not known and self.pattern is not None) or self.knows(known, word)


def _all(*columns: Any) -> Callable[[Session], set[str]]:
    return lambda session: {
        word for column in columns for word in session.exec(select(column).distinct()) if word
    }


def _members(members: Iterable[str]) -> Callable[[Session], set[str]]:
    known = {str(member) for member in members}
    return lambda _session: known


def _whole_issuers(session: Session) -> set[str]:
    """Return the codes that stand for all exams of an issuer, or for what a body accredits."""
    return {f"ALL-{name}" for name in _all(Credential.issuer, AccreditorFact.body)(session)}


def _knows_cip(codes: set[str], word: str) -> bool:
    """Return whether a code is listed; of a series whose codes are not, the series has to be."""
    series = word[:5]
    in_series = {code for code in codes if len(code) > len(series) and code.startswith(series)}
    return word in in_series if in_series else series in codes


def _guide(name: str) -> Callable[[Session], set[str]]:
    return lambda session: _guide_words(session)[name]


def _guide_words(session: Session) -> dict[str, set[str]]:
    slugs, rubric = linked_slugs(session), current_rubric()
    entries = session.exec(select(GuideEntry.section, GuideEntry.slug)).all()
    return {
        "checks": set(rubric.check_keys),
        "criteria": {criterion.key for criterion in rubric.criteria},
        "warning_codes": {*WarningCode},
        "gate_codes": {*GateCode},
        "skills": {slug for section, slug in entries if section == "skills"},
        "references": slugs["references"],
        "topics": {*(section for section, _ in entries), *slugs},
        "link_to": {
            *(f"{section}/{slug}" for section, slug in entries),
            *(f"{name}/{slug}" for name, found in slugs.items() for slug in found),
        },
    }


def _enum(label: str, members: type[StrEnum]) -> Target:
    return Target(label, _members(members))


def _written(label: str, is_so: Callable[[str], bool]) -> Target:
    """Return a target for words that are right by how they are written."""
    return Target(label, lambda _session: set(), knows=lambda _known, word: is_so(word))


CREDENTIAL = Target("credential", _all(Credential.code))
CREDENTIAL_OR_ALL = Target(
    "credential", lambda session: CREDENTIAL.load(session) | _whole_issuers(session)
)
ISSUER = Target("issuer", lambda s: _all(Credential.issuer)(s) | {ACROSS_ISSUERS})
PATH = Target("role", _all(AdvancementPath.slug))
STATISTIC = Target("statistic", _all(Statistic.slug))
SOURCE = Target("source", lambda session: _all(Source.key)(session) | {EDITORS})
CIP = Target("CIP code", _all(Cip.code), r"\d\d\.\d{4}", _knows_cip)
SOC = Target(
    "SOC code", _all(Occupation.soc_code, CipSoc.soc_code, Statistic.soc_code), r"\d\d-\d{4}"
)
ONET = Target(
    "O*NET code",
    _all(Occupation.onet_code, RelatedOccupation.related_code),
    r"\d\d-\d{4}\.\d\d",
)
COMPONENT = _enum("component of a price", CostComponent)

REFERENCES: Mapping[str, Mapping[str, Target]] = {
    "program": {"cip_code": CIP},
    "cost_claim": {
        "cip_code": CIP,
        "contains": COMPONENT,
        "contained_in": COMPONENT,
        "student_level": _enum("level of students", StudentLevel),
    },
    "preparation_claim": {"credential_code": CREDENTIAL},
    "outcome_claim": {"credential_code": CREDENTIAL},
    "offering_claim": {
        "delivery": _enum("way of teaching", Delivery),
        "enrollment_status": _enum("state of enrollment", EnrollmentStatus),
        "contact_role": _enum("role or office", ContactRole),
        "contact_mail": _written("mailbox of a role or office", is_mail_of_office),
        "contact_phone": _written("telephone number such as 555-010-0142", is_phone),
    },
    "credential": {"replaces": CREDENTIAL, "related": CREDENTIAL},
    "credential_claim": {"credential_code": CREDENTIAL_OR_ALL},
    "credential_unknown": {"credential_code": CREDENTIAL_OR_ALL},
    "credential_rule": {
        f"rules.{place}": CREDENTIAL
        for place in (
            *("cases.credentials", "remarks.credentials", "portions.credentials"),
            *("rivals.credentials", "drops.drops", "drops.held"),
        )
    },
    "work_setting": {
        "credentials": CREDENTIAL,
        "roles.soc_codes": SOC,
        "roles.path": PATH,
        "employment.soc_code": SOC,
        "employment.source": SOURCE,
        "remote.soc_code": SOC,
        "remote.source": SOURCE,
    },
    "advancement_path": {
        "credentials": CREDENTIAL,
        "education_levels": Target("level of education", _members([*AwardLevel, *LEVELS])),
        "soc_codes.code": SOC,
        "onet_code": ONET,
        "statistics": STATISTIC,
        "requirements.any_of": CREDENTIAL,
        "requirements.statistic": STATISTIC,
        "requirements.source": SOURCE,
    },
    "guide_entry": {
        "facts.paths": PATH,
        "facts.statistics": STATISTIC,
        "facts.credentials": CREDENTIAL,
        "facts.checks": Target("check", _guide("checks")),
        "facts.criteria": Target("criterion", _guide("criteria")),
        "facts.warning_codes": Target("warning", _guide("warning_codes")),
        "facts.gate_codes": Target("gate", _guide("gate_codes")),
        "facts.skills": Target("skill of the guide", _guide("skills")),
        "facts.references": Target("reference", _guide("references")),
        "facts.topics": Target("section", _guide("topics")),
        "facts.link_to": Target("entry of the guide", _guide("link_to")),
    },
}
"""Collection -> place in its records -> what the words there name; lists are passed through."""

SUBJECTS: Mapping[str, Target] = {"eligibility": CREDENTIAL, "renewal": ISSUER}
"""Kind of a rule on credentials -> what its subject names; of other kinds it is a word of its own.
"""


def targets_of(collection: str, record: Mapping[str, Any]) -> dict[str, Target]:
    """Return what the words of a record name, by their place."""
    found = dict(REFERENCES.get(collection, {}))
    if collection == "credential_rule" and record.get("kind") in SUBJECTS:
        found["subject"] = SUBJECTS[str(record["kind"])]
    return found


def reference_faults(
    session: Session,
    collection: str,
    record: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> list[Fault]:
    """Return a fault for every word of a record that names nothing, with the nearest that does.

    What the record named before is not held against whoever changes something else of it.
    """
    faults = []
    for path, target in targets_of(collection, record).items():
        stood = {word for _, word in words_at(before or {}, path)}
        new = [(place, word) for place, word in words_at(record, path) if word not in stood]
        known = target.load(session) if new else set()
        faults += [
            _fault(target, place, word, known)
            for place, word in new
            if not target.takes(known, word)
        ]
    return faults


def words_at(record: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """Yield place and word of every text at a path.

    >>> list(words_at({"roles": [{"path": "coder"}, {"path": None}]}, "roles.path"))
    [('roles/0/path', 'coder')]
    """
    yield from _walk(record, path.split("."), [])


def _walk(value: Any, path: list[str], place: list[str]) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for at, part in enumerate(value):
            yield from _walk(part, path, [*place, str(at)])
    elif isinstance(value, Mapping) and path:
        yield from _walk(value.get(path[0]), path[1:], [*place, path[0]])
    elif isinstance(value, str) and not path:
        yield "/".join(place), value


def _fault(target: Target, place: str, word: str, known: set[str]) -> Fault:
    folded = {name.lower(): name for name in sorted(known)}
    near = folded.get(nearest(word, folded) or "")
    hint = f" Did you mean {near!r}?" if near else ""
    if not near and 0 < len(known) <= MOST_NAMED:
        hint = f" Known are {', '.join(sorted(known))}."
    words = f"{place.replace('/', '.')}: no {target.label} is known as {word!r}.{hint}"
    return Fault(words, pointer=f"#/values/{place}", value=word[:200], suggestion=near)
