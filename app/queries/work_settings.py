"""Where people of the field work."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.domain.evidence import Subject
from app.domain.messages import Message
from app.domain.text.names import Names
from app.domain.vocabulary import Basis
from app.errors import NotFoundError
from app.queries.classifications import occupation_titles
from app.queries.kept import kept
from app.schemas.pages import Evidence, aging
from app.schemas.work_settings import (
    EmploymentShare,
    OccupationRef,
    RemoteShare,
    SettingQuestion,
    SettingRole,
    SharesKnown,
    WorkSettingRead,
)
from app.store.tables.work_settings import WorkSetting


@kept(most=2)
def list_settings(session: Session, today: date) -> list[WorkSettingRead]:
    """Return every work setting, in its order."""
    listed = select(WorkSetting).where(col(WorkSetting.retired_at).is_(None))
    found = session.exec(listed.order_by(col(WorkSetting.position)))
    titles = occupation_titles(session)
    return [_to_read(setting, titles, today) for setting in found]


def shares_known(settings: Sequence[WorkSettingRead]) -> SharesKnown:
    """Return of how many settings a share of employment is known, and what these shares are of."""
    shares = [share for setting in settings for share in setting.employment]
    known, periods = sum(1 for one in settings if one.employment), {one.period for one in shares}
    occupations = {one.soc_code for one in shares}
    if not shares:
        note = Message("No share of employment is known.")
    elif TECHNICIANS in occupations:
        note = Message("Each share says which occupation and year it is for.")
    else:
        note = Message(
            "Shares are known for %(known)s of %(all)s settings, all of other occupations than the "
            "technician's (%(soc)s), from %(first)s to %(last)s. None is the technician's share.",
            known=known,
            all=len(settings),
            soc=TECHNICIANS,
            first=min(periods)[:4],
            last=max(periods)[:4],
        )
    return SharesKnown(
        settings=known,
        of=len(settings),
        occupations=sorted(occupations),
        periods=sorted(periods),
        note=note,
    )


def _to_read(setting: WorkSetting, titles: Mapping[str, str], today: date) -> WorkSettingRead:
    shown = WorkSettingRead(
        **setting.model_dump(exclude={"employment", "remote", "roles", "retired_at"}),
        roles=[_to_role(role, titles) for role in setting.roles],
        employment=[
            EmploymentShare(**_without_source(share), evidence=_evidence(share, today))
            for share in setting.employment
        ],
        remote=[
            RemoteShare(**_without_source(share), evidence=_evidence(share, today))
            for share in setting.remote
        ],
        unknown=[],
    )
    shown.unknown = _questions(shown)
    return shown


def _to_role(role: dict[str, Any], titles: Mapping[str, str]) -> SettingRole:
    return SettingRole(
        **role,
        occupations=[
            OccupationRef(
                soc_code=code,
                title=titles.get(code),
                url=f"/v1/occupations/{code}" if code in titles else None,
            )
            for code in role["soc_codes"]
        ],
        path_url=f"/v1/advancement-paths/{role['path']}" if role["path"] else None,
    )


def _questions(setting: WorkSettingRead) -> list[SettingQuestion]:
    """Return what no source tells: the technician's share above all, which no survey splits."""
    found = []
    if TECHNICIANS not in {share.soc_code for share in setting.employment}:
        found.append(
            SettingQuestion(
                field="employment",
                reason=Message(
                    "No source read says how many of %(soc)s work here.", soc=TECHNICIANS
                ),
                ask=Message("How are medical records specialists spread over industries today?"),
                whom="U.S. Bureau of Labor Statistics",
            )
        )
    if not setting.remote:
        found.append(
            SettingQuestion(
                field="remote",
                reason=Message(
                    "No source read says which share of this work is done away from the site."
                ),
                ask=Message(
                    "Which part of the week may be worked from elsewhere, and from when on?"
                ),
                whom="employers",
            )
        )
    if setting.credentials is None:
        found.append(
            SettingQuestion(
                field="credentials",
                reason=Message("No source read says which credentials are valued here."),
                ask=Message("Which credentials do you look for?"),
                whom="employers",
            )
        )
    return found


TECHNICIANS = "29-2072"
"""SOC code of medical records specialists, the technician's occupation."""


def _evidence(share: Mapping[str, Any], today: date) -> Evidence:
    return Evidence(
        source=share["source"],
        source_url=share["source_url"],
        as_of=share["period"],
        basis=share.get("basis", Basis.GOVERNMENT_DATA),
        as_stated=None,
        **aging(share["period"], Subject.OUTCOME, today),
    )


def _without_source(share: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in share.items() if k not in {"source", "source_url", "basis"}}


def get_setting(session: Session, slug: str, today: date) -> WorkSettingRead:
    """Return one work setting, by its slug or by another label it goes by.

    Raises:
        NotFoundError: There is no such setting.
    """
    settings = {setting.slug: setting for setting in list_settings(session, today)}
    names = Names(
        (),
        (
            (key, name)
            for key, one in settings.items()
            for name in (key, one.label, one.label_in_prose, one.label_in_table)
            if name
        ),
    )
    found = names.find(slug)
    if found is None:
        raise NotFoundError("work setting", slug, names=names)
    return settings[found]
