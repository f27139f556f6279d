import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { Snapshot } from "../../../../workshop/engine/planning/snapshot";
import { Backend } from "../../../../workshop/engine/state/backend";
import { secretSignature, signatureKey } from "../../../../workshop/engine/state/deployment";
import { readProject } from "../../../../workshop/engine/state/project";
import { Crypter } from "../../../../workshop/engine/state/secrets";
import { StackSettings } from "../../../../workshop/engine/state/settings";
import { cli, hasCli } from "./cli";

if (!hasCli) console.warn("No Pulumi CLI on the PATH: the tests that exchange stacks with it are passed over.");

function world() {
  const directory = mkdtempSync(join(tmpdir(), "interchange-"));
  writeFileSync(join(directory, "Pulumi.yaml"), "name: proj\nruntime: nodejs\nmain: index.js\n");
  writeFileSync(join(directory, "package.json"), "{}");
  writeFileSync(
    join(directory, "index.js"),
    `const { ComponentResource, Config, secret } = require("@pulumi/pulumi");
     class Thing extends ComponentResource { constructor(name) { super("my:index:Thing", name); this.registerOutputs({ s: secret("hush"), n: 1 }); } }
     new Thing("a");
     exports.token = new Config().getSecret("token");
     exports.plain = new Config().get("plain");`,
  );
  symlinkSync(resolve("node_modules"), join(directory, "node_modules"));
  const environment = {
    PULUMI_BACKEND_URL: pathToFileURL(mkdtempSync(join(tmpdir(), "interchange-"))).href,
    PULUMI_HOME: join(directory, "home"),
    PULUMI_CONFIG_PASSPHRASE: "a phrase",
  };
  return { directory, environment, project: readProject(directory), backend: new Backend(environment, "proj", "dev") };
}

const secret = (value: string) => ({ [signatureKey]: secretSignature, value });

describe.skipIf(!hasCli)("stacks are exchanged with the Pulumi CLI", { timeout: 120_000 }, () => {
  test("a stack, its configuration and its secrets made by the CLI are read here", async () => {
    const { directory, environment: env, project, backend } = world();
    cli(directory, env, "stack", "init", "dev");
    cli(directory, env, "config", "set", "--secret", "token", "geheim");
    cli(directory, env, "config", "set", "plain", "5");
    cli(directory, env, "up", "--yes", "--skip-preview");
    const settings = new StackSettings(project, "dev");
    const crypter = new Crypter("a phrase", settings.salt ?? "");
    expect(settings.config(() => crypter)).toStrictEqual({
      values: { "proj:token": "geheim", "proj:plain": "5" },
      secretKeys: ["proj:token"],
    });
    expect((await backend.read()).before.secrets?.state.salt).toBe(settings.salt);
    const { resources } = (await backend.read(crypter)).before;
    expect(resources.map(({ type, outputs }) => [type, outputs])).toStrictEqual([
      ["pulumi:pulumi:Stack", { plain: "5", token: secret("geheim") }],
      ["my:index:Thing", { n: 1, s: secret("hush") }],
    ]);
  });

  test("a stack made here and written by a run is used by the CLI without a change", async () => {
    const { directory, environment: env, project, backend } = world();
    const crypter = new Crypter("a phrase");
    await backend.create(crypter);
    cli(directory, env, "stack", "select", "dev");
    const settings = new StackSettings(project, "dev");
    settings.salt = crypter.salt;
    settings.set("token", crypter.encrypt("geheim"));
    await settings.write();
    cli(directory, env, "config", "set", "plain", "5");
    const session = await backend.open(crypter);
    const state = new Snapshot(session.before.resources, session);
    const stack = "urn:pulumi:dev::proj::pulumi:pulumi:Stack::proj-dev";
    await state.commit({
      join: {
        urn: stack,
        custom: false,
        type: "pulumi:pulumi:Stack",
        outputs: { plain: "5", token: secret("geheim") },
      },
    });
    await state.commit({
      join: {
        urn: "urn:pulumi:dev::proj::my:index:Thing::a",
        custom: false,
        type: "my:index:Thing",
        parent: stack,
        outputs: { n: 1, s: secret("hush") },
      },
    });
    await session.close();
    expect(cli(directory, env, "config", "get", "token").trim()).toBe("geheim");
    expect(JSON.parse(cli(directory, env, "stack", "output", "--json", "--show-secrets"))).toStrictEqual({
      plain: "5",
      token: "geheim",
    });
    cli(directory, env, "up", "--yes", "--skip-preview", "--expect-no-changes");
    const exported = JSON.parse(cli(directory, env, "stack", "export"));
    await backend.import(exported);
    expect((await backend.read(crypter)).before.resources).toHaveLength(2);
    cli(directory, env, "preview", "--expect-no-changes");
  });

  test("a lock of one is respected by the other, and freed by its cancel", async () => {
    const { directory, environment: env, project, backend } = world();
    const crypter = new Crypter("a phrase");
    await backend.create(crypter);
    cli(directory, env, "stack", "select", "dev");
    const settings = new StackSettings(project, "dev");
    settings.salt = crypter.salt;
    await settings.write();
    const session = await backend.open(crypter);
    const state = new Snapshot(session.before.resources, session);
    await state.begin("creating", {
      urn: "urn:pulumi:dev::proj::my:index:Thing::b",
      custom: true,
      type: "my:index:Thing",
    });
    expect(() => cli(directory, env, "up", "--yes", "--skip-preview")).toThrow(
      /the stack is currently locked by 1 lock\(s\)/,
    );
    cli(directory, env, "cancel", "--yes");
    expect(await backend.locks()).toStrictEqual([]);
    expect(JSON.parse(cli(directory, env, "stack", "export")).deployment.pending_operations).toHaveLength(1);
    await session.close();
  });
});
