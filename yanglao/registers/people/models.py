"""Older persons (老年人) and what is true of them when (情形)."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, NoReturn
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.crypto.fields import BlindIndexField, EncryptedField
from yanglao.kernel.crypto.keyring import blind_index
from yanglao.kernel.scope import ScopedModel
from yanglao.kernel.text import PrefixField
from yanglao.registers.people.rules.ages import age_on

ID_PATH = "people.person.id_number"
TAIL_PATH = "people.person.id_tail"


class Sex(models.IntegerChoices):
    MALE = 1, _("男")
    FEMALE = 2, _("女")


class Person(ScopedModel):
    """An older person 老年人: who he is, and today's projection of the circumstances lists filter by.

    `hukou` and `residence` need not be divisions of this city (人户分离 across cities), hence no constraint;
    the projected columns are written by `projections` only.
    """

    scope_right = "people.view"
    scope_paths = ("hukou", "residence")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = PrefixField(_("姓名"), max_length=50, db_index=True)
    pinyin = PrefixField(_("姓名拼音"), max_length=100, db_index=True, editable=False)
    initials = PrefixField(_("姓名拼音首字母"), max_length=30, db_index=True, editable=False)
    sex = models.SmallIntegerField(_("性别"), choices=Sex.choices)
    birth_date = models.DateField(_("出生日期"))
    ethnicity = models.CharField(_("民族"), max_length=2, blank=True)
    id_number_hash = BlindIndexField(_("身份号码索引"), unique=True, db_index=False, editable=False)
    id_number = EncryptedField(_("公民身份号码"), mask="id_number", blind=True, null=True, blank=True)
    id_tail_hash = BlindIndexField(_("身份号码后四位索引"), editable=False)
    phone = EncryptedField(_("联系电话"), mask="phone", null=True, blank=True)
    address = EncryptedField(_("居住地址"), mask="address", null=True, blank=True)
    hukou_address = EncryptedField(_("户籍地址"), mask="address", null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    hukou = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("户籍地"), related_name="+", db_constraint=False
    )
    residence = models.ForeignKey(
        "divisions.Division", models.PROTECT, verbose_name=_("居住地"), related_name="+", db_constraint=False
    )
    death_date = models.DateField(_("死亡日期"), null=True, blank=True, editable=False)
    economic = models.CharField(_("经济状况"), max_length=40, blank=True, editable=False)
    living = models.CharField(_("居住状况"), max_length=40, blank=True, editable=False)
    ability = models.CharField(_("能力等级"), max_length=40, blank=True, editable=False)
    source = models.CharField(_("建档来源"), max_length=100, blank=True, editable=False)
    added_at = models.DateTimeField(_("建档时间"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True, db_index=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("老年人")
        indexes = [models.Index(fields=["birth_date"], name="people_person_birth")]
        constraints = [
            models.CheckConstraint(condition=Q(sex__in=[1, 2]), name="people_sex"),
            models.CheckConstraint(
                condition=Q(death_date=None) | Q(death_date__gte=F("birth_date")),
                name="people_born_before_death",
            ),
            models.CheckConstraint(
                condition=Q(hukou__gte=10**11, hukou__lt=10**12, residence__gte=10**11, residence__lt=10**12),
                name="people_division_codes",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:person", args=[self.pk])

    def set_id_number(self, number: str) -> None:
        """Set the 18-digit resident id and the index of its last four characters."""
        self.id_number = number
        self.id_tail_hash = blind_index(TAIL_PATH, number[-4:]) if number else None

    def age(self, day: dt.date | None = None) -> int:
        """Full years on a day (today), or at death."""
        day = day or timezone.localdate()
        return age_on(self.birth_date, min(day, self.death_date or day))

    @property
    def split(self) -> bool:
        """Hukou and residence differ (人户分离)."""
        return self.hukou_id != self.residence_id


class OfPerson(ScopedModel):
    """Something that belongs to a person and is seen by those who see him."""

    scope_right = "people.view"
    scope_paths: ClassVar[tuple[str, ...]] = ("person__hukou", "person__residence")

    class Meta:
        abstract = True


class Circumstance(OfPerson):
    """A dated fact 情形: true from `valid_from` up to, not including, `valid_to`; known from `recorded_at` until
    `replaced_at`. Rows are never changed but for `replaced_at`. `slot` is what holds once on a day (Kind.slot).
    """

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
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}={self.value} {self.valid_from}..{self.valid_to or ''}"


class Relation(models.TextChoices):
    SELF = "self", _("本人")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    GRANDCHILD = "grandchild", _("孙子女")
    SIBLING = "sibling", _("兄弟姐妹")
    RELATIVE = "relative", _("其他亲属")
    NEIGHBOUR = "neighbour", _("邻居")
    CADRE = "cadre", _("村（社区）干部")
    OTHER = "other", _("其他")


class Contact(OfPerson):
    """Whom to call 联系人, and whether he has a key to the home."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="contacts")
    name = models.CharField(_("姓名"), max_length=50)
    relation = models.CharField(_("与老人关系"), max_length=12, choices=Relation.choices)
    phone = EncryptedField(_("联系电话"), mask="phone", null=True, blank=True)
    guardian = models.BooleanField(_("监护人"), default=False)
    has_key = models.BooleanField(_("有老人家钥匙"), default=False)
    source = models.CharField(_("来源"), max_length=100, blank=True, editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("联系人")

    def __str__(self) -> str:
        return self.name


class PayAccount(OfPerson):
    """Where money goes 收款账户. The blind index finds one account that receives for many people."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="accounts")
    account = EncryptedField(_("银行账号"), mask="bank_account", blind=True)
    holder = models.CharField(_("户名"), max_length=50)
    relation = models.CharField(_("户主与老人关系"), max_length=12, choices=Relation.choices, default="self")
    bank = models.CharField(_("开户银行"), max_length=80)
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=100)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["person", "-valid_from", "-id"]
        verbose_name = _("收款账户")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(valid_to=None), name="people_one_account_in_use"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="people_account_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.account}"


class Looked(OfPerson):
    """Who read personal data of whom in clear, what for 查阅记录. Append-only."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="looked")
    at = models.DateTimeField(_("时间"), default=timezone.now)
    user_id = models.BigIntegerField(_("账号"), null=True)
    actor = models.CharField(_("查阅人"), max_length=140)
    via = models.CharField(_("方式"), max_length=8)
    address = models.CharField(_("来源地址"), max_length=45, blank=True)
    field = models.CharField(_("查阅内容"), max_length=40)
    purpose = models.CharField(_("用途"), max_length=100)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("查阅记录")
        indexes = [models.Index(fields=["person", "-at"], name="people_looked_at")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.field}"

    @property
    def what(self) -> str:
        """What was read, in words."""
        names = {
            "id_number": _("公民身份号码"),
            "phone": _("联系电话"),
            "address": _("居住地址"),
            "hukou_address": _("户籍地址"),
            "contact": _("联系人电话"),
            "account": _("银行账号"),
            "bank_account": _("银行账号"),
        }
        return str(names.get(self.field.partition(":")[0], self.field))

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("a record of reading is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("a record of reading is never deleted")


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


class Tally(models.Model):
    """How many persons a measure counts in a division on the day it was last counted 统计汇总."""

    measure = models.CharField(max_length=40)
    division_code = models.BigIntegerField()
    number = models.IntegerField()
    counted_on = models.DateField()

    class Meta:
        ordering = ["measure", "division_code"]
        verbose_name = _("统计汇总")
        constraints = [models.UniqueConstraint(fields=["measure", "division_code"], name="people_one_tally")]

    def __str__(self) -> str:
        return f"{self.measure} {self.division_code}: {self.number}"
