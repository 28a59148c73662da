# i18n: data (a workbook speaks Chinese in either language of the interface)
"""A unit's monthly table as a workbook, and the filled-in workbook read back with its errors marked."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext

from yanglao.kernel.accounts.actor import Actor
from yanglao.shell.sheets import Column, ImportTemplate, Problem, at
from yanglao.shell.sheets.book import open_book
from yanglao.shell.sheets.check import Reader
from yanglao.shell.sheets.declare import CheckContext
from yanglao.shell.sheets.export import ExportColumn, write_xlsx
from yanglao.shell.sheets.header import find_table
from yanglao.shell.sheets.marked import write_marked
from yanglao.shell.sheets.parsers import NumberParser, as_text
from yanglao.shell.sheets.problems import Finding
from yanglao.shell.sheets.problems import mark as _
from yanglao.steering.plans.checking import impossible
from yanglao.steering.plans.models import Target

Pair = tuple[Decimal, Decimal | None]
NOT_A_NUMBER = Problem(_("不是数"), _("“{value}”读不成一个数"), _("只填数字，不带单位和文字；没有数据的留空"))
STRANGER = Problem(
    _("不是本单位填报的目标"), _("本单位的表里没有代号“{value}”"), _("不要改动“代号”列；从填报页重新下载表格")
)
DECIMALS = Problem(_("小数位太多"), _("这一项最多 {digits} 位小数"), _("按计量单位四舍五入后填写"))
HALF = Problem(_("分子和分母要一起填"), _("只填了一个"), _("补上另一个；没有数据的两个都留空"))
IMPOSSIBLE = Problem(_("{why}"), "", _("核对后改正"))


def _number() -> NumberParser:
    def parse(value: Any) -> Decimal | Problem:
        plain = as_text(round(value, 6) if isinstance(value, float) else value)
        if isinstance(plain, Problem):
            return plain
        digits = re.sub(r"[,\s]", "", plain)
        return Decimal(digits) if re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", digits) else NOT_A_NUMBER

    return NumberParser(parse, "General")


def template() -> ImportTemplate:
    """The columns of the table; rows are told by their 代号."""
    return ImportTemplate(
        name="plans.return",
        label="月报",
        right="plans.report",
        columns=[
            Column("代号", "key", required=True, width=18),
            Column("目标", "name", width=34),
            Column("单位", "unit", width=10),
            Column("目标值", "goal", width=12),
            Column("上次上报", "before", width=14),
            Column("本月数（分子）", "above", parse=_number(), synonyms=("本月数", "数值或分子"), width=16),
            Column("分母", "below", parse=_number(), width=12),
            Column("说明", "remark", width=40),
        ],
        unique=("key",),
        commit=_no_commit,
    )


def _no_commit(batches: Iterable[Sequence[Any]], context: Any) -> None:
    raise NotImplementedError("a unit's table is read by read_sheet and saved as a draft")


def write_sheet(
    stream: BinaryIO,
    unit: str,
    month: date,
    targets: Sequence[Target],
    before: Mapping[str, Pair],
    now: Mapping[str, Pair],
    remarks: Mapping[str, str],
) -> int:
    """The table with what is known: a row per target asked of the unit."""
    columns = [ExportColumn(c.title, _kind(c.field), c.width) for c in template().columns]
    rows = [_row(target, before.get(target.key), now.get(target.key), remarks) for target in targets]
    note = f"{unit} {month:%Y年%m月} 月报：只改有变化的；没有数据的留空，不要填 0；填好后从填报页上传。"
    return write_xlsx(stream, columns, rows, title="月报", note=note)


def _kind(name: str) -> Any:
    return "number" if name in ("above", "below") else "text"


def _row(target: Target, before: Pair | None, now: Pair | None, remarks: Mapping[str, str]) -> list[Any]:
    has_parts = target.indicator.of_kind.has_denominator
    above, below = now or (None, None)
    return [
        target.key,
        target.name,
        target.unit,
        target.number,
        _words(before),
        _plain(above),
        _plain(below) if has_parts and not target.indicator.denominator else None,
        remarks.get(target.key, ""),
    ]


def _plain(number: Decimal | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _words(pair: Pair | None) -> str:
    if pair is None:
        return ""
    above, below = _plain(pair[0]), _plain(pair[1])
    return f"{above}" if below is None else f"{above}/{below}"


@dataclass
class Read:
    """What a workbook said; `marked` is the user's own file with its errors, when it has any."""

    numbers: dict[str, Pair] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    marked: bytes = b""


def read_sheet(path: Path, name: str, targets: Sequence[Target], actor: Actor) -> Read:
    """Read a unit's filled-in table. Raises FileRefused when the file as a whole cannot be read."""
    shape, known, read = template(), {target.key: target for target in targets}, Read()
    table = find_table(open_book(path, name), shape)
    reader = Reader(table, shape, CheckContext(actor, table.present, timezone.localdate()))
    for rows in reader.batches():
        for row in rows:
            reader.findings.extend(_take(row, known, read))
    if any(finding.problem.severity == "error" for finding in reader.findings):
        made = io.BytesIO()
        write_marked(made, table, shape, reader.findings, gettext)
        return Read(marked=made.getvalue())
    return read


def _take(row: Any, known: Mapping[str, Target], read: Read) -> list[Finding]:
    """Take a row over, or say what is wrong with it."""
    if row.key is None:
        return []
    target = known.get(str(row.key))
    if target is None:
        return [at(row, "key", STRANGER)._replace(value=str(row.key))]
    if row.above is None and (row.below is None or target.indicator.denominator):
        return []
    if found := _wrong(row, target):
        return found
    read.numbers[target.key] = (row.above, row.below)
    if row.remark:
        read.remarks[target.key] = str(row.remark)[:200]
    return []


def _wrong(row: Any, target: Target) -> list[Finding]:
    parts = target.indicator.of_kind.has_denominator and not target.indicator.denominator
    if parts and (row.above is None or row.below is None):
        return [at(row, "below" if row.below is None else "above", HALF)]
    digits = 0 if target.indicator.of_kind.has_denominator else target.indicator.digits
    if row.above != round(row.above, digits):
        return [at(row, "above", DECIMALS.with_params(digits=digits))]
    below = Decimal(10**12) if target.indicator.denominator else row.below if parts else None
    why = impossible(target, row.above, below)
    return [at(row, "above", IMPOSSIBLE.with_params(why=why))] if why else []
