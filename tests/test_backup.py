"""Backups on both engines: whole while others write, and refused when not as written."""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel
from typer.testing import CliRunner

from app.errors import BackupError
from app.ops import backup as module
from app.ops import cli
from app.ops.backup import find_program, hash_path, restore_backup, write_backup
from app.settings import get_settings
from app.store.database import make_engine, migrate, migration_config, write_session
from app.store.tables.sources import Source
from tests.fixtures import Databases
from tests.making import add_program, price, publish

Rows = dict[str, list[str]]


@pytest.fixture
def catalogue(engine: Engine) -> Engine:
    """A database with a release in it, on each engine."""
    command.stamp(migration_config(engine), "head")
    with Session(engine) as session:
        add_program(session, "one", claims=[price("tuition", 900)], completions={"2023-24": 3})
        add_program(session, "two", school="other")
        publish(session)
    return engine


@pytest.fixture
def other(engine: Engine, databases: Databases) -> Iterator[Engine]:
    """A second database of the same kind, with every table and no row."""
    with databases.empty(engine.dialect.name) as other:
        yield other


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "catalogue.backup"


def rows_of(engine: Engine) -> Rows:
    """Return table -> its rows, sorted, with the version of the tables."""
    rows: Rows = {}
    with engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            rows[table.name] = sorted(repr(row) for row in connection.execute(sa.select(table)))
        if sa.inspect(connection).has_table("alembic_version"):
            version = connection.execute(sa.text("SELECT version_num FROM alembic_version"))
            rows["alembic_version"] = [repr(row) for row in version]
    return rows


def file_of(engine: Engine) -> Path:
    """Return the file of an SQLite database."""
    return Path(str(engine.url.database))


