"""Uploaded and produced files 文件. The content lies in the storage under its hash, sealed; the same content once."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.files.sealing import Unsealed


def place_of(sha256: str) -> str:
    """Where a content lies in the storage; made of its hash alone, never of a name somebody typed."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


class StoredFile(models.Model):
    """One file of a record. It has no page of its own: a room gives it out after finding its record in scope."""

    name = models.CharField(_("文件名"), max_length=150)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField(_("字节数"))
    media_type = models.CharField(max_length=100)
    kind = models.CharField(_("种类"), max_length=20)
    division = models.ForeignKey(
        "divisions.Division", models.PROTECT, null=True, db_constraint=False, related_name="+"
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("文件")
        constraints = (
            models.CheckConstraint(condition=models.Q(size__gte=0), name="files_size_not_negative"),
        )

    def __str__(self) -> str:
        return self.name

    def open(self) -> IO[bytes]:
        """The plain content, readable and seekable. Raises FileNotFoundError, or Tampered while reading."""
        sealed = cast(IO[bytes], default_storage.open(place_of(self.sha256), "rb"))
        return cast(IO[bytes], io.BufferedReader(Unsealed(sealed, self.size, self.sha256), 64 * 1024))

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """For libraries that want a path: a plain copy, readable by us only and gone at the end."""
        with tempfile.NamedTemporaryFile(suffix=Path(self.name).suffix) as copy, self.open() as content:
            shutil.copyfileobj(content, copy)
            copy.flush()
            yield Path(copy.name)
