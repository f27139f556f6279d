import { createServer, type Socket } from "node:net";
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import { hasOpen, type Peer, parentOf, peerOf, untold } from "./peer";

/** Who may talk to a server. */
export interface Guests {
  /** The processes that may; where it is left out, all of our own user. */
  readonly processes?: () => Iterable<number>;
  /** Whether, where the system does not say whose a connection is, there is one at a time only: the first that comes. */
  readonly isOne: boolean;
  /** Called when the first who is no guest has been turned away. */
  readonly onStranger?: (who: string) => void;
}

/** Where a server is reached. */
export interface Door {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Lets nobody in any more; who is in stays. */
  close(): void;
}

/**
 * Has a gRPC server listen on a free port of this machine. Whoever works on the machine can connect to it, and gRPC asks for
 * no password: so only guests are heard.
 */
export function openDoor(server: Server, guests: Guests, whoIs = peerOf): Promise<Door> {
  const { injectConnection } = server.createConnectionInjector(ServerCredentials.createInsecure());
  let served: Socket | undefined;
  let strangers = 0;
  const listener = createServer((socket) => {
    const peer = whoIs(socket);
    if (peer === untold ? !guests.isOne || served === undefined : isGuest(peer, guests)) {
      served = socket;
      socket.once("close", () => {
        if (served === socket) served = undefined;
      });
      injectConnection(socket);
      return;
    }
    socket.destroy();
    strangers += 1;
    if (strangers === 1) guests.onStranger?.(typeof peer === "object" ? `a process of user ${peer.uid}` : "a process");
  });
  return new Promise((fulfil, reject) => {
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", () => {
      const address = listener.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      fulfil({ port, close: () => void listener.close() });
    });
  });
}

function isGuest(peer: Peer | undefined, { processes }: Guests): boolean {
  if (peer === undefined || peer.uid !== process.geteuid?.()) return false;
  if (processes === undefined) return true;
  for (const pid of processes()) {
    const isTheirs = hasOpen(pid, peer);
    // Who may not look into the very process that it deals with has to be content with the user.
    if (isTheirs === true || (isTheirs === undefined && isNextOfKin(pid))) return true;
  }
  return false;
}

function isNextOfKin(pid: number): boolean {
  return pid === process.ppid || parentOf(pid) === process.pid;
}
