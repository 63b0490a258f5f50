"""Migrations build the tables the models describe, on both engines, and go down and up again."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from app.database import migrate, migration_config
from app.models.credentials import CredentialRule
from app.models.work_settings import WorkSetting
from tests.making import GOVERNMENT, add_program, add_sources, publish


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
