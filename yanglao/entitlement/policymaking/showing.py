"""A study's sums in words, with charts, and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.queries import reason_text, schema, title_of, unit_of
from yanglao.entitlement.benefits.rules.book import check_texts
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.policymaking.models import Study
from yanglao.entitlement.policymaking.mortality import mortality
from yanglao.entitlement.policymaking.studies import COUNTS
from yanglao.kernel.divisions.models import Division
from yanglao.registers.people.kinds import kinds
from yanglao.shell import charts
from yanglao.shell.sheets.write_template import sheet_name
from yanglao.shell.templatetags.shell import yuan


def in_units(kinds: Mapping[str, int]) -> str:
    """How many of each kind of subject, each in its unit: 1,234 人、56 张; nothing is a dash."""
    return "、".join(unit_of(kind).said(n) for kind, n in sorted(kinds.items()) if n) or "—"


@dataclass(frozen=True)
class Row:
    """One line of a table: its label and the sums, fen. `subject`: what all of its counts are of; "" where kinds differ."""

    label: str
    sums: Mapping[str, Any]
    subject: str = ""

    def kinds(self, name: str) -> dict[str, int]:
        """A count by kind of subject; studies of before counted everything as one."""
        known = {self.subject: self.sums} if self.subject else self.sums.get("kinds")
        known = {"person": self.sums} if known is None else known
        return {kind: counts[name] for kind, counts in known.items()}

    @property
    def people_before(self) -> str:
        return in_units(self.kinds("people_before"))

    @property
    def people_after(self) -> str:
        return in_units(self.kinds("people_after"))

    @property
    def winners(self) -> str:
        return in_units(self.kinds("winners"))

    @property
    def losers(self) -> str:
        return in_units(self.kinds("losers"))

    @property
    def change(self) -> int:
        return self.sums["after"] - self.sums["before"]


@dataclass(frozen=True)
class Table:
    title: str
    rows: tuple[Row, ...]
    chart: Any = None


@dataclass(frozen=True)
class Scenario:
    """One scenario beside what is in use."""

    title: str
    total: Row
    tables: tuple[Table, ...]
    brackets: tuple[Row, ...]
    bands: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Year:
    """A year: cost of what is in use and of each scenario (fen), with the band, and the difference."""

    year: int
    costs: tuple[Mapping[str, int], ...]
    extra: tuple[int, ...]


@dataclass(frozen=True)
class Compared:
    """A scenario in one line beside the others, fen: `extra` this year and `extra_all` all years more than now."""

    name: str
    title: str
    total: Row
    cost: int | None = None
    extra: int | None = None
    extra_all: int | None = None


@dataclass(frozen=True)
class Shown:
    compared: tuple[Compared, ...]
    scenarios: tuple[Scenario, ...]
    years: tuple[Year, ...]
    names: tuple[str, ...]
    chart: Any
    source: str
    persons: int
    coming: int
    spread: int
    spread_source: str


def dressed(study: Study) -> Shown:
    """A finished study for its page."""
    result = study.result
    titles = [s["title"] for s in study.scenarios]
    policies = _policies(study)
    numbered = tuple(_("方案%(n)s") % {"n": n} for n in range(1, len(titles) + 1))
    names = (_("现行政策"), *numbered)
    years = tuple(_year(y) for y in result.get("years", []))
    table = mortality()
    scenarios = tuple(_scenario(s, policies) for s in result["scenarios"])
    return Shown(
        tuple(_compared(names[n], n, scenario, years) for n, scenario in enumerate(scenarios, 1)),
        scenarios,
        years,
        names,
        _years_chart(years, names) if years else None,
        result.get("source") or _("现在的登记"),
        result["persons"],
        result.get("coming", 0),
        table.spread,
        table.sources[0].title,
    )


def _compared(name: str, at: int, scenario: Scenario, years: Sequence[Year]) -> Compared:
    if not years:
        return Compared(name, scenario.title, scenario.total)
    extra = [year.extra[at] for year in years]
    return Compared(name, scenario.title, scenario.total, years[0].costs[at]["fen"], extra[0], sum(extra))


def _policies(study: Study) -> dict[str, Policy]:
    """The policies named in a study, by id; the scenarios' where they differ."""
    found: dict[str, Policy] = {}
    for texts in (study.base, *({**study.base, **s["texts"]} for s in study.scenarios)):
        found |= {p.id: p for p in check_texts(texts, schema())[0].policies}
    return found


