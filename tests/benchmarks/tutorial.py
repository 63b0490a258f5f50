"""FastAPI and SQLModel as their tutorials do it, over the same programs with good indexes."""

import os
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query
from sqlmodel import Field, Session, SQLModel, col, create_engine, func, select

engine = create_engine(
    f"sqlite:///{os.environ['PEERS']}", connect_args={"check_same_thread": False}
)
app = FastAPI()


class Program(SQLModel, table=True):
    """One row of the peers' table."""

    id: int = Field(primary_key=True)
    slug: str
    name: str
    institution_name: str
    city: str | None
    state: str
    control: str | None
    cip_code: str | None
    award_level: str | None
    accreditation: str | None
    practicum: str | None
    tuition_and_fees_cents: int | None
    months_low: float | None
    completions: int | None
    score_low: float
    score_high: float
    coverage: float


class Programs(SQLModel):
    """A page."""

    items: list[Program]
    total: int


def get_session() -> Iterator[Session]:
    """Open a session for a request."""
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


@app.get("/programs")
def list_programs(
    session: SessionDep,
    state: str | None = None,
    q: str | None = None,
    sort: str = "institution_name",
    offset: int = 0,
    limit: Annotated[int, Query(le=100)] = 20,
) -> Programs:
    where = []
    if state:
        where.append(Program.state == state)
    where += [
        col(Program.name).icontains(word)
        | col(Program.institution_name).icontains(word)
        | col(Program.city).icontains(word)
        | col(Program.state).icontains(word)
        for word in (q or "").split()
    ]
    order = (
        [col(Program.score_low).desc(), col(Program.slug).desc()]
        if sort == "-score"
        else [col(Program.institution_name), col(Program.name), col(Program.slug)]
    )
    items = session.exec(
        select(Program).where(*where).order_by(*order).offset(offset).limit(limit)
    ).all()
    total = session.exec(select(func.count()).select_from(Program).where(*where)).one()
    return Programs(items=list(items), total=total)


@app.get("/facets")
def count_facets(session: SessionDep, state: str) -> dict[str, dict[str, int]]:
    counts = {}
    for name in ("control", "award_level", "cip_code", "accreditation"):
        column = getattr(Program, name)
        rows = session.exec(
            select(column, func.count()).where(Program.state == state).group_by(column)
        ).all()
        counts[name] = {str(value): count for value, count in rows}
    return counts


@app.get("/compare")
def compare(session: SessionDep, slug: Annotated[list[str], Query()]) -> list[Program]:
    return list(session.exec(select(Program).where(col(Program.slug).in_(slug))).all())


@app.get("/programs/{slug}")
def get_program(session: SessionDep, slug: str) -> Program:
    program = session.exec(select(Program).where(Program.slug == slug)).first()
    if program is None:
        raise HTTPException(404)
    return program
