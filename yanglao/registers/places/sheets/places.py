# i18n: data (headings and words of a workbook are Chinese in either language)
"""The workbooks of places: institutions (养老机构) and community facilities (社区养老服务设施), under the national headings."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext_lazy

from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.kernel.scope.spans import Level, ancestor
from yanglao.registers.people.rules import names
from yanglao.registers.places.events import PlacesImported
from yanglao.registers.places.kinds import FactKind, facts, kinds
from yanglao.registers.places.models import Contract, Membership, Operator, Place, PlaceFact, Premises, Price
from yanglao.registers.places.recording import Contents, project
from yanglao.registers.places.rules import distance_km
from yanglao.registers.places.sheets import cells, known
from yanglao.registers.places.sheets.writing import LATER, Word, Writing, take_back_facts
from yanglao.shell.imports.cells import division
from yanglao.shell.sheets import (
    CheckContext,
    Column,
    CommitContext,
    Finding,
    ImportTemplate,
    Problem,
    UndoContext,
    UndoRefused,
    at,
    credit_code,
    phone,
    text,
)
from yanglao.shell.sheets import mark as _

SAME_CODE = Problem(
    _("统一社会信用代码已有档案"),
    _("这个代码已用于“{other}”"),
    _("同一机构改了名的，先在档案中更正名称再导入；确是同一法人的另一站点的，不用改"),
    "warning",
)
SAME_POINT = Problem(
    _("坐标与已有档案几乎相同"),
    _("相距不到30米处已有同类的“{other}”"),
    _("可能是同一处：核对名称，确是两处的不用改"),
    "warning",
)
OTHER_KIND = Problem(
    _("类别与档案不同"), _("档案中是“{other}”"), _("按档案保留；确需改类别的在档案中更正"), "warning"
)
BEDS_BELOW = Problem(_("护理型床位多于床位总数"), _("护理型床位是床位总数的一部分"), _("核对两个数"))
HALF_POINT = Problem(_("坐标不全"), _("经度和纬度只填了一个"), _("两个都填，或都不填"))
NO_OWNER = Problem(_("缺少产权单位"), _("填了服务场所权属，没有填产权单位"), _("补上产权单位"))
FEW_BEDS = Problem(
    _("床位不足10张"),
    _("养老机构的床位数应在10张以上"),
    _("核对床位数；不足10张的按社区养老服务设施导入"),
    "warning",
)
NEAR_KM = 0.03
ADDED, CHANGED, SAME = _("新建档案"), _("补充新情况"), _("没有变化")
FILLED = ("address", "phone", "contact", "contact_phone", "hours", "uscc", "longitude", "latitude")


def _fact_column(kind: FactKind) -> list[Column]:
    choices = [v.label for v in kind.values.values()] or (["是", "否"] if kind.form == "flag" else None)
    note = "可写几项，用顿号隔开" if kind.many else "没有的填“无”" if kind.form == "document" else ""
    made = [
        Column(kind.title, kind.fact, parse=cells.fact(kind), choices=choices, synonyms=kind.also, note=note)
    ]
    if kind.has_paper and kind.group in ("licence", "insurance", "honour", "medical"):
        made.append(cells.day(f"{kind.label}有效期至", f"{kind.fact}_until", future=True))
    return made


def _columns(wanted: Sequence[str]) -> list[Column]:
    return [
        Column(
            "名称", "name", parse=text(120), required=True, synonyms=("机构名称", "设施名称", "单位名称"),
            example="海曙区安心养老院",
        ),
        Column(
            "机构类别",
            "kind",
            parse=cells.kind_words(),
            required=True,
            choices=[kind.label for kind in kinds().values()],
            synonyms=("类别", "设施类型", "设施类别", "机构类型"),
        ),
        Column(
            "所在区划",
            "division",
            parse=division,
            required=True,
            synonyms=("行政区划", "所属区划", "区划"),
            note=_("区划代码，或“区县 街道 社区（村）”"),
            example="海曙区 南门街道 万安社区",
        ),
        Column("住所", "address", parse=text(200), synonyms=("地址", "详细地址", "机构地址")),
        Column(
            "法人登记号码（统一社会信用代码）",
            "uscc",
            parse=credit_code(),
            synonyms=("统一社会信用代码", "法人登记号码"),
            note=_("18 位，请把这一列设为文本格式"),
        ),
        Column("经度", "longitude", parse=cells.degrees(73, 136)),
        Column("纬度", "latitude", parse=cells.degrees(3, 54)),
        Column("层级", "tier", choices={str(label): value for value, label in Place.Tier.choices}),
        Column("联系方式", "phone", parse=phone(), synonyms=("联系电话", "服务电话", "电话")),
        Column("联系人", "contact", parse=text(50)),
        Column("联系人电话", "contact_phone", parse=phone(), sensitive=True, synonyms=("负责人电话",)),
        Column("开放时间", "hours", parse=text(100), synonyms=("服务时间",)),
        Column("运营单位", "operator", parse=text(120), synonyms=("运营方", "运营机构", "承办单位")),
        cells.day("开业时间", "opened_on", "启用日期", "投入使用时间", note=_("不填按情况日期")),
        cells.day("情况日期", "since", "统计日期", note=_("以下情况从哪天起；不填按导入当天")),
        *(column for name in wanted for column in _fact_column(facts()[name])),
        Column(
            "服务场所权属", "tenure", choices={str(label): value for value, label in Premises.Tenure.choices},
            synonyms=("服务场所性质", "场所性质"),
        ),
        Column("产权单位", "owner", parse=text(120), synonyms=("产权人",)),
        cells.day("租期至", "lease_end", "租赁到期日", future=True),
        Column("备注", "note", parse=text(200)),
    ]  # fmt: skip


def agrees(row: Any) -> Iterable[Finding]:
    """Cells of a row against each other."""
    beds, nursing = _amount(row, "approved_beds"), _amount(row, "nursing_beds")
    if beds is not None and nursing is not None and nursing > beds:
        yield at(row, "nursing_beds", BEDS_BELOW)
    if (row.longitude is None) != (row.latitude is None):
        yield at(row, "latitude" if row.latitude is None else "longitude", HALF_POINT)
    if row.tenure is not None and row.owner is None:
        yield at(row, "owner", NO_OWNER)
    if beds is not None and row.kind in kinds() and kinds()[row.kind].files and beds < 10:
        yield at(row, "approved_beds", FEW_BEDS)


def _amount(row: Any, name: str) -> int | None:
    said = getattr(row, name, None)
    return said[0].amount if isinstance(said, tuple) and said else None


class _Existing:
    """Places a batch of rows may be the same as."""

    def __init__(self, rows: Sequence[Any], *, lock: bool = False) -> None:
        self.by_name: dict[tuple[int, str], Place] = {}
        self.by_code: dict[str, Place] = {}
        spans = {ancestor(row.division, Level.STREET) for row in rows if row.division}
        with everything("one file per place, wherever it is kept"):
            found = Place.objects.filter(name__in={r.name for r in rows if r.name}).order_by("id")
            for place in found.select_for_update() if lock else found:
                self.by_name[place.division_id, place.name] = place
            codes = {r.uscc for r in rows if r.uscc}
            for place in Place.objects.filter(uscc__in=codes).order_by("id"):
                self.by_code.setdefault(place.uscc, place)
            self.near = [] if lock else self._around(spans)

    @staticmethod
    def _around(streets: Iterable[int]) -> list[Place]:
        found: list[Place] = []
        for street in sorted(streets):
            inside = Place.objects.filter(division__gte=street, division__lte=street + 999)
            found += inside.filter(longitude__isnull=False).order_by("latitude", "id")
        return found

    def of(self, row: Any) -> Place | None:
        return self.by_name.get((row.division, row.name))

    def beside(self, row: Any) -> Place | None:
        """Another place of the kind at the very same point."""
        if row.longitude is None or row.latitude is None:
            return None
        here = (row.longitude, row.latitude)
        return next(
            (
                p
                for p in self.near
                if p.kind == row.kind
                and p.name != row.name
                and abs((p.latitude or 0) - row.latitude) < 0.001
                and distance_km(here, (p.longitude or 0, p.latitude or 0)) < NEAR_KM
            ),
            None,
        )


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterator[Finding]:
    """Against the register: rights, doubles by credit code and by point."""
    existing = _Existing(rows)
    for row in rows:
        if row.division is not None and not context.actor.can("places.import", row.division):
            yield at(row, "division", known.NOT_YOURS)
        place = existing.of(row)
        if place is not None and row.kind and place.kind != row.kind:
            yield at(row, "kind", OTHER_KIND.with_params(other=str(kinds()[place.kind])))
        if place is None and row.uscc in existing.by_code:
            yield at(row, "uscc", SAME_CODE.with_params(other=existing.by_code[row.uscc].name))
        beside = existing.beside(row) if place is None else None
        if beside is not None:
            yield at(row, "longitude", SAME_POINT.with_params(other=beside.name))


def words(row: Any, today: dt.date, *, new: bool) -> list[Word]:
    """What a row says, fact by fact. A new place of which nothing else is said is open since it began."""
    since = row.since or today
    found: list[Word] = []
    for name, kind in facts().items():
        said = getattr(row, name, None)
        if said is None:
            continue
        until = getattr(row, f"{name}_until", None)
        contents = () if said == cells.NOT else tuple(_until(one, until) for one in said)
        if contents or not new:
            found.append(Word(kind.fact, contents, since))
    states = [w for w in found if w.kind == "state"]
    if new:
        begins = row.opened_on or since
        found = [w for w in found if w.kind != "state"]
        found += _course(states[0].said[0].value if states else "open", begins, since)
    return found


def _course(state: str, begins: dt.date, since: dt.date) -> list[Word]:
    """A new place that is suspended or closed today was open before."""
    if state in ("suspended", "closed") and begins < since:
        return [Word("state", (Contents("open"),), begins), Word("state", (Contents(state),), since)]
    return [Word("state", (Contents(state),), begins if state == "open" else since)]


def _until(said: Contents, until: dt.date | None) -> Contents:
    if until is None:
        return said
    return Contents(said.value, said.amount, said.number, said.issuer, until, said.insured)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """New places with their facts, new facts of known ones; see ImportTemplate.commit."""
    counts: Counter[str] = Counter({ADDED: 0, CHANGED: 0, SAME: 0})
    done = 0
    for rows in batches:
        with everything("the places an import writes"):
            counts.update(_batch(rows, context))
        done += len(rows)
        context.progress(done)
    publish(PlacesImported(context.source, counts[ADDED], counts[CHANGED]))
    return dict(counts)


def _batch(rows: Sequence[Any], context: CommitContext) -> Counter[str]:
    existing = _Existing(rows, lock=True)
    writing = Writing(context.actor, context.source)
    operators = _operators(rows, context)
    counts: Counter[str] = Counter()
    for row in rows:
        operator = operators.get(row.operator) if row.operator else None
        place = existing.of(row)
        if place is None:
            place = _new(row, operator, context)
            writing.new(place, words(row, context.today, new=True), context.today)
            _premises(place, row, context)
            counts[ADDED] += 1
        else:
            news = writing.known(place, words(row, context.today, new=False))
            news |= _filled(place, row, operator) | _premises(place, row, context)
            project(place)
            counts[CHANGED if news else SAME] += 1
    writing.flush()
    return counts


def _new(row: Any, operator: Operator | None, context: CommitContext) -> Place:
    filled = {name: getattr(row, name) for name in FILLED if getattr(row, name) is not None}
    return Place(
        name=row.name,
        pinyin=names.pinyin(row.name),
        initials=names.initials(row.name),
        kind=row.kind,
        tier=row.tier or kinds()[row.kind].tier,
        division_id=row.division,
        operator=operator,
        note=row.note or "",
        source=context.source,
        **filled,
    )


def _filled(place: Place, row: Any, operator: Operator | None) -> bool:
    """What a file lacks is taken from the row; what it has stays."""
    missing = {name: getattr(row, name) for name in FILLED if getattr(row, name) and not getattr(place, name)}
    if operator is not None and place.operator_id is None:
        missing["operator"] = operator
    for name, value in missing.items():
        setattr(place, name, value)
    return bool(missing)


def _premises(place: Place, row: Any, context: CommitContext) -> bool:
    if row.tenure is None or row.owner is None:
        return False
    same = Premises.objects.filter(place=place, owner=row.owner, tenure=row.tenure, valid_to=None)
    if same.exists():
        return False
    Premises.objects.create(
        place=place,
        owner=row.owner,
        tenure=row.tenure,
        lease_end=row.lease_end,
        valid_from=row.opened_on or row.since or context.today,
        source=context.source,
    )
    if place.next_expiry is None or (row.lease_end and row.lease_end < place.next_expiry):
        place.next_expiry = row.lease_end or place.next_expiry
        place.save(update_fields=["next_expiry"])
    return True


def _operators(rows: Sequence[Any], context: CommitContext) -> dict[str, Operator]:
    """The operators rows name; one that has no file yet gets one where its first site lies."""
    found = known.operators((row.operator for row in rows if row.operator), context.actor)
    for row in rows:
        if row.operator and row.operator not in found:
            found[row.operator], _made = Operator.objects.get_or_create(
                name=row.operator,
                division_id=row.division,
                defaults={"pinyin": names.pinyin(row.operator), "source": context.source},
            )
    return found


def undo(context: UndoContext) -> None:
    """Take the import back: new files go, facts of known places stand as before it. Raises UndoRefused."""
    with everything("an import is taken back whole"):
        added = list(Place.objects.filter(source=context.source).select_for_update().order_by("id"))
        ids = [place.pk for place in added]
        later = {p for model in (PlaceFact, Price, Premises) for p in _others(model, ids, context.source)}
        later |= set(Contract.objects.filter(place__in=ids).order_by("id").values_list("place_id", flat=True))
        later |= set(
            Membership.objects.filter(member__in=ids).order_by("id").values_list("member_id", flat=True)
        )
        if later:
            raise UndoRefused(LATER.with_params(number=len(later)))
        Premises.objects.filter(source=context.source).delete()
        try:
            for place in added:
                place.delete()
        except (ProtectedError, RestrictedError):  # another room has something that hangs on it
            raise UndoRefused(LATER.with_params(number=1)) from None
        take_back_facts(context.source)
        Operator.objects.filter(source=context.source, places=None, contracts=None).delete()


def _others(model: Any, ids: list[int], source: str) -> set[int]:
    rows = model.objects.filter(place__in=ids).exclude(source=source).order_by("id")
    return set(rows.values_list("place_id", flat=True))


def _template(name: str, label: Any, wanted: Sequence[str], description: str) -> ImportTemplate:
    return ImportTemplate(
        name=f"places.{name}",
        label=label,
        right="places.import",
        columns=_columns(wanted),
        row_checks=(agrees,),
        unique=(("division", "name"),),
        check_rows=check_rows,
        commit=commit,
        undo=undo,
        keep_good_rows=True,
        max_rows=20_000,
        instructions=(
            _("按名称和所在区划识别：已有档案的，把新情况记为新的事实，原有记录都保留；没有档案的新建。"),
            _("空着的格子不改变任何已有内容；填“否”或“无”表示不再具备。"),
            _("街道导入的证照、床位等情况，经区县确认后计入统计和公示。"),
        ),
        description=description,
    )


COMMUNITY = (
    "state", "ownership", "operation_mode", "sponsor", "setting", "day_beds", "seats", "approved_beds", "nursing_beds",
    "building_area", "food_licence", "fire_approval", "liability_insurance", "has_kitchen", "sunshine_kitchen",
    "food_grade", "standard_canteen", "neighbour_services", "college_site", "party", "smart", "centre_grade",
    "demonstration",
)  # fmt: skip
INSTITUTIONS = _template(
    "institutions",
    gettext_lazy("养老机构"),
    tuple(facts()),
    _("按机构名册新建养老机构档案或补充新情况"),
)
FACILITIES = _template(
    "facilities",
    gettext_lazy("社区养老服务设施"),
    COMMUNITY,
    _("按设施名册新建居家养老服务中心、站、食堂、互助点等档案或补充新情况"),
)
