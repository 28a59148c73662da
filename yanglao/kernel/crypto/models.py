from django.db import models
from django.utils.translation import gettext_lazy as _


class DataKey(models.Model):
    """A data key (DEK), wrapped by the master key, which is never in the database."""

    class Purpose(models.TextChoices):
        DATA = "data", _("加密数据")
        INDEX = "index", _("盲索引")

    class State(models.TextChoices):
        ACTIVE = "active", _("使用中")
        RETIRING = "retiring", _("轮换中")
        RETIRED = "retired", _("已停用")

    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    algorithm = models.CharField(max_length=8)
    master = models.CharField(max_length=16, help_text="fingerprint of the master key that wraps it")
    wrapped = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["purpose"], condition=models.Q(state="active"), name="crypto_one_active_key"
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk} ({self.algorithm}, {self.state})"


class Rotation(models.Model):
    """One change of the data key (密钥轮换): everything is sealed anew with ``key``."""

    key = models.OneToOneField(DataKey, on_delete=models.PROTECT, related_name="rotation")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)


class RotationProgress(models.Model):
    """How far one table has come in a rotation, so that a killed one goes on where it was."""

    rotation = models.ForeignKey(Rotation, on_delete=models.CASCADE, related_name="tables")
    table = models.CharField(max_length=100)
    last_pk = models.CharField(max_length=64, blank=True)
    done = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["rotation", "table"], name="crypto_progress_once_per_table"),
        )
