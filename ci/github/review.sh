#!/usr/bin/env bash
# Review a pull request's changes of the records. Called by action.yml, which sets
# ACTION (where coord lies), BASE, COMMENT, PULL and GH_TOKEN.
set -euo pipefail

work=${RUNNER_TEMP:-$(mktemp -d)}
coord=${COORD:-}
if [ -z "$coord" ]; then
    python3 -m venv "$work/coord"
    "$work/coord/bin/python" -m pip install --quiet --disable-pip-version-check "$ACTION"
    coord=$work/coord/bin/coord
fi

code=0
"$coord" review --base "${BASE:?the base branch is not known: set the input base}" \
    --annotate github --markdown "$work/comment.md" --sarif "$work/coord.sarif" || code=$?
if [ "$code" -gt 1 ]; then
    exit "$code"
fi
echo "sarif=$work/coord.sarif" >> "${GITHUB_OUTPUT:-/dev/null}"
cat "$work/comment.md" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"

# One comment for each pull request, renewed by every push. A fork's token may not write;
# then the summary of the run has to do.
say() {
    local comments="repos/$GITHUB_REPOSITORY/issues/$PULL/comments" old
    old=$(gh api --paginate "$comments" \
        --jq '.[] | select(.body | startswith("<!-- coord review -->")) | .id' | head -n 1)
    if [ -n "$old" ]; then
        gh api --silent --method PATCH \
            "repos/$GITHUB_REPOSITORY/issues/comments/$old" -F "body=@$work/comment.md"
    else
        gh api --silent "$comments" -F "body=@$work/comment.md"
    fi
}
if [ "${COMMENT:-true}" = true ] && [ -n "${PULL:-}" ]; then
    say || echo "::warning title=coord::The review could not be posted as a comment."
fi
exit "$code"
