import type { Member } from "./fleet";

/** What a person changes in the declaration. Accounts are meant by their number, whatever they are called by then. */
export type Edit =
  | { readonly kind: "lifetime"; readonly at: number; readonly days: number }
  | { readonly kind: "cadence"; readonly at: number; readonly days: number }
  | { readonly kind: "overlap"; readonly at: number; readonly days: number }
  | { readonly kind: "proof"; readonly at: number; readonly proof: Member["proof"] }
  /** The second variable goes from one account to another. */
  | { readonly kind: "move"; readonly at: number; readonly to: number }
  /** One that was taken out is declared again as it was. */
  | { readonly kind: "return"; readonly at: number }
  /** One account adopts the hand-made token that another has adopted, of the same user. */
  | { readonly kind: "share"; readonly at: number; readonly startsIn: number }
  | { readonly kind: "unshare"; readonly at: number }
  | { readonly kind: "rename"; readonly at: number; readonly to: string; readonly tells: boolean }
  /** An account is renamed, and says that it was another one before; or that it was itself, which mends it. */
  | {
      readonly kind: "claim";
      readonly at: number;
      readonly to: string;
      readonly formerly: string;
      readonly wrong: boolean;
    }
  /** A second place in the same item. */
  | { readonly kind: "sections"; readonly at: number; readonly on: boolean }
  | { readonly kind: "freeze"; readonly fromDays: number; readonly toDays: number }
  | { readonly kind: "thaw" }
  | { readonly kind: "removal"; readonly at: number; readonly does: "refuse" | "revoke" | "release" }
  | { readonly kind: "remove"; readonly at: number }
  | { readonly kind: "decommission"; readonly at: number }
  /** The token in use leaked; a new one is wanted today. */
  | { readonly kind: "compromised"; readonly at: number }
  | { readonly kind: "username"; readonly at: number; readonly wrong: boolean };

/** What goes wrong with the servers in one run. */
export interface Hazard {
  readonly fault: "reset" | "lost-answer" | "rate-limited" | "refused" | "server-error" | "slow" | "truncated" | "lie";
  readonly service?: "gitlab" | "onepassword";
  readonly method?: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  readonly nth: number;
  readonly times: number;
}

/** How a run goes. */
export interface RunStep {
  readonly do: "run";
  readonly command: "up" | "refresh";
  /** Only these accounts, or all but these. */
  readonly target?: readonly number[];
  readonly exclude?: readonly number[];
  /** Has the token in use of an account replaced. */
  readonly replace?: { readonly at: number; readonly flag: "--replace" | "--target-replace" };
  readonly hazards?: readonly Hazard[];
  /** Killed once the servers have carried out the n-th request. */
  readonly kill?: number;
  /** How far this machine's clock is ahead. */
  readonly skewHours?: number;
  /** On two machines at once. */
  readonly twice?: true;
  /** With a credential of ours that is dead. */
  readonly deadCredential?: true;
}

/** One step of a history. */
export type Step =
  | RunStep
  | { readonly do: "pass"; readonly hours: number }
  | { readonly do: "edit"; readonly edit: Edit }
  /** A pipeline that fails, whatever its token. */
  | { readonly do: "pipeline"; readonly at: number; readonly red: boolean }
  /** A place that may be read and not be written. */
  | { readonly do: "lock"; readonly at: number; readonly place: "item" | "variable"; readonly locked: boolean }
  /** What somebody does by hand. */
  | { readonly do: "hand"; readonly at: number; readonly act: "rotate" | "edit" | "delete" | "revoke old" }
  /** The pipelines run as their schedules say. */
  | { readonly do: "schedules" }
  | { readonly do: "backup" }
  | { readonly do: "restore" }
  /** A resource that nothing needs is taken out of the state. */
  | { readonly do: "forget"; readonly nth: number };

/** All that happens to a fleet, from the first day on. */
export interface History {
  readonly seed: number;
  readonly startsAt: string;
  readonly members: readonly Member[];
  readonly health: boolean;
  /** Whether runs are `up` with the flags of `npm run up`, or plain. */
  readonly wrapped: boolean;
  readonly steps: readonly Step[];
}

/** A step in one line. */
export function tell(step: Step): string {
  const { do: kind, ...rest } = step;
  if (step.do === "edit") {
    const { kind: edit, ...values } = step.edit;
    return `edit ${edit} ${list(values)}`.trimEnd();
  }
  return `${kind} ${list(rest)}`.trimEnd();
}

function list(values: object): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : value}`)
    .join(" ");
}
