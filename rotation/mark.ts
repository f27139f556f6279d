/** Whose a token is: written at the end of its description. */
export interface Mark {
  readonly fleet: string;
  readonly account: string;
  readonly generation: string;
}

/** The longest description that GitLab takes. */
const LONGEST = 255;

/** The mark as it is written. */
export function markText({ fleet, account, generation }: Mark): string {
  return `[${fleet}/${account}/${generation}]`;
}

/** A description that ends with the mark; the text before it is cut where both together would be too long. */
export function marked(description: string, mark: Mark): string {
  const tail = markText(mark);
  const room = LONGEST - tail.length - 1;
  const text = description.length > room ? `${description.slice(0, Math.max(0, room - 1))}…` : description;
  return text === "" ? tail : `${text} ${tail}`;
}

/** The mark at the end of a description, if there is one. */
export function markOf(description: string): Mark | undefined {
  const [, fleet, account, generation] = /\[([^[\]/]+)\/([^[\]/]+)\/([^[\]/]+)\]$/.exec(description) ?? [];
  if (fleet === undefined || account === undefined || generation === undefined) return undefined;
  return { fleet, account, generation };
}

/** A token, as far as its mark goes. */
interface Described {
  readonly description: string;
}

/** What tells whose a mark is. */
type Marked = Pick<Mark, "fleet" | "account"> & { readonly formerly?: string };

/** Whether a token was made for a generation. */
export function isOfGeneration(token: Described, of: Marked & Pick<Mark, "generation">): boolean {
  return isOfAccount(token, of) && markOf(token.description)?.generation === of.generation;
}

/** Whether a token was made for an account, under its name or its former one. */
export function isOfAccount({ description }: Described, { fleet, account, formerly }: Marked): boolean {
  const mark = markOf(description);
  return mark?.fleet === fleet && (mark.account === account || mark.account === formerly);
}
