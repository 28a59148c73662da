"""Answers of the addresses that belong to no room: sign-in, second factor, sessions, language."""

from tests.harness.access import Access, public, signed_in
from tests.harness.house import House


def _key(house: House) -> dict[str, str]:
    return {"key": "wrong"}


def _reset_key(house: House) -> dict[str, str]:
    return {"uidb36": "1", "key": "wrong-key"}


def _provider(house: House) -> dict[str, str]:
    return {"provider_id": "none"}


ACCESS: dict[str, Access] = {
    "set_language": public(method="post", own=302, signed_out=302),
    "account_login": public(own=302),
    "account_signup": public(own=302),  # closed: accounts are made by account managers
    "account_logout": signed_in(),
    "account_inactive": public(),
    "account_email": signed_in(),
    "account_email_verification_sent": public(),
    "account_confirm_email": public(args=_key),
    "account_confirm_login_code": public(own=302, signed_out=302),
    "account_change_password": signed_in(),
    "account_set_password": signed_in(own=302),  # they have one
    "account_reauthenticate": signed_in(),
    "account_reset_password": public(),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": public(args=_reset_key),
    "account_reset_password_from_key_done": public(),
    "mfa_index": signed_in(),
    "mfa_authenticate": public(own=302, signed_out=302),
    "mfa_reauthenticate": signed_in(own=302),
    "mfa_activate_totp": signed_in(own=302),  # asks for the password again
    "mfa_deactivate_totp": signed_in(own=404),  # not switched on
    "mfa_generate_recovery_codes": signed_in(own=302),
    "mfa_view_recovery_codes": signed_in(own=404),
    "mfa_download_recovery_codes": signed_in(own=404),
    "usersessions_list": signed_in(),
    "socialaccount_connections": signed_in(),
    "socialaccount_login_cancelled": public(),
    "socialaccount_login_error": public(own=401, signed_out=401),
    "socialaccount_signup": public(own=302, signed_out=302),
    "openid_connect_login": public(args=_provider, own=404, signed_out=404),
    "openid_connect_callback": public(args=_provider, own=404, signed_out=404),
}
