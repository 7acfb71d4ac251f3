"""What must not be told is masked, and what is only odd is not."""

from __future__ import annotations

import pytest

from gitcoord.memory.secrets import MASK, masked

A = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"push with ghp_{A[:36]} refused", "ghp_"),
        (f"github_pat_{A}", A),
        ("glpat-abcdefghij0123456789", "abcdefghij"),
        ("AKIAIOSFODNN7EXAMPLE denied", "AKIA"),
        ("xoxb-1234567890-abcdefgh", "xoxb"),
        (f"sk-proj-{A}", A),
        (f"pypi-{A}", A),
        ("clone https://lena:hunter2!@example.org/x.git failed", "hunter2"),
        ("Authorization: Bearer abcdef.ghijkl-mnop", "abcdef"),
        ("password=hunter2x", "hunter2x"),
        ("password: correcthorse", "correcthorse"),
        ('{"api_key": "zyx987654321"}', "zyx98"),
        ("DB_PASSWORD=s3cr3t_value", "s3cr3t"),
        ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalr"),
        ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "eyJ"),
        (f"-----BEGIN RSA PRIVATE KEY-----\n{A}\n-----END RSA PRIVATE KEY-----", A),
        (f"-----BEGIN PRIVATE KEY-----\n{A} and cut off", A),
        (f"unexpected {A} here", A),
    ],
)
def test_a_secret_is_masked(text: str, secret: str) -> None:
    found = masked(text)

    assert secret not in found
    assert MASK in found


@pytest.mark.parametrize(
    "text",
    [
        "'os' imported but unused",
        "unexpected token: expected indent",
        "commit 0d1d7fc32e8d4b1a8cf0f3a5d7b2a1f0e9c8b7a6 not found",
        "src/gitcoord/memory/Attempt9/ThisIsAVeryLongPathOfAModule.py:12 failed",
        "ModuleNotFoundError: No module named 'pydantic_core._pydantic_core'",
        "test_password_is_asked_for_when_none_is_given failed",
        "https://example.org/a/b?page=2",
        "auth: failed",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert masked(text) == text


def test_masking_twice_is_masking_once() -> None:
    text = f"password=hunter2x token=abc{A} https://u:p4ssw0rd@h/"

    assert masked(masked(text)) == masked(text)
