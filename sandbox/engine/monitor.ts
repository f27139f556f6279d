import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engineWire from "@pulumi/pulumi/proto/engine_pb";
import { CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Deployment } from "./deployment";
import { bareGoal, type Goal, place, readGoal } from "./goal";
import type { Registry } from "./registry";
import type { Values } from "./state/deployment";
import type { ProgramConfig } from "./state/settings";
import { type Events, Registration } from "./step";
import { isProviderType, packageOf, providerTypeOf, splitReference } from "./urn";
import { fromStruct, revealAll, secret, toStruct } from "./values";

/** What a monitor needs to know of a run. */
export interface MonitorOptions {
  readonly project: string;
  readonly stack: string;
  /** The project's folder. */
  readonly directory: string;
  readonly preview: boolean;
  readonly parallel: number;
  readonly config: ProgramConfig;
  readonly registry: Registry;
  readonly events: Events;
}

const features = wire.ResourceMonitorFeature;

/** What programs may use. What is not listed, the SDK refuses with a message of its own. */
const supported = {
  secrets: features.RESOURCE_MONITOR_FEATURE_SECRETS,
  outputValues: features.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
  aliasSpecs: features.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  deletedWith: features.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  replaceWith: features.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  replacementTrigger: features.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
  resourceHooks: features.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
  invokeDependsOn: features.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON,
  invokeParent: features.RESOURCE_MONITOR_FEATURE_INVOKE_PARENT,
} as const;

/** In the protocol, but not yet in the SDK's declaration of it. */
const skip = 2 as wire.Result;

/** A call that this engine refuses, rather than to serve it halfway. */
class Refused extends Error {
  override readonly name = "Refused";
}

