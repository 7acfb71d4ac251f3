"""The completion scripts of the shells: all call `coord __complete` with the words so far."""

from __future__ import annotations

_BASH = """\
# bash completion for coord
_coord() {
    local IFS=$'\\n' cur="${COMP_WORDS[COMP_CWORD]}"
    local words=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
    local typed="${COMP_LINE:0:COMP_POINT}"
    local lead="" cut="" quote="" rest word found="$cur"
    COMPREPLY=()
    typed="${typed##*[[:space:]]}"
    if [[ $cur == [\\"\\']* ]]; then
        # A query between quotes: what is typed is its last word, and all of it is put in again.
        quote="${cur:0:1}" cur="${cur:1}"
        typed="${cur##* }" lead="${cur%"$typed"}"
        found="$typed"
    elif [[ $typed != *[\\"\\'\\\\]* && $typed == *"$cur" ]]; then
        # Bash parts words at `:` and `=`, coord does not: put together what is being typed.
        [[ $cur == [:=]* ]] && cur="${cur:1}"
        rest="${typed%"$cur"}" found="$typed" cut="${rest%@}"
        while [[ -n $rest && ${#words[@]} -gt 0 ]]; do
            word="${words[${#words[@]}-1]}"
            [[ -n $word && $rest == *"$word"* ]] || break
            rest="${rest%"$word"*}"
            unset "words[${#words[@]}-1]"
        done
    fi
    typed="$found"
    found=$(coord __complete "${words[@]}" "$typed" 2>/dev/null | command cut -f1)
    if [ "$found" = "__files__" ]; then
        COMPREPLY=($(compgen -f -- "$cur"))
        return
    fi
    # Not `compgen -W`: it would run what a label like $(…) says.
    while read -r word; do
        [[ -n $word && $word == "$typed"* ]] || continue
        if [[ -n $quote ]]; then
            [[ $word == *[\\"\\'\\\\\\`\\$!]* ]] || COMPREPLY+=("$lead$word")
        else
            printf -v word %q "${word#"$cut"}"
            COMPREPLY+=("$word")
        fi
    done <<< "$found"
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[:=] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o default -F _coord coord git-coord
"""
_ZSH = """\
#compdef coord git-coord
_coord() {
    local -a found begun
    local line
    for line in "${(@f)$(coord __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
        if [[ $line == __files__ ]]; then
            _files
            return
        fi
        if [[ ${line%%$'\\t'*} == *[:=] ]]; then
            begun+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
        elif [[ -n $line ]]; then
            found+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
        fi
    done
    _describe coord found
    _describe coord begun -S ""
}
if [ "$funcstack[1]" = "_coord" ]; then
    _coord "$@"
else
    compdef _coord coord git-coord
fi
"""
_FISH = """\
# fish completion for coord
function __coord_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (coord __complete $words[2..-1] 2>/dev/null)
    if test "$found" = __files__
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $found
    end
end
complete -c coord -f -a '(__coord_complete)'
complete -c git-coord -f -a '(__coord_complete)'
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
