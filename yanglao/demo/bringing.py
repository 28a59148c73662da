# i18n: data (workbooks of a demo are Chinese, as those of a city are)
"""A demo's workbooks are written and imported like a city's own; what an earlier start brought in is kept."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from yanglao.kernel.rooms import house
from yanglao.kernel.scope import everything
from yanglao.shell.imports.flow import import_now
from yanglao.shell.imports.models import ImportBatch

from .stage import Stage


def bring_in(stage: Stage, template: str, rows: Iterable[Mapping[str, Any]], *, part: str = "") -> int:
    """Write a workbook (or a further `part`) and import it; gives the rows taken. RuntimeError when one is refused."""
    declared = house().imports[template]
    titles = [column.title for column in declared.columns]
    path = stage.folder / f"{stage.city.pk}-{template}{part}.csv"
    if _is_in(template, path):
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        table = csv.DictWriter(out, titles)
        table.writeheader()
        for row in rows:
            table.writerow(row)
            written += 1
    if not written:
        return 0
    batch = import_now(stage.officer, declared, path, division=stage.root)
    if batch.state != batch.State.COMMITTED:
        raise RuntimeError(
            f"{path.name}: {batch.error_rows} of {batch.rows} rows refused: {batch.report['groups'][:3]}"
        )
    return batch.rows


def _is_in(template: str, path: Path) -> bool:
    with everything("the demo asks which of its files are in"):
        committed = ImportBatch.State.COMMITTED
        return ImportBatch.objects.filter(template=template, file_name=path.name, state=committed).exists()
