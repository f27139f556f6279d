import { credentials } from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { CallbackInvokeRequest } from "@pulumi/pulumi/proto/callback_pb";
import {
  type RegisterResourceHookRequest,
  ResourceHookRequest,
  ResourceHookResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { HookKind } from "./goal";
import type { ResourceState, Values } from "./state/deployment";
import { nameOf, typeOf } from "./urn";
import { toStruct } from "./values";
import { ask, message } from "./wire";

/** The hooks of a program: functions of it that the engine calls before and after a step. */
export class Hooks {
  readonly #hooks = new Map<string, RegisterResourceHookRequest>();
  readonly #clients = new Map<string, CallbacksClient>();

  constructor(
    private readonly preview: boolean,
    private readonly warn: (urn: string, message: string) => void,
  ) {}

  /** Remembers a hook under its name. */
  register(hook: RegisterResourceHookRequest): void {
    if (this.#hooks.has(hook.getName()))
      throw new Error(`resource hook already registered for name "${hook.getName()}"`);
    this.#hooks.set(hook.getName(), hook);
  }

  /** Calls the hooks that a resource binds to a kind, one after the other; throws what the first that fails says. */
  async run(
    kind: HookKind,
    next: ResourceState | undefined,
    old: ResourceState | undefined,
    outputs?: Values,
  ): Promise<void> {
    const resource = next ?? old;
    for (const name of resource?.resourceHooks?.[kind] ?? []) {
      const hook = this.#hooks.get(name);
      if (hook === undefined) throw new Error(`hook "${name}" was not registered`);
      if (resource === undefined || (this.preview && !hook.getOnDryRun())) continue;
      const request = message(new ResourceHookRequest(), {
        urn: resource.urn,
        id: resource.id ?? "",
        name: nameOf(resource.urn),
        type: typeOf(resource.urn),
        newInputs: next && toStruct(next.inputs ?? {}),
        oldInputs: old && toStruct(old.inputs ?? {}),
        newOutputs: outputs && toStruct(outputs),
        oldOutputs: old && toStruct(old.outputs ?? {}),
      });
      const failure = await this.#call(hook, request);
      if (failure === "") continue;
      if (!hook.getIgnoreErrors())
        throw new Error(`${kind.startsWith("before") ? "before" : "after"} hook "${name}" failed: ${failure}`);
      this.warn(resource.urn, `${kind} hook "${name}" failed: ${failure}`);
    }
  }

  /** Ends the connections to the program. */
  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  async #call(hook: RegisterResourceHookRequest, request: ResourceHookRequest): Promise<string> {
    const target = hook.getCallback()?.getTarget() ?? "";
    const client = this.#clients.get(target) ?? new CallbacksClient(target, credentials.createInsecure());
    this.#clients.set(target, client);
    const token = hook.getCallback()?.getToken() ?? "";
    const fields = { token, request: request.serializeBinary() };
    try {
      const answer = await ask(client, "invoke", message(new CallbackInvokeRequest(), fields));
      return ResourceHookResponse.deserializeBinary(answer.getResponse_asU8()).getError();
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
