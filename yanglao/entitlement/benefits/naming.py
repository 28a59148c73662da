"""How policies, amounts and months are named to people."""

from __future__ import annotations

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.rules.policy import Policy, Text
from yanglao.shell.templatetags.shell import yuan

_IN_KIND = {
    "hours": gettext_lazy("%(n)s 小时服务"),
    "times": gettext_lazy("%(n)s 次服务"),
    "meals": gettext_lazy("%(n)s 餐"),
    "days": gettext_lazy("%(n)s 天服务"),
}


def in_language(text: Text) -> str:
    """A text of a policy in the reader's language."""
    return text.in_language(get_language() or "zh")


def title_of(policy: Policy) -> str:
    return in_language(policy.title)


def document_of(policy: Policy) -> str:
    """Title and number of the paper, or where the figures were seen."""
    document = policy.document
    return " ".join(filter(None, (document.title, document.number, document.source)))


def given(policy: Policy, amount: int) -> str:
    """What a policy gives, in words: fen as 60.00 元, hundredths of what is given in kind as 40 小时服务."""
    return (
        in_kind(amount, policy.gives)
        if policy.gives != "money"
        else _("%(yuan)s 元") % {"yuan": yuan(amount)}
    )


def in_kind(amount: int, unit: str) -> str:
    """Hundredths of a unit in words: 4000 hours is 40 小时服务. An unknown unit stands for itself."""
    number = f"{amount / 100:g}"
    return str(_IN_KIND[unit]) % {"n": number} if unit in _IN_KIND else f"{number} {unit}".strip()


def kind_label(kind: str, value: str) -> str:
    """A value in words: of a circumstance, of a place's facts, of the lists of stays; else the value itself."""
    from yanglao.registers.people.kinds import kinds
    from yanglao.registers.places.kinds import facts
    from yanglao.registers.stays.vocabulary import vocabulary, word

    lists = {
        "bed_kind": "bed_kinds",
        "care_level": "care_levels",
        "paid_by": "payers",
        "stay_kind": "stay_kinds",
    }
    if kind in lists:
        return str(word(getattr(vocabulary(), lists[kind]), value))
    known = kinds().get(kind) or facts().get(kind)
    return str(known.name_of(value)) if known else value


def source_words(source: str) -> str:
    """Where a fact comes from, as a person reads it: `import:12` is 名册导入第12批."""
    kind, _colon, number = source.partition(":")
    return _("名册导入第%(number)s批") % {"number": number} if kind == "import" else source
