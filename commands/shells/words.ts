import type { Command, Flag } from "../table/command";

/** What one word of a command line can be: words that are known, or names that are looked up. */
export type Words = readonly string[] | "stack" | "account" | "command" | "file" | "folder";

/** What the value of a flag can be; nothing where any text will do, or there is none. */
export function valuesOf({ type, choices, completes }: Flag): Words | undefined {
  if (type === "boolean") return undefined;
  return choices ?? completes ?? [];
}

/** A command's flags, each as it is written. */
export function writtenFlags({ flags }: Command): readonly { readonly written: string; readonly flag: Flag }[] {
  return Object.entries(flags).flatMap(([long, flag]) => [
    { written: `--${long}`, flag },
    ...(flag.short === undefined ? [] : [{ written: `-${flag.short}`, flag }]),
  ]);
}
