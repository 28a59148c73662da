"""What the demo says while it works: plain sentences, progress bars, a table. Quiet when nobody watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

Advance = Callable[[int], None]
"""`advance(done)`: so much of the total is done now."""


class Talk:
    """Speaks to a terminal. `quiet`: says nothing (for tests)."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.console = Console(quiet=quiet, highlight=False, soft_wrap=True)
        self.began = time.monotonic()

    def say(self, text: str) -> None:
        self.console.print(f"[bold]▸[/] {text}")

    def detail(self, text: str) -> None:
        self.console.print(f"  [dim]{text}[/]")

    def warn(self, text: str) -> None:
        self.console.print(f"[bold yellow]! {text}[/]")

    @contextmanager
    def bar(self, label: str, total: int) -> Iterator[Advance]:
        """A progress bar while the block runs."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        # a log file wants sentences, not bars
        hidden = not self.console.is_terminal
        with Progress(*columns, console=self.console, transient=True, disable=hidden) as progress:
            task = progress.add_task(label, total=total)
            yield lambda done: progress.update(task, completed=min(done, total))

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: int = 0) -> None:
        """A table; the last `numbers` columns are set to the right."""
        table = Table(box=None, padding=(0, 2, 0, 2), header_style="bold")
        for index, heading in enumerate(headings):
            table.add_column(heading, justify="right" if index >= len(headings) - numbers else "left")
        for row in rows:
            table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
        self.console.print(table)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began
