"""A form field for an employer: a place, an operator or another organisation, by its name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.models import Organisation
from yanglao.kernel.scope import current, everything
from yanglao.kernel.scope.models import ScopedQuerySet
from yanglao.registers.places.queries import Operator, Place
from yanglao.registers.workforce.checks import Employer
from yanglao.shell.fields import label_of

MODELS = {"place": Place, "operator": Operator, "organisation": Organisation}
FEW = 40


def _mine(model: type[Employer]) -> Any:
    """The records of a kind for which the actor keeps staff."""
    scope = current()
    with everything("narrowed at once to what the right reaches"):
        rows = model.objects.all()
    if scope is None or getattr(scope, "is_system", False):
        return rows
    return _reached(rows, scope)


def _reached(rows: ScopedQuerySet, scope: Any) -> Any:
    where = Q(pk__in=())
    for span in scope.spans("workforce.edit"):
        where |= Q(division__gte=span.lo, division__lte=span.hi)
    own = sorted(scope.organisations("workforce.edit"))
    if own:
        where |= Q(pk__in=own) if rows.model is Organisation else Q(organisation__in=own)
    return rows.filter(where)


def key_of(employer: Employer) -> str:
    """`place:12`: how an address names an employer."""
    return f"{type(employer).__name__.lower()}:{employer.pk}"


def by_key(key: str) -> Employer | None:
    """The employer an address names, if the actor keeps staff there."""
    kind, _colon, pk = key.partition(":")
    if kind not in MODELS or not pk.isdigit():
        return None
    found: Employer | None = _mine(MODELS[kind]).filter(pk=int(pk)).first()
    return found


def suggestions() -> list[str]:
    """Names to offer while typing, when there are few: a home's manager has one or two."""
    names: list[str] = []
    for model in (Place, Operator):
        names += _mine(model).order_by("name").values_list("name", flat=True)[: FEW + 1]
    return names if len(names) <= FEW else []


class EmployerInput(forms.TextInput):
    """A text field; where the actor has few places, they are offered to choose from."""

    template_name = "workforce/parts/employer_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        offered = suggestions()
        if offered:
            context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_names"
        return {**context, "offered": offered}


class EmployerField(forms.CharField):
    """Cleans to a Place, Operator or Organisation for which the actor keeps staff; None when left empty."""

    widget = EmployerInput

    def clean(self, value: Any) -> Employer | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        found = by_key(text)
        return found or self._named(text)

    def _named(self, text: str) -> Employer:
        for model in MODELS.values():
            rows = _mine(model)
            found = list(rows.filter(name=text).order_by("pk")[:2])
            if not found and model is not Organisation:
                found = list(
                    rows.filter(Q(name__prefix=text) | Q(pinyin__prefix=text.lower())).order_by("pk")[:5]
                )
            if len(found) == 1:
                only: Employer = found[0]
                return only
            if found:
                raise ValidationError(_several(text, found))
        raise ValidationError(
            _("没有找到“%(text)s”，或不在您的管理范围：请写机构设施、运营方或单位登记的全名。")
            % {"text": text}
        )

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Place | Operator | Organisation) else value


def _several(text: str, found: list[Employer]) -> str:
    names = _("、").join(f"{one.name}（{label_of(one.division_id)}）" for one in found)
    return _("“%(text)s”不止一处：%(names)s。请写全名。") % {"text": text, "names": names}
