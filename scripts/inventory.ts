// `npm run inventory`: the declarations of the service accounts that a group, a project or the instance has, from what GitLab
// and 1Password hold, ready for a merge request.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type Owner, ownerOf, ownerTitle } from "../providers/gitlab/api/owner";
import { ownToken } from "../providers/gitlab/api/tokens";
import { GitLab } from "../providers/gitlab/client";
import { today } from "../providers/host/clock";
import { NotFound } from "../providers/http";
import { vaultsFromEnvironment } from "../providers/onepassword/environment";
import { plain } from "../reports/plain";
import { calendar } from "../rotation/calendar";
import { addDays, show } from "../rotation/day";
import { spread } from "../rotation/spread";
import { each, flags, main, type Outcome, outcomeOf, type Surroundings, UsageError } from "./command";
import { findAccounts, withBelow } from "./inventory/accounts";
import { type Draft, drafts } from "./inventory/drafts";
import { type Frame, frames } from "./inventory/frame";
import { Identifier } from "./inventory/identify";
import { findItems } from "./inventory/items";
import { findProofs, type Provable } from "./inventory/proofs";
import { strangers } from "./inventory/strangers";
import { findVariables } from "./inventory/variables";
import { yaml, yamlList } from "./inventory/yaml";

const help = `npm run inventory -- --group <path> | --project <path> | --instance  [flags]

Writes the declarations of all service accounts of a group, a project or the instance, from what GitLab and 1Password hold:
accounts, the token in use, CI/CD variables and items that hold it, jobs that could prove it, and a first rotation for each,
spread over the weeks. Reads only. Accounts that a stack declares are left out.

  --below               with --group: the accounts of its subgroups and projects as well
  --look-in <path>      look for tokens in the variables of this group (with all below it) or project, too; may be repeated
  --vault <name>        look for tokens in this 1Password vault; may be repeated. New items are declared in the first
  --stack <name>        the stacks whose accounts are declared, and whose freezes count (default: all but the sandbox)
  --write <folder>      one file for each account in that folder, for accountFiles (default: a list on standard output)
  --token-prefix <text> what tokens of this GitLab begin with (default: glpat-)
  --cwd, -C <folder>    the project (default: here)

As the user of GITLAB_TOKEN at GITLAB_BASE_URL, who must be an Owner of the group (a Maintainer of the project, an
administrator for the instance). A value that looks like a token is presented to GitLab once, which tells whose it is and
counts as a use of it. No value is shown or kept. Hidden variables cannot be read.
Exit codes: 0 fine; 1 something went wrong; 2 the command line is wrong; 3 settings that cannot be used.
`;

const options = {
  group: { type: "string" },
  project: { type: "string" },
  instance: { type: "boolean" },
  below: { type: "boolean" },
  "look-in": { type: "string", multiple: true },
  vault: { type: "string", multiple: true },
  stack: { type: "string", short: "s", multiple: true },
  write: { type: "string" },
  "token-prefix": { type: "string" },
  cwd: { type: "string", short: "C" },
  help: { type: "boolean", short: "h" },
} as const;

/** Runs the command; never throws. */
export function inventory(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  return outcomeOf("inventory", () => listed(args, surroundings));
}

async function listed(args: readonly string[], { folder, environment }: Surroundings): Promise<Outcome> {
  const { values } = flags(args, options);
  if (values.help === true) return { code: 0, stdout: help, stderr: "" };
  const owner = askedOwner(values);
  const root = resolve(folder, values.cwd ?? ".");
  const frame = frames(root, values.stack);
  const day = today(environment);
  const gitlab = GitLab.fromEnvironment(environment);

  const own = await ownToken(gitlab);
  const below = await withBelow(gitlab, owner);
  const accounts = await findAccounts(gitlab, values.below === true ? below : [owner]);
  const more = await each(values["look-in"] ?? [], (path) => groupOrProject(gitlab, path));
  const identifier = new Identifier(gitlab, values["token-prefix"] ?? "glpat-");
  const variables = await findVariables(gitlab, unique([...below, ...more.flat()]), identifier);
  const vaults = values.vault ?? [];
  const items = await findItems(vaultsFromEnvironment(environment), vaults, identifier);
  const { drafts: made, left } = drafts(accounts.found, {
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
  const declarations = declared(made, provable, frame, day);

  const ids = new Set([own.userId, ...accounts.found.map(({ id }) => id)]);
  const others = await strangers(gitlab, { variables: variables.found, items }, { ids, declared: frame.declared });
  const hidden = variables.found.filter((one) => one.hidden).length;
  const lines = [
    `${ownerTitle(owner)}: ${counted(accounts.found.length, "service account")}, ${made.length} declared here.`,
    ...dates(declarations),
    ...left.map(({ account, why }) => `Left out: ${account.username} ${why}.`),
    ...others.map((what) => `Not declared: ${what}.`),
    ...[...accounts.unseen, ...variables.unseen].map((what) => `Not seen: ${what}.`),
    ...(hidden === 0 ? [] : [`Not read: ${counted(hidden, "hidden variable")}, whose values GitLab never shows.`]),
  ];
  const stderr = lines.map((line) => `${plain(line)}\n`).join("");
  if (values.write === undefined) return { code: 0, stdout: yamlList(declarations.map(({ text }) => text)), stderr };
  return { code: 0, stdout: "", stderr: stderr + written(root, values.write, declarations, frame) };
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
    if (error instanceof NotFound) return [{ project: path }];
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
    return { name: draft.name, startsOn, text: yaml(draft, { startsOn, today: day, provable: proofs, wideScopes }) };
  });
}

function written(root: string, folder: string, declarations: readonly Declaration[], frame: Frame): string {
  const place = relative(root, resolve(root, folder));
  const paths = declarations.map(({ name, text }) => ({ path: join(place, `${name}.yaml`), text }));
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

if (require.main === module) {
  void main(inventory);
}
