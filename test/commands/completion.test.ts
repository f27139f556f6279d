import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { completion } from "../../commands/completion";

const folder = mkdtempSync(join(tmpdir(), "completion-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The shells of this machine: each sources for real what is printed for it. */
const installed = (["bash", "zsh", "fish"] as const).filter((shell) => spawnSync(shell, ["-c", "exit 0"]).status === 0);

const lines: readonly (readonly [line: string, completed: string])[] = [
  ["pat-rotation statu", "status"],
  ["pat-rotation plan --form", "--format"],
  ["pat-rotation plan --format jso", "json"],
  ["pat-rotation health --stack pr", "prod"],
  ["pat-rotation who-can-read in", "inventory"],
  ["pat-rotation propose hol", "hold"],
  ["pat-rotation propose hold inv", "inventory"],
  ["npx pat-rotation heal", "health"],
];

/** What each shell makes of a line; a stand-in tells the names of stacks and accounts. */
const completed = {
  bash: (file: string, line: string) => {
    const words = line.split(" ");
    return run(
      "bash",
      ["--norc", "-c"],
      `
pat-rotation() { [ "$3" = stack ] && echo prod || echo inventory; }
npx() { shift; "$@"; }
source ${file}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
_pat_rotation; printf '%s\\n' "\${COMPREPLY[@]}"`,
    );
  },
  zsh: (file: string, line: string) =>
    run(
      "zsh",
      ["-f", "-c"],
      `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PROMPT=; autoload -Uz compinit; compinit -u -d ${folder}/dump; pat-rotation() { [[ $3 = stack ]] && echo prod || echo inventory }; source ${file}; print REA""DY'
while zpty -r z said; do [[ $said == *READY* ]] && break; done
zpty -w -n z '${line}'$'\\t'
repeat 50; do
  sleep 0.1
  while zpty -r -t z said; do print -r -- "$said"; [[ $said == *$'\\r'*[[:alnum:]]* ]] && done=1; done
  (( done )) && break
done
sleep 0.2
while zpty -r -t z said; do print -r -- "$said"; done`,
    ),
  fish: (file: string, line: string) =>
    run(
      "fish",
      ["--no-config", "-c"],
      `
function pat-rotation; test "$argv[3]" = stack; and echo prod; or echo inventory; end
source ${file}
complete -C "${line}"`,
    ),
} as const;

function run(shell: string, flags: readonly string[], script: string): string {
  return spawnSync(shell, [...flags, script], { encoding: "utf8" }).stdout;
}

test("bash is there to be asked", () => {
  expect(installed).toContain("bash");
});

test.each(installed.flatMap((shell) => lines.map(([line, word]) => [shell, line, word] as const)))(
  "%s completes %s with %s",
  async (shell, line, word) => {
    const file = join(folder, shell);
    writeFileSync(file, (await completion([shell])).stdout);
    expect(completed[shell](file, line)).toMatch(new RegExp(`(^|[\\s\\b])${word}\\b`));
  },
);

test("what only a job calls is not offered", async () => {
  for (const shell of installed) {
    const { stdout } = await completion([shell]);
    for (const name of ["approved", "heartbeat", "sdks"])
      expect(stdout, shell).not.toMatch(new RegExp(`\\b${name}\\b`));
  }
});

test("names are looked up in the folder at hand, and there is no complaint where there are none", async () => {
  expect((await completion(["--names", "stack"], join(__dirname, "../.."))).stdout).toContain("prod\n");
  expect((await completion(["--names", "account"], join(__dirname, "../.."))).stdout).toContain("inventory\n");
  expect(await completion(["--names", "account"], folder)).toEqual({ code: 0, stdout: "", stderr: "" });
});
