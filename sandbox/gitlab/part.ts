import type { Context, Hono } from "hono";
import { Access, type Env } from "./caller";
import { notFound } from "./refusal";
import type { Render } from "./render";
import type { Runner } from "./runner";
import type { GitLabState } from "./state";

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
  /** Days a token may live at most. */
  readonly lifetimeDays: number;
  /** Whether a token must have an expiry; then one left out is the longest allowed. */
  readonly expiryRequired: boolean;
  /** Requests a minute for one user, on the sandbox's clock; then 429. No limit by default. */
  readonly requestsPerMinute?: number;
  /** Pipelines a minute for one project, user and commit; none by default. */
  readonly pipelinesPerMinute?: number;
  /** `/trigger_jobs`: beside `/bridges` as from 19.2, or in its place. @default only `/bridges` */
  readonly triggerJobs?: "beside" | "only";
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
