"""Which packs were loaded, in every version that ever was."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.divisions.models import Division


class City(models.Model):
    """A city or county (城市) that was loaded from its folder."""

    id = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    root = models.OneToOneField(Division, models.PROTECT, verbose_name=_("行政区划"), related_name="+")
    time_zone = models.CharField(_("时区"), max_length=40, default="Asia/Shanghai")
    loaded_at = models.DateTimeField(_("载入时间"), auto_now=True)

    class Meta:
        ordering = ["root_id"]
        verbose_name = _("城市")

    def __str__(self) -> str:
        return self.name


class LoadedFile(models.Model):
    """One version of one pack file, as it was applied. Only `replaced_at` is ever set afterwards.

    A standard's `standard_id` and `version` are what records keep; the content of a version that was in use
    stays readable here after the file has moved on.
    """

    pack = models.CharField(_("数据包"), max_length=60)
    path = models.CharField(_("文件"), max_length=200)
    standard_id = models.CharField(_("标准编号"), max_length=100, blank=True)
    version = models.CharField(_("版本"), max_length=60, blank=True)
    valid_from = models.DateField(_("施行日期"), null=True, blank=True)
    valid_to = models.DateField(_("废止日期"), null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    content = models.JSONField(_("内容"))
    loaded_at = models.DateTimeField(_("载入时间"))
    replaced_at = models.DateTimeField(_("被替换时间"), null=True, blank=True)

    class Meta:
        ordering = ["pack", "path", "-loaded_at"]
        verbose_name = _("已载入的文件")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "path"], condition=models.Q(replaced_at=None), name="pack_file_current_once"
            )
        ]
        indexes = [models.Index(fields=["standard_id", "version"], name="pack_standard_version")]

    def __str__(self) -> str:
        return f"{self.pack}/{self.path}"
