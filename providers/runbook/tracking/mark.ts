/** Whose rotation an issue or a comment is about. */
export interface Rotation {
  readonly fleet: string;
  readonly account: string;
  readonly generation: string;
}

/** What a comment of ours tells; a second one of the same kind is not made. */
export type Said = "announced" | "rotated" | `retired ${number}` | `failed ${string}` | "withdrawn";

/** Names an issue as the rotation's, or a comment as what was said about it: a line that people do not see. */
export function hiddenMark({ fleet, account, generation }: Rotation, said?: Said): string {
  return `<!-- pat-rotation ${fleet}/${account}/${generation}${said === undefined ? "" : ` ${said}`} -->`;
}

/** Whether a text bears that mark, on a line of its own. Foreign text inside of ours never makes a line of its own. */
export function bears(text: string, mark: string): boolean {
  return text.split(/\r?\n/).some((line) => line === mark);
}

/** The rotation whose issue a description says it is. */
export function rotationOf(description: string): Rotation | undefined {
  const [, fleet, account, generation] =
    /^<!-- pat-rotation ([\w.-]+)\/([\w.-]+)\/([\w.-]+) -->\r?$/m.exec(description) ?? [];
  if (fleet === undefined || account === undefined || generation === undefined) return undefined;
  return { fleet, account, generation };
}
