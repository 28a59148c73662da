# i18n: data (headings and words of a workbook are Chinese in either language)
"""The list of certificates 从业人员证书: of workers who are on file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.rooms import publish
from yanglao.registers.people.rules import names
from yanglao.registers.workforce import kinds
from yanglao.registers.workforce.checks import looks_like_id
from yanglao.registers.workforce.events import WorkersImported
from yanglao.registers.workforce.models import Certificate
from yanglao.registers.workforce.recording import certificate_until, project_many
from yanglao.registers.workforce.sheets import known, taking_back
from yanglao.registers.workforce.sheets.columns import (
    ID_NUMBER,
    LEVELS,
    NAME,
    certificate_labels,
    day,
    level,
    worded,
)
from yanglao.registers.workforce.sheets.staff_checks import ID_AS_NUMBER, OTHER_NAME, TAKEN
from yanglao.shell.sheets import (
    CheckContext,
    Column,
    CommitContext,
    Finding,
    ImportTemplate,
    Problem,
    UndoContext,
    at,
    text,
)
from yanglao.shell.sheets import mark as _

ADDED, SAME = _("登记证书"), _("没有变化")
NOBODY = Problem(
    _("没有这个人的档案"),
    _("按身份证号没有找到您管理范围内的从业人员"),
    _("先导入从业人员名册，或核对身份证号"),
)
NEEDS_LEVEL = Problem(_("缺少证书等级"), _("这种证书分等级"), _("补上证书等级"))
NO_LEVELS = Problem(_("这种证书不分等级"), _("等级一列应当留空"), _("删去等级"))
ENDS_EARLY = Problem(_("有效期早于发证日期"), _("两个日期前后颠倒"), _("核对发证日期和有效期"))


def agrees(row: Any) -> Iterable[Finding]:
    """One row by itself."""
    kind = kinds.certificates().get(row.kind or "")
    if kind is not None and kind.levels and row.level not in kind.levels:
        yield at(row, "level", NEEDS_LEVEL)
    if kind is not None and not kind.levels and row.level is not None:
        yield at(row, "level", NO_LEVELS)
    if row.issued_on and row.expires_on and row.expires_on < row.issued_on:
        yield at(row, "expires_on", ENDS_EARLY)
    if row.number is not None and looks_like_id(row.number):
        yield at(row, "number", ID_AS_NUMBER)


def check_rows(rows: Sequence[Any], context: CheckContext) -> Iterable[Finding]:
    """Findings for a batch; see ImportTemplate.check_rows."""
    found, numbers = known.read(rows), known.numbers(rows)
    for row in rows:
        worker = found.of(row)
        if row.id_number is not None and (worker is None or not context.actor.can(known.RIGHT, worker)):
            yield at(row, "id_number", NOBODY)
            continue
        if worker is not None and row.name is not None and names.pinyin(row.name) != worker.pinyin:
            yield at(row, "name", OTHER_NAME)
        holder = numbers.get((row.kind or "", row.number or ""))
        if holder is not None and worker is not None and holder != worker.pk:
            yield at(row, "number", TAKEN)


def commit(batches: Iterable[Sequence[Any]], context: CommitContext) -> Mapping[str, int]:
    """Write all rows; see ImportTemplate.commit."""
    counts: Counter[str] = Counter({ADDED: 0, SAME: 0})
    now, done = timezone.now(), 0
    for rows in batches:
        found = known.read(rows, lock=True)
        made = [one for row in rows if (one := _fresh(row, found, context.source)) is not None]
        for one in made:
            one.recorded_at = now
        Certificate._base_manager.bulk_create(made, batch_size=500)
        for chunk in in_chunks(sorted({one.worker_id for one in made})):
            project_many(chunk)
        counts.update({ADDED: len(made), SAME: len(rows) - len(made)})
        done += len(rows)
        context.progress(done)
    publish(WorkersImported(context.source))
    return dict(counts)


def _fresh(row: Any, found: known.Known, source: str) -> Certificate | None:
    """The certificate of a row; None when it is on file."""
    worker = found.of(row)
    assert worker is not None
    held = found.certificates[worker.pk]
    if any(_same(one, row) for one in held):
        return None
    fresh = Certificate(
        worker=worker,
        kind=row.kind,
        level=row.level,
        number=row.number or "",
        issuer=row.issuer or "",
        issued_on=row.issued_on,
        expires_on=certificate_until(row.kind, row.issued_on, row.expires_on),
        source=source,
    )
    held.append(fresh)
    return fresh


def _same(one: Certificate, row: Any) -> bool:
    if one.kind != row.kind:
        return False
    if row.number and one.number:
        return bool(one.number == row.number)
    return bool((one.level, one.issued_on) == (row.level, row.issued_on))


def undo(context: UndoContext) -> None:
    """Take the import back; see ImportTemplate.undo. Raises UndoRefused."""
    taking_back.certificates(context.source)


CERTIFICATES = ImportTemplate(
    name="workforce.certificates",
    label=gettext_lazy("从业人员证书"),  # type: ignore[arg-type]
    right="workforce.import",
    columns=[
        NAME,
        ID_NUMBER,
        Column(
            "证书",
            "kind",
            parse=worded(certificate_labels, kinds.certificate_words),
            choices=lambda: list(certificate_labels().values()),
            required=True,
            synonyms=("证书名称", "证书类型", "证书种类"),
        ),
        Column("等级", "level", parse=level, choices=list(LEVELS), synonyms=("证书等级", "技能等级")),
        Column("证书编号", "number", parse=text(40), synonyms=("证书号", "编号")),
        Column("发证单位", "issuer", parse=text(80), synonyms=("发证机关", "颁发单位", "评价机构")),
        day("发证日期", "issued_on", "发证时间", "取证日期", "颁发日期", required=True),
        day("有效期至", "expires_on", "有效期", "到期日期", "失效日期", past=False, note=_("长期有效的不填")),
    ],
    row_checks=(agrees,),
    unique=(("kind", "number"),),
    check_rows=check_rows,
    commit=commit,
    undo=undo,
    keep_good_rows=True,
    own=True,
    max_rows=100_000,
    instructions=(
        _("按公民身份号码识别已有档案的从业人员；没有档案的，先导入从业人员名册。"),
        _("已经登记过的证书不会重复登记。没有写有效期的，按这类证书的一般有效期计算。"),
    ),
    description=_("登记从业人员的证书"),
)
