"""Published prices: set, ended, withdrawn. What was once in force stays."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.scope import everything
from yanglao.registers.places import checks
from yanglao.registers.places.models import Place, Price
from yanglao.registers.places.recording import refresh


@action("places.set_price", right="places.edit")
def set_price(
    actor: Actor,
    place: Place,
    *,
    item: str,
    unit: str,
    low: int,
    high: int,
    valid_from: dt.date,
    source: str,
    bed: str = "",
    ability: str = "",
    published_on: dt.date | None = None,
    note_text: str = "",
) -> Price:
    """A price in force from a day on, fen per unit, lowest to highest; the one before it ends that day and stays.

    Raises ValidationError, also when a later price of the same kind is recorded already.
    """
    _sound(item, unit, bed, ability)
    if not 0 <= low <= high:
        raise ValidationError({"high": _("最高价不应低于最低价：请核对。")})
    checks.days(valid_from, None)
    refresh(place)
    made = Price(
        place=place, item=item, bed=bed, ability=ability, unit=unit, low=low, high=high, valid_from=valid_from,
        published_on=published_on, note=note_text, source=checks.source(source),
        slot=":".join((item, bed, ability, unit)),
    )  # fmt: skip
    _give_way(made)
    made.save()
    note(item=item, low=low, high=high)
    return made


def _sound(item: str, unit: str, bed: str, ability: str) -> None:
    lists = {
        "item": (item, Price.Item.values),
        "unit": (unit, Price.Unit.values),
        "bed": (bed, ["", *Price.Bed.values]),
        "ability": (ability, ["", *Price.Ability.values]),
    }
    for field, (value, allowed) in lists.items():
        if value not in allowed:
            raise ValidationError({field: _("不在可选范围内：请从列表中选择。")})


def _give_way(new: Price) -> None:
    """End the price that stands on the new one's first day; a later one must be withdrawn first."""
    with everything("the prices of a place an action holds"):
        same = Price.objects.filter(place=new.place, slot=new.slot, withdrawn_at=None)
        later = same.filter(valid_from__gte=new.valid_from).order_by("valid_from").first()
        if later is not None:
            raise ValidationError(
                {
                    "valid_from": _("同一项目已有%(day)s起执行的价格：请填写更晚的日期，或先作废那一条。")
                    % {"day": later.valid_from}
                }
            )
        standing = same.filter(Q(valid_to=None) | Q(valid_to__gt=new.valid_from))
        standing.update(valid_to=new.valid_from)


@action("places.end_price", right="places.edit")
def end_price(actor: Actor, price: Price, *, on: dt.date) -> Price:
    """The item is no longer offered from the day `on`."""
    refresh(price.place)
    price.refresh_from_db()
    if price.withdrawn_at or on <= price.valid_from or (price.valid_to and on >= price.valid_to):
        raise ValidationError({"on": _("停止日期应在这条价格的执行期内。")})
    price.valid_to = on
    price.save()
    return price


@action("places.withdraw_price", right="places.edit")
def withdraw_price(actor: Actor, price: Price, *, reason: str) -> Price:
    """The entry was wrong: it counts no longer, but is kept. The one it had ended stands again."""
    read = checks.reason(reason)
    refresh(price.place)
    price.refresh_from_db()
    if price.withdrawn_at is not None:
        raise ValidationError(_("这条价格已作废。"))
    price.withdrawn_at = timezone.now()
    price.save()
    with everything("the prices of a place an action holds"):
        Price.objects.filter(
            place=price.place, slot=price.slot, withdrawn_at=None, valid_to=price.valid_from
        ).update(valid_to=price.valid_to)
    note(reason=read, item=price.item)
    return price
