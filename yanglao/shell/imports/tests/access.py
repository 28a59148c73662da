"""Who is answered what: imports belong to a division and to the right of their template."""

from __future__ import annotations

import io

from tests.harness.access import Access, change, listing, record
from tests.harness.house import House
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.files.actions import store
from yanglao.shell.imports.models import ImportBatch

USE = "imports.use"
TEMPLATE = "people.roster"
# They use imports for the records of their own home, for old assessments: not for the roster of a division.
OWN = {"care_home_manager": 403, "assessment_manager": 403}


def _batch(house: House) -> dict[str, object]:
    """A checked import without errors, of the village."""
    actor = Actor.system("a test's import")
    stored = store(actor, "a.csv", io.BytesIO(b"x"), kind="import", division=house.village)
    made = ImportBatch.objects.create(
        template=TEMPLATE,
        file=stored,
        file_name="a.csv",
        sha256=stored.sha256,
        state="checked",
        rows=1,
        report={"sheet": "s", "header_row": 1, "mapped": [], "preview": {"titles": [], "rows": []}},
        division_id=house.village,
        organisation=house.provider,
        actor_name="甲某",
    )
    return {"pk": made.pk}


def _original(house: House) -> dict[str, object]:
    return {**_batch(house), "what": "original"}


def _name(house: House) -> dict[str, object]:
    return {"name": TEMPLATE}


ACCESS: dict[str, Access] = {
    "imports:list": listing(USE),
    "imports:start": listing(USE, args=_name, other=(200, 403), roles=OWN),
    "imports:template": listing(USE, args=_name, page=False, other=(200, 403), roles=OWN),
    "imports:batch": record(USE, _batch, roles=OWN),
    "imports:commit": change(USE, _batch, roles=OWN),
    "imports:undo": change(USE, _batch, roles=OWN),
    "imports:cancel": change(USE, _batch, roles=OWN),
    "imports:download": change(USE, _original, own=200, page=False, roles=OWN),
}
