import {
  type Client,
  type handleUnaryCall,
  type MethodDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

/** Messages may be as large as a stack's state. */
export const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** A message's fields, each by the name of its setter: `urn` for `setUrn`. */
export type Fields<M> = {
  readonly [K in keyof M as K extends `set${infer Name}` ? Uncapitalize<Name> : never]?:
    | (M[K] extends (value: infer V) => unknown ? V : never)
    | undefined;
};

/** A protocol message with its fields set. */
export function message<M extends object>(made: M, fields: Fields<M>): M {
  const setters = made as unknown as Record<string, (value: unknown) => void>;
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) setters[`set${name.charAt(0).toUpperCase()}${name.slice(1)}`]?.call(made, value);
  return made;
}

/** Calls a method of a service; rejects with gRPC's own error. */
export function ask<Q, A>(
  client: Pick<Client, "makeUnaryRequest">,
  method: MethodDefinition<Q, A>,
  request: Q,
  options: object = {},
): Promise<A> {
  const { path, requestSerialize, responseDeserialize } = method;
  return new Promise((fulfil, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, options, (error, answer) =>
      answer === undefined ? reject(error) : fulfil(answer),
    );
  });
}

/** A call that this engine refuses, rather than to serve it halfway. */
export class Refused extends Error {
  constructor(what: string) {
    super(`the embedded engine does not support ${what}; use the Pulumi CLI`);
  }
}

/** What answers the calls of a service, by the names of its methods. */
// biome-ignore lint/suspicious/noExplicitAny: each method has its own message types, which gRPC's untyped table cannot say.
export type Handlers = Readonly<Record<string, (request: any) => unknown>>;

/** gRPC's handlers for all methods of a service: those that have none are refused. */
export function serving(service: object, handlers: Handlers): UntypedServiceImplementation {
  const served = Object.keys(service).map((name) => {
    const handler = handlers[name] ?? (() => Promise.reject(new Refused(`${name} of a program`)));
    const serve: handleUnaryCall<unknown, unknown> = async ({ request }, done) => {
      try {
        done(null, await handler(request));
      } catch (error) {
        done({ code: status.UNKNOWN, details: (error as Error).message });
      }
    };
    return [name, serve];
  });
  return Object.fromEntries(served);
}
