from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "yanglao.steering.tables"
    label = "tables"
    default_auto_field = "django.db.models.BigAutoField"
