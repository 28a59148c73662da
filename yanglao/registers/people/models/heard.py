"""That somebody said again what the file says."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people.models.person import OfPerson, Person


class Heard(OfPerson):
    """What the file says was confirmed anew by a source on a day 再次确认: how fresh it is. The latest per person and
    `what` (a kind of facts or a column). `nothing`: he was asked and has none of it."""

    on_merge = "history"

    person = models.ForeignKey(Person, models.CASCADE, related_name="heard")
    what = models.CharField(_("情形"), max_length=30)
    nothing = models.BooleanField(_("没有这种情况"), default=False)
    on = models.DateField(_("确认日期"))
    source = models.CharField(_("来源"), max_length=100)
    recorded_by_id = models.BigIntegerField(_("登记人"), null=True, blank=True)

    class Meta:
        ordering = ["person", "what"]
        verbose_name = _("再次确认")
        constraints = [models.UniqueConstraint(fields=["person", "what"], name="people_heard_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.on}"
