import * as pulumi from "@pulumi/pulumi";
import type { Account } from "../components/account";
import { known } from "../components/known";
import * as runbook from "../components/runbook";
import { INDENT, widthOf } from "../components/width";
import type { FoundTokens } from "../contract/tokenList";
import { plain } from "../reports/plain";
import { preview } from "../reports/preview";
import type { Paint, Style } from "../reports/writer";
import { generations } from "../rotation/calendar/generations";
import type { Waiting } from "../rotation/calendar/queue";
import { rotatesItself } from "../rotation/declaration/self";
import {
  type AccountDeclaration,
  type FaultyAccount,
  faultText,
  type Settings,
} from "../rotation/declaration/settings";
import { concerns, undeclared } from "../rotation/health/alarms";
import { type AccountHealth, accountHealth } from "../rotation/health/health";
import type { Alarm } from "../rotation/health/seen";
import { hasLegacyTokens, type LegacyEnds, topGroups, withLegacyEnd } from "../rotation/permissions/legacy";
import { outlook } from "../rotation/plan/outlook";
import { type AccountRun, accountRun, type FoundToken } from "../rotation/plan/steps";
import type { Accounts, DeclaredAccount } from "./accounts";
import { ownCredential } from "./credential";

type DeclaredToken = Account["tokens"]["all"][number];

/** What one account comes to. */
interface Told {
  readonly run: AccountRun;
  readonly health?: AccountHealth;
  readonly unchecked: readonly Unchecked[];
}

/** What could not be looked at of an account. */
interface Unchecked {
  readonly account: string;
  /** A sentence that follows the account's name. */
  readonly why: string;
}

/** The most lines that an update tells. */
const MOST = 40;

/**
 * Tells, in a preview, what the run will do, the calendar and how the tokens fare; in an update only what is wrong with
 * tokens. Asks nobody anything, beyond what the accounts' own resources ask.
 */
export function tell(
  settings: Settings,
  today: string,
  waits: ReadonlyMap<string, Waiting>,
  accounts: Accounts,
  faulty: readonly FaultyAccount[] = [],
  environment: NodeJS.ProcessEnv = process.env,
): void {
  // The runtime would not wait for what comes after the last registration.
  const done = pulumi.runtime.rpcKeepAlive();
  const telling = pulumi.runtime.isDryRun()
    ? foretell(settings, today, waits, accounts, faulty, environment)
    : warn(settings, today, accounts);
  telling.finally(done);
}

