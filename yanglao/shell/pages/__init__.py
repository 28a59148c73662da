"""Pages a room declares in a few lines: a list, a detail, a form, a bulk action. See docs/add-a-room.md."""

from yanglao.shell.pages.access import SIGNED_IN, Access, Crumb, PageView, page
from yanglao.shell.pages.bulk import BulkAction
from yanglao.shell.pages.columns import Column
from yanglao.shell.pages.detail import DetailPage, Panel
from yanglao.shell.pages.form import FormPage
from yanglao.shell.pages.listing import Button, Empty, ListPage

__all__ = [
    "SIGNED_IN",
    "Access",
    "BulkAction",
    "Button",
    "Column",
    "Crumb",
    "DetailPage",
    "Empty",
    "FormPage",
    "ListPage",
    "PageView",
    "Panel",
    "page",
]
