import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type BaoState, type BaoToken, keyOf, type Secret, type Version } from "./state";

/** An answer that is an error. */
class Refusal extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    readonly errors: readonly string[],
    readonly data?: object,
  ) {
    super(errors.join("; "));
  }
}

const denied = "1 error occurred:\n\t* permission denied\n\n";

/** What a request is about. */
interface Asked {
  readonly namespace: string;
  readonly token: BaoToken;
  readonly mount: string;
  readonly area: string;
  readonly path: string;
}

/** The part of OpenBao's API that token rotation touches, as its published description has it: KV version 2, and what a token may do. */
export function openBaoServer(state: BaoState): Hono {
  const app = new Hono();
  app.get("/v1/sys/health", (context) =>
    context.json({ initialized: true, sealed: false, standby: false, version: "2.6.2" }),
  );
  app.get("/v1/auth/token/lookup-self", (context) => {
    const { name, rules, expiresAt } = tokenOf(state, context);
    const policies = rules === undefined ? ["root"] : ["default", name];
    return answered(context, {
      display_name: name,
      policies,
      path: "auth/token/create",
      ttl: 0,
      expire_time: expiresAt ?? null,
    });
  });
  app.on(["POST", "PUT"], "/v1/sys/capabilities-self", async (context) => {
    const token = tokenOf(state, context);
    const { paths = [], path = [] } = (await context.req.json()) as { paths?: string[]; path?: string | string[] };
    const all = [...new Set([...paths, ...(Array.isArray(path) ? path : [path])])];
    const found = Object.fromEntries(all.map((one) => [one, capabilitiesOf(token, one)]));
    return context.json({ ...envelope(found), ...found, capabilities: found[all[0] ?? ""] });
  });
  app.all("/v1/*", async (context) => {
    const asked = askedOf(state, context);
    if (asked.area === "data") return data(state, context, asked);
    if (asked.area === "metadata") return metadata(state, context, asked);
    if (["delete", "undelete", "destroy"].includes(asked.area)) return marked(state, context, asked);
    throw new Refusal(404, []);
  });
  app.onError((error, context) => {
    if (error instanceof Refusal)
      return context.json(error.data === undefined ? { errors: error.errors } : envelope(error.data), error.status);
    process.stderr.write(`sandbox OpenBao: ${error.stack ?? error.message}\n`);
    return context.json({ errors: ["internal error"] }, 500);
  });
  return app;
}

function envelope(data: object): object {
  return {
    request_id: randomUUID(),
    lease_id: "",
    renewable: false,
    lease_duration: 0,
    data,
    wrap_info: null,
    warnings: null,
    auth: null,
  };
}

function answered(context: Context, data: object): Response {
  return context.json(envelope(data));
}

function namespaceOf(context: Context): string {
  return (context.req.header("x-vault-namespace") ?? "").replace(/^\/+|\/+$/g, "");
}

