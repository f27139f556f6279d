import { Deployment, type ImportRequest } from "./deployment";
import { Display, type Kind } from "./display";
import { Recorder } from "./json";
import { Monitor } from "./monitor";
import { Program } from "./program";
import { Registry } from "./registry";
import type { Backend } from "./state/backend";
import type { Project } from "./state/project";
import type { Crypter } from "./state/secrets";
import type { Session } from "./state/session";
import type { StackSettings } from "./state/settings";
import { isProviderType, nameOf, packageOf } from "./urn";

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
  readonly colour: boolean;
  readonly outputs: boolean;
  readonly write: (text: string) => void;
}

/** How a run ended. */
export interface Outcome {
  readonly failed: boolean;
  readonly changed: boolean;
}

/** Runs one operation on a stack, from the lock to the last line. */
export async function operate(stack: Stack, operation: Operation): Promise<Outcome> {
  const { name, project, backend, settings, environment } = stack;
  const { kind, preview, parallel } = operation;
  const config = settings.config(settings.hasSecrets ? await stack.crypter : undefined);
  const shownConfig = Object.fromEntries(
    Object.entries(config.values).map(([key, value]) => [key, config.secretKeys.includes(key) ? "[secret]" : value]),
  );
  const events = operation.json
    ? new Recorder({ ...operation, config: shownConfig })
    : new Display({ ...operation, stack: name });
  const onPrint = (line: string) => events.message("info", line);
  let address = "";
  const registry = new Registry({
    providers: project.providers,
    plugin: {
      directory: project.directory,
      environment,
      onPrint,
      get engine() {
        return address;
      },
    },
  });
  const shared = { project: project.name, stack: name, preview, events };
  const monitor = new Monitor({ ...shared, directory: project.directory, config, parallel });
  address = await monitor.listen();
  const refreshFirst = operation.refresh && kind === "update";
  const start = () =>
    new Program({ project, stack: name, preview, parallel, config, engine: address, environment, onPrint });
  // It compiles while the state is read, unless a refresh may change what it finds.
  let program = kind === "update" && !refreshFirst ? start() : undefined;
  let session: Session | undefined;
  let deployment: Deployment | undefined;
  const stop = signals(() => {
    events.message("warning", "Stopping: what is under way is cancelled, the state is kept.");
    void deployment?.cancel();
    if (deployment === undefined) program?.kill();
  });
  try {
    const crypter = await stack.crypter;
    session = preview ? undefined : await backend.open(project.name, name, crypter);
    const { resources, pending } = session?.before ?? (await backend.load(project.name, name, crypter));
    const own = resources.find(({ type, urn }) => isProviderType(type) && !nameOf(urn).startsWith("default"));
    if (own) throw new Error(`the embedded engine does not support providers that a program makes: ${own.urn}`);
    if (kind !== "import")
      for (const { type } of resources) if (isProviderType(type)) registry.prepare(packageOf(type));
    if (pending.length > 0 && !operation.refresh) warnOfPending(events, pending);
    deployment = new Deployment({ ...operation, ...shared, registry, resources, ...(session && { session }) });
    if (operation.refresh) await deployment.refresh();
    const going = deployment;
    let told = false;
    if (kind === "update" && !going.failed && !going.cancelled) {
      program ??= start();
      monitor.attach(going);
      told = await follow(program, monitor, going, (text) => events.message("error", text));
    } else if (kind === "destroy" && !going.failed) {
      await going.finish();
    } else if (kind === "import" && operation.import) {
      await going.import(operation.import);
    }
    await going.close();
    const verb = preview ? "preview" : "update";
    if (going.cancelled) events.message("error", `${verb} canceled`);
    else if (going.failed && !told) events.message("error", `${verb} failed`);
    return { failed: going.failed, changed: events.changed };
  } finally {
    stop();
    program?.kill();
    deployment?.hooks.close();
    await registry.close();
    monitor.close();
    await session?.close();
    events.finish(deployment?.failed ?? true);
  }
}

/** Waits until the program has ended, and deletes what it no longer wants. Whether the program itself said why it failed. */
async function follow(
  program: Program,
  monitor: Monitor,
  deployment: Deployment,
  complain: (text: string) => void,
): Promise<boolean> {
  const failure = await Promise.race([
    program.ended,
    monitor.ended.then(() => undefined),
    deployment.stopped.then(() => "stopped" as const),
  ]);
  if (failure === "stopped") return false;
  if (failure === undefined) {
    await deployment.finish();
    monitor.release();
    const late = deployment.failed ? undefined : await program.ended;
    if (late === undefined) return false;
    if (late !== "") complain(late);
  } else if (failure !== "") complain(failure);
  deployment.fail();
  return true;
}

function warnOfPending(
  events: Pick<Display, "message">,
  pending: ReadonlyArray<{ readonly type: string; readonly resource: { readonly urn: string } }>,
): void {
  const list = pending.map(({ type, resource }) => `  * ${resource.urn}, interrupted while ${type}\n`).join("");
  events.message(
    "warning",
    `Attempting to deploy or update resources with ${pending.length} pending operations from previous deployment.\n${list}These resources are in an unknown state because an earlier run was interrupted while it changed them. Look at them, then \`refresh\`.`,
  );
}

/** The first signal asks to stop; a second one ends the process at once. */
function signals(stop: () => void): () => void {
  let asked = false;
  const handler = () => {
    if (asked) process.exit(1);
    asked = true;
    stop();
  };
  process.on("SIGINT", handler);
  process.on("SIGTERM", handler);
  return () => {
    process.off("SIGINT", handler);
    process.off("SIGTERM", handler);
  };
}
