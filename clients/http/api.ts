import { setTimeout as sleep } from "node:timers/promises";
import { ahead } from "../../ground/now";
import {
  ApiError,
  errorOfAnswer,
  messageOf,
  RateLimited,
  type RequestFacts,
  type Service,
  StrangeAnswer,
  Unreachable,
  UnusableEnvironment,
} from "./errors";
import { type Allowance, Pace } from "./pace";
import { askedDelay, delay, LATER, PATIENCE, TRIES } from "./retry";
import { trace } from "./trace";
import { adviceOnProxy, distrustOf } from "./way";

/** A server and the credential for it. */
export interface ApiOptions {
  readonly service: Service;
  /** Requests' paths are put behind it as they are. */
  readonly baseUrl: string;
  /** Sent with every request; the credential is one of them. */
  readonly headers: Readonly<Record<string, string>>;
  /** For one try. @default 30000 */
  readonly timeoutMs?: number;
  /** What the server takes of a request's kind, where it publishes that. @default no more than its answers announce */
  readonly allowance?: (method: Method, path: string) => Allowance | undefined;
}

/** The methods in use. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One request. */
export interface RequestOptions {
  /** Undefined ones are left out. */
  readonly query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Ends the waiting, and a read in flight; a write in flight is let come to its end. */
  readonly signal?: AbortSignal;
}

/** What a server said to a request that went well. */
export interface Answer {
  readonly status: number;
  /** Parsed when it is JSON, text otherwise, undefined when there is none. */
  readonly body: unknown;
  readonly headers: Headers;
}

/** The environment variables that hold the services' addresses. */
const addresses: Readonly<Record<Service, string>> = {
  GitLab: "GITLAB_BASE_URL",
  "1Password Connect": "OP_CONNECT_HOST",
  "1Password": "OP_SERVICE_ACCOUNT_TOKEN",
  OpenBao: "BAO_ADDR",
};

/** Causes under which not a byte of the request left: it is certainly not carried out. */
const notSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The longest answer that is read, in bytes: more than a hundred of GitLab's largest things. */
const LONGEST_ANSWER = 32 * 2 ** 20;

/** Names of body properties that may hold a secret; a server that echoes one must not get it into an error. */
const confidential = new Set(["value", "token", "password"]);
/** Of these everything is one: the keys of a secret are anybody's words. */
const wholly = new Set(["data"]);

/**
 * JSON over HTTP. A read is tried up to five times within two minutes when there is no answer, or 429, or 5xx. A write is
 * sent once, and again only when it was certainly not carried out (429, connection refused); what a lost answer did is for
 * the caller to look up. Errors hold method, path and status, never the request.
 */
export class Api {
  readonly #options: ApiOptions;
  readonly #redirected = new Set<string>();
  readonly #pace = new Pace();
  #usedUpUntil = new Date(0);
  #ahead = 0;

  constructor(options: ApiOptions) {
    this.#options = options;
    const { service, baseUrl } = options;
    if (!isAddress(baseUrl))
      // Not repeated: a password may be in it.
      throw new UnusableEnvironment(
        `cannot talk to ${service}: "${addresses[service]}" holds no address such as "https://${service.split(" ").at(-1)?.toLowerCase()}.example.com": write it with its scheme, without a user name and a password`,
      );
    for (const [name, value] of Object.entries(options.headers)) {
      // fetch would put the whole value into its error.
      if (/[^\t\x20-\x7e]/.test(value) || value !== value.trim())
        throw new UnusableEnvironment(
          `cannot talk to ${options.service}: the credential for header "${name}" holds a line break, a blank at an end or another character that no token has: check what it was set from`,
        );
    }
  }

  /** How far our clock was ahead of the server's when it last answered, in milliseconds; below zero when it was behind. */
  get ahead(): number {
    return this.#ahead;
  }

  /** The paths of reads that the server answered from another of its own: what is there goes by another name now. */
  get redirected(): ReadonlySet<string> {
    return this.#redirected;
  }

