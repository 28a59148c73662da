"""Policy files in use: those of the city's folder, and those published over them by two people.

The folder stays the base: a published text stands in place of the folder's file of the same name until it is taken
back or the folder brings the same text. What the folder brings meanwhile is kept, to return to.
"""

from __future__ import annotations

from django.utils import timezone

from yanglao.entitlement.benefits.models import PolicyFile
from yanglao.kernel.packs.models import City
from yanglao.kernel.packs.queries import city_of


def city_at(division: int) -> City | None:
    """The loaded city a division lies in."""
    return city_of(division) if division else None


def texts_of(city: City | None) -> dict[str, str]:
    """File name → text of all policies in use in a city."""
    if city is None:
        return {}
    files = PolicyFile.objects.filter(city=city, replaced_at=None)
    return dict(files.order_by("name").values_list("name", "text"))


def folder_text(city: City, name: str) -> str:
    """What the city's folder says last; "" where it has no such file."""
    files = PolicyFile.objects.filter(city=city, name=name, published=False)
    return files.order_by("-loaded_at", "-id").values_list("text", flat=True).first() or ""


def put_in_force(city: City, name: str, text: str) -> None:
    """From now on this text is the city's policy of that file name."""
    now = timezone.now()
    PolicyFile.objects.filter(city=city, name=name, replaced_at=None).update(replaced_at=now)
    PolicyFile.objects.create(city=city, name=name, text=text, loaded_at=now, published=True)


def back_to_folder(city: City, name: str) -> bool:
    """Take a published text back; True when the folder's own text stands again, False when there is none."""
    now = timezone.now()
    text = folder_text(city, name)
    PolicyFile.objects.filter(city=city, name=name, replaced_at=None).update(replaced_at=now)
    if text:
        PolicyFile.objects.create(city=city, name=name, text=text, loaded_at=now)
    return bool(text)


def keep_folder(city: City, name: str, text: str) -> None:
    """Remember what the folder says while a published text stands over it."""
    if folder_text(city, name) != text:
        now = timezone.now()
        PolicyFile.objects.create(city=city, name=name, text=text, loaded_at=now, replaced_at=now)
