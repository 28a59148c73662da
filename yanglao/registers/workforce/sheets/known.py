"""What the register knows of the rows of a workbook, read in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.bulk import in_chunks
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import everything
from yanglao.registers.places.queries import Operator, Place
from yanglao.registers.workforce.checks import Employer
from yanglao.registers.workforce.models import ID_PATH, Certificate, Employment, Worker

MODELS = (Place, Operator, Organisation)
RIGHT = "workforce.import"


@dataclass
class Known:
    """Workers by the blind index of their resident id, with their spells and certificates known now."""

    workers: dict[bytes, Worker] = field(default_factory=dict)
    spells: dict[int, list[Employment]] = field(default_factory=lambda: defaultdict(list))
    certificates: dict[int, list[Certificate]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)  # kind, number → worker

    def of(self, row: Any) -> Worker | None:
        key = index(row)
        return self.workers.get(key) if key else None


def index(row: Any) -> bytes | None:
    """The blind index of a row's resident id."""
    return blind_index(ID_PATH, row.id_number.number) if row.id_number is not None else None


def read(rows: Iterable[Any], *, lock: bool = False) -> Known:
    """What is known of the rows' ids in the whole city: one person has one file, wherever it is kept."""
    found = Known()
    keys = {key for row in rows if (key := index(row))}
    with everything("one file per resident id, wherever it is kept"):
        workers = Worker.objects.order_by("pk")
        if lock:
            workers = workers.select_for_update()
        for chunk in in_chunks(keys):
            for worker in workers.filter(id_number_hash__in=chunk):
                found.workers[bytes(worker.id_number_hash or b"")] = worker
        for chunk in in_chunks(w.pk for w in found.workers.values()):
            known = {"worker__in": chunk, "replaced_at": None}
            for spell in Employment.objects.filter(**known).select_related(
                "place", "operator", "organisation"
            ).order_by("starts", "pk"):  # fmt: skip
                found.spells[spell.worker_id].append(spell)
            for row in Certificate.objects.filter(**known).order_by("pk"):
                found.certificates[row.worker_id].append(row)
    return found


def numbers(rows: Iterable[Any]) -> dict[tuple[str, str], int]:
    """Certificates by kind and number that are on file already: whose they are."""
    found: dict[tuple[str, str], int] = {}
    with everything("a certificate is entered once, wherever its holder works"):
        for chunk in in_chunks({row.number for row in rows if row.number}):
            on_file = Certificate.objects.filter(number__in=chunk, replaced_at=None).order_by("pk")
            found |= {(c.kind, c.number): c.worker_id for c in on_file}
    return found


def employers(names: Iterable[str], actor: Any) -> dict[str, list[Employer]]:
    """Employers by name for which the actor may import staff: places first, then operators, then others."""
    found: dict[str, list[Employer]] = {}
    with everything("narrowed at once to where the right is held"):
        for chunk in in_chunks(set(names)):
            for model in MODELS:
                mine: dict[str, list[Employer]] = defaultdict(list)
                for one in model.objects.filter(name__in=chunk).order_by("pk"):
                    if actor.can(RIGHT, one):
                        mine[one.name].append(one)
                found = {**mine, **found}
    return found
