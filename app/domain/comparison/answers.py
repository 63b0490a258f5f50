"""What schools answered, as short texts that fit into an address: ``SLUG:CHECK.FINDING,…``.

>>> write_answers({"some-college": {"refund_policy": Finding.MET}})
['some-college:refund_policy.met']
"""

from collections.abc import Iterable, Mapping

from app.domain.vocabulary import Finding

Answers = Mapping[str, Mapping[str, Finding]]
"""Program -> check -> finding."""


def parse_answers(texts: Iterable[str]) -> dict[str, dict[str, Finding]]:
    """Return program -> check -> finding; a later answer takes the place of an earlier one.

    ``unknown`` is no answer and is left out.

    Raises:
        ValueError: A text has another form, or names no finding.
    """
    answers: dict[str, dict[str, Finding]] = {}
    for text in texts:
        slug, colon, given = text.partition(":")
        if not (slug and colon and given):
            raise ValueError(f"{text[:100]!r} is not of the form program:check.finding")
        for part in given.split(","):
            check, _, name = part.partition(".")
            if name not in set(Finding):
                raise ValueError(f"{name[:100]!r} is not a finding; they are {', '.join(Finding)}")
            answers.setdefault(slug, {})[check] = Finding(name)
            if answers[slug][check] is Finding.UNKNOWN:
                del answers[slug][check]
    return {slug: settled for slug, settled in answers.items() if settled}


def write_answers(answers: Answers) -> list[str]:
    """Return one text for each program that has an answer."""
    return [
        f"{slug}:{','.join(f'{check}.{finding}' for check, finding in given.items())}"
        for slug, given in answers.items()
        if given
    ]
