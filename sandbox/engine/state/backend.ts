import { copyFile, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Deployment, Operation, ResourceState } from "./deployment";
import { writeWhole } from "./files";
import { integrityFault } from "./integrity";
import { holders, Lock, type LockHolder } from "./locks";
import type { Crypter } from "./secrets";
import { Serializer } from "./serialize";
import { Session } from "./session";
import { journalOf, parseState, StateFile } from "./stateFile";

/** State of stacks in a folder, laid out as the Pulumi CLI lays it out. */
export class Backend {
  private constructor(private readonly root: string) {}

  /** The folder of `PULUMI_BACKEND_URL` (`file://…`), or `~`. Throws for any other kind of backend. */
  static fromEnvironment(environment: NodeJS.ProcessEnv): Backend {
    const url = environment.PULUMI_BACKEND_URL || "file://~";
    if (!url.startsWith("file://"))
      throw new Error(
        `the embedded engine keeps state in files only: PULUMI_BACKEND_URL is ${JSON.stringify(url)}, not file://…`,
      );
    const path = url.slice("file://".length).replace(/^~(?=\/|$)/, homedir());
    return new Backend(join(resolve(path.startsWith("/") ? fileURLToPath(`file://${path}`) : path), ".pulumi"));
  }

  /** Whether there is such a stack. */
  async exists(project: string, stack: string): Promise<boolean> {
    return stat(this.#path(project, stack)).then(
      () => true,
      () => false,
    );
  }

  /** A new stack without resources. */
  async create(project: string, stack: string, crypter: Crypter): Promise<void> {
    if (!/^[\w.-]{1,100}$/.test(stack))
      throw new Error(
        `a stack's name has letters, digits, hyphens, underscores and dots only; found ${JSON.stringify(stack)}`,
      );
    if (await this.exists(project, stack)) throw new Error(`stack '${stack}' already exists`);
    const meta = join(this.root, "meta.yaml");
    if (!(await stat(meta).catch(() => undefined))) await writeWhole(meta, "version: 1\n");
    const secrets = { type: "passphrase", state: { salt: crypter.salt } };
    await new StateFile(this.#path(project, stack), fullName(project, stack), secrets).save();
  }

  /** Forgets a stack; refused while it has resources, unless forced. */
  async remove(project: string, stack: string, force: boolean): Promise<void> {
    const lock = await Lock.acquire(this.#locks(project, stack));
    try {
      const { resources } = await this.#read(project, stack);
      if (resources.size > 0 && !force) throw new Error(`stack '${stack}' still has resources; removal rejected`);
      const path = this.#path(project, stack);
      for (const file of [path, `${path}.bak`, `${path}.attrs`, `${path}.bak.attrs`, journalOf(path)])
        await rm(file, { force: true });
      for (const folder of ["history", "backups"])
        await rm(join(this.root, folder, project, stack), { recursive: true, force: true });
    } finally {
      await lock.release();
    }
  }

  /** The salt with which the stack's state is encrypted, to open the right crypter. */
  async salt(project: string, stack: string): Promise<string | undefined> {
    return (await this.#read(project, stack)).secrets?.state.salt;
  }

  /** The state, without a lock. */
  async load(project: string, stack: string, crypter: Crypter): Promise<Deployment> {
    const file = await this.#read(project, stack);
    const serializer = new Serializer(crypter);
    const resources = file.texts.map((text) => serializer.restore(JSON.parse(text) as ResourceState));
    const pending = [...file.pending.values()].map((text) => {
      const { type, resource } = JSON.parse(text) as Operation;
      return { type, resource: serializer.restore(resource) };
    });
    verify(resources);
    return { resources, pending };
  }

  /** Locks the stack; throws StackLocked when another run holds it. */
  async open(project: string, stack: string, crypter: Crypter): Promise<Session> {
    const lock = await Lock.acquire(this.#locks(project, stack));
    try {
      const file = await this.#read(project, stack, () =>
        lock.describe("embedded engine, whose own cancel keeps what this state does not show yet"),
      );
      await file.close();
      const path = this.#path(project, stack);
      // What the CLI leaves there is the state one step ago; what this run began with is of more use.
      await copyFile(path, `${path}.bak`);
      const session = new Session(file, new Serializer(crypter), () => lock.release());
      verify(session.before.resources);
      return session;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Who holds the stack. */
  async holders(project: string, stack: string): Promise<readonly LockHolder[]> {
    return holders(this.#locks(project, stack));
  }

  /** Removes locks, after what a killed run left in its journal was added to the state. */
  async cancel(project: string, stack: string): Promise<void> {
    await (await this.#read(project, stack)).close();
    for (const { path } of await this.holders(project, stack)) await rm(path, { force: true });
  }

  /** The versioned document of the state as the CLI's `stack export` writes it. */
  async export(project: string, stack: string): Promise<unknown> {
    const document = JSON.parse((await this.#read(project, stack)).render());
    const { version, features, checkpoint } = document;
    return { version, ...(features && { features }), deployment: checkpoint.latest };
  }

  /** Replaces the state by such a document. */
  async import(project: string, stack: string, document: unknown): Promise<void> {
    const { deployment, ...version } = document as { readonly deployment?: unknown };
    const text = JSON.stringify({ ...version, checkpoint: { latest: deployment } });
    const { secrets, resources, pending } = parseState(text, "the document to import");
    const lock = await Lock.acquire(this.#locks(project, stack));
    try {
      const strange = resources.find(({ urn }) => !urn.startsWith(`urn:pulumi:${stack}::${project}::`));
      if (strange)
        throw new Error(`resource '${strange.urn}' does not belong to stack '${stack}' of project '${project}'`);
      const file = new StateFile(this.#path(project, stack), fullName(project, stack), secrets);
      const numbered = (list: readonly object[]) => list.map((item, at) => [at, JSON.stringify(item)] as const);
      file.record({ resources: numbered(resources), pending: numbered(pending) });
      await file.close();
    } finally {
      await lock.release();
    }
  }

  #path(project: string, stack: string): string {
    return join(this.root, "stacks", project, `${stack}.json`);
  }

  #locks(project: string, stack: string): string {
    return join(this.root, "locks", "organization", project, stack);
  }

  async #read(project: string, stack: string, onJournal?: () => Promise<void>): Promise<StateFile> {
    if (!(await this.exists(project, stack))) throw new Error(`no stack named '${stack}' found`);
    return StateFile.read(this.#path(project, stack), fullName(project, stack), onJournal);
  }
}

const fullName = (project: string, stack: string): string => `organization/${project}/${stack}`;

function verify(resources: readonly ResourceState[]): void {
  const fault = integrityFault(resources);
  if (fault) throw new Error(`snapshot integrity failure; refusing to use it: ${fault}`);
}
