"""What is done in the background: everybody's states anew, every night and after a roster."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.jobs import JobContext, JobFailed, job
from yanglao.kernel.packs.models import City
from yanglao.kernel.packs.queries import city_of


@job("catalogue.daily", daily=dt.time(2, 10), label=gettext_lazy("重新认定清单资格"))
def daily(ctx: JobContext) -> None:
    """Birthdays, new editions and policies: what no change of a single file tells."""
    from yanglao.entitlement.catalogue import nightly

    cities = list(City.objects.order_by("root_id"))
    for number, city in enumerate(cities, 1):
        ctx.check_cancelled()
        done = nightly.recompute(ctx.actor, city=city)
        said = {"city": city.name, "new": done.new, "changed": done.changed}
        ctx.progress(number, len(cities), _("%(city)s：新增 %(new)s，变化 %(changed)s") % said)


@job("catalogue.asked", label=gettext_lazy("重新认定清单资格"))
def asked(ctx: JobContext, *, division: int) -> None:
    """The same for one city, asked for on a page."""
    from yanglao.entitlement.catalogue import nightly

    city = city_of(division) if division else City.objects.order_by("root_id").first()
    if city is None:
        raise JobFailed(_("还没有载入城市文件夹。"))
    done = nightly.recompute(ctx.actor, city=city)
    said = {"city": city.name, "new": done.new, "changed": done.changed}
    ctx.progress(1, 1, _("%(city)s：新增 %(new)s，变化 %(changed)s") % said)
    ctx.result(reverse("catalogue:overview"))


@job("catalogue.recover", label=gettext_lazy("补算清单以往月份"))
def recover(ctx: JobContext, *, division: int, first: int) -> None:
    """Months before the first night, from dated facts."""
    from yanglao.entitlement.benefits.rules.months import Month
    from yanglao.entitlement.catalogue import nightly

    city = city_of(division) if division else City.objects.order_by("root_id").first()
    if city is None:
        raise JobFailed(_("还没有载入城市文件夹。"))
    done = nightly.recover(ctx.actor, city=city, first=Month.of(first))
    ctx.progress(1, 1, _("%(city)s：补算 %(n)s 个月") % {"city": city.name, "n": done})
    ctx.result(reverse("catalogue:months"))
