"""The arithmetic behind a target's light, line by line, as it is shown beside the number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from yanglao.steering.indicators.rules import shown
from yanglao.steering.plans import rules
from yanglao.steering.plans.rules import Course, Curve, State


@dataclass(frozen=True)
class Step:
    """What is reckoned, how, and what comes out, all as words."""

    what: str
    how: str
    result: str


Say = Callable[[Fraction | None], str]


def steps(course: Course, value: Fraction | None, on: date, say: Say) -> list[Step]:
    """The lines of the arithmetic on a day; `say` words a number of the target."""
    found = [_expected(course, on, say)]
    if value is None:
        return found
    if course.curve.grows and not course.comparison.downwards and course.goal != course.baseline:
        found += _progress(course, value, on, say)
    found += _need(course, value, on, say)
    found += _forecast(course, value, on, say)
    return found


def _expected(course: Course, on: date, say: Say) -> Step:
    what, expected = _("此时应达"), rules.expected_on(course, on)
    if course.curve is Curve.HOLD:
        return Step(what, _("全程保持目标值"), say(expected))
    if on >= course.deadline:
        return Step(what, _("已到完成时限，应达目标值"), say(expected))
    if course.curve is Curve.END or on <= course.start:
        return Step(what, _("到期完成，此前不要求进度"), say(expected))
    (since, low), (until, high) = rules.around(course, on)
    words = {
        "low": say(low),
        "high": say(high),
        "from": since.isoformat(),
        "to": until.isoformat(),
        "share": f"{shown(rules.share_between(course, since, until, on) * 100, 1)}%",
        "gone": (on - since).days,
        "all": (until - since).days,
    }
    if course.curve is Curve.STEPS:
        return Step(
            what, _("上一节点 %(from)s 应达 %(low)s；下一节点 %(to)s 为 %(high)s") % words, say(expected)
        )
    if course.curve is Curve.SEASONAL:
        return Step(what, _("%(low)s +（%(high)s − %(low)s）× 月份权重已到 %(share)s") % words, say(expected))
    return Step(
        what, _("%(low)s +（%(high)s − %(low)s）× 已过 %(gone)s 天 ÷ 共 %(all)s 天") % words, say(expected)
    )


def _progress(course: Course, value: Fraction, on: date, say: Say) -> Iterator[Step]:
    done, due = rules.progress_of(course, value), rules.progress_of(course, rules.expected_on(course, on))
    words = {"value": say(value), "base": say(course.baseline), "goal": say(course.goal)}
    how = _("（%(value)s − %(base)s）÷（%(goal)s − %(base)s）") % words
    yield Step(_("完成比例"), how, f"{shown(done * 100, 1)}%")
    if not due or rules.satisfied(course.comparison, value, course.goal) or on >= course.deadline:
        return
    words = {"done": f"{shown(done * 100, 1)}%", "due": f"{shown(due * 100, 1)}%"}
    how = _("完成 %(done)s ÷ 应完成 %(due)s；100%% 以上正常，85%% 以上偏慢，以下滞后") % words
    yield Step(_("亮灯"), how, f"{shown(done / due * 100, 1)}%")


def _need(course: Course, value: Fraction, on: date, say: Say) -> Iterator[Step]:
    gap = rules.gap_of(course, value)
    if not gap:
        return
    words = {"goal": say(course.goal), "value": say(value)}
    yield Step(_("尚差"), _("目标 %(goal)s 与现值 %(value)s 之差") % words, say(gap))
    need = rules.needed_per_month(course, value, on)
    if need is not None:
        months = max((course.deadline - on).days / rules.DAYS_A_MONTH, Fraction(1))
        words = {"gap": say(gap), "months": shown(months, 1)}
        yield Step(_("今后每月需"), _("%(gap)s ÷ 剩余 %(months)s 个月，整数向上取整") % words, say(need))


def _forecast(course: Course, value: Fraction, on: date, say: Say) -> Iterator[Step]:
    if rules.state_of(course, value, on) is State.MET:
        return
    end = rules.year_end(course, on)
    days = ((end, _("照此进度年底预计")), (course.deadline, _("照此进度到期预计")))
    for until, what in days if end < course.deadline else days[1:]:
        forecast = rules.forecast_to(course, value, on, until)
        if forecast is None:
            continue
        words = {
            "value": say(value),
            "added": say(value - course.baseline),
            "gone": (on - course.start).days,
            "ahead": (until - on).days,
            "due": say(rules.expected_on(course, until)),
        }
        how = (
            _("%(value)s + 已增 %(added)s × 剩余月份权重 ÷ 已过月份权重；那时应达 %(due)s")
            if course.curve is Curve.SEASONAL
            else _("%(value)s + 已增 %(added)s × 剩余 %(ahead)s 天 ÷ 已过 %(gone)s 天；那时应达 %(due)s")
        )
        yield Step(what, how % words, say(forecast))
