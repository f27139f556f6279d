import { Metadata, status } from "@grpc/grpc-js";
import { setAllConfig } from "@pulumi/pulumi/runtime/config";
import { disconnect, resetOptions } from "@pulumi/pulumi/runtime/settings";
import { runInPulumiStack } from "@pulumi/pulumi/runtime/stack";
import * as localState from "@pulumi/pulumi/runtime/state";
import type { Monitor } from "../../engine/monitor";
import type { Handlers } from "../../engine/wire";

/** Where and as what a program runs. */
export interface ProgramOptions {
  /** What stands behind the engine's services. */
  readonly services: ReturnType<Monitor["services"]>;
  readonly project: string;
  readonly stack: string;
  readonly parallel: number;
  readonly config: Readonly<Record<string, string>>;
  readonly tell: (text: string) => void;
}

/** In the SDK, and not in its declarations. */
const { withLocalStorage, getStore } = localState as unknown as {
  withLocalStorage<T>(work: () => Promise<T>): Promise<T>;
  getStore(): { readonly settings: Record<string, unknown> };
};

const writtenStacks = Error.prepareStackTrace;

/** Runs a program in this process, as the SDK runs one that is given as a function. Answers whether it ended well. */
export async function runProgram(program: () => unknown, options: ProgramOptions): Promise<boolean> {
  const { services, project, stack, parallel, config, tell } = options;
  const told = new Set<unknown>();
  const complain = (error: unknown) => {
    if (told.has(error)) return;
    told.add(error);
    tell(`error: ${error instanceof Error ? error.message : String(error)}`);
  };
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", complain);
  // The program puts its own in front of what it finds.
  Error.prepareStackTrace = writtenStacks;
  try {
    await withLocalStorage(async () => {
      resetOptions(project, stack, parallel, "here", "here", false, "organization");
      Object.assign(getStore().settings, { monitor: clientOf(services.monitor), engine: clientOf(services.engine) });
      setAllConfig({ ...config }, []);
      try {
        await runInPulumiStack(async () => program());
        await disconnect(true);
      } catch (error) {
        complain(error);
        await disconnect(false);
      }
    });
    // What was rejected last is told in a later turn.
    await new Promise((done) => setImmediate(done));
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const other of others) process.on("unhandledRejection", other);
  }
  return told.size === 0;
}

/** A client of a service whose calls are not sent anywhere: each comes, in a turn of its own, to what stands behind it. */
function clientOf(handlers: Handlers): unknown {
  const call =
    (name: string) =>
    (request: unknown, ...rest: readonly unknown[]) => {
      const done = rest.at(-1) as (error: unknown, answer?: unknown) => void;
      const answer = async () => {
        const handler = handlers[name];
        if (handler === undefined)
          throw Object.assign(new Error(`${name} is not implemented`), { code: status.UNIMPLEMENTED });
        return handler(request);
      };
      setImmediate(() =>
        answer().then(
          (found) => done(null, found),
          (error: Error) =>
            done(Object.assign(error, { code: status.UNKNOWN, details: error.message, metadata: new Metadata() })),
        ),
      );
    };
  const methods = new Proxy({}, { get: (_, name) => (name === "close" ? () => undefined : call(String(name))) });
  return methods;
}
