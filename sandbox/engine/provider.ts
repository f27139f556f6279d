import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import {
  type Change,
  type CheckFailure,
  type Diff,
  type Given,
  InitFailed,
  type Made,
  type Provider,
  type Resource,
} from "./operations";
import type { Values } from "./state/deployment";
import { nameOf, typeOf } from "./urn";
import { fromStruct, revealAll, toStruct } from "./values";
import { ask, message, unlimited } from "./wire";

/** How a plugin is started. */
export interface PluginOptions {
  readonly name: string;
  /** The folder that holds the executable. */
  readonly path: string;
  /** The working directory: the project's. */
  readonly directory: string;
  /** Where the plugin reaches the engine. */
  readonly engine: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Hears what the process prints. */
  readonly onPrint: (line: string) => void;
}

/** A provider in a process of its own, spoken to over Pulumi's ResourceProvider protocol. */
export class Plugin implements Provider {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #client: ResourceProviderClient;
  #ended: string | undefined;

  private constructor(name: string, child: ChildProcess, port: string) {
    this.#name = name;
    this.#process = child;
    this.#client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), unlimited);
    child.once("exit", (code, signal) => {
      this.#ended = code === null ? `was killed (${signal ?? "?"})` : `ended with exit code ${code}`;
    });
  }

  /** Starts the process and waits until it listens. */
  static async start({ name, path, directory, engine, environment, onPrint }: PluginOptions): Promise<Plugin> {
    const executable = join(path, `pulumi-resource-${name}`);
    try {
      accessSync(executable, constants.X_OK);
    } catch (cause) {
      throw new Error(
        `Starting the provider "${name}": "${executable}" is not there or may not be executed. This engine runs providers that Pulumi.yaml names under plugins.providers with a path; it downloads none.`,
        { cause },
      );
    }
    // Detached: Ctrl-C goes to the engine alone, which then asks its providers to stop.
    const child = spawn(executable, [engine], {
      cwd: directory,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const port = await new Promise<string>((fulfil, reject) => {
      child.once("error", reject);
      child.once("exit", (code) =>
        reject(new Error(`Starting the provider "${name}": it ended with exit code ${code} before it listened.`)),
      );
      createInterface(child.stderr).on("line", onPrint);
      createInterface(child.stdout)
        .once("line", fulfil)
        .on("line", (line) => /^\d+$/.test(line) || onPrint(line));
    });
    const plugin = new Plugin(name, child, port);
    await plugin.#optional(undefined, () =>
      plugin.#ask(
        "handshake",
        message(new wire.ProviderHandshakeRequest(), {
          engineAddress: engine,
          rootDirectory: path,
          programDirectory: path,
          configureWithUrn: true,
          invokeWithPreview: true,
        }),
      ),
    );
    return plugin;
  }

