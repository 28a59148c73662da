"""A place's list over a wider one: it may add items and raise them, never lower or drop one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .form import Fulfilled, Item, ItemForm, ListFile, Standard, Who

NEEDED = ("title", "type", "who", "standard", "how", "unit")


@dataclass(frozen=True)
class Fault:
    """Something wrong at a place of the file (`where`: keys and list positions), and how to mend it."""

    where: tuple[str | int, ...]
    what: str
    how: str


def resolved(file: ListFile, wider: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[Fault, ...]]:
    """The items of a list with what they inherit, in its order, and everything that is wrong with it."""
    above = {item.id: item for item in wider}
    faults = [*_dropped(file, above), *_counted(file)]
    items = []
    for at, form in enumerate(file.items):
        found = list(_faults(file, form, at, above.get(form.id)))
        faults += found
        if not any(f.what for f in found if f.where[-1] in ("id", *NEEDED)):
            items.append(_item(file, form, above.get(form.id)))
    return tuple(items), tuple(faults)


def _dropped(file: ListFile, above: Mapping[str, Item]) -> Iterator[Fault]:
    """Items of the wider list that are not here: 项目只能增加."""
    here = {form.id for form in file.items}
    for item in above.values():
        if item.id not in here:
            yield Fault(
                ("items",),
                _("缺少上级清单的“%(item)s”（%(id)s）：下级清单只能增加，不能减少")
                % {"item": item.title, "id": item.id},
                _("加上一项 id: %(id)s；其余内容不写就沿用上级清单") % {"id": item.id},
            )


def _counted(file: ListFile) -> Iterator[Fault]:
    if len(file.items) != file.count:
        yield Fault(
            ("count",),
            _("count 写的是 %(said)s 项，实际有 %(n)s 项") % {"said": file.count, "n": len(file.items)},
            _("核对公布的清单，补上或删去项目"),
        )


def _faults(file: ListFile, form: ItemForm, at: int, above: Item | None) -> Iterator[Fault]:
    where = ("items", at)
    if above is None:
        for name in NEEDED:
            if getattr(form, name) is None:
                what = _("“%(id)s”缺少 %(name)s（上级清单没有这一项，要写全）") % {
                    "id": form.id,
                    "name": name,
                }
                yield Fault((*where, "id"), what, _("补写 %(name)s") % {"name": name})
        for name in ("age", "also"):
            if getattr(form, name):
                yield Fault((*where, name), _("本地自己的项目把对象写在 who 里"), _("移到 who 下面"))
        return
    yield from _narrowed(form, where, above)
    yield from _undercut(form, where, above)
    yield from _ended(file, form, where, above)


def _narrowed(form: ItemForm, where: tuple[str | int, ...], above: Item) -> Iterator[Fault]:
    """Fewer persons than the wider list has 对象不少于国家清单."""
    if form.age is not None and form.age > above.who.age:
        yield Fault(
            (*where, "age"),
            _("“%(item)s”的年龄从 %(from)s 岁提高到 %(to)s 岁，对象变少了")
            % {"item": above.title, "from": above.who.age, "to": form.age},
            _("年龄不高于 %(age)s") % {"age": above.who.age},
        )
    if form.who is None:
        return
    if not form.who.policies or not above_by_policy(above, form):
        yield Fault(
            (*where, "who"),
            _("“%(item)s”沿用上级清单的对象，不能另写") % {"item": above.title},
            _("扩大对象写 also 或更低的 age；由政策确定的写 who.policies: true 和 fulfilled_by.policies"),
        )


def above_by_policy(above: Item, form: ItemForm) -> bool:
    """Whether a policy decides who gets it here: then its own conditions say so, and `narrowing` tries whether they
    leave somebody out. What another office decides by facts of its own stays with it."""
    return bool(form.fulfilled_by and form.fulfilled_by.policies) and not above.who.elsewhere


def _undercut(form: ItemForm, where: tuple[str | int, ...], above: Item) -> Iterator[Fault]:
    """A lower standard 标准不低于国家清单."""
    if form.standard is None:
        return
    for name, least in above.standard.least.items():
        here = form.standard.least.get(name)
        if here is None or here < least:
            said = "—" if here is None else f"{here:g}"
            yield Fault(
                (*where, "standard"),
                _("“%(item)s”的标准 %(name)s 是 %(here)s，低于上级清单的 %(least)s")
                % {"item": above.title, "name": name, "here": said, "least": f"{least:g}"},
                _("在 standard.least 里写不低于 %(least)s 的数") % {"least": f"{least:g}"},
            )


def _ended(file: ListFile, form: ItemForm, where: tuple[str | int, ...], above: Item) -> Iterator[Fault]:
    if form.until is not None and (above.until is None or form.until < above.until):
        yield Fault(
            (*where, "to"),
            _("“%(item)s”在上级清单里还有效，不能提前结束") % {"item": above.title},
            _("删去 to"),
        )
    if form.since is not None and form.since > max(above.since, file.since):
        yield Fault(
            (*where, "from"), _("“%(item)s”的开始日期晚于上级清单") % {"item": above.title}, _("删去 from")
        )


def _item(file: ListFile, form: ItemForm, above: Item | None) -> Item:
    if above is None:
        said: dict[str, Any] = {name: getattr(form, name) for name in NEEDED}
        said |= {"legal": form.legal, "note": form.note, "until": form.until}
        said |= {"since": form.since or file.since, "confidence": form.confidence or file.document.confidence}
        return Item(id=form.id, fulfilled_by=form.fulfilled_by or Fulfilled(), **said)
    changed: dict[str, Any] = {
        name: value
        for name in ("title", "type", "standard", "how", "unit", "fulfilled_by", "until", "confidence")
        if (value := getattr(form, name)) is not None
    }
    changed |= {"legal": (*above.legal, *form.legal), "note": form.note or above.note}
    return above.model_copy(
        update={
            **changed,
            "who": _who(form, above.who),
            "inherited": True,
            "raised": tuple(_raised(form, above)),
        }
    )


def _who(form: ItemForm, above: Who) -> Who:
    """Whom the place adds; the policy's conditions where it pays by policy."""
    if form.who is not None:
        return form.who
    changes: dict[str, Any] = {}
    if form.age is not None:
        changes["age"] = form.age
    if form.also:
        changes["also"] = (*above.also, *form.also)
    return above.model_copy(update=changes)


def _raised(form: ItemForm, above: Item) -> Iterator[str]:
    """In what the place goes beyond the wider list: age, persons, standard."""
    if form.age is not None and form.age < above.who.age:
        yield "age"
    if form.also:
        yield "who"
    if form.standard is not None and _higher(form.standard, above.standard):
        yield "standard"


def _higher(here: Standard, above: Standard) -> bool:
    return any(value > above.least.get(name, 0) for name, value in here.least.items())
