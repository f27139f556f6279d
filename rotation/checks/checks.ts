import { isBlock, parsed, type Raw, record, records } from "../../ground/raw";
import { writtenPlaces } from "../../places/declared";
import { accessTokenFaults, unrotatable } from "../declaration/accessToken";
import { longestUse } from "../declaration/external";
import { type Fault, foundText, type LocatedFault, oneOf, type Place, within } from "../declaration/faults";
import * as schema from "../declaration/schema";
import { selfFaults } from "../declaration/self";
import * as ways from "../declaration/ways";
import { named } from "./references";
import { rightsFaults } from "./rights";
import { misspelt } from "./scopes";
import { nameFaults, sharedFaults } from "./sharing";

/** What may still be wrong when each value by itself is right. Looks at the raw settings, so that it need not wait for them. */
export function crossFaults(raw: unknown, place: Place): readonly LocatedFault[] {
  const settings = record(raw);
  const freezes = records(settings.freezes);
  const accounts = records(settings.accounts);
  const fleet = typeof settings.fleet === "string" ? settings.fleet : "";
  const parsedFreezes = freezes.flatMap((one) => parsed(schema.freeze, one) ?? []);
  const ofStack = [
    ...freezes.flatMap((one, index) => backwards(one, `freezes[${index}]`)),
    ...list(record(settings.policies).allowedTargets).flatMap((one, index) =>
      oneOf(one, ways.owners, `policies.allowedTargets[${index}]`),
    ),
    ...nameFaults(accounts, place),
  ];
  return [
    ...ofStack.map((fault) => ({ ...fault, accounts: [] })),
    ...sharedFaults(accounts, place),
    ...accounts.flatMap((one, index) => {
      const at = (path: string) => within(place(index), path);
      const faults = [
        ...user(one.account, at("account")),
        ...renaming(one, accounts, at("formerly")),
        ...description(one, fleet, at("token.description")),
        ...misspelt(record(one.token).scopes, at("token.scopes")),
        ...rightsFaults(record(one.token), at("token")),
        ...accessTokenFaults(one, at),
        ...dates(record(one.rotation), at("rotation")),
        ...quiet(one, at("rotation.quietHours")),
        ...consumers(one, at),
        ...selfFaults(one, at),
        ...named(one, parsedFreezes, at),
      ];
      return faults.map((fault) => ({ ...fault, accounts: [index] }));
    }),
  ];
}

function list(raw: unknown): readonly unknown[] {
  return Array.isArray(raw) ? raw : [];
}

function backwards(raw: Raw, path: string): readonly Fault[] {
  const freeze = parsed(schema.freeze, raw);
  if (freeze === undefined || freeze.from <= freeze.to) return [];
  return [{ path: `${path}.to`, found: `"${freeze.to}"`, expected: `a day on or after from, ${freeze.from}` }];
}

function user(written: unknown, path: string): readonly Fault[] {
  const raw = record(written);
  if (raw.deployToken !== undefined) return [unrotatable(raw, path)];
  const missing = isBlock(written) && raw.username === undefined && raw.accessToken === undefined;
  return [
    ...oneOf(written, ways.owners, path),
    ...(raw.self !== undefined && raw.own !== undefined
      ? [{ path: `${path}.own`, found: foundText(raw.own), expected: "nothing: only service accounts can be made" }]
      : []),
    ...list(record(raw.own).memberships).flatMap((one, index) =>
      oneOf(one, ways.memberships, `${path}.own.memberships[${index}]`),
    ),
    ...(missing ? [{ path: `${path}.username`, found: "nothing", expected: "a GitLab username, without @" }] : []),
  ];
}

function renaming({ formerly }: Raw, accounts: readonly Raw[], path: string): readonly Fault[] {
  if (typeof formerly !== "string" || accounts.every(({ name }) => name !== formerly)) return [];
  return [
    { path, found: `"${formerly}", which an account has now`, expected: "the name that this account had before" },
  ];
}

/** The longest name of a generation, with its number on the day. */
const longestGeneration = "2026-11-23.99";

function description({ name, token }: Raw, fleet: string, path: string): readonly Fault[] {
  const text = record(token).description;
  if (typeof text !== "string" || typeof name !== "string") return [];
  const length = [...text].length;
  const room = 255 - ` [${fleet}/${name}/${longestGeneration}]`.length;
  if (length <= room) return [];
  return [
    {
      path,
      found: `${length} characters`,
      expected: `at most ${room}: GitLab takes 255, and our mark goes at the end`,
    },
  ];
}

function dates(raw: Raw, path: string): readonly Fault[] {
  const cadence =
    raw.everyDays !== undefined && raw.everyMonths !== undefined
      ? [{ path: `${path}.everyMonths`, found: "everyDays as well", expected: "one of them only" }]
      : [];
  const rotation = parsed(schema.rotation, { startsOn: "2026-11-23", ...lengths(raw) });
  if (rotation === undefined) return cadence;
  const { lifetimeDays, overlapDays, marginDays } = rotation;
  if (lifetimeDays - overlapDays - marginDays >= 1) return cadence;
  const found = `${overlapDays}, which with ${marginDays} of marginDays leaves nothing of ${lifetimeDays} lifetimeDays`;
  return [
    ...cadence,
    { path: `${path}.overlapDays`, found, expected: `at most ${lifetimeDays - marginDays - 1}, or shorten marginDays` },
  ];
}

/** A consumer that was promised to be waited for would find its token dead. */
function quiet({ rotation, external }: Raw, path: string): readonly Fault[] {
  const { quietHours } = record(rotation);
  const least = longestUse(external);
  const declared = parsed(schema.hours, quietHours);
  if (quietHours === undefined || declared === undefined || declared >= least) return [];
  const expected = `at least ${least}, the longest usedEvery of external, or leave it out`;
  return [{ path, found: foundText(quietHours), expected }];
}

function lengths(raw: Raw): Raw {
  const names = ["lifetimeDays", "overlapDays", "marginDays"];
  return Object.fromEntries(names.filter((name) => raw[name] !== undefined).map((name) => [name, raw[name]]));
}

function consumers(account: Raw, at: (path: string) => string): readonly Fault[] {
  return [
    ...writtenPlaces(account).flatMap(({ kind, raw, path }) => kind.faults(raw, at(path))),
    ...list(account.proof).flatMap((pipeline, index) => pipelineFaults(pipeline, at(`proof[${index}]`))),
  ];
}

function pipelineFaults(written: unknown, path: string): readonly Fault[] {
  const raw = record(written);
  const isObservedRef = raw.observed !== undefined && raw.ref !== undefined;
  const nameless =
    raw.observed !== undefined && (raw.jobs === undefined || (Array.isArray(raw.jobs) && raw.jobs.length === 0));
  return [
    ...oneOf(written, isObservedRef ? ways.starts.filter((one) => one !== "observed") : ways.starts, path),
    ...(nameless
      ? [{ path: `${path}.jobs`, found: foundText(raw.jobs), expected: "the names of the jobs to wait for" }]
      : []),
  ];
}
