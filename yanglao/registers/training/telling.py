"""What training does at the news of other rooms."""

from __future__ import annotations

from yanglao.kernel import bulk
from yanglao.kernel.scope import everything
from yanglao.registers.people.events import PeopleImportUndone
from yanglao.registers.training.models import Trainee


def forget_persons(event: PeopleImportUndone) -> None:
    """Files of a roster that is taken back go; who was trained stays trained, by name."""
    with everything("the persons of a roster that is taken back"):
        for ids in bulk.in_chunks(event.person_ids):
            Trainee.objects.filter(person__in=ids).update(person=None)
