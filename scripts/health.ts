// `npm run health`: whether the tokens live that are declared, who else has one, and what the consumers hold.

import { resolve } from "node:path";
import { visible } from "../ground/visible";
import { today } from "../providers/host/clock";
import { MissingCredential } from "../providers/http";
import { servers } from "../providers/runbook/servers";
import { health as text } from "../reports/health";
import { shown } from "../reports/plain";
import { type Alarm, gravest } from "../rotation/health";
import {
  choice,
  exitCodes,
  flags,
  main,
  type NamedSettings,
  type Outcome,
  outcomeOf,
  type Surroundings,
  stackSettings,
  terminal,
} from "./command";
import { type Engine, embeddedEngine, pulumiCli } from "./engine";
import { look } from "./health/look";
import { stateIds } from "./health/state";

const help = `npm run health -- [flags]

For each declared account: whether its tokens live in GitLab as declared, when they die and were last used; live tokens that
nobody declared; and what each place holds that can be read. Asks with the credentials of the environment (GITLAB_BASE_URL,
GITLAB_TOKEN; OP_CONNECT_HOST, OP_CONNECT_TOKEN) and reads only. To know whose a value is, GitLab is asked as that token,
which counts as its use. The state is looked at where an engine can read it; without it, the marks of the tokens tell.

  --stack, -s <name>  only this stack; may be given again (default: all but the sandbox)
  --format <name>     text, json (default: text)
  --cwd, -C <folder>  the project (default: here)

Exit codes: 0 fine; 6 something is late, or dies within its notice with nothing to replace it; 7 a consumer is at risk: its
token is dead, or dies within 3 days. 1 something else went wrong; 2 the command line is wrong; 3 settings that cannot be
used, or something that could not be looked at with these credentials. The gravest counts: 7 before 3 before 6.
`;

const options = {
  stack: { type: "string", short: "s", multiple: true },
  format: { type: "string" },
  cwd: { type: "string", short: "C" },
  help: { type: "boolean", short: "h" },
} as const;

/** How the command ends, beside what all commands share; {@link help} tells what each means. */
const ends = { ...exitCodes, due: 6, risk: 7 } as const;

/** What the command works with. */
export interface HealthSurroundings extends Surroundings {
  /** What can read the stack's outputs. @default nothing */
  readonly engine?: Engine | undefined;
  /** Columns of the terminal. @default 100 */
  readonly width?: number;
  /** Whether the terminal takes colours. @default false */
  readonly color?: boolean;
}

/** Runs the command; never throws. */
export function health(args: readonly string[], surroundings: HealthSurroundings): Promise<Outcome> {
  return outcomeOf("health", async () => {
    const { values } = flags(args, options);
    if (values.help === true) return { code: ends.fine, stdout: help, stderr: "" };
    const format = choice("--format", values.format ?? "text", ["text", "json"]);
    const root = resolve(surroundings.folder, values.cwd ?? ".");
    return looked(stackSettings(root, values.stack), root, format, surroundings);
  });
}

async function looked(
  all: readonly NamedSettings[],
  root: string,
  format: "text" | "json",
  { environment, engine, width = 100, color = false }: HealthSurroundings,
): Promise<Outcome> {
  const day = today(environment);
  const at = servers({ signal: new AbortController().signal }, environment);
  try {
    at.gitlab();
  } catch (cause) {
    // Without it there is nothing to look at, and one line says so.
    if (!(cause instanceof MissingCredential)) throw cause;
    return { code: ends.settings, stdout: "", stderr: `${visible(cause.message)}\n` };
  }
  const stacks = [];
  for (const one of all) {
    const state = engine === undefined ? undefined : await stateIds(engine, one.stack, root, environment);
    const looked = await look(one, at, { today: day, ids: state ?? new Map() });
    const left = one.leftOut === undefined ? [] : [one.leftOut];
    stacks.push({ ...looked, unchecked: [...looked.unchecked, ...left] });
  }
  const level = gravest(stacks.flatMap(({ accounts }) => accounts.flatMap(({ alarms }) => alarms)));
  const places = stacks.flatMap(({ accounts }) => accounts.flatMap((one) => one.places));
  const isWhole =
    stacks.every(({ unchecked }) => unchecked.length === 0) &&
    places.every(({ unknown }) => typeof unknown !== "object");
  const report = { format: "pat-rotation/health", version: 1, asOf: day, verdict: verdict(level, isWhole), stacks };
  const stdout =
    format === "text"
      ? text(stacks, day, { width: Math.min(width, 140), color })
      : `${JSON.stringify(report, shown, 2)}\n`;
  return { code: ends[report.verdict], stdout, stderr: "" };
}

function verdict(level: Alarm["level"] | undefined, isWhole: boolean): "risk" | "settings" | "due" | "fine" {
  if (level === "risk") return "risk";
  if (!isWhole) return "settings";
  return level === "due" ? "due" : "fine";
}

if (require.main === module) {
  void main((args, surroundings) =>
    health(args, {
      ...surroundings,
      engine: pulumiCli(surroundings.environment) ?? (args.includes("sandbox") ? embeddedEngine : undefined),
      ...terminal(),
    }),
  );
}
