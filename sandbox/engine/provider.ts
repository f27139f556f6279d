import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Change, CheckFailure, Diff, Given, Made, Provider, Resource } from "./operations";
import { InitFailed } from "./operations";
import type { Values } from "./state/deployment";
import { nameOf, typeOf } from "./urn";
import { fromStruct, hasUnknown, keepSecrets, revealAll, toStruct } from "./values";

/** Hears what a plugin process prints. */
export type Listener = (line: string) => void;

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
  readonly onPrint: Listener;
}

type Answer<T> = (error: ServiceError | null, answer: T) => void;

const kinds = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"] as const;

/** A provider in a process of its own, spoken to over Pulumi's ResourceProvider protocol. */
export class Plugin implements Provider {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #client: ResourceProviderClient;
  #ended: string | undefined;
  /** False while its configuration holds unknowns: it is asked nothing then. */
  #known = true;
  #secrets = true;
  #previews = true;

  private constructor(name: string, child: ChildProcess, port: string) {
    this.#name = name;
    this.#process = child;
    this.#client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": -1,
      "grpc.max_send_message_length": -1,
    });
    child.once("exit", (code, signal) => {
      this.#ended = code === null ? `was killed (${signal ?? "?"})` : `ended with exit code ${code}`;
    });
  }

  /** Starts the process and waits until it listens. */
  static async start(options: PluginOptions): Promise<Plugin> {
    const executable = join(options.path, `pulumi-resource-${options.name}`);
    try {
      accessSync(executable, constants.X_OK);
    } catch (cause) {
      throw new Error(
        `Starting the provider "${options.name}": "${executable}" is not there or may not be executed. This engine runs providers that Pulumi.yaml names under plugins.providers with a path; it downloads none.`,
        { cause },
      );
    }
    const child = spawn(executable, [options.engine], {
      cwd: options.directory,
      env: options.environment,
      stdio: ["ignore", "pipe", "pipe"],
      // Ctrl-C goes to the engine alone, which then asks its providers to stop.
      detached: true,
    });
    const port = await new Promise<string>((fulfil, reject) => {
      child.once("error", reject);
      child.once("exit", (code) =>
        reject(
          new Error(`Starting the provider "${options.name}": it ended with exit code ${code} before it listened.`),
        ),
      );
      createInterface(child.stderr).on("line", options.onPrint);
      createInterface(child.stdout)
        .once("line", fulfil)
        .on("line", (line) => line !== undefined && !/^\d+$/.test(line) && options.onPrint(line));
    });
    const plugin = new Plugin(options.name, child, port);
    const hello = new wire.ProviderHandshakeRequest();
    hello.setEngineAddress(options.engine);
    hello.setRootDirectory(options.path);
    hello.setProgramDirectory(options.path);
    hello.setConfigureWithUrn(true);
    hello.setInvokeWithPreview(true);
    await plugin
      .#ask<wire.ProviderHandshakeResponse>((done) => plugin.#client.handshake(hello, done))
      .catch((error) => {
        if (error.cause?.code !== status.UNIMPLEMENTED) throw error;
      });
    return plugin;
  }

  /** Completes the configuration of a provider resource, or says what is wrong with it. */
  async checkConfig(urn: string, olds: Values, news: Values): Promise<Given> {
    const request = new wire.CheckRequest();
    request.setUrn(urn);
    request.setName(nameOf(urn));
    request.setType(typeOf(urn));
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    return this.#optional({ inputs: news, failures: [] }, async () => {
      const answer = await this.#ask<wire.CheckResponse>((done) => this.#client.checkConfig(request, done));
      return { inputs: answer.hasInputs() ? fromStruct(answer.getInputs()) : news, failures: failures(answer) };
    });
  }

  /** How one configuration differs from another. */
  async diffConfig(urn: string, oldInputs: Values, oldOutputs: Values, news: Values): Promise<Diff> {
    const request = new wire.DiffRequest();
    request.setUrn(urn);
    request.setName(nameOf(urn));
    request.setType(typeOf(urn));
    request.setOldInputs(toStruct(oldInputs));
    request.setOlds(toStruct(oldOutputs));
    request.setNews(toStruct(news));
    return this.#optional(unclear, async () =>
      readDiff(await this.#ask<wire.DiffResponse>((done) => this.#client.diffConfig(request, done))),
    );
  }

  /** Takes a configuration into use. */
  async configure(urn: string, id: string, inputs: Values): Promise<void> {
    this.#known = !hasUnknown(inputs);
    if (!this.#known) return;
    const request = new wire.ConfigureRequest();
    request.setArgs(toStruct(inputs));
    const variables = request.getVariablesMap();
    for (const [key, value] of Object.entries(revealAll(inputs))) {
      if (key !== "version")
        variables.set(`${this.#name}:config:${key}`, typeof value === "string" ? value : JSON.stringify(value));
    }
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    request.setSendsOldInputs(true);
    request.setSendsOldInputsToDelete(true);
    request.setUrn(urn);
    request.setName(nameOf(urn));
    request.setType(typeOf(urn));
    request.setId(id);
    const answer = await this.#ask<wire.ConfigureResponse>((done) => this.#client.configure(request, done));
    this.#secrets = answer.getAcceptsecrets();
    this.#previews = answer.getSupportspreview();
  }

  async check(urn: string, olds: Values, news: Values, seed: Uint8Array): Promise<Given> {
    if (!this.#known) return { inputs: news, failures: [] };
    const request = this.#about(new wire.CheckRequest(), urn);
    request.setOlds(this.#out(olds));
    request.setNews(this.#out(news));
    request.setRandomseed(seed);
    const answer = await this.#ask<wire.CheckResponse>((done) => this.#client.check(request, done));
    return { inputs: this.#in(answer.getInputs(), news), failures: failures(answer) };
  }

  async diff(old: Resource, news: Values, ignoreChanges: readonly string[]): Promise<Diff> {
    if (!this.#known) return { ...unclear, changes: true };
    const request = this.#about(new wire.DiffRequest(), old.urn);
    request.setId(old.id);
    request.setOldInputs(this.#out(old.inputs));
    request.setOlds(this.#out(old.outputs));
    request.setNews(this.#out(news));
    request.setIgnorechangesList([...ignoreChanges]);
    return readDiff(await this.#ask<wire.DiffResponse>((done) => this.#client.diff(request, done)));
  }

  async create(urn: string, inputs: Values, preview: boolean, timeout: number): Promise<Made> {
    if (preview && !(this.#known && this.#previews)) return { id: "", inputs, outputs: inputs };
    const request = this.#about(new wire.CreateRequest(), urn);
    request.setProperties(this.#out(inputs));
    request.setPreview(preview);
    request.setTimeout(timeout);
    const answer = await this.#ask<wire.CreateResponse>((done) => this.#client.create(request, done), inputs);
    return { id: answer.getId(), inputs, outputs: this.#in(answer.getProperties(), inputs) };
  }

  async update(
    old: Resource,
    news: Values,
    ignoreChanges: readonly string[],
    preview: boolean,
    timeout: number,
  ): Promise<Made> {
    if (preview && !(this.#known && this.#previews)) return { id: old.id, inputs: news, outputs: news };
    const request = this.#about(new wire.UpdateRequest(), old.urn);
    request.setId(old.id);
    request.setOldInputs(this.#out(old.inputs));
    request.setOlds(this.#out(old.outputs));
    request.setNews(this.#out(news));
    request.setIgnorechangesList([...ignoreChanges]);
    request.setPreview(preview);
    request.setTimeout(timeout);
    const answer = await this.#ask<wire.UpdateResponse>((done) => this.#client.update(request, done), news);
    return { id: old.id, inputs: news, outputs: this.#in(answer.getProperties(), news) };
  }

  async read(old: Resource, timeout: number): Promise<Made | undefined> {
    if (!this.#known) return { id: old.id, inputs: {}, outputs: {} };
    const request = this.#about(new wire.ReadRequest(), old.urn);
    request.setId(old.id);
    request.setInputs(this.#out(old.inputs));
    request.setProperties(this.#out(old.outputs));
    request.setTimeout(timeout);
    const answer = await this.#ask<wire.ReadResponse>((done) => this.#client.read(request, done), old.inputs);
    if (answer.getId() === "") return undefined;
    return {
      id: answer.getId(),
      ...(answer.hasInputs() && { inputs: this.#in(answer.getInputs(), old.inputs) }),
      outputs: this.#in(answer.getProperties(), old.outputs),
    };
  }

  async delete(old: Resource, timeout: number): Promise<void> {
    const request = this.#about(new wire.DeleteRequest(), old.urn);
    request.setId(old.id);
    request.setOldInputs(this.#out(old.inputs));
    request.setProperties(this.#out(old.outputs));
    request.setTimeout(timeout);
    await this.#ask<Empty>((done) => this.#client.delete(request, done));
  }

  /** Calls a function of the package. */
  async invoke(token: string, args: Values, preview: boolean): Promise<Given> {
    if (!this.#known) return { inputs: {}, failures: [] };
    const request = new wire.InvokeRequest();
    request.setTok(token);
    request.setArgs(this.#out(args));
    request.setPreview(preview);
    const answer = await this.#ask<wire.InvokeResponse>((done) => this.#client.invoke(request, done));
    return { inputs: fromStruct(answer.getReturn()), failures: failures(answer) };
  }

  /** Asks it to give up what it is doing. */
  async cancel(): Promise<void> {
    if (this.#ended !== undefined) return;
    const deadline = Date.now() + 5_000;
    await new Promise<void>((fulfil) => this.#client.cancel(new Empty(), { deadline } as never, () => fulfil()));
  }

  /** Ends the process. */
  async close(): Promise<void> {
    await this.cancel();
    this.#client.close();
    if (this.#ended === undefined) this.#process.kill("SIGKILL");
  }

  #about<T extends { setUrn(urn: string): unknown; setName(name: string): unknown; setType(type: string): unknown }>(
    request: T,
    urn: string,
  ): T {
    request.setUrn(urn);
    request.setName(nameOf(urn));
    request.setType(typeOf(urn));
    return request;
  }

  #out(values: Values) {
    return toStruct(this.#secrets ? values : revealAll(values));
  }

  #in(struct: Parameters<typeof fromStruct>[0], sent: Values): Values {
    const values = fromStruct(struct);
    return this.#secrets ? values : keepSecrets(values, sent);
  }

  /** Calls that a provider need not serve. */
  async #optional<T>(otherwise: T, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof Error && (error.cause as ServiceError | undefined)?.code === status.UNIMPLEMENTED)
        return otherwise;
      throw error;
    }
  }

  #ask<T>(call: (done: Answer<T>) => unknown, inputs: Values = {}): Promise<T> {
    return new Promise((fulfil, reject) => {
      call((error, answer) => {
        if (!error) fulfil(answer);
        else reject(this.#explain(error, inputs));
      });
    });
  }

  #explain(error: ServiceError, inputs: Values): Error {
    const encoded = error.metadata?.get("grpc-status-details-bin")[0];
    const details = encoded === undefined ? [] : Status.deserializeBinary(Buffer.from(encoded)).getDetailsList();
    const detail = details.find((any) => any.getTypeName() === "pulumirpc.ErrorResourceInitFailed");
    if (detail !== undefined) {
      const failed = wire.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
      return new InitFailed(failed.getReasonsList(), {
        id: failed.getId(),
        ...(failed.hasInputs() && { inputs: this.#in(failed.getInputs(), inputs) }),
        outputs: this.#in(failed.getProperties(), inputs),
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

const unclear: Diff = { changes: undefined, replaceKeys: [], changedKeys: [], deleteBeforeReplace: false };

const failures = (answer: { getFailuresList(): wire.CheckFailure[] }): readonly CheckFailure[] =>
  answer.getFailuresList().map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));

function readDiff(answer: wire.DiffResponse): Diff {
  const detailed: Record<string, Change> = {};
  answer.getDetaileddiffMap().forEach((change, path) => {
    detailed[path] = { kind: kinds[change.getKind()] ?? "update", inputDiff: change.getInputdiff() };
  });
  const some = wire.DiffResponse.DiffChanges;
  return {
    changes: answer.getChanges() === some.DIFF_UNKNOWN ? undefined : answer.getChanges() === some.DIFF_SOME,
    replaceKeys: answer.getReplacesList(),
    changedKeys: answer.getDiffsList(),
    ...(answer.getHasdetaileddiff() && { detailed }),
    deleteBeforeReplace: answer.getDeletebeforereplace(),
  };
}
