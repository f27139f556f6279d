import type { Command } from "../table/command";
import { valuesOf, type Words, writtenFlags } from "./words";

/** What zsh sources, after compinit. */
export function zsh(commands: readonly Command[]): string {
  const listed = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = commands.map((command) => {
    const flags = writtenFlags(command).map(({ written, flag }) => {
      const words = valuesOf(flag);
      const times = flag.multiple === true ? "*" : "";
      const value = words === undefined ? "" : `:${flag.value ?? "value"}:${action(words)}`;
      return `        ${quoted(`${times}${written}[${bracketed(flag.told)}]${value}`)}`;
    });
    const words = (command.completes ?? []).map((one, at) => `        ${quoted(`${at + 1}:word:${action(one)}`)}`);
    return `      ${command.name})\n        _arguments \\\n${[...flags, ...words].join(" \\\n")} ;;`;
  });
  return `#compdef pat-rotation
# pat-rotation: what zsh completes.
_pat_rotation_names() { local -a names; names=(\${(f)"$(\${=_pat_rotation_call} completion --names \${@[-1]} 2>/dev/null)"}); compadd "\${@[1,-2]}" -a names }
_pat_rotation() {
  local _pat_rotation_call=$words[1] state
  if [[ \${words[1]:t} == npx ]]; then
    if [[ $words[2] != pat-rotation ]]; then _default; return; fi
    _pat_rotation_call="npx --no-install pat-rotation"
    shift words
    (( CURRENT-- ))
  fi
  local -a commands=(
${listed.join("\n")}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
compdef _pat_rotation pat-rotation npx
`;
}

function action(words: Words): string {
  if (words === "file") return "_files";
  if (words === "folder") return "_files -/";
  if (words === "stack" || words === "account") return `_pat_rotation_names ${words}`;
  return typeof words === "string" || words.length === 0 ? " " : `(${words.join(" ")})`;
}

function bracketed(text: string): string {
  return text.replaceAll("[", "(").replaceAll("]", ")").replaceAll(":", "\\:");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
