import type { ServiceError, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Provider } from "../../../providers/host/provider";
import type { Service } from "../../../providers/host/service";
import { Plugin, Plugins } from "../../engine/plugin";
import type { Run } from "../../engine/run";

/** The product's providers, evaluated for one run. */
export interface Inside {
  readonly Service: typeof Service;
  readonly gitlab: Provider;
  readonly onepassword: Provider;
  readonly runbook: Provider;
}

type Unary = (call: { readonly request: unknown }, done: (error: ServiceError | null, answer: unknown) => void) => void;

/** Plugins that are called in this process: each call goes to what would stand behind the port. */
export function pluginsOf(inside: Inside, run: Run): Plugins {
  const start = async (name: string): Promise<Plugin> => {
    const provider = inside[name as "gitlab" | "onepassword" | "runbook"];
    const logFor = (urn: string) => ({
      info: (text: string) => run.report.message("info", text, urn),
      warn: (text: string) => run.report.message("warning", text, urn),
      status: () => undefined,
    });
    const engine = { logFor, delivered: async () => undefined, attach: () => undefined };
    const service = new inside.Service(provider, engine as unknown as ConstructorParameters<typeof Service>[1]);
    return new Plugin(name, { exitCode: null, signalCode: null, kill: () => true }, over(service.implementation()));
  };
  return new Plugins(run, "", start);
}

/** A client whose calls are not sent anywhere. */
function over(methods: UntypedServiceImplementation): ConstructorParameters<typeof Plugin>[2] {
  const makeUnaryRequest = (path: string, ...rest: readonly unknown[]) => {
    const name = path.split("/").at(-1) ?? "";
    const method = methods[name.charAt(0).toLowerCase() + name.slice(1)] as Unary;
    const [, , request, , done] = rest as [unknown, unknown, unknown, unknown, Parameters<Unary>[1]];
    setImmediate(() => method({ request }, (error, answer) => done(error, error ? undefined : answer)));
  };
  return { makeUnaryRequest, close: () => undefined } as unknown as ConstructorParameters<typeof Plugin>[2];
}
