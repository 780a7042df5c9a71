# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for lstar
_lstar() {
    local cur prev words cword
    _init_completion -n = 2>/dev/null || {
        COMPREPLY=()
        cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
        words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
    }
    if [ "$cword" -eq 1 ]; then
        COMPREPLY=($(compgen -W 'run syscalls version help' -- "$cur"))
        return
    fi
    case ${words[1]} in
    syscalls)
        case $prev in
        --format) COMPREPLY=($(compgen -W 'text json md' -- "$cur")) ;;
        *) COMPREPLY=($(compgen -W '--format' -- "$cur")) ;;
        esac
        return
        ;;
    run) ;;
    *) return ;;
    esac

    # The first word that is no option, nor an option's value, is the program: what follows is its own.
    local i program=
    for ((i = 2; i < cword; i++)); do
        case ${words[i]} in
        --root | --mount | --env | --cwd | --user | --fd | --strace-format | --mem | --insns | --time | --seed) ((i++)) ;;
        --) program=$((i + 1)); break ;;
        -*) ;;
        *) program=$i; break ;;
        esac
    done
    if [ -n "$program" ] && [ "$cword" -gt "$program" ]; then
        COMPREPLY=($(compgen -f -- "$cur"))
        return
    fi
    case $prev in
    --strace-format) COMPREPLY=($(compgen -W 'text json' -- "$cur")) ; return ;;
    --root) COMPREPLY=($(compgen -d -- "$cur")) ; return ;;
    --mount) COMPREPLY=($(compgen -f -- "$cur")) ; return ;;
    --env) COMPREPLY=($(compgen -v -- "$cur")) ; return ;;
    --cwd | --user | --fd | --mem | --insns | --time | --seed) return ;;
    esac
    case $cur in
    --strace=*) COMPREPLY=($(compgen -f -- "${cur#--strace=}")) ;;
    -*) COMPREPLY=($(compgen -W '--root --mount --host --env --cwd --user --fd --strace --strace= --strace-format --mem
        --insns --time --deterministic --seed --report --no-aslr -q --help' -- "$cur")) ;;
    *) COMPREPLY=($(compgen -f -- "$cur") $(compgen -c -- "$cur")) ;;
    esac
}
complete -o filenames -F _lstar lstar
