from __future__ import annotations

from collections.abc import Callable

import pytest

from yanglao.kernel.rooms import house as the_house
from yanglao.shell.offline.tests.phones import phone
from yanglao.shell.offline.tests.sample import Ledger

__all__ = ["ledger", "phone"]


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ledger]:
    """`ledger(n)`: the small form stands in the house, with n tasks."""

    def stand(tasks: int = 3) -> Ledger:
        made = Ledger(str(n) for n in range(1, tasks + 1))
        monkeypatch.setitem(the_house().offline_forms, "visit", made.form)
        return made

    return stand
