import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "./clock";
import type { Exchange, Fault, LoggedRequest, Service, Traffic } from "./traffic";

/** A server that listens. */
export interface Door {
  readonly url: string;
  /** Answer a request that comes without a connection: {@link fetch} of a caller in this process. */
  send(request: Request): Promise<Response>;
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
    send: (request) => answer(options, request),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(options: DoorOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = await requestOf(incoming);
  if (options.control && (incoming.url ?? "/").startsWith("/-/sandbox")) {
    return send(outgoing, await options.control(request));
  }
  const { response, breaks, answered } = await carriedOut(options, request, incoming.url ?? "/");
  if (breaks === "whole") {
    incoming.socket.destroy();
    return;
  }
  if (breaks === "end") return truncate(incoming, outgoing, response);
  await send(outgoing, response);
  await answered();
}

/** What came of a request, and what of its answer is lost on the way. */
interface Outcome {
  readonly response: Response;
  readonly breaks: "whole" | "end" | undefined;
  /** Tells the watchers that the answer has left. */
  readonly answered: () => Promise<void>;
}

async function carriedOut(options: DoorOptions, request: Request, url: string): Promise<Outcome> {
  const { clock, service, traffic } = options;
  const [path = "/", ...queries] = url.split("?");
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
  const isIdle =
    (request.method === "PATCH" && Array.isArray(requestBody) && requestBody.length === 0) ||
    path === "/v1/sys/capabilities-self";
  const fault = traffic.faultFor(arrived);
  const exchange = (status: number, responseBody: unknown): Exchange => ({
    ...arrived,
    status,
    requestBody,
    responseBody,
    ...(isIdle ? { changesNothing: true } : {}),
    ...(fault ? { fault: fault.kind } : {}),
  });
  const answered = (done: Exchange) => () => traffic.tell("answered", done);
  await traffic.tell("before", exchange(0, undefined));
  if (fault?.kind === "reset") {
    const none = exchange(0, undefined);
    traffic.record(none);
    return { response: Response.error(), breaks: "whole", answered: answered(none) };
  }
  if (fault?.kind === "slow") await pause(fault.milliseconds, undefined, { ref: false });
  const response = injected(fault, service) ?? (await options.fetch(request));
  const done = exchange(response.status, parse(await response.clone().text()));
  traffic.record(done);
  await traffic.tell("handled", done);
  const breaks = fault?.kind === "lost-answer" ? "whole" : fault?.kind === "truncated" ? "end" : undefined;
  return { response, breaks, answered: answered(done) };
}

/** The same without a connection, for callers in this process. */
async function answer(options: DoorOptions, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const { response, breaks, answered } = await carriedOut(options, request, `${pathname}${search}`);
  const reset = () => Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
  if (breaks === "whole") throw reset();
  if (breaks === "end") {
    const body = new ReadableStream({ start: (stream) => stream.error(reset()) });
    return new Response(response.body === null ? null : body, { status: response.status, headers: response.headers });
  }
  await answered();
  return response;
}

/** All that was promised but the last byte. An answer without a body is lost as a whole. */
async function truncate(incoming: IncomingMessage, outgoing: ServerResponse, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  if (body.length > 0) {
    outgoing.writeHead(response.status, { "content-type": "application/json", "content-length": String(body.length) });
    await new Promise<void>((resolve) => outgoing.write(body.subarray(0, -1), () => resolve()));
  }
  incoming.socket.destroy();
}

function withoutToken(query: string): string {
  const pairs = query.split("&");
  return pairs.filter((pair) => !pair.startsWith("private_token=")).join("&");
}

function injected(fault: Fault | undefined, service: Service): Response | undefined {
  if (fault?.kind === "lie") return Response.json({});
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
      service === "gitlab"
        ? { message: `${status} ${reason(status)}` }
        : service === "openbao"
          ? { errors: [reason(status)] }
          : { status, message: reason(status) };
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
