"""The database refuses two contracts, prices or facts of one slot on one day."""

from django.db import migrations

from yanglao.kernel.ranges import NoOverlap


class Migration(migrations.Migration):
    dependencies = [("places", "0002_facts_contracts_prices")]

    operations = [
        NoOverlap(
            "places_one_contract",
            "places_contract",
            keys=("place_id",),
            first="starts_on",
            last="ends_on",
            closed=True,
            where="withdrawn_at IS NULL",
        ),
        NoOverlap(
            "places_one_price",
            "places_price",
            keys=("place_id",),
            texts=("slot",),
            where="withdrawn_at IS NULL",
        ),
        NoOverlap(
            "places_one_fact",
            "places_placefact",
            keys=("place_id",),
            texts=("kind", "slot"),
            where="replaced_at IS NULL",
        ),
        NoOverlap(
            "places_one_membership", "places_membership", keys=("place_id", "member_id"), texts=("part",)
        ),
    ]
