import { z } from "zod";

const opened = z.object({ name: z.string(), expiresAt: z.string() });
const compromise = z.object({ generation: z.string(), reason: z.string(), on: z.string().optional() });

const account = z.object({
  type: z.literal("runbook:index:Account"),
  outputs: z.object({
    account: z.string(),
    userId: z.number(),
    opened: z.array(opened),
    compromised: z.array(compromise).default([]),
  }),
});

const token = z.object({
  type: z.enum(["runbook:index:PersonalAccessToken", "runbook:index:SelfRotatingToken"]),
  outputs: z.object({
    account: z.string(),
    generation: z.string(),
    tokenId: z.number().optional(),
    status: z.string(),
    fault: z.string().optional(),
  }),
});

const retirement = z.object({
  type: z.literal("runbook:index:Retirement"),
  outputs: z.object({ account: z.string(), generation: z.string(), status: z.string() }),
});

const proof = z.object({
  type: z.literal("runbook:index:PipelineProof"),
  outputs: z.object({
    account: z.string(),
    generation: z.string(),
    tokenId: z.number(),
    status: z.enum(["passed", "running", "failed"]),
    attempts: z.number(),
    maxAttempts: z.number(),
    putBack: z.boolean(),
    fault: z.string().default(""),
    stopped: z.boolean().default(false),
  }),
});

/** Any step of an account's chain but its first, which tells how the declaration and the state differ. */
const failing = z.object({
  type: z.string().regex(/^runbook:index:(?!Account$)/),
  outputs: z.object({ account: z.string(), fault: z.string().min(1), stopped: z.literal(false).optional() }),
});

const exported = z.object({
  deployment: z.object({ resources: z.array(z.unknown()).default([]) }).nullish(),
});

/** An account as the last run left it. */
export type KnownAccount = z.output<typeof account>["outputs"];

/** A generation's leak as a run was told of it. */
export type KnownLeak = z.output<typeof compromise>;

/** A token as the last run left it: its end is told by its retirement. */
export type KnownToken = z.output<typeof token>["outputs"];

/** A proof by pipelines as the last run left it. */
export type KnownProof = z.output<typeof proof>["outputs"];

/** What a step failed of in the last run, by its own fault and no earlier step's. */
export type KnownFault = z.output<typeof failing>["outputs"];

/** What a stack's state tells of accounts and their tokens. Nothing in it is secret. */
export interface KnownState {
  readonly accounts: readonly KnownAccount[];
  readonly tokens: readonly KnownToken[];
  /** @default nothing is known of them */
  readonly proofs?: readonly KnownProof[];
  /** @default nothing is known of them */
  readonly faults?: readonly KnownFault[];
  /** An earlier version left it, in which a token that retired came after the places, and not before them. */
  readonly isEarlier?: boolean;
}

/** Reads an exported state; of one that could not be had, nothing is known. */
export function knownState(text: string | undefined): KnownState {
  if (text === undefined) return { accounts: [], tokens: [] };
  const resources = exported.parse(JSON.parse(text)).deployment?.resources ?? [];
  const ends = outputsOf(retirement, resources);
  const tokens = outputsOf(token, resources).map((one) => {
    const end = ends.find(({ account, generation, status }) => {
      return account === one.account && generation === one.generation && status !== "live";
    });
    return end === undefined ? one : { ...one, status: end.status };
  });
  const isEarlier = tokens.some(({ fault }) => fault === undefined);
  return {
    accounts: outputsOf(account, resources),
    tokens,
    proofs: outputsOf(proof, resources),
    faults: outputsOf(failing, resources),
    isEarlier,
  };
}

function outputsOf<T>(type: z.ZodType<{ outputs: T }>, resources: readonly unknown[]): readonly T[] {
  return resources.flatMap((resource) => {
    const { data } = type.safeParse(resource);
    return data === undefined ? [] : [data.outputs];
  });
}
