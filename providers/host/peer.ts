import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Socket } from "node:net";
import { endianness } from "node:os";

/** What the system knows of the other end of a connection on this machine. */
export interface Peer {
  /** The user that it belongs to. */
  readonly uid: number;
  /** The system's number for it, by which a process that has it open is found. */
  readonly inode: string;
}

/** The system does not say who has which connection: none but Linux does, and not in every container. */
export const untold = "untold";

/** One end of a connection, as Linux lists it. */
interface End extends Peer {
  readonly local: string;
  readonly remote: string;
  readonly isOpen: boolean;
}

/**
 * Who has the other end of a connection: undefined where nobody has it any more, {@link untold} where the system does not say.
 *
 * @param read - reads Linux' lists of connections.
 */
export function peerOf(
  { localAddress, localPort, remoteAddress, remotePort }: Socket,
  read: () => readonly string[] = connections,
): Peer | undefined | typeof untold {
  const [ours, theirs] = [named(localAddress, localPort), named(remoteAddress, remotePort)];
  let found: Peer | undefined | typeof untold = untold;
  // A list that is read while connections come and go may lack one.
  for (let tries = 0; tries < 3 && (found === undefined || found === untold); tries++) {
    const ends = read().flatMap((list) => endsIn(list, `:${ours.split(":")[1]}`));
    const own = ends.find(({ local, remote }) => local === ours && remote === theirs);
    const peer = ends.find(({ local, remote }) => local === theirs && remote === ours);
    // One that was closed meanwhile is listed with the administrator as its owner.
    const isOpen = peer?.isOpen === true && peer.inode !== "0";
    // Where our own end is not told to be ours, nothing of the list can be believed.
    if (own === undefined || hasOpen("self", own) !== true) found = untold;
    else found = isOpen ? { uid: peer.uid, inode: peer.inode } : undefined;
  }
  return found;
}

/** Whether a process has that end of a connection open; undefined where we may not look. */
export function hasOpen(pid: number | "self", { inode }: Peer): boolean | undefined {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((name) => linkOf(`${folder}/${name}`) === `socket:[${inode}]`);
  } catch {
    return undefined;
  }
}

/** This process, the one that started it, the one that started that, and so on. */
export function* ancestors(pid: number = process.pid): Generator<number> {
  for (let next: number | undefined = pid; next; next = parentOf(next)) yield next;
}

/** This process and all that it started, and that those started, and so on. */
export function* descendants(pid: number = process.pid): Generator<number> {
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  const parents = all.map((one) => [one, parentOf(one)] as const);
  const found = [pid];
  for (const one of found) {
    yield one;
    found.push(...parents.flatMap(([child, parent]) => (parent === one ? [child] : [])));
  }
}

function connections(): string[] {
  return ["/proc/self/net/tcp", "/proc/self/net/tcp6"].flatMap((file) => {
    try {
      return [readFileSync(file, "latin1")];
    } catch {
      return [];
    }
  });
}

/** The ends in a list that have to do with a port. */
function endsIn(list: string, port: string): End[] {
  // There may be many thousands of others.
  const lines = list.split("\n").filter((line) => line.includes(port));
  return lines.flatMap((line) => {
    const [, local, remote, state, , , , uid, , inode] = line.trim().split(/\s+/);
    if (local === undefined || remote === undefined || inode === undefined) return [];
    return [{ local: short(local), remote: short(remote), isOpen: state === "01", uid: Number(uid), inode }];
  });
}

/** How Linux writes an address and a port: `0100007F:1F90` for `127.0.0.1:8080`. */
function named(address = "", port = 0): string {
  const bytes = address.replace("::ffff:", "").split(".").map(Number);
  const written = Buffer.from(endianness() === "LE" ? bytes.reverse() : bytes).toString("hex");
  return `${written}:${port.toString(16).padStart(4, "0")}`.toUpperCase();
}

/** An IPv4 address that is written as one of IPv6, as what it is. */
function short(end: string): string {
  return end.replace(/^0{16}(FFFF0000|0000FFFF)/, "");
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** The process that started another; undefined where it does not live any more. */
export function parentOf(pid: number): number | undefined {
  try {
    // The name of the program comes before it, in brackets, and may hold anything.
    const [, , parent] = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\)/s, ")").split(" ");
    return Number(parent);
  } catch {
    return undefined;
  }
}
