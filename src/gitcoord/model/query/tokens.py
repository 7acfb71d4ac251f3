"""From the text of a query to its words.

A word with a known field before `:`, `=`, `<` or `>` is a comparison, anything between
quotes is text. So is a word whose colon belongs to a URL, a drive or a namespace
(`https://…`, `C:\\…`, `std::map`) or ends it (`TODO:`). Any other unknown field is refused,
because a misspelt one must not turn into a search that finds nothing.
"""

from __future__ import annotations

from gitcoord.model.query.faults import QueryError, short, unknown
from gitcoord.model.query.fields import ALIASES, SORT_OF, WHOLE, canonical
from gitcoord.model.query.limits import check_length, check_value, refuse_control
from gitcoord.model.query.nodes import KEYWORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    Word = tuple[str, bool, int, int]

OPEN, CLOSE, AND, OR, NOT, TEXT, SAVED, TERM = "(", ")", "and", "or", "not", "text", "saved", "term"
_QUOTE = "To search for the text, put it between quotes."


class Token:
    """One word of a query; `text` is what it says, a term has its operator and values too.

    A value is its text, whether it stood between quotes, and where it begins and ends.
    """

    __slots__ = ("end", "kind", "op", "start", "text", "values")

    def __init__(
        self,
        kind: str,
        start: int,
        end: int,
        text: str = "",
        op: str = "",
        values: tuple[Word, ...] = (),
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.text = text
        self.op = op
        self.values = values


def tokens(query: str) -> list[Token]:
    """Split a query into words; raise QueryError at the first that cannot be one."""
    check_length(query)
    refuse_control(query)
    found = []
    at = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        token = _token(query, at)
        found.append(token)
        at = token.end
    return found


def _token(query: str, at: int) -> Token:
    c, following = query[at], query[at + 1 : at + 2]
    if c in "()":
        return Token(c, at, at + 1)
    if c == '"':
        text, end = _quoted(query, at)
        check_value(query, at, end, text)
        _need_gap(query, end)
        return Token(TEXT, at, end, text)
    if (c == "!" and following != "=") or (c == "-" and _negates(following)):
        return Token(NOT, at, at + 1, c)
    if c == "@" and following and not following.isspace():
        end = _run(query, at)
        _need_gap(query, end)
        return Token(SAVED, at, end, query[at + 1 : end])
    return _word(query, at)


def _negates(following: str) -> bool:
    """Say whether a minus turns what follows around: a dash, an option or an arrow does not."""
    return bool(following) and following not in "->=<:)" and not following.isspace()


def _word(query: str, at: int) -> Token:
    end = _run(query, at)
    word = query[at:end]
    cut = _operator_at(word)
    if cut == 0:
        op = _operator(query, at)
        raise QueryError(
            f"`{op}` has no field before it.",
            hint=f"Write field{op}value without spaces. {_QUOTE}",
        ).at(query, at, len(op))
    if cut < 0 or not _is_field(query, at, at + cut):
        if word.lower() in KEYWORDS:
            return Token(KEYWORDS[word.lower()], at, end, word)
        _need_gap(query, end)
        check_value(query, at, end, word)
        return Token(TEXT, at, end, word)
    op = _operator(query, at + cut)
    values = _values(query, at, at + cut + len(op))
    op = op.removeprefix(":") or ":"
    return Token(TERM, at, values[-1][3], word[:cut], ":" if op in ("=", "==") else op, values)


def _is_field(query: str, at: int, cut: int) -> bool:
    """Say whether a word begins with a field; refuse one that seems to name an unknown one."""
    name = query[at:cut]
    if canonical(name) is not None:
        return True
    rest = query[cut + 1 : cut + 2]
    if query[cut] == ":":
        ends_here = not rest or rest.isspace() or rest == ")"
        drive = len(name) == 1 and rest == "/"
        if ends_here or drive or rest in ":\\" or query.startswith("//", cut + 1):
            return False
    if not (name[0].isalpha() or name[0] == "_") or not _is_name(name):
        return False
    raise unknown("field", name, (*SORT_OF, *ALIASES, *WHOLE), _QUOTE).at(query, at, len(name))


def _is_name(word: str) -> bool:
    return all(c.isalnum() or c in "_-." for c in word)


def _values(query: str, start: int, at: int) -> tuple[Word, ...]:
    """Return the values of a comparison, which begin at a place and are parted by commas."""
    found: list[Word] = []
    while True:
        is_quoted = query[at : at + 1] == '"'
        if is_quoted:
            text, end = _quoted(query, at)
        else:
            end = _run(query, at, ",")
            text = query[at:end]
        if end == at:
            raise QueryError(
                f"`{short(query[start:at])}` lacks a value.",
                hint="Write the value right after it, without a space.",
            ).at(query, start, at - start)
        check_value(query, at, end, text)
        found.append((text, is_quoted, at, end))
        if query[end : end + 1] != ",":
            _need_gap(query, end)
            return tuple(found)
        at = end + 1


def _quoted(query: str, at: int) -> tuple[str, int]:
    """Return the text between quotes and where it ends; `\\"` and `\\\\` stand for themselves."""
    start, said = at, []
    at += 1
    while at < len(query) and query[at] != '"':
        if query[at] == "\\" and query[at + 1 : at + 2] in ('"', "\\"):
            at += 1
        said.append(query[at])
        at += 1
    if at >= len(query):
        hint = 'Close it with ". Inside quotes, \\" is a quote and \\\\ a backslash.'
        raise QueryError("The quote is never closed.", hint=hint).at(query, start, 1)
    return "".join(said), at + 1


def _run(query: str, at: int, also: str = "") -> int:
    """Return where a word that begins at a place ends."""
    while at < len(query) and query[at] not in '()"' and query[at] not in also:
        if query[at].isspace():
            break
        at += 1
    return at


def _need_gap(query: str, at: int) -> None:
    c = query[at : at + 1]
    if c and c != ")" and not c.isspace():
        message = f"A space is missing before `{c}`."
        raise QueryError(message, hint=_QUOTE).at(query, at, 1)


def _operator_at(word: str) -> int:
    """Return where the first operator of a word stands; -1 for none."""
    for at, c in enumerate(word):
        if c in ":<>=" or (c == "!" and word[at + 1 : at + 2] == "="):
            return at
    return -1


def _operator(query: str, at: int) -> str:
    for op in (":<=", ":>=", ":<", ":>", "<=", ">=", "!=", "==", ":", "<", ">", "="):
        if query.startswith(op, at):
            return op
    raise AssertionError(query[at:])
