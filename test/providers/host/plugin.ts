import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type CallOptions, credentials, Metadata, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Properties as they travel. */
export type Wire = Record<string, JavaScriptValue>;

const signatureKey = "4dabf18193072939515e22adb298388d";

/** A secret as it travels. */
export const secret = (value: JavaScriptValue): JavaScriptValue => ({
  [signatureKey]: "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** An output value as it travels; without a value it is unknown. */
export const output = (members: { value?: JavaScriptValue; secret?: boolean }): JavaScriptValue => ({
  [signatureKey]: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  ...members,
});

/** A resource reference as it travels. */
export const reference = (urn: string, id: string): JavaScriptValue => ({
  [signatureKey]: "5cf8f73096256a8f31e491e813e4eb8e",
  urn,
  id,
});

/** An asset as it travels. */
export const asset = (text: string): JavaScriptValue => ({
  [signatureKey]: "c44067f5952c0a294b673a41bacd8c17",
  text,
});

/** A text that is not known yet, as it travels. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A message that the engine was sent. */
export interface Message {
  readonly urn: string;
  readonly severity: number;
  readonly text: string;
  readonly ephemeral: boolean;
}

/** A provider's process, and an engine that listens to it. */
export interface Plugin {
  readonly client: ResourceProviderClient;
  readonly process: ChildProcess;
  readonly messages: readonly Message[];
  /** Everything that the process printed after its port. */
  readonly printed: readonly string[];
  stop(): Promise<void>;
}

/** Starts a provider's executable and connects to it. */
export async function startPlugin(executable: string, env: Record<string, string> = {}): Promise<Plugin> {
  const messages: Message[] = [];
  const engine = new Server();
  engine.addService(EngineService, {
    log: (call: { request: LogRequest }, callback: (error: null, answer: Empty) => void) => {
      const { request } = call;
      messages.push({
        urn: request.getUrn(),
        severity: request.getSeverity(),
        text: request.getMessage(),
        ephemeral: request.getEphemeral(),
      });
      callback(null, new Empty());
    },
  });
  const enginePort = await new Promise<number>((resolve, reject) => {
    engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      error ? reject(error) : resolve(port);
    });
  });
  const child = spawn(executable, [`127.0.0.1:${enginePort}`], { env: { PATH: process.env.PATH, ...env } });
  const printed: string[] = [];
  const lines = createInterface({ input: child.stdout });
  const [port] = (await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(([code]) => {
      throw new Error(`${executable} ended with ${String(code)} before it printed its port: ${printed.join("")}`);
    }),
  ])) as [string];
  lines.on("line", (line) => printed.push(line));
  child.stderr.on("data", (chunk) => printed.push(String(chunk)));
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    client,
    process: child,
    messages,
    printed,
    async stop() {
      client.close();
      engine.forceShutdown();
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
      }
    },
  };
}

type Method<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => unknown;

/** Calls one method of a plugin's client. */
export function call<Request, Response>(
  plugin: Plugin,
  method: Method<Request, Response>,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    method.call(plugin.client, request, new Metadata(), {}, (error, response) => {
      error ? reject(error) : resolve(response);
    });
  });
}

/** The error that a call ends in. */
export async function failure(promise: Promise<unknown>): Promise<ServiceError> {
  try {
    await promise;
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error("The call was expected to fail, and it was answered.");
}

/** Properties for a request. */
export const struct = (properties: Wire): Struct => Struct.fromJavaScript(properties);
