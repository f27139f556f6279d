import { z } from "zod";
import { isDay, weekdays } from "../../ground/day";
import { placeSchemas } from "../../places/declared";
import { granularScope, permissionPlaces } from "../permissions/permissions";
import { accessTokenRoles, membershipLevels, policyNames } from "./declaration";
import { usedEvery } from "./external";
import { closest, foundText, type LocatedFault, type Place, pathText, within } from "./faults";
import {
  block,
  choice,
  dayOf,
  flag,
  group,
  integer,
  isDatable,
  key,
  kinds,
  list,
  project,
  sentence,
  text,
  unknownKey,
  value,
  yes,
} from "./form";
import { dayPattern, shapes, textShape } from "./shapes";
import * as ways from "./ways";

/** A day as written. */
export const day = value(
  'a day that exists, in quotes, such as "2026-11-23"',
  textShape(new RegExp(`^${dayPattern()}$`)),
  dayOf,
).register(kinds, { kind: "day" });
/** A day that dates are reckoned from: from one of year 1 to the end of all, a plan would take hours. */
const datable = day
  .refine(isDatable, { error: "a day of the years 2000 to 2199" })
  .register(shapes, textShape(new RegExp(`^${dayPattern("2[01]")}$`)));
/** The name of a generation as written. */
export const generation = value(
  'the name of a generation, such as "2026-11-23", "2026-11-23.2" or "adopted"',
  textShape(new RegExp(`^(?:adopted|${dayPattern("2[01]")}|2[01]\\d{2}-\\d{2}-\\d{2}\\.[1-9]\\d*)$`)),
  (raw) => {
    if (typeof raw !== "string") return undefined;
    const named = /^(\d{4}-\d{2}-\d{2})\.[1-9]\d*$/.exec(raw)?.[1];
    const read = named !== undefined && isDay(named) ? raw : dayOf(raw);
    return raw === "adopted" ? raw : read !== undefined && isDatable(read) ? read : undefined;
  },
).register(kinds, { kind: "day" });

const username = text("a GitLab username, without @", /^[\w.][\w.-]*$/);
const scope = text(
  'a scope of GitLab, such as "read_api"; what a fine-grained token may do goes to permissions',
  new RegExp(`^(?!${granularScope}$)[a-z][a-z0-9_]*$`),
);
const permission = text('a permission of GitLab, such as "read_job"', /\S/);

/** A number of hours. */
export const hours = integer(0, 8760, " hours");

/** A freeze. */
export const freeze = block({ from: datable, to: datable, reason: sentence.exactOptional() });

/** The calendar of an account; see {@link Rotation}. */
export const rotation = block({
  startsOn: datable,
  everyDays: integer(1, 3650, " days").exactOptional(),
  everyMonths: integer(1, 120, " months").exactOptional(),
  weekday: choice(...weekdays, "any").default("monday"),
  overlapDays: integer(1, 398, " days").default(7),
  lifetimeDays: integer(3, 400, " days").default(365),
  marginDays: integer(1, 398, " days").exactOptional(),
  quietHours: hours.exactOptional(),
  extraDates: list(
    block({ date: datable, reason: sentence.exactOptional() }),
    "blocks with date and reason",
    0,
    1_000,
  ).default([]),
})
  .register(shapes, { most: ["everyDays", "everyMonths"] })
  .transform(({ marginDays, everyDays, everyMonths, ...rest }) => ({
    ...rest,
    ...(everyMonths === undefined ? { everyDays: everyDays ?? 336 } : { everyMonths }),
    marginDays: marginDays ?? Math.min(14, Math.max(1, Math.floor(rest.lifetimeDays / 4))),
  }));

/** GitLab's id of a token. */
export const tokenId = integer(1, Number.MAX_SAFE_INTEGER, ": GitLab's id of the token");

