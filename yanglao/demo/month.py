"""The demo's month: computed, spot-checked, reviewed, made public, approved, paid, answered by the bank, closed."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

from yanglao.entitlement.benefits import actions, books, computing
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.queries import spots_of
from yanglao.entitlement.corrections import actions as corrections
from yanglao.entitlement.corrections import ahead
from yanglao.entitlement.corrections.settings_file import setting
from yanglao.entitlement.payments import actions as paying
from yanglao.entitlement.payments import queries as payments
from yanglao.entitlement.payments.models import PaymentFile
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.cases.daily import end_by_itself
from yanglao.kernel.cases.models import Task
from yanglao.kernel.scope import entered, everything

from .stage import Stage

FORMAT = "bank-csv"
FAILURES = ("账号不存在", "户名与账号不符", "账户已销户", "账户状态异常")


def run_month(stage: Stage) -> Run | None:
    """Take this month's run as far as it goes from where it stands; None when the city has no policy."""
    month = stage.today.year * 100 + stage.today.month
    run = Run.objects.filter(division_id=stage.root, month=month).exclude(state=Run.State.CANCELLED).first()
    if run is None:
        policies = [policy.id for policy in books.policies_of(stage.root)]
        if not policies:
            return None
        officer = stage.officer
        with entered(officer):
            run = actions.start(officer, division=stage.root, month=month, policies=policies)
    while run.case is not None and run.case.step in _STEPS:
        label, step = _STEPS[run.case.step]
        with stage.talk.bar(label, 1):
            step(stage, run)
        run = Run.objects.select_related("case").get(pk=run.pk)
    return run


def look_ahead(stage: Stage) -> None:
    """Who comes of age in the next weeks, as the nightly job would tell."""
    actor = stage.officer
    with entered(actor):
        coming = ahead.coming(stage.root, setting(stage.root).lookahead_days)
        found = corrections.look_ahead(actor, division=stage.root, coming=coming)
    if found:
        stage.talk.say(f"免申即享预告：新增 {found} 人。")


def _compute(stage: Stage, run: Run) -> None:
    actor = stage.officer
    with entered(actor):
        run = computing.compute_run(actor, run)
    stage.talk.say(
        f"测算本月待遇：核对 {run.checked:,} 人，应发 {run.rows:,} 笔，共 {run.sum_fen / 100:,.2f} 元。"
    )


def _spot_check(stage: Stage, run: Run) -> None:
    """One street looks at those it drew and objects to one; the others are silent, as it happens."""
    street = stage.actor("street_worker")
    with entered(street):
        drawn = list(spots_of(run))
    for number, spot in enumerate(drawn):
        doubt = number == 1 and len(drawn) > 2
        remark = "演示：入户时不在本地居住" if doubt else ""
        with entered(street):
            actions.check(street, spot, verdict="objected" if doubt else "confirmed", remark=remark)
    with entered(stage.officer):
        actions.sum_up(stage.officer, run, comment="演示：其余街道以电话核实")
    stage.talk.detail(f"抽查：{street.name} 核实 {len(drawn)} 人")


def _review(stage: Stage, run: Run) -> None:
    actor = stage.actor("reviewer")
    with entered(actor):
        actions.review(actor, run, comment="演示：复核通过")
    stage.talk.detail(f"复核：{actor.name}")


def _publicise(stage: Stage, run: Run) -> None:
    """The demo does not wait for the days of the public list: they are taken to have passed."""
    with everything("the demo's public list"):
        task = Task.objects.get(case=run.case, step="publicise", state="open")
        past = task.opened_on - timedelta(days=1)
        Task.objects.filter(pk=task.pk).update(opened_on=past, due=past)
        task.refresh_from_db()
        end_by_itself(Actor.system("演示"), task)


def _approve(stage: Stage, run: Run) -> None:
    actor = stage.actor("approver")
    with entered(actor):
        actions.approve(actor, run, comment="同意发放")
    stage.talk.detail(f"审批：{actor.name}")


def _pay(stage: Stage, run: Run) -> None:
    """The first payment file, and the bank's answer with a few failures."""
    actor = stage.actor("finance")
    order = payments.order_of(run.pk)
    assert order is not None
    if not payments.balance(order).part("ready")[0]:
        with entered(actor):
            paying.close(actor, order)
        return
    with entered(actor):
        file, made = paying.send(actor, order, format=FORMAT, purpose="演示：发放本月待遇")
    path = _keep(stage.folder / made.name, made.content)
    stage.talk.say(f"生成发放文件 {path}：{file.rows:,} 人，{file.sum_fen / 100:,.2f} 元。")


def _settle(stage: Stage, run: Run) -> None:
    """What the bank answers to each file; one of those that failed is sent again; then the order is closed."""
    actor, street = stage.actor("finance"), stage.officer
    order = payments.order_of(run.pk)
    assert order is not None
    _answer(stage, actor, order.files.order_by("-number")[0])
    with everything("the demo's failed payments"):
        failed = payments.failed().filter(order=order).order_by("pk").first()
    if failed is not None and order.files.count() == 1:
        with entered(street):
            paying.retry(street, failed, reason="演示：银行账户已恢复正常")
        with entered(actor):
            file, made = paying.send(actor, order, format=FORMAT, purpose="演示：补发")
        _keep(stage.folder / made.name, made.content)
        _answer(stage, actor, file)
    with entered(actor):
        paying.close(actor, order)
    found = payments.balance(order)
    paid, left = found.part("paid"), found.part("failed")[0] + found.part("withheld")[0]
    stage.talk.say(f"银行回盘：已发放 {paid[0]:,} 笔，{paid[1] / 100:,.2f} 元；失败或暂缓 {left:,} 笔。")


def _answer(stage: Stage, actor: Actor, file: PaymentFile) -> None:
    """Write the bank's return file from what was sent, with failures in the first file, and read it back."""
    if file.returns.exists():
        return
    with entered(actor):
        made = paying.again(actor, file, purpose="演示：银行回盘")
    rows = list(csv.reader(io.StringIO(made.content.decode("utf-8-sig"))))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([*rows[0], "处理结果", "失败原因"])
    every = max(2, len(rows) // len(FAILURES))
    for number, row in enumerate(rows[1:], 1):
        fails = file.number == 1 and number % every == 0
        said = FAILURES[number // every % len(FAILURES)] if fails else ""
        writer.writerow([*row, "失败" if fails else "成功", said])
    path = _keep(
        stage.folder / f"return-{file.order.run_id}-{file.number}.csv", stream.getvalue().encode("utf-8-sig")
    )
    with entered(actor):
        paying.read_return(actor, file, path=path, name=path.name)


def _close(stage: Stage, run: Run) -> None:
    with entered(stage.officer):
        actions.close(stage.officer, run, comment="演示：本月办结")


_STEPS = {
    "compute": ("测算", _compute),
    "spot_check": ("街道抽查", _spot_check),
    "review": ("复核", _review),
    "publicise": ("公示", _publicise),
    "approve": ("审批", _approve),
    "pay": ("发放", _pay),
    "settle": ("银行回盘", _settle),
    "close": ("办结", _close),
}


def _keep(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)
    return path
