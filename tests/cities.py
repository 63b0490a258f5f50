"""The cities that the application knows: ``python -m tests.cities`` writes their file anew."""

import gzip
import re
from collections import defaultdict
from statistics import median

import zipcodes

from app.search.reading.cities import CITIES
from app.search.reading.folding import spellings_of

WITHOUT_VOWEL = re.compile(r"\b(?!st\b|mt\b|ft\b)[bcdfghjklmnpqrstvwxz]{2,}\b")
"""Words that the post office shortened, such as "twp"; "St", "Mt" and "Ft" are in real use."""


def written_cities() -> str:
    """Return the lines of cities; the middle of a city is the median of its ZIP codes.

    Besides the name of the post office of a ZIP code there are others that mail may bear: townships
    and parts of cities. Those of military ZIP codes are nowhere.
    """
    points: dict[tuple[str, str], set[tuple[float, float]]] = defaultdict(set)
    zips: dict[tuple[str, str], int] = defaultdict(int)
    for entry in zipcodes.list_all():
        point = (float(entry["lat"]), float(entry["long"]))
        if point == (0, 0):
            continue
        city = (entry["city"], entry["state"])
        zips[city] += entry["zip_code_type"] != "UNIQUE"
        points[city].add(point)
        for other in entry["acceptable_cities"]:
            if not WITHOUT_VOWEL.search(other.lower()):
                points[(other, entry["state"])].add(point)
    lines = {}
    for (name, state), some in points.items():
        latitude, longitude = (round(median(p[at] for p in some), 4) for at in (0, 1))
        count = max(zips[(name, state)], 1)
        for folded in spellings_of(name):
            kept = lines.get((folded, state))
            if kept is None or kept[2] < count:
                lines[(folded, state)] = (latitude, longitude, count, name)
    alike: dict[str, int] = defaultdict(int)
    for (folded, _), (_, _, count, _) in lines.items():
        alike[folded] += count
    return "".join(
        f"{folded}\t{state}\t{latitude}\t{longitude}\t{count}\t{alike[folded]}\t{name}\n"
        for (folded, state), (latitude, longitude, count, name) in sorted(lines.items())
    )


if __name__ == "__main__":
    CITIES.write_bytes(gzip.compress(written_cities().encode(), mtime=0))
