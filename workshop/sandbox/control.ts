import { Hono } from "hono";
import { z } from "zod";
import type { Sandbox } from "./controls";
import type { Fault } from "./traffic";

const duration = z.strictObject({
  days: z.number().optional(),
  hours: z.number().optional(),
  minutes: z.number().optional(),
  seconds: z.number().optional(),
});

const fault = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("reset") }),
  z.strictObject({ kind: z.literal("lost-answer") }),
  z.strictObject({ kind: z.literal("lie") }),
  z.strictObject({ kind: z.literal("truncated") }),
  z.strictObject({ kind: z.literal("rate-limited"), retryAfter: z.number().optional() }),
  z.strictObject({ kind: z.literal("server-error"), status: z.number().optional(), retryAfter: z.number().optional() }),
  z.strictObject({ kind: z.literal("slow"), milliseconds: z.number() }),
]);

const rule = z.strictObject({
  fault,
  service: z.enum(["gitlab", "onepassword", "openbao"]).optional(),
  method: z.string().optional(),
  path: z.string().optional(),
  nth: z.number().optional(),
  times: z.number().optional(),
});

const job = z.strictObject({
  project: z.string(),
  job: z.string(),
  does: z.enum(["fail", "hang", "wait", "run"]),
  reason: z.string().optional(),
  times: z.number().optional(),
});

/** Steers a sandbox from another process: `/-/sandbox/…` on the GitLab server, never logged, never faulty. */
export function controlServer(sandboxOf: () => Sandbox): Hono {
  const app = new Hono().basePath("/-/sandbox");
  const time = (sandbox: Sandbox) => ({ now: sandbox.clock.now().toISOString() });

  app.get("/environment", (context) => context.json(sandboxOf().environment));
  app.get("/exports", (context) => context.text(sandboxOf().exports()));
  app.get("/clock", (context) => context.json(time(sandboxOf())));
  app.put("/clock", async (context) => {
    const body = z.strictObject({ now: z.string() }).parse(await context.req.json());
    sandboxOf().clock.set(body.now);
    return context.json(time(sandboxOf()));
  });
  app.post("/clock/advance", async (context) => {
    sandboxOf().clock.advance(defined(duration.parse(await context.req.json())));
    return context.json(time(sandboxOf()));
  });
  app.get("/requests", (context) => context.json(sandboxOf().traffic.requests));
  app.delete("/requests", (context) => {
    sandboxOf().traffic.clear();
    return context.body(null, 204);
  });
  app.post("/faults", async (context) => {
    const parsed = rule.parse(await context.req.json());
    sandboxOf().traffic.inject({ ...defined(parsed), fault: defined(parsed.fault) as Fault });
    return context.body(null, 204);
  });
  app.delete("/faults", (context) => {
    sandboxOf().traffic.calm();
    return context.body(null, 204);
  });
  app.put("/jobs", async (context) => {
    const { project, job: name, does, reason, times } = job.parse(await context.req.json());
    const { gitlab } = sandboxOf();
    if (does === "run") gitlab.disarmJob(project, name);
    else gitlab.armJob(project, name, does === "fail" && reason ? { does, reason } : { does }, times);
    return context.body(null, 204);
  });
  app.post("/schedules/run", async (context) => {
    const body = z.strictObject({ project: z.string(), description: z.string() }).parse(await context.req.json());
    sandboxOf().gitlab.runSchedule(body.project, body.description);
    return context.body(null, 204);
  });
  app.get("/issued-tokens", (context) => context.json(sandboxOf().gitlab.issuedTokens()));

  app.notFound((context) => context.json({ error: "The sandbox's control knows no such path" }, 404));
  app.onError((error, context) =>
    context.json({ error: error instanceof z.ZodError ? z.prettifyError(error) : error.message }, 400),
  );
  return app;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> } & {};

/** Parsed bodies may hold keys without a value; the rest of the sandbox wants them left out. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
}
