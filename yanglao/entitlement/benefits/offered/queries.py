"""Reading and computing for neighbours: the schema, the policies in use, the engine, snapshots, explanations."""

from yanglao.entitlement.benefits.books import book_of, frozen_book
from yanglao.entitlement.benefits.brackets import reason_text
from yanglao.entitlement.benefits.computing import explained_now, frozen_facts
from yanglao.entitlement.benefits.engine.duck import EngineFailed, Result
from yanglao.entitlement.benefits.engine.duck import compute as compute_on
from yanglao.entitlement.benefits.engine.duck import run as run_on
from yanglao.entitlement.benefits.engine.inplace import compute_in_place, explain_now
from yanglao.entitlement.benefits.explaining import Told, told
from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.models import LedgerLine, PolicyFile, Run
from yanglao.entitlement.benefits.money import yuan
from yanglao.entitlement.benefits.naming import given, title_of
from yanglao.entitlement.benefits.offered.own import due_now, due_of, own_policies, told_now
from yanglao.entitlement.benefits.published import city_at, folder_text, texts_of
from yanglao.entitlement.benefits.snapshot.manifest import Part, Snapshot, SnapshotChanged, open_snapshot
from yanglao.entitlement.benefits.snapshot.taking import take
from yanglao.entitlement.benefits.story import month_text, tabs
from yanglao.entitlement.benefits.subjects import Unit, kinds_of, named, unit_of, unit_of_all, url_of
from yanglao.entitlement.benefits.subjects import called as subjects_called
from yanglao.entitlement.benefits.written import ledger_file

__all__ = [
    "EngineFailed",
    "LedgerLine",
    "Part",
    "PolicyFile",
    "Result",
    "Run",
    "Snapshot",
    "SnapshotChanged",
    "Told",
    "Unit",
    "book_of",
    "city_at",
    "compute_in_place",
    "compute_on",
    "due_now",
    "due_of",
    "explain_now",
    "explained_now",
    "folder_text",
    "frozen_book",
    "frozen_facts",
    "given",
    "kinds_of",
    "ledger_file",
    "month_text",
    "named",
    "open_snapshot",
    "own_policies",
    "reason_text",
    "run_on",
    "schema",
    "subjects_called",
    "tabs",
    "take",
    "texts_of",
    "title_of",
    "told",
    "told_now",
    "unit_of",
    "unit_of_all",
    "url_of",
    "yuan",
]
