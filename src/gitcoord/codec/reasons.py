"""Why a construct is refused: its code, one sentence, and how to mend it."""

from __future__ import annotations

MERGE_KEY = (
    "merge-key",
    "The merge key `<<` is not allowed.",
    'Write the keys out in full, or put the key in quotes: "<<".',
)
COLLECTION_AS_KEY = (
    "key-not-text",
    "A list or a mapping stands where a key is expected.",
    "Use plain text as the key; if it is a value such as {{ x }} or [x], put it in quotes.",
)
ODD_NUMBER = (
    "number",
    "This number is infinite, not a number, or larger than 64 bits hold.",
    "Put it in quotes to keep it as text.",
)
ALIAS_IN_ITSELF = (
    "alias-in-itself",
    "The alias stands inside the very value that it names.",
    "Write the value out instead of the alias.",
)
TOO_MANY_ALIASES = (
    "aliases-explode",
    "The aliases of this file expand to more than 1 MiB.",
    "Write the values out, or drop what is repeated.",
)
SECOND_DOCUMENT = (
    "second-document",
    "A second document begins here; a file holds one record.",
    "Remove the `---` line, or move what follows to a file of its own.",
)
