"""Where the facts come from and how much is known, ready to be set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.domain.credentials.cells import FIELD_LABELS
from app.domain.messages import N_
from app.domain.vocabulary import ValueStatus
from app.schemas.completeness import Collection, CompletenessRead
from app.schemas.sources import SourceRead
from app.site import words
from app.site.hand_outs import to_web_address
from app.site.words import Words
from app.site.writing import Phrase, Writer
from app.store.tables.releases import Release

COLLECTIONS: Words = {
    "programs": N_("Programs: what the list and the record hold"),
    "program_claims": N_("Programs: facts that name this very program"),
    "institutions": N_("Schools that offer a program"),
    "institution_claims": N_("Schools: facts about the whole school"),
    "credentials": N_("Credentials on offer"),
}
FIELDS: Words = {
    "cip_code": N_("Field of study (CIP)"),
    "award_level": N_("Award"),
    "award_as_stated": N_("Award in the school's own words"),
    "campus": N_("Campus"),
    "url": N_("Its own page"),
    "price": N_("Tuition and fees"),
    "months": N_("Length"),
    "completions": N_("Finished it in a year"),
    "delivery": N_("Teaching"),
    "accreditation": N_("Accreditation"),
    "cost": N_("Costs"),
    "transfer": N_("Transfer of credits"),
    "practicum": N_("Practicum"),
    "topic": N_("Curriculum topics"),
    "preparation": N_("Exams it prepares for"),
    "outcome": N_("Outcomes"),
    "offering": N_("Length, place and form of teaching"),
    "service": N_("Career services"),
    "unitid": N_("Federal number (UNITID)"),
    "opeid": N_("Federal aid number (OPEID)"),
    "address": N_("Street address"),
    "city": N_("City"),
    "zip_code": N_("ZIP code"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "control": N_("Public or private"),
    "level": N_("Longest award of the school"),
    "locale_code": N_("City, suburb, town or country"),
    "website": N_("Website"),
    "admissions_url": N_("Page on admissions"),
    "financial_aid_url": N_("Page on financial aid"),
    "net_price_url": N_("Net price calculator"),
    "is_active": N_("Whether it is open"),
    **{field: FIELD_LABELS[field] for field in ("eligibility", "domains", *words.CARD_FIELDS)},
}
STATEMENTS: Words = {
    ValueStatus.REPORTED: N_("stated with a value"),
    ValueStatus.IMPUTED: N_("estimated by the source itself"),
    ValueStatus.WITHHELD: N_("withheld by the source for privacy"),
    ValueStatus.NOT_APPLICABLE: N_("stated not to apply"),
    ValueStatus.NOT_REPORTED: N_("asked for and not reported"),
    ValueStatus.PUBLISHED_WITHOUT_AMOUNT: N_("published without an amount"),
    ValueStatus.NOT_PUBLISHED: N_("stated not to be published"),
}


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source; texts that are not known say so."""

    key: str
    title: Phrase
    url: str | None
    edition: Phrase
    licence: Phrase
    retrieved: str
    rows: str


@dataclass(frozen=True, slots=True)
class Publisher:
    """Sources of one publisher."""

    name: Phrase
    sources: Sequence[SourceLine]


@dataclass(frozen=True, slots=True)
class Rate:
    """How much of one thing is known, in percent of all."""

    label: str
    known: float
    words: str


@dataclass(frozen=True, slots=True)
class Rates:
    """Fields of one kind of record."""

    title: str
    rates: Sequence[Rate]


@dataclass(frozen=True, slots=True)
class Published:
    """The state of the catalogue that is served."""

    number: int
    day: str
    note: Phrase
    scored_on: str


def publishers(writer: Writer, sources: Iterable[SourceRead]) -> list[Publisher]:
    """Return sources by publisher, the one with the most rows first."""
    by_name = sorted(sources, key=lambda source: source.publisher)
    grouped = [
        (name, list(group)) for name, group in groupby(by_name, lambda source: source.publisher)
    ]
    grouped.sort(key=lambda pair: -sum(source.row_count or 0 for source in pair[1]))
    return [
        Publisher(writer.english(name, "name"), [_line(writer, source) for source in group])
        for name, group in grouped
    ]


def _line(writer: Writer, source: SourceRead) -> SourceLine:
    unknown = Phrase(writer.speech.say(words.NOT_KNOWN))
    return SourceLine(
        source.key,
        writer.english(source.title, "title"),
        to_web_address(source.url),
        writer.english(source.edition, "title") if source.edition else unknown,
        writer.english(source.licence),
        source.retrieved_on or unknown.text,
        unknown.text if source.row_count is None else writer.speech.number(source.row_count),
    )


def attributions(writer: Writer, sources: Iterable[SourceRead]) -> list[Phrase]:
    """Return the words that licences ask for, each once."""
    asked = {source.attribution for source in sources if source.attribution}
    return [writer.english(text) for text in sorted(asked)]


def coverage(writer: Writer, report: CompletenessRead) -> Rates:
    """Return how much of each criterion is known on average."""
    say, percent = writer.speech.say, writer.speech.percent
    rates = []
    for one in report.criteria:
        if one.mean_coverage is None:
            rates.append(Rate(say(one.label), 0, say("applies to no program")))
            continue
        said = say("%(share)s known on average", share=percent(one.mean_coverage))
        rates.append(Rate(say(one.label), round(100 * one.mean_coverage, 2), said))
    return Rates(say("The checklist"), rates)


def rates_of(writer: Writer, collections: Iterable[Collection]) -> list[Rates]:
    """Return how many records know each field, the least known field last."""
    return [_rates(writer, one) for one in collections]


def _rates(writer: Writer, collection: Collection) -> Rates:
    number = writer.speech.number
    fields = sorted(collection.fields, key=lambda field: -(field.share or 0))
    return Rates(
        writer.word(COLLECTIONS, collection.name).text,
        [
            Rate(
                writer.word(FIELDS, field.field).text,
                round(100 * (field.share or 0), 2),
                writer.speech.say(
                    "%(known)s of %(total)s known",
                    known=number(field.known),
                    total=number(field.total),
                ),
            )
            for field in fields
        ],
    )


def statements(writer: Writer, counts: Mapping[ValueStatus, int]) -> list[tuple[str, str]]:
    """Return what kind of statement -> how many there are, those that occur and those withheld."""
    return [
        (writer.speech.say(STATEMENTS[status]), writer.speech.number(count))
        for status, count in counts.items()
        if count or status is ValueStatus.WITHHELD
    ]


def published(writer: Writer, release: Release | None) -> Published | None:
    """Return the newest release."""
    if release is None:
        return None
    return Published(
        release.number,
        release.published_at.date().isoformat(),
        writer.english(release.note),
        release.scored_on.isoformat(),
    )
