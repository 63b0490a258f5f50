"""The prices of a school in the order of its page."""

from collections.abc import Iterable

from app.domain.claims import CostClaim
from app.schemas.claims import LEADING, ClaimRead
from app.site import words


def leading_prices(costs: Iterable[ClaimRead[CostClaim]]) -> list[ClaimRead[CostClaim]]:
    """Return the prices that lead, each amount once; those of one part stand together."""
    order = list(words.COST_PARTS)
    priced = [
        one for one in costs if one.standing in LEADING and one.stated.amount_low_usd is not None
    ]
    return sorted(
        priced, key=lambda one: (order.index(one.stated.component), one.stated.unit or "")
    )
