# i18n: data — an official Chinese document, whatever language the page is shown in
"""What the monthly report is made of: figures in, sections out. No database, no document format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from yanglao.steering.indicators.rules import shown
from yanglao.steering.plans.rules import State

STATE_WORDS = {
    State.MET: "已达成",
    State.ON_TRACK: "进度正常",
    State.SLOW: "进度偏慢",
    State.LATE: "滞后",
    State.OVERDUE: "逾期未完成",
    State.UNREPORTED: "未上报",
    State.NOT_STARTED: "未开始",
}
COMPUTED, REPORTED, MISSING = "系统计算", "各地自报", "—"


@dataclass(frozen=True)
class Line:
    """One target as the report shows it; ``value`` and ``goal`` are words with their unit."""

    item: int
    chapter: str
    name: str
    goal: str
    value: str
    state: State
    progress: Fraction | None
    expected_progress: Fraction
    gap: str
    needed: str
    deadline: date
    lead: str
    origin: str
    indicator: str
    version: int
    words: str
    as_of: date | None
    parts: str  # 分子÷分母
    coverage: str  # 8/10 个单位
    decided: bool = True  # False: a number to hold or a milestone, of which "progress" says little


@dataclass(frozen=True)
class Unit:
    """A reporting unit (填报单位) and what it sent for the month."""

    name: str
    sent_on: date | None
    filled: int
    asked: int


@dataclass(frozen=True)
class Ranked:
    """A district's place by the scoring rules of its city (考核计分), with the points of each item as words."""

    rank: int
    name: str
    total: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """The figures of one plan, place and month."""

    plan: str
    document: str
    place: str
    month: date
    as_of: date
    issuer: str
    demonstration: bool
    due_day: int
    lines: tuple[Line, ...]
    units: tuple[Unit, ...] = ()
    ranking: tuple[Ranked, ...] = ()
    ranked_by: tuple[str, ...] = ()  # the rules' name, then their items
    public: bool = False  # for the public: no units by name, no ranking, nothing nobody reported

    @property
    def title(self) -> str:
        mark = "（公开版）" if self.public else ""
        return f"{self.place}{self.month.year}年{self.month.month}月养老服务重点任务进展情况报告{mark}"

    def of(self, *states: State) -> list[Line]:
        return [line for line in self.lines if line.state in states]


@dataclass(frozen=True)
class Run:
    """A stretch of text, with the number of the source note that stands behind its figure."""

    text: str
    note: int | None = None


@dataclass(frozen=True)
class Paragraph:
    runs: tuple[Run, ...]
    lead: str = ""  # a bold opening such as （一）…

    @property
    def text(self) -> str:
        return self.lead + "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Section:
    heading: str
    paragraphs: list[Paragraph] = field(default_factory=list)


NUMERALS = "零一二三四五六七八九十"


