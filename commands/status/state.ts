import { z } from "zod";

const run = z.object({
  target: z.string().default(""),
  project: z.string().default(""),
  status: z.string().default(""),
  url: z.string().default(""),
});

/** What is read of each kind of resource: nothing that is secret, also where a state says more. */
const kinds = {
  "runbook:index:Account": z.object({
    account: z.string(),
    username: z.string(),
    fault: z.string().default(""),
    opened: z.array(z.object({ name: z.string(), expiresAt: z.string() })).default([]),
    compromised: z.array(z.object({ generation: z.string(), reason: z.string() })).default([]),
  }),
  "runbook:index:PersonalAccessToken": z.object({
    account: z.string(),
    generation: z.string(),
    tokenId: z.number().optional(),
    expiresAt: z.string(),
    mintedAt: z.string().optional(),
    status: z.string(),
    fault: z.string().default(""),
  }),
  "runbook:index:Retirement": z.object({
    account: z.string(),
    generation: z.string(),
    status: z.string(),
    hold: z.string().default(""),
    revokedAt: z.string().optional(),
    fault: z.string().default(""),
  }),
  "runbook:index:PipelineProof": z.object({
    account: z.string(),
    generation: z.string(),
    status: z.enum(["passed", "failed", "running", "unproven"]).or(z.string()).default(""),
    attempts: z.number().default(0),
    maxAttempts: z.number().default(3),
    provedAt: z.string().optional(),
    putBack: z.boolean().default(false),
    runs: z.array(run).default([]),
    lastProven: z.object({ generation: z.string() }).optional(),
    fault: z.string().default(""),
  }),
  "runbook:index:TrackingIssue": z.object({
    account: z.string(),
    generation: z.string(),
    url: z.string().default(""),
  }),
} as const;

type Kinds = { readonly [K in keyof typeof kinds]: z.output<(typeof kinds)[K]> };

/** A token as the last run left it. */
export type StoredToken = Kinds["runbook:index:PersonalAccessToken"];

/** A proof as the last run left it. */
export type StoredProof = Kinds["runbook:index:PipelineProof"];

const exported = z.object({
  deployment: z
    .object({
      manifest: z.object({ time: z.string() }).optional(),
      resources: z.array(z.object({ type: z.string(), outputs: z.unknown().optional() })).default([]),
    })
    .nullish(),
});

const rotation = z.object({ failed: z.string().optional(), held: z.array(z.string()).default([]) });
const stackOutputs = z.object({
  rotations: z.record(z.string(), rotation.or(z.unknown())).default({}),
  waitingRotations: z.record(z.string(), z.string()).default({}),
});

/** What a stack's state tells of how its accounts stand. */
export interface Stored {
  /** Whether the state could be read; where it could not, nothing is known. */
  readonly isRead: boolean;
  /** When the last run wrote it, an instant. */
  readonly writtenAt: string | undefined;
  readonly accounts: readonly Kinds["runbook:index:Account"][];
  readonly tokens: readonly StoredToken[];
  readonly ends: readonly Kinds["runbook:index:Retirement"][];
  readonly proofs: readonly StoredProof[];
  readonly issues: readonly Kinds["runbook:index:TrackingIssue"][];
  /** What each account failed of, and what is held, as the last run told it. */
  readonly told: ReadonlyMap<string, z.output<typeof rotation>>;
  /** The accounts whose rotation waits its turn, and why. */
  readonly waiting: ReadonlyMap<string, string>;
}

/** Reads an exported state. */
export function storedIn(text: string): Stored {
  const { manifest, resources = [] } = exported.parse(JSON.parse(text)).deployment ?? {};
  const of = <K extends keyof Kinds>(type: K, also: readonly string[] = []): Kinds[K][] =>
    resources.flatMap((one) => {
      if (one.type !== type && !also.includes(one.type)) return [];
      const { data } = kinds[type].safeParse(one.outputs);
      return data === undefined ? [] : [data as Kinds[K]];
    });
  const stack = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const outputs = stackOutputs.safeParse(stack?.outputs).data;
  const told = Object.entries(outputs?.rotations ?? {}).flatMap(([name, value]) => {
    const { data } = rotation.safeParse(value);
    return data === undefined ? [] : [[name, data] as const];
  });
  return {
    isRead: true,
    writtenAt: manifest?.time,
    accounts: of("runbook:index:Account"),
    tokens: of("runbook:index:PersonalAccessToken", ["runbook:index:SelfRotatingToken"]),
    ends: of("runbook:index:Retirement"),
    proofs: of("runbook:index:PipelineProof"),
    issues: of("runbook:index:TrackingIssue"),
    told: new Map(told),
    waiting: new Map(Object.entries(outputs?.waitingRotations ?? {})),
  };
}
