import { Server, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engineWire from "@pulumi/pulumi/proto/engine_pb";
import { CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Deployment } from "./deployment";
import { readGoal } from "./goal";
import type { Run } from "./operation";
import { packageOf, providerTypeOf } from "./urn";
import { fromStruct, toStruct } from "./values";
import { type Handlers, message, Refused, serving, unlimited } from "./wire";

const known = wire.ResourceMonitorFeature;

/** What the SDK may use. Without specs of aliases, it works out by itself what URNs a resource may have had. */
const features = [
  known.RESOURCE_MONITOR_FEATURE_SECRETS,
  known.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON,
  known.RESOURCE_MONITOR_FEATURE_INVOKE_PARENT,
  // These are refused here, rather than by the SDK with a message that speaks of an old CLI.
  known.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  known.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  known.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
  known.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
];

/** Skipped is in the protocol, but not yet in the SDK's declaration of it. */
const results = { success: wire.Result.SUCCESS, failed: wire.Result.FAIL, skipped: 2 as wire.Result };

/** What a program and the providers talk to: Pulumi's ResourceMonitor and Engine services. */
export class Monitor {
  readonly #server = new Server(unlimited);
  /** Gives the run that registrations go to. The program may be faster than the state is read. */
  attach!: (deployment: Deployment) => void;
  readonly #deployment = new Promise<Deployment>((fulfil) => {
    this.attach = fulfil;
  });
  #root = "";
  /** References of the default providers, by package and version. */
  readonly #providers = new Map<string, Promise<string>>();
  readonly #parents = new Map<string, string | undefined>();
  /** Resources that do not exist yet, and all that they are part of: an invoke that depends on one waits for the update. */
  readonly #missing = new Set<string>();

  constructor(private readonly run: Run) {}

  /** Opens a port on this machine. */
  async listen(): Promise<string> {
    const service = (definition: object, handlers: Handlers) =>
      this.#server.addService(definition as ServiceDefinition, serving(Object.keys(definition), handlers));
    service(ResourceMonitorService, this.#monitor());
    service(EngineService, this.#engine());
    const port = await new Promise<number>((fulfil, reject) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : fulfil(bound),
      );
    });
    return `127.0.0.1:${port}`;
  }

  /** Stops listening. */
  close(): void {
    this.#server.forceShutdown();
  }

  #monitor(): Handlers {
    return {
      getDeploymentInfo: () => this.#info(),
      invoke: (request: wire.ResourceInvokeRequest) => this.#invoke(request),
      registerResource: (request: wire.RegisterResourceRequest) => this.#register(request),
      registerResourceOutputs: async (request: wire.RegisterResourceOutputsRequest) => {
        await (await this.#deployment).registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
        return new Empty();
      },
      signalAndWaitForShutdown: async () => {
        // The program has registered all it wants, and waits until the rest is deleted.
        await (await this.#deployment).finish();
        return new Empty();
      },
    };
  }

  #engine(): Handlers {
    const severities = { 0: "debug", 1: "info", 2: "warning", 3: "error" } as const;
    return {
      log: (request: engineWire.LogRequest) => {
        const [severity, text] = [severities[request.getSeverity()], request.getMessage()];
        this.run.report.message(severity, text, request.getUrn(), request.getEphemeral());
        return new Empty();
      },
      getRootResource: () => message(new engineWire.GetRootResourceResponse(), { urn: this.#root }),
      setRootResource: (request: engineWire.SetRootResourceRequest) => {
        this.#root = request.getUrn();
        return new engineWire.SetRootResourceResponse();
      },
    };
  }

  #info(): wire.DeploymentInfo {
    const { project, stack, preview, parallel, config } = this.run;
    const info = message(new wire.DeploymentInfo(), {
      project: project.name,
      stack,
      organization: "organization",
      dryrun: preview,
      parallel,
      configsecretkeysList: [...config.secretKeys],
      supportedfeaturesList: features,
    });
    for (const [key, value] of Object.entries(config.values)) info.getConfigMap().set(key, value);
    return info;
  }

  async #register(request: wire.RegisterResourceRequest): Promise<wire.RegisterResourceResponse> {
    const goal = readGoal(request, this.run.project.directory);
    const provider = goal.custom ? await this.#provider(packageOf(goal.type), request.getVersion()) : undefined;
    const deployment = await this.#deployment;
    const { state, result, unknown = false } = await deployment.register({ ...goal, ...(provider && { provider }) });
    this.#parents.set(state.urn, goal.parent);
    if (goal.custom && !state.id)
      for (let urn: string | undefined = state.urn; urn; urn = this.#parents.get(urn)) this.#missing.add(urn);
    return message(new wire.RegisterResourceResponse(), {
      urn: state.urn,
      id: state.id ?? "",
      unknown,
      result: results[result],
      // A component's outputs are those that it registers in this run; those of the last one may no longer be true.
      object: toStruct(goal.custom ? state.outputs : {}),
    });
  }

  async #invoke(request: wire.ResourceInvokeRequest): Promise<wire.ResourceInvokeResponse> {
    if (request.getDependsonList().some((urn) => this.#missing.has(urn)))
      return message(new wire.ResourceInvokeResponse(), { unknown: true });
    const token = request.getTok();
    if (request.getProvider() !== "") throw new Refused(`providers that a program makes itself ("${token}")`);
    await this.#provider(packageOf(token), request.getVersion());
    const plugin = await (await this.#deployment).plugins.get(packageOf(token));
    const answer = plugin.invoke(token, fromStruct(request.getArgs()), this.run.preview);
    const { values, failures } = await answer.catch((cause: Error) => {
      throw new Error(`invocation of ${token} returned an error: ${cause.message}`, { cause });
    });
    return message(new wire.ResourceInvokeResponse(), {
      return: toStruct(values),
      failuresList: failures.map((failure) => message(new CheckFailure(), failure)),
    });
  }

  /** The reference of a package's default provider, which is a resource like any other, named after its version. */
  #provider(name: string, version: string): Promise<string> {
    const key = `${name}@${version}`;
    const found = this.#providers.get(key) ?? this.#registerProvider(name, version);
    this.#providers.set(key, found);
    return found;
  }

  async #registerProvider(name: string, version: string): Promise<string> {
    const configured = Object.keys(this.run.config.values).find((key) => key.startsWith(`${name}:`));
    if (configured !== undefined) throw new Refused(`configuration of a provider ("${configured}")`);
    const deployment = await this.#deployment;
    const { state, result } = await deployment.register({
      type: providerTypeOf(name),
      name: version === "" ? "default" : `default_${version.replace(/[.+-]/g, "_")}`,
      custom: true,
      inputs: version === "" ? {} : { version },
    });
    if (result !== "success") throw new Error(`the default provider of "${name}" could not be set up`);
    return `${state.urn}::${state.id}`;
  }
}
