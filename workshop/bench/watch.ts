import { readdirSync, readFileSync } from "node:fs";

/** What a command took, its engine, program and providers together. */
export interface Figures {
  /** Seconds from its start to its end. */
  readonly wall: number;
  /** Seconds of processor time, of users and system. */
  readonly cpu: number;
  /** Of those, the seconds of the program's own process. */
  readonly program: number;
  /** Peak resident memory of the program's own process, in MiB. */
  readonly memory: number;
}

/** One process, as it was seen last. */
interface Seen {
  readonly cpu: number;
  readonly memory: number;
  readonly isProgram: boolean;
}

/** Seconds of the kernel's unit of time, the same on all that Node.js runs on. */
const tick = 0.01;
const interval = 40;

/**
 * Looks at a process and all that it starts until it is told to stop. By looking, since neither engine waits for the end of
 * every provider, which would be needed for the system's own sums. Linux alone tells all this.
 *
 * @param root - the id of the process; undefined while it is not there.
 */
export function watch(root: () => number | undefined): () => Figures {
  const began = performance.now();
  const seen = new Map<number, Seen>();
  const look = () => {
    const first = root();
    for (const id of first === undefined ? [] : tree(first)) {
      const now = process(id, seen.get(id));
      if (now !== undefined) seen.set(id, now);
    }
  };
  const timer = setInterval(look, interval);
  return () => {
    clearInterval(timer);
    const all = [...seen.values()];
    const programs = all.filter(({ isProgram }) => isProgram);
    const sum = (some: readonly Seen[]) => some.reduce((total, { cpu }) => total + cpu, 0);
    return {
      wall: (performance.now() - began) / 1000,
      cpu: sum(all),
      program: sum(programs),
      memory: Math.max(0, ...programs.map(({ memory }) => memory)),
    };
  };
}

function tree(root: number): number[] {
  try {
    const threads = readdirSync(`/proc/${root}/task`);
    const children = threads.flatMap((thread) =>
      readFileSync(`/proc/${root}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
    return [root, ...children.flatMap(tree)];
  } catch {
    // It ended meanwhile.
    return [];
  }
}

function process(id: number, before: Seen | undefined): Seen | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    return {
      cpu: (Number(fields[11]) + Number(fields[12])) * tick,
      // One that has just ended tells of none.
      memory: Math.max(before?.memory ?? 0, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024),
      // The SDK's own starter of programs; that of providers has a longer name. A process may become it by `exec`.
      isProgram:
        before?.isProgram === true ||
        /@pulumi\/pulumi\/cmd\/run(\/|\.js|\0)/.test(readFileSync(`/proc/${id}/cmdline`, "utf8")),
    };
  } catch {
    return undefined;
  }
}
