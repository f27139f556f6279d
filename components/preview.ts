import * as pulumi from "@pulumi/pulumi";
import type * as runbook from "runbook";
import { plain } from "../reports/plain";
import { preview } from "../reports/preview";
import type { Paint, Style } from "../reports/writer";
import { undeclared } from "../rotation/alarms";
import { generations } from "../rotation/generations";
import { type AccountHealth, type Alarm, accountHealth } from "../rotation/health";
import { outlook } from "../rotation/outlook";
import type { Waiting } from "../rotation/queue";
import { rotatesItself } from "../rotation/self";
import type { AccountDeclaration, Settings } from "../rotation/settings";
import { type AccountRun, accountRun, type FoundToken } from "../rotation/steps";
import type { Account } from "./account";
import { known } from "./known";

/** An account as declared, and its resources. */
export interface DeclaredAccount {
  /** The declaration. */
  readonly declaration: AccountDeclaration;
  /** Its resources. */
  readonly account: Account;
}

type DeclaredToken = Account["tokens"]["all"][number];

/** What one account comes to. */
interface Told {
  readonly run?: AccountRun;
  readonly health?: AccountHealth;
  readonly unchecked: readonly Unchecked[];
}

/** What could not be looked at of an account. */
interface Unchecked {
  readonly account: string;
  /** A sentence that follows the account's name. */
  readonly why: string;
}

/** How wide a message is without a terminal to measure. The engine indents it. */
const WIDTH = 100;
const INDENT = 4;

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
  accounts: readonly DeclaredAccount[],
  faulty: readonly { readonly name: string }[] = [],
  environment: NodeJS.ProcessEnv = process.env,
): void {
  // The runtime would not wait for what comes after the last registration.
  const done = pulumi.runtime.rpcKeepAlive();
  const telling = pulumi.runtime.isDryRun()
    ? foretell(settings, today, waits, accounts, faulty, environment)
    : warn(settings, accounts);
  telling.finally(done);
}

async function foretell(
  settings: Settings,
  today: string,
  waits: ReadonlyMap<string, Waiting>,
  accounts: readonly DeclaredAccount[],
  faulty: readonly { readonly name: string }[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const all = await Promise.all(accounts.map((one) => told(settings, today, waits.get(one.declaration.name), one)));
  const runs = all.flatMap(({ run }) => run ?? []);
  const unusable = faulty.map(({ name }) => ({ account: name, why: "the declaration cannot be used: see the error." }));
  const text = preview(
    {
      today,
      runs,
      outlook: outlook(settings, runs, today),
      ...(settings.health ? { health: all.flatMap(({ health }) => health ?? []) } : {}),
      unchecked: [
        ...unasked(settings, environment),
        ...together([...all.flatMap((one) => one.unchecked), ...unusable]),
      ],
    },
    widthOf(environment) - INDENT,
    paint,
  );
  await pulumi.log.info(text);
}

async function warn(settings: Settings, accounts: readonly DeclaredAccount[]): Promise<void> {
  if (!settings.health) return;
  const lines = (await Promise.all(accounts.map((one) => amiss(settings, one)))).flat();
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
    const all = generations(declaration, settings.freezes, today, waiting?.generation);
    const run = accountRun(declaration, all, { tokens, newPlaces, proves }, today);
    const waits = waiting === undefined ? [] : [{ does: "wait" as const, text: waiting.explanation }];
    const listed = account.tokens.listed === undefined ? undefined : await known(account.tokens.listed);
    return {
      run: { ...run, steps: [...run.steps, ...waits] },
      unchecked: settings.health ? [...unlisted(declaration, listed), ...unlistable(declaration)] : [],
      ...(listed === undefined || listed.fault !== undefined
        ? {}
        : {
            health: accountHealth(declaration, settings, listed.tokens, today, {
              tokenIds: idsOf(tokens),
              dead: new Set(tokens.filter(isDead).map(({ generation }) => generation)),
              waiting: waiting?.generation,
            }),
          }),
    };
  } catch {
    return { unchecked: [{ account: name, why: "it stopped at a step that failed: see its error." }] };
  }
}

/** In an update: tokens that nobody declared, and what could not be listed. One that was dead is replaced by now. */
async function amiss(settings: Settings, { declaration, account }: DeclaredAccount): Promise<readonly string[]> {
  try {
    const listed = account.tokens.listed === undefined ? undefined : await known(account.tokens.listed);
    if (listed === undefined || listed.fault !== undefined) return together(unlisted(declaration, listed));
    const ids = await Promise.all(account.tokens.all.map(({ tokenId }) => known<number | undefined>(tokenId)));
    const others = listed.tokens.filter(({ id }) => !ids.includes(id));
    return others.map((token) => undeclared(declaration, settings, token)).map(sentence);
  } catch {
    // Its own error tells.
    return [];
  }
}

function sentence({ account, message }: Alarm): string {
  return plain(`${account}: ${message}`);
}

function unlisted(
  { name, account }: AccountDeclaration,
  listed: runbook.GetTokensResult | undefined,
): readonly Unchecked[] {
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
function unasked({ health }: Settings, environment: NodeJS.ProcessEnv): readonly string[] {
  const isSet = (name: string) => environment[name] !== undefined && environment[name] !== "";
  const vaults = isSet("OP_SERVICE_ACCOUNT_TOKEN") ? [] : ["OP_CONNECT_HOST", "OP_CONNECT_TOKEN"];
  const missing = ["GITLAB_BASE_URL", "GITLAB_TOKEN", ...vaults].filter((name) => !isSet(name));
  return [
    ...(health ? [] : ['Whether the tokens still live: "pat-rotation:health" is not set. npm run health looks.']),
    ...(missing.length === 0 ? [] : [`What takes ${missing.join(", ")}: not set in this environment.`]),
  ];
}

/** The columns of the terminal, where whoever started the run says them. */
function widthOf({ COLUMNS }: NodeJS.ProcessEnv): number {
  const columns = Number(COLUMNS);
  return Number.isInteger(columns) && columns > 0 ? Math.min(columns, 140) : WIDTH;
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
