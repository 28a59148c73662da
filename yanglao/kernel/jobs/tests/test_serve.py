"""Serving the site: a taken port is said in plain words, and the site answers with its worker beside it."""

import socket

import pytest
from django.core.management import CommandError, call_command

from yanglao.kernel.jobs.management.commands import serve


def test_it_says_which_port_is_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=rf"127\.0\.0\.1:{port}"):
            call_command("serve", port=port)


def test_it_binds_where_it_was_told():
    assert "127.0.0.1:8123" in serve.gunicorn("127.0.0.1", 8123, 2, 8)
