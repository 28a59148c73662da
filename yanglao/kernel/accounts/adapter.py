"""How people get in: accounts are made by an account manager, never by signing up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class KnownUsersOnly(DefaultSocialAccountAdapter):
    """Single sign-on links to an account of the same user name; it never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        from yanglao.kernel.accounts.models import User

        data = sociallogin.account.extra_data
        username = (data.get("userinfo") or data).get("preferred_username")
        user = User.objects.filter(username=username, is_active=True).first() if username else None
        if user and not sociallogin.is_existing:
            sociallogin.connect(request, user)
