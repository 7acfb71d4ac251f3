"""Figures from the history of one repository, each equal to what git itself says.

`gitcoord.metrics.git.collecting.collect_all` has all of them in one plain dict; the other
modules answer one question each, from a memory that holds the commits of HEAD.
"""
