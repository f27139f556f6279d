import type { Fault, Traffic } from "../../sandbox/traffic";
import type { Random } from "../random";
import type { Hazard } from "./steps";

/** What goes wrong with the servers in one run: one thing or a few, mostly for few requests. */
export function hazards(random: Random): readonly Hazard[] {
  return Array.from({ length: random.chance(0.7) ? 1 : random.integer(2, 4) }, () => {
    const service = random.pick(["gitlab", "gitlab", "onepassword", undefined]);
    const method = random.pick(["GET", "POST", "PUT", "DELETE", "PATCH", undefined, undefined]);
    return {
      fault: random.weighted({
        reset: 3,
        "lost-answer": 4,
        "rate-limited": 2,
        refused: 3,
        "server-error": 3,
        slow: 1,
        truncated: 2,
        lie: 2,
      }),
      ...(service === undefined ? {} : { service }),
      ...(method === undefined ? {} : { method }),
      nth: random.integer(1, 12),
      times: random.chance(0.8) ? random.integer(1, 3) : random.integer(4, 12),
    };
  });
}

const faults: Readonly<Record<Hazard["fault"], Fault>> = {
  reset: { kind: "reset" },
  "lost-answer": { kind: "lost-answer" },
  "rate-limited": { kind: "rate-limited", retryAfter: 1 },
  refused: { kind: "server-error", status: 403 },
  "server-error": { kind: "server-error", status: 503 },
  slow: { kind: "slow", milliseconds: 300 },
  truncated: { kind: "truncated" },
  lie: { kind: "lie" },
};

/** Arms them; answers a function that disarms what is left of them. */
export function arm(traffic: Traffic, all: readonly Hazard[]): () => void {
  const disarm = all.map(({ fault, ...rule }) => traffic.inject({ ...rule, fault: faults[fault] }));
  return () => {
    for (const one of disarm) one();
  };
}