function tokenOf(state: BaoState, context: Context): BaoToken {
  const bearer = /^Bearer (.+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
  const value = context.req.header("x-vault-token") ?? bearer;
  const token = state.tokens.find((one) => one.value === value);
  if (token === undefined || (token.expiresAt !== undefined && token.expiresAt <= state.stamp()))
    throw new Refusal(403, ["permission denied"]);
  return token;
}

function capabilitiesOf({ rules }: BaoToken, path: string): readonly string[] {
  if (rules === undefined) return ["root"];
  const matching = Object.entries(rules)
    .filter(([rule]) => (rule.endsWith("*") ? path.startsWith(rule.slice(0, -1)) : path === rule))
    // The rule that says most of the path counts.
    .sort(([a], [b]) => b.length - a.length);
  return matching[0]?.[1] ?? ["deny"];
}

function askedOf(state: BaoState, context: Context): Asked {
  const namespace = namespaceOf(context);
  const whole = new URL(context.req.url).pathname.slice("/v1/".length);
  const full = whole.split("/").map(decodeURIComponent).join("/");
  const token = tokenOf(state, context);
  const mount = state.mounts.get(namespace)?.find((one) => full.startsWith(`${one}/`));
  // A token holds in its namespace, and in those below.
  if (namespace !== token.namespace && token.namespace !== "" && !namespace.startsWith(`${token.namespace}/`))
    throw new Refusal(403, [denied]);
  const needed = { GET: "read", POST: "update", PUT: "update", PATCH: "patch", DELETE: "delete" }[context.req.method];
  const [area = "", ...rest] = mount === undefined ? [] : full.slice(mount.length + 1).split("/");
  const path = rest.join("/");
  const may = capabilitiesOf(token, full);
  const isNew = area === "data" && mount !== undefined && !state.secrets.has(keyOf(namespace, mount, path));
  const right = needed === "update" && isNew ? "create" : (needed ?? "");
  if (!may.includes("root") && !may.includes(right)) throw new Refusal(403, [denied]);
  if (mount === undefined) throw new Refusal(404, [`no handler for route "${full}". route entry not found.`]);
  return { namespace, token, mount, area, path };
}

function versionTold(number: number, version: Version, secret: Secret): object {
  return {
    created_time: version.createdAt,
    custom_metadata: secret.customMetadata,
    deletion_time: version.deletedAt ?? "",
    destroyed: version.destroyed,
    version: number,
  };
}

async function data(state: BaoState, context: Context, { namespace, mount, path }: Asked): Promise<Response> {
  const key = keyOf(namespace, mount, path);
  const secret = state.secrets.get(key);
  const { method } = context.req;
  if (method === "GET") {
    const number = Number(context.req.query("version") ?? 0) || (secret?.current ?? 0);
    return answered(context, { ...read(secret, number) });
  }
  if (method === "DELETE") {
    const version = secret?.versions.get(secret.current);
    if (version !== undefined && !version.destroyed) version.deletedAt ??= state.stamp();
    return context.body(null, 204);
  }
  if (method === "PATCH" && !context.req.header("content-type")?.startsWith("application/merge-patch+json"))
    throw new Refusal(415, ["PATCH requires Content-Type of application/merge-patch+json"]);
  const body = (await context.req.json()) as { data?: Record<string, unknown>; options?: { cas?: number } };
  if (typeof body.data !== "object" || body.data === null) throw new Refusal(400, ["no data provided"]);
  checkSet(secret, body.options?.cas);
  if (method === "PATCH") {
    const { data: old } = read(secret, secret?.current ?? 0);
    const made = secret ?? state.made(key);
    const version = state.put(made, merged(old, body.data));
    return answered(context, versionTold(made.current, version, made));
  }
  const made = secret ?? state.made(key);
  const version = state.put(made, body.data);
  return answered(context, versionTold(made.current, version, made));
}

/** A version as it is read. @throws 404: with its metadata where it was deleted or destroyed */
function read(
  secret: Secret | undefined,
  number: number,
): { data: Readonly<Record<string, unknown>>; metadata: object } {
  const version = secret?.versions.get(number);
  if (secret === undefined || version === undefined) throw new Refusal(404, []);
  const told = versionTold(number, version, secret);
  if (version.destroyed || version.deletedAt !== undefined) throw new Refusal(404, [], { data: null, metadata: told });
  return { data: version.data, metadata: told };
}

function checkSet(secret: Secret | undefined, cas: number | undefined): void {
  if (cas === undefined) {
    if (secret?.casRequired) throw new Refusal(400, ["check-and-set parameter required for this call"]);
    return;
  }
  if (cas !== (secret?.current ?? 0))
    throw new Refusal(400, ["check-and-set parameter did not match the current version"]);
}

/** RFC 7396: null takes a key out. */
function merged(old: Readonly<Record<string, unknown>>, patch: Readonly<Record<string, unknown>>) {
  const result: Record<string, unknown> = { ...old };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else if (typeof value === "object" && !Array.isArray(value)) {
      const before = result[name];
      const from = typeof before === "object" && before !== null && !Array.isArray(before) ? before : {};
      result[name] = merged(from as Record<string, unknown>, value as Record<string, unknown>);
    } else result[name] = value;
  }
  return result;
}

async function metadata(state: BaoState, context: Context, { namespace, mount, path }: Asked): Promise<Response> {
  const key = keyOf(namespace, mount, path);
  const { method } = context.req;
  if (method === "GET") {
    const secret = state.secrets.get(key);
    if (secret === undefined) throw new Refusal(404, []);
    const numbers = [...secret.versions.keys()];
    const told = ([number, version]: [number, Version]) => {
      const { created_time, deletion_time, destroyed } = versionTold(number, version, secret) as Record<
        string,
        unknown
      >;
      return [String(number), { created_time, deletion_time, destroyed }];
    };
    return answered(context, {
      cas_required: secret.casRequired,
      created_time: secret.createdAt,
      current_version: secret.current,
      custom_metadata: secret.customMetadata,
      delete_version_after: "0s",
      max_versions: secret.maxVersions,
      oldest_version: Math.min(...numbers, secret.current),
      updated_time: secret.updatedAt,
      versions: Object.fromEntries([...secret.versions].map(told)),
    });
  }
  if (method === "DELETE") {
    state.secrets.delete(key);
    return context.body(null, 204);
  }
  const body = (await context.req.json()) as Partial<Record<string, unknown>>;
  const secret = state.made(key);
  if (typeof body.cas_required === "boolean") secret.casRequired = body.cas_required;
  if (typeof body.max_versions === "number") secret.maxVersions = body.max_versions;
  if (typeof body.custom_metadata === "object")
    secret.customMetadata = body.custom_metadata as Readonly<Record<string, string>> | null;
  return context.body(null, 204);
}

/** Versions that are deleted, undeleted or destroyed. */
async function marked(state: BaoState, context: Context, { namespace, mount, area, path }: Asked): Promise<Response> {
  const { versions = [] } = (await context.req.json()) as { versions?: readonly (number | string)[] };
  if (versions.length === 0) throw new Refusal(400, ["No version number provided"]);
  const secret = state.secrets.get(keyOf(namespace, mount, path));
  for (const number of versions) {
    const version = secret?.versions.get(Number(number));
    if (version === undefined || version.destroyed) continue;
    if (area === "undelete") delete version.deletedAt;
    else if (area === "delete") version.deletedAt ??= state.stamp();
    else {
      version.destroyed = true;
      secret?.versions.set(Number(number), { ...version, data: {}, destroyed: true });
    }
  }
  return context.body(null, 204);
}
