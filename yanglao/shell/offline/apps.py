from django.apps import AppConfig


class OfflineConfig(AppConfig):
    name = "yanglao.shell.offline"
    label = "offline"
