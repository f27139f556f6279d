import { foundText, SettingsError } from "./faults";
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

function value(path: string, text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new SettingsError([{ path, found: `${foundText(text)}, which is no JSON`, expected: "a list or a block" }]);
  }
}
