"""The pages of cases; their tables are in kernel.cases."""

from django.apps import AppConfig


class CasePagesConfig(AppConfig):
    name = "yanglao.shell.cases"
    label = "case_pages"
