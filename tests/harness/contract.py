"""The import contract of pyproject.toml as a module: `python -m tests.harness.contract`."""

import sys

from importlinter.cli import lint_imports

sys.exit(lint_imports(no_cache=True))
