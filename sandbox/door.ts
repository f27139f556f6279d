import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "./clock";
import type { Exchange, Fault, LoggedRequest, Service, Traffic } from "./traffic";

/** A server that listens. */
export interface Door {
  readonly url: string;
  /** Break all connections and stop listening. */
  close(): Promise<void>;
}

/** What a door needs. */
export interface DoorOptions {
  readonly service: Service;
  readonly clock: Clock;
  readonly traffic: Traffic;
  /** What answers the requests. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** What answers `/-/sandbox/…`: unlogged and without faults. */
  readonly control?: (request: Request) => Response | Promise<Response>;
  /** @default any free port */
  readonly port?: number;
}

/**
 * Listen on loopback. Written on Node's own server because the faults (a connection that breaks before or after the
 * work is done) lie below what an adapter lets through.
 */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const server = createServer((incoming, outgoing) => {
    serve(options, incoming, outgoing).catch((error: unknown) => {
      // A caller that was killed while it sent: nothing to tell.
      if (incoming.destroyed && !incoming.complete) return;
      process.stderr.write(`sandbox: ${String(error instanceof Error ? error.stack : error)}\n`);
      outgoing.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(options: DoorOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { clock, service, traffic } = options;
  const request = await requestOf(incoming);
  const [path = "/", ...queries] = (incoming.url ?? "/").split("?");
  if (options.control && path.startsWith("/-/sandbox")) {
    return send(outgoing, await options.control(request));
  }
  const arrived: LoggedRequest = {
    number: traffic.next(),
    at: clock.now().toISOString(),
    service,
    method: request.method,
    path,
    query: withoutToken(queries.join("?")),
    status: 0,
  };
  const requestBody = parse(await request.clone().text());
  const fault = traffic.faultFor(arrived);
  const exchange = (status: number, responseBody: unknown): Exchange => ({
    ...arrived,
    status,
    requestBody,
    responseBody,
    ...(fault ? { fault: fault.kind } : {}),
  });
  await traffic.tell("before", exchange(0, undefined));
  if (fault?.kind === "reset") {
    traffic.record(exchange(0, undefined));
    incoming.socket.destroy();
    return;
  }
  if (fault?.kind === "slow") await pause(fault.milliseconds, undefined, { ref: false });
  const response = injected(fault, service) ?? (await options.fetch(request));
  const done = exchange(response.status, parse(await response.clone().text()));
  traffic.record(done);
  await traffic.tell("handled", done);
  if (fault?.kind === "lost-answer") {
    incoming.socket.destroy();
    return;
  }
  await send(outgoing, response);
  await traffic.tell("answered", done);
}

function withoutToken(query: string): string {
  const pairs = query.split("&");
  return pairs.filter((pair) => !pair.startsWith("private_token=")).join("&");
}

function injected(fault: Fault | undefined, service: Service): Response | undefined {
  if (fault?.kind === "rate-limited") {
    return new Response(
      service === "gitlab" ? "Retry later\n" : JSON.stringify({ status: 429, message: "Too many requests" }),
      {
        status: 429,
        headers: {
          "content-type": service === "gitlab" ? "text/plain" : "application/json",
          ...retryAfter(fault.retryAfter),
        },
      },
    );
  }
  if (fault?.kind === "server-error") {
    const status = fault.status ?? 500;
    const body =
      service === "gitlab" ? { message: `${status} ${reason(status)}` } : { status, message: reason(status) };
    return Response.json(body, { status, headers: retryAfter(fault.retryAfter) });
  }
  return undefined;
}

function reason(status: number): string {
  const known: Record<number, string> = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
  };
  return known[status] ?? "Server Error";
}

function retryAfter(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { "retry-after": String(seconds) };
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const method = incoming.method ?? "GET";
  const url = `http://${incoming.headers.host ?? "127.0.0.1"}${incoming.url ?? "/"}`;
  const hasBody = method !== "GET" && method !== "HEAD" && chunks.length > 0;
  return new Request(url, { method, headers, ...(hasBody ? { body: Buffer.concat(chunks) } : {}) });
}

async function send(outgoing: ServerResponse, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    headers[name] = value;
  });
  if (response.status !== 204) headers["content-length"] = String(body.length);
  outgoing.writeHead(response.status, headers);
  await new Promise<void>((resolve) => outgoing.end(body, resolve));
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
