"""Cards for other sites: programs, checklists, comparisons and credentials as small HTML pages."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from app.domain.dossier import Dossier
from app.domain.vocabulary import CredentialStatus
from app.errors import Fault
from app.schemas.checklists import ChecklistRead
from app.schemas.comparison import ComparisonRead
from app.schemas.credentials import CredentialRead
from app.schemas.programs import ProgramSummary
from app.site import words
from app.site.languages import language
from app.site.pages.cards import program_card as short_card
from app.site.pages.visits import credential_path
from app.site.writing import Fact, Rows, Sources, Writer


@dataclass(frozen=True, slots=True)
class Look:
    """How a card is set: its language and theme, and the address it is asked for by.

    ``address`` is below ``base``, the address of the service.
    """

    lang: str
    theme: str
    base: str
    address: str

    @property
    def oembed(self) -> str:
        """Where other sites learn how to show this card."""
        return oembed_of(self.base, self.address)


def oembed_of(base: str, address: str) -> str:
    """Return where other sites learn how to show the card of an address below a base."""
    return f"{base}/oembed?format=json&url={quote(base + address, safe='')}"


def program_card(
    look: Look,
    sources: Sources,
    rows: Rows,
    checklist: ChecklistRead,
    *,
    is_retired: bool,
    record: str,
) -> str:
    """Return the card of one program; ``record`` is its page."""
    return _render(
        look,
        "embed_program.html",
        side=Writer(language(look.lang), sources).side(rows, checklist),
        is_retired=is_retired,
        record=record,
        stamp=checklist,
    )


def short_program_card(
    look: Look, sources: Sources, item: ProgramSummary, dossier: Dossier, *, record: str
) -> str:
    """Return the card of what decides about one program; ``record`` is its page."""
    writer = Writer(language(look.lang), sources)
    return _render(
        look,
        "embed_short_program.html",
        card=short_card(writer, item),
        is_retired=dossier.program.retired_at is not None,
        record=record,
        day=dossier.day,
    )


def short_credential_card(look: Look, sources: Sources, credential: CredentialRead) -> str:
    """Return the card of a credential in a few lines: only what is known and still counts."""
    writer = Writer(language(look.lang), sources)
    told = (
        next(filter(still_counts, writer.credential_facts(credential, [field])), None)
        for field in SHORT_FIELDS
    )
    return _render(
        look,
        "embed_short_credential.html",
        credential=credential,
        status=writer.word(words.CREDENTIAL_STATUSES, credential.status).text,
        is_offered=credential.status == CredentialStatus.OFFERED,
        facts=[fact for fact in told if fact],
        record=credential_path(credential.code),
    )


SHORT_FIELDS = ("exam_fee", "first_time_pass_rate", "renewal_cycle_months", "ceu_per_cycle")
"""Fields of a credential that its short card shows, the first figure of each."""


def still_counts(fact: Fact) -> bool:
    """Return whether a fact is known, and nothing it rests on is too old."""
    return fact.is_known and not any(one.is_stale for one in fact.said)


def checklist_card(look: Look, sources: Sources, checklist: ChecklistRead, *, record: str) -> str:
    """Return the card of a checklist with every check; ``record`` is where it stands whole."""
    writer = Writer(language(look.lang), sources)
    return _render(
        look,
        "embed_checklist.html",
        name=checklist.name or "",
        school=checklist.institution or "",
        bar=writer.checklist_bar(checklist),
        summary=writer.told(checklist.summary) if checklist.summary else None,
        criteria=[writer.criterion(criterion, checklist) for criterion in checklist.criteria],
        cautions=writer.cautions(checklist),
        record=record,
        stamp=checklist,
    )


def comparison_card(
    look: Look, sources: Sources, comparison: ComparisonRead, *, record: str
) -> str:
    """Return the card of programs side by side; ``record`` is where the comparison is whole."""
    writer = Writer(language(look.lang), sources)
    return _render(
        look,
        "embed_comparison.html",
        sides=writer.sides(comparison),
        verdicts=writer.verdicts(comparison),
        record=record,
        stamp=comparison,
    )


def credential_card(look: Look, sources: Sources, credential: CredentialRead) -> str:
    """Return the card of a credential; what is disputed or too old stands on its page alone."""
    writer = Writer(language(look.lang), sources)
    rules = credential.eligibility
    routes = rules.any_of if rules else []
    return _render(
        look,
        "embed_credential.html",
        credential=credential,
        kind=writer.kind_of(credential),
        status=writer.word(words.CREDENTIAL_STATUSES, credential.status).text,
        is_offered=credential.status == CredentialStatus.OFFERED,
        summary=writer.told(credential.summary),
        routes=[writer.way(route) for route in routes if route.decides],
        is_closed=rules is not None and rules.is_closed,
        question=writer.told(rules.question) if rules and rules.question else None,
        facts=[
            fact
            for fact in writer.credential_facts(credential)
            if still_counts(fact) or not fact.is_known
        ],
        record=credential_path(credential.code),
        stamp=credential,
    )


def refusal_card(
    look: Look, *, status: int, key: str | None, kind: str, near: str | None, faults: list[Fault]
) -> str:
    """Return a page that says why there is no card.

    Args:
        look: Language and theme as far as they could be read.
        status: The status the page is sent with.
        key: The slug or code that nothing is known by, where that is the reason.
        kind: ``program``, ``checklist``, ``credential`` or ``comparison``.
        near: The nearest key that is known.
        faults: What else is wrong with the address.
    """
    parts = urlsplit(look.address)
    nearby = f"/embed/{kind}/{quote(near, safe='')}" if near else None
    if nearby and parts.query:
        nearby = f"{nearby}?{parts.query}"
    return _render(
        look,
        "embed_refusal.html",
        status=status,
        key=key,
        kind=kind,
        near=near,
        nearby=nearby,
        faults=[Writer(language(look.lang), {}).told(fault.detail) for fault in faults],
    )


def _render(look: Look, template: str, **values: Any) -> str:
    page = language(look.lang).templates.get_template(template)
    return page.render(look=look, **values)
