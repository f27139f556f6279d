import { type Day, days, daysBetween, show } from "../../ground/day";
import { placesOf } from "../../places/declared";
import type { PlacePolicy } from "../../places/kind";
import { longestGap } from "../calendar/calendar";
import type { AccountDeclaration, PolicyException, PolicyName, Settings } from "../declaration/declaration";
import { rotatesItself } from "../declaration/self";
import { forbidden } from "../declaration/targets";
import { fallsBack } from "../permissions/permissions";
import { predecessor } from "./changes";

/** How much a finding weighs: an error fails a plan; a warning is told. */
export type Severity = "error" | "warning";

/** Something that a rule of the stack objects to. */
export interface Finding {
  /** Name of the account. */
  readonly account: string;
  /**
   * The rule; `exceptions` for one about an exception itself, `calendar` for dates that are odd and break no rule,
   * `legacy-tokens` for an edit that goes back to these.
   */
  readonly policy: PolicyName | "exceptions" | "calendar" | "legacy-tokens";
  readonly severity: Severity;
  /** What was found, what the rule wants, and what to do, in sentences. */
  readonly message: string;
  /** The exception that makes an error a warning. */
  readonly excepted?: { readonly reason: string; readonly until: Day };
}

/** Days before its end from which an exception that is still needed is told as ending. */
const endsSoonDays = 30;

type Rule = (account: AccountDeclaration, settings: Settings) => readonly string[];

/** Each rule tells what it objects to in an account. */
const rules: Readonly<Record<PolicyName, Rule>> = {
  "longest-lifetime": ({ rotation }, { policies: { longestLifetimeDays: most } }) =>
    rotation.lifetimeDays <= most
      ? []
      : [`Its tokens live ${days(rotation.lifetimeDays)}, at most ${most} are allowed. Lower rotation.lifetimeDays.`],

  // A token that rotates itself has none.
  "least-overlap": ({ account, rotation }, { policies: { leastOverlapDays: least } }) =>
    rotation.overlapDays >= least || rotatesItself(account)
      ? []
      : [
          `Its old token is kept ${days(rotation.overlapDays)} beside the new one, at least ${least} are asked for. Raise rotation.overlapDays.`,
        ],

  "proof-for-every-consumer": (account) => objections(account, "proof-for-every-consumer"),

  "scope-reason": ({ token }, { policies: { wideScopes } }) => {
    const wide = token.scopes.filter((scope) => wideScopes.includes(scope));
    return wide.length === 0 || token.scopeReason !== undefined
      ? []
      : [`Its tokens have the scope ${wide.join(", ")}. Take a narrower one, or say in token.scopeReason why not.`];
  },

  "masked-variables": (account) => objections(account, "masked-variables"),

  "concealed-fields": (account) => objections(account, "concealed-fields"),

  "vault-for-every-token": (account) =>
    placesOf(account).some(({ isVault }) => isVault)
      ? []
      : ["Its tokens are kept in no vault, so a lost variable could not be restored. Add a place to onePassword."],

  "allowed-targets": (account, { policies }) => forbidden(account, policies.allowedTargets),
};

/** What one policy objects to in the places of an account. */
function objections(account: AccountDeclaration, policy: PlacePolicy): readonly string[] {
  return placesOf(account).flatMap((place) => place.objections(account.proof)[policy] ?? []);
}

/** Everything that the rules of a stack object to on a day: errors first, then by account. */
export function findings(settings: Settings, today: Day): readonly Finding[] {
  const { accounts, policies } = settings;
  const used = new Set<PolicyException>();
  const found = accounts.flatMap((account) =>
    Object.entries(rules).flatMap(([name, rule]) => {
      const policy = name as PolicyName;
      const messages = rule(account, settings);
      if (messages.length === 0) return [];
      const exceptions = policies.exceptions.filter((one) => one.account === account.name && one.policy === policy);
      for (const one of exceptions) used.add(one);
      const valid = exceptions.find(({ until }) => today <= until);
      return messages.map((message) => judged(account.name, policy, message, valid, exceptions.at(-1), today));
    }),
  );
  const idle = policies.exceptions.filter((one) => !used.has(one)).map((one) => needless(one, accounts));
  const odd = accounts.flatMap((account) => oddDates(account).map((message) => warning(account.name, message)));
  return [...found, ...idle, ...odd].sort((a, b) => weight(a) - weight(b));
}

/** Accounts whose fine-grained tokens an edit would have followed by legacy ones, without a reason. */
export function fallbacks(before: Settings, after: Settings): readonly Finding[] {
  return after.accounts.flatMap((account): Finding[] => {
    const was = predecessor(account, before);
    if (was === undefined || !fallsBack(was.token, account.token)) return [];
    const message =
      "Its tokens are fine-grained, and legacy ones would follow: they may do all that their scopes say, wherever the account is a member. Keep token.permissions, or say in token.legacyReason why not.";
    return [{ account: account.name, policy: "legacy-tokens", severity: "error", message }];
  });
}

/** The findings that fail a plan. */
export function violations(all: readonly Finding[]): readonly Finding[] {
  return all.filter(({ severity }) => severity === "error");
}

function judged(
  account: string,
  policy: PolicyName,
  message: string,
  valid: PolicyException | undefined,
  last: PolicyException | undefined,
  today: Day,
): Finding {
  if (valid === undefined) {
    const over = last === undefined ? "" : ` Its exception (${last.reason}) ended on ${show(last.until)}.`;
    return { account, policy, severity: "error", message: `${message}${over}` };
  }
  const left = daysBetween(today, valid.until);
  const soon = left <= endsSoonDays ? ` The exception ends in ${days(left)}.` : "";
  const { reason, until } = valid;
  return { account, policy, severity: "warning", message: `${message}${soon}`, excepted: { reason, until } };
}

function warning(account: string, message: string): Finding {
  return { account, policy: "calendar", severity: "warning", message };
}

/** Dates that do what they say, which is hardly what was meant. */
function oddDates({ rotation }: AccountDeclaration): readonly string[] {
  const { everyDays, everyMonths, lifetimeDays, overlapDays, marginDays, extraDates } = rotation;
  const serves = longestGap(rotation);
  // The shortest that so many months can be, February among them.
  const every = everyDays ?? Math.floor((everyMonths ?? 0) * 30.4) - 2;
  const written = everyDays === undefined ? `everyMonths: ${everyMonths}` : `everyDays: ${everyDays}`;
  const cadence =
    every <= serves
      ? []
      : [
          `A token of ${days(lifetimeDays)}, less ${days(overlapDays)} of overlap and ${days(marginDays)} of margin, serves ${days(serves)}: with ${written} further rotations are put in between, at uneven distances. Write everyDays: ${serves} or less.`,
        ];
  const mute = extraDates.filter(({ reason }) => reason === undefined).map(({ date }) => show(date));
  return [
    ...cadence,
    ...(mute.length === 0
      ? []
      : [
          `${mute.join(", ")} in rotation.extraDates ${mute.length === 1 ? "has" : "have"} no reason: nobody will know why. Add one.`,
        ]),
  ];
}

function needless({ account, policy, reason }: PolicyException, accounts: readonly AccountDeclaration[]): Finding {
  const known = accounts.some(({ name }) => name === account);
  const why = known ? "the rule has no objection to it" : "no account has that name";
  const message = `The exception from ${policy} (${reason}) is needless: ${why}. Take it out of policies.exceptions.`;
  return { account, policy: "exceptions", severity: "warning", message };
}

function weight({ severity, excepted }: Finding): number {
  return severity === "error" ? 0 : excepted === undefined ? 1 : 2;
}
