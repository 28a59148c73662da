"""A second reckoning of policies, in plain Python, to check the engine against.

It reads the policy file as it is written and counts subject by subject and month by month, as a clerk would with a
pencil. It shares with the engine the grammar of expressions (`rules.lang`) and what the rooms say a subject's facts
are (`rules.schema`), and nothing else: no typed trees, no SQL, no date sums, no rounding. What it does not know it
refuses (`Unsupported`); it never leaves anything out.

Read in this order: `days` (months, ages) · `amounts` (yuan, hours, rounding once) · `paper` (the file) · `told` (what
is known of a subject on a day) · `sums` (expressions) · `terms` (start, stop, late, instalments) · `reckoning`
(stacking, caps, shares, rhythm: the ledger's rows).
"""