def _year(data: Mapping[str, Any]) -> Year:
    costs = tuple(data["costs"])
    return Year(data["year"], costs, tuple(c["fen"] - costs[0]["fen"] for c in costs))


def _years_chart(years: Sequence[Year], names: Sequence[str]) -> Any:
    series = {name: [round(y.costs[i]["fen"] / 1_000_000, 2) for y in years] for i, name in enumerate(names)}
    return charts.lines(_("各方案每年花费"), [y.year for y in years], series, unit=_("万元"))


def _scenario(data: Mapping[str, Any], policies: Mapping[str, Policy]) -> Scenario:
    codes = [row["key"] for row in data["division"] if row["key"]]
    places = dict(Division.objects.filter(pk__in=codes).values_list("code", "name"))
    words: dict[str, Callable[[Any], Any]] = {
        "division": lambda k: places.get(k, _("不详")),
        "age": _age,
        "sex": lambda k: {"1": _("男"), "2": _("女")}.get(k, _("不详")),
        "poverty": lambda k: kinds()["economic"].name_of(k) if k else _("没有认定"),
    }
    titles = {"division": _("按区划"), "age": _("按年龄"), "sex": _("按性别"), "poverty": _("按经济状况")}
    tables = [
        _table(titles[name], [Row(str(words[name](row["key"])), row) for row in _in_order(name, data[name])])
        for name in titles
    ]
    return Scenario(
        data["title"],
        Row(_("合计"), data["total"]),
        tuple(tables),
        tuple(Row(_bracket(row, policies), row, _subject(row, policies)) for row in data["bracket"]),
        tuple(_band(b) for b in data["bands"]),
    )


def _in_order(name: str, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    if name == "age":
        return sorted(rows, key=lambda r: int(r["key"]) if r["key"] else -1)
    return list(rows)


def _age(key: str) -> str:
    if not key:
        return _("不详")
    return _("100 岁以上") if key == "100" else _("%(from)s 至 %(to)s 岁") % {"from": key, "to": int(key) + 4}


def _bracket(row: Mapping[str, Any], policies: Mapping[str, Policy]) -> str:
    policy = policies.get(row["policy"])
    title = title_of(policy) if policy else row["policy"]
    reason = reason_text(policy, row["bracket"]) if row["bracket"] else ""
    return f"{title} · {reason}" if reason and reason != title else title


def _subject(row: Mapping[str, Any], policies: Mapping[str, Policy]) -> str:
    policy = policies.get(row["policy"])
    return policy.subject.name if policy else "person"


def _band(band: Mapping[str, Any]) -> tuple[str, str, int]:
    low, high = yuan(band["low"]), yuan(band["high"])
    if band["high"]:
        text = (
            _("每月多得 %(low)s 至 %(high)s 元") if band["sign"] > 0 else _("每月少得 %(low)s 至 %(high)s 元")
        )
    else:
        text = _("每月多得 %(low)s 元以上") if band["sign"] > 0 else _("每月少得 %(low)s 元以上")
    counted = in_units(band.get("kinds", {"person": band["people"]}))
    return text % {"low": low, "high": high}, counted, band["fen"]


def _table(title: str, rows: Sequence[Row]) -> Table:
    """With a chart of what is paid now and what would be, and a last row of all."""
    series = {
        _("现行"): [round(row.sums["before"] / 100, 2) for row in rows],
        _("新"): [round(row.sums["after"] / 100, 2) for row in rows],
    }
    labels = [row.label for row in rows]
    chart = (
        charts.columns(_("%(by)s的每月金额") % {"by": title}, labels, series, unit=_("元")) if rows else None
    )
    return Table(title, tuple(rows), chart)


HEADINGS = ("people_before", "before", "people_after", "after", "winners", "won", "losers", "lost")


def heading(name: str) -> str:
    return {
        "before": _("现行金额（元）"),
        "after": _("新金额（元）"),
        "won": _("多得金额（元）"),
        "lost": _("少得金额（元）"),
    }[name]


def counting(name: str, kind: str) -> str:
    """The heading of a column that counts one kind of subject: 现行人数, 多得床位数."""
    texts = {
        "people_before": _("现行%(what)s"),
        "people_after": _("新%(what)s"),
        "winners": _("多得%(what)s"),
        "losers": _("少得%(what)s"),
    }
    return texts[name] % {"what": unit_of(kind).heading}


def workbook(study: Study) -> bytes:
    """Every figure of a study: one sheet of the years, one for each scenario."""
    shown, out = dressed(study), io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    if shown.years:
        _compared_sheet(book.add_worksheet(sheet_name(_("各方案比较"))), shown, bold, money)
        _years_sheet(book.add_worksheet(sheet_name(_("各年"))), shown, bold, money)
    for number, scenario in enumerate(shown.scenarios, 1):
        sheet = book.add_worksheet(sheet_name(_("方案%(n)s") % {"n": number}))
        _scenario_sheet(sheet, scenario, bold, money)
    book.close()
    return out.getvalue()


def _compared_sheet(sheet: Any, shown: Shown, bold: Any, money: Any) -> None:
    head = [_("方案"), _("内容"), _("每月金额（元）"), _("每月比现行多（元）"), _("多得"), _("少得")]
    _write(sheet, 0, [*head, _("今年（元）"), _("今年比现行多（元）"), _("六年合计比现行多（元）")], bold)
    for at, row in enumerate(shown.compared, 1):
        total = row.total
        sums = [total.sums["after"] / 100, total.change / 100, total.winners, total.losers]
        years = [(fen or 0) / 100 for fen in (row.cost, row.extra, row.extra_all)]
        _write(sheet, at, [row.name, row.title, *sums, *years], money)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 50)
    sheet.set_column(2, 8, 20)


