"""A form that calls an action, and says plainly what the action refused."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from yanglao.shell.pages.access import PageView


class FormPage(PageView):
    """Set `right`, `title`, `form_class`; write `perform(data)` to call the action and `done_url(result)`.

    A ValidationError of the action lands at the field it names, or above the form. `danger`: a sentence that says
    what cannot be undone; the form then asks once more. `done`: the sentence shown afterwards.
    """

    form_class: ClassVar[type[forms.BaseForm]]
    template: ClassVar[str] = "shell/form.html"
    lead: ClassVar[Any] = ""
    submit: ClassVar[Any] = _("保存")
    done: ClassVar[Any] = _("已保存。")
    danger: ClassVar[Any] = ""

    def initial(self) -> dict[str, Any]:
        return {}

    def form_arguments(self) -> dict[str, Any]:
        """Further arguments of the form class, such as `instance`."""
        return {}

    def perform(self, data: dict[str, Any]) -> Any:
        raise NotImplementedError

    def done_url(self, result: Any) -> str:
        raise NotImplementedError

    def finished(self, result: Any) -> HttpResponseBase:
        """The answer after the action: by default the next page, with a sentence that it is done."""
        messages.success(self.request, self.done)
        return redirect(self.done_url(result))

    def back_url(self) -> str:
        """Where "cancel" leads: by default the last of the crumbs that has a page."""
        return next((c.url for c in reversed(self.crumbs()) if c.url), "/")

    def form(self, *data: Any) -> forms.BaseForm:
        arguments: dict[str, Any] = {"initial": self.initial(), **self.form_arguments()}
        return self.form_class(*data, **arguments)

    def context(self) -> dict[str, Any]:
        return self.form_context(self.form())

    def form_context(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            "form": form,
            "page": self,
            "lead": self.lead,
            "submit": self.submit,
            "danger": self.danger,
            "back": self.back_url(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                result = self.perform(form.cleaned_data)
            except ValidationError as error:
                tell(form, error)
            else:
                return self.finished(result)
        return self.show(self.form_context(form), status=422)


def tell(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what an action refused at the fields it names; what names none of the form's fields, above the form."""
    named = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for field, errors in named.items():
        form.add_error(field if field in form.fields else None, errors)
