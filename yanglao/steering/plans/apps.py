from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "yanglao.steering.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"