  /** Sends a request; every answer but 2xx is an {@link ApiError}. */
  async request(method: Method, path: string, options: RequestOptions = {}): Promise<Answer> {
    let deadline: number | undefined;
    for (let attempt = 1; ; attempt++) {
      const answered = await this.#turn(method, path, options.signal);
      // To wait for a turn takes as long as the server's limits want it.
      deadline ??= performance.now() + PATIENCE;
      const outcome = await this.#try(method, path, options).finally(answered);
      if (!(outcome instanceof Failure)) return outcome;
      const asked = outcome.asksToWait();
      const wait = attempt < TRIES ? delay(attempt, outcome.headers) : Math.max(asked ?? 0, LATER);
      if (asked !== undefined && asked > PATIENCE) throw this.#usedUp(method, path, asked);
      const isOver = performance.now() + wait > deadline || (attempt >= TRIES && asked === undefined);
      if (isOver || !outcome.mayRepeat(method)) throw outcome.error;
      await this.#sleep(wait, outcome.error, options.signal);
    }
  }

  async #try(method: Method, path: string, options: RequestOptions): Promise<Answer | Failure> {
    const facts: RequestFacts = { service: this.#options.service, method, path };
    if (options.signal?.aborted) throw new Unreachable(facts, "not sent", "not sent, because the run was cancelled");
    try {
      const url = this.#url(path, options.query);
      const response = await this.#fetch(method, url, options);
      if (response.ok && response.url !== url.href) this.#redirected.add(path);
      const type = response.headers.get("content-type");
      const body = parse(await this.#text(response, facts), type);
      this.#ahead = ahead(response.headers.get("date"));
      this.#pace.note(response.headers);
      if (response.ok && type?.includes("text/html")) throw new StrangeAnswer(facts, this.#foreign("a web page"));
      // Neither server words a refusal as a page: a proxy or a sign-in page says nothing of rights.
      if (type?.includes("text/html") && [401, 403, 404].includes(response.status))
        throw new StrangeAnswer(
          { ...facts, status: response.status },
          this.#foreign(`${response.status} with a web page`),
        );
      if (response.ok) return { status: response.status, body, headers: response.headers };
      const said = this.#redirect(response) ?? messageOf(body);
      const serverMessage = said === undefined ? {} : { serverMessage: this.#scrub(said, options.body) };
      return new Failure(
        errorOfAnswer({ ...facts, status: response.status, ...serverMessage }, body),
        response.headers,
      );
    } catch (error) {
      if (error instanceof ApiError) throw error;
      return new Failure(this.#noAnswer(facts, error, options.signal));
    }
  }

  /** Follows redirects of reads within the same server (a project that moved), and no others: they would carry the credential away. */
  async #fetch(method: Method, url: URL, options: RequestOptions, redirects = 0): Promise<Response> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? 30_000);
    const began = performance.now();
    const tell = (found: number | string) =>
      trace({
        service: this.#options.service,
        method,
        path: url.pathname,
        asked: [...new Set(url.searchParams.keys())],
        found,
        milliseconds: performance.now() - began,
      });
    const response = await fetch(url, {
      method,
      redirect: "manual",
      headers: {
        accept: "application/json",
        ...(options.body === undefined ? {} : { "content-type": "application/json" }),
        ...this.#options.headers,
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      // A write that is under way is not cut short: its answer would be lost.
      signal: options.signal === undefined || method !== "GET" ? timeout : AbortSignal.any([timeout, options.signal]),
    }).catch((error: unknown) => {
      tell(codeOf(error));
      throw error;
    });
    tell(response.status);
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null || method !== "GET") return response;
    const next = new URL(location, url);
    if (next.origin !== url.origin || redirects === 3) return response;
    await response.body?.cancel();
    return this.#fetch(method, next, options, redirects + 1);
  }

  async #text(response: Response, facts: RequestFacts): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    let length = 0;
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      // Leaving the loop lets go of the connection.
      if (length > LONGEST_ANSWER)
        throw new StrangeAnswer(facts, this.#foreign(`more than ${LONGEST_ANSWER / 2 ** 20} MiB`));
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  }

  /** What is said of a redirect that was not followed. */
  #redirect({ status, headers, url }: Response): string | undefined {
    const location = headers.get("location");
    if (status < 300 || status > 399 || location === null || !URL.canParse(location, url)) return undefined;
    return `a redirect to "${new URL(location, url).origin}", which is not followed, since our credential would go there. Check that "${addresses[this.#options.service]}" is the server's own address`;
  }

  #foreign(found: string): string {
    const { service } = this.#options;
    return `${service} answered ${found}: check that "${addresses[service]}" is its address, and that no proxy or sign-in page answers in its place`;
  }

  #url(path: string, query: RequestOptions["query"]): URL {
    const url = new URL(`${this.#options.baseUrl.replace(/\/+$/, "")}${path}`);
    for (const [name, value] of Object.entries(query ?? {}))
      if (value !== undefined) url.searchParams.append(name, String(value));
    return url;
  }

