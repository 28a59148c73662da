"""What must never stand in a committed file, and which insides of a room are its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MADE_HERE = {"var", "node_modules", "dist", "__pycache__"}
HIDDEN_BUT_OURS = {".ci", ".github", ".gitignore"}
BINARY = {
    ".png",
    ".jpg",
    ".woff2",
    ".xls",
    ".xlsx",
    ".docx",
    ".pdf",
    ".gz",
    ".parquet",
    ".sqlite3",
    ".ttf",
    ".otf",
}
# Put together from parts, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    "|".join(
        re.escape(host + rest)
        for host, rest in [
            ("registry.", "npmjs"),
            ("registry.", "npmmirror"),
            ("files.", "pythonhosted"),
            ("pypi.", "org/simple"),
            ("pypi.", "tuna"),
            ("mirrors.", "aliyun"),
            ("--index", "-url http"),
            ("--extra-index", "-url"),
        ]
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/")
FLOORS = ("registers", "entitlement", "delivery", "oversight", "steering", "doors")
OPEN_TO_NEIGHBOURS = {"queries", "actions", "events", "rules", "facts"}


def committed() -> Iterator[Path]:
    """The files of the project; what set-up makes lies in hidden folders and in var."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in HIDDEN_BUT_OURS for part in parts)
        if path.is_file() and not hidden and not MADE_HERE.intersection(parts) and path.suffix not in BINARY:
            yield path


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in committed()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_carries_the_address_of_a_registry():
    assert not lines_with(REGISTRIES)


def test_no_file_carries_a_path_of_somebodys_machine():
    assert not lines_with(MACHINE_PATHS)


def test_locked_requirements_are_hashed_and_name_no_address():
    for path in (ROOT / "requirements").glob("*.txt"):
        wanted = re.findall(r"(?m)^([a-z0-9-]+(?:\[.*\])?)==", path.read_text())
        assert wanted, f"{path.name} locks nothing"
        assert "://" not in path.read_text(), f"{path.name} names an address"
        blocks = re.split(r"(?m)^(?=[a-z0-9-]+(?:\[.*\])?==)", path.read_text())[1:]
        assert all("--hash=sha256:" in block for block in blocks), f"{path.name} has an entry without a hash"


def python_files() -> list[Path]:
    return [path for path in committed() if path.suffix == ".py"]


def inside(path: Path) -> tuple[str, str] | None:
    """(floor, room) of a source file; None for tests and for the kernel, shell and demo."""
    parts = path.relative_to(ROOT).parts
    if len(parts) < 4 or parts[0] != "yanglao" or parts[1] not in FLOORS or "tests" in parts:
        return None
    return parts[1], parts[2]


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def test_neighbours_on_a_floor_leave_each_others_insides_alone():
    wrong = []
    for path in python_files():
        home = inside(path)
        if home is None:
            continue
        for line, name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            parts = name.split(".")
            neighbour = parts[:2] == ["yanglao", home[0]] and len(parts) > 3 and parts[2] != home[1]
            if neighbour and not OPEN_TO_NEIGHBOURS.intersection(parts[3:]):
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {name}")
    assert not wrong, "use the neighbour's queries, actions, events, rules or facts:\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "CONTRIBUTING.md", "docs/architecture.md"])
def test_a_newcomer_finds_the_papers(name: str):
    assert (ROOT / name).stat().st_size > 500
