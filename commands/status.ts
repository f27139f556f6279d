// `status`: how all accounts stand, or one, from the state alone; with --live, from the servers as well.
import { resolve } from "node:path";
import { type Engine, readerOf } from "../engines/engine";
import { today } from "../ground/now";
import { fleet } from "../reports/fleet/fleet";
import { life } from "../reports/life";
import { shown } from "../reports/plain";
import type { AccountStatus, StackStatus } from "../reports/standing";
import { status as screen } from "../reports/status";
import { flags, type Outcome, oneAccount, outcomeOf, type Surroundings } from "./command";
import { exitCodes } from "./exitCodes";
import { declaredBy } from "./status/declaredBy";
import { drawn, stackStandings } from "./status/stacks";
import { statusCommand } from "./table/standing";

/** What the command works with. */
export interface StatusSurroundings extends Surroundings {
  /** What can read the stack's state. @default the Pulumi CLI; of the sandbox, the embedded engine as well */
  readonly engine?: Engine | undefined;
  /** Columns of the terminal. @default 100 */
  readonly width?: number;
  /** Whether the terminal takes colours. @default false */
  readonly color?: boolean;
}

/** Runs the command; never throws. */
export function status(args: readonly string[], surroundings: StatusSurroundings): Promise<Outcome> {
  return outcomeOf("status", async () => {
    const { values, positionals } = flags(args, statusCommand.flags, true);
    const { folder, environment, width = 100, color = false } = surroundings;
    const asked =
      positionals.length > 0 || values.account !== undefined ? oneAccount(positionals, values.account) : undefined;
    const root = resolve(folder, values.cwd ?? ".");
    const engine = surroundings.engine ?? readerOf(args, environment);
    const day = today(environment);
    const standings = await stackStandings(values.stack, asked, {
      root,
      engine,
      day,
      environment,
      isLive: values.live === true,
    });
    const stacks = standings.map((one) => one.status);
    const verdict = gravest(stacks);
    const options = { width: Math.min(width, 140), color };
    const text = () =>
      asked === undefined
        ? screen(stacks, day, options)
        : stacks
            .flatMap((stack) =>
              stack.accounts.map((one) => life(stack, one, declaredBy(root, stack.stack, asked), day, options)),
            )
            .join("\n");
    const json = () => {
      const declared =
        asked === undefined ? {} : { declared: stacks.map(({ stack }) => declaredBy(root, stack, asked)) };
      const report = { format: "pat-rotation/status", version: 1, asOf: day, verdict, ...declared, stacks };
      return `${JSON.stringify(report, shown, 2)}\n`;
    };
    const html = () =>
      fleet(
        standings.map((one) => drawn(one, day)),
        day,
      );
    const stdout = values.format === "json" ? json() : values.format === "html" ? html() : text();
    return { code: exitCodes[verdict], stdout, stderr: "", output: values.output };
  });
}

function gravest(stacks: readonly StackStatus[]): "risk" | "settings" | "due" | "fine" {
  const has = (verdict: AccountStatus["verdict"]) =>
    stacks.some(({ accounts }) => accounts.some((one) => one.verdict === verdict));
  if (has("risk")) return "risk";
  if (stacks.some(({ unchecked }) => unchecked.length > 0)) return "settings";
  return has("due") ? "due" : "fine";
}
