from __future__ import annotations

from typing import Any

from yanglao.entitlement.benefits.management.proof_command import ProofCommand
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.proving import Proof, cross_check


class Command(ProofCommand):
    help = "Let the database compute a run by itself and compare with the engine; exit code 1 if they differ."

    def proof(self, run: Run, **options: Any) -> Proof:
        return cross_check(run)
