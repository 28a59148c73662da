"""Reading and computing for neighbours: the schema, the policies in use, the engine, snapshots, explanations."""

from yanglao.entitlement.benefits.computing import frozen_book, frozen_facts
from yanglao.entitlement.benefits.engine.duck import EngineFailed
from yanglao.entitlement.benefits.engine.duck import compute as compute_on
from yanglao.entitlement.benefits.engine.inplace import compute_in_place, explain_now
from yanglao.entitlement.benefits.explaining import Told, given, reason_text, title_of, told
from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.models import LedgerLine, PolicyFile, Run
from yanglao.entitlement.benefits.published import city_at, folder_text, texts_of
from yanglao.entitlement.benefits.snapshot.manifest import Snapshot, SnapshotChanged, open_snapshot
from yanglao.entitlement.benefits.snapshot.taking import take

__all__ = [
    "EngineFailed",
    "LedgerLine",
    "PolicyFile",
    "Run",
    "Snapshot",
    "SnapshotChanged",
    "Told",
    "city_at",
    "compute_in_place",
    "compute_on",
    "explain_now",
    "folder_text",
    "frozen_book",
    "frozen_facts",
    "given",
    "open_snapshot",
    "reason_text",
    "schema",
    "take",
    "texts_of",
    "title_of",
    "told",
]
