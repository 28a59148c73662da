"""Set-up: front-end files are the locked ones, the set-up program needs nothing but Python, static files resolve."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import os
import sys
import tarfile
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from yanglao import assets, geodesy
from yanglao.kernel.rooms import house as the_house

ROOT = Path(__file__).resolve().parent.parent


def test_the_set_up_program_needs_only_the_standard_library():
    tree = ast.parse((ROOT / "run").read_text(encoding="utf-8"))
    names = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    assert names <= set(sys.stdlib_module_names)


def test_every_front_end_package_is_locked_by_version_and_hash():
    for name, package in json.loads(assets.LOCK.read_text()).items():
        assert package["version"].count(".") == 2, name
        assert len(base64.b64decode(package["integrity"].removeprefix("sha512-"))) == 64, name
        assert package["files"], name


def archive(folder: Path, **files: str) -> Path:
    place = folder / "package-1.0.0.tgz"
    with tarfile.open(place, "w:gz") as tar:
        for name, content in files.items():
            source = folder / "source"
            source.write_text(content)
            tar.add(source, f"package/{name.replace('__', '/')}")
    return place


def test_it_refuses_a_package_that_is_not_the_locked_one(tmp_path: Path):
    package = archive(tmp_path, a="1")
    right = "sha512-" + base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    assets.check_integrity("a", package, right)
    with pytest.raises(assets.AssetError, match=r"assets\.lock\.json"):
        assets.check_integrity("a", package, "sha512-" + "A" * 86 + "==")


def test_it_takes_only_the_files_wanted_and_strips_source_maps(tmp_path: Path):
    package = tmp_path / "p"
    package.mkdir()
    made = archive(package, **{"dist__a.js": "go()\n//# sourceMappingURL=a.js.map\n", "dist__b.js": "no"})
    assets.unpack(made, {"dist/a.js": "static/"}, tmp_path / "out")
    assert [p.name for p in (tmp_path / "out" / "static").iterdir()] == ["a.js"]
    assert "sourceMappingURL" not in (tmp_path / "out" / "static" / "a.js").read_text()
    with pytest.raises(assets.AssetError, match=r"dist/c\.js"):
        assets.unpack(made, {"dist/c.js": "static/"}, tmp_path / "out")


def test_it_knows_the_icons_in_use():
    assert "point" in assets.icons_in_use()
    sprite = assets.path("static/icons.svg").read_text()
    missing = [
        f"{name} ({file})" for name, file in assets.icons_in_use().items() if f'id="{name}"' not in sprite
    ]
    assert not missing, f"run ./run setup; not in the sprite: {', '.join(missing)}"


def test_every_entry_of_the_menu_has_an_icon_that_is_brought():
    """Set-up brings the icons it finds written as icon="…"; one given by place would leave a hole in the menu."""
    known = assets.icons_in_use()
    assert [f"{m.url_name}: {m.icon}" for m in the_house().menu if m.icon not in known] == []


def test_division_codes_and_outlines_are_there():
    ningbo = dict(assets.divisions(330200000000))
    assert ningbo[330203000000] == "海曙区"
    assert len(ningbo) > 3000
    assert {code // 10**8 for code in ningbo} == {3302}
    shapes = assets.outline(330200000000)
    assert shapes is not None
    assert {f["properties"]["name"] for f in shapes["features"]} >= {"海曙区", "慈溪市"}
    alone = assets.outline(420881000000)
    assert alone is not None
    assert [f["properties"]["code"] for f in alone["features"]] == [420881000000]
    assert assets.outline(990100000000) is None


@given(st.floats(80, 130), st.floats(20, 50))
def test_conversion_of_coordinates_undoes_itself(longitude: float, latitude: float):
    shifted = geodesy.cgcs_to_gcj(longitude, latitude)
    back = geodesy.gcj_to_cgcs(*shifted)
    assert back == pytest.approx((longitude, latitude), abs=1e-7)
    assert shifted != pytest.approx((longitude, latitude), abs=1e-4)


def test_every_static_file_that_a_style_sheet_names_is_there(settings, tmp_path: Path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()


@pytest.fixture(scope="module")
def program() -> ModuleType:
    """`./run` as a module."""
    loader = SourceFileLoader("run_program", str(ROOT / "run"))
    module = ModuleType(loader.name)
    module.__file__ = str(ROOT / "run")
    loader.exec_module(module)
    return module


def test_it_takes_its_own_options_and_leaves_the_rest(program: ModuleType):
    words = ["ningbo", "--port", "8001", "--people=500", "--no-serve"]
    assert program.option(words, "--port", "8000") == "8001"
    assert program.option(words, "--host", "127.0.0.1") == "127.0.0.1"
    assert program.flag(words, "--no-serve")
    assert words == ["ningbo", "--people=500"]


def test_a_failure_of_set_up_says_what_and_how_to_mend_it(program: ModuleType):
    with pytest.raises(program.Failure) as failed:
        program.call(
            [sys.executable, "-c", "import sys; sys.exit('no route')"], "请检查网络", "check the network"
        )
    assert "请检查网络" in str(failed.value)
    assert "check the network" in str(failed.value)
    assert "no route" in str(failed.value)


def test_an_unchanged_site_is_not_prepared_again(program: ModuleType, tmp_path: Path):
    assert program.ready_stamp(tmp_path) == "", "without a database there is everything to do"
    (tmp_path / "yanglao.sqlite3").touch()
    assert program.ready_stamp(tmp_path) == program.ready_stamp(tmp_path) != ""


def test_compiled_sources_are_kept_apart_where_none_may_lie_beside_them(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    program.keep_bytecode()
    assert "PYTHONPYCACHEPREFIX" not in os.environ, "nobody minds: Python's own place"
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "/of/the/machine")
    program.keep_bytecode()
    assert os.environ["PYTHONPYCACHEPREFIX"] == "/of/the/machine"
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")
    program.keep_bytecode()
    assert os.environ["PYTHONPYCACHEPREFIX"] == str(program.VENV / "bytecode")
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")


def test_it_follows_the_mirror_that_pip_uses(program: ModuleType, monkeypatch: pytest.MonkeyPatch):
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "http://mirror.example/simple")
    assert program.uv_environment()["UV_DEFAULT_INDEX"] == "http://mirror.example/simple"
    assert program.uv_environment()["UV_PYTHON_DOWNLOADS"] == "never"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://own.example/simple")
    assert program.uv_environment()["UV_DEFAULT_INDEX"] == "http://own.example/simple"


@pytest.mark.parametrize("address", ["sqlite:///srv/x.sqlite3", "sqlite:////srv/x.sqlite3"])
def test_a_database_file_has_one_plain_path(address):
    from yanglao.settings import _database

    assert _database(address)["NAME"] == "/srv/x.sqlite3"
