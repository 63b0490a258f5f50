"""The everyday words that the search knows: ``python -m tests.common_words FREQUENCY WORDS``.

FREQUENCY is ``frequency_dictionary_en_82_765.txt`` of the package symspellpy 6.10.1, words by how
often books have them (Google Books Ngrams, CC BY 3.0, that are in SCOWL); WORDS is
``/usr/share/dict/american-english`` of Debian's wamerican (SCOWL), which has names with a capital.
Spanish words are those of the application's own pages.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from app.search.reading.common import COMMON_WORDS
from app.search.reading.folding import Token, tokens_of

MOST = 15_000
SHORTEST = 3
HEAD = """\
# Everyday words of English and Spanish, folded: never taken for misspelled, nor for a name.
# Sources and maker: tests/common_words.py. Checked on 2026-11-30.
"""


def common_words(frequency: Path, words: Path) -> list[str]:
    """Return the everyday words in order."""
    small = {word for word in words.read_text().split() if word.isalpha() and word.islower()}
    ordered = (line.split()[0] for line in frequency.read_text("utf-8-sig").splitlines())
    english = [word for word in ordered if word in small and len(word) >= SHORTEST][:MOST]
    spanish: Counter[str] = Counter()
    for path in Path("app/site/locale/es").rglob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                texts = message.string if isinstance(message.string, tuple) else [message.string]
                for text in texts:
                    spanish.update(
                        token.text
                        for token, part in tokens_of_all(text or "")
                        if not part[token.start].isupper()
                    )
    return sorted(
        {*english, *(word for word in spanish if len(word) >= SHORTEST and word.isalpha())}
    )


def tokens_of_all(text: str) -> Iterator[tuple[Token, str]]:
    """Yield the tokens of a text of any length with the sentence that each is in."""
    for part in text.replace(". ", "\n").splitlines():
        yield from ((token, part) for token in tokens_of(part))


if __name__ == "__main__":
    found = common_words(*map(Path, sys.argv[1:]))
    COMMON_WORDS.write_text(HEAD + "\n".join(found) + "\n")
