// `npm run inventory`: the declarations of the service accounts that a group, a project or the instance has, from what GitLab
// and 1Password hold, ready for a merge request.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { GitLab } from "../clients/gitlab/client";
import { type Owner, ownerOf, ownerTitle } from "../clients/gitlab/owner";
import { ownToken } from "../clients/gitlab/users/tokens";
import { NotFound } from "../clients/http";
import { vaultsFromEnvironment } from "../clients/onepassword/environment";
import { addDays, show } from "../ground/day";
import { today } from "../ground/now";
import { plain } from "../reports/plain";
import { calendar } from "../rotation/calendar/calendar";
import { spread } from "../rotation/calendar/spread";
import { schemaLine } from "../settings/schemaLine";
import { each, flags, type Outcome, outcomeOf, type Surroundings, toldOfPretence, UsageError } from "./command";
import { findAccessTokens, findAccounts, withBelow } from "./inventory/accounts";
import { type Draft, drafts } from "./inventory/drafts";
import { type Frame, frames } from "./inventory/frame";
import { Identifier } from "./inventory/identify";
import { findItems } from "./inventory/items";
import { type FoundPermissions, findPermissions } from "./inventory/permissions";
import { findProofs, type Provable } from "./inventory/proofs";
import { strangers } from "./inventory/strangers";
import { findVariables } from "./inventory/variables";
import { yaml, yamlList } from "./inventory/yaml";
import { inventoryCommand } from "./table/surveying";

/** Runs the command; never throws. */
export function inventory(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  return outcomeOf("inventory", () => listed(args, surroundings));
}

