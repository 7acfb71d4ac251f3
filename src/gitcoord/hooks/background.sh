case ${COORD_SKIP_HOOKS:-0} in 0) ;; *) exit "$coord_status" ;; esac
@GUARD@
# Where HEAD stands now: the next command may be quicker than what runs in the background.
COORD_HOOK_HEAD=
IFS= read -r COORD_HOOK_HEAD <"${GIT_DIR:-.git}/HEAD" 2>/dev/null || :
COORD_HOOK_LOG=$(tail -n 1 "${GIT_DIR:-.git}/logs/HEAD" 2>/dev/null)
# In the background and on its own: the prompt is back at once, whatever becomes of it.
(
    trap '' HUP INT
    export COORD_HOOK_HEAD COORD_HOOK_LOG
    @FEED@ coord_run "$@"
) </dev/null >/dev/null 2>&1 &
