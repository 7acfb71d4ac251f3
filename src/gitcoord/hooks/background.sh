case ${COORD_SKIP_HOOKS:-0} in 0) ;; *) exit "$coord_status" ;; esac
@GUARD@
# In the background and on its own: the prompt is back at once, whatever becomes of it.
(
    trap '' HUP INT
    @FEED@ coord_run "$@"
) </dev/null >/dev/null 2>&1 &
