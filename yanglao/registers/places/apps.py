"""The app of the register of places."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "yanglao.registers.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
