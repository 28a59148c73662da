"""The browser of the browser tests: the machine's chromium, installed from Debian when that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]


def path() -> str | None:
    """The chromium program: `YANGLAO_CHROMIUM`, or the one on the machine."""
    return os.environ.get("YANGLAO_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Install chromium and a Chinese font when there is none and we may; otherwise say how."""
    if path():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("安装 chromium 与中文字体 … installing chromium and a Chinese font", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
        wanted = ["chromium", "fonts-noto-cjk"]
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted], env=quiet, check=False
        )
    if not path():
        print(missing())


def missing() -> str:
    return (
        "没有 chromium，浏览器测试无法运行。请安装：sudo apt-get install chromium fonts-noto-cjk，"
        "或用 YANGLAO_CHROMIUM 指定程序。\n"
        "No chromium: the browser tests cannot run. Install it (apt-get install chromium fonts-noto-cjk) "
        "or name one in YANGLAO_CHROMIUM."
    )
