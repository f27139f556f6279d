import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { passphrase } from "../../../workshop/sandbox/stack";
import type { Situation } from "../situation";

/** A value as it may stand in a text: plain, in base64 wherever it begins there, in hex, escaped for a URL or for JSON. */
function forms(value: string): readonly string[] {
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.from(`${"x".repeat(before)}${value}`).toString("base64");
    // What stands beside it decides of the signs at both ends.
    return text.slice(before === 0 ? 0 : 4, -4);
  });
  const hex = Buffer.from(value).toString("hex");
  return [...new Set([value, ...base64, hex, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])];
}

/** How often any of some values stands in a text, in any form. */
export function occurrences(text: string, values: readonly string[]): number {
  return values.flatMap(forms).reduce((sum, form) => sum + text.split(form).length - 1, 0);
}

/** The values of all tokens that a sandbox issued, and the credentials that a run works with. */
export function secretsOf({ sandbox: { gitlab, environment } }: Situation): readonly string[] {
  const { GITLAB_TOKEN = "", OP_CONNECT_TOKEN = "" } = environment;
  return [...new Set([...gitlab.issuedTokens(), GITLAB_TOKEN, OP_CONNECT_TOKEN])].filter((value) => value !== "");
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Pulumi's own logs of a situation's runs, readable for its stack. */
export function pulumiLogs({ stack: { folder, engine } }: Situation): readonly string[] {
  const [pulumi] = engine.command;
  return filesIn(folder)
    .filter((file) => file.startsWith(join(folder, "home/logs/")))
    .map((file) => {
      const { status, stdout, stderr } = spawnSync(pulumi, ["logs", "decrypt", file], {
        cwd: folder,
        encoding: "utf8",
        maxBuffer: 1 << 30,
        env: {
          ...process.env,
          PULUMI_HOME: join(folder, "home"),
          PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
          PULUMI_CONFIG_PASSPHRASE: passphrase,
        },
      });
      if (status !== 0) throw new Error(`pulumi logs decrypt ${file} failed: ${stderr}`);
      return stdout;
    });
}

/** Where a secret of a situation stands, and how often: in what was printed, in its folder, in further folders. Empty: nowhere. */
export function leaks(situation: Situation, folders: readonly string[] = []): Readonly<Record<string, number>> {
  const secrets = secretsOf(situation);
  const files = [situation.stack.folder, ...folders].flatMap(filesIn);
  const found = [
    ["what was printed", occurrences(situation.printed, secrets)] as const,
    ...files.map((file) => [file, occurrences(readFileSync(file, "latin1"), secrets)] as const),
  ];
  return Object.fromEntries(found.filter(([, count]) => count > 0));
}
