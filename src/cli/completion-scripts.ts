/** What a shell sources to complete `pkg`; the words come from `pkg __complete`, nothing that was typed is evaluated. */
export const COMPLETION_SCRIPTS = {
  bash: `# bash completion for pkg. Once: source <(pkg completion bash)
_pkg() {
  local IFS=$' \\t\\n'
  local line=\${COMP_LINE:0:COMP_POINT} program=\${1-pkg} directive=4 value meaning file
  local -a words=()
  # Not COMP_WORDS: bash takes web@1.0.0 apart at the @.
  read -ra words <<<"$line" || :
  case $line in *[[:blank:]]) words+=('') ;; esac
  local cur=\${words[\${#words[@]}-1]}
  # What bash will put its answer behind.
  local kept=\${cur%"\${2-}"}
  case $program in '~/'*) program=$HOME/\${program#'~/'} ;; esac
  COMPREPLY=()
  while IFS=$'\\t' read -r value meaning; do
    case $value in
      :[0-9]*) directive=\${value#:} ;;
      "$cur"*) COMPREPLY+=("\${value#"$kept"}") ;;
    esac
  done < <("$program" __complete -- "\${words[@]:1}" 2>/dev/null)
  if (((directive & 4) == 0)); then
    compopt -o filenames 2>/dev/null || :
    while IFS= read -r file; do
      if (((directive & 8) != 0)) && [[ ! -d $file && $file != *.tgz ]]; then continue; fi
      COMPREPLY+=("\${file#"$kept"}")
    done < <(compgen -f -- "$cur")
  fi
  return 0
}
complete -F _pkg pkg
`,
  zsh: `#compdef pkg
# zsh completion for pkg. Once: source <(pkg completion zsh), or as a file _pkg in a folder of fpath
_pkg() {
  local line value directive=4
  local -a typed described
  typed=("\${(@Q)words[2,CURRENT]}")
  while IFS= read -r line; do
    if [[ $line == :<-> ]]; then
      directive=\${line#:}
    else
      value=\${line%%$'\\t'*}
      described+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done < <("\${(Q)words[1]}" __complete -- "\${typed[@]}" 2>/dev/null)
  (( \${#described} )) && _describe -t words pkg described
  if (( (directive & 4) == 0 )); then
    if (( (directive & 8) != 0 )); then _files -g '*.tgz'; else _files; fi
  fi
  return 0
}
if [[ "\${funcstack[1]-}" == _pkg ]]; then
  _pkg "$@"
elif (( \${+functions[compdef]} )); then
  compdef _pkg pkg
fi
`,
  fish: `# fish completion for pkg. Once: pkg completion fish | source
function __pkg_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    for line in (command $program __complete -- $words "$current" 2>/dev/null)
        if not string match -qr '^:[0-9]+$' -- $line
            echo $line
        else if test $line = :8
            __fish_complete_suffix .tgz
        else if test $line = :0
            __fish_complete_path "$current"
        end
    end
end
complete -c pkg -e
complete -c pkg -f -a '(__pkg_complete)'
`,
} as const;
