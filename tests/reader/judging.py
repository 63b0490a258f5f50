"""How well pages are read: facts that must, may and must not be proposed, told in one line each.

``python -m tests.reader.judging`` prints precision and recall by kind, for every set.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.accreditors import parse_remits
from app.domain.claims import (
    AccreditationClaim,
    CostClaim,
    OfferingClaim,
    OutcomeClaim,
    PracticumClaim,
    PreparationClaim,
    ProgramClaim,
    TopicClaim,
    TransferClaim,
)
from app.domain.pages.about import Lexicon, Subject
from app.domain.pages.page import Page
from app.domain.pages.reading import read_page
from app.domain.titles import load_title_rules
from app.reader.documents import to_page

HERE = Path(__file__).parent
SETS = {
    "made_with": "pages the rules were made with",
    "held_out": "pages written apart from them",
    "second_held_out": "pages by an author who did not see the rules",
    "third_held_out": "pages by another such author",
    "fourth_held_out": "pages by a third such author",
    "fifth_held_out": "pages by a fourth such author",
    "sixth_held_out": "pages by a fifth such author",
    "seventh_held_out": "pages by a sixth such author",
    "eighth_held_out": "pages by a seventh such author",
}
REMITS = parse_remits(Path("seed/accreditors.json").read_text(encoding="utf-8"))
TITLES = load_title_rules(Path("seed/titles.json"))
LEXICON = Lexicon.from_json(Path("seed/pages/words.json").read_text(encoding="utf-8"))


@dataclass(slots=True)
class Judged:
    """Facts by kind: found as they should be, found though they should not, and missed."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    held: Counter[float] = field(default_factory=Counter)
    failed: Counter[float] = field(default_factory=Counter)
    """Confidence -> how many proposals of it were right, or allowed, and how many wrong."""
    remarks: list[str] = field(default_factory=list)

    def precision(self, kind: str | None = None) -> float:
        """Return the share of proposed facts that are right."""
        right, wrong = _of(self.right, kind), _of(self.wrong, kind)
        return right / (right + wrong) if right + wrong else 1.0

    def recall(self, kind: str | None = None) -> float:
        """Return the share of facts to find that are proposed."""
        right, missed = _of(self.right, kind), _of(self.missed, kind)
        return right / (right + missed) if right + missed else 1.0


def _of(counts: Counter[str], kind: str | None) -> int:
    return counts.total() if kind is None else counts[kind]


def entries(name: str) -> list[dict[str, Any]]:
    """Return the pages of a set, each with its program and facts."""
    found: list[dict[str, Any]] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return found


def judge(name: str) -> Judged:
    """Read every page of a set and compare what is proposed with what should be."""
    done = Judged()
    for entry in entries(name):
        found = set()
        for fact, confidence in trusted_facts(load(entry["page"]), entry["program"]):
            found.add(fact)
            is_right = fact in entry["must"] or fact in entry.get("may", [])
            (done.held if is_right else done.failed)[round(confidence, 2)] += 1
        must, may = set(entry["must"]), set(entry.get("may", []))
        for counter, facts in (
            (done.right, found & must),
            (done.wrong, found - must - may),
            (done.missed, must - found),
        ):
            counter.update(fact.partition(":")[0] for fact in facts)
        done.remarks += [f"{entry['page']}: missed {fact}" for fact in sorted(must - found)]
        done.remarks += [f"{entry['page']}: wrong {fact}" for fact in sorted(found - must - may)]
    return done


