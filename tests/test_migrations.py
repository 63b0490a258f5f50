"""Migrations build the tables the models describe, on both engines, and go down and up again."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command, op
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from app.settings import MIGRATIONS
from app.store.database import is_migrated, migrate, migrating, migration_config
from app.store.tables.credentials import CredentialRule
from app.store.tables.fields import closed_lists
from app.store.tables.work_settings import WorkSetting
from app.store.widening import widen
from tests.making import GOVERNMENT, accredited, add_program, add_sources, publish


def drop_everything(engine: Engine) -> None:
    """Leave the database as an installer finds it."""
    SQLModel.metadata.drop_all(engine)


def test_migrations_build_the_tables_the_models_describe(engine: Engine) -> None:
    drop_everything(engine)

    migrate(engine)

    command.check(migration_config(engine))


def test_migrating_twice_does_nothing(engine: Engine) -> None:
    drop_everything(engine)
    migrate(engine)

    migrate(engine)

    assert "program" in sa.inspect(engine).get_table_names()


def test_down_to_nothing_and_up_again_works(engine: Engine) -> None:
    drop_everything(engine)
    migrate(engine)

    command.downgrade(migration_config(engine), "base")
    left = set(sa.inspect(engine).get_table_names())
    migrate(engine)

    assert left <= {"alembic_version"}
    command.check(migration_config(engine))


def test_tables_of_a_newer_version_are_used_as_they_are(engine: Engine) -> None:
    drop_everything(engine)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'of tomorrow'"))

    migrate(engine)

    assert is_migrated(engine)


SINCE = "0029"
"""The first migration that servers of the version before stand, while one replaces another."""

TAKES_AWAY = {"drop_column", "drop_table", "rename_table", "new_column_name"}


def test_migrations_take_nothing_away_that_servers_of_the_version_before_read() -> None:
    for path in (MIGRATIONS / "versions").glob("*.py"):
        if path.name < SINCE:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        [up] = [one for one in tree.body if getattr(one, "name", "") == "upgrade"]
        used = {getattr(node, "attr", getattr(node, "arg", None)) for node in ast.walk(up)}
        assert not used & TAKES_AWAY, path


def test_data_of_every_earlier_version_is_kept_on_the_way_up(engine: Engine) -> None:
    drop_everything(engine)
    migrate(engine)
    with Session(engine) as session:
        add_program(session, "kept", completions={"2023-24": 3})
        publish(session)
    steps = ScriptDirectory.from_config(migration_config(engine))
    first = steps.get_base()
    assert first is not None

    command.downgrade(migration_config(engine), first)
    migrate(engine)

    with engine.connect() as connection:
        slugs = connection.execute(sa.text("SELECT slug FROM program")).scalars().all()
        counts = connection.execute(sa.text("SELECT count FROM completion")).scalars().all()
    assert (slugs, counts) == (["kept"], [3])


def test_decision_orders_in_other_terms_are_taken_out_and_routes_stay(engine: Engine) -> None:
    drop_everything(engine)
    migrate(engine)
    route = {"route": "1", "all_of": [], "decides": True}
    new = [{"when": {"award_fits": ["listed"]}, "answer": "yes"}, {"when": {}, "answer": "no"}]
    old = [{"when": {"cahiim": "accredited"}, "answer": "yes"}]
    with Session(engine) as session:
        add_sources(session)
        for subject, order in (("OLD", old), ("NEW", new)):
            rules = {"any_of": [route], "decision_order": order}
            session.add(
                CredentialRule(kind="eligibility", subject=subject, rules=rules, source=GOVERNMENT)
            )
        session.commit()

    command.downgrade(migration_config(engine), "0002")
    migrate(engine)

    with Session(engine) as session:
        rules = {rule.subject: rule.rules for rule in session.exec(select(CredentialRule))}
    assert rules == {
        "OLD": {"any_of": [route]},
        "NEW": {"any_of": [route], "decision_order": new},
    }


def test_roles_of_settings_that_were_words_keep_their_words(engine: Engine) -> None:
    drop_everything(engine)
    migrate(engine)
    role = {"label": "coder", "soc_codes": ["29-2072"], "path": None, "note": None}
    with Session(engine) as session:
        add_sources(session)
        session.add(
            WorkSetting(
                slug="clinic",
                position=1,
                label="Clinic",
                roles=[role],
                source=GOVERNMENT,
                basis="editorial",
            )
        )
        session.commit()

    command.downgrade(migration_config(engine), "0006")
    with engine.connect() as connection:
        words = connection.execute(sa.text("SELECT roles FROM work_setting")).scalar_one()
    migrate(engine)

    assert words in (["coder"], '["coder"]')
    with Session(engine) as session:
        [setting] = session.exec(select(WorkSetting))
        assert setting.roles == [{**role, "soc_codes": []}]
        assert (setting.credentials, setting.remote) == (None, [])


def test_there_is_one_head() -> None:
    versions = Path("migrations/versions")

    assert list(versions.glob("*.py")), "run from the project's folder"
    heads = ScriptDirectory("migrations").get_heads()
    assert len(heads) == 1


def checks_of(engine: Engine) -> dict[str, str]:
    """Return table and CHECK -> what it asks for, as the database has it."""
    inspector = sa.inspect(engine)
    return {
        f"{table}.{check['name']}": " ".join(check["sqltext"].split())
        for table in SQLModel.metadata.tables
        for check in inspector.get_check_constraints(table)
    }


def test_migrated_tables_check_what_the_models_check(engine: Engine) -> None:
    """On a failure: a migration is missing, or ``widen(table, column)`` in one."""
    drop_everything(engine)
    SQLModel.metadata.create_all(engine)
    wanted = checks_of(engine)
    drop_everything(engine)
    migrate(engine)

    found = checks_of(engine)

    assert len(wanted) >= 60
    assert found == wanted


def test_every_closed_list_can_be_widened_with_nothing_else_changed(engine: Engine) -> None:
    drop_everything(engine)
    migrate(engine)
    with Session(engine) as session:
        add_program(session, "kept", completions={"2023-24": 3}, claims=[accredited()])
        publish(session)
    before = checks_of(engine), rows_of(engine)
    lists = [
        (table.name, column)
        for table in SQLModel.metadata.sorted_tables
        for column in closed_lists(table)
    ]

    with altering(engine):
        for table, column in lists:
            narrow(table, column)
    narrowed = checks_of(engine)
    with altering(engine):
        for table, column in lists:
            widen(table, column)

    assert len(lists) >= 50
    for table, column in lists:
        key = f"{table}.ck_{table}_{column}_known"
        assert narrowed[key] != before[0][key]
    assert (checks_of(engine), rows_of(engine)) == before
    command.check(migration_config(engine))


def narrow(table: str, column: str) -> None:
    """Leave a closed list as it was before it grew: with what no row holds any more."""
    name = op.f(f"ck_{table}_{column}_known")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(f"{column} <> 'not yet thought of'"))


@contextmanager
def altering(engine: Engine) -> Iterator[None]:
    """Let ``op`` work on a database, as it does inside a migration."""
    with migrating(engine) as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        with Operations.context(context):
            yield


def rows_of(engine: Engine) -> dict[str, list[str]]:
    """Return table -> its rows, sorted."""
    with engine.connect() as connection:
        return {
            table.name: sorted(repr(row) for row in connection.execute(sa.select(table)))
            for table in SQLModel.metadata.sorted_tables
        }
