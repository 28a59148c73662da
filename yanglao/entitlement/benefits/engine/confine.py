"""Locks of the Linux kernel for the engine's process: no network, no other programs, no writing into any file.

Set by the process on itself, for good, and passed on to its threads. Written by hand on the C library: the standard
library offers neither, and the packages that do bring a compiled library for forty lines. Elsewhere than on Linux
nothing is set; DuckDB's own locks and the hashes of the snapshot hold everywhere.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

NO_NEW_PRIVS, SECCOMP, FILTER = 38, 22, 2  # prctl
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # instructions of the kernel's filter machine
FOREIGN = 0x40000000  # calls of x86-64's other numbering
# architecture: its number, and the calls socket, socketpair, connect, bind, execve, execveat, ptrace
CALLS = {
    "x86_64": (0xC000003E, (41, 53, 42, 49, 59, 322, 101)),
    "aarch64": (0xC00000B7, (198, 199, 203, 200, 221, 281, 117)),
}
LANDLOCK_CREATE, LANDLOCK_RESTRICT = 444, 446
WRITING = 0b1_1111_1111_0010  # of landlock's first version: write, remove and make; not read and execute
TRUNCATE, WITH_TRUNCATE = 1 << 14, 3  # known from its third version


def confine() -> tuple[str, ...]:
    """Set what the kernel offers; returns the names of the locks that hold. Descriptors open already stay usable."""
    if sys.platform != "linux":
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0):
        return ()
    held = [name for name, lock in (("landlock", _no_writing), ("seccomp", _no_calls)) if lock(libc)]
    return tuple(held)


def _no_writing(libc: ctypes.CDLL) -> bool:
    version = libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    rights = WRITING | (TRUNCATE if version >= WITH_TRUNCATE else 0)
    attributes = ctypes.create_string_buffer(struct.pack("Q", rights))
    ruleset = libc.syscall(LANDLOCK_CREATE, attributes, ctypes.c_size_t(8), 0)
    return ruleset >= 0 and libc.syscall(LANDLOCK_RESTRICT, ruleset, 0) == 0


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def _no_calls(libc: ctypes.CDLL) -> bool:
    if platform.machine() not in CALLS:
        return False
    code = b"".join(_filter(*CALLS[platform.machine()]))
    held = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(held, ctypes.c_void_p))
    return bool(libc.prctl(SECCOMP, FILTER, ctypes.byref(program), 0, 0) == 0)


def _filter(architecture: int, calls: tuple[int, ...]) -> list[bytes]:
    """Refuse these calls, and every call in another numbering; allow the rest."""
    steps = len(calls)
    return [
        _step(LOAD, 4),
        _step(EQUAL, architecture, no=steps + 3),
        _step(LOAD, 0),
        _step(AT_LEAST, FOREIGN, yes=steps + 1),
        *(_step(EQUAL, call, yes=steps - at) for at, call in enumerate(calls)),
        _step(RETURN, ALLOW),
        _step(RETURN, REFUSE),
    ]


def _step(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)
