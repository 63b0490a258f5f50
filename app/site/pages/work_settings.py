"""Work settings as pages: what is done there, for whom it is good, and how many work there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.schemas.work_settings import EmploymentShare, SettingRole, WorkSettingRead
from app.site import words
from app.site.pages.credentials import Link, address_of
from app.site.pages.visits import Visit
from app.site.writing import Phrase, Said, Writer

PATH = "/work-settings"


@dataclass(frozen=True, slots=True)
class Share:
    """A share of one occupation in the setting, 0 to 100, in one edition."""

    percent: float
    shown: str
    whose: Phrase
    period: str
    counts: str
    note: Phrase | None
    said: Sequence[Said]
    alternative: str


@dataclass(frozen=True, slots=True)
class Role:
    """A role typical of the setting."""

    label: Phrase
    address: str | None
    note: Phrase | None
    occupations: Sequence[tuple[str, Phrase]]


@dataclass(frozen=True, slots=True)
class Setting:
    """A work setting in words."""

    slug: str
    label: Phrase
    address: str
    focus: Phrase | None
    fit: Phrase | None
    also: Sequence[Phrase]
    roles: Sequence[Role]
    credentials: Sequence[Link] | None
    shares: Sequence[Share]
    remote: Sequence[Share]
    unknown: Sequence[tuple[Phrase, Phrase, str]]
    said: Sequence[Said]
    added: str

    @property
    def newest(self) -> Share | None:
        """The share of the newest edition."""
        return self.shares[0] if self.shares else None


class WorkSettingsPage:
    """Puts work settings into words for one visit."""

    def __init__(self, visit: Visit, write: Writer) -> None:
        self._visit = visit
        self._write = write
        self._say = write.speech.say

    def settings(self, found: Iterable[WorkSettingRead]) -> list[Setting]:
        """Return work settings in words, in their order."""
        return [self.setting(one) for one in found]

    def setting(self, one: WorkSettingRead) -> Setting:
        """Return one work setting in words."""
        english = self._write.english
        shares = sorted(one.employment, key=lambda share: share.period, reverse=True)
        return Setting(
            slug=one.slug,
            label=english(one.label, "name"),
            address=self._visit.to(f"{PATH}/{one.slug}"),
            focus=english(one.typical_focus) if one.typical_focus else None,
            fit=english(one.good_fit_if) if one.good_fit_if else None,
            also=[english(text) for text in one.also],
            roles=[self._role(role) for role in one.roles],
            credentials=None
            if one.credentials is None
            else [Link(Phrase(code), self._visit.to(address_of(code))) for code in one.credentials],
            shares=[self._share(share) for share in shares],
            remote=[
                Share(
                    percent=share.share_pct,
                    shown=self._percent(share.share_pct),
                    whose=english(share.population),
                    period=share.period,
                    counts="",
                    note=english(share.note) if share.note else None,
                    said=self._write.said([share.evidence]),
                    alternative=self._alternative(share.share_pct, share.population, share.period),
                )
                for share in one.remote
            ],
            unknown=[
                (self._write.told(gap.reason), self._write.told(gap.ask), self._say(gap.whom))
                for gap in one.unknown
            ],
            said=[self._write.named(one.source, None)],
            added=added_fields(self._write, one.filled),
        )

    def _percent(self, share: float) -> str:
        return self._write.speech.points(share)

    def _alternative(self, share: float, whose: str, period: str) -> str:
        return self._say(
            "%(share)s of: %(whose)s; %(period)s",
            share=self._percent(share),
            whose=whose,
            period=period,
        )

    def _share(self, share: EmploymentShare) -> Share:
        number = self._write.speech.number
        return Share(
            percent=share.share_pct,
            shown=self._percent(share.share_pct),
            whose=self._write.english(share.population),
            period=share.period,
            counts=self._say(
                "%(part)s of %(whole)s people",
                part=number(share.in_setting),
                whole=number(share.employed),
            ),
            note=self._write.english(share.note),
            said=self._write.said([share.evidence]),
            alternative=self._alternative(share.share_pct, share.population, share.period),
        )

    def _role(self, role: SettingRole) -> Role:
        label = role.label[:1].upper() + role.label[1:]
        return Role(
            label=self._write.english(label, "name"),
            address=self._visit.to(f"/advancement-paths/{role.path}") if role.path else None,
            note=self._write.english(role.note) if role.note else None,
            occupations=[
                (one.soc_code, self._write.english(one.title, "name"))
                if one.title
                else (one.soc_code, Phrase(self._say(words.NOT_KNOWN)))
                for one in role.occupations
            ],
        )


def added_fields(write: Writer, filled: Iterable[str]) -> str:
    """Return the fields that were added to what the career guide says, each once."""
    return ", ".join(dict.fromkeys(write.word(words.FILLED, name).text for name in filled))
