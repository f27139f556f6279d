import { type Fault, type FileFault, foundText, pathText } from "../rotation/declaration/faults";
import { kindAt } from "../rotation/declaration/kinds";
import { misspeltNamespaces } from "../rotation/declaration/texts";
import type { Configuration } from "./pulumi/configuration";
import { Moment } from "./pulumi/moment";
import { handedOn, holdsSecret, textOf } from "./pulumi/texts";

/** What Linux has room for in one environment variable, its name and the end of it among it, in bytes. */
const MOST = 128 * 1024;

/** All texts of a configuration; an encrypted value is shorter when it is opened. */
function textsOf({ entries }: Configuration): readonly (readonly [name: string, text: string])[] {
  return [...entries].map(
    ([name, entry]) => [name, textOf(entry.value, { ...entry, decrypt: (text) => text })] as const,
  );
}

/** How many bytes the variable takes that hands texts to the program, with its name and its end. */
export function room(texts: Iterable<readonly [name: string, text: string]>): number {
  return Buffer.byteLength(`PULUMI_CONFIG=${handedOn(texts)}`) + 1;
}

/** Our part of a configuration as the texts that the program receives, and why it would not receive it so. */
export function received(configuration: Configuration): {
  readonly texts: ReadonlyMap<string, string>;
  readonly faults: readonly FileFault[];
} {
  const { project, file, entries } = configuration;
  const ours = `${project.name}:`;
  const faults: FileFault[] = [];
  const all = textsOf(configuration);
  const size = room(all);
  const at = (name: string) => {
    const line = (entries.get(`${ours}${name}`)?.file ?? file).line(entries.get(`${ours}${name}`)?.keys ?? ["config"]);
    return { file: entries.get(`${ours}${name}`)?.file.path ?? file.path, ...(line === undefined ? {} : { line }) };
  };
  if (size > MOST)
    faults.push({
      ...at("accounts"),
      path: `${ours}accounts`,
      found: `${size} bytes of configuration as it travels`,
      expected: `${MOST} at most, ${MOST / 1024} KiB, as Pulumi hands it to the program in one environment variable: put accounts into files of their own, ${ours}accountFiles: [accounts/*.yaml]`,
    });
  for (const { path, ...rest } of misspeltNamespaces(entries.keys(), project.name)) {
    const { file: found, keys } = entries.get(path) ?? { file, keys: ["config"] };
    const line = found.line(keys);
    faults.push({ file: found.path, path, ...rest, ...(line === undefined ? {} : { line }) });
  }
  const texts = new Map<string, string>();
  for (const [name, text] of all) {
    if (!name.startsWith(ours)) continue;
    const key = name.slice(ours.length);
    const value = entries.get(name)?.value;
    if (value === undefined || !holdsSecret(value)) texts.set(key, text);
    else
      faults.push({
        ...at(key),
        path: name,
        found: "an encrypted value",
        expected: "plain settings: nothing in them is secret",
      });
  }
  if (texts.size === 0 && faults.length === 0) {
    const other = [...entries.keys()].find((name) => /:(accounts|accountFiles|fleet)$/.test(name))?.split(":")[0];
    const found = other === undefined ? "nothing" : `keys of "${other}", where the project's name is "${project.name}"`;
    faults.push({ file: file.path, path: "config", found, expected: `a block with keys such as ${ours}accounts` });
  }
  return { texts, faults };
}

/** What a run reads otherwise than it is written; with paths of the settings. */
export function misread({ project, entries }: Configuration): readonly Fault[] {
  const ours = `${project.name}:`;
  return [...entries].flatMap(([name, entry]) => {
    if (!name.startsWith(ours)) return [];
    const inside = entry.file.surprises.filter(({ keys }) => entry.keys.every((key, index) => keys[index] === key));
    return inside.flatMap(({ keys, written, value }) => {
      const path = [name.slice(ours.length), ...keys.slice(entry.keys.length)];
      const arrives = value instanceof Moment ? value[entry.moment] : String(value);
      const quoted = `"${written}"`;
      if (value instanceof Moment) {
        if (kindAt(path) === "day") return [];
        const found = `${written} without quotes, which Pulumi hands on as "${arrives}"`;
        return [{ path: pathText(path), found, expected: `${quoted}, in quotes` }];
      }
      if (isSameNumber(written, value) && kindAt(path) !== "text") return [];
      const found = `${foundText(written).slice(1, -1)} without quotes, which Pulumi reads as ${arrives}`;
      return [{ path: pathText(path), found, expected: `${arrives}, or ${quoted} in quotes if a text is meant` }];
    });
  });
}

function isSameNumber(written: string, value: unknown): boolean {
  return typeof value === "boolean" || Number(written) === Number(value);
}
