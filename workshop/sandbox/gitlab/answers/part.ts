import type { Context, Hono } from "hono";
import { Access, type Env } from "../caller";
import type { Runner } from "../running/runner";
import type { GitLabState } from "../state";
import { notFound } from "./refusal";
import type { Render } from "./render";

/** What each set of routes is made of. */
export interface Part {
  readonly app: Hono<Env>;
  readonly state: GitLabState;
  readonly render: Render;
  readonly runner: Runner;
  readonly limits: Limits;
}

/** What the instance allows. */
export interface Limits {
  /** Days a token may live at most. Fewer than 365 are a setting of the instance's, which the plan `ultimate` alone holds to. */
  readonly lifetimeDays: number;
  /** The plan of its license; `null` for one without a license. @default "ultimate" */
  readonly plan?: "ultimate" | "premium" | null;
  /** Whether a token must have an expiry; then one left out is the longest allowed. */
  readonly expiryRequired: boolean;
  /** Requests a minute for one user, on the sandbox's clock; then 429. No limit by default. */
  readonly requestsPerMinute?: number;
  /** Whether single endpoints have the limits of their own that GitLab.com publishes. @default false */
  readonly endpoints?: boolean;
  /** Pipelines a minute for one project, user and commit; none by default. */
  readonly pipelinesPerMinute?: number;
  /** The release that it plays, where they differ over fine-grained tokens. @default "18.11" */
  readonly version?: "18.11" | "19.2" | "19.6";
  /** `/trigger_jobs`: beside `/bridges` as from 19.2, or in its place. @default only `/bridges` */
  readonly triggerJobs?: "beside" | "only";
}

/** GitLab's own limit of a token's life, where nobody set another. */
const ownLifetimeDays = 365;

/** The most days that a token may live, as the instance was set; `null` where nobody set any. */
export function lifetimeSetting({ limits: { lifetimeDays } }: Part): number | null {
  return lifetimeDays === ownLifetimeDays ? null : lifetimeDays;
}

/** The most days that it lets a token live: on other plans it shows the setting, and does not hold to it. */
export function longestLifetime({ limits: { lifetimeDays, plan = "ultimate" } }: Part): number {
  return plan === "ultimate" ? lifetimeDays : ownLifetimeDays;
}

/** Whether it plays that release or a later one. */
export function isFrom(part: Part, version: NonNullable<Limits["version"]>): boolean {
  return (part.limits.version ?? "18.11") >= version;
}

/** What the caller of this request may do. */
export function accessOf(part: Part, context: Context<Env>): Access {
  return new Access(part.state, context.get("caller"));
}

/** A segment of the path. */
export function segment(context: Context<Env>, name: string): string {
  return context.req.param(name) ?? "";
}

/** A number in the path; what is none finds nothing. */
export function idOf(context: Context<Env>, name: string, what?: string): number {
  const text = segment(context, name);
  if (!/^\d+$/.test(text)) throw notFound(what);
  return Number(text);
}
