"""An edition as an Excel workbook."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _

from yanglao.shell.sheets.export import ExportColumn, write_xlsx

from .difference import who_text
from .reading import Listing


def workbook(found: Listing, types: dict[str, object]) -> bytes:
    """One row per item, as published."""
    titles = (
        _("序号"),
        _("类别"),
        _("项目"),
        _("对象"),
        _("标准"),
        _("怎么办"),
        _("责任单位"),
        _("依据"),
        _("说明"),
    )
    columns = [ExportColumn(str(title), "integer" if at == 0 else "text") for at, title in enumerate(titles)]
    rows = [
        [
            number,
            str(types[item.type]),
            str(item.title),
            who_text(item),
            str(item.standard.words),
            str(item.how),
            str(item.unit),
            "；".join(str(paper) for paper in item.legal),
            " ".join(filter(None, (_("待核实") if item.tentative else "", item.note))),
        ]
        for number, item in enumerate(found.items, 1)
    ]
    out = io.BytesIO()
    write_xlsx(out, columns, rows, title=str(found)[:31])
    return out.getvalue()
