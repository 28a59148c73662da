"""An import for the tests: organisations, one per row."""

from __future__ import annotations

from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.scope import everything
from yanglao.shell.sheets import Column, ImportTemplate, Problem, UndoRefused, at, code, text

TAKEN = Problem("单位已存在", "同一区划里已有同名单位", "核对后删去这一行")
NAMED = Problem("名称里有空格", "", "去掉空格", "warning")


def check(rows, context):
    """Against the database: one query for all rows."""
    with everything("a name is taken wherever it is"):
        names = set(Organisation.objects.values_list("name", flat=True))
    for row in rows:
        if row.name in names:
            yield at(row, "name", TAKEN)
        if row.name and " " in row.name:
            yield at(row, "name", NAMED)


def commit(batches, context):
    added = 0
    for rows in batches:
        made = [Organisation(name=r.name, kind="other", division_id=int(r.division)) for r in rows]
        Organisation.objects.bulk_create(made)
        added += len(made)
        context.progress(added)
    return {"新增": added}


def undo(context):
    with everything("whatever the import made"):
        if Organisation.objects.filter(name__contains="不能撤").exists():
            raise UndoRefused(Problem("有单位已被使用", "后来的记录引用了它", "逐条更正"))
        Organisation.objects.filter(kind="other").delete()


def make_template(**changes) -> ImportTemplate:
    options = {
        "name": "test.organisations",
        "label": "单位",
        "right": "people.import",
        "columns": [
            Column("名称", "name", required=True, parse=text(40)),
            Column("区划代码", "division", required=True, parse=code(r"\d{12}", "12 位"), synonyms=("代码",)),
            Column("联系电话", "phone", sensitive=True),
        ],
        "commit": commit,
        "check_rows": check,
        "undo": undo,
        "unique": ("name",),
        "keep_good_rows": True,
    }
    return ImportTemplate(**{**options, **changes})
