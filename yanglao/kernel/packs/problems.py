"""What is wrong in a pack, said so that the person who wrote it can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake: `file`, `line` (0: the whole file), what is wrong, how to mend it."""

    file: str
    line: int
    what: str
    how: str

    def __str__(self) -> str:
        where = (
            _("%(file)s 第 %(line)s 行") % {"file": self.file, "line": self.line} if self.line else self.file
        )
        how = self.how if self.how.endswith(("。", "？", "）")) else f"{self.how}。"
        return _("%(where)s：%(what)s。改法：%(how)s") % {"where": where, "what": self.what, "how": how}


class PackInvalid(ValueError):
    """Everything wrong with a pack, all at once, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))
