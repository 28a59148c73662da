# i18n: data (headings and words of a workbook are Chinese in either language)
"""The ledger as a workbook: one row per estate, or per room for elderly care where an estate has several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy

from yanglao.kernel.scope import Span, contains
from yanglao.registers.estates import actions, rules
from yanglao.registers.estates.models import Estate, Milestone, Norm, Premises, Share, Stage
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
    date,
    integer,
    text,
)
from yanglao.shell.sheets import mark as _
from yanglao.shell.sheets.parsers import as_text

KNOWN = Problem(
    _("这个小区已在台账中"),
    _("这个社区已有同名的小区，登记的内容不会被导入改动"),
    _("到它的页面更正；要增加用房也在那里登记"),
)
DIFFERS = Problem(
    _("同一小区前后不一致"),
    _("同名的前一行写的是另一个{what}"),
    _("几行属于同一小区时，小区的各项要写得一样；不是同一小区请改名"),
)
ELSEWHERE = Problem(
    _("不在您的管辖区划内"), _("这个区划不属于您可以登记的范围"), _("改正区划，或请当地经办人导入")
)
NO_AREA = Problem(_("缺少用房面积"), _("写了用房位置或环节日期，没有写面积"), _("补上建筑面积"))
STAGE_ORDER = Problem(
    _("环节日期前后颠倒或有缺"),
    _("交付、验收、移交、使用要依次进行，后面的不能早于前面的"),
    _("核对各环节日期"),
)
EARLY = Problem(_("竣工日期早于规划条件日期"), _("两个日期前后颠倒"), _("核对两个日期"))
NOT_AREA = Problem(
    _("不是面积"), _("“{value}”不能读作以平方米为单位的面积"), _("只填数字，最多两位小数，如 450 或 312.5")
)
CHANGED = Problem(
    _("已经不能撤销"), _("导入之后，其中的小区或用房又有了新的登记"), _("请逐个更正；或先撤销那些后来的登记")
)
STAGE_COLUMNS = {stage: f"{stage}_on" for stage in rules.STAGES}
ESTATE_FIELDS = (
    "kind", "households", "developer", "decided_on", "land_document", "completed_on", "longitude", "latitude",
)  # fmt: skip


def area(value: Any) -> Any:
    """Square metres with at most two decimals."""
    plain = as_text(value)
    if isinstance(plain, Problem):
        return plain
    try:
        read = Decimal(plain.replace(",", "").removesuffix("㎡").removesuffix("平方米").strip())
    except ArithmeticError:
        return NOT_AREA
    fits = read.is_finite() and 0 < read < 10**7 and read == round(read, 2)
    return read if fits else NOT_AREA


def degrees(low: float, high: float) -> Any:
    def parse(value: Any) -> Any:
        try:
            read = float(value)
        except (TypeError, ValueError):
            return NOT_DEGREES
        return read if low <= read <= high else NOT_DEGREES

    return parse


NOT_DEGREES = Problem(
    _("坐标不对"), _("经度在 73 至 136 之间，纬度在 3 至 54 之间，写成小数"), _("核对坐标，或把这一格留空")
)


def _day(title: str, field: str, *synonyms: str, required: bool = False) -> Column:
    return Column(title, field, parse=date(latest=dt.date.today), synonyms=synonyms, required=required)


def dates_agree(row: Any) -> Iterable[Finding]:
    """Completion after the planning condition; stages in their order; area with premises."""
    if row.decided_on and row.completed_on and row.completed_on < row.decided_on:
        yield at(row, "completed_on", EARLY)
    days = _days(row)
    if row.area is None and (row.premises or days):
        yield at(row, "area", NO_AREA)
    reached: list[rules.Reached] = []
    for stage, day in days:
        if rules.may_reach(reached, stage, day):
            yield at(row, STAGE_COLUMNS[stage], STAGE_ORDER)
            return
        reached.append(rules.Reached(stage, day))


def _days(row: Any) -> list[tuple[str, dt.date]]:
    return [(s, day) for s, column in STAGE_COLUMNS.items() if (day := getattr(row, column)) is not None]


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterator[Finding]:
    """Against the ledger, and one estate's rows against each other."""
    spans = context.actor.spans("estates.import")
    wanted = {(row.division, row.name) for row in rows if row.division and row.name}
    known = _known(wanted)
    first: dict[tuple[int, str], Any] = {}
    for row in rows:
        key = (row.division, row.name)
        if row.division and not contains(spans, row.division):
            yield at(row, "division", ELSEWHERE)
        if key in known:
            yield at(row, "name", KNOWN)
        yield from _agree(first.setdefault(key, row), row)


def _known(wanted: set[tuple[int, str]]) -> set[tuple[int, str]]:
    found = Estate.objects.filter(name__in={name for _code, name in wanted}).order_by()
    return wanted & set(found.values_list("division_id", "name"))


