"""What is true of a person when (情形), and what two places say of him."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.registers.people.models.person import OfPerson, Person


class Circumstance(OfPerson):
    """A dated fact 情形: true from `valid_from` up to, not including, `valid_to`; known from `recorded_at` until
    `replaced_at`. Rows are never changed but for `replaced_at`. `slot` is what holds once on a day (Kind.slot).
    """

    on_merge = "history"

    person = models.ForeignKey(Person, models.CASCADE, related_name="circumstances")
    kind = models.CharField(_("情形"), max_length=30)
    value = models.CharField(_("内容"), max_length=40)
    slot = models.CharField(max_length=40, blank=True, editable=False)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至（不含）"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    replaced_at = models.DateTimeField(_("被更正时间"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=100)
    evidence = models.ForeignKey(
        "files.StoredFile",
        models.PROTECT,
        verbose_name=_("佐证材料"),
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    recorded_by_id = models.BigIntegerField(_("登记人"), null=True, blank=True)

    class Meta:
        ordering = ["person", "kind", "valid_from", "id"]
        verbose_name = _("情形")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="people_spell_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(replaced_at__gt=F("recorded_at")),
                name="people_known_a_moment",
            ),
            # Ranges cannot be excluded without an extension on one database and at all on the other; with the
            # lock on the person taken by every action these two leave no other way for two to hold at once.
            models.UniqueConstraint(
                fields=["person", "kind", "slot", "valid_from"],
                condition=Q(replaced_at=None),
                name="people_one_spell_begins",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "slot"],
                condition=Q(replaced_at=None, valid_to=None),
                name="people_one_spell_is_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "value", "valid_from"],
                condition=Q(replaced_at=None),
                name="people_known_by_value",
            ),
            models.Index(
                fields=["kind", "replaced_at"],
                condition=Q(replaced_at__isnull=False),
                name="people_replaced",
            ),
            models.Index(fields=["recorded_at"], name="people_recorded"),
            # every run asks who was known to be dead when: answered from this index alone
            models.Index(
                fields=["recorded_at", "replaced_at", "person", "valid_from"],
                condition=Q(kind="dead"),
                name="people_deaths",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}={self.value} {self.valid_from}..{self.valid_to or ''}"


class Claim(OfPerson):
    """Two places say the person is theirs 两地报送: a roster says another residence or hukou than is known.

    Nothing is moved by a claim; someone who may edit in one of the two places settles it.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("待核实")
        ACCEPTED = "accepted", _("已采纳")
        DISMISSED = "dismissed", _("不采纳")

    scope_paths = ("person__hukou", "person__residence", "division")
    person = models.ForeignKey(Person, models.CASCADE, related_name="claims")
    kind = models.CharField(_("情形"), max_length=30)
    division = models.ForeignKey(
        "divisions.Division",
        models.PROTECT,
        verbose_name=_("报送的区划"),
        related_name="+",
        db_constraint=False,
    )
    valid_from = models.DateField(_("自"))
    source = models.CharField(_("来源"), max_length=100)
    raised_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    settled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    outcome = models.CharField(_("处理结果"), max_length=10, choices=Outcome.choices, blank=True, default="")
    reason = models.CharField(_("理由"), max_length=100, blank=True)

    class Meta:
        ordering = ["-raised_at", "-id"]
        verbose_name = _("两地报送")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "division"],
                condition=Q(settled_at=None),
                name="people_one_open_claim",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}={self.division_id}"
