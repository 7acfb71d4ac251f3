"""Severities are bandit's for security, and by family for the rest."""

from __future__ import annotations

import pytest

from gitcoord.metrics.quality import ruff, security


@pytest.mark.parametrize(("rules", "severity"), [
    ("S201 S202 S304 S312 S321 S324 S401 S402 S411 S412 S413 S415 S501 S502 S507 S602 S605 S609 S701", "high"),
    ("S102 S103 S104 S108 S113 S301 S302 S303 S305 S306 S307 S308 S310 S313 S314 S323 S503 S506 S508 S509", "medium"),
    ("S604 S608 S610 S611 S612 S702 S704", "medium"),
    ("S101 S105 S106 S107 S110 S112 S311 S403 S404 S405 S504 S603 S606 S607", "low"),
])  # fmt: skip
def test_a_rule_of_security_has_the_severity_that_bandit_gives_it(
    rules: str, severity: str
) -> None:
    assert {security.severity(rule) for rule in rules.split()} == {severity}


@pytest.mark.parametrize(("rules", "severity"), [
    ("E999 F401 F821 PLE0101 invalid-syntax E902", "error"),
    ("B006 S101 PLW0603 RUF012 BLE001 W605 DTZ001", "warning"),
    ("E501 W291 I001 D100 UP007 C901 PLR0913 FBT001 FURB101 ANN001 SIM102", "style"),
])  # fmt: skip
def test_a_rule_of_ruff_has_the_severity_of_its_family(rules: str, severity: str) -> None:
    assert {ruff.severity(rule) for rule in rules.split()} == {severity}
