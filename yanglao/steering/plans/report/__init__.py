"""The monthly report (月度进展报告): its text from figures (`compose`), and its writers (`word`, `pdf`)."""
