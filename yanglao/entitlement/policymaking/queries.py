"""Reads of policymaking: what may be copied, what two versions say, the history of a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits.offered.queries import PolicyFile, city_at, schema, texts_of
from yanglao.entitlement.benefits.rules.book import Book, check_texts
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.entitlement.policymaking.models import Draft, DraftVersion, Publication
from yanglao.entitlement.policymaking.yaml_edit import Unreadable, at, load
from yanglao.kernel.packs.models import City

LIBRARY = "library/policies"


@dataclass(frozen=True)
class Source:
    """A text a draft may begin with. `key`: use:<file> of the city, or library:<file>."""

    key: str
    title: str
    text: str


def title_in(text: str, fallback: str = "") -> str:
    """The Chinese title a text gives itself."""
    try:
        data = load(text)
    except Unreadable:
        return fallback
    return str(at(data, ("title", "zh")) or at(data, ("id",)) or fallback)[:120]


def in_use(division: int) -> dict[str, str]:
    """File name → text of the policies in use in the city a division lies in."""
    return texts_of(city_at(division))


def book_in_use(division: int) -> Book:
    """The policies in use; a file that no longer fits the language is left out."""
    return check_texts(in_use(division), schema())[0]


def library() -> list[Source]:
    """Real policies of other places, to copy from; empty where the library is not installed."""
    folder = Path(settings.ROOT) / LIBRARY
    files = sorted(folder.rglob("*.yaml")) if folder.is_dir() else []
    found = []
    for path in files:
        text = path.read_text(encoding="utf-8-sig")
        found.append(
            Source(f"library:{path.relative_to(folder).as_posix()}", title_in(text, path.stem), text)
        )
    return found


def library_titles() -> list[tuple[str, str]]:
    """(key, title) of the library, read without parsing the whole of each file."""
    folder = Path(settings.ROOT) / LIBRARY
    files = sorted(folder.rglob("*.yaml")) if folder.is_dir() else []
    return [(f"library:{p.relative_to(folder).as_posix()}", _quick_title(p)) for p in files]


def _quick_title(path: Path) -> str:
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        if line.startswith("title:") and "zh:" in line:
            return f"{line.split('zh:', 1)[1].split(', en:')[0].strip(' }')}（{path.stem}）"
    return path.stem


def source(division: int, key: str) -> Source | None:
    """The text a key names; None when there is none."""
    kind, _sep, name = key.partition(":")
    if kind == "use":
        text = in_use(division).get(name)
        return Source(key, title_in(text, name), text) if text is not None else None
    return next((s for s in library() if s.key == key), None) if kind == "library" else None


def policy_of(text: str, name: str, others: dict[str, str]) -> Policy | None:
    """The policy a text says, read among the others of its city; None while it has mistakes."""
    book, _problems = check_texts({**others, name: text}, schema())
    return next((p for p in book.policies if p.path == name), None)


@dataclass(frozen=True)
class Version:
    """A text that can be compared: `key` names it in addresses."""

    key: str
    label: str
    at: datetime | None
    by: str
    text: str
    note: str = ""
    url: str = ""


def versions(draft: Draft) -> list[Version]:
    """What a draft can be compared with: the policy in use, what it was copied from, its own versions."""
    others: list[Version] = []
    current = in_use(draft.division_id).get(draft.name)
    if current:
        others.append(Version("use", _("现在使用的政策"), None, "", current))
    if draft.base and draft.base != current:
        others.append(Version("base", _("起草时的原文"), draft.created_at, "", draft.base))
    return [*(_version(v) for v in draft.versions.order_by("-number")), *others]


def _version(v: DraftVersion) -> Version:
    return Version(f"v{v.number}", _("第 %(n)s 版") % {"n": v.number}, v.at, v.by, v.text, v.note)


def history(city: City, name: str) -> list[Version]:
    """Every text a file ever had in this city, latest first: published on a page or brought by the folder."""
    files = PolicyFile.objects.filter(city=city, name=name).order_by("-loaded_at", "-id")
    published = {
        p.text: p for p in Publication.objects.filter(city=city, name=name).order_by("published_at", "id")
    }
    return [_file_version(f, published.get(f.text) if f.published else None) for f in files]


def _file_version(f: PolicyFile, publication: Publication | None) -> Version:
    label = _("在用") if f.replaced_at is None else _("用到 %(day)s") % {"day": f"{f.replaced_at:%Y-%m-%d}"}
    if publication is None:
        return Version(f"f{f.pk}", label, f.loaded_at, _("城市文件夹"), f.text)
    url = reverse("policymaking:publication", args=[publication.pk])
    by = f"{publication.author} → {publication.publisher}"
    return Version(f"f{f.pk}", label, f.loaded_at, by, f.text, publication.reason, url)


def find(found: Iterable[Version], key: str) -> Version | None:
    return next((v for v in found if v.key == key), None)
