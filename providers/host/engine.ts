import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { wrapped } from "../../ground/wrapped";
import type { Log } from "./provider";
import type { Secrets } from "./secrets";

/** How long to wait for an engine that does not answer, in milliseconds; afterwards nothing is sent any more. */
const patience = 5_000;

/** Columns by which the engine indents a message, and those of its word before a warning. */
const INDENT = 4;
const WARNING = "warning: ".length;

/** The engine that started this provider, as far as it takes messages. */
export class Engine {
  #address: string | undefined;
  #client: EngineClient | undefined;
  #delivered: Promise<void> = Promise.resolve();
  /** Columns for a message, where the run writes into a terminal: a log, and what reads one, takes a message as one line. */
  readonly #room: number | undefined;

  /** Without an address, messages are dropped: nobody listens. */
  constructor(address: string | undefined, environment: NodeJS.ProcessEnv = process.env) {
    this.#address = address;
    const columns = Number(environment.PAT_ROTATION_TERMINAL);
    this.#room = columns > 2 * INDENT ? Math.min(columns, 140) - INDENT : undefined;
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
    const room = this.#room;
    const send = (severity: LogSeverity, message: string, ephemeral: boolean) => {
      const request = new LogRequest();
      request.setUrn(urn);
      request.setSeverity(severity);
      request.setMessage(wrapped(secrets.scrub(message), room, severity === LogSeverity.WARNING ? WARNING : 0));
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
