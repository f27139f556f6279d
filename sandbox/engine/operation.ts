import { Deployment, type ImportRequest } from "./deployment";
import { Monitor } from "./monitor";
import { Plugins } from "./plugin";
import { type Program, startProgram } from "./program";
import { type Kind, Report } from "./report";
import type { Backend } from "./state/backend";
import type { Operation as Interrupted, ResourceState } from "./state/deployment";
import type { Project } from "./state/project";
import type { Crypter } from "./state/secrets";
import type { Session } from "./state/session";
import type { StackSettings } from "./state/settings";
import { isProviderType, nameOf, packageOf } from "./urn";
import { Refused } from "./wire";

/** A stack that commands work on. */
export interface Stack {
  readonly name: string;
  readonly project: Project;
  readonly backend: Backend;
  readonly settings: StackSettings;
  /** Opens its secrets; takes a moment. */
  readonly crypter: Promise<Crypter>;
  readonly environment: NodeJS.ProcessEnv;
}

/** What a run is to do, and how it is shown. */
export interface Operation {
  readonly kind: Kind;
  readonly preview: boolean;
  /** Compare the state with the world first. */
  readonly refresh: boolean;
  readonly parallel: number;
  readonly continueOnError: boolean;
  readonly targets: readonly string[];
  readonly targetDependents: boolean;
  readonly clearPendingCreates: boolean;
  readonly import?: ImportRequest;
  readonly json: boolean;
  readonly diff: boolean;
  readonly write: (text: string) => void;
}

/** Runs one operation on a stack, from the lock to the last line. */
export async function operate(stack: Stack, operation: Operation): Promise<{ failed: boolean; changed: boolean }> {
  const { name, project, backend, settings, environment } = stack;
  const { kind, preview, parallel } = operation;
  const config = settings.config(settings.hasSecrets ? await stack.crypter : undefined);
  const shownConfig = { ...config.values, ...Object.fromEntries(config.secretKeys.map((key) => [key, "[secret]"])) };
  const report = new Report({ ...operation, stack: name, config: shownConfig });
  const onPrint = (line: string) => report.message("info", line);
  const shared = { project: project.name, stack: name, preview, report };
  const monitor = new Monitor({ ...shared, directory: project.directory, config, parallel });
  const engine = await monitor.listen();
  const folders = new Map(project.providers.map(({ name, path }) => [name, path]));
  const plugins = new Plugins({ folders, directory: project.directory, engine, environment, onPrint });
  const start = () => startProgram({ project, stack: name, preview, parallel, config, engine, environment, onPrint });
  // It compiles while the state is read, unless a refresh may change what it finds.
  let program = kind === "update" && !operation.refresh ? start() : undefined;
  let session: Session | undefined;
  let deployment: Deployment | undefined;
  const stopListening = onSignal(() => {
    report.message("warning", "Stopping: what is under way is cancelled, the state is kept.");
    void deployment?.cancel();
    if (deployment === undefined) program?.kill();
  });
  try {
    const crypter = await stack.crypter;
    session = preview ? undefined : await backend.open(project.name, name, crypter);
    const { resources, pending } = session?.before ?? (await backend.load(project.name, name, crypter));
    resources.forEach(refuse);
    // Starting a provider takes time, so it begins before it is asked for.
    if (kind !== "import") for (const { type } of resources.filter(isProvider)) void plugins.get(packageOf(type));
    if (pending.length > 0 && !operation.refresh) report.message("warning", warningOf(pending));
    deployment = new Deployment({ ...operation, ...shared, plugins, resources, ...(session && { session }) });
    if (operation.refresh) await deployment.refresh();
    let told = false;
    if (kind === "update" && !deployment.failed) {
      program ??= start();
      monitor.attach(deployment, plugins);
      told = await follow(program, monitor, deployment, (text) => report.message("error", text));
    } else if (kind === "destroy" && !deployment.failed) await deployment.finish();
    else if (operation.import) await deployment.import(operation.import);
    await deployment.close();
    const verb = preview ? "preview" : "update";
    if (deployment.cancelled) report.message("error", `${verb} canceled`);
    else if (deployment.failed && !told) report.message("error", `${verb} failed`);
    return { failed: deployment.failed, changed: report.changed };
  } finally {
    stopListening();
    program?.kill();
    await plugins.close();
    monitor.close();
    await session?.close();
    report.finish(deployment?.failed ?? true);
  }
}

/** Waits until the program has ended, and deletes what it no longer wants. Whether it was said why it failed. */
async function follow(
  program: Program,
  monitor: Monitor,
  deployment: Deployment,
  complain: (text: string) => void,
): Promise<boolean> {
  const registered = monitor.ended.then(() => "registered" as const);
  const failure = await Promise.race([program.ended, registered, deployment.stopped.then(() => "stopped" as const)]);
  if (failure === "stopped") return false;
  if (failure === "registered" || failure === undefined) {
    await deployment.finish();
    monitor.release();
    const late = deployment.failed ? undefined : await program.ended;
    if (late === undefined) return false;
    if (late !== "") complain(late);
  } else if (failure !== "") complain(failure);
  deployment.fail();
  return true;
}

const isProvider = ({ type }: ResourceState): boolean => isProviderType(type);

/** What a state may hold that this engine would not heed. */
const unheeded = ["external", "deletedWith", "customTimeouts", "resourceHooks", "replaceWith", "viewOf", "taint"];

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

/** The first signal asks to stop; a second one ends the process at once. */
function onSignal(stop: () => void): () => void {
  let asked = false;
  const handler = () => {
    if (asked) process.exit(1);
    asked = true;
    stop();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, handler);
  return () => {
    for (const signal of signals) process.off(signal, handler);
  };
}
