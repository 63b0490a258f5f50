"""What keeps the catalogue independent: no phrase that sells, whoever writes it."""

from app.domain.identifiers import fold

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


def find_sales_language(text: str) -> str | None:
    """Return the first refused phrase in a text, or None; case and punctuation do not matter."""
    folded = f" {fold(text)} "
    for phrase in REFUSED_PHRASES:
        if f" {fold(phrase)} " in folded:
            return phrase
    return next((title for title in REFUSED_TITLES if folded.strip() == fold(title)), None)
