import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";
import { Client, credentials, type MethodDefinition, type ServiceError, status } from "@grpc/grpc-js";
import { ResourceProviderService as methods } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { unknownText } from "../../providers/host/values";
import { type Diff, kinds, type Made } from "./answers";
import type { Run } from "./run";
import type { ResourceState, Values } from "./state/deployment";
import { isProviderType, nameOf, packageOf, typeOf } from "./urn";
import { fromStruct, toStruct } from "./values";
import { ask, type Fields, message, Refused, unlimited } from "./wire";

/** What answers for a resource. */
export type Provider = Pick<Plugin, "check" | "diff" | "create" | "update" | "read" | "delete">;

/** Answers for components, the stack and default providers: they are what the program says. */
const component: Provider = {
  check: async ({ inputs = {} }) => inputs,
  diff: async (old, { inputs = {} }) => {
    const changes = !isDeepStrictEqual(old.inputs ?? {}, inputs);
    return { changes, changedKeys: [], replaceKeys: [], deleteBeforeReplace: false };
  },
  create: async () => ({ id: "", outputs: {} }),
  update: async ({ outputs = {} }) => ({ id: "", outputs }),
  read: async () => undefined,
  delete: async () => undefined,
};

/** The provider processes of a run, one for each package: started when first asked for. */
export class Plugins {
  readonly #plugins = new Map<string, Promise<Plugin>>();

  constructor(
    private readonly run: Run,
    /** Where they reach the engine. */
    private readonly engine: string,
    private readonly start: typeof Plugin.start = Plugin.start,
  ) {}

  /** The plugin of a package. */
  get(name: string): Promise<Plugin> {
    const found = this.#plugins.get(name) ?? this.start(name, this.run, this.engine);
    this.#plugins.set(name, found);
    // It may be asked for early, to save time, by one who does not wait for it.
    found.catch(() => undefined);
    return found;
  }

  /** Who answers for a resource. */
  async of({ type, custom }: Pick<ResourceState, "type" | "custom">): Promise<Provider> {
    if (!custom) return component;
    if (!isProviderType(type)) return this.get(packageOf(type));
    const create = async ({ inputs: { __internal, ...outputs } = {} }: ResourceState, preview: boolean) => {
      await this.get(packageOf(type));
      return { id: preview ? unknownText : randomUUID(), outputs };
    };
    // It is named after its version, and has nothing else that could change. The CLI stores what is for the engine alone.
    return { ...component, check: async ({ inputs }, olds) => olds ?? { ...inputs, __internal: {} }, create };
  }

