/** Which of the servers a request went to. */
export type Service = "gitlab" | "onepassword" | "openbao";

/** One request as the log keeps it: no header, no body, no credential. */
export interface LoggedRequest {
  /** Counts from 1 over both servers. */
  readonly number: number;
  /** The sandbox's time. */
  readonly at: string;
  readonly service: Service;
  readonly method: string;
  /** As sent, percent-encoding included, without the query. */
  readonly path: string;
  /** The query as sent, without its question mark; a `private_token` in it is left out. */
  readonly query: string;
  /** What was answered; 0 when the connection was reset before anything was done. */
  readonly status: number;
  /** The fault that was injected, when one was. */
  readonly fault?: Fault["kind"];
  /** A patch without an operation, or a question that is asked with POST: it leaves everything as it is. */
  readonly changesNothing?: true;
}

/** Whether a request may have changed something. */
export function isWrite({ method, changesNothing }: Pick<LoggedRequest, "method" | "changesNothing">): boolean {
  return method !== "GET" && changesNothing !== true;
}

/** One request with its bodies, as watchers see it. May hold secrets: never print one. */
export interface Exchange extends LoggedRequest {
  readonly requestBody: unknown;
  readonly responseBody: unknown;
}

/** What may go wrong with a request. */
export type Fault =
  /** The connection breaks before the server has done anything. */
  | { readonly kind: "reset" }
  /** The server carries the request out and the answer is lost. */
  | { readonly kind: "lost-answer" }
  /** 429, nothing done. `retryAfter` in seconds; left out, the header is left out as well. */
  | { readonly kind: "rate-limited"; readonly retryAfter?: number }
  /** A 5xx, nothing done. */
  | { readonly kind: "server-error"; readonly status?: number; readonly retryAfter?: number }
  /** A 2xx that is none: nothing is done, and the answer is 200 with `{}`, as from a proxy that knows better. */
  | { readonly kind: "lie" }
  /** The server carries the request out, and the connection breaks in the middle of the answer's body. */
  | { readonly kind: "truncated" }
  /** The answer comes after this many real milliseconds. */
  | { readonly kind: "slow"; readonly milliseconds: number };

/** A fault with the requests that it hits. Everything left out matches everything. */
export interface FaultRule {
  readonly fault: Fault;
  readonly service?: Service;
  readonly method?: string;
  /** A text that the path (as sent) contains, or a pattern. */
  readonly path?: string | RegExp;
  /** Hit from the n-th matching request on. @default 1 */
  readonly nth?: number;
  /** How many requests to hit. @default 1 */
  readonly times?: number;
}

/** Told of each request; a promise holds the request up until it settles. */
export interface Watcher {
  /** Before anything is done. `status` is not known yet and is 0. */
  before?(request: LoggedRequest): void | Promise<void>;
  /** Carried out; the answer has not left yet. */
  handled?(exchange: Exchange): void | Promise<void>;
  /** The answer has left. */
  answered?(exchange: Exchange): void | Promise<void>;
}

interface ArmedRule extends FaultRule {
  seen: number;
  hit: number;
}

/** What passes through both servers: the log, the faults to inject and those who watch. */
export class Traffic {
  #log: LoggedRequest[] = [];
  #rules: ArmedRule[] = [];
  readonly #watchers = new Set<Watcher>();
  #count = 0;

  /** All requests since the start, or since {@link clear}. Control requests are not among them. */
  get requests(): readonly LoggedRequest[] {
    return this.#log;
  }

  /** Forget the requests so far. */
  clear(): void {
    this.#log = [];
  }

  /** The number of the next request. */
  next(): number {
    this.#count += 1;
    return this.#count;
  }

  /** Arm a fault. Answers a function that disarms it. */
  inject(rule: FaultRule): () => void {
    const armed: ArmedRule = { ...rule, seen: 0, hit: 0 };
    this.#rules.push(armed);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== armed);
    };
  }

  /** Disarm all faults. */
  calm(): void {
    this.#rules = [];
  }

  /** Be told of each request. Answers a function that ends it. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** The fault for this request, if one is armed. Counts the request for every rule that it matches. */
  faultFor(request: LoggedRequest): Fault | undefined {
    let fault: Fault | undefined;
    for (const rule of this.#rules) {
      if (!matches(rule, request)) continue;
      rule.seen += 1;
      if (fault || rule.seen < (rule.nth ?? 1) || rule.hit >= (rule.times ?? 1)) continue;
      rule.hit += 1;
      fault = rule.fault;
    }
    return fault;
  }

  /** Tell the watchers of one phase. */
  async tell(phase: keyof Watcher, exchange: Exchange): Promise<void> {
    for (const watcher of [...this.#watchers]) await watcher[phase]?.(exchange);
  }

  /** Keep a request in the log. */
  record(exchange: Exchange): void {
    const { requestBody: _request, responseBody: _response, ...logged } = exchange;
    this.#log.push(logged);
  }
}

function matches(rule: FaultRule, request: LoggedRequest): boolean {
  if (rule.service && rule.service !== request.service) return false;
  if (rule.method && rule.method !== request.method) return false;
  if (rule.path === undefined) return true;
  return typeof rule.path === "string" ? request.path.includes(rule.path) : rule.path.test(request.path);
}
