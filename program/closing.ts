import { appendFileSync, existsSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { AccountState } from "../components/account";
import { failure } from "../components/failures";
import { known } from "../components/known";
import * as runbook from "../components/runbook";
import { INDENT, widthOf } from "../components/width";
import { visible } from "../ground/visible";
import { type Closing, closing } from "../reports/closing";
import { adopted } from "../rotation/calendar/generations";
import { nextEvents } from "../rotation/calendar/upcoming";
import type { Settings } from "../rotation/declaration/settings";
import { failedSteps, failureLines } from "../rotation/plan/failedSteps";
import type { Accounts, DeclaredAccount } from "./accounts";

/** What a run is closed with. */
export interface ClosingArgs {
  readonly settings: Settings;
  readonly today: string;
  readonly accounts: Accounts;
  /** Settle when the steps of those have ended whose declaration cannot be used. */
  readonly unusable: readonly pulumi.Output<unknown>[];
}

/**
 * Tells what an update came to, in one paragraph, when all accounts have come to their end; it is the error that ends the
 * program where one of them failed. What an account failed of is data until then, so that no other stops, in a plain `pulumi
 * up` as well. A preview that comes before an update goes on to its end without one: it would keep `pulumi up` from doing what
 * is due for the others. One that stands alone ends as the update would: then no engine lists deletes that it would not do.
 */
export async function close(args: ClosingArgs, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const isPreview = pulumi.runtime.isDryRun();
  if (isPreview && environment.PAT_ROTATION_ALONE !== "preview") return;
  // The runtime would not wait for what comes after the last registration.
  const done = pulumi.runtime.rpcKeepAlive();
  try {
    // Also when a step failed in a way that is no data: the engine has told that, and ends the run by itself.
    const [ends] = await Promise.all([
      Promise.all(args.accounts.each(endOf)),
      ...args.unusable.map((end) => settled(end)),
    ]);
    const failed = await failures(environment);
    if (isPreview) {
      if (failed.length > 0) throw failure(foreseen);
      return;
    }
    const ending = await endingOf(args, ends, failed);
    // The wrapper breaks lines itself: it has to know where those of an account begin.
    const isShown = noteTold(closing(ending, Number.POSITIVE_INFINITY), environment);
    const text = closing(ending, widthOf(environment) - INDENT);
    if (failed.length > 0) throw failure(isShown ? toldBelow : text);
    if (!isShown) await pulumi.log.info(text);
  } finally {
    done();
  }
}

/** The wrapper tells it at the end of all that the engine prints. */
const toldBelow = "At least one account failed, which held up no other: the end of this output tells which, and why.";

/** The wrapper tells which they are, below what the engine tells. */
const foreseen =
  "At least one account would fail. Nothing is deleted in such a run, so no resource is listed as about to be deleted.";

async function endingOf(
  { settings, today }: ClosingArgs,
  ends: readonly End[],
  failed: readonly string[],
): Promise<Closing> {
  const { deeds } = await runbook.getDeeds();
  const faults = new Map(ends.map(({ name, fault }) => [name, fault]));
  // Of one that failed the dates do not tell what comes next: its overlap has not begun.
  const next = nextEvents(settings, today).find(({ account }) => !faults.get(account));
  return {
    today,
    deeds,
    places: new Map(
      ends.flatMap(({ name, fault, state }) => (fault === "" ? [[name, state?.consumers.length ?? 0]] : [])),
    ),
    proving: ends.flatMap(({ name, isProven, fault, state }) =>
      fault === "" && isProven && isProving(state) ? [name] : [],
    ),
    held: new Map(ends.map(({ name, state }) => [name, state?.held ?? []])),
    failed,
    next,
  };
}

/** How an account ended. */
interface End {
  readonly name: string;
  /** Whether pipelines are declared that prove it. */
  readonly isProven: boolean;
  readonly fault: string | undefined;
  readonly state: AccountState | undefined;
}

/** When its last step has. */
async function endOf({ declaration: { name, proof }, account }: DeclaredAccount): Promise<End> {
  const [fault, state] = await Promise.all([
    settled(account.fault),
    settled<AccountState | undefined>(account.state),
    ...account.others.map(({ urn }) => settled(urn)),
  ]);
  return { name, isProven: proof.length > 0, fault, state };
}

/** Its token is in use, and its proof has not come to an end; one that was made by hand is proven by nobody. */
function isProving(state: AccountState | undefined): boolean {
  return state !== undefined && state.generation !== adopted && state.provedAt === undefined;
}

/** What an output came to; nothing where its step failed, or was passed over. */
function settled<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  return known(pulumi.recover<T | undefined>(output, () => undefined));
}

/** A line for each account that failed: of our own provider's steps, and of the others' where a wrapper collects them. */
async function failures({ PAT_ROTATION_FAILURES: file }: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const { steps } = await runbook.getFailures();
  const noted = file !== undefined && existsSync(file) ? failedSteps(readFileSync(file, "utf8")) : [];
  const others = noted.filter((one) => steps.every(({ urn, message }) => urn !== one.urn || message !== one.message));
  return failureLines([...steps, ...others]).map(visible);
}

/** Where there is a wrapper, it tells it at the end of all that the engine prints. */
function noteTold(text: string, { PAT_ROTATION_FAILURES: file }: NodeJS.ProcessEnv): boolean {
  if (!file) return false;
  appendFileSync(`${file}.told`, text, { mode: 0o600 });
  return true;
}
