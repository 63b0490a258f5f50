"""Credentials side by side, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.credentials.cells import FIELD_LABELS
from app.domain.messages import N_
from app.schemas.areas import OccupationPay
from app.schemas.credentials import CellRead, ComparedCredential, CredentialComparison
from app.site import words
from app.site.pages.pay import area_name
from app.site.pages.visits import PageContext
from app.site.writing import Citation, Phrase, Writer

SETS = (
    (N_("To work with records"), ("RHIT", "RHIA", "CAHIMS")),
    (N_("To code for hospitals or offices"), ("CCA", "CCS", "CPC", "COC")),
    (N_("To start out"), ("CCA", "CPC", "CBCS", "CEHRS")),
)
"""What people often weigh against each other, with the codes; those not on offer are left out."""

SHOWN_ROUTES, SHOWN_PAY = 3, 2


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a cell, with what it holds for and who says so."""

    value: Phrase
    note: str
    said: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its key, what it is called, and of each credential what is told; nothing: unknown."""

    key: str
    label: str
    cells: Sequence[Sequence[Told]]


class CredentialTable:
    """Puts a comparison of credentials into words."""

    def __init__(self, write: Writer, visit: PageContext, now: CredentialComparison) -> None:
        self._write, self._visit, self._now = write, visit, now
        self.credentials = now.credentials

    @property
    def rows(self) -> list[TableRow]:
        """The rows in their order; who may sit comes first, what it pays last."""
        say, compared = self._write.speech.say, self._now.credentials
        return [
            TableRow("issuer", say("Issuer"), [self._plain(one.issuer_name) for one in compared]),
            TableRow("for", say("For whom"), [self._plain(self._kind(one)) for one in compared]),
            TableRow(
                "routes", say("Who may take the exam"), [self._routes(one) for one in compared]
            ),
            *(
                TableRow(
                    row.field,
                    self._write.told(FIELD_LABELS[row.field]).text,
                    [[self._cell(cell) for cell in cells if cell.current] for cells in row.values],
                )
                for row in self._now.rows
            ),
            TableRow("pay", say("Pay of the work, a year"), [self._pay(one) for one in compared]),
        ]

    def _plain(self, text: str) -> list[Told]:
        return [Told(Phrase(text), "", ())]

    def _kind(self, one: ComparedCredential) -> str:
        level = self._write.word(words.CREDENTIAL_LEVELS, one.level).text
        return f"{level}, {self._write.word(words.CREDENTIAL_FOCUSES, one.focus).text}"

    def _routes(self, one: ComparedCredential) -> list[Told]:
        rules = one.eligibility
        ways = [route for route in rules.any_of if route.decides] if rules else []
        told = [
            Told(self._write.told(route.text), "", self._write.said([route.evidence]))
            for route in ways[:SHOWN_ROUTES]
        ]
        if len(ways) > SHOWN_ROUTES:
            more = self._write.speech.say_count(
                "and %(n)s other way", "and %(n)s other ways", len(ways) - SHOWN_ROUTES
            )
            told.append(Told(Phrase(more), "", ()))
        return told

    def _cell(self, cell: CellRead) -> Told:
        fact = self._write.cell(cell)
        note = self._write.word(words.QUALIFIERS, cell.qualifier).text if cell.qualifier else ""
        return Told(fact.value, note, fact.said)

    def _pay(self, one: ComparedCredential) -> list[Told]:
        """Return what each occupation pays, in the smallest area of which a median is known."""
        known: dict[str, list[OccupationPay]] = {}
        for pay in one.pay.occupations:
            if pay.annual_median is not None:
                known.setdefault(pay.soc_code, []).append(pay)
        return [self._median(areas) for areas in list(known.values())[:SHOWN_PAY]]

    def _median(self, areas: Sequence[OccupationPay]) -> Told:
        """Return the median of an occupation in the first area after the country, beside it."""
        say, dollars = self._write.speech.say, self._write.speech.dollars
        country, *places = areas
        nearest = places[0] if places else country
        occupation = self._write.told(nearest.occupation, "name").text
        note = f"{occupation}, {area_name(self._write, nearest.area).text}"
        if places:
            median = say(
                "median of the whole country %(amount)s", amount=dollars(country.annual_median or 0)
            )
            note = f"{note} ({median})"
        said = self._write.said(pay.evidence for pay in (nearest, country) if pay.evidence)
        return Told(Phrase(dollars(nearest.annual_median or 0)), note, said)
