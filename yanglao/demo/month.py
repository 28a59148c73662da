"""The demo's month: the old-age allowance computed, reviewed, approved by two people, and the payment file."""

from __future__ import annotations

from pathlib import Path

from yanglao.entitlement.benefits import actions, computing
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.paying import hand_over
from yanglao.kernel.scope import entered

from .stage import Stage


def run_month(stage: Stage) -> Run | None:
    """Take this month's run as far as it goes from where it stands; None when the city has no policy."""
    month = stage.today.year * 100 + stage.today.month
    run = Run.objects.filter(division_id=stage.root, month=month).exclude(state=Run.State.CANCELLED).first()
    if run is None:
        policies = [policy.id for policy in computing.policies_of(stage.root)]
        if not policies:
            return None
        officer = stage.officer
        with entered(officer):
            run = actions.start(officer, division=stage.root, month=month, policies=policies)
    steps = {
        Run.State.DRAFT: ("测算", _compute),
        Run.State.FAILED: ("测算", _compute),
        Run.State.COMPUTED: ("复核", _review),
        Run.State.REVIEWED: ("审批", _approve),
        Run.State.APPROVED: ("生成发放文件", _pay),
    }
    while run.state in steps:
        label, step = steps[Run.State(run.state)]
        with stage.talk.bar(label, 1):
            run = step(stage, run)
    return run


def _compute(stage: Stage, run: Run) -> Run:
    actor = stage.officer
    with entered(actor):
        run = computing.compute_run(actor, run)
    stage.talk.say(
        f"测算本月高龄津贴：核对 {run.checked:,} 人，应发 {run.rows:,} 人，共 {run.sum_fen / 100:,.2f} 元。"
    )
    return run


def _review(stage: Stage, run: Run) -> Run:
    actor = stage.actor("reviewer")
    with entered(actor):
        run = actions.review(actor, run, comment="演示：复核通过")
    stage.talk.detail(f"复核：{actor.name}")
    return run


def _approve(stage: Stage, run: Run) -> Run:
    actor = stage.actor("approver")
    with entered(actor):
        run = actions.approve(actor, run, comment="同意发放")
    stage.talk.detail(f"审批：{actor.name}")
    return run


def _pay(stage: Stage, run: Run) -> Run:
    actor = stage.officer
    with entered(actor):
        name, _kind, content = hand_over(actor, run, purpose="演示：发放本月高龄津贴", format="xlsx")
    path = _keep(stage.folder / name, content)
    run.refresh_from_db()
    stage.talk.say(f"生成发放文件 {path}")
    return run


def _keep(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)
    return path
