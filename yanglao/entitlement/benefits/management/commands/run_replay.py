from __future__ import annotations

from typing import Any

from yanglao.entitlement.benefits.management.proof_command import ProofCommand
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.proving import Proof, replay


class Command(ProofCommand):
    help = "Compute a run anew from its frozen facts and policies and prove its ledger to the fen; exit code 1 if it differs."

    def proof(self, run: Run, **options: Any) -> Proof:
        return replay(run)
