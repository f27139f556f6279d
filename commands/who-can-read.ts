// `npm run who-can-read`: who can get at an account's token, as far as GitLab and 1Password tell.
import { resolve } from "node:path";
import Table from "cli-table3";
import { GitLab } from "../clients/gitlab/client";
import { ownUser } from "../clients/gitlab/users/users";
import { Unauthorized } from "../clients/http";
import { servers } from "../clients/servers";
import { visible } from "../ground/visible";
import type { ReadablePlace, Reader } from "../places/readers";
import { type Column, csvOf } from "../reports/csv";
import { breakable, plain, shown } from "../reports/plain";
import { Writer } from "../reports/writer";
import {
  flags,
  type Outcome,
  oneAccount,
  outcomeOf,
  refusalHint,
  type Surroundings,
  stackSettings,
  UsageError,
} from "./command";
import { exitCodes } from "./exitCodes";
import { Readers } from "./readers/readers";
import { whoCanReadCommand } from "./table/surveying";

/** Runs the command; never throws. */
export function whoCanRead(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  return outcomeOf("who-can-read", () => told(args, surroundings));
}

async function told(args: readonly string[], { folder, environment }: Surroundings): Promise<Outcome> {
  const { values, positionals } = flags(args, whoCanReadCommand.flags, true);
  const name = oneAccount(positionals, values.account);
  const stacks = stackSettings(resolve(folder, values.cwd ?? "."), values.stack, name);
  const found = stacks.flatMap(({ stack, settings }) =>
    settings.accounts.filter((account) => account.name === name).map((account) => ({ stack, account })),
  );
  const [one, other] = found;
  if (one === undefined) throw new Error(`Looking for account "${name}": it is gone.`);
  if (other !== undefined)
    throw new UsageError(`Looking for account "${name}": ${one.stack} and ${other.stack} declare it. Say --stack.`);
  const gitlab = GitLab.fromEnvironment(environment);
  try {
    await ownUser(gitlab);
  } catch (cause) {
    // With it nobody is told: that is no answer on any place.
    if (!(cause instanceof Unauthorized)) throw cause;
    return { code: exitCodes.settings, stdout: "", stderr: `${visible(cause.message)}${refusalHint(cause)}\n` };
  }
  const readers = new Readers(gitlab, servers({ signal: new AbortController().signal }, environment));
  const places = await readers.placesOf(one.account);
  const code = places.some(({ unnamed }) => unnamed !== undefined) ? exitCodes.settings : exitCodes.fine;
  return { code, stdout: written(places, one.stack, name, values.format), stderr: "", output: values.output };
}

function written(places: readonly ReadablePlace[], stack: string, account: string, format: string | undefined) {
  if (format === "csv") return csvOf(columns, rowsOf(places));
  return format === "json" ? `${JSON.stringify({ stack, account, places }, shown, 2)}\n` : text(places);
}

interface Row extends ReadablePlace {
  /** Absent where the servers name nobody. */
  readonly reader: Reader | undefined;
}

const columns: Readonly<Record<string, Column<Row>>> = {
  place: ({ place }) => plain(place),
  can: ({ can }) => can,
  attributes: ({ attributes }) => attributes.join(" "),
  username: ({ reader }) => reader?.username,
  name: ({ reader }) => reader && plain(reader.name),
  kind: ({ reader }) => reader?.kind,
  role: ({ reader }) => reader?.role,
  until: ({ reader }) => reader?.until,
  unnamed: ({ unnamed }) => unnamed,
  untold: ({ untold }) => plain(untold.join(" ")),
};

function rowsOf(places: readonly ReadablePlace[]): Row[] {
  return places.flatMap((place) => {
    const readers = place.readers.length === 0 ? [undefined] : place.readers;
    return readers.map((reader) => ({ ...place, reader }));
  });
}

function nobody(unnamed: ReadablePlace["unnamed"]): string {
  if (unnamed === "refused") return "refused: our credential may not list them";
  return unnamed === "not told" ? "not told: the server gave no answer" : "nobody is named";
}

function text(places: readonly ReadablePlace[]): string {
  const table = new Table({
    head: ["Who", "Kind", "Role"],
    style: { head: [], border: [] },
    // 80 columns in all: a table cannot be read where the terminal breaks its lines.
    colWidths: [46, 17, 13],
    wordWrap: true,
  });
  for (const { place, can, attributes, readers, unnamed } of places) {
    const known = attributes.length === 0 ? "" : ` (${attributes.join(", ")})`;
    table.push([{ content: breakable(`${plain(place)}${known}: can ${can}`, 76), colSpan: 3 }]);
    if (readers.length === 0) table.push([{ content: `  ${nobody(unnamed)}`, colSpan: 3 }]);
    for (const { username, name, kind, role, until } of readers)
      table.push([
        `· ${breakable(plain(`${username} (${name})`), 42)}`,
        kind,
        until === undefined ? role : `${role} until ${until}`,
      ]);
  }
  const untold = places.flatMap(({ place, untold }) => untold.map((sentence) => ({ place, sentence })));
  const sentences = [...new Set(untold.map(({ sentence }) => sentence))].map((sentence) => {
    const of = untold.filter((one) => one.sentence === sentence).map(({ place }) => plain(place));
    return `${of.length === places.length ? "" : `${of.join("; ")}: `}${sentence}`;
  });
  const always =
    "The state of the stack holds the token, encrypted: whoever has the stack's passphrase or key can read it.";
  const below = new Writer(80, (_style, words) => words);
  for (const sentence of [...sentences, always]) below.item(sentence, 0);
  return `${table.toString()}\n\nWhat this table does not show:\n${below.end()}`;
}
