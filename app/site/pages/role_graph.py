"""The graph of roles as a picture: first jobs at the left, each role right of those before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from app.schemas.advancement import PathRead, RoleGraph
from app.site.pages.visits import PageContext

PATH = "/advancement-paths"

BOX = (206, 54)
"""Width and height of a role in the picture."""

GAPS = (64, 22)
"""Space between columns and between rows of the picture."""

LETTERS = 25
"""Letters that a line of a box holds."""

LINE = 18
"""From one line of a box to the next."""

Place = tuple[int, float]
"""Column and row of something in the picture."""

SWEEPS = 4
"""How often the order of the columns is bettered; more changes nothing for a graph this small."""


@dataclass(frozen=True, slots=True)
class Box:
    """A role in the picture."""

    slug: str
    label: str
    lines: Sequence[tuple[str, float]]
    address: str
    stage: str
    x: float
    y: float
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """A step in the picture, as the path of a curve."""

    path: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The graph of roles, drawn."""

    width: float
    height: float
    box: tuple[int, int]
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    alternative: str


def draw(visit: PageContext, graph: RoleGraph, chosen: str | None = None) -> Picture:
    """Return the graph drawn from left to right, the way to and from one role stressed."""
    edges = [(step.sending_role, step.receiving_role) for step in graph.steps]
    layout = lay_out([role.slug for role in graph.roles], edges)
    labels = {role.slug: _label(visit, role) for role in graph.roles}
    spots = {slug: _spot(place) for slug, place in layout.places.items()}
    arrows = [
        Arrow(
            _curve([spots[one], *map(_spot, layout.passes[one, other]), spots[other]]),
            chosen in (one, other),
        )
        for one, other in edges
    ]
    boxes = [_box(visit, role, labels[role.slug], spots[role.slug], chosen) for role in graph.roles]
    bends = [_spot(place) for places in layout.passes.values() for place in places]
    ends = [*spots.values(), *bends] or [(0.0, 0.0)]  # a catalogue without roles
    right, bottom = max(x for x, _ in ends), max(y for _, y in ends)
    listed = "; ".join(f"{labels[one]} → {labels[other]}" for one, other in edges)
    return Picture(
        width=right + BOX[0] + 4,
        height=bottom + BOX[1] + 4,
        box=BOX,
        boxes=boxes,
        arrows=sorted(arrows, key=lambda arrow: arrow.is_chosen),
        alternative=visit.speech.say("Which role leads to which: %(listed)s", listed=listed),
    )


def _label(visit: PageContext, role: PathRead) -> str:
    return visit.speech.tell(role.label) or role.label


def _box(
    visit: PageContext,
    role: PathRead,
    label: str,
    spot: tuple[float, float],
    chosen: str | None,
) -> Box:
    x, y = spot
    lines = wrap(label, LETTERS)
    first = y + BOX[1] / 2 - (len(lines) - 1) * LINE / 2
    return Box(
        slug=role.slug,
        label=label,
        lines=[(line, first + at * LINE) for at, line in enumerate(lines)],
        address=visit.to(f"{PATH}/{role.slug}"),
        stage=role.stage,
        x=x,
        y=y,
        is_chosen=role.slug == chosen,
    )


def _spot(place: Place) -> tuple[float, float]:
    """Return the upper left corner of a place."""
    column, row = place
    return 2 + column * (BOX[0] + GAPS[0]), 2 + round(row * (BOX[1] + GAPS[1]), 1)


def _curve(spots: Sequence[tuple[float, float]]) -> str:
    """Return the path of a step from the right of its first spot to the left of its last."""
    (width, height), bend = BOX, GAPS[0] / 2
    x, y = spots[0][0] + width, spots[0][1] + height / 2
    path = f"M{x:g} {y:g}"
    for left, top in spots[1:]:
        middle = top + height / 2
        path += f"C{x + bend:g} {y:g} {left - bend:g} {middle:g} {left - 2:g} {middle:g}"
        x, y = left + width, middle
        if (left, top) != spots[-1]:
            path += f"H{x:g}"
    return path


@dataclass(frozen=True, slots=True)
class Layout:
    """Where roles stand, as column and row, and where each step passes the columns between."""

    places: Mapping[str, Place]
    passes: Mapping[tuple[str, str], Sequence[Place]]


def lay_out(slugs: Sequence[str], edges: Sequence[tuple[str, str]]) -> Layout:
    """Place every role right of all that lead to it, in rows so that steps cross little.

    A step over several columns takes a row of its own in each, so it runs under no role.

    Raises:
        ValueError: The steps go round in a circle.
    """
    columns = _columns(slugs, edges)
    chains = {
        (one, other): [(one, other, at) for at in range(columns[one] + 1, columns[other])]
        for one, other in edges
    }
    rows: list[list[object]] = [[] for _ in range(max(columns.values(), default=0) + 1)]
    for slug in slugs:
        rows[columns[slug]].append(slug)
    links: list[tuple[object, object]] = []
    for (one, other), chain in chains.items():
        for bend in chain:
            rows[bend[2]].append(bend)
        whole: list[object] = [one, *chain, other]
        links += pairwise(whole)
    for sweep in range(2 * SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            _order(row, _heights(rows), links)
    heights = _heights(rows)
    return Layout(
        {slug: (columns[slug], heights[slug]) for slug in slugs},
        {edge: [(bend[2], heights[bend]) for bend in chain] for edge, chain in chains.items()},
    )


def _columns(slugs: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    columns = dict.fromkeys(slugs, 0)
    for _ in slugs:
        late = [(one, other) for one, other in edges if columns[other] <= columns[one]]
        if not late:
            return columns
        for one, other in late:
            columns[other] = columns[one] + 1
    if any(columns[other] <= columns[one] for one, other in edges):
        raise ValueError("The steps between roles go round in a circle.")
    return columns


def _heights(rows: Sequence[Sequence[object]]) -> dict[object, float]:
    """Return the row of everything, columns set about the same middle."""
    tallest = max(map(len, rows), default=0)
    return {one: at + (tallest - len(row)) / 2 for row in rows for at, one in enumerate(row)}


def _order(
    row: list[object], heights: Mapping[object, float], links: Sequence[tuple[object, object]]
) -> None:
    """Put what stands in a column at about the height of what it is linked to."""

    def middle(it: object) -> float:
        near = [heights[one] for one, other in links if other == it]
        near += [heights[other] for one, other in links if one == it]
        return sum(near) / len(near) if near else heights[it]

    row.sort(key=middle)