def sign(file: Path) -> None:
    """Write the hash of a file beside it, as if it had been written so."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    hash_path(file).write_text(f"{digest}  {file.name}\n")


def spoil_a_page(path: Path) -> None:
    """Overwrite the first page of a table of an SQLite file with noise."""
    with closing(sqlite3.connect(path)) as connection:
        found = "SELECT rootpage FROM sqlite_master WHERE name = 'program'"
        page = int(connection.execute(found).fetchone()[0])
        size = int(connection.execute("PRAGMA page_size").fetchone()[0])
    with path.open("r+b") as raw:
        raw.seek((page - 1) * size)
        raw.write(b"\xff" * size)


def test_a_restored_backup_has_the_same_rows_in_every_table(
    catalogue: Engine, other: Engine, file: Path
) -> None:
    write_backup(catalogue, file)

    contents = restore_backup(other, file)

    assert rows_of(other) == rows_of(catalogue)
    assert (contents.release, contents.programs, contents.institutions) == (1, 2, 2)
    with Session(other) as session:  # keys go on where they stood
        added = add_program(session, "three", school="third")
        session.commit()
        assert added.id == 3


def test_a_backup_restores_to_where_no_database_is(tmp_path: Path, file: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/first.db")
    migrate(engine)
    write_backup(engine, file)
    fresh = make_engine(f"sqlite:///{tmp_path}/new/fresh.db")

    contents = restore_backup(fresh, file)

    assert (contents.release, contents.programs) == (None, 0)
    assert rows_of(fresh) == rows_of(engine)
    engine.dispose()
    fresh.dispose()


def test_a_backup_is_one_file_and_its_hash_and_leaves_nothing_else(
    catalogue: Engine, file: Path
) -> None:
    file.write_bytes(b"an older backup")

    written = write_backup(catalogue, file)

    assert sorted(f.name for f in file.parent.iterdir()) == [file.name, f"{file.name}.sha256"]
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert hash_path(file).read_text() == f"{digest}  {file.name}\n"
    assert (written.sha256, written.size) == (digest, file.stat().st_size)


def test_a_backup_holds_one_state_while_others_write(
    catalogue: Engine, other: Engine, file: Path
) -> None:
    stop, pairs = threading.Event(), 0
    failures: list[BaseException] = []

    def write_pairs() -> None:
        nonlocal pairs
        try:
            while not stop.is_set():
                with write_session(catalogue) as session:
                    for half in ("left", "right"):
                        session.add(source(f"{half}-{pairs}"))
                        session.flush()
                pairs += 1
        except BaseException as error:
            failures.append(error)

    writer = threading.Thread(target=write_pairs)
    writer.start()
    while pairs < 3 and writer.is_alive():
        time.sleep(0.001)
    before = pairs
    write_backup(catalogue, file)
    while pairs < before + 1 and writer.is_alive():
        time.sleep(0.001)
    stop.set()
    writer.join()

    restore_backup(other, file)

    assert failures == []
    keys = sa.select(SQLModel.metadata.tables["source"].c.key)
    with other.connect() as connection:
        found = set(connection.execute(keys).scalars())
    left = {key.removeprefix("left-") for key in found if key.startswith("left-")}
    right = {key.removeprefix("right-") for key in found if key.startswith("right-")}
    assert left == right
    assert len(left) >= before


def source(key: str) -> Source:
    return Source(key=key, title="t", publisher="p", licence="l", basis="editorial")


def test_a_catalogue_with_a_release_is_written_over_only_by_force(
    catalogue: Engine, file: Path
) -> None:
    write_backup(catalogue, file)
    kept = rows_of(catalogue)
    with Session(catalogue) as session:
        add_program(session, "later", school="third")
        session.commit()
    later = rows_of(catalogue)

    with pytest.raises(BackupError, match=r"holds release 1 already.*--force"):
        restore_backup(catalogue, file)
    refused = rows_of(catalogue)
    restore_backup(catalogue, file, force=True)

    assert refused == later
    assert rows_of(catalogue) == kept


def test_a_backup_of_an_older_version_is_upgraded(
    catalogue: Engine, other: Engine, file: Path
) -> None:
    config = migration_config(catalogue)
    first = ScriptDirectory.from_config(config).get_base()
    command.downgrade(config, str(first))
    write_backup(catalogue, file)
    command.upgrade(config, "head")

    restore_backup(other, file)  # its tables are those of the newest version

    assert rows_of(other) == rows_of(catalogue)
    command.check(migration_config(other))


def test_a_backup_of_a_newer_version_is_refused(
    catalogue: Engine, other: Engine, file: Path
) -> None:
    with catalogue.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'x999'"))
    write_backup(catalogue, file)
    before = rows_of(other)

    with pytest.raises(BackupError, match=r"newer version of hit-compare \(tables at x999\)"):
        restore_backup(other, file)

    assert rows_of(other) == before


def damaged(file: Path) -> str:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    return "not as it was written"


def truncated(file: Path) -> str:
    file.write_bytes(file.read_bytes()[:-100])
    return "not as it was written"


def truncated_and_signed(file: Path) -> str:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    sign(file)
    return "damaged|pg_restore failed"


def with_another_hash(file: Path) -> str:
    hash_path(file).write_text("0" * 64)
    return "not as it was written"


def with_words_for_a_hash(file: Path) -> str:
    hash_path(file).write_text("to be done\n")
    return "holds no SHA-256"


def without_a_hash(file: Path) -> str:
    hash_path(file).unlink()
    return "sha256 is missing"


def of_no_kind(file: Path) -> str:
    file.write_text("Notes on backups.\n")
    sign(file)
    return "is no backup"


def of_another_kind(file: Path) -> str:
    is_sqlite = file.read_bytes().startswith(b"SQLite")
    file.write_bytes(b"PGDMP\1\16" if is_sqlite else b"SQLite format 3\0")
    sign(file)
    return r"backup of (SQLite|PostgreSQL), the database is (SQLite|PostgreSQL)"


def gone(file: Path) -> str:
    file.unlink()
    return "no such file"


@pytest.mark.parametrize(
    "spoil",
    [
        damaged,
        truncated,
        truncated_and_signed,
        with_another_hash,
        with_words_for_a_hash,
        without_a_hash,
        of_no_kind,
        of_another_kind,
        gone,
    ],
    ids=lambda spoil: spoil.__name__,
)
def test_what_is_not_as_written_is_refused_and_nothing_changes(
    catalogue: Engine, file: Path, spoil: Any
) -> None:
    write_backup(catalogue, file)
    message = spoil(file)
    before = rows_of(catalogue)

    with pytest.raises(BackupError, match=message):
        restore_backup(catalogue, file, force=True)

    assert rows_of(catalogue) == before


def test_a_database_of_somebody_else_is_no_backup_of_a_catalogue(
    catalogue: Engine, other: Engine, file: Path
) -> None:
    write_foreign_backup(other, file)
    before = rows_of(catalogue)

    with pytest.raises(BackupError, match="holds no catalogue"):
        restore_backup(catalogue, file, force=True)

    assert rows_of(catalogue) == before


def write_foreign_backup(engine: Engine, file: Path) -> None:
    """Write the tables without their version, as other software would keep its own."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        file.write_bytes(file_of(engine).read_bytes())
    else:
        module.run_program("pg_dump", engine.url, "--format=custom", f"--file={file}")
    sign(file)


