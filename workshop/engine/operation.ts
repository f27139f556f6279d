import type { Operation, Stack } from "./asked";
import { Monitor } from "./monitor";
import { Deployment } from "./planning/deployment";
import { Plugins } from "./plugin";
import { runProgram } from "./program";
import type { Run } from "./run";
import type { Operation as Interrupted, ResourceState } from "./state/deployment";
import { json } from "./telling/json";
import { Report } from "./telling/report";
import { text } from "./telling/text";
import { isProviderType, nameOf, packageOf } from "./urn";
import { Refused } from "./wire";

/** Runs an operation on a stack, from the lock to the last line; says whether it failed, and whether it changed anything. */
export async function operate(stack: Stack, operation: Operation): Promise<{ failed: boolean; changed: boolean }> {
  const { name, project, backend, settings } = stack;
  const { kind, preview, flags } = operation;
  const config = settings.config(stack.crypter);
  const isRefreshed = flags.refresh || kind === "refresh";
  const session = preview ? undefined : await backend.open(stack.crypter(), flags["clear-pending-creates"] === true);
  const { resources, pending } = (session ?? (await backend.read(stack.crypter()))).before;
  const asked = { ...operation, stack: name, project, config };
  const report = new Report(asked, flags.json ? json : text);
  const run: Run = { ...asked, report };
  const monitor = new Monitor(run);
  const engine = await monitor.listen();
  const plugins = new Plugins(run, engine);
  const deployment = new Deployment(run, plugins, resources, session);
  const over = new AbortController();
  const stop = () => {
    report.message("warning", "Stopping: what is under way is cancelled, the state is kept.");
    void deployment.cancel();
  };
  // A second one of a kind ends the process at once.
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    resources.forEach(refuse);
    // Starting a provider takes time, so it begins before it is asked for.
    if (kind !== "import") for (const { type } of resources.filter(isProvider)) void plugins.get(packageOf(type));
    if (pending.length > 0 && !isRefreshed) report.message("warning", warningOf(pending));
    // What is refreshed or destroyed must be there before anything is done, and so must what is to be replaced.
    if (isRefreshed || kind === "destroy") deployment.checkTargets("refresh");
    if (isRefreshed && !deployment.failed) await deployment.refresh();
    if (kind === "update" && !deployment.failed) deployment.checkTargets("program");
    let ending: string | undefined;
    if (kind === "update" && !deployment.failed) {
      monitor.deployment = deployment;
      ending = await Promise.race([runProgram(run, engine, over.signal), deployment.stopped]);
    }
    if (kind === "import") await deployment.import(operation.import);
    else if (ending !== undefined) deployment.fail();
    else if (kind !== "refresh" && !deployment.failed) await deployment.finish();
    await deployment.close();
    const verb = preview ? "preview" : "update";
    if (deployment.cancelled) report.message("error", `${verb} canceled`);
    else if (deployment.failed) report.message("error", ending ?? `${verb} failed`);
    return { failed: deployment.failed, changed: report.changed };
  } catch (error) {
    deployment.fail();
    throw error;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    over.abort();
    await plugins.all("close");
    monitor.close();
    await session?.close();
    report.finish(deployment.failed);
  }
}

const isProvider = ({ type }: ResourceState): boolean => isProviderType(type);

/** What a state may hold that this engine would not heed. */
const unheeded = [
  ...["external", "deletedWith", "customTimeouts", "resourceHooks", "replaceWith", "replacementTrigger", "viewOf"],
  ...["taint", "refreshBeforeUpdate", "envVarMappings"],
];

function refuse(state: ResourceState): void {
  const inputs = Object.keys(state.inputs ?? {}).filter((key) => key !== "version" && key !== "__internal");
  if (isProvider(state) && (!nameOf(state.urn).startsWith("default") || inputs.length > 0))
    throw new Refused(`providers that a program makes itself or configures (${state.urn})`);
  const found = unheeded.find((key) => key in state);
  if (found !== undefined) throw new Refused(`"${found}", which the state holds (${state.urn})`);
}

function warningOf(pending: readonly Interrupted[]): string {
  const list = pending.map(({ type, resource }) => `  * ${resource.urn}, interrupted while ${type}\n`).join("");
  return `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n${list}These resources are in an unknown state because an earlier run was interrupted while it changed them. Look at them, then \`refresh\`.`;
}
