import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { Server } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { afterEach, expect, test } from "vitest";
import { type Door, type Guests, openDoor } from "../../../providers/host/door";
import { ancestors, descendants, hasOpen, peerOf, untold } from "../../../providers/host/peer";
import { call, type Plugin, startPlugin } from "./plugin";

const sample = path.join(__dirname, "sample/pulumi-resource-sample");
const isLinux = process.platform === "linux";
const isAdministrator = isLinux && process.getuid?.() === 0;
const nobody = 65_534;

const open: (() => unknown)[] = [];
const strangers: string[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
  strangers.length = 0;
});

async function door(guests: Partial<Guests>, whoIs?: typeof peerOf): Promise<Door> {
  const server = new Server();
  const made = await openDoor(server, { isOne: true, onStranger: (who) => strangers.push(who), ...guests }, whoIs);
  open.push(() => {
    made.close();
    server.forceShutdown();
  });
  return made;
}

/** What comes of a connection: a gRPC server greets those that it serves. */
const outcome = `(socket) => new Promise((settle) => {
  socket.once("data", () => settle("served"));
  socket.once("close", () => settle("turned away"));
  socket.once("error", () => undefined);
})`;
const cameOf: (socket: Socket) => Promise<string> = new Function(`return ${outcome}`)();

/** A connection of this process, and what comes of it. */
function visit(port: number): { socket: Socket; came: Promise<string> } {
  const socket = connect(port, "127.0.0.1");
  open.push(() => socket.destroy());
  return { socket, came: cameOf(socket) };
}

/**
 * What comes of a connection of a process that this one starts. It becomes another user only once it runs: that user may not be
 * allowed to read where this Node.js stands.
 */
async function visitOfChild(options: object, uid?: number): Promise<string> {
  const become = uid === undefined ? "" : `process.setgid(${uid}); process.setuid(${uid}); `;
  const script = `${become}(${outcome})(require("node:net").connect(${JSON.stringify(options)})).then((came) => { console.log(came); process.exit(); });`;
  const child = spawn(process.execPath, ["-e", script], { cwd: "/" });
  const [printed] = await once(child.stdout, "data");
  return String(printed).trim();
}

async function provider(args: readonly string[] = []): Promise<{ port: number; told: string[] }> {
  const child = spawn(sample, args, { stdio: ["ignore", "pipe", "pipe"] });
  open.push(() => child.kill("SIGKILL"));
  const told: string[] = [];
  createInterface(child.stderr).on("line", (line) => told.push(line));
  return { port: await printedBy(child), told };
}

async function printedBy({ stdout }: ChildProcess): Promise<number> {
  if (stdout === null) throw new Error("nothing is read");
  return Number(String((await once(stdout, "data"))[0]));
}

test("who started a provider is served, through what lies between as well", async () => {
  const { port, told } = await provider(["127.0.0.1:1"]);
  expect(await visit(port).came).toBe("served");
  const shell = spawn("/bin/sh", ["-c", `${sample} 127.0.0.1:1; true`], { stdio: ["ignore", "pipe", "ignore"] });
  const between = await printedBy(shell);
  open.push(() => shell.kill("SIGKILL"));
  expect(await visit(between).came).toBe("served");
  expect(told).toEqual([]);
});

test.runIf(isLinux)(
  "another process of the same user is turned away, which is told once; the engine's calls go on",
  async () => {
    const plugin: Plugin = await startPlugin(sample);
    open.push(() => plugin.stop());
    const port = Number(plugin.client.getChannel().getTarget().split(":").at(-1));
    await call(plugin, plugin.client.getPluginInfo, new Empty());
    expect(await visitOfChild({ port, host: "127.0.0.1" })).toBe("turned away");
    expect(await visitOfChild({ port, host: "127.0.0.1" })).toBe("turned away");
    await call(plugin, plugin.client.getPluginInfo, new Empty());
    expect(plugin.printed.join("").trim()).toBe(
      `Serving sample: a process of user ${process.getuid?.()} that is not the engine tried to connect, and was turned away.`,
    );
  },
);

test.runIf(isLinux)(
  "one with the port of the engine's own connection, from another address, is turned away",
  async () => {
    const { port } = await provider(["127.0.0.1:1"]);
    const engine = visit(port);
    expect(await engine.came).toBe("served");
    const { localPort } = engine.socket;
    expect(await visitOfChild({ port, host: "127.0.0.1", localAddress: "127.0.0.2", localPort })).toBe("turned away");
  },
);

