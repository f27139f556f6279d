import type { Command } from "../table/command";
import { valuesOf, type Words } from "./words";

/** What fish sources. */
export function fish(commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const begins = `complete -c pat-rotation -n "not __fish_seen_subcommand_from ${names}"`;
  const lines = commands.flatMap((command) => {
    const at = `complete -c pat-rotation -n "__fish_seen_subcommand_from ${command.name}"`;
    const flags = Object.entries(command.flags).map(([long, flag]) => {
      const words = valuesOf(flag);
      const value = words === undefined ? "" : ` ${list(words)}`;
      const short = flag.short === undefined ? "" : ` -s ${flag.short}`;
      return `${at} -l ${long}${short}${value} -d ${quoted(flag.told)}`;
    });
    const words = (command.completes ?? []).map((one) => `${at} -f ${list(one).replace("-x ", "")}`);
    return [`${begins} -f -a ${command.name} -d ${quoted(command.summary)}`, ...words, ...flags];
  });
  return `# pat-rotation: what fish completes.
function __pat_rotation_names
    pat-rotation completion --names $argv[1] 2>/dev/null; or npx --no-install pat-rotation completion --names $argv[1] 2>/dev/null
end
${lines.join("\n")}
complete -c npx -n "__fish_seen_subcommand_from pat-rotation" -w pat-rotation
`;
}

function list(words: Words): string {
  if (words === "file") return "-r -F";
  if (words === "folder") return '-x -a "(__fish_complete_directories)"';
  if (words === "stack" || words === "account") return `-x -a "(__pat_rotation_names ${words})"`;
  return typeof words === "string" || words.length === 0 ? "-x" : `-x -a "${words.join(" ")}"`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
