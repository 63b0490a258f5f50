"""What keeps the catalogue independent: no phrase that sells, no link that pays."""

from urllib.parse import parse_qsl, urlsplit

from app.domain.messages import Message
from app.domain.text.addresses import is_sales_link
from app.domain.text.identifiers import fold, to_host

REFUSED_PHRASES = (
    "best associate degree in 6 months online",
    "medical certifications that pay well",
    "what majors make the most money",
    "medical billing and coding online schools",
    "affordable medical assistant programs online",
    "online degree in kinesiology and exercise science",
    "what does it take to become a nutritionist",
    "cheapest online biology degree accredited",
    "cheapest online doctorate in pharmacy programs",
    "best online colleges for working adults",
    "accredited medical billing and coding schools",
)
"""Phrases of paid links seen in the trade; refused wherever they stand."""

REFUSED_TITLES = (
    "online healthcare administration degree",
    "medical assistant training program",
    "online healthcare certification",
)
"""Phrases of paid links that are also ordinary words; refused as a whole title or link text."""


AFFILIATE_HOSTS = (
    "anrdoezrs.net",
    "awin1.com",
    "dpbolvw.net",
    "go.redirectingat.com",
    "jdoqocy.com",
    "kqzyfj.com",
    "linksynergy.com",
    "prf.hn",
    "pxf.io",
    "shareasale.com",
    "sjv.io",
    "tkqlhce.com",
    "viglink.com",
)
"""Hosts that only forward to a seller and count who sent the reader."""

AFFILIATE_PARAMETERS = frozenset(
    {
        *("aff", "affid", "aff_id", "affiliate", "affiliate_id", "affiliateid"),
        *("cjevent", "irclickid", "ranmid", "ransiteid"),
    }
)
"""Names in a query string that say who is paid for the visit."""


def is_affiliate_url(url: str) -> bool:
    """Return whether an address pays whoever links to it."""
    host = to_host(url)
    if any(host == known or host.endswith(f".{known}") for known in AFFILIATE_HOSTS):
        return True
    query = [(name.lower(), value.lower()) for name, value in parse_qsl(urlsplit(url).query)]
    return ("utm_medium", "affiliate") in query or any(
        name in AFFILIATE_PARAMETERS for name, _value in query
    )


def find_sales_language(text: str) -> str | None:
    """Return the first refused phrase in a text, or None; case and punctuation do not matter."""
    folded = f" {fold(text)} "
    for phrase in REFUSED_PHRASES:
        if f" {fold(phrase)} " in folded:
            return phrase
    return next((title for title in REFUSED_TITLES if folded.strip() == fold(title)), None)


def refusal_of(text: str) -> Message | None:
    """Return why a text may not enter an independent catalogue, or None."""
    is_url = text.startswith(("http://", "https://"))
    if is_url and (is_affiliate_url(text) or is_sales_link(text)):
        return Message("the address pays somebody for the visit; give the page's own address")
    if phrase := find_sales_language(text):
        return Message("sponsored text is not accepted (%(phrase)s)", phrase=repr(phrase))
    return None
