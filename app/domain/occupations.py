"""Which occupations the catalogue follows, and how their codes relate."""

ALL_OCCUPATIONS = "00-0000"
"""The row of BLS tables that stands for every occupation together."""

ADVANCEMENT_SOCS = frozenset(
    {
        "11-9111",  # Medical and Health Services Managers
        "13-1041",  # Compliance Officers
        "13-1082",  # Project Management Specialists
        "15-1211",  # Computer Systems Analysts
        "15-1299",  # Computer Occupations, All Other
        "15-2051",  # Data Scientists
        "29-2072",  # Medical Records Specialists
        "29-9021",  # Health Information Technologists and Medical Registrars
        "31-9094",  # Medical Transcriptionists
        "43-3021",  # Billing and Posting Clerks
        "43-6013",  # Medical Secretaries and Administrative Assistants
    }
)
"""Occupations one enters or moves on to from health information work."""


SUCCESSORS = {
    "11-3011": ("11-3012", "11-3013"),  # Administrative Services Managers
    "15-1121": ("15-1211",),  # Computer Systems Analysts
    "15-1122": ("15-1212",),  # Information Security Analysts
    "15-1131": ("15-1251",),  # Computer Programmers
    "15-1151": ("15-1232",),  # Computer User Support Specialists
    "29-2071": ("29-2072", "29-9021"),  # Medical Records and Health Information Technicians
}
"""Code of SOC 2010 that is no code any more -> those of SOC 2018 it became, where the catalogue
follows them: Bureau of Labor Statistics, crosswalk from the 2010 to the 2018 SOC."""


def base_onet_code(soc_code: str) -> str:
    """Return the O*NET-SOC code of a whole SOC occupation: "29-2072" -> "29-2072.00"."""
    return f"{soc_code}.00"
