import { existsSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Deployment, verify } from "./deployment";
import { lock, locksIn } from "./locks";
import { type Crypter, Serializer } from "./secrets";
import { accept, type Exported, StateFile, writeWhole } from "./stateFile";

/** The state of a stack in a folder, laid out as the Pulumi CLI lays it out. */
export class Backend {
  readonly #root: string;
  readonly #path: string;
  readonly #locks: string;
  readonly #fullName: string;

  /** In the folder of `PULUMI_BACKEND_URL` (`file://…`), or in `~`. Throws for any other kind of backend. */
  constructor(
    environment: NodeJS.ProcessEnv,
    private readonly project: string,
    private readonly stack: string,
  ) {
    const url = environment.PULUMI_BACKEND_URL || "file://~";
    if (!url.startsWith("file://"))
      throw new Error(
        `the embedded engine keeps state in files only: PULUMI_BACKEND_URL is ${JSON.stringify(url)}, not file://…`,
      );
    const path = url.slice("file://".length).replace(/^~(?=\/|$)/, homedir());
    this.#root = join(resolve(path.startsWith("/") ? fileURLToPath(`file://${path}`) : path), ".pulumi");
    this.#path = join(this.#root, "stacks", project, `${stack}.json`);
    this.#fullName = join("organization", project, stack);
    this.#locks = join(this.#root, "locks", this.#fullName);
  }

  /** Whether there is such a stack. */
  get exists(): boolean {
    return existsSync(this.#path);
  }

  /** A new stack without resources. */
  async create({ salt }: Crypter): Promise<void> {
    if (!/^[\w.-]{1,100}$/.test(this.stack))
      throw new Error(
        `a stack's name has letters, digits, hyphens, underscores and dots only; found ${JSON.stringify(this.stack)}`,
      );
    if (this.exists) throw new Error(`stack '${this.stack}' already exists`);
    const meta = join(this.#root, "meta.yaml");
    if (!existsSync(meta)) await writeWhole(meta, "version: 1\n");
    const secrets = { type: "passphrase", state: { salt } };
    await new StateFile(this.#path, this.#fullName, new Serializer(), { secrets, resources: [], pending: [] }).write();
  }

  /** The salt with which the state is encrypted, to open the right crypter. */
  async salt(): Promise<string | undefined> {
    return (await this.#read()).before.secrets?.state.salt;
  }

  /** The state, without a lock. */
  async load(crypter: Crypter): Promise<Deployment> {
    const { resources, pending } = (await this.#read(crypter)).before;
    return { resources, pending };
  }

  /** Locks the stack for a run, which may clear the creates that an earlier one left pending; throws when another holds it. */
  async open(crypter: Crypter, clearPendingCreates = false): Promise<StateFile> {
    const unlock = await lock(this.#locks);
    try {
      const file = await this.#read(crypter, unlock);
      if (file.before.isJournaled) await file.write();
      // What the CLI leaves there is the state one step ago; what this run began with is of more use.
      await copyFile(this.#path, `${this.#path}.bak`);
      file.forget(clearPendingCreates);
      return file;
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /** Removes locks, after what a killed run left in its journal was added to the state. */
  async cancel(): Promise<void> {
    const file = await this.#read();
    if (file.before.isJournaled) await file.write();
    for (const path of await locksIn(this.#locks)) await rm(path, { force: true });
  }

  /** The versioned document of the state as the CLI's `stack export` writes it. */
  async export(): Promise<unknown> {
    return (await this.#read()).export();
  }

  /** Replaces the state by such a document. */
  async import(document: unknown): Promise<void> {
    const { stack, project } = this;
    const state = accept(document as Exported, "the document to import");
    const strange = state.resources.find(({ urn }) => !urn.startsWith(`urn:pulumi:${stack}::${project}::`));
    if (strange)
      throw new Error(`resource '${strange.urn}' does not belong to stack '${stack}' of project '${project}'`);
    verify(state.resources, "refusing to import it");
    const unlock = await lock(this.#locks);
    await new StateFile(this.#path, this.#fullName, new Serializer(), state, unlock).close();
  }

  /** With a crypter it is read for use, and so checked. */
  async #read(crypter?: Crypter, unlock?: () => Promise<void>): Promise<StateFile> {
    if (!this.exists) throw new Error(`no stack named '${this.stack}' found`);
    const file = await StateFile.read(this.#path, this.#fullName, new Serializer(crypter), unlock);
    if (crypter) verify(file.before.resources, "refusing to use it");
    return file;
  }
}