async function listed(args: readonly string[], { folder, environment }: Surroundings): Promise<Outcome> {
  const { values } = flags(args, inventoryCommand.flags);
  const owner = askedOwner(values);
  const root = resolve(folder, values.cwd ?? ".");
  const frame = frames(root, values.stack);
  const day = today(environment);
  const gitlab = GitLab.fromEnvironment(environment);

  const own = await ownToken(gitlab);
  const below = await withBelow(gitlab, owner);
  const accounts = await findAccounts(gitlab, values.below === true ? below : [owner]);
  const adopted = new Set(frame.accounts.flatMap(({ adopt }) => adopt?.tokenId ?? []));
  const ofOwners = await findAccessTokens(gitlab, values.below === true ? below : [owner], adopted);
  const all = [...accounts.found, ...ofOwners.found];
  const more = await each(values["look-in"] ?? [], (path) => groupOrProject(gitlab, path));
  const identifier = new Identifier(gitlab, values["token-prefix"] ?? "glpat-");
  const variables = await findVariables(gitlab, unique([...below, ...more.flat()]), identifier);
  const vaults = values.vault ?? [];
  const items = await findItems(vaultsFromEnvironment(environment), vaults, identifier);
  const { drafts: made, left } = drafts(all, {
    today: day,
    variables: variables.found,
    items,
    vaults,
    names: frame.names,
    declared: frame.declared,
    ownTokenId: own.id,
  });
  const projects = [
    ...new Set(made.flatMap((draft) => draft.variables.flatMap(({ owner: { project } }) => project ?? []))),
  ];
  const provable = new Map(
    (await each(projects, (project) => findProofs(gitlab, project))).map((one) => [one.project, one]),
  );
  const permissions = new Map(
    await each(made, async ({ name, token }) => [name, await findPermissions(gitlab, token)] as const),
  );
  const declarations = declared(made, provable, permissions, frame, day);

  const ids = new Set([own.userId, ...all.map(({ id }) => id)]);
  const others = await strangers(gitlab, { variables: variables.found, items }, { ids, declared: frame.declared });
  const hidden = variables.found.filter((one) => one.hidden).length;
  const lines = [
    `${ownerTitle(owner)}: ${counted(accounts.found.length, "service account")}${
      ofOwners.found.length === 0 ? "" : `, ${counted(ofOwners.found.length, "access token")}`
    }, ${made.length} declared here.`,
    ...dates(declarations),
    ...left.map(({ account, why }) => `Left out: ${account.username} ${why}.`),
    ...others.map((what) => `Not declared: ${what}.`),
    ...[...accounts.unseen, ...ofOwners.unseen, ...variables.unseen].map((what) => `Not seen: ${what}.`),
    ...(hidden === 0 ? [] : [`Not read: ${counted(hidden, "hidden variable")}, whose values GitLab never shows.`]),
  ];
  const stderr = toldOfPretence(environment) + lines.map((line) => `${plain(line)}\n`).join("");
  const { write, output } = values;
  if (write === undefined) {
    const list = yamlList(declarations.map(({ text }) => text));
    const line = output === undefined ? "" : schemaLine(relative(root, resolve(folder, output)));
    return { code: 0, stdout: line + list, stderr, output };
  }
  return { code: 0, stdout: "", stderr: stderr + written(root, write, declarations, frame) };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function dates(declarations: readonly Declaration[]): string[] {
  const days = declarations.map(({ startsOn }) => startsOn).sort();
  const [first = "", last = first] = [days[0], days.at(-1)];
  if (days.length === 0) return [];
  return [`First rotations: ${first === last ? show(first) : `from ${show(first)} to ${show(last)}`}.`];
}

function askedOwner(values: {
  readonly group?: string;
  readonly project?: string;
  readonly instance?: boolean;
}): Owner {
  const { group, project, instance } = values;
  const given = [group, project, instance].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new UsageError("Reading the command line: say one of --group <path>, --project <path> and --instance.");
  return ownerOf({ group, project });
}

/** A path does not tell whether it is a group's. */
async function groupOrProject(gitlab: GitLab, path: string): Promise<Owner[]> {
  try {
    return await withBelow(gitlab, { group: path });
  } catch (error) {
    if (error instanceof Error && error.cause instanceof NotFound) return [{ project: path }];
    throw error;
  }
}

function unique(owners: readonly Owner[]): Owner[] {
  return [...new Map(owners.map((owner) => [ownerTitle(owner), owner])).values()];
}

interface Declaration {
  readonly name: string;
  readonly startsOn: string;
  readonly text: string;
}

function declared(
  made: readonly Draft[],
  provable: ReadonlyMap<string, Provable>,
  permissions: ReadonlyMap<string, FoundPermissions | undefined>,
  { freezes, accounts, wideScopes }: Frame,
  day: string,
): Declaration[] {
  const until = addDays(day, 400);
  const taken = accounts.flatMap(({ rotation }) => calendar(rotation, freezes, until).map(({ date }) => date));
  const days = spread(
    made.map(({ name, expiresAt, dead }) => ({ key: name, expiresAt: dead ? day : expiresAt })),
    { today: day, freezes, taken },
  );
  return made.map((draft) => {
    const projects = new Set(draft.variables.flatMap(({ owner }) => owner.project ?? []));
    const proofs = [...projects].flatMap((project) => provable.get(project) ?? []);
    const startsOn = days.get(draft.name) ?? day;
    const options = { startsOn, today: day, provable: proofs, permissions: permissions.get(draft.name), wideScopes };
    return { name: draft.name, startsOn, text: yaml(draft, options) };
  });
}

function written(root: string, folder: string, declarations: readonly Declaration[], frame: Frame): string {
  const place = relative(root, resolve(root, folder));
  const paths = declarations.map(({ name, text }) => {
    const path = join(place, `${name}.yaml`);
    return { path, text: schemaLine(path) + text };
  });
  const there = paths.filter(({ path }) => existsSync(join(root, path)));
  if (there.length > 0)
    throw new Error(
      `Writing ${there.map(({ path }) => path).join(", ")}: there is such a file already. Nothing was written: move it away, or name another folder.`,
    );
  mkdirSync(join(root, place), { recursive: true });
  for (const { path, text } of paths) writeFileSync(join(root, path), text);
  const hint = paths.every(({ path }) => frame.reads(path))
    ? ""
    : `Have a stack read them, in its Pulumi.<stack>.yaml: pat-rotation:accountFiles: [${join(place, "*.yaml")}]\n`;
  return paths.map(({ path }) => `Wrote ${path}.\n`).join("") + hint;
}
