"""What the commands that prove a run have in common."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.computing import why
from yanglao.entitlement.benefits.engine.duck import EngineFailed
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.proving import Proof
from yanglao.entitlement.benefits.replaying import NotProvable
from yanglao.entitlement.benefits.snapshot import SnapshotChanged


class ProofCommand(BaseCommand):
    """Exit code 0: proved; 1: it differs, or a frozen file was altered; 2: it cannot be proved here."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help="number of the run")

    def proof(self, run: Run, **options: Any) -> Proof:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        run = Run.objects.filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(_("没有编号为 %(n)s 的批次。") % {"n": options["run"]}, returncode=2)
        try:
            proof = self.proof(run)
        except NotProvable as error:
            raise CommandError(str(error), returncode=2) from error
        except SnapshotChanged as error:
            raise CommandError(_("冻结的数据文件被改动过：%(why)s") % {"why": error}, returncode=1) from error
        except EngineFailed as error:
            raise CommandError(why(error), returncode=2) from error
        self._say(run, proof)
        if not proof:
            sys.exit(1)

    def _say(self, run: Run, proof: Proof) -> None:
        self.stdout.write(f"{run.title} ({run.pk})")
        for check in proof.checks:
            self.stdout.write(f"  {check.sign} {check.what}：{check.said}")
        for problem in proof.problems:
            self.stdout.write(f"    {problem}")
        said = _("证明成立：分毫不差。") if proof else _("不一致：请在发放前查明原因。")
        self.stdout.write(said)
