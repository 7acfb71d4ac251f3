"""All commands, by hand: the name, where it is written, and its line of help.

Help and completion read this table, so neither has to load the commands.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.cli.spec import Command

GROUPS = {
    "issue": "Issues: problems and wishes that concern one or more repositories.",
    "todo": "Todos: pieces of work in one repository.",
    "plan": "Plans: issues and todos on the way to milestones.",
    "dep": "Dependencies: one repository needs another.",
    "repo": "The repositories of the ecosystem.",
    "role": "The roles that repositories play.",
    "import": "Bring records in from another format.",
    "export": "Write records out in another format.",
    "template": "Templates that new records start from.",
    "editor": "Editors that know the schemas.",
    "query": "Saved queries.",
    "journal": "The journal: facts that programs write, on a branch of their own.",
    "hooks": "Git hooks in the hub and in the repositories.",
    "trailers": "What the commits of the repositories say about records.",
    "gate": "Gates: declared minimums of what is measured.",
    "metrics": "What is measured of the repositories, and how it went.",
    "schedule": "When metrics are collected by themselves.",
    "fix": "Attempts at fixes: what was tried, and what worked.",
    "learn": "What coord learns from attempts, and what that is worth.",
    "skill": "How skills are used across the repositories, and which to use next.",
    "model": "The model by which search understands texts.",
    "trust": "The commands in records, and who trusts them.",
    "git": "Figures from the histories of the repositories.",
    "run": "Runs: todos that were given to a pool, and what came of them.",
    "mcp": "Serve the hub to agents.",
}

_KINDS = (
    ("issue", ("issue", "an issue"), "issues"),
    ("todo", ("todo", "a todo"), "todos"),
    ("plan", ("plan", "a plan"), "plans"),
    ("dep", ("dependency", "a dependency"), "dependencies"),
    ("repo", ("repo", "a repository"), "repos"),
)

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module:attribute below gitcoord.cli.commands, line of help)
    "list": ("listing:LIST", "List records that match a query."),
    "show": ("showing:SHOW", "Show one record."),
    "search": ("searching:SEARCH", "Find what is about something, the best first."),
    "similar": ("searching:SIMILAR", "Find records that are like one: duplicates, related work."),
    "ready": ("listing:READY", "List what can start now, in the order worth doing."),
    "blocked": ("listing:BLOCKED", "List what waits, and for what."),
    "blocking": ("listing:BLOCKING", "List what stands in the way of a repository."),
    "status": ("status:STATUS", "Summarise the hub, or one repository."),
    "graph": ("graphing:GRAPH", "Draw what waits for what."),
    "trend": ("trending:TREND", "Tell how open work came and went."),
    "burndown": ("trending:BURNDOWN", "Tell what remains of a plan, and until when."),
    "quality": ("quality:QUALITY", "Measure the quality of the repositories."),
    "edit": ("editing:EDIT", "Edit a record in your editor."),
    "comment": ("commenting:COMMENT", "Add a comment to a record."),
    "bulk": ("bulk:BULK", "Change all records that match a query, after a preview."),
    "undo": ("undoing:UNDO", "Take back the last change."),
    "log": ("logging:LOG", "Tell what happened to records: who changed what, and when."),
    "blame": ("blaming:BLAME", "Tell who gave each field of a record its value."),
    "diff": ("diffing:DIFF", "Compare two states of the hub, record by record."),
    "review": ("reviewing:REVIEW", "Judge a change of the records before it is merged."),
    "archive": ("archiving:ARCHIVE", "Move finished records out of the way."),
    "unarchive": ("archiving:UNARCHIVE", "Bring archived records back."),
    "delete": ("archiving:DELETE", "Delete a record; its id is never used again."),
    "merge": ("merging:MERGE", "Merge a branch, records field by field."),
    "resolve": ("merging:RESOLVE", "List what a merge left to decide, and decide it."),
    "renumber": ("merging:RENUMBER", "Give records that share an id after a merge one each."),
    "check": ("checking:CHECK", "Report every fault in the records."),
    "watch": ("watching:WATCH", "Check the records again whenever their files change."),
    "validate": ("validating:VALIDATE", "Run the trusted commands of a record."),
    "trust": ("trusting:TRUST", "Approve the commands of a record, to be run here."),
    "trust list": ("trusting:LIST", "List the commands in records and who trusts them."),
    "trust show": ("trusting:SHOW", "Show the commands of a record and who trusts them."),
    "trust revoke": ("trusting:REVOKE", "Take back what you approved."),
    "doctor": ("doctor:DOCTOR", "Find what is wrong with this installation and mend it."),
    "sync": ("sync:SYNC", "Exchange the journal, and the branch if asked, with a remote."),
    "embed": ("embedding:EMBED", "Compute the vectors by which meaning is searched."),
    "model status": ("model:STATUS", "Tell which model searches the meaning."),
    "model install": ("model:INSTALL", "Fetch the model that searches the meaning, once."),
    "model remove": ("model:REMOVE", "Delete the model from this machine."),
    "init": ("init:INIT", "Turn a git repository into a hub."),
    "prime": ("prime:PRIME", "Print the page that an agent reads first."),
    "mcp": ("mcp:MCP", "Serve the hub to agents (Model Context Protocol)."),
    "mcp config": ("mcp:CONFIG", "Print or install what a client needs to know of the server."),
    "completion": ("completion:COMPLETION", "Print the completion script of a shell."),
    **{f"{noun} list": (f"lists:{all.upper()}", f"List {all}.") for noun, _, all in _KINDS},
    **{
        f"{noun} show": (f"lists:{one.upper()}", f"Show {name}.")
        for noun, (one, name), all in _KINDS
    },
    **{f"{noun} create": (f"{noun}:CREATE", f"Create {name}.") for noun, (_, name), _ in _KINDS},
    **{f"{noun} update": (f"{noun}:UPDATE", f"Change {name}.") for noun, (_, name), _ in _KINDS},
    "issue suggest": (
        "suggesting:SUGGEST",
        "Suggest who might take an issue, and where it belongs.",
    ),
    "issue close": ("issue:CLOSE", "Close an issue."),
    "issue reopen": ("issue:REOPEN", "Open a closed issue again."),
    "todo start": ("todo:START", "Begin a todo."),
    "todo complete": ("todo:COMPLETE", "Complete a todo."),
    "todo check": ("validating:TODO", "Run the trusted checks in a todo's acceptance criteria."),
    "todo run": ("executing:RUN", "Run todos in a pool, each in a worktree of its own."),
    "plan sweep": ("executing:SWEEP", "Run all todos of a plan, in the order of the graph."),
    "run list": ("runs:LIST", "List the runs of todos, the latest first."),
    "run show": ("runs:SHOW", "Show a run: what came of it, and where its work lies."),
    "run cancel": ("runs:CANCEL", "End a run."),
    "run clean": ("runs:CLEAN", "Remove old runs and worktrees in which nothing would be lost."),
    "plan validate": ("plan:VALIDATE", "Tell how far a plan is, and what is late."),
    "plan milestone": ("plan:MILESTONE", "Add or change a milestone of a plan."),
    "dep check": ("dep_checking:CHECK", "Check dependencies against what is really shipped."),
    "dep scan": ("dep_scanning:SCAN", "Find the dependencies that manifests declare."),
    "dep graph": ("dep_graphing:GRAPH", "Draw which repository needs which."),
    "dep cycles": ("dep_graphing:CYCLES", "Show repositories that need each other."),
    "dep order": ("dep_graphing:ORDER", "Tell in which order to release or migrate."),
    "dep impact": ("dep_releasing:IMPACT", "Tell who breaks when a repository is released."),
    "dep outdated": ("dep_releasing:OUTDATED", "List who does not get the newest release."),
    "dep validate": ("validating:DEPENDENCIES", "Run the trusted validations of dependencies."),
    "git velocity": ("git_figures:VELOCITY", "Tell how much happens in the repositories."),
    "git health": ("git_health:HEALTH", "Judge the health of repositories by their history."),
    "git patterns": ("git_patterns:PATTERNS", "Find what holds across the repositories."),
    "role list": ("role:LIST", "List the roles."),
    "import ecosystem": ("ecosystem:IMPORT", "Import an ecosystem.yaml."),
    "export ecosystem": ("ecosystem:EXPORT", "Export everything as one ecosystem.yaml."),
    "template list": ("template:LIST", "List the templates."),
    "template create": ("template:CREATE", "Make a template from a record."),
    "editor setup": ("editor:SETUP", "Let editors check and complete the records."),
    "query save": ("query:SAVE", "Save a query under a name."),
    "query delete": ("query:DELETE", "Delete a saved query."),
    "query list": ("query:LIST", "List the saved queries."),
    "journal add": ("journal:ADD", "Add a fact to the journal."),
    "journal log": ("journal:LOG", "List facts, the latest first."),
    "journal show": ("journal:SHOW", "Show one file of the journal."),
    "journal status": ("journal_size:STATUS", "Tell what the journal holds, and how large it is."),
    "journal compact": ("journal_size:COMPACT", "Prune what is old."),
    "fix record": ("fix:RECORD", "Record an attempt at a fix."),
    "fix list": ("fix:LIST", "List attempts, the latest first."),
    "fix similar": ("fix_asking:SIMILAR", "Find attempts at troubles like this one."),
    "fix recommend": ("fix_asking:RECOMMEND", "Recommend a strategy from what worked before."),
    "fix outcome": ("fix_outcomes:OUTCOME", "Say afterwards whether a fix held."),
    "fix effectiveness": ("fix_outcomes:EFFECTIVENESS", "Tell how often each strategy works."),
    "fix import": ("fix_importing:IMPORT", "Learn from a tool's reports before and after a fix."),
    "learn status": ("learning:STATUS", "Tell what there is to learn from."),
    "learn evaluate": (
        "learning:EVALUATE",
        "Tell from history what following the advice is worth.",
    ),
    "skill register": (
        "skill_sources:REGISTER",
        "Allow the uses of skills of repositories to be read.",
    ),
    "skill unregister": ("skill_sources:UNREGISTER", "Read them no more."),
    "skill collect": (
        "skill_sources:COLLECT",
        "Take in what is new in the registered repositories.",
    ),
    "skill report": (
        "skill_figures:REPORT",
        "Tell how often skills are used, and what comes of it.",
    ),
    "skill trend": ("skill_figures:TREND", "Tell how the use of skills went over time."),
    "skill compare": ("skill_figures:COMPARE", "Put repositories beside each other."),
    "skill graph": ("skill_graph:GRAPH", "Tell which skills are used together."),
    "skill workflows": (
        "skill_graph:WORKFLOWS",
        "Tell how workflows were run, and in which order.",
    ),
    "skill next": ("skill_advice:NEXT", "Tell which skill is likely to come next."),
    "skill recommend": ("skill_advice:RECOMMEND", "Recommend skills to use, to try and to drop."),
    "skill evaluate": ("skill_advice:EVALUATE", "Tell from history what the advice is worth."),
    "skill share": ("skill_sharing:SHARE", "Write roll-ups, and nothing else, to the journal."),
    "skill clean": ("skill_sources:CLEAN", "Delete what is old."),
    "skill check": ("skill_sources:CHECK", "Tell whether what is known is sound and up to date."),
    "hooks install": ("hooks:INSTALL", "Install the hooks."),
    "hooks status": ("hooks:STATUS", "Tell which hooks are installed."),
    "hooks uninstall": ("hooks:UNINSTALL", "Take the hooks away again."),
    "hook": ("hook:HOOK", "Run one hook, as git calls it."),
    "gate check": ("gate:CHECK", "Hold the declared gates against what was measured."),
    "metrics collect": ("metrics:COLLECT", "Measure repositories and note what changed."),
    "metrics report": ("metrics:REPORT", "Report the coverage of all repositories."),
    "metrics status": ("metrics:STATUS", "Tell what was collected when, and what is missing."),
    "metrics trend": ("metrics_trending:TREND", "Show how a figure went over time."),
    "metrics history": ("metrics_trending:HISTORY", "List what was measured of a repository."),
    "metrics compare": ("metrics_trending:COMPARE", "Put repositories side by side."),
    "metrics explain": ("metrics_trending:EXPLAIN", "Tell where a figure comes from."),
    "metrics alerts": (
        "metrics_alerts:ALERTS",
        "Tell what went wrong: drops, drifts, missing data.",
    ),
    "schedule install": ("schedule:INSTALL", "Collect metrics every day or hour."),
    "schedule status": ("schedule:STATUS", "Tell when metrics are collected."),
    "schedule remove": ("schedule:REMOVE", "Take the schedule away again."),
    "trailers apply": ("trailers:APPLY", "Move the records that commits close."),
}

ALIASES = {
    "schedule uninstall": "schedule remove",
    "list-issues": "issue list",
    "show-issue": "issue show",
    "create-issue": "issue create",
    "update-issue": "issue update",
    "close-issue": "issue close",
    "list-todos": "todo list",
    "show-todo": "todo show",
    "create-todo": "todo create",
    "update-todo": "todo update",
    "complete-todo": "todo complete",
    "check-todo": "todo check",
    "execute": "todo run",
    "run-todo": "todo run",
    "sweep": "plan sweep",
    "list-plans": "plan list",
    "show-plan": "plan show",
    "create-plan": "plan create",
    "update-plan": "plan update",
    "validate-plan": "plan validate",
    "list-deps": "dep list",
    "show-dep": "dep show",
    "create-dep": "dep create",
    "update-dep": "dep update",
    "check-deps": "dep check",
    "scan-deps": "dep scan",
    "validate-deps": "dep validate",
    "dependency validate": "dep validate",
    "list-repos": "repo list",
    "show-repo": "repo show",
    "create-repo": "repo create",
    "update-repo": "repo update",
    "dependency list": "dep list",
    "dependency show": "dep show",
    "dependency create": "dep create",
    "dependency update": "dep update",
    "repo add": "repo create",
    "plan burndown": "burndown",
    "collect-metrics": "metrics collect",
    "metrics-report": "metrics report",
    "check-gates": "gate check",
}

SYNONYMS = {
    "add": "create", "new": "create", "open": "create", "set": "update", "change": "update",
    "modify": "update", "rm": "delete", "remove": "delete", "del": "delete", "ls": "list",
    "view": "show", "get": "show", "cat": "show", "done": "complete", "finish": "complete",
    "begin": "start", "find": "search", "grep": "search", "history": "log", "validate": "check",
    "lint": "check", "revert": "undo",
}  # fmt: skip
"""What other programs call our verbs; only for telling what was probably meant."""


def find(words: Sequence[str]) -> tuple[str | None, list[str], list[str]]:
    """Return the command's name, the words after it, and options that stood before it.

    Only `--hub` and `--json` may stand before the name.
    """
    before: list[str] = []
    position = 0
    while position < len(words) and words[position].startswith("-"):
        before.append(words[position])
        position += 1
        if before[-1] == "--hub" and position < len(words):
            before.append(words[position])
            position += 1
    if position >= len(words):
        return None, [], before
    for length in (2, 1):
        name = " ".join(words[position : position + length])
        name = ALIASES.get(name, name)
        if name in COMMANDS and position + length <= len(words):
            return name, list(words[position + length :]), before
    return None, list(words[position:]), before


def load(name: str) -> Command:
    """Load a command."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    # As `importlib` does, which costs an import of `warnings`.
    found: Command = getattr(
        __import__(f"gitcoord.cli.commands.{module}", fromlist=[attribute]), attribute
    )
    return found
