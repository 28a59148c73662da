"""The app of ability assessments."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "yanglao.entitlement.assessment"
    label = "assessment"
    default_auto_field = "django.db.models.BigAutoField"
