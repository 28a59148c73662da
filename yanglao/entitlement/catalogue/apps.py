"""The app of the lists of services."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "yanglao.entitlement.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
