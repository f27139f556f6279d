import { Server } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, SetRootResourceResponse } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type Door, openDoor } from "../../providers/host/door";
import { descendants } from "../../providers/host/peer";
import type { Deployment } from "./planning/deployment";
import { readGoal } from "./planning/goal";
import type { Run } from "./run";
import { packageOf } from "./urn";
import { fromStruct, toStruct } from "./values";
import { type Handlers, message, Refused, serving, unlimited } from "./wire";

/** What the SDK may ask for; all but secrets and aliases is then refused here, where the SDK would speak of an old CLI. */
const features = (
  ["SECRETS", "ALIAS_SPECS", "DELETED_WITH", "REPLACE_WITH", "RESOURCE_HOOKS", "TRANSFORMS"] as const
).map((name) => wire.ResourceMonitorFeature[`RESOURCE_MONITOR_FEATURE_${name}`]);

/** Skipped is in the protocol, but not yet in the SDK's declaration of it. */
const results = { success: wire.Result.SUCCESS, failed: wire.Result.FAIL, skipped: 2 as wire.Result };

/** What a program and the providers talk to: Pulumi's ResourceMonitor and Engine services. */
export class Monitor {
  readonly #server = new Server(unlimited);
  #door: Door | undefined;
  /** Where registrations go; there before the program is. */
  deployment!: Deployment;

  constructor(private readonly run: Run) {}

  /** What stands behind the calls of both services. What is not here is refused. */
  services(): { readonly monitor: Handlers; readonly engine: Handlers } {
    const monitor = {
      getDeploymentInfo: () => message(new wire.DeploymentInfo(), { supportedfeaturesList: features }),
      invoke: (request: wire.ResourceInvokeRequest) => this.#invoke(request),
      registerResource: (request: wire.RegisterResourceRequest) => this.#register(request),
      registerResourceOutputs: async (request: wire.RegisterResourceOutputsRequest) => {
        await this.deployment.registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
        return new Empty();
      },
      signalAndWaitForShutdown: async () => {
        // The program has registered all it wants, and waits until the rest is deleted.
        await this.deployment.finish();
        return new Empty();
      },
    };
    const engine = {
      log: (request: LogRequest) => {
        const severity = (["debug", "info", "warning", "error"] as const)[request.getSeverity()];
        this.run.report.message(severity, request.getMessage(), request.getUrn(), request.getEphemeral());
        return new Empty();
      },
      setRootResource: () => new SetRootResourceResponse(),
    };
    return { monitor, engine };
  }

  /** Opens a port on this machine, for what this process starts. */
  async listen(): Promise<string> {
    const { monitor, engine } = this.services();
    this.#server.addService(ResourceMonitorService, serving(ResourceMonitorService, monitor));
    this.#server.addService(EngineService, serving(EngineService, engine));
    this.#door = await openDoor(this.#server, { processes: descendants, isOne: false });
    return `127.0.0.1:${this.#door.port}`;
  }

  /** Stops listening. */
  close(): void {
    this.#door?.close();
    this.#server.forceShutdown();
  }

  async #register(request: wire.RegisterResourceRequest): Promise<wire.RegisterResourceResponse> {
    const goal = readGoal(request, this.run);
    const provider = goal.custom && (await this.deployment.provider(packageOf(goal.type), request.getVersion()));
    const { state, result } = await this.deployment.register({ ...goal, ...(provider && { provider }) });
    return message(new wire.RegisterResourceResponse(), {
      urn: state.urn,
      id: state.id ?? "",
      // It is not there, and was left out of this run; previews say so in their own way.
      unknown: goal.custom && !state.id,
      result: results[result],
      // A component's outputs are those that it registers in this run; those of the last one may no longer be true.
      object: toStruct(goal.custom ? state.outputs : {}),
    });
  }

  async #invoke(request: wire.ResourceInvokeRequest): Promise<wire.ResourceInvokeResponse> {
    const token = request.getTok();
    if (request.getProvider() !== "") throw new Refused(`providers that a program makes itself ("${token}")`);
    await this.deployment.provider(packageOf(token), request.getVersion());
    const plugin = await this.deployment.plugins.get(packageOf(token));
    const answer = await plugin.invoke(token, request.getArgs(), this.run.preview).catch((cause: Error) => {
      throw new Error(`invocation of ${token} returned an error: ${cause.message}`, { cause });
    });
    const [result, failuresList] = [answer.getReturn(), answer.getFailuresList()];
    return message(new wire.ResourceInvokeResponse(), { return: result, failuresList });
  }
}
