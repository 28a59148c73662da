"""Model fields for personal data."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any
from uuid import UUID

from django import forms
from django.core import checks
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import pre_save
from django.utils.translation import gettext as _

from . import keyring
from .errors import Tampered
from .masks import MASKS
from .sealed import Sealed

HASH_SUFFIX = "_hash"
_TRANSPORT = "sealed:"


class BlindIndexField(models.BinaryField):  # type: ignore[type-arg]
    """16 bytes made by ``blind_index``; filled by the encrypted field it accompanies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else bytes(value)

    def pre_save(self, model_instance: Any, add: bool) -> bytes | None:
        """Of the text that is about to be sealed: where the index is declared before its field, it is asked first."""
        value = model_instance.__dict__.get(self.name.removesuffix(HASH_SUFFIX))
        if isinstance(value, Sealed) and (value.pending or not value):
            text = value.reveal()
            field = model_instance._meta.get_field(self.name.removesuffix(HASH_SUFFIX))
            setattr(model_instance, self.attname, keyring.blind_index(field.path, text) if text else None)
        found: bytes | None = super().pre_save(model_instance, add)
        return found


class SealedAttribute(DeferredAttribute):
    """Takes plain text, gives a ``Sealed`` that knows its row."""

    field: EncryptedField

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if not value.bound:
            value.bind(instance.uid)
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = self.field.sealed(value)


class EncryptedField(models.Field):  # type: ignore[type-arg]
    """Text that is encrypted in the database and masked on the page.

    ``mask`` names how it is shown (``id_number`` ``phone`` ``address`` ``bank_account`` ``hidden``);
    ``blind=True`` adds a column ``<name>_hash`` for exact search with ``blind_index``. The model needs
    ``uid = UUIDField(default=uuid4, unique=True)``. Empty text is stored as NULL.
    """

    descriptor_class = SealedAttribute
    empty_values = ()

    def __init__(self, *args: Any, mask: str = "hidden", blind: bool = False, **kwargs: Any) -> None:
        if mask not in MASKS:
            raise ValueError(f"mask {mask!r} is not one of {', '.join(MASKS)}")
        self.mask = mask
        self.blind = blind
        super().__init__(*args, **kwargs)

    # deconstruct() leaves mask and blind out: in a migration the companion is a field of its own

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return str(connection.ops.binary_placeholder_sql(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        blob = super().get_db_prep_value(value, connection, prepared)
        return None if blob is None else connection.Database.Binary(blob)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if self.blind and self.hash_name not in {field.name for field in cls._meta.local_fields}:
            cls.add_to_class(self.hash_name, BlindIndexField(verbose_name=f"{self.verbose_name} #"))
        if self.blind and not cls._meta.abstract:
            pre_save.connect(self._refuse_half_update, sender=cls, weak=False)

    @property
    def hash_name(self) -> str:
        return f"{self.name}{HASH_SUFFIX}"

    @property
    def path(self) -> str:
        """``app.model.field``, the name under which values are sealed and indexed."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def sealed(self, value: object) -> Sealed:
        """Plain text (str), cipher text (bytes) or another ``Sealed`` as a value of this field."""
        if isinstance(value, Sealed):
            return value.__copy__()
        if value is None or value in ("", b""):
            return Sealed(self.path, self.mask)
        if isinstance(value, str):
            return Sealed(self.path, self.mask, plain=value)
        if isinstance(value, (bytes, memoryview)):
            return Sealed(self.path, self.mask, blob=bytes(value))
        raise TypeError(f"{self.path} takes text, not {type(value).__name__}")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else self.sealed(value)

    def pre_save(self, model_instance: Any, add: bool) -> bytes | None:
        value: Sealed = getattr(model_instance, self.attname)
        uid: UUID = model_instance.uid
        if value.pending:
            return self._sealed_now(model_instance, value.reveal())
        if add and value:
            self._refuse_foreign(value, uid)
        if self.blind and not value:
            setattr(model_instance, self.hash_name, None)
        return value.blob

    def _sealed_now(self, instance: Any, text: str) -> bytes:
        blob = keyring.seal(self.path, instance.uid, text)
        instance.__dict__[self.attname] = Sealed(self.path, self.mask, blob=blob, uid=instance.uid)
        if self.blind:
            setattr(instance, self.hash_name, keyring.blind_index(self.path, text))
        return blob

    def _refuse_foreign(self, value: Sealed, uid: UUID) -> None:
        try:
            value.reveal(uid)
        except Tampered as error:
            raise Tampered(
                f"{self.path}: copied from another row; assign the revealed text instead"
            ) from error

    def _refuse_half_update(self, instance: Any, update_fields: Any = None, **kwargs: Any) -> None:
        named = set(update_fields or ())
        if self.name in named and self.hash_name not in named:
            raise FieldError(f"save(update_fields=…) with {self.name!r} must name {self.hash_name!r} too")

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str) or (isinstance(value, Sealed) and value.pending):
            raise FieldError(
                f"{self.path} is encrypted for its row: use save() or bulk_create(), "
                f"or update() with seal({self.path!r}, uid, text)"
            )
        return value.blob if isinstance(value, Sealed) else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(self._why_no_lookup(lookup_name))
        return super().get_lookup(lookup_name)

    def _why_no_lookup(self, lookup_name: str) -> str:
        if not self.blind:
            return (
                f"{self.path} is encrypted and cannot be searched ({lookup_name}); declare it with blind=True"
            )
        return (
            f"{self.path} is encrypted and cannot be searched ({lookup_name}); "
            f"filter({self.hash_name}=blind_index({self.path!r}, text)) finds it exactly"
        )

    def clean(self, value: Any, model_instance: Any) -> Any:
        if not self.blank and not value:
            raise ValidationError(_("请填写%(field)s。") % {"field": self.verbose_name}, code="blank")
        return value

    def to_python(self, value: Any) -> Any:
        """Cipher text as fixtures carry it; plain text never comes this way."""
        if isinstance(value, str) and value.startswith(_TRANSPORT):
            return b64decode(value.removeprefix(_TRANSPORT))
        return value

    def value_to_string(self, obj: models.Model) -> str:
        blob = getattr(obj, self.attname).blob
        return "" if blob is None else _TRANSPORT + b64encode(blob).decode("ascii")

    def value_from_object(self, obj: models.Model) -> str:
        """The mask: this is what a form shows in its input."""
        return str(getattr(obj, self.attname))

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        if data != self.value_from_object(instance):  # the mask left as it was means: unchanged
            setattr(instance, self.attname, data)

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **{"form_class": forms.CharField, **kwargs})

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_uid()]

    def _check_uid(self) -> list[checks.CheckMessage]:
        names = {field.name: field for field in self.model._meta.get_fields()}
        if isinstance(names.get("uid"), models.UUIDField):
            return []
        hint = "Add uid = models.UUIDField(default=uuid4, unique=True, editable=False)."
        return [
            checks.Error("A model with an EncryptedField needs a uid.", hint=hint, obj=self, id="crypto.E001")
        ]
