import { afterEach, beforeEach, expect } from "vitest";
import type { Sandbox } from "../../../workshop/sandbox/controls";
import { type SandboxOptions, startSandbox } from "../../../workshop/sandbox/sandbox";
import { validateAnswer, validateRequest } from "../../openapi";

/** An answer, read. */
export interface Read {
  readonly status: number;
  // Whatever the server sent: the tests say what they expect of it.
  // biome-ignore lint/suspicious/noExplicitAny: the wire boundary
  readonly body: any;
  readonly headers: Headers;
}

/** Sends requests to one of the servers with one credential. */
export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Read>;

/** The GitLab of a sandbox, called with the token of that handle (or with that value). */
export function gitlabOf(sandbox: Sandbox, handle: string | { readonly value: string } = "owner"): Call {
  const token = typeof handle === "string" ? sandbox.gitlab.tokenValue(handle) : handle.value;
  return (method, path, body, headers) =>
    call(`${sandbox.gitlab.url}/api/v4${path}`, method, body, { "private-token": token, ...headers });
}

/** The Connect server of a sandbox, called with the token of that handle. */
export function connectOf(sandbox: Sandbox, handle = "connect"): Call {
  const token = sandbox.onepassword.tokenValue(handle);
  return (method, path, body, headers) =>
    call(`${sandbox.onepassword.url}${path}`, method, body, { authorization: `Bearer ${token}`, ...headers });
}

/** One request, as sent. */
export async function call(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Read> {
  const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...sent,
  });
  const text = await response.text();
  const json = response.headers.get("content-type")?.includes("json");
  return {
    status: response.status,
    body: json ? JSON.parse(text) : text === "" ? undefined : text,
    headers: response.headers,
  };
}

/** A sandbox per test. Whatever it answers is held against the servers' published descriptions. */
export function useSandbox(options: SandboxOptions = {}): () => Sandbox {
  let sandbox: Sandbox | undefined;
  let faults: string[] = [];
  beforeEach(async () => {
    faults = [];
    sandbox = await startSandbox({ jobMilliseconds: 40, workerMilliseconds: 20, ...options });
    sandbox.traffic.watch({
      handled: (exchange) => {
        if (["rate-limited", "server-error", "lie"].includes(exchange.fault ?? "")) return;
        faults.push(...validateAnswer(exchange.service, exchange));
        // What the server refused may well have been wrong on purpose.
        if (exchange.status < 400) faults.push(...validateRequest(exchange.service, exchange));
      },
    });
  });
  afterEach(async () => {
    await sandbox?.stop();
    expect(faults).toEqual([]);
  });
  return () => {
    if (!sandbox) throw new Error("The sandbox starts with the test");
    return sandbox;
  };
}

/** Look again, in short steps, until it is so. */
export async function until<T>(look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const seen = await look();
    if (isSo(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("Looked 200 times, and it never became so");
}
