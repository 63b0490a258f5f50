"""Read the pages of schools for programs, and visit the pages behind facts again."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.domain.claims import ProgramClaim, claims_in
from app.domain.dossier import Dossier
from app.domain.pages.about import Lexicon, Subject
from app.domain.pages.finding import kinds_of
from app.domain.pages.page import Page, Stated, sentences_of, statement_of
from app.domain.pages.reading import read_page
from app.domain.text.contacts import without_contacts
from app.domain.text.identifiers import fold
from app.domain.vocabulary import Basis, Level
from app.errors import ConflictError
from app.ledger.found_facts import Kept, forget_unsaid, keep
from app.queries.accreditors import published_remits
from app.queries.dossiers import get_dossier
from app.queries.titles import published_title_rules
from app.reader.fetching import Visitor
from app.reader.walking import BOUNDS, Bounds, Known, LastVisit, Visit, open_page, walk
from app.store.database import write_session
from app.store.tables.reading import FoundFact, PageReview, PageVisit, ProgramReading

WORDS = "pages/words.json"
"""File of the seed with the names of other fields and of the accreditors of schools."""


def load_lexicon(seed_dir: Path) -> Lexicon:
    """Return the words by which programs of other fields are told apart."""
    return Lexicon.from_json((seed_dir / WORDS).read_text(encoding="utf-8"))


class PageClaim(NamedTuple):
    """A claim, and the address of its page."""

    source_url: str
    claim: ProgramClaim


@dataclass(frozen=True, slots=True)
class PageReading:
    """With what pages are read, and at which moment."""

    engine: Engine
    visitor: Visitor
    lexicon: Lexicon
    now: datetime


@dataclass(slots=True)
class ReadOfPage:
    """What came of one page."""

    visit: Visit
    kinds: list[str] = field(default_factory=list)
    """What it is about, such as "program" and "cost"."""
    facts: list[Stated] = field(default_factory=list)
    kept: Kept = field(default_factory=Kept)
    gone: int = 0


@dataclass(slots=True)
class Summary:
    """What came of the pages of one program."""

    pages: int = 0
    size: int = 0
    facts: int = 0
    kept: Kept = field(default_factory=Kept)
    kinds: Counter[str] = field(default_factory=Counter)
    """Kind of page -> how many were read or had not changed."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Why a page was not read, in a word and in a sentence."""

    def add(self, done: ReadOfPage) -> None:
        """Count a page."""
        self.pages += 1
        self.size += done.visit.size
        self.facts += len(done.facts)
        self.kept.add(done.kept)
        if done.visit.fault is None:
            self.kinds.update(done.kinds)
        else:
            self.refused.append((done.visit.fault.code, str(done.visit.fault)))


def subject_of(dossier: Dossier) -> Subject:
    """Return a program by what a page can call it."""
    program = dossier.program
    return Subject(
        program.name,
        program.award_level,
        program.cip_code,
        dossier.school.name,
        published_title_rules(),
    )


def read_program(
    reading: PageReading,
    slug: str,
    *,
    starts: Sequence[str] = (),
    bounds: Bounds = BOUNDS,
    is_kept: bool = True,
) -> Iterator[ReadOfPage]:
    """Yield the pages opened for a program, with what each states; keep it for an editor.

    Args:
        reading: With what pages are read, and when.
        slug: The program.
        starts: Addresses to begin with; by default the program's page and the school's site.
        bounds: How far to go.
        is_kept: False: nothing is written.

    Raises:
        NotFoundError: There is no such program.
        ConflictError: No page of it and no website of its school is known.
    """
    engine, lexicon, now = reading.engine, reading.lexicon, reading.now
    with Session(engine) as session:
        dossier = get_dossier(session, slug, now.date())
        known = last_visits(session, dossier.program.id) if is_kept else {}
        read_before = pages_of(session, dossier.program.id)
    begin = list(starts) or [url for url in (dossier.program.url, dossier.school.website) if url]
    if not begin:
        if is_kept:
            with write_session(engine) as session:
                record_reading(session, dossier.program.id, Summary(), now)
        raise ConflictError(f"Nothing tells where pages of {slug} are: its school has no website.")
    begin += [url for url in read_before if url not in begin]
    subject = subject_of(dossier)
    summary = Summary()
    for visit in walk(reading.visitor, begin, subject, lexicon, known=known, bounds=bounds):
        page = visit.page
        done = ReadOfPage(visit, kinds_of(visit.url, page.title if page else "", subject, lexicon))
        if page is not None:
            done.facts = facts_on(page, subject, lexicon)
        if is_kept:
            with write_session(engine) as session:
                record_visit(session, dossier.program.id, visit, now)
                if page is not None:
                    done.kept = keep(session, dossier, done.facts, now, sha256=page.hash)
                    said = {one.sentence for one in done.facts}
                    done.gone = forget_unsaid(session, dossier.program.id, page.url, said, now)
        summary.add(done)
        yield done
    if is_kept:
        with write_session(engine) as session:
            record_reading(session, dossier.program.id, summary, now)


