"""A wrong query gets its place, the reason and the nearest valid word."""

from __future__ import annotations

import pytest

from gitcoord.model.query import QueryError, parse, term

SAVED = {
    "mine": "assignee:me",
    "a": "b @b",
    "b": "@a",
    "wrong": "stats:open",
    "empty": "",
    "sorted": "sort:id",
}


def fault_of(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(text, saved=SAVED)
    return caught.value


@pytest.mark.parametrize(
    ("text", "marked", "message", "hint"),
    [
        ("stats:open", "stats", "There is no field `stats`", "Did you mean `status`?"),
        ("a pririty>=high", "pririty", "no field `pririty`", "`priority`"),
        ("metdata.a:1", "metdata.a", "no field", "`metadata`"),
        ("metadata.:1", "metadata.", "no field", ""),
        ("a=b", "a", "no field `a`", "put it between quotes"),
        ("status:pendng", "pendng", "no status `pendng`", "Did you mean `pending`?"),
        ("kind:plan status:activ", "activ", "no status", "`active`"),
        ("kind:plan status:zzz", "zzz", "no status", "open, done, draft, active, on_hold"),
        ("kind:isue", "isue", "no kind", "`issue`"),
        ("priority:hgh", "hgh", "no priority", "`high`"),
        ("priority:zzz", "zzz", "no priority", "critical, high, medium, low"),
        ("type:bug", "bug", "no type", "severity:"),
        ("is:redy", "redy", "no state", "`ready`"),
        ("is:issue", "issue", "no state", "kind:issue"),
        ("is:*", "*", "no state", "open, closed"),
        ("archived:maybe", "maybe", "no archived", "yes, no"),
        ("has:lable", "lable", "no field `lable`", "`label`"),
        ("no:sort", "sort", "`no:sort` says nothing", "Use one of"),
        ("has:text", "text", "says nothing", "Use one of"),
        ("created:2026-13-01", "2026-13-01", "is no date", "2026-W05"),
        ("created:2026-02-30", "2026-02-30", "is no date", "7d"),
        ("created:..", "..", "is no date", ""),
        ("created:soon", "soon", "is no date", ""),
        ("created<2026..", "2026..", "not with a range", "created:2026.."),
        ("target>none", "none", "needs something to compare with", "target:none"),
        ("blocks>many", "many", "is no number", "blocks>4"),
        ("blocks:1e9", "1e9", "is no number", ""),
        ("blocks:nan", "nan", "is no number", ""),
        ("blocks:²", "²", "is no number", ""),
        ("blocks:1..2..3", "1..2..3", "is no number", ""),
        ("blocks>" + "9" * 400, "9" * 400, "is no number", ""),
        ("label>x", "label>x", "`label` has no order", "label:value"),
        ("is>open", "is>open", "has no order", ""),
        ("text>a", "text>a", "has no order", ""),
        ("priority>high,low", "priority>high,low", "compares with one value", "priority:a,b"),
        ("a and", "and", "no condition after", ""),
        ("and a", "and", "no condition before", '"and"'),
        ("a or", "or", "no condition after", ""),
        ("or a", "or", "no condition before", ""),
        ("a or or b", "or", "no condition after", ""),
        ("a and or b", "and", "no condition after", ""),
        ("(a or) b", "or", "no condition after", ""),
        ("a ||", "||", "no condition after", ""),
        ("a not", "not", "no condition after", ""),
        ("!", "!", "no condition after", ""),
        ("not sort:id", "sort:id", "whole answer", "outside"),
        ("a and sort:id", "and", "no condition after", ""),
        ("(sort:id a)", "sort:id", "whole answer", "outside the parentheses"),
        ("(a", "(", "never closed", "`)`"),
        ("a)", ")", "closes nothing", "open one before"),
        ("a ()", "()", "no condition between", '"()"'),
        ("f(x)", "(", "A space is missing before `(`", "quotes"),
        ('"a"b', "b", "A space is missing before `b`", ""),
        ('a"b"', '"', 'A space is missing before `"`', ""),
        ('a "b c', '"', "never closed", 'Close it with "'),
        ('""', '""', "empty", "field:none"),
        ('label:""', '""', "empty", "field:none"),
        ("label:", "label:", "lacks a value", "without a space"),
        ("label: a", "label:", "lacks a value", "without a space"),
        ("label:a,", "label:a,", "lacks a value", ""),
        ("label:,a", "label:", "lacks a value", ""),
        ("priority >= high", ">=", "no field before it", "without spaces"),
        (":x", ":", "no field before it", ""),
        ("sort:wroth", "wroth", "no sort field", "`worth`"),
        ("sort:zzz", "zzz", "no sort field", "Use one of id, title"),
        ("sort>id", "sort>id", "fields after a colon", "sort:priority,-updated"),
        ("group:rol", "rol", "no group field", "`role`"),
        ("group:repo,role", "group:repo,role", "takes one value", "group:repo"),
        ("limit:x", "x", "is no number of records", "limit:20"),
        ("limit:-1", "-1", "is no number of records", ""),
        ("@min", "@min", "no saved query `min`", "`mine`"),
        ("@a", "@a", "names itself: @a → @b → @a", "coord.yaml"),
        ("x @wrong", "@wrong", "`@wrong` is wrong: There is no field `stats`", "`status`"),
        ("not @empty", "not", "no condition after", ""),
        ("(@sorted)", "(@sorted)", "no condition between", ""),
        ("a\0b", "\0", "control character (U+0000)", ""),
        ("\x1b[31m", "\x1b", "control character (U+001B)", ""),
        ("a \udcff", "\udcff", "control character (U+DCFF)", ""),
    ],
)
def test_names_the_place_and_the_next_step(text: str, marked: str, message: str, hint: str) -> None:
    fault = fault_of(text)

    assert text[fault.position : fault.position + fault.length] == marked
    assert message in fault.message
    assert hint in fault.hint
    assert (fault.exit_code, fault.code) == (2, "query")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * 100_000, "longer than 10,000"),
        ("(" * 10_000, "nested more than 16"),
        ("(" * 100_000, "longer than 10,000"),
        ("-(" * 5_000, "nested more than 16"),
        ("!" * 9_000 + "a", "more than 2,000 words"),
        ("a " * 5_000, "more than 2,000 words"),
        ("label:" + "a" * 2_000, "longer than 1,000"),
        ('"' + "a" * 2_000 + '"', "longer than 1,000"),
        ("a" * 2_000, "longer than 1,000"),
        (")" * 10_000, "closes nothing"),
        ('"' * 9_999, "empty"),
    ],
)
def test_refuses_what_is_too_much(text: str, message: str) -> None:
    fault = fault_of(text)

    assert message in fault.message
    assert len(fault.explain()) < 400


