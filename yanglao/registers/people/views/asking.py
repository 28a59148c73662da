"""Completeness by division, and the visitor's form that asks only what is missing or old."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.kernel.divisions.queries import full_name
from yanglao.kernel.scope import Level, level_of
from yanglao.kernel.scope.spans import contains
from yanglao.registers.people import actions, completeness, queries
from yanglao.registers.people.asking_form import QuestionsForm
from yanglao.registers.people.completeness_file import ASKERS, items
from yanglao.registers.people.views.changes import OfPerson
from yanglao.shell.pages import PageView
from yanglao.shell.sheets.export import ExportColumn, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VISIT = "探访"  # i18n: data


class Completeness(PageView):
    """How complete the files are, by the divisions one level down."""

    right = "people.view"
    title = gettext_lazy("资料完整度")
    template = "people/completeness.html"

    @property
    def division(self) -> int:
        asked, spans = self.request.GET.get("division", ""), self.actor.spans(self.right)
        if asked:
            code = int(asked) if asked.isdigit() and len(asked) == 12 else 0
            if not contains(spans, code):
                raise Http404
            return code
        mine = [grant.division for grant in self.actor.grants if contains(spans, grant.division)]
        return min(mine, key=level_of)

    def context(self) -> dict[str, Any]:
        asked = items()
        return {
            "division": self.division,
            "deeper": level_of(self.division) < Level.STREET,
            "counted_on": completeness.counted_on(),
            "items": list(asked.values()),
            "places": [
                (place, [(item, place.shares[i]) for i, item in asked.items()])
                for place in completeness.by_division(self.division)
            ],
        }


class CompletenessFile(Completeness):
    """The same as a workbook; it holds numbers only."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stream = io.BytesIO()
        name = full_name(self.division, below=Level.PROVINCE)
        note = f"{name}　{timezone.localtime():%Y-%m-%d %H:%M}"
        asked = items()
        columns = [
            ExportColumn(_("区划")),
            ExportColumn(_("得分"), "integer"),
            *(ExportColumn(_("%(item)s缺或旧（%%）") % {"item": item}, "decimal") for item in asked.values()),
        ]
        rows = (
            [full_name(place.code), place.score, *(_hundredths(place.shares[i]) for i in asked)]
            for place in completeness.by_division(self.division)
        )
        write_xlsx(stream, columns, rows, title=_("资料完整度"), note=note)
        stream.seek(0)
        filename = f"{_('资料完整度')}-{name}.xlsx"
        return FileResponse(stream, as_attachment=True, filename=filename, content_type=XLSX)


def _hundredths(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 2)


class AskAgain(OfPerson):
    """One page on a telephone: only what is missing or old of this person, each answer may be left out."""

    template = "people/ask.html"
    form_class = QuestionsForm
    title = gettext_lazy("补问")
    lead = gettext_lazy("只列还缺或还旧的；没有问到的不用填。")
    done = gettext_lazy("已登记。确认过的，时效从今天算起。")

    def page_title(self) -> Any:
        return _("补问：%(name)s") % {"name": self.person.name}

    def form_arguments(self) -> dict[str, Any]:
        who = self.request.GET.get("who", "visitor")
        if who not in ASKERS:
            raise Http404
        gaps = completeness.standing(self.person).asked_by(who)
        return {"person": self.person, "gaps": gaps, "facts": queries.facts_on(self.person, queries.today())}

    def perform(self, data: dict[str, Any]) -> Any:
        return actions.answer_questions(
            self.actor, self.person, on=queries.today(), source=VISIT, **data["given"]
        )