def numeral(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if not tens:
        return NUMERALS[ones]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


def chinese_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def percent(value: Fraction) -> str:
    return f"{shown(value * 100, 1)}%"


def compose(report: Report) -> list[Section]:
    """The report's sections in the order such reports have: overview, results, problems, next steps."""
    notes = note_numbers(report)
    sections = [
        Section("总体进展情况", _overview(report)),
        Section("主要成效", _results(report, notes)),
        Section("存在问题", _problems(report, notes)),
        Section("下一步工作", _next_steps(report)),
    ]
    return [
        Section(f"{numeral(n)}、{section.heading}", section.paragraphs)
        for n, section in enumerate(sections, start=1)
    ]


def note_numbers(report: Report) -> dict[int, int]:
    """Place of a line in ``report.lines`` → number of its source note; lines without a value have none."""
    known = [index for index, line in enumerate(report.lines) if line.as_of is not None]
    return {index: number for number, index in enumerate(known, start=1)}


def notes(report: Report) -> list[str]:
    """Source notes in their order: indicator, version, date, parts, who reported."""
    return [source_of(report.lines[index]) for index in note_numbers(report)]


def source_of(line: Line) -> str:
    day = chinese_date(line.as_of) if line.as_of else "—"
    parts = f"；{line.parts}" if line.parts else ""
    coverage = f"；{line.coverage}" if line.coverage else ""
    words = line.words.rstrip("。")
    return (
        f"{line.name}：{words}。指标 {line.indicator}（第{line.version}版），"
        f"截至{day}，{line.origin}{coverage}{parts}。"
    )


def _overview(report: Report) -> list[Paragraph]:
    counts = [(STATE_WORDS[s], len(report.of(s))) for s in STATE_WORDS if report.of(s)]
    states = "、".join(f"{word}{count}项" for word, count in counts)
    computed = sum(line.origin == COMPUTED for line in report.lines)
    reported = sum(line.origin == REPORTED for line in report.lines)
    text = (
        f"截至{chinese_date(report.as_of)}，{report.document}确定的{len(report.lines)}项目标中，{states}。"
        f"其中{computed}项由登记簿自动计算，{reported}项由各地自报。"
    )
    paragraphs = [Paragraph((Run(text),))]
    if report.units:
        sent = sum(unit.sent_on is not None for unit in report.units)
        text = f"本月应填报单位{len(report.units)}个，已报{sent}个，未报{len(report.units) - sent}个。"
        paragraphs.append(Paragraph((Run(text),)))
    return paragraphs


def _results(report: Report, notes: dict[int, int]) -> list[Paragraph]:
    chapters: dict[str, list[Run]] = {}
    for index, line in enumerate(report.lines):
        if line.state in (State.MET, State.ON_TRACK) and line.as_of is not None and line.progress:
            chapters.setdefault(line.chapter, []).append(Run(_achieved(line), notes[index]))
    if not chapters:
        return [Paragraph((Run("本月尚无达成或进度正常的目标。"),))]
    return [
        Paragraph(_joined(runs), f"（{numeral(n)}）{chapter}。")
        for n, (chapter, runs) in enumerate(chapters.items(), start=1)
    ]


def _achieved(line: Line) -> str:
    if line.state is State.MET:
        return f"{line.name}{line.value}，达成目标（{line.goal}）"
    done = f"，完成目标（{line.goal}）的{percent(line.progress)}" if line.progress and line.decided else ""
    return f"{line.name}{line.value}{done}"


def _joined(runs: list[Run]) -> tuple[Run, ...]:
    """Runs parted by semicolons and closed by a full stop, each note right after its figure."""
    parts: list[Run] = []
    for n, run in enumerate(runs):
        parts += [run, Run("。" if n == len(runs) - 1 else "；")]
    return tuple(parts)


def _problems(report: Report, notes: dict[int, int]) -> list[Paragraph]:
    """The late ones one by one, the slow ones in a row, then what nobody reported."""
    paragraphs = [
        Paragraph(
            (Run(_behind(line), notes.get(index)), Run("。")), f"{line.name}{STATE_WORDS[line.state]}。"
        )
        for index, line in enumerate(report.lines)
        if line.state in (State.OVERDUE, State.LATE)
    ]
    paragraphs = [Paragraph(p.runs, f"{n}．{p.lead}") for n, p in enumerate(paragraphs, start=1)]
    slow = [
        Run(f"{line.name}{line.value}（目标{line.goal}）", notes.get(index))
        for index, line in enumerate(report.lines)
        if line.state is State.SLOW
    ]
    if slow:
        paragraphs.append(Paragraph(_joined(slow), f"进度偏慢{len(slow)}项。"))
    silent = report.of(State.UNREPORTED)
    if silent:
        names = "、".join(line.name for line in silent)
        paragraphs.append(Paragraph((Run(f"{names}，共{len(silent)}项。"),), "尚无数据的目标。"))
    late = [unit.name for unit in report.units if unit.sent_on is None]
    if late:
        paragraphs.append(Paragraph((Run(f"{'、'.join(late)}。"),), f"本月未报单位{len(late)}个。"))
    return paragraphs or [Paragraph((Run("各项目标均按计划推进，未发现滞后事项。"),))]


def _behind(line: Line) -> str:
    text = f"目标{line.goal}，现为{line.value}"
    if line.progress is not None and line.decided and line.state is not State.OVERDUE:
        lag = (line.expected_progress - line.progress) * 100
        text += f"，完成{percent(line.progress)}，落后计划进度{shown(lag, 1)}个百分点"
    return f"{text}，尚差{line.gap}"


def _next_steps(report: Report) -> list[Paragraph]:
    """Who leads what until when: by lead department and deadline, the nearest first."""
    groups: dict[tuple[date, str], list[Run]] = {}
    for line in sorted(report.of(State.OVERDUE, State.LATE), key=lambda one: one.deadline):
        groups.setdefault((line.deadline, line.lead), []).append(Run(_step(line)))
    steps = [
        (f"{lead}牵头，{_until(deadline, report.as_of)}。", _joined(runs))
        for (deadline, lead), runs in groups.items()
    ]
    slow = len(report.of(State.SLOW))
    if slow:
        text = f"对进度偏慢的{slow}项逐项分析原因，按附件1的差额补齐进度。"
        steps.append(("盯紧进度偏慢事项。", (Run(text),)))
    if not report.public and (
        report.of(State.UNREPORTED) or any(unit.sent_on is None for unit in report.units)
    ):
        text = f"请未报单位于每月{report.due_day}日前补报，自报数据由填报单位负责核实。"
        steps.append(("补齐数据。", (Run(text),)))
    if not steps:
        return [Paragraph((Run("继续按计划推进各项目标，按月核对数据。"),))]
    return [Paragraph(runs, f"（{numeral(n)}）{lead}") for n, (lead, runs) in enumerate(steps, start=1)]


def _until(deadline: date, on: date) -> str:
    return "已过时限" if deadline <= on else f"{chinese_date(deadline)}前完成"


def _step(line: Line) -> str:
    if line.state is State.OVERDUE:
        return f"{line.name}查明未完成原因，提出补救措施和新的时限"
    if line.needed:
        return f"{line.name}今后每月需完成{line.needed}"
    return f"{line.name}尽快达到{line.goal}"


def bars(report: Report, limit: int = 20) -> list[dict[str, object]]:
    """The chart: progress beside what the plan expects by now, the furthest behind first."""
    measured = [line for line in report.lines if line.progress is not None and line.decided]
    measured.sort(key=lambda line: (line.progress or Fraction(0)) - line.expected_progress)
    return [
        {
            "label": line.name,
            "done": float(min(line.progress or Fraction(0), Fraction(6, 5))),
            "words": percent(line.progress or Fraction(0)),
            "due": float(line.expected_progress),
            "light": line.state.light,
        }
        for line in measured[:limit]
    ]


def tally(report: Report) -> list[dict[str, object]]:
    """How many targets stand in each state, for the strip above the chart."""
    return [
        {"label": word, "count": len(report.of(state)), "light": state.light}
        for state, word in STATE_WORDS.items()
        if report.of(state)
    ]
