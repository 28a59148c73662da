"""What a room may offer to the house. Each room's `room.py` has one `room = Room(…)`; the kernel collects them.

Labels are lazy translations. Callables get what they need as arguments and return plain data, so a room that
collects offers (a person's page, a desk, the board) knows nothing of the room that made them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from yanglao.kernel.accounts.actor import Actor
    from yanglao.kernel.rooms.events import Subscription

    Label = str | _StrPromise
else:
    Label = Any


@dataclass(frozen=True)
class Right:
    """Something one may do. Named `room.verb`; roles (standards/roles.yaml) hold rights."""

    name: str
    label: Label


@dataclass(frozen=True)
class MenuEntry:
    """A page in the side menu, shown to those who hold `right` anywhere. `icon` is a Tabler icon's name."""

    label: Label
    url_name: str
    right: str
    icon: str = "point"
    group: Label = ""
    order: int = 100


@dataclass(frozen=True)
class DeskItem:
    """Something that waits for the one who signed in. `late`: how many of `count` are past `due`.

    `reminder`: one thing to bear in mind, whatever its number (1,922 persons to be asked): it counts as one.
    """

    title: Label
    url: str
    count: int
    due: date | None = None
    late: int = 0
    hint: Label = ""
    order: int = 100
    reminder: bool = False

    @property
    def weight(self) -> int:
        """What it adds to the number of things that wait."""
        return min(self.count, 1) if self.reminder else self.count


@dataclass(frozen=True)
class Tile:
    """A figure for the desk, opening to its records. `parts`: (label, number, url) for small bars by division."""

    label: Label
    value: int | float | str
    unit: Label = ""
    url: str = ""
    detail: Label = ""
    parts: tuple[tuple[str, float, str], ...] = ()
    order: int = 100


@dataclass(frozen=True)
class TimelineEvent:
    """Something that a person received or that happened to him, for the timeline of his file."""

    on: date | datetime
    title: Label
    detail: Label = ""
    url: str = ""
    icon: str = "point"
    kind: str = ""


@dataclass(frozen=True)
class OpenMatter:
    """Something about a person that has to be settled after his death, before his file is closed."""

    title: Label
    url: str
    hint: Label = ""


@dataclass(frozen=True)
class PersonPanel:
    """A section of a person's page: `template` rendered with what `context(actor, person_id, as_of)` returns, as `data`.

    None from `context`: nothing to show for this person, the section is left out.
    """

    label: Label
    right: str
    template: str
    context: Callable[[Actor, int, date], Mapping[str, Any] | None]
    order: int = 100


@dataclass(frozen=True)
class PlacePanel:
    """A section of a place's page: `template` rendered with what `context(actor, place_id, as_of)` returns, as `data`.

    None from `context`: nothing to show for this place (a canteen has no beds), the section is left out.
    """

    label: Label
    right: str
    template: str
    context: Callable[[Actor, int, date], Mapping[str, Any] | None]
    order: int = 100


@dataclass(frozen=True)
class PlaceFigure:
    """A number in the head of a place's page (beds taken, staff): `value(actor, place_id, as_of)`, None to leave out."""

    label: Label
    right: str
    value: Callable[[Actor, int, date], int | str | None]
    unit: Label = ""
    order: int = 100


@dataclass(frozen=True)
class SearchHit:
    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class SearchProvider:
    """Finds things by typed text. `find(actor, text, limit)` runs inside the actor's scope."""

    label: Label
    right: str
    find: Callable[[Actor, str, int], Iterable[SearchHit]]
    order: int = 100


@dataclass(frozen=True)
class Split:
    """What a number can be told apart by (分组): ownership, sex, age. `values()` names its values, in their order;
    `count(on)` gives a number per (division code, value), the value "" where none is known."""

    label: Label
    values: Callable[[], Mapping[str, Label]]
    count: Callable[[date], Mapping[tuple[int, str], float]]


@dataclass(frozen=True)
class Measure:
    """A countable thing of a room, for indicators: at a date, by division, opening down to its records.

    `count(on)` gives a number per division code (the lowest level the room knows; upper levels are sums).
    `records(on)` gives the scoped queryset behind the number, whose column `division_path` is the division,
    and `list_url(on, division_code)` the page that lists them, or "". A measure with `splits` (dimension → Split)
    has a list that understands `&split=ownership:private`.
    """

    name: str
    label: Label
    unit: Label
    count: Callable[[date], Mapping[int, float]]
    records: Callable[[date], QuerySet[Any]] | None = None
    division_path: str = "division"
    list_url: Callable[[date, int], str] | None = None
    note: Label = ""
    splits: Mapping[str, Split] = field(default_factory=dict)


