"""Who may open the shell's pages."""

from tests.harness.access import Access, public, signed_in

ACCESS: dict[str, Access] = {
    "shell:home": signed_in(),
    "shell:search": signed_in(),
    "shell:find_division": signed_in(query="?text=haishu"),
    "shell:me": signed_in(),
    "shell:type_size": public(method="post", own=302, signed_out=302),
    "shell:help": public(),
    "shell:about": public(),
}
