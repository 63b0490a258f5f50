"""Where one works and where it leads as tables: settings, roles, and the steps between roles."""

from collections.abc import Iterator

from app.exports.release_tables import Item, Numbers, ReleaseTable, Source
from app.queries.advancement import list_paths, list_steps
from app.queries.work_settings import list_settings
from app.schemas.advancement import PathRead, RoleStepRead
from app.schemas.work_settings import WorkSettingRead


def find_settings(source: Source, _numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield the work settings in their order."""
    yield [one.model_dump(mode="json") for one in list_settings(source.session, source.day)]


def find_paths(source: Source, _numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield all roles in their order, first jobs too."""
    yield [one.model_dump(mode="json") for one in list_paths(source.session)]


def find_steps(source: Source, _numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield the steps from role to role, in the order of the roles."""
    steps = list_steps(source.session, list_paths(source.session))
    yield [one.model_dump(mode="json") for one in steps]


SETTINGS = ReleaseTable(
    name="work_settings",
    what="The kinds of workplaces: what one does there, roles, shares of employment.",
    model=WorkSettingRead,
    find=find_settings,
    key=("slug",),
    is_dated=True,
)

PATHS = ReleaseTable(
    name="advancement_paths",
    what="Roles, first jobs included: what they ask for, occupations, credentials.",
    model=PathRead,
    find=find_paths,
    key=("slug",),
    is_dated=True,
)

STEPS = ReleaseTable(
    name="advancement_steps",
    what="Steps from one role to another, with who says so.",
    model=RoleStepRead,
    find=find_steps,
    key=("sending_role", "receiving_role"),
    links={
        "sending_role": ("advancement_paths", "slug"),
        "receiving_role": ("advancement_paths", "slug"),
    },
    is_dated=True,
)
