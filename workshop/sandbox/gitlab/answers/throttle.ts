import type { Clock } from "../../clock";
import { Refusal } from "./refusal";

/** Counts each user's requests by the minute, as GitLab's request throttle does. */
export class Throttle {
  readonly #counts = new Map<number, { minute: number; requests: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly perMinute: number,
  ) {}

  /** Count one request. Answers the headers that every answer bears, or refuses. */
  count(userId: number): Record<string, string> {
    const now = this.clock.now().getTime();
    const minute = Math.floor(now / 60_000);
    const known = this.#counts.get(userId);
    const requests = known?.minute === minute ? known.requests + 1 : 1;
    this.#counts.set(userId, { minute, requests });
    const reset = (minute + 1) * 60;
    const headers = {
      // What is left until the reset is counted from it.
      date: new Date(now).toUTCString(),
      "ratelimit-name": "throttle_authenticated_api",
      "ratelimit-limit": String(this.perMinute),
      "ratelimit-observed": String(requests),
      "ratelimit-remaining": String(Math.max(0, this.perMinute - requests)),
      "ratelimit-reset": String(reset),
      "ratelimit-resettime": new Date(reset * 1000).toUTCString(),
    };
    if (requests <= this.perMinute) return headers;
    const retryAfter = String(Math.max(1, reset - Math.floor(now / 1000)));
    throw new Refusal(429, "Retry later\n", { ...headers, "retry-after": retryAfter });
  }
}

/** An endpoint that takes so many requests of one user in so many minutes. */
interface Endpoint {
  readonly method: string;
  readonly path: RegExp;
  readonly requests: number;
  readonly minutes: number;
}

/** As GitLab.com publishes them, of the routes that a rotation uses. */
const endpoints: readonly Endpoint[] = [
  { method: "GET", path: /\/users\/\d+$/, requests: 300, minutes: 10 },
  { method: "GET", path: /\/projects\/[^/]+$/, requests: 400, minutes: 1 },
  { method: "GET", path: /\/groups\/[^/]+$/, requests: 400, minutes: 1 },
  { method: "POST", path: /\/projects\/[^/]+\/issues$/, requests: 200, minutes: 1 },
  { method: "POST", path: /\/notes$/, requests: 60, minutes: 1 },
];

/** Counts each user's requests to single endpoints, as GitLab's application does: no answer announces these limits. */
export class EndpointThrottle {
  readonly #counts = new Map<string, { span: number; requests: number }>();

  constructor(private readonly clock: Clock) {}

  /** Count one request, or refuse it. */
  count(userId: number, method: string, path: string): void {
    const at = endpoints.findIndex((one) => one.method === method && one.path.test(path));
    const endpoint = endpoints[at];
    if (endpoint === undefined) return;
    const span = Math.floor(this.clock.now().getTime() / (endpoint.minutes * 60_000));
    const known = this.#counts.get(`${userId} ${at}`);
    const requests = known?.span === span ? known.requests + 1 : 1;
    this.#counts.set(`${userId} ${at}`, { span, requests });
    if (requests <= endpoint.requests) return;
    const error = "This endpoint has been requested too many times. Try again later.";
    throw new Refusal(429, { message: { error } });
  }
}
