"""`python -m yanglao` is the `yanglao` command."""

from yanglao.cli import main

main()
