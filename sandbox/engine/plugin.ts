import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";
import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { unknownText } from "../../providers/host/values";
import type { Run } from "./operation";
import type { ResourceState, Values } from "./state/deployment";
import { isProviderType, nameOf, packageOf, typeOf } from "./urn";
import { fromStruct, toStruct } from "./values";
import { ask, message, Refused, unlimited } from "./wire";

/** Values as a provider completed them, or what is wrong with them. */
export interface Checked {
  readonly values: Values;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

const kinds = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"] as const;

/** What a provider says about the difference between a resource and its new inputs. */
export interface Diff {
  readonly changes: boolean;
  readonly changedKeys: readonly string[];
  /** The properties because of which the resource must be replaced. */
  readonly replaceKeys: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** By property path; `inputDiff` where the input differs, not what the provider last saw. */
  readonly detailed?: Readonly<Record<string, { readonly kind: (typeof kinds)[number]; readonly inputDiff: boolean }>>;
}

/** What a provider made, changed or found; without inputs where it says nothing of them. */
export interface Made {
  readonly id: string;
  readonly inputs?: Values;
  readonly outputs: Values;
}

/** A resource exists now, but something failed: it is remembered, and its step fails. */
export class InitFailed extends Error {
  constructor(
    readonly reasons: readonly string[],
    readonly made: Made,
  ) {
    const list = reasons.map((reason) => `\t* ${reason}\n`).join("");
    super(`${reasons.length} error${reasons.length === 1 ? "" : "s"} occurred:\n${list}\n`);
  }
}

/** What answers for a resource. */
export type Provider = Pick<Plugin, "check" | "diff" | "create" | "update" | "read" | "delete">;

/** Answers for components and the stack: they are what the program says. */
const component: Provider = {
  check: async (_urn, _olds, news) => ({ values: news, failures: [] }),
  diff: async ({ inputs = {} }, news) => {
    const changes = !isDeepStrictEqual(inputs, news);
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
  ) {}

  /** The plugin of a package. */
  get(name: string): Promise<Plugin> {
    const found = this.#plugins.get(name) ?? Plugin.start(name, this.run, this.engine);
    this.#plugins.set(name, found);
    // It may be asked for early, to save time, by one who does not wait for it.
    found.catch(() => undefined);
    return found;
  }

  /** Who answers for a resource. */
  async of({ type, custom }: Pick<ResourceState, "type" | "custom">): Promise<Provider> {
    if (!custom) return component;
    if (!isProviderType(type)) return this.get(packageOf(type));
    return {
      ...component,
      // A default provider is named after its version, and has nothing else that could change.
      check: async (_urn, olds, news) => ({ values: Object.keys(olds).length > 0 ? olds : news, failures: [] }),
      create: async (_urn, inputs, preview) => {
        await this.get(packageOf(type));
        return { id: preview ? unknownText : randomUUID(), outputs: inputs };
      },
    };
  }

  /** Asks every plugin to give up what it is doing. */
  async cancel(): Promise<void> {
    await Promise.allSettled([...this.#plugins.values()].map(async (plugin) => (await plugin).cancel()));
  }

  /** Ends every plugin. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#plugins.values()].map(async (plugin) => (await plugin).close()));
  }
}

/** A provider in a process of its own, spoken to over Pulumi's ResourceProvider protocol. */
export class Plugin {
  readonly #client: ResourceProviderClient;
  #ended: string | undefined;

  private constructor(
    readonly name: string,
    private readonly process: ChildProcess,
    port: string,
  ) {
    this.#client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), unlimited);
    process.once("exit", (code, signal) => {
      this.#ended = code === null ? `was killed (${signal})` : `ended with exit code ${code}`;
    });
  }

  /** Starts a provider's process, waits until it listens, and configures it. */
  static async start(name: string, { project, report }: Run, engine: string): Promise<Plugin> {
    const { path } = project.providers.find((provider) => provider.name === name) ?? {};
    const executable = path && join(path, `pulumi-resource-${name}`);
    if (!executable || !existsSync(executable))
      throw new Error(
        `There is no provider for the package "${name}": ${executable ? `"${executable}" is not there` : "Pulumi.yaml names no folder for it"}. The embedded engine runs providers that Pulumi.yaml names under plugins.providers with a path, and downloads none. Add it there, or use the Pulumi CLI.`,
      );
    // Detached: Ctrl-C goes to the engine alone, which then asks its providers to stop.
    const options = { cwd: project.directory, detached: true } as const;
    const child = spawn(executable, [engine], { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const onPrint = (line: string) => report.message("info", line);
    const port = await new Promise<string>((fulfil, reject) => {
      const early = (code: number | null) => `it ended with exit code ${code} before it listened`;
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`Starting the provider "${name}": ${early(code)}.`)));
      createInterface(child.stderr).on("line", onPrint);
      createInterface(child.stdout)
        .once("line", fulfil)
        .on("line", (line) => /^\d+$/.test(line) || onPrint(line));
    });
    const plugin = new Plugin(name, child, port);
    const says = { acceptsecrets: true, acceptresources: true, sendsOldInputs: true, sendsOldInputsToDelete: true };
    const fields = { args: toStruct(), ...says };
    const answer = await plugin.#ask("configure", message(new wire.ConfigureRequest(), fields));
    if (!answer.getAcceptsecrets() || !answer.getSupportspreview())
      throw new Refused(`providers that know no secrets or no previews ("${name}")`);
    return plugin;
  }

  /** Completes inputs, or says what is wrong with them. `olds` is empty for what is made anew. */
  async check(urn: string, olds: Values, news: Values): Promise<Checked> {
    const fields = { ...about(urn), olds: toStruct(olds), news: toStruct(news), randomseed: randomBytes(32) };
    const answer = await this.#ask("check", message(new wire.CheckRequest(), fields));
    return { values: fromStruct(answer.getInputs()), failures: failures(answer) };
  }

  /** How a resource differs from new inputs. */
  async diff(old: ResourceState, news: Values, ignoreChanges: readonly string[] = []): Promise<Diff> {
    const fields = { ...told(old), news: toStruct(news), ignorechangesList: [...ignoreChanges] };
    const answer = await this.#ask("diff", message(new wire.DiffRequest(), fields));
    const { changes, diffsList, replacesList, deletebeforereplace, hasdetaileddiff, ...rest } = answer.toObject();
    const found = rest.detaileddiffMap.map(([path, { kind, inputdiff }]) => [
      path,
      { kind: kinds[kind] ?? "update", inputDiff: inputdiff },
    ]);
    const detailed = Object.fromEntries(found) as NonNullable<Diff["detailed"]>;
    const replaced = Object.keys(detailed).filter((path) => detailed[path]?.kind.endsWith("-replace"));
    const { DIFF_UNKNOWN, DIFF_SOME } = wire.DiffResponse.DiffChanges;
    return {
      // A provider may say that it cannot tell.
      changes: changes === DIFF_UNKNOWN ? !isDeepStrictEqual(old.inputs ?? {}, news) : changes === DIFF_SOME,
      changedKeys: diffsList,
      replaceKeys: replacesList.length > 0 ? replacesList : replaced,
      deleteBeforeReplace: deletebeforereplace,
      ...(hasdetaileddiff && { detailed }),
    };
  }

  /** Makes a resource; in a preview, says what it would be. */
  async create(urn: string, inputs: Values, preview: boolean): Promise<Made> {
    const fields = { ...about(urn), properties: toStruct(inputs), preview };
    const answer = await this.#ask("create", message(new wire.CreateRequest(), fields));
    if (!preview && answer.getId() === "") throw new Error("provider did not return an ID from Create");
    return { id: answer.getId(), outputs: fromStruct(answer.getProperties()) };
  }

  /** Changes a resource; in a preview, says what it would be. */
  async update(old: ResourceState, news: Values, preview: boolean, ignoreChanges: readonly string[] = []) {
    const fields = { ...told(old), news: toStruct(news), preview, ignorechangesList: [...ignoreChanges] };
    const answer = await this.#ask("update", message(new wire.UpdateRequest(), fields));
    return { id: old.id ?? "", outputs: fromStruct(answer.getProperties()) };
  }

  /** What a resource is now; `undefined` when there is no such thing any more. */
  async read({ urn, id = "", inputs, outputs }: ResourceState): Promise<Made | undefined> {
    const fields = { ...about(urn), id, inputs: toStruct(inputs), properties: toStruct(outputs) };
    const answer = await this.#ask("read", message(new wire.ReadRequest(), fields));
    return answer.getId() === "" ? undefined : made(answer);
  }

  /** Deletes what the state says. */
  async delete({ urn, id = "", inputs, outputs }: ResourceState): Promise<void> {
    const fields = { ...about(urn), id, oldInputs: toStruct(inputs), properties: toStruct(outputs) };
    await this.#ask("delete", message(new wire.DeleteRequest(), fields));
  }

  /** Calls a function of the package. */
  async invoke(tok: string, args: Values, preview: boolean): Promise<Checked> {
    const request = message(new wire.InvokeRequest(), { tok, args: toStruct(args), preview });
    const answer = await this.#ask("invoke", request);
    return { values: fromStruct(answer.getReturn()), failures: failures(answer) };
  }

  /** Asks it to give up what it is doing. */
  async cancel(): Promise<void> {
    if (this.#ended !== undefined) return;
    await ask(this.#client, "cancel", new Empty(), { deadline: Date.now() + 5_000 }).catch(() => undefined);
  }

  /** Ends the process. */
  async close(): Promise<void> {
    await this.cancel();
    this.#client.close();
    if (this.#ended === undefined) this.process.kill("SIGKILL");
  }

  #ask<K extends keyof ResourceProviderClient>(method: K, request: object) {
    return ask(this.#client, method, request).catch((error: ServiceError) => {
      const encoded = error.metadata?.get("grpc-status-details-bin")[0];
      const details = encoded === undefined ? [] : Status.deserializeBinary(Buffer.from(encoded)).getDetailsList();
      const half = details.find((detail) => detail.getTypeName() === "pulumirpc.ErrorResourceInitFailed");
      if (half !== undefined) {
        const failed = wire.ErrorResourceInitFailed.deserializeBinary(half.getValue_asU8());
        throw new InitFailed(failed.getReasonsList(), made(failed));
      }
      const isLost = error.code === status.UNAVAILABLE || error.code === status.CANCELLED;
      const ended = `The provider process "${this.name}" ${this.#ended ?? "does not answer"}`;
      const text = isLost ? `${ended}; whether the call was carried out is not known.` : error.details;
      throw new Error(text, { cause: error });
    });
  }
}

const about = (urn: string) => ({ urn, name: nameOf(urn), type: typeOf(urn) });

const told = ({ urn, id = "", inputs, outputs }: ResourceState) => {
  return { ...about(urn), id, oldInputs: toStruct(inputs), olds: toStruct(outputs) };
};

const made = (answer: wire.ReadResponse | wire.ErrorResourceInitFailed): Made => ({
  id: answer.getId(),
  ...(answer.hasInputs() && { inputs: fromStruct(answer.getInputs()) }),
  outputs: fromStruct(answer.getProperties()),
});

const failures = (answer: { getFailuresList(): wire.CheckFailure[] }) =>
  answer.getFailuresList().map((failure) => failure.toObject());
