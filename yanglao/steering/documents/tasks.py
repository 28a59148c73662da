"""Background work: reading a document."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.jobs.context import JobContext
from yanglao.kernel.jobs.declare import job
from yanglao.steering.documents.actions import store_reading
from yanglao.steering.documents.models import Document


@job("documents.read", retries=1, label=_("读取政策文件"))
def read_document(ctx: JobContext, *, document_id: int) -> None:
    """Read it; a file that cannot be read says why on its page."""
    document = Document.objects.select_related("file").filter(pk=document_id).first()
    if document is not None:
        store_reading(ctx.actor, document)
        ctx.result(document.get_absolute_url())