def facts_on(page: Page, subject: Subject, lexicon: Lexicon) -> list[Stated]:
    """Return what a page states of a program, without how to reach people."""
    return [
        replace(
            one,
            claim=replace(
                one.claim, as_stated=_bare(one.claim.as_stated), note=_bare(one.claim.note)
            ),
            sentence=without_contacts(one.sentence),
            headings=tuple(map(without_contacts, one.headings)),
        )
        for one in read_page(
            _what_matters(page, subject, lexicon), subject, published_remits(), lexicon
        )
    ]


LONG = 1_000
"""Blocks of a page, such as a whole catalog, of which only parts are read."""

BEFORE, AFTER = 20, 80
"""Blocks read around one that names the program's field."""


def _what_matters(page: Page, subject: Subject, lexicon: Lexicon) -> Page:
    """Return a long page with the parts that name the field, or are about prices and credits."""
    if len(page.blocks) <= LONG:
        return page
    told: dict[str, frozenset[str]] = {}

    def kinds(words: str) -> frozenset[str]:
        if words not in told:
            told[words] = frozenset(kinds_of("", words, subject, lexicon))
        return told[words]

    kept: set[int] = set()
    for at, block in enumerate(page.blocks):
        about = frozenset[str]().union(*map(kinds, block.headings))
        if "program" in about | kinds(block.text[:120]):
            kept.update(range(at - BEFORE, at + AFTER))
        elif about - {"catalog"}:
            kept.add(at)
    blocks = tuple(block for at, block in enumerate(page.blocks) if at in kept)
    return replace(page, blocks=blocks[:LONG])


def _bare(text: str | None) -> str | None:
    return text and without_contacts(text)


def last_visits(session: Session, program_id: int) -> Known:
    """Return address -> what it told of its version when it was last read for a program."""
    rows = session.exec(
        select(PageVisit).where(
            PageVisit.program_id == program_id, col(PageVisit.sha256).is_not(None)
        )
    )
    return {
        row.url: LastVisit(
            row.etag,
            row.last_modified,
            tuple((words, url) for words, url in row.links or ()),
        )
        for row in rows
    }


def pages_of(session: Session, program_id: int) -> list[str]:
    """Return the pages that facts on a program were found on before: they may have changed."""
    statement = select(FoundFact.url).where(
        FoundFact.program_id == program_id, FoundFact.origin == "page"
    )
    return [url for url in dict.fromkeys(session.exec(statement)) if url]


def record_visit(session: Session, program_id: int, visit: Visit, now: datetime) -> None:
    """Keep what came of an address."""
    row = _visit_row(session, program_id, visit.url, now)
    row.reason = None
    if visit.fault is not None:
        row.outcome, row.reason = visit.fault.code, str(visit.fault)[:500]
    elif visit.page is None:
        row.outcome = "unchanged"
    else:
        row.outcome, row.sha256 = "read", visit.page.hash
        row.title, row.as_of = visit.page.title[:300], visit.page.as_of
        row.links = [list(link) for link in visit.links]
        if visit.fetched is not None:
            row.etag, row.last_modified = visit.fetched.etag, visit.fetched.last_modified
    session.add(row)


def _visit_row(session: Session, program_id: int, url: str, now: datetime) -> PageVisit:
    """Return the row of an address opened for a program now, a new one for the first time."""
    found = session.exec(
        select(PageVisit).where(PageVisit.program_id == program_id, PageVisit.url == url)
    ).first()
    row = found or PageVisit(program_id=program_id, url=url, visited_at=now, outcome="")
    row.visited_at = now
    return row


