import { randomUUID } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeWhole } from "./stateFile";

/** Locks the stack whose locks lie in a folder; gives how to unlock it. Throws when another run holds it, or was killed in it. */
export async function lock(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, `${randomUUID()}.json`);
  const unlock = () => rm(path, { force: true });
  const timestamp = new Date().toISOString();
  const content = { pid: process.pid, username: userInfo().username, hostname: hostname(), timestamp };
  // Written elsewhere first: in the folder itself the CLI takes every file for a lock.
  await writeWhole(path, JSON.stringify(content), join(dirname(dirname(path)), `${process.pid}.tmp`));
  // Two that come at the same moment see each other here, and both give way.
  const others = (await locksIn(folder)).filter((other) => other !== path);
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

/** The locks in a folder. */
export async function locksIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => !name.endsWith(".attrs")).map((name) => join(folder, name));
}
