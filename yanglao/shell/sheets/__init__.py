"""Workbooks in and out: declare a template, read and check a file, mark it, export rows."""

from .dates import date, read_date
from .declare import CheckContext, Column, CommitContext, ImportTemplate, Row, UndoContext, at
from .identity import bank_account, credit_code, phone, resident_id
from .parsers import Parser, choice, code, integer, money, narrow, text, yes_no
from .problems import FileRefused, Finding, Noted, Problem, UndoRefused, mark

__all__ = [
    "CheckContext",
    "Column",
    "CommitContext",
    "FileRefused",
    "Finding",
    "ImportTemplate",
    "Noted",
    "Parser",
    "Problem",
    "Row",
    "UndoContext",
    "UndoRefused",
    "at",
    "bank_account",
    "choice",
    "code",
    "credit_code",
    "date",
    "integer",
    "mark",
    "money",
    "narrow",
    "phone",
    "read_date",
    "resident_id",
    "text",
    "yes_no",
]
