// `npm run health`: whether the tokens live that are declared, who else has one, and what the consumers hold.

import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { MissingCredential, UnusableEnvironment } from "../clients/http";
import { servers } from "../clients/servers";
import { type Engine, exportedState } from "../engines/engine";
import { now, today } from "../ground/now";
import { visible } from "../ground/visible";
import { isLookedAt, type StackHealth, health as text } from "../reports/health";
import { openMetrics, type StackReading } from "../reports/openmetrics";
import { shown } from "../reports/plain";
import { gravest } from "../rotation/health/health";
import type { Alarm } from "../rotation/health/seen";
import { folderTree } from "../settings/tree";
import {
  flags,
  type NamedSettings,
  type Outcome,
  outcomeOf,
  type Surroundings,
  stackSettings,
  toldOfPretence,
} from "./command";
import { knownState } from "./emergency/state";
import { exitCodes } from "./exitCodes";
import { credential, reading, testReport } from "./health/formats";
import { look } from "./health/look";
import { standing } from "./health/state";
import { healthCommand } from "./table/looking";

/** What the command works with. */
export interface HealthSurroundings extends Surroundings {
  /** What can read the stack's state. @default nothing */
  readonly engine?: Engine | undefined;
  /** Columns of the terminal. @default 100 */
  readonly width?: number;
  /** Whether the terminal takes colours. @default false */
  readonly color?: boolean;
}

/** Runs the command; never throws. */
export function health(args: readonly string[], surroundings: HealthSurroundings): Promise<Outcome> {
  return outcomeOf("health", async () => {
    const { values } = flags(args, healthCommand.flags);
    const root = resolve(surroundings.folder, values.cwd ?? ".");
    const stacks = stackSettings(root, values.stack, values.account);
    const files = values.output ?? [];
    const asked = files.map((file) => values.format ?? extensions[extname(file)] ?? "text");
    const formats = files.length === 0 ? [values.format ?? "text"] : ["text", ...asked];
    const { code, reports, stderr } = await looked(stacks, root, formats, surroundings);
    const [first, ...others] = reports;
    // Where nothing could be looked at, one line says so.
    if (first === undefined) return { code, stdout: "", stderr };
    const written = others.map((report, index) => write(surroundings.folder, files[index] ?? "", report));
    return { code, stdout: first, stderr: toldOfPretence(surroundings.environment) + stderr + written.join("") };
  });
}

type Format = (typeof healthCommand.flags.format.choices)[number];

const extensions: Readonly<Record<string, Format>> = {
  ".txt": "text",
  ".json": "json",
  ".prom": "openmetrics",
  ".xml": "junit",
};

/** Writes a report in one step: what collects it may look at any time. */
function write(folder: string, file: string, report: string): string {
  const path = resolve(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, report);
  renameSync(aside, path);
  return `Wrote ${file}.\n`;
}

/** How it ended, and the report in each format; none where nothing could be looked at. */
interface Looked extends Pick<Outcome, "code" | "stderr"> {
  readonly reports: readonly string[];
}

async function looked(
  all: readonly NamedSettings[],
  root: string,
  formats: readonly string[],
  { environment, engine, width = 100, color = false }: HealthSurroundings,
): Promise<Looked> {
  const day = today(environment);
  const at = servers({ signal: new AbortController().signal }, environment);
  try {
    at.gitlab();
  } catch (cause) {
    // Without it there is nothing to look at, and one line says so.
    if (!(cause instanceof MissingCredential || cause instanceof UnusableEnvironment)) throw cause;
    return { code: exitCodes.settings, reports: [], stderr: `${visible(cause.message)}\n` };
  }
  const stacks: StackHealth[] = [];
  const readings: StackReading[] = [];
  for (const one of all) {
    const exported = engine && exportedState(engine, one.stack, { cwd: root, environment });
    const { named, carried, ...known } = standing(one, folderTree(root), knownState(exported), day);
    const looked = await look(named, at, { today: day, ...known });
    const left = one.leftOut === undefined ? [] : [one.leftOut];
    const stack = {
      ...looked,
      ...(carried.length === 0 ? {} : { carried }),
      unchecked: [...looked.unchecked, ...left],
    };
    stacks.push(stack);
    readings.push(reading(named, stack, exported, day));
  }
  const level = gravest(stacks.flatMap(({ accounts }) => accounts.flatMap(({ alarms }) => alarms)));
  const isWhole = stacks.every(isLookedAt);
  const report = { format: "pat-rotation/health", version: 1, asOf: day, verdict: verdict(level, isWhole), stacks };
  const own = formats.includes("openmetrics") ? await credential(at) : {};
  const reports = formats.map((format, index) => {
    if (format === "json") return `${JSON.stringify(report, shown, 2)}\n`;
    if (format === "openmetrics")
      return openMetrics({ at: now(environment).toISOString(), credential: own, stacks: readings });
    if (format === "junit") return testReport(readings);
    return text(stacks, day, { width: Math.min(width, 140), color: color && index === 0 });
  });
  return { code: exitCodes[report.verdict], reports, stderr: "" };
}

function verdict(level: Alarm["level"] | undefined, isWhole: boolean): "risk" | "settings" | "due" | "fine" {
  if (level === "risk") return "risk";
  if (!isWhole) return "settings";
  return level === "due" ? "due" : "fine";
}
