import { randomUUID } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeWhole } from "./stateFile";

/** Another run holds the stack, or was killed while it did. */
export class StackLocked extends Error {
  override readonly name = "StackLocked";
}

/** Locks the stack whose locks lie in a folder; gives how to unlock it, and throws {@link StackLocked} when another run holds it. */
export async function lock(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, `${randomUUID()}.json`);
  const unlock = () => rm(path, { force: true });
  await refuse(folder);
  const timestamp = new Date().toISOString();
  const content = { pid: process.pid, username: userInfo().username, hostname: hostname(), timestamp };
  // Written elsewhere first: in the folder itself the CLI takes every file for a lock.
  await writeWhole(path, JSON.stringify(content), join(dirname(dirname(path)), `${process.pid}.tmp`));
  // Two that come at the same moment see each other here, and both give way.
  await refuse(folder, path).catch(async (error) => {
    await unlock();
    throw error;
  });
  return unlock;
}

/** The locks in a folder. */
export async function locksIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => !name.endsWith(".attrs")).map((name) => join(folder, name));
}

async function refuse(folder: string, own?: string): Promise<void> {
  const others = (await locksIn(folder)).filter((path) => path !== own);
  if (others.length === 0) return;
  const lines = others.map(async (path) => {
    const { username, hostname, pid, timestamp } = JSON.parse(await readFile(path, "utf8").catch(() => "{}"));
    return `\n  ${pathToFileURL(path)}: created by ${username}@${hostname} (pid ${pid}) at ${timestamp}`;
  });
  throw new StackLocked(
    `the stack is currently locked by ${others.length} lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.${(await Promise.all(lines)).join("")}`,
  );
}