  #noAnswer(facts: RequestFacts, error: unknown, signal: AbortSignal | undefined): Unreachable {
    const code = codeOf(error);
    if (signal?.aborted && facts.method === "GET")
      return new Unreachable(facts, "unknown", "cut short, because the run was cancelled");
    const url = new URL(this.#options.baseUrl);
    const where = `${facts.service} at "${url.origin}"`;
    const trust = isUnderWay(error) ? undefined : distrustOf(code);
    // No try will be answered otherwise.
    if (trust !== undefined) throw new Unreachable(facts, "not sent", `${where} is not trusted (${code}): ${trust}`);
    const advice = adviceOnProxy(url);
    const next = advice === undefined ? "" : `; ${advice}`;
    if (notSent.has(code) && !isUnderWay(error))
      return new Unreachable(facts, "not sent", `${where} could not be reached (${code})${next}`);
    return new Unreachable(facts, "unknown", `no answer came from ${where} (${code})${next}`);
  }

  #scrub(message: string, body: unknown): string {
    // Of "Bearer <token>" the server may repeat the token alone; one with a blank in it has parts that are too short.
    const credentials = Object.values(this.#options.headers).flatMap((value) => [value, ...value.split(" ")]);
    const secrets = [...credentials, ...confidentialValues(body)];
    return secrets
      .filter((secret) => secret.length >= 8)
      .reduce((text, secret) => text.replaceAll(secret, "[secret]"), message);
  }

  /** A limit that takes longer than anybody waits, such as that of an hour, ends all that this client has still to do. */
  #usedUp(method: Method, path: string, wait: number): RateLimited {
    this.#usedUpUntil = new Date(Math.max(this.#usedUpUntil.getTime(), Date.now() + wait));
    return new RateLimited({ service: this.#options.service, method, path, status: 429 }, this.#usedUpUntil);
  }

  /** Waits until the server takes one more. Answers what is to be called when this one has been answered. */
  async #turn(method: Method, path: string, signal: AbortSignal | undefined): Promise<() => void> {
    const facts: RequestFacts = { service: this.#options.service, method, path };
    const allowance = this.#options.allowance?.(method, path);
    for (;;) {
      const left = this.#usedUpUntil.getTime() - Date.now();
      if (left > 0) throw this.#usedUp(method, path, left);
      const wait = this.#pace.wait(allowance);
      if (wait <= 0) return this.#pace.begin(allowance);
      await this.#sleep(wait, new Unreachable(facts, "not sent", "not sent, because the run was cancelled"), signal);
    }
  }

  async #sleep(wait: number, otherwise: ApiError, signal: AbortSignal | undefined): Promise<void> {
    try {
      await sleep(wait, undefined, signal === undefined ? {} : { signal });
    } catch {
      throw otherwise;
    }
  }
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

/** A try that did not end well. */
class Failure {
  constructor(
    readonly error: ApiError,
    readonly headers?: Headers,
  ) {}

  /** How long the server asks to wait because a limit is reached, in milliseconds, where it says so. */
  asksToWait(): number | undefined {
    return this.error.status === 429 && this.headers !== undefined ? askedDelay(this.headers) : undefined;
  }

  mayRepeat(method: Method): boolean {
    const status = this.error.status;
    if (status === 429 || (this.error instanceof Unreachable && this.error.outcome === "not sent")) return true;
    return method === "GET" && (status === undefined || status >= 500);
  }
}

function parse(body: string, contentType: string | null): unknown {
  if (body === "") return undefined;
  if (!contentType?.includes("json")) return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown cause";
  if (error.name === "TimeoutError") return "timed out";
  const { code } = (error.cause ?? error) as { code?: unknown };
  return typeof code === "string" ? code : error.name;
}

/** Whether a connection broke that was open: then the request may have arrived. */
function isUnderWay(error: unknown): boolean {
  const { syscall } = ((error as Error).cause ?? {}) as { syscall?: unknown };
  return syscall === "read" || syscall === "write";
}

function confidentialValues(body: unknown, all = false): string[] {
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) =>
    typeof value === "string"
      ? all || confidential.has(name)
        ? [value]
        : []
      : confidentialValues(value, all || wholly.has(name)),
  );
}
