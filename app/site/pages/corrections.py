"""Reports of wrong facts ready to be set: the log, and the form with what is wrong in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.messages import N_
from app.domain.vocabulary import in_words
from app.errors import Fault
from app.schemas.corrections import CorrectionRead, CorrectionState
from app.site.hand_outs import to_web_address
from app.site.pages.visits import Visit
from app.site.words import Words
from app.site.writing import Phrase, Writer

COLLECTIONS: Words = {
    "program": N_("A program"),
    "institution": N_("A school"),
    "credential": N_("A credential"),
    "work_setting": N_("A work setting"),
    "advancement_path": N_("A role to advance to"),
    "advancement_step": N_("A step between roles"),
    "guide_entry": N_("An entry of the career guide"),
    "source": N_("A source"),
}
"""What a report can be on; the keys are those that reports take."""

PAGES: Mapping[str, str] = {
    "program": "/programs",
    "institution": "/institutions",
    "credential": "/credentials",
    "work_setting": "/work-settings",
    "advancement_path": "/advancement-paths",
}
"""What a report is on -> where its records have pages."""

STATES: Mapping[CorrectionState, str] = {
    "open": N_("Open: no editor has decided yet"),
    "accepted": N_("Accepted: it became a change"),
    "declined": N_("Declined"),
}
FIELDS = ("collection", "key", "field", "statement", "source_url", "seen_on", "website")


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report and what became of it."""

    number: int
    about: str
    key: str
    url: str | None
    field: Phrase | None
    statement: str
    page: str | None
    page_text: str
    seen_on: str | None
    reported_on: str
    state: str
    reason: Phrase | None
    decided_on: str | None
    hidden_on: str | None
    hidden_reason: Phrase | None


@dataclass(frozen=True, slots=True)
class FormView:
    """The form as filled in; ``faults`` are those of each field, ``others`` belong to none."""

    values: Mapping[str, str]
    faults: Mapping[str, Sequence[str]]
    others: Sequence[str]
    choices: Sequence[tuple[str, str]]

    @property
    def is_refused(self) -> bool:
        """Whether anything is wrong with it."""
        return bool(self.faults or self.others)


def form_view(writer: Writer, values: Mapping[str, str], faults: Iterable[Fault] = ()) -> FormView:
    """Return the form with what was typed, each fault beside its field."""
    by_field: dict[str, list[str]] = {}
    others = []
    for fault in faults:
        name = (fault.pointer or "").removeprefix("#/")
        if name in FIELDS:
            by_field.setdefault(name, []).append(fault.detail)
        else:
            others.append(fault.detail)
    choices = [(key, writer.speech.say(text)) for key, text in COLLECTIONS.items()]
    shown = {name: values.get(name, "") for name in FIELDS}
    return FormView(shown, by_field, others, choices)


def report_views(
    writer: Writer, visit: Visit, reports: Iterable[CorrectionRead]
) -> list[ReportView]:
    """Return reports in their order."""
    return [report_view(writer, visit, report) for report in reports]


def report_view(writer: Writer, visit: Visit, report: CorrectionRead) -> ReportView:
    """Return one report."""
    folder = PAGES.get(report.collection)
    return ReportView(
        number=report.id,
        about=writer.word(COLLECTIONS, report.collection).text,
        key=report.key,
        url=visit.to(f"{folder}/{report.key}") if folder else None,
        field=writer.english(in_words(report.field)) if report.field else None,
        statement=report.statement,
        page=to_web_address(report.source_url),
        page_text=report.source_url,
        seen_on=report.seen_on,
        reported_on=report.created_at.date().isoformat(),
        state=writer.speech.say(STATES[report.state]),
        reason=Phrase(report.reason) if report.reason else None,
        decided_on=report.decided_at.date().isoformat() if report.decided_at else None,
        hidden_on=report.hidden_at.date().isoformat() if report.hidden_at else None,
        hidden_reason=Phrase(report.hidden_reason) if report.hidden_reason else None,
    )