@dataclass(frozen=True)
class Fact:
    """A fact a benefit policy may name: the column `name` of its view. `source`: the register it comes from.

    `example`: what a worked example of a policy takes that does not speak of it (a fact that is never null has one,
    or every example must give it). `values`: the values a text may have with their names, asked for only when policies
    are checked; None: any text.
    """

    name: str
    type: str  # int · money · date · bool · text · division
    label: Label
    label_en: str
    nullable: bool = True
    source: Label = ""
    example: Any = None
    values: Callable[[], Mapping[str, Any]] | None = None


@dataclass(frozen=True)
class SnapshotTable:
    """A table of the benefit engine's snapshot. `columns`: name → int · date · text, in the order of `sql`.

    `sql`: plain SELECT over database tables, `{known_at}` for the cut-off moment; `changed`: SELECT of
    the keys of rows new or altered since `{since}`; `key`: the column that names a row. No names, ids or accounts.
    `stored`: the database table whose rows these are, one each at most, named by its `id` (for large tables).
    `grouped`: a text column, never null, by which fact views select: its rows of one value lie together in the snapshot.
    `of_one`: `sql` for the one person `{whom}`, where a condition put around `sql` would still go through everybody.
    """

    name: str
    key: str
    columns: Mapping[str, str]
    sql: str
    changed: str = ""
    stored: str = ""
    grouped: str = ""
    of_one: str = ""


@dataclass(frozen=True)
class FactView:
    """Facts of one kind of subject (person, stay, worker, …): a SELECT over snapshot tables.

    `shape` says what it gives: `fixed` (subject_id, facts: one row each; every subject has one such view),
    `dated` (subject_id, valid_from, valid_to, source, facts) or `monthly` (subject_id, month, facts).
    Views of all rooms with the same `subject` belong together. See benefits/README.md.
    """

    subject: str
    name: str
    label: Label
    label_en: str
    shape: str
    sql: str
    facts: tuple[Fact, ...]
    tables: tuple[SnapshotTable, ...] = ()
    functions: tuple[str, ...] = ()  # SQL functions that `sql` calls


@dataclass(frozen=True)
class CaseHandler:
    """How a room stands behind a process: `process` is the id of its file.

    `url(case)`: the page of what the case is about. `template` with `context(actor, case)`: a panel on the case's
    page. `on_done(actor, case, task, outcome, data)` runs in the transaction of each finished task, after the case
    moved on, and may raise ValidationError, which undoes it; `data` are the form's answers, sensitive ones too.
    `missing(case)`: what the room knows to be missing, lines of the one-time notice to begin with. `rating`: the name
    of the public page on which an applicant says how it went, once it has ended.
    """

    process: str
    label: Label
    subject_kind: str = ""
    url: Callable[[Any], str] | None = None
    template: str = ""
    context: Callable[[Actor, Any], Mapping[str, Any]] | None = None
    on_done: Callable[[Actor, Any, Any, str, Mapping[str, Any]], None] | None = None
    missing: Callable[[Any], Sequence[str]] | None = None
    rating: str = ""

    @property
    def name(self) -> str:
        return self.process


@dataclass(frozen=True)
class OfflineTask:
    """A piece of field work as it is taken along on a phone. `subject`: what it is about, unique within the form.

    `sheet`: the name of the questions among `OfflineForm.sheets`; `facts`: what is shown above them, label → value;
    `names`: who is expected to sign, code of the signature → name. Personal data masked, as on a page.
    `door`: a mark of what `OfflineForm.doors` would give for it, another one when that changes; "": nothing.
    `asks`: the items of the sheet that are asked, code → what the file says now (masked; "" nothing); None: all of
    them. `basis`: what the answers are held against when they come back, code → mark; the phone only carries it.
    """

    subject: str
    sheet: str
    title: str
    detail: str = ""
    due: date | None = None
    division: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    door: str = ""
    asks: Mapping[str, str] | None = None
    basis: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OfflineCall:
    """Somebody to be called: who, his number masked, and the `key` by which `OfflineForm.number` gives it in clear."""

    key: str
    label: str
    number: str


@dataclass(frozen=True)
class OfflineDoor:
    """How a person is found: his name and street address in clear, the way there in words, whom to call.

    `geo`: (longitude, latitude) of his community, never of his home.
    """

    name: str
    address: str
    way: Mapping[str, str] = field(default_factory=dict)
    calls: tuple[OfflineCall, ...] = ()
    geo: tuple[float, float] | None = None


