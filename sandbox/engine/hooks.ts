import { credentials } from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { CallbackInvokeRequest, type CallbackInvokeResponse } from "@pulumi/pulumi/proto/callback_pb";
import {
  type RegisterResourceHookRequest,
  ResourceHookRequest,
  ResourceHookResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import type { HookKind } from "./goal";
import type { ResourceState, Values } from "./state/deployment";
import { nameOf, typeOf } from "./urn";
import { toStruct } from "./values";

interface Hook {
  readonly client: CallbacksClient;
  readonly token: string;
  readonly inPreviews: boolean;
  readonly ignoreErrors: boolean;
}

/** The hooks of a program: functions of it that the engine calls before and after a step. */
export class Hooks {
  readonly #hooks = new Map<string, Hook>();
  readonly #clients = new Map<string, CallbacksClient>();
  readonly #preview: boolean;
  readonly #warn: (urn: string, message: string) => void;

  constructor(preview: boolean, warn: (urn: string, message: string) => void) {
    this.#preview = preview;
    this.#warn = warn;
  }

  /** Remembers a hook under its name. */
  register(request: RegisterResourceHookRequest): void {
    const callback = request.getCallback();
    if (callback === undefined || this.#hooks.has(request.getName()))
      throw new Error(`resource hook already registered for name "${request.getName()}"`);
    const target = callback.getTarget();
    const client = this.#clients.get(target) ?? new CallbacksClient(target, credentials.createInsecure());
    this.#clients.set(target, client);
    this.#hooks.set(request.getName(), {
      client,
      token: callback.getToken(),
      inPreviews: request.getOnDryRun(),
      ignoreErrors: request.getIgnoreErrors(),
    });
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
      if (resource === undefined || (this.#preview && !hook.inPreviews)) continue;
      const request = new ResourceHookRequest();
      request.setUrn(resource.urn);
      request.setId(resource.id ?? "");
      request.setName(nameOf(resource.urn));
      request.setType(typeOf(resource.urn));
      if (next !== undefined) request.setNewInputs(toStruct(next.inputs ?? {}));
      if (old !== undefined) request.setOldInputs(toStruct(old.inputs ?? {}));
      if (outputs !== undefined) request.setNewOutputs(toStruct(outputs));
      if (old !== undefined) request.setOldOutputs(toStruct(old.outputs ?? {}));
      const failure = await call(hook, request);
      if (failure === "") continue;
      if (!hook.ignoreErrors)
        throw new Error(`${kind.startsWith("before") ? "before" : "after"} hook "${name}" failed: ${failure}`);
      this.#warn(resource.urn, `${kind} hook "${name}" failed: ${failure}`);
    }
  }

  /** Ends the connections to the program. */
  close(): void {
    for (const client of this.#clients.values()) client.close();
  }
}

function call(hook: Hook, request: ResourceHookRequest): Promise<string> {
  const message = new CallbackInvokeRequest();
  message.setToken(hook.token);
  message.setRequest(request.serializeBinary());
  return new Promise((fulfil) => {
    hook.client.invoke(message, (error: Error | null, answer: CallbackInvokeResponse) => {
      fulfil(error ? error.message : ResourceHookResponse.deserializeBinary(answer.getResponse_asU8()).getError());
    });
  });
}
