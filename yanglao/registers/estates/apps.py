"""The app of the ledger of premises that estates owe."""

from django.apps import AppConfig


class EstatesConfig(AppConfig):
    name = "yanglao.registers.estates"
    label = "estates"
    default_auto_field = "django.db.models.BigAutoField"
