"""The app of policymaking."""

from django.apps import AppConfig


class PolicymakingConfig(AppConfig):
    name = "yanglao.entitlement.policymaking"
    label = "policymaking"
    default_auto_field = "django.db.models.BigAutoField"
