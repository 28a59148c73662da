"""Read a whole pack and find everything that is wrong with it, without touching the database."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from .problems import PackInvalid, Problem
from .reading import read
from .schema import validate
from .sections import Kind, Pack, PackFile, PackSection

Sections = Sequence[PackSection[Any]]


def sections_of(kind: Kind) -> list[PackSection[Any]]:
    """The sections that the rooms of the house offer, in the order in which they are applied."""
    from yanglao.kernel.rooms import house

    return sorted((s for s in house().packs if s.kind == kind), key=lambda s: (s.order, s.glob))


def check(folder: Path, kind: Kind, sections: Sections | None = None) -> Pack:
    """The pack in `folder`; raises `PackInvalid` with every mistake of every file."""
    chosen = sections_of(kind) if sections is None else sections
    if not folder.is_dir():
        how = _("检查路径；城市文件夹一般是 cities/<地名>")
        raise PackInvalid([Problem(str(folder), 0, _("没有这个文件夹"), how)])
    problems: list[Problem] = []
    read_files: dict[str, tuple[PackFile[Any], ...]] = {}
    paths = _paths(folder)
    for section in chosen:
        own = [path for path in paths if section.owns(path)]
        paths = [path for path in paths if path not in own]
        read_files[section.glob] = tuple(_read_all(folder, own, section, problems))
    if kind == "city" and not (folder / "city.yaml").is_file():
        problems.append(
            Problem("city.yaml", 0, _("城市文件夹里没有 city.yaml"), _("照 cities/ningbo/city.yaml 写一个"))
        )
    pack = Pack(kind, folder.resolve(), read_files, tuple(paths))
    if not problems:
        problems.extend(_across(pack, chosen))
    if problems:
        raise PackInvalid(problems)
    return pack


def _paths(folder: Path) -> list[str]:
    found = [*folder.rglob("*.yaml"), *folder.rglob("*.yml")]
    return sorted(path.relative_to(folder).as_posix() for path in found if path.is_file())


def _read_all(
    folder: Path, paths: Iterable[str], section: PackSection[Any], problems: list[Problem]
) -> Iterator[PackFile[Any]]:
    for path in paths:
        try:
            document = read(folder / path, shown_as=path)
            yield PackFile(document, validate(document, section.schema))
        except PackInvalid as invalid:
            problems.extend(invalid.problems)


def _across(pack: Pack, sections: Sections) -> Iterator[Problem]:
    for section in sections:
        if section.check:
            yield from section.check(pack, pack.of(section.glob))


def stranger_hint(path: str, sections: Sections) -> str:
    """Why nobody reads a file: perhaps its folder is misspelt, perhaps its room is not installed."""
    near = difflib.get_close_matches(path, [section.glob for section in sections], n=1, cutoff=0.7)
    if near:
        return _("没有功能读取 %(path)s，未使用。是不是应放在 %(near)s？") % {"path": path, "near": near[0]}
    return _("没有功能读取 %(path)s，未使用。") % {"path": path}