def test_saved_queries_that_grow_without_end_are_refused() -> None:
    saved = {f"q{n}": f"@q{n + 1} " * 10 for n in range(12)} | {"q12": ""}

    with pytest.raises(QueryError, match="more than 2,000 words"):
        parse("@q0", saved=saved)


def test_saved_queries_that_nest_without_end_are_refused() -> None:
    saved = {f"q{n}": "(" * 9 + f"@q{n + 1}" + ")" * 9 for n in range(40)} | {"q40": "a"}

    with pytest.raises(QueryError, match="nested more than 16 deep"):
        parse("@q0", saved=saved)


def test_depth_in_moderation_is_fine() -> None:
    assert parse("(" * 16 + "a" + ")" * 16) == parse("a")
    assert parse(" ".join(["(a)"] * 200)).where is not None


def test_explains_with_a_line_of_carets() -> None:
    assert fault_of("repo:x stats:open a").explain() == "repo:x stats:open a\n       ^^^^^"


def test_carets_stand_below_wide_characters() -> None:
    assert fault_of("日本 stats:open").explain() == "日本 stats:open\n     ^^^^^"
    assert fault_of("e\u0301 stats:open").explain() == "e\u0301 stats:open\n  ^^^^^"


def test_explains_a_part_of_a_long_query() -> None:
    shown, carets = fault_of("a " * 100 + "stats:open" + " b" * 100).explain().split("\n")

    assert len(shown) < 80
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "stats"


def test_explaining_never_shows_a_control_character() -> None:
    fault = fault_of("a\nb\x1b[31m")

    assert fault.explain() == "a b\ufffd[31m\n   ^"


def test_an_option_is_told_apart_too() -> None:
    with pytest.raises(QueryError, match="no status `pendng`") as caught:
        term("status", ["open", "pendng"])

    assert caught.value.explain() == "status:open,pendng\n            ^^^^^^"


@pytest.mark.parametrize(
    ("field", "values"),
    [("sort", ["id"]), ("stats", ["a"]), ("label", []), ("label", [""]), ("label", ["a\0"])],
)
def test_an_option_without_sense_is_refused(field: str, values: list[str]) -> None:
    with pytest.raises(QueryError):
        term(field, values)
