import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Service, Traffic } from "../workshop/sandbox/traffic";
import { type CheckedExchange, Description } from "./openapi/description";
import type { Json } from "./openapi/schema";

export type { CheckedExchange } from "./openapi/description";

const shared = join(__dirname, "..", "..", "shared");
const folder = join(shared, "reference");
const files = { gitlab: "gitlab-openapi.json", onepassword: "onepassword-connect-openapi.yaml" } as const;

/** Whether the servers' published descriptions are at hand, beside the project; without them nothing is checked. */
export const descriptionsAtHand = Object.values(files).every((file) => existsSync(join(folder, file)));

/** Whether they ought to be: there is a folder for what lies beside the project. */
export const descriptionsExpected = existsSync(shared);

type Described = keyof typeof files;

/** OpenBao's description names no answer: a client of its own judges that server (test/referees). */
function isDescribed(service: Service): service is Described {
  return descriptionsAtHand && service in files;
}

/** Everything in a request and its answer that the server's published description does not allow. No value is quoted. */
export function validateExchange(service: Service, exchange: CheckedExchange): string[] {
  return [...validateRequest(service, exchange), ...validateAnswer(service, exchange)];
}

/** The request alone. */
export function validateRequest(service: Service, exchange: CheckedExchange): string[] {
  return isDescribed(service) ? descriptionOf(service).request(exchange) : [];
}

/** The answer alone: for requests that are wrong on purpose. */
export function validateAnswer(service: Service, exchange: CheckedExchange): string[] {
  return isDescribed(service) ? descriptionOf(service).answer(exchange) : [];
}

/** Check every exchange of a run as it happens. Injected faults are no answers of the servers and are passed over. */
export function checkTraffic(traffic: Traffic): { readonly faults: readonly string[]; stop(): void } {
  const faults = new Set<string>();
  const stop = traffic.watch({
    handled: (exchange) => {
      const injected = ["rate-limited", "server-error", "lie"].includes(exchange.fault ?? "");
      const found = injected
        ? validateRequest(exchange.service, exchange)
        : validateExchange(exchange.service, exchange);
      for (const fault of found) faults.add(fault);
    },
  });
  return {
    get faults() {
      return [...faults];
    },
    stop,
  };
}

const descriptions = new Map<Described, Description>();

function descriptionOf(service: Described): Description {
  const known = descriptions.get(service);
  if (known) return known;
  const text = readFileSync(join(folder, files[service]), "utf8");
  const document: Json = service === "gitlab" ? JSON.parse(text) : parse(text);
  const description = new Description(service, document);
  descriptions.set(service, description);
  return description;
}
