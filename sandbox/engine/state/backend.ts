import { existsSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Deployment, verify } from "./deployment";
import { lock, locksIn } from "./locks";
import type { Crypter } from "./secrets";
import { Serializer } from "./serialize";
import { Session } from "./session";
import { accept, type Exported, journalOf, readState, type State, stateText, writeWhole } from "./stateFile";

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
  exists(project: string, stack: string): boolean {
    return existsSync(this.#path(project, stack));
  }

  /** A new stack without resources. */
  async create(project: string, stack: string, crypter: Crypter): Promise<void> {
    if (!/^[\w.-]{1,100}$/.test(stack))
      throw new Error(
        `a stack's name has letters, digits, hyphens, underscores and dots only; found ${JSON.stringify(stack)}`,
      );
    if (this.exists(project, stack)) throw new Error(`stack '${stack}' already exists`);
    const meta = join(this.root, "meta.yaml");
    if (!existsSync(meta)) await writeWhole(meta, "version: 1\n");
    const secrets = { type: "passphrase", state: { salt: crypter.salt } };
    await this.#write(project, stack, { secrets, resources: [], pending: [] }, new Serializer());
  }

  /** The salt with which the stack's state is encrypted, to open the right crypter. */
  async salt(project: string, stack: string): Promise<string | undefined> {
    return (await this.#read(project, stack, new Serializer())).secrets?.state.salt;
  }

  /** The state, without a lock. */
  async load(project: string, stack: string, crypter: Crypter): Promise<Deployment> {
    const { resources, pending } = await this.#read(project, stack, new Serializer(crypter));
    verify(resources, "refusing to use it");
    return { resources, pending };
  }

  /** Locks the stack; throws StackLocked when another run holds it. Creates that an earlier run left pending may be cleared. */
  async open(project: string, stack: string, crypter: Crypter, clearPendingCreates = false): Promise<Session> {
    const path = this.#path(project, stack);
    const unlock = await lock(this.#locks(project, stack));
    try {
      const serializer = new Serializer(crypter);
      const state = await this.#complete(project, stack, serializer);
      verify(state.resources, "refusing to use it");
      // What the CLI leaves there is the state one step ago; what this run began with is of more use.
      await copyFile(path, `${path}.bak`);
      return new Session(path, fullName(project, stack), state, serializer, clearPendingCreates, unlock);
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /** The locks of a stack, by path: one, while a run holds it or after it was killed. */
  async holders(project: string, stack: string): Promise<readonly string[]> {
    return locksIn(this.#locks(project, stack));
  }

  /** Removes locks, after what a killed run left in its journal was added to the state. */
  async cancel(project: string, stack: string): Promise<void> {
    await this.#complete(project, stack, new Serializer());
    for (const path of await this.holders(project, stack)) await rm(path, { force: true });
  }

  /** The versioned document of the state as the CLI's `stack export` writes it. */
  async export(project: string, stack: string): Promise<unknown> {
    const raw = new Serializer();
    const text = stateText(fullName(project, stack), await this.#read(project, stack, raw), raw);
    const { checkpoint, ...version } = JSON.parse(text) as { readonly checkpoint: { readonly latest: unknown } };
    return { ...version, deployment: checkpoint.latest };
  }

  /** Replaces the state by such a document. */
  async import(project: string, stack: string, document: unknown): Promise<void> {
    const state = accept(document as Exported, "the document to import");
    const strange = state.resources.find(({ urn }) => !urn.startsWith(`urn:pulumi:${stack}::${project}::`));
    if (strange)
      throw new Error(`resource '${strange.urn}' does not belong to stack '${stack}' of project '${project}'`);
    const unlock = await lock(this.#locks(project, stack));
    await this.#write(project, stack, state, new Serializer()).finally(unlock);
  }

  #path(project: string, stack: string): string {
    return join(this.root, "stacks", project, `${stack}.json`);
  }

  #locks(project: string, stack: string): string {
    return join(this.root, "locks", "organization", project, stack);
  }

  async #read(project: string, stack: string, serializer: Serializer) {
    if (!this.exists(project, stack)) throw new Error(`no stack named '${stack}' found`);
    return readState(this.#path(project, stack), serializer);
  }

  /** The state, in the file as a whole. */
  async #complete(project: string, stack: string, serializer: Serializer): Promise<State> {
    const state = await this.#read(project, stack, serializer);
    if (state.lacks) await this.#write(project, stack, state, serializer);
    return state;
  }

  async #write(project: string, stack: string, state: State, serializer: Serializer): Promise<void> {
    const path = this.#path(project, stack);
    await writeWhole(path, stateText(fullName(project, stack), state, serializer));
    await rm(journalOf(path), { force: true });
  }
}

const fullName = (project: string, stack: string): string => `organization/${project}/${stack}`;
