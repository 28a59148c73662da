"""Giving a file out."""

from __future__ import annotations

from django.http import FileResponse

from yanglao.kernel.files.models import StoredFile


def download(stored: StoredFile, *, name: str = "") -> FileResponse:
    """The file as an attachment. The caller has found its record in the scope of who asks, and checked the right.

    Never shown in the browser: what somebody uploaded must not run on our pages.
    """
    response = FileResponse(
        stored.open(), as_attachment=True, filename=name or stored.name, content_type=stored.media_type
    )
    response["Content-Length"] = str(stored.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
