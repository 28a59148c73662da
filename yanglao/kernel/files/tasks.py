from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.files.sweeping import sweep
from yanglao.kernel.jobs import JobContext, job


@job("files.sweep", label=_("清理无主文件"), daily=time(3, 40))
def sweep_files(ctx: JobContext) -> None:
    """Delete contents that no record names."""
    sweep()
