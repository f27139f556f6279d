import { type Engine, run } from "../../engines/engine";
import { ownCommand } from "../../engines/root";
import type { Day } from "../../ground/day";
import { generations, nextOpening } from "../../rotation/calendar/generations";
import { retirementName } from "../../rotation/checks/names";
import type { AccountDeclaration, Settings } from "../../rotation/declaration/settings";
import { isLocked } from "../run/lock";
import type { KnownState } from "./state";

/** How the update of one account ended. */
export interface Acted {
  readonly code: number;
  /** Another run held the stack for all of the time; nothing was done. */
  readonly locked: boolean;
}

/** What the update of one account works with. */
export interface ActOptions {
  /** The project's folder. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stack: string;
  /** Flags of `npm run up`. */
  readonly flags: readonly string[];
  readonly print: (text: string) => void;
  /** Waits some seconds; answers whether to look again. */
  readonly again: () => Promise<boolean>;
}

/** `npm run up`, in this process's place. */
const up: Engine = {
  name: "npm run up",
  embedded: false,
  command: [process.execPath, ownCommand, "up"],
};

/** Runs an update of some resources; where another run holds the stack, as soon as it is free. */
export async function act(targets: readonly string[], options: ActOptions): Promise<Acted> {
  const { folder, environment, stack, flags, print, again } = options;
  const named = targets.flatMap((target) => ["--target", target]);
  const args = ["--stack", stack, "--yes", "--non-interactive", ...named, ...flags];
  for (;;) {
    const { code, output } = await run(up, args, { cwd: folder, environment, onOutput: print });
    const locked = code !== 0 && isLocked(output);
    if (!locked || !(await again())) return { code, locked };
    print("Another run holds the stack. Trying again.\n");
  }
}

/** The resources of one account: its own, those of its generations, and its places. */
export function targetsOf(
  account: AccountDeclaration,
  { freezes }: Settings,
  { tokens }: KnownState,
  today: Day,
): readonly string[] {
  const { name } = account;
  const known = tokens.filter((one) => one.account === name).map(({ generation }) => generation);
  const declared = generations(account, freezes, today).map((one) => one.name);
  const all = new Set([...known, ...declared, nextOpening(account, freezes, today).name]);
  const ofGenerations = [...all].flatMap((one) => [retirementName(name, one), retirementName(name, one, true)]);
  return [name, `${name}/**`, ...ofGenerations].map((one) => `**::${one}`);
}