def trusted_facts(page: Page, program: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Yield what a page is read to state of a program (name, award, CIP code), and how surely."""
    name, award, code = program
    subject = Subject(name, award, code, "Some College", TITLES)
    for one in read_page(page, subject, REMITS, LEXICON):
        for fact in facts_of(one.claim):
            yield fact, one.confidence


def read_facts(page: Page, program: Sequence[str]) -> set[str]:
    """Return what a page is read to state of a program (name, award, CIP code)."""
    return {fact for fact, _ in trusted_facts(page, program)}


def load(name: str) -> Page:
    """Return a page of the set; one in plain text becomes a PDF first."""
    path = HERE / "pages" / name
    body = path.read_bytes()
    if path.suffix == ".txt":
        return to_page(f"https://school.example/{path.stem}.pdf", to_pdf(body.decode()))
    return to_page(f"https://school.example/{path.stem}", body, "text/html")


def to_pdf(*texts: str) -> bytes:
    """Return a PDF of a page for each text, a line of it for each line of the text."""
    count = len(texts)
    pages = " ".join(f"{3 + 2 * number} 0 R" for number in range(count))
    font = 3 + 2 * count
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{pages}]/Count {count}>>".encode(),
    ]
    for number, text in enumerate(texts):
        stream = _lines_of_pdf(text)
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 %d 0 R>>>>>>" % (4 + 2 * number, font),
            b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        ]
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + head + table + tail


def _lines_of_pdf(text: str) -> bytes:
    lines = ["BT /F1 10 Tf 40 780 Td 12 TL"]
    for line in text.splitlines():
        shown = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        lines.append(f"({shown}) Tj T*")
    return "\n".join([*lines, "ET"]).encode("cp1252")


def facts_of(claim: ProgramClaim) -> Iterator[str]:
    """Yield what a claim states, a short line for each thing an editor would check."""
    match claim:
        case AccreditationClaim():
            kind = "accreditation" if claim.scope == "program" else "school"
            until = claim.through_year or claim.next_review
            yield _line(kind, claim.accreditor, claim.status, until)
        case PracticumClaim():
            if claim.availability:
                yield _line("practicum", claim.availability)
            if claim.hours_low:
                yield _line("hours", _range(claim.hours_low, claim.hours_high))
            if claim.is_site_arranged is not None:
                yield _line("site", "arranged" if claim.is_site_arranged else "own")
            if claim.format:
                yield _line("format", claim.format)
        case CostClaim(component="refund_policy"):
            yield "refund"
        case CostClaim():
            low, high = claim.amount_low_usd, claim.amount_high_usd
            year = claim.as_of if claim.as_of and len(claim.as_of) == 7 else None
            is_year = year is not None and int(year[5:]) == (int(year[2:4]) + 1) % 100
            yield _line(
                *("cost", claim.component, _range(low or 0, high), claim.unit, claim.residency),
                year if is_year else None,
            )
        case TransferClaim(kind="policy"):
            yield "policy"
        case TransferClaim(kind="articulation"):
            yield _line("articulation", claim.receiving_institution)
        case TransferClaim(kind="credits_accepted"):
            yield _line("credits", None if claim.credits_max is None else f"{claim.credits_max:g}")
        case TransferClaim(kind="prior_learning"):
            yield "prior" if claim.is_offered else "no_prior"
        case TransferClaim():
            yield "stackable"
        case OutcomeClaim():
            name = claim.metric.removeprefix("exam_").removesuffix("_rate")
            year = claim.as_of if claim.as_of and len(claim.as_of) < 8 else None
            yield _line(name, claim.credential_code, f"{claim.value:g}", year)
        case OfferingClaim():
            if claim.delivery:
                yield _line("delivery", "+".join(sorted(claim.delivery)))
            if claim.credits:
                yield _line("credits_total", f"{claim.credits:g}")
            if claim.months_low or claim.months_high:
                yield _line("months", _range(claim.months_low or 0, claim.months_high))
            if claim.enrollment_status:
                yield _line("status", claim.enrollment_status)
            if claim.has_contact:
                yield _line("contact", claim.contact_role, claim.contact_mail, claim.contact_phone)
        case PreparationClaim():
            yield _line("exam", claim.credential_code)
        case TopicClaim():
            yield _line("topic", claim.topic)


def _line(*parts: object) -> str:
    return ":".join(str(part) for part in parts if part)


def _range(low: float, high: float | None) -> str:
    if high is None:
        return f"{low:g}+"
    return f"{low:g}" if low == high else f"{low:g}-{high:g}"


def main() -> None:
    """Print how well each set is read."""
    for name, meaning in SETS.items():
        if not (HERE / f"{name}.json").exists():
            continue
        done = judge(name)
        print(f"{name}: {meaning}")
        for kind in [*sorted(done.right | done.wrong | done.missed), None]:
            told = f"{done.precision(kind):.2f} {done.recall(kind):.2f}"
            counts = (_of(c, kind) for c in (done.right, done.wrong, done.missed))
            print(f"  {kind or 'all':14} {told}  {' '.join(map(str, counts))}")
        print("  by confidence")
        for confidence in sorted(done.held | done.failed, reverse=True):
            held, failed = done.held[confidence], done.failed[confidence]
            print(f"  {confidence:<14.2f} {held / (held + failed):.2f}  {held} {failed}")
        if "--remarks" in sys.argv:
            print("\n".join(done.remarks))


if __name__ == "__main__":
    main()
