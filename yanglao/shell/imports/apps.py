from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "yanglao.shell.imports"
    label = "imports"
