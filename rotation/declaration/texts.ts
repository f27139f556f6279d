import { closest, type Fault, foundText, SettingsError } from "./faults";
import * as schema from "./schema";
import type { RawSettings } from "./settings";

/**
 * Settings as written, of the texts as which a program receives its configuration: lists and blocks come as JSON. An empty
 * text is what is left of a key whose value was taken out: it counts as left out.
 *
 * @throws {@link SettingsError}
 */
export function rawSettings(texts: ReadonlyMap<string, string>): RawSettings & { readonly accountFiles?: unknown } {
  const entries = [...texts].filter(([, text]) => text !== "").map(([name, text]) => [name, value(name, text)]);
  return Object.fromEntries(entries);
}

/**
 * Keys of ours under a namespace that is nearly ours: nobody reads them, and a misspelt freeze would freeze nothing. Other
 * namespaces are other packages' business.
 *
 * @param keys - every key of the stack's configuration, as `<namespace>:<name>`.
 * @param own - the namespace, which is the project's name.
 */
export function misspeltNamespaces(keys: Iterable<string>, own: string): readonly Fault[] {
  return [...keys].flatMap((key) => {
    const [namespace = "", name = ""] = key.split(":");
    const isOurs = name === "accountFiles" || Object.hasOwn(schema.settings.shape, name);
    if (namespace === own || !isOurs || closest(namespace, [own]) === undefined) return [];
    return [{ path: key, found: "a key that nobody reads", expected: `"${own}:${name}", if that is what you mean` }];
  });
}

function value(path: string, text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new SettingsError([{ path, found: `${foundText(text)}, which is no JSON`, expected: "a list or a block" }]);
  }
}