def _agree(first: Any, row: Any) -> Iterator[Finding]:
    for column in COLUMNS:
        if column.field in ESTATE_FIELDS and getattr(first, column.field) != getattr(row, column.field):
            yield at(row, column.field, DIFFERS.with_params(what=column.title))


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Add the estates and their premises with the stages these have reached."""
    writing = _Writing(context)
    for rows in batches:
        for row in rows:
            writing.row(row)
        context.progress(len(rows))
    return {"小区": len(writing.estates), "用房": writing.premises}


class _Writing:
    """What one import adds; norms are read once per city."""

    def __init__(self, context: CommitContext) -> None:
        self.context = context
        self.estates: dict[tuple[int, str], Estate] = {}
        self.premises = 0
        self._norms: list[tuple[Span, list[Norm]]] = []

    def row(self, row: Any) -> None:
        key = (row.division, row.name)
        if key not in self.estates:
            fields = {f: getattr(row, f) for f in ESTATE_FIELDS}
            fields |= {
                "developer": row.developer or "",
                "land_document": row.land_document or "",
                "note": row.note or "",
            }
            named = {"division_id": row.division, "name": row.name, "source": self.context.source}
            estate = actions.prepared({**fields, **named}, self._rules(row.division))
            estate.save()
            self.estates[key] = estate
        if row.area is not None:
            self._room(self.estates[key], row)

    def _room(self, estate: Estate, row: Any) -> None:
        days = _days(row)
        premises = Premises.objects.create(
            name=row.premises or "配建用房", division_id=row.division, area=row.area, purpose=row.purpose or "",
            stage=days[-1][0] if days else "", source=self.context.source,
        )  # fmt: skip
        Share.objects.create(premises=premises, estate=estate, area=row.area)
        Milestone.objects.bulk_create(Milestone(premises=premises, stage=s, on=day) for s, day in days)
        self.premises += 1

    def _rules(self, code: int) -> list[Norm]:
        for span, norms in self._norms:
            if code in span:
                return norms
        norms = actions.norms_of(code)
        if norms:
            self._norms.append((Span.of(norms[0].division_id), norms))
        return norms


def undo(context: UndoContext) -> None:
    """Take the estates and premises of the import away. Raises UndoRefused when something hangs on them since."""
    estates = Estate.objects.filter(source=context.source)
    premises = Premises.objects.filter(source=context.source)
    foreign = Share.objects.filter(Q(estate__in=estates) ^ Q(premises__in=premises))
    signed = Milestone.objects.filter(premises__in=premises).exclude(department="")
    if foreign.exists() or signed.exists() or estates.filter(remedies__isnull=False).exists():
        raise UndoRefused(CHANGED)
    premises.delete()
    estates.delete()


COLUMNS = [
    Column(
        "小区名称", "name", parse=text(80), required=True, synonyms=("小区", "项目名称"), example="海曙花园"
    ),
    Column(
        "所在区划",
        "division",
        parse=division,
        required=True,
        synonyms=("区划", "所属社区"),
        example="海曙区 南门街道 万安社区",
    ),
    Column(
        "类型",
        "kind",
        choices={str(label): value for value, label in (("new", "新建小区"), ("existing", "已建成小区"))},
        required=True,
    ),
    Column(
        "户数",
        "households",
        parse=integer(1, 100_000),
        required=True,
        synonyms=("规划户数", "总户数"),
        example="1500",
    ),
    Column("建设单位", "developer", parse=text(120), synonyms=("开发单位", "开发商")),
    _day("规划条件日期", "decided_on", "规划条件出具日期", "土地出让日期", required=True),
    Column(
        "土地出让合同或规划文件号", "land_document", parse=text(80), synonyms=("土地出让合同号", "规划文件号")
    ),
    _day("竣工日期", "completed_on", "竣工验收日期"),
    Column("经度", "longitude", parse=degrees(73, 136)),
    Column("纬度", "latitude", parse=degrees(3, 54)),
    Column("用房位置", "premises", parse=text(80), synonyms=("养老用房位置",), example="3号楼一层"),
    Column("建筑面积（㎡）", "area", parse=area, synonyms=("用房面积", "建筑面积"), example="450"),
    Column("用途", "purpose", parse=text(80)),
    *(_day(f"{Stage(stage).label}日期", column) for stage, column in STAGE_COLUMNS.items()),
    Column("备注", "note", parse=text(200)),
]

LEDGER = ImportTemplate(
    name="estates.ledger",
    label=gettext_lazy("配建台账"),  # type: ignore[arg-type]
    right="estates.import",
    columns=COLUMNS,
    row_checks=(dates_agree,),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    max_rows=50_000,
    instructions=(
        _("一个小区有几处用房时写几行，小区的各项写得一样。"),
        _("应配建面积由系统按本市标准计算，不用填。"),
    ),
    description=_("登记小区、配建用房和各环节日期"),
)