/** What a program and the providers talk to: Pulumi's ResourceMonitor and Engine services. */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  #attach!: (deployment: Deployment) => void;
  /** The run that registrations go to. The program may be faster than the state is read. */
  readonly #deployment = new Promise<Deployment>((fulfil) => {
    this.#attach = fulfil;
  });
  #root = "";
  readonly #defaults = new Map<string, Promise<string>>();
  readonly #goals = new Map<string, Goal>();
  readonly #componentProviders = new Map<string, Readonly<Record<string, string>>>();
  /** Resources whose outputs the program has, by URN, with their parents: what an invoke may depend on. */
  readonly #settled = new Map<string, { readonly parent: string | undefined; readonly missing: boolean }>();
  #programEnded!: () => void;
  /** Fulfilled when the program has registered all it wants. It then waits for {@link close}. */
  readonly ended = new Promise<void>((fulfil) => {
    this.#programEnded = fulfil;
  });
  #leave: Array<() => void> = [];
  #closing = false;

  constructor(options: MonitorOptions) {
    this.#options = options;
  }

  /** Opens a port on this machine. */
  async listen(): Promise<string> {
    const refuse = (text: string) => () =>
      Promise.reject(new Refused(`the embedded engine does not support ${text}; use the Pulumi CLI`));
    this.#server.addService(
      ResourceMonitorService as unknown as ServiceDefinition,
      unary({
        supportsFeature: async (request: wire.SupportsFeatureRequest) => {
          const answer = new wire.SupportsFeatureResponse();
          answer.setHassupport(request.getId() in supported);
          return answer;
        },
        getDeploymentInfo: async () => this.#info(),
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
        signalAndWaitForShutdown: () => {
          this.#programEnded();
          return new Promise<Empty>((fulfil) => {
            if (this.#closing) fulfil(new Empty());
            else this.#leave.push(() => fulfil(new Empty()));
          });
        },
        streamInvoke: refuse("streaming invokes"),
        call: refuse("method calls on resources"),
        existsResource: refuse("looking for resources by id"),
        registerStackTransform: refuse("transforms"),
        registerStackInvokeTransform: refuse("transforms"),
        registerErrorHook: refuse("error hooks"),
        registerPackage: refuse("parameterized packages"),
      }),
    );
    this.#server.addService(EngineService as unknown as ServiceDefinition, unary(this.#engine()));
    const port = await new Promise<number>((fulfil, reject) => {
      this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : fulfil(bound),
      );
    });
    return `127.0.0.1:${port}`;
  }

  /** The run that registrations go to. */
  attach(deployment: Deployment): void {
    this.#attach(deployment);
  }

  /** Lets the program go. */
  release(): void {
    this.#closing = true;
    for (const leave of this.#leave) leave();
  }

  /** Stops listening. */
  close(): void {
    this.release();
    this.#server.forceShutdown();
  }

  #info(): wire.DeploymentInfo {
    const { project, stack, preview, parallel, config } = this.#options;
    const info = new wire.DeploymentInfo();
    info.setProject(project);
    info.setStack(stack);
    info.setOrganization("organization");
    info.setDryrun(preview);
    info.setParallel(parallel);
    for (const [key, value] of Object.entries(config.values)) info.getConfigMap().set(key, value);
    info.setConfigsecretkeysList([...config.secretKeys]);
    info.setSupportedfeaturesList(Object.values(supported));
    return info;
  }

  async #register(request: wire.RegisterResourceRequest): Promise<wire.RegisterResourceResponse> {
    if (request.getRemote())
      throw new Refused(
        `the embedded engine does not support remote components ("${request.getType()}"); use the Pulumi CLI`,
      );
    if (request.getTransformsList().length > 0 || request.getStateMigrationsList().length > 0)
      throw new Refused("the embedded engine does not support transforms and state migrations; use the Pulumi CLI");
    if (request.getPackageref() !== "" || request.getPlugindownloadurl() !== "")
      throw new Refused(
        `the embedded engine does not support parameterized packages and plugin downloads ("${request.getType()}"); use the Pulumi CLI`,
      );
    if ((request.getHooks()?.getOnErrorList().length ?? 0) > 0)
      throw new Refused(
        `the embedded engine does not support error hooks ("${request.getName()}"); use the Pulumi CLI`,
      );
    const version = request.getVersion();
    const declared = readGoal(request, this.#options.directory);
    const inherited = this.#inherit(declared);
    const own: Record<string, string> = {};
    request.getProvidersMap().forEach((reference, name) => {
      own[name] = reference;
    });
    let goal = inherited;
    if (!goal.custom) {
      const { provider: _, ...component } = goal;
      goal = component;
    } else if (isProviderType(goal.type)) {
      if (version !== "") goal = { ...goal, inputs: { ...goal.inputs, version } };
    } else {
      const provider =
        goal.provider ?? own[packageOf(goal.type)] ?? this.#fromParents(goal.parent, packageOf(goal.type));
      goal = { ...goal, provider: this.#reference(provider) ?? (await this.#default(packageOf(goal.type), version)) };
    }
    const { state, result, unknown } = await (await this.#deployment).register(new Registration(goal));
    this.#goals.set(state.urn, inherited);
    this.#settled.set(state.urn, { parent: goal.parent, missing: goal.custom && !state.id });
    if (!goal.custom) this.#componentProviders.set(state.urn, own);
    const answer = new wire.RegisterResourceResponse();
    answer.setUrn(state.urn);
    answer.setId(state.id ?? "");
    answer.setUnknown(unknown ?? false);
    answer.setResult({ success: wire.Result.SUCCESS, failed: wire.Result.FAIL, skipped: skip }[result]);
    // A component's outputs are those that it registers in this run; those of the last one may no longer be true.
    const outputs = goal.custom ? (state.outputs ?? {}) : {};
    answer.setObject(toStruct(request.getAcceptsecrets() ? outputs : revealAll(outputs)));
    return answer;
  }

  async #read(request: wire.ReadResourceRequest): Promise<wire.ReadResourceResponse> {
    const type = request.getType();
    const provider =
      this.#reference(request.getProvider() || undefined) ??
      (await this.#default(packageOf(type), request.getVersion()));
    const position = place(request.getSourceposition(), this.#options.directory);
    const goal: Goal = {
      ...bareGoal(type, request.getName(), true),
      inputs: fromStruct(request.getProperties()),
      dependencies: request.getDependenciesList(),
      provider,
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      ...(request.getParent() !== "" && { parent: request.getParent() }),
      ...(position !== undefined && { sourcePosition: position }),
    };
    const { state, result, unknown } = await (await this.#deployment).register(new Registration(goal, request.getId()));
    this.#settled.set(state.urn, { parent: goal.parent, missing: false });
    const answer = new wire.ReadResourceResponse();
    answer.setUrn(state.urn);
    answer.setProperties(toStruct(request.getAcceptsecrets() ? (state.outputs ?? {}) : revealAll(state.outputs ?? {})));
    answer.setResult({ success: wire.Result.SUCCESS, failed: wire.Result.FAIL, skipped: skip }[result]);
    answer.setUnknown(unknown ?? false);
    return answer;
  }

  async #invoke(request: wire.ResourceInvokeRequest): Promise<wire.ResourceInvokeResponse> {
    const answer = new wire.ResourceInvokeResponse();
    if (request.getDependsonList().some((urn) => this.#isMissing(urn))) {
      answer.setUnknown(true);
      return answer;
    }
    const token = request.getTok();
    const name = packageOf(token);
    const named = request.getProvider() || this.#fromParents(request.getParent() || undefined, name);
    const reference = this.#reference(named) ?? (await this.#default(name, request.getVersion()));
    const plugin = this.#options.registry.get(reference);
    if (plugin === undefined) throw new Error(`unknown provider '${reference}'`);
    const { inputs, failures } = await plugin
      .invoke(token, fromStruct(request.getArgs()), this.#options.preview)
      .catch((error: unknown) => {
        throw new Error(`invocation of ${token} returned an error: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      });
    answer.setReturn(toStruct(inputs));
    answer.setFailuresList(
      failures.map(({ property, reason }) => {
        const failure = new CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        return failure;
      }),
    );
    return answer;
  }

  /** Whether a resource, or a part of a component, does not exist yet: a preview only plans it. */
  #isMissing(urn: string): boolean {
    if (this.#settled.get(urn)?.missing) return true;
    return [...this.#settled].some(([part, { parent }]) => parent === urn && this.#isMissing(part));
  }

  /** What a resource takes from its parent unless it says otherwise. */
  #inherit(goal: Goal): Goal {
    const parent = goal.parent === undefined ? undefined : this.#goals.get(goal.parent);
    if (parent === undefined) return goal;
    const { deletedWith, protect, retainOnDelete } = parent;
    return {
      ...goal,
      ...(goal.deletedWith === undefined && deletedWith !== undefined && { deletedWith }),
      ...(goal.protect === undefined && protect !== undefined && { protect }),
      ...(goal.retainOnDelete === undefined && retainOnDelete !== undefined && { retainOnDelete }),
    };
  }

  #fromParents(parent: string | undefined, name: string): string | undefined {
    for (let urn = parent; urn !== undefined; urn = this.#goals.get(urn)?.parent) {
      const found = this.#componentProviders.get(urn)?.[name];
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A reference as the program gives it: without an id while that is not known. */
  #reference(given: string | undefined): string | undefined {
    if (given === undefined || given === "") return undefined;
    const { urn, id } = splitReference(given);
    return id === "" ? `${urn}::04da6b54-80e4-46f7-96ec-b56ff0331ba9` : given;
  }

  /** The reference of a package's default provider, which is a resource like any other. */
  #default(name: string, version: string): Promise<string> {
    const key = `${name}@${version}`;
    const known = this.#defaults.get(key);
    if (known !== undefined) return known;
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
    const reference = this.#deployment.then(async (deployment) => {
      const { state, result } = await deployment.register(new Registration(goal));
      if (result !== "success") throw new Error(`the default provider of "${name}" could not be set up`);
      return `${state.urn}::${state.id}`;
    });
    this.#defaults.set(key, reference);
    return reference;
  }

  #engine() {
    const { events } = this.#options;
    const severities = { 0: "debug", 1: "info", 2: "warning", 3: "error" } as const;
    return {
      log: async (request: engineWire.LogRequest) => {
        events.message(
          severities[request.getSeverity()],
          request.getMessage(),
          request.getUrn() || undefined,
          request.getEphemeral(),
        );
        return new Empty();
      },
      getRootResource: async () => {
        const answer = new engineWire.GetRootResourceResponse();
        answer.setUrn(this.#root);
        return answer;
      },
      setRootResource: async (request: engineWire.SetRootResourceRequest) => {
        this.#root = request.getUrn();
        return new engineWire.SetRootResourceResponse();
      },
      startDebugging: async () => new Empty(),
      requirePulumiVersion: async () => new engineWire.RequirePulumiVersionResponse(),
    };
  }
}

// biome-ignore lint/suspicious/noExplicitAny: each method has its own message types, which gRPC's untyped table cannot say.
type Handler = (request: any) => Promise<unknown>;

/** gRPC's handlers out of functions that answer with a promise. */
function unary(handlers: Readonly<Record<string, Handler>>): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      ((call, callback) => {
        Promise.resolve()
          .then(() => handler(call.request))
          .then(
            (answer) => callback(null, answer),
            (error: unknown) =>
              callback({
                code: error instanceof Refused ? status.FAILED_PRECONDITION : status.UNKNOWN,
                details: error instanceof Error ? error.message : String(error),
              }),
          );
      }) satisfies handleUnaryCall<unknown, unknown>,
    ]),
  );
}
