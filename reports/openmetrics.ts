import { instantNamedBy } from "../ground/clock";
import type { OwnCredential } from "../rotation/health/credential";
import { isLookedAt, type StackHealth } from "./health";
import { plain } from "./plain";
import type { AccountStatus } from "./standing";

/** How a stack fares, by the servers and by the state that its last run left. */
export interface StackReading {
  /** By the servers. */
  readonly health: StackHealth;
  /** By both, each of its accounts. */
  readonly accounts: readonly AccountStatus[];
  /** When the last run wrote the state, an instant; absent where it could not be read. */
  readonly lastRun?: string | undefined;
}

/** What a monitor is told. */
export interface Readings {
  /** When it was looked, an instant. */
  readonly at: string;
  /** Our own credential for GitLab. */
  readonly credential: OwnCredential;
  readonly stacks: readonly StackReading[];
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/** How the tokens fare, as OpenMetrics text: gauges only, times as seconds of Unix time. No secret is in it. */
export function openMetrics({ at, credential, stacks }: Readings): string {
  const accounts = stacks.flatMap(({ health, accounts }) =>
    accounts.map((one) => ({
      one,
      labels: { stack: health.stack, account: one.account },
      seen: health.accounts.find(({ account }) => account === one.account),
    })),
  );
  const count = (of: (item: (typeof accounts)[number]) => number): Sample[] =>
    accounts.map((item) => [item.labels, of(item)]);
  return [
    ...gauge(
      "token_expiry_timestamp_seconds",
      "When the token in use dies; +Inf: never.",
      accounts.flatMap(({ one: { inUse }, labels, seen }): Sample[] => {
        if (inUse === undefined) return [];
        const token = seen?.tokens.find(({ generation }) => generation === inUse.generation);
        // What the declaration has no more, as of an account that has come to its end, nobody waits for.
        if (token === undefined && seen !== undefined && seen.behind === undefined) return [];
        const expiresAt = token?.state === "alive" ? token.expiresAt : inUse.expiresAt;
        return [[{ ...labels, generation: inUse.generation }, seconds(expiresAt)]];
      }),
    ),
    ...gauge(
      "token_alive",
      "Whether the token in use lives, as GitLab says: 1 or 0.",
      accounts.flatMap(({ one: { inUse }, labels, seen }): Sample[] => {
        const token = seen?.tokens.find(({ generation }) => generation === inUse?.generation);
        if (token === undefined) return [];
        return [[{ ...labels, generation: token.generation }, token.state === "alive" ? 1 : 0]];
      }),
    ),
    ...gauge(
      "rotation_late",
      "Whether a rotation is overdue: 1 or 0.",
      count(({ one, seen }) => (one.late !== undefined || (seen !== undefined && isLate(seen.tokens, at)) ? 1 : 0)),
    ),
    ...gauge(
      "rotation_failed",
      "Whether the last run failed of something: 1 or 0.",
      count(({ one }) => (one.failed === undefined ? 0 : 1)),
    ),
    ...gauge(
      "tokens_held",
      "Older tokens that were to be revoked, and live on because something holds them.",
      count(({ one }) => one.held.length),
    ),
    ...gauge(
      "last_proof_timestamp_seconds",
      "When pipelines proved the newest token; absent while they have not.",
      accounts.flatMap(({ one: { proof }, labels }): Sample[] =>
        proof?.provedAt === undefined ? [] : [[{ ...labels, generation: proof.generation }, seconds(proof.provedAt)]],
      ),
    ),
    ...gauge(
      "proof_failed_attempts",
      "Attempts to prove the newest token that failed; 0 once it is proven.",
      accounts.flatMap(({ one: { proof }, labels }): Sample[] =>
        proof === undefined
          ? []
          : [[{ ...labels, generation: proof.generation }, proof.status === "failed" ? proof.attempts : 0]],
      ),
    ),
    ...gauge(
      "alarms",
      "What npm run health tells of an account, by how grave it is.",
      accounts.flatMap(({ labels, seen }) =>
        (["risk", "due", "note"] as const).flatMap((level): Sample[] =>
          seen === undefined
            ? []
            : [[{ ...labels, level }, seen.alarms.filter((alarm) => alarm.level === level).length]],
        ),
      ),
    ),
    ...gauge(
      "account_looked_at",
      "Whether GitLab could be asked for the account's tokens: 1 or 0.",
      count(({ seen }) => (seen === undefined ? 0 : 1)),
    ),
    ...gauge(
      "stack_looked_at",
      "Whether all of the stack could be looked at: 1 or 0.",
      stacks.map(({ health }) => [{ stack: health.stack }, isLookedAt(health) ? 1 : 0]),
    ),
    ...gauge(
      "last_run_timestamp_seconds",
      "When the last run wrote the stack's state.",
      stacks.flatMap(({ health, lastRun }): Sample[] =>
        lastRun === undefined ? [] : [[{ stack: health.stack }, seconds(lastRun)]],
      ),
    ),
    ...gauge(
      "credential_expiry_timestamp_seconds",
      "When our own credential for GitLab dies; +Inf: never. Absent where GitLab does not tell.",
      credential.fault === undefined ? [[{ variable: "GITLAB_TOKEN" }, seconds(credential.expiresAt)]] : [],
    ),
    ...gauge("looked_timestamp_seconds", "When this was looked up.", [[{}, seconds(at)]]),
    "# EOF",
    "",
  ].join("\n");
}

/** A generation whose day is over, and of which there is no token. */
function isLate(tokens: StackHealth["accounts"][number]["tokens"], at: string): boolean {
  return tokens.some(
    ({ generation, lifecycle, state }) =>
      lifecycle === "current" && state === "missing" && generation.slice(0, 10) < at.slice(0, 10),
  );
}

function gauge(name: string, help: string, samples: readonly Sample[]): string[] {
  const full = `pat_rotation_${name}`;
  return [
    `# TYPE ${full} gauge`,
    ...(name.endsWith("_seconds") ? [`# UNIT ${full} seconds`] : []),
    `# HELP ${full} ${help}`,
    ...samples.map(([labels, value]) => `${full}${labelText(labels)} ${Number.isFinite(value) ? value : "+Inf"}`),
  ];
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(plain(value))}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

/** A day, at its beginning in UTC, or an instant; without one: never. */
function seconds(at: string | undefined): number {
  return at === undefined ? Number.POSITIVE_INFINITY : Math.floor((instantNamedBy(at)?.getTime() ?? Number.NaN) / 1000);
}
