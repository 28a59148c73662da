"""Print the list of facts a policy may name."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from yanglao.entitlement.benefits.facts.listing import fact_list
from yanglao.entitlement.benefits.facts.schema import schema


class Command(BaseCommand):
    help = "print the facts a policy may name, by subject, as docs/policy-facts.md has them"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(fact_list(schema()), ending="")
