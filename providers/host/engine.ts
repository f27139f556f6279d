import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Log } from "./provider";
import type { Secrets } from "./secrets";

/** How long to wait for an engine that does not answer, in milliseconds; afterwards nothing is sent any more. */
const patience = 5_000;

/** The engine that started this provider, as far as it takes messages. */
export class Engine {
  #address: string | undefined;
  #client: EngineClient | undefined;
  #delivered: Promise<void> = Promise.resolve();

  /** Without an address, messages are dropped: nobody listens. */
  constructor(address: string | undefined) {
    this.#address = address;
  }

  /** Sends later messages to another address. */
  attach(address: string): void {
    if (address !== "" && address !== this.#address) {
      this.#client = undefined;
      this.#address = address;
    }
  }

  /** Messages about one resource, each without the secrets of the call. */
  logFor(urn: string, secrets: Secrets): Log {
    const send = (severity: LogSeverity, message: string, ephemeral: boolean) => {
      const request = new LogRequest();
      request.setUrn(urn);
      request.setSeverity(severity);
      request.setMessage(secrets.scrub(message));
      request.setEphemeral(ephemeral);
      // One after the other: two that travel side by side may be shown in the wrong order.
      this.#delivered = this.#delivered.then(() => this.#deliver(request));
    };
    return {
      info: (message) => {
        send(LogSeverity.INFO, message, false);
      },
      warn: (message) => {
        send(LogSeverity.WARNING, message, false);
      },
      status: (message) => {
        send(LogSeverity.INFO, message, true);
      },
    };
  }

  /** Settles when every message so far has been taken: the engine forgets a resource once its step is answered. */
  delivered(): Promise<void> {
    return this.#delivered;
  }

  #deliver(request: LogRequest): Promise<void> {
    if (this.#address === undefined) {
      return Promise.resolve();
    }
    this.#client ??= new EngineClient(this.#address, credentials.createInsecure());
    const client = this.#client;
    return new Promise((resolve) => {
      // A message that cannot be delivered must neither fail the work it tells about nor hold it up again.
      client.waitForReady(Date.now() + patience, (unreachable) => {
        if (unreachable) {
          this.#address = undefined;
          resolve();
        } else {
          client.log(request, () => {
            resolve();
          });
        }
      });
    });
  }
}
