"""The page of a school, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.claims import AccreditationClaim, CostClaim
from app.domain.vocabulary import AccreditationScope
from app.schemas.claims import ClaimRead
from app.schemas.institutions import InstitutionRead
from app.site import words
from app.site.hand_outs import to_web_address
from app.site.pages.cards import ProgramCard, program_card
from app.site.pages.claims import ClaimWriter
from app.site.pages.visits import Visit
from app.site.writing import Fact, Phrase, Said, Writer


@dataclass(frozen=True, slots=True)
class Price:
    """A price of the whole school: a line of a table."""

    name: str
    whom: str
    amount: str
    note: Phrase | None
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class InstitutionView:
    """What is known of a school; empty lists are of what nobody tells."""

    key: str
    name: str
    aliases: str
    place: str
    address: str
    kind: str
    links: Sequence[tuple[str, str]]
    closed: str | None
    unitid: int | None
    opeid: str | None
    directory: Sequence[Said]
    accreditations: Sequence[Fact]
    programs: Sequence[ProgramCard]
    prices: Sequence[Price]
    outcomes: Sequence[Fact]
    transfer: Sequence[Fact]
    services: Sequence[Fact]


class InstitutionPage:
    """Puts one school into words."""

    def __init__(self, visit: Visit, writer: Writer) -> None:
        self._visit = visit
        self._write = writer
        self._claims = ClaimWriter(writer)
        self._say = writer.speech.say

    def view(self, read: InstitutionRead) -> InstitutionView:
        """Return a school with what is claimed of it as a whole, and its programs."""
        claims = self._claims
        return InstitutionView(
            key=str(read.unitid or read.slug),
            name=read.name,
            aliases=", ".join(read.aliases),
            place=", ".join(part for part in (read.city, read.state) if part),
            address=", ".join(
                part for part in (read.address, read.city, read.state, read.zip_code) if part
            ),
            kind=self._kind(read),
            links=self._links(read),
            closed=self._closed(read),
            unitid=read.unitid,
            opeid=read.opeid,
            directory=self._write.said([read.evidence]),
            accreditations=claims.facts(_accreditations(read.accreditations)),
            programs=[program_card(self._write, item) for item in read.programs],
            prices=self._prices(read.costs),
            outcomes=claims.facts(one for one in read.outcomes if one.standing == "current"),
            transfer=claims.facts(one for one in read.transfer if one.standing == "current"),
            services=claims.facts(one for one in read.services if one.standing == "current"),
        )

    def _kind(self, read: InstitutionRead) -> str:
        control = self._say("Who runs the school is not known")
        if read.control:
            control = self._write.word(words.CONTROLS, read.control).text
        if read.level is None:
            return control
        level = self._write.word(words.INSTITUTION_LEVELS, read.level).text
        return self._say("%(control)s · longest awards: %(level)s", control=control, level=level)

    def _links(self, read: InstitutionRead) -> list[tuple[str, str]]:
        named = (
            (read.website, self._say("Website of the school")),
            (read.admissions_url, self._say("Admissions")),
            (read.financial_aid_url, self._say("Financial aid")),
            (read.net_price_url, self._say("Net price calculator")),
        )
        found = ((to_web_address(url), label) for url, label in named)
        return [(url, label) for url, label in found if url]

    def _closed(self, read: InstitutionRead) -> str | None:
        if read.closed_on:
            return self._say("The federal directory says it closed: %(day)s.", day=read.closed_on)
        if read.is_active is False:
            return self._say("The federal directory does not list it as active.")
        return None

    def _prices(self, costs: Iterable[ClaimRead[CostClaim]]) -> list[Price]:
        """Return the prices that lead, each amount once; those of one part stand together."""
        order = list(words.COST_PARTS)
        priced = [
            one
            for one in costs
            if one.standing == "current" and one.stated.amount_low_usd is not None
        ]
        priced.sort(key=lambda one: (order.index(one.stated.component), one.stated.unit or ""))
        return [
            Price(
                name=one.stated.label
                or self._write.word(words.COST_PARTS, one.stated.component).text,
                whom=self._write.word(words.RESIDENCIES, one.stated.residency).text
                if one.stated.residency and one.stated.residency in words.RESIDENCIES
                else self._say("for everybody"),
                amount=self._claims.price(one.stated),
                note=self._write.told(one.note) if one.note else None,
                said=self._write.said([one.evidence]),
            )
            for one in priced
        ]


def _accreditations(
    claims: Iterable[ClaimRead[AccreditationClaim]],
) -> list[ClaimRead[AccreditationClaim]]:
    """Return what is said of the accreditation of the school as a whole."""
    return [
        one
        for one in claims
        if one.stated.scope == AccreditationScope.INSTITUTION and one.standing != "superseded"
    ]
