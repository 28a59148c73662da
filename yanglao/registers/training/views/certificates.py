"""Certificates: issued, printed, declared void, and checked by anybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from yanglao.registers.people.rules.names import masked
from yanglao.registers.training import actions, forms, queries
from yanglao.registers.training.models import Certificate, Session
from yanglao.registers.training.views.lists import Certificates
from yanglao.registers.training.views.session import SessionForm
from yanglao.registers.training.views.teaching import picture
from yanglao.shell.pages import Crumb, FormPage, PageView, page

RELATED = ("enrolment__trainee", "enrolment__session", "course")


class Certify(SessionForm):
    right = "training.certify"
    title = gettext_lazy("发证")
    lead = gettext_lazy("给本班次所有已合格、还没有证书的学员发证，编号自动排列。")
    form_class = forms.CertifyForm
    submit = gettext_lazy("发证")

    def initial(self) -> dict[str, Any]:
        organisation = forms.organisation_name(self.session)
        return {"issuer": organisation, "on": timezone.localdate()}

    def perform(self, data: dict[str, Any]) -> list[Certificate]:
        return actions.certify(self.actor, self.session, **data)

    def finished(self, result: list[Certificate]) -> HttpResponseBase:
        messages.success(self.request, _("已发%(n)s张证书。") % {"n": len(result)})
        return redirect(self.done_url(result))


class CertificatePage(PageView):
    """One certificate as it is printed."""

    right = "training.view"
    template = "training/certificate.html"

    def certificates(self) -> list[Certificate]:
        rows = Certificate.objects.select_related(*RELATED)
        return [get_object_or_404(rows, pk=self.kwargs["pk"])]

    def page_title(self) -> Any:
        return _("培训证书")

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Certificates.title, reverse("training:certificates")),)

    def context(self) -> dict[str, Any]:
        found = self.certificates()
        return {
            "certificates": found,
            "one": found[0] if len(found) == 1 else None,
            "may_certify": self.actor.can("training.certify", *(c.enrolment for c in found)),
        }


class SessionCertificates(CertificatePage):
    """All certificates of a session, one to a sheet."""

    def certificates(self) -> list[Certificate]:
        session = get_object_or_404(Session, pk=self.kwargs["pk"])
        rows = Certificate.objects.filter(enrolment__session=session, revoked_on=None)
        return list(rows.select_related(*RELATED).order_by("number"))

    def context(self) -> dict[str, Any]:
        if not self.certificates():
            raise Http404("no certificates of this session")
        return super().context()


@require_POST
@page(right="training.certify")
def printed(request: HttpRequest) -> HttpResponseBase:
    """Note that certificates were printed."""
    chosen = [pk for pk in request.POST.getlist("certificate") if pk.isdigit()]
    rows = list(Certificate.objects.filter(pk__in=chosen).select_related("enrolment__session"))
    if not rows:
        raise Http404("no such certificates")
    actions.printed(request.actor, certificates=rows)  # type: ignore[attr-defined]
    messages.success(request, _("已记为打印。"))
    return redirect(rows[0].enrolment.session.get_absolute_url())


class Revoke(FormPage):
    right = "training.certify"
    title = gettext_lazy("作废证书")
    form_class = forms.RevokeForm
    submit = gettext_lazy("作废")
    danger = gettext_lazy("作废后不能恢复，扫码查验会显示证书已作废。")
    done = gettext_lazy("证书已作废。")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._found: Certificate | None = None

    @property
    def certificate(self) -> Certificate:
        if self._found is None:
            rows = Certificate.objects.select_related(*RELATED)
            self._found = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self._found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.actor.can(self.right):
            self.actor.require(self.right, self.certificate)
        return super().dispatch(request, *args, **kwargs)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (
            Crumb(Certificates.title, reverse("training:certificates")),
            Crumb(self.certificate.number, self.certificate.get_absolute_url()),
        )

    def initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def perform(self, data: dict[str, Any]) -> Any:
        actions.revoke(self.actor, self.certificate, **data)

    def done_url(self, result: Any) -> str:
        return self.certificate.get_absolute_url()


@page(right="training.view")
def certificate_code(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The picture that leads to the page where the certificate is checked."""
    certificate = get_object_or_404(Certificate, pk=pk)
    return picture(request.build_absolute_uri(reverse("training:verify", args=[certificate.code])))


def verify(request: HttpRequest, code: str) -> HttpResponseBase:
    """Whether a certificate is true: name masked, course, date, validity. For everybody."""
    found = queries.verified(code)
    today = timezone.localdate()
    state = "unknown"
    if found is not None:
        expired = found.valid_to is not None and found.valid_to <= today
        state = "revoked" if found.revoked_on else "expired" if expired else "valid"
    context = {
        "title": _("证书查验"),
        "certificate": found,
        "state": state,
        "name": masked(found.enrolment.trainee.name) if found else "",
    }
    return TemplateResponse(request, "training/verify.html", context, status=200 if found else 404)
