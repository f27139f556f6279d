import { type Context, Hono } from "hono";
import { Failure } from "./failure";
import { type Filter, parseFilter, passes } from "./filter";
import { contentOf } from "./item";
import { patched } from "./patch";
import { type ConnectToken, type Item, newId, type OnePasswordState, type Right, type Vault } from "./state";

const version = "1.8.0";

interface Env {
  Variables: { token: ConnectToken };
}

/** The part of 1Password Connect that token rotation touches, as Connect answers it. */
export function connectServer(state: OnePasswordState): Hono<Env> {
  // Connect takes a path with a slash at its end for the same path.
  const root = new Hono<Env>({ getPath: ({ url }) => new URL(url).pathname.replace(/(?<=.)\/+$/, "") });
  const app = new Hono<Env>();

  root.use(async (context, next) => {
    await next();
    context.header("1Password-Connect-Version", version);
  });
  root.get("/heartbeat", (context) => context.text("."));
  root.get("/health", (context) =>
    context.json({
      name: "1Password Connect API",
      version,
      dependencies: [
        { service: "sync", status: state.synced ? "ACTIVE" : "TOKEN_NEEDED" },
        { service: "sqlite", status: "ACTIVE", message: "Connected to ./1password.sqlite" },
      ],
    }),
  );

  app.use(async (context, next) => {
    const bearer = /^Bearer (.+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
    const token = state.tokens.find((one) => one.value === bearer);
    if (!token) throw new Failure(401, "Invalid token signature");
    state.synced = true;
    context.set("token", token);
    await next();
  });

  app.get("/vaults", (context) => {
    const filter = filterOf(context, ["name", "title"]);
    const { rights } = context.get("token");
    const found = [...state.vaults.values()].filter(
      (vault) => rights.has(vault.id) && (!filter || passes(filter, [vault.name])),
    );
    return context.json(found.map(rendered));
  });

  app.get("/vaults/:vault", (context) => context.json(rendered(vaultIn(state, context))));

  app.get("/vaults/:vault/items", (context) => {
    const vault = listed(state, context);
    const filter = filterOf(context, ["title", "tag"]);
    const found = [...vault.items.values()].filter(
      (item) => !filter || passes(filter, filter.attribute === "tag" ? (item.tags ?? []) : [item.title]),
    );
    return context.json(found.map(overview));
  });

  app.post("/vaults/:vault/items", async (context) => {
    const vault = vaultIn(state, context, "write");
    const now = state.stamp();
    const item: Item = {
      ...contentOf(await bodyOf(context), vault.id),
      id: newId(),
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    return context.json(kept(state, vault, item));
  });

  app.get("/vaults/:vault/items/:item", (context) => {
    const vault = vaultIn(state, context, "read");
    return context.json(itemIn(vault, context));
  });

  app.get("/vaults/:vault/items/:item/files", (context) =>
    context.json(itemIn(vaultIn(state, context, "read"), context).files ?? []),
  );

  app.put("/vaults/:vault/items/:item", async (context) => {
    const vault = vaultIn(state, context, "write");
    const before = itemIn(vault, context);
    const content = contentOf(await bodyOf(context), vault.id);
    return context.json(
      kept(state, vault, {
        ...content,
        id: before.id,
        version: before.version + 1,
        createdAt: before.createdAt,
        updatedAt: state.stamp(),
      }),
    );
  });

  app.patch("/vaults/:vault/items/:item", async (context) => {
    // The answer holds the whole item, so that a token without the right to read may not patch.
    const vault = vaultIn(state, context, "read", "write");
    const before = itemIn(vault, context);
    const body = await bodyOf(context);
    const after = patched(before, body);
    if (Array.isArray(body) && body.length === 0) return context.json(before);
    return context.json(kept(state, vault, { ...after, version: before.version + 1, updatedAt: state.stamp() }));
  });

  app.delete("/vaults/:vault/items/:item", (context) => {
    const vault = vaultIn(state, context, "write");
    vault.items.delete(itemIn(vault, context).id);
    vault.contentVersion += 1;
    return context.body(null, 204);
  });

  root.route("/v1", app);
  root.notFound((context) => context.json({ status: 404, message: "Not found" }, 404));
  root.onError((error, context) => {
    const known = error instanceof Failure;
    if (!known) process.stderr.write(`sandbox 1Password Connect: ${error.stack ?? error.message}\n`);
    const status = known ? error.status : 500;
    const message = known ? error.text : "Internal server error";
    return context.json({ status, message }, status, { "1Password-Connect-Version": version });
  });
  return root;
}

function filterOf(context: Context<Env>, attributes: readonly string[]): Filter | undefined {
  const text = context.req.query("filter");
  return text === undefined ? undefined : parseFilter(text, attributes);
}

async function bodyOf(context: Context<Env>): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    throw new Failure(400, "Invalid request body");
  }
}

/** Lists know no 403 in Connect's description: a vault out of scope is not found. */
function listed(state: OnePasswordState, context: Context<Env>): Vault {
  const id = context.req.param("vault") ?? "";
  const vault = state.vaults.get(id);
  if (!vault || !context.get("token").rights.has(id)) throw new Failure(404, `vault ${id} not found`);
  return vault;
}

function vaultIn(state: OnePasswordState, context: Context<Env>, ...needed: readonly Right[]): Vault {
  const id = context.req.param("vault") ?? "";
  const vault = state.vaults.get(id);
  if (!vault) throw new Failure(404, `vault ${id} not found`);
  const rights = context.get("token").rights.get(id);
  if (!rights) throw new Failure(403, `vault ${id} is not in scope`);
  const missing = needed.find((right) => !rights.includes(right));
  if (missing) throw new Failure(403, `token does not have permission to ${missing} in vault ${id}`);
  return vault;
}

function itemIn(vault: Vault, context: Context<Env>): Item {
  const id = context.req.param("item") ?? "";
  const item = vault.items.get(id);
  if (!item) throw new Failure(404, `item ${id} not found`);
  return item;
}

function kept(state: OnePasswordState, vault: Vault, item: Item): Item {
  const whole: Item = { ...item, lastEditedBy: "5QWVJ3CNUREX5JBNPG4PXQOEOE" };
  vault.items.set(whole.id, whole);
  vault.contentVersion += 1;
  vault.updatedAt = state.stamp();
  return whole;
}

function rendered(vault: Vault): object {
  return {
    id: vault.id,
    name: vault.name,
    description: vault.description,
    attributeVersion: 1,
    contentVersion: vault.contentVersion,
    items: vault.items.size,
    type: "USER_CREATED",
    createdAt: vault.createdAt,
    updatedAt: vault.updatedAt,
  };
}

/** What lists show of an item: no fields, no sections, no files. */
function overview(item: Item): object {
  const { fields: _fields, sections: _sections, files: _files, ...rest } = item;
  return rest;
}
