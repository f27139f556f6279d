import { randomUUID } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeWhole } from "./files";

/** Who holds a stack. */
export interface LockHolder {
  readonly path: string;
  readonly pid: number;
  readonly username: string;
  readonly hostname: string;
  /** RFC 3339. */
  readonly timestamp: string;
}

/** Another run holds the stack, or was killed while it did. */
export class StackLocked extends Error {
  override readonly name = "StackLocked";

  constructor(readonly holders: readonly LockHolder[]) {
    const lines = holders.map(
      ({ path, username, hostname, pid, timestamp }) =>
        `\n  ${pathToFileURL(path)}: created by ${username}@${hostname} (pid ${pid}) at ${timestamp}`,
    );
    super(
      `the stack is currently locked by ${holders.length} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.${lines.join("")}`,
    );
  }
}

/** A lock that this process holds. */
export class Lock {
  private constructor(private readonly path: string) {}

  /** Locks the stack whose locks lie in a folder; throws StackLocked when another run holds it. */
  static async acquire(folder: string): Promise<Lock> {
    await refuse(folder, undefined);
    const path = join(folder, `${randomUUID()}.json`);
    const lock = new Lock(path);
    await lock.describe(userInfo().username);
    try {
      // Two that come at the same moment see each other here, and both give way.
      await refuse(folder, path);
    } catch (error) {
      await lock.release();
      throw error;
    }
    return lock;
  }

  /** Says who holds it: shown by either engine to whoever is refused. */
  async describe(username: string): Promise<void> {
    const content = { pid: process.pid, username, hostname: hostname(), timestamp: new Date().toISOString() };
    // Not in the folder itself, where the CLI takes every file for a lock.
    await writeWhole(this.path, JSON.stringify(content), join(dirname(dirname(this.path)), `${process.pid}.tmp`));
  }

  /** Lets others have the stack. */
  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

/** The locks in a folder. */
export async function holders(folder: string): Promise<LockHolder[]> {
  const names = await readdir(folder).catch(() => []);
  const read = names
    .filter((name) => !name.endsWith(".attrs"))
    .map(async (name): Promise<LockHolder[]> => {
      const path = join(folder, name);
      const text = await readFile(path, "utf8").catch(() => undefined);
      return text === undefined ? [] : [{ ...(JSON.parse(text) as Omit<LockHolder, "path">), path }];
    });
  return (await Promise.all(read)).flat();
}

async function refuse(folder: string, own: string | undefined): Promise<void> {
  const others = (await holders(folder)).filter(({ path }) => path !== own);
  if (others.length > 0) throw new StackLocked(others);
}
