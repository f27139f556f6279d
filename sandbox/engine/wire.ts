import {
  type Client,
  type handleUnaryCall,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

/** Messages may be as large as a stack's state. */
export const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

type Fields<M> = {
  readonly [K in keyof M as K extends `set${infer Name}` ? Uncapitalize<Name> : never]?:
    | (M[K] extends (value: infer V) => unknown ? V : never)
    | undefined;
};

/** A protocol message with its fields set, each by the name of its setter: `urn` for `setUrn`. */
export function message<M extends object>(made: M, fields: Fields<M>): M {
  const setters = made as unknown as Record<string, (value: unknown) => void>;
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) setters[`set${name.charAt(0).toUpperCase()}${name.slice(1)}`]?.call(made, value);
  return made;
}

type Answered<F> = F extends (request: never, metadata: never, options: never, done: infer Done) => unknown
  ? Done extends (error: never, answer: infer A) => void
    ? A
    : never
  : never;

/** Calls a method of a service; rejects with gRPC's own error. */
export function ask<C extends Client, K extends keyof C>(
  client: C,
  method: K,
  request: object,
  options: object = {},
): Promise<Answered<C[K]>> {
  const call = client[method] as (
    request: object,
    options: object,
    done: (error: ServiceError | null, answer: Answered<C[K]>) => void,
  ) => void;
  return new Promise((fulfil, reject) => {
    call.call(client, request, options, (error, answer) => (error ? reject(error) : fulfil(answer)));
  });
}

/** A call that this engine refuses, rather than to serve it halfway. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(what: string) {
    super(`the embedded engine does not support ${what}; use the Pulumi CLI`);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: each method has its own message types, which gRPC's untyped table cannot say.
type Handler = (request: any) => unknown;

/** What is answered, by method. */
export type Handlers = Readonly<Record<string, Handler>>;

/** gRPC's handlers for all methods of a service: those that have none are refused. */
export function serving(methods: readonly string[], handlers: Handlers): UntypedServiceImplementation {
  const served = methods.map((name) => [
    name,
    (async (call, callback) => {
      try {
        const handler = handlers[name];
        if (handler === undefined) throw new Refused(`${name} of a program`);
        callback(null, await handler(call.request));
      } catch (error) {
        const code = error instanceof Refused ? status.FAILED_PRECONDITION : status.UNKNOWN;
        callback({ code, details: error instanceof Error ? error.message : String(error) });
      }
    }) satisfies handleUnaryCall<unknown, unknown>,
  ]);
  return Object.fromEntries(served);
}
