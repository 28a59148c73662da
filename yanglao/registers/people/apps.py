"""The app of the register of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "yanglao.registers.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
