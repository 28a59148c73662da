"""The shell as a Django app."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "yanglao.shell"
    label = "shell"
    verbose_name = "页面框架"