test.runIf(isAdministrator)(
  "a process of another user is turned away, by a provider that was started by hand too",
  async () => {
    for (const args of [["127.0.0.1:1"], []]) {
      const { port } = await provider(args);
      expect(await visitOfChild({ port, host: "127.0.0.1" }, nobody)).toBe("turned away");
    }
  },
);

test("a provider that was started by hand serves every process of its user", async () => {
  const { port } = await provider();
  expect(await visitOfChild({ port, host: "127.0.0.1" })).toBe("served");
});

test.runIf(isLinux)("an engine serves the processes that it started, and no others", async () => {
  const own = await door({ processes: descendants, isOne: false });
  expect(await visitOfChild({ port: own.port, host: "127.0.0.1" })).toBe("served");
  const others = await door({ processes: () => [], isOne: false });
  expect(await visitOfChild({ port: others.port, host: "127.0.0.1" })).toBe("turned away");
  expect(strangers).toEqual([`a process of user ${process.getuid?.()}`]);
});

test("where the system does not say whose a connection is, the first is served as long as it lasts", async () => {
  const { port } = await door({ processes: ancestors }, () => untold);
  const first = visit(port);
  expect(await first.came).toBe("served");
  expect(await visit(port).came).toBe("turned away");
  expect(strangers).toEqual(["a process"]);
  first.socket.destroy();
  await expect.poll(() => visit(port).came).toBe("served");
});

test("where it does not say, several are served by a server that needs them", async () => {
  const { port } = await door({ processes: descendants, isOne: false }, () => untold);
  expect(await visit(port).came).toBe("served");
  expect(await visit(port).came).toBe("served");
});

test("one that is gone before it could be looked at is not served", async () => {
  const { port } = await door({}, () => undefined);
  expect(await visit(port).came).toBe("turned away");
});

const own = { localAddress: "127.0.0.1", localPort: 8080, remoteAddress: "127.0.0.1", remotePort: 40_000 } as Socket;
const [heading, ours, theirs] = ["  sl  local_address rem_address", "0100007F:1F90", "0100007F:9C40"];
const line = (local: string, remote: string, state: string, uid: number, inode: string) =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0000000000000000 20 4 30 10 -1`;

test.runIf(isLinux)(
  "who has the other end is read from the system's lists, and believed where our own end is told to be ours",
  async () => {
    const { port } = await door({ processes: ancestors });
    const { socket, came } = visit(port);
    expect(await came).toBe("served");
    const peer = peerOf(socket);
    if (peer === undefined || peer === untold) throw new Error("it is not told");
    expect(peer.uid).toBe(process.getuid?.());
    expect(hasOpen(process.pid, peer)).toBe(true);
    expect(hasOpen(process.ppid, peer)).toBe(false);

    const inode = /socket:\[(\d+)\]/.exec(require("node:fs").readlinkSync(`/proc/self/fd/${fdOf(socket)}`))?.[1] ?? "";
    const mine = line(ours, theirs, "01", 1000, inode);
    const read = (...lines: string[]) => peerOf(own, () => [[heading, ...lines].join("\n")]);
    expect(read(mine, line(theirs, ours, "01", 1001, "7"))).toEqual({ uid: 1001, inode: "7" });
    const mapped = (end: string) => `0000000000000000FFFF0000${end}`;
    expect(read(mine, line(mapped(theirs), mapped(ours), "01", 1001, "7"))).toEqual({ uid: 1001, inode: "7" });
    // Closed meanwhile: the administrator is listed as its owner.
    expect(read(mine, line(theirs, ours, "05", 0, "0"))).toBeUndefined();
    expect(read(mine, line(theirs, ours, "06", 0, "0"))).toBeUndefined();
    expect(read(mine)).toBeUndefined();
    expect(read(mine, line("0200007F:9C40", ours, "01", 1001, "7"))).toBeUndefined();
    expect(read(line(ours, theirs, "01", 0, "1"), line(theirs, ours, "01", 0, "1"))).toBe(untold);
    expect(read()).toBe(untold);
    expect(peerOf(own, () => [])).toBe(untold);
  },
);

test.runIf(isLinux)("what started a process and what it started are known", () => {
  expect([...ancestors()].slice(0, 2)).toEqual([process.pid, process.ppid]);
  expect([...descendants(process.ppid)]).toContain(process.pid);
  expect([...descendants()]).not.toContain(process.ppid);
});

function fdOf(socket: Socket): number {
  return (socket as unknown as { readonly _handle: { readonly fd: number } })._handle.fd;
}