def test_a_database_without_a_catalogue_is_not_backed_up(engine: Engine, file: Path) -> None:
    with pytest.raises(BackupError, match="no catalogue"):
        write_backup(engine, file)

    assert list(file.parent.iterdir()) == []


def test_the_database_is_not_written_over_by_its_own_backup(
    databases: Databases,
) -> None:
    with databases.empty("sqlite") as engine:
        command.stamp(migration_config(engine), "head")
        before = rows_of(engine)

        with pytest.raises(BackupError, match="the database itself"):
            write_backup(engine, file_of(engine))

        assert rows_of(engine) == before


def test_a_backup_of_a_damaged_database_leaves_the_older_one(
    databases: Databases, file: Path
) -> None:
    with databases.empty("sqlite") as engine:
        command.stamp(migration_config(engine), "head")
        write_backup(engine, file)
        older = file.read_bytes()
        engine.dispose()
        spoil_a_page(file_of(engine))

        with pytest.raises(BackupError, match="damaged"):
            write_backup(engine, file)

    assert file.read_bytes() == older
    assert sorted(f.name for f in file.parent.iterdir()) == [file.name, f"{file.name}.sha256"]


def test_a_damaged_file_with_a_right_hash_is_refused_by_its_content(
    databases: Databases, file: Path
) -> None:
    with databases.empty("sqlite") as engine:
        command.stamp(migration_config(engine), "head")
        write_backup(engine, file)
        spoil_a_page(file)
        sign(file)
        before = rows_of(engine)

        with pytest.raises(BackupError, match="damaged"):
            restore_backup(engine, file)

        assert rows_of(engine) == before


def test_a_reader_keeps_its_state_and_the_next_sees_the_restored_one(
    databases: Databases, file: Path
) -> None:
    count = "SELECT count(*) FROM source"
    with databases.empty("sqlite") as engine:
        command.stamp(migration_config(engine), "head")
        write_backup(engine, file)
        with Session(engine) as session:
            session.add(source("later"))
            session.commit()
        with closing(sqlite3.connect(file_of(engine), isolation_level=None)) as reader:
            reader.execute("BEGIN")
            before = reader.execute(count).fetchone()[0]

            restore_backup(engine, file)

            during = reader.execute(count).fetchone()[0]
            reader.execute("COMMIT")
            after = reader.execute(count).fetchone()[0]

    assert (before, during, after) == (1, 1, 0)


def test_a_missing_program_is_named_with_where_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module, "INSTALLED", tmp_path)

    with pytest.raises(BackupError, match=r"pg_dump is not installed.*postgresql-client"):
        find_program("pg_dump")


def test_the_newest_of_several_installed_programs_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module, "INSTALLED", tmp_path)
    for version in ("9.6", "15", "8"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "pg_dump").touch()

    assert find_program("pg_dump") == str(tmp_path / "15" / "bin" / "pg_dump")


def test_a_password_is_kept_out_of_the_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "$@ and $PGPASSWORD" >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    url = sa.make_url("postgresql+psycopg://hit:a%2Fsecret@db:5433/catalogue?sslmode=require")

    with pytest.raises(BackupError) as failure:
        module.run_program("pg_dump", url, "--format=custom")

    assert str(failure.value) == (
        "pg_dump failed: --format=custom "
        "--dbname=postgresql://hit@db:5433/catalogue?sslmode=require and a/secret"
    )


def test_the_commands_tell_what_they_did_and_why_they_refuse(
    catalogue: Engine, other: Engine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = CliRunner()

    def run(engine: Engine, *arguments: str) -> Any:
        monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
        get_settings.cache_clear()
        result = runner.invoke(cli.cli, list(arguments))
        get_settings.cache_clear()
        return result

    written = run(catalogue, "backup", str(file))
    restored = run(other, "restore", str(file))
    refused = run(other, "restore", str(file))
    forced = run(other, "restore", "--force", str(file))

    assert written.exit_code == restored.exit_code == forced.exit_code == 0, written.output
    assert f"SHA-256 {hash_path(file).read_text()[:64]}" in written.output
    assert "Restored: release 1 of 2026-11-24, 2 programs, 2 institutions" in restored.output
    assert refused.exit_code == 1
    assert "holds release 1 already" in refused.output
    assert "Nothing was changed." in refused.output
    assert rows_of(other) == rows_of(catalogue)