async function foretell(
  settings: Settings,
  today: string,
  waits: ReadonlyMap<string, Waiting>,
  accounts: Accounts,
  faulty: readonly FaultyAccount[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  // None is awaited here: accounts are asked for before any is made.
  const asked = Promise.all([legacyEnds(settings), settings.health ? ownCredential(today, true) : undefined]);
  asked.catch(() => undefined);
  const all = await Promise.all(
    accounts.each(async (one) =>
      told(withLegacyEnd(settings, one.declaration, (await asked)[0]), today, waits.get(one.declaration.name), one),
    ),
  );
  const [, own] = await asked;
  const runs = [...all.map(({ run }) => run), ...faulty.map(unusable)];
  const text = preview(
    {
      today,
      runs,
      outlook: outlook(settings, runs, today),
      ...(settings.health ? { health: all.flatMap(({ health }) => health ?? []) } : {}),
      credential: own?.isUrgent === false ? own.text : undefined,
      unchecked: [...unasked(settings, environment), ...together(all.flatMap((one) => one.unchecked))],
    },
    widthOf(environment) - INDENT,
    paint,
  );
  await pulumi.log.info(text);
  if (own?.isUrgent === true) await pulumi.log.warn(own.text);
}

/** From when on GitLab refuses legacy tokens; asked with the health of tokens alone, and where somebody has one. */
async function legacyEnds({ health, accounts }: Settings): Promise<LegacyEnds> {
  const concerned = accounts.filter(hasLegacyTokens);
  if (!health || concerned.length === 0) return new Map();
  const groups = [...new Set(concerned.flatMap(topGroups))];
  const { ends } = await runbook.getLegacyEnds({ groups });
  return new Map(ends.map(({ place, end }) => [place, end]));
}

async function warn(settings: Settings, today: string, accounts: Accounts): Promise<void> {
  if (!settings.health) return;
  const looks = accounts.each((one) => amiss(settings, one));
  const own = await ownCredential(today, false);
  if (own.isUrgent) await pulumi.log.warn(own.text);
  const lines = (await Promise.all(looks)).flat();
  const more = lines.length > MOST ? [`and ${lines.length - MOST} more: npm run health tells all`] : [];
  if (lines.length > 0) await pulumi.log.warn([...lines.slice(0, MOST), ...more].join("\n"));
}

async function told(
  settings: Settings,
  today: string,
  waiting: Waiting | undefined,
  { declaration, account }: DeclaredAccount,
): Promise<Told> {
  const { name } = declaration;
  try {
    const tokens = await Promise.all(account.tokens.all.map((one) => foundToken(one, account)));
    const newPlaces = await Promise.all(account.places.map(async ({ id }) => (await known(id)) === undefined));
    const proves = account.proof !== undefined && (await known(account.proof.provedAt)) === undefined;
    const all = generations(declaration, settings.freezes, today, waiting?.generations);
    const run = accountRun(declaration, all, { tokens, newPlaces, proves }, today);
    const waits = waiting === undefined ? [] : [{ does: "wait" as const, text: waiting.explanation }];
    const listed = account.tokens.listed === undefined ? undefined : await known(account.tokens.listed);
    const fault = await foreseen(account);
    const unseen = ((await known(account.unchecked)) ?? []).map((why) => ({ account: name, why: `${why}.` }));
    return {
      run: fault === undefined ? { ...run, steps: [...run.steps, ...waits] } : { ...run, steps: [], fault },
      unchecked: [
        ...unseen,
        ...(settings.health ? [...unlisted(declaration, listed), ...unlistable(declaration)] : []),
      ],
      ...(listed === undefined || listed.fault !== undefined
        ? {}
        : {
            health: accountHealth(declaration, settings, listed.tokens, today, {
              tokenIds: idsOf(tokens),
              dead: new Set(tokens.filter(isDead).map(({ generation }) => generation)),
              waiting: waiting?.generations,
            }),
          }),
    };
  } catch {
    const fault = "it stopped at a step that failed: see its error.";
    return { run: { account: name, steps: [], pending: [], fault }, unchecked: [] };
  }
}

/** What its first step that would fail says. */
async function foreseen({ steps }: Account): Promise<string | undefined> {
  const faults = await Promise.all(steps.map(({ fault }) => known(fault)));
  return faults.find((fault) => fault !== undefined && fault !== "");
}

function unusable({ name, faults }: FaultyAccount): AccountRun {
  const fault = ["the declaration cannot be used.", ...faults.map((one) => `- ${faultText(one)}`)].join("\n");
  return { account: name, steps: [], pending: [], fault };
}

/** In an update: tokens that nobody declared, and what could not be listed. One that was dead is replaced by now. */
async function amiss(settings: Settings, { declaration, account }: DeclaredAccount): Promise<readonly string[]> {
  try {
    const listed = account.tokens.listed === undefined ? undefined : await known(account.tokens.listed);
    if (listed === undefined || listed.fault !== undefined) return together(unlisted(declaration, listed));
    const ids = await Promise.all(account.tokens.all.map(({ tokenId }) => known<number | undefined>(tokenId)));
    const others = listed.tokens.filter((token) => !ids.includes(token.id) && concerns(declaration, settings, token));
    return others.map((token) => undeclared(declaration, settings, token)).map(sentence);
  } catch {
    // Its own error tells.
    return [];
  }
}

function sentence({ account, message }: Alarm): string {
  return plain(`${account}: ${message}`);
}

function unlisted({ name, account }: AccountDeclaration, listed: FoundTokens | undefined): readonly Unchecked[] {
  if (rotatesItself(account)) return [];
  const why =
    listed === undefined
      ? "tokens are not listed before the account is in the state."
      : listed.fault === undefined
        ? undefined
        : `its tokens could not be listed: ${listed.fault}.`;
  return why === undefined ? [] : [{ account: name, why }];
}

/** That is always so, and no news for an update to warn of. */
function unlistable({ name, account }: AccountDeclaration): readonly Unchecked[] {
  const why = "nobody may list a plain user's tokens. npm run health knows the one that its places hold.";
  return rotatesItself(account) ? [{ account: name, why }] : [];
}

/** What is the same of several accounts is told once. */
function together(all: readonly Unchecked[]): readonly string[] {
  const accounts = new Map<string, string[]>();
  for (const { account, why } of all) accounts.set(why, [...(accounts.get(why) ?? []), account]);
  return [...accounts].map(([why, names]) => {
    const others = names.length - 3;
    return `${names.slice(0, 3).join(", ")}${others > 0 ? ` and ${others} more` : ""}: ${why}`;
  });
}

/** The state knew one that lived, and it is to be minted again. */
function isDead({ isNew, tokenId, status }: FoundToken): boolean {
  return !isNew && (tokenId === undefined || status === "revoked");
}

async function foundToken(token: DeclaredToken, { retirementOf }: DeclaredAccount["account"]): Promise<FoundToken> {
  const [generation, id, tokenId] = await Promise.all([
    known(token.generation),
    known(token.id),
    known<number | undefined>(token.tokenId),
  ]);
  const end = retirementOf.get(generation ?? "");
  const [status, hold] = await Promise.all([
    known(end?.status ?? token.status),
    end === undefined ? "" : known(end.hold),
  ]);
  // One that rotates itself is a resource for all generations.
  const isNew = id === undefined || !("lifecycle" in token);
  return { generation: generation ?? "", isNew, tokenId, status, hold };
}

function idsOf(tokens: readonly FoundToken[]): ReadonlyMap<string, number> {
  return new Map(tokens.flatMap(({ generation, tokenId }) => (tokenId === undefined ? [] : [[generation, tokenId]])));
}

/** What a preview cannot look at here. */
function unasked({ accounts, health }: Settings, environment: NodeJS.ProcessEnv): readonly string[] {
  const isSet = (name: string) => environment[name] !== undefined && environment[name] !== "";
  const vaults = isSet("OP_SERVICE_ACCOUNT_TOKEN") ? [] : ["OP_CONNECT_HOST", "OP_CONNECT_TOKEN"];
  // Either name of each does.
  const bao = accounts.some(({ openBao }) => openBao.length > 0) ? ["ADDR", "TOKEN"] : [];
  const missing = [
    ...["GITLAB_BASE_URL", "GITLAB_TOKEN", ...vaults].filter((name) => !isSet(name)),
    ...bao.filter((name) => !isSet(`BAO_${name}`) && !isSet(`VAULT_${name}`)).map((name) => `BAO_${name}`),
  ];
  return [
    ...(health ? [] : ['Whether the tokens still live: "pat-rotation:health" is not set. npm run health looks.']),
    ...(missing.length === 0 ? [] : [`What takes ${missing.join(", ")}: not set in this environment.`]),
  ];
}

const codes: Readonly<Record<Style, string>> = {
  bold: "bold",
  dim: "fg 8",
  red: "fg 1",
  yellow: "fg 3",
  green: "fg 2",
  cyan: "fg 6",
};

/** In the markup of Pulumi's messages: the engine knows whether colours are wanted. */
const paint: Paint = (style, text) => (text === "" ? "" : `<{%${codes[style]}%}>${text}<{%reset%}>`);
