import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Deployment } from "./deployment";
import { writeWhole } from "./files";
import { integrityFault } from "./integrity";
import { readJournal } from "./journal";
import { holders, Lock, type LockHolder } from "./locks";
import type { Project } from "./project";
import type { Crypter } from "./secrets";
import { Serializer } from "./serialize";
import { Session } from "./session";
import { type Checkpoint, parseCheckpoint, type SecretsProvider, Snapshot, uniqueTime } from "./snapshot";
import { journalOf } from "./writer";

export { StackLocked } from "./locks";
export type { Change, Session } from "./session";

/** State of stacks in a folder, laid out as the Pulumi CLI lays it out. */
export class Backend {
  private constructor(
    /** As `PULUMI_BACKEND_URL` names it. */
    readonly url: string,
    private readonly root: string,
    private readonly home: string,
  ) {}

  /** The folder of `PULUMI_BACKEND_URL` (`file://…`), or `~`. Throws for any other kind of backend. */
  static fromEnvironment(environment: NodeJS.ProcessEnv): Backend {
    const home = environment.PULUMI_HOME || join(homedir(), ".pulumi");
    const url = environment.PULUMI_BACKEND_URL || "file://~";
    if (!url.startsWith("file://")) {
      throw new Error(
        `the embedded engine keeps state in files only: PULUMI_BACKEND_URL is ${JSON.stringify(url)}, not file://…`,
      );
    }
    const path = url.slice("file://".length);
    const folder =
      path === "~" || path.startsWith("~/")
        ? join(homedir(), path.slice(1))
        : path.startsWith("/")
          ? fileURLToPath(url)
          : path;
    return new Backend(url, join(resolve(folder), ".pulumi"), home);
  }