def _years_sheet(sheet: Any, shown: Shown, bold: Any, money: Any) -> None:
    head = [_("年份")]
    counted = sorted({kind for year in shown.years for cost in year.costs for kind in _monthly(cost)})
    heads = [_("平均每月%(what)s") % {"what": unit_of(kind).heading} for kind in counted]
    for name in shown.names:
        head += [name, _("低"), _("高"), *heads]
    _write(sheet, 0, head, bold)
    for at, year in enumerate(shown.years, 1):
        values: list[Any] = [year.year]
        for cost in year.costs:
            values += [cost["fen"] / 100, cost["low"] / 100, cost["high"] / 100]
            values += [_monthly(cost).get(kind, 0) for kind in counted]
        _write(sheet, at, values, money)
        sheet.write_number(at, 0, year.year)
    sheet.set_column(0, len(head), 16)


def _monthly(cost: Mapping[str, Any]) -> Mapping[str, int]:
    """How many of each kind a month of the year has on average."""
    found: Mapping[str, int] = cost.get("kinds", {"person": cost["people"]})
    return found


def _scenario_sheet(sheet: Any, scenario: Scenario, bold: Any, money: Any) -> None:
    """Every kind of subject has columns of its own: persons and beds are never added up."""
    sheet.write_string(0, 0, scenario.title, bold)
    counted = sorted(scenario.total.kinds("people_before")) or ["person"]
    at = 2
    for table in (*scenario.tables, Table(_("合计"), (scenario.total,))):
        _write(sheet, at, [table.title, *_heads(HEADINGS, counted)], bold)
        for row in table.rows:
            at += 1
            _write(sheet, at, [row.label, *_figures(row, HEADINGS, counted)], None)
        at += 2
    _write(sheet, at, [_("按档次"), *_heads(HEADINGS[:4], counted)], bold)
    for row in scenario.brackets:
        at += 1
        _write(sheet, at, [row.label, *_figures(row, HEADINGS[:4], counted)], None)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(HEADINGS) * len(counted), 16, money)


def _heads(names: Sequence[str], counted: Sequence[str]) -> list[str]:
    return [
        head for n in names for head in ([counting(n, k) for k in counted] if n in COUNTS else [heading(n)])
    ]


def _figures(row: Row, names: Sequence[str], counted: Sequence[str]) -> list[float]:
    found: list[float] = []
    for name in names:
        if name in COUNTS:
            found += [row.kinds(name).get(kind, 0) for kind in counted]
        else:
            found.append(row.sums[name] / 100)
    return found


def _write(sheet: Any, at: int, values: Sequence[Any], look: Any) -> None:
    """Texts go in as texts, whatever they begin with: none may run as a formula."""
    for column, value in enumerate(values):
        if isinstance(value, str):
            sheet.write_string(at, column, value, look)
        else:
            sheet.write_number(at, column, value, look)