  /** Asks every plugin to give up what it is doing, or ends it. */
  async all(what: "cancel" | "close"): Promise<void> {
    await Promise.allSettled([...this.#plugins.values()].map(async (plugin) => (await plugin)[what]()));
  }
}

/** How a provider is reached. */
type Connection = Pick<Client, "makeUnaryRequest" | "close">;

/** A provider, spoken to over Pulumi's ResourceProvider protocol: mostly one in a process of its own. */
export class Plugin {
  constructor(
    private readonly name: string,
    private readonly process: Pick<ChildProcess, "exitCode" | "signalCode" | "kill">,
    private readonly client: Connection,
  ) {}

  /** Starts a provider's process, waits until it listens, and configures it. */
  static async start(name: string, { project, config, report }: Run, engine: string): Promise<Plugin> {
    const configured = Object.keys(config.values).find((key) => key.startsWith(`${name}:`));
    if (configured !== undefined) throw new Refused(`configuration of a provider ("${configured}")`);
    const folder = project.providers.find((provider) => provider.name === name)?.path;
    if (folder === undefined) throw new Refused(`packages that Pulumi.yaml does not name under plugins ("${name}")`);
    // Detached: Ctrl-C goes to the engine alone, which then asks its providers to stop.
    const options = { cwd: project.directory, detached: true } as const;
    const executable = join(folder, `pulumi-resource-${name}`);
    const child = spawn(executable, [engine], { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const onPrint = (line: string) => report.message("info", line);
    const port = await new Promise<string>((fulfil, reject) => {
      const fail = (why: string) => reject(new Error(`starting the provider "${name}": ${why}`));
      child.once("error", ({ message }) => fail(message));
      child.once("exit", (code) => fail(`it ended with exit code ${code} before it listened`));
      createInterface(child.stderr).on("line", onPrint);
      createInterface(child.stdout)
        .once("line", fulfil)
        .on("line", (line) => /^\d+$/.test(line) || onPrint(line));
    });
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), unlimited);
    const plugin = new Plugin(name, child, client);
    const says = { acceptsecrets: true, acceptresources: true, sendsOldInputs: true, sendsOldInputsToDelete: true };
    await plugin.#ask(methods.configure, new wire.ConfigureRequest(), { args: toStruct(), ...says });
    return plugin;
  }

  /** Completes inputs; throws for all that is wrong with them. `olds` are absent for what is made anew. */
  async check(next: ResourceState, olds?: Values): Promise<Values> {
    const fields = { ...told(next), olds: toStruct(olds), news: toStruct(next.inputs), randomseed: randomBytes(32) };
    const answer = await this.#ask(methods.check, new wire.CheckRequest(), fields);
    const faults = answer.getFailuresList().map((failure) => {
      const [property, reason] = [failure.getProperty(), failure.getReason()];
      const about = property && `property ${property} `;
      return `${next.type} resource '${nameOf(next.urn)}' has a problem: ${about}${reason}`;
    });
    if (faults.length > 0) throw new AggregateError(faults);
    return fromStruct(answer.getInputs());
  }

  /** How a resource differs from what is wanted. */
  async diff(old: ResourceState, { urn, inputs, ignoreChanges = [] }: ResourceState): Promise<Diff> {
    const fields = { ...told({ ...old, urn }), news: toStruct(inputs), ignorechangesList: [...ignoreChanges] };
    const answer = await this.#ask(methods.diff, new wire.DiffRequest(), fields);
    const { changes, diffsList, replacesList, deletebeforereplace, hasdetaileddiff, ...rest } = answer.toObject();
    const detailed = rest.detaileddiffMap.map(([path, { kind, inputdiff }]) => {
      return [path, { kind: kinds[kind], inputDiff: inputdiff }];
    });
    return {
      changes: changes === wire.DiffResponse.DiffChanges.DIFF_SOME,
      changedKeys: diffsList,
      replaceKeys: replacesList,
      deleteBeforeReplace: deletebeforereplace,
      ...(hasdetaileddiff && { detailed: Object.fromEntries(detailed) }),
    };
  }

  /** Makes a resource; in a preview, says what it would be. */
  async create(next: ResourceState, preview: boolean): Promise<Made> {
    const fields = { ...told(next), properties: toStruct(next.inputs), preview };
    const made = await this.#make(methods.create, new wire.CreateRequest(), fields);
    if (!preview && made.id === "") throw new Error("provider did not return an ID from Create");
    return made;
  }

  /** Changes a resource; in a preview, says what it would be. */
  update(old: ResourceState, { urn, inputs, ignoreChanges = [] }: ResourceState, preview: boolean): Promise<Made> {
    const fields = { ...told({ ...old, urn }), news: toStruct(inputs), preview, ignorechangesList: [...ignoreChanges] };
    return this.#make(methods.update, new wire.UpdateRequest(), fields);
  }

  /** What a resource is now; `undefined` when there is no such thing any more. */
  async read(state: ResourceState): Promise<Made | undefined> {
    const found = await this.#make(methods.read, new wire.ReadRequest(), told(state));
    return found.id === "" ? undefined : found;
  }

  /** Deletes what the state says. */
  async delete(state: ResourceState): Promise<void> {
    await this.#ask(methods.delete, new wire.DeleteRequest(), told(state));
  }

  /** Calls a function of the package. */
  invoke(tok: string, args: Struct | undefined, preview: boolean): Promise<wire.InvokeResponse> {
    return this.#ask(methods.invoke, new wire.InvokeRequest(), { tok, args, preview });
  }

  /** Asks it to give up what it is doing. */
  async cancel(): Promise<void> {
    await ask(this.client, methods.cancel, new Empty(), { deadline: Date.now() + 5_000 }).catch(() => undefined);
  }

  /** Ends the process. */
  close(): void {
    this.client.close();
    this.process.kill("SIGKILL");
  }

  #ask<Q extends object, A>(method: MethodDefinition<Q, A>, request: Q, fields: Fields<Q>): Promise<A> {
    return ask(this.client, method, message(request, fields)).catch((cause: ServiceError) => {
      const isLost = cause.code === status.UNAVAILABLE || cause.code === status.CANCELLED;
      const { exitCode, signalCode } = this.process;
      const lost = `the provider process "${this.name}" does not answer (${exitCode ?? signalCode ?? "it still runs"})`;
      throw new Error(isLost ? `${lost}; whether the call was carried out is not known` : cause.details, { cause });
    });
  }

  /** Asks for what makes or finds a resource, and may do so by half. */
  #make<Q extends object, A extends Answer>(method: MethodDefinition<Q, A>, request: Q, fields: Fields<Q>) {
    return this.#ask(method, request, fields).then(made, (error): Made => {
      const encoded: Buffer | undefined = error.cause.metadata?.get("grpc-status-details-bin")[0];
      const details = encoded === undefined ? [] : Status.deserializeBinary(encoded).getDetailsList();
      const half = details.find((detail) => detail.getTypeName() === "pulumirpc.ErrorResourceInitFailed");
      if (half === undefined) throw error;
      const failed = wire.ErrorResourceInitFailed.deserializeBinary(half.getValue_asU8());
      return { ...made(failed), initErrors: failed.getReasonsList() };
    });
  }
}

interface Answer {
  getId?(): string;
  getInputs?(): Struct | undefined;
  getProperties(): Struct | undefined;
}

const made = (answer: Answer): Made => ({
  id: answer.getId?.() ?? "",
  inputs: answer.getInputs?.()?.toJavaScript() as Values | undefined,
  outputs: fromStruct(answer.getProperties()),
});

/** What a provider is told of a resource; each request takes what it has a field for. */
function told({ urn, id = "", ...state }: ResourceState) {
  const [inputs, outputs] = [toStruct(state.inputs), toStruct(state.outputs)];
  const names = { urn, name: nameOf(urn), type: typeOf(urn), id };
  return { ...names, inputs, oldInputs: inputs, olds: outputs, properties: outputs };
}