/** One account as written. */
export const account = block({
  name: key,
  formerly: key.exactOptional(),
  account: block(
    {
      group: group.exactOptional(),
      project: project.exactOptional(),
      instance: yes.exactOptional(),
      self: yes.exactOptional(),
      mints: yes.exactOptional(),
      username: username.exactOptional(),
      accessToken: choice(...accessTokenRoles).exactOptional(),
      // Only to say what it lacks: `unrotatable`.
      deployToken: z.unknown().optional(),
      own: block({
        name: text("a text of 1 to 255 characters", /\S/, 255),
        memberships: list(
          block({
            group: group.exactOptional(),
            project: project.exactOptional(),
            accessLevel: choice(...membershipLevels),
            expiresAt: day.exactOptional(),
          }).register(shapes, { one: ways.memberships }),
          "blocks with group or project, and accessLevel",
        ).default([]),
      }).exactOptional(),
    },
    ["deployToken"],
  ).register(shapes, { one: ways.owners, least: ["username", "accessToken"] }),
  token: block({
    name: text("a text of 1 to 255 characters", /\S/, 255),
    description: text("a text", /(?:)/).default(""),
    scopes: list(scope, "scopes", 1).exactOptional(),
    permissions: list(
      block({
        project: project.exactOptional(),
        group: group.exactOptional(),
        allMemberships: yes.exactOptional(),
        user: yes.exactOptional(),
        instance: yes.exactOptional(),
        allow: list(permission, "permissions").default([]),
        unlisted: list(
          text('a permission of GitLab, such as "read_job"', /^[a-z][a-z0-9_]*$/),
          "permissions",
        ).exactOptional(),
      }).register(shapes, { one: permissionPlaces, least: ["allow", "unlisted"] }),
      "blocks with project, group, allMemberships, user or instance, and allow",
      1,
    ).exactOptional(),
    legacyReason: sentence.exactOptional(),
    scopeReason: sentence.exactOptional(),
  }).register(shapes, { one: ["scopes", "permissions"], most: ["legacyReason", "permissions"] }),
  rotation,
  adopt: block({ tokenId, expiresAt: day }).exactOptional(),
  holdAt: generation.exactOptional(),
  compromised: list(
    block({ generation, reason: sentence, on: datable.exactOptional() }),
    "blocks with generation and reason",
    0,
    1_000,
  ).default([]),
  retries: list(
    block({ generation, on: day, reason: sentence }),
    "blocks with generation, on and reason",
    0,
    1_000,
  ).default([]),
  ...placeSchemas,
  external: list(
    block({
      name: sentence,
      owner: text('a GitLab user or group with its @, such as "@security/architecture"', /^@[\w.][\w./-]*$/),
      usedEvery: text('hours or days, such as "12h" or "30d"', usedEvery).exactOptional(),
    }),
    "blocks with name and owner",
  ).default([]),
  proof: list(
    block({
      project,
      schedule: sentence.exactOptional(),
      ref: sentence.exactOptional(),
      job: sentence.exactOptional(),
      observed: yes.exactOptional(),
      jobs: list(sentence, "names of jobs").default([]),
      waitMinutes: integer(1, 1440, " minutes").exactOptional(),
    }).register(shapes, { one: ["schedule", ["ref", "observed"], "job"] }),
    "blocks with project, and schedule, ref, job or observed",
  ).default([]),
  issue: block({
    project,
    iid: integer(1, Number.MAX_SAFE_INTEGER, ": the number of an issue").exactOptional(),
    noticeDays: integer(0, 365, " days").default(30),
    confidential: flag.default(true),
    labels: list(text("a label, without a comma", /^[^,\n]*[^,\s][^,\n]*$/), "labels").default([]),
    notify: list(
      text('a GitLab user or group with its @, such as "@security/architecture"', /^@[\w.][\w./-]*$/),
      "names",
    ).default([]),
  }).exactOptional(),
  decommission: block({ reason: sentence }).exactOptional(),
  onRemoval: choice("refuse", "revoke", "release").default("refuse"),
});

/** What the names of an account's places are made of, whatever is wrong with the rest of it. */
export const named = z.object({
  name: account.shape.name,
  token: z.object({ name: account.shape.token.shape.name }),
  ...placeSchemas,
});

/** Where an account's issue is, whatever is wrong with the rest of that block. */
export const issuePlace = z.object({ project, iid: integer(1, Number.MAX_SAFE_INTEGER, "").exactOptional() });

/** The rules of a stack, as written. */
const policies = block({
  longestLifetimeDays: integer(1, 400, " days").default(365),
  leastOverlapDays: integer(1, 398, " days").default(7),
  wideScopes: list(scope, "scopes").default(["api", "sudo", "admin_mode"]),
  allowedTargets: list(
    block({
      group: group.exactOptional(),
      project: project.exactOptional(),
      instance: yes.exactOptional(),
      self: yes.exactOptional(),
      targets: list(group, "full paths of groups and projects").default([]),
      vaults: list(sentence, "names or UUIDs of vaults").exactOptional(),
    }).register(shapes, { one: ways.owners }),
    "blocks with group, project, instance or self, and targets",
  ).default([]),
  exceptions: list(
    block({ account: key, policy: choice(...policyNames), reason: sentence, until: day }),
    "blocks with account, policy, reason and until",
  ).default([]),
});

/** Everything, as written. */
export const settings = block({
  fleet: key,
  freezes: list(freeze, "blocks with from and to").default([]),
  policies: policies.prefault({}),
  maxRotationsPerRun: integer(1, 100_000, " accounts").exactOptional(),
  legacyTokensEnd: day.exactOptional(),
  health: flag.default(false),
  accounts: list(account, "accounts", 1),
});

/** The faults that a schema found. Accounts are named by the place that they were written at. */
export function faultsOf(error: z.ZodError, raw: unknown, place: Place): readonly LocatedFault[] {
  const where = ([first, second, ...rest]: readonly PropertyKey[]) =>
    first === "accounts" && typeof second === "number"
      ? within(place(second), pathText(rest))
      : pathText([first, second, ...rest].filter((key) => key !== undefined));
  return error.issues.flatMap((issue) => {
    const [first, index] = issue.path;
    const accounts = first === "accounts" && typeof index === "number" ? [index] : [];
    if (issue.code !== "unrecognized_keys") {
      return [{ path: where(issue.path), found: foundText(at(raw, issue.path)), expected: issue.message, accounts }];
    }
    const known = issue.message.slice(unknownKey.length).split(", ");
    return issue.keys.map((name) => {
      const meant = closest(name, known);
      const expected = meant === undefined ? `one of ${known.join(", ")}` : `"${meant}", if that is what you mean`;
      return { path: where([...issue.path, name]), found: "an unknown key", expected, accounts };
    });
  });
}

function at(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined),
    raw,
  );
}
