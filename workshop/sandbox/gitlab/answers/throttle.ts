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