  /** Completes the configuration of a provider resource, or says what is wrong with it. */
  async checkConfig(urn: string, olds: Values, news: Values): Promise<Given> {
    const request = message(new wire.CheckRequest(), { ...about(urn), olds: toStruct(olds), news: toStruct(news) });
    return this.#optional({ inputs: news, failures: [] }, async () => {
      const answer = await this.#ask("checkConfig", request);
      return { inputs: answer.hasInputs() ? fromStruct(answer.getInputs()) : news, failures: failures(answer) };
    });
  }

  /** Takes a configuration into use. */
  async configure(urn: string, id: string, inputs: Values): Promise<void> {
    const request = message(new wire.ConfigureRequest(), {
      ...about(urn),
      id,
      args: toStruct(inputs),
      acceptsecrets: true,
      acceptresources: true,
      sendsOldInputs: true,
      sendsOldInputsToDelete: true,
    });
    for (const [key, value] of Object.entries(revealAll(inputs))) {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      if (key !== "version") request.getVariablesMap().set(`${this.#name}:config:${key}`, text);
    }
    const answer = await this.#ask("configure", request);
    if (!answer.getAcceptsecrets() || !answer.getSupportspreview())
      throw new Error(
        `The provider "${this.#name}" knows no secrets or no previews, which the embedded engine does not support. Use the Pulumi CLI.`,
      );
  }

  async check(urn: string, olds: Values, news: Values, randomseed: Uint8Array): Promise<Given> {
    const fields = { ...about(urn), olds: toStruct(olds), news: toStruct(news), randomseed };
    const answer = await this.#ask("check", message(new wire.CheckRequest(), fields));
    return { inputs: fromStruct(answer.getInputs()), failures: failures(answer) };
  }

  async diff(old: Resource, news: Values, ignoreChanges: readonly string[]): Promise<Diff> {
    const fields = { ...told(old), news: toStruct(news), ignorechangesList: [...ignoreChanges] };
    return readDiff(await this.#ask("diff", message(new wire.DiffRequest(), fields)));
  }

  async create(urn: string, inputs: Values, preview: boolean, timeout: number): Promise<Made> {
    const fields = { ...about(urn), properties: toStruct(inputs), preview, timeout };
    const answer = await this.#ask("create", message(new wire.CreateRequest(), fields));
    return { id: answer.getId(), inputs, outputs: fromStruct(answer.getProperties()) };
  }

  async update(
    old: Resource,
    news: Values,
    ignoreChanges: readonly string[],
    preview: boolean,
    timeout: number,
  ): Promise<Made> {
    const fields = { ...told(old), news: toStruct(news), ignorechangesList: [...ignoreChanges] };
    const request = message(new wire.UpdateRequest(), { ...fields, preview, timeout });
    const answer = await this.#ask("update", request);
    return { id: old.id, inputs: news, outputs: fromStruct(answer.getProperties()) };
  }

  async read(old: Resource, timeout: number): Promise<Made | undefined> {
    const { urn, id, inputs, outputs } = old;
    const fields = { ...about(urn), id, inputs: toStruct(inputs), properties: toStruct(outputs), timeout };
    const answer = await this.#ask("read", message(new wire.ReadRequest(), fields));
    if (answer.getId() === "") return undefined;
    return {
      id: answer.getId(),
      ...(answer.hasInputs() && { inputs: fromStruct(answer.getInputs()) }),
      outputs: fromStruct(answer.getProperties()),
    };
  }

  async delete({ urn, id, inputs, outputs }: Resource, timeout: number): Promise<void> {
    const fields = { ...about(urn), id, oldInputs: toStruct(inputs), properties: toStruct(outputs), timeout };
    await this.#ask("delete", message(new wire.DeleteRequest(), fields));
  }

  /** Calls a function of the package. */
  async invoke(tok: string, args: Values, preview: boolean): Promise<Given> {
    const request = message(new wire.InvokeRequest(), { tok, args: toStruct(args), preview });
    const answer = await this.#ask("invoke", request);
    return { inputs: fromStruct(answer.getReturn()), failures: failures(answer) };
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
    if (this.#ended === undefined) this.#process.kill("SIGKILL");
  }

  /** Calls that a provider need not serve. */
  async #optional<T>(otherwise: T, call: () => Promise<T | unknown>): Promise<T> {
    try {
      return (await call()) as T;
    } catch (error) {
      if (error instanceof Error && (error.cause as ServiceError | undefined)?.code === status.UNIMPLEMENTED)
        return otherwise;
      throw error;
    }
  }

  #ask<K extends keyof ResourceProviderClient>(method: K, request: object) {
    return ask(this.#client, method, request).catch((error: ServiceError) => {
      throw this.#explain(error);
    });
  }

  #explain(error: ServiceError): Error {
    const encoded = error.metadata?.get("grpc-status-details-bin")[0];
    const details = encoded === undefined ? [] : Status.deserializeBinary(Buffer.from(encoded)).getDetailsList();
    const detail = details.find((any) => any.getTypeName() === "pulumirpc.ErrorResourceInitFailed");
    if (detail !== undefined) {
      const failed = wire.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
      return new InitFailed(failed.getReasonsList(), {
        id: failed.getId(),
        ...(failed.hasInputs() && { inputs: fromStruct(failed.getInputs()) }),
        outputs: fromStruct(failed.getProperties()),
      });
    }
    if (error.code === status.UNAVAILABLE || error.code === status.CANCELLED)
      return new Error(
        `The provider process "${this.#name}" ${this.#ended ?? "does not answer"}; whether the call was carried out is not known.`,
        { cause: error },
      );
    return new Error(error.details, { cause: error });
  }
}

const about = (urn: string) => ({ urn, name: nameOf(urn), type: typeOf(urn) });

const told = ({ urn, id, inputs, outputs }: Resource) => ({
  ...about(urn),
  id,
  oldInputs: toStruct(inputs),
  olds: toStruct(outputs),
});

const failures = (answer: { getFailuresList(): wire.CheckFailure[] }): readonly CheckFailure[] =>
  answer.getFailuresList().map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));

const kinds = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"] as const;

function readDiff(answer: wire.DiffResponse): Diff {
  const detailed: Record<string, Change> = {};
  answer.getDetaileddiffMap().forEach((change, path) => {
    detailed[path] = { kind: kinds[change.getKind()] ?? "update", inputDiff: change.getInputdiff() };
  });
  const { DIFF_UNKNOWN, DIFF_SOME } = wire.DiffResponse.DiffChanges;
  return {
    changes: answer.getChanges() === DIFF_UNKNOWN ? undefined : answer.getChanges() === DIFF_SOME,
    replaceKeys: answer.getReplacesList(),
    changedKeys: answer.getDiffsList(),
    ...(answer.getHasdetaileddiff() && { detailed }),
    deleteBeforeReplace: answer.getDeletebeforereplace(),
  };
}
