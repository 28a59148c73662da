"""Reading and checking a roster of 100,000 rows × 12 columns, against pandas and django-import-export.

Each way runs in a process of its own; time is that of the work (imports of libraries excluded), on the processor
and on the wall; ratios are of processor time, for other work may run beside. Memory is the peak resident set of
the process. One row in 33 has something wrong. pandas only reads: it finds no mistake. django-import-export (dry
run of a ModelResource) is measured on 5,000 rows, ours on the same 5,000. The last way is what a user does:
upload, check against the register, marked workbook, and the good rows written into SQLite in one transaction.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

HEADINGS = ["姓名", "公民身份号码", "性别", "出生日期", "户籍所在地", "现居住地"]
HEADINGS += ["居住状况", "经济状况", "能力等级", "联系电话", "联系人", "备注"]
LIVING = ["独居", "与配偶居住", "与子女居住", "养老机构"]
ECONOMIC = ["特困（分散供养）", "低保", "低保边缘", "一般"]
ABILITY = ["能力完好", "轻度失能", "中度失能", "重度失能", "完全失能"]
TODAY = dt.date(2026, 11, 1)
CHARACTERS = "甲乙丙丁戊己庚辛壬癸春夏秋冬梅兰竹菊松柏"
LIMIT_MIB = 500
COUNTY = 330203000000


def measure(arguments: list[str]) -> dict[str, Any]:
    """`./run bench import [rows]`; the default is 100,000."""
    rows = int(arguments[0]) if arguments else 100_000
    with tempfile.TemporaryDirectory(prefix="yanglao-bench-") as folder:
        whole, sample = Path(folder) / "roster.xlsx", Path(folder) / "sample.xlsx"
        write_roster(whole, rows)
        write_roster(sample, min(rows, 5_000))
        runs = [
            (f"ours: read, check, report ({rows:,} rows)", "ours", whole),
            (f"ours: and the marked workbook ({rows:,} rows)", "ours_marked", whole),
            (f"pandas.read_excel ({rows:,} rows)", "pandas", whole),
            (f"pandas.read_excel, engine calamine ({rows:,} rows)", "pandas_calamine", whole),
            ("ours: read, check, report (sample)", "ours", sample),
            ("django-import-export, dry run (sample)", "import_export", sample),
            (f"ours: upload, check, commit into the register ({rows:,} rows)", "register", whole),
        ]
        found = {label: one(way, path) for label, way, path in runs}
    return {"table": table(found), "notes": notes(found, rows), "size": rows}


def table(found: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "what": k,
            "processor s": round(v["cpu"], 2),
            "wall s": round(v["seconds"], 2),
            "peak MiB": v["mib"],
            "found": v["said"],
        }
        for k, v in found.items()
    ]


def notes(found: dict[str, dict[str, Any]], rows: int) -> list[str]:
    ours, _marked, pandas, calamine, ours_sample, theirs, register = found.values()
    versions = ", ".join(
        f"{p} {version(p)}" for p in ("python-calamine", "openpyxl", "pandas", "django-import-export")
    )
    return [
        f"ours / pandas.read_excel: {ours['cpu'] / pandas['cpu']:.2f} of the time, "
        f"{ours['mib'] / pandas['mib']:.2f} of the memory",
        f"ours / pandas with calamine: {ours['cpu'] / calamine['cpu']:.2f} of the time, "
        f"{ours['mib'] / calamine['mib']:.2f} of the memory",
        f"ours / django-import-export on the sample: {ours_sample['cpu'] / theirs['cpu']:.2f} of the time, "
        f"{ours_sample['mib'] / theirs['mib']:.2f} of the memory",
        f"memory of the whole import under {LIMIT_MIB} MiB: {'yes' if register['mib'] < LIMIT_MIB else 'NO'}",
        versions,
    ]


def one(way: str, path: Path) -> dict[str, Any]:
    """Run one way in a fresh process."""
    command = [sys.executable, "-m", "bench.import_roster", way, str(path)]
    folder = path.parent / way
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "yanglao.settings",
        "YANGLAO_VAR": str(folder),
        "YANGLAO_DATABASE": f"sqlite:///{folder / 'bench.sqlite3'}",
    }
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{way}: {result}", file=sys.stderr)
    return result


# --- the roster ------------------------------------------------------------------------------------------------


def write_roster(path: Path, rows: int) -> None:
    import xlsxwriter

    draw = random.Random(20261101)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("名册")
    sheet.write_row(0, 0, HEADINGS)
    for row in range(1, rows + 1):
        sheet.write_row(row, 0, person(row, draw))
    book.close()


def person(row: int, draw: random.Random) -> list[str]:
    from yanglao.kernel.identifiers import check_digit

    born = dt.date(1921, 1, 1) + dt.timedelta(days=draw.randrange(16_000))
    order = draw.randrange(1_000)
    first17 = f"390203{born:%Y%m%d}{order:03d}"
    number = first17 + check_digit(first17)
    written = draw.choice([born.isoformat(), f"{born:%Y.%m.%d}", f"{born:%Y%m%d}", f"{born:%Y/%m/%d}"])
    village = f"33020300{1 + draw.randrange(9)}{1 + draw.randrange(40):03d}"
    cells = [name(row), number, "男" if order % 2 else "女", written, village, village]
    cells += [draw.choice(LIVING), draw.choice(ECONOMIC), draw.choice(ABILITY)]
    cells += [f"139{row:08d}", name(row % 977), ""]
    spoil(cells, row)
    return cells


def name(row: int) -> str:
    return "测" + CHARACTERS[row % 20] + CHARACTERS[row // 20 % 20]


def spoil(cells: list[str], row: int) -> None:
    """The mess real rosters have, one row in 33."""
    if row % 33:
        return
    kind = row // 33 % 5
    if kind == 0:
        cells[1] = cells[1][:-1]
    elif kind == 1:
        cells[3] = "1941-02-30"
    elif kind == 2:
        cells[0] = ""
    elif kind == 3:
        cells[6] = "独自居住"
    else:
        cells[9] = "1390000"


# --- the ways --------------------------------------------------------------------------------------------------


def template() -> Any:
    from yanglao.shell.sheets import Column, ImportTemplate, date, phone, resident_id, text

    villages = {f"33020300{s}{v:03d}": s * 1000 + v for s in range(1, 10) for v in range(1, 41)}
    parsers: dict[str, dict[str, Any]] = {
        "姓名": {"parse": text(50), "required": True},
        "公民身份号码": {"parse": resident_id(lambda: TODAY), "required": True, "sensitive": True},
        "性别": {"choices": {"男": 1, "女": 2}},
        "出生日期": {"parse": date(latest=TODAY)},
        "户籍所在地": {"choices": villages},
        "现居住地": {"choices": villages},
        "居住状况": {"choices": LIVING},
        "经济状况": {"choices": ECONOMIC},
        "能力等级": {"choices": ABILITY},
        "联系电话": {"parse": phone()},
        "联系人": {},
        "备注": {},
    }
    columns = [Column(title, f"c{i}", **options) for i, (title, options) in enumerate(parsers.items())]
    return ImportTemplate("bench", "名册", "bench", columns, commit=lambda b, c: None, unique=("c9",))


def ours(path: Path, *, marked: bool = False) -> str:
    from yanglao.shell.sheets import CheckContext
    from yanglao.shell.sheets.book import open_book
    from yanglao.shell.sheets.check import read_all
    from yanglao.shell.sheets.header import find_table
    from yanglao.shell.sheets.marked import write_marked
    from yanglao.shell.sheets.report import as_data, groups, preview

    declared = template()
    table = find_table(open_book(path), declared)
    reader = read_all(table, declared, CheckContext(None, table.present, TODAY))
    as_data(groups(reader.findings, declared), declared)
    preview(table, declared)
    if marked:
        with tempfile.TemporaryFile() as stream:
            write_marked(stream, table, declared, reader.findings)
    return f"{reader.rows:,} rows, {len(reader.bad_rows()):,} bad"


def pandas(path: Path, engine: str | None = None) -> str:
    import pandas as library

    return f"{len(library.read_excel(path, dtype=str, engine=engine)):,} rows"


def import_export(path: Path) -> str:
    resource_class, formats = _peer()
    dataset = formats.XLSX().create_dataset(path.read_bytes())
    result = resource_class().import_data(dataset, dry_run=True, raise_errors=False)
    return f"{result.total_rows:,} rows, {len(result.invalid_rows):,} bad"


def _peer() -> Any:
    """A ModelResource over a table as ours, in memory."""
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "import_export"],
        DATE_INPUT_FORMATS=["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d", "%Y/%m/%d"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    )
    django.setup()
    from django.db import connection, models
    from import_export import fields, resources, widgets
    from import_export.formats import base_formats

    namespace: dict[str, Any] = {f"c{i}": models.CharField(max_length=60, blank=i > 1) for i in range(12)}
    namespace["c3"] = models.DateField(null=True)
    namespace |= {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "import_export"})}
    model = type("Peer", (models.Model,), namespace)
    with connection.schema_editor() as editor:
        editor.create_model(model)
    columns: dict[str, Any] = {
        f"c{i}": fields.Field(
            attribute=f"c{i}",
            column_name=title,
            widget=widgets.DateWidget() if i == 3 else widgets.CharWidget(),
        )
        for i, title in enumerate(HEADINGS)
    }
    options = {"model": model, "import_id_fields": ["c1"], "clean_model_instances": True}
    options["fields"] = list(columns)
    columns["Meta"] = type("Meta", (), options)
    return type("PeerResource", (resources.ModelResource,), columns), base_formats


def prepare_register() -> None:
    """An empty register with the divisions of the roster: not part of what is measured."""
    import django

    django.setup()
    from django.core.management import call_command

    from yanglao.kernel.divisions.models import Division

    call_command("migrate", verbosity=0)
    codes = [COUNTY, *(COUNTY + s * 1000 for s in range(1, 10))]
    codes += [COUNTY + s * 1000 + v for s in range(1, 10) for v in range(1, 41)]
    names = {c: f"第{c % 1_000_000}号" for c in codes}
    Division.objects.bulk_create(
        Division(code=c, name=names[c], level=3 if c == COUNTY else 4 if c % 1000 == 0 else 5) for c in codes
    )


def register(path: Path) -> str:
    from yanglao.kernel.accounts.actor import Actor
    from yanglao.kernel.scope import everything
    from yanglao.registers.people.roster import ROSTER
    from yanglao.shell.imports.flow import import_now

    with everything("a measurement"):
        done = import_now(Actor.system("bench"), ROSTER, path, division=COUNTY, good_only=True)
    counts = "、".join(f"{label} {number:,}" for label, number in done.counts.items())
    return f"{done.rows:,} rows, {done.error_rows:,} bad, {done.state}: {counts}"


WAYS = {
    "register": register,
    "ours": ours,
    "ours_marked": lambda path: ours(path, marked=True),
    "pandas": pandas,
    "pandas_calamine": lambda path: pandas(path, "calamine"),
    "import_export": import_export,
}


def main(way: str, path: str) -> None:
    if way.startswith("ours"):
        import yanglao.shell.sheets.marked  # noqa: F401 (loading the libraries is not the work)
    elif way == "register":
        prepare_register()
    elif way.startswith("pandas"):
        import pandas as library  # noqa: F401
    else:
        import import_export.resources  # noqa: F401
    begun, worked = time.perf_counter(), time.process_time()
    said = WAYS[way](Path(path))
    seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "mib": peak, "said": said}))


if __name__ == "__main__":
    main(*sys.argv[1:])
