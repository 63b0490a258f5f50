"""Programs that a score compares with: those of the same field and award."""

from app.domain.messages import N_

ORDER_NOTE = N_(
    "A score tells how much can be verified before enrolling, and compares only within one kind of "
    "program: the same field and award. Each item tells its place among its peers."
)
"""What is to be said of an order by score."""
