import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, readdir, readFile, rm } from "node:fs/promises";
import { homedir, hostname, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { verify } from "./deployment";
import { type Crypter, Serializer } from "./secrets";
import { accept, type Exported, StateFile, writeWhole } from "./stateFile";

/** The state of a stack in a folder, laid out as the Pulumi CLI lays it out. */
export class Backend {
  readonly #root: string;
  readonly #path: string;
  readonly #lockFolder: string;
  readonly #fullName: string;

  /** In the folder of `PULUMI_BACKEND_URL` (`file://…`), or in `~`. Throws for any other kind of backend. */
  constructor(
    environment: NodeJS.ProcessEnv,
    private readonly project: string,
    private readonly stack: string,
  ) {
    const url = environment.PULUMI_BACKEND_URL || "file://~";
    if (!url.startsWith("file://"))
      throw new Error(`the embedded engine keeps state in files only: PULUMI_BACKEND_URL is "${url}", not file://…`);
    const path = url.slice("file://".length).replace(/^~(?=\/|$)/, homedir());
    this.#root = join(resolve(path.startsWith("/") ? fileURLToPath(`file://${path}`) : path), ".pulumi");
    this.#path = join(this.#root, "stacks", project, `${stack}.json`);
    this.#fullName = join("organization", project, stack);
    this.#lockFolder = join(this.#root, "locks", this.#fullName);
  }

  /** Whether there is such a stack. */
  get exists(): boolean {
    return existsSync(this.#path);
  }

  /** A new stack without resources. */
  async create({ salt }: Crypter): Promise<void> {
    if (!/^[\w.-]{1,100}$/.test(this.stack))
      throw new Error(`a stack's name has only letters, digits, hyphens, underscores and dots; found "${this.stack}"`);
    if (this.exists) throw new Error(`stack '${this.stack}' already exists`);
    const meta = join(this.#root, "meta.yaml");
    if (!existsSync(meta)) await writeWhole(meta, "version: 1\n");
    const secrets = { type: "passphrase", state: { salt } };
    await new StateFile(this.#path, this.#fullName, new Serializer(), { secrets, resources: [], pending: [] }).write();
  }

  /** The state, without a lock. With a crypter it is read for use, and so checked; without, its secrets stay encrypted. */
  async read(crypter?: Crypter, unlock?: () => Promise<void>): Promise<StateFile> {
    if (!this.exists) throw new Error(`no stack named '${this.stack}' found`);
    const file = await StateFile.read(this.#path, this.#fullName, new Serializer(crypter), unlock);
    if (crypter) verify(file.before.resources, "refusing to use it");
    return file;
  }

  /** Locks the stack for a run, which may clear the creates that an earlier one left pending; throws when another holds it. */
  async open(crypter: Crypter, clearPendingCreates = false): Promise<StateFile> {
    const unlock = await this.#lock();
    try {
      const file = await this.read(crypter, unlock);
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

  /** Its locks, by path: one, while a run holds it or after it was killed. */
  async locks(): Promise<readonly string[]> {
    const names = await readdir(this.#lockFolder).catch(() => []);
    return names.filter((name) => !name.endsWith(".attrs")).map((name) => join(this.#lockFolder, name));
  }

  /** Removes locks, after what a killed run left in its journal was added to the state. */
  async cancel(): Promise<void> {
    const file = await this.read();
    if (file.before.isJournaled) await file.write();
    for (const path of await this.locks()) await rm(path, { force: true });
  }

  /** Replaces the state by a document that was exported. */
  async import(document: unknown): Promise<void> {
    const { stack, project } = this;
    const state = accept(document as Exported, "the document to import");
    const strange = state.resources.find(({ urn }) => !urn.startsWith(`urn:pulumi:${stack}::${project}::`));
    if (strange)
      throw new Error(`resource '${strange.urn}' does not belong to stack '${stack}' of project '${project}'`);
    verify(state.resources, "refusing to import it");
    const unlock = await this.#lock();
    await new StateFile(this.#path, this.#fullName, new Serializer(), state, unlock).close();
  }

  /** Locks the stack; gives how to unlock it. */
  async #lock(): Promise<() => Promise<void>> {
    const path = join(this.#lockFolder, `${randomUUID()}.json`);
    const unlock = () => rm(path, { force: true });
    const timestamp = new Date().toISOString();
    const content = { pid: process.pid, username: userInfo().username, hostname: hostname(), timestamp };
    // Written elsewhere first: in the folder itself the CLI takes every file for a lock.
    await writeWhole(path, JSON.stringify(content), join(dirname(this.#lockFolder), `${process.pid}.tmp`));
    // Two that come at the same moment see each other here, and both give way.
    const others = (await this.locks()).filter((other) => other !== path);
    if (others.length === 0) return unlock;
    await unlock();
    const lines = others.map(async (other) => {
      const { username, hostname, pid, timestamp } = JSON.parse(await readFile(other, "utf8").catch(() => "{}"));
      return `\n  ${pathToFileURL(other)}: created by ${username}@${hostname} (pid ${pid}) at ${timestamp}`;
    });
    throw new Error(
      `the stack is currently locked by ${others.length} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.${(await Promise.all(lines)).join("")}`,
    );
  }
}