  /** Names of a project's stacks. */
  async stacks(project: string): Promise<readonly string[]> {
    const names = await readdir(join(this.root, "stacks", project)).catch(() => []);
    return names
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -".json".length))
      .sort();
  }

  /** Whether there is such a stack. */
  async exists(project: string, stack: string): Promise<boolean> {
    return stat(this.path(project, stack)).then(
      () => true,
      () => false,
    );
  }

  /** A new stack without resources. */
  async create(project: string, stack: string, crypter: Crypter): Promise<void> {
    if (!/^[\w.-]{1,100}$/.test(stack)) {
      throw new Error(
        `a stack's name has letters, digits, hyphens, underscores and dots only; found ${JSON.stringify(stack)}`,
      );
    }
    if (await this.exists(project, stack)) throw new Error(`stack '${stack}' already exists`);
    const meta = join(this.root, "meta.yaml");
    if (!(await stat(meta).catch(() => undefined))) await writeWhole(meta, "version: 1\n");
    await this.write(project, stack, { time: uniqueTime(), secrets: secretsOf(crypter), resources: [], pending: [] });
  }

  /** Forgets a stack; refused while it has resources, unless forced. */
  async remove(project: string, stack: string, force: boolean): Promise<void> {
    const lock = await Lock.acquire(this.locks(project, stack));
    try {
      const { resources } = await this.read(project, stack);
      if (resources.length > 0 && !force) throw new Error(`stack '${stack}' still has resources; removal rejected`);
      const path = this.path(project, stack);
      for (const file of [path, `${path}.bak`, `${path}.attrs`, `${path}.bak.attrs`, journalOf(path)])
        await rm(file, { force: true });
      for (const folder of ["history", "backups"]) {
        await rm(join(this.root, folder, project, stack), { recursive: true, force: true });
      }
    } finally {
      await lock.release();
    }
  }

  /** The salt with which the stack's state is encrypted, to open the right crypter. */
  async salt(project: string, stack: string): Promise<string | undefined> {
    return (await this.read(project, stack)).secrets?.state.salt;
  }

  /** The state, without a lock. */
  async load(project: string, stack: string, crypter: Crypter): Promise<Deployment> {
    const checkpoint = await this.read(project, stack);
    const serializer = new Serializer(crypter);
    const pending = checkpoint.pending.map(({ type, resource }) => ({
      type,
      resource: serializer.restore(resource.text),
    }));
    return verified({ resources: checkpoint.resources.map(({ text }) => serializer.restore(text)), pending });
  }

  /** Locks the stack; throws StackLocked when another run holds it. */
  async open(project: string, stack: string, crypter: Crypter): Promise<Session> {
    const lock = await Lock.acquire(this.locks(project, stack));
    try {
      const checkpoint = await this.fold(project, stack);
      const path = this.path(project, stack);
      // What the CLI leaves there is the state one step ago; what this run began with is of more use.
      await copyFile(path, `${path}.bak`);
      const target = {
        path,
        stack: `organization/${project}/${stack}`,
        secrets: secretsOf(crypter),
        onJournal: () => lock.describe("embedded engine, whose own cancel keeps what this state does not show yet"),
      };
      const session = new Session(checkpoint, new Serializer(crypter), target, () => lock.release());
      verified(session.before);
      return session;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Who holds the stack. */
  async holders(project: string, stack: string): Promise<readonly LockHolder[]> {
    return holders(this.locks(project, stack));
  }

  /** Removes locks, after what a killed run left in its journal was added to the state. */
  async cancel(project: string, stack: string): Promise<void> {
    await this.fold(project, stack);
    for (const { path } of await this.holders(project, stack)) await rm(path, { force: true });
  }

  /** The versioned document of the state as the CLI's `stack export` writes it. */
  async export(project: string, stack: string): Promise<unknown> {
    const { version, features, checkpoint } = JSON.parse(render(project, stack, await this.read(project, stack))) as {
      version: number;
      features?: string[];
      checkpoint: { latest: unknown };
    };
    return { version, ...(features && { features }), deployment: checkpoint.latest };
  }

  /** Replaces the state by such a document. */
  async import(project: string, stack: string, document: unknown): Promise<void> {
    const { version, features, deployment } = document as {
      version: number;
      features?: string[];
      deployment?: unknown;
    };
    const text = JSON.stringify({ version, features, checkpoint: { latest: deployment } });
    const checkpoint = parseCheckpoint(text, "the document to import");
    const lock = await Lock.acquire(this.locks(project, stack));
    try {
      const strange = checkpoint.resources
        .map((resource) => JSON.parse(resource.text).urn as string)
        .find((urn) => !urn.startsWith(`urn:pulumi:${stack}::${project}::`));
      if (strange) throw new Error(`resource '${strange}' does not belong to stack '${stack}' of project '${project}'`);
      await this.write(project, stack, { ...checkpoint, time: uniqueTime() });
      await rm(journalOf(this.path(project, stack)), { force: true });
    } finally {
      await lock.release();
    }
  }

  /** The stack chosen by `stack select` in the project's folder, if any. */
  async selected(project: Project): Promise<string | undefined> {
    const text = await readFile(this.workspace(project), "utf8").catch(() => "{}");
    const { stacks = {}, stack } = JSON.parse(text) as { stacks?: Record<string, string>; stack?: string };
    return (stacks[this.url] ?? stack)?.split("/").at(-1);
  }

  /** Chooses the stack for commands without `--stack`; either engine sees it. */
  async select(project: Project, stack: string): Promise<void> {
    const path = this.workspace(project);
    const known = JSON.parse(await readFile(path, "utf8").catch(() => "{}")) as { stacks?: Record<string, string> };
    const stacks = { ...known.stacks, [this.url]: `organization/${project.name}/${stack}` };
    await writeWhole(path, JSON.stringify({ ...known, stacks }, undefined, 4));
  }

  private path(project: string, stack: string): string {
    return join(this.root, "stacks", project, `${stack}.json`);
  }

  private locks(project: string, stack: string): string {
    return join(this.root, "locks", "organization", project, stack);
  }

  private workspace(project: Project): string {
    const name = createHash("sha1").update(project.file).digest("hex");
    return join(this.home, "workspaces", `${project.name}-${name}-workspace.json`);
  }

  /** The state with what a journal adds to it. */
  private async read(project: string, stack: string): Promise<Checkpoint & { readonly folded: boolean }> {
    const path = this.path(project, stack);
    const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") throw new Error(`no stack named '${stack}' found`, { cause });
      throw cause;
    });
    const checkpoint = parseCheckpoint(text, path);
    const journal = await readJournal(journalOf(path), checkpoint.time);
    if (!journal) return { ...checkpoint, folded: false };
    const snapshot = new Snapshot(checkpoint, journal.marker);
    for (const entry of journal.entries) snapshot.apply(entry);
    const resources = snapshot.resources.map(([, resource]) => resource);
    return { ...checkpoint, resources, pending: snapshot.operations.map(([, operation]) => operation), folded: true };
  }

  private async fold(project: string, stack: string): Promise<Checkpoint> {
    const { folded, ...checkpoint } = await this.read(project, stack);
    if (folded) await this.write(project, stack, { ...checkpoint, time: uniqueTime() });
    await rm(journalOf(this.path(project, stack)), { force: true });
    return checkpoint;
  }

  private async write(project: string, stack: string, checkpoint: Checkpoint): Promise<void> {
    await writeWhole(this.path(project, stack), render(project, stack, checkpoint));
  }
}

function render(project: string, stack: string, checkpoint: Checkpoint): string {
  return new Snapshot(checkpoint).render(`organization/${project}/${stack}`, checkpoint.secrets, checkpoint.time);
}

function secretsOf(crypter: Crypter): SecretsProvider {
  return { type: "passphrase", state: { salt: crypter.salt } };
}

function verified(deployment: Deployment): Deployment {
  const fault = integrityFault(deployment);
  if (fault) throw new Error(`snapshot integrity failure; refusing to use it: ${fault}`);
  return deployment;
}
