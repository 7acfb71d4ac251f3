"""What a query says, read from its text."""

from __future__ import annotations

import pytest

from gitcoord.model.query import Query, parse, term, unparse
from gitcoord.model.query.nodes import (
    ANY,
    GLOB,
    IS,
    ME,
    NONE,
    And,
    Not,
    Or,
    Term,
    Text,
    both,
)


def is_(field: str, *values: str, op: str = ":") -> Term:
    return Term(field, op, [(IS, value) for value in values])


A, B, C = Text("a"), Text("b"), Text("c")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", None),
        ("  \t\n ", None),
        ("status:open", is_("status", "open")),
        ("STATUS:Open", is_("status", "open")),
        ("status:in-progress", is_("status", "in_progress")),
        ("kind:issues,dep,deps", is_("kind", "issue", "dependency", "dependency")),
        ("priority>=high", is_("priority", "high", op=">=")),
        ("priority:>=high", is_("priority", "high", op=">=")),
        ("priority=high", is_("priority", "high")),
        ("priority==high", is_("priority", "high")),
        ("priority!=high", Not(is_("priority", "high"))),
        ("label:a,b", is_("label", "a", "b")),
        ('label:"a, b",c', is_("label", "a, b", "c")),
        (r'label:"say \"x\" \\ \n"', is_("label", r'say "x" \ \n')),
        ("label:*", Term("label", ":", [(ANY, "")])),
        ("label:none", Term("label", ":", [(NONE, "")])),
        ("no:label", Term("label", ":", [(NONE, "")])),
        ("has:label", Term("label", ":", [(ANY, "")])),
        ('label:"none"', is_("label", "none")),
        ("repo:jinja2-*", Term("repo", ":", [(GLOB, "jinja2-*")])),
        ('repo:"jinja2-*"', is_("repo", "jinja2-*")),
        ("assignee:me", Term("assignee", ":", [(ME, "")])),
        ("label:me", is_("label", "me")),
        ("due<7d", is_("target", "7d", op="<")),
        ("is:done", is_("is", "closed")),
        ("metadata.Ticket.id:X", is_("metadata.Ticket.id", "X")),
        ("text:a,b", Or([A, B])),
        ("a b", And([A, B])),
        ("a AND b", And([A, B])),
        ("a && b || c", Or([And([A, B]), C])),
        ("a b or c", Or([And([A, B]), C])),
        ("a (b or c)", And([A, Or([B, C])])),
        ("a (b c)", And([A, B, C])),
        ("not a b", And([Not(A), B])),
        ("-a", Not(A)),
        ("!a", Not(A)),
        ("! a", Not(A)),
        ("not not a", A),
        ("-(a or b)", Not(Or([A, B]))),
        ("not(a b)", Not(And([A, B]))),
        ('"and"', Text("and")),
        ('"status:open"', Text("status:open")),
        ("https://a.b/c?d=e", Text("https://a.b/c?d=e")),
        ("http:", Text("http:")),
        ("C:\\temp", Text("C:\\temp")),
        ("std::map", Text("std::map")),
        ("12:30", Text("12:30")),
        ("a,b", Text("a,b")),
        ("--json", Text("--json")),
        ("->", Text("->")),
        ("-", Text("-")),
        ("wow!", Text("wow!")),
        ("🔥", Text("🔥")),
        ("it's", Text("it's")),
    ],
)
def test_reads(text: str, where: object) -> None:
    assert parse(text).where == where


def test_sort_group_and_limit_speak_of_the_whole_answer() -> None:
    query = parse("sort:repo,-updated a or b sort:worth group:label limit:20")

    assert query == Query(
        Or([A, B]),
        sort=[("repo", False), ("updated", True), ("worth", False)],
        group="label",
        limit=20,
    )


def test_a_later_limit_replaces_an_earlier_one() -> None:
    assert parse("limit:5 limit:0").limit == 0


def test_a_saved_query_stands_for_its_condition() -> None:
    saved = {"mine": "a or b", "all": "@mine c"}

    assert parse("-@mine x", saved=saved).where == And([Not(Or([A, B])), Text("x")])
    assert parse("@all", saved=saved).where == And([Or([A, B]), C])


def test_sort_of_a_saved_query_gives_way_to_that_of_the_query() -> None:
    saved = {"mine": "a sort:id limit:3 group:repo"}

    plain = parse("@mine", saved=saved)
    other = parse("@mine sort:-updated limit:0", saved=saved)

    assert (plain.sort, plain.limit, plain.group) == ([("id", False)], 3, "repo")
    assert (other.sort, other.limit, other.group) == ([("updated", True)], 0, "repo")


def test_options_make_the_same_conditions_as_text() -> None:
    query = Query().with_terms(
        term("status", ["pending"]), term("repo", ["jinja2-*", "x"]), term("label", ["a"])
    )

    assert query == parse("status:pending repo:jinja2-*,x label:a")


def test_an_option_takes_a_value_that_cannot_stand_bare_as_itself() -> None:
    assert term("label", ["needs, *"]) == is_("label", "needs, *")
    assert term("label", ["a b", "none"]) == Term("label", ":", [(IS, "a b"), (NONE, "")])


def test_more_terms_keep_what_the_query_asked() -> None:
    query = parse("a or b sort:id limit:3").with_terms(C)

    assert unparse(query) == "(a or b) c sort:id limit:3"


def test_conditions_of_one_meaning_have_one_form() -> None:
    assert both([]) is None
    assert both([A]) == A
    assert both([A, And([B, C])]) == And([A, B, C])


@pytest.mark.parametrize(
    "text",
    [
        "status:open priority>=high repo:x label:a,b updated<7d",
        "-(a or b c) or d",
        'title:"a, b" label:"none",none,* assignee:me',
        '"->" "and" "x:y" "-a"',
        "created:2026-01-01.. sort:-updated,repo group:plan limit:0",
    ],
)
def test_writes_what_it_read(text: str) -> None:
    assert unparse(parse(text)) == text


def test_values_are_unequal_to_other_things() -> None:
    assert is_("label", "a") != "label:a"
    assert And([A, B]) != Or([A, B])
    assert hash(And([A, B])) == hash(And([A, B]))
