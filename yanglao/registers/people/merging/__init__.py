"""Two files of one person made one 档案合并: what hangs on a file, what moves, what is put back.

What is known now moves; what was known or done under the dropped file stays there as its history (facts as known
then, readings of personal data, paid ledger lines), and the kept file's page shows both.
"""
