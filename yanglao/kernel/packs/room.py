"""What packs offer to the house: the files of a city that the kernel itself reads."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Right, Room

from . import city_file, divisions_import, organisations_file
from .sections import PackSection

room = Room(
    name="packs",
    label=_("数据包"),
    verbs={
        "packs.load": _("载入数据包"),
    },
    rights=(Right("packs.load", _("载入城市与标准数据包")),),
    packs=(
        PackSection(
            glob="city.yaml",
            schema=city_file.CityFile,
            label=_("城市与行政区划"),
            check=city_file.check,
            apply=divisions_import.apply,
            order=0,
        ),
        PackSection(
            glob="organisations.yaml",
            schema=organisations_file.OrganisationsFile,
            label=_("单位"),
            check=organisations_file.check,
            apply=organisations_file.apply,
            order=10,
        ),
    ),
)
