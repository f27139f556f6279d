import { Server } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { openDoor } from "./door";
import { Engine } from "./engine";
import { ancestors } from "./peer";
import type { Provider } from "./provider";
import { Service } from "./service";

/** How often to see whether the process that started this one still lives, in milliseconds. */
const parentCheck = 1_000;

/** How long handlers that were told to stop may take to finish what must not be left half done, in milliseconds. */
const grace = 10_000;

/**
 * Serves a provider to the engine that started this process, and to nobody else: listens on a free port of this machine,
 * prints the port, and stays until the engine is done with it. Called once, by a provider's executable. One that was started
 * by hand, without an engine's address, waits for any engine of the same user (`PULUMI_DEBUG_PROVIDERS`).
 */
export function serve(provider: Provider): void {
  const engine = engineAddress(process.argv.slice(2));
  const service = new Service(provider, new Engine(engine));
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, service.implementation());
  const { name } = provider.schema;
  const guests = {
    ...(engine !== undefined && { processes: ancestors }),
    isOne: true,
    onStranger: (who: string) =>
      void process.stderr.write(
        `Serving ${name}: ${who} that is not the engine tried to connect, and was turned away.\n`,
      ),
  };
  openDoor(server, guests).then(
    ({ port }) => void process.stdout.write(`${port}\n`),
    ({ message }: Error) => {
      process.stderr.write(`Serving ${name}: no port could be opened (${message}).\n`);
      process.exit(1);
    },
  );
  leaveWithTheParent(service, server);
}

/** The engine's address among the arguments; the CLI may put logging flags before it. */
export function engineAddress(args: readonly string[]): string | undefined {
  return args.find((arg, index) => !arg.startsWith("-") && args[index - 1] !== "--tracing");
}

/** On a signal, or when the parent is gone, handlers are told to stop, and this process ends when they have. */
function leaveWithTheParent(service: Service, server: Server): void {
  const parent = process.ppid;
  let leaving = false;
  const leave = () => {
    if (leaving) {
      return;
    }
    leaving = true;
    setTimeout(() => process.exit(), grace).unref();
    service.cancel();
    // Lets the calls under way be answered first: from Node.js 24 on, a server that closes drops them.
    void service.answered().then(() => server.tryShutdown(() => process.exit()));
  };
  process.on("SIGTERM", leave);
  process.on("SIGINT", leave);
  // The engine reads what is printed; a pipe without a reader means that it died.
  process.stdout.on("error", leave);
  process.stderr.on("error", leave);
  setInterval(() => {
    if (process.ppid !== parent) {
      leave();
    }
  }, parentCheck).unref();
}
