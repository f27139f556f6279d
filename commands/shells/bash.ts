import type { Command } from "../table/command";
import { valuesOf, type Words, writtenFlags } from "./words";

/** What bash sources. It works with the bash of macOS (3.2) as well, and without the package bash-completion. */
export function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const values = writtenFlags(command).flatMap(({ written, flag }) => {
      const words = valuesOf(flag);
      return words === undefined ? [] : [`        ${written}) ${reply(words)}; return ;;`];
    });
    const words = (command.completes ?? []).map((one, at) => `        ${at}) ${reply(one)} ;;`);
    const flags = writtenFlags(command)
      .map(({ written }) => written)
      .join(" ");
    return `    ${command.name})
      case "$before" in
${[...values, "        *) ;;"].join("\n")}
      esac
      if [[ "$word" == -* ]]; then ${reply(flags.split(" "))}; return; fi
      case "$count" in
${[...words, "        *) ;;"].join("\n")}
      esac ;;`;
  });
  return `# pat-rotation: what bash completes.
_pat_rotation_names() { "\${_pat_rotation_call[@]}" completion --names "$1" 2>/dev/null; }
_pat_rotation() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" first=1 count=0 at
  local -a _pat_rotation_call=("\${COMP_WORDS[0]}")
  COMPREPLY=()
  if [[ "\${COMP_WORDS[0]##*/}" == npx ]]; then
    [[ "\${COMP_WORDS[1]}" == pat-rotation ]] || { (( COMP_CWORD == 1 )) && ${reply(["pat-rotation"])}; return; }
    _pat_rotation_call=(npx --no-install pat-rotation)
    first=2
  fi
  if (( COMP_CWORD == first )); then
    ${reply([...commands.map(({ name }) => name), "--help", "--version"])}
    return
  fi
  for (( at = first + 1; at < COMP_CWORD; at++ )); do [[ "\${COMP_WORDS[at]}" == -* ]] || (( count++ )); done
  case "\${COMP_WORDS[first]}" in
${cases.join("\n")}
  esac
}
complete -o default -F _pat_rotation pat-rotation
complete -o default -F _pat_rotation npx
`;
}

function reply(words: Words): string {
  const list = (some: string) => `COMPREPLY=($(compgen -W "${some}" -- "$word"))`;
  if (words === "file") return 'COMPREPLY=($(compgen -f -- "$word"))';
  if (words === "folder") return 'COMPREPLY=($(compgen -d -- "$word"))';
  if (words === "stack" || words === "account") return list(`$(_pat_rotation_names ${words})`);
  return list(typeof words === "string" ? "" : words.join(" "));
}
