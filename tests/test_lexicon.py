"""The lexicon of a catalogue: made with a release, taken over by the next where nothing changed."""

from sqlmodel import Session, select

from app.search.lexicon import make_lexicon, pack_lexicon, unpack_lexicon
from app.search.reading.reader import read_text
from app.search.reading.spans import Kind, SchoolTarget
from app.store.tables.institutions import Institution
from tests.fixtures import Databases

TEXTS = ("osu health informatics", "lehigh valley coding", "comunity college of denver", "phd")


def test_a_lexicon_that_is_kept_reads_as_one_made_anew(databases: Databases) -> None:
    with Session(databases.seeded("sqlite")) as session:
        made, kept = make_lexicon(session), unpack_lexicon(pack_lexicon(session))

    for text in TEXTS:
        assert read_text(text, kept) == read_text(text, made)


def test_a_lexicon_is_made_anew_only_where_something_changed(databases: Databases) -> None:
    with Session(databases.seeded("sqlite")) as session:
        before = pack_lexicon(session)
        assert pack_lexicon(session, before) == before

        school = session.exec(select(Institution).where(Institution.unitid == 204796)).one()
        school.aliases = [*school.aliases, "Zonktech"]
        session.flush()
        after = pack_lexicon(session, before)
        session.rollback()

    (span,) = read_text("zonktech", unpack_lexicon(after)).spans
    assert span.meaning.kind == Kind.SCHOOL
    assert span.meaning.target == SchoolTarget((204796,))
