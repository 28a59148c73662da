"""How much a file may ask of the machine before it is opened."""

from __future__ import annotations

from dataclasses import dataclass

from .problems import FileRefused, Problem
from .problems import mark as _

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Upper bounds. ``max_cells`` bounds the rectangle around all used cells, which is what reading costs
    (about 100 bytes a cell); ``max_unpacked`` is bytes of a workbook's parts together."""

    max_bytes: int = 200 * MB
    max_unpacked: int = 1024 * MB
    max_ratio: int = 200
    max_parts: int = 5_000
    max_cells: int = 6_000_000
    max_columns: int = 1_000


LIMITS = Limits()

TOO_BIG = Problem(
    _("文件太大"),
    _("文件有 {size} MB，一次最多 {limit} MB"),
    _("拆成几个文件分次导入；也可以删去图片、多余的工作表和空白行列后另存"),
)
BOMB = Problem(
    _("文件展开后大得不正常"),
    _("压缩包展开后有 {size} MB，是文件本身的 {ratio} 倍；为保护系统，没有打开"),
    _("在表格软件里打开，只复制有内容的区域到新工作簿，另存后再上传"),
)
TOO_WIDE = Problem(
    _("使用区域太大"),
    _("工作表“{sheet}”的使用区域到了 {corner}，约 {cells} 万格，一次最多 {limit} 万格"),
    _("常见原因是很远处有零星内容：按 Ctrl+End 找到最后一格，删除多余的行和列；内容确实多时拆成几个文件"),
)
TOO_MANY_ROWS = Problem(
    _("行数太多"), _("这类导入一次最多 {limit} 行"), _("按乡镇（街道）拆成几个文件分次导入")
)


def check_size(size: int, limits: Limits) -> None:
    """Raises FileRefused when the file as uploaded is over the limit (bytes)."""
    if size > limits.max_bytes:
        raise FileRefused(TOO_BIG.with_params(size=-(-size // MB), limit=limits.max_bytes // MB))


def check_unpacked(unpacked: int, packed: int, limits: Limits) -> None:
    """Raises FileRefused for a zip bomb: too many bytes, or far too many for the bytes that came."""
    ratio = unpacked // max(packed, 1)
    if unpacked > limits.max_unpacked or (ratio > limits.max_ratio and unpacked > 50 * MB):
        raise FileRefused(BOMB.with_params(size=unpacked // MB, ratio=ratio))
