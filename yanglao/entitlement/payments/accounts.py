"""Whose account a payment goes into: the person's own in the register of people, or that of a place, worker, operator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yanglao.entitlement.payments.models import PayeeAccount
from yanglao.kernel import bulk
from yanglao.registers.people.models import PayAccount, Person
from yanglao.registers.places.queries import Operator, Place
from yanglao.registers.workforce.queries import Worker

Payee = tuple[str, int]  # (person · place · worker · operator, id)
_TABLES = {"place": Place, "worker": Worker, "operator": Operator}


@dataclass(frozen=True)
class Receiver:
    """A payee with the account in use, **in clear** where `clear` was asked for; `account_id` 0: he has none."""

    name: str
    id_number: str = ""
    account_id: int = 0
    account: str = ""
    mask: str = ""
    holder: str = ""
    bank: str = ""


def receivers(
    payees: Iterable[Payee], *, clear: bool = False, accounts: Iterable[tuple[str, int]] | None = None
) -> dict[Payee, Receiver]:
    """Each payee with his account: the one in use, or one of `accounts` ((kind, id): those a file was made with).

    In the entered scope. Read with `clear` only in an action that records the reading.
    """
    by_kind: dict[str, set[int]] = defaultdict(set)
    for kind, pk in payees:
        by_kind[kind].add(pk)
    chosen: dict[str, list[int]] | None = None
    if accounts is not None:
        chosen = defaultdict(list)
        for kind, pk in accounts:
            chosen[kind].append(pk)
    found: dict[Payee, Receiver] = {}
    for kind, ids in by_kind.items():
        used = None if chosen is None else chosen[kind]
        for chunk in bulk.in_chunks(sorted(ids)):
            found.update(
                _people(chunk, clear, used) if kind == "person" else _others(kind, chunk, clear, used)
            )
    return found


def _people(ids: Sequence[int], clear: bool, used: list[int] | None) -> dict[Payee, Receiver]:
    accounts = PayAccount.objects.filter(person__in=ids).order_by("pk")
    rows = accounts.filter(valid_to=None) if used is None else accounts.filter(pk__in=used)
    by_person = {account.person_id: account for account in rows}
    return {
        ("person", pk): _receiver(person.name, person.id_number, by_person.get(pk), clear)
        for pk, person in Person.files.in_bulk(list(ids)).items()
    }


def _others(kind: str, ids: Sequence[int], clear: bool, used: list[int] | None) -> dict[Payee, Receiver]:
    accounts = PayeeAccount.objects.filter(payee_kind=kind, payee_id__in=ids).order_by("pk")
    rows = accounts.filter(valid_to=None) if used is None else accounts.filter(pk__in=used)
    by_payee = {account.payee_id: account for account in rows}
    table = _TABLES.get(kind)
    names = (
        {}
        if table is None
        else dict(table.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "name"))
    )
    return {(kind, pk): _receiver(names.get(pk, ""), None, by_payee.get(pk), clear) for pk in ids}


def _receiver(name: str, id_number: object, account: object, clear: bool) -> Receiver:
    number = id_number.reveal() if clear and id_number else ""  # type: ignore[attr-defined]
    if account is None:
        return Receiver(name, number)
    return Receiver(
        name,
        number,
        account.pk,  # type: ignore[attr-defined]
        account.account.reveal() if clear else "",  # type: ignore[attr-defined]
        str(account.account),  # type: ignore[attr-defined]
        account.holder,  # type: ignore[attr-defined]
        account.bank,  # type: ignore[attr-defined]
    )


def named_payee(kind: str, name: str) -> int | None:
    """The one place, worker or operator of that name in the entered scope; None when there is none, or several."""
    found = list(
        _TABLES[kind].objects.filter(name=name.strip()).order_by("pk").values_list("pk", flat=True)[:2]
    )
    return found[0] if len(found) == 1 else None
