import { Server, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engineWire from "@pulumi/pulumi/proto/engine_pb";
import { CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Deployment } from "./deployment";
import { bareGoal, type Goal, place, readGoal } from "./goal";
import type { Values } from "./state/deployment";
import type { ProgramConfig } from "./state/settings";
import { type Events, type Registered, Registration } from "./step";
import { isProviderType, packageOf, providerTypeOf } from "./urn";
import { fromStruct, known, secret, toStruct } from "./values";
import { message, Refused, serving, unlimited } from "./wire";

/** What a monitor needs to know of a run. */
export interface MonitorOptions {
  readonly project: string;
  readonly stack: string;
  /** The project's folder. */
  readonly directory: string;
  readonly preview: boolean;
  readonly parallel: number;
  readonly config: ProgramConfig;
  readonly events: Events;
}

const features = wire.ResourceMonitorFeature;

/** What programs may use. What is not listed, the SDK refuses with a message of its own. */
const supported = {
  secrets: features.RESOURCE_MONITOR_FEATURE_SECRETS,
  outputValues: features.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
  aliasSpecs: features.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  deletedWith: features.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  resourceHooks: features.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
  invokeDependsOn: features.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON,
  invokeParent: features.RESOURCE_MONITOR_FEATURE_INVOKE_PARENT,
} as const;

/** Skipped is in the protocol, but not yet in the SDK's declaration of it. */
const results = { success: wire.Result.SUCCESS, failed: wire.Result.FAIL, skipped: 2 as wire.Result };

/** What a program and the providers talk to: Pulumi's ResourceMonitor and Engine services. */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #server = new Server(unlimited);
  /** Gives the run that registrations go to. The program may be faster than the state is read. */
  attach!: (deployment: Deployment) => void;
  readonly #deployment = new Promise<Deployment>((fulfil) => {
    this.attach = fulfil;
  });
  #root = "";
  readonly #defaults = new Map<string, Promise<string>>();
  readonly #goals = new Map<string, Goal>();
  /** Resources that do not exist yet, and all that they are part of: an invoke that depends on one waits for the update. */
  readonly #missing = new Set<string>();
  #programEnded!: () => void;
  /** Fulfilled when the program has registered all it wants. It then waits for {@link release}. */
  readonly ended = new Promise<void>((fulfil) => {
    this.#programEnded = fulfil;
  });
  #release!: () => void;
  readonly #released = new Promise<void>((fulfil) => {
    this.#release = fulfil;
  });

  constructor(options: MonitorOptions) {
    this.#options = options;
  }

  /** Opens a port on this machine. */
  async listen(): Promise<string> {
    const service = (definition: object, handlers: Parameters<typeof serving>[0]) =>
      this.#server.addService(definition as ServiceDefinition, serving(handlers));
    service(ResourceMonitorService, this.#monitor());
    service(EngineService, this.#engine());
    const port = await new Promise<number>((fulfil, reject) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : fulfil(bound),
      );
    });
    return `127.0.0.1:${port}`;
  }

  /** Lets the program go. */
  release(): void {
    this.#release();
  }

  /** Stops listening. */
  close(): void {
    this.release();
    this.#server.forceShutdown();
  }

  #monitor() {
    const refuse = (what: string) => () => Promise.reject(new Refused(what));
    return {
      supportsFeature: (request: wire.SupportsFeatureRequest) =>
        message(new wire.SupportsFeatureResponse(), { hassupport: request.getId() in supported }),
      getDeploymentInfo: () => this.#info(),
      invoke: (request: wire.ResourceInvokeRequest) => this.#invoke(request),
      registerResource: (request: wire.RegisterResourceRequest) => this.#register(request),
      readResource: (request: wire.ReadResourceRequest) => this.#read(request),
      registerResourceOutputs: async (request: wire.RegisterResourceOutputsRequest) => {
        await (await this.#deployment).registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
        return new Empty();
      },
      registerResourceHook: async (request: wire.RegisterResourceHookRequest) => {
        (await this.#deployment).hooks.register(request);
        return new Empty();
      },
      signalAndWaitForShutdown: async () => {
        this.#programEnded();
        await this.#released;
        return new Empty();
      },
      streamInvoke: refuse("streaming invokes"),
      call: refuse("method calls on resources"),
      existsResource: refuse("looking for resources by id"),
      registerStackTransform: refuse("transforms"),
      registerStackInvokeTransform: refuse("transforms"),
      registerErrorHook: refuse("error hooks"),
      registerPackage: refuse("parameterized packages"),
    };
  }

  #engine() {
    const { events } = this.#options;
    const severities = { 0: "debug", 1: "info", 2: "warning", 3: "error" } as const;
    return {
      log: (request: engineWire.LogRequest) => {
        const [severity, urn] = [severities[request.getSeverity()], request.getUrn() || undefined];
        events.message(severity, request.getMessage(), urn, request.getEphemeral());
        return new Empty();
      },
      getRootResource: () => message(new engineWire.GetRootResourceResponse(), { urn: this.#root }),
      setRootResource: (request: engineWire.SetRootResourceRequest) => {
        this.#root = request.getUrn();
        return new engineWire.SetRootResourceResponse();
      },
      startDebugging: () => new Empty(),
      requirePulumiVersion: () => new engineWire.RequirePulumiVersionResponse(),
    };
  }

  #info(): wire.DeploymentInfo {
    const { project, stack, preview, parallel, config } = this.#options;
    const info = message(new wire.DeploymentInfo(), {
      project,
      stack,
      organization: "organization",
      dryrun: preview,
      parallel,
      configsecretkeysList: [...config.secretKeys],
      supportedfeaturesList: Object.values(supported),
    });
    for (const [key, value] of Object.entries(config.values)) info.getConfigMap().set(key, value);
    return info;
  }

  async #register(request: wire.RegisterResourceRequest): Promise<wire.RegisterResourceResponse> {
    refuseOptions(request);
    const goal = this.#inherit(readGoal(request, this.#options.directory));
    const provider = goal.custom ? await this.#default(packageOf(goal.type), request.getVersion()) : undefined;
    const done = await this.#settle(new Registration({ ...goal, ...known({ provider }) }));
    const { state } = done;
    this.#goals.set(state.urn, goal);
    if (goal.custom && !state.id)
      for (let urn: string | undefined = state.urn; urn; urn = this.#goals.get(urn)?.parent) this.#missing.add(urn);
    // A component's outputs are those that it registers in this run; those of the last one may no longer be true.
    const outputs = goal.custom ? (state.outputs ?? {}) : {};
    return message(new wire.RegisterResourceResponse(), {
      urn: state.urn,
      id: state.id ?? "",
      unknown: done.unknown ?? false,
      result: results[done.result],
      object: toStruct(outputs),
    });
  }

  async #read(request: wire.ReadResourceRequest): Promise<wire.ReadResourceResponse> {
    refuseProvider(request.getProvider(), request.getName());
    const goal: Goal = {
      ...bareGoal(request.getType(), request.getName(), true),
      inputs: fromStruct(request.getProperties()),
      dependencies: request.getDependenciesList(),
      provider: await this.#default(packageOf(request.getType()), request.getVersion()),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      ...known({
        parent: request.getParent() || undefined,
        sourcePosition: place(request.getSourceposition(), this.#options.directory),
      }),
    };
    const { state, result, unknown = false } = await this.#settle(new Registration(goal, request.getId()));
    const { urn, outputs = {} } = state;
    const properties = toStruct(outputs);
    return message(new wire.ReadResourceResponse(), { urn, properties, unknown, result: results[result] });
  }

  async #settle(registration: Registration): Promise<Registered> {
    return (await this.#deployment).register(registration);
  }

  async #invoke(request: wire.ResourceInvokeRequest): Promise<wire.ResourceInvokeResponse> {
    if (request.getDependsonList().some((urn) => this.#missing.has(urn)))
      return message(new wire.ResourceInvokeResponse(), { unknown: true });
    const token = request.getTok();
    refuseProvider(request.getProvider(), token);
    const reference = await this.#default(packageOf(token), request.getVersion());
    const plugin = await (await this.#deployment).provider(reference);
    const answer = plugin.invoke(token, fromStruct(request.getArgs()), this.#options.preview);
    const { inputs, failures } = await answer.catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : cause;
      throw new Error(`invocation of ${token} returned an error: ${reason}`, { cause });
    });
    return message(new wire.ResourceInvokeResponse(), {
      return: toStruct(inputs),
      failuresList: failures.map((failure) => message(new CheckFailure(), failure)),
    });
  }

  /** What a resource takes from its parent unless it says otherwise. */
  #inherit(goal: Goal): Goal {
    const { deletedWith, protect, retainOnDelete } = this.#goals.get(goal.parent ?? "") ?? {};
    return { ...known({ deletedWith, protect, retainOnDelete }), ...goal };
  }

  /** The reference of a package's default provider, which is a resource like any other. */
  #default(name: string, version: string): Promise<string> {
    const key = `${name}@${version}`;
    const found = this.#defaults.get(key);
    if (found !== undefined) return found;
    const { config } = this.#options;
    const settings: Values = Object.fromEntries(
      Object.entries(config.values)
        .filter(([path]) => path.startsWith(`${name}:`))
        .map(([path, value]) => [
          path.slice(name.length + 1),
          config.secretKeys.includes(path) ? secret(value) : value,
        ]),
    );
    const goal: Goal = {
      ...bareGoal(providerTypeOf(name), version === "" ? "default" : `default_${version.replace(/[.+-]/g, "_")}`, true),
      inputs: version === "" ? settings : { ...settings, version },
    };
    const reference = this.#settle(new Registration(goal)).then(({ state, result }) => {
      if (result !== "success") throw new Error(`the default provider of "${name}" could not be set up`);
      return `${state.urn}::${state.id}`;
    });
    this.#defaults.set(key, reference);
    return reference;
  }
}

function refuseProvider(given: string, by: string): void {
  if (given !== "") throw new Refused(`providers that a program makes itself ("${by}")`);
}

function refuseOptions(request: wire.RegisterResourceRequest): void {
  const name = request.getName();
  refuseProvider(request.getProvider(), name);
  const refused = {
    "remote components": request.getRemote(),
    "programs that know no secrets": !request.getAcceptsecrets(),
    "providers that a program makes itself":
      isProviderType(request.getType()) || request.getProvidersMap().getLength() > 0,
    transforms: request.getTransformsList().length > 0,
    "state migrations": request.getStateMigrationsList().length > 0,
    "parameterized packages and plugin downloads": request.getPackageref() + request.getPlugindownloadurl() !== "",
    "error hooks": (request.getHooks()?.getOnErrorList().length ?? 0) > 0,
    "replacement triggers and replaceWith": request.hasReplacementTrigger() || request.getReplaceWithList().length > 0,
  };
  for (const [what, found] of Object.entries(refused)) if (found) throw new Refused(`${what} ("${name}")`);
}
