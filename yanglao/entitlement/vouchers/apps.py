"""The app of vouchers."""

from django.apps import AppConfig


class VouchersConfig(AppConfig):
    name = "yanglao.entitlement.vouchers"
    label = "vouchers"
    default_auto_field = "django.db.models.BigAutoField"
