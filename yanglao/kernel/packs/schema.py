"""Hold what was read against a schema, and turn each disagreement into a sentence."""

import datetime as dt
import difflib
import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from .problems import PackInvalid, Problem
from .reading import Document, KeyPath

Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """Base of every pack schema: unknown keys are refused, what was read is not changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Strict):
    """Where a figure comes from (出处). `recalled` and `design` are never shown as law."""

    title: str
    number: str | None = None
    url: str | None = None
    confidence: Literal["verified", "seen", "reported", "derived", "inferred", "recalled", "design"] = "seen"
    note: str | None = None


class StandardHeader(Strict):
    """The head of every file in `standards/`: a record keeps `id` and `version` of what it was made with."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    version: str = Field(min_length=1)
    name: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    sources: list[Source] = []

    @model_validator(mode="after")
    def _in_order(self) -> "StandardHeader":
        if self.valid_to and self.valid_to <= self.valid_from:
            raise ValueError(_("valid_to 必须晚于 valid_from"))
        return self


def validate(document: Document, schema: type[Model]) -> Model:
    """The document as an instance of `schema`; raises `PackInvalid` with every disagreement."""
    if not isinstance(document.data, dict):
        how = _("文件最外层写成“名称: 内容”的形式")
        raise PackInvalid([Problem(document.path, 1, _("文件最外层不是键值表"), how)])
    try:
        return schema.model_validate(document.data)
    except ValidationError as error:
        raise PackInvalid(_problems(document, schema, error)) from None


def _problems(document: Document, schema: type[BaseModel], error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        path = _path_in(document, detail["loc"])
        what, how = _in_words(detail, schema, _dotted(document.data, detail["loc"]))
        yield Problem(document.path, document.line_of(path), what, how)


def _path_in(document: Document, loc: tuple[int | str, ...]) -> KeyPath:
    """Keep the steps that exist in the file: pydantic also names union branches and validators."""
    path: KeyPath = ()
    for step in loc:
        if (*path, str(step)) in document.lines:
            path = (*path, str(step))
    return path


def _in_words(detail: ErrorDetails, schema: type[BaseModel], name: str) -> tuple[str, str]:
    given = _shown(detail.get("input"))
    context: Mapping[str, Any] = detail.get("ctx", {})
    kind = detail["type"]
    if kind == "missing":
        return _("缺少“%(name)s”") % {"name": name}, _("补写这一项")
    if kind == "extra_forbidden":
        how = _did_you_mean(detail["loc"], schema)
        if detail.get("input") is None:  # {en: Beds, own premises} is read as two entries
            how = _("文字里有逗号的，用双引号括起来；不是的话，%(how)s") % {"how": how}
        return _("不认识的项“%(name)s”") % {"name": name}, how
    if kind == "value_error":
        what = _("“%(name)s”不对：%(why)s") if name else "%(why)s"
        return what % {"name": name, "why": context.get("error", "")}, _("按说明改正")
    what = _("“%(name)s”的值 %(given)s 不对") % {"name": name, "given": given}
    return what, _cure(kind, context, detail["msg"])


def _cure(kind: str, context: Mapping[str, Any], message: str) -> str:
    if kind in {"literal_error", "enum"}:
        return _("只能是：%(expected)s") % {"expected": str(context["expected"]).replace(" or ", "、")}
    if kind in {"greater_than_equal", "less_than_equal", "greater_than", "less_than"}:
        sign = {"greater_than_equal": "≥", "less_than_equal": "≤", "greater_than": ">", "less_than": "<"}[
            kind
        ]
        bound = context.get("ge", context.get("le", context.get("gt", context.get("lt"))))
        return _("应当 %(sign)s %(bound)s") % {"sign": sign, "bound": bound}
    if kind == "string_pattern_mismatch":
        return _("应当符合格式 %(pattern)s") % {"pattern": context["pattern"]}
    for start, words in (
        ("int", _("应当是整数，不加引号和单位")),
        ("float", _("应当是数字，不加引号和单位")),
        ("decimal", _("应当是数字，不加单位")),
        ("bool", _("应当是 true 或 false")),
        ("date", _("应当是日期，写成 2026-01-31 的样子")),
        ("string_type", _("应当是文字；像数字的文字要加引号")),
        ("string_too", _("文字太短或太长")),
        ("list", _("应当是列表，每项前面加“- ”")),
        ("tuple", _("应当是列表，每项前面加“- ”")),
        ("dict", _("应当是键值表，写成“名称: 内容”")),
        ("model", _("应当是键值表，写成“名称: 内容”")),
        ("union_tag", _("先写明种类，再写内容")),
        ("too_", _("项数太少或太多")),
    ):
        if kind.startswith(start):
            return words
    return message


def _dotted(data: Any, loc: tuple[int | str, ...]) -> str:
    """The way to a value as a reader counts: list items from 1, keys by name."""
    parts: list[str] = []
    for step in loc:
        in_list = isinstance(data, list)
        parts.append(
            _("第 %(n)s 项") % {"n": int(step) + 1} if in_list and isinstance(step, int) else str(step)
        )
        data = _inside(data, step)
    return " › ".join(part for part in parts if part != "[key]")


def _inside(data: Any, step: int | str) -> Any:
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return data.get(step) if isinstance(data, dict) else data


def _shown(value: object) -> str:
    text = str(value)
    return f"“{text if len(text) <= 40 else text[:40] + '…'}”"


def _did_you_mean(loc: tuple[int | str, ...], schema: type[BaseModel]) -> str:
    known = sorted(_fields_at(schema, loc[:-1]))
    near = difflib.get_close_matches(str(loc[-1]), known, n=1, cutoff=0.6)
    if near:
        return _("是不是想写“%(near)s”？") % {"near": near[0]}
    return _("可以写的有：%(known)s") % {"known": "、".join(known)}


def _fields_at(schema: type[BaseModel], loc: tuple[int | str, ...]) -> set[str]:
    """Names allowed where `loc` leads, walking the annotations of the schema."""
    here: list[Any] = [schema]
    for step in loc:
        here = [inner for each in here for inner in _step(each, step)] or here
    return {
        info.alias or name for each in here if _is_model(each) for name, info in each.model_fields.items()
    }


def _step(annotation: Any, step: int | str) -> list[Any]:
    if _is_model(annotation):
        by_name = {info.alias or name: info for name, info in annotation.model_fields.items()}
        return _unwrapped(by_name[str(step)].annotation) if step in by_name else []
    arguments = get_args(annotation)
    return _unwrapped(arguments[-1] if arguments[-1] is not Ellipsis else arguments[0]) if arguments else []


def _unwrapped(annotation: Any) -> list[Any]:
    """The members of a union, without `Annotated` wrappers."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unwrapped(get_args(annotation)[0])
    if origin in {Union, types.UnionType}:
        return [inner for each in get_args(annotation) for inner in _unwrapped(each)]
    return [annotation]


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
