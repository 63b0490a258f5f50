"""Read the field's own keys as text: CIP, UNITID, OPEID, ZIP, SOC; and make slugs."""

import re
import unicodedata

_UNWRAP = re.compile(r'^=?"?\s*(.*?)\s*"?$')


def parse_cip(text: str) -> str:
    """Return a six-digit CIP code, "51.0707", from any spelling seen in public files.

    Accepts ``51.0707``, ``"51.0707"``, ``="51.0707"``, ``510707`` and codes that lost
    a leading zero (``1.0101``, ``10101``) or the last one (``51.071`` is 51.0710).

    Raises:
        ValueError: Not a six-digit code; a four-digit series ("5107", "51.07") is refused, for
            padding it would invent a program.
    """
    bare = _UNWRAP.sub(r"\1", text.strip())
    if match := re.fullmatch(r"(\d{1,2})\.(\d{2}[1-9]|\d{4})", bare):
        return f"{match[1].zfill(2)}.{match[2].ljust(4, '0')}"
    if re.fullmatch(r"\d{5,6}", bare):
        six = bare.zfill(6)
        return f"{six[:2]}.{six[2:]}"
    raise ValueError(f"{text!r} is not a six-digit CIP code")


def parse_cip_prefix(text: str) -> str:
    """Return a CIP family, series or code as the prefix of its members: "51", "51.07", "51.0707".

    Raises:
        ValueError: Neither two, four nor six digits.
    """
    bare = _UNWRAP.sub(r"\1", text.strip())
    digits = bare.replace(".", "")
    if not digits.isdigit() or len(digits) not in {2, 4, 6}:
        raise ValueError(f"{text!r} is not a CIP family, series or code")
    return digits if len(digits) == 2 else f"{digits[:2]}.{digits[2:]}"


def parse_soc(text: str) -> str:
    """Return a SOC code, "29-2072", also without its hyphen or from an O*NET-SOC code.

    The Bureau of Labor Statistics writes "292072" in the addresses of its tables, and O*NET
    "29-2072.00".

    Raises:
        ValueError: Not a SOC code.
    """
    bare = _UNWRAP.sub(r"\1", text.strip())
    if match := re.fullmatch(r"(\d\d)-?(\d{4})|(\d\d)-(\d{4})\.\d\d", bare):
        return f"{match[1] or match[3]}-{match[2] or match[4]}"
    raise ValueError(f"{text!r} is not a SOC code")


def parse_unitid(text: str) -> int:
    """Return an IPEDS UNITID, six digits, also quoted or filled with zeros to a fixed width.

    Raises:
        ValueError: Not six digits.
    """
    bare = _UNWRAP.sub(r"\1", text.strip())
    if re.fullmatch(r"0{0,4}[1-9]\d{5}", bare):
        return int(bare)
    raise ValueError(f"{text!r} is not a UNITID of six digits")


def parse_opeid(text: str) -> str | None:
    """Return an OPEID as eight digits with its leading zeros; None where none was issued ("-2").

    Raises:
        ValueError: Not digits, or more than eight.
    """
    bare = _UNWRAP.sub(r"\1", text.strip())
    if bare in {"", "-2"}:
        return None
    if re.fullmatch(r"\d{1,8}", bare):
        return bare.zfill(8)
    raise ValueError(f"{text!r} is not an OPEID of eight digits")


def opeids_meant(text: str) -> tuple[str, ...]:
    """Return the OPEIDs of eight digits that a text may stand for, the likeliest first.

    Federal files publish eight digits, or the six that name the school without its location:
    "005753" is the main campus 00575300. Both lose leading zeros in spreadsheets, so that six
    digits that begin with another may be eight or six.

    Raises:
        ValueError: Not digits, or more than eight, or a sign that none was issued.
    """
    opeid = parse_opeid(text)
    if opeid is None:
        raise ValueError(f"{text!r} stands for a school without an OPEID")
    digits = _UNWRAP.sub(r"\1", text.strip())
    if len(digits) > 6:
        return (opeid,)
    main = f"{digits.zfill(6)}00"
    return (main, opeid) if len(digits) < 6 or digits.startswith("0") else (opeid, main)


TWO_ZEROS = {"PR", "VI"}
"""States and territories of which ZIP codes begin with two zeros."""


def parse_zip(text: str, state: str | None = None) -> str:
    """Return a ZIP code of five digits, or of nine as "12345-6789".

    Spreadsheets eat the zeros that it begins with: one in the northeast, two in ``TWO_ZEROS``.

    Raises:
        ValueError: Not four, five, eight or nine digits, nor, in one of these, three or seven.
    """
    digits = _UNWRAP.sub(r"\1", text.strip()).replace("-", "")
    lost_two = state in TWO_ZEROS and re.fullmatch(r"\d{3}|\d{7}", digits)
    if not lost_two and not re.fullmatch(r"\d{4,5}|\d{8,9}", digits):
        raise ValueError(f"{text!r} is not a ZIP code")
    if len(digits) <= 5:
        return digits.zfill(5)
    nine = digits.zfill(9)
    return f"{nine[:5]}-{nine[5:]}"


def fold(text: str) -> str:
    """Return text for comparing: lower case, no accents, words parted by single spaces."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))


def to_slug(text: str) -> str:
    """Return text as a kebab-case part of an address: "St. Philip's" -> "st-philips"."""
    return fold(text).replace(" ", "-")


def to_host(address: str) -> str:
    """Return the registrable-looking host of a web address, without scheme, www. or path."""
    bare = re.sub(r"^[a-z]+://", "", address.strip().lower())
    host = re.split(r"[/?#]", bare)[0].rpartition("@")[2].split(":")[0].rstrip(".")
    return re.sub(r"^www\d?\.", "", host)


def domain_of(host: str) -> str:
    """Return what the hosts of one owner share: "x.edu", and "x.cc.us" under a country."""
    labels = host.split(".")
    return ".".join(labels[-3:] if len(labels[-1]) == 2 else labels[-2:])


def to_url(address: str) -> str | None:
    """Return a web address with its scheme; None for an empty one ("www.x.edu/" -> "https://…")."""
    bare = address.strip()
    if not bare or bare in {"-1", "-2", "-3", "."}:
        return None
    return bare if re.match(r"^https?://", bare, re.IGNORECASE) else f"https://{bare}"
