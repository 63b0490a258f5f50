"""Web addresses: which may be linked, whose page one is, and nothing in it that pays somebody."""

import re
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from app.domain.messages import Message
from app.domain.text.identifiers import to_host

LONGEST_ADDRESS = 2_000
_HOST = re.compile(r"[^\W_]([\w.-]*[^\W_])?\.?|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)


def check_address(address: str) -> str:
    """Return an address that a page may link to, as it is.

    Raises:
        ValueError: It is not of the web, hides what it is, or names no host; says which.
    """
    if len(address) > LONGEST_ADDRESS:
        raise ValueError(
            Message("an address has at most %(n)s characters", n=f"{LONGEST_ADDRESS:,}")
        )
    text = address + unquote(address)
    if not text.isprintable():
        hidden = next(letter for letter in text if not letter.isprintable())
        code = f"U+{ord(hidden):04X}"
        raise ValueError(Message("it holds a character that cannot be seen, %(code)s", code=code))
    if "\\" in address:
        raise ValueError(Message("it holds a backslash"))
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(Message("it is no web address: %(why)s", why=error)) from error
    if parts.scheme not in {"http", "https"}:
        raise ValueError(Message("it begins with neither http:// nor https://"))
    if "@" in parts.netloc:
        raise ValueError(Message("it holds a user name or a password before its host"))
    if not host or not _HOST.fullmatch(host):
        raise ValueError(Message("it names no host"))
    return address


def is_address(text: str) -> bool:
    """Return whether a text is an address that a page may link to."""
    try:
        check_address(text)
    except ValueError:
        return False
    return True


_TRACKING = re.compile(
    r"""utm_\w+ | aff | aff(id|[_-]\w+) | affiliate[_-]?\w* | partner | partner[_-]?(id|code|name)
      | ref | ref[_-]?(id|src|code|url) | referr(er|al)\w* | source | lead[_-]?source
      | campaign([_-]?id)? | sub[_-]?id\d? | click[_-]?id | irclickid | irgwc
      | gclid | gbraid | wbraid | dclid | fbclid | msclkid | mc_[ce]id | hsa_\w+ | _hs\w+""",
    re.VERBOSE | re.IGNORECASE,
)
"""Names of query parameters that tell where a visitor came from or who is paid for him."""

SALES_HOSTS = frozenset(
    {
        "anrdoezrs.net",
        "avantlink.com",
        "awin1.com",
        "clickbank.net",
        "doubleclick.net",
        "dpbolvw.net",
        "evyy.net",
        "googleadservices.com",
        "jdoqocy.com",
        "kqzyfj.com",
        "linksynergy.com",
        "ojrq.net",
        "partnerize.com",
        "prf.hn",
        "pxf.io",
        "redirectingat.com",
        "shareasale.com",
        "sjv.io",
        "skimresources.com",
        "tkqlhce.com",
        "tradedoubler.com",
        "viglink.com",
    }
)
"""Hosts of advertising and affiliate networks: their addresses only forward a paid click."""


def to_web_address(address: str | None) -> str | None:
    """Return an address that is safe to link to; None for any other."""
    return address if address and is_address(address) else None


_OF_IRIS = "!#$%&'()*+,/:;=?@[]~"


def to_iri(address: str) -> str:
    """Return an address with every character escaped that may not stand in one (RFC 3986).

    >>> to_iri("https://school.example/#place=Savannah, GA")
    'https://school.example/#place=Savannah,%20GA'
    """
    return quote(address, safe=_OF_IRIS)


def strip_tracking(url: str) -> tuple[str, list[str]]:
    """Return an address without tracking parameters, and the names of those taken out.

    Everything else stays as it was written, the order and spelling of other parameters too.
    """
    parts = urlsplit(url)
    query, gone = _without_tracking(parts.query)
    fragment = parts.fragment
    if "=" in fragment:
        fragment, more = _without_tracking(fragment)
        gone += more
    if not gone:
        return url, []
    return urlunsplit(parts._replace(query=query, fragment=fragment)), gone


def _without_tracking(query: str) -> tuple[str, list[str]]:
    kept, gone = [], []
    for pair in query.split("&"):
        name = pair.split("=")[0]
        if _TRACKING.fullmatch(name):
            gone.append(name)
        else:
            kept.append(pair)
    return "&".join(kept), gone


def is_sales_link(url: str) -> bool:
    """Return whether an address is that of an advertising or affiliate network."""
    labels = (urlsplit(url).hostname or "").split(".")
    return any(".".join(labels[at:]) in SALES_HOSTS for at in range(len(labels)))


def is_same_page(one: str, other: str) -> bool:
    """Return whether two addresses lead to one page, whatever scheme, www. and fragment."""
    return _page(one) == _page(other)


def _page(url: str) -> tuple[str, str, str]:
    parts = urlsplit(strip_tracking(url)[0])
    return to_host(url), parts.path.rstrip("/"), parts.query


def to_site(address: str) -> tuple[str, str]:
    """Return host and first part of the path: ``alamo.edu/spc/`` -> ``("alamo.edu", "spc")``.

    Colleges that share a host are told apart by that part; it is empty for a whole host.
    """
    bare = re.sub(r"^[a-z]+://", "", address.strip().lower())
    path = re.split(r"[?#]", bare)[0].partition("/")[2]
    return to_host(address), path.split("/")[0]


def is_on_site(page: str, website: str) -> bool:
    """Return whether a page belongs to a website: its host or a part of it, and its path if any.

    >>> is_on_site("https://catalog.alamo.edu/spc/hit", "www.alamo.edu")
    True
    >>> is_on_site("https://alamo.edu/pac/hit", "alamo.edu/spc/")
    False
    """
    (host, first), (own_host, own_first) = to_site(page), to_site(website)
    if host == own_host:
        return bool(host) and own_first in ("", first)
    return bool(own_host) and not own_first and host.endswith(f".{own_host}")
