import { setImmediate } from "node:timers/promises";
import type { handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { downloadURL } from "../../contract/form/package";
import type { Engine } from "./engine";
import { type Fault, toFault, toOperationFault } from "./errors";
import { noteFailure } from "./failures";
import { type Call, failureMessage, Operations } from "./operations";
import type { Provider } from "./provider";
import { Secrets } from "./secrets";
import { decode } from "./values";

/** Keys of a provider's configuration that Pulumi itself sets. */
const internalKeys: ReadonlySet<string> = new Set([
  "version",
  "pluginDownloadURL",
  "pluginChecksums",
  "parameterization",
]);

/** A provider as Pulumi's `ResourceProvider` service. */
export class Service {
  readonly #provider: Provider;
  readonly #operations: Operations;
  readonly #engine: Engine;
  readonly #cancelled = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(provider: Provider, engine: Engine) {
    this.#provider = provider;
    this.#operations = new Operations(provider);
    this.#engine = engine;
  }

  /** Tells every handler to stop. Not waited for: each call under way answers for itself. */
  cancel(): void {
    this.#cancelled.abort(new Error("The run was cancelled."));
  }

  /** When no call is under way any more, and each answer is written: that is done in the turn of the event loop after it is given. */
  async answered(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    await setImmediate();
  }

  /** What stands behind each call of the protocol. What is not here is answered as unimplemented. */
  implementation(): UntypedServiceImplementation {
    const operations = this.#operations;
    return {
      handshake: this.#answer((request: protocol.ProviderHandshakeRequest) => this.#handshake(request)),
      attach: this.#answer((request: { getAddress(): string }) => {
        this.#engine.attach(request.getAddress());
        return new Empty();
      }),
      getPluginInfo: this.#answer(() => {
        const info = new PluginInfo();
        info.setVersion(this.#provider.schema.version);
        return info;
      }),
      getSchema: this.#answer(() => {
        const response = new protocol.GetSchemaResponse();
        const from = downloadURL === undefined ? {} : { pluginDownloadURL: downloadURL };
        response.setSchema(JSON.stringify({ ...this.#provider.schema, ...from }));
        return response;
      }),
      checkConfig: this.#answer((request: protocol.CheckRequest, { secrets }) => this.#checkConfig(request, secrets)),
      diffConfig: this.#answer(() => {
        const response = new protocol.DiffResponse();
        response.setChanges(protocol.DiffResponse.DiffChanges.DIFF_NONE);
        return response;
      }),
      configure: this.#answer(() => {
        const response = new protocol.ConfigureResponse();
        response.setAcceptsecrets(true);
        response.setAcceptresources(true);
        response.setAcceptoutputs(true);
        response.setSupportspreview(true);
        return response;
      }),
      check: this.#answer((request: protocol.CheckRequest, call) => operations.check(request, call)),
      diff: this.#answer((request: protocol.DiffRequest, call) => operations.diff(request, call)),
      create: this.#step((request: protocol.CreateRequest, call) => operations.create(request, call)),
      read: this.#answer((request: protocol.ReadRequest, call) => operations.read(request, call)),
      update: this.#step((request: protocol.UpdateRequest, call) => operations.update(request, call)),
      delete: this.#step(async (request: protocol.DeleteRequest, call) => {
        await operations.delete(request, call);
        return new Empty();
      }),
      invoke: this.#answer((request: protocol.InvokeRequest, call) => operations.invoke(request, call)),
      cancel: this.#answer(() => {
        this.cancel();
        return new Empty();
      }),
    };
  }

  #handshake(request: protocol.ProviderHandshakeRequest): protocol.ProviderHandshakeResponse {
    this.#engine.attach(request.getEngineAddress());
    const response = new protocol.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    response.setAcceptResources(true);
    response.setAcceptOutputs(true);
    return response;
  }

  /** Configuration would be stored in the stack's state, credentials with it: so there is none. */
  #checkConfig(request: protocol.CheckRequest, secrets: Secrets): protocol.CheckResponse {
    const { name } = this.#provider.schema;
    const foreign = Object.keys(decode(request.getNews(), secrets)).filter(
      (key) => !internalKeys.has(key) && !key.startsWith("__"),
    );
    const response = new protocol.CheckResponse();
    response.setInputs(request.getNews());
    response.setFailuresList(
      foreign.map((property) =>
        failureMessage(
          {
            property,
            reason: `"${name}:${property}" is set, and the provider takes no configuration, because it would be stored in the stack's state. Remove it; addresses and credentials are read from environment variables.`,
          },
          secrets,
        ),
      ),
    );
    return response;
  }

  /** Answers a call that changes something: when it fails, that is noted. */
  #step<Request, Response>(
    handle: (request: Request, call: Call) => Response | Promise<Response>,
  ): handleUnaryCall<Request, Response> {
    return this.#answer(handle, (request, urn, { details }) => {
      const { getPreview } = request as { getPreview?: () => boolean };
      if (getPreview?.call(request) !== true) noteFailure(urn, details);
    });
  }

  /** Answers one call: errors become faults without secrets, and what was said is delivered before the answer. */
  #answer<Request, Response>(
    handle: (request: Request, call: Call) => Response | Promise<Response>,
    failed?: (request: Request, urn: string, fault: Fault) => void,
  ): handleUnaryCall<Request, Response> {
    return ({ request }, callback) => {
      const secrets = new Secrets();
      const urn = urnOf(request);
      const call: Call = {
        secrets,
        context: {
          urn,
          name: urn.split("::").slice(3).join("::"),
          signal: this.#cancelled.signal,
          log: this.#engine.logFor(urn, secrets),
        },
      };
      const answer = async () => {
        try {
          const response = await handle(request, call);
          await this.#engine.delivered();
          callback(null, response);
        } catch (error) {
          await this.#engine.delivered();
          const fault = this.#fault(error, urn, secrets);
          failed?.(request, urn, fault);
          callback(fault);
        }
      };
      const one = answer().finally(() => this.#underWay.delete(one));
      this.#underWay.add(one);
    };
  }

  #fault(error: unknown, urn: string, secrets: Secrets): Fault {
    try {
      return toOperationFault(error, secrets, () => this.#operations.outputs(urn));
    } catch (fault) {
      return toFault(fault, secrets);
    }
  }
}

function urnOf(request: unknown): string {
  const named = request as { getUrn?: () => string };
  return named.getUrn?.() ?? "";
}