@dataclass(frozen=True)
class OfflineRecord:
    """A form as it came from a phone. `answers`: code of the item → value; `files`: sha256 → StoredFile.

    `signatures`: {code, name, drawn (sha256 or "")}; `photos`: {sha256, item (code or ""), taken_at}. `made_at`
    is put right by the difference between the phone's clock and ours. `basis`: as the task bore it when it was begun.
    """

    uid: UUID
    subject: str
    made_at: datetime
    answers: Mapping[str, Any]
    signatures: Sequence[Mapping[str, Any]] = ()
    photos: Sequence[Mapping[str, Any]] = ()
    files: Mapping[str, Any] = field(default_factory=dict)
    basis: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OfflineAnswer:
    """What became of it. `state`: accepted · conflict · refused; `message`: in words for who filled it.

    `number`: what to call it on the receipt; `url`: where staff find it. `kept`: the room itself keeps what it did
    not accept, and has it settled on its own pages. `division`: where the matter lies, when it was no task of his.
    """

    state: str
    message: str
    number: str = ""
    url: str = ""
    kept: bool = False
    division: int | None = None


@dataclass(frozen=True)
class OfflineForm:
    """A form that may be filled without signal, by those who hold `right`. `kind` names it.

    `tasks(actor)`: what he has to do; `sheets(names)`: the questions as JSON-able data (shape: shell/offline);
    `receive(actor, record)`: takes one in, once for each `record.uid`, in the transaction that notes its arrival;
    a ValidationError or a lacking right refuses it, and what was sent is kept.

    `doors(actor, subjects)` gives the persons' addresses to a phone that does not have them yet, in the action that
    takes the work along, and records the reading; `number(actor, subject, key)` one telephone number in clear, where
    there is signal, and records it. `owed=False`: what may be done on the way; nobody waits for it to come back.
    """

    kind: str
    label: Label
    right: str
    tasks: Callable[[Actor], Iterable[OfflineTask]]
    sheets: Callable[[Iterable[str]], Mapping[str, Mapping[str, Any]]]
    receive: Callable[[Actor, OfflineRecord], OfflineAnswer]
    doors: Callable[[Actor, Sequence[str]], Mapping[str, OfflineDoor]] | None = None
    number: Callable[[Actor, str, str], str] | None = None
    owed: bool = True

    @property
    def name(self) -> str:
        return self.kind


@dataclass(frozen=True)
class Room:
    """Everything a room offers."""

    name: str
    label: Label
    rights: tuple[Right, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    public: tuple[
        MenuEntry, ...
    ] = ()  # pages open to everybody, shown before signing in and to the public's accounts
    desk: tuple[Callable[[Actor], Iterable[DeskItem]], ...] = ()
    tiles: tuple[Callable[[Actor], Iterable[Tile]], ...] = ()
    timeline: tuple[Callable[[int], Iterable[TimelineEvent]], ...] = ()
    person_panels: tuple[PersonPanel, ...] = ()
    open_matters: tuple[Callable[[int], Iterable[OpenMatter]], ...] = ()  # of a person's id
    place_panels: tuple[PlacePanel, ...] = ()
    place_figures: tuple[PlaceFigure, ...] = ()
    place_timeline: tuple[Callable[[int], Iterable[TimelineEvent]], ...] = ()  # by the place's id
    worker_panels: tuple[PersonPanel, ...] = ()  # on a worker's page: the id is the worker's
    run_panels: tuple[PersonPanel, ...] = ()  # on the page of a benefits run: the id is the run's
    worker_timeline: tuple[Callable[[int], Iterable[TimelineEvent]], ...] = ()  # by the worker's id
    free_beds: tuple[Callable[[Sequence[int]], Mapping[int, Mapping[str, int]]], ...] = ()
    """Free beds for the public place finder: place ids → id → bed type (ordinary nursing dementia) → number."""
    search: tuple[SearchProvider, ...] = ()
    measures: tuple[Measure, ...] = ()
    facts: tuple[FactView, ...] = ()
    imports: tuple[Any, ...] = ()  # shell.sheets.ImportTemplate
    packs: tuple[Any, ...] = ()  # kernel.packs.PackSection
    cases: tuple[CaseHandler, ...] = ()
    offline_forms: tuple[OfflineForm, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    verbs: Mapping[str, Label] = field(default_factory=dict)  # what the audit calls the room's actions
