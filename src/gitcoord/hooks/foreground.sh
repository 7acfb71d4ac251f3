[ "$coord_status" -eq 0 ] || [ "@BLOCKING@" = no ] || exit "$coord_status"
case ${COORD_SKIP_HOOKS:-0} in 0) ;; *) exit "$coord_status" ;; esac
@GUARD@
# To stderr: what `git push --porcelain` prints is for programs.
exec 3>&2
coord_said=$(@FEED@ coord_run "$@" 2>&1 >&3 3>&-)
case $? in
0) [ -z "$coord_said" ] || printf '%s\n' "$coord_said" >&2 ;;
@REFUSED@)
    [ -z "$coord_said" ] || printf '%s\n' "$coord_said" >&2
    exit 1
    ;;
130) exit 130 ;;
127) echo "coord: the @NAME@ hook did nothing: coord is not found (install it, or: coord hooks uninstall)" >&2 ;;
*)
    coord_line='
'
    case $coord_said in
    coord:*) coord_said=${coord_said%%"$coord_line"*} ;;
    *) coord_said=${coord_said##*"$coord_line"} ;;
    esac
    echo "coord: the @NAME@ hook did nothing: ${coord_said#coord: }" >&2
    ;;
esac
