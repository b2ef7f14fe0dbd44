/** Shells that completion exists for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

const bash = `# bash completion of moat: source <(moat completion bash)
_moat() {
  local IFS=$'\\n'
  COMPREPLY=($(moat __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _moat moat
`;

const zsh = `#compdef moat
# zsh completion of moat: source <(moat completion zsh)
_moat() {
  local line
  local -a candidates
  for line in "\${(@f)$(moat __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#candidates} )); then _describe moat candidates; else _files; fi
}
compdef _moat moat
`;

const fish = `# fish completion of moat: moat completion fish | source
function __moat_complete
  set -l words (commandline -opc) (commandline -ct)
  moat __complete $words[2..-1] 2>/dev/null
end
complete -c moat -f -n 'count (__moat_complete) >/dev/null' -a '(__moat_complete)'
`;

/** The script of each shell. All ask the hidden command \`moat __complete\` for candidates. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