def record_reading(session: Session, program_id: int, summary: Summary, now: datetime) -> None:
    """Keep when the pages of a program were read, so that a run goes on where it ended."""
    row = session.get(ProgramReading, program_id) or ProgramReading(
        program_id=program_id, read_at=now, pages=0, refused=0, facts=0, new=0
    )
    row.read_at, row.pages, row.refused = now, summary.pages, len(summary.refused)
    row.facts, row.new, row.kinds = summary.facts, summary.kept.new, sorted(summary.kinds)
    session.add(row)


UNCHANGED = frozenset({"says_so", "unchanged"})
TO_REVIEW = frozenset({"changed", "moved", "gone"})
"""What came of a page -> whether its facts still stand, or an editor is to look at it."""


@dataclass(frozen=True, slots=True)
class Recheck:
    """What the page behind current facts says today.

    ``outcome``: "says_so", "changed" (the words are there no more), "moved" (it is at ``url_now``),
    "gone", "unchanged" (not changed since the last visit), or why it could not be read.
    """

    program: str
    url: str
    outcome: str
    url_now: str | None
    lost: list[str]
    """Facts whose words the page does not have any more, as kind and what was stated."""


def recheck_program(reading: PageReading, slug: str) -> Iterator[Recheck]:
    """Yield what the pages behind the current facts on a program say today; change nothing of them.

    A fact holds if its page still has its words, or if reading the page again finds the same.

    Raises:
        NotFoundError: There is no such program.
    """
    with Session(reading.engine) as session:
        dossier = get_dossier(session, slug, reading.now.date())
    pages = dict.fromkeys(claim.source_url for claim in claims_of_pages(dossier))
    for url in pages:
        told = _compare(dossier, url, open_page(reading.visitor, url), reading.lexicon)
        with write_session(reading.engine) as session:
            row = _visit_row(session, dossier.program.id, url, reading.now)
            row.checked_at = reading.now
            row.outcome = row.outcome or told.outcome
            session.add(row)
            raise_review(session, dossier.program.id, told, reading.now)
        yield told


def raise_review(session: Session, program_id: int, told: Recheck, now: datetime) -> None:
    """Ask an editor to look at a page that is gone, moved, or says otherwise, once for each state.

    What the page says again closes the review.
    """
    statement = select(PageReview).where(
        PageReview.program_id == program_id,
        PageReview.url == told.url,
        col(PageReview.decided_at).is_(None),
    )
    review = session.exec(statement).first()
    if told.outcome in UNCHANGED:
        if review is not None:
            review.decided_at, review.reason = now, "The page says so again"
            session.add(review)
        return
    if told.outcome not in TO_REVIEW:
        return  # it could not be read this time, which says nothing
    if review is None:
        review = PageReview(program_id=program_id, url=told.url, outcome="", found_at=now)
    review.outcome, review.url_now, review.lost = told.outcome, told.url_now, told.lost
    session.add(review)


def claims_of_pages(dossier: Dossier) -> Iterator[PageClaim]:
    """Yield the current claims on a program itself that rest on a page, with its address.

    Files of the government are renewed as files (``hit-compare refresh``).
    """
    for claim in claims_in(dossier.facts):
        is_of_file = claim.basis == Basis.GOVERNMENT_DATA
        if claim.source_url and claim.level == Level.PROGRAM and not is_of_file:
            yield PageClaim(claim.source_url, claim)


def _compare(dossier: Dossier, url: str, visit: Visit, lexicon: Lexicon) -> Recheck:
    slug = dossier.program.slug
    if visit.fault is not None:
        return Recheck(slug, url, visit.fault.code, None, [])
    if visit.page is None:
        return Recheck(slug, url, "unchanged", None, [])
    page = visit.page
    text = _text_of(page)
    again = {statement_of(one.claim) for one in facts_on(page, subject_of(dossier), lexicon)}
    lost = []
    for _, claim in (one for one in claims_of_pages(dossier) if one.source_url == url):
        has_words = claim.as_stated and fold(claim.as_stated) in text
        if not has_words and statement_of(claim) not in again:
            lost.append(f"{claim.kind_name}: {claim.as_stated or claim.note or 'as recorded'}")
    if lost:
        return Recheck(slug, url, "changed", page.url if page.url != url else None, lost)
    if page.url.rstrip("/") != url.rstrip("/"):
        return Recheck(slug, url, "moved", page.url, [])
    return Recheck(slug, url, "says_so", None, [])


def _text_of(page: Page) -> str:
    said = (one.text for block in page.blocks for one in sentences_of(block))
    return fold(without_contacts(" ".join(said)))
