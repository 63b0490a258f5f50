"""What renewing credentials costs, in sentences."""

from app.domain.messages import N_
from app.schemas.renewal import RenewalFee, YearlyPartRead
from app.site import words
from app.site.writing import Writer

FEES = {
    ("renewal", "cycle"): N_("Renewal, each cycle, for %(who)s: %(amount)s"),
    ("renewal", "year"): N_("Renewal, each year, for %(who)s: %(amount)s"),
    ("membership", "cycle"): N_("Dues, each cycle, for %(who)s: %(amount)s"),
    ("membership", "year"): N_("Dues, each year, for %(who)s: %(amount)s"),
}
"""What a fee covers and how often it is paid -> sentence."""

PARTS = {
    "renewal": N_("%(issuer)s, renewal: %(amount)s"),
    "membership": N_("%(issuer)s, dues: %(amount)s"),
}


def fee_sentence(write: Writer, fee: RenewalFee) -> str:
    """Return what a fee is for, who pays it and how much it is."""
    say, dollars = write.speech.say, write.speech.dollars
    amount = (
        dollars(fee.usd)
        if fee.usd is not None
        else say("at least %(amount)s; a part is not known", amount=dollars(fee.at_least_usd))
    )
    return say(FEES[fee.covers, fee.per], amount=amount, who=say(words.PAYERS[fee.who]))


def part_sentence(write: Writer, part: YearlyPartRead) -> str:
    """Return a known part of the yearly sum."""
    amount = write.speech.dollars(part.usd)
    return write.speech.say(PARTS[part.covers], issuer=part.issuer, amount=amount)
